"""Waits of the heart: who must act, what in words, by when, and what happens if nobody does."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances.attentes import CADRES, Cadre, Proprietaire, TypeAttente, cadre_de
from raccord.parcours import rythme
from raccord.parcours.enums import EtatReservation
from raccord.socle import calendrier
from raccord.socle.models import ObjetSuivi

if TYPE_CHECKING:
    from raccord.parcours.models import Offre, Parcours, Passation, Positionnement, Reservation, Transfert

MOIS_AVANT_EXPIRATION = 6
# Between the tutor and those above: neither the buyer nor the company reads what such a ladder did.
ENTRE_NOUS = frozenset({Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL})


def _cadre(objet: ObjetSuivi) -> Cadre | None:
    """By the offer: its place of work, its buyer's partnership, its région académique."""
    genre, suivi = objet._meta.model_name, cast(Any, objet)
    sejour = suivi.parcours if genre in ("signalement", "transfert") else suivi
    offre = suivi if genre == "offre" else getattr(sejour, "offre", None)
    if offre is None:
        return None
    departement, engagement = offre.commune.departement, offre.engagement
    academie = departement.academie
    portees = (
        *((f"acheteur:{engagement.marche.acheteur_id}",) if engagement else ()),
        *((f"region:{academie.region_academique_id}",) if academie else ()),
    )
    return Cadre(lieu=calendrier.Lieu(departement.code, academie.zone_vacances if academie else ""), portees=portees)


CADRES.append(_cadre)


def _page(nom: str) -> Callable[[UUID], str]:
    """The page where the owner acts."""
    return lambda objet_id: reverse(nom, args=[objet_id])


def _referent(offre: "Offre") -> Proprietaire:
    """The company's contact for this offer, who acts by link."""
    contact = offre.referent
    return Proprietaire(
        role=Role.ENTREPRISE,
        libelle=offre.entreprise.nom,
        organisation_id=offre.entreprise_id,
        contact_id=contact.pk if contact else None,
    )


def _tuteur(parcours: "Parcours") -> Proprietaire:
    return Proprietaire(
        role=Role.TUTEUR,
        libelle=str(parcours.organisation or "MLDS"),
        organisation_id=parcours.organisation_id,
        utilisateur_id=parcours.tuteur_id,
    )


def _tuteur_reservation(reservation: "Reservation") -> Proprietaire:
    return Proprietaire(
        role=Role.TUTEUR,
        libelle=reservation.organisation.nom,
        organisation_id=reservation.organisation_id,
        utilisateur_id=reservation.tuteur_id,
    )


def _tuteur_positionnement(positionnement: "Positionnement") -> Proprietaire:
    return _tuteur_reservation(positionnement.reservation)


def _equipe_nationale(offre: "Offre") -> Proprietaire:
    return Proprietaire(role=Role.NATIONAL, libelle="équipe nationale", organisation_id=offre.equipe_nationale_id())


def coordination(offre: "Offre") -> Proprietaire:
    """The MLDS of the académie where the place of work stands; the national team where there is none."""
    mlds = offre.mlds_du_territoire()
    if mlds is None:
        return _equipe_nationale(offre)
    return Proprietaire(role=Role.COORDONNATEUR, libelle=mlds.nom, organisation_id=mlds.pk)


def _avant_expiration(offre: "Offre") -> dt.datetime:
    """Six months before the last day: later, the contract is to be rescued (digest §1.3). At the earliest tomorrow."""
    bascule = calendrier.ajouter(offre.date_fin, -MOIS_AVANT_EXPIRATION, "mois")
    lieu = cadre_de(offre).lieu
    demain = calendrier.ajouter(calendrier.aujourdhui(lieu), 1, "jours")
    return calendrier.fin_du_jour(max(bascule, demain), lieu)


def _apres_rencontre(positionnement: "Positionnement") -> dt.datetime:
    lieu = cadre_de(positionnement).lieu
    rencontre = positionnement.rencontre_le or calendrier.fin_du_jour(calendrier.aujourdhui(lieu), lieu)
    jour = calendrier.ajouter_jours_ouvres(rencontre.astimezone(lieu.fuseau).date(), 2, lieu)
    return calendrier.fin_du_jour(jour, lieu)


def _debut(parcours: "Parcours") -> dt.datetime:
    return calendrier.fin_du_jour(parcours.debut, cadre_de(parcours).lieu)


def _fin(parcours: "Parcours") -> dt.datetime:
    return calendrier.fin_du_jour(parcours.fin, cadre_de(parcours).lieu)


