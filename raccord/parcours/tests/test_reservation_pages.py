"""Reserving, the reservation's page, giving back, and what the young person's page shows of it, in a browser."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from raccord.comptes.enums import Domaine
from raccord.parcours.actions.reservation import liberer
from raccord.parcours.enums import EtatPositionnement, EtatReservation, MotifAbandon
from raccord.parcours.models import Positionnement, Reservation
from raccord.socle import calendrier
from tests.distribution import Distribution
from tests.etats import parcours_en_etat, reservation_en_etat
from tests.fabriques_offres import AMIENS, LILLE, ROUBAIX, offre_en, reservation


def _client(distribution: Distribution, qui: str) -> Client:
    return getattr(distribution, qui).client() if qui != "visiteur" else Client()


def _texte(reponse: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).split()).replace("\u00a0", " ")


# --- Reserving ---------------------------------------------------------------------------------------


def test_reserver_pour_un_jeune_et_arriver_a_sa_reservation(distribution: Distribution) -> None:
    offre, jeune = distribution.offre_publiee(), distribution.jeune(prenom="Inès", nom="Delattre")
    client, adresse = distribution.tuteur.client(), reverse("parcours:reserver", args=[offre.pk])
    page = client.get(adresse, {"jeune": jeune.pk})
    assert f'<option value="{jeune.pk}" selected>Delattre Inès, 17 ans, Roubaix' in page.content.decode()
    assert "10 jours ouvrés" in _texte(page)
    reponse = client.post(adresse, {"jeune": jeune.pk})
    assert reponse.url == reverse("parcours:reservation", args=[Reservation.objects.get().pk])
    seconde = client.post(adresse, {"jeune": jeune.pk})
    assert seconde.url == reponse.url
    assert client.get(adresse).url == reponse.url
    assert Reservation.objects.count() == 1


def test_les_jeunes_sont_ranges_par_nom_jamais_par_distance(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    distribution.jeune(prenom="Loin", nom="Abel", commune_id=AMIENS)
    distribution.jeune(prenom="Près", nom="Zola", commune_id=LILLE)
    distribution.jeune(distribution.tuteur_collegue, prenom="Autre", nom="Aaron")
    html = distribution.tuteur.client().get(reverse("parcours:reserver", args=[offre.pk])).content.decode()
    assert re.findall(r'<optgroup label="([^"]+)"', html) == ["Vos jeunes", "Les autres jeunes de votre MLDS"]
    options = re.findall(r"<option [^>]*>([^,<]+),", html)
    assert options == ["Abel Loin", "Zola Près", "Aaron Autre"]


def test_qui_n_est_pas_libre_n_est_pas_propose_et_la_raison_est_dite(distribution: Distribution) -> None:
    reservation(distribution, jeune=distribution.jeune(prenom="Déjà", nom="Servie"))
    distribution.jeune(prenom="Trop", nom="Âgé", date_naissance=dt.date(1999, 1, 1))
    distribution.jeune(prenom="Libre", nom="Bien")
    page = distribution.tuteur.client().get(reverse("parcours:reserver", args=[distribution.offre_publiee().pk]))
    texte = _texte(page)
    assert "Déjà Servie a déjà une offre réservée" in texte
    assert "Trop Âgé aura 27 ans" in texte
    assert re.findall(r"<option value=\"[^\"]+\">([^,<]+),", page.content.decode()) == ["Bien Libre"]


def test_sans_jeune_on_sait_que_faire(distribution: Distribution) -> None:
    adresse = reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    assert "Vous ne suivez pas encore de jeune" in _texte(distribution.tuteur.client().get(adresse))


def test_le_perdant_lit_pourquoi_et_voit_autre_chose(distribution: Distribution) -> None:
    offre, jeune = distribution.offre_publiee(), distribution.jeune(distribution.tuteur_etranger)
    offre_en(ROUBAIX, intitule="Une autre tout près")
    client, adresse = distribution.tuteur_etranger.client(), reverse("parcours:reserver", args=[offre.pk])
    assert client.get(adresse).status_code == 200
    reservation(distribution, offre=offre)
    for reponse in (client.post(adresse, {"jeune": jeune.pk}), client.get(adresse)):
        assert reponse.status_code == 409
        assert "Cette offre vient d&#x27;être réservée par un autre tuteur" in reponse.content.decode()
        assert "Une autre tout près" in _texte(reponse)


@pytest.mark.parametrize("valeur", ["", "n'importe quoi", "00000000-0000-4000-8000-000000000000", "x" * 10_000])
def test_un_choix_absurde_reste_sur_la_page(distribution: Distribution, valeur: str) -> None:
    distribution.jeune()
    adresse = reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    assert distribution.tuteur.client().post(adresse, {"jeune": valeur}).status_code == 422
    assert not Reservation.objects.exists()


def test_le_jeune_d_une_autre_mlds_ne_se_choisit_pas(distribution: Distribution) -> None:
    distribution.jeune()
    etranger = distribution.jeune(distribution.tuteur_etranger)
    adresse = reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    page = distribution.tuteur.client().get(adresse, {"jeune": etranger.pk})
    assert etranger.nom not in page.content.decode()
    assert distribution.tuteur.client().post(adresse, {"jeune": etranger.pk}).status_code == 422


@pytest.mark.parametrize("qui", ["acheteur", "coordonnateur", "national"])
def test_seul_un_tuteur_reserve(distribution: Distribution, qui: str) -> None:
    adresse = reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    assert _client(distribution, qui).get(adresse).status_code == 403


def test_une_offre_disparue(distribution: Distribution) -> None:
    adresse = reverse("parcours:reserver", args=[uuid4()])
    assert distribution.tuteur.client().get(adresse).status_code == 404
    assert distribution.tuteur.client().post(adresse, {"jeune": uuid4()}).status_code == 404


def test_meme_nombre_de_requetes_pour_un_et_pour_trente_jeunes(
    distribution: Distribution, django_assert_num_queries: Any
) -> None:
    distribution.jeune()
    client, adresse = distribution.tuteur.client(), reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    with CaptureQueriesContext(connection) as pour_un:
        client.get(adresse)
    for _ in range(29):
        distribution.jeune()
    with django_assert_num_queries(len(pour_un)):
        client.get(adresse)


# --- The reservation's page --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "statut", "contacts", "identite"),
    [
        ("tuteur", 200, True, True),
        ("tuteur_collegue", 200, False, True),
        ("tuteur_etranger", 404, False, False),
        ("coordonnateur", 200, False, False),
        ("coordonnateur_etranger", 404, False, False),
        ("national", 200, False, False),
        ("acheteur", 403, False, False),
        ("visiteur", 302, False, False),
    ],
)
def test_qui_voit_quoi(distribution: Distribution, qui: str, statut: int, contacts: bool, identite: bool) -> None:
    tenue = reservation(distribution, jeune=distribution.jeune(prenom="Zéphyrine", nom="Quatremère"))
    reponse = _client(distribution, qui).get(reverse("parcours:reservation", args=[tenue.pk]))
    html = reponse.content.decode()
    assert reponse.status_code == statut
    assert ("Quatremère" in html) is identite
    if qui != "national":  # the national relay reads who acted on the timeline
        assert (distribution.referent.nom in html) is contacts
    assert (tenue.offre.fiche.poste_travail in html) is contacts
    if statut == 200 and not identite:
        assert "un jeune de 17 ans" in html


def test_la_page_dit_jusqu_a_quand_et_pourquoi(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    texte = _texte(distribution.tuteur.client().get(reverse("parcours:reservation", args=[tenue.pk])))
    assert "il reste 14 jours" in texte and "mardi 20 octobre 2026" in texte
    assert "Durée d&#x27;une réservation sans action du tuteur : 10 jours ouvrés" in texte
    assert "Source : Choix de l&#x27;équipe nationale" in texte


def test_la_suite_change_avec_la_proposition(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    client, adresse = distribution.tuteur.client(), reverse("parcours:reservation", args=[tenue.pk])
    preparer = reverse("parcours:positionnement_preparer", args=[tenue.pk])
    assert preparer in client.get(adresse).content.decode()
    positionnement = Positionnement.objects.create(reservation=tenue, etat=EtatPositionnement.TRANSMIS)
    html = client.get(adresse).content.decode()
    assert preparer not in html and reverse("parcours:positionnement", args=[positionnement.pk]) in html
    Reservation.objects.update(etat=EtatReservation.CADUQUE)
    texte = _texte(client.get(adresse))
    assert "Cette réservation est finie" in texte and distribution.referent.nom not in texte


@pytest.mark.parametrize("etat", EtatReservation.values)
@pytest.mark.parametrize("qui", ["tuteur", "coordonnateur", "national"])
def test_chaque_etat_a_sa_page(distribution: Distribution, etat: str, qui: str) -> None:
    tenue = reservation_en_etat(distribution, etat)
    for nom in ("parcours:reservation", "parcours:liberer"):
        assert _client(distribution, qui).get(reverse(nom, args=[tenue.pk])).status_code == 200


def test_une_reservation_devenue_parcours(distribution: Distribution) -> None:
    parcours = parcours_en_etat(distribution, "en_cours")
    Reservation.objects.update(etat=EtatReservation.HONOREE)
    tenue = Reservation.objects.get()
    html = distribution.tuteur.client().get(reverse("parcours:reservation", args=[tenue.pk])).content.decode()
    assert reverse("parcours:parcours", args=[parcours.pk]) in html


# --- Giving back -------------------------------------------------------------------------------------


def test_rendre_demande_une_raison_puis_ramene_au_jeune(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    client, adresse = distribution.tuteur.client(), reverse("parcours:liberer", args=[tenue.pk])
    page = client.get(adresse)
    assert "L’offre redevient disponible" in _texte(page)
    tenue.refresh_from_db()
    assert tenue.etat == EtatReservation.ACTIVE
    assert client.post(adresse, {}).status_code == 422
    reponse = client.post(adresse, {"motif": MotifAbandon.AUTRE_SOLUTION})
    assert reponse.url == reverse("jeunes:jeune", args=[tenue.jeune_id])
    encore = client.post(adresse, {"motif": MotifAbandon.AUTRE_SOLUTION})
    assert encore.url == reverse("parcours:reservation", args=[tenue.pk])
    assert client.get(adresse).status_code == 200


@pytest.mark.parametrize(("qui", "statut"), [("coordonnateur", 302), ("national", 302), ("tuteur_etranger", 404)])
def test_qui_rend_pour_un_autre(distribution: Distribution, qui: str, statut: int) -> None:
    tenue = reservation(distribution)
    adresse = reverse("parcours:liberer", args=[tenue.pk])
    reponse = _client(distribution, qui).post(adresse, {"motif": MotifAbandon.AUTRE})
    assert reponse.status_code == statut
    if statut == 302:
        assert reponse.url == reverse("parcours:offre", args=[tenue.offre_id])


# --- The young person's page -------------------------------------------------------------------------


def test_la_page_du_jeune_montre_les_offres_avec_leurs_raisons(distribution: Distribution) -> None:
    jeune = distribution.jeune(domaines=[Domaine.LOGISTIQUE])
    offre = offre_en(LILLE, intitule="Magasinier")
    page = distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk]))
    texte = _texte(page)
    assert "Magasinier" in texte and "Domaine souhaité : Logistique" in texte
    assert re.search(r"À (9|10|11)(,\d)? km", texte)
    assert f"{reverse('parcours:reserver', args=[offre.pk])}?jeune={jeune.pk}" in page.content.decode()
    assert "score" not in texte.lower() and "%" not in texte


def test_la_page_du_jeune_suit_sa_reservation(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    offre_en(LILLE, intitule="Une autre")
    tenue = reservation(distribution, jeune=jeune)
    client, adresse = distribution.tuteur.client(), reverse("jeunes:jeune", args=[jeune.pk])
    page = client.get(adresse)
    assert reverse("parcours:reservation", args=[tenue.pk]) in page.content.decode()
    assert "?jeune=" not in page.content.decode()
    assert "Envoyer le profil du jeune à l&#x27;entreprise" in _texte(page)
    liste = _texte(client.get(reverse("jeunes:liste")))
    assert "Offre réservée" in liste
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    assert "?jeune=" in client.get(adresse).content.decode()
    assert "Cherche une offre" in _texte(client.get(reverse("jeunes:liste")))


def test_la_page_du_jeune_suit_son_parcours(distribution: Distribution) -> None:
    parcours = parcours_en_etat(distribution, "en_cours")
    Reservation.objects.update(etat=EtatReservation.HONOREE)
    client = distribution.tuteur.client()
    html = client.get(reverse("jeunes:jeune", args=[parcours.jeune_id])).content.decode()
    assert reverse("parcours:parcours", args=[parcours.pk]) in html
    assert "Parcours : en cours" in _texte(client.get(reverse("jeunes:liste")))


def test_les_contacts_de_l_entreprise_ne_sont_pas_sur_la_page_du_jeune(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    page = distribution.tuteur_collegue.client().get(reverse("jeunes:jeune", args=[tenue.jeune_id]))
    assert distribution.referent.nom not in page.content.decode()


def test_meme_nombre_de_requetes_pour_une_et_dix_suggestions(
    distribution: Distribution, django_assert_num_queries: Any
) -> None:
    jeune = distribution.jeune()
    client, adresse = distribution.tuteur.client(), reverse("jeunes:jeune", args=[jeune.pk])
    offre_en(LILLE)
    client.get(adresse)
    with CaptureQueriesContext(connection) as pour_une:
        client.get(adresse)
    for _ in range(9):
        offre_en(ROUBAIX, date_fin=calendrier.aujourdhui() + dt.timedelta(days=90))
    with django_assert_num_queries(len(pour_une)):
        client.get(adresse)
