"""Personal data of contracts: who follows them for the buyer."""

from django.db.models import Q

from raccord.marches.models import Brouillon, EcritureHeures, Engagement, Lot, Marche
from raccord.socle import calendrier
from raccord.socle.donnees_personnelles import (
    BaseLegale,
    Personne,
    Sort,
    Sujet,
    Traitement,
    neutre,
    obstacle,
    personnel,
)

SUIVI = Traitement(
    titre="Suivre la clause d’un marché",
    finalite="Savoir qui répond du marché chez l’acheteur, et rendre compte des heures dues.",
    base=BaseLegale.OBLIGATION,
    duree="conservation_contact",
    depuis="après la dernière activité de la personne",
    lecteurs="L’acheteur, l’entreprise, le tuteur qui a réservé l’offre, l’équipe nationale.",
)
personnel(
    Marche,
    "suivi_par",
    de=Personne.UTILISATEUR,
    pour=SUIVI,
    ou=lambda sujet: Q(suivi_par=sujet.id),
    sort=Sort.DETACHER,
    exporte=False,
)
personnel(
    Marche,
    "contact",
    de=Personne.CONTACT,
    pour=SUIVI,
    ou=lambda sujet: Q(contact=sujet.id),
    sort=Sort.DETACHER,
    exporte=False,
)
neutre(
    Marche,
    "id cree_le modifie_le acheteur reference objet objet_detaille montant_ferme date_notification date_fin_clause "
    "date_fin_reconduction",
)
personnel(
    Brouillon,
    "auteur saisies",
    de=Personne.UTILISATEUR,
    pour=SUIVI,
    ou=lambda sujet: Q(auteur=sujet.id),
    sort=Sort.DETACHER,
    faire=lambda lignes, sujet: lignes.update(saisies={}),
    exporte=False,
)
neutre(Brouillon, "id cree_le modifie_le organisation marche envoye_le")
for _modele in (Lot, Engagement, EcritureHeures):
    neutre(_modele)


@obstacle(Personne.CONTACT)
def _suit_un_marche(sujet: Sujet, porte: str) -> str | None:
    marches = Marche.objects.using(porte).filter(contact=sujet.id, date_fin_clause__gte=calendrier.aujourdhui())
    return "Cette personne suit un marché en cours : désignez d’abord quelqu’un d’autre." if marches.exists() else None


@obstacle(Personne.UTILISATEUR)
def _repond_d_un_marche(sujet: Sujet, porte: str) -> str | None:
    marches = Marche.objects.using(porte).filter(suivi_par=sujet.id, date_fin_clause__gte=calendrier.aujourdhui())
    return "Cette personne suit un marché en cours : désignez d’abord quelqu’un d’autre." if marches.exists() else None
