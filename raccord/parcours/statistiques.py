"""Counts for an analyst, who reads no row: each view is one partition, without totals."""

from raccord.socle.statistiques import Vue

# A school year is named by the year it begins in, on 1 September: eight months earlier is within that year.
Vue(
    nom="parcours_par_academie",
    groupes=("academie", "annee_scolaire"),
    requete="""
        SELECT academie.nom AS academie,
            extract(year FROM parcours.debut - interval '8 months')::integer AS annee_scolaire, count(*) AS nombre
        FROM public.parcours_parcours parcours
        JOIN public.comptes_organisation mlds ON mlds.id = parcours.organisation_id
        JOIN public.territoires_academie academie ON academie.slug = mlds.academie_id
        WHERE parcours.etat <> 'annule' GROUP BY 1, 2
    """,
)
Vue(
    nom="offres_par_departement_et_etat",
    groupes=("departement", "etat"),
    requete="""
        SELECT departement.nom AS departement, offre.etat, count(*) AS nombre
        FROM public.parcours_offre offre
        JOIN public.territoires_commune commune ON commune.code = offre.commune_id
        JOIN public.territoires_departement departement ON departement.code = commune.departement_id
        WHERE offre.etat <> 'brouillon' GROUP BY 1, 2
    """,
)
Vue(
    nom="sorties_par_suite",
    groupes=("suite", "annee_scolaire"),
    requete="""
        SELECT suite, extract(year FROM coalesce(arrete_le, fin) - interval '8 months')::integer AS annee_scolaire,
            count(*) AS nombre
        FROM public.parcours_parcours WHERE suite <> '' GROUP BY 1, 2
    """,
)
Vue(
    nom="delais_de_rencontre",
    groupes=("academie",),
    mesures=("mediane_jours",),
    requete="""
        SELECT academie.nom AS academie, count(*) AS nombre,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY rencontre_le::date - transmis_le::date) AS mediane_jours
        FROM public.parcours_positionnement positionnement
        JOIN public.parcours_reservation reservation ON reservation.id = positionnement.reservation_id
        JOIN public.jeunes_jeune jeune ON jeune.id = reservation.jeune_id
        JOIN public.comptes_organisation mlds ON mlds.id = jeune.organisation_id
        JOIN public.territoires_academie academie ON academie.slug = mlds.academie_id
        WHERE rencontre_le IS NOT NULL AND transmis_le IS NOT NULL GROUP BY 1
    """,
)
