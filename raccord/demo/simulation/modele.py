"""How people behave, read from a file; what is wrong in it is said in words."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_origin

MODELE_HABITUEL = Path(__file__).parent / "modele.toml"


class ModeleRefuse(Exception):
    """The file cannot be used; the message says which line."""


@dataclass(frozen=True)
class Territoire:
    """Who lives there. Proposals start every working day at the pace of a week."""

    academie: str
    communes: list[str]
    tuteurs: int
    offres: int
    jeunes: int
    propositions_par_semaine: int


@dataclass(frozen=True)
class Entreprise:
    """Shares from 0 to 1; delays in working days."""

    contact_parti: float
    adresse_morte: float
    repond_au_premier_message: float
    repond_a_un_rappel: float
    repond_au_tuteur: float
    repond_a_l_acheteur: float
    delais_de_reponse: list[int]
    n_est_pas_la_bonne_personne: float
    refuse: float
    prefere_d_autres_creneaux: float


@dataclass(frozen=True)
class Acheteur:
    """What the buyer does when told of a silence."""

    agit: float
    delais: list[int]


@dataclass(frozen=True)
class Tuteur:
    """Habits that owe nothing to the ladder, in working days."""

    rappelle_tous_les: int
    delais: list[int]
    renonce_apres: int


@dataclass(frozen=True)
class Jeune:
    """Patience."""

    renonce_par_semaine: float


@dataclass(frozen=True)
class Modele:
    """Everybody."""

    territoire: Territoire
    entreprise: Entreprise
    acheteur: Acheteur
    tuteur: Tuteur
    jeune: Jeune


def lire(chemin: Path = MODELE_HABITUEL) -> Modele:
    """The model of that file. Raises ModeleRefuse."""
    try:
        donnees = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except OSError as erreur:
        raise ModeleRefuse(f"Le modèle {chemin} ne s'ouvre pas.") from erreur
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as erreur:
        raise ModeleRefuse(f"Le modèle {chemin} n'est pas un fichier TOML lisible : {erreur}") from erreur
    inconnues = sorted(set(donnees) - {champ.name for champ in fields(Modele)})
    if inconnues:
        raise ModeleRefuse(f"Partie inconnue dans le modèle : {', '.join(inconnues)}.")
    return Modele(**{champ.name: _partie(champ.name, champ.type, donnees.get(champ.name)) for champ in fields(Modele)})


def _partie(nom: str, classe: Any, valeurs: Any) -> Any:
    if not isinstance(valeurs, dict):
        raise ModeleRefuse(f"Il manque la partie [{nom}] du modèle.")
    attendus = {champ.name: champ.type for champ in fields(classe)}
    for cle in sorted(set(valeurs) ^ set(attendus)):
        raise ModeleRefuse(f"[{nom}] {cle} : {'inconnu' if cle in valeurs else 'il manque'}.")
    for cle, genre in attendus.items():
        motif = _refus(valeurs[cle], genre)
        if motif:
            raise ModeleRefuse(f"[{nom}] {cle} : {motif}.")
    return classe(**valeurs)


def _refus(valeur: Any, genre: Any) -> str:
    if genre is str:
        return "" if isinstance(valeur, str) and valeur else "un texte est attendu"
    if genre is float:
        juste = isinstance(valeur, int | float) and not isinstance(valeur, bool) and 0 <= valeur <= 1
        return "" if juste else "une part de 0 à 1 est attendue"
    if get_origin(genre) is list:
        if not isinstance(valeur, list) or not valeur:
            return "une liste est attendue"
        element = get_args(genre)[0]
        return next((motif for autre in valeur if (motif := _refus(autre, str if element is str else "délai"))), "")
    minimum = 0 if genre == "délai" else 1
    juste = isinstance(valeur, int) and not isinstance(valeur, bool) and valeur >= minimum
    return "" if juste else f"un nombre entier, {minimum} au moins, est attendu"
