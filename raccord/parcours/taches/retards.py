"""What every wait has in the end: somebody is told, by name, that it is late."""

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.echeances.echelle import RECOURS, echelon
from raccord.echeances.models import Attente
from raccord.parcours.acces.destinataires import acheteur_de, coordonnateurs_concernes, coordonnateurs_de, offre_de
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.messages.retards import SILENCE, ecrire_a_tous
from raccord.socle.courrier import Destinataire


@echelon("instruire_spontanee", "retard")
@echelon("reprendre", "retard")
@echelon("choisir_creneau", "retard")
@echelon("rendre_compte", "retard")
@echelon("annoncer", "retard")
@echelon("lire_passation", "retard")
@echelon("relayer_acheteur", "retard")
@echelon("envoyer_lettre", "retard")
@echelon("trouver_adresse", "retard")
def dire_le_retard(attente: Attente) -> None:
    """Whoever must act is reminded; the coordination is told, or the national team where there is none."""
    ecrire_a_tous(attente, [*_proprietaire(attente), *(_au_dessus(attente) or equipe_nationale())])


def dire_a_l_equipe_nationale(attente: Attente) -> None:
    """The ladder ended and nobody could be told: the national team is."""
    ecrire_a_tous(attente, equipe_nationale(), type_message=SILENCE)


RECOURS.append(dire_a_l_equipe_nationale)


def _proprietaire(attente: Attente) -> list[Destinataire]:
    """The person, or the people of the role in the organisation, who must act."""
    if attente.utilisateur_id:
        comptes = Utilisateur.objects.filter(pk=attente.utilisateur_id, is_active=True)
        return [compte.destinataire(attente.organisation_id) for compte in comptes]
    if attente.contact_id:
        return [contact.destinataire() for contact in Contact.objects.filter(pk=attente.contact_id)]
    if attente.role == Role.NATIONAL:
        return equipe_nationale()
    if attente.role == Role.COORDONNATEUR:
        return coordonnateurs_de(_organisation(attente))
    offre = offre_de(attente) if attente.role == Role.ACHETEUR else None
    return acheteur_de(offre) if offre else []


def _au_dessus(attente: Attente) -> list[Destinataire]:
    """The coordination of the MLDS that must act, else of the place of work."""
    chez, offre = _organisation(attente), offre_de(attente)
    mlds = chez if chez is not None and chez.genre == GenreOrganisation.MLDS else None
    return coordonnateurs_de(mlds) or (coordonnateurs_concernes(offre) if offre else [])


def _organisation(attente: Attente) -> Organisation | None:
    """Where whoever must act works."""
    if attente.organisation_id is None:
        return None
    return Organisation.objects.filter(pk=attente.organisation_id).first()
