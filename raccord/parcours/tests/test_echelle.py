"""The ladder as properties: nobody twice, nobody after the end, every silence at a named person, whatever the clock."""

import datetime as dt
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.comptes.models import Adhesion
from raccord.echeances import actions
from raccord.echeances.attentes import Cadre, Echelon, cadre_de, echelle_en_vigueur, lire, ouvrir
from raccord.echeances.echelle import monter_la_suite, relever
from raccord.echeances.models import Attente, Echelle, Message, Rappel
from raccord.echeances.tournees import faire_les_tournees
from raccord.parcours.actions import positionnement as reponses
from raccord.parcours.attentes import REPONDRE
from raccord.parcours.models import Offre, Positionnement
from raccord.socle import calendrier, environnement
from raccord.socle.models import Journal
from tests import coulisses
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import messages_de, transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
LENT = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def le(jours: float) -> time_machine.travel:
    return time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False)


def apres(jours: float) -> int:
    with le(jours):
        return relever()


def attente_de(positionnement: Positionnement) -> Attente:
    return Attente.objects.get(code="repondre", objet_id=positionnement.pk)


# --- Properties ------------------------------------------------------------------------------------

GESTES = st.one_of(
    st.tuples(st.just("horloge"), st.floats(-3, 12)),
    st.tuples(st.just("pause"), st.integers(1, 20)),
    st.tuples(st.just("reprise"), st.just(0)),
    st.tuples(st.just("monter"), st.just(0)),
    st.tuples(st.just("fin"), st.just(0)),
    st.tuples(st.just("partir"), st.sampled_from(["referent", "rrh", "acheteur"])),
)


@settings(max_examples=25, **LENT)
@given(gestes=st.lists(GESTES, min_size=1, max_size=14))
def test_nul_n_est_prevenu_deux_fois_ni_apres_la_fin(distribution_jetable, gestes) -> None:
    """Clock put back and forward, pauses, people who leave, an answer: in any order."""
    with distribution_jetable() as distribution:
        positionnement = transmis(distribution)
        attente = attente_de(positionnement)
        maintenant, fini = 0.0, False
        for geste, valeur in [*gestes, ("horloge", 40.0)]:
            with le(maintenant):
                if geste == "horloge":
                    maintenant = max(0.0, maintenant + valeur)
                elif geste == "partir":
                    _partir(distribution, positionnement.offre, valeur)
                elif geste == "fin" and not fini:
                    reponses.arreter(distribution.tuteur.contexte, positionnement.pk, motif="autre_solution")
                    fini = True
                elif not fini and geste == "pause":
                    jour = calendrier.aujourdhui() + dt.timedelta(days=valeur)
                    actions.mettre_en_pause(
                        distribution.tuteur.contexte, attente.pk, jusqu_au=jour, raison="ferme pour congés"
                    )
                elif not fini and geste == "reprise":
                    actions.reprendre(distribution.tuteur.contexte, attente.pk)
                elif not fini and geste == "monter":
                    monter_la_suite(attente.pk)
            _relever_et_verifier(attente, maintenant)
        echelons = list(Rappel.objects.filter(attente=attente).values_list("echelon", flat=True))
        assert len(echelons) == len(set(echelons))
        for rappel in Rappel.objects.filter(attente__fil__contains=[positionnement.pk]):
            assert max(Counter(rappel.prevenus).values(), default=1) == 1
        if not fini:
            dernier = Rappel.objects.get(attente=attente, echelon="courrier")
            assert dernier.prevenus, "un silence finit à quelqu'un"


def _partir(distribution: Distribution, offre: Offre, qui: str) -> None:
    if qui == "acheteur":
        Offre.objects.filter(pk=offre.pk).update(engagement=None)
    else:
        Offre.objects.filter(pk=offre.pk).update(**{qui: None})


def _relever_et_verifier(attente: Attente, maintenant: float) -> None:
    """Closed or paused, nothing is written about the company's answer."""
    attente.refresh_from_db()
    avant = Rappel.objects.filter(attente=attente).count()
    with le(maintenant):
        muette = attente.close_le is not None or attente.en_pause
        relever()
        relever()
    if muette:
        assert Rappel.objects.filter(attente=attente).count() == avant


