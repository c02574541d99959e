"""Handing a portfolio to a successor of the same MLDS: all or nothing, each move in the journal.

Locks: organisation (the successor does not leave meanwhile), reservations, proposals, stays, young people. A step
taken at the same instant waits for these rows: the wait it opens is the successor's, or passes with the others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Utilisateur
from raccord.comptes.organisations.membres import verrouiller
from raccord.echeances.attentes import clore, ouvrir
from raccord.echeances.models import Attente
from raccord.jeunes.models import Jeune
from raccord.parcours import attentes, creneaux
from raccord.parcours.acces import passation as acces
from raccord.parcours.actions.reservation import CHEZ_L_ENTREPRISE, liberer
from raccord.parcours.invitations import changer_de_tuteur
from raccord.parcours.messages import passations as messages
from raccord.parcours.models import Parcours, Passation, Positionnement, Reservation
from raccord.parcours.workflow import PEDAGOGIQUE
from raccord.socle import journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse
from raccord.socle.lignes import ou_disparu


class RencontresCroisees(ErreurMetier):
    """Cette personne a déjà une rencontre au même moment : déplacez l'une des deux, puis recommencez."""


class RienAConfier(ErreurMetier):
    """Il n'y a plus rien à confier : tout est déjà suivi par quelqu'un d'autre."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """At the end of the year, for one young person: handed over to `vers_id`, or the offer given back for `motif`."""

    tuteur_id: UUID
    jeune_id: UUID
    vers_id: UUID | None = None
    motif: str = ""


def confier(
    contexte: Contexte, tuteur_id: UUID, *, vers_id: UUID, note: str, jeunes: Collection[UUID] | None = None
) -> Passation:
    """Hand over all that the tutor follows, or these young people: their file, reservation, proposal, stay and waits.

    Due dates do not move. Raises RoleRefuse, ErreurMetier on `vers` or `note`, RienAConfier, RencontresCroisees.
    """
    if not acces.peut_confier(contexte, tuteur_id) or contexte.organisation_id is None or not contexte.utilisateur_id:
        raise RoleRefuse
    with transaction.atomic():
        mlds = verrouiller(contexte.organisation_id)
        vers = acces.tuteurs_de_la_mlds(contexte).exclude(pk=tuteur_id).filter(pk=vers_id).first()
        if vers is None:
            raise ErreurMetier("Choisissez un autre tuteur de votre MLDS.", champ="vers")
        if not note.strip():
            raise ErreurMetier("Écrivez ce que la personne qui reprend doit savoir.", champ="note")
        _verrouiller(tuteur_id, mlds.pk, jeunes)
        lignes = acces.portefeuille(contexte, tuteur_id, jeunes)
        if not lignes:
            raise RienAConfier
        _verifier_les_rencontres(lignes, vers)
        passation = Passation.objects.create(
            organisation=mlds,
            de=Utilisateur.objects.get(pk=tuteur_id),
            vers=vers,
            par_id=contexte.utilisateur_id,
            note=note.strip(),
            jeunes=[ligne.jeune.pk for ligne in lignes],
        )
        _passer_les_attentes(passation, tout=jeunes is None)
        for ligne in lignes:
            _passer(contexte, passation, ligne)
        journal.inscrire(
            contexte,
            passation,
            "passation.confier",
            "a confié les dossiers d'un tuteur à un collègue",
            faits={"de": str(tuteur_id), "vers": str(vers.pk), "jeunes": len(lignes)},
        )
        ouvrir(attentes.LIRE_PASSATION, passation)
        messages.aux_tuteurs(passation)
        return passation


def lire(contexte: Contexte, passation_id: UUID) -> Passation:
    """The successor has read the note. Raises RoleRefuse, DejaFait, ObjetDisparu."""
    with transaction.atomic():
        passations = Passation.objects.select_for_update(of=("self",), no_key=True)
        passation = ou_disparu(passations.filter(Q(organisation_id=contexte.organisation_id), pk=passation_id))
        if passation.vers_id != contexte.utilisateur_id:
            raise RoleRefuse
        if passation.lue_le is not None:
            raise DejaFait
        passation.lue_le = timezone.now()
        passation.save()
        clore([attentes.LIRE_PASSATION.code], passation, issue="lue")
        journal.inscrire(contexte, passation, "passation.lire", "a lu la note de passation")
        return passation


def revoir(contexte: Contexte, decisions: Collection[Decision], *, note: str) -> int:
    """End of the school year: every decision or none. Returns how many files moved or closed.

    Raises what `confier` and `liberer` raise; the note goes to each successor.
    """
    if contexte.organisation_id is None:
        raise RoleRefuse
    with transaction.atomic():
        verrouiller(contexte.organisation_id)
        for decision in decisions:
            if decision.motif:
                _rendre(contexte, decision)
        for (tuteur_id, vers_id), jeunes in _par_successeur(decisions).items():
            confier(contexte, tuteur_id, vers_id=vers_id, note=note, jeunes=jeunes)
    return len(decisions)


def _par_successeur(decisions: Collection[Decision]) -> Mapping[tuple[UUID, UUID], list[UUID]]:
    groupes: dict[tuple[UUID, UUID], list[UUID]] = {}
    for decision in decisions:
        if decision.vers_id is not None:
            groupes.setdefault((decision.tuteur_id, decision.vers_id), []).append(decision.jeune_id)
    return groupes


def _rendre(contexte: Contexte, decision: Decision) -> None:
    if not acces.peut_confier(contexte, decision.tuteur_id) or contexte.organisation_id is None:
        raise RoleRefuse
    tenues = acces.reservations_de([decision.tuteur_id], contexte.organisation_id)
    reservation = tenues.filter(jeune_id=decision.jeune_id).first()
    if reservation is None:
        raise DejaFait("Cette offre n'est plus réservée : rechargez la page.")
    liberer(contexte, reservation.pk, motif=decision.motif)


def _verrouiller(tuteur_id: UUID, mlds_id: UUID, jeunes: Collection[UUID] | None) -> None:
    """In the order of every writer; by key inside each table."""
    choisis = {} if jeunes is None else {"jeune_id__in": jeunes}
    reservations = acces.reservations_de([tuteur_id], mlds_id).filter(**choisis)
    tenues = [r.pk for r in reservations.select_for_update(of=("self",), no_key=True)]
    propositions = Positionnement.objects.filter(reservation__in=tenues).order_by("pk")
    list(propositions.select_for_update(of=("self",), no_key=True))
    suivis = acces.parcours_de([tuteur_id], mlds_id).filter(**choisis)
    list(suivis.select_for_update(of=("self",), no_key=True))
    suivies = acces.jeunes_suivis([tuteur_id], mlds_id)
    if jeunes is not None:
        suivies = suivies.filter(pk__in=jeunes)
    list(suivies.order_by("pk").select_for_update(of=("self",), no_key=True))


def _verifier_les_rencontres(lignes: Sequence[acces.Ligne], vers: Utilisateur) -> None:
    """Nobody is at two meetings at once: each that clashes is named, and nothing passes."""
    propositions = [ligne.proposition for ligne in lignes if ligne.proposition is not None]
    croisees = creneaux.croisees(propositions, vers.pk)
    if croisees:
        ou = mots.liste_fr([f"{mots.moment_fr(p.rencontre_le)} chez {p.offre.entreprise.nom}" for p in croisees])
        raise RencontresCroisees(
            f"{vers.nom_complet} a déjà une autre rencontre au moment de celle-ci : {ou}. Rien n'est confié : déplacez "
            "l'une des deux, ou choisissez une autre personne.",
            champ="vers",
        )


def _passer_les_attentes(passation: Passation, *, tout: bool) -> None:
    """The tutor's open waits pass with their due dates and the rungs already climbed."""
    les_siennes = Attente.objects.filter(
        close_le__isnull=True,
        organisation_id=passation.organisation_id,
        utilisateur_id=passation.de_id,
        role=Role.TUTEUR,
    )
    notes = les_siennes.filter(code=attentes.LIRE_PASSATION.code)
    a_passer = les_siennes.exclude(code=attentes.LIRE_PASSATION.code)
    if tout:
        # The notes of the one who hands over everything are theirs: what they knew is in the new note.
        notes.update(close_le=timezone.now(), issue="dossiers confiés à leur tour")
    else:
        a_passer = a_passer.filter(fil__overlap=passation.jeunes)
    a_passer.update(utilisateur_id=passation.vers_id)


