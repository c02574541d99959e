"""To whom the heart's messages go: the buyer's person, the coordinators of a territory, the tutor."""

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Organisation
from raccord.parcours.models import Offre, Reservation
from raccord.socle.courrier import Destinataire


def acheteur_de(offre: Offre) -> list[Destinataire]:
    """Who follows the contract, else its contact, else the service's own address; nobody for a spontaneous offer."""
    if offre.engagement is None:
        return []
    marche = offre.engagement.marche
    if marche.suivi_par is not None and marche.suivi_par.is_active:
        return [marche.suivi_par.destinataire(marche.acheteur_id)]
    if marche.contact is not None:
        return [marche.contact.destinataire()]
    return [Destinataire(courriel=marche.acheteur.courriel, organisation_id=marche.acheteur_id)]


def coordonnateurs_de(organisation: Organisation | None) -> list[Destinataire]:
    """Active coordinators of one MLDS."""
    if organisation is None:
        return []
    adhesions = (
        Adhesion.objects.filter(organisation=organisation, role=Role.COORDONNATEUR)
        .select_related("utilisateur")
        .order_by("debut", "pk")
    )
    return [adhesion.utilisateur.destinataire(organisation.pk) for adhesion in adhesions]


def coordonnateurs_concernes(offre: Offre, reservation: Reservation | None = None) -> list[Destinataire]:
    """Coordinators of the place of work and, across a border, of the MLDS that sends the young person."""
    destinataires = coordonnateurs_de(offre.mlds_du_territoire())
    if reservation is not None:
        destinataires += coordonnateurs_de(reservation.organisation)
    return list(dict.fromkeys(destinataires))