@pytest.fixture
def distribution_jetable(distribution):
    """The cast, then everything undone: hypothesis runs many examples in one test."""

    @contextmanager
    def jetable():
        try:
            with transaction.atomic():
                yield distribution
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass

    return jetable


DEBUT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
FUSEAUX = st.sampled_from(["", *calendrier.FUSEAUX])


@settings(max_examples=300, deadline=None)
@given(
    departement=FUSEAUX,
    ouverte=st.integers(0, 4 * 365 * 24).map(lambda heures: DEBUT + dt.timedelta(hours=heures)),
    delai=st.integers(1, 30),
    unite=st.sampled_from(["jours", "jours_ouvres", "jours_ecole"]),
    pause=st.integers(0, 40),
)
def test_un_echelon_tombe_a_huit_heures_la_bas(departement, ouverte, delai, unite, pause) -> None:
    """Whatever the night's clock: never before the delay, at the place's own hour, on a day that counts."""
    attente = Attente(ouverte_le=ouverte, echeance=ouverte, departement=departement, zone="B", pause_jours=pause)
    barreau = Echelon(code="x", delai=delai, unite=unite, depuis="ouverture", qui="", demande="")
    local = barreau.moment(attente).astimezone(attente.lieu.fuseau)
    assert (local.hour, local.minute) == (8, 0)
    jours = (local.date() - ouverte.astimezone(attente.lieu.fuseau).date()).days
    assert jours >= delai + pause if unite != "jours" else jours == delai + pause
    if unite == "jours_ouvres":
        assert calendrier.est_ouvre(local.date(), attente.lieu)
    if unite == "jours_ecole":
        assert calendrier.est_d_ecole(local.date(), attente.lieu)


# --- Cases -----------------------------------------------------------------------------------------


def test_la_boucle_arretee_un_week_end_ne_parle_qu_une_fois(distribution: Distribution) -> None:
    contact(distribution.entreprise, verifie_le=timezone.now())
    positionnement = transmis(distribution)
    relever()
    Message.objects.all().delete()
    apres(6)
    issues = dict(Rappel.objects.filter(attente=attente_de(positionnement)).values_list("echelon", "issue"))
    assert issues == {"referent": "dit", "second": "passe", "rrh": "dit"}
    assert {m.courriel for m in Message.objects.all()} == {distribution.rrh.courriel}
    assert Journal.objects.filter(verbe="echelle.second", texte__contains="l’échelon suivant était venu").count() == 1


def test_l_horloge_reculee_ne_redit_rien(distribution: Distribution) -> None:
    transmis(distribution)
    apres(11)
    ecrits = Message.objects.count()
    assert apres(6) == 0 and apres(10) == 0
    assert Message.objects.count() == ecrits


def test_le_second_contact_confirme_est_prevenu_et_les_ressources_humaines_attendent(
    distribution: Distribution,
) -> None:
    second = contact(distribution.entreprise, verifie_le=timezone.now())
    positionnement = transmis(distribution)
    apres(3)
    assert {m.courriel for m in messages_de("reponse_relance")} == {distribution.referent.courriel, second.courriel}
    rappel = Rappel.objects.get(attente=attente_de(positionnement), echelon="second")
    assert set(rappel.prevenus) == {distribution.referent.pk, second.pk}
    assert not Rappel.objects.filter(echelon="rrh").exists()


def test_personne_nulle_part_et_c_est_l_equipe_nationale(distribution: Distribution) -> None:
    """No human resources, no second, no contract, no coordination: the silence is told to the national team."""
    Adhesion.objects.filter(role="coordonnateur").update(fin=timezone.now())
    positionnement = transmis(distribution)
    Offre.objects.filter(pk=positionnement.offre.pk).update(engagement=None, rrh=None)
    apres(5)
    acheteur = Rappel.objects.get(attente=attente_de(positionnement), echelon="acheteur")
    assert acheteur.prevenus == [distribution.national.utilisateur.pk]


