"""Messages about members. Each change is told to whom it concerns."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Demande, Organisation
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer
from raccord.socle.models import ObjetSuivi

INVITATION = definir("comptes.invitation", "Invitation à rejoindre une organisation", contractuel=True)
INVITATION_ACCEPTEE = definir("comptes.invitation_acceptee", "Invitation acceptée")
DEMANDE_RECUE = definir("comptes.demande_recue", "Demande à rejoindre votre organisation", contractuel=True)
DEMANDE_RAPPEL = definir("comptes.demande_rappel", "Une personne attend votre réponse", contractuel=True)
DEMANDE_RETARD = definir("comptes.demande_retard", "Une demande à rejoindre est restée sans réponse")
DEMANDE_ACCEPTEE = definir("comptes.demande_acceptee", "Demande à rejoindre acceptée", contractuel=True)
DEMANDE_REFUSEE = definir("comptes.demande_refusee", "Demande à rejoindre refusée", contractuel=True)
ADMINISTRATEUR_NOMME = definir("comptes.administrateur_nomme", "Vous administrez une organisation", contractuel=True)
ADMINISTRATEUR_DEMIS = definir("comptes.administrateur_demis", "Vous n'administrez plus une organisation")
MEMBRE_PARTI = definir("comptes.membre_parti", "Un membre a quitté l'organisation")
MEMBRE_RETIRE = definir("comptes.membre_retire", "Vous avez été retiré d'une organisation", contractuel=True)
ABSENCE_CONFIEE = definir("comptes.absence_confiee", "Vous remplacez un collègue absent", contractuel=True)
ABSENCE_PREVUE = definir("comptes.absence_prevue", "Votre absence est prévue", contractuel=True)
ABSENCE_ANNULEE = definir("comptes.absence_annulee", "Remplacement annulé", contractuel=True)


def ecrire(
    type_message: TypeMessage,
    destinataires: Iterable[Destinataire],
    organisation: Organisation,
    objet: ObjetSuivi,
    **plus: Any,
) -> None:
    """The same words for each, about this organisation."""
    page = settings.ADRESSE_PUBLIQUE + reverse("comptes:organisation")
    envoyer(type_message, destinataires, {"organisation": organisation.nom, "page": page, **plus}, objet=objet)


def a_l_adhesion(type_message: TypeMessage, adhesion: Adhesion, objet: ObjetSuivi, **plus: Any) -> None:
    """To one member."""
    qui = [adhesion.utilisateur.destinataire(adhesion.organisation_id)]
    ecrire(type_message, qui, adhesion.organisation, objet, role=adhesion.get_role_display(), **plus)


def au_sujet_de(type_message: TypeMessage, demande: Demande, destinataires: Iterable[Destinataire]) -> None:
    """Who asks to join, in which role, and the page where it is answered."""
    ecrire(
        type_message,
        destinataires,
        demande.organisation,
        demande,
        qui=demande.nom_complet,
        courriel=demande.courriel,
        role=demande.get_role_display(),
        mot=demande.mot,
        page=settings.ADRESSE_PUBLIQUE + reverse("comptes:demande", args=[demande.pk]),
    )


def administrateurs(organisation: Organisation) -> list[Destinataire]:
    """Who looks after the members: the administrators, else the national team."""
    return _membres(organisation=organisation, administrateur=True) or equipe_nationale()


def equipe_nationale() -> list[Destinataire]:
    """Every member of it."""
    return _membres(organisation__genre=GenreOrganisation.NATIONALE, role=Role.NATIONAL)


def _membres(**lesquels: Any) -> list[Destinataire]:
    adhesions = Adhesion.objects.select_related("utilisateur").order_by("debut", "pk").filter(**lesquels)
    return [adhesion.utilisateur.destinataire(adhesion.organisation_id) for adhesion in adhesions]
