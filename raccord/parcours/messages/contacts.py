"""Messages about the contacts themselves: is it still you; nothing arrives; confirmed."""

from django.conf import settings
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.joignabilite import NUMERO
from raccord.comptes.models import Contact
from raccord.echeances.models import Attente
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.enums import EtatReservation
from raccord.parcours.messages.envoi import ecrire
from raccord.parcours.messages.offres import donnees, territoire
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.models import Offre, Reservation
from raccord.socle.courrier import Destinataire, definir, envoyer

LIEN_CONTACT = "parcours.contact"

VERIFIER = definir("parcours.verifier_contact", "Êtes-vous toujours la bonne personne ?", contractuel=True)
CONFIRME = definir("parcours.contact_confirme", "Un contact de l'entreprise est confirmé")
RELAIS = definir("parcours.adresse_relais", "Une adresse n'a pas été trouvée à temps")
CHERCHER = definir("parcours.adresse_a_trouver", "Une entreprise n'est plus joignable", contractuel=True)


def verifier(contact: Contact, offres: list[Offre]) -> None:
    """One message whatever the number of offers."""
    if offres:
        lien = liens.creer_pour_contact(LIEN_CONTACT, contact.organisation_id, contact)
        envoyer(VERIFIER, [contact.destinataire()], donnees(offres[0], lien=lien, nombre=len(offres)), objet=contact)


def confirme(contact: Contact, offre: Offre, reservation: Reservation) -> None:
    """To the tutor who was waiting for it before proposing somebody."""
    page = settings.ADRESSE_PUBLIQUE + reverse("parcours:reservation", args=[reservation.pk])
    qui = reservation.tuteur.destinataire(reservation.organisation_id)
    envoyer(CONFIRME, [qui], donnees(offre, page=page, contact=contact.nom), objet=offre)


def chercher(offre: Offre, contact: Contact, attente: Attente) -> None:
    """To whoever can find another address: the owner of the wait."""
    page = settings.ADRESSE_PUBLIQUE + reverse("parcours:contacts", args=[offre.pk])
    dit = donnees(offre, page_contacts=page, contact=contact.nom, echeance=attente.echeance)
    dit["numero"] = contact.injoignable_cause == NUMERO
    ecrire(CHERCHER, _proprietaire(offre), dit, objet=offre, offre=offre)


def _proprietaire(offre: Offre) -> list[Destinataire]:
    if offre.engagement is not None:
        return acheteur_de(offre)
    tenue = offre.reservations.filter(etat=EtatReservation.ACTIVE).select_related("tuteur").first()
    return [tenue.tuteur.destinataire(tenue.organisation_id)] if tenue else equipe_nationale()


def relayer(offre: Offre, attente: Attente) -> None:
    """The address was not found in time: the coordination of the territory, or the national team, takes over."""
    page = settings.ADRESSE_PUBLIQUE + reverse("parcours:offre", args=[offre.pk])
    dit = donnees(offre, page=page, proprietaire=attente.proprietaire)
    ecrire(RELAIS, territoire(offre), dit, objet=offre, offre=offre)
