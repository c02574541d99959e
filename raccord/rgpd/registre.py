"""The public registry (GDPR art. 30), made from what each slice declares: it cannot say anything else than the code."""

from dataclasses import dataclass, field

from raccord.socle import mots
from raccord.socle.donnees_personnelles import DECLAREES, Donnees, Personne, Sort, Traitement, libelle, rang
from raccord.socle.parametres import Regle, regle

UNITES = {"jours": "jour", "mois": "mois,mois", "ans": "an", "heures": "heure"}
# Fields that only say to which row or person a row belongs are not data in themselves.
IDENTIFIANTS = {"objet_id", "fil", "faits", "personne_id", "empreinte", "taille", "scelle", "genre"}


@dataclass
class Rubrique:
    """One line of the registry, as a person reads it."""

    traitement: Traitement
    quoi: dict[str, list[str]] = field(default_factory=dict)
    sorts: dict[str, list[str]] = field(default_factory=dict)
    copie: bool = False
    duree: str = ""
    source: str = ""


def registre() -> list[tuple[Personne, list[Rubrique]]]:
    """Per kind of person, what is kept and what becomes of it."""
    par_personne: dict[Personne, dict[str, Rubrique]] = {genre: {} for genre in Personne}
    durees: dict[str, Regle] = {}
    for donnees in sorted(DECLAREES, key=rang):
        cle = donnees.pour.duree
        durees[cle] = durees.get(cle) or regle(cle)
        rubrique = par_personne[donnees.de].setdefault(donnees.pour.titre, _rubrique(donnees.pour, durees[cle]))
        _ajouter(rubrique, donnees)
    return [(genre, list(rubriques.values())) for genre, rubriques in par_personne.items() if rubriques]


def _rubrique(traitement: Traitement, duree: Regle) -> Rubrique:
    en_mots = mots.pluriel(duree.valeur, UNITES[duree.unite])
    return Rubrique(traitement, duree=f"{en_mots} {traitement.depuis}", source=duree.source)


def _ajouter(rubrique: Rubrique, donnees: Donnees) -> None:
    nom = str(donnees.modele._meta.verbose_name)
    for champ in donnees.champs:
        if champ not in IDENTIFIANTS and not champ.endswith("_id"):
            _noter(rubrique.quoi, nom, libelle(donnees.modele, champ))
    _noter(rubrique.sorts, str(Sort(donnees.sort).label), nom)
    rubrique.copie = rubrique.copie or donnees.exporte


def _noter(table: dict[str, list[str]], cle: str, mot: str) -> None:
    if mot not in table.setdefault(cle, []):
        table[cle].append(mot)
