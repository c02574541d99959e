"""Rungs of the waits about offers: the company reminded, the buyer told. And the last day, every day."""

from raccord.echeances.echelle import echelon
from raccord.echeances.models import Attente
from raccord.echeances.tournees import tournee
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.actions.contacts import chercher_les_adresses_mortes, verifier_les_anciens
from raccord.parcours.actions.expiration import expirer_offres
from raccord.parcours.messages import contacts
from raccord.parcours.messages import offres as messages
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.models import Offre


def _offre(attente: Attente) -> Offre:
    return Offre.objects.select_related(
        "entreprise", "commune", "referent", "rrh", "engagement__marche__acheteur", "engagement__marche__suivi_par"
    ).get(pk=attente.objet_id)


@echelon("confirmer_fiche", "relance")
def relancer_l_entreprise(attente: Attente) -> None:
    """Half-way: the referent and human resources each receive a fresh link."""
    messages.aux_contacts(messages.FICHE_RELANCE, _offre(attente), echeance=attente.echeance)


@echelon("confirmer_fiche", "acheteur")
def prevenir_l_acheteur(attente: Attente) -> None:
    """The date is past: the buyer is told what to do; the national team, for a company that proposed by itself."""
    offre = _offre(attente)
    messages.a_ceux(
        messages.FICHE_NON_CONFIRMEE,
        acheteur_de(offre) or equipe_nationale(),
        offre,
        echeance=attente.echeance,
        referent=offre.referent.nom if offre.referent else "personne n'est désigné",
    )


@echelon("pourvoir", "acheteur")
def dire_a_l_acheteur_sans_jeune(attente: Attente) -> None:
    """Six months left and nobody yet: the buyer is told that the contract is to be rescued."""
    offre = _offre(attente)
    mlds = offre.mlds_du_territoire()
    messages.a_ceux(
        messages.OFFRE_SANS_JEUNE, acheteur_de(offre) or equipe_nationale(), offre, mlds=mlds.nom if mlds else ""
    )


@tournee("offres_expirees")
def clore_les_offres_passees() -> int:
    """The day after their last day, offers are closed and the hours of finished contracts are known to be lost."""
    bilan = expirer_offres()
    return bilan.offres + bilan.engagements


@echelon("trouver_contact", "coordination")
def dire_qu_une_adresse_manque(attente: Attente) -> None:
    """Nobody found another address in time: the coordination of the territory is told."""
    offre = _offre(attente)
    contacts.relayer(offre, attente)


@tournee("contacts_injoignables")
def chercher_les_adresses() -> int:
    """Contacts to whom nothing arrives any more: somebody is asked for another address."""
    return chercher_les_adresses_mortes()


@tournee("contacts_a_verifier")
def verifier_les_contacts() -> int:
    """Every three months, the contacts of open offers are asked whether they are still the right people."""
    return verifier_les_anciens()
