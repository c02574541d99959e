"""Finding a commune from what someone types: suggestions, and the reading of one entry."""

import difflib
import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, Q, When
from django.db.models.functions import Ln

from raccord.territoires.models import VILLES_A_ARRONDISSEMENTS, Commune, CommuneQuerySet
from raccord.territoires.noms import LONGUEUR_UTILE, normaliser

CODE_POSTAL = re.compile(r"\d{5}")
_CEDEX = re.compile(r"\bcedex(?: \d+)?\b")
_DEPARTEMENT_FINAL = re.compile(r"\(\s*(\d{2,3}|2[AB])\s*\)\s*$", re.IGNORECASE)
MOTS_UTILES = 12
# `cle` is already the French alphabetical order, without a function to compute on every row.
ORDRE = ("-population", "cle", "code")
PROPOSITIONS = 5
PEU = 3
# A town of 100 000 people is worth 0.12 of similarity more than a village of 500: 'Grenobel' is Grenoble.
POIDS_POPULATION = 0.023
RESSEMBLANCE = 0.6


class Issue(Enum):
    """How an entry was understood."""

    UNIQUE = "unique"
    PLUSIEURS = "plusieurs"
    AUCUNE = "aucune"


@dataclass(frozen=True)
class Lecture:
    """What one entry designates.

    UNIQUE: `communes` is that one. PLUSIEURS: the candidates, largest first. AUCUNE: nothing is designated, and
    `communes` are near spellings to propose (maybe none): never to be taken without asking.
    """

    issue: Issue
    communes: list[Commune] = field(default_factory=list)

    @property
    def commune(self) -> Commune | None:
        """The commune when there is one and no doubt."""
        return self.communes[0] if self.issue is Issue.UNIQUE else None


def _communes() -> CommuneQuerySet:
    return Commune.objects.en_vigueur().select_related("departement")


def chercher_communes(texte: str, limite: int = 10) -> list[Commune]:
    """Suggestions, best first: the exact name, then names that begin so, then those with all the words, then typos.

    Each word is the beginning of a word of the name or of a postcode ('st den 93'). Among equals the largest town
    comes first, and an arrondissement before its city for a full postcode. Never raises; [] when nothing is near.
    """
    mots = normaliser(texte).split()[:MOTS_UTILES]
    if not mots:
        return []
    cle = " ".join(mots)
    tous_les_mots = Q()
    for mot in mots:
        tous_les_mots &= Q(recherche__contains=f" {mot}")
    rang = Case(
        When(cle=cle, then=0),
        When(genre=Commune.Genre.ARRONDISSEMENT, codes_postaux__overlap=mots, then=1),
        When(cle__startswith=cle, then=2),
        default=3,
    )
    trouvees = list(_communes().filter(tous_les_mots).order_by(rang, *ORDRE)[:limite])
    trouvees = trouvees or _par_code_postal(mots)[:limite]
    if len(trouvees) < PEU and all(commune.cle != cle for commune in trouvees):
        # 'Renes' begins Renescure, yet Rennes may be meant.
        trouvees += [commune for commune in _ressemblantes(cle, limite) if commune not in trouvees]
    return trouvees[:limite]


@lru_cache(maxsize=4_000)
def commune_depuis_saisie(texte: str) -> Lecture:
    """What one entry designates: 'Lille', '59000', 'Lille (59)', '59000 Lille', or a postal address. Never a guess.

    Kept by its words: communes are reference data, which change only when a new version is loaded and started.

    A name alone designates its commune when no other bears it. A postcode and a name must agree: when the name is
    another commune's, both are candidates. A postcode unknown to La Poste's base (CEDEX) counts as its département.
    Misspelt, a name is only proposed, unless the postcode has a single commune that resembles it. Never raises.
    """
    if len(texte) > LONGUEUR_UTILE:
        return Lecture(Issue.AUCUNE)
    if precise := _DEPARTEMENT_FINAL.search(texte):
        homonymes = communes_nommees([normaliser(texte[: precise.start()])])
        if trouvees := [commune for commune in homonymes if commune.departement_id == precise[1].upper()]:
            return _lecture(trouvees)
    mots = _CEDEX.sub(" ", normaliser(texte)).split()
    codes = [rang for rang, mot in enumerate(mots) if CODE_POSTAL.fullmatch(mot)]
    return _lire_avec_code(mots, codes) if codes else _lire_sans_code(mots)


