"""Offers for a young person: near home first, readable rules, reasons in words; people are never ranked."""

import datetime as dt
import random
from itertools import count
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.comptes.enums import Domaine, GenreOrganisation
from raccord.comptes.models import Organisation
from raccord.parcours.acces.suggestions import Suggestion, suggerer
from raccord.parcours.enums import EtatOffre, EtatPositionnement, MotifAbandon
from raccord.parcours.models import Offre, Positionnement, Reservation
from raccord.socle import calendrier
from raccord.territoires.models import Commune
from tests.distribution import Distribution
from tests.fabriques_offres import AMIENS, ARRAS, LILLE, LYON_3, PARIS_7, ROUBAIX, offre_en

_rang = count()


def _titres(suggestions: list[Suggestion]) -> list[str]:
    return [suggestion.offre.intitule for suggestion in suggestions]


def test_pres_de_chez_soi_d_abord_meme_contre_l_envie(distribution: Distribution) -> None:
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=60, domaines=[Domaine.ACCUEIL])
    offre_en(LILLE, intitule="Près")
    offre_en(ARRAS, intitule="Loin, souhaité", domaines=[Domaine.ACCUEIL])
    assert _titres(suggerer(jeune)) == ["Près", "Loin, souhaité"]


def test_dans_la_meme_bande_l_envie_passe_devant(distribution: Distribution) -> None:
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=30, domaines=[Domaine.ACCUEIL])
    offre_en(ROUBAIX, intitule="Sur place")
    offre_en(LILLE, intitule="À dix kilomètres, souhaité", domaines=[Domaine.ACCUEIL, Domaine.AUTRE])
    assert _titres(suggerer(jeune)) == ["À dix kilomètres, souhaité", "Sur place"]


def test_duree_puis_dates_puis_entreprise_prete(distribution: Distribution) -> None:
    jeune = distribution.jeune(domaines=[], heures_souhaitees=150)
    demain = calendrier.aujourdhui() + dt.timedelta(days=1)
    offre_en(ROUBAIX, intitule="C longue", heures=900, prete_le=timezone.now())
    offre_en(ROUBAIX, intitule="B courte, trop tard", heures=150, date_fin=demain, prete_le=timezone.now())
    offre_en(ROUBAIX, intitule="A courte, pas prête", heures=150)
    offre_en(ROUBAIX, intitule="Z courte, prête", heures=150, prete_le=timezone.now())
    assert _titres(suggerer(jeune)) == ["Z courte, prête", "A courte, pas prête", "B courte, trop tard", "C longue"]


def test_les_raisons_sont_des_mots(distribution: Distribution) -> None:
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=200, domaines=[Domaine.LOGISTIQUE], heures_souhaitees=300)
    offre_en(AMIENS, intitule="Amiens", prete_le=timezone.now())
    (suggestion,) = suggerer(jeune)
    assert suggestion.raisons == [
        "à 108\u00a0km",
        "domaine souhaité : Logistique",
        "durée souhaitée : 300\u00a0h",
        "possible dès maintenant",
        "l’entreprise s’est dite prête",
        "autre académie : Amiens",
    ]
    assert suggestion.reserves == []


def test_autre_departement_de_la_meme_academie(distribution: Distribution) -> None:
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=80)
    offre_en(ARRAS)
    assert "autre département : Pas-de-Calais" in suggerer(jeune)[0].raisons


def test_ce_qui_est_a_verifier_est_dit(distribution: Distribution) -> None:
    bientot = calendrier.aujourdhui() + dt.timedelta(days=40)
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=5, heures_souhaitees=150, disponible_du=bientot)
    offre_en(LILLE, heures=900, date_fin=bientot + dt.timedelta(days=30))
    (suggestion,) = suggerer(jeune)
    assert suggestion.au_dela
    assert suggestion.reserves[0] == "au-delà des 5 km acceptés"
    assert suggestion.reserves[1].startswith("plus long que souhaité")
    assert "il manque du temps" in suggestion.reserves[2]


def test_trop_loin_n_est_pas_propose(distribution: Distribution) -> None:
    jeune = distribution.jeune(commune_id=ROUBAIX, rayon_km=30)
    offre_en(LYON_3)
    assert suggerer(jeune) == []


@pytest.mark.parametrize(
    ("champs", "ecartee"),
    [
        ({"etat": EtatPositionnement.REFUSE, "motif_refus": "dates"}, True),
        ({"etat": EtatPositionnement.ABANDONNE, "motif_abandon": MotifAbandon.JEUNE_RENONCE}, True),
        ({"etat": EtatPositionnement.ABANDONNE, "motif_abandon": MotifAbandon.INJOIGNABLE}, False),
    ],
)
def test_une_offre_deja_refusee_pour_ce_jeune_ne_revient_pas(
    distribution: Distribution, champs: dict[str, Any], ecartee: bool
) -> None:
    jeune, autre = distribution.jeune(), distribution.jeune()
    offre = offre_en(ROUBAIX)
    reservation = Reservation.objects.create(
        offre=offre, jeune=jeune, tuteur=jeune.tuteur, organisation=jeune.organisation, etat="levee"
    )
    Positionnement.objects.create(reservation=reservation, **champs)
    assert bool(suggerer(jeune)) is not ecartee
    assert len(suggerer(autre)) == 1


