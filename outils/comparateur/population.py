"""A made-up population: leavers, enrolments, and the truth between them. Nobody in it exists.

    python -m outils.comparateur.population --sortants 100000 --inscrits 100000 --sortie DOSSIER

writes in DOSSIER
  sortants.csv, inscrits.csv   the two lists, as `raccord comparer` reads them (`--format parquet` for both);
  verite.csv                   one line per leaver and true enrolment: `identifiant_sortant`, `identifiant_inscrit`
                               (empty when not enrolled again; two lines when enrolled twice), `a_lister` (oui, non:
                               the four criteria are met), then what error rates are looked at by: `sexe`, `source`,
                               `origine`, `jumeau` (oui, non);
  doublons_verite.csv          `liste` (sortants, inscrits), `identifiant`, `identifiant_autre`: one person twice.

The same seed, sizes and profile give the same bytes. Rates, and where they come from, are in `population.toml`. People
are made by blocks, so that memory does not grow with the numbers asked for.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from outils.comparateur import defauts
from outils.comparateur.noms import PAYS, Lieux, Noms, Textes, lieux

DOSSIER = Path(__file__).parent
BLOC = 100_000  # leavers, or twice as many enrolments, made together
DATE = date(2026, 10, 31)
SOURCES = ("EN", "CFA", "AGRI", "ML")
STYLES = {"capitales", "sans_accents", "tiret", "part", "ine"}
ABSENCES = {"second_absent", "naissance_absente", "sexe_vide", "demenage"}
FANTOMES = ("00000000000", "00000000000", "99999999999", "INCONNU", "0000000000X", "XXXXXXXXXXX")
LETTRES = "ABCDEFGHJKLMNPRTUVWXY"
ESPACE = 1_000_000_000
IDENTITE = (
    "identifiant", "source", "ine", "nom", "nom_usage", "prenom", "prenom2", "sexe", "date_naissance",
    "commune_naissance", "code_postal", "commune", "adresse",
)  # fmt: skip
Colonnes = dict[str, Any]
Rangs = NDArray[np.int64]
Masque = NDArray[np.bool_]


def profils() -> list[str]:
    """The names of the error models."""
    return list(_donnees()["profils"])


def _donnees() -> dict[str, Any]:
    return tomllib.loads((DOSSIER / "population.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Modele:
    """The rates of one profile, and the names and places that go with them."""

    population: Mapping[str, Any]
    origines: Mapping[str, float]
    origines_defauts: Mapping[str, Mapping[str, float]]
    passages: Mapping[str, Mapping[str, float]]
    taux: Mapping[str, NDArray[np.float64]]
    """For each rate, its value in each source, in the order of SOURCES."""
    soin: float
    noms: Noms
    lieux: Lieux

    @classmethod
    def lire(cls, profil: str = "usuel") -> "Modele":
        """Read `population.toml`; the profile changes what it says."""
        donnees = _donnees()
        choix = donnees["profils"][profil]
        population = donnees["population"] | choix.get("population", {})
        zipf = donnees["zipf"] | choix.get("zipf", {})
        origines = choix.get("origines", donnees["origines"])
        multiplie = choix.get("taux", {})
        taux = {}
        for nom in donnees["sources"]["EN"]:
            facteur = 1.0 if nom in STYLES | ABSENCES else choix["fautes"]
            valeurs = np.array([donnees["sources"][source][nom] for source in SOURCES])
            taux[nom] = np.minimum(valeurs * facteur * multiplie.get(nom, 1.0), 0.95 if facteur != 1.0 else 1.0)
        if "ine" in choix:
            taux["ine"] = np.full(len(SOURCES), choix["ine"])
        total = sum(origines.values())
        return cls(
            population,
            {nom: part / total for nom, part in origines.items()},
            donnees["origines_defauts"],
            donnees["passages"],
            taux,
            choix["soin"],
            Noms.lire(zipf, origines, choix.get("queue", True)),
            lieux(),
        )


@dataclass
class Personnes:
    """People as they are."""

    famille: Rangs
    origine: Rangs
    sexe: Textes
    nom: Textes
    nom_usage: Textes
    prenom: Textes
    prenom2: Textes
    naissance: Textes
    lieu_naissance: Textes
    commune: Rangs
    adresse: Textes
    ine: Textes
    jumeau: Masque
    diplome: Masque
    jours: Rangs

    def __len__(self) -> int:
        return len(self.nom)


@dataclass(frozen=True)
class Listes:
    """What one block adds to each file."""

    sortants: Colonnes
    inscrits: Colonnes
    verite: Colonnes
    doublons: Colonnes


class Bloc:
    """One block of people, drawn by its own generator."""

    def __init__(self, modele: Modele, graine: int, rang: int, jour: date) -> None:
        self.modele = modele
        self.hasard = np.random.default_rng([graine, rang])
        self.graine = graine
        self.rang = rang
        self.jour = jour
        self.noms_origines = np.array(list(modele.origines), dtype=object)

    def listes(self, sortants: int, inscrits: int) -> Listes:
        """Exactly so many lines in each list."""
        regles, hasard = self.modele.population, self.hasard
        bis_sortants = round(regles["sortant_deux_fois"] * sortants)
        vrais = sortants - bis_sortants
        autres = inscrits - round(regles["inscrit_de_nouveau"] * vrais) - round(regles["inscrit_deux_fois"] * inscrits)
        if autres < 0:
            raise ValueError("trop peu d'inscrits : il en faut au moins 0,77 fois le nombre des sortants")
        personnes = self.personnes(vrais + autres)
        ordre = hasard.permutation(len(personnes))
        sortis, restes = ordre[:vrais], ordre[vrais:]
        de_nouveau = self._de_nouveau(personnes, sortis, min(inscrits - autres, vrais))
        personnes.diplome[sortis] = hasard.random(vrais) < np.where(
            de_nouveau, regles["diplome_si_inscrit"], regles["diplome_si_absent"]
        )
        qui_sortants, source_sortants = self._et_encore(sortis, self._sources(vrais), bis_sortants)
        revenus = sortis[de_nouveau]
        source = np.concatenate([self._passer(source_sortants[:vrais][de_nouveau]), self._sources(len(restes))])
        qui_inscrits, source_inscrits = self._et_encore(
            np.concatenate([revenus, restes]), source, inscrits - len(revenus) - len(restes)
        )
        return self._assembler(personnes, (qui_sortants, source_sortants), (qui_inscrits, source_inscrits))

    def _de_nouveau(self, personnes: Personnes, sortis: Rangs, au_plus: int) -> Masque:
        """Who among the leavers is enrolled again; twins often share their fate."""
        tirage = self.hasard.random(len(personnes))
        suit = np.zeros(len(personnes), dtype=bool)
        suit[1:] = personnes.jumeau[1:] & personnes.jumeau[:-1] & (personnes.famille[1:] == personnes.famille[:-1])
        suit &= self.hasard.random(len(personnes)) < self.modele.population["jumeaux_meme_sort"]
        tirage[suit] = tirage[np.nonzero(suit)[0] - 1]
        retenus = tirage[sortis] < self.modele.population["inscrit_de_nouveau"]
        retenus[np.nonzero(retenus)[0][au_plus:]] = False
        return retenus

    def _sources(self, nombre: int) -> Rangs:
        parts = self.modele.taux["part"]
        return self.hasard.choice(len(SOURCES), nombre, p=parts / parts.sum())

    def _passer(self, sources: Rangs) -> Rangs:
        """The source of the enrolment of each, by the one they left."""
        arrivees = np.empty(len(sources), dtype=np.int64)
        for rang, source in enumerate(SOURCES):
            dedans = np.nonzero(sources == rang)[0]
            parts = np.array([self.modele.passages[source][arrivee] for arrivee in SOURCES])
            arrivees[dedans] = self.hasard.choice(len(SOURCES), len(dedans), p=parts / parts.sum())
        return arrivees

    def _et_encore(self, qui: Rangs, sources: Rangs, nombre: int) -> tuple[Rangs, Rangs]:
        """The same, and `nombre` of them a second time, from another source or the same."""
        encore = self.hasard.choice(len(qui), nombre, replace=False)
        return np.concatenate([qui, qui[encore]]), np.concatenate([sources, self._passer(sources[encore])])

    def personnes(self, nombre: int) -> Personnes:
        """So many people, home after home."""
        hasard, regles = self.hasard, self.modele.population
        tailles = 1 + hasard.choice(len(regles["fratries"]), nombre, p=regles["fratries"])
        famille = np.repeat(np.arange(nombre), tailles)[:nombre]
        suivant = np.zeros(nombre, dtype=bool)
        suivant[1:] = famille[1:] == famille[:-1]
        parts = np.array(list(self.modele.origines.values()))
        origine = hasard.choice(len(parts), nombre, p=parts)[famille]
        jumeau = self._jumeaux(suivant)
        sexe = np.where(hasard.random(nombre) < 0.52, "M", "F").astype(object)
        meme_sexe = jumeau & suivant & (hasard.random(nombre) < 0.4)
        sexe[meme_sexe] = sexe[np.nonzero(meme_sexe)[0] - 1]
        nom, nom_usage = self._noms(famille, origine)
        naissance, annee = self._naissances(nombre)
        commune, adresse = self._domiciles(famille)
        lieu = self._lieux_naissance(origine, commune)
        second = jumeau & suivant
        for colonne in (naissance, lieu):
            colonne[second] = colonne[np.nonzero(second)[0] - 1]
        return Personnes(
            famille, origine, sexe, nom, nom_usage,
            self._prenoms(origine, sexe, annee, suivant, second), self._seconds(origine, sexe), naissance, lieu,
            commune, adresse, self._ine(np.arange(nombre)), jumeau, np.zeros(nombre, dtype=bool), self._jours(nombre),
        )  # fmt: skip

    def _jumeaux(self, suivant: Masque) -> Masque:
        """Pairs of neighbours in one home: both are marked."""
        place = np.nonzero(suivant)[0]
        place = place[np.concatenate([[True], np.diff(place) > 1])] if len(place) else place
        voulus = min(len(place), round(self.modele.population["jumeaux"] * len(suivant) / 2))
        seconds = self.hasard.choice(place, voulus, replace=False) if voulus else place[:0]
        jumeau = np.zeros(len(suivant), dtype=bool)
        jumeau[seconds] = jumeau[seconds - 1] = True
        return jumeau

    def _par_origine(self, origine: Rangs) -> Iterator[tuple[str, Rangs]]:
        for rang, nom in enumerate(self.noms_origines):
            dedans = np.nonzero(origine == rang)[0]
            if len(dedans):
                yield nom, dedans

    def _noms(self, famille: Rangs, origine: Rangs) -> tuple[Textes, Textes]:
        """A birth name for each home, sometimes both parents'; a usual name for some."""
        hasard, regles, noms = self.hasard, self.modele.population, self.modele.noms
        nombre = len(famille)
        premier, second = np.empty(nombre, dtype=object), np.empty(nombre, dtype=object)
        double = hasard.random(nombre)
        for nom, dedans in self._par_origine(origine):
            premier[dedans] = noms.familles[nom].tirer(hasard, len(dedans))
            second[dedans] = noms.familles[nom].tirer(hasard, len(dedans))
            double[dedans] -= noms.doubles[nom]
        mele = hasard.random(nombre) < 0.3
        second[mele] = noms.familles[next(iter(noms.familles))].tirer(hasard, int(mele.sum()))
        tete = np.searchsorted(famille, famille)  # the first of the home gives the name of all
        premier, second, double = premier[tete], second[tete], double[tete]
        tiret = (hasard.random(nombre) < regles["double_nom_tiret"])[famille]
        naissance = premier.copy()
        for rang in np.nonzero((double < regles["double_nom"]) & (premier != second))[0]:
            naissance[rang] = f"{premier[rang]}{'-' if tiret[rang] else ' '}{second[rang]}"
        usage = np.full(nombre, "", dtype=object)
        for rang in np.nonzero((hasard.random(nombre) < regles["autre_nom_usage"])[famille])[0]:
            simple = naissance[rang] == premier[rang]
            choix = (second[rang], f"{premier[rang]}-{second[rang]}") if simple else (premier[rang], second[rang])
            usage[rang] = choix[famille[rang] % 2]
        return naissance, usage

    def _prenoms(self, origine: Rangs, sexe: Textes, annee: Rangs, suivant: Masque, second_jumeau: Masque) -> Textes:
        """By origin, sex and generation; never twice in one home; twins often begin alike."""
        hasard, regles, noms = self.hasard, self.modele.population, self.modele.noms
        prenoms = np.empty(len(sexe), dtype=object)
        a_tirer = np.arange(len(sexe))
        for _tour in range(6):
            part_france = regles["prenom_de_france"]
            for nom, place in self._par_origine(origine[a_tirer]):
                dedans = a_tirer[place]
                francais = hasard.random(len(dedans)) < part_france.get(nom, part_france["defaut"])
                for genre in ("M", "F"):
                    garde = sexe[dedans] == genre
                    for stock, choix in ((nom, garde & ~francais), ("france", garde & francais)):
                        prenoms[dedans[choix]] = noms.prenoms[stock, genre].tirer(hasard, int(choix.sum()))
            ancien = hasard.random(len(a_tirer)) < np.where(annee[a_tirer] < 2006, 1.6, 0.7) * regles["prenom_ancien"]
            ancien &= self._est_de_france(origine[a_tirer])
            for genre in ("M", "F"):
                choix = a_tirer[ancien & (sexe[a_tirer] == genre)]
                prenoms[choix] = noms.anciens[genre].tirer(hasard, len(choix))
            rare = a_tirer[hasard.random(len(a_tirer)) < regles["prenom_rare"]]
            prenoms[rare] = noms.rares.tirer(hasard, len(rare))
            pareil = np.zeros(len(sexe), dtype=bool)
            pareil[1:] = suivant[1:] & (prenoms[1:] == prenoms[:-1])
            alike = second_jumeau & (hasard.random(len(sexe)) < (0.0 if _tour else regles["jumeaux_meme_initiale"]))
            for rang in np.nonzero(alike)[0]:
                stock = noms.prenoms[str(self.noms_origines[origine[rang]]), sexe[rang]].valeurs
                lettre = prenoms[rang - 1][0]
                proches = [autre for autre in stock if autre[0] == lettre and autre != prenoms[rang - 1]]
                if proches:
                    prenoms[rang] = proches[int(hasard.integers(len(proches)))]
            pareil[1:] = suivant[1:] & (prenoms[1:] == prenoms[:-1])
            a_tirer = np.nonzero(pareil)[0]
            if not len(a_tirer):
                break
        return prenoms

    def _est_de_france(self, origine: Rangs) -> Masque:
        return np.isin(
            self.noms_origines[origine], ("france", "bretagne", "alsace", "italie", "espagne", "antilles_reunion")
        )

    def _seconds(self, origine: Rangs, sexe: Textes) -> Textes:
        hasard, noms = self.hasard, self.modele.noms
        seconds = np.full(len(sexe), "", dtype=object)
        en_a = hasard.random(len(sexe)) < self.modele.population["second_prenom"]
        ancien = (hasard.random(len(sexe)) < 0.6) & self._est_de_france(origine)
        for nom, dedans in self._par_origine(origine):
            for genre in ("M", "F"):
                choix = dedans[en_a[dedans] & (sexe[dedans] == genre)]
                seconds[choix] = np.where(
                    ancien[choix],
                    noms.anciens[genre].tirer(hasard, len(choix)),
                    noms.prenoms[nom, genre].tirer(hasard, len(choix)),
                )
        return seconds

    def _naissances(self, nombre: int) -> tuple[Textes, Rangs]:
        ages = self.modele.population["ages"]
        parts = np.array(list(ages.values()))
        age = self.hasard.choice(np.array([int(age) for age in ages]), nombre, p=parts / parts.sum())
        jours = np.datetime64(self.jour.isoformat()) - (age * 365.25 + self.hasard.random(nombre) * 365.25).astype(
            np.int64
        )
        return jours.astype(str).astype(object), jours.astype("datetime64[Y]").astype(np.int64) + 1970

    def _domiciles(self, famille: Rangs) -> tuple[Rangs, Textes]:
        commune = self.modele.lieux.habiter(self.hasard, len(famille))[famille]
        return commune, self._adresses(len(famille))[famille]

    def _adresses(self, nombre: int) -> Textes:
        voies = self.modele.lieux.voies.tirer(self.hasard, nombre)
        numeros = np.minimum(1 + self.hasard.geometric(0.025, nombre), 400)
        return np.array(
            [f"{numero} {voie}" for numero, voie in zip(numeros.tolist(), voies, strict=True)], dtype=object
        )

    def _lieux_naissance(self, origine: Rangs, commune: Rangs) -> Textes:
        hasard, regles, lieux = self.hasard, self.modele.population, self.modele.lieux
        pres = hasard.random(len(commune)) < regles["ne_au_departement"]
        rangs = np.where(
            pres, lieux.naitre_pres(hasard, lieux.departement[commune]), lieux.naitre(hasard, len(commune))
        )
        codes = lieux.codes[rangs]
        parts = regles["ne_a_l_etranger"]
        for nom, dedans in self._par_origine(origine):
            ailleurs = dedans[hasard.random(len(dedans)) < parts.get(nom, parts["defaut"])]
            pays = np.array(PAYS.get(nom, PAYS["defaut"]), dtype=object)
            codes[ailleurs] = pays[
                np.minimum((hasard.random(len(ailleurs)) ** 2 * len(pays)).astype(int), len(pays) - 1)
            ]
        return codes

    def _ine(self, rangs: Rangs, decalage: int = 0) -> Textes:
        """Numbers that nobody shares in the whole population: a shuffling of the rank of the person."""
        global_ = rangs + self.rang * BLOC * 8 + decalage
        numeros = (global_ * 387_420_489 + 7_654_321 * (self.graine + 1)) % ESPACE
        anciens = (numeros * 2_654_435_761 >> 7) % 100 < 100 * self.modele.population["ine_ancien"]
        return np.array(
            [
                f"{numero * 10 + numero % 7:010d}{LETTRES[numero % 21]}" if ancien
                else f"{numero:09d}{LETTRES[numero // 21 % 21]}{LETTRES[numero % 21]}"
                for numero, ancien in zip(numeros.tolist(), anciens.tolist(), strict=True)
            ],
            dtype=object,
        )  # fmt: skip

    def _jours(self, nombre: int) -> Rangs:
        peu = self.hasard.random(nombre) < self.modele.population["jours_insuffisants"]
        return np.where(peu, self.hasard.integers(0, 15, nombre), self.hasard.integers(15, 181, nombre))

    # From people to records

    def _assembler(self, personnes: Personnes, sortants: tuple[Rangs, Rangs], inscrits: tuple[Rangs, Rangs]) -> Listes:
        hasard = self.hasard
        listes = []
        for lettre, (qui, source), apres in (("S", sortants, False), ("I", inscrits, True)):
            ordre = hasard.permutation(len(qui))
            fiches = self.fiches(personnes, qui[ordre], source[ordre], apres)
            fiches["identifiant"] = self._identifiants(lettre, len(qui))
            listes.append((qui[ordre], fiches))
        (qui_s, fiches_s), (qui_i, fiches_i) = listes
        fiches_s["jours_scolarises"] = personnes.jours[qui_s]
        fiches_s["diplome"] = personnes.diplome[qui_s]
        return Listes(
            fiches_s,
            fiches_i,
            self._verite(personnes, qui_s, fiches_s, qui_i, fiches_i),
            self._doublons((("sortants", qui_s, fiches_s), ("inscrits", qui_i, fiches_i))),
        )

    def _identifiants(self, lettre: str, nombre: int) -> Textes:
        """Numbers that say nothing of the person nor of the order."""
        rangs = np.arange(nombre) + self.rang * BLOC * 8
        numeros = (rangs * 543_217_683 + ord(lettre) * 1_111_111 + self.graine * 97) % ESPACE
        return np.array([f"{lettre}{numero:09d}" for numero in numeros.tolist()], dtype=object)

    def _verite(self, gens: Personnes, qui_s: Rangs, fiches_s: Colonnes, qui_i: Rangs, fiches_i: Colonnes) -> Colonnes:
        tri = np.argsort(qui_i, kind="stable")
        debut, fin = (np.searchsorted(qui_i[tri], qui_s, side=cote) for cote in ("left", "right"))
        lignes = np.repeat(np.arange(len(qui_s)), np.maximum(fin - debut, 1))
        rang = np.arange(len(lignes)) - np.concatenate([[0], np.cumsum(np.maximum(fin - debut, 1))[:-1]])[lignes]
        liee = (fin > debut)[lignes]
        inscrit = np.full(len(lignes), "", dtype=object)
        inscrit[liee] = fiches_i["identifiant"][tri[(debut[lignes] + rang)[liee]]]
        qui = qui_s[lignes]
        limite = self.jour.replace(year=self.jour.year - 16).isoformat()
        listes = ~liee & ~gens.diplome[qui] & (gens.jours[qui] >= 15) & (gens.naissance[qui] <= limite)
        return {
            "identifiant_sortant": fiches_s["identifiant"][lignes],
            "identifiant_inscrit": inscrit,
            "a_lister": _oui(listes),
            "sexe": gens.sexe[qui],
            "source": fiches_s["source"][lignes],
            "origine": self.noms_origines[gens.origine[qui]],
            "jumeau": _oui(gens.jumeau[qui]),
        }

    @staticmethod
    def _doublons(listes: tuple[tuple[str, Rangs, Colonnes], ...]) -> Colonnes:
        noms, premiers, seconds = [], [], []
        for liste, qui, fiches in listes:
            tri = np.argsort(qui, kind="stable")
            pareils = np.nonzero(qui[tri][1:] == qui[tri][:-1])[0]
            noms += [liste] * len(pareils)
            premiers += fiches["identifiant"][tri[pareils]].tolist()
            seconds += fiches["identifiant"][tri[pareils + 1]].tolist()
        return {"liste": noms, "identifiant": premiers, "identifiant_autre": seconds}

    def fiches(self, gens: Personnes, qui: Rangs, source: Rangs, apres: bool) -> Colonnes:
        """One record for each of `qui`, as its source writes it; `apres`: some have moved since the other list."""
        saisie = Saisie(self, gens, qui, source)
        saisie.nommer()
        saisie.dater()
        saisie.situer(apres)
        saisie.numeroter()
        saisie.abimer()
        colonnes: Colonnes = {nom: saisie.fiche[nom] for nom in IDENTITE[2:]}
        return {"identifiant": None, "source": np.array(SOURCES, dtype=object)[source], **colonnes}


