"""Messages about proposals and meetings (digest §1.7). Never the young person's name, age or words.

Those to the company speak in the name of the programme, with the contract's reference and the buyer named in copy
(P34): the buyer receives a message of its own, which says what the company was asked and by when.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.echeances.models import Attente
from raccord.jeunes.messages import lien_du_jeune
from raccord.parcours.acces.destinataires import acheteur_de, coordonnateurs_concernes
from raccord.parcours.messages.envoi import ecrire
from raccord.parcours.messages.representants import VERSIONS, aux_representants
from raccord.parcours.models import Positionnement
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer
from raccord.territoires.fuseaux import sur_place as a_l_heure_de

LIEN_REPONSE = "parcours.repondre"

ENVOYE_ENTREPRISE = definir("parcours.profil_entreprise", "Un jeune vous est proposé", contractuel=True)
ENVOYE_ACHETEUR = definir("parcours.profil_acheteur", "Un jeune est proposé à votre titulaire")
ENVOYE_TERRITOIRE = definir("parcours.profil_territoire", "Un jeune est proposé à une entreprise du territoire")
ENVOYE_JEUNE = definir("parcours.profil_jeune", "Votre profil est envoyé à une entreprise")
NOUVEAUX_CRENEAUX = definir("parcours.creneaux_nouveaux", "De nouveaux créneaux vous sont proposés", contractuel=True)
CRENEAUX_ENTREPRISE = definir("parcours.creneaux_entreprise", "L'entreprise propose d'autres créneaux")
FIXEE_ENTREPRISE = definir("parcours.rencontre_entreprise", "La rencontre est fixée", contractuel=True)
FIXEE_TUTEUR = definir("parcours.rencontre_tuteur", "L'entreprise a choisi un créneau")
FIXEE_ACHETEUR = definir("parcours.rencontre_acheteur", "Rencontre fixée chez votre titulaire")
FIXEE_JEUNE = definir("parcours.rencontre_jeune", "Votre rencontre est fixée")
REFUS_TUTEUR = definir("parcours.refus_tuteur", "L'entreprise a dit non")
REFUS_TERRITOIRE = definir("parcours.refus_territoire", "Une entreprise du territoire a dit non")
REFUS_ACHETEUR = definir("parcours.refus_acheteur", "Votre titulaire a refusé un jeune", contractuel=True)
REFUS_JEUNE = definir("parcours.refus_jeune", "La réponse de l'entreprise, après en avoir parlé ensemble")
RELANCE = definir("parcours.reponse_relance", "Votre réponse est attendue", contractuel=True)
SILENCE_ACHETEUR = definir("parcours.reponse_silence", "Votre titulaire n'a pas répondu", contractuel=True)
SILENCE_PROGRAMME = definir("parcours.reponse_silence_programme", "Une entreprise sans marché public n'a pas répondu")
DEPASSEE = definir("parcours.reponse_depassee", "Délai de réponse d'une entreprise dépassé", contractuel=True)
DEPASSEE_ACHETEUR = definir(
    "parcours.reponse_depassee_acheteur", "Délai de réponse de votre titulaire dépassé", contractuel=True
)
RELAIS = definir("parcours.relais", "L'acheteur a agi auprès de l'entreprise")
MANQUEE = definir("parcours.rencontre_manquee", "L'entreprise n'est pas venue à la rencontre", contractuel=True)

MANQUEE_CORRIGEE = definir(
    "parcours.rencontre_manquee_corrigee", "Correction : l'entreprise est bien venue à la rencontre", contractuel=True
)
# Calendars are told by the part that joins these messages (`invitations`).
ANNULEE = definir("parcours.rencontre_annulee", "Une rencontre n'aura pas lieu au moment prévu", contractuel=True)
ANNULEE_ENTREPRISE = definir(
    "parcours.rencontre_annulee_entreprise", "La rencontre n'aura pas lieu au moment prévu", contractuel=True
)
ANNULEE_JEUNE = definir(
    "parcours.rencontre_annulee_jeune", "Votre rencontre n'aura pas lieu au moment prévu", contractuel=True
)
VEILLE = definir("parcours.rencontre_demain", "Rappel d'une rencontre, la veille", a_l_heure=True)
VEILLE_ENTREPRISE = definir("parcours.rencontre_demain_entreprise", "Rappel de la rencontre, la veille", a_l_heure=True)
VEILLE_JEUNE = definir("parcours.rencontre_demain_jeune", "Rappel de votre rencontre, la veille", a_l_heure=True)
RAPPELS_DE_LA_VEILLE = (VEILLE, VEILLE_ENTREPRISE, VEILLE_JEUNE, VERSIONS[VEILLE_JEUNE.code])

AVANCEE_ACHETEUR = definir("parcours.rencontre_avancee", "La rencontre chez votre titulaire a eu lieu plus tôt")

REPONSE_RECUE = definir("parcours.reponse_recue", "Reçu : votre réponse est enregistrée", contractuel=True)
REPONSE_ANNULEE = definir("parcours.reponse_annulee", "Reçu : votre réponse est annulée", contractuel=True)
RAPPEL_TUTEUR = definir("parcours.rappel_tuteur", "L'entreprise demande à être rappelée")
RAPPEL_ANNULE = definir("parcours.rappel_annule", "L'entreprise n'attend plus d'appel")
RAPPEL_EN_RETARD = definir("parcours.rappel_en_retard", "Une entreprise n'a pas été rappelée")
REPORTEE_JEUNE = definir("parcours.reportee_jeune", "La rencontre change de date", contractuel=True)
RETARD_JEUNE = definir("parcours.retard_jeune", "L'entreprise n'a pas encore répondu")


def contacts_de_l_entreprise(positionnement: Positionnement, *, tous: bool = False) -> list[Contact]:
    """The referent, or the second contact when there is none or when nothing arrives at the first; both when asked."""
    offre = positionnement.offre
    presents = list(dict.fromkeys(contact for contact in (offre.referent, offre.rrh) if contact is not None))
    presents.sort(key=lambda contact: contact.injoignable_le is not None)  # stable: the referent stays first
    return presents[: None if tous else 1]


def tuteur(positionnement: Positionnement) -> list[Destinataire]:
    """Who holds the reservation."""
    reservation = positionnement.reservation
    return [reservation.tuteur.destinataire(reservation.organisation_id)]


def acheteur(positionnement: Positionnement) -> list[Destinataire]:
    """Always in copy; nobody when there is no contract."""
    return acheteur_de(positionnement.offre)


def coordination(positionnement: Positionnement) -> list[Destinataire]:
    """Of the place of work and of the MLDS that proposes."""
    return coordonnateurs_concernes(positionnement.offre, positionnement.reservation)


def echeance_de_reponse(positionnement: Positionnement) -> dt.datetime | None:
    """By when the company is to answer."""
    return (
        Attente.objects.ouvertes()
        .filter(code="repondre", objet_id=positionnement.pk)
        .values_list("echeance", flat=True)
        .first()
    )


def sur_place(moment: dt.datetime | None, positionnement: Positionnement) -> dt.datetime | None:
    """The hour that the clock of the place of the meeting shows: nobody has to convert it."""
    return a_l_heure_de(moment, positionnement.offre.commune)


def donnees(positionnement: Positionnement, **plus: Any) -> dict[str, Any]:
    """What any of these messages may say: the contract, the company, the tutor, the dates. Nothing of the youth."""
    offre, reservation = positionnement.offre, positionnement.reservation
    marche = offre.engagement.marche if offre.engagement else None
    return {
        "intitule": offre.intitule,
        "heures": offre.heures_a_faire,
        "commune": offre.commune.nom,
        "entreprise": offre.entreprise.nom,
        "marche": marche.objet if marche else "",
        "reference": marche.reference if marche else "",
        "acheteur": marche.acheteur.nom if marche else "",
        "mlds": reservation.organisation.nom,
        "tuteur": reservation.tuteur.nom_complet,
        "tuteur_telephone": reservation.tuteur.telephone,
        "tuteur_courriel": reservation.tuteur.courriel,
        "rencontre": sur_place(positionnement.rencontre_le, positionnement),
        "lieu": positionnement.rencontre_lieu,
        "echeance": echeance_de_reponse(positionnement),
        "page": settings.ADRESSE_PUBLIQUE + reverse("parcours:positionnement", args=[positionnement.pk]),
        "agir": settings.ADRESSE_PUBLIQUE + reverse("parcours:relais", args=[positionnement.pk]),
        "lien": "",
        **plus,
    }


def aux_contacts(
    type_message: TypeMessage, positionnement: Positionnement, contacts: Iterable[Contact], **plus: Any
) -> None:
    """Each contact receives a link of their own."""
    a_venir = positionnement.creneaux.filter(propose_par=Role.TUTEUR, debut__gt=timezone.now()).order_by("debut")
    for contact in contacts:
        adresse = liens.creer_pour_contact(LIEN_REPONSE, positionnement.pk, contact)
        choix = [{"debut": creneau.debut, "lien": f"{adresse}?choisir={creneau.pk}"} for creneau in a_venir]
        dit = donnees(positionnement, lien=adresse, choix=choix, **plus)
        envoyer(type_message, [contact.destinataire()], dit, objet=positionnement)


def au_repondant(type_message: TypeMessage, contexte: Contexte, positionnement: Positionnement) -> None:
    """The receipt, to whoever of the company has just answered, with the way to take the answer back."""
    entreprise = contexte.role == Role.ENTREPRISE
    contact = Contact.objects.filter(pk=contexte.contact_id).first() if entreprise and contexte.contact_id else None
    if contact is not None:
        reponse = positionnement.reponses.valables().first()
        aux_contacts(type_message, positionnement, [contact], reponse=reponse, proposes=_proposes(positionnement))


def _proposes(positionnement: Positionnement) -> list[dt.datetime]:
    """The company's own slots."""
    siens = positionnement.creneaux.filter(propose_par=Role.ENTREPRISE)
    return list(siens.order_by("debut").values_list("debut", flat=True))


def au_jeune(type_message: TypeMessage, positionnement: Positionnement, **plus: Any) -> None:
    """The young person, by mail or phone, with the link to the page where everything is; and the parents of a minor."""
    jeune = positionnement.jeune
    aux_representants(type_message, jeune, donnees(positionnement, **plus), positionnement)
    if jeune.destinataire().joignable:
        adresse = liens.creer_pour_jeune("parcours.jeune", positionnement.pk, jeune.pk)
        dit = donnees(positionnement, lien=adresse, lien_dossier=lien_du_jeune(jeune), **plus)
        envoyer(type_message, [jeune.destinataire()], dit, objet=positionnement)


def a_ceux(type_message: TypeMessage, qui: list[Destinataire], positionnement: Positionnement, **plus: Any) -> None:
    """The buyer's person and people with an account: the same words, a page that each one can open."""
    ecrire(type_message, qui, donnees(positionnement, **plus), objet=positionnement, offre=positionnement.offre)
