"""Inviting somebody by mail: a link that serves once, expires, is sent again or withdrawn.

Who invites learns nothing of other people's accounts: the words are the same whether one exists or not. The invited
person, who holds the link, makes an account with it or joins with the one they have.
"""

import secrets
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import ROLES_PAR_GENRE
from raccord.comptes.liens import OCTETS_DU_SECRET, empreinte
from raccord.comptes.models import Adhesion, Invitation, Organisation, Utilisateur
from raccord.comptes.organisations import messages
from raccord.comptes.organisations.membres import PasAdministrateur, verrouiller
from raccord.socle import calendrier, journal
from raccord.socle.contexte import VISITEUR, Contexte
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.lignes import ou_disparu
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots


class InvitationFermee(ErreurMetier):
    """Cette invitation ne sert plus. Demandez-en une autre à la personne qui vous a invité."""

    statut = 410


def inviter(contexte: Contexte, *, courriel: str, role: str, administrateur: bool = False) -> Invitation:
    """Write to somebody. Raises PasAdministrateur, ErreurMetier on `role` or `courriel` (already here or asked)."""
    if not contexte.administrateur or contexte.organisation_id is None:
        raise PasAdministrateur
    with contraintes_en_mots(), transaction.atomic():
        organisation = verrouiller(contexte.organisation_id)
        verifier_role(organisation, role)
        if Adhesion.objects.filter(organisation=organisation, role=role, utilisateur__courriel=courriel).exists():
            raise ErreurMetier("Cette personne a déjà ce rôle dans votre organisation.", champ="courriel")
        return creer(contexte, organisation, courriel=courriel, role=role, administrateur=administrateur)


def creer(
    contexte: Contexte, organisation: Organisation, *, courriel: str, role: str, administrateur: bool
) -> Invitation:
    """The row and its message, in the caller's transaction."""
    invitation = Invitation(
        organisation=organisation,
        courriel=courriel,
        role=role,
        administrateur=administrateur,
        invite_par_id=contexte.utilisateur_id,
    )
    _poster(invitation)
    journal.inscrire(
        contexte,
        invitation,
        "invitation.envoyer",
        "a invité quelqu'un à rejoindre l'organisation",
        faits={"role": role, "administrateur": administrateur},
    )
    return invitation


def renvoyer(contexte: Contexte, invitation_id: UUID) -> Invitation:
    """A new link to the same address; the former one is dead. Raises PasAdministrateur, DejaFait, ObjetDisparu."""
    with transaction.atomic():
        invitation = _la_notre(contexte, invitation_id)
        _poster(invitation)
        journal.inscrire(contexte, invitation, "invitation.renvoyer", "a renvoyé une invitation")
        return invitation


def retirer(contexte: Contexte, invitation_id: UUID) -> Invitation:
    """The link serves no more. Raises PasAdministrateur, DejaFait, ObjetDisparu."""
    with transaction.atomic():
        invitation = _la_notre(contexte, invitation_id)
        invitation.retiree_le = timezone.now()
        invitation.save()
        journal.inscrire(contexte, invitation, "invitation.retirer", "a retiré une invitation")
        return invitation


def lire(jeton: str) -> Invitation | None:
    """The invitation behind a secret, valid or not."""
    invitations = Invitation.objects.select_related("organisation", "invite_par")
    return invitations.filter(empreinte=empreinte(jeton)).first()


def redemander(jeton: str) -> None:
    """From a link that has expired: another one, to the invited address and nowhere else."""
    with transaction.atomic():
        invitation = _verrouiller(empreinte=empreinte(jeton))
        if invitation.en_attente:
            _poster(invitation)
            journal.inscrire(VISITEUR, invitation, "invitation.redemander", "a demandé un nouveau lien d'invitation")


def compte_de(invitation: Invitation) -> Utilisateur | None:
    """The open account of the invited address: only the holder of the link is told."""
    return Utilisateur.objects.filter(courriel=invitation.courriel, is_active=True).first()


