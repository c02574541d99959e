"""The engine, by cases that people meet and by properties that hold whatever the lists."""

import random
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from raccord.comparateur import entrainement, niveaux
from raccord.comparateur.explication import expliquer_paire
from raccord.comparateur.modele import charger, enregistrer, sans
from raccord.comparateur.moteur import modele_retenu
from raccord.comparateur.tests.outils import base, comparer, liens, liste, personne

SANS_INE = {"ine": ""}
MEMES = [
    ("accents, casse et tirets", {"nom": "BÉN-HADDOU"}, {"nom": "ben haddou"}),
    ("particule collée", {"nom": "De La Fontaine"}, {"nom": "DELAFONTAINE"}),
    ("particule perdue", {"nom": "El Amrani"}, {"nom": "Amrani"}),
    ("nom composé coupé", {"nom": "Dupuis-Marchand"}, {"nom": "Marchand"}),
    ("nom composé inversé", {"nom": "Dupuis-Marchand"}, {"nom": "Marchand Dupuis"}),
    ("nom et prénom échangés", {}, {"nom": "Yasmine", "prenom": "Belhadj"}),
    ("nom d’usage", {"nom": "Belhadj", "nom_usage": "Carpentier"}, {"nom": "Carpentier"}),
    ("variante du prénom", {"prenom": "Mohamed", "sexe": "M"}, {"prenom": "Muhammad", "sexe": "M"}),
    ("second prénom", {"prenom": "Yasmine", "prenom2": "Clara"}, {"prenom": "Clara"}),
    ("second prénom, de l’autre côté", {"prenom": "Clara"}, {"prenom": "Yasmine", "prenom2": "Clara"}),
    ("faute de frappe", {"nom": "Belhadj"}, {"nom": "Belhdaj"}),
    ("jour et mois échangés", {"date_naissance": "2008-03-04"}, {"date_naissance": "04-03-2008"}),
    ("jour et mois inversés", {"date_naissance": "2008-03-04"}, {"date_naissance": "2008-04-03"}),
    ("1er janvier par défaut", {"date_naissance": "2008-03-14"}, {"date_naissance": "01/01/2008"}),
    ("déménagement", {}, {"code_postal": "59000", "commune": "Lille", "adresse": "3 place du Marché"}),
]
DEUX_FAUTES = [
    ("noms échangés, jour et mois inversés", {"date_naissance": "2008-03-04"},
     {"nom": "Yasmine", "prenom": "Belhadj", "date_naissance": "2008-04-03"}),
    ("faute dans le nom et dans le prénom", {"commune_naissance": "", "nom": "Belhadj", "prenom": "Yasmine"},
     {"nom": "Velhadj", "prenom": "Tasmine"}),
    ("faute dans le nom, un chiffre du jour", {"date_naissance": "2008-03-14"},
     {"nom": "Belhqdj", "date_naissance": "2008-03-24"}),
    ("prénom voisin, 1er janvier par défaut", {"prenom": "Yasmine", "date_naissance": "2008-03-14"},
     {"prenom": "Jasmine", "date_naissance": "2008-01-01"}),
]  # fmt: skip
NIVEAUX = [
    ("nom", "echange_moyen", {"nom": "Yasmine", "prenom": "Belhadj"}),
    ("nom", "echange", {"nom": "Yasmine", "prenom": "Belhaj"}),
    ("nom", "mot_courant", {"nom": "Belhadj-Carpentier"}),
    ("nom", "echange_faute", {"nom": "Yasmine", "prenom": "Bolqaj"}),
    ("prenom", "echange", {"nom": "Yasmine", "prenom": "Bolqaj"}),
    ("nom", "echange_demi", {"nom": "Yasmine", "prenom": "Olga"}),
    ("prenom", "echange_demi", {"nom": "Yasmine", "prenom": "Olga"}),
    ("nom", "mot_proche", {"nom": "Carpentier-Belhadg"}),
    ("prenom", "mot_proche", {"prenom": "Lou-Yasmone"}),
    ("prenom", "autre", {"prenom": "Belhaj"}),
    ("sexe", "meme_jour", {"prenom": "Inès"}),
    ("sexe", "autre_jour", {"prenom": "Adam", "sexe": "M"}),
    ("sexe", "meme", {"prenom": "Inès", "date_naissance": "2006-07-02"}),
    ("naissance", "annee_voisine", {"date_naissance": "2007-03-14"}),
    ("naissance", "chiffre_mois", {"date_naissance": "2008-02-14"}),
    ("naissance", "chiffre_jour", {"date_naissance": "2008-03-24"}),
    ("naissance", "chiffre_annee", {"date_naissance": "2003-03-14"}),
    ("naissance", "voisine", {"date_naissance": "2009-03-20"}),
    ("ine", "proche", {"ine": "1234567809A"}),
    ("ine", "autre", {"ine": "1234567801B"}),
]
AUTRES = [
    ("jumeau", {"prenom": "Adam", "sexe": "M"}),
    ("sœur", {"prenom": "Inès", "date_naissance": "2006-07-02"}),
    ("homonyme d’ailleurs", {"date_naissance": "2007-11-23", "commune_naissance": "59350", "code_postal": "59000",
                             "commune": "Lille", "adresse": "3 place du Marché"}),
    ("même INE, personne sans rapport", {"ine": "1234567890A", "nom": "Moreau", "prenom": "Lucas", "sexe": "M",
                                         "date_naissance": "2006-07-02", "commune_naissance": "59350",
                                         "code_postal": "59000", "commune": "Lille", "adresse": "3 place du Marché"}),
]  # fmt: skip