CONFIRMER_FICHE = TypeAttente(
    code="confirmer_fiche",
    lien="parcours.fiche",
    action="Confirmer la fiche entreprise et dire « nous sommes prêts »",
    delai="delai_confirmation_fiche",
    proprietaire=_referent,
    url=_page("parcours:offre"),
)
INSTRUIRE_SPONTANEE = TypeAttente(
    code="instruire_spontanee",
    action="Répondre à l'entreprise qui propose un parcours",
    delai="delai_offre_spontanee",
    proprietaire=_equipe_nationale,
    url=_page("parcours:offre"),
)
POURVOIR = TypeAttente(
    code="pourvoir",
    action="Faire connaître l'offre pour qu'un jeune en profite",
    echeance=_avant_expiration,
    proprietaire=coordination,
    url=_page("parcours:offre"),
)
REPRENDRE = TypeAttente(
    code="reprendre",
    action="Dire où en est ce parcours repris de l'ancien outil",
    delai="delai_reprise",
    proprietaire=coordination,
    url=_page("parcours:offre"),
)


def _qui_trouve_une_adresse(offre: "Offre") -> Proprietaire:
    """The buyer of the contract; without contract, the tutor who holds the offer, else the national team."""
    marche = offre.engagement.marche if offre.engagement else None
    if marche is not None:
        suivi = marche.suivi_par
        return Proprietaire(
            role=Role.ACHETEUR,
            libelle=marche.acheteur.nom,
            organisation_id=marche.acheteur_id,
            utilisateur_id=suivi.pk if suivi and suivi.is_active else None,
        )
    tenue = offre.reservations.filter(etat=EtatReservation.ACTIVE).first()
    return _tuteur_reservation(tenue) if tenue else _equipe_nationale(offre)


TROUVER_CONTACT = TypeAttente(
    code="trouver_contact",
    action="Trouver une autre adresse ou un autre numéro : un contact de l'entreprise n'est plus joignable",
    delai="delai_autre_adresse",
    proprietaire=_qui_trouve_une_adresse,
    url=_page("parcours:contacts"),
)
AGIR_RESERVATION = TypeAttente(
    code="agir_reservation",
    action="Envoyer le profil du jeune à l'entreprise",
    delai="duree_reservation",
    proprietaire=_tuteur_reservation,
    url=_page("parcours:reservation"),
)
REPONDRE = TypeAttente(
    code="repondre",
    lien="parcours.repondre",
    action="Répondre : choisir un créneau, en proposer d'autres, ou dire pourquoi non",
    delai="delai_reponse_entreprise",
    proprietaire=lambda positionnement: _referent(positionnement.offre),
    url=_page("parcours:positionnement"),
)


def _revenir(positionnement: "Positionnement") -> Proprietaire:
    """Whoever answered."""
    reponse = positionnement.reponses.valables().first()
    offre = positionnement.offre
    return Proprietaire(
        role=Role.ENTREPRISE,
        libelle=offre.entreprise.nom,
        organisation_id=offre.entreprise_id,
        contact_id=reponse.contact_id if reponse else None,
    )


def _fin_de_l_heure(positionnement: "Positionnement") -> dt.datetime:
    reponse = positionnement.reponses.valables().first()
    return reponse.annulable_jusqu_a if reponse else timezone.now()


def _fin_du_moment(positionnement: "Positionnement") -> dt.datetime:
    """The end of the half-day on which the company asked to be called."""
    reponse = positionnement.reponses.valables().filter(rappel_fin__isnull=False).first()
    return reponse.rappel_fin if reponse and reponse.rappel_fin else calendrier.fin_du_jour(calendrier.aujourdhui())


# The company's answer holds at once; the others are told when its hour is over (`actions.reponse`). Nobody has to do
# anything meanwhile: the rung is what happens next.
REVENIR = TypeAttente(
    code="revenir",
    action="Annuler sa réponse si elle s'est trompée ; ensuite, chacun est prévenu",
    facultative=True,
    echeance=_fin_de_l_heure,
    proprietaire=_revenir,
    url=_page("parcours:positionnement"),
)
# Nobody has to do anything about these: what a list shows of a file is what comes next.
SANS_GESTE = frozenset({REVENIR.code})
RAPPELER = TypeAttente(
    code="rappeler",
    action="Rappeler l'entreprise, qui le demande",
    echeance=_fin_du_moment,
    proprietaire=_tuteur_positionnement,
    url=_page("parcours:positionnement"),
)


def _acheteur(positionnement: "Positionnement") -> Proprietaire:
    """Who follows the contract; the service when nobody is named, the national team when there is no contract."""
    engagement = positionnement.offre.engagement
    if engagement is None:
        return _equipe_nationale(positionnement.offre)
    marche = engagement.marche
    suivi_par = marche.suivi_par if marche.suivi_par and marche.suivi_par.is_active else None
    contact = marche.contact if suivi_par is None else None
    return Proprietaire(
        role=Role.ACHETEUR,
        libelle=marche.acheteur.nom,
        organisation_id=marche.acheteur_id,
        utilisateur_id=suivi_par.pk if suivi_par else None,
        contact_id=contact.pk if contact else None,
    )


