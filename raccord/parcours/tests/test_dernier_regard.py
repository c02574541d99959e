"""What has ended, or was paused, since the postman took it: it does not leave."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from raccord.echeances import facteur
from raccord.echeances.actions import mettre_en_pause
from raccord.echeances.courriel import Bureau
from raccord.echeances.echelle import relever
from raccord.echeances.facteur import Tournee, expedier
from raccord.echeances.models import Attente, Message
from raccord.echeances.tests.test_facteur import dans, dossiers, etat, message
from raccord.parcours.actions import positionnement as positionnements
from raccord.parcours.actions import reponse
from raccord.parcours.enums import MotifRefus
from tests.distribution import Distribution
from tests.fabriques_positionnement import transmis
from tests.postes import Comptoir, bureau_de_poste

pytestmark = pytest.mark.django_db


@pytest.fixture
def poste(settings: Any) -> Iterator[Comptoir]:
    with bureau_de_poste(settings) as poste:
        yield poste


def relances(distribution: Distribution) -> tuple[Attente, list[Message]]:
    """The buyer's rung is climbed, its letter has not left."""
    positionnement = transmis(distribution)
    Message.objects.all().delete()
    attente = Attente.objects.get(code="repondre", objet_id=positionnement.pk)
    with dans(dt.timedelta(days=10, hours=1)):
        relever()
    ecrites = list(Message.objects.filter(code="parcours.reponse_silence"))
    assert [ecrite.attente_id for ecrite in ecrites] == [attente.pk]
    return attente, ecrites


def quitter(distribution: Distribution, attente: Attente, comment: str) -> None:
    if comment == "pause":
        jour = timezone.localdate() + dt.timedelta(days=3)
        mettre_en_pause(distribution.tuteur.contexte, attente.pk, jusqu_au=jour, raison="fermé pour inventaire")
    elif comment == "arret":
        positionnements.arreter(distribution.tuteur.contexte, attente.objet_id, motif="autre_solution")
    else:
        positionnements.refuser(
            distribution.contexte_referent, attente.objet_id, motif=MotifRefus.values[0], precisions="Plus de place."
        )


@pytest.mark.parametrize("comment", ["reponse", "arret", "pause"])
@pytest.mark.parametrize("recueillies", [False, True])
def test_ce_qui_finit_entre_le_bail_et_la_remise_ne_part_pas(
    poste: Comptoir, distribution: Distribution, monkeypatch: pytest.MonkeyPatch, comment: str, recueillies: bool
) -> None:
    """The postman holds it, and others: the company answers, the tutor stops or pauses, before it is handed over."""
    attente, [ecrite] = relances(distribution)
    prendre = facteur._prendre

    def prendre_puis_quitter() -> list[Message]:
        lot = prendre()
        if lot and Attente.objects.filter(pk=attente.pk, close_le__isnull=True, pause_jusqua__isnull=True).exists():
            quitter(distribution, attente, comment)
            Message.objects.exclude(pk__in=[pris.pk for pris in lot]).filter(reuni_dans=None).delete()
        return lot

    with dans(dt.timedelta(days=10, hours=2)):
        Message.objects.exclude(pk=ecrite.pk).delete()
        autres = dossiers(3, ecrite.courriel, utilisateur_id=ecrite.utilisateur_id) if recueillies else []
        Message.objects.filter(pk__in=[autre.pk for autre in autres]).update(organisation_id=ecrite.organisation_id)
        monkeypatch.setattr(facteur, "_prendre", prendre_puis_quitter)
        assert expedier().envoyes == recueillies
        if recueillies:
            [(_, _, lettre)] = poste.recus
            assert ecrite.sujet not in lettre and lettre.count("https://raccord.example/") == 3
        ecrite.refresh_from_db()
        assert ecrite.envoye_le is None and (ecrite.envoi == "sans_objet") is (comment != "pause")
    poste.recus.clear()
    monkeypatch.undo()
    with dans(dt.timedelta(days=12)):
        assert expedier().envoyes == 0
    with dans(dt.timedelta(days=14)):
        assert expedier().envoyes == (comment == "pause"), "ce qu'une pause retient part à sa fin"


def test_ce_qui_finit_pendant_que_la_precedente_part_ne_part_pas(
    poste: Comptoir, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One batch of three: the company answers while the server takes the first one."""
    attente, [ecrite] = relances(distribution)
    Message.objects.exclude(pk=ecrite.pk).delete()
    remettre = Bureau.remettre

    def remettre_puis_repondre(bureau: Bureau, lettre: Message, corps: str) -> None:
        remettre(bureau, lettre, corps)
        if len(poste.recus) == 1:
            quitter(distribution, attente, "reponse")

    monkeypatch.setattr(Bureau, "remettre", remettre_puis_repondre)
    with dans(dt.timedelta(days=10, hours=2)):
        avant = message("avant@essai.example", prochain_essai=ecrite.prochain_essai - dt.timedelta(seconds=1))
        apres = message("apres@essai.example")
        facteur.expedier(lambda: len(poste.recus) == 2)
    assert (etat(avant), etat(apres)) == ("envoyé", "envoyé")
    assert ecrite.courriel not in {a for a, _, _ in poste.recus}


def test_un_recueil_dont_tout_a_fini_ne_part_pas(poste: Comptoir, distribution: Distribution) -> None:
    attente, [ecrite] = relances(distribution)
    Message.objects.exclude(pk=ecrite.pk).delete()
    reunies = dossiers(2, ecrite.courriel, attente_id=attente.pk)
    recueil = message(ecrite.courriel, code=facteur.RECAPITULATIF)
    Message.objects.filter(pk__in=[ecrite.pk, *(reunie.pk for reunie in reunies)]).update(reuni_dans=recueil)
    quitter(distribution, attente, "arret")
    Message.objects.filter(reuni_dans=None).exclude(pk=recueil.pk).delete()
    with dans(dt.timedelta(days=11)):
        assert expedier() == Tournee() and not poste.recus
    assert not Message.objects.en_file().exists()


def test_une_reponse_annulee_rend_le_rappel_qui_attendait(poste: Comptoir, distribution: Distribution) -> None:
    """Withdrawn by an answer that is then taken back: the silence is said after all."""
    attente, [ecrite] = relances(distribution)
    with dans(dt.timedelta(days=10, hours=2)):
        quitter(distribution, attente, "reponse")
        expedier()
        assert ecrite.courriel not in {a for a, _, _ in poste.recus}
        reponse.revenir(distribution.contexte_referent, attente.objet_id)
        expedier()
    assert etat(ecrite) == "envoyé"


def test_ce_qu_un_echelon_dit_en_finissant_part(poste: Comptoir, distribution: Distribution) -> None:
    """The rung that ends its own wait does not remind of it: it tells what became of it."""
    positionnement = transmis(distribution)
    reponse_de = distribution.contexte_referent
    positionnements.refuser(reponse_de, positionnement.pk, motif=MotifRefus.values[0], precisions="Plus de place.")
    Message.objects.all().delete()
    with dans(61):
        relever()
    ecrits = Message.objects.filter(code="parcours.refus_tuteur")
    assert [ecrit.attente_id for ecrit in ecrits] == [None]
    with dans(64):
        expedier()
    assert etat(ecrits[0]) == "envoyé"
