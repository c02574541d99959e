"""The only road to calling, pausing, going through stuck files: who may, and what they read while they do."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Utilisateur
from raccord.comptes.noms import fil_de, nommer
from raccord.echeances import acces as echeances
from raccord.echeances.attentes import TYPES, echelons_de
from raccord.echeances.models import Attente
from raccord.echeances.suivi import suivre
from raccord.parcours.acces.contacts import fraicheur
from raccord.parcours.acces.destinataires import OFFRES_D_UN_OBJET, offre_de, second_contact
from raccord.parcours.acces.offres import PARCOURS_SUIVIS, est_partie, voit_niveau_2
from raccord.parcours.enums import EtatReservation, IssueAppel
from raccord.parcours.models import Offre, Parcours, Positionnement, Reservation, Run
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.gabarits import LigneFil
from raccord.socle.lignes import ou_404
from raccord.socle.models import Journal, JournalQuerySet
from raccord.socle.parametres import valeur
from raccord.territoires.models import Academie

RELANCEURS = (Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL)
# Lines of the journal that say somebody has just spoken to the company, or tried to.
APPELS = (*(f"appel.{issue}" for issue in IssueAppel.values), "relais.promesse", "relais.pas_joints")


def attente_a_relancer(contexte: Contexte, attente_id: UUID) -> tuple[Attente, Offre]:
    """The open wait and its offer, for the tutor who leads, the coordination of the territory, the national team.

    Raises Http404 for whoever is no party to it or once it is closed, PermissionDenied for another tutor of the MLDS.
    """
    attente = Attente.objects.filter(pk=attente_id, close_le__isnull=True).select_related("echelle").first()
    offre = offre_de(attente) if attente else None
    if attente is None or offre is None or not est_partie(contexte, offre):
        raise Http404
    if contexte.role == Role.TUTEUR and not voit_niveau_2(contexte, offre):
        raise PermissionDenied
    return attente, offre


def positionnement_relance(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """The proposal whose answer was received otherwise. Raises like `attente_a_relancer`."""
    positionnement = Positionnement.objects.filter(pk=positionnement_id).first()
    if positionnement is None or not est_partie(contexte, positionnement.offre):
        raise Http404
    if contexte.role == Role.TUTEUR and not voit_niveau_2(contexte, positionnement.offre):
        raise PermissionDenied
    return positionnement


@dataclass(frozen=True, kw_only=True)
class AAppeler:
    """Somebody to call, in their quality."""

    qualite: str
    nom: str
    telephone: str
    courriel: str
    contact_id: UUID | None = None
    alerte: str = ""
    """What no longer leads to them: read before one dials."""


def a_appeler(contexte: Contexte, offre: Offre, attente: Attente) -> list[AAppeler]:
    """Whom to call: the company and the buyer where level 2 is open, else the tutor who may call them."""
    if not voit_niveau_2(contexte, offre):
        return [_compte("Le tuteur, à qui s’ouvrent les contacts", compte) for compte in _tuteurs(attente)]
    entreprise = {
        "Référent dans l’entreprise": offre.referent,
        "Second contact": second_contact(offre),
        "Ressources humaines": offre.rrh,
    }
    gens = {contact.pk: _contact(qualite, contact) for qualite, contact in entreprise.items() if contact}
    marche = offre.engagement.marche if offre.engagement else None
    if marche is not None and marche.suivi_par is not None:
        return [*gens.values(), _compte(f"L’acheteur, {marche.acheteur.nom}", marche.suivi_par)]
    if marche is not None and marche.contact is not None:
        return [*gens.values(), _contact(f"L’acheteur, {marche.acheteur.nom}", marche.contact)]
    return list(gens.values())


def _tuteurs(attente: Attente) -> QuerySet[Utilisateur]:
    """Who leads what the wait is about."""
    reservations = Reservation.objects.filter(pk__in=attente.fil, etat=EtatReservation.ACTIVE).values("tuteur_id")
    sejours = Parcours.objects.filter(pk__in=attente.fil).values("tuteur_id")
    return Utilisateur.objects.filter(Q(pk__in=reservations) | Q(pk__in=sejours)).order_by("nom", "pk")


def _contact(qualite: str, contact: Contact) -> AAppeler:
    return AAppeler(
        qualite=qualite,
        nom=contact.nom,
        telephone=contact.telephone,
        courriel=contact.courriel,
        contact_id=contact.pk,
        alerte=fraicheur(contact) if contact.injoignable_le else "",
    )


def _compte(qualite: str, compte: Utilisateur) -> AAppeler:
    return AAppeler(qualite=qualite, nom=compte.nom_complet, telephone=compte.telephone, courriel=compte.courriel)


def histoire(contexte: Contexte, offre: Offre, attente: Attente) -> list[LigneFil]:
    """What happened on the file: messages, calls, openings, answers, latest first."""
    return fil_de(contexte, attente.objet_id, contacts=voit_niveau_2(contexte, offre))


def appels_du_jour(contexte: Contexte, attente: Attente, offre: Offre, *, des_autres: bool = False) -> list[str]:
    """Who has called today about this file: nobody is called by two people the same day without their knowing it."""
    lignes = _appels_du_jour().filter(objet_id=attente.objet_id).visibles_par(contexte.role).order_by("le", "id")
    if des_autres:
        lignes = lignes.exclude(acteur_id=contexte.utilisateur_id)
    return [
        f"À {mots.heure_fr(ligne.le)}, {ligne.auteur} {ligne.texte}."  # type: ignore[attr-defined]  # set by `nommer`
        for ligne in nommer(lignes, contacts=voit_niveau_2(contexte, offre))
    ]


def _appels_du_jour() -> JournalQuerySet:
    minuit = dt.datetime.combine(calendrier.aujourdhui(), dt.time(), calendrier.PARIS)
    return Journal.objects.filter(objet_type__in=OFFRES_D_UN_OBJET, verbe__in=APPELS, le__gte=minuit)


def dossier(contexte: Contexte, attente: Attente, offre: Offre) -> dict[str, Any]:
    """Everything that stands on the screen of a call."""
    niveau_2 = voit_niveau_2(contexte, offre)
    suivre([attente], contacts=niveau_2)
    if attente.tenue_par_id == contexte.utilisateur_id:  # I know that I am on it
        attente.suivi = replace(attente.suivi, tenue="")
    marche = offre.engagement.marche if offre.engagement else None
    repondre = attente.code == "repondre"
    positionnement = Positionnement.objects.filter(pk=attente.objet_id).first() if repondre else None
    return {
        "attente": attente,
        "offre": offre,
        "marche": marche,
        "positionnement": positionnement,
        "gens": a_appeler(contexte, offre, attente),
        "script_entreprise": niveau_2 and attente.role == Role.ENTREPRISE,
        "demande": _demande(attente),
        "lignes": histoire(contexte, offre, attente),
        "appels": appels_du_jour(contexte, attente, offre),
        "url": TYPES[attente.code].url(attente.objet_id),
    }


def _demande(attente: Attente) -> str:
    """What is asked of whoever must act, as the ladder says it first."""
    return next((barreau.demande for barreau in echelons_de(attente)), attente.action)


# --- The RUN ---------------------------------------------------------------------------------------


def perimetres(contexte: Contexte) -> list[tuple[str, str]]:
    """What this person may go through."""
    if contexte.role == Role.TUTEUR:
        return [("", "Mes dossiers")]
    if contexte.role == Role.COORDONNATEUR:
        return [("", "Mon territoire")]
    academies = Academie.objects.values_list("slug", "nom")
    return [("", "Toute la France"), *((slug, nom) for slug, nom in academies)]


def bloques(contexte: Contexte, perimetre: str = "") -> QuerySet[Attente]:
    """Stuck files of this scope, oldest first: somebody else is awaited, late or for five days, not paused, and
    nobody has called about them today.

    Stuck is what the company answers to after five days (parameter `dossier_bloque`).
    """
    return _bloques(contexte, perimetre).exclude(objet_id__in=_appels_du_jour().values("objet_id"))


def deja_appeles(contexte: Contexte) -> int:
    """Stuck files that somebody has called about today: for tomorrow."""
    return _bloques(contexte, "").filter(objet_id__in=_appels_du_jour().values("objet_id")).count()


def _bloques(contexte: Contexte, perimetre: str) -> QuerySet[Attente]:
    maintenant = timezone.now()
    depuis = maintenant - dt.timedelta(days=valeur("dossier_bloque"))
    return (
        Attente.objects.filter(_du_perimetre(contexte, perimetre), close_le__isnull=True)
        .filter(objet_type__in=OFFRES_D_UN_OBJET)
        .filter(Q(echeance__lt=maintenant) | Q(ouverte_le__lte=depuis, role=Role.ENTREPRISE))
        .exclude(pause_jusqua__gt=maintenant)
        .exclude(utilisateur_id=contexte.utilisateur_id, utilisateur_id__isnull=False)
        .order_by("ouverte_le", "pk")
    )


def _du_perimetre(contexte: Contexte, perimetre: str) -> Q:
    if contexte.role == Role.TUTEUR:
        return Q(objet_id__in=menes(contexte))
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return Q(departement__in=_departements(contexte.academie_id))
    if contexte.role == Role.NATIONAL:
        return Q(departement__in=_departements(perimetre)) if perimetre else Q(pk__isnull=False)
    return Q(pk__isnull=True)


def _departements(academie: str) -> list[str]:
    return list(Academie.objects.filter(pk=academie).values_list("departements__pk", flat=True))


def menes(contexte: Contexte) -> Collection[UUID]:
    """Proposals, offers and stays that this tutor leads."""
    if contexte.role != Role.TUTEUR or not contexte.utilisateur_id:
        return []
    qui = {"organisation_id": contexte.organisation_id, "tuteur_id__in": contexte.tient_lieu_de}
    reservations = Reservation.objects.filter(etat=EtatReservation.ACTIVE, **qui)
    ids: set[UUID] = set()
    for reservation_id, offre_id, positionnement_id in reservations.values_list("pk", "offre_id", "positionnement__pk"):
        ids |= {reservation_id, offre_id, positionnement_id}
    ids |= set(Parcours.objects.filter(etat__in=PARCOURS_SUIVIS, **qui).values_list("pk", flat=True))
    return ids - {None}


echeances.MENES.append(menes)


def run_ouvert(contexte: Contexte) -> Run | None:
    """The session that this person began and has not closed."""
    return _mes_runs(contexte).filter(clos_le__isnull=True).first()


def _mes_runs(contexte: Contexte) -> QuerySet[Run]:
    qui, chez = contexte.utilisateur_id, contexte.organisation_id
    if qui is None or chez is None:
        return Run.objects.none()
    return Run.objects.filter(utilisateur_id=qui, organisation_id=chez).select_related("en_cours__echelle")


def run_a_moi(contexte: Contexte, run_id: UUID, *, verrou: bool = False) -> Run:
    """A session of one's own; locked, two clicks come one after the other. Raises Http404."""
    runs = _mes_runs(contexte).filter(pk=run_id)
    return ou_404(runs.select_for_update(of=("self",)) if verrou else runs)