def _oui(masque: Masque) -> Textes:
    return np.where(masque, "oui", "non").astype(object)


class Saisie:
    """Records being typed: each method damages some fields, at the rates of their source."""

    def __init__(self, bloc: Bloc, gens: Personnes, qui: Rangs, source: Rangs) -> None:
        self.bloc, self.modele, self.hasard = bloc, bloc.modele, bloc.hasard
        self.gens, self.qui, self.source = gens, qui, source
        soin = self.modele.soin
        self.negligence = self.hasard.gamma(soin, 1 / soin, len(qui))
        self.fiche: dict[str, Textes] = {
            "nom": gens.nom[qui], "nom_usage": gens.nom_usage[qui], "prenom": gens.prenom[qui],
            "prenom2": gens.prenom2[qui], "sexe": gens.sexe[qui], "date_naissance": gens.naissance[qui],
            "commune_naissance": gens.lieu_naissance[qui],
        }  # fmt: skip

    def _touches(self, defaut: str, *, parmi: Masque | None = None) -> Rangs:
        """The records that a defect strikes."""
        taux = self.modele.taux[defaut][self.source]
        if defaut not in STYLES | ABSENCES:
            taux = taux * self.negligence
        for rang, origine in enumerate(self.bloc.noms_origines):
            facteur = self.modele.origines_defauts.get(origine, {}).get(defaut)
            if facteur:
                taux = np.where(self.gens.origine[self.qui] == rang, taux * facteur, taux)
        touches = self.hasard.random(len(self.qui)) < taux
        return np.nonzero(touches if parmi is None else touches & parmi)[0]

    def _changer(
        self, champ: str, defaut: str, changer: Callable[[str, int], str], quels: Callable[[str], bool] = bool
    ) -> None:
        colonne = self.fiche[champ]
        rangs = self._touches(defaut)
        for rang, tirage in zip(rangs.tolist(), self.hasard.integers(0, 2**40, len(rangs)).tolist(), strict=True):
            if quels(colonne[rang]):
                colonne[rang] = changer(colonne[rang], tirage)

    def nommer(self) -> None:
        """Names."""
        fiche, noms = self.fiche, self.modele.noms
        usage = self._touches("nom_usage", parmi=fiche["nom_usage"] != "")
        fiche["nom"][usage] = fiche["nom_usage"][usage]
        tait = self.hasard.random(len(self.qui)) < 0.4
        fiche["nom_usage"][tait] = ""
        self._changer("nom", "nom_coupe", defauts.couper, defauts.compose)
        self._changer("nom", "nom_inverse", defauts.inverser, defauts.compose)
        self._changer("nom", "particule", defauts.sans_particule, defauts.a_particule)
        self._changer("nom", "nom_variante", defauts.transcription)
        self._changer("nom", "nom_oreille", defauts.oreille)
        self._changer("nom", "nom_faute", defauts.frappe)
        self._changer("prenom", "prenom_coupe", defauts.couper, defauts.compose)
        self._changer("prenom", "variante", lambda prenom, tirage: _autre_prenom(noms, prenom, tirage))
        self._changer("prenom", "diminutif", lambda prenom, _tirage: noms.diminutifs.get(prenom, prenom))
        self._changer("prenom", "prenom_faute", defauts.frappe)
        colles = self._touches("prenoms_colles", parmi=fiche["prenom2"] != "")
        fiche["prenom"][colles] = fiche["prenom"][colles] + " " + fiche["prenom2"][colles]
        echange = self._touches("prenom2_pour_prenom", parmi=fiche["prenom2"] != "")
        fiche["prenom"][echange], fiche["prenom2"][echange] = fiche["prenom2"][echange], fiche["prenom"][echange]
        fiche["prenom2"][self._touches("second_absent")] = ""
        inverse = self._touches("inversion")
        fiche["nom"][inverse], fiche["prenom"][inverse] = fiche["prenom"][inverse], fiche["nom"][inverse]

    def dater(self) -> None:
        """Birth date and sex."""
        fiche = self.fiche
        self._changer("date_naissance", "jour_mois", defauts.jour_et_mois)
        self._changer("date_naissance", "date_faute", defauts.chiffre_de_date)
        self._changer("date_naissance", "premier_janvier", lambda jour, _tirage: f"{jour[:4]}-01-01")
        fiche["date_naissance"][self._touches("date_absente")] = ""
        faux = self._touches("sexe_faux")
        fiche["sexe"][faux] = np.where(fiche["sexe"][faux] == "M", "F", "M")
        fiche["sexe"][self._touches("sexe_vide")] = ""

    def situer(self, apres: bool) -> None:
        """Places of birth and of life."""
        gens, lieux, hasard, fiche = self.gens, self.modele.lieux, self.hasard, self.fiche
        naissance = fiche["commune_naissance"]
        faux = self._touches("naissance_fausse")
        naissance[faux] = [
            _autre_lieu(code, tirage, lieux)
            for code, tirage in zip(naissance[faux], hasard.integers(0, 2**40, len(faux)).tolist(), strict=True)
        ]
        naissance[self._touches("naissance_absente")] = ""
        commune, adresse = gens.commune[self.qui], gens.adresse[self.qui]
        if apres:
            partis = self._touches("demenage")
            pres = hasard.random(len(partis)) < 0.7
            commune[partis] = np.where(
                pres, lieux.habiter_pres(hasard, lieux.departement[commune[partis]]), lieux.habiter(hasard, len(partis))
            )
            adresse[partis] = self.bloc._adresses(len(partis))
        fiche["code_postal"], fiche["commune"], fiche["adresse"] = lieux.postaux[commune], lieux.noms[commune], adresse
        self._changer("adresse", "adresse_faute", defauts.adresse_autrement)
        fiche["adresse"][self._touches("adresse_absente")] = ""

    def numeroter(self) -> None:
        """The national number."""
        hasard, gens, qui = self.hasard, self.gens, self.qui
        ine = gens.ine[qui]
        autre = self._touches("ine_autre")
        ine[autre] = self.bloc._ine(qui[autre], BLOC * 4)
        partage = self._touches("ine_partage")
        voisin = np.minimum(qui[partage] + 1, len(gens) - 1)
        voisin = np.where(gens.famille[voisin] == gens.famille[qui[partage]], voisin, np.maximum(qui[partage] - 1, 0))
        inconnu = hasard.random(len(partage)) < 0.4
        ine[partage] = gens.ine[np.where(inconnu, hasard.integers(0, len(gens), len(partage)), voisin)]
        self.fiche["ine"] = ine
        self._changer("ine", "ine_faute", defauts.ine_faux)
        fantome = self._touches("ine_fantome")
        ine[fantome] = np.array(FANTOMES, dtype=object)[hasard.integers(0, len(FANTOMES), len(fantome))]
        ine[hasard.random(len(qui)) >= self.modele.taux["ine"][self.source]] = ""

    def abimer(self) -> None:
        """Cut fields, broken accents, and the typography of the source."""
        fiche = self.fiche
        for champ in ("nom", "prenom", "adresse"):
            self._changer(champ, "troncature", defauts.tronquer)
        for champ in ("nom", "prenom"):
            self._changer(champ, "accent_casse", defauts.casser)
        choix = self.hasard.random(len(self.qui))
        capitales = self.modele.taux["capitales"][self.source]
        plates = capitales + self.modele.taux["sans_accents"][self.source]
        en_capitales, sans_accents = choix < capitales, (choix >= capitales) & (choix < plates)
        tiret = self.hasard.random(len(self.qui)) < self.modele.taux["tiret"][self.source]
        for champ in ("nom", "nom_usage", "prenom", "prenom2", "commune"):
            colonne = fiche[champ]
            colonne[en_capitales] = [defauts.capitales(texte) for texte in colonne[en_capitales]]
            colonne[sans_accents] = [defauts.sans_accents(texte) for texte in colonne[sans_accents]]
            colonne[tiret] = [texte.replace("-", " ") if "-" in texte else texte for texte in colonne[tiret]]
        fiche["adresse"][en_capitales] = [
            defauts.sans_accents(texte).upper() for texte in fiche["adresse"][en_capitales]
        ]


