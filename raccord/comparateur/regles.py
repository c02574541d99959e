"""The keys that two rows must share to be compared: exact ones, those of everybody, loose ones for who is left over.

Columns are those of `normalisation`, and for the loose rules those that `rattrapage` reads besides.
"""

from raccord.comparateur.modele import Regle


def _regle(nom: str, *egalites: str, test: str = "") -> Regle:
    """Equality of the same column on both sides, or of two columns (`left=right`)."""
    paires = [egalite.split("=") if "=" in egalite else (egalite, egalite) for egalite in egalites]
    return Regle(nom, tuple((gauche, droite) for gauche, droite in paires), test)


REGLES_SURES = (
    _regle("ine_sur", "ine_code", "naissance", "racine"),
    _regle(
        "identite_sure",
        *("nom", "prenom", "naissance", "lieu"),
        test="(l.ine is null or r.ine is null) and (l.nom_rarete + l.prenom_rarete >= 3 or l.cp = r.cp)",
    ),
)
REGLES = (
    _regle("ine", "ine_code"),
    _regle("date_nom_initiale", "naissance", "os_1", "initiale_prenom"),
    _regle("date_nom_lieu", "naissance", "os_1", "lieu_dep"),
    _regle("date_nom_domicile", "naissance", "os_1", "departement"),
    _regle("date_nom_1_2", "naissance", "son_1=son_2"),
    _regle("date_nom_2_1", "naissance", "son_2=son_1"),
    _regle("date_usage_nom", "naissance", "usage_son=son_1"),
    _regle("date_nom_usage", "naissance", "son_1=usage_son"),
    _regle("date_nom_prenom", "naissance", "os_1=prenom_os", "initiale_prenom=initiale"),
    _regle("date_prenom_nom", "naissance", "prenom_os=os_1", "initiale=initiale_prenom"),
    _regle("date_prenom_initiale", "naissance", "prenom_os", "initiale"),
    _regle("date_prenom_domicile", "naissance", "prenom_os", "departement"),
    _regle("date_rue", "naissance", "rue", "cp"),
    _regle("noms_departement", "son_1", "prenom_cle", "departement", test="l.son_rarete >= 2"),
    _regle("prenom_rue", "prenom_os", "rue", "cp"),
    _regle("nom_rue", "os_1", "rue", "cp"),
)

