"""The day before a meeting: each one reminded, once, at a decent hour of the place."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from raccord.echeances.models import Message, Preference
from raccord.echeances.tournees import faire_le_tour
from raccord.jeunes.models import RepresentantLegal
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions.reponse import acter, demander_rappel, revenir
from raccord.parcours.models import Offre, Positionnement
from raccord.socle import calendrier
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_positionnement import accepte, jour, rencontre_fixee, reservation, transmis

# The first slot is Friday 9 October 2026 at 14:00.
VEILLE = dt.datetime(2026, 10, 8, 17, 5, tzinfo=calendrier.PARIS)


def tour(le: dt.datetime) -> list[str]:
    """What the loop writes then, under the product's own policies."""
    avant = set(Message.objects.values_list("pk", flat=True))
    with time_machine.travel(le, tick=False), coulisses.fermees():
        faire_le_tour()
    ecrits = Message.objects.exclude(pk__in=avant).order_by("code").values_list("code", flat=True)
    return [code.removeprefix("parcours.rencontre_demain") for code in ecrits]


def test_chacun_une_fois(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    RepresentantLegal.objects.create(
        jeune=positionnement.jeune, nom="Odile Roy", lien="mère", courriel="odile@essai.example"
    )
    assert tour(VEILLE - dt.timedelta(minutes=10)) == []
    assert tour(VEILLE) == ["", "_entreprise", "_jeune", "_representant"]
    assert tour(VEILLE + dt.timedelta(minutes=1)) == []
    for message in Message.objects.filter(code__startswith="parcours.rencontre_demain"):
        assert message.sujet.startswith("Demain") and "vendredi 9 octobre" in message.corps
        assert positionnement.jeune.nom not in message.sujet + message.corps


def test_la_boucle_arretee_ce_soir_la(distribution: Distribution) -> None:
    rencontre_fixee(distribution)
    assert tour(VEILLE.replace(hour=22)) == [], "pas la nuit"
    assert tour(VEILLE.replace(day=9, hour=8)) == ["", "_entreprise", "_jeune"]
    assert Message.objects.filter(sujet__startswith="Aujourd'hui").count() == 3


@pytest.mark.parametrize("quand", ["avant", "entre"])
def test_une_rencontre_annulee_ou_deplacee(distribution: Distribution, quand: str) -> None:
    d, positionnement = distribution, rencontre_fixee(distribution)
    if quand == "entre":
        Preference.objects.create(utilisateur_id=d.tuteur.utilisateur.pk, silence_de=dt.time(12), silence_a=dt.time(9))
        tour(VEILLE)
    with time_machine.travel(VEILLE + dt.timedelta(minutes=2), tick=False):
        actions.contre_proposer(d.contexte_referent, positionnement.pk, creneaux=[jour(4)], apres_accord=True)
    assert tour(VEILLE + dt.timedelta(minutes=3)) == []
    restes = Message.objects.filter(code__startswith="parcours.rencontre_demain")
    assert {message.envoi for message in restes} <= {"sans_objet"}
    with time_machine.travel(VEILLE + dt.timedelta(minutes=4), tick=False):
        creneau = positionnement.creneaux.get(propose_par="entreprise")
        actions.choisir(d.tuteur.contexte, positionnement.pk, creneau_id=creneau.pk)
    veille = creneau.debut.astimezone(calendrier.PARIS) - dt.timedelta(days=1)
    assert len(tour(veille.replace(hour=17, minute=30))) == 3, "la nouvelle date a son rappel"


def test_fixee_le_soir_meme(distribution: Distribution) -> None:
    """Who has just read when it is needs no reminder."""
    with time_machine.travel(VEILLE + dt.timedelta(hours=1), tick=False):
        rencontre_fixee(distribution, creneaux=[dt.datetime(2026, 10, 9, 14, tzinfo=calendrier.PARIS)])
    assert tour(VEILLE + dt.timedelta(hours=2)) == []


@pytest.mark.parametrize(
    ("code", "nom"), [("97411", "Indian/Reunion"), ("98818", "Pacific/Noumea"), ("97209", "America/Martinique")]
)
def test_a_l_heure_du_lieu(distribution: Distribution, code: str, nom: str) -> None:
    fuseau = ZoneInfo(nom)
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(commune=code)
    debut = dt.datetime(2026, 10, 14, 9, tzinfo=fuseau)
    rencontre_fixee(distribution, tenue=reservation(distribution, offre=offre), creneaux=[debut])
    soir = dt.datetime(2026, 10, 13, 17, 1, tzinfo=fuseau)
    assert tour(soir - dt.timedelta(minutes=5)) == []
    assert len(tour(soir)) == 3
    assert "mercredi 14 octobre 2026 à 9\xa0h" in Message.objects.get(code="parcours.rencontre_demain").corps


def test_jamais_pendant_le_silence_ni_apres(distribution: Distribution) -> None:
    d, positionnement = distribution, rencontre_fixee(distribution)
    Preference.objects.create(utilisateur_id=d.tuteur.utilisateur.pk, silence_de=dt.time(16), silence_a=dt.time(9))
    Preference.objects.create(jeune_id=positionnement.jeune.pk, silence_de=dt.time(16), silence_a=dt.time(15))
    tour(VEILLE)
    au_tuteur = Message.objects.get(code="parcours.rencontre_demain")
    assert (au_tuteur.envoi, timezone.localtime(au_tuteur.prochain_essai).hour) == ("seul", 9)
    assert Message.objects.get(code="parcours.rencontre_demain_jeune").envoi == "sans_objet", "après l'heure"
    assert Positionnement.objects.get().rencontre_le == jour(3)


# --- An answer that may be taken back --------------------------------------------------------------


def acceptee_le(d: Distribution, le: dt.datetime, pour: dt.datetime) -> Positionnement:
    with time_machine.travel(le, tick=False):
        return accepte(d, creneaux=[pour])


def test_pas_de_rappel_avant_l_annonce(distribution: Distribution) -> None:
    """Accepted at 16:55 for the day after at 18:30: nobody is told before 17:55, nor reminded of what they just
    read.
    """
    le = VEILLE.replace(hour=16, minute=55)
    propose = acceptee_le(distribution, le, VEILLE.replace(day=9, hour=18, minute=30))
    assert tour(VEILLE) == [], "personne ne sait encore"
    with time_machine.travel(le + dt.timedelta(hours=1, minutes=1), tick=False):
        acter(propose.pk)
    assert tour(VEILLE.replace(hour=18)) == [], "chacun vient de le lire"
    assert tour(VEILLE.replace(day=9, hour=9)) == []


def test_un_refus_annule_ne_rappelle_pas_deux_fois(distribution: Distribution) -> None:
    """Reminded at 17:05, refused at 17:10, taken back at 17:20: those who were reminded are not again."""
    fixee = rencontre_fixee(distribution, creneaux=[VEILLE.replace(day=9, hour=18, minute=30)])
    assert len(tour(VEILLE)) == 3
    Message.objects.filter(code__contains="rencontre_demain").update(envoye_le=VEILLE)
    with time_machine.travel(VEILLE + dt.timedelta(minutes=5), tick=False):
        actions.refuser(distribution.contexte_referent, fixee.pk, motif="dates", precisions="Non.", apres_accord=True)
    assert tour(VEILLE + dt.timedelta(minutes=10)) == [], "refusée"
    with time_machine.travel(VEILLE + dt.timedelta(minutes=15), tick=False):
        revenir(distribution.contexte_referent, fixee.pk)
    assert tour(VEILLE + dt.timedelta(minutes=20)) == []


def test_un_rappel_demande_n_a_pas_de_veille(distribution: Distribution) -> None:
    """The company wants to be called before it answers: no meeting, nothing to remind of."""
    propose = transmis(distribution, creneaux=[VEILLE.replace(day=9, hour=18, minute=30)])
    jour_du_rappel = VEILLE.date() + dt.timedelta(days=1)
    with time_machine.travel(VEILLE - dt.timedelta(hours=1), tick=False):
        demander_rappel(
            distribution.contexte_referent, propose.pk, telephone="+33600000000", jour=jour_du_rappel, moitie="matin"
        )
    assert tour(VEILLE) == []
