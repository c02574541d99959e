"""The bilan croisé: three voices, one grid, then nothing changes any more. Locks: offer, stay, bilan.

Who may still write what:
- each voice belongs to its author until they sign it;
- the course and the perspectives belong to the tutor until the tutor signs;
- the grid belongs to tutor and company together until one of the two signs: a signature bears on what was read;
- the young person reads and signs once the tutor has signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.marches.actions.engagement import solder_si_fait
from raccord.parcours import attentes
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.actions.place import heures_faites, offre_de, rendre, verrouiller_offre
from raccord.parcours.actions.semaines import ENTRE_NOUS, verrouiller
from raccord.parcours.discretion import nomme, sans_nom
from raccord.parcours.enums import Accord, Competence, EtatParcours, Niveau
from raccord.parcours.gardes.parcours import heures_connues
from raccord.parcours.messages import bilans
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Bilan, Evaluation, Offre, Parcours
from raccord.parcours.models.bilan import VOIX, Voix
from raccord.parcours.workflow import PARCOURS
from raccord.socle import journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer

ETATS_ECRITURE = (EtatParcours.EN_COURS, EtatParcours.INTERROMPU, EtatParcours.TERMINE)
ETATS_SIGNATURE = (EtatParcours.INTERROMPU, EtatParcours.TERMINE)
AUTEURS = {Role.TUTEUR, Role.ENTREPRISE, Role.JEUNE}
ADULTES = (Role.TUTEUR, Role.ENTREPRISE)
VOIX_MINIMUM = 2
NOMS_VOIX = {str(auteur): libelle for auteur, libelle in VOIX}


class BilanFige(ErreurMetier):
    """Le bilan est signé : plus rien ne s'y modifie."""


class BilanTropTot(ErreurMetier):
    """Le bilan s'ouvre avec le parcours et se signe à la fin."""


class VoixSignee(ErreurMetier):
    """Vous avez déjà signé : votre partie ne se modifie plus."""


class GrilleFigee(ErreurMetier):
    """Les compétences sont figées depuis la première signature : dites votre désaccord dans vos mots."""


class NomEcrit(ErreurMetier):
    """L'acheteur lit ce texte comme preuve : remplacez le nom du jeune par « le jeune »."""


class SignatureImpossible(ErreurMetier):
    """Il manque quelque chose avant de signer."""


@dataclass
class _Travail:
    """What a writer holds, locked."""

    offre: Offre
    parcours: Parcours
    bilan: Bilan
    voix: dict[str, Voix]

    def signee(self, auteur: str) -> bool:
        return self.voix[auteur].signee_le is not None

    @property
    def grille_figee(self) -> bool:
        return any(self.signee(adulte) for adulte in ADULTES)

    @property
    def reunies(self) -> bool:
        return all(v.signee_le or v.non_recueillie for v in self.voix.values())

    @property
    def manque(self) -> str:
        return mots.liste_fr(
            NOMS_VOIX[auteur] for auteur, v in self.voix.items() if not (v.signee_le or v.non_recueillie)
        )


def ecrire(
    contexte: Contexte,
    parcours_id: UUID,
    *,
    texte: str,
    niveaux: Mapping[str, str] | None = None,
    deroulement: str | None = None,
    perspectives: str | None = None,
    accord: str = "",
    version: str | None = None,
    signer: bool = False,
) -> Bilan:
    """Write one's part, and sign it when `signer`. The third voice signs the bilan and settles the stay.

    `niveaux` maps Competence to Niveau, '' for a skill that was not seen; None leaves the grid alone, as
    `deroulement=None` and `perspectives=None` do. `version` is the one the person had under their eyes: when the common
    part changed since, raises ModifieEntreTemps and writes nothing. Raises BilanFige, BilanTropTot, VoixSignee,
    GrilleFigee, NomEcrit, SignatureImpossible (on its field), DejaFait (signed twice), RoleRefuse.
    Source: digest §1.4, 'bilan croisé'; seed 000, b.2.6.
    """
    with contraintes_en_mots(), transaction.atomic():
        travail = _ouvrir(contexte, parcours_id, signe=texte.strip() if signer else None)
        _permis(contexte, travail, signer)
        if version is not None and version != str(travail.bilan.version):
            raise ModifieEntreTemps
        commun = _ecrire_le_commun(contexte, travail, niveaux, deroulement, perspectives)
        voix = travail.voix[contexte.role]
        change = commun or (voix.texte, voix.accord) != (texte.strip(), accord or voix.accord)
        voix.texte = texte.strip()
        if contexte.role == Role.JEUNE:
            voix.accord = accord
        if signer:
            _pret_a_signer(contexte, travail)
            voix.signee_le, voix.non_recueillie = timezone.now(), ""
        voix.save()
        if change and not signer:
            journal.inscrire(contexte, travail.bilan, "bilan.ecrire", "a complété le bilan", audience=ENTRE_NOUS)
        if signer:
            _apres_signature(contexte, travail)
        return travail.bilan


