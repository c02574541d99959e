"""Finding a commune: suggestions, and the reading of one entry."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from raccord.territoires import recherche
from raccord.territoires.models import VILLES_A_ARRONDISSEMENTS, Commune
from raccord.territoires.noms import normaliser
from raccord.territoires.recherche import Issue, chercher_communes, commune_depuis_saisie

pytestmark = pytest.mark.django_db

SAISIES_ETRANGES = [
    "",
    " ",
    "\x00",
    "lille\x00",
    "🙂",
    "😀 Lille",
    "%",
    "_",
    "'; --",
    "a" * 10_000,
    "٣٤",
    "\ud800",
    "()",
]

TROUVEES_EN_PREMIER = [
    ("Paris", "Paris (75)"),
    ("75007", "Paris 7e Arrondissement (75007)"),
    ("paris 7", "Paris 7e Arrondissement (75007)"),
    ("Paris VIIe 75007", "Paris 7e Arrondissement (75007)"),
    ("lyon 3ème", "Lyon 3e Arrondissement (69003)"),
    ("marseille 01er arrondissement", "Marseille 1er Arrondissement (13001)"),
    ("59000", "Lille (59000)"),
    ("5900", "Lille (59000)"),
    ("lille 59", "Lille (59000)"),
    ("LILLE", "Lille (59000)"),
    ("nimes", "Nîmes (30000)"),
    ("besancon", "Besançon (25000)"),
    ("l’hay les roses", "L'Haÿ-les-Roses (94240)"),
    ("oeting", "Œting (57600)"),
    ("st denis 93", "Saint-Denis (93200)"),
    ("Ste-Maxime", "Sainte-Maxime (83120)"),
    ("saint etienne", "Saint-Étienne (42000)"),
    ("havre", "Le Havre (76600)"),
    ("cherbourg", "Cherbourg-en-Cotentin (50100)"),
    ("Y", "Y (80190)"),
    ("97133", "Saint-Barthélemy (97133)"),
    ("27 rue Oudinot 75007 Paris", "Paris 7e Arrondissement (75007)"),
]
FAUTES = [
    ("grenobel", "Grenoble (38000)"),
    ("grennoble", "Grenoble (38000)"),
    ("marseile", "Marseille (13)"),
    ("toulousse", "Toulouse (31000)"),
    ("bordaux", "Bordeaux (33000)"),
    ("strasburg", "Strasbourg (67000)"),
    ("monpellier", "Montpellier (34000)"),
    ("st etiene", "Saint-Étienne (42000)"),
    ("nantte", "Nantes (44000)"),
    ("lile", "Lille (59000)"),
    ("clermont ferand", "Clermont-Ferrand (63000)"),
    ("aix en provance", "Aix-en-Provence (13080)"),
    ("saint jermain en laye", "Saint-Germain-en-Laye (78100)"),
    ("bour en bresse", "Bourg-en-Bresse (01000)"),
    ("villeneuve dascq", "Villeneuve-d'Ascq (59491)"),
    ("asniere sur seine", "Asnières-sur-Seine (92600)"),
    ("perpignant", "Perpignan (66000)"),
    ("creteille", "Créteil (94000)"),
    ("boulogne billancour", "Boulogne-Billancourt (92100)"),
    ("sarcele", "Sarcelles (95200)"),
    ("charlville meziere", "Charleville-Mézières (08000)"),
    ("epinay sur sene", "Épinay-sur-Seine (93800)"),
    ("mamoudzu", "Mamoudzou (97600)"),
]


@pytest.mark.parametrize(("saisie", "libelle"), TROUVEES_EN_PREMIER + FAUTES)
def test_la_bonne_commune_vient_en_premier(saisie: str, libelle: str) -> None:
    assert [commune.libelle for commune in chercher_communes(saisie)][:1] == [libelle]


def test_une_faute_qui_commence_un_autre_nom_n_est_pas_perdue() -> None:
    assert "Rennes (35000)" in [commune.libelle for commune in chercher_communes("renes")]


def test_entre_homonymes_la_plus_grande_ville_vient_en_premier() -> None:
    trouvees = [commune for commune in chercher_communes("saint-denis", 4) if commune.nom == "Saint-Denis"]
    assert [commune.departement_id for commune in trouvees] == ["974", "93", "11", "30"]


def test_la_limite_est_tenue() -> None:
    assert len(chercher_communes("saint")) == 10
    assert len(chercher_communes("saint", 3)) == 3
    assert len(chercher_communes("grenobel", 2)) == 2


@pytest.fixture
def _lectures_oubliees() -> Iterator[None]:
    commune_depuis_saisie.cache_clear()
    yield
    commune_depuis_saisie.cache_clear()


@pytest.mark.usefixtures("_lectures_oubliees")
@pytest.mark.django_db(databases=["default", "proprietaire"])
def test_une_commune_disparue_n_est_plus_proposee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Commune.objects, "_db", "proprietaire")  # the owner's transaction alone sees its change
    Commune.objects.filter(pk="59350").update(en_vigueur=False)
    assert chercher_communes("59000") == []
    assert commune_depuis_saisie("59000 Lille").commune is None


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(alphabet="saintlepr -'0123456789()", max_size=25)))
@example("a" * 10_000)
@example("\x00")
@example("(59)")
@example("59000 " * 40)
def test_chercher_ne_tombe_jamais_et_repond_toujours_pareil(saisie: str) -> None:
    trouvees = chercher_communes(saisie)
    assert trouvees == chercher_communes(saisie)
    assert len(trouvees) <= 10
    assert len(set(trouvees)) == len(trouvees)
    lecture = commune_depuis_saisie(saisie)
    assert (lecture.issue is Issue.UNIQUE) == (lecture.commune is not None)
    assert lecture.issue is not Issue.PLUSIEURS or len(lecture.communes) > 1


@pytest.mark.parametrize("saisie", SAISIES_ETRANGES)
def test_une_saisie_etrange_ne_trouve_rien_ou_trouve_sans_tomber(saisie: str) -> None:
    attendu = ["Lille"] if "ille" in saisie else []
    assert [commune.nom for commune in chercher_communes(saisie)][:1] == attendu


UNIQUES = [
    ("Lille", "59350"),
    ("lille", "59350"),
    ("59000", "59350"),
    ("59800", "59350"),
    ("59000 Lille", "59350"),
    ("Lille 59000", "59350"),
    ("Lille (59000)", "59350"),
    ("Lille (59)", "59350"),
    ("Lille, Nord", "59350"),
    ("59000 Lile", "59350"),
    ("12 rue des Lilas 59000", "59350"),
    ("12 rue des Lilas, 59000 LILLE, France", "59350"),
    ("59033 Lille Cedex", "59350"),
    ("BP 12345 59000 Lille", "59350"),
    ("27 rue Oudinot 75007 Paris", "75107"),
    ("Asnières-sur-Seine 92600", "92004"),
    ("Créteil 94000", "94028"),
    ("78000 Versailles", "78646"),
    ("Grenoble", "38185"),
    ("38000 Grenobel", "38185"),
    ("Toulouse 31000", "31555"),
    ("Paris", "75056"),
    ("Paris (75)", "75056"),
    ("75007", "75107"),
    ("paris 7e", "75107"),
    ("Paris 75116", "75116"),
    ("75340 Paris Cedex 07", "75056"),
    ("Marseille (13)", "13055"),
    ("3 rue de Paris 93200 Saint-Denis", "93066"),
    ("saint denis la réunion", "97411"),
    ("Bourg-en-Bresse 01", "01053"),
    ("Ajaccio 20090", "2A004"),
    ("Bastia (2b)", "2B033"),
    ("Bors (Canton de Charente-Sud)", "16053"),
]


@pytest.mark.parametrize(("saisie", "code"), UNIQUES)
def test_une_saisie_claire_designe_une_commune(saisie: str, code: str) -> None:
    lecture = commune_depuis_saisie(saisie)
    assert (lecture.issue, [commune.code for commune in lecture.communes]) == (Issue.UNIQUE, [code])


AMBIGUES = [
    ("Saint-Denis", ["97411", "93066"]),
    ("Marseille 13", ["13055", "13213"]),
    ("59000 Roubaix", ["59350", "59512"]),
    ("12 rue de Roubaix 59000", ["59350", "59512"]),
    ("75007 Paris 8", ["75107", "75108"]),
    ("58120", ["58062"]),
]


@pytest.mark.parametrize(("saisie", "candidates"), AMBIGUES)
def test_une_saisie_ambigue_propose_les_candidates(saisie: str, candidates: list[str]) -> None:
    """Never a silent guess: two communes of that name, or a name and a postcode that disagree."""
    lecture = commune_depuis_saisie(saisie)
    assert lecture.issue is Issue.PLUSIEURS
    assert lecture.commune is None
    assert [commune.code for commune in lecture.communes][: len(candidates)] == candidates


PROPOSEES = [
    ("Grenobel", "38185"),
    ("59000 Rouubaix", "59350"),
    ("99999 Lille", "59350"),
    ("rue Oudinot, Paris", "75056"),
    ("Château-Chinon", "58062"),
    ("93380 Pierrefite-sur-Seine", "93066"),
]


@pytest.mark.parametrize(("saisie", "code"), PROPOSEES)
def test_une_saisie_douteuse_est_proposee_jamais_prise(saisie: str, code: str) -> None:
    lecture = commune_depuis_saisie(saisie)
    assert (lecture.issue, lecture.commune) == (Issue.AUCUNE, None)
    assert lecture.communes[0].code == code


@pytest.mark.parametrize("saisie", ["", "   ", "🙂", "xyzzyq", "99999", "a" * 10_000, "(75)"])
def test_rien_ne_designe_rien(saisie: str) -> None:
    assert commune_depuis_saisie(saisie).issue is Issue.AUCUNE


def test_aller_retour_de_toutes_les_communes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every commune, under each of its postcodes, is read back from its own label.

    The two look-ups are answered from memory (tens of thousands of queries would take minutes); the next test
    compares them with the database.
    """
    par_nom, par_code = _annuaire()
    monkeypatch.setattr(
        recherche, "communes_nommees", lambda noms: [c for nom in dict.fromkeys(noms) for c in par_nom[nom]]
    )
    monkeypatch.setattr(recherche, "communes_au_code", lambda codes: [c for code in codes for c in par_code[code]])
    communes = [commune for homonymes in list(par_nom.values()) for commune in homonymes]
    assert len(communes) == 35_008
    perdues = [
        (libelle, commune.code)
        for commune in communes
        for libelle in {commune.libelle_avec(code) for code in commune.codes_postaux}
        if commune_depuis_saisie(libelle).commune != commune
    ]
    assert perdues == []


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_l_annuaire_de_memoire_repond_comme_la_base(alea: object) -> None:
    par_nom, par_code = _annuaire()
    nom, code = alea.choice(sorted(par_nom)), alea.choice(sorted(par_code))  # type: ignore[attr-defined]
    assert set(recherche.communes_nommees([nom])) == set(par_nom[nom])
    assert set(recherche.communes_au_code([code])) == set(par_code[code])


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_aller_retour_par_la_base(alea: object) -> None:
    par_nom, _ = _annuaire()
    for commune in par_nom[alea.choice(sorted(par_nom))]:  # type: ignore[attr-defined]
        assert commune_depuis_saisie(commune.libelle).commune == commune


