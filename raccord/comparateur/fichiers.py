"""Files as they arrive: what they are, whether they move, and how to make their lines readable.

DuckDB reads a clean CSV file many times faster than Python does, but one quote never closed makes it swallow what
follows. So a file is first looked at once (fingerprint, encoding, ends of line); only a file that is not clean is
copied, line for line, so that the number of a line stays that of the file that was given.
"""

import codecs
import csv
import hashlib
import io
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from raccord.comparateur.erreurs import ComparateurErreur

MORCEAU = 4 << 20
LIGNE_LA_PLUS_LONGUE = 1 << 16  # characters: beyond, it is not a line of a list
SUITES_DE_LIGNE = 5  # lines that one quoted field may run over
VIDE = "\x01"  # fills a line that keeps its place and will be taken out

ECARTEE = "ligne écartée"
VIDEE = "champ vidé"
GARDEE = "ligne gardée"

Noter = Callable[[int, str, str], None]
"""Called with the number of a line, what is wrong with it, and what is done."""


@dataclass(frozen=True)
class Examen:
    """What one pass over a file tells, and what proves later that it has not moved."""

    chemin: str
    taille: int
    modifie_ns: int
    inode: int
    empreinte: str
    lignes: int
    lisible: bool
    """Valid UTF-8, one kind of line end, no NUL: DuckDB may read it where it is."""
    parquet: bool


def examiner(chemin: str) -> Examen:
    """Read the file once, in constant memory. Raises ComparateurErreur if it cannot be read, or changes meanwhile."""
    try:
        avant = Path(chemin).stat()
        if not stat.S_ISREG(avant.st_mode):
            raise ComparateurErreur(f"{chemin} n'est pas un fichier.")
        with Path(chemin).open("rb") as fichier:
            debut = fichier.read(8)
            fichier.seek(0)
            _refuser_ce_qui_n_est_pas_une_liste(chemin, debut)
            parquet = debut[:4] == b"PAR1"
            empreinte, lignes, lisible = _parcourir(fichier, texte=not parquet)
    except FileNotFoundError:
        raise ComparateurErreur(f"Le fichier {chemin} n'existe pas.") from None
    except PermissionError:
        raise ComparateurErreur(f"Le fichier {chemin} ne peut pas être lu : accès refusé.") from None
    examen = Examen(
        chemin, avant.st_size, avant.st_mtime_ns, avant.st_ino, empreinte, lignes, lisible and not parquet, parquet
    )
    verifier_inchange(examen)
    return examen


def verifier_inchange(examen: Examen) -> None:
    """Raises ComparateurErreur if the file is no longer the one that was looked at."""
    try:
        apres = Path(examen.chemin).stat()
    except FileNotFoundError:
        raise _a_change(examen.chemin) from None
    if (apres.st_size, apres.st_mtime_ns, apres.st_ino) != (examen.taille, examen.modifie_ns, examen.inode):
        raise _a_change(examen.chemin)


def _a_change(chemin: str) -> ComparateurErreur:
    return ComparateurErreur(
        f"Le fichier {chemin} a changé pendant la lecture. Attendez qu'il soit complet, puis relancez."
    )