@pytest.mark.parametrize(("gauche", "droite"), [cas[1:] for cas in MEMES], ids=[cas[0] for cas in MEMES])
def test_une_meme_personne_est_retrouvee(gauche, droite):
    connexion = comparer(base([personne("S", **SANS_INE, **gauche)], [personne("I", **SANS_INE, **droite)]))
    assert liens(connexion).keys() == {"S"}
    assert liste(connexion) == set()


@pytest.mark.parametrize(("gauche", "droite"), [cas[1:] for cas in DEUX_FAUTES], ids=[cas[0] for cas in DEUX_FAUTES])
def test_deux_fautes_a_la_fois_n_empechent_pas_de_comparer(gauche, droite):
    une, autre = personne("S", **SANS_INE, **gauche), personne("I", **{**SANS_INE, "adresse": "", **droite})
    connexion = comparer(base([une], [autre]))
    assert connexion.execute("select s, i from paires").fetchall() == [(0, 0)]


def test_ce_qu_un_lien_sur_explique_n_est_pas_cherche_plus_loin():
    """Her enrolment is surely hers: the boy born the same day in the same town is not even compared with it."""
    autre = personne(
        "S2", nom="Moreau", prenom="Lucas", sexe="M", ine="9876501234B", commune_naissance="59350", adresse=""
    )
    connexion = comparer(base([personne("S1"), autre], [personne("I1")]))
    assert connexion.execute("select s, i from paires").fetchall() == [(0, 0)]


def test_qui_est_d_abord_pris_pour_un_autre_est_cherche_encore():
    """A person has said that the surest enrolment is not hers: she is looked for among the others."""
    autre = personne("I2", ine="", nom="Velhadj", prenom="Jasmine", commune_naissance="", adresse="")
    inscrits = [personne("I1"), autre]
    connexion = comparer(base([personne("S")], inscrits, [("S", "I1", "autre_personne")]))
    assert (0, 1) in connexion.execute("select s, i from paires").fetchall()


@pytest.mark.parametrize(("champ", "code", "droite"), NIVEAUX, ids=[f"{cas[0]} {cas[1]}" for cas in NIVEAUX])
def test_le_niveau_dit_ce_qui_rapproche(champ, code, droite):
    connexion = comparer(base([personne("S")], [personne("I", **droite)], [("S", "I", "meme_personne")]))
    (comparaison,) = (c for c in niveaux.modele_de_depart().comparaisons if c.champ == champ)
    (place,) = connexion.execute(f"select niveau_{champ} from paires").fetchone()
    assert comparaison.niveaux[place].code == code


