"""The comparisons of names: surname, first name, second first name, level by level, most alike first.

See `niveaux` for what holds of every comparison.
"""

from raccord.comparateur.conditions import absents, rares
from raccord.comparateur.modele import Comparaison, Niveau

PARTS_NOM = (0.05, 0.1, 0.15, 0.2, 0.2, 0.15, 0.1, 0.05)
PARTS_PRENOM = (0.2, 0.35, 0.2, 0.1, 0.08, 0.04, 0.02, 0.01)
ECHANGES = (
    ("rare", "rares", 6, 0.003, 1e-10),
    ("moyen", "assez courants", 3, 0.003, 3e-9),
    ("courant", "courants", 0, 0.001, 1e-8),
)
"""Swapped names, letter for letter: code, word, least sum of the two classes of rarity, m and u."""


def _croise(nom: str, prenom: str) -> str:
    """SQL: the surname of one side is the first name of the other, but for a slip, a spelling or a word."""
    n, p = f"_{nom}", f"_{prenom}"
    return (
        f"(son_1{n} = prenom_son{p} or os_1{n} = prenom_os{p} or nom_1{n} = prenom_noyau{p} "
        f"or nom_2{n} = prenom_1{p} or nom_1{n} = prenom_d{p} or "
        f"case when initiale{n} = initiale_prenom{p} or fin{n} = fin_prenom{p} "
        f"then jaro_winkler_similarity(nom{n}, prenom{p}) >= 0.88 else false end)"
    )


def _semblables(*paires: tuple[str, str], seuil: float) -> str:
    """SQL: one of these pairs of texts is alike."""
    return "(" + " or ".join(f"jaro_winkler_similarity({g}, {d}) >= {seuil}" for g, d in paires) + ")"


def _croise_a_peu_pres(nom: str, prenom: str) -> str:
    n, p = f"_{nom}", f"_{prenom}"
    semblables = _semblables((f"nom{n}", f"prenom{p}"), (f"nom_1{n}", f"prenom_1{p}"), seuil=0.75)
    return f"({_croise(nom, prenom)} or {semblables})"


def _mots(champ: str, autres: tuple[tuple[str, str], ...], seuil: float = 0.88) -> str:
    """SQL: two words of two names are alike, whichever side each comes from."""
    paires = [(f"{a}_l", f"{b}_r") for a, b in autres] + [(f"{b}_l", f"{a}_r") for a, b in autres if a != b]
    return _semblables((f"{champ}_l", f"{champ}_r"), *paires, seuil=seuil)


ECHANGE = "nom_l = prenom_r and prenom_l = nom_r"
ECHANGE_A_PEU_PRES = (
    f"racine_l <> racine_r and (nom_l = prenom_r or prenom_l = nom_r) and {_croise('l', 'r')} and {_croise('r', 'l')}"
)
"""One is written the same, the other recognised; two people of one first name have not swapped it for their names."""
ECHANGE_IMPARFAIT = (
    f"(({_croise('l', 'r')} and {_croise_a_peu_pres('r', 'l')}) "
    f"or ({_croise('r', 'l')} and {_croise_a_peu_pres('l', 'r')}))"
)
"""Both are recognised, or one of them and the other nearly."""
ECHANGE_A_DEMI = f"({_croise('l', 'r')} or {_croise('r', 'l')})"
"""One of them alone is recognised."""
PARTAGEES = {
    "croise_lr": _croise("l", "r"),
    "croise_rl": _croise("r", "l"),
    "ressemblance_nom": "jaro_winkler_similarity(nom_l, nom_r)",
    "ressemblance_prenom": "jaro_winkler_similarity(prenom_l, prenom_r)",
}
"""SQL that several levels contain, and the name of the column in which DuckDB keeps it, to work it out once a pair."""


def _echanges() -> list[Niveau]:
    """One level per class of rarity of the two names together, each as rare as on the side where it belongs."""
    raretes = "least(nom_rarete_l, nom_rarete_r) + least(prenom_rarete_l, prenom_rarete_r)"
    return [
        Niveau(
            f"echange_{code}",
            f"nom et prénom échangés ({mot})",
            f"{ECHANGE} and {raretes} >= {minimum}",
            m,
            u,
            1e-5 * m,
        )
        for code, mot, minimum, m, u in ECHANGES
    ]


