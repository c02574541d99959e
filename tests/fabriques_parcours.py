"""Stays brought to a state by their real actions, each step on its own day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import Contact
from raccord.jeunes.models import Jeune
from raccord.marches.models import Engagement
from raccord.parcours import rythme
from raccord.parcours.actions import bilan as actions_bilan
from raccord.parcours.actions import parcours as actions
from raccord.parcours.actions import semaines, suite
from raccord.parcours.enums import Competence, Niveau, Suite
from raccord.parcours.models import Offre, Parcours, Positionnement, Reservation
from raccord.parcours.presence import INCONNUE, Presence
from raccord.parcours.workflow import OFFRE, POSITIONNEMENT, RESERVATION
from raccord.socle import calendrier
from raccord.socle.workflow import executer, inaugurer
from tests.distribution import Distribution, Personne

GRILLE = {
    Competence.PONCTUALITE: Niveau.ACQUIS,
    Competence.CONSIGNES: Niveau.ACQUIS,
    Competence.AUTONOMIE: Niveau.EN_COURS,
    Competence.INITIATIVE: Niveau.NON_ACQUIS,
}


@contextmanager
def le(jour: dt.date, heure: int = 10) -> Iterator[None]:
    """Act on that day, in the morning."""
    with time_machine.travel(dt.datetime.combine(jour, dt.time(heure), tzinfo=calendrier.PARIS), tick=False):
        yield


class Fabrique:
    """Builders of stays for one cast. Dates count from the frozen today."""

    def __init__(self, distribution: Distribution) -> None:
        self.d = distribution
        self.aujourdhui = calendrier.aujourdhui()
        self.lundi = calendrier.lundi(self.aujourdhui)

    def proposition(
        self,
        *,
        offre: Offre | None = None,
        jeune: Jeune | None = None,
        tuteur: Personne | None = None,
        engagement: Engagement | None = None,
        **champs: Any,
    ) -> Positionnement:
        """The meeting is fixed. `champs` go to the offer."""
        tuteur = tuteur or self.d.tuteur
        if offre is None:
            champs = {"date_debut": self.aujourdhui - dt.timedelta(days=200)} | champs
            offre = self.d.offre_publiee(engagement, **champs)
        jeune = jeune or self.d.jeune(tuteur)
        reservation = Reservation(offre=offre, jeune=jeune, tuteur=tuteur.utilisateur, organisation=tuteur.organisation)
        with executer(OFFRE["reserver"], tuteur.contexte, Offre, offre.pk):
            pass
        with inaugurer(RESERVATION["reserver"], tuteur.contexte, reservation):
            pass
        positionnement = Positionnement(reservation=reservation, presentation="Aime travailler en équipe.")
        with inaugurer(POSITIONNEMENT["preparer"], tuteur.contexte, positionnement):
            positionnement.creneaux.create(debut=timezone.now() + dt.timedelta(days=2), propose_par="tuteur")
        with executer(POSITIONNEMENT["transmettre"], tuteur.contexte, Positionnement, positionnement.pk) as envoyee:
            envoyee.transmis_le = timezone.now()
        with executer(POSITIONNEMENT["accepter"], self.d.contexte_referent, Positionnement, positionnement.pk) as fixee:
            fixee.rencontre_le, fixee.rencontre_lieu = timezone.now(), "12 rue des Essais"
        return fixee

    def convenu(
        self,
        proposition: Positionnement | None = None,
        *,
        debut: dt.date | None = None,
        fin: dt.date | None = None,
        heures: int = 150,
        hebdo: Decimal | int = 35,
        referent: Contact | None = None,
        tuteur: Personne | None = None,
        missions: str = "Préparer les commandes, accompagner un menuisier.",
        presence: Presence = INCONNUE,
        **champs: Any,
    ) -> Parcours:
        """Agreed at the meeting: by default five weeks from next Monday, 150 h."""
        debut = debut or self.lundi + dt.timedelta(days=7)
        fin = fin or debut + dt.timedelta(days=32)
        if proposition is None:
            champs = {"date_debut": min(debut, self.aujourdhui) - dt.timedelta(days=30)} | champs
            proposition = self.proposition(tuteur=tuteur, **champs)
        return actions.convenir(
            (tuteur or self.d.tuteur).contexte,
            proposition.pk,
            missions=missions,
            debut=debut,
            fin=fin,
            heures_prevues=heures,
            heures_hebdo=Decimal(hebdo),
            lieu="Atelier, 12 rue des Essais, Lille",
            referent_id=referent.pk if referent else None,
            presence=presence,
        )

    def a_venir(self, **champs: Any) -> Parcours:
        """The convention is signed."""
        parcours = self.convenu(**champs)
        return actions.signer_convention(
            self._contexte(champs), parcours.pk, signee_le=min(parcours.debut, self.aujourdhui)
        )

    def en_cours(self, *, semaines_passees: int = 2, **champs: Any) -> Parcours:
        """Begun so many Mondays ago (0: this Monday)."""
        debut = champs.pop("debut", self.lundi - dt.timedelta(days=7 * semaines_passees))
        parcours = self.a_venir(debut=debut, **champs)
        return actions.demarrer(self._contexte(champs), parcours.pk)

    def avec_heures(self, parcours: Parcours, heures: Decimal | int = 35) -> Parcours:
        """The company enters every week begun."""
        for lundi in rythme.lundis(parcours.debut, min(parcours.fin, calendrier.aujourdhui())):
            if not parcours.semaines.filter(lundi=lundi).exists():
                semaines.noter(self.d.contexte_referent, parcours.pk, lundi=lundi, heures=Decimal(heures))
        return parcours

    def termine(self, heures: Decimal | int = 30, **champs: Any) -> Parcours:
        """Five weeks that ended last Friday, 30 h each."""
        debut = champs.pop("debut", self.lundi - dt.timedelta(days=35))
        parcours = self.en_cours(debut=debut, **champs)
        self.avec_heures(parcours, heures)
        return actions.terminer(self._contexte(champs), parcours.pk)

    def interrompu(self, *, motif: str = "absences", precisions: str = "N'est plus venu.", **champs: Any) -> Parcours:
        """Two weeks done, stopped last Friday."""
        parcours = self.en_cours(**champs)
        self.avec_heures(parcours)
        parcours.semaines.filter(lundi=self.lundi).exists() and semaines.noter(
            self.d.contexte_referent, parcours.pk, lundi=self.lundi, heures=Decimal(0)
        )
        return actions.interrompre(
            self._contexte(champs),
            parcours.pk,
            dernier_jour=self.lundi - dt.timedelta(days=3),
            motif=motif,
            precisions=precisions,
        )

    def voix_tuteur(self, parcours: Parcours, **champs: Any) -> None:
        defauts: dict[str, Any] = {
            "texte": "Une vraie progression.",
            "niveaux": GRILLE,
            "deroulement": "Commandes, atelier, chantier.",
            "perspectives": "Un CAP de menuisier.",
            "signer": True,
        }
        contexte = contexte_du_tuteur(parcours)
        actions_bilan.ecrire(contexte, parcours.pk, **(defauts | champs))

    def voix_entreprise(self, parcours: Parcours, **champs: Any) -> None:
        defauts: dict[str, Any] = {"texte": "Toujours à l'heure.", "niveaux": None, "signer": True}
        actions_bilan.ecrire(self.d.contexte_referent, parcours.pk, **(defauts | champs))

    def voix_jeune(self, parcours: Parcours, **champs: Any) -> None:
        defauts: dict[str, Any] = {"texte": "J'ai aimé le bois.", "accord": "oui", "signer": True}
        actions_bilan.ecrire(self.d.contexte_jeune(parcours.jeune_id), parcours.pk, **(defauts | champs))

    def bilan_signe(self, **champs: Any) -> Parcours:
        """The three voices."""
        parcours = self.termine(**champs)
        self.voix_tuteur(parcours)
        self.voix_entreprise(parcours)
        self.voix_jeune(parcours)
        parcours.refresh_from_db()
        return parcours

    def suite_connue(self, code: str = Suite.APPRENTISSAGE, **champs: Any) -> Parcours:
        """The whole way."""
        parcours = self.bilan_signe(**champs)
        return suite.dire(
            self._contexte(champs), parcours.pk, suite=code, le=self.aujourdhui, precisions="Chez un artisan."
        )

    def lien_entreprise(self, action: str, parcours: Parcours) -> str:
        """A fresh link's path for the company's tutor."""
        return chemin(liens.creer_pour_contact(action, parcours.pk, self.d.referent))

    def lien_jeune(self, action: str, objet: Parcours | Positionnement) -> str:
        """A fresh link's path for the young person."""
        jeune = objet.jeune
        return chemin(liens.creer_pour_jeune(action, objet.pk, jeune.pk))

    def _contexte(self, champs: dict[str, Any]) -> Any:
        return (champs.get("tuteur") or self.d.tuteur).contexte


def contexte_du_tuteur(parcours: Parcours) -> Any:
    """The stay's tutor, acting for the MLDS that follows it."""
    return actions.Contexte(
        role="tuteur",
        utilisateur_id=parcours.tuteur_id,
        organisation_id=parcours.organisation_id,
        academie_id=parcours.organisation.academie_id,
    )


def chemin(adresse: str) -> str:
    """The path of an address."""
    return "/" + adresse.split("/", 3)[3]
