"""To whom the heart's messages go: the buyer's person, the coordinators of a territory, the tutor."""

from django.apps import apps

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Contact, Organisation
from raccord.echeances.models import Attente
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


def second_contact(offre: Offre) -> Contact | None:
    """Somebody else of the company whom its offers name: neither this one's referent nor its human resources.

    The one who confirmed being there last: nobody who was only named writes to a young person.
    """
    connus = [pk for pk in (offre.referent_id, offre.rrh_id) if pk is not None]
    autres = Contact.objects.filter(organisation_id=offre.entreprise_id).exclude(pk__in=connus)
    recents = autres.filter(verifie_le__isnull=False).order_by("-verifie_le", "pk")
    return next((contact for contact in recents if contact.destinataire().joignable), None)


OFFRES_D_UN_OBJET = {
    "parcours.offre": "",
    "parcours.reservation": "offre",
    "parcours.positionnement": "reservation__offre",
    "parcours.parcours": "offre",
    "parcours.signalement": "parcours__offre",
    "parcours.transfert": "parcours__offre",
}


def offre_de(attente: Attente) -> Offre | None:
    """The offer that a wait is about; None for what is about none."""
    chemin = OFFRES_D_UN_OBJET.get(attente.objet_type)
    if chemin is None:
        return None
    offre_id = attente.objet_id
    if chemin:
        objets = apps.get_model(attente.objet_type)._base_manager.filter(pk=attente.objet_id)
        offre_id = objets.values_list(chemin, flat=True).first()
    return Offre.objects.select_related(*FAMILLE).filter(pk=offre_id).first()


FAMILLE = (
    "entreprise",
    "commune__departement__academie",
    "referent",
    "rrh",
    "engagement__marche__acheteur",
    "engagement__marche__suivi_par",
    "engagement__marche__contact",
)
