"""What a list is made of: its columns, how each is read, what may be wrong in it."""

import datetime as dt
import difflib
import unicodedata
from dataclasses import dataclass

from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import GARDEE, VIDEE

COMMUNES = (
    "identifiant",
    "source",
    "ine",
    "nom",
    "nom_usage",
    "prenom",
    "prenom2",
    "sexe",
    "date_naissance",
    "commune_naissance",
    "code_postal",
    "commune",
    "adresse",
)
DES_SORTANTS = ("jours_scolarises", "diplome", "date_fin")
FACULTATIVES = {"nom_usage", "date_fin"}
JOURS_AU_PLUS = 731  # the previous year and this one
AGES = (3, 70)  # a birth outside is a default date or a typing error

RESSEMBLANCE = 0.7
"""From here on, an unknown column may be the one that is missing."""
MONTREES = 12
"""Of the unknown columns, those that are named."""

FORMATS_DE_DATE = "['%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%Y/%m/%d', '%Y%m%d', '%d%m%Y']"


@dataclass(frozen=True)
class Cote:
    """One side of the comparison."""

    table: str
    libelle: str
    colonnes: tuple[str, ...]

    @property
    def exigees(self) -> list[str]:
        return [nom for nom in self.colonnes if nom not in FACULTATIVES]


SORTANTS = Cote("sortants", "liste de sortants", COMMUNES + DES_SORTANTS)
INSCRITS = Cote("inscrits", "liste d'inscrits", COMMUNES)
DECISIONS = Cote("decisions", "liste de décisions", ("identifiant_sortant", "identifiant_inscrit", "decision"))
REPONSES = {"meme_personne", "autre_personne"}


@dataclass(frozen=True)
class Controle:
    """A fact about one field of a kept line: `condition` is SQL on the read columns, `colonne` and `lu_<colonne>`."""

    colonne: str
    raison: str
    effet: str
    condition: str


CONTROLES = (
    Controle(
        "identifiant", "identifiant vide : un identifiant de remplacement est donné", GARDEE, "lu_identifiant IS NULL"
    ),
    Controle("nom", "nom vide", GARDEE, "nom IS NULL"),
    Controle("prenom", "prénom vide", GARDEE, "prenom IS NULL"),
    Controle("sexe", "sexe qui n'est ni M ni F", VIDEE, "lu_sexe IS NOT NULL AND sexe IS NULL"),
    Controle("date_naissance", "date de naissance vide", GARDEE, "lu_date_naissance IS NULL"),
    Controle(
        "date_naissance",
        "date de naissance qui n'existe pas : ses chiffres servent encore à comparer",
        GARDEE,
        "jour_naissance IS NULL AND date_naissance IS NOT NULL",
    ),
    Controle(
        "date_naissance",
        "date de naissance illisible",
        VIDEE,
        "lu_date_naissance IS NOT NULL AND jour_naissance IS NULL AND date_naissance IS NULL",
    ),
    Controle(
        "date_naissance",
        "date de naissance impossible à cet âge",
        VIDEE,
        "jour_naissance IS NOT NULL AND date_naissance IS NULL",
    ),
)
CONTROLES_DES_SORTANTS = (
    Controle("jours_scolarises", "nombre de jours vide", GARDEE, "lu_jours_scolarises IS NULL"),
    Controle(
        "jours_scolarises",
        "nombre de jours illisible ou impossible",
        VIDEE,
        "lu_jours_scolarises IS NOT NULL AND jours_scolarises IS NULL",
    ),
    Controle("diplome", "diplôme vide", GARDEE, "lu_diplome IS NULL"),
    Controle("diplome", "diplôme qui n'est ni vrai ni faux", VIDEE, "lu_diplome IS NOT NULL AND diplome IS NULL"),
    Controle("date_fin", "date de fin illisible ou impossible", VIDEE, "lu_date_fin IS NOT NULL AND date_fin IS NULL"),
)


