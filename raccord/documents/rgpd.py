"""Personal data of sealed files: a young person's CV and letter."""

from django.db.models import Q

from raccord.documents.models import Contenu, Document
from raccord.socle.donnees_personnelles import BaseLegale, Personne, Sort, Traitement, neutre, personnel

PIECES = Traitement(
    titre="Présenter le jeune à une entreprise",
    finalite="Joindre son CV et sa lettre, chiffrés, à la proposition que le jeune a préparée avec son tuteur.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune",
    lecteurs="Le jeune, la MLDS qui le suit, l’entreprise à qui le profil est envoyé.",
)
personnel(
    Document,
    "genre type_mime taille empreinte objet_id cree_le",
    de=Personne.JEUNE,
    pour=PIECES,
    ou=lambda sujet: Q(objet_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
)
personnel(
    Document,
    "depose_par",
    de=Personne.UTILISATEUR,
    pour=PIECES,
    ou=lambda sujet: Q(depose_par=sujet.id),
    sort=Sort.DETACHER,
    exporte=False,
)
neutre(Document, "id objet_type modifie_le")
# In the copy, the file itself: see `rgpd.export`.
personnel(
    Contenu,
    "scelle",
    de=Personne.JEUNE,
    pour=PIECES,
    ou=lambda sujet: Q(document__objet_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(Contenu, "document")