def preparer_bilan(parcours: Parcours) -> Bilan:
    """The bilan exists from the day somebody opens it: the course prefilled with the missions, three silent voices."""
    bilan, cree = Bilan.objects.get_or_create(
        parcours=parcours, defaults={"deroulement": sans_nom(parcours.missions, parcours.jeune)[:3000]}
    )
    if cree:
        Voix.objects.bulk_create([Voix(bilan=bilan, auteur=auteur) for auteur, _ in VOIX])
    return bilan


def demander_le_bilan(parcours: Parcours) -> None:
    """The company writes its part now; the young person reads and signs once the tutor has written."""
    messages.aux_contacts(bilans.BILAN_ENTREPRISE, parcours, "parcours.bilan_entreprise", relance=False)


def _ouvrir(contexte: Contexte, parcours_id: UUID, *, signe: str | None = None) -> _Travail:
    offre = verrouiller_offre(offre_de(parcours_id))
    parcours = verrouiller(contexte, parcours_id, set(AUTEURS))
    if parcours.etat in (EtatParcours.BILAN_SIGNE, EtatParcours.SUITE_CONNUE):
        pareilles = Voix.objects.filter(bilan__parcours=parcours, auteur=contexte.role, texte=signe)
        raise DejaFait if signe and pareilles.exists() else BilanFige  # the last voice, sent twice
    if parcours.etat not in ETATS_ECRITURE:
        raise BilanTropTot
    preparer_bilan(parcours)
    bilan = Bilan.objects.select_for_update(of=("self",), no_key=True).get(parcours=parcours)
    return _Travail(offre, parcours, bilan, {voix.auteur: voix for voix in bilan.voix.all()})


def _permis(contexte: Contexte, travail: _Travail, signer: bool) -> None:
    if travail.signee(contexte.role):
        raise DejaFait if signer else VoixSignee
    if contexte.role == Role.JEUNE and not travail.signee(Role.TUTEUR):
        raise SignatureImpossible(
            "Votre tuteur écrit d'abord sa partie. Vous recevrez un message dès que le bilan sera prêt à lire."
        )
    if signer and travail.parcours.etat not in ETATS_SIGNATURE:
        raise SignatureImpossible("Le parcours est en cours : le bilan se signe à la fin. Votre texte peut être gardé.")


def _ecrire_le_commun(
    contexte: Contexte,
    travail: _Travail,
    niveaux: Mapping[str, str] | None,
    deroulement: str | None,
    perspectives: str | None,
) -> bool:
    """The shared part; its version grows when it changes. Returns whether it did."""
    bilan, change = travail.bilan, False
    if deroulement is not None and nomme(deroulement, travail.parcours.jeune):
        raise NomEcrit(champ="deroulement")
    if contexte.role == Role.TUTEUR:
        for champ, valeur in (("deroulement", deroulement), ("perspectives", perspectives)):
            if valeur is not None and valeur.strip() != getattr(bilan, champ):
                setattr(bilan, champ, valeur.strip())
                change = True
    if niveaux is not None and contexte.role in ADULTES:
        change |= _ecrire_la_grille(travail, niveaux)
    if change:
        bilan.version += 1
        bilan.save()
    return change