def _lire_avec_code(mots: list[str], rangs: list[int]) -> Lecture:
    candidats = _par_code_postal(mots)
    connus = {code for commune in candidats for code in commune.codes_postaux}
    rang = next((rang for rang in reversed(rangs) if mots[rang] in connus), rangs[-1])
    avant, apres = mots[:rang], mots[rang + 1 :]
    if apres == ["france"]:
        apres = []
    nommees = _au_nom_le_plus_long(_debuts(apres) if apres else _fins(avant))
    if nommees:
        d_accord = [commune for commune in candidats if nommees[0].cle in _noms(commune)]
        if not candidats:
            d_accord = [commune for commune in nommees if commune.departement_id in _departements(mots[rang])]
        if d_accord:
            return _lecture(d_accord)
        return Lecture(Issue.PLUSIEURS, candidats + nommees) if candidats else Lecture(Issue.AUCUNE, nommees)
    if not candidats:
        return Lecture(Issue.AUCUNE, chercher_communes(" ".join(apres or avant), PROPOSITIONS))
    if len(candidats) == 1 and not _compatible(candidats[0], avant, apres):
        return Lecture(Issue.AUCUNE, candidats)
    return _lecture(candidats)


def _lire_sans_code(mots: list[str]) -> Lecture:
    nommees = []
    for commune in communes_nommees(_debuts(mots)):
        suite = " ".join(mots)[len(commune.cle) :].strip()
        if suite in {"", normaliser(commune.departement_id), normaliser(commune.departement.nom)}:
            nommees.append(commune)
    if nommees:
        return _lecture(nommees)
    proches = chercher_communes(" ".join(mots), PROPOSITIONS)
    if not any(commune.cle.startswith(" ".join(mots)) for commune in proches):
        proches = list(dict.fromkeys(_au_nom_le_plus_long(_fins(mots)) + proches))[:PROPOSITIONS]
    return Lecture(Issue.AUCUNE, proches)


def _lecture(communes: list[Commune]) -> Lecture:
    return Lecture(Issue.UNIQUE if len(communes) == 1 else Issue.PLUSIEURS, communes)


def _debuts(mots: list[str]) -> list[str]:
    return [" ".join(mots[:fin]) for fin in range(1, len(mots) + 1)]


def _fins(mots: list[str]) -> list[str]:
    return [" ".join(mots[debut:]) for debut in range(len(mots))]


def _au_nom_le_plus_long(noms: list[str]) -> list[Commune]:
    """Communes bearing the longest of these names that is one's: 'Saint-Denis' rather than 'Denis'."""
    communes = communes_nommees(noms)
    longueur = max((len(commune.cle) for commune in communes), default=0)
    return [commune for commune in communes if len(commune.cle) == longueur]


def _noms(commune: Commune) -> set[str]:
    """Its normalised name; for an arrondissement, that of its city too."""
    if commune.genre == Commune.Genre.ARRONDISSEMENT:
        return {commune.cle, commune.cle.rsplit(" ", 1)[0]}
    return {commune.cle}


def _compatible(commune: Commune, avant: list[str], apres: list[str]) -> bool:
    """Whether unknown words around its postcode may be its misspelt name, or only a street."""
    if not apres and (not avant or any(mot.isdigit() for mot in avant)):
        return True
    ecrit = " ".join(apres or avant)
    return any(difflib.SequenceMatcher(None, ecrit, nom).ratio() >= RESSEMBLANCE for nom in _noms(commune))


def _departements(code_postal: str) -> set[str]:
    """Codes of the départements that a postcode may lie in, from its first digits."""
    if code_postal.startswith("20"):
        return {"2A", "2B"}
    return {code_postal[:3] if code_postal.startswith(("97", "98")) else code_postal[:2]}


def _par_code_postal(mots: list[str]) -> list[Commune]:
    """Communes of the last known postcode among the words; of an arrondissement rather than its city."""
    codes = [mot for mot in mots if CODE_POSTAL.fullmatch(mot)]
    communes = communes_au_code(codes)
    connus = {code for commune in communes for code in commune.codes_postaux}
    dernier = next((code for code in reversed(codes) if code in connus), "")
    communes = [commune for commune in communes if dernier in commune.codes_postaux]
    if any(commune.genre == Commune.Genre.ARRONDISSEMENT for commune in communes):
        communes = [commune for commune in communes if commune.code not in VILLES_A_ARRONDISSEMENTS]
    return communes


def _ressemblantes(cle: str, limite: int) -> list[Commune]:
    """Names near in spelling (trigrams), the population tipping the balance between them."""
    score = TrigramSimilarity("cle", cle) + POIDS_POPULATION * Ln(F("population") + 1.0)
    return list(_communes().filter(cle__trigram_similar=cle).order_by(-score, "cle", "code")[:limite])


def communes_nommees(noms: list[str]) -> list[Commune]:
    """Communes whose normalised name is one of these, largest first."""
    return _triees(Q(cle__in=noms))


def communes_au_code(codes_postaux: list[str]) -> list[Commune]:
    """Communes with one of these postcodes, largest first."""
    if not codes_postaux:
        return []
    return _triees(Q(*(("recherche__contains", f" {code}") for code in codes_postaux), _connector=Q.OR))


def _triees(condition: Q) -> list[Commune]:
    return list(_communes().filter(condition).order_by(*ORDRE))
