"""How much of a bilan each one reads: its three authors all of it, the buyer the proof alone (digest §1.7)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied

from raccord.comptes.enums import Role
from raccord.parcours import rythme
from raccord.parcours.acces import parcours as acces
from raccord.parcours.discretion import sans_nom
from raccord.parcours.enums import Competence, EtatParcours, Niveau
from raccord.parcours.models import Bilan, Parcours
from raccord.parcours.models.bilan import VOIX, Voix
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier

ETATS_A_BILAN = (
    EtatParcours.EN_COURS,
    EtatParcours.INTERROMPU,
    EtatParcours.TERMINE,
    EtatParcours.BILAN_SIGNE,
    EtatParcours.SUITE_CONNUE,
)


class BilanPasOuvert(ErreurMetier):
    """Le bilan s'ouvre quand le parcours commence."""


class PreuvePasPrete(ErreurMetier):
    """Le bilan n'est pas encore signé : la preuve d'exécution sera ici dès que les voix seront réunies."""


@dataclass(frozen=True, kw_only=True)
class LigneGrille:
    """One skill and how far it has come; no level when it was not seen."""

    competence: str
    libelle: str
    niveau: str
    libelle_niveau: str


@dataclass(frozen=True, kw_only=True)
class Lecture:
    """A bilan as its authors read it. Before the first writing it holds what would be prefilled."""

    bilan: Bilan | None
    deroulement: str
    perspectives: str
    version: str
    voix: dict[str, Voix]
    grille: list[LigneGrille]
    heures: acces.Heures
    signe_le: dt.datetime | None

    @property
    def grille_figee(self) -> bool:
        """One of the two tutors has signed."""
        return any(self.voix[adulte].signee_le for adulte in (Role.TUTEUR, Role.ENTREPRISE))

    @property
    def acquis(self) -> list[LigneGrille]:
        """What the young person can do."""
        return [ligne for ligne in self.grille if ligne.niveau == Niveau.ACQUIS]

    @property
    def en_cours(self) -> list[LigneGrille]:
        """What is being learnt."""
        return [ligne for ligne in self.grille if ligne.niveau == Niveau.EN_COURS]

    @property
    def a_venir(self) -> list[LigneGrille]:
        """What is still to be learnt."""
        return [ligne for ligne in self.grille if ligne.niveau == Niveau.NON_ACQUIS]

    @property
    def niveaux(self) -> dict[str, str]:
        """Competence to level, for a form."""
        return {ligne.competence: ligne.niveau for ligne in self.grille if ligne.niveau}

    @property
    def les_voix(self) -> list[tuple[str, Voix]]:
        """The three, in order, each with its author in words."""
        return [(libelle, self.voix[auteur]) for auteur, libelle in VOIX]


def lecture(parcours: Parcours) -> Lecture:
    """The bilan of a stay that began. Raises BilanPasOuvert before. Writes nothing."""
    if parcours.etat not in ETATS_A_BILAN:
        raise BilanPasOuvert
    bilan = Bilan.objects.filter(parcours=parcours).first()
    niveaux = dict(bilan.evaluations.values_list("competence", "niveau")) if bilan else {}
    voix = {v.auteur: v for v in bilan.voix.all()} if bilan else {}
    return Lecture(
        bilan=bilan,
        deroulement=bilan.deroulement if bilan else sans_nom(parcours.missions, parcours.jeune)[:3000],
        perspectives=bilan.perspectives if bilan else "",
        version=str(bilan.version) if bilan else "",
        voix={str(auteur): voix.get(str(auteur)) or Voix(auteur=auteur) for auteur, _ in VOIX},
        grille=[
            LigneGrille(
                competence=c.value,
                libelle=str(c.label),
                niveau=niveaux.get(c.value, ""),
                libelle_niveau=str(Niveau(niveaux[c.value]).label) if c.value in niveaux else "pas vu",
            )
            for c in Competence
        ],
        heures=acces.heures_de(parcours),
        signe_le=bilan.signe_le if bilan else None,
    )


def parcours_du_bilan(contexte: Contexte, parcours_id: UUID) -> Parcours:
    """The stay whose bilan this person may read whole: the MLDS that follows it, by its grant on the file.

    Raises PermissionDenied for those who have the proof only, Http404 for the others.
    """
    parcours = acces.parcours_visible(contexte, parcours_id)
    if not acces.voit_le_jeune(contexte, parcours):
        raise PermissionDenied
    return parcours


# --- The proof -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signed, when; or why a voice is missing: said, not quoted."""

    qui: str
    le: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Preuve:
    """Proof of execution of the clause: nothing of the young person, nothing pedagogic. Hours are Decimal."""

    beneficiaire: str
    acheteur: str
    marche: str
    reference: str
    entreprise: str
    siret: str
    mlds: str
    tuteur: str
    lieu: str
    debut: dt.date
    fin: dt.date
    interrompu: bool
    presence: str
    convention_signee_le: dt.date | None
    heures_dues: int | None
    heures_prevues: int
    heures_faites: Decimal
    semaines: list[tuple[dt.date, Decimal]]
    missions: str
    signatures: list[Signature]
    signe_le: dt.datetime | None


def preuve(parcours: Parcours) -> Preuve:
    """What the buyer receives, once the voices are there. Raises PreuvePasPrete before."""
    lu = lecture(parcours) if parcours.etat in acces.CLOS else None
    if lu is None or lu.bilan is None:
        raise PreuvePasPrete
    offre = parcours.offre
    engagement = offre.engagement
    mlds = parcours.organisation.nom if parcours.organisation else "MLDS"
    return Preuve(
        beneficiaire=f"un jeune accompagné par {acces.avec_article(mlds)}",
        acheteur=engagement.marche.acheteur.nom if engagement else "",
        marche=engagement.marche.objet if engagement else "",
        reference=engagement.marche.reference if engagement else "",
        entreprise=offre.entreprise.nom,
        siret=offre.entreprise.siret,
        mlds=mlds,
        tuteur=parcours.tuteur.nom_complet if parcours.tuteur else "",
        lieu=parcours.lieu or offre.adresse or offre.commune.nom,
        debut=parcours.debut,
        fin=rythme.dernier_jour(parcours),
        interrompu=bool(parcours.motif_interruption),
        presence=parcours.presence.en_mots(),
        convention_signee_le=parcours.convention_signee_le,
        heures_dues=engagement.heures if engagement else None,
        heures_prevues=parcours.heures_prevues,
        heures_faites=lu.heures.faites,
        semaines=[(ligne.lundi, ligne.semaine.heures) for ligne in lu.heures.lignes if ligne.semaine],
        missions=sans_nom(lu.deroulement, parcours.jeune),
        signatures=[Signature(qui=qui, le=voix.signee_le) for qui, voix in lu.les_voix],
        signe_le=lu.signe_le,
    )
