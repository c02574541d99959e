"""Searching offers: words, typos, place, filters, pages; level 1 only."""

import datetime as dt
import re
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from raccord.comptes.enums import Domaine
from raccord.parcours.acces.recherche import PAR_PAGE, PROCHES, Criteres, chercher
from raccord.parcours.enums import EtatOffre
from raccord.parcours.models import Mot, Offre
from raccord.parcours.models.offre import CONFIG_RECHERCHE
from raccord.socle import calendrier
from raccord.territoires.models import Commune
from tests.distribution import Distribution
from tests.fabriques_offres import AMIENS, ARRAS, LILLE, LYON_3, PARIS_7, ROUBAIX, offre_en


def _page(client: Client, **parametres: Any) -> str:
    reponse = client.get(f"{reverse('parcours:offres')}?{urlencode(parametres, doseq=True)}")
    html = reponse.content.decode()
    assert reponse.status_code == 200 and "{#" not in html
    return unescape(html).replace("\u202f", " ").replace("\u00a0", " ")


def _titres(html: str) -> list[str]:
    return re.findall(r'class="rc-carte__titre"><a [^>]*>([^<]+)</a>', html)


@pytest.fixture
def trois_offres(db: None) -> list[Offre]:
    """A workshop in Lille, a kitchen in Roubaix, an office in Lyon."""
    return [
        offre_en(
            LILLE,
            intitule="Menuiserie bois",
            nom_entreprise="Établissements Lefèvre",
            domaines=[Domaine.LOGISTIQUE],
            missions="Découper, poncer, livrer l'escalier chez le client.",
            heures=150,
        ),
        offre_en(
            ROUBAIX,
            intitule="Cuisine collective",
            domaines=[Domaine.RESTAURATION],
            missions="Éplucher, dresser, servir à la cantine.",
            heures=300,
        ),
        offre_en(
            LYON_3,
            intitule="Agent d'accueil",
            domaines=[Domaine.ACCUEIL, Domaine.ADMINISTRATION],
            missions="Accueillir le public, répondre au téléphone.",
            heures=450,
        ),
    ]


@pytest.mark.parametrize(
    ("q", "attendus"),
    [
        ("menuiserie", ["Menuiserie bois"]),
        ("MENUISERIE", ["Menuiserie bois"]),
        ("lefevre", ["Menuiserie bois"]),
        ("Lefèvre", ["Menuiserie bois"]),
        ("eplucher", ["Cuisine collective"]),
        ("épluchages", ["Cuisine collective"]),
        ("accueillir téléphone", ["Agent d'accueil"]),
        ("cuisines", ["Cuisine collective"]),
        ("lyon", ["Agent d'accueil"]),
        ("l'escalier du client", ["Menuiserie bois"]),
        ("menuisier", ["Menuiserie bois"]),
        ("menusier", ["Menuiserie bois"]),
        ("menuizerie", ["Menuiserie bois"]),
        ("cuisne colective", ["Cuisine collective"]),
        ("restau", ["Cuisine collective"]),
        ("telefone", ["Agent d'accueil"]),
        ("acueil", ["Agent d'accueil"]),
        ("boulangerie", []),
        ("cuisine menuiserie", []),
    ],
)
def test_les_mots_comme_les_gens_les_ecrivent(
    client: Client, trois_offres: list[Offre], q: str, attendus: list[str]
) -> None:
    assert _titres(_page(client, q=q)) == attendus


def test_un_mot_corrige_est_dit(client: Client, trois_offres: list[Offre]) -> None:
    html = re.sub(r"<[^>]+>", "", _page(client, q="cuisne"))
    assert "Aucune offre ne parle de « cuisne » : voici celles qui parlent de « cuisine »." in html
    assert "Aucune offre ne parle" not in _page(client, q="cuisine")


def test_un_mot_connu_ne_ramene_pas_ses_voisins(client: Client, db: None) -> None:
    offre_en(LILLE, intitule="Vente en magasin")
    offre_en(LILLE, intitule="Pose de ventilation")
    assert _titres(_page(client, q="vente")) == ["Vente en magasin"]