def propre(nom: str, jour: dt.date) -> str:
    """SQL of a column as the engine receives it; NULL where what is written says nothing."""
    plus_jeune, plus_vieux = AGES
    match nom:
        case "date_naissance":
            bornes = f"DATE '{jour}' - INTERVAL {plus_vieux} YEAR AND DATE '{jour}' - INTERVAL {plus_jeune} YEAR"
            chiffres = _dit("lu_date_naissance", r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}")
            return (
                f"CASE WHEN jour_naissance BETWEEN {bornes} THEN CAST(jour_naissance AS VARCHAR) "
                f"WHEN jour_naissance IS NULL AND {chiffres} THEN lu_date_naissance END"
            )
        case "date_fin":
            bornes = f"DATE '{jour}' - INTERVAL 5 YEAR AND DATE '{jour}' + INTERVAL 2 YEAR"
            fin = date_lue("lu_date_fin")
            return f"CASE WHEN {fin} BETWEEN {bornes} THEN {fin} END"
        case "sexe":
            return f"CASE WHEN {_dit('lu_sexe', '[MmHh1]')} THEN 'M' WHEN {_dit('lu_sexe', '[Ff2]')} THEN 'F' END"
        case "jours_scolarises":
            jours = "TRY_CAST(replace(lu_jours_scolarises, ',', '.') AS DOUBLE)"
            return f"CASE WHEN {jours} BETWEEN 0 AND {JOURS_AU_PLUS} THEN CAST(floor({jours}) AS INTEGER) END"
        case "diplome":
            oui, non = _dit("lu_diplome", "(?i)(true|t|vrai|oui|o|1)"), _dit("lu_diplome", "(?i)(false|f|faux|non|n|0)")
            return f"CASE WHEN {oui} THEN true WHEN {non} THEN false END"
        case _:
            return f"lu_{nom}"


def _dit(colonne: str, motif: str) -> str:
    """Not an IN: DuckDB makes it a join, and rows would no longer come in the order of the file."""
    return f"regexp_full_match({colonne}, '{motif}')"


def date_lue(colonne: str) -> str:
    jour = f"CASE WHEN length({colonne}) > 10 THEN left({colonne}, 10) ELSE {colonne} END"
    return f"CAST(try_strptime({jour}, {FORMATS_DE_DATE}) AS DATE)"


def reconnaitre(entete: list[str], cote: Cote, fichier: str) -> tuple[list[str | None], tuple[str, ...]]:
    """For each column of the file, the one of the list that it is, or None. Raises ComparateurErreur."""
    lus = [_cle(nom) for nom in entete]
    doubles = [nom for nom in cote.colonnes if lus.count(nom) > 1]
    if doubles:
        raise ComparateurErreur(
            f"Le fichier {fichier} a deux fois la colonne {', '.join(_places(nom, lus) for nom in doubles)}. "
            "Gardez-en une : renommez ou retirez l'autre."
        )
    laissees = tuple(nom for nom, cle in zip(entete, lus, strict=True) if cle not in cote.colonnes)
    manquantes = [nom for nom in cote.exigees if nom not in lus]
    if manquantes:
        raise ComparateurErreur(
            f"Il manque dans {fichier} : {_enumerer(manquantes)}. {_que_faire(cote, lus, laissees)}"
        )
    return [cle if cle in cote.colonnes else None for cle in lus], laissees


def _places(nom: str, lus: list[str]) -> str:
    return f"« {nom} » (colonnes {' et '.join(str(rang) for rang, lu in enumerate(lus, 1) if lu == nom)})"


def _que_faire(cote: Cote, lus: list[str], laissees: tuple[str, ...]) -> str:
    """What to do about missing columns. Where no name is known the first line may be somebody's: it is not shown."""
    if not set(lus) & set(cote.colonnes):
        return "Aucune colonne n'y est reconnue : la première ligne doit les nommer, séparées par « ; » ou « , »."
    absentes = [nom for nom in cote.colonnes if nom not in lus]
    proches = {lue: difflib.get_close_matches(_cle(lue), absentes, n=1, cutoff=RESSEMBLANCE) for lue in laissees}
    phrases = [f"La colonne « {lue} » est-elle « {nom} » ?" for lue, noms in proches.items() for nom in noms]
    autres = [lue for lue, noms in proches.items() if lue and not noms]
    if autres:
        suite = "…" if len(autres) > MONTREES else "."
        phrases.append(f"Colonnes non reconnues : {_enumerer(autres[:MONTREES])}{suite}")
    if laissees:
        phrases.append("Renommez celles qui conviennent.")
    if cote is not DECISIONS:
        phrases.append("Si vous n'avez pas une colonne, ajoutez-la vide.")
    return " ".join(phrases)


def _enumerer(noms: list[str]) -> str:
    return ", ".join(f"« {nom} »" for nom in noms)


def _cle(nom: str) -> str:
    """A header as it is recognised: whatever its case, its accents and its spaces."""
    sans_accent = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode()
    return "_".join(sans_accent.lower().replace("-", " ").split())
