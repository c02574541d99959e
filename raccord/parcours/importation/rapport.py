"""What happened to each line and cell: read on the screen, kept as a CSV that opens in a spreadsheet."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

LARGEUR_VALEUR = 60
# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection).
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_CONTROLES = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ENTETE = ("ligne", "colonne", "valeur", "niveau", "raison", "suite")


class Niveau(Enum):
    """How much a finding weighs."""

    REJET = "rejet"
    DOUTE = "doute"
    NOTE = "note"


class Issue(Enum):
    """What became of a line."""

    DISPONIBLE = "importée, disponible"
    SUIVIE = "importée, à reprendre par la coordination"
    CLOSE = "importée, offre terminée"
    REALISEE = "importée, parcours réalisé"
    DEJA_LA = "déjà là, rien n'a changé"
    DIFFERENTE = "déjà importée, différente : rien n'a changé"
    REJETEE = "rejetée"


IMPORTEES = (Issue.DISPONIBLE, Issue.SUIVIE, Issue.CLOSE, Issue.REALISEE)


@dataclass(frozen=True, kw_only=True)
class Constat:
    """One remark on a cell (on the whole line when `colonne` is empty, on the file when `ligne` is 1)."""

    ligne: int
    niveau: Niveau
    raison: str
    colonne: str = ""
    valeur: str = ""


@dataclass(frozen=True, kw_only=True)
class LigneTraitee:
    """A line of the sheet and its end."""

    numero: int
    issue: Issue
    constats: tuple[Constat, ...] = ()
    offre_id: UUID | None = None


@dataclass
class Rapport:
    """Everything to be told of one import."""

    constats_fichier: list[Constat] = field(default_factory=list)
    lignes: list[LigneTraitee] = field(default_factory=list)

    def compter(self, issue: Issue) -> int:
        """How many lines ended so."""
        return sum(ligne.issue is issue for ligne in self.lignes)

    @property
    def importees(self) -> int:
        """How many lines became an offer."""
        return sum(ligne.issue in IMPORTEES for ligne in self.lignes)

    def constats(self, niveau: Niveau | None = None) -> list[Constat]:
        """Findings in the order of the sheet."""
        tous = [*self.constats_fichier, *(constat for ligne in self.lignes for constat in ligne.constats)]
        return [constat for constat in tous if niveau in (None, constat.niveau)]

    def resume(self) -> str:
        """The counts, in one paragraph."""
        niveaux = Counter(constat.niveau for constat in self.constats())
        return "\n".join(
            [
                f"{_nombre(len(self.lignes), 'ligne lue', 'lignes lues')} : "
                f"{_nombre(self.importees, 'importée', 'importées')} "
                f"({_nombre(self.compter(Issue.DISPONIBLE), 'disponible', 'disponibles')}, "
                f"{self.compter(Issue.SUIVIE)} à reprendre, "
                f"{_nombre(self.compter(Issue.CLOSE), 'terminée', 'terminées')}, "
                f"{_nombre(self.compter(Issue.REALISEE), 'réalisée', 'réalisées')}), "
                f"{self.compter(Issue.DEJA_LA)} déjà là, {self.compter(Issue.DIFFERENTE)} déjà importées mais "
                f"différentes, {_nombre(self.compter(Issue.REJETEE), 'rejetée', 'rejetées')}.",
                f"{_nombre(niveaux[Niveau.REJET], 'rejet', 'rejets')}, "
                f"{_nombre(niveaux[Niveau.DOUTE], 'doute', 'doutes')}, "
                f"{_nombre(niveaux[Niveau.NOTE], 'note', 'notes')}.",
            ]
        )

    def ecran(self) -> Iterator[str]:
        """Each finding on one line, safe for a terminal, then the summary."""
        for constat in self.constats():
            morceaux = [f"ligne {constat.ligne}", constat.niveau.value]
            if constat.colonne:
                morceaux.append(_pour_ecran(constat.colonne))
            if constat.valeur:
                morceaux.append(f"« {_pour_ecran(constat.valeur)} »")
            yield f"{' · '.join(morceaux)} : {_CONTROLES.sub(' ', constat.raison)}"
        for ligne in self.lignes:
            if ligne.issue in (Issue.DEJA_LA, Issue.DIFFERENTE):
                yield f"ligne {ligne.numero} : {ligne.issue.value}."
        yield self.resume()

    def en_csv(self) -> bytes:
        """The findings and the end of every line: UTF-8 with BOM and semicolons, as French spreadsheets expect.

        Cells are given whole, as typed, with formulas made harmless.
        """
        tampon = io.StringIO(newline="")
        feuille = csv.writer(tampon, delimiter=";")
        feuille.writerow(ENTETE)
        for constat in self.constats_fichier:
            feuille.writerow(_ligne_csv(constat, ""))
        for ligne in self.lignes:
            constats = ligne.constats or (Constat(ligne=ligne.numero, niveau=Niveau.NOTE, raison=ligne.issue.value),)
            for constat in constats:
                feuille.writerow(_ligne_csv(constat, ligne.issue.value))
        return tampon.getvalue().encode("utf-8-sig")


def neutraliser(cellule: str) -> str:
    """The cell as text: no spreadsheet runs it."""
    return f"'{cellule}" if cellule.lstrip(" \u00a0").startswith(DEBUTS_DE_FORMULE) else cellule


def _ligne_csv(constat: Constat, suite: str) -> list[str]:
    cellules = (constat.colonne, constat.valeur, constat.niveau.value, constat.raison, suite)
    return [str(constat.ligne), *(neutraliser(cellule) for cellule in cellules)]


def _pour_ecran(valeur: str) -> str:
    texte = " ".join(_CONTROLES.sub(" ", valeur).split())
    return texte if len(texte) <= LARGEUR_VALEUR else f"{texte[: LARGEUR_VALEUR - 1]}…"


def _nombre(quantite: int, singulier: str, pluriel: str) -> str:
    return f"{quantite} {singulier if quantite < 2 else pluriel}"