RELAYER_ACHETEUR = TypeAttente(
    code="relayer_acheteur",
    action="Obtenir la réponse de l'entreprise, et la dire ici",
    delai="delai_relais_acheteur",
    proprietaire=_acheteur,
    url=_page("parcours:relais"),
    page_de_suivi=_page("parcours:positionnement"),
)
ENVOYER_LETTRE = TypeAttente(
    code="envoyer_lettre",
    action="Signer et envoyer la lettre à l'entreprise, puis noter la date",
    delai="delai_envoi_lettre",
    proprietaire=_acheteur,
    url=_page("parcours:relais"),
    page_de_suivi=_page("parcours:positionnement"),
)
# They end with the company's answer.
SILENCES = (REPONDRE, RELAYER_ACHETEUR, ENVOYER_LETTRE)
REPONSE_OBTENUE = (*SILENCES, RAPPELER)
CHOISIR_CRENEAU = TypeAttente(
    code="choisir_creneau",
    action="Choisir l'un des créneaux proposés par l'entreprise",
    delai="delai_choix_creneau",
    proprietaire=_tuteur_positionnement,
    url=_page("parcours:positionnement"),
)
RENDRE_COMPTE = TypeAttente(
    code="rendre_compte",
    action="Dire comment la rencontre s'est passée et ce qui a été convenu",
    echeance=_apres_rencontre,
    proprietaire=_tuteur_positionnement,
    url=_page("parcours:positionnement"),
)
ANNONCER = TypeAttente(
    code="annoncer",
    action="Parler au jeune de la réponse et chercher une autre offre avec lui",
    delai="delai_annonce",
    proprietaire=_tuteur_positionnement,
    url=_page("parcours:positionnement"),
    audience=ENTRE_NOUS,
)


def _entreprise(parcours: "Parcours") -> Proprietaire:
    """The company's tutor, who acts by link."""
    return Proprietaire(
        role=Role.ENTREPRISE,
        libelle=parcours.offre.entreprise.nom,
        organisation_id=parcours.offre.entreprise_id,
        contact_id=parcours.referent_id,
    )


def _semaine_a_noter(parcours: "Parcours") -> dt.datetime:
    """The Monday after the oldest week whose hours are not entered."""
    saisies = set(parcours.semaines.values_list("lundi", flat=True))
    lundi = rythme.prochaine_a_noter(parcours, saisies) or calendrier.lundi(rythme.dernier_jour(parcours))
    return calendrier.fin_du_jour(lundi + rythme.SEMAINE, cadre_de(parcours).lieu)


SIGNER_CONVENTION = TypeAttente(
    code="signer_convention",
    action="Faire signer la convention avant l'entrée dans l'entreprise",
    echeance=_debut,
    proprietaire=_tuteur,
    url=_page("parcours:parcours"),
)
DEMARRER = TypeAttente(
    code="demarrer",
    action="Confirmer que le parcours a commencé",
    echeance=_debut,
    proprietaire=_tuteur,
    url=_page("parcours:parcours"),
)
NOTER_HEURES = TypeAttente(
    code="noter_heures",
    lien="parcours.suivi",
    action="Noter les heures de la semaine",
    echeance=_semaine_a_noter,
    proprietaire=_entreprise,
    url=_page("parcours:parcours"),
)
TRAITER_SIGNALEMENT = TypeAttente(
    code="traiter_signalement",
    action="Appeler, puis écrire ce qui a été fait",
    delai="delai_signalement",
    proprietaire=lambda signalement: _tuteur(signalement.parcours),
    url=_page("parcours:signalement"),
    audience=ENTRE_NOUS,
)
TERMINER = TypeAttente(
    code="terminer",
    action="Clore le parcours et lancer le bilan",
    echeance=_fin,
    proprietaire=_tuteur,
    url=_page("parcours:parcours"),
)
ECRIRE_BILAN = TypeAttente(
    code="ecrire_bilan",
    action="Réunir les trois voix du bilan",
    delai="delai_bilan",
    proprietaire=_tuteur,
    url=_page("parcours:bilan"),
)
DIRE_SUITE = TypeAttente(
    code="dire_suite",
    action="Noter ce que le jeune fait ensuite",
    delai="delai_suite",
    proprietaire=_tuteur,
    url=_page("parcours:parcours"),
)


def _coordination_accueil(transfert: "Transfert") -> Proprietaire:
    return Proprietaire(role=Role.COORDONNATEUR, libelle=transfert.vers.nom, organisation_id=transfert.vers_id)


REPONDRE_TRANSFERT = TypeAttente(
    code="repondre_transfert",
    action="Accepter ou refuser le parcours confié par un autre territoire",
    delai="delai_transfert",
    proprietaire=_coordination_accueil,
    url=_page("parcours:transfert"),
)


def _successeur(passation: "Passation") -> Proprietaire:
    return Proprietaire(
        role=Role.TUTEUR,
        libelle=passation.organisation.nom,
        organisation_id=passation.organisation_id,
        utilisateur_id=passation.vers_id,
    )


LIRE_PASSATION = TypeAttente(
    code="lire_passation",
    action="Lire la note de passation de votre collègue",
    delai="delai_passation",
    proprietaire=_successeur,
    url=_page("parcours:passation"),
    audience=ENTRE_NOUS,
)
