"""The ladder of a company's silence as a state machine: people, messages that come back and clocks, in any order.

Whatever happens: nobody is told twice by the same rung, nobody is told after the end or during a pause, every silence
ends at a person.
"""

import datetime as dt
from collections import Counter
from contextlib import suppress

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from conftest import INSTANT
from raccord.comptes.joignabilite import marquer_injoignable
from raccord.echeances import actions as attentes
from raccord.echeances.echelle import monter_la_suite, relever
from raccord.echeances.facteur import expedier
from raccord.echeances.models import Attente, Message, Rappel
from raccord.marches.contacts import Coordonnees
from raccord.parcours.actions import contacts, reponse
from raccord.parcours.actions import positionnement as gestes
from raccord.parcours.models import Offre, Positionnement
from raccord.parcours.workflow import OUVERTS
from raccord.socle.exceptions import ErreurMetier
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import jour, transmis

RAPPELS = ("parcours.reponse_relance", "parcours.reponse_silence", "parcours.reponse_depassee")
QUI = st.sampled_from(["referent", "rrh"])


class Silence(RuleBasedStateMachine):
    """One proposal, and everything that may happen to it until somebody answers."""

    distribution: Distribution

    def __init__(self) -> None:
        super().__init__()
        self.bloc = transaction.atomic()
        self.bloc.__enter__()
        self.maintenant = INSTANT
        contact(self.distribution.entreprise, verifie_le=timezone.now())
        self.propose = transmis(self.distribution)
        self.attente = Attente.objects.get(code="repondre", objet_id=self.propose.pk)
        self.vus: set[object] = set()

    def teardown(self) -> None:
        try:
            self._tout_silence_finit_a_quelqu_un()
        finally:
            transaction.set_rollback(True)
            self.bloc.__exit__(None, None, None)

    # --- Time and the machine ------------------------------------------------------------------------

    @rule(heures=st.integers(-72, 24 * 9))
    def attendre(self, heures: int) -> None:
        """The clock goes on, or is put back."""
        self.maintenant = max(INSTANT, self.maintenant + dt.timedelta(hours=heures))

    @rule()
    def relever(self) -> None:
        with self._a():
            muette = self._muette()
            avant = self._rappels()
            relever()
            relever()
            if muette:
                assert self._rappels() == avant, "close, répondue ou en pause, une attente ne dit rien"

    @rule(comment=st.sampled_from(["rien", "pause", "reponse", "arret", "adresse"]))
    def arriver_a_l_echelon(self, comment: str) -> None:
        """The next rung is climbed; something happens before the postman comes."""
        self.attente.refresh_from_db()
        if self.attente.close_le is None and self.attente.prochain is not None:
            self.maintenant = max(self.maintenant, self.attente.prochain + dt.timedelta(seconds=1))
            self.relever()
            if comment == "pause":
                self.mettre_en_pause(3)
            elif comment == "reponse":
                self.repondre("contre_proposer")
            elif comment == "arret":
                self.arreter()
            elif comment == "adresse":
                self.ne_plus_recevoir("referent")
        self.expedier(sans_repit=True)

    @rule(sans_repit=st.booleans())
    def expedier(self, sans_repit: bool) -> None:
        """What leaves, leaves for a wait that still stands."""
        with self._a(dt.timedelta(minutes=3 if sans_repit else 0)):
            muette = self._muette()
            expedier()
            partis = set(
                Message.objects.filter(attente=self.attente, envoye_le__isnull=False).values_list("pk", flat=True)
            )
            nouveaux = partis - self.vus
            self.vus |= partis
            assert not (muette and nouveaux), "rien ne part sur une attente close, répondue ou en pause"

    @rule()
    def monter(self) -> None:
        with self._a():
            if not self._muette():
                monter_la_suite(self.attente.pk)

    # --- The company ---------------------------------------------------------------------------------

    @rule(comment=st.sampled_from(["accepter", "contre_proposer", "refuser", "rappeler"]))
    def repondre(self, comment: str) -> None:
        """A refusal in words is an answer too: the state did not allow it."""
        qui, pk = self.distribution.contexte_referent, self.propose.pk
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            if comment == "accepter":
                libre = self.propose.creneaux.filter(propose_par="tuteur", debut__gt=timezone.now()).first()
                if libre is not None:
                    gestes.accepter(qui, pk, creneau_id=libre.pk)
            elif comment == "contre_proposer":
                gestes.contre_proposer(qui, pk, creneaux=[jour(6, 9)])
            elif comment == "refuser":
                gestes.refuser(qui, pk, motif="dates", precisions="Pas cette fois.")
            else:
                lendemain = jour(1).date()
                reponse.demander_rappel(qui, pk, telephone="0601020304", jour=lendemain, moitie="matin")

    @rule()
    def revenir(self) -> None:
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            reponse.revenir(self.distribution.contexte_referent, self.propose.pk)

    @rule(qui=QUI)
    def ne_plus_recevoir(self, qui: str) -> None:
        with self._a():
            perdu = getattr(self._offre(), qui)
            if perdu is not None:
                marquer_injoignable(perdu.pk, "550")

    @rule(qui=QUI)
    def partir(self, qui: str) -> None:
        Offre.objects.filter(pk=self.propose.offre.pk).update(**{qui: None})

    # --- The tutor and the buyer ---------------------------------------------------------------------

    @rule(jours=st.integers(1, 20))
    def mettre_en_pause(self, jours: int) -> None:
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            fin = timezone.localdate() + dt.timedelta(days=jours)
            qui = self.distribution.tuteur.contexte
            attentes.mettre_en_pause(qui, self.attente.pk, jusqu_au=fin, raison="ferme pour congés")

    @rule()
    def reprendre(self) -> None:
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            attentes.reprendre(self.distribution.tuteur.contexte, self.attente.pk)

    @rule()
    def rappeler(self) -> None:
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            reponse.noter_rappel(self.distribution.tuteur.contexte, self.propose.pk)

    @rule(qui=QUI, rang=st.integers(0, 99))
    def trouver_un_contact(self, qui: str, rang: int) -> None:
        personne = Coordonnees(nom=f"Paul Nouveau {rang}", courriel=f"nouveau{rang}@essai.example")
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            contacts.donner_contact(
                self.distribution.acheteur.contexte, self.propose.offre.pk, place=qui, personne=personne
            )

    @precondition(lambda self: self._etat() in OUVERTS)
    @rule()
    def arreter(self) -> None:
        with self._a(), suppress(ErreurMetier), transaction.atomic():
            gestes.arreter(self.distribution.tuteur.contexte, self.propose.pk, motif="autre_solution")

    # --- What always holds ---------------------------------------------------------------------------

    @invariant()
    def nul_n_est_prevenu_deux_fois_d_un_echelon(self) -> None:
        for rappel in Rappel.objects.filter(attente=self.attente):
            assert max(Counter(rappel.prevenus).values(), default=1) == 1
        ecrits = Message.objects.filter(attente=self.attente, code__in=RAPPELS)
        fois = Counter(ecrits.values_list("code", "contact_id", "utilisateur_id"))
        assert max(fois.values(), default=1) == 1, fois

    @invariant()
    def une_attente_ouverte_dit_quand_elle_bouge(self) -> None:
        """`prochain` is never forgotten while something is left to climb."""
        attente = Attente.objects.select_related("echelle").get(pk=self.attente.pk)
        restent = len(attente.echelle.echelons) - Rappel.objects.filter(attente=attente).count()
        assert attente.close_le is not None or (attente.prochain is None) == (restent == 0)

    def _tout_silence_finit_a_quelqu_un(self) -> None:
        """Two months later, whatever happened before."""
        self.maintenant += dt.timedelta(days=60)
        with self._a():
            self.attente.refresh_from_db()
            relever()
            if self.attente.close_le is None:
                assert Rappel.objects.get(attente=self.attente, echelon="courrier").prevenus
        self.expedier(sans_repit=True)

    # --- Reading -------------------------------------------------------------------------------------

    def _a(self, plus: dt.timedelta = dt.timedelta()) -> time_machine.travel:
        return time_machine.travel(self.maintenant + plus, tick=False)

    def _muette(self) -> bool:
        self.attente.refresh_from_db()
        return self.attente.close_le is not None or self.attente.en_pause

    def _rappels(self) -> int:
        return Rappel.objects.filter(attente=self.attente).count()

    def _offre(self) -> Offre:
        return Offre.objects.select_related("referent", "rrh").get(pk=self.propose.offre.pk)

    def _etat(self) -> str:
        return Positionnement.objects.get(pk=self.propose.pk).etat


def test_le_silence_dans_tous_les_ordres(distribution: Distribution) -> None:
    Silence.distribution = distribution
    reglages = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Silence, settings=reglages)
