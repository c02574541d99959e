"""A contact to whom nothing arrives any more: marked once, told to the slices that wait for them, forgotten when
another address is given. Who delivers (`echeances`) calls `marquer_injoignable`; a slice above opens its waits.
Wherever the address is corrected, `joignable_de_nouveau` closes what was opened and sends what had not arrived.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.models import Contact
from raccord.socle import journal
from raccord.socle.contexte import SYSTEME

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
        journal.inscrire(SYSTEME, contact, "contact.injoignable", "ne reçoit plus rien à son adresse")
    return any([suivre(contact) for suivre in APRES_INJOIGNABLE])


@transaction.atomic
def joignable_de_nouveau(contact: Contact) -> None:
    """Another address, or the person's own word: saved, with whatever the caller has changed."""
    contact.injoignable_le, contact.injoignable_cause = None, ""
    contact.save()
    for suivre in APRES_RETROUVE:
        suivre(contact)
