"""The outbox: anybody's gesture may write a letter, only the postman reads them. Their bodies hold live secrets, which
no history keeps.
"""

from raccord.echeances.models import Message, Preference
from raccord.socle.cloisonnement import declarer

declarer(
    Message,
    voir="public.raccord_role() = 'systeme'",
    creer="true",
    jeune="ligne.jeune_id",
    tues=(
        *("sujet", "corps", "calendrier", "courriel", "telephone"),
        *("utilisateur_id", "contact_id", "jeune_id", "representant_id", "objet_id"),
    ),
)
# How somebody wants to be written to is theirs; the postman reads it.
declarer(
    Preference,
    voir="""
        public.raccord_role() = 'systeme' OR utilisateur_id = public.raccord_id('utilisateur_id')
        OR contact_id = public.raccord_id('contact_id') OR jeune_id = public.raccord_id('jeune_id')
        OR representant_id = public.raccord_id('representant_id')
    """,
    jeune="ligne.jeune_id",
    tues=("utilisateur_id", "contact_id", "jeune_id", "representant_id"),
)