@dataclass(frozen=True, kw_only=True)
class LigneRun:
    """A file of the session, what came of it, what comes next."""

    sujet: str
    issue: str
    ensuite: str
    url: str


def recapitulatif(run: Run) -> list[LigneRun]:
    """What went by in this session, in order."""
    dossiers = list(run.dossiers.select_related("attente__echelle").order_by("le", "pk"))
    suivre([dossier.attente for dossier in dossiers], contacts=False)
    return [
        LigneRun(
            sujet=dossier.attente.sujet,
            issue=dossier.get_issue_display(),
            ensuite=_ensuite(dossier.attente),
            url=TYPES[dossier.attente.code].url(dossier.attente.objet_id),
        )
        for dossier in dossiers
    ]


def _ensuite(attente: Attente) -> str:
    if attente.close_le is not None:
        return "La réponse est là."
    suivi = attente.suivi
    return str(suivi.pause or suivi.ensuite or f"À faire avant le {mots.date_fr(attente.echeance)}.")


def tenus_par_d_autres(contexte: Contexte, perimetre: str) -> Sequence[str]:
    """'Camille Roy s’en occupe' : who else is on files of this scope."""
    tenues = bloques(contexte, perimetre).filter(tenue_jusqua__gt=timezone.now())
    autres = tenues.exclude(tenue_par_id=contexte.utilisateur_id)
    comptes = Utilisateur.objects.filter(pk__in=autres.values("tenue_par_id"))
    noms: dict[UUID | None, str] = {compte.pk: compte.nom_complet for compte in comptes}
    return [f"{attente.sujet} : {noms.get(attente.tenue_par_id, 'quelqu’un')} s’en occupe." for attente in autres[:20]]