def _tronque(colonne: str, minimum: int) -> str:
    g, d = f"{colonne}_l", f"{colonne}_r"
    return (
        f"(length({g}) >= {minimum} and {g} = substr({d}, 1, length({g}))) or "
        f"(length({d}) >= {minimum} and {d} = substr({g}, 1, length({d})))"
    )


MOT = (
    "nom_1_l = nom_1_r or nom_1_l = nom_2_r or nom_2_l = nom_1_r or nom_2_l = nom_2_r "
    "or nom_1_l = usage_1_r or usage_1_l = nom_1_r"
)
AUCUN_MOT = f"not coalesce(nom_l = nom_r or {MOT}, false)"
"""Names that share a word have not been swapped for the first names, whatever these look like."""
MOT_COURANT = "least(son_rarete_l, son_rarete_r) >= 2"
MOT_RARE = "least(son_rarete_l, son_rarete_r) >= 3"
"""Fewer than one name in 1 000 begins with a word that sounds like it (Hadj, Ben, Saint and Martin begin many)."""
NOM = Comparaison(
    "nom",
    "Nom",
    (
        *("nom", "nom_1", "nom_2", "son_1", "son_2", "nom_rarete", "usage", "usage_1", "os_1"),
        *("prenom_os", "prenom", "prenom_1", "prenom_d", "prenom_son", "prenom_noyau", "initiale", "initiale_prenom"),
        *("fin", "fin_prenom", "son_rarete", "racine", "prenom_rarete"),
    ),
    absents("nom"),
    (
        *rares("même nom", "nom_l = nom_r", "nom_rarete_l", PARTS_NOM, 0.9, 0.85),
        Niveau(
            "usage",
            "nom de naissance et nom d’usage",
            "nom_l = usage_r or usage_l = nom_r or usage_l = usage_r",
            0.01,
            1e-5,
            0.003,
        ),
        *_echanges(),
        Niveau("echange", "nom et prénom échangés, à peu près", ECHANGE_A_PEU_PRES, 0.003, 1e-7, 1e-7),
        Niveau("mot", "un même mot du nom (nom composé, particule)", f"({MOT}) and {MOT_RARE}", 0.015, 5e-5, 0.012),
        Niveau("mot_courant", "un même mot du nom, porté", f"({MOT}) and {MOT_COURANT}", 0.006, 7e-5, 0.005),
        Niveau("mot_tres_courant", "un même mot du nom, très porté", MOT, 0.004, 1e-4, 0.003),
        Niveau("tronque", "nom tronqué", _tronque("nom", 4), 0.006, 1e-4, 0.006),
        Niveau("proche", "noms à une faute près", "jaro_winkler_similarity(nom_l, nom_r) >= 0.92", 0.03, 2e-4, 0.03),
        Niveau(
            "son",
            "noms qui se prononcent pareil",
            "son_1_l = son_1_r or son_1_l = son_2_r or son_2_l = son_1_r",
            0.01,
            3e-4,
            0.01,
        ),
        Niveau("echange_faute", "nom et prénom échangés, avec une faute", ECHANGE_IMPARFAIT, 0.001, 2e-5, 1e-6),
        Niveau(
            "mot_proche",
            "un mot du nom à une faute près",
            _mots("nom_1", (("nom_1", "nom_2"), ("nom_1", "usage_1"))),
            0.004,
            3e-4,
            0.004,
        ),
        Niveau("consonnes", "noms de mêmes consonnes", "os_1_l = os_1_r", 0.005, 0.002, 0.005),
        Niveau(
            "ressemblant",
            "noms qui se ressemblent",
            "jaro_winkler_similarity(nom_l, nom_r) >= 0.77",
            0.006,
            0.005,
            0.006,
        ),
        Niveau("echange_demi", "le nom de l’un est le prénom de l’autre", ECHANGE_A_DEMI, 0.0005, 2e-4, 2e-4),
        Niveau("autre", "noms différents", "", 0.008, 0.994, 0.1),
    ),
)
RARETE_PRENOM = "coalesce(case when nom_l = nom_r then couple_rarete_l end, prenom_rarete_l)"
"""How rare a first name is: among those who bear the name, when both bear the same."""
PRENOM = Comparaison(
    "prenom",
    "Prénom",
    (
        *("prenom", "prenom_1", "prenom_d", "racine", "prenom_son", "prenom_noyau", "prenom_rarete", "prenom2"),
        *("nom", "nom_1", "nom_2", "son_1", "os_1", "prenom_os", "initiale", "initiale_prenom", "fin", "fin_prenom"),
        *("couple_rarete", "usage_1"),
    ),
    absents("prenom"),
    (
        *rares("même prénom", "prenom_l = prenom_r", RARETE_PRENOM, PARTS_PRENOM, 0.88, 0.002),
        Niveau("racine", "variante ou diminutif du prénom", "racine_l = racine_r", 0.02, 5e-4, 5e-4),
        Niveau(
            "second",
            "prénom d’un côté, second prénom de l’autre",
            "racine_l = prenom2_r or prenom2_l = racine_r",
            0.01,
            0.004,
            0.01,
        ),
        Niveau(
            "echange",
            "nom et prénom échangés",
            f"({ECHANGE} or {ECHANGE_A_PEU_PRES} or ({ECHANGE_IMPARFAIT} and {AUCUN_MOT}))",
            1.0,
            1.0,
            1.0,
            "echange",
        ),
        Niveau(
            "mot",
            "un même mot du prénom (prénom composé)",
            "prenom_1_l = prenom_1_r or prenom_d_l = prenom_1_r or prenom_1_l = prenom_d_r or prenom_d_l = prenom_d_r",
            0.015,
            0.002,
            0.002,
        ),
        Niveau("tronque", "prénom tronqué", _tronque("prenom", 3), 0.006, 0.002, 0.002),
        Niveau(
            "proche",
            "prénoms à une faute près",
            "jaro_winkler_similarity(prenom_l, prenom_r) >= 0.92",
            0.025,
            0.002,
            0.002,
        ),
        Niveau("son", "prénoms qui se prononcent pareil", "prenom_son_l = prenom_son_r", 0.008, 0.002, 0.002),
        Niveau(
            "mot_proche",
            "un mot du prénom à une faute près",
            _mots("prenom_1", (("prenom_1", "prenom_d"),)),
            0.003,
            0.002,
            0.002,
        ),
        Niveau("consonnes", "prénoms de mêmes consonnes", "prenom_os_l = prenom_os_r", 0.005, 0.005, 0.005),
        Niveau(
            "initiale",
            "initiale du prénom",
            "(length(prenom_l) = 1 or length(prenom_r) = 1) and substr(prenom_l, 1, 1) = substr(prenom_r, 1, 1)",
            0.002,
            5e-4,
            5e-4,
        ),
        Niveau(
            "ressemblant",
            "prénoms qui se ressemblent",
            "jaro_winkler_similarity(prenom_l, prenom_r) >= 0.78",
            0.006,
            0.02,
            0.02,
        ),
        Niveau(
            "echange_demi",
            "le prénom de l’un est le nom de l’autre",
            f"{ECHANGE_A_DEMI} and {AUCUN_MOT}",
            1.0,
            1.0,
            1.0,
            "demi",
        ),
        Niveau("autre", "prénoms différents", "", 0.006, 0.95, 0.95),
    ),
)
PRENOM2 = Comparaison(
    "prenom2",
    "Second prénom",
    ("prenom2", "prenom2_son", "racine"),
    absents("prenom2"),
    (
        Niveau("meme", "même second prénom", "prenom2_l = prenom2_r", 0.85, 0.01, 0.02),
        Niveau("croise", "second prénom en premier", "prenom2_l = racine_r or racine_l = prenom2_r", 0.03, 0.01, 0.01),
        Niveau("son", "seconds prénoms qui se prononcent pareil", "prenom2_son_l = prenom2_son_r", 0.03, 0.01, 0.01),
        Niveau(
            "proche",
            "seconds prénoms à une faute près",
            "jaro_winkler_similarity(prenom2_l, prenom2_r) >= 0.88",
            0.04,
            0.01,
            0.01,
        ),
        Niveau("autre", "seconds prénoms différents", "", 0.05, 0.95, 0.94),
    ),
)
