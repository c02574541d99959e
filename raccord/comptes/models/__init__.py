"""People with an account, organisations, memberships, contacts without account, action links."""

from raccord.comptes.models.adhesion import Absence, AbsenceQuerySet, Adhesion, AdhesionQuerySet
from raccord.comptes.models.assistance import Assistance
from raccord.comptes.models.compte import CompteProConnect, Telephone, Utilisateur
from raccord.comptes.models.contact import Contact, LienAction
from raccord.comptes.models.entree import Demande, Invitation
from raccord.comptes.models.organisation import Organisation

__all__ = [
    "Absence",
    "AbsenceQuerySet",
    "Adhesion",
    "AdhesionQuerySet",
    "Assistance",
    "CompteProConnect",
    "Contact",
    "Demande",
    "Invitation",
    "LienAction",
    "Organisation",
    "Telephone",
    "Utilisateur",
]
