"""Personal data of waits and of the outbox."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from raccord.comptes.models import Demande
from raccord.comptes.rgpd import demandes_de
from raccord.echeances.models import AdresseEnEchec, Attente, Echelle, Message, Passage, Preference, Rappel
from raccord.socle.donnees_personnelles import (
    BaseLegale,
    Personne,
    Sort,
    Sujet,
    Traitement,
    neutre,
    personnel,
    remplace,
    remplace_dans,
)

ATTENTES = Traitement(
    titre="Dire à chacun ce qui l’attend",
    finalite="Rappeler une échéance à la bonne personne et prévenir si rien ne vient.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité ; l’attente reste ensuite sans personne derrière",
    lecteurs="La personne qui doit agir et ceux qui suivent le dossier.",
)
MESSAGES = Traitement(
    titre="Écrire",
    finalite="Prévenir par courriel, et pouvoir montrer que la personne l’a été.",
    base=BaseLegale.MISSION,
    duree="conservation_message",
    depuis="après l’envoi",
    lecteurs="Son destinataire. Aucun message ne contient le nom d’un jeune.",
)


def _detacher(lignes: "QuerySet[Attente]", sujet: Sujet) -> None:
    """What was open closes; how long things took stays counted."""
    lignes.filter(close_le__isnull=True).update(close_le=timezone.now(), issue="effacée")
    lignes.update(jeune_id=None, pause_raison="", objet_id=remplace("objet_id", sujet), fil=remplace_dans("fil", sujet))


def _lacher(lignes: "QuerySet[Attente]", sujet: Sujet) -> None:
    """The pause stays, nobody's any more."""
    lignes.filter(pause_par_id=sujet.id).update(pause_par_id=None)
    lignes.filter(tenue_par_id=sujet.id).update(tenue_par_id=None, tenue_jusqua=None)


personnel(
    Attente,
    "jeune_id fil objet_id action ouverte_le echeance close_le pause_raison",
    de=Personne.JEUNE,
    pour=ATTENTES,
    ou=lambda sujet: Q(jeune_id=sujet.id) | Q(fil__contains=[sujet.id]) | Q(objet_id__in=sujet.objets),
    sort=Sort.DETACHER,
    faire=_detacher,
)
personnel(
    Attente,
    "contact_id action ouverte_le echeance close_le",
    de=Personne.CONTACT,
    pour=ATTENTES,
    ou=lambda sujet: Q(contact_id=sujet.id),
    sort=Sort.DETACHER,
    faire=lambda lignes, sujet: lignes.update(contact_id=None),
)
personnel(
    Attente,
    "utilisateur_id action ouverte_le echeance close_le",
    de=Personne.UTILISATEUR,
    pour=ATTENTES,
    ou=lambda sujet: Q(utilisateur_id=sujet.id),
    sort=Sort.DETACHER,
    faire=lambda lignes, sujet: lignes.update(utilisateur_id=None),
)
personnel(
    Attente,
    "pause_par_id pause_raison tenue_par_id pause_jusqua",
    de=Personne.UTILISATEUR,
    pour=ATTENTES,
    ou=lambda sujet: Q(pause_par_id=sujet.id) | Q(tenue_par_id=sujet.id),
    sort=Sort.DETACHER,
    faire=_lacher,
)
for personne in (Personne.CONTACT, Personne.UTILISATEUR):
    personnel(
        Rappel,
        "prevenus le",
        de=personne,
        pour=ATTENTES,
        ou=lambda sujet: Q(prevenus__contains=[sujet.id]),
        sort=Sort.DETACHER,
        faire=lambda lignes, sujet: lignes.update(prevenus=remplace_dans("prevenus", sujet)),
    )
personnel(
    Echelle,
    "posee_par_id debut",
    de=Personne.UTILISATEUR,
    pour=ATTENTES,
    ou=lambda sujet: Q(posee_par_id=sujet.id),
    sort=Sort.DETACHER,
    faire=lambda lignes, sujet: lignes.update(posee_par_id=None),
)
neutre(
    Attente,
    "id code objet_type sujet role administrateurs organisation_id proprietaire issue echelle "
    "departement zone prochain pause_jours tenue_jusqua",
)
neutre(Rappel, "id attente echelon issue")
neutre(Echelle, "id attente portee echelons source")
# What they asked for goes with them: nobody waits for the answer any more.
personnel(
    Attente,
    "objet_id fil",
    de=Personne.UTILISATEUR,
    pour=ATTENTES,
    ou=lambda sujet: Q(objet_id__in=Demande.objects.filter(demandes_de(sujet)).values("pk")),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(Passage)

COMMUN = "sujet corps calendrier courriel telephone cree_le envoye_le"
personnel(
    Message,
    f"jeune_id representant_id {COMMUN}",
    de=Personne.JEUNE,
    pour=MESSAGES,
    ou=lambda sujet: Q(jeune_id=sujet.id) | Q(representant_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
)
personnel(
    Message,
    f"representant_id {COMMUN}",
    de=Personne.REPRESENTANT,
    pour=MESSAGES,
    ou=lambda sujet: Q(representant_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
# What others were written about them: bodies hold words of the tutors.
personnel(
    Message,
    f"objet_id {COMMUN}",
    de=Personne.JEUNE,
    pour=MESSAGES,
    ou=lambda sujet: Q(objet_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
personnel(
    Message,
    f"contact_id {COMMUN}",
    de=Personne.CONTACT,
    pour=MESSAGES,
    ou=lambda sujet: Q(contact_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
personnel(
    Message,
    f"utilisateur_id {COMMUN}",
    de=Personne.UTILISATEUR,
    pour=MESSAGES,
    ou=lambda sujet: Q(utilisateur_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(
    Message,
    "id code organisation_id objet_type essais prochain_essai envoi echec_le cause retour_le reuni_dans attente",
)

EN_ECHEC = "adresse objet_id cree_le"
personnel(
    AdresseEnEchec,
    f"jeune_id representant_id {EN_ECHEC}",
    de=Personne.JEUNE,
    pour=MESSAGES,
    ou=lambda sujet: Q(jeune_id=sujet.id) | Q(representant_id__in=sujet.objets) | Q(objet_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
personnel(
    AdresseEnEchec,
    f"contact_id {EN_ECHEC}",
    de=Personne.CONTACT,
    pour=MESSAGES,
    ou=lambda sujet: Q(contact_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
personnel(
    AdresseEnEchec,
    f"utilisateur_id {EN_ECHEC}",
    de=Personne.UTILISATEUR,
    pour=MESSAGES,
    ou=lambda sujet: Q(utilisateur_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(AdresseEnEchec, "id modifie_le chez objet_type cause")

CHOIX = "canal rythme silence_de silence_a fuseau coupes"
personnel(
    Preference,
    f"jeune_id representant_id {CHOIX}",
    de=Personne.JEUNE,
    pour=MESSAGES,
    ou=lambda sujet: Q(jeune_id=sujet.id) | Q(representant_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
)
personnel(
    Preference,
    f"contact_id {CHOIX}",
    de=Personne.CONTACT,
    pour=MESSAGES,
    ou=lambda sujet: Q(contact_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
personnel(
    Preference,
    f"utilisateur_id {CHOIX}",
    de=Personne.UTILISATEUR,
    pour=MESSAGES,
    ou=lambda sujet: Q(utilisateur_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(Preference, "id")