@pytest.mark.django_db(databases=["default", "proprietaire"])
def test_les_recherches_sont_servies_par_leurs_index() -> None:
    mots = {"".join(lettres) for lettres in product("bcdfglmnprstv", "aeiou", "bcdlmnrst", "aeiou", "nrst")}
    Mot.objects.using("proprietaire").bulk_create([Mot(mot=mot) for mot in mots])
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute("SELECT gin_clean_pending_list('mot_trigrammes')")
        curseur.execute("ANALYZE parcours_mot")
        curseur.execute(f"EXPLAIN {PROCHES}", [["menusier"]])
        plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
        assert "mot_trigrammes" in plan, plan
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        requete = Offre.objects.filter(recherche=SearchQuery("menuiserie", config=CONFIG_RECHERCHE))
        assert "offre_recherche" in requete.order_by().explain()


def test_autour_d_un_lieu_les_plus_proches_d_abord(client: Client, trois_offres: list[Offre]) -> None:
    html = _page(client, lieu="Roubaix", rayon="30")
    assert _titres(html) == ["Cuisine collective", "Menuiserie bois"]
    assert "(sur place)" in html
    assert re.search(r"Lille \(59\) <strong>\((9|10|11)(,\d)? km\)", html)
    assert _titres(_page(client, lieu="59100", rayon="5")) == ["Cuisine collective"]
    assert len(_titres(_page(client, lieu="Roubaix", rayon="tout"))) == 3


def test_sans_lieu_les_plus_recentes_d_abord(client: Client, db: None) -> None:
    maintenant = calendrier.fin_du_jour(calendrier.aujourdhui())
    for rang, titre in enumerate(("Ancienne", "Moyenne", "Neuve")):
        offre_en(LILLE, intitule=titre, publiee_le=maintenant - dt.timedelta(days=9 - rang))
    assert _titres(_page(client)) == ["Neuve", "Moyenne", "Ancienne"]


def test_un_lieu_ambigu_se_precise_par_un_lien(client: Client, trois_offres: list[Offre]) -> None:
    html = _page(client, lieu="Saint-Denis", q="cuisine")
    assert "Plusieurs communes répondent à « Saint-Denis »" in html
    liens = re.findall(r'href="(\?[^"]+)">Saint-Denis \(93200\)', html)
    assert liens and "q=cuisine" in liens[0]
    assert "à 30 km de Saint-Denis (93200)" in _page_de(client, liens[0])


def _page_de(client: Client, lien: str) -> str:
    return unescape(client.get(reverse("parcours:offres") + lien).content.decode()).replace("\u00a0", " ")


def test_un_lieu_mal_ecrit_se_propose_sans_etre_devine(client: Client, trois_offres: list[Offre]) -> None:
    html = _page(client, lieu="Roubai")
    assert "Nous ne trouvons pas « Roubai »" in html and "Roubaix (59100)" in html
    assert len(_titres(html)) == 3
    assert "Nous ne trouvons pas « 🚚🚚 »" in _page(client, lieu="🚚🚚")


def test_duree_domaine_dates_se_combinent(client: Client, trois_offres: list[Offre]) -> None:
    assert sorted(_titres(_page(client, durees=["150", "450"]))) == ["Agent d'accueil", "Menuiserie bois"]
    assert _titres(_page(client, domaines=["administration"])) == ["Agent d'accueil"]
    assert _titres(_page(client, durees=["150", "450"], domaines=["administration"])) == ["Agent d'accueil"]
    loin = calendrier.aujourdhui() + dt.timedelta(days=3000)
    assert _titres(_page(client, du=loin.isoformat())) == []
    Offre.objects.filter(intitule="Cuisine collective").update(date_fin=loin)
    assert _titres(_page(client, du=(loin - dt.timedelta(days=5)).isoformat())) == ["Cuisine collective"]
    avant = calendrier.aujourdhui() - dt.timedelta(days=5)
    assert _titres(_page(client, au=avant.isoformat())) == []


