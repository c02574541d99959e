"""Hours done week by week, and what is said the same day. Locks: the stay, then the engagement's ledger."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances.attentes import clore, ouvrir
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.parcours import attentes, rythme
from raccord.parcours.acces.destinataires import acheteur_de, coordonnateurs_de
from raccord.parcours.actions.restes import suivre_le_reste, tenir_l_offre
from raccord.parcours.enums import EtatParcours, NatureSignalement
from raccord.parcours.gardes.parcours import a_moi
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Parcours, Semaine, Signalement
from raccord.parcours.workflow import PEDAGOGIQUE
from raccord.socle import calendrier, courrier, journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots

HEURES_MAXIMUM = 48
ETATS_A_HEURES = (EtatParcours.EN_COURS, EtatParcours.INTERROMPU, EtatParcours.TERMINE)
ETATS_A_SIGNALEMENT = (EtatParcours.A_VENIR, EtatParcours.EN_COURS)
ANNONCE_MAXIMALE = dt.timedelta(days=7)
RAPPEL_MAXIMAL = dt.timedelta(days=31)
# The buyer learns of an absence by the hours, never by its words.
ENTRE_NOUS = PEDAGOGIQUE | frozenset({Role.ENTREPRISE})


class HeuresRefusees(ErreurMetier):
    """Une semaine compte entre 0 et 48 heures."""


class SemaineRefusee(ErreurMetier):
    """Cette semaine ne fait pas partie du parcours."""


class HeuresFigees(ErreurMetier):
    """Le bilan est signé : les heures ne se modifient plus."""


class JourRefuse(ErreurMetier):
    """Choisissez un jour proche d'aujourd'hui."""


def noter(
    contexte: Contexte,
    parcours_id: UUID,
    *,
    lundi: dt.date,
    heures: Decimal,
    absences: str = "",
    version: str | None = None,
) -> Semaine:
    """Enter or correct the hours done in the week of that Monday; the ledger moves in the same transaction.

    `version` is the `modifie_le` (ISO) that the person had under their eyes, '' for a week not yet entered, None not
    to check. A correction keeps both figures in the journal. Raises HeuresRefusees, SemaineRefusee, HeuresFigees,
    ModifieEntreTemps (somebody else wrote another figure), DejaFait (the same figure again).
    Source: digest §1.3, 'attendance counts, so hours need a ledger'.
    """
    with contraintes_en_mots(), transaction.atomic():
        offre = tenir_l_offre(parcours_id)
        parcours = verrouiller(contexte, parcours_id, {Role.TUTEUR, Role.ENTREPRISE})
        _verifier(parcours, lundi, heures)
        absences = absences.strip()
        semaine = parcours.semaines.filter(lundi=lundi).first()
        avant = semaine.heures if semaine else Decimal(0)
        if semaine is None:
            semaine = Semaine(parcours=parcours, lundi=lundi)
        elif (avant, semaine.absences) == (heures, absences):
            raise DejaFait
        elif version is not None and version != semaine.modifie_le.isoformat():
            raise ModifieEntreTemps
        nouvelle = semaine._state.adding
        semaine.heures, semaine.absences, semaine.saisie_par = heures, absences, contexte.role
        semaine.save()
        _porter_au_registre(parcours, lundi, heures - avant, correction=not nouvelle)
        if offre is not None:
            suivre_le_reste(offre)
        journal.inscrire(
            contexte,
            semaine,
            "semaine.noter" if nouvelle else "semaine.corriger",
            f"a {'noté' if nouvelle else 'corrigé'} les heures de la semaine du {mots.date_fr(lundi)}",
            faits={"lundi": lundi.isoformat(), "heures": str(heures), **({} if nouvelle else {"avant": str(avant)})},
        )
        suivre_les_heures(parcours)
        return semaine


def verrouiller(contexte: Contexte, parcours_id: UUID, roles: set[Role]) -> Parcours:
    """The stay, locked, for one of these roles and only its own people. Raises RoleRefuse, ObjetDisparu."""
    if contexte.role not in roles:
        raise RoleRefuse
    parcours = ou_disparu(
        Parcours._base_manager.select_for_update(of=("self",), no_key=True)
        .select_related("offre__engagement__marche", "organisation", "tuteur", "referent")
        .filter(pk=parcours_id)
        .order_by()
    )
    refus = a_moi(contexte, parcours)
    if refus:
        raise RoleRefuse(refus)
    return parcours


def _verifier(parcours: Parcours, lundi: dt.date, heures: Decimal) -> None:
    if parcours.etat in (EtatParcours.BILAN_SIGNE, EtatParcours.SUITE_CONNUE):
        raise HeuresFigees
    if parcours.etat not in ETATS_A_HEURES:
        raise SemaineRefusee(
            "Le parcours n'a pas commencé : confirmez d'abord le premier jour, puis notez les heures.", champ="lundi"
        )
    if lundi not in rythme.semaines(parcours):
        periode = mots.periode(parcours.debut, rythme.dernier_jour(parcours))
        raise SemaineRefusee(f"Cette semaine ne fait pas partie du parcours ({periode}).", champ="lundi")
    if lundi > calendrier.aujourdhui():
        raise SemaineRefusee(
            f"Cette semaine n'a pas commencé : ses heures se notent à partir du {mots.date_fr(lundi)}.", champ="lundi"
        )
    if not heures.is_finite() or not 0 <= heures <= HEURES_MAXIMUM:
        raise HeuresRefusees(champ="heures")


def _porter_au_registre(parcours: Parcours, lundi: dt.date, ecart: Decimal, *, correction: bool) -> None:
    """The engagement's ledger says the same as the weeks; what a given-back place releases is free for others."""
    engagement_id = parcours.offre.engagement_id
    if engagement_id is None:
        return
    motif = f"{'correction de la ' if correction else ''}semaine du {lundi:%d/%m/%Y}"
    if ecart > 0:
        registre.faire(engagement_id, ecart, parcours_id=parcours.pk, motif=motif)
    elif ecart < 0:
        registre.corriger(engagement_id, -ecart, parcours_id=parcours.pk, motif=motif)
        if parcours.place_rendue_le is not None:
            registre.liberer_tout(engagement_id, parcours_id=parcours.pk, motif=motif)