def test_un_prenom_qui_va_avec_le_nom_en_dit_moins():
    """Yasmine is commoner among the Belhadj than among everybody: two Belhadj called Yasmine share less than that."""
    lettres = "abcdefghijklmnopqrst"
    autres = [
        personne(f"X{a}{b}", nom=f"Quo{a}{b}", prenom=f"Vu{a}{b}", date_naissance="", ine="", adresse="")
        for a in lettres
        for b in lettres
    ]
    gens = [personne(f"I{n}", ine="", date_naissance=f"2008-03-{n + 10}") for n in range(6)]
    autre = personne("I9", nom="Moreau", ine="")
    connexion = comparer(base([personne("S", ine="")], [*gens, autre, *autres]))
    poids = {
        qui: {ligne.champ: ligne.poids for ligne in expliquer_paire(connexion, modele_retenu(connexion), "S", qui)}
        for qui in ("I4", "I9")
    }
    assert poids["I4"]["prenom"] < poids["I9"]["prenom"]
    assert poids["I4"]["prenom"] > 0


@pytest.mark.parametrize("droite", [cas[1] for cas in AUTRES], ids=[cas[0] for cas in AUTRES])
def test_une_autre_personne_reste_sur_la_liste(droite):
    autre = personne("I", **{"ine": "", **droite})
    connexion = comparer(base([personne("S")], [autre]))
    assert liens(connexion) == {}
    assert liste(connexion) == {"S"}


def test_le_jumeau_d_un_inscrit_n_est_pas_pris_pour_lui():
    """His twin sister is enrolled: he stays on the list, although everything but the first name is theirs."""
    sortants = [personne("S1", **SANS_INE), personne("S2", prenom="Yanis", sexe="M", **SANS_INE)]
    connexion = comparer(base(sortants, [personne("I1", **SANS_INE)]))
    assert liens(connexion).keys() == {"S1"}
    assert liste(connexion) == {"S2"}


def test_deux_lignes_d_une_meme_personne_ne_sont_pas_rivales():
    sortants = [personne("S1"), personne("S2", source="CFA", ine="")]
    assert liens(comparer(base(sortants, [personne("I1")]))).keys() == {"S1", "S2"}


def test_trois_mille_ine_a_zero_ne_lient_personne():
    sortants = [personne(f"S{n}", ine="00000000000", nom=f"Nom{chr(65 + n % 26)}", prenom=f"Pre{n}") for n in range(60)]
    inscrits = [personne(f"I{n}", ine="00000000000", nom=f"Autre{n}", prenom=f"Zoe{n}") for n in range(60)]
    connexion = comparer(base(sortants, inscrits))
    assert connexion.execute("select count(*) from sortants_cles where ine is not null").fetchone() == (0,)


def test_mille_fois_le_meme_nom_ne_font_pas_un_million_de_paires():
    """Same name, first name, date and INE of zeros: what cannot be told apart is not compared one by one."""
    connexion = base([], [])
    for table, lettre, suite in (("sortants", "S", ", 200, false, null"), ("inscrits", "I", "")):
        connexion.execute(f"""
            insert into {table} select '{lettre}' || n, 'EN', '00000000000', 'Diallo', '', 'Mohamed', '', 'M',
                '2008-01-01', '99330', '93000', 'Bobigny', n || ' rue de Paris'{suite} from range(1000) as t(n)
        """)
    comparer(connexion)
    (paires,) = connexion.execute("select count(*) from paires").fetchone()
    assert paires <= 50_000


