"""Messages about help. What is wrong is not written in them: it is read on the page, by those who may."""

from django.conf import settings
from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Assistance
from raccord.socle.courrier import definir, envoyer

AIDE_DEMANDEE = definir("comptes.aide_demandee", "Demande d'aide", contractuel=True)
ASSISTANCE_COMMENCEE = definir("comptes.assistance_commencee", "L'équipe nationale vous aide", contractuel=True)


def aux_assistants(assistance: Assistance) -> None:
    """To each administrator of the national team."""
    adhesions = Adhesion.objects.filter(role=Role.NATIONAL, administrateur=True).select_related("utilisateur")
    envoyer(
        AIDE_DEMANDEE,
        [adhesion.utilisateur.destinataire(adhesion.organisation_id) for adhesion in adhesions.order_by("debut", "pk")],
        {
            "qui": assistance.adhesion.utilisateur.nom_complet,
            "organisation": assistance.adhesion.organisation.nom,
            "expire_le": assistance.expire_le,
            "page": settings.ADRESSE_PUBLIQUE + reverse("comptes:assister", args=[assistance.pk]),
        },
        objet=assistance,
    )


def a_la_personne_aidee(assistance: Assistance, assistant: Adhesion) -> None:
    """Who helps, until when, and how to end it."""
    aidee = assistance.adhesion
    envoyer(
        ASSISTANCE_COMMENCEE,
        [aidee.utilisateur.destinataire(aidee.organisation_id)],
        {
            "qui": assistant.utilisateur.nom_complet,
            "expire_le": assistance.expire_le,
            "page": settings.ADRESSE_PUBLIQUE + reverse("comptes:securite"),
        },
        objet=assistance,
    )
