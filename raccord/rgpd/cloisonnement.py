"""A copy is the person's own, and the tutor's who asked for it; the machine reads those that are past their day."""

from typing import LiteralString

from raccord.rgpd.models import Avertissement, Copie
from raccord.socle.cloisonnement import declarer, ensemble

# Ids alone: what the daily round goes through. Each file is then opened one at a time, in its own name.
ensemble(
    "raccord_jeunes_a_revoir",
    "SELECT id FROM jeunes_jeune WHERE public.raccord_role() = 'systeme' AND nom <> ''",
)
DU_JEUNE: LiteralString = "CASE WHEN ligne.genre = 'jeune' THEN ligne.personne_id END"
SIENNE = """
    CASE genre
        WHEN 'jeune' THEN public.raccord_role() IN ('tuteur', 'jeune', 'systeme')
            AND personne_id IN (SELECT public.raccord_jeunes_ouverts())
        WHEN 'representant' THEN personne_id = public.raccord_id('representant_id')
        WHEN 'contact' THEN personne_id = public.raccord_id('contact_id')
        WHEN 'utilisateur' THEN personne_id = public.raccord_id('utilisateur_id')
        ELSE false
    END
"""
declarer(
    Copie,
    voir=f"({SIENNE}) OR (public.raccord_role() = 'systeme' AND expire_le <= public.raccord_instant())",
    creer=SIENNE,
    jeune=DU_JEUNE,
    tues=("personne_id",),
)
declarer(
    Avertissement,
    voir="personne_id IN (SELECT public.raccord_jeunes_ouverts())",
    jeune=DU_JEUNE,
    tues=("personne_id",),
)
