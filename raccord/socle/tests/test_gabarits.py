"""Words, figures and components: what a reader sees for what a template is given."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from raccord.socle import mots
from raccord.socle.gabarits import Colonne, LigneFil, PointCarte, contexte_commun
from raccord.socle.templatetags import raccord as composants

PARIS = ZoneInfo("Europe/Paris")
JEUDI = dt.date(2026, 3, 12)
MIDI = dt.datetime(2026, 3, 12, 12, 0, tzinfo=PARIS)


def simple(texte: str) -> str:
    """Ordinary spaces, to compare without hunting for invisible ones."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def rendre(source: str, **contexte: Any) -> str:
    """A piece of template, with our builtins, on one line."""
    return " ".join(simple(Template(source).render(Context(contexte))).split())


@pytest.mark.parametrize(
    ("nombre", "formes", "attendu"),
    [
        (0, "offre", "0 offre"),
        (1, "offre disponible", "1 offre disponible"),
        (3, "offre disponible", "3 offres disponibles"),
        (2, "cheval,chevaux", "2 chevaux"),
        (5, "mois", "5 mois"),
        (1500, "heure", "1 500 heures"),
        (None, "jeune", "0 jeune"),
    ],
)
def test_pluriel(nombre: int | None, formes: str, attendu: str) -> None:
    assert simple(mots.pluriel(nombre, formes)) == attendu


@pytest.mark.parametrize(
    ("nombre", "attendu"),
    [
        (300, "300 h"),
        (Decimal("7.5"), "7 h 30"),
        (0, "0 h"),
        (Decimal("-0.25"), "-0 h 15"),
        (12500, "12 500 h"),
        (None, ""),
        (Decimal("7.999"), "8 h"),
    ],
)
def test_heures(nombre: Decimal | int | None, attendu: str) -> None:
    assert simple(mots.heures(nombre)) == attendu


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [(12500, "12 500 €"), (Decimal("12500.5"), "12 500,50 €"), (0, "0 €"), (None, ""), (Decimal("4.35"), "4,35 €")],
)
def test_euros(montant: Decimal | int | None, attendu: str) -> None:
    assert simple(mots.euros(montant)) == attendu


@pytest.mark.parametrize(
    ("km", "attendu"),
    [(0.4, "sur place"), (4.24, "4,2 km"), (9.99, "10 km"), (57.3, "57 km"), (None, ""), (0, "sur place")],
)
def test_distance(km: float | None, attendu: str) -> None:
    assert simple(mots.distance_km(km)) == attendu


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_un_nombre_se_relit(nombre: Decimal) -> None:
    assert Decimal(mots.nombre_fr(nombre).replace(mots.FINE, "").replace(",", ".")) == nombre


def test_dates() -> None:
    assert mots.date_fr(JEUDI) == "12 mars 2026"
    assert mots.date_fr(dt.date(2026, 5, 1), "jour") == "vendredi 1er mai 2026"
    assert mots.date_fr(JEUDI, "courte") == "12/03/2026"
    assert mots.date_fr(None) == ""
    # 23:30 in London is already the next day in Paris.
    assert mots.date_fr(dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC)) == "13 mars 2026"
    assert simple(mots.moment_fr(dt.datetime(2026, 3, 12, 14, 30, tzinfo=PARIS))) == "jeudi 12 mars 2026 à 14 h 30"
    assert simple(mots.heure_fr(dt.time(9, 0))) == "9 h"


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (JEUDI, dt.date(2026, 5, 1), "du 12 mars au 1er mai 2026"),
        (dt.date(2025, 12, 1), JEUDI, "du 1er décembre 2025 au 12 mars 2026"),
        (JEUDI, JEUDI, "le 12 mars 2026"),
        (JEUDI, None, "à partir du 12 mars 2026"),
        (None, JEUDI, "jusqu’au 12 mars 2026"),
        (None, None, ""),
    ],
)
def test_periode(debut: dt.date | None, fin: dt.date | None, attendu: str) -> None:
    assert mots.periode(debut, fin) == attendu


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        (dt.timedelta(seconds=-20), "à l’instant"),
        (dt.timedelta(minutes=-5), "il y a 5 minutes"),
        (dt.timedelta(hours=3), "dans 3 heures"),
        (dt.timedelta(days=-1), "hier"),
        (dt.timedelta(days=2), "après-demain"),
        (dt.timedelta(days=-9), "il y a 9 jours"),
        (dt.timedelta(days=21), "dans 3 semaines"),
        (dt.timedelta(days=-90), "il y a 3 mois"),
        (dt.timedelta(days=-800), "il y a 2 ans"),
    ],
)
def test_duree_relative(ecart: dt.timedelta, attendu: str) -> None:
    assert simple(mots.duree_relative(MIDI + ecart, MIDI)) == attendu


