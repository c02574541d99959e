"""The outbox and the addresses that fail: anybody's gesture may write a letter, only the postman reads them.

Their bodies hold live secrets.
"""

from raccord.echeances.models import AdresseEnEchec, Message
from raccord.socle.cloisonnement import declarer

declarer(Message, voir="public.raccord_role() = 'systeme'", creer="true")
declarer(AdresseEnEchec, voir="public.raccord_role() = 'systeme'")