@pytest.mark.parametrize("decision", ["meme_personne", "autre_personne"])
def test_la_decision_d_une_personne_l_emporte(decision):
    sortant = personne("S")
    inscrit = (
        personne("I") if decision == "autre_personne" else personne("I", ine="", nom="Zola", prenom="Marc", sexe="M")
    )
    connexion = comparer(base([sortant], [inscrit], [("S", "I", decision)]))
    assert (liens(connexion).keys() == {"S"}) is (decision == "meme_personne")
    assert connexion.execute("select count(*) from a_verifier").fetchone() == (0,)


def test_un_foyer_porte_un_nom_aussi_rare_que_tous(monkeypatch):
    """Were rare names thought rarer in homes than elsewhere, a twin with a rare name would be taken for the other."""
    monkeypatch.setattr(entrainement, "MINIMUM", 1)
    noms = [f"{a}{b}" for a in ("Bel", "Quo", "Tra") for b in ("hadj", "rin", "ore", "mau", "sset")]
    sortants, inscrits = ([personne(f"{c}{n}", nom=n, ine="") for n in noms] for c in "SI")
    (comparaison, *_) = modele_retenu(comparer(base(sortants, inscrits))).comparaisons
    rapports = [niveau.m / niveau.f for niveau in comparaison.niveaux if niveau.code.startswith("meme_")]
    assert rapports == pytest.approx([rapports[0]] * len(rapports))


def test_un_modele_se_relit(tmp_path):
    modele = niveaux.modele_de_depart()
    enregistrer(modele, tmp_path / "modele.json")
    assert charger(tmp_path / "modele.json") == modele


def test_l_explication_fait_le_poids_et_ne_depend_que_des_deux_lignes():
    connexion = comparer(
        base(
            [personne("S")],
            [personne("I", ine="", prenom="Yassmine"), personne("Z", ine="", nom="Autre", prenom="Luc")],
        )
    )
    lignes = expliquer_paire(connexion, modele_retenu(connexion), "S", "I")
    (poids,) = connexion.execute(
        "select poids from paires join poids_motifs using (motif) join inscrits on inscrits.rowid = i "
        "where identifiant = 'I'"
    ).fetchone()
    assert sum(ligne.poids for ligne in lignes) == pytest.approx(poids)
    assert {ligne.champ: ligne.niveau for ligne in lignes}["ine"] == "absent d’un côté"
    with pytest.raises(LookupError):
        expliquer_paire(connexion, modele_retenu(connexion), "S", "inconnu")


def test_un_champ_retire_ne_pese_plus():
    connexion = comparer(base([personne("S")], [personne("I")]), sans(niveaux.modele_de_depart(), "ine"))
    colonnes = {ligne[0] for ligne in connexion.execute("describe rapprochements").fetchall()}
    assert "poids_ine" not in colonnes
    assert "poids_nom" in colonnes


NOMS = st.sampled_from(["Belhadj", "Ben Ali", "Dupuis-Marchand", "Le Goff", "N'Diaye", "Moreau", "Traoré"])
PRENOMS = st.sampled_from(["Yasmine", "Adam", "Mohamed", "Marie-Lou", "Inès", "Théo", "Fatoumata"])
DATES = st.sampled_from(["2008-03-14", "2008-01-01", "2008-04-03", "2007-11-23", "", "30/02/2008"])
INES = st.sampled_from(["", "1234567890A", "1234567809A", "0987654321B", "00000000000"])
PERSONNES = st.fixed_dictionaries(
    {
        "prenom2": st.sampled_from(["", "Yasmine", "Adam", "Inès"]),
        "nom": NOMS,
        "prenom": PRENOMS,
        "date_naissance": DATES,
        "ine": INES,
        "sexe": st.sampled_from(["M", "F", ""]),
    }
)
LISTES = st.tuples(st.lists(PERSONNES, min_size=1, max_size=5), st.lists(PERSONNES, min_size=1, max_size=5))
PROPRIETE = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _listes(tirage):
    return [
        [personne(f"{lettre}{n}", **p) for n, p in enumerate(liste)] for lettre, liste in zip("SI", tirage, strict=True)
    ]