def test_chaque_filtre_actif_est_montre_et_s_enleve_seul(client: Client, trois_offres: list[Offre]) -> None:
    html = _page(client, q="cuisine", lieu="Roubaix", rayon="20", durees=["300"], domaines=["restauration"])
    etiquettes = dict(re.findall(r'<li><a href="(\?[^"]*)">([^<]+)<span class="fr-sr-only"> : retirer', html))
    assert sorted(etiquettes.values()) == ["300 h", "Restauration-cuisine", "« cuisine »", "à 20 km de Roubaix (59100)"]
    sans_duree = next(lien for lien, libelle in etiquettes.items() if libelle == "300 h")
    assert "durees" not in sans_duree and "q=cuisine" in sans_duree and "domaines=restauration" in sans_duree


def test_rien_trouve_elargit(client: Client, trois_offres: list[Offre]) -> None:
    html = _page(client, lieu="Roubaix", rayon="5", q="menuiserie")
    assert "Aucune offre ne répond" in html
    assert "Dans toute la France : 1 offre" in html
    assert "Sans « menuiserie » : 1 offre" in html
    html = _page(client, lieu="Arras", rayon="30", domaines=["logistique"])
    assert "À 50 km : 1 offre" in html


def test_la_premiere_offre_est_encore_a_venir(client: Client, db: None) -> None:
    html = _page(client)
    assert "Il n’y a pas encore d’offre ici" in html
    assert "Aucune offre" not in _page(client, page="7")[:200]


def test_pages_stables_et_bornees(client: Client, db: None) -> None:
    publiee = calendrier.fin_du_jour(calendrier.aujourdhui())
    for rang in range(PAR_PAGE + 5):
        offre_en(LILLE, intitule=f"Offre {rang}", publiee_le=publiee)
    une, deux = _titres(_page(client)), _titres(_page(client, page=2))
    assert (len(une), len(deux)) == (PAR_PAGE, 5)
    assert len({*une, *deux}) == PAR_PAGE + 5
    assert _titres(_page(client, page=99)) == deux
    for absurde in ("0", "-3", "abc", "1e9", "9" * 50, "²"):
        assert _titres(_page(client, page=absurde)) in (une, deux)
    assert "25 offres" in _page(client)
    assert _titres(_page(client, lieu="Lille", page=2)) == _titres(_page(client, lieu="Lille", page=2))


