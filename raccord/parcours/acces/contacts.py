"""How fresh the contacts of an offer are, in words, never as a score."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from raccord.comptes.joignabilite import NUMERO, PARTOUT
from raccord.comptes.models import Contact
from raccord.parcours.models import Offre
from raccord.parcours.models.offre import ETATS_OUVERTS
from raccord.socle import calendrier, mots

INJOIGNABLE = {NUMERO: "mauvais numéro, noté", PARTOUT: "ni courriel ni numéro,"}


@dataclass(frozen=True, kw_only=True)
class ContactFrais:
    """Somebody of the company, their place on the offer, and what is known of their address."""

    contact: Contact
    place: str
    qualite: str
    mots: str
    alerte: bool


def contacts_frais(offre: Offre) -> list[ContactFrais]:
    """The referent, then the second contact."""
    places = (("referent", "référent du parcours", offre.referent), ("rrh", "second contact", offre.rrh))
    return [
        ContactFrais(
            contact=contact,
            place=place,
            qualite=qualite,
            mots=fraicheur(contact),
            alerte=contact.injoignable_le is not None,
        )
        for place, qualite, contact in places
        if contact is not None
    ]


def fraicheur(contact: Contact) -> str:
    """« confirmé il y a 12 jours par l'entreprise », « jamais confirmé », « un message est revenu hier »."""
    if contact.injoignable_le is not None:
        fait = INJOIGNABLE.get(contact.injoignable_cause, "un message est revenu")
        return f"{fait} {_depuis(contact.injoignable_le)}"
    demande, confirme = contact.verification_demandee_le, contact.verifie_le
    dit = derniere_confirmation(contact)
    if demande is not None and (confirme is None or demande > confirme):
        return f"{dit} ; vérification demandée {_depuis(demande)}, sans réponse"
    return dit


def derniere_confirmation(contact: Contact) -> str:
    """« confirmé il y a 12 jours par l'entreprise », « jamais confirmé »: what the person concerned is told."""
    return f"confirmé {_depuis(contact.verifie_le)} par l’entreprise" if contact.verifie_le else "jamais confirmé"


def confirme_aujourd_hui(contact: Contact) -> bool:
    """There is nothing left to ask today."""
    confirme = contact.verifie_le
    return confirme is not None and timezone.localdate(confirme) == calendrier.aujourdhui()


def _depuis(moment: object) -> str:
    jours = (calendrier.aujourdhui() - timezone.localdate(moment)).days  # type: ignore[arg-type]
    if jours <= 0:
        return "aujourd’hui"
    return "hier" if jours == 1 else f"il y a {mots.pluriel(jours, 'jour')}"


def offres_du_contact(contact: Contact) -> list[Offre]:
    """The open offers for which this person speaks."""
    return list(
        Offre.objects.filter(Q(referent=contact) | Q(rrh=contact), etat__in=ETATS_OUVERTS)
        .filter(date_fin__gte=calendrier.aujourdhui())
        .select_related("engagement__marche__acheteur", "entreprise", "commune__departement", "referent", "rrh")
        .order_by("cree_le", "pk")
    )
