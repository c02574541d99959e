"""The slice's own rows."""

from django.db.models import Q

from raccord.rgpd.models import Avertissement, Copie
from raccord.socle.donnees_personnelles import BaseLegale, Personne, Sort, Traitement, neutre, personnel

DROITS = Traitement(
    titre="Répondre à qui demande ses données",
    finalite="Préparer la copie demandée, la garder le temps d’être téléchargée, prévenir avant d’effacer.",
    base=BaseLegale.OBLIGATION,
    duree="validite_copie",
    depuis="après la demande",
    lecteurs="La personne ; pour un jeune, aussi le tuteur qui la demande avec lui.",
)
for _genre in (Personne.JEUNE, Personne.CONTACT, Personne.UTILISATEUR):
    personnel(
        Copie,
        "genre personne_id demandee_par cree_le expire_le telechargee_le taille scelle",
        de=_genre,
        pour=DROITS,
        ou=lambda sujet: Q(personne_id=sujet.id),
        sort=Sort.SUPPRIMER,
        exporte=False,
    )
    personnel(
        Avertissement,
        "genre personne_id prevenu_le efface_le",
        de=_genre,
        pour=DROITS,
        ou=lambda sujet: Q(personne_id=sujet.id),
        sort=Sort.SUPPRIMER,
        exporte=False,
    )
# Erased with the young person's file, as all that those who sign for them have.
personnel(
    Copie,
    "genre personne_id demandee_par cree_le expire_le telechargee_le taille scelle",
    de=Personne.REPRESENTANT,
    pour=DROITS,
    ou=lambda sujet: Q(genre=Personne.REPRESENTANT, personne_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(Copie, "id modifie_le")
neutre(Avertissement, "id")
