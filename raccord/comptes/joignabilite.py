"""A contact to whom nothing arrives any more: marked once, told to the slices that wait for them, forgotten when
another address is given. Who delivers (`echeances`) calls `marquer_injoignable`; a slice above opens its waits.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.models import Contact
from raccord.socle import journal
from raccord.socle.contexte import SYSTEME

# What a slice does about it: open a wait for whoever can find another address.
APRES_INJOIGNABLE: list[Callable[[Contact], None]] = []


@transaction.atomic
def marquer_injoignable(contact_id: UUID, cause: str) -> Contact | None:
    """Nothing arrives at this contact's address (`cause`: a short code). A second time changes nothing; None then."""
    contact = Contact.objects.select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None or contact.injoignable_le is not None:
        return None
    contact.injoignable_le, contact.injoignable_cause = timezone.now(), cause[:40]
    contact.save(update_fields=["injoignable_le", "injoignable_cause", "modifie_le"])
    journal.inscrire(SYSTEME, contact, "contact.injoignable", "ne reçoit plus rien à son adresse")
    for suivre in APRES_INJOIGNABLE:
        suivre(contact)
    return contact


def joignable_de_nouveau(contact: Contact) -> None:
    """Another address, or the person's own word. Not saved."""
    contact.injoignable_le, contact.injoignable_cause = None, ""
