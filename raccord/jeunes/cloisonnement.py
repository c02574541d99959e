"""Who reaches a young person's file: an organisation by its grant, the young person, those who sign for them, the
machine on the files it acts on. Neither a coordinator, a buyer nor a company (decision 0006).

The MLDS that follows writes in the file and holds the circle; whoever else the circle opens it to reads, no more.
"""

from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune, RepresentantLegal
from raccord.socle.cloisonnement import declarer, ensemble
from raccord.socle.models import Historique

# The instant is that of the transaction's beginning: a grant written since then opens to it.
ensemble(
    "raccord_jeunes_suivis",
    """
    SELECT acces.jeune_id FROM jeunes_accesjeune acces
    JOIN jeunes_jeune jeune ON jeune.id = acces.jeune_id AND jeune.organisation_id = acces.organisation_id
    WHERE public.raccord_role() = 'tuteur' AND acces.organisation_id = public.raccord_id('organisation_id')
      AND acces.debut < public.raccord_instant() + interval '1 minute'
      AND (acces.fin IS NULL OR acces.fin > public.raccord_instant()) AND acces.revoque_le IS NULL
    UNION ALL
    SELECT public.raccord_id('jeune_id') WHERE public.raccord_id('jeune_id') IS NOT NULL
    UNION ALL
    SELECT jeune_id FROM jeunes_representantlegal
    WHERE public.raccord_role() = 'representant' AND id = public.raccord_id('representant_id')
    UNION ALL
    SELECT unnest(public.raccord_dossiers())
    """,
)
ensemble(
    "raccord_jeunes_ouverts",
    """
    SELECT jeune_id FROM jeunes_accesjeune
    WHERE public.raccord_role() IN ('tuteur', 'partenaire', 'national')
      AND organisation_id = public.raccord_id('organisation_id')
      AND debut < public.raccord_instant() + interval '1 minute'
      AND (fin IS NULL OR fin > public.raccord_instant()) AND revoque_le IS NULL
    UNION ALL
    SELECT public.raccord_jeunes_suivis()
    """,
)
# A file that the tutor's MLDS has just opened has no grant yet: its first one, and who signs, may be written.
ensemble(
    "raccord_jeunes_sans_cercle",
    """
    SELECT id FROM jeunes_jeune
    WHERE public.raccord_role() = 'tuteur' AND organisation_id = public.raccord_id('organisation_id')
      AND NOT EXISTS (SELECT FROM jeunes_accesjeune WHERE jeune_id = jeunes_jeune.id)
    """,
)
OUVERT = "IN (SELECT public.raccord_jeunes_ouverts())"
SUIVI = "IN (SELECT public.raccord_jeunes_suivis())"

declarer(
    Jeune,
    voir=f"id {OUVERT}",
    changer=f"id {SUIVI}",
    creer="public.raccord_role() = 'tuteur' AND organisation_id = public.raccord_id('organisation_id')",
    jeune="ligne.id",
)
for _ligne in (RepresentantLegal, AccesJeune):
    declarer(
        _ligne,
        voir=f"jeune_id {OUVERT}",
        changer=f"jeune_id {SUIVI}",
        creer=f"jeune_id {SUIVI} OR jeune_id IN (SELECT public.raccord_jeunes_sans_cercle())",
        jeune="ligne.jeune_id",
    )
declarer(DemandeRetrait, voir=f"jeune_id {SUIVI}", jeune="ligne.jeune_id")
# The sheet is the young person's. The tutors who follow read it while it holds, and write drafts: the base itself
# does not let them approve one. The machine puts an end to a draft left without an answer, and reads nothing that was
# approved. Neither parents, coordination nor national team; `parcours` adds the company.
declarer(
    FicheContexte,
    voir=f"""
        CASE public.raccord_role()
            WHEN 'jeune' THEN jeune_id = public.raccord_id('jeune_id')
            WHEN 'tuteur' THEN jeune_id {SUIVI}
                AND (etat = 'proposee' OR (etat = 'approuvee' AND expire_le > public.raccord_instant()))
            WHEN 'systeme' THEN jeune_id {SUIVI} AND etat IN ('proposee', 'perimee')
            ELSE false
        END
    """,
    changer=f"""
        CASE public.raccord_role()
            WHEN 'jeune' THEN jeune_id = public.raccord_id('jeune_id')
            WHEN 'tuteur' THEN jeune_id {SUIVI} AND etat = 'proposee'
            WHEN 'systeme' THEN jeune_id {SUIVI} AND etat IN ('proposee', 'perimee')
            ELSE false
        END
    """,
    jeune="ligne.jeune_id",
)
# What was changed in a file: whoever writes in it, and the machine for the copy. The database alone adds to it.
declarer(
    Historique,
    voir=f"public.raccord_role() IN ('tuteur', 'systeme') AND jeune_id {SUIVI}",
    changer="false",
    jeune="ligne.jeune_id",
)