def _refuser_ce_qui_n_est_pas_une_liste(chemin: str, debut: bytes) -> None:
    if debut[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raise ComparateurErreur(f"Le fichier {chemin} est en UTF-16. Enregistrez-le en UTF-8.")
    if debut[:2] == b"\x1f\x8b" or debut[:4] == b"PK\x03\x04":
        raise ComparateurErreur(f"Le fichier {chemin} est une archive ou un classeur. Donnez le CSV qu'il contient.")


def _parcourir(fichier: io.BufferedReader, *, texte: bool) -> tuple[str, int, bool]:
    """Fingerprint, lines, and whether DuckDB may read the file as it is."""
    condense, lignes, lisible, dernier = hashlib.sha256(), 0, True, b"\n"
    decodeur = codecs.getincrementaldecoder("utf-8")()
    retours = fins_windows = 0
    while morceau := fichier.read(MORCEAU):
        condense.update(morceau)
        if not texte:
            continue
        lignes += morceau.count(b"\n")
        if trouves := morceau.count(b"\r"):
            retours += trouves
            fins_windows += morceau.count(b"\r\n")
        fins_windows += dernier == b"\r" and morceau[:1] == b"\n"
        dernier = morceau[-1:]
        lisible = lisible and b"\0" not in morceau and _est_utf8(decodeur, morceau)
    lisible = lisible and (not texte or _est_utf8(decodeur, b"", fin=True))
    fin_sans_retour = dernier != b"\n"
    lignes += fin_sans_retour
    une_seule_fin = retours == 0 or retours == fins_windows == lignes - fin_sans_retour
    return condense.hexdigest(), lignes, lisible and une_seule_fin


def _est_utf8(decodeur: codecs.IncrementalDecoder, morceau: bytes, *, fin: bool = False) -> bool:
    try:
        decodeur.decode(morceau, fin)
    except UnicodeDecodeError:
        return False
    return True


def transcrire(source: Path, cible: Path) -> int:
    """Copy in UTF-8, one line for each line, `\\n` at each end; returns how many lines.

    A line is read in UTF-8 if it is UTF-8, in cp1252 otherwise: two exports put end to end are read right.
    """
    lignes = 0
    with cible.open("wb") as sortie:
        for bloc in _blocs(source):
            propre = bloc.replace(b"\0", b"")
            lignes += propre.count(b"\n")
            sortie.write(_en_utf8(propre))
    return lignes


def _blocs(source: Path) -> Iterator[bytes]:
    """The file by blocks of whole lines, each ended by `\\n`."""
    reste = b""
    with source.open("rb") as fichier:
        while morceau := fichier.read(MORCEAU):
            morceau = reste + morceau
            garde = -1 if morceau.endswith(b"\r") else len(morceau)  # its \n may come with the next block
            lignes = morceau[:garde].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            coupe = lignes.rfind(b"\n") + 1
            reste = lignes[coupe:] + morceau[garde:] if garde == -1 else lignes[coupe:]
            yield lignes[:coupe]
    if reste:
        yield reste.replace(b"\r", b"\n").removesuffix(b"\n") + b"\n"


def _en_utf8(bloc: bytes) -> bytes:
    try:
        bloc.decode("utf-8")
    except UnicodeDecodeError:
        return b"".join([_ligne_en_utf8(ligne) for ligne in bloc.splitlines(keepends=True)])
    return bloc


def _ligne_en_utf8(ligne: bytes) -> bytes:
    try:
        ligne.decode("utf-8")
    except UnicodeDecodeError:
        return ligne.decode("cp1252", errors="replace").encode()
    return ligne


def lire_entete(chemin: Path) -> tuple[list[str], str]:
    """The names in the first line, as written, and the separator of the file."""
    with chemin.open("rb") as fichier:
        premiere = re.split(rb"[\r\n]", fichier.readline(LIGNE_LA_PLUS_LONGUE))[0]
    ligne = _ligne_en_utf8(premiere.removeprefix(codecs.BOM_UTF8)).decode().strip("\ufeff\0 ")
    separateur = max(";,", key=ligne.count)
    noms = next(csv.reader([ligne], delimiter=separateur), [])
    return [nom.strip("\ufeff\u00a0 \t") for nom in noms], separateur


@dataclass(frozen=True)
class Reparation:
    """How the lines of one file should look."""

    separateur: str
    colonnes: list[str | None]
    """The column of the list that each column of the file holds, None for one that is left aside."""


def reparer(source: Path, cible: Path, forme: Reparation, noter: Noter) -> None:
    """Copy, one line for each line, what a strict reader refuses, made readable or taken out.

    A line taken out, or that goes on from the one before, keeps its place, filled with `VIDE`: numbers stay true.
    """
    with source.open(encoding="utf-8-sig", newline="\n") as lecture, cible.open("w", newline="") as ecriture:
        ecrivain = csv.writer(ecriture, delimiter=";", lineterminator="\n")
        place = [VIDE] * len(forme.colonnes)
        lignes = _Lignes(lecture)
        ecrivain.writerow(place)
        next(lignes)  # the header
        for ligne in lignes:
            numero = lignes.numero
            champs = _champs(ligne, lignes, forme, partial(noter, numero))
            ecrivain.writerow(champs or place)
            for _ in range(lignes.numero - numero):
                ecrivain.writerow(place)


class _Lignes(Iterator[str]):
    """Lines with their number, and a look at those that follow."""

    def __init__(self, fichier: io.TextIOWrapper) -> None:
        self.fichier = fichier
        self.avance: list[str] = []
        self.numero = 0

    def __next__(self) -> str:
        ligne = self.avance.pop(0) if self.avance else self._lire()
        if not ligne:
            raise StopIteration
        self.numero += 1
        return ligne.rstrip("\n")

    def _lire(self) -> str:
        ligne = self.fichier.readline(LIGNE_LA_PLUS_LONGUE)
        if len(ligne) == LIGNE_LA_PLUS_LONGUE and not ligne.endswith("\n"):
            while (suite := self.fichier.readline(LIGNE_LA_PLUS_LONGUE)) and not suite.endswith("\n"):
                pass
            return VIDE * 2 + "\n"
        return ligne

    def regarder(self, rang: int) -> str | None:
        """The line `rang` places further (1 is the next), without taking it."""
        while len(self.avance) < rang:
            if not (ligne := self._lire()):
                return None
            self.avance.append(ligne)
        return self.avance[rang - 1].rstrip("\n")


def _champs(ligne: str, lignes: _Lignes, forme: Reparation, noter: Callable[[str, str], None]) -> list[str] | None:
    if not ligne.strip():
        return None
    if ligne == VIDE * 2:
        noter("ligne trop longue pour être celle d'une liste", ECARTEE)
        return None
    champs = _couper(ligne, lignes, forme)
    if champs is None:
        noter("guillemet jamais refermé", GARDEE)
        champs = ligne.replace('"', "").split(forme.separateur)
    voulus = len(forme.colonnes)
    while len(champs) > voulus and not champs[-1].strip():
        champs.pop()
    if len(champs) < voulus:
        noter("colonnes manquantes en fin de ligne", GARDEE)
        return champs + [""] * (voulus - len(champs))
    if len(champs) == voulus:
        return champs
    realignes = _realigner(champs, forme)
    if realignes is None:
        noter("trop de colonnes, sans que l'on sache laquelle est en trop", ECARTEE)
    else:
        noter("un séparateur de trop dans un champ", GARDEE)
    return realignes


def _couper(ligne: str, lignes: _Lignes, forme: Reparation) -> list[str] | None:
    """The fields of a record, over several lines if a quoted field holds ends of line; None if it never closes."""
    if '"' not in ligne:
        return ligne.split(forme.separateur)
    texte = ligne
    for rang in range(SUITES_DE_LIGNE + 1):
        if rang:
            suite = lignes.regarder(rang)
            if suite is None or suite.count(forme.separateur) >= len(forme.colonnes) - 1:  # that is another record
                return None
            texte = f"{texte} {suite}"
        try:
            champs = next(csv.reader([texte], delimiter=forme.separateur, strict=True, skipinitialspace=True))
        except csv.Error:
            continue
        if rang and len(champs) != len(forme.colonnes):
            return None
        for _ in range(rang):
            next(lignes)
        return champs
    return None


def _realigner(champs: list[str], forme: Reparation) -> list[str] | None:
    """Fields of a line where a separator was written inside a value: the one place where all that has a shape fits."""
    surplus = len(champs) - len(forme.colonnes)
    libres = [rang for rang, nom in enumerate(forme.colonnes) if nom not in FORMES]
    for rang in sorted(libres, key=lambda place: forme.colonnes[place] != "adresse"):
        essai = [*champs[:rang], " ".join(champs[rang : rang + surplus + 1]), *champs[rang + surplus + 1 :]]
        if all(FORMES[nom](champ.strip()) for nom, champ in zip(forme.colonnes, essai, strict=True) if nom in FORMES):
            return essai
    return None


def _motif(motif: str) -> Callable[[str], bool]:
    compile_ = re.compile(motif, re.IGNORECASE)
    return lambda texte: compile_.fullmatch(texte) is not None


DATE = r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})([ T].*)?"
FORMES: dict[str | None, Callable[[str], bool]] = {
    "sexe": _motif(r"[MFH12]?"),
    "date_naissance": _motif(DATE),
    "commune_naissance": _motif(r"(\d[\dAB]\d{3})?"),
    "code_postal": _motif(r"(\d{5})?"),
    "jours_scolarises": _motif(r"\d{0,3}"),
    "diplome": _motif(r"(true|false|vrai|faux|oui|non|[01tfon])?"),
    "date_fin": _motif(f"({DATE})?"),
}
