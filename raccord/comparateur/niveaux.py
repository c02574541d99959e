"""The comparisons of French identities: what two rows may have in common, level by level, most alike first.

Conditions keep to what DuckDB and Spark both know (`jaro_winkler_similarity` and `damerau_levenshtein` are translated
for Spark by `reglages_splink`). Rarity is a level, not a correction: 'same name (very common)' has its own weight.
The probabilities written here are starting points; `entrainement` replaces them.
"""

from raccord.comparateur.conditions import absents, rares
from raccord.comparateur.modele import Comparaison, Modele, Niveau
from raccord.comparateur.niveaux_des_noms import NOM, PRENOM, PRENOM2
from raccord.comparateur.regles import REGLES, REGLES_LARGES, REGLES_SURES

PARTS_LIEU = (0.1, 0.2, 0.3, 0.2, 0.1, 0.06, 0.03, 0.01)


def _chiffre(colonne: str) -> str:
    """SQL: two numbers of at most two digits that one digit, or their order, tells apart."""
    g, d = f"{colonne}_l", f"{colonne}_r"
    return (
        f"({g} % 10 = {d} % 10 or floor({g} / 10) = floor({d} / 10) or "
        f"({g} % 10 = floor({d} / 10) and {d} % 10 = floor({g} / 10)))"
    )


