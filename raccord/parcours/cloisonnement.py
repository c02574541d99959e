"""Who is a party to a reservation, a proposal or a stay: the circle of the young person, both ends of the contract,
the territory, the national team. A stranger reads no row, whatever a view forgets to ask.

How much a party reads of a row (a name, a word of the tutors) is the application's rule (`acces`, decision 0006).
"""

from typing import LiteralString

from raccord.documents.models import Contenu, Document
from raccord.jeunes.models import AccesJeune, FicheContexte, Jeune, RepresentantLegal
from raccord.parcours.models import (
    Adaptation,
    Bilan,
    Creneau,
    Evaluation,
    Parcours,
    Passation,
    Positionnement,
    RendezVous,
    Reponse,
    Reservation,
    Semaine,
    Signalement,
    Transfert,
    Voix,
)
from raccord.socle.cloisonnement import declarer, elargir, ensemble, ouvrir_a_la_lecture

# One branch per role: an OR between two tables is a reading of every offer, thirty times slower.
ensemble(
    "raccord_offres_a_moi",
    """
    SELECT id FROM parcours_offre
    WHERE public.raccord_role() = 'entreprise' AND entreprise_id = public.raccord_id('organisation_id')
    UNION ALL
    SELECT offre.id FROM marches_marche marche
    JOIN marches_engagement engagement ON engagement.marche_id = marche.id
    JOIN parcours_offre offre ON offre.engagement_id = engagement.id
    WHERE public.raccord_role() = 'acheteur' AND marche.acheteur_id = public.raccord_id('organisation_id')
    """,
)
ensemble(
    "raccord_offres_du_territoire",
    """
    SELECT offre.id FROM territoires_departement departement
    JOIN parcours_offre offre ON offre.code_departement = departement.code
    WHERE departement.academie_id = nullif(current_setting('raccord.academie_id', true), '')
    """,
)
ensemble(
    "raccord_mlds_du_territoire",
    """
    SELECT id FROM comptes_organisation
    WHERE genre = 'mlds' AND academie_id = nullif(current_setting('raccord.academie_id', true), '')
    """,
)
PARTIE: LiteralString = """
    CASE public.raccord_role()
        WHEN 'tuteur' THEN jeune_id IN (SELECT public.raccord_jeunes_suivis())
        WHEN 'representant' THEN jeune_id IN (SELECT public.raccord_jeunes_suivis())
        WHEN 'jeune' THEN jeune_id = public.raccord_id('jeune_id')
        WHEN 'entreprise' THEN offre_id IN (SELECT public.raccord_offres_a_moi())
        WHEN 'acheteur' THEN offre_id IN (SELECT public.raccord_offres_a_moi())
        WHEN 'coordonnateur' THEN organisation_id IN (SELECT public.raccord_mlds_du_territoire())
            OR offre_id IN (SELECT public.raccord_offres_du_territoire())
        WHEN 'national' THEN true
        WHEN 'systeme' THEN jeune_id = ANY (public.raccord_dossiers())
        ELSE false
    END
"""
DU_PARCOURS: LiteralString = "(SELECT jeune_id FROM parcours_parcours WHERE id = ligne.parcours_id)"
DU_POSITIONNEMENT: LiteralString = """
    SELECT r.jeune_id FROM parcours_positionnement AS p JOIN parcours_reservation AS r ON r.id = p.reservation_id
    WHERE p.id
"""
declarer(Reservation, voir=PARTIE, jeune="ligne.jeune_id")
# The receiving coordinator is no party yet: the hand-over opens the stay. The import adds stays without young person.
declarer(
    Parcours,
    voir=f"""
        ({PARTIE})
        OR (public.raccord_role() = 'coordonnateur' AND id IN (SELECT parcours_id FROM parcours_transfert))
    """,
    creer=f"({PARTIE}) OR (public.raccord_role() = 'systeme' AND jeune_id IS NULL)",
    jeune="ligne.jeune_id",
)
declarer(
    Transfert,
    voir="""
        CASE public.raccord_role()
            WHEN 'national' THEN true
            WHEN 'coordonnateur' THEN depuis_id IN (SELECT public.raccord_mlds_du_territoire())
                OR vers_id IN (SELECT public.raccord_mlds_du_territoire())
            WHEN 'tuteur' THEN public.raccord_id('organisation_id') IN (depuis_id, vers_id)
            WHEN 'systeme' THEN parcours_id = ANY (public.raccord_dossiers())
            ELSE false
        END
    """,
    jeune=DU_PARCOURS,
)
declarer(
    Positionnement,
    voir="EXISTS (SELECT FROM parcours_reservation WHERE id = reservation_id)",
    jeune="(SELECT jeune_id FROM parcours_reservation WHERE id = ligne.reservation_id)",
)
for _suite in (Creneau, Reponse):
    declarer(
        _suite,
        voir="EXISTS (SELECT FROM parcours_positionnement WHERE id = positionnement_id)",
        jeune=f"({DU_POSITIONNEMENT} = ligne.positionnement_id)",
    )
