"""A contact to whom nothing arrives any more: marked once, told to the slices that wait for them, forgotten when
another address is given. Who delivers (`echeances`), or hears at the telephone that the number is wrong, calls
`marquer_injoignable`; a slice above opens its waits.
Wherever the address is corrected, `joignable_de_nouveau` closes what was opened and sends what had not arrived.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.models import Contact
from raccord.socle import journal
from raccord.socle.contexte import SYSTEME

NUMERO = "numéro"
"""The cause when somebody has called and it is not them: mail may still arrive."""
PARTOUT = "courriel et numéro"

# What a slice does about it: open a wait for whoever can find another address. It says whether somebody was asked.
APRES_INJOIGNABLE: list[Callable[[Contact], bool]] = []
APRES_RETROUVE: list[Callable[[Contact], None]] = []


@transaction.atomic
def marquer_injoignable(contact_id: UUID, cause: str) -> bool:
    """Nothing arrives at this contact's address (`cause`: a short code). The mark is put once, by anybody.

    Returns whether a slice above has somebody in charge of finding another address.
    """
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).filter(pk=contact_id).first()
    if contact is None:
        return False
    if contact.injoignable_le is None:
        contact.injoignable_le, contact.injoignable_cause = timezone.now(), cause[:40]
        contact.save(update_fields=["injoignable_le", "injoignable_cause", "modifie_le"])
        dit = "n'est pas au numéro connu" if cause == NUMERO else "ne reçoit plus rien à son adresse"
        journal.inscrire(SYSTEME, contact, "contact.injoignable", dit)
    elif contact.injoignable_cause != PARTOUT and (cause == NUMERO) != (contact.injoignable_cause == NUMERO):
        contact.injoignable_cause = PARTOUT
        contact.save(update_fields=["injoignable_cause", "modifie_le"])
    return any([suivre(contact) for suivre in APRES_INJOIGNABLE])


def recoit(contact: Contact) -> bool:
    """Whether what is written arrives, as far as is known: a wrong number says nothing of the mail."""
    return contact.injoignable_le is None or (contact.injoignable_cause == NUMERO and bool(contact.courriel))


def recoit_du_courriel(contact: Contact) -> bool:
    """The same, by mail alone."""
    return bool(contact.courriel) and recoit(contact)


def sans_chemin(contact: Contact) -> bool:
    """No road is left: neither mail nor telephone."""
    if contact.injoignable_le is None or recoit_du_courriel(contact):
        return False
    return not contact.telephone or contact.injoignable_cause in (NUMERO, PARTOUT)


@transaction.atomic
def joignable_de_nouveau(contact: Contact) -> None:
    """Another address, or the person's own word: saved, with whatever the caller has changed."""
    contact.injoignable_le, contact.injoignable_cause = None, ""
    contact.save()
    for suivre in APRES_RETROUVE:
        suivre(contact)