ICI = "l.departement = r.departement"
NOMS_PROCHES = "jaro_winkler_similarity(l.nom_ecrit, r.nom_ecrit) >= 0.7"
PRENOMS_PROCHES = "jaro_winkler_similarity(l.prenom_ecrit, r.prenom_ecrit) >= 0.7"
PRENOM_RARE_OU_NOM_PROCHE = f"({ICI} or l.prenom_rarete >= 4 or {NOMS_PROCHES})"
NOM_OU_PRENOM_PROCHE = f"({ICI} or jaro_winkler_similarity(l.nom_ecrit, r.nom_ecrit) >= 0.9 or {PRENOMS_PROCHES})"
LIEU_OU_CP = "l.lieu = r.lieu or l.cp = r.cp"
PEU_COURANTS = f"({ICI} or l.nom_rarete + l.prenom_rarete >= 3)"
PAR_DEFAUT = "((l.jour = 1 and l.mois = 1) or (r.jour = 1 and r.mois = 1))"
DATE_ABSENTE = "(l.naissance is null or r.naissance is null)"
REGLES_LARGES = (
    _regle("date_nom_rare", "naissance", "son_1", test="l.son_rarete >= 3"),
    _regle("date_lieu_initiale", "naissance", "lieu_dep", "initiale_prenom"),
    _regle("date_lieu", "naissance", "lieu", "departement"),
    _regle("date_initiales", "naissance", "initiale", "initiale_prenom", "departement"),
    _regle("ine_debut", "ine_debut"),
    _regle("ine_fin", "ine_fin", "annee", "mois"),
    _regle("nom_cp", "os_1", "cp", "initiale_prenom"),
    _regle("noms_jour", "son_1", "prenom_cle", "jour", "mois"),
    _regle("nom_lieu", "os_1", "lieu", "annee", "initiale_prenom"),
    _regle("noms_rares", "son_1", "prenom_cle", test="l.son_rarete >= 4"),
    _regle("usage_domicile_1", "usage_son=son_1", "prenom_cle", "departement"),
    _regle("usage_domicile_2", "son_1=usage_son", "prenom_cle", "departement"),
    _regle("echange_cp", "nom_1=prenom_noyau", "cp", "initiale_prenom=initiale"),
    _regle("echange_cp_r", "prenom_noyau=nom_1", "cp", "initiale=initiale_prenom"),
    _regle("date_cp", "naissance", "cp"),
    _regle("date_debut", "naissance", "debut", test=NOM_OU_PRENOM_PROCHE),
    _regle("date_echange", "naissance", "nom_1=prenom_noyau"),
    _regle("date_echange_r", "naissance", "prenom_noyau=nom_1"),
    _regle("date_debut_prenom", "naissance", "debut_prenom", test=PRENOM_RARE_OU_NOM_PROCHE),
    _regle("date_fin_prenom", "naissance", "fin_prenom", test=PRENOM_RARE_OU_NOM_PROCHE),
    _regle("inverse_noms", "annee", "jour=mois", "mois=jour", "initiale", "debut_prenom"),
    _regle("inverse_domicile", "annee", "jour=mois", "mois=jour", "initiale_prenom", "departement"),
    _regle("inverse_echange", "annee", "jour=mois", "mois=jour", "debut=debut_prenom", "debut_prenom=debut"),
    _regle("jour_cp", "jour", "mois", "initiale", "cp"),
    _regle("jour_domicile", "jour", "mois", "debut_prenom", "departement"),
    _regle("jour_lieu", "jour", "mois", "fin_prenom", "lieu"),
    _regle("jour_echange", "jour", "mois", "prenom_noyau=nom_1", "debut=debut_prenom"),
    _regle("mois_noms", "annee", "mois", "os_1", "prenom_cle", test=PEU_COURANTS),
    _regle("mois_domicile", "annee", "mois", "debut", "departement", test=f"({PRENOMS_PROCHES} or {LIEU_OU_CP})"),
    _regle("mois_prenom", "annee", "mois", "prenom_os", "cp"),
    _regle("mois_echange", "annee", "mois", "debut=debut_prenom", "debut_prenom=debut"),
    _regle("quantieme_noms", "annee", "jour", "fin", "prenom_os", test=PEU_COURANTS),
    _regle("defaut_nom", "annee", "os_1", "debut_prenom", test=PAR_DEFAUT),
    _regle("defaut_prenom", "annee", "debut", "prenom_os", test=PAR_DEFAUT),
    _regle("noms_ici", "os_1", "debut_prenom", "departement", test="l.nom_rarete >= 3"),
    _regle("annee_cp", "annee", "initiale", "fin_prenom", "cp"),
    _regle("annee_fin", "annee", "fin", "debut_prenom", "departement"),
    _regle("annee_debut", "annee", "debut", "prenom_os", "departement"),
    _regle("annee_echange", "annee", "debut=debut_prenom", "initiale_prenom=initiale", "departement"),
    _regle("annee_echange_r", "annee", "debut_prenom=debut", "initiale=initiale_prenom", "departement"),
    _regle("annee_echange_fin", "annee", "fin=fin_prenom", "fin_prenom=fin", "departement"),
    _regle("sans_date", "debut", "prenom_os", "departement", test=DATE_ABSENTE),
    _regle("annee_rue", "annee", "rue", "cp"),
    _regle("annee_lieu", "annee", "fin", "fin_prenom", "lieu"),
)
