"""From bytes to lines: encoding, separator, header. A file that cannot be read whole is not read at all."""

import csv
import io
from dataclasses import dataclass, field

from raccord.parcours.importation.colonnes import INDISPENSABLES, PAR_TITRE, Colonne, cle_texte
from raccord.parcours.importation.rapport import Constat, Niveau
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.forms.textes import assainir

SEPARATEURS = (",", ";", "\t")
TAILLE_MAXIMALE = 50 * 1024 * 1024
CELLULE_MAXIMALE = 1_000_000
BOM_UTF8 = b"\xef\xbb\xbf"
BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
ENCODAGES = (("utf-8-sig", "UTF-8 avec BOM"), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252"))
EXCES_MONTRE = 200


class FichierIllisible(ErreurMetier):
    """Ce fichier ne peut pas être lu. Exportez-le à nouveau au format CSV, en UTF-8."""


@dataclass(frozen=True)
class Ligne:
    """One line of the sheet, by the number that spreadsheets show (the header is line 1)."""

    numero: int
    cellules: dict[Colonne, str]
    en_trop: str = ""
    """What was found beyond the last column, if anything."""

    def __getitem__(self, colonne: Colonne) -> str:
        """The cell, '' when the sheet does not have the column."""
        return self.cellules.get(colonne, "")


@dataclass(frozen=True)
class Tableau:
    """A sheet that was read."""

    encodage: str
    separateur: str
    lignes: list[Ligne] = field(default_factory=list)
    constats: list[Constat] = field(default_factory=list)


def lire(octets: bytes) -> Tableau:
    """Read a whole file: UTF-8 with or without BOM or cp1252, `,` or `;` or tabs, columns in any order.

    Raises FichierIllisible, with the sentence that says what to do, when the encoding or the quotes are broken or
    when an indispensable column is missing or appears twice: a file half understood would be a guess.
    """
    texte, encodage = _decoder(octets)
    separateur = _separateur(texte)
    rangees = _rangees(texte, separateur)
    titres = rangees[0] if rangees else []
    positions = _positions(titres)
    lignes = []
    for numero, rangee in enumerate(rangees[1:], start=2):
        if any(cellule.strip() for cellule in rangee):
            cellules = {
                colonne: assainir(rangee[rang]).strip() for colonne, rang in positions.items() if rang < len(rangee)
            }
            exces = " | ".join(cellule for cellule in rangee[len(titres) :] if cellule.strip())
            lignes.append(Ligne(numero, cellules, exces[:EXCES_MONTRE]))
    return Tableau(encodage, separateur, lignes, _constats_entete(titres, positions, rangees[1:]))


def _decoder(octets: bytes) -> tuple[str, str]:
    if not octets.strip():
        raise FichierIllisible("Ce fichier est vide.")
    if len(octets) > TAILLE_MAXIMALE:
        raise FichierIllisible("Ce fichier dépasse 50 Mo : ce n'est pas un export du tableur des offres.")
    if octets.startswith(BOM_UTF16) or b"\0" in octets:
        raise FichierIllisible("Ce fichier n'est pas du texte CSV : enregistrez la feuille au format « CSV UTF-8 ».")
    avec_bom = octets.startswith(BOM_UTF8)
    for codec, nom in ENCODAGES[:1] if avec_bom else ENCODAGES[1:]:
        try:
            return octets.decode(codec), nom
        except UnicodeDecodeError:
            continue
    raise FichierIllisible(
        "L'encodage de ce fichier n'est ni UTF-8 ni Windows-1252 : enregistrez-le au format « CSV UTF-8 »."
    )


def _rangees(texte: str, separateur: str) -> list[list[str]]:
    csv.field_size_limit(CELLULE_MAXIMALE)
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    try:
        return list(lecteur)
    except csv.Error as erreur:
        raise FichierIllisible(
            f"Les guillemets de ce fichier sont mal fermés (vers la ligne {lecteur.line_num}) : ouvrez-le dans un "
            "tableur et exportez-le à nouveau."
        ) from erreur


def _separateur(texte: str) -> str:
    """The one that yields the most known titles; nothing but the header decides."""

    def connus(separateur: str) -> int:
        try:
            entete = next(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True), [])
        except csv.Error:
            return 0
        return sum(cle_texte(titre) in PAR_TITRE for titre in entete)

    return max(SEPARATEURS, key=connus)


def _positions(titres: list[str]) -> dict[Colonne, int]:
    positions: dict[Colonne, int] = {}
    for rang, titre in enumerate(titres):
        colonne = PAR_TITRE.get(cle_texte(titre))
        if colonne is None:
            continue
        if colonne in positions:
            raise FichierIllisible(f"La colonne « {colonne.value} » est présente deux fois : gardez la bonne.")
        positions[colonne] = rang
    manquantes = [colonne.value for colonne in Colonne if colonne in INDISPENSABLES - positions.keys()]
    if manquantes:
        liste = ", ".join(f"« {titre} »" for titre in manquantes)
        raise FichierIllisible(
            f"Il manque {'la colonne' if len(manquantes) == 1 else 'les colonnes'} {liste}. La première ligne du "
            "fichier doit porter les titres de l'export."
        )
    return positions


def _constats_entete(titres: list[str], positions: dict[Colonne, int], rangees: list[list[str]]) -> list[Constat]:
    """Unknown columns that hold something, known ones that are absent."""
    connus = set(positions.values())
    constats = [
        Constat(
            ligne=1,
            niveau=Niveau.NOTE,
            colonne=titre.strip() or f"(colonne {rang + 1})",
            raison="Colonne inconnue : rien n'en est repris.",
        )
        for rang, titre in enumerate(titres)
        if rang not in connus
        and (titre.strip() or any(rangee[rang : rang + 1] not in ([], [""]) for rangee in rangees))
    ]
    constats += [
        Constat(ligne=1, niveau=Niveau.NOTE, colonne=colonne.value, raison="Colonne absente du fichier.")
        for colonne in Colonne
        if colonne not in positions
    ]
    return constats