MEME_JOUR = "naissance_l = naissance_r"
"""Two twins in three are of one sex."""
SEXE = Comparaison(
    "sexe",
    "Sexe",
    ("sexe", "prenom", "naissance"),
    absents("sexe"),
    (
        Niveau(
            "meme_prenom",
            "même sexe (dit par le prénom)",
            "sexe_l = sexe_r and prenom_l = prenom_r",
            0.998,
            0.97,
            0.97,
            "prenom",
        ),
        Niveau("autre_prenom", "sexes différents malgré le prénom", "prenom_l = prenom_r", 0.002, 0.03, 0.03, "prenom"),
        Niveau(
            "meme_jour", "même sexe, nés le même jour", f"sexe_l = sexe_r and {MEME_JOUR}", 0.99, 0.5, 0.67, "jumeaux"
        ),
        Niveau("autre_jour", "sexes différents, nés le même jour", MEME_JOUR, 0.01, 0.5, 0.33, "jumeaux"),
        Niveau("meme", "même sexe", "sexe_l = sexe_r", 0.99, 0.5, 0.5),
        Niveau("autre", "sexes différents", "", 0.01, 0.5, 0.5),
    ),
)
NAISSANCE = Comparaison(
    "naissance",
    "Date de naissance",
    ("naissance", "annee", "mois", "jour"),
    absents("naissance"),
    (
        Niveau(
            "meme", "même date", "naissance_l = naissance_r and not (jour_l = 1 and mois_l = 1)", 0.945, 1 / 2500, 0.3
        ),
        Niveau("premier", "même 1er janvier", "naissance_l = naissance_r", 0.005, 1 / 50000, 0.001),
        Niveau(
            "echange",
            "jour et mois échangés",
            "annee_l = annee_r and jour_l = mois_r and mois_l = jour_r",
            0.012,
            2e-4,
            3e-4,
        ),
        Niveau(
            "defaut",
            "même année, l’une au 1er janvier",
            "annee_l = annee_r and ((jour_l = 1 and mois_l = 1) or (jour_r = 1 and mois_r = 1))",
            0.008,
            0.001,
            0.001,
        ),
        Niveau(
            "annee_voisine",
            "une année d’écart, même jour",
            "jour_l = jour_r and mois_l = mois_r and abs(annee_l - annee_r) = 1",
            0.004,
            7e-4,
            7e-4,
        ),
        Niveau(
            "chiffre_mois",
            "un chiffre d’écart dans le mois",
            f"annee_l = annee_r and jour_l = jour_r and {_chiffre('mois')}",
            0.004,
            0.002,
            0.002,
        ),
        Niveau(
            "chiffre_jour",
            "un chiffre d’écart dans le jour",
            f"annee_l = annee_r and mois_l = mois_r and {_chiffre('jour')}",
            0.008,
            0.004,
            0.004,
        ),
        Niveau(
            "chiffre_annee",
            "un chiffre d’écart dans l’année",
            "jour_l = jour_r and mois_l = mois_r and "
            "(floor(annee_l / 10) = floor(annee_r / 10) or annee_l % 10 = annee_r % 10)",
            0.002,
            0.002,
            0.002,
        ),
        Niveau(
            "deux",
            "deux éléments de la date sur trois",
            "(annee_l = annee_r and mois_l = mois_r) or (annee_l = annee_r and jour_l = jour_r) "
            "or (jour_l = jour_r and mois_l = mois_r)",
            0.006,
            0.02,
            0.02,
        ),
        Niveau("annee", "même année", "annee_l = annee_r", 0.003, 0.14, 0.03),
        Niveau(
            "voisine",
            "une année d’écart, même mois ou même jour",
            "abs(annee_l - annee_r) = 1 and (mois_l = mois_r or jour_l = jour_r)",
            0.001,
            0.03,
            0.03,
        ),
        Niveau("autre", "dates différentes", "", 0.003, 0.8, 0.61),
    ),
)
INE = Comparaison(
    "ine",
    "INE",
    ("ine",),
    absents("ine"),
    (
        Niveau("meme", "même INE", "ine_l = ine_r", 0.965, 3e-9, 1e-3),
        Niveau(
            "proche",
            "INE à un signe près",
            "(left(ine_l, 4) = left(ine_r, 4) or right(ine_l, 4) = right(ine_r, 4)) "
            "and jaro_winkler_similarity(ine_l, ine_r) >= 0.93 and damerau_levenshtein(ine_l, ine_r) <= 1",
            0.015,
            1e-7,
            1e-5,
        ),
        Niveau("autre", "INE différents", "", 0.02, 1.0, 0.999),
    ),
)
ETRANGER = "lieu_dep_l = '99' and lieu_dep_r = '99'"
LIEU = Comparaison(
    "lieu",
    "Commune de naissance",
    ("lieu", "lieu_dep", "lieu_rarete"),
    absents("lieu"),
    (
        Niveau(
            "pays", "nés dans le même pays étranger", f"{ETRANGER} and lieu_l = lieu_r", 0.95, 0.2, 0.95, "etranger"
        ),
        Niveau("autre_pays", "nés dans deux pays étrangers", ETRANGER, 0.05, 0.8, 0.05, "etranger"),
        *rares("même commune de naissance", "lieu_l = lieu_r", "lieu_rarete_l", PARTS_LIEU, 0.95, 0.8),
        Niveau("departement", "même département de naissance", "lieu_dep_l = lieu_dep_r", 0.02, 0.02, 0.1),
        Niveau("autre", "communes de naissance différentes", "", 0.027, 0.96, 0.09),
    ),
)
PAYS = "lieu_dep_l = lieu_dep_r"
COMMUNE = "(cp_l = cp_r or (commune_l = commune_r and departement_l = departement_r))"
DOMICILE = Comparaison(
    "domicile",
    "Domicile",
    ("rue", "cp", "commune", "departement", "lieu_dep"),
    absents("cp"),
    (
        Niveau(
            "adresse_pays",
            "même adresse, nés dans le même département",
            f"rue_l = rue_r and {COMMUNE} and {PAYS}",
            0.7,
            1e-4,
            0.85,
            "pays",
        ),
        Niveau(
            "commune_pays",
            "même commune, nés dans le même département",
            f"{COMMUNE} and {PAYS}",
            0.2,
            0.08,
            0.07,
            "pays",
        ),
        Niveau(
            "departement_pays",
            "même département que celui de naissance",
            f"departement_l = departement_r and {PAYS}",
            0.06,
            0.55,
            0.05,
            "pays",
        ),
        Niveau("autre_pays", "départements différents, nés dans le même", PAYS, 0.04, 0.37, 0.03, "pays"),
        Niveau("adresse", "même adresse", f"rue_l = rue_r and {COMMUNE}", 0.65, 3e-6, 0.8),
        Niveau("commune", "même commune", COMMUNE, 0.22, 2e-3, 0.08),
        Niveau("rue", "même rue, autre code postal", "rue_l = rue_r", 0.01, 2e-4, 0.02),
        Niveau("departement", "même département", "departement_l = departement_r", 0.06, 0.02, 0.06),
        Niveau("autre", "départements différents", "", 0.06, 0.98, 0.04),
    ),
)


def modele_de_depart() -> Modele:
    """The model before any training."""
    return Modele(
        comparaisons=(NOM, PRENOM, PRENOM2, SEXE, NAISSANCE, INE, LIEU, DOMICILE),
        regles_sures=REGLES_SURES,
        regles=REGLES,
        regles_larges=REGLES_LARGES,
        inscrits_attendus=0.75,
        foyers=0.02,
    )
