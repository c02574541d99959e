"""Why a leaver was, or was not, taken for an enrolled pupil: words for the terminal, and a page for a file."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur.atelier import BASE, TEMOIN
from raccord.comparateur.base import litteral
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.explication import Ligne, expliquer_paire
from raccord.comparateur.moteur import modele_retenu
from raccord.comparateur.pages import Colonne, Html, balance, decimal, liste, page, paragraphe, pourcent, tableau, titre
from raccord.comparateur.sorties import LIENS

DOSSIER = "explications"
AUTRES = 5
ECRITS = {
    "nom": ("nom", "nom_usage"),
    "prenom": ("prenom",),
    "prenom2": ("prenom2",),
    "sexe": ("sexe",),
    "naissance": ("date_naissance",),
    "ine": ("ine",),
    "lieu": ("commune_naissance",),
    "domicile": ("adresse", "code_postal", "commune"),
}
"""The columns of the lists that each comparison reads."""


@dataclass(frozen=True)
class Rival:
    """Another enrolment that was thought of for this leaver."""

    identifiant: str
    probabilite: float


@dataclass(frozen=True)
class Pourquoi:
    """One pair, or a leaver for whom there is none (`inscrit` is then empty)."""

    sortant: str
    inscrit: str
    decision: str
    lignes: Sequence[Ligne]
    autres: Sequence[Rival]
    criteres: Sequence[tuple[str, bool]]

    @property
    def poids(self) -> float:
        """In bits: the sum of what is said line by line."""
        return sum(ligne.poids for ligne in self.lignes)

    @property
    def probabilite(self) -> float:
        return 1 / (1 + math.pow(2, -min(max(self.poids, -60), 60)))


DECISIONS = {
    "meme_personne": "Même personne : ce jeune est inscrit, il n'est pas appelé.",
    "a_verifier": "À vérifier : les indices ne suffisent pas, une personne doit regarder.",
    "decidee_meme_personne": "Une personne a décidé : même personne.",
    "decidee_autre_personne": "Une personne a décidé : deux personnes.",
    "autre_personne": "Deux personnes : rien de suffisant ne les rapproche.",
    "": "Aucune inscription ne ressemble assez à ce jeune pour être comparée.",
}
CRITERES = (
    ("age_16", "16 ans ou plus au jour du traitement, ou date de naissance inconnue"),
    ("quinze_jours", "scolarisé 15 jours au moins, ou nombre de jours inconnu"),
    ("sans_diplome", "sans le diplôme de sa formation, ou diplôme inconnu"),
    ("non_inscrit", "retrouvé dans aucune inscription"),
)


def pourquoi(dossier: Path, sortant: str, inscrit: str | None = None) -> Pourquoi:
    """Explain a pair, or the best that was found for the leaver. Raises ComparateurErreur on an unknown identifier."""
    if not (dossier / TEMOIN).exists():
        raise ComparateurErreur(f"{dossier} n'est pas un résultat de « raccord comparer ».")
    with duckdb.connect(dossier / BASE, read_only=True) as base:
        criteres = base.execute(
            f"SELECT {', '.join(nom for nom, _ in CRITERES)} FROM criteres WHERE identifiant = $sortant",
            {"sortant": sortant},
        ).fetchone()
        if criteres is None:
            raise ComparateurErreur(f"Aucun sortant n'a l'identifiant {sortant}.")
        penses = _penses(base, sortant)
        choisi = inscrit or (penses[0].identifiant if penses else "")
        return Pourquoi(
            sortant=sortant,
            inscrit=choisi,
            decision=_decision(base, dossier, sortant, choisi),
            lignes=_lignes(base, sortant, choisi) if choisi else [],
            autres=[rival for rival in penses if rival.identifiant != choisi][:AUTRES],
            criteres=[(libelle, bool(vrai)) for (_, libelle), vrai in zip(CRITERES, criteres, strict=True)],
        )


def _penses(base: DuckDBPyConnection, sortant: str) -> list[Rival]:
    """The enrolments that were thought of, the most likely first."""
    lignes = base.execute(
        """
        SELECT i.identifiant, 1 / (1 + pow(2, -l.poids)) AS probabilite
        FROM liens l JOIN sortants s ON s.rowid = l.s JOIN inscrits i ON i.rowid = l.i
        WHERE s.identifiant = $sortant ORDER BY l.poids DESC, i.identifiant
        """,
        {"sortant": sortant},
    ).fetchall()
    return [Rival(identifiant, probabilite) for identifiant, probabilite in lignes]


def _decision(base: DuckDBPyConnection, dossier: Path, sortant: str, inscrit: str) -> str:
    if not inscrit:
        return ""
    paire = {"sortant": sortant, "inscrit": inscrit}
    ou = "WHERE identifiant_sortant = $sortant AND identifiant_inscrit = $inscrit"
    humaine = base.execute(f"SELECT decision FROM decisions {ou}", paire).fetchone()
    if humaine:
        return f"decidee_{humaine[0]}"
    liens = f"read_parquet({litteral(dossier / LIENS)})"
    trouvee = base.execute(f"SELECT decision FROM {liens} {ou}", paire).fetchone()
    return str(trouvee[0]) if trouvee else "autre_personne"


def _lignes(base: DuckDBPyConnection, sortant: str, inscrit: str) -> list[Ligne]:
    """What each field says, then what the rivals take away, if anything."""
    try:
        lignes = list(expliquer_paire(base, modele_retenu(base), sortant, inscrit))
    except LookupError:
        raise ComparateurErreur(f"Aucun inscrit n'a l'identifiant {inscrit}.") from None
    gauche, droite = _ecrit(base, "sortants", sortant), _ecrit(base, "inscrits", inscrit)
    lignes = [
        replace(ligne, gauche=gauche.get(ligne.champ, ""), droite=droite.get(ligne.champ, "")) for ligne in lignes
    ]
    rivaux = base.execute(
        """
        SELECT l.poids_rivaux FROM liens l JOIN sortants s ON s.rowid = l.s JOIN inscrits i ON i.rowid = l.i
        WHERE s.identifiant = $sortant AND i.identifiant = $inscrit
        """,
        {"sortant": sortant, "inscrit": inscrit},
    ).fetchone()
    if rivaux and rivaux[0]:
        lignes.append(Ligne("rivaux", "Rivaux", "un autre sortant ressemble plus à cet inscrit", rivaux[0]))
    return lignes


def _ecrit(base: DuckDBPyConnection, table: str, identifiant: str) -> dict[str, str]:
    """What the list says, as it was written, for each field that is compared."""
    textes = ", ".join(f"concat_ws(', ', {', '.join(colonnes)})" for colonnes in ECRITS.values())
    valeurs = base.execute(f"SELECT {textes} FROM {table} WHERE identifiant = $qui", {"qui": identifiant}).fetchone()
    return dict(zip(ECRITS, valeurs or (), strict=True))


def en_mots(explication: Pourquoi) -> str:
    """For the terminal."""
    lignes = [_entete(explication), DECISIONS[explication.decision]]
    for ligne in explication.lignes:
        valeurs = f" ({ligne.gauche} / {ligne.droite})" if ligne.gauche or ligne.droite else ""
        lignes.append(f"  {ligne.poids:+6.1f}  {ligne.libelle} : {ligne.niveau}{valeurs}".replace(".", ",", 1))
    if explication.lignes:
        lignes.append(f"  {explication.poids:+6.1f}  en tout : {_chance(explication)}".replace(".", ",", 1))
    lignes += [f"  {_oui(vrai)}  {libelle}" for libelle, vrai in explication.criteres]
    lignes += [f"  autre inscrit envisagé : {_rival(rival)}" for rival in explication.autres]
    return "\n".join(lignes) + "\n"


def _entete(explication: Pourquoi) -> str:
    return f"Sortant {explication.sortant}" + (f", inscrit {explication.inscrit}" if explication.inscrit else "")


def _chance(explication: Pourquoi) -> str:
    return f"une chance de {pourcent(explication.probabilite, 2)} que ce soit la même personne"


def _oui(vrai: bool) -> str:
    return "oui" if vrai else "non"


def _rival(rival: Rival) -> str:
    return f"{rival.identifiant}, {pourcent(rival.probabilite, 2)}"


def ecrire_page(explication: Pourquoi, dossier: Path) -> Path:
    """Write the page among the results; returns where."""
    nom = re.sub(r"[^\w~-]+", "_", f"{explication.sortant}--{explication.inscrit or 'sans-inscrit'}")
    chemin = dossier / DOSSIER / f"{nom[:150]}.html"
    chemin.parent.mkdir(exist_ok=True)
    chemin.write_text(page(_entete(explication), _morceaux(explication)), encoding="utf-8")
    return chemin


def _morceaux(explication: Pourquoi) -> Iterator[Html]:
    yield paragraphe(DECISIONS[explication.decision])
    if explication.lignes:
        yield paragraphe(
            "Chaque champ ajoute ou retire un poids : un poids de 1 rend deux fois plus probable que ce soit la même "
            f"personne, un poids de −1 deux fois moins. En tout : {decimal(explication.poids)}, soit "
            f"{_chance(explication)}."
        )
        yield tableau(
            "Champ par champ",
            [
                Colonne("Champ"),
                Colonne("Ce que l'on voit"),
                Colonne("Sortant"),
                Colonne("Inscrit"),
                Colonne("Poids", nombre=True),
                Colonne("", dessin=True),
            ],
            [
                [ligne.libelle, ligne.niveau, ligne.gauche, ligne.droite, decimal(ligne.poids), balance(ligne.poids)]
                for ligne in explication.lignes
            ],
        )
    yield titre("Les quatre critères de la liste")
    yield tableau(
        "Un jeune est appelé s'il les remplit tous",
        [Colonne("Critère"), Colonne("Rempli")],
        [[libelle, _oui(vrai)] for libelle, vrai in explication.criteres],
    )
    if explication.autres:
        yield titre("Autres inscrits envisagés")
        yield liste(_rival(rival) for rival in explication.autres)
