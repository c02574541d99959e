"""The stock of names, of towns and of streets that people are drawn from."""

import csv
import importlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DOSSIER = Path(__file__).parent
COMMUNES = DOSSIER.parents[1] / "raccord" / "territoires" / "donnees" / "communes.csv"
Textes = NDArray[np.object_]
Rangs = NDArray[np.int64]

TRANCHE_RARE = 4000
MATERNITE = 9000  # inhabitants: below, a commune has no maternity ward
VILLES_ENTIERES = {"75": "75056", "13": "13055", "69": "69123"}  # their arrondissements have codes of their own
SYLLABES = (
    "a",
    "ly",
    "na",
    "ka",
    "ma",
    "ri",
    "lé",
    "ë",
    "lo",
    "sha",
    "ya",
    "no",
    "ti",
    "vé",
    "zo",
    "ja",
    "mé",
    "li",
    "è",
)
VOIES = ("rue", "rue", "rue", "rue", "avenue", "chemin", "boulevard", "impasse", "allée", "place", "route", "cité")
NOMS_DE_VOIES = """
de la République, Victor Hugo, des Lilas, du Général de Gaulle, Jean Jaurès, de la Gare, Pasteur, des Écoles, de Verdun,
de l'Église, Gambetta, du Moulin, des Acacias, Jules Ferry, Émile Zola, de la Paix, du Stade, des Tilleuls, Voltaire,
Jean Moulin, du 8 Mai 1945, des Cerisiers, de la Mairie, des Roses, Anatole France, du Château, Albert Camus, du Lavoir,
Pierre Curie, Marie Curie, Paul Éluard, de la Fontaine, des Peupliers, du 11 Novembre, Louis Aragon, Maurice Thorez,
des Marronniers, de Bretagne, de Provence, Aristide Briand, Salvador Allende, de la Liberté, Jacques Prévert, Molière,
Rosa Parks, Simone Veil, du Bois, des Vignes, de la Forêt, du Port, de la Plage, Saint-Martin, Saint-Jean, Notre-Dame,
Frédéric Mistral, George Sand, Arthur Rimbaud, Guy Môquet, Léon Blum, Lamartine, Racine, de Strasbourg, de Lyon
"""
PAYS = {  # INSEE codes of the countries people come from
    "maghreb": ("99352", "99350", "99351"),
    "sahel": ("99335", "99341", "99330", "99326", "99312", "99323", "99322"),
    "portugal": ("99139",),
    "espagne": ("99134",),
    "turquie": ("99208",),
    "asie": ("99216", "99243", "99246", "99235", "99223", "99213"),
    "europe_est": ("99114", "99122", "99123", "99252", "99155", "99157"),
    "outre_mer_indien": ("99397",),
    "afrique_nord_est": ("99212", "99206", "99317", "99318", "99343"),
    "defaut": ("99127", "99131", "99109", "99132", "99404", "99140"),
}


def liste(texte: str) -> list[str]:
    """A TOML string of names separated by commas, in order, each once."""
    return list(dict.fromkeys(nom for nom in (morceau.strip("\n") for morceau in _morceaux(texte)) if nom))


def _morceaux(texte: str) -> Iterable[str]:
    return (morceau.strip() for morceau in texte.replace("\n", " ").split(","))


class Tirage:
    """Values with the frequency of their rank."""

    def __init__(self, valeurs: Sequence[str], decalage: float, pente: float) -> None:
        self.valeurs: Textes = np.array(valeurs, dtype=object)
        poids = (np.arange(len(valeurs)) + 1.0 + decalage) ** -pente
        self.cumul = np.cumsum(poids) / poids.sum()

    def tirer(self, hasard: np.random.Generator, nombre: int) -> Textes:
        """`nombre` values, frequent ones more often."""
        rangs = np.searchsorted(self.cumul, hasard.random(nombre), side="right")
        return self.valeurs[np.minimum(rangs, len(self.valeurs) - 1)]