def test_les_vacances_de_la_zone_et_les_feries_d_ici(db: None) -> None:
    toussaint = dt.date(2026, 10, 16)
    assert calendrier.ajouter(toussaint, 1, "jours_ouvres") == dt.date(2026, 10, 19)
    assert calendrier.ajouter(toussaint, 1, "jours_ecole", calendrier.Lieu(zone="B")) == dt.date(2026, 11, 2)
    vendredi_saint = dt.date(2027, 3, 26)
    assert calendrier.est_ouvre(vendredi_saint) and not calendrier.est_ouvre(vendredi_saint, calendrier.Lieu("67"))


@pytest.mark.parametrize("zone", ["Corse", "Martinique", ""])
def test_des_vacances_inconnues_ne_sont_pas_inventees(zone: str) -> None:
    """Nobody told us those of Corse and overseas: school days there are working days, holidays of the place apart."""
    toussaint = dt.date(2026, 10, 16)
    assert calendrier.ajouter(toussaint, 1, "jours_ecole", calendrier.Lieu(zone=zone)) == dt.date(2026, 10, 19)


def test_un_administrateur_les_donne(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    fichier = tmp_path / "vacances.csv"
    fichier.write_text("zone;du;au;source\nCorse;2026-10-17;2026-11-01;Arrêté du recteur\n", encoding="utf-8")
    monkeypatch.setenv("RACCORD_VACANCES", str(fichier))
    settings.VACANCES_LOCALES = environnement.periodes("RACCORD_VACANCES")
    calendrier.vacances_scolaires.cache_clear()
    toussaint = dt.date(2026, 10, 16)
    assert calendrier.ajouter(toussaint, 1, "jours_ecole", calendrier.Lieu(zone="Corse")) == dt.date(2026, 11, 2)
    assert calendrier.ajouter(toussaint, 1, "jours_ouvres", calendrier.Lieu(zone="Corse")) == dt.date(2026, 10, 19)
    assert calendrier.ajouter(toussaint, 1, "jours_ecole", calendrier.Lieu(zone="Mayotte")) == dt.date(2026, 10, 19)
    calendrier.vacances_scolaires.cache_clear()


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        ("Corse;2026-10-17;2026-11-01;", "dites d'où viennent"),
        ("Corse;17/10/2026;2026-11-01;Arrêté", "écrivez les dates comme"),
        ("Corse;2026-11-01;2026-10-17;Arrêté", "la fin vient après le début"),
        ("Corse;2026-10-17", "n'est pas un fichier CSV"),
        (None, "n'est pas un fichier CSV"),
    ],
)
def test_un_fichier_de_vacances_faux_se_dit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ligne: str | None, dit: str
) -> None:
    fichier = tmp_path / "vacances.csv"
    if ligne is not None:
        fichier.write_text(f"zone;du;au;source\n{ligne}\n", encoding="utf-8")
    monkeypatch.setenv("RACCORD_VACANCES", str(fichier))
    with pytest.raises(ImproperlyConfigured, match=dit):
        environnement.periodes("RACCORD_VACANCES")


def test_l_echeance_est_a_l_heure_de_la_bas(distribution: Distribution) -> None:
    """Saint-Denis de La Réunion is two hours ahead in October: its 15th day ends at 21:59 in Paris."""
    positionnement = transmis(distribution)
    Offre.objects.filter(pk=positionnement.offre.pk).update(commune="97411")
    positionnement = Positionnement.objects.get(pk=positionnement.pk)
    attente = ouvrir(REPONDRE, positionnement)
    assert attente.departement == "974" and attente.lieu.fuseau.key == "Indian/Reunion"
    assert attente.echeance.astimezone(calendrier.PARIS).time() == dt.time(21, 59)
    moments = [barreau.moment(attente) for barreau in lire(attente.echelle)]
    assert moments[1].astimezone(calendrier.PARIS).time() == dt.time(6, 0)


