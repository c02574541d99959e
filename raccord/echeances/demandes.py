"""A request to join waits for whoever administers the organisation; `comptes`, below, calls up by its hooks."""

from django.urls import reverse

from raccord.comptes.enums import ROLES_PAR_GENRE
from raccord.comptes.models import Demande
from raccord.comptes.organisations import demandes, messages
from raccord.echeances.attentes import Echelon, Proprietaire, TypeAttente, clore, ouvrir
from raccord.echeances.echelle import echelon
from raccord.echeances.models import Attente


def _administrateurs(demande: Demande) -> Proprietaire:
    organisation = demande.organisation
    return Proprietaire(
        role=min(ROLES_PAR_GENRE[organisation.genre]),
        libelle=organisation.nom,
        organisation_id=organisation.pk,
        administrateurs=True,
    )


REPONDRE_DEMANDE = TypeAttente(
    code="repondre_demande",
    action="Répondre à une personne qui demande à rejoindre votre organisation",
    delai="delai_demande",
    proprietaire=_administrateurs,
    url=lambda demande_id: reverse("comptes:demande", args=[demande_id]),
    echelons=(Echelon(code="rappel", parametre="rappel_demande", avant=True), Echelon(code="national")),
)


def _demande(attente: Attente) -> Demande:
    return Demande.objects.select_related("organisation").get(pk=attente.objet_id)


@echelon("repondre_demande", "rappel")
def rappeler_aux_administrateurs(attente: Attente) -> None:
    """Somebody is still waiting at the door."""
    demande = _demande(attente)
    messages.au_sujet_de(messages.DEMANDE_RAPPEL, demande, messages.administrateurs(demande.organisation))


@echelon("repondre_demande", "national")
def prevenir_l_equipe_nationale(attente: Attente) -> None:
    """The due date is past: the national team calls the administrators."""
    messages.au_sujet_de(messages.DEMANDE_RETARD, _demande(attente), messages.equipe_nationale())


demandes.APRES_DEPOT[:] = [lambda demande: ouvrir(REPONDRE_DEMANDE, demande)]
demandes.APRES_REPONSE[:] = [
    lambda demande: clore([REPONDRE_DEMANDE.code], demande, issue="acceptée" if demande.acceptee else "refusée")
]