def test_au_dela_de_la_carte_la_derniere_page_est_entiere(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raccord.parcours.acces.recherche.POINTS_SUR_LA_CARTE", 30)
    for _ in range(45):
        offre_en(LILLE)
    lille = Commune.objects.get(pk=LILLE)
    for criteres in (Criteres(), Criteres(commune=lille, rayon=30), Criteres(commune=lille)):
        vues = [offre.pk for numero in (1, 2, 3) for offre in chercher(criteres, numero=numero).page]
        assert len(vues) == 45 and vues == sorted(set(vues)), criteres  # all equal but for the id
        resultats = chercher(criteres, numero=2)
        assert (resultats.total, resultats.page.number, len(resultats.sur_la_carte)) == (45, 2, PAR_PAGE)


def test_la_carte_montre_tout_quand_c_est_peu(db: None) -> None:
    for _ in range(PAR_PAGE + 3):
        offre_en(LILLE)
    assert len(chercher(Criteres()).sur_la_carte) == PAR_PAGE + 3
    assert len(chercher(Criteres(q="découverte"), numero=2).sur_la_carte) == PAR_PAGE + 3


def test_htmx_recoit_les_resultats_seuls(client: Client, trois_offres: list[Offre]) -> None:
    adresse = reverse("parcours:offres") + "?q=cuisine"
    partie = client.get(adresse, headers={"HX-Request": "true"})
    entiere = client.get(adresse)
    assert partie.content.decode().strip() in entiere.content.decode()
    assert b"<html" not in partie.content
    assert "HX-Request" in partie["Vary"]


def test_seul_le_publie_se_trouve(client: Client, db: None) -> None:
    hier = calendrier.aujourdhui() - dt.timedelta(days=1)
    for etat in EtatOffre.values:
        offre_en(LILLE, etat=etat, intitule=f"En état {etat}")
    offre_en(LILLE, intitule="Périmée", date_debut=hier - dt.timedelta(days=9), date_fin=hier)
    assert _titres(_page(client)) == ["En état publiee"]
    assert _titres(_page(client, q="perimee")) == []


def test_rien_du_niveau_2_n_est_meme_lu(client: Client, distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    with CaptureQueriesContext(connection) as requetes:
        html = _page(client)
    for sql in requetes.captured_queries:
        assert "referent" not in sql["sql"] and "comptes_contact" not in sql["sql"] and "fiche" not in sql["sql"]
    for secret in (distribution.referent.nom, distribution.referent.courriel, offre.fiche.poste_travail, offre.adresse):
        assert secret not in html


@pytest.mark.parametrize(
    "parametres",
    [
        {"q": "x" * 10_000},
        {"q": "\u202egnirts\u0000"},
        {"q": "🚚 camion 🧰"},
        {"q": "a' OR 1=1; --"},
        {"q": "& | ! ( ) : *"},
        {"q": "شاحنة"},
        {"lieu": "y" * 10_000},
        {"lieu": "<script>alert(1)</script>"},
        {"rayon": "beaucoup", "lieu": "Lille"},
        {"durees": "200"},
        {"durees": "abc", "domaines": "n'existe pas"},
        {"du": "31/02/2026"},
        {"du": "2026-12-31", "au": "2026-01-01"},
        {"du": "0001-01-01", "au": "9999-12-31"},
        {"page": "\u0000"},
    ],
)
def test_une_adresse_absurde_recoit_une_phrase(
    client: Client, trois_offres: list[Offre], parametres: dict[str, str]
) -> None:
    html = _page(client, **parametres)
    if "du" in parametres or ("q" in parametres and len(parametres["q"]) > 1000):
        assert "Le reste de votre recherche est pris en compte." in html


def test_ce_qui_est_tape_ne_devient_jamais_du_code(client: Client, db: None) -> None:
    brut = client.get(reverse("parcours:offres"), {"q": '"><script>alert(1)</script>', "lieu": "<b>ici</b>"})
    assert b"<script>alert" not in brut.content and b"<b>ici" not in brut.content


def test_une_saisie_refusee_reste_dans_sa_case(client: Client, trois_offres: list[Offre]) -> None:
    reponse = client.get(reverse("parcours:offres"), {"q": "x" * 500})
    assert "x" * 500 in reponse.content.decode()
    assert "trop long" in reponse.content.decode()


def test_meme_nombre_de_requetes_pour_une_et_pour_beaucoup(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    offre_en(LILLE)
    with django_assert_num_queries(1):
        client.get(reverse("parcours:offres"))
    for _ in range(19):
        offre_en(ARRAS)
    with django_assert_num_queries(1):
        client.get(reverse("parcours:offres"))
    for _ in range(20):
        offre_en(AMIENS)
        offre_en(PARIS_7)
    with django_assert_num_queries(1):
        client.get(reverse("parcours:offres"))


@pytest.mark.parametrize(
    ("rayon", "dit"), [("60", "à 60 km de Lille"), ("0", "à 30 km"), ("9999", "à 30 km"), ("-4", "à 30 km")]
)
def test_un_autre_rayon_dans_l_adresse(client: Client, trois_offres: list[Offre], rayon: str, dit: str) -> None:
    html = _page(client, lieu="Lille", rayon=rayon)
    assert dit in html
    choisi = re.findall(r'<option value="(\d+)"\s+selected', html)
    assert choisi == [rayon if rayon == "60" else "30"]