def _ecrire_la_grille(travail: _Travail, niveaux: Mapping[str, str]) -> bool:
    avant = dict(travail.bilan.evaluations.values_list("competence", "niveau"))
    apres = {c: n for c, n in niveaux.items() if c in Competence.values and n in Niveau.values}
    if apres == avant:
        return False
    if travail.grille_figee:
        raise GrilleFigee
    travail.bilan.evaluations.exclude(competence__in=apres).delete()
    for competence, niveau in apres.items():
        Evaluation.objects.update_or_create(bilan=travail.bilan, competence=competence, defaults={"niveau": niveau})
    return True


def _pret_a_signer(contexte: Contexte, travail: _Travail) -> None:
    bilan = travail.bilan
    if not travail.voix[contexte.role].texte:
        raise SignatureImpossible("Écrivez au moins une phrase avant de signer.", champ="texte")
    if contexte.role == Role.JEUNE:
        if travail.voix[Role.JEUNE].accord not in Accord.values:
            raise SignatureImpossible("Dites si vous êtes d'accord avec ce bilan.", champ="accord")
        return
    if not bilan.evaluations.exists():
        raise SignatureImpossible("Renseignez au moins une compétence avant de signer.")
    if contexte.role == Role.TUTEUR:
        if not bilan.deroulement:
            raise SignatureImpossible("Racontez le déroulement du parcours avant de signer.", champ="deroulement")
        refus = heures_connues(contexte, travail.parcours)
        if refus:
            raise SignatureImpossible(refus)


def _apres_signature(contexte: Contexte, travail: _Travail) -> None:
    parcours = travail.parcours
    if travail.reunies:
        _conclure(contexte, travail)
        return
    journal.inscrire(contexte, travail.bilan, "bilan.signer", f"a signé le bilan ({NOMS_VOIX[contexte.role]})")
    if contexte.role == Role.TUTEUR:
        if not travail.signee(Role.JEUNE):
            messages.au_jeune(bilans.BILAN_JEUNE, parcours, "parcours.bilan_jeune")
    else:
        messages.a_ceux(
            bilans.BILAN_VOIX,
            messages.tuteur(parcours),
            parcours,
            signataire=NOMS_VOIX[contexte.role],
            manque=travail.manque,
            bilan=messages.page("parcours:bilan", parcours.pk),
        )


def _conclure(contexte: Contexte, travail: _Travail) -> None:
    """The voices are there: signed for good; the place is given back, the contract settled if all is done."""
    offre = travail.offre
    with executer(PARCOURS["signer_bilan"], contexte, Parcours, travail.parcours.pk) as parcours:
        rendre(contexte, offre, parcours)
        travail.bilan.signe_le = timezone.now()
        travail.bilan.save()
        if offre.engagement_id:
            solder_si_fait(contexte, offre.engagement_id)
        messages.a_ceux(
            bilans.BILAN_PREUVE,
            acheteur_de(offre),
            parcours,
            faites=heures_faites(parcours),
            preuve=messages.page("parcours:preuve", parcours.pk),
        )
        messages.aux_contacts(bilans.BILAN_SIGNE, parcours, "parcours.bilan_entreprise")
        messages.au_jeune(bilans.BILAN_SIGNE_JEUNE, parcours, "parcours.bilan_jeune")
        messages.a_ceux(bilans.BILAN_SIGNE_TUTEUR, messages.tuteur(parcours), parcours)


@transaction.atomic
def conclure_sans(contexte: Contexte, parcours_id: UUID, *, auteur: str, raison: str) -> Bilan:
    """Once the delay is over, the tutor writes why a voice could not be had: a bilan does not wait for ever.

    Two voices at least, the tutor's included. Raises SignatureImpossible, BilanFige, RoleRefuse, DejaFait.
    Source: digest §2, P26 (bilan not done or late; no-show path).
    """
    travail = _ouvrir(contexte, parcours_id)
    refus = refus_de_conclure_sans(contexte, travail.parcours, travail.bilan, auteur)
    if refus is not None:
        raise refus
    if not raison.strip():
        raise ErreurMetier("Dites pourquoi cette voix n'a pas pu être recueillie.", champ="raison")
    voix = travail.voix[auteur]
    voix.non_recueillie = raison.strip()
    voix.save()
    journal.inscrire(
        contexte,
        travail.bilan,
        "bilan.conclure_sans",
        f"a noté que cette voix manque au bilan : {NOMS_VOIX[auteur]}",
        faits={"voix": auteur},
    )
    if travail.reunies:
        _conclure(contexte, travail)
    return travail.bilan