def suivre_les_heures(parcours: Parcours) -> None:
    """Keep the company's wait on the oldest week without hours; close it when there is none left to enter."""
    saisies = set(parcours.semaines.values_list("lundi", flat=True))
    attendue = rythme.prochaine_a_noter(parcours, saisies) if parcours.etat in ETATS_A_HEURES else None
    if attendue is None:
        clore([attentes.NOTER_HEURES.code], parcours, issue="heures notées")
        return
    deja = Attente.objects.ouvertes().filter(code=attentes.NOTER_HEURES.code, objet_id=parcours.pk).first()
    # The clock of a wait already open on that week is not wound up again.
    if deja is None or deja.echeance != attentes.NOTER_HEURES.due(parcours):
        ouvrir(attentes.NOTER_HEURES, parcours)


# --- The same day ----------------------------------------------------------------------------------


@transaction.atomic
def signaler(contexte: Contexte, parcours_id: UUID, *, nature: str, jour: dt.date, texte: str) -> Signalement:
    """Say an absence, a lateness, an incident; the tutor is told at once and has a wait of one working day.

    The words stay between the company, the young person and the MLDS. Raises JourRefuse, RoleRefuse, DejaFait (sent
    twice), ErreurMetier once the stay is over. Source: digest §1.7.
    """
    parcours = verrouiller(contexte, parcours_id, {Role.TUTEUR, Role.ENTREPRISE, Role.JEUNE})
    if parcours.etat not in ETATS_A_SIGNALEMENT:
        raise ErreurMetier(f"Le parcours est « {parcours.get_etat_display()} » : appelez directement le tuteur.")
    if not texte.strip():
        raise ErreurMetier("Dites en quelques mots ce qui se passe.", champ="texte")
    aujourdhui = calendrier.aujourdhui()
    if not aujourdhui - RAPPEL_MAXIMAL <= jour <= aujourdhui + ANNONCE_MAXIMALE:
        raise JourRefuse(champ="jour")
    signalement = Signalement(
        parcours=parcours, nature=nature, jour=jour, texte=texte.strip(), signale_par=contexte.role
    )
    if parcours.signalements.filter(
        nature=nature, jour=jour, texte=signalement.texte, signale_par=contexte.role
    ).exists():
        raise DejaFait("C'est déjà signalé : le tuteur est prévenu.")
    signalement.save(force_insert=True)
    quoi = str(NatureSignalement(nature).label)
    journal.inscrire(
        contexte,
        signalement,
        "signalement.signaler",
        f"a signalé {quoi}",
        faits={"nature": nature, "jour": jour.isoformat()},
        audience=ENTRE_NOUS,
    )
    ouvrir(attentes.TRAITER_SIGNALEMENT, signalement)
    if contexte.role != Role.TUTEUR:
        messages.a_ceux(
            messages.SIGNALEMENT,
            messages.tuteur(parcours),
            parcours,
            nature=quoi,
            jour=jour,
            par="le jeune" if contexte.role == Role.JEUNE else "l'entreprise",
            signalement=messages.page("parcours:signalement", signalement.pk),
        )
    return signalement


@transaction.atomic
def traiter(
    contexte: Contexte,
    signalement_id: UUID,
    *,
    reponse: str,
    prevenir_acheteur: bool = False,
    prevenir_coordination: bool = False,
) -> Signalement:
    """The tutor writes what was done. The buyer is told only that the hosting is at fault, when the tutor says so.

    Raises DejaFait, RoleRefuse, ObjetDisparu. Source: digest §1.7, row 'Absence / incident'.
    """
    parcours_id = ou_disparu(Signalement.objects.filter(pk=signalement_id).values_list("parcours_id", flat=True))
    parcours = verrouiller(contexte, parcours_id, {Role.TUTEUR})
    signalement = Signalement.objects.select_for_update(of=("self",), no_key=True).get(pk=signalement_id)
    if signalement.traite_le is not None:
        raise DejaFait
    if not reponse.strip():
        raise ErreurMetier("Écrivez ce qui a été fait.", champ="reponse")
    signalement.reponse, signalement.traite_le = reponse.strip(), timezone.now()
    faits = {"nature": signalement.get_nature_display(), "jour": signalement.jour}
    if prevenir_acheteur and parcours.offre.engagement_id:
        signalement.acheteur_prevenu_le = timezone.now()
        messages.a_ceux(messages.SIGNALEMENT_ACHETEUR, acheteur_de(parcours.offre), parcours, jour=signalement.jour)
        journal.inscrire(
            contexte, signalement, "signalement.acheteur", "a prévenu l'acheteur d'une difficulté d'accueil"
        )
    if prevenir_coordination:
        courrier.envoyer(
            messages.SIGNALEMENT_GRAVE,
            coordonnateurs_de(parcours.organisation),
            messages.donnees(parcours, **faits),
            objet=parcours,
        )
    signalement.save()
    clore([attentes.TRAITER_SIGNALEMENT.code], signalement, issue="traité")
    journal.inscrire(contexte, signalement, "signalement.traiter", "a traité le signalement", audience=ENTRE_NOUS)
    return signalement