def test_une_echelle_plus_etroite_l_emporte_et_le_passe_reste(distribution: Distribution) -> None:
    ancienne = attente_de(transmis(distribution))
    echelons = [dict(e) for e in ancienne.echelle.echelons]
    echelons[1]["delai"] = 2
    commun = {"attente": "repondre", "echelons": echelons, "source": "essai"}
    offre = Positionnement.objects.get(pk=ancienne.objet_id).offre
    acheteur = f"acheteur:{offre.engagement.marche.acheteur_id}"
    region = f"region:{offre.commune.departement.academie.region_academique_id}"
    Echelle.objects.create(**commun, portee=acheteur, debut=dt.date(2026, 10, 1))
    Echelle.objects.create(**commun, portee=region, debut=dt.date(2026, 10, 5))
    Echelle.objects.create(**commun, portee="", debut=dt.date(2026, 10, 7))
    assert echelle_en_vigueur("repondre", cadre_de(offre)).portee == acheteur
    assert echelle_en_vigueur("repondre", Cadre(portees=(region,))).portee == region
    assert echelle_en_vigueur("repondre", Cadre()).debut < dt.date(2026, 10, 7), "pas encore"
    ancienne.refresh_from_db()
    assert ancienne.echelle.echelons[1]["delai"] == 3
    apres(2)
    assert not Rappel.objects.filter(echelon="second").exists()


def test_une_pause_recule_tout_et_reprend_seule(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    attente = attente_de(positionnement)
    apres(1)
    with le(3):
        actions.mettre_en_pause(
            distribution.tuteur.contexte, attente.pk, jusqu_au=dt.date(2026, 10, 19), raison="fermé pour inventaire"
        )
    avant, attente = attente.echeance, attente_de(positionnement)
    assert (attente.echeance.astimezone(calendrier.PARIS).date() - avant.date()).days == 10
    assert [apres(jours) for jours in range(4, 13)] == [0] * 9, "rien pendant la pause"
    assert [apres(jours) for jours in (13, 14)] == [2, 0], "trois jours d'attente, dix de pause, puis les absents"


def test_reprendre_rend_les_jours_et_l_heure_d_ete_ne_change_rien(distribution: Distribution) -> None:
    attente = attente_de(transmis(distribution))
    avant = attente.echeance
    qui = distribution.tuteur.contexte
    actions.mettre_en_pause(qui, attente.pk, jusqu_au=dt.date(2026, 11, 6), raison="fermé un mois entier")
    pendant = Attente.objects.get(pk=attente.pk)
    assert pendant.echeance.astimezone(calendrier.PARIS).time() == dt.time(23, 59), "passé l'heure d'hiver"
    with le(2):
        actions.reprendre(qui, attente.pk)
    apres_ = Attente.objects.get(pk=attente.pk)
    assert apres_.echeance == avant + dt.timedelta(days=2) and apres_.pause_jours == 2


@pytest.mark.parametrize(
    ("jusqu_au", "raison"),
    [("2026-10-06", "trois mots ici"), ("2027-03-01", "trois mots ici"), ("2026-10-10", "deux mots")],
)
def test_une_pause_a_une_raison_et_une_fin(distribution: Distribution, jusqu_au: str, raison: str) -> None:
    attente = attente_de(transmis(distribution))
    with pytest.raises((actions.PauseImpossible, actions.PauseSansRaison)):
        actions.mettre_en_pause(
            distribution.tuteur.contexte, attente.pk, jusqu_au=dt.date.fromisoformat(jusqu_au), raison=raison
        )


def test_la_semaine_est_ecrite_une_fois_sans_nommer_personne(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Message.objects.all().delete()
    for jours, ecrits in ((16, 2), (17, 0), (20, 2)):  # a Thursday, the day after, the Monday that follows
        avant = len(messages_de("semaine"))
        with le(jours), coulisses.fermees():
            faire_les_tournees()
        assert len(messages_de("semaine")) - avant == ecrits
    ecrits = messages_de("semaine")
    assert {m.courriel for m in ecrits} == {
        distribution.coordonnateur.utilisateur.courriel,
        distribution.national.utilisateur.courriel,
    }
    corps = ecrits[0].sujet + ecrits[0].corps
    assert "Menuiserie Dubois\xa0: 1, dont 1 en retard" in corps and "/run/" in corps
    jeune = positionnement.jeune
    assert jeune.nom not in corps and jeune.prenom not in corps
