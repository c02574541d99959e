"""Personal data of accounts, contacts and links."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from raccord.comptes.models import (
    Absence,
    Adhesion,
    Assistance,
    CompteProConnect,
    Contact,
    Demande,
    Invitation,
    LienAction,
    Organisation,
    Telephone,
    Utilisateur,
)
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

COMPTE = Traitement(
    titre="Ouvrir un compte et agir pour une organisation",
    finalite="Reconnaître la personne, lui écrire, savoir pour qui elle agit et dans quel rôle.",
    base=BaseLegale.MISSION,
    duree="conservation_compte",
    depuis="après la dernière activité du compte",
    lecteurs="Les personnes avec qui elle traite un dossier ; l’équipe nationale.",
)
SESSION = Traitement(
    titre="Rester connecté",
    finalite="Ne pas redemander un lien à chaque page.",
    base=BaseLegale.MISSION,
    duree="duree_session",
    depuis="après la connexion",
    lecteurs="Personne.",
)
CONTACT = Traitement(
    titre="Joindre une entreprise ou un acheteur",
    finalite="Savoir à qui parler d’une offre, d’une proposition ou d’un parcours, sans lui demander de compte.",
    base=BaseLegale.MISSION,
    duree="conservation_contact",
    depuis="après la dernière activité de la personne",
    lecteurs="L’acheteur du contrat, le tuteur qui a réservé l’offre, l’équipe nationale.",
)
CONFIRMATION = Traitement(
    titre="Confirmer une entrée par le téléphone",
    finalite="Demander un code de leur téléphone à ceux qui voient beaucoup de dossiers.",
    base=BaseLegale.MISSION,
    duree="conservation_compte",
    depuis="après la dernière activité du compte",
    lecteurs="Personne.",
)
ASSISTANCE = Traitement(
    titre="Aider une personne qui le demande",
    finalite="Voir Raccord comme elle, un court moment et sans rien changer ; garder qui a aidé, quand et pourquoi.",
    base=BaseLegale.MISSION,
    duree="conservation_compte",
    depuis="après la dernière activité du compte",
    lecteurs="La personne aidée ; les administrateurs de l’équipe nationale, tant que sa demande vaut.",
)
LIEN = Traitement(
    titre="Agir par un lien, sans compte",
    finalite="Laisser une personne sans compte faire une seule chose ; en garder la trace.",
    base=BaseLegale.MISSION,
    duree="conservation_lien",
    depuis="après l’expiration du lien",
    lecteurs="Personne : Raccord ne garde que l’empreinte du secret.",
)


def _anonymiser(lignes: "QuerySet[Utilisateur]", sujet: Sujet) -> None:
    """Nobody signs in with it, nobody is named by it; what it did stays counted."""
    lignes.update(
        courriel=f"{sujet.nouveau}@efface.invalid",
        prenom="Compte",
        nom="effacé",
        telephone="",
        is_active=False,
        last_login=None,
    )


def _terminer(lignes: "QuerySet[Adhesion]", sujet: Sujet) -> None:
    lignes.filter(fin__isnull=True).update(fin=timezone.now(), administrateur=False)


def _adresse(sujet: Sujet) -> "QuerySet[Utilisateur, Any]":
    return Utilisateur.objects.filter(pk=sujet.id).values("courriel")


def demandes_de(sujet: Sujet) -> Q:
    """Requests to join: found by the account, or by its address when it was asked for before there was an account."""
    return Q(utilisateur=sujet.id) | Q(courriel__in=_adresse(sujet))


def _sessions(sujet: Sujet) -> Q:
    ouvertes = (session for session in Session.objects.iterator(500) if _de(session, sujet))
    return Q(pk__in=[session.pk for session in ouvertes])


def _de(session: Session, sujet: Sujet) -> bool:
    return str(session.get_decoded().get("_auth_user_id")) == str(sujet.id)


personnel(
    Utilisateur,
    "courriel prenom nom telephone last_login is_active cree_le",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou="pk",
    sort=Sort.ANONYMISER,
    faire=_anonymiser,
)
neutre(Utilisateur, "id password")  # the password is unusable, always the same
personnel(
    Adhesion,
    "organisation role administrateur debut fin",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou=lambda sujet: Q(utilisateur=sujet.id),
    sort=Sort.DETACHER,
    faire=_terminer,
)
neutre(Adhesion, "id utilisateur")
personnel(
    Absence,
    "debut fin annulee_le suppleant",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou=lambda sujet: Q(adhesion__utilisateur=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(Absence, "id adhesion cree_le modifie_le")
personnel(
    Assistance,
    "motif expire_le debut finie_le fin cree_le",
    de=Personne.UTILISATEUR,
    pour=ASSISTANCE,
    ou=lambda sujet: Q(adhesion__utilisateur=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(Assistance, "id adhesion assistant modifie_le")
personnel(
    Demande,
    "courriel prenom nom role mot decidee_le acceptee reponse organisation",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou=demandes_de,
    sort=Sort.SUPPRIMER,
)
neutre(Demande, "id utilisateur cree_le modifie_le")
personnel(
    Invitation,
    "courriel role administrateur envoyee_le expire_le acceptee_le retiree_le organisation",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou=lambda sujet: Q(courriel__in=_adresse(sujet)),
    sort=Sort.SUPPRIMER,
)
neutre(Invitation, "id invite_par empreinte cree_le modifie_le")
personnel(
    CompteProConnect,
    "emetteur sub cree_le",
    de=Personne.UTILISATEUR,
    pour=COMPTE,
    ou=lambda sujet: Q(utilisateur=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(CompteProConnect, "id utilisateur")
# What proves who somebody is goes with the account, and is not handed over in a copy.
personnel(
    TOTPDevice,
    "key last_t drift last_used_at created_at throttling_failure_timestamp throttling_failure_count",
    de=Personne.UTILISATEUR,
    pour=CONFIRMATION,
    ou="user",
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(TOTPDevice, "id user name confirmed step t0 digits tolerance")
neutre(Telephone)  # the same rows
personnel(
    StaticDevice,
    "last_used_at created_at throttling_failure_timestamp throttling_failure_count",
    de=Personne.UTILISATEUR,
    pour=CONFIRMATION,
    ou="user",
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(StaticDevice, "id user name confirmed")
personnel(
    StaticToken,
    "token",
    de=Personne.UTILISATEUR,
    pour=CONFIRMATION,
    ou=lambda sujet: Q(device__user=sujet.id),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(StaticToken, "id device")
personnel(
    Session,
    "session_data expire_date",
    de=Personne.UTILISATEUR,
    pour=SESSION,
    ou=_sessions,
    sort=Sort.SUPPRIMER,
    exporte=False,
)
neutre(Session, "session_key")
personnel(
    Contact,
    "nom fonction courriel telephone organisation verifie_le cree_le",
    de=Personne.CONTACT,
    pour=CONTACT,
    ou="pk",
    sort=Sort.SUPPRIMER,
)
neutre(Contact, "id modifie_le")
personnel(
    LienAction,
    "contact expire_le ouvert_le agi_le revoque_le",
    de=Personne.CONTACT,
    pour=LIEN,
    ou=lambda sujet: Q(contact=sujet.id),
    sort=Sort.SUPPRIMER,
)
# Those of the young person, of the parents, and those by which a company answers about them.
personnel(
    LienAction,
    "jeune_id representant_id objet_id expire_le ouvert_le agi_le revoque_le",
    de=Personne.JEUNE,
    pour=LIEN,
    ou=lambda sujet: Q(jeune_id=sujet.id) | Q(representant_id__in=sujet.objets) | Q(objet_id__in=sujet.objets),
    sort=Sort.SUPPRIMER,
    exporte=False,
)
personnel(
    LienAction,
    "representant_id expire_le ouvert_le agi_le revoque_le",
    de=Personne.REPRESENTANT,
    pour=LIEN,
    ou=lambda sujet: Q(representant_id=sujet.id),
    sort=Sort.SUPPRIMER,
)
neutre(LienAction, "id empreinte action role cree_le modifie_le")
# An organisation's own address is the service's.
neutre(Organisation)
for _modele in (ContentType, Group, Permission):
    neutre(_modele)


@obstacle(Personne.UTILISATEUR)
def _administre_seule(sujet: Sujet, porte: str) -> str | None:
    actives = Adhesion.toutes.using(porte).filter(fin__isnull=True, administrateur=True)
    autres = actives.exclude(utilisateur=sujet.id).filter(
        utilisateur__is_active=True, organisation=OuterRef("organisation")
    )
    seule = actives.filter(~Exists(autres), utilisateur=sujet.id).select_related("organisation").order_by("pk").first()
    if seule is None:
        return None
    return f"Cette personne administre seule « {seule.organisation.nom} » : nommez d’abord un autre administrateur."
