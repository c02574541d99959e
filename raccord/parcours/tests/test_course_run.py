"""Two people, or two clicks, at the same instant in a RUN: one file each, one note per call."""

from collections.abc import Callable

import pytest
from django.test import Client

from raccord.echeances.models import Rappel
from raccord.parcours.models import DossierRun, Run
from raccord.parcours.tests.test_course_positionnement import ensemble
from raccord.parcours.tests.test_run import a_l_ecran, bloquer, commencer, le
from raccord.socle.models import Journal
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("tour", range(3))
def test_deux_personnes_n_ont_pas_le_meme_dossier(distribution: Distribution, tour: int) -> None:
    bloquer(distribution, 2)
    with le(6):
        clients = [distribution.national.client(), distribution.coordonnateur.client()]
        ensemble(*[_commencer(client) for client in clients])
        pris = [run.en_cours_id for run in Run.objects.order_by("pk")]
        assert len(pris) == 2 and len(set(pris)) == 2 and None not in pris
        vus = {a_l_ecran(client.get(commencer(client)).content.decode()) for client in clients}
        assert vus == {str(pk) for pk in pris}


def _commencer(client: Client) -> Callable[[], object]:
    return lambda: client.post("/run/", {"perimetre": ""})


@pytest.mark.parametrize("geste", ["messagerie", "faux_numero"])
def test_deux_envois_du_meme_appel_n_en_font_qu_un(distribution: Distribution, geste: str) -> None:
    bloquer(distribution, 2)
    with le(6):
        client = distribution.tuteur.client()
        adresse = commencer(client)
        courant = a_l_ecran(client.get(adresse).content.decode())
        deux = [distribution.tuteur.client(), distribution.tuteur.client()]
        ensemble(*[_noter(un, adresse, courant, geste) for un in deux])
        assert Journal.objects.filter(verbe=f"appel.{geste}").count() == 1
        assert DossierRun.objects.count() == 1
        assert a_l_ecran(client.get(adresse).content.decode()) != courant, "le suivant n'est pas passé"


def _noter(client: Client, adresse: str, courant: str, geste: str) -> Callable[[], object]:
    return lambda: client.post(adresse, {"attente": courant, "geste": geste})


def test_deux_envois_hors_seance_ne_montent_qu_un_echelon(distribution: Distribution) -> None:
    (attente,) = bloquer(distribution, 1)
    adresse = f"/attentes/{attente.pk}/appeler/"
    deux = [distribution.tuteur.client(), distribution.tuteur.client()]
    saisie = {"issue": "faux_numero", "contact": str(distribution.referent.pk)}
    ensemble(*[lambda un=un: un.post(adresse, saisie) for un in deux])
    assert Journal.objects.filter(verbe="appel.faux_numero").count() == 1
    seule = set(Rappel.objects.values_list("echelon", flat=True))
    assert "acheteur" not in seule, seule