def test_seules_les_offres_publiques(distribution: Distribution) -> None:
    hier = calendrier.aujourdhui() - dt.timedelta(days=1)
    for etat in (EtatOffre.A_CONFIRMER, EtatOffre.RESERVEE, EtatOffre.CLOSE):
        offre_en(ROUBAIX, etat=etat)
    offre_en(ROUBAIX, date_debut=hier - dt.timedelta(days=50), date_fin=hier)
    assert suggerer(distribution.jeune()) == []


def test_une_commune_sans_position_n_empeche_rien(distribution: Distribution) -> None:
    sans = Commune.objects.filter(latitude__isnull=True).first()
    jeune = distribution.jeune(commune_id=sans.pk)
    offre_en(ROUBAIX)
    (suggestion,) = suggerer(jeune)
    assert suggestion.distance_km is None
    assert "distance inconnue : vérifiez le trajet" in suggestion.reserves


def test_aucune_note_n_existe() -> None:
    assert set(Suggestion.__dataclass_fields__) == {"offre", "distance_km", "raisons", "reserves"}


CARACTERES = st.fixed_dictionaries(
    {
        "commune_id": st.sampled_from([ROUBAIX, LILLE, ARRAS, AMIENS, "59360", "62498", "59183"]),
        "heures": st.sampled_from([150, 300, 450, 900]),
        "domaines": st.lists(st.sampled_from(Domaine.values), min_size=1, max_size=2, unique=True),
        "jours": st.integers(min_value=2, max_value=700),
        "prete": st.booleans(),
    }
)
REGLAGES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _creer(offres: list[dict[str, Any]], entreprise: Organisation) -> None:
    Offre.objects.all().delete()
    aujourdhui = calendrier.aujourdhui()
    for offre in offres:
        Offre.objects.create(
            etat=EtatOffre.PUBLIEE,
            entreprise=entreprise,
            intitule=offre["nom"],
            domaines=offre["domaines"],
            missions="Aider.",
            heures=offre["heures"],
            commune_id=offre["commune_id"],
            date_debut=aujourdhui,
            date_fin=aujourdhui + dt.timedelta(days=offre["jours"]),
            prete_le=timezone.now() if offre["prete"] else None,
            publiee_le=timezone.now() - dt.timedelta(hours=next(_rang)),
        )


@given(offres=st.lists(CARACTERES, min_size=2, max_size=6), graine=st.randoms(use_true_random=False))
@REGLAGES
def test_l_ordre_ne_depend_ni_de_la_creation_ni_de_la_personne(
    distribution: Distribution, offres: list[dict[str, Any]], graine: random.Random
) -> None:
    entreprise = Organisation.objects.create(genre=GenreOrganisation.ENTREPRISE, nom="Atelier")
    nommees = [offre | {"nom": f"Offre {rang}"} for rang, offre in enumerate(offres)]
    envies: dict[str, Any] = {"rayon_km": 40, "heures_souhaitees": 300, "domaines": [Domaine.ACCUEIL]}
    _creer(nommees, entreprise)
    ordre = _titres(suggerer(distribution.jeune(prenom="Aïcha", nom="Zola", **envies)))
    graine.shuffle(nommees)
    _creer(nommees, entreprise)
    assert _titres(suggerer(distribution.jeune(prenom="Bob", nom="Abel", **envies))) == ordre


@given(offre=CARACTERES, communes=st.lists(st.sampled_from([ROUBAIX, LILLE, ARRAS, AMIENS]), min_size=2, unique=True))
@REGLAGES
def test_plus_pres_a_egalite_n_est_jamais_derriere(
    distribution: Distribution, offre: dict[str, Any], communes: list[str]
) -> None:
    entreprise = Organisation.objects.create(genre=GenreOrganisation.ENTREPRISE, nom="Atelier")
    _creer([offre | {"commune_id": commune, "nom": "La même"} for commune in communes], entreprise)
    distances = [suggestion.distance_km for suggestion in suggerer(distribution.jeune(rayon_km=100))]
    assert len(distances) == len(communes)
    assert distances == sorted(distances)


def test_meme_nombre_de_requetes_pour_une_et_pour_dix(
    distribution: Distribution, django_assert_num_queries: Any
) -> None:
    jeune = distribution.jeune()
    offre_en(ROUBAIX)
    jeune.commune.departement.academie  # noqa: B018  the page has it already
    with django_assert_num_queries(3):
        suggerer(jeune)
    for _ in range(9):
        offre_en(LILLE)
    with django_assert_num_queries(3):
        assert len(suggerer(jeune)) == 10


def test_les_frontieres_ne_comptent_pas(distribution: Distribution) -> None:
    jeune = distribution.jeune(distribution.tuteur_etranger, commune_id=PARIS_7, rayon_km=150)
    offre_en(AMIENS)
    assert "autre académie : Amiens" in suggerer(jeune)[0].raisons