@pytest.mark.parametrize(
    ("jours", "attendu", "ton"),
    [
        (10, "il reste 10 jours", "neutre"),
        (3, "il reste 3 jours", "attention"),
        (1, "dernier jour demain", "attention"),
        (0, "dernier jour aujourd’hui", "attention"),
        (-1, "en retard de 1 jour", "erreur"),
        (-2, "en retard de 2 jours", "erreur"),
    ],
)
def test_jours_restants(jours: int, attendu: str, ton: str) -> None:
    echeance = JEUDI + dt.timedelta(days=jours)
    assert simple(mots.jours_restants(echeance, JEUDI)) == attendu
    assert composants.ton_echeance(echeance, JEUDI) == ton


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+262692123456", "0692 12 34 56"),
        ("+3225551212", "+32 2 555 12 12"),
        ("inconnu", "inconnu"),
        (None, ""),
    ],
)
def test_telephone(numero: str | None, attendu: str) -> None:
    assert simple(mots.telephone_fr(numero)) == attendu


def test_petits_mots() -> None:
    assert simple(mots.siret_fr("13002526500013")) == "130 025 265 00013"
    assert mots.liste_fr(["a", "b", "c"]) == "a, b et c"
    assert mots.liste_fr(["a"]) == "a"
    assert mots.liste_fr(None) == ""
    assert (mots.oui_non(True), mots.oui_non(False), mots.oui_non(None)) == ("oui", "non", "non renseigné")
    assert mots.majuscule("état des lieux") == "État des lieux"


def test_etat_dit_le_mot_et_pas_seulement_la_couleur() -> None:
    objet = SimpleNamespace(etat="publiee", get_etat_display=lambda: "publiée")
    assert composants.etat(objet) == '<span class="rc-badge rc-badge--succes">Publiée</span>'
    inconnu = SimpleNamespace(etat="jamais_vu", get_etat_display=lambda: "jamais vu")
    assert "rc-badge--neutre" in composants.etat(inconnu)


def test_un_refus_desactive_le_bouton_et_dit_pourquoi() -> None:
    html = rendre('{% bouton_action "Réserver" "/x/" refus="Déjà réservée." %}')
    assert "disabled" in html and "Déjà réservée." in html and "<form" not in html
    assert 'action="/x/"' in rendre('{% bouton_action "Réserver" "/x/" champs=champs %}', champs={"a": "<b>"})
    assert 'value="&lt;b&gt;"' in rendre('{% bouton_action "Réserver" champs=champs %}', champs={"a": "<b>"})
    assert "disabled" in rendre('{% bouton "Voir" refus="Pas encore." %}')


def test_le_jeton_csrf_suit_le_bouton() -> None:
    request = RequestFactory().get("/")
    html = Template('{% bouton_action "Réserver" %}').render(RequestContext(request, {}))
    assert "csrfmiddlewaretoken" in html