def _passer(contexte: Contexte, passation: Passation, ligne: acces.Ligne) -> None:
    objets: list[tuple[Jeune | Reservation | Parcours | None, str, str]] = [
        (ligne.jeune if ligne.jeune.tuteur_id == passation.de_id else None, "jeune", "le suivi"),
        (ligne.reservation, "reservation", "l'offre réservée"),
        *((parcours, "parcours", "le parcours") for parcours in ligne.suivis),
    ]
    for objet, nom, quoi in objets:
        if objet is None:
            continue
        objet.tuteur = passation.vers
        objet.save(update_fields=["tuteur", "modifie_le"])
        journal.inscrire(
            contexte,
            objet,
            f"{nom}.changer_tuteur",
            f"a confié {quoi} à un autre tuteur de la MLDS",
            faits={"de": str(passation.de_id), "vers": str(passation.vers_id), "passation": str(passation.pk)},
            audience=PEDAGOGIQUE,
        )
    proposition = ligne.proposition
    if proposition is not None:
        proposition.reservation.tuteur = passation.vers
        changer_de_tuteur(proposition, passation.vers)
        if proposition.etat not in CHEZ_L_ENTREPRISE:
            proposition = None
    messages.aux_entreprises(ligne.suivis, proposition)
    messages.au_jeune(ligne.jeune, passation.vers, ligne.parcours, proposition)