def refus_de_conclure_sans(contexte: Contexte, parcours: Parcours, bilan: Bilan, auteur: str) -> ErreurMetier | None:
    """Why one cannot do without that voice yet, or None."""
    voix = {v.auteur: v for v in bilan.voix.all()}
    if contexte.role != Role.TUTEUR or auteur not in (Role.ENTREPRISE, Role.JEUNE):
        return SignatureImpossible("Seul le tuteur peut conclure sans une voix, et jamais sans la sienne.")
    if voix[auteur].signee_le or voix[auteur].non_recueillie:
        return DejaFait()
    if voix[Role.TUTEUR].signee_le is None:
        return SignatureImpossible("Signez d'abord votre partie.")
    if sum(1 for v in voix.values() if not v.non_recueillie) <= VOIX_MINIMUM:
        return SignatureImpossible("Un bilan compte au moins deux voix : il en manque déjà une.")
    attente = Attente.objects.ouvertes().filter(code=attentes.ECRIRE_BILAN.code, objet_id=parcours.pk).first()
    if attente is not None and not attente.en_retard:
        return SignatureImpossible(
            f"Laissez le temps de répondre : on peut conclure sans cette voix après le "
            f"{mots.date_fr(attente.echeance)}."
        )
    return None


@transaction.atomic
def rouvrir(contexte: Contexte, parcours_id: UUID) -> Bilan:
    """The tutor takes the signatures back to correct, before the last voice: texts stay, those who signed are told.

    Raises BilanFige once it is signed by all, RoleRefuse, DejaFait when nobody has signed.
    """
    travail = _ouvrir(contexte, parcours_id)
    if contexte.role != Role.TUTEUR:
        raise ErreurMetier("Le tuteur MLDS peut rouvrir le bilan : appelez-le.")
    signees = [auteur for auteur, voix in travail.voix.items() if voix.signee_le]
    if not signees:
        raise DejaFait
    travail.bilan.voix.update(signee_le=None, non_recueillie="")
    travail.bilan.version += 1
    travail.bilan.save()
    journal.inscrire(contexte, travail.bilan, "bilan.rouvrir", "a rouvert le bilan pour le corriger")
    if Role.ENTREPRISE in signees:
        messages.aux_contacts(bilans.BILAN_ROUVERT, travail.parcours, "parcours.bilan_entreprise")
    if Role.JEUNE in signees:
        messages.au_jeune(bilans.BILAN_ROUVERT, travail.parcours, "parcours.bilan_jeune")
    return travail.bilan


@transaction.atomic
def relancer(contexte: Contexte, parcours_id: UUID) -> str:
    """Ask again, by a fresh link, for the voices that are missing; says which in words."""
    travail = _ouvrir(contexte, parcours_id)
    redemander(travail.parcours, travail.voix)
    journal.inscrire(contexte, travail.bilan, "bilan.relancer", "a relancé les voix qui manquent au bilan")
    return travail.manque


def redemander(parcours: Parcours, voix: Mapping[str, Voix]) -> None:
    """The message and the link to whoever has not signed and may: also the rung of the bilan's wait."""
    if not (voix[Role.ENTREPRISE].signee_le or voix[Role.ENTREPRISE].non_recueillie):
        messages.aux_contacts(bilans.BILAN_ENTREPRISE, parcours, "parcours.bilan_entreprise", relance=True)
    jeune = voix[Role.JEUNE]
    if voix[Role.TUTEUR].signee_le and not (jeune.signee_le or jeune.non_recueillie):
        messages.au_jeune(bilans.BILAN_JEUNE, parcours, "parcours.bilan_jeune")
