"""Asking to join: an administrator says yes, or no with a reason.

Somebody without account answers nothing for sure by writing an address: saying yes sends an invitation there, whose
link alone makes the account. The page answers the same whatever is known of the address.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Demande, Invitation, Organisation, Utilisateur
from raccord.comptes.organisations import acces, invitations, messages
from raccord.comptes.organisations.membres import PasAdministrateur, verrouiller
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import Destinataire, TypeMessage
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.lignes import ou_disparu

# What a request, then its answer, sets off above: `echeances` opens and closes the administrators' wait.
APRES_DEPOT: list[Callable[[Demande], object]] = []
APRES_REPONSE: list[Callable[[Demande], object]] = []


def demander(
    contexte: Contexte, organisation_id: UUID, *, role: str, mot: str, courriel: str, prenom: str, nom: str
) -> None:
    """Somebody without account asks. Said twice, or by a member, nothing more happens and nothing is told."""
    with transaction.atomic():
        organisation = _verrouiller_a_rejoindre(organisation_id, role)
        deja = Adhesion.objects.filter(organisation=organisation, role=role, utilisateur__courriel=courriel)
        if not deja.exists() and not _en_attente(organisation, courriel, role):
            _deposer(
                contexte,
                Demande(organisation=organisation, role=role, mot=mot, courriel=courriel, prenom=prenom, nom=nom),
            )


def demander_avec_mon_compte(
    contexte: Contexte, organisation_id: UUID, *, utilisateur: Utilisateur, role: str, mot: str
) -> None:
    """Somebody signed in asks. Raises ErreurMetier on `role`, DejaFait (already a member, already asked)."""
    with transaction.atomic():
        organisation = _verrouiller_a_rejoindre(organisation_id, role)
        if Adhesion.objects.filter(organisation=organisation, role=role, utilisateur=utilisateur).exists():
            raise DejaFait("Vous avez déjà ce rôle dans cette organisation.")
        if _en_attente(organisation, utilisateur.courriel, role):
            raise DejaFait("Votre demande est déjà partie : elle attend sa réponse.")
        _deposer(
            contexte,
            Demande(
                organisation=organisation,
                utilisateur=utilisateur,
                courriel=utilisateur.courriel,
                prenom=utilisateur.prenom,
                nom=utilisateur.nom,
                role=role,
                mot=mot,
            ),
        )


def accepter(contexte: Contexte, demande_id: UUID) -> Demande:
    """Yes: a membership at once for an account that is signed in, else an invitation to the address.

    The first one in an organisation without administrator becomes its administrator. Raises PasAdministrateur,
    DejaFait, ObjetDisparu.
    """
    with transaction.atomic():
        demande = _a_decider(contexte, demande_id)
        premier = not Adhesion.objects.filter(organisation=demande.organisation, administrateur=True).exists()
        demande.decidee_le, demande.acceptee = timezone.now(), True
        _enregistrer(demande, APRES_REPONSE)
        faits = {"role": demande.role, "administrateur": premier}
        journal.inscrire(contexte, demande, "demande.accepter", "a accepté une demande à rejoindre", faits=faits)
        if demande.utilisateur is not None:
            invitations.accueillir(demande.utilisateur, demande.organisation, demande.role, administrateur=premier)
            _repondre(messages.DEMANDE_ACCEPTEE, demande)
        elif not Invitation.objects.filter(
            organisation=demande.organisation,
            courriel=demande.courriel,
            role=demande.role,
            acceptee_le__isnull=True,
            retiree_le__isnull=True,
        ).exists():
            invitations.creer(
                contexte,
                demande.organisation,
                courriel=demande.courriel,
                role=demande.role,
                administrateur=premier,
            )
        return demande


def refuser(contexte: Contexte, demande_id: UUID, *, reponse: str) -> Demande:
    """No, with a reason that the person reads. Raises ErreurMetier on `reponse`, PasAdministrateur, DejaFait."""
    with transaction.atomic():
        demande = _a_decider(contexte, demande_id)
        if not reponse.strip():
            raise ErreurMetier("Un refus s'accompagne d'une raison : la personne la lira.", champ="reponse")
        demande.decidee_le, demande.reponse = timezone.now(), reponse.strip()
        _enregistrer(demande, APRES_REPONSE)
        journal.inscrire(contexte, demande, "demande.refuser", "a refusé une demande à rejoindre")
        _repondre(messages.DEMANDE_REFUSEE, demande, reponse=demande.reponse)
        return demande


def _verrouiller_a_rejoindre(organisation_id: UUID, role: str) -> Organisation:
    organisation = verrouiller(acces.organisation_a_rejoindre(organisation_id).pk)
    invitations.verifier_role(organisation, role)
    return organisation


def _en_attente(organisation: Organisation, courriel: str, role: str) -> bool:
    demandes = Demande.objects.filter(organisation=organisation, courriel=courriel, role=role)
    return demandes.filter(decidee_le__isnull=True).exists()


def _deposer(contexte: Contexte, demande: Demande) -> None:
    _enregistrer(demande, APRES_DEPOT)
    journal.inscrire(
        contexte, demande, "demande.deposer", "a demandé à rejoindre l'organisation", faits={"role": demande.role}
    )
    messages.au_sujet_de(messages.DEMANDE_RECUE, demande, messages.administrateurs(demande.organisation))


def _enregistrer(demande: Demande, ensuite: list[Callable[[Demande], object]]) -> None:
    demande.save()
    for faire in ensuite:
        faire(demande)


def _a_decider(contexte: Contexte, demande_id: UUID) -> Demande:
    trouvee = ou_disparu(Demande.objects.filter(pk=demande_id).values_list("organisation_id", flat=True))
    verrouiller(trouvee)
    demande = Demande.objects.select_related("organisation", "utilisateur").get(pk=demande_id)
    if demande.decidee_le is not None:
        raise DejaFait("Quelqu'un a déjà répondu à cette demande.")
    if not acces.demandes(contexte).filter(pk=demande_id).exists():
        raise PasAdministrateur
    return demande


def _repondre(type_message: TypeMessage, demande: Demande, **plus: str) -> None:
    qui = (
        demande.utilisateur.destinataire(demande.organisation_id)
        if demande.utilisateur
        else Destinataire(courriel=demande.courriel)
    )
    messages.ecrire(type_message, [qui], demande.organisation, demande, role=Role(demande.role).label, **plus)
