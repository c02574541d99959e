"""The outbox: anybody's gesture may write a letter, only the postman reads them. Their bodies hold live secrets, which
no history keeps.
"""

from raccord.echeances.models import Message
from raccord.socle.cloisonnement import declarer

declarer(
    Message,
    voir="public.raccord_role() = 'systeme'",
    creer="true",
    jeune="ligne.jeune_id",
    tues=(
        *("sujet", "corps", "courriel", "telephone"),
        *("utilisateur_id", "contact_id", "jeune_id", "representant_id", "objet_id"),
    ),
)