Annuaire = defaultdict[str, list[Commune]]
_MEMOIRE: list[tuple[Annuaire, Annuaire]] = []


def _annuaire() -> tuple[Annuaire, Annuaire]:
    """All communes by normalised name and by postcode, largest first; read once."""
    if not _MEMOIRE:
        par_nom: Annuaire = defaultdict(list)
        par_code: Annuaire = defaultdict(list)
        for commune in Commune.objects.en_vigueur().select_related("departement").order_by("-population", "code"):
            par_nom[commune.cle].append(commune)
            for code in commune.codes_postaux:
                par_code[code].append(commune)
        _MEMOIRE.append((par_nom, par_code))
    return _MEMOIRE[0]


@pytest.mark.parametrize(
    ("texte", "cle"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("ST-ÉTIENNE", "saint etienne"),
        ("Œting", "oeting"),
        ("Paris 7ᵉ", "paris 7"),
        ("Paris 07", "paris 7"),
        ("Lyon 1er Arrondissement", "lyon 1"),
        ("７５００７", "75007"),
        ("06000 Nice", "06000 nice"),
    ],
)
def test_normaliser(texte: str, cle: str) -> None:
    assert normaliser(texte) == cle
    assert normaliser(cle) == cle


def test_les_villes_a_arrondissements_sont_celles_du_fichier() -> None:
    arrondissements = Commune.objects.filter(genre=Commune.Genre.ARRONDISSEMENT)
    villes = {commune.cle.rsplit(" ", 1)[0] for commune in arrondissements}
    assert {commune.code for commune in recherche.communes_nommees(sorted(villes))} == VILLES_A_ARRONDISSEMENTS
