"""A reservation without action: a warning, then the offer is free again."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.parcours.enums import EtatOffre, EtatPositionnement, EtatReservation
from raccord.parcours.models import Positionnement
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle import calendrier
from raccord.socle.models import Parametre
from raccord.socle.workflow import inaugurer
from tests.distribution import Distribution
from tests.fabriques_offres import reservation


def _relever_le(jour: dt.date, heure: int = 9) -> int:
    with time_machine.travel(dt.datetime.combine(jour, dt.time(heure), tzinfo=calendrier.PARIS), tick=False):
        return relever()


def test_avertissement_puis_caducite(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Message.objects.all().delete()
    echeance = timezone.localdate(Attente.objects.get(code="agir_reservation").echeance)
    assert echeance == calendrier.ajouter_jours_ouvres(calendrier.aujourdhui(), 10)
    averti_le = calendrier.ajouter_jours_ouvres(echeance, -2)

    assert _relever_le(averti_le - dt.timedelta(days=1)) == 0
    assert _relever_le(averti_le) == 1
    avertissement = Message.objects.get()
    assert (avertissement.code, avertissement.utilisateur_id) == (
        "parcours.reservation_va_tomber",
        distribution.tuteur.utilisateur.pk,
    )
    assert f"{echeance.day} octobre 2026" in avertissement.corps
    assert f"/reservations/{tenue.pk}/" in avertissement.corps

    assert _relever_le(echeance) == 0
    assert _relever_le(echeance + dt.timedelta(days=1)) == 1
    tenue.refresh_from_db()
    assert (tenue.etat, tenue.offre.etat) == (EtatReservation.CADUQUE, EtatOffre.PUBLIEE)
    assert not Attente.objects.ouvertes().filter(code="agir_reservation").exists()
    tombees = set(Message.objects.filter(code="parcours.reservation_tombee").values_list("utilisateur_id", flat=True))
    assert tombees == {distribution.tuteur.utilisateur.pk, distribution.coordonnateur.utilisateur.pk}
    assert _relever_le(echeance + dt.timedelta(days=2)) == 0


def test_la_duree_est_un_parametre_date(distribution: Distribution) -> None:
    Parametre.objects.create(
        cle="duree_reservation", debut=calendrier.aujourdhui(), valeur=3, unite="jours", libelle="Essai", source="Essai"
    )
    reservation(distribution)
    echeance = timezone.localdate(Attente.objects.get(code="agir_reservation").echeance)
    assert echeance == calendrier.aujourdhui() + dt.timedelta(days=3)


@pytest.mark.parametrize("etat", [EtatPositionnement.TRANSMIS, EtatPositionnement.RENCONTRE_FIXEE])
def test_un_profil_envoye_ne_laisse_rien_tomber(distribution: Distribution, etat: str) -> None:
    tenue = reservation(distribution)
    Positionnement.objects.create(reservation=tenue, etat=etat, rencontre_le=timezone.now())
    Message.objects.all().delete()
    loin = calendrier.aujourdhui() + dt.timedelta(days=60)
    _relever_le(loin)
    tenue.refresh_from_db()
    assert tenue.etat == EtatReservation.ACTIVE
    assert not Message.objects.filter(code__startswith="parcours.reservation").exists()


def test_un_profil_en_preparation_tombe_avec_la_reservation(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    positionnement = Positionnement(reservation=tenue)
    with inaugurer(POSITIONNEMENT["preparer"], distribution.tuteur.contexte, positionnement):
        pass
    _relever_le(calendrier.aujourdhui() + dt.timedelta(days=60))
    tenue.refresh_from_db()
    positionnement.refresh_from_db()
    assert (tenue.etat, positionnement.etat) == (EtatReservation.CADUQUE, EtatPositionnement.ABANDONNE)
