"""Handing a stay over to another territory: asked, then accepted with a tutor or refused with a reason.

What moves on acceptance: the stay, the young person, their file's opening, the open waits with their due dates. What
stays: the history, the offer, the company. The former MLDS's opening of the file ends that very moment: whoever no
longer follows no longer reads; what must be known is written in the hand-over note, the rest is told by voice.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Organisation
from raccord.echeances.attentes import TYPES
from raccord.echeances.models import Attente
from raccord.jeunes.actions.cercle import A_SON_TERME
from raccord.jeunes.models import AccesJeune, DemandeRetrait, Jeune
from raccord.parcours import attentes
from raccord.parcours.acces.destinataires import coordonnateurs_de
from raccord.parcours.enums import EtatParcours
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Parcours, Signalement, Transfert
from raccord.parcours.workflow import PEDAGOGIQUE, TRANSFERT
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import TypeMessage, envoyer
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.lignes import ou_disparu
from raccord.socle.models import ObjetSuivi
from raccord.socle.workflow import executer, inaugurer

ETATS_TRANSFERABLES = (
    EtatParcours.CONVENTION_A_SIGNER,
    EtatParcours.A_VENIR,
    EtatParcours.EN_COURS,
    EtatParcours.INTERROMPU,
    EtatParcours.TERMINE,
    EtatParcours.BILAN_SIGNE,
)


class TransfertImpossible(ErreurMetier):
    """Ce parcours ne peut plus être confié à un autre territoire."""


def demander(contexte: Contexte, parcours_id: UUID, *, vers_id: UUID, motif: str) -> Transfert:
    """Ask the MLDS of another académie to follow the stay, with what the new tutor must know.

    Raises TransfertImpossible, ErreurMetier on `vers_id` or `motif`, TransitionRefusee (not my territory), DejaFait
    when the same question is already open.
    """
    with transaction.atomic():
        parcours = _verrouiller(parcours_id)
        if parcours.etat not in ETATS_TRANSFERABLES or parcours.organisation is None:
            raise TransfertImpossible(
                f"Le parcours est « {parcours.get_etat_display()} » : il n'y a plus rien à confier."
            )
        vers = Organisation.objects.filter(pk=vers_id, genre=GenreOrganisation.MLDS).first()
        if vers is None or vers.academie_id == parcours.organisation.academie_id:
            raise ErreurMetier("Choisissez la MLDS d'un autre territoire.", champ="vers_id")
        if not motif.strip():
            raise ErreurMetier("Dites pourquoi, et ce que le nouveau tuteur doit savoir.", champ="motif")
        if parcours.transferts.filter(etat="demande", vers=vers).exists():
            raise DejaFait("La demande est déjà partie : elle attend sa réponse.")
        transfert = Transfert(parcours=parcours, depuis=parcours.organisation, vers=vers, motif=motif.strip())
        with inaugurer(TRANSFERT["demander"], contexte, transfert):
            pass
        echeance = attentes.REPONDRE_TRANSFERT.due(transfert)
        _ecrire(messages.TRANSFERT_DEMANDE, transfert, vers, echeance=echeance)
        return transfert


def accepter(contexte: Contexte, transfert_id: UUID, *, tuteur_id: UUID) -> Transfert:
    """The receiving territory takes the stay and names the tutor among its own.

    Raises ErreurMetier on `tuteur_id`, TransitionRefusee, DejaFait, TransfertImpossible.
    """
    with transaction.atomic():
        parcours = _verrouiller(_parcours_du(transfert_id))
        with executer(TRANSFERT["accepter"], contexte, Transfert, transfert_id) as transfert:
            if parcours.etat not in ETATS_TRANSFERABLES or parcours.organisation_id != transfert.depuis_id:
                raise TransfertImpossible
            adhesion = (
                Adhesion.objects.filter(organisation_id=transfert.vers_id, role=Role.TUTEUR, utilisateur_id=tuteur_id)
                .select_related("utilisateur")
                .first()
            )
            if adhesion is None:
                raise ErreurMetier("Choisissez un tuteur de votre MLDS.", champ="tuteur_id")
            ancien = parcours.tuteur
            parcours.organisation, parcours.tuteur = transfert.vers, adhesion.utilisateur
            parcours.save(update_fields=["organisation", "tuteur", "modifie_le"])
            if parcours.jeune is not None:
                _ouvrir_le_dossier(contexte, parcours.jeune, transfert, adhesion)
            _reprendre_les_attentes(parcours)
        anciens = coordonnateurs_de(transfert.depuis)
        if ancien is not None:
            anciens.append(ancien.destinataire(transfert.depuis_id))
        page = {"transfert": messages.page("parcours:transfert", transfert.pk), **_cotes(transfert)}
        messages.a_ceux(messages.TRANSFERT_ACCEPTE, anciens, parcours, **page)
        messages.a_ceux(messages.TRANSFERT_TUTEUR, messages.tuteur(parcours), parcours, **page)
        messages.aux_contacts(messages.TUTEUR_CHANGE, parcours, "parcours.suivi")
        messages.au_jeune(messages.TUTEUR_CHANGE_JEUNE, parcours)
        return transfert


def refuser(contexte: Contexte, transfert_id: UUID, *, reponse: str) -> Transfert:
    """The receiving territory says no, with a reason; the stay stays where it is. Raises ErreurMetier on `reponse`."""
    with executer(TRANSFERT["refuser"], contexte, Transfert, transfert_id) as transfert:
        if not reponse.strip():
            raise ErreurMetier("Un refus s'accompagne d'une raison.", champ="reponse")
        transfert.reponse = reponse.strip()
        _ecrire(messages.TRANSFERT_REFUSE, transfert, transfert.depuis)
    return transfert


def annuler(contexte: Contexte, transfert_id: UUID) -> Transfert:
    """Whoever asked takes the question back; the receiving territory is told."""
    with executer(TRANSFERT["annuler"], contexte, Transfert, transfert_id) as transfert:
        _ecrire(messages.TRANSFERT_ANNULE, transfert, transfert.vers)
    return transfert


def _parcours_du(transfert_id: UUID) -> UUID:
    return ou_disparu(Transfert.objects.filter(pk=transfert_id).values_list("parcours_id", flat=True))


def _verrouiller(parcours_id: UUID) -> Parcours:
    return ou_disparu(
        Parcours._base_manager.select_for_update(of=("self",), no_key=True)
        .select_related("offre__engagement__marche", "organisation", "tuteur", "jeune", "referent")
        .filter(pk=parcours_id)
        .order_by()
    )


def _ouvrir_le_dossier(contexte: Contexte, jeune: Jeune, transfert: Transfert, adhesion: Adhesion) -> None:
    """The circle follows the stay: the new MLDS opens the file with a reason, the former one closes it."""
    maintenant = timezone.now()
    AccesJeune.objects.filter(jeune=jeune, organisation_id=transfert.depuis_id, revoque_le__isnull=True).update(
        fin=maintenant, revoque_le=maintenant, motif_retrait=f"parcours confié à {transfert.vers.nom}"[:200]
    )
    deja = AccesJeune.objects.filter(jeune=jeune, organisation_id=transfert.vers_id, revoque_le__isnull=True)
    if not deja.en_cours().exists():
        # A grant that has run out would stand in the way of the new one.
        deja.update(revoque_le=maintenant, motif_retrait=A_SON_TERME)
        AccesJeune.objects.create(
            jeune=jeune, organisation_id=transfert.vers_id, motif=f"parcours confié par {transfert.depuis.nom}"[:200]
        )
    jeune.organisation, jeune.tuteur = transfert.vers, adhesion.utilisateur
    jeune.save(update_fields=["organisation", "tuteur", "modifie_le"])
    journal.inscrire(
        contexte,
        jeune,
        "jeune.confier",
        f"a confié le dossier à {transfert.vers.nom} : il se ferme pour {transfert.depuis.nom}"[:200],
        faits={"depuis": str(transfert.depuis_id), "vers": str(transfert.vers_id)},
        audience=PEDAGOGIQUE,
    )


def _reprendre_les_attentes(parcours: Parcours) -> None:
    """Open waits of the former tutor pass to the new one with their due date: handing over winds no clock up again."""
    objets: dict[UUID, ObjetSuivi] = {parcours.pk: parcours}
    objets |= {s.pk: s for s in Signalement.objects.filter(parcours=parcours)}
    retraits = DemandeRetrait.objects.filter(jeune=parcours.jeune).select_related("jeune__organisation")
    objets |= {retrait.pk: retrait for retrait in retraits}
    for attente in Attente.objects.ouvertes().filter(objet_id__in=objets, role=Role.TUTEUR):
        proprietaire = TYPES[attente.code].proprietaire(objets[attente.objet_id])
        Attente.objects.filter(pk=attente.pk).update(close_le=timezone.now(), issue="transfert")
        attente.pk = None
        attente._state.adding = True
        attente.id = Attente._meta.pk.get_default()
        attente.organisation_id, attente.utilisateur_id = proprietaire.organisation_id, proprietaire.utilisateur_id
        attente.proprietaire = proprietaire.libelle
        attente.save(force_insert=True)


def _cotes(transfert: Transfert) -> dict[str, str]:
    return {"depuis": transfert.depuis.nom, "vers": transfert.vers.nom}


def _ecrire(type_message: TypeMessage, transfert: Transfert, a_qui: Organisation, **plus: object) -> None:
    donnees = messages.donnees(
        transfert.parcours,
        transfert=messages.page("parcours:transfert", transfert.pk),
        **_cotes(transfert),
        **plus,
    )
    envoyer(type_message, coordonnateurs_de(a_qui), donnees, objet=transfert)