def _queue(origine: Mapping[str, Any]) -> list[str]:
    """Rare surnames, put together from roots and endings. Always the same ones, in an order that means nothing."""
    if not origine.get("racines"):
        return []
    debuts = origine.get("debuts", "").split(",")
    debuts = [debut.lstrip() for debut in debuts]
    combinaisons = [
        f"{debut}{racine if debut and debut[-1].isalpha() else racine.capitalize()}{fin}"
        for debut in dict.fromkeys(debuts)
        for racine in liste(origine["racines"])
        for fin in liste(origine["fins"])
    ]
    # Plain names come first, as they do in life: nine parts in ten of what is kept.
    ordre = np.random.default_rng(0).permutation(len(combinaisons))
    return [combinaisons[rang] for rang in ordre[: origine.get("queue", TRANCHE_RARE)]]


def _faker(locale: str | None, attribut: str) -> list[str]:
    if locale is None:
        return []
    fournisseur = importlib.import_module(f"faker.providers.person.{locale}").Provider
    return list(getattr(fournisseur, attribut, ()))


def _rares() -> list[str]:
    hasard = np.random.default_rng(1)
    rares = {"".join(hasard.choice(SYLLABES, 2 + rang % 3)).capitalize() for rang in range(TRANCHE_RARE)}
    return sorted(rares)


@dataclass(frozen=True)
class Noms:
    """Surnames and first names by origin, ranked."""

    familles: Mapping[str, Tirage]
    prenoms: Mapping[tuple[str, str], Tirage]
    anciens: Mapping[str, Tirage]
    rares: Tirage
    doubles: Mapping[str, float]
    variantes: Mapping[str, list[str]]
    diminutifs: Mapping[str, str]

    @classmethod
    def lire(cls, zipf: Mapping[str, Mapping[str, float]], origines: Iterable[str], queue: bool = True) -> "Noms":
        """Read `noms.toml`, with the rank law given; without the long tail of rare surnames when `queue` is false."""
        donnees = tomllib.loads((DOSSIER / "noms.toml").read_text(encoding="utf-8"))
        variantes = donnees.pop("variantes")
        familles, prenoms, doubles = {}, {}, {}
        for origine in origines:
            description = donnees[origine]
            locale = description.get("faker")
            noms = [*liste(description["noms"]), *_faker(locale, "last_names"), *(_queue(description) if queue else ())]
            familles[origine] = Tirage(list(dict.fromkeys(noms)), **zipf["noms"])
            doubles[origine] = description.get("double", 0.0)
            source = donnees[description.get("garcons_de", origine)]
            for sexe, liste_prenoms in (("M", "garcons"), ("F", "filles")):
                prenoms[origine, sexe] = Tirage(liste(source[liste_prenoms]), **zipf["prenoms"])
        for sexe, liste_prenoms in (("M", "garcons"), ("F", "filles")):
            prenoms["france", sexe] = Tirage(liste(donnees["france"][liste_prenoms]), **zipf["prenoms"])
        groupes = [liste(ligne) for ligne in variantes["groupes"].splitlines()]
        return cls(
            familles,
            prenoms,
            {
                "M": Tirage(_faker("fr_FR", "first_names_male"), 20, 0.6),
                "F": Tirage(_faker("fr_FR", "first_names_female"), 20, 0.6),
            },
            Tirage(_rares(), 300, 0.5),
            doubles,
            {nom: [autre for autre in groupe if autre != nom] for groupe in groupes for nom in groupe},
            dict(paire.split("=") for paire in liste(variantes["diminutifs"])),
        )