def _autre_prenom(noms: Noms, prenom: str, tirage: int) -> str:
    """Another spelling of the same first name: a known one, or what the ear makes of it."""
    connus = noms.variantes.get(prenom)
    return connus[tirage % len(connus)] if connus else defauts.transcription(prenom, tirage)


def _autre_lieu(code: str, tirage: int, lieux: Lieux) -> str:
    """The whole town for its arrondissement, a country nobody looked up, the neighbour in the table."""
    if code.startswith("99"):
        return ("99999", "", f"99{300 + tirage % 60}")[tirage % 3]
    if code[:3] in {"751", "132", "693"}:
        return {"751": "75056", "132": "13055", "693": "69123"}[code[:3]]
    return str(lieux.codes[tirage % len(lieux.codes)]) if tirage % 3 else f"{code[:2]}000"


def blocs(
    sortants: int, inscrits: int, *, graine: int = 1, profil: str = "usuel", jour: date = DATE
) -> Iterator[Listes]:
    """The whole population, block after block."""
    modele = Modele.lire(profil)
    nombre = max(1, -(-max(sortants, inscrits // 2) // BLOC))  # so that no block outgrows the numbers set aside for it
    for rang in range(nombre):
        part_s, part_i = (total * (rang + 1) // nombre - total * rang // nombre for total in (sortants, inscrits))
        yield Bloc(modele, graine, rang, jour).listes(part_s, part_i)


def ecrire(
    sortie: Path,
    sortants: int,
    inscrits: int,
    *,
    graine: int = 1,
    profil: str = "usuel",
    fmt: str = "csv",
    jour: date = DATE,
) -> None:
    """Write the four files in `sortie`."""
    sortie.mkdir(parents=True, exist_ok=True)
    fichiers: dict[str, Any] = {}
    noms = {
        "sortants": f"sortants.{fmt}",
        "inscrits": f"inscrits.{fmt}",
        "verite": "verite.csv",
        "doublons": "doublons_verite.csv",
    }
    try:
        for listes in blocs(sortants, inscrits, graine=graine, profil=profil, jour=jour):
            for champ, nom in noms.items():
                table = _table(getattr(listes, champ))
                if champ not in fichiers:
                    ouvrir = pa.parquet.ParquetWriter if nom.endswith("parquet") else pa.csv.CSVWriter
                    fichiers[champ] = ouvrir(sortie / nom, table.schema)
                fichiers[champ].write_table(table)
    finally:
        for fichier in fichiers.values():
            fichier.close()


def _table(colonnes: Colonnes) -> pa.Table:
    types = {"jours_scolarises": pa.int64(), "diplome": pa.bool_()}
    return pa.table({nom: pa.array(valeurs, types.get(nom, pa.string())) for nom, valeurs in colonnes.items()})


def main() -> int:
    """The command line."""
    analyse = argparse.ArgumentParser(prog="python -m outils.comparateur.population", description="Population fictive.")
    analyse.add_argument("--sortants", type=int, default=100_000)
    analyse.add_argument("--inscrits", type=int, default=None, help="autant que de sortants si rien n'est dit")
    analyse.add_argument("--graine", type=int, default=1)
    analyse.add_argument("--profil", choices=profils(), default="usuel")
    analyse.add_argument("--format", choices=("csv", "parquet"), default="csv")
    analyse.add_argument("--sortie", type=Path, required=True)
    options = analyse.parse_args()
    ecrire(
        options.sortie, options.sortants, options.inscrits or options.sortants,
        graine=options.graine, profil=options.profil, fmt=options.format,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
