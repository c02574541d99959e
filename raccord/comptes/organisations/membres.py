"""Administrators named and relieved, members who leave or are removed.

Every writer takes the organisation's row first: two administrators who leave at the same instant wait for each other,
and the second is told. PostgreSQL says the same to whoever would forget (trigger of `Adhesion`).
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.comptes.models import Absence, Adhesion, Organisation
from raccord.comptes.organisations import messages
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, Refus
from raccord.socle.lignes import ou_disparu

# What keeps a member: a portfolio to hand over first. A slice above adds its own.
AVANT_DEPART: list[Callable[[Adhesion], Refus | None]] = []


class PasAdministrateur(ErreurMetier):
    """C'est aux administrateurs de l'organisation de le faire."""

    statut = 403


class DernierAdministrateur(ErreurMetier):
    """L'organisation n'aurait plus d'administrateur : nommez d'abord quelqu'un d'autre."""


class DepartRetenu(ErreurMetier):
    """Ce membre a encore quelque chose à confier avant de partir."""


def verrouiller(organisation_id: UUID) -> Organisation:
    """Writers about the members of one organisation pass one by one."""
    return Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation_id)


def nommer(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    """Make a member an administrator. Raises PasAdministrateur, DejaFait, ObjetDisparu."""
    with transaction.atomic():
        adhesion = _membre(contexte, adhesion_id)
        if adhesion.administrateur:
            raise DejaFait
        adhesion.administrateur = True
        adhesion.save(update_fields=["administrateur"])
        _inscrire(contexte, adhesion, "organisation.nommer", "a nommé un administrateur")
        messages.a_l_adhesion(messages.ADMINISTRATEUR_NOMME, adhesion, adhesion.organisation)
        return adhesion


def demettre(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    """Take the administration back from a member, who stays. Raises DernierAdministrateur, DejaFait."""
    with transaction.atomic():
        adhesion = _membre(contexte, adhesion_id)
        if not adhesion.administrateur:
            raise DejaFait
        _garder_un_administrateur(adhesion)
        adhesion.administrateur = False
        adhesion.save(update_fields=["administrateur"])
        _inscrire(contexte, adhesion, "organisation.demettre", "a retiré l'administration à un membre")
        if adhesion.utilisateur_id != contexte.utilisateur_id:
            messages.a_l_adhesion(messages.ADMINISTRATEUR_DEMIS, adhesion, adhesion.organisation)
        return adhesion


def quitter(contexte: Contexte) -> Adhesion:
    """Leave the organisation, in the role under which one acts. Raises DernierAdministrateur, DepartRetenu."""
    with transaction.atomic():
        adhesion = _la_mienne(contexte)
        _terminer(adhesion)
        _inscrire(contexte, adhesion, "organisation.quitter", "a quitté l'organisation")
        reste = messages.administrateurs(adhesion.organisation)
        messages.ecrire(
            messages.MEMBRE_PARTI,
            reste,
            adhesion.organisation,
            adhesion.organisation,
            qui=adhesion.utilisateur.nom_complet,
            role=adhesion.get_role_display(),
        )
        return adhesion


def retirer(contexte: Contexte, adhesion_id: UUID, *, motif: str) -> Adhesion:
    """End somebody's membership, with a reason that they read. Raises ErreurMetier on `motif`, DernierAdministrateur,
    DepartRetenu.
    """
    with transaction.atomic():
        adhesion = _membre(contexte, adhesion_id)
        if adhesion.utilisateur_id == contexte.utilisateur_id:
            raise ErreurMetier("Pour partir vous-même, choisissez « Quitter l'organisation ».")
        if not motif.strip():
            raise ErreurMetier("Dites pourquoi : la personne le lira.", champ="motif")
        _terminer(adhesion)
        _inscrire(contexte, adhesion, "organisation.retirer", "a retiré un membre de l'organisation")
        messages.a_l_adhesion(messages.MEMBRE_RETIRE, adhesion, adhesion.organisation, motif=motif.strip())
        return adhesion


def refus_de_partir(adhesion: Adhesion) -> str:
    """Why this membership cannot end now, or an empty text."""
    if adhesion.administrateur and not _autres_administrateurs(adhesion):
        return str(DernierAdministrateur())
    return next((str(refus) for retenir in AVANT_DEPART if (refus := retenir(adhesion))), "")


def _membre(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    if not contexte.administrateur or contexte.organisation_id is None:
        raise PasAdministrateur
    verrouiller(contexte.organisation_id)
    _verifier_administrateur(contexte)
    return _trouver(pk=adhesion_id, organisation_id=contexte.organisation_id)


def _verifier_administrateur(contexte: Contexte) -> None:
    """Under the lock: somebody may have relieved me since my page was opened."""
    moi = Q(utilisateur_id=contexte.utilisateur_id, organisation_id=contexte.organisation_id, role=contexte.role)
    if not Adhesion.objects.filter(moi, administrateur=True).exists():
        raise PasAdministrateur


def _la_mienne(contexte: Contexte) -> Adhesion:
    if contexte.organisation_id is None or contexte.utilisateur_id is None:
        raise ObjetDisparu
    verrouiller(contexte.organisation_id)
    qui = {"utilisateur_id": contexte.utilisateur_id, "organisation_id": contexte.organisation_id}
    return _trouver(**qui, role=contexte.role)


def _trouver(**criteres: object) -> Adhesion:
    return ou_disparu(Adhesion.objects.filter(**criteres).select_related("utilisateur", "organisation"))


def _autres_administrateurs(adhesion: Adhesion) -> bool:
    administrent = Adhesion.objects.filter(organisation_id=adhesion.organisation_id, administrateur=True)
    return administrent.exclude(pk=adhesion.pk).exists()


def _garder_un_administrateur(adhesion: Adhesion) -> None:
    if adhesion.administrateur and not _autres_administrateurs(adhesion):
        raise DernierAdministrateur


def _terminer(adhesion: Adhesion) -> None:
    _garder_un_administrateur(adhesion)
    for retenir in AVANT_DEPART:
        refus = retenir(adhesion)
        if refus is not None:
            raise DepartRetenu(refus)
    adhesion.administrateur, adhesion.fin = False, timezone.now()
    adhesion.save(update_fields=["administrateur", "fin"])
    _finir_les_absences(adhesion)


def _finir_les_absences(adhesion: Adhesion) -> None:
    """Whoever has left is neither absent nor a stand-in; a colleague who counted on them is told."""
    a_venir = Absence.objects.a_venir().select_related("adhesion__utilisateur", "adhesion__organisation")
    for absence in a_venir.filter(suppleant=adhesion).order_by("debut", "pk"):
        suppleant = adhesion.utilisateur.nom_complet
        messages.a_l_adhesion(
            messages.ABSENCE_ANNULEE, absence.adhesion, absence, absence=absence, absent="", suppleant=suppleant
        )
    Absence.objects.a_venir().filter(suppleant=adhesion).update(annulee_le=timezone.now())
    Absence.objects.a_venir().filter(adhesion=adhesion).update(annulee_le=timezone.now())


def _inscrire(contexte: Contexte, adhesion: Adhesion, verbe: str, texte: str) -> None:
    faits = {"adhesion": str(adhesion.pk), "role": adhesion.role}
    journal.inscrire(contexte, adhesion.organisation, verbe, texte, faits=faits)
