"""'Ma journée': my open waits by urgency, and whom each is about for those who may know."""

import datetime as dt

import pytest
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.jeunes.models import AccesJeune
from raccord.parcours.models import Reservation
from tests.distribution import Distribution, Personne
from tests.etats import reservation_en_etat


def _attente(reservation: Reservation, pour: Personne, *, jours: int = 3, action: str = "Agir") -> Attente:
    """A wait on a reservation, owned by that person."""
    return Attente.objects.create(
        code="agir_reservation",
        objet_type=reservation._meta.label_lower,
        objet_id=reservation.pk,
        fil=list(reservation.fil()),
        sujet=str(reservation),
        action=action,
        role=pour.adhesion.role,
        organisation_id=pour.organisation.pk,
        utilisateur_id=pour.utilisateur.pk,
        proprietaire=pour.organisation.nom,
        echeance=timezone.now() + dt.timedelta(days=jours),
    )


def _page(personne: Personne) -> str:
    return personne.client().get("/ma-journee/").content.decode()


def test_la_tutrice_lit_de_quel_jeune_il_s_agit(distribution: Distribution) -> None:
    reservation = reservation_en_etat(distribution)
    attente = _attente(reservation, distribution.tuteur)
    page = _page(distribution.tuteur)
    assert f"{reservation.jeune.prenom} {reservation.jeune.nom}" in page
    assert reservation.jeune.nom not in attente.sujet + attente.proprietaire + attente.action, "jamais gardé"


@pytest.mark.parametrize("qui", ["coordonnateur", "national", "tuteur_etranger", "acheteur"])
def test_sans_acces_au_dossier_aucun_nom(distribution: Distribution, qui: str) -> None:
    reservation = reservation_en_etat(distribution)
    personne: Personne = getattr(distribution, qui)
    _attente(reservation, personne)
    page = _page(personne)
    assert "Découverte de l&#x27;atelier, Menuiserie Dubois (300\u00a0h)" in page
    assert reservation.jeune.nom not in page and reservation.jeune.prenom not in page


def test_le_nom_part_avec_l_acces(distribution: Distribution) -> None:
    reservation = reservation_en_etat(distribution)
    _attente(reservation, distribution.tuteur)
    AccesJeune.objects.filter(jeune=reservation.jeune).update(revoque_le=timezone.now(), motif_retrait="essai")
    assert reservation.jeune.nom not in _page(distribution.tuteur)


def test_l_equipe_nationale_lit_le_nom_par_son_propre_acces(distribution: Distribution) -> None:
    reservation = reservation_en_etat(distribution)
    _attente(reservation, distribution.national)
    AccesJeune.objects.create(
        jeune=reservation.jeune, organisation=distribution.national.organisation, motif="appel à l'aide de la MLDS"
    )
    assert distribution.national.adhesion.role == Role.NATIONAL
    assert reservation.jeune.nom in _page(distribution.national)


def test_ce_qui_presse_se_lit_a_part(distribution: Distribution) -> None:
    for jours, action in ((20, "Un jour"), (-2, "Hier"), (0, "Ce jour"), (7, "Dans la semaine"), (8, "Après")):
        _attente(reservation_en_etat(distribution), distribution.tuteur, jours=jours, action=action)
    page = _page(distribution.tuteur)
    ordre = ["dont 1", "En retard", "Hier", "Dans les sept jours", "Ce jour", "Dans la semaine", "Plus tard", "Après"]
    places = [page.index(mots) for mots in [*ordre, "Un jour"]]
    assert places == sorted(places)
