"""Messages about stays, and who is told what (digest §1.7). None ever holds a young person's name or data."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Contact
from raccord.jeunes.messages import lien_du_jeune
from raccord.parcours.messages.envoi import ecrire
from raccord.parcours.messages.representants import aux_representants
from raccord.parcours.models import Parcours
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer

CONVENTION_ENTREPRISE = definir(
    "parcours.convention_entreprise", "Convention signée : le premier jour, à l'entreprise", contractuel=True
)
CONVENTION_ACHETEUR = definir("parcours.convention_acheteur", "Convention signée, copie à l'acheteur", contractuel=True)
CONVENTION_COORDINATION = definir("parcours.convention_coordination", "Convention signée, étape franchie")
CONVENTION_JEUNE = definir("parcours.convention_jeune", "Convention signée : le premier jour")
ADAPTE = definir("parcours.adapte", "Parcours adapté (dates ou rythme)", contractuel=True)
ADAPTE_JEUNE = definir("parcours.adapte_jeune", "Parcours adapté")
INTERROMPU = definir("parcours.interrompu", "Parcours interrompu", contractuel=True)
REPRIS = definir("parcours.repris", "Parcours repris", contractuel=True)
ANNULE = definir("parcours.annule", "Parcours qui ne commencera pas", contractuel=True)
HEURES_A_NOTER = definir("parcours.heures_a_noter", "Heures de la semaine à noter", contractuel=True)
HEURES_RELAIS = definir("parcours.heures_relais", "Heures non notées par l'entreprise")
SIGNALEMENT = definir("parcours.signalement", "Absence ou incident signalé", contractuel=True)
SIGNALEMENT_GRAVE = definir("parcours.signalement_grave", "Incident porté à la coordination")
SIGNALEMENT_ACHETEUR = definir("parcours.signalement_acheteur", "Conditions d'accueil en cause", contractuel=True)
RAPPEL = definir("parcours.rappel", "Rappel d'une action à faire sur un parcours")
RETARD = definir("parcours.retard", "Action en retard sur un parcours")
TRANSFERT_DEMANDE = definir("parcours.transfert_demande", "Parcours confié par un autre territoire")
TRANSFERT_ACCEPTE = definir("parcours.transfert_accepte", "Parcours confié : accepté")
TRANSFERT_REFUSE = definir("parcours.transfert_refuse", "Parcours confié : refusé")
TRANSFERT_ANNULE = definir("parcours.transfert_annule", "Parcours confié : demande annulée")
TRANSFERT_SILENCE = definir("parcours.transfert_silence", "Parcours confié : sans réponse")
TRANSFERT_TUTEUR = definir("parcours.transfert_tuteur", "Parcours confié à un nouveau tuteur", contractuel=True)
TUTEUR_CHANGE = definir("parcours.tuteur_change", "Nouveau tuteur MLDS, à l'entreprise", contractuel=True)
TUTEUR_CHANGE_JEUNE = definir("parcours.tuteur_change_jeune", "Nouveau tuteur MLDS")


def page(nom: str, objet_id: UUID) -> str:
    """The whole address of a page, for somebody with an account."""
    return settings.ADRESSE_PUBLIQUE + reverse(nom, args=[objet_id])


# --- Who -------------------------------------------------------------------------------------------


def contacts(parcours: Parcours, *, avec_rrh: bool = False) -> list[Contact]:
    """The company's tutor of this stay (else the offer's referent, else human resources); both when asked."""
    premier = parcours.referent or parcours.offre.referent or parcours.offre.rrh
    choisis = [premier, *([parcours.offre.rrh] if avec_rrh else [])]
    return list({contact.pk: contact for contact in choisis if contact}.values())


def tuteur(parcours: Parcours) -> list[Destinataire]:
    """The MLDS tutor."""
    return [parcours.tuteur.destinataire(parcours.organisation_id)] if parcours.tuteur else []


def equipe_nationale() -> list[Destinataire]:
    """The national team."""
    membres = (
        Adhesion.objects.filter(organisation__genre=GenreOrganisation.NATIONALE, role=Role.NATIONAL)
        .select_related("utilisateur")
        .order_by("debut", "pk")
    )
    return [adhesion.utilisateur.destinataire(adhesion.organisation_id) for adhesion in membres]


# --- What ------------------------------------------------------------------------------------------


def donnees(parcours: Parcours, **plus: Any) -> dict[str, Any]:
    """What every message about a stay may say: the contract, the place, the dates, the tutor. Nothing of the youth."""
    offre = parcours.offre
    marche = offre.engagement.marche if offre.engagement else None
    return {
        "parcours": {
            "debut": parcours.debut,
            "fin": parcours.fin,
            "heures": parcours.heures_prevues,
            "hebdo": parcours.heures_hebdo,
            "presence": parcours.presence.en_mots(),
            "lieu": parcours.lieu or offre.adresse,
            "convention": parcours.convention_signee_le,
        },
        "entreprise": offre.entreprise.nom,
        "marche": _reference(marche.reference, marche.objet) if marche else "",
        "acheteur": marche.acheteur.nom if marche else "",
        "tuteur": parcours.tuteur.nom_complet if parcours.tuteur else "",
        "tuteur_telephone": parcours.tuteur.telephone if parcours.tuteur else "",
        "tuteur_courriel": parcours.tuteur.courriel if parcours.tuteur else "",
        "mlds": parcours.organisation.nom if parcours.organisation else "",
        "page": page("parcours:parcours", parcours.pk),
        "lien": "",
        **plus,
    }


def _reference(reference: str, objet: str) -> str:
    return f"{reference} ({objet})" if reference else objet


# --- Sending ---------------------------------------------------------------------------------------


def aux_contacts(
    type_message: TypeMessage, parcours: Parcours, action: str, *, avec_rrh: bool = False, **plus: Any
) -> None:
    """Each contact of the company receives a link of their own."""
    for contact in contacts(parcours, avec_rrh=avec_rrh):
        adresse = liens.creer_pour_contact(action, parcours.pk, contact)
        envoyer(type_message, [contact.destinataire()], donnees(parcours, lien=adresse, **plus), objet=parcours)


def au_jeune(type_message: TypeMessage, parcours: Parcours, action: str = "parcours.jeune", **plus: Any) -> None:
    """The young person, by a link, when there is a way to write; and, while a minor, the legal representatives."""
    if parcours.jeune is None:
        return
    aux_representants(type_message, parcours.jeune, donnees(parcours, **plus), parcours)
    if parcours.jeune.destinataire().joignable:
        adresse = liens.creer_pour_jeune(action, parcours.pk, parcours.jeune.pk)
        dit = donnees(parcours, lien=adresse, lien_dossier=lien_du_jeune(parcours.jeune), **plus)
        envoyer(type_message, [parcours.jeune.destinataire()], dit, objet=parcours)


def a_ceux(type_message: TypeMessage, qui: list[Destinataire], parcours: Parcours, **plus: Any) -> None:
    """The buyer's person and people with an account: the same words, a page that each one can open."""
    ecrire(type_message, qui, donnees(parcours, **plus), objet=parcours, offre=parcours.offre)