class Lieux:
    """The communes that live in the open data shipped with Raccord, and streets of nowhere."""

    def __init__(self) -> None:
        with COMMUNES.open(encoding="utf-8", newline="") as fichier:
            lignes = [
                ligne
                for ligne in csv.DictReader(fichier)
                if ligne["codes_postaux"]
                and int(ligne["population"] or 0)
                and ligne["code"] not in VILLES_ENTIERES.values()
            ]
        lignes.sort(key=lambda ligne: (ligne["departement"], ligne["code"]))
        self.codes: Textes = np.array([ligne["code"] for ligne in lignes], dtype=object)
        self.noms: Textes = np.array([ligne["nom"] for ligne in lignes], dtype=object)
        self.postaux: Textes = np.array([ligne["codes_postaux"].split("|")[0] for ligne in lignes], dtype=object)
        self.entieres: Textes = np.array(
            [
                VILLES_ENTIERES.get(ligne["departement"], "") if ligne["type"] == "arrondissement" else ""
                for ligne in lignes
            ],
            dtype=object,
        )
        population = np.array([float(ligne["population"]) for ligne in lignes])
        departements = np.array([ligne["departement"] for ligne in lignes])
        self.noms_departements, self.departement = np.unique(departements, return_inverse=True)
        self._habiter = np.concatenate([[0.0], np.cumsum(population)])
        maternites = np.where(population >= MATERNITE, population**1.3, 0.0)
        for rang in range(len(self.noms_departements)):
            dedans = self.departement == rang
            if not maternites[dedans].any():
                maternites[np.argmax(np.where(dedans, population, -1))] = 1.0
        self._naitre = np.concatenate([[0.0], np.cumsum(maternites)])
        self._debut = np.searchsorted(self.departement, np.arange(len(self.noms_departements)))
        self._fin = np.searchsorted(self.departement, np.arange(len(self.noms_departements)), side="right")

    def habiter(self, hasard: np.random.Generator, nombre: int) -> Rangs:
        """Rows of communes, as many people in each as it has inhabitants."""
        return self._tirer(hasard, self._habiter, np.zeros(nombre, dtype=np.int64), np.full(nombre, len(self.codes)))

    def habiter_pres(self, hasard: np.random.Generator, departements: Rangs) -> Rangs:
        """A home in the département given for each."""
        return self._tirer(hasard, self._habiter, self._debut[departements], self._fin[departements])

    def naitre(self, hasard: np.random.Generator, nombre: int) -> Rangs:
        """Where there is a maternity ward."""
        return self._tirer(hasard, self._naitre, np.zeros(nombre, dtype=np.int64), np.full(nombre, len(self.codes)))

    def naitre_pres(self, hasard: np.random.Generator, departements: Rangs) -> Rangs:
        """A maternity ward of the département given for each."""
        return self._tirer(hasard, self._naitre, self._debut[departements], self._fin[departements])

    def rangs_departements(self, codes: Sequence[str]) -> Rangs:
        """Rows of the départements."""
        return np.searchsorted(self.noms_departements, sorted(codes))

    @staticmethod
    def _tirer(hasard: np.random.Generator, cumul: NDArray[np.float64], debut: Rangs, fin: Rangs) -> Rangs:
        bas, haut = cumul[debut], cumul[fin]
        points = bas + hasard.random(len(debut)) * (haut - bas)
        return np.clip(np.searchsorted(cumul, points, side="right") - 1, debut, fin - 1)

    @cached_property
    def voies(self) -> Tirage:
        """« rue des Lilas »: the same few in every town."""
        noms = liste(NOMS_DE_VOIES) + [
            f"du {nom}" for nom in ("Puits", "Pré", "Calvaire", "Four", "Pont", "Marais", "Ruisseau")
        ]
        noms += _faker("fr_FR", "last_names")
        return Tirage(
            [
                f"{VOIES[(rang * 7 + tour * 5) % len(VOIES)]} {nom}"
                for tour in range(3)
                for rang, nom in enumerate(noms)
            ],
            15,
            0.8,
        )


@cache
def lieux() -> Lieux:
    """The places, read once."""
    return Lieux()
