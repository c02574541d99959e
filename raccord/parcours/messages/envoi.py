"""How the heart's messages leave. Whoever has no account never receives a page that asks to sign in.

Somebody of the buyer's who has no account (the contract's contact, the service's own address) receives, in place of
each of those pages, a link of their own to the contract they follow.
"""

from collections.abc import Iterable
from typing import Any

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.marches.contacts import Coordonnees, retenir
from raccord.marches.models import Marche
from raccord.parcours.models import Offre
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer
from raccord.socle.models import ObjetSuivi

LIEN_MARCHE = "parcours.marche"
MARCHE_CONFIE = definir("parcours.marche_confie", "Vous suivez un marché", contractuel=True)


def ecrire(
    type_message: TypeMessage, qui: Iterable[Destinataire], donnees: dict[str, Any], *, objet: ObjetSuivi, offre: Offre
) -> None:
    """The same words for each; the pages, as each one can open them."""
    marche = offre.engagement.marche if offre.engagement else None
    for destinataire in dict.fromkeys(qui):
        if marche is None or destinataire.utilisateur_id or destinataire.organisation_id != marche.acheteur_id:
            envoyer(type_message, [destinataire], donnees, objet=objet)
        elif destinataire.joignable:
            contact = _contact(destinataire, marche)
            lien = lien_du_marche(marche, contact)
            pages = {"page": lien, "page_marche": lien, "page_contacts": f"{lien}?contacts={objet.pk}"}
            pages |= {"preuve": f"{lien}?preuve={objet.pk}", "agir": f"{lien}?relais={objet.pk}"}
            envoyer(type_message, [contact.destinataire()], donnees | pages, objet=objet)


def lien_du_marche(marche: Marche, contact: Contact) -> str:
    """The address by which somebody of the buyer's follows this contract without account."""
    return liens.creer_pour_contact(LIEN_MARCHE, marche.pk, contact, role=Role.ACHETEUR)


def _contact(destinataire: Destinataire, marche: Marche) -> Contact:
    """Who holds the link; a service that only gave its address becomes a contact under its own name."""
    contact = Contact.objects.filter(pk=destinataire.contact_id).first() if destinataire.contact_id else None
    service = Coordonnees(nom=marche.acheteur.nom, courriel=destinataire.courriel, telephone=destinataire.telephone)
    return contact or retenir(marche.acheteur_id, service)
