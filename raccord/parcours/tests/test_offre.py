"""The page of an offer: who sees it, who reads level 2, what each may do."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from raccord.parcours.enums import EtatOffre, EtatReservation
from raccord.parcours.models import Offre, Reservation
from raccord.socle import calendrier
from tests.distribution import Distribution
from tests.etats import offre_en_etat, parcours_en_etat
from tests.fabriques_offres import LILLE, ROUBAIX, offre_en, reservation
from tests.pieges import TRANSACTION

QUI = [
    "acheteur",
    "acheteur_etranger",
    "tuteur",
    "tuteur_collegue",
    "tuteur_etranger",
    "coordonnateur",
    "coordonnateur_etranger",
    "national",
]


def _client(distribution: Distribution, qui: str) -> Client:
    return getattr(distribution, qui).client() if qui != "visiteur" else Client()


def _secrets(distribution: Distribution, offre: Offre) -> list[str]:
    suivi = distribution.acheteur.utilisateur
    return [
        distribution.referent.nom,
        distribution.referent.courriel.partition("@")[0],
        distribution.rrh.nom,
        suivi.courriel.partition("@")[0],
        offre.fiche.poste_travail,
        "2026-042",
    ]


@pytest.fixture
def offre_reservee(distribution: Distribution) -> Offre:
    """Held by the tutor; the contacts have recognisable phones."""
    type(distribution.referent).objects.filter(pk=distribution.referent.pk).update(telephone="+33320445566")
    return reservation(distribution).offre


@pytest.mark.parametrize("qui", ["visiteur", *QUI])
def test_une_offre_publiee_se_lit_par_tous(distribution: Distribution, qui: str) -> None:
    offre = distribution.offre_publiee(remarque="Tenue fournie.")
    html = _client(distribution, qui).get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    for mot in (
        "Découverte de l&#x27;atelier",
        "Menuiserie Dubois",
        "Lille",
        "ranger le bois",
        "Tenue fournie.",
        "300",
    ):
        assert mot in html


@pytest.mark.parametrize("qui", ["visiteur", *QUI])
def test_le_niveau_2_d_une_offre_publiee_ne_fuit_pas(distribution: Distribution, qui: str) -> None:
    offre = distribution.offre_publiee()
    html = _client(distribution, qui).get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    lus = [secret for secret in _secrets(distribution, offre) if secret in html]
    if qui in {"acheteur", "national"}:
        assert len(lus) == len(_secrets(distribution, offre))
    else:
        assert lus == []


@pytest.mark.parametrize(
    ("qui", "statut", "niveau_2"),
    [
        ("visiteur", 404, False),
        ("acheteur", 200, True),
        ("acheteur_etranger", 404, False),
        ("tuteur", 200, True),
        ("tuteur_collegue", 200, False),
        ("tuteur_etranger", 404, False),
        ("coordonnateur", 200, False),
        ("coordonnateur_etranger", 404, False),
        ("national", 200, True),
    ],
)
def test_une_offre_reservee(
    distribution: Distribution, offre_reservee: Offre, qui: str, statut: int, niveau_2: bool
) -> None:
    reponse = _client(distribution, qui).get(reverse("parcours:offre", args=[offre_reservee.pk]))
    html = reponse.content.decode()
    assert reponse.status_code == statut
    assert (distribution.referent.nom in html) is niveau_2
    assert ("+33320445566" in html) is niveau_2
    assert (offre_reservee.fiche.poste_travail in html) is niveau_2


def test_le_niveau_2_se_referme_quand_l_offre_est_rendue(distribution: Distribution, offre_reservee: Offre) -> None:
    Reservation.objects.update(etat=EtatReservation.LEVEE)
    Offre.objects.filter(pk=offre_reservee.pk).update(etat=EtatOffre.PUBLIEE)
    html = distribution.tuteur.client().get(reverse("parcours:offre", args=[offre_reservee.pk])).content.decode()
    assert distribution.referent.nom not in html


def test_le_tuteur_du_parcours_garde_les_contacts_jusqu_a_la_suite(distribution: Distribution) -> None:
    for etat, lit in (("en_cours", True), ("bilan_signe", True), ("suite_connue", False), ("annule", False)):
        parcours = parcours_en_etat(distribution, etat)
        Offre.objects.filter(pk=parcours.offre_id).update(etat=EtatOffre.RESERVEE)
        Reservation.objects.update(etat=EtatReservation.HONOREE)
        html = distribution.tuteur.client().get(reverse("parcours:offre", args=[parcours.offre_id])).content.decode()
        assert (distribution.referent.nom in html) is lit, etat
        parcours.delete()


def test_rien_du_jeune_sur_la_page_de_l_offre(distribution: Distribution) -> None:
    jeune = distribution.jeune(prenom="Zéphyrine", nom="Quatremère")
    offre = reservation(distribution, jeune=jeune).offre
    for qui in ("acheteur", "tuteur", "tuteur_collegue", "coordonnateur", "national"):
        html = _client(distribution, qui).get(reverse("parcours:offre", args=[offre.pk])).content.decode()
        assert "Quatremère" not in html and "Zéphyrine" not in html, qui


@pytest.mark.parametrize("etat", EtatOffre.values)
def test_chaque_etat_a_sa_page(distribution: Distribution, etat: str) -> None:
    offre = offre_en_etat(distribution, etat)
    attendu = 200 if etat == EtatOffre.PUBLIEE else 404
    adresse = reverse("parcours:offre", args=[offre.pk])
    assert Client().get(adresse).status_code == attendu
    assert distribution.acheteur.client().get(adresse).status_code == 200
    coordonnateur = distribution.coordonnateur.client().get(adresse).status_code
    assert coordonnateur == (404 if etat in {EtatOffre.BROUILLON, EtatOffre.A_INSTRUIRE} else 200)


def test_une_offre_finie_montre_ce_qui_est_pres(client: Client, distribution: Distribution) -> None:
    hier = calendrier.aujourdhui() - dt.timedelta(days=1)
    finie = offre_en(LILLE, intitule="Finie", date_debut=hier - dt.timedelta(days=90), date_fin=hier)
    offre_en(ROUBAIX, intitule="Toute proche")
    reponse = client.get(reverse("parcours:offre", args=[finie.pk]))
    html = reponse.content.decode()
    assert reponse.status_code == 404
    assert "« Finie », à Lille" in html and "Toute proche" in html


def test_une_offre_jamais_publiee_ne_dit_pas_son_nom(client: Client, distribution: Distribution) -> None:
    brouillon = distribution.offre_brouillon(intitule="Secret de fabrication")
    offre_en(ROUBAIX, intitule="Autre offre")
    for pk in (brouillon.pk, uuid4()):
        reponse = client.get(reverse("parcours:offre", args=[pk]))
        assert reponse.status_code == 404
        assert "Secret de fabrication" not in reponse.content.decode()
        assert "Autre offre" in reponse.content.decode()


def _boutons(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("qui", "voit"),
    [
        ("visiteur", "Se connecter pour réserver"),
        ("tuteur", "Réserver pour un jeune"),
        ("tuteur_etranger", "Réserver pour un jeune"),
    ],
)
def test_une_seule_action_evidente(distribution: Distribution, qui: str, voit: str) -> None:
    offre = distribution.offre_publiee()
    html = _client(distribution, qui).get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    assert voit in _boutons(html)
    assert html.count('class="fr-btn"') == 1


def test_qui_tient_l_offre_va_a_sa_reservation(distribution: Distribution, offre_reservee: Offre) -> None:
    html = distribution.tuteur.client().get(reverse("parcours:offre", args=[offre_reservee.pk])).content.decode()
    assert reverse("parcours:reservation", args=[offre_reservee.reservations.get().pk]) in html
    collegue = distribution.tuteur_collegue.client().get(reverse("parcours:offre", args=[offre_reservee.pk]))
    assert "Réservée par MLDS de Lille" in _boutons(collegue.content.decode())


def test_l_acheteur_modifie_ou_retire_ses_offres_et_elles_seules(distribution: Distribution) -> None:
    for offre, modifiable in ((distribution.offre_a_confirmer(), True), (distribution.offre_publiee(), False)):
        adresse = reverse("parcours:offre", args=[offre.pk])
        html = distribution.acheteur.client().get(adresse).content.decode()
        assert reverse("parcours:retirer", args=[offre.pk]) in html
        assert (reverse("parcours:modifier_offre", args=[offre.pk]) in html) is modifiable
    html = distribution.acheteur_etranger.client().get(adresse).content.decode()
    assert "Retirer" not in html and "Modifier" not in html


def test_l_equipe_nationale_repond_a_une_proposition(distribution: Distribution) -> None:
    offre = offre_en_etat(distribution, EtatOffre.A_INSTRUIRE)
    html = distribution.national.client().get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    assert reverse("parcours:accueillir", args=[offre.pk]) in html


# --- Offers of the former tool -----------------------------------------------------------------------


@pytest.mark.parametrize(("geste", "etat"), [("remettre", EtatOffre.PUBLIEE), ("archiver", EtatOffre.CLOSE)])
@pytest.mark.parametrize("qui", ["coordonnateur", "national"])
def test_les_pilotes_disent_ou_en_est_une_offre_reprise(
    distribution: Distribution, geste: str, etat: str, qui: str
) -> None:
    offre = offre_en_etat(distribution, EtatOffre.A_REPRENDRE)
    Offre.objects.filter(pk=offre.pk).update(publiee_le=None)
    client = _client(distribution, qui)
    page = client.get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    assert reverse(f"parcours:{geste}", args=[offre.pk]) in page
    for _ in range(2):  # a double click changes nothing more
        reponse = client.post(reverse(f"parcours:{geste}", args=[offre.pk]), follow=True)
        assert reponse.status_code == 200
    offre.refresh_from_db()
    assert offre.etat == etat
    if geste == "remettre":
        assert offre.publiee_le is not None and "Menuiserie Dubois" in offre.texte_recherche


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("tuteur", 403), ("acheteur", 403), ("coordonnateur_etranger", 404), ("visiteur", 302)],
)
def test_les_autres_n_en_decident_pas(distribution: Distribution, qui: str, statut: int) -> None:
    offre = offre_en_etat(distribution, EtatOffre.A_REPRENDRE)
    for geste in ("remettre", "archiver"):
        reponse = _client(distribution, qui).post(reverse(f"parcours:{geste}", args=[offre.pk]))
        assert reponse.status_code == statut
    offre.refresh_from_db()
    assert offre.etat == EtatOffre.A_REPRENDRE


def test_une_offre_reprise_dont_le_contrat_est_fini_ne_se_remet_pas(distribution: Distribution) -> None:
    offre = offre_en_etat(distribution, EtatOffre.A_REPRENDRE)
    hier = calendrier.aujourdhui() - dt.timedelta(days=1)
    Offre.objects.filter(pk=offre.pk).update(date_debut=hier - dt.timedelta(days=90), date_fin=hier)
    client = distribution.national.client()
    html = client.get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    assert "période de ce contrat s&#x27;est terminée" in html and "disabled" in html
    reponse = client.post(reverse("parcours:remettre", args=[offre.pk]), follow=True)
    assert "période de ce contrat s&#x27;est terminée" in reponse.content.decode()


def test_meme_nombre_de_requetes_pour_un_fil_court_et_long(
    distribution: Distribution, django_assert_max_num_queries: Any
) -> None:
    offre = distribution.offre_publiee()
    adresse = reverse("parcours:offre", args=[offre.pk])
    with django_assert_max_num_queries(2 + TRANSACTION):
        Client().get(adresse)
