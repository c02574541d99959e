"""The public registry (GDPR art. 30), made from what each slice declares: it cannot say anything else than the code."""

from dataclasses import dataclass, field

from raccord.socle.donnees_personnelles import DECLAREES, Donnees, Personne, Sort, Traitement, champ_de
from raccord.socle.parametres import Regle, regle
from raccord.socle.templatetags import raccord as mots

UNITES = {"jours": "jour", "mois": "mois,mois", "ans": "an", "heures": "heure"}
# Fields that only say to which row or person a row belongs are not data in themselves.
IDENTIFIANTS = {"objet_id", "fil", "faits", "personne_id", "empreinte", "taille", "scelle", "genre"}


@dataclass
class Rubrique:
    """One line of the registry, as a person reads it."""

    traitement: Traitement
    quoi: list[str] = field(default_factory=list)
    sorts: list[str] = field(default_factory=list)
    copie: bool = False
    duree: str = ""
    source: str = ""


def registre() -> list[tuple[Personne, list[Rubrique]]]:
    """Per kind of person, what is kept: the lines in the order of the layers, lowest last."""
    par_personne: dict[Personne, dict[str, Rubrique]] = {genre: {} for genre in Personne}
    durees: dict[str, Regle] = {}
    for donnees in reversed(DECLAREES):
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
    champs = [_nom(donnees, champ) for champ in donnees.champs if champ not in IDENTIFIANTS and champ[-3:] != "_id"]
    if champs and (phrase := f"{nom} : {', '.join(dict.fromkeys(champs))}") not in rubrique.quoi:
        rubrique.quoi.insert(0, phrase)
    sort = f"{nom} : {Sort(donnees.sort).label}"
    if sort not in rubrique.sorts:
        rubrique.sorts.insert(0, sort)
    rubrique.copie = rubrique.copie or donnees.exporte


def _nom(donnees: Donnees, champ: str) -> str:
    return str(champ_de(donnees.modele, champ).verbose_name)
