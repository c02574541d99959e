"""The outbox and the addresses that fail: anybody's gesture may write a letter, only the postman reads them.

No history is kept of letters: their bodies hold live secrets, the rest of their row is the postman's own account of
what it did, and the page of a file never read any of it.
"""

from typing import LiteralString

from raccord.echeances.models import AdresseEnEchec, Message, Preference
from raccord.socle.cloisonnement import declarer, declarer_sans_histoire

PERSONNES = ("utilisateur_id", "contact_id", "jeune_id", "representant_id", "objet_id")

declarer_sans_histoire(Message, voir="public.raccord_role() = 'systeme'", creer="true")
declarer(AdresseEnEchec, voir="public.raccord_role() = 'systeme'", jeune="ligne.jeune_id", tues=("adresse", *PERSONNES))
# How somebody wants to be written to is theirs; the postman reads it.
A_SOI: LiteralString = """
    utilisateur_id = public.raccord_id('utilisateur_id') OR contact_id = public.raccord_id('contact_id')
    OR jeune_id = public.raccord_id('jeune_id') OR representant_id = public.raccord_id('representant_id')
"""
declarer(
    Preference,
    voir=f"public.raccord_role() = 'systeme' OR {A_SOI}",
    changer=A_SOI,
    jeune="ligne.jeune_id",
    tues=("utilisateur_id", "contact_id", "jeune_id", "representant_id"),
)