def accepter(
    jeton: str, *, utilisateur: Utilisateur | None = None, prenom: str = "", nom: str = "", telephone: str = ""
) -> tuple[Adhesion, bool]:
    """Join, once: with `utilisateur` when signed in, else with the account of the invited address, made if need be.

    Returns the membership and whether the account is new. Raises InvitationFermee, ErreurMetier (closed account).
    """
    with transaction.atomic():
        invitation = _verrouiller(empreinte=empreinte(jeton))
        if not invitation.valide:
            raise InvitationFermee
        organisation = verrouiller(invitation.organisation_id)
        compte = utilisateur or Utilisateur.objects.filter(courriel=invitation.courriel).first()
        nouveau = compte is None
        if compte is None:
            compte = Utilisateur.objects.creer(invitation.courriel, prenom, nom, telephone=telephone)
        elif not compte.is_active:
            raise ErreurMetier("Le compte de cette adresse est fermé : demandez à l'équipe nationale de le rouvrir.")
        adhesion = accueillir(compte, organisation, invitation.role, administrateur=invitation.administrateur)
        invitation.acceptee_le = timezone.now()
        invitation.save()
        journal.inscrire(
            Contexte(role=adhesion.role, utilisateur_id=compte.pk, organisation_id=organisation.pk),
            invitation,
            "invitation.accepter",
            "a rejoint l'organisation",
            faits={"adhesion": str(adhesion.pk), "role": adhesion.role},
        )
        if invitation.invite_par is not None:
            messages.ecrire(
                messages.INVITATION_ACCEPTEE,
                [invitation.invite_par.destinataire(organisation.pk)],
                organisation,
                invitation,
                qui=compte.nom_complet,
                courriel=compte.courriel,
                role=adhesion.get_role_display(),
            )
        return adhesion, nouveau


def accueillir(utilisateur: Utilisateur, organisation: Organisation, role: str, *, administrateur: bool) -> Adhesion:
    """The membership in that role, made or kept; it becomes an administrator's when said. The caller holds the lock."""
    adhesion, _ = Adhesion.objects.get_or_create(utilisateur=utilisateur, organisation=organisation, role=role)
    if administrateur and not adhesion.administrateur:
        adhesion.administrateur = True
        adhesion.save(update_fields=["administrateur"])
    return adhesion


def verifier_role(organisation: Organisation, role: str) -> None:
    """A role is one of this kind of organisation's. Raises ErreurMetier on `role`."""
    if role not in ROLES_PAR_GENRE[organisation.genre]:
        raise ErreurMetier("Ce rôle n'existe pas dans ce genre d'organisation.", champ="role")


def _poster(invitation: Invitation) -> None:
    """A fresh secret, a fresh date, a message."""
    jeton = secrets.token_urlsafe(OCTETS_DU_SECRET)
    validite = regle("validite_lien")
    invitation.empreinte, invitation.envoyee_le = empreinte(jeton), timezone.now()
    invitation.expire_le = calendrier.fin_du_jour(
        calendrier.ajouter(calendrier.aujourdhui(), validite.valeur, validite.unite)
    )
    invitation.save()
    messages.ecrire(
        messages.INVITATION,
        [Destinataire(courriel=invitation.courriel, organisation_id=invitation.organisation_id)],
        invitation.organisation,
        invitation,
        role=invitation.get_role_display(),
        lien=settings.ADRESSE_PUBLIQUE + reverse("comptes:invitation", args=[jeton]),
        expire=invitation.expire_le,
    )


def _la_notre(contexte: Contexte, invitation_id: UUID) -> Invitation:
    if not contexte.administrateur:
        raise PasAdministrateur
    invitation = _verrouiller(pk=invitation_id, organisation_id=contexte.organisation_id)
    if not invitation.en_attente:
        raise DejaFait("Cette invitation a déjà servi, ou a été retirée.")
    return invitation


def _verrouiller(**criteres: object) -> Invitation:
    invitations = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return ou_disparu(invitations.select_related("organisation", "invite_par").filter(**criteres))
