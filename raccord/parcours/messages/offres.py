"""Messages about offers, and who is told what (digest §1.7): declared, confirmed, unanswered, without a young person.

To a company we write in the programme's name, with the contract's reference and the buyer named in copy
(digest P34): the buyer receives a message of their own.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.models import Contact
from raccord.marches.calibration import equivalence
from raccord.parcours.acces.destinataires import coordonnateurs_concernes
from raccord.parcours.messages.envoi import ecrire
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.models import Offre
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer

LIEN_FICHE = "parcours.fiche"
LIEN_PROPOSITION = "parcours.proposition"

FICHE_A_CONFIRMER = definir(
    "parcours.fiche_a_confirmer", "Offre déclarée : la fiche à confirmer, à l'entreprise", contractuel=True
)
OFFRE_DECLAREE = definir("parcours.offre_declaree", "Offre déclarée : accusé de réception")
OFFRE_DECLAREE_TERRITOIRE = definir("parcours.offre_declaree_territoire", "Offre déclarée sur mon territoire")
FICHE_RELANCE = definir("parcours.fiche_relance", "Rappel : la fiche à confirmer, à l'entreprise", contractuel=True)
FICHE_NON_CONFIRMEE = definir(
    "parcours.fiche_non_confirmee", "L'entreprise n'a pas confirmé sa fiche, à l'acheteur", contractuel=True
)
FICHE_NOUVEAU_REFERENT = definir(
    "parcours.fiche_nouveau_referent", "Vous êtes désigné pour accueillir un jeune", contractuel=True
)
OFFRE_PUBLIEE_ENTREPRISE = definir(
    "parcours.offre_publiee_entreprise", "Offre publiée : accusé de réception, à l'entreprise", contractuel=True
)
OFFRE_PUBLIEE = definir("parcours.offre_publiee", "L'entreprise est prête : offre publiée")
OFFRE_PUBLIEE_TERRITOIRE = definir("parcours.offre_publiee_territoire", "Nouvelle offre disponible sur mon territoire")
OFFRE_SANS_JEUNE = definir("parcours.offre_sans_jeune", "Le contrat se termine bientôt, sans jeune")
OFFRE_EXPIREE = definir("parcours.offre_expiree", "Offre arrivée à son terme sans jeune")
OFFRE_EXPIREE_ENTREPRISE = definir("parcours.offre_expiree_entreprise", "Mon offre est arrivée à son terme")
OFFRE_RETIREE = definir("parcours.offre_retiree", "Offre retirée, à l'entreprise", contractuel=True)
MARCHE_CORRIGE = definir(
    "parcours.marche_corrige", "Contrat corrigé : dates ou heures, à l'entreprise", contractuel=True
)
PROPOSITION_RECUE = definir(
    "parcours.proposition_recue", "Parcours proposé : accusé de réception, à l'entreprise", contractuel=True
)
PROPOSITION_A_ETUDIER = definir("parcours.proposition_a_etudier", "Une entreprise propose un parcours")
PROPOSITION_ACCEPTEE = definir(
    "parcours.proposition_acceptee", "Parcours proposé : accepté, fiche à confirmer", contractuel=True
)
PROPOSITION_DECLINEE = definir("parcours.proposition_declinee", "Parcours proposé : réponse négative", contractuel=True)


def donnees(offre: Offre, **plus: Any) -> dict[str, Any]:
    """What every message about an offer may say: contract, company, place, hours, dates."""
    marche = offre.engagement.marche if offre.engagement else None
    page = settings.ADRESSE_PUBLIQUE + reverse("parcours:offre", args=[offre.pk])
    return {
        "offre": offre,
        "entreprise": offre.entreprise.nom,
        "commune": offre.commune.nom,
        "duree": equivalence(offre.heures_a_faire).en_mots,
        "marche": marche,
        "contrat": (f"{marche.reference} ({marche.objet})" if marche.reference else marche.objet) if marche else "",
        "acheteur": marche.acheteur.nom if marche else "",
        "page": page,
        "page_publique": page,
        "page_marche": settings.ADRESSE_PUBLIQUE + reverse("marches:marche", args=[marche.pk]) if marche else "",
        "lien": "",
        **plus,
    }


def contacts_de(offre: Offre) -> list[Contact]:
    """The company's referent, then human resources; once each."""
    return list({contact.pk: contact for contact in (offre.referent, offre.rrh) if contact}.values())


def territoire(offre: Offre) -> list[Destinataire]:
    """Coordinators of the place of work; the national team where there is none yet."""
    return coordonnateurs_concernes(offre) or equipe_nationale()


def aux_contacts(
    type_message: TypeMessage,
    offre: Offre,
    *,
    contacts: list[Contact] | None = None,
    action: str = LIEN_FICHE,
    **plus: Any,
) -> None:
    """Each contact of the company receives a link of their own: who acts is known, and a link can be handed over."""
    for contact in contacts_de(offre) if contacts is None else contacts:
        adresse = liens.creer_pour_contact(action, offre.pk, contact)
        envoyer(type_message, [contact.destinataire()], donnees(offre, lien=adresse, **plus), objet=offre)


def a_ceux(type_message: TypeMessage, qui: list[Destinataire], offre: Offre, **plus: Any) -> None:
    """The buyer's person and people with an account: the same words, a page that each one can open."""
    ecrire(type_message, qui, donnees(offre, **plus), objet=offre, offre=offre)