# When and where, nobody's name: the tutor's own feed; the machine reads them all to keep two meetings apart, and
# writes in those it reminds of.
A_EUX: LiteralString = """
    tuteur_id = public.raccord_id('utilisateur_id')
    OR EXISTS (SELECT FROM parcours_positionnement WHERE id = positionnement_id)
"""
declarer(
    RendezVous,
    voir=f"public.raccord_role() = 'systeme' OR {A_EUX}",
    changer=A_EUX,
    jeune="ligne.dossier",
)
for _enfant in (Semaine, Adaptation, Signalement, Bilan):
    declarer(_enfant, voir="EXISTS (SELECT FROM parcours_parcours WHERE id = parcours_id)", jeune=DU_PARCOURS)
for _part in (Voix, Evaluation):
    declarer(
        _part,
        voir="EXISTS (SELECT FROM parcours_bilan WHERE id = bilan_id)",
        jeune="""(
            SELECT p.jeune_id FROM parcours_bilan AS b JOIN parcours_parcours AS p ON p.id = b.parcours_id
            WHERE b.id = ligne.bilan_id
        )""",
    )

# Papers: the circle, the company they were sent to, the young person. Neither buyer, coordinator nor national team.
LECTEURS: LiteralString = "public.raccord_role() IN ('tuteur', 'entreprise', 'jeune', 'systeme')"
declarer(
    Document,
    voir=f"{LECTEURS} AND EXISTS (SELECT FROM parcours_positionnement WHERE id = objet_id)",
    jeune=f"({DU_POSITIONNEMENT} = ligne.objet_id)",
)
declarer(
    Contenu,
    voir="EXISTS (SELECT FROM documents_document WHERE id = document_id)",
    jeune=f"({DU_POSITIONNEMENT} = (SELECT objet_id FROM documents_document WHERE id = ligne.document_id))",
)

# The row of a young person is reached by the parties to what concerns them: the company reads a first name, a buyer
# an age, the machine writes to whom the answer was given.
ensemble(
    "raccord_jeunes_en_jeu",
    """
    SELECT jeune_id FROM parcours_reservation
    WHERE public.raccord_role() IN ('entreprise', 'acheteur') AND offre_id IN (SELECT public.raccord_offres_a_moi())
    UNION ALL
    SELECT jeune_id FROM parcours_reservation
    WHERE public.raccord_role() = 'coordonnateur'
      AND (organisation_id IN (SELECT public.raccord_mlds_du_territoire())
           OR offre_id IN (SELECT public.raccord_offres_du_territoire()))
    UNION ALL
    SELECT parcours.jeune_id FROM parcours_transfert transfert
    JOIN parcours_parcours parcours ON parcours.id = transfert.parcours_id
    WHERE public.raccord_role() = 'coordonnateur'
      AND transfert.vers_id IN (SELECT public.raccord_mlds_du_territoire())
    UNION ALL
    SELECT jeune_id FROM parcours_reservation WHERE public.raccord_role() = 'national'
    """,
)
elargir(Jeune, "id IN (SELECT public.raccord_jeunes_en_jeu())")
elargir(RepresentantLegal, "jeune_id IN (SELECT public.raccord_jeunes_en_jeu())")
# A hand-over closes one grant and opens another.
elargir(
    AccesJeune,
    "public.raccord_role() IN ('coordonnateur', 'national') AND jeune_id IN (SELECT public.raccord_jeunes_en_jeu())",
)
# The sheet of somebody who is in the company now, when they chose to show it there.
ensemble(
    "raccord_jeunes_accueillis",
    """
    SELECT jeune_id FROM parcours_parcours
    WHERE public.raccord_role() = 'entreprise' AND etat = 'en_cours'
      AND offre_id IN (SELECT public.raccord_offres_a_moi())
    """,
)
ouvrir_a_la_lecture(
    FicheContexte,
    """
    etat = 'approuvee' AND lecteurs = 'entreprise' AND expire_le > public.raccord_instant()
    AND jeune_id IN (SELECT public.raccord_jeunes_accueillis())
    """,
)

# A hand-over inside an MLDS: its note is for the three people of it. Whoever writes one signs it.
declarer(
    Passation,
    voir="""
        public.raccord_role() IN ('tuteur', 'coordonnateur')
        AND organisation_id = public.raccord_id('organisation_id')
        AND public.raccord_id('utilisateur_id') IN (de_id, vers_id, par_id)
    """,
    creer="""
        public.raccord_role() IN ('tuteur', 'coordonnateur')
        AND organisation_id = public.raccord_id('organisation_id')
        AND public.raccord_id('utilisateur_id') = par_id
    """,
    jeune="NULL",  # of several
    tues=("note", "jeunes"),
)
# A coordinator who administers the MLDS hands over the files of a tutor who leaves: those of its own young people,
# whom nothing may have placed yet. A tutor reaches them by the grant.
ensemble(
    "raccord_jeunes_a_confier",
    """
    SELECT jeune.id FROM jeunes_jeune jeune
    JOIN comptes_adhesion moi ON moi.organisation_id = jeune.organisation_id
    WHERE public.raccord_role() = 'coordonnateur' AND moi.role = 'coordonnateur' AND moi.administrateur
      AND moi.fin IS NULL AND moi.utilisateur_id = public.raccord_id('utilisateur_id')
      AND moi.organisation_id = public.raccord_id('organisation_id')
    """,
)
elargir(Jeune, "id IN (SELECT public.raccord_jeunes_a_confier())")
