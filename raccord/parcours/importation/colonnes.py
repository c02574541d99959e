"""The 37 columns of the former tool's export (digest §1.4), known by their titles, in any order."""

import re
import unicodedata
from enum import Enum

_ACCENTS = re.compile("[\u0300-\u036f]")
_SIGNES = re.compile(r"[^a-z0-9]+")


def cle_texte(texte: str) -> str:
    """One spelling for comparing words: lower case, no accents, anything else is one space."""
    lettres = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe").lower())
    return _SIGNES.sub(" ", _ACCENTS.sub("", lettres)).strip()


class Colonne(Enum):
    """A known column; its value is its title in the export."""

    CREE_LE = "Créé le"
    ENTREPRISE = "Nom de l'entreprise titulaire"
    SECTEUR = "Secteur d'activité de l'entreprise"
    SITE = "Site web de l'entreprise"
    HEURES = "Heures de parcours"
    ADRESSE = "Adresse du parcours"
    ACADEMIE = "Académie"
    REGION = "Région"
    DEPARTEMENT = "Département"
    DOMAINE = "Domaine d'activité du parcours"
    TACHES = "Détail des tâches proposées"
    REMARQUE = "Autre remarque"
    SANS_TITRE = "(sans titre)"
    DISPONIBILITE = "Disponibilité du parcours"
    REFERENT_MLDS = "Référent MLDS"
    SANS_TITRE_2 = "(sans titre 2)"
    SUIVI = "Suivi du parcours"
    CONVENTION = "Convention signée"
    REFERENT_NOM = "Nom et prénom du référent entreprise"
    REFERENT_COURRIEL = "Mail du référent entreprise"
    REFERENT_TELEPHONE = "Téléphone du référent entreprise"
    REFERENT_FONCTION = "Fonction du référent entreprise"
    SECOND_NOM = "Nom et prénom du 2e référent entreprise"
    SECOND_COURRIEL = "Mail du 2e référent entreprise"
    SECOND_TELEPHONE = "Téléphone du 2e référent entreprise"
    SECOND_FONCTION = "Fonction du 2e référent entreprise"
    ACHETEUR = "Nom de l'organisme acheteur"
    TYPE_ACHETEUR = "Type d'acheteur"
    ACHETEUR_NOM = "Nom et prénom du contact acheteur"
    ACHETEUR_COURRIEL = "Mail du contact acheteur"
    ACHETEUR_TELEPHONE = "Téléphone du contact acheteur"
    OBJET = "Objet du marché"
    OBJET_DETAILLE = "Objet détaillé du marché"
    NOTIFICATION = "Date de notification du marché"
    FIN_CLAUSE = "Date de fin de la clause sociale"
    FIN_RECONDUCTION = "Date de fin de la clause sociale, reconduction comprise"
    COMMENTAIRES = "Commentaires"


# Without one of these no line can become an offer: the file is not the one expected.
INDISPENSABLES = frozenset(
    {
        Colonne.ENTREPRISE,
        Colonne.HEURES,
        Colonne.ADRESSE,
        Colonne.DOMAINE,
        Colonne.TACHES,
        Colonne.DISPONIBILITE,
        Colonne.ACHETEUR,
        Colonne.OBJET,
        Colonne.NOTIFICATION,
        Colonne.FIN_CLAUSE,
        Colonne.FIN_RECONDUCTION,
    }
)
DATES = frozenset({Colonne.CREE_LE, Colonne.NOTIFICATION, Colonne.FIN_CLAUSE, Colonne.FIN_RECONDUCTION})
# Read by people of the former tool only: they have no place in Raccord and are given back in the report.
SANS_PLACE = (Colonne.SANS_TITRE, Colonne.SANS_TITRE_2, Colonne.SUIVI, Colonne.COMMENTAIRES)

PAR_TITRE = {cle_texte(colonne.value): colonne for colonne in Colonne}