def test_ce_qui_vient_d_une_personne_est_echappe() -> None:
    malin = "<script>alert(1)</script>"
    for source in (
        "{% ligne malin malin %}",
        "{% badge malin %}",
        "{% courriel malin %}",
        "{% encart malin %}x{% endencart %}",
        "{% alerte malin %}{{ malin }}{% endalerte %}",
        "{% explication malin source=malin %}{{ malin }}{% endexplication %}",
        "{% carte_offre malin '/x/' entreprise=malin lieu=malin raisons=liste domaines=liste %}",
        "{% carte_attente malin qui=malin objet=malin ensuite=malin %}",
        "{% fil lignes %}",
        "{% tableau malin liste tableau %}",
        "{% donnees_json 'x' malin %}",
        "{% liste_vide malin malin %}",
    ):
        ligne = LigneFil(le=MIDI, qui=malin, texte=malin, detail=malin, organisation=malin)
        html = rendre(source, malin=malin, liste=[malin], lignes=[ligne], tableau=[[malin]])
        assert "<script>alert" not in html, source


def test_fiche() -> None:
    html = rendre(
        '{% fiche %}{% ligne "Vide" v %}{% ligne "Tu" v vide="" %}{% ligne "Jour" jour %}{% ligne "Oui" True %}'
        '{% ligne "Texte" t %}{% ligne_bloc "Bloc" %}<b>gras</b>{% endligne_bloc %}{% endfiche %}',
        v="",
        jour=JEUDI,
        t="une\ndeux",
    )
    assert "Non renseigné" in html and "<dt>Tu</dt>" not in html
    assert "<dd>12 mars 2026</dd>" in html and "<dd>Oui</dd>" in html
    assert "une<br>deux" in html and "<dd><b>gras</b></dd>" in html


def test_fil_vide_et_plein() -> None:
    assert "rien passé" in rendre("{% fil lignes %}", lignes=[])
    html = rendre("{% fil lignes %}", lignes=[LigneFil(le=JEUDI, texte="l’offre a été publiée", url="/o/")])
    assert "L’offre a été publiée" in html and 'datetime="2026-03-12"' in html and 'href="/o/"' in html


def test_pagination_garde_les_filtres() -> None:
    request = RequestFactory().get("/offres/", {"q": "accueil & vente", "page": "2"})
    page = Paginator(range(200), 10).page(7)
    html = Template("{% pagination page %}").render(RequestContext(request, {"page": page}))
    assert "?q=accueil+%26+vente&amp;page=8" in html and 'aria-current="page"' in html
    assert "page=2&" not in html
    seule = Paginator(range(3), 10).page(1)
    assert Template("{% pagination page %}").render(RequestContext(request, {"page": seule})).strip() == ""


def test_tableau_nomme_ses_cases_pour_le_telephone() -> None:
    html = rendre(
        "{% tableau 'Offres' colonnes lignes %}", colonnes=["Nom", Colonne("Heures", nombre=True)], lignes=[["A", 300]]
    )
    assert '<th scope="row">A</th>' in html and 'data-titre="Heures" class="rc-nombre"' in html
    with pytest.raises(ValueError, match="zip"):
        rendre("{% tableau 'Offres' colonnes lignes %}", colonnes=["Nom"], lignes=[["A", 300]])


def test_jalons_et_jauge() -> None:
    html = rendre("{% jalons liste %}", liste=[{"libelle": "Offre", "etat": "fait", "detail": "3 mars"}])
    assert "Fait, 3 mars" in html
    assert 'value="127.5" max="300"' in rendre('{% jauge "Heures" fait 300 %}', fait=Decimal("127.5"))
    assert 'max="1"' in rendre('{% jauge "Heures" 0 0 %}')


def test_carte_geographique_sans_script_reste_cachee() -> None:
    point = PointCarte(latitude=50.63, longitude=3.06, titre='"><b>', url="/o/1/")
    html = rendre("{% carte_geographique points %}", points=[point])
    assert "hidden" in html and "<b>" not in html and "<script" not in html


def test_fil_ariane() -> None:
    html = rendre('{% fil_ariane "Ici" "Accueil" "/" "Offres" "/offres/" %}')
    assert html.index('href="/"') < html.index('href="/offres/"') < html.index('aria-current="page"')


def test_contexte_commun_se_passe_de_requete() -> None:
    contexte = contexte_commun(None)
    assert contexte["service_nom"] == "Raccord" and contexte["navigation"] == []
