"""Who reaches a young person's file: an organisation by its grant, the young person, those who sign for them, the
machine on the files it acts on. Neither a coordinator, a buyer nor a company (decision 0006).
"""

from raccord.jeunes.models import AccesJeune, Jeune, RepresentantLegal
from raccord.socle.cloisonnement import declarer, ensemble

# The instant is that of the transaction's beginning: a grant written since then opens to it.
ensemble(
    "raccord_jeunes_ouverts",
    """
    SELECT jeune_id FROM jeunes_accesjeune
    WHERE public.raccord_role() IN ('tuteur', 'national')
      AND organisation_id = public.raccord_id('organisation_id')
      AND debut < public.raccord_instant() + interval '1 minute'
      AND (fin IS NULL OR fin > public.raccord_instant()) AND revoque_le IS NULL
    UNION ALL
    SELECT public.raccord_id('jeune_id') WHERE public.raccord_id('jeune_id') IS NOT NULL
    UNION ALL
    SELECT jeune_id FROM jeunes_representantlegal
    WHERE public.raccord_role() = 'representant' AND id = public.raccord_id('representant_id')
    UNION ALL
    SELECT unnest(public.raccord_dossiers())
    """,
)
# A file that the tutor's MLDS has just opened has no grant yet: its first one may be written.
ensemble(
    "raccord_jeunes_sans_cercle",
    """
    SELECT id FROM jeunes_jeune
    WHERE public.raccord_role() = 'tuteur' AND organisation_id = public.raccord_id('organisation_id')
      AND NOT EXISTS (SELECT FROM jeunes_accesjeune WHERE jeune_id = jeunes_jeune.id)
    """,
)
OUVERT = "IN (SELECT public.raccord_jeunes_ouverts())"

declarer(
    Jeune,
    voir=f"id {OUVERT}",
    creer="public.raccord_role() = 'tuteur' AND organisation_id = public.raccord_id('organisation_id')",
)
declarer(RepresentantLegal, voir=f"jeune_id {OUVERT}")
declarer(
    AccesJeune,
    voir=f"organisation_id = public.raccord_id('organisation_id') OR jeune_id {OUVERT}",
    creer=f"jeune_id {OUVERT} OR jeune_id IN (SELECT public.raccord_jeunes_sans_cercle())",
)