def _sans_accents(texte: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", texte) if not unicodedata.combining(c))


@PROPRIETE
@given(LISTES, st.randoms(use_true_random=False))
def test_l_ordre_des_lignes_ne_change_rien(tirage, hasard: random.Random):
    sortants, inscrits = _listes(tirage)
    attendu = liens(comparer(base(sortants, inscrits)))
    melanges = [hasard.sample(liste, len(liste)) for liste in (sortants, inscrits)]
    assert liens(comparer(base(*melanges))) == attendu


@PROPRIETE
@given(LISTES)
def test_la_casse_les_accents_et_les_espaces_ne_changent_rien(tirage):
    sortants, inscrits = _listes(tirage)
    attendu = liens(comparer(base(sortants, inscrits)))
    ecrits = [
        {**p, **{champ: f" {_sans_accents(p[champ]).upper()}  " for champ in ("nom", "prenom", "commune")}}
        for p in inscrits
    ]
    assert liens(comparer(base(sortants, ecrits))) == attendu


@PROPRIETE
@given(PERSONNES, PERSONNES)
def test_un_lien_est_symetrique(une, autre):
    def poids(gauche, droite):
        connexion = comparer(base([personne("S", **gauche)], [personne("I", **droite)]))
        return sum(ligne.poids for ligne in expliquer_paire(connexion, modele_retenu(connexion), "S", "I"))

    assert poids(une, autre) == pytest.approx(poids(autre, une))


MEME = {"prenom2": "", "nom": "Belhadj", "prenom": "Yasmine", "date_naissance": "2008-03-14", "ine": "", "sexe": "M"}
PARENT = {**MEME, "nom": "Ben Ali", "date_naissance": "2008-01-01"}


@PROPRIETE
@given(LISTES, st.integers(1, 4))
@example(([MEME, MEME, MEME, PARENT], [MEME, MEME, MEME]), 4)
def test_un_fichier_sans_rapport_ne_change_aucun_lien(tirage, combien):
    sortants, inscrits = _listes(tirage)
    attendu = liens(comparer(base(sortants, inscrits)))
    ailleurs = [
        personne(f"Z{n}", ine=f"77777{n}1111C", nom=f"Zyx{'abcd'[n]}", prenom=f"Wou{'abcd'[n]}", sexe="",
                 date_naissance=f"1999-12-2{n}", commune_naissance="97401", code_postal="97400", commune="Ailleurs",
                 adresse=f"{n} quai perdu")
        for n in range(combien)
    ]  # fmt: skip
    obtenu = liens(comparer(base(sortants, inscrits + ailleurs)))
    assert {s: lien[0] for s, lien in obtenu.items()} == {s: lien[0] for s, lien in attendu.items()}


@PROPRIETE
@given(LISTES)
def test_aucune_paire_n_est_notee_deux_fois(tirage):
    connexion = comparer(base(*_listes(tirage)))
    assert connexion.execute("select count(*) = count(distinct (s, i)) from paires").fetchone() == (True,)
    assert connexion.execute(
        "select count(*) = count(distinct identifiant_sortant) from rapprochements"
    ).fetchone() == (True,)


def test_deux_ine_absents_ne_sont_pas_un_meme_ine():
    autre = personne(
        "I", ine="", nom="Zola", commune_naissance="59350", code_postal="59000", commune="Lille", adresse=""
    )
    connexion = comparer(base([personne("S", ine="")], [autre]))
    assert connexion.execute("select count(*) from candidats_surs").fetchone() == (0,)


def test_un_inscrit_deja_explique_ne_l_est_pas_une_seconde_fois():
    """Twins whose first names are one letter apart, an enrolment without INE: it is hers, not her sister's."""
    sortants = [personne("S1", prenom="Lina"), personne("S2", prenom="Lila", ine="9876501234B")]
    assert liens(comparer(base(sortants, [personne("I1", prenom="Lina", ine="")]))).keys() == {"S1"}
