"""Messages about the circle. None ever holds a young person's name, nor words written about them."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion
from raccord.jeunes.enums import ROLES_DU_CERCLE
from raccord.jeunes.models import AccesJeune, DemandeRetrait, Jeune, RepresentantLegal
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer

LIEN_DOSSIER = "jeunes.dossier"

ACCES_DONNE = definir("jeunes.acces_donne", "Un dossier s'ouvre à une organisation", contractuel=True)
ACCES_PROLONGE = definir("jeunes.acces_prolonge", "L'accès à un dossier a une autre date de fin", contractuel=True)
ACCES_RETIRE = definir("jeunes.acces_retire", "Un dossier se ferme pour une organisation", contractuel=True)
RETRAIT_DEMANDE = definir("jeunes.retrait_demande", "Un jeune demande de fermer son dossier", contractuel=True)
RETRAIT_RAPPEL = definir("jeunes.retrait_rappel", "Un jeune attend la réponse à sa demande", contractuel=True)
RETRAIT_RETARD = definir("jeunes.retrait_retard", "Un jeune n'a pas eu de réponse à sa demande")
CERCLE_JEUNE = definir("jeunes.cercle_change", "Qui peut voir votre dossier a changé", contractuel=True)
RETRAIT_JEUNE = definir("jeunes.retrait_repondu", "La réponse à votre demande de retrait", contractuel=True)
DOSSIER_JEUNE = definir("jeunes.dossier", "Le lien de votre page", contractuel=True, immediat=True)
FICHE_PROPOSEE = definir("jeunes.fiche_proposee", "Un texte à relire, qui est à vous", contractuel=True)

FICHE_RAPPEL = definir("jeunes.fiche_rappel", "Votre fiche « Ce qui m'aide » se termine bientôt", contractuel=True)
FICHE_RAPPEL_TUTEUR = definir("jeunes.fiche_rappel_tuteur", "Une fiche « Ce qui m'aide » se termine bientôt")
BROUILLON_RAPPEL = definir("jeunes.brouillon_rappel", "Un texte attend votre réponse", contractuel=True)
BROUILLON_PERIME = definir("jeunes.brouillon_perime", "Un brouillon de fiche est resté sans réponse")


def lien_du_jeune(jeune: Jeune) -> str:
    """The address where the young person reads who may see the file."""
    return liens.creer_pour_jeune(LIEN_DOSSIER, jeune.pk, jeune.pk)


def lien_du_parent(representant: RepresentantLegal) -> str:
    """The same, for whoever signs for a minor."""
    return liens.creer_pour_representant(LIEN_DOSSIER, representant.jeune_id, representant.pk)


def au_jeune(type_message: TypeMessage, jeune: Jeune, *, parents: bool = True) -> int:
    """The young person, by a link of their own; who signs for a minor too. Returns how many were written to."""
    envoyes = 0
    if jeune.destinataire().joignable:
        envoyes += envoyer(
            type_message, [jeune.destinataire()], _pour_le_jeune(jeune, lien_du_jeune(jeune)), objet=jeune
        )
    for representant in jeune.representants.select_related("jeune").order_by("pk") if parents else ():
        if representant.destinataire().joignable:
            donnees = _pour_le_jeune(jeune, lien_du_parent(representant), parent=True)
            envoyes += envoyer(type_message, [representant.destinataire()], donnees, objet=jeune)
    return envoyes


def au_sujet_de_la_fiche(type_message: TypeMessage, jeune: Jeune, avant: dt.datetime) -> int:
    """The young person alone, whose sheet it is, by a link of their own."""
    if not jeune.destinataire().joignable:
        return 0
    donnees = _pour_le_jeune(jeune, lien_du_jeune(jeune)) | {"avant": avant}
    return envoyer(type_message, [jeune.destinataire()], donnees, objet=jeune)


def au_tuteur_de_la_fiche(type_message: TypeMessage, jeune: Jeune, avant: dt.datetime) -> int:
    """Who follows the young person: that there is something to speak of, not what it says."""
    page = settings.ADRESSE_PUBLIQUE + reverse("jeunes:jeune", args=[jeune.pk])
    qui = [jeune.tuteur.destinataire(jeune.organisation_id)]
    return envoyer(type_message, qui, {"avant": avant, "page": page}, objet=jeune)


def _pour_le_jeune(jeune: Jeune, lien: str, *, parent: bool = False) -> dict[str, object]:
    return {
        "lien": lien,
        "parent": parent,
        "tuteur": jeune.tuteur.nom_complet,
        "tuteur_telephone": jeune.tuteur.telephone,
        "mlds": jeune.organisation.nom,
    }


def a_l_organisation(type_message: TypeMessage, acces: AccesJeune) -> int:
    """Each of its members who may read: which MLDS, until when, where; nothing of whom."""
    donnees = {
        "mlds": acces.jeune.organisation.nom,
        "tuteur": acces.jeune.tuteur.nom_complet,
        "tuteur_courriel": acces.jeune.tuteur.courriel,
        "organisation": acces.organisation.nom,
        "fin": acces.fin,
        "page": settings.ADRESSE_PUBLIQUE + reverse("jeunes:jeune", args=[acces.jeune_id]),
    }
    return envoyer(type_message, membres(acces.organisation_id, ROLES_DU_CERCLE), donnees, objet=acces.jeune)


def membres(organisation_id: UUID, roles: Collection[str]) -> list[Destinataire]:
    """Active members of an organisation in these roles, oldest first."""
    adhesions = (
        Adhesion.objects.actives()
        .filter(organisation_id=organisation_id, role__in=roles)
        .select_related("utilisateur")
        .order_by("debut", "pk")
    )
    return [adhesion.utilisateur.destinataire(adhesion.organisation_id) for adhesion in adhesions]


def au_tuteur(type_message: TypeMessage, demande: DemandeRetrait) -> int:
    """Who follows the young person."""
    jeune = demande.jeune
    return envoyer(type_message, [jeune.tuteur.destinataire(jeune.organisation_id)], _retrait(demande), objet=jeune)


def a_la_coordination(type_message: TypeMessage, demande: DemandeRetrait) -> int:
    """Coordinators of the MLDS that follows: they read that somebody waits, not who."""
    qui = membres(demande.jeune.organisation_id, {Role.COORDONNATEUR})
    return envoyer(type_message, qui, _retrait(demande), objet=demande.jeune)


def _retrait(demande: DemandeRetrait) -> dict[str, object]:
    return {
        "organisation": demande.acces.organisation.nom,
        "tuteur": demande.jeune.tuteur.nom_complet,
        "parent": demande.demande_par == Role.REPRESENTANT,
        "page": settings.ADRESSE_PUBLIQUE + reverse("jeunes:retrait", args=[demande.pk]),
    }
