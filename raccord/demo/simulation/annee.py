"""Day after day: the ladders climb, people act, messages leave, come back or are read, and sometimes answered.

Only the people are invented, and the mail servers. What they do goes through the product's actions, in their own name,
under the row-level security; what they receive is what the postman handed over and what did not come back.
"""

import datetime as dt
import heapq
import random
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from unittest import mock
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction
from raccord.demo.generateur import fictif, horloge
from raccord.demo.generateur.troupe import Personne
from raccord.demo.simulation.bilan import Bilan, centile, mediane, par_personne_et_semaine
from raccord.demo.simulation.modele import Modele
from raccord.demo.simulation.monde import Monde
from raccord.demo.simulation.poste import Poste, ouverte
from raccord.echeances import retours
from raccord.echeances.echelle import relever
from raccord.echeances.facteur import RECAPITULATIF, expedier
from raccord.echeances.models import Attente, Message
from raccord.echeances.tournees import faire_les_tournees
from raccord.jeunes.models import Jeune
from raccord.marches.contacts import Coordonnees
from raccord.parcours import creneaux as regles
from raccord.parcours.actions import contacts as actions_contacts
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions.reponse import acter_ce_qui_tient
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.enums import EtatPositionnement as E
from raccord.parcours.enums import MotifAbandon, MotifRefus
from raccord.parcours.messages.contacts import CHERCHER
from raccord.parcours.messages.positionnements import LIEN_REPONSE
from raccord.parcours.models import Creneau, Offre, Positionnement
from raccord.parcours.workflow import OUVERTS
from raccord.socle import calendrier, identite
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import TransitionRefusee

MATIN, JOURNEE, SOIR = dt.time(8, 5), dt.time(9), dt.time(18, 30)
APRES = dt.timedelta(minutes=5)  # the postman waits a little for what the ladder writes in one go
PREMIER_MESSAGE = "parcours.profil_entreprise"
APPELS_A_L_ACHETEUR = frozenset({"parcours.reponse_silence", "parcours.reponse_depassee_acheteur"})
CRENEAUX_DE_L_ENTREPRISE, REFUS = "parcours.creneaux_entreprise", "parcours.refus_tuteur"
MOITIE = 0.5
ESSAIS = 40  # of hours for a slot: the tutor has other meetings


@dataclass(eq=False)
class Cas:
    """One proposal. `hasard` draws what happens to it alone: the same company behaves alike with and without ladder."""

    hasard: random.Random
    tuteur: Personne
    offre: UUID
    jeune: UUID
    positionnement: UUID
    envoye: dt.date
    absents: frozenset[UUID]
    """Contacts who do not answer whatever is written or said: gone, their address dead or not."""
    repondu: dt.date | None = None
    fixee: dt.date | None = None
    rencontre: dt.date | None = None
    fin: str = ""


@dataclass
class Annee:
    """`semaines` during which proposals start; then it goes on until each has an end."""

    modele: Modele
    monde: Monde
    graine: int
    debut: dt.date
    semaines: int
    echelle: bool
    cas: dict[UUID, Cas] = field(default_factory=dict)
    attentes_sans_proprietaire: int = 0
    silences_sans_personne: int = 0
    _poste: Poste | None = None
    _agenda: list[tuple[dt.date, int, Callable[[], None]]] = field(default_factory=list)
    _numero: int = 0
    _cherchees: int = 0
    _lu: dt.datetime | None = None
    _envois: list[tuple[str, dt.date]] = field(default_factory=list)

    def derouler(self) -> Bilan:
        """Every day until the last case has its end. Without the ladder, an address that dies wakes nobody either."""
        sans = mock.patch.object(actions_contacts, "monter_la_suite", return_value=False)
        with identite.motiver("simuler_annee"), ouverte() as self._poste, nullcontext() if self.echelle else sans:
            return self._derouler()

    def _derouler(self) -> Bilan:
        self._lu = dt.datetime.combine(self.debut, dt.time(), tzinfo=calendrier.PARIS)
        hasard = random.Random(f"{self.graine} départs")  # noqa: S311  chance of a tale, no secret
        jour, fin_des_departs = self.debut, self.debut + dt.timedelta(weeks=self.semaines)
        dernier = calendrier.ajouter_jours_ouvres(fin_des_departs, 2 * self.modele.tuteur.renonce_apres)
        while jour < dernier and (jour < fin_des_departs or any(not cas.fin for cas in self.cas.values())):
            self._matin(jour)
            if calendrier.est_ouvre(jour):
                if jour < fin_des_departs:
                    self._departs(jour, hasard)
                self._journee(jour)
            self._soir(jour)
            jour += dt.timedelta(days=1)
        return self._bilan()

    # --- The clock -----------------------------------------------------------------------------------

    def _matin(self, jour: dt.date) -> None:
        with horloge.a(_moment(jour, MATIN)):
            if self.echelle:
                relever()
            faire_les_tournees()
            self.attentes_sans_proprietaire += (
                Attente.objects.ouvertes()
                .filter(organisation_id=None, utilisateur_id=None, contact_id=None, jeune_id=None)
                .count()
            )
            self.silences_sans_personne += _silences_sans_personne()
        self._distribuer(_moment(jour, MATIN) + APRES)

    @staticmethod
    def _distribuer(moment: dt.datetime) -> None:
        """The real postman, then what comes back, until nothing moves any more."""
        with horloge.a(moment):
            expedier()
            while retours.lire():
                expedier()

    def _journee(self, jour: dt.date) -> None:
        moment = _moment(jour, JOURNEE)
        while self._agenda and self._agenda[0][0] <= jour:
            _, _, faire = heapq.heappop(self._agenda)
            moment += dt.timedelta(minutes=2)
            with horloge.a(moment), transaction.atomic():  # as a request is
                faire()

    def _soir(self, jour: dt.date) -> None:
        """What arrived since yesterday evening, in an order that owes nothing to identifiers drawn at random.

        The company's answers of the day are told by then, ladder or not: their hour is over.
        """
        soir = _moment(jour, SOIR)
        with horloge.a(soir):
            acter_ce_qui_tient()
        self._distribuer(soir + APRES)
        with identite.agir(SYSTEME), transaction.atomic():
            arrives = Message.objects.filter(echec_le__isnull=True)
            recus = list(arrives.filter(envoye_le__gt=self._lu, envoye_le__lte=soir + APRES))
        self._lu = soir + APRES
        for message in sorted(recus, key=lambda un: (un.cree_le, un.code, un.courriel, un.telephone)):
            if message.reuni_dans_id is None:
                self._envois.append((message.courriel or message.telephone, jour))
            if message.code == CHERCHER.code and message.objet_id is not None:
                self._chercher(message.objet_id, jour)
            cas = self.cas.get(message.objet_id) if message.objet_id else None
            if cas is not None and not cas.fin and message.code != RECAPITULATIF:
                self._lire(cas, message, jour)

    def _dans(self, jour: dt.date, ouvres: int, faire: Callable[[], None]) -> None:
        """In so many working days; the next one at the earliest."""
        self._numero += 1
        heapq.heappush(self._agenda, (calendrier.ajouter_jours_ouvres(jour, max(1, ouvres)), self._numero, faire))

    # --- Proposals -----------------------------------------------------------------------------------

    def _departs(self, jour: dt.date, hasard: random.Random) -> None:
        """So many a week, spread over its five days; none when every offer or young person is taken."""
        par_semaine = self.modele.territoire.propositions_par_semaine
        rang = jour.weekday()
        for _ in range(par_semaine * (rang + 1) // 5 - par_semaine * rang // 5):
            ouverts = [cas for cas in self.cas.values() if not cas.fin]
            suivi = hasard.randrange(len(self.monde.tuteurs))
            jeunes = [pk for pk in self.monde.jeunes[suivi] if pk not in {cas.jeune for cas in ouverts}]
            offres = [pk for pk in self.monde.offres if pk not in {cas.offre for cas in ouverts}]
            if jeunes and offres:
                offre, jeune = hasard.choice(offres), hasard.choice(jeunes)
                self._dans(jour - dt.timedelta(days=1), 1, partial(self._proposer, suivi, offre, jeune))

    def _proposer(self, suivi: int, offre_id: UUID, jeune_id: UUID) -> None:
        tuteur = self.monde.tuteurs[suivi]
        hasard = random.Random(f"{self.graine} {len(self.cas)}")  # noqa: S311  chance of a tale, no secret
        with identite.agir(tuteur.contexte):
            reservation = reserver(tuteur.contexte, offre_id, jeune_id=jeune_id)
            profil = Jeune.objects.get(pk=jeune_id).profil
            propose = self._avec_creneaux(
                hasard,
                lambda moments: actions.preparer(
                    tuteur.contexte, reservation.pk, presentation=profil, lieu="Dans l'entreprise", creneaux=moments
                ),
            )
            propose = actions.transmettre(tuteur.contexte, propose.pk)
            contacts = [contact for contact in (propose.offre.referent, propose.offre.rrh) if contact]
        absents = frozenset(contact.pk for contact in contacts if self._est_absent(contact, hasard))
        aujourdhui = calendrier.aujourdhui()
        cas = Cas(hasard, tuteur, offre_id, jeune_id, propose.pk, aujourdhui, absents)
        self.cas[propose.pk] = cas
        self._dans(aujourdhui, self.modele.tuteur.rappelle_tous_les, lambda: self._telephoner(cas))
        self._dans(aujourdhui, self.modele.tuteur.renonce_apres, lambda: self._renoncer(cas))
        self._dans(aujourdhui, 5, lambda: self._patienter(cas))

    def _est_absent(self, contact: Contact, hasard: random.Random) -> bool:
        """Gone: nobody reads; or with the address: it is refused at once, or a report comes back, as often as not."""
        entreprise, poste = self.modele.entreprise, self._poste
        parti, morte, aussitot = hasard.random(), hasard.random(), hasard.random()
        assert poste is not None  # noqa: S101  open as long as the year runs
        if morte < entreprise.adresse_morte:
            (poste.refusees if aussitot < MOITIE else poste.perdues).add(contact.courriel.lower())
        return parti < entreprise.contact_parti or contact.courriel.lower() in poste.refusees | poste.perdues

    def _chercher(self, offre_id: UUID, jour: dt.date) -> None:
        """The buyer is asked for another address in the company."""
        self._cherchees += 1
        hasard = random.Random(f"{self.graine} adresse {self._cherchees}")  # noqa: S311  chance of a tale, no secret
        if hasard.random() < self.modele.acheteur.agit:
            self._dans(jour, hasard.choice(self.modele.acheteur.delais), lambda: self._trouver(offre_id, hasard))

    def _trouver(self, offre_id: UUID, hasard: random.Random) -> None:
        qui = self.monde.acheteurs[offre_id].contexte
        with identite.agir(qui):
            offre = Offre.objects.select_related("referent", "rrh").get(pk=offre_id)
            for place in actions_contacts.PLACES:
                ancien = getattr(offre, place)
                if ancien is not None and ancien.injoignable_le is not None:
                    nom = f"{hasard.choice(fictif.PRENOMS)} {hasard.choice(fictif.NOMS)}"
                    adresse = f"{fictif.identifiant(nom)}.{self._cherchees}.{place}@releve.example"
                    personne = Coordonnees(nom=nom, fonction="Encadrement", courriel=adresse)
                    actions_contacts.donner_contact(qui, offre_id, place=place, personne=personne)

    def _avec_creneaux(
        self, hasard: random.Random, faire: Callable[[list[dt.datetime | None]], Positionnement]
    ) -> Positionnement:
        """Three slots within the coming days; other hours when the tutor is taken."""
        for _ in range(ESSAIS):
            try:
                return faire(_creneaux(hasard))
            except regles.CreneauRefuse:
                continue
        raise RuntimeError("aucun créneau libre")

    # --- What a message makes people do --------------------------------------------------------------

    def _lire(self, cas: Cas, message: Message, jour: dt.date) -> None:
        entreprise, hasard = self.modele.entreprise, cas.hasard
        if message.contact_id:
            premier = message.code == PREMIER_MESSAGE
            chance = entreprise.repond_au_premier_message if premier else entreprise.repond_a_un_rappel
            if message.contact_id not in cas.absents and hasard.random() < chance:
                qui, delai = message.contact_id, hasard.choice(entreprise.delais_de_reponse)
                self._dans(jour, delai, lambda: self._repondre(cas, qui))
        elif message.code in APPELS_A_L_ACHETEUR:
            if hasard.random() < self.modele.acheteur.agit:
                self._dans(jour, hasard.choice(self.modele.acheteur.delais), lambda: self._appel_de_l_acheteur(cas))
        elif message.code == CRENEAUX_DE_L_ENTREPRISE:
            self._dans(jour, hasard.choice(self.modele.tuteur.delais), lambda: self._choisir(cas))
        elif message.code == REFUS:
            self._dans(jour, hasard.choice(self.modele.tuteur.delais), lambda: self._annoncer(cas))

    def _telephoner(self, cas: Cas) -> None:
        """The tutor's own habit, ladder or not."""
        if self._etat(cas) not in OUVERTS:
            return
        self._au_telephone(cas, self.modele.entreprise.repond_au_tuteur)
        self._dans(calendrier.aujourdhui(), self.modele.tuteur.rappelle_tous_les, lambda: self._telephoner(cas))

    def _appel_de_l_acheteur(self, cas: Cas) -> None:
        if self._etat(cas) in OUVERTS:
            self._au_telephone(cas, self.modele.entreprise.repond_a_l_acheteur)

    def _au_telephone(self, cas: Cas, chance: float) -> None:
        """A call finds whoever is still there."""
        presents = [contact for contact in self._contacts(cas) if contact not in cas.absents]
        if presents and cas.hasard.random() < chance:
            delai = cas.hasard.choice(self.modele.entreprise.delais_de_reponse)
            self._dans(calendrier.aujourdhui(), delai, lambda: self._repondre(cas, presents[0]))

    def _repondre(self, cas: Cas, contact_id: UUID) -> None:
        """By link, as the company does: not me, no, other slots, or the first slot still ahead."""
        propose = self._proposition(cas)
        if propose.etat not in OUVERTS:
            return
        entreprise, hasard = self.modele.entreprise, cas.hasard
        qui = Contexte(role=Role.ENTREPRISE, contact_id=contact_id, organisation_id=propose.offre.entreprise_id)
        sort = hasard.random()
        if sort < entreprise.n_est_pas_la_bonne_personne and self._confier(cas, qui):
            return
        libre = self._premier_libre(cas, Role.TUTEUR)
        cas.repondu = cas.repondu or calendrier.aujourdhui()
        with identite.agir(qui):
            actions.consulter(qui, cas.positionnement)
            if hasard.random() < entreprise.refuse:
                actions.refuser(
                    qui, cas.positionnement, motif=hasard.choice(MotifRefus.values), precisions="Réponse simulée."
                )
                return
            if libre is None or hasard.random() < entreprise.prefere_d_autres_creneaux:
                self._avec_creneaux(
                    hasard, lambda moments: actions.contre_proposer(qui, cas.positionnement, creneaux=moments)
                )
                return
            try:
                fixee = actions.accepter(qui, cas.positionnement, creneau_id=libre)
            except regles.CreneauPris:  # by another meeting of the tutor, since
                self._avec_creneaux(
                    hasard, lambda moments: actions.contre_proposer(qui, cas.positionnement, creneaux=moments)
                )
                return
        self._attendre_la_rencontre(cas, fixee)

    def _confier(self, cas: Cas, qui: Contexte) -> bool:
        """'Ce n'est pas moi': the colleague is there, and reads the message of a link of their own."""
        with identite.agir(qui):
            liens_recus = LienAction.objects.filter(
                action=LIEN_REPONSE, objet_id=cas.positionnement, contact=qui.contact_id
            ).order_by("pk")
            lien = next((lien for lien in liens_recus if lien.valide), None)
            if lien is None:
                return False
            nom = f"{cas.hasard.choice(fictif.PRENOMS)} {cas.hasard.choice(fictif.NOMS)}"
            adresse = f"{fictif.identifiant(nom)}.{len(self._envois)}@collegue.example"
            nouveau: Contact = liens.confier(lien, nom=nom, fonction="Encadrement", courriel=adresse)
        if cas.hasard.random() < self.modele.entreprise.repond_a_un_rappel:
            delai = cas.hasard.choice(self.modele.entreprise.delais_de_reponse)
            self._dans(calendrier.aujourdhui(), delai, lambda: self._repondre(cas, nouveau.pk))
        return True

    # --- The tutor and the young person --------------------------------------------------------------

    def _choisir(self, cas: Cas) -> None:
        propose = self._proposition(cas)
        if propose.etat != E.CONTRE_PROPOSE:
            return
        qui, libre = cas.tuteur.contexte, self._premier_libre(cas, Role.ENTREPRISE)
        with identite.agir(qui):
            if libre is not None:
                try:
                    self._attendre_la_rencontre(cas, actions.choisir(qui, cas.positionnement, creneau_id=libre))
                    return
                except regles.CreneauPris:
                    pass
            lieu = propose.rencontre_lieu
            self._avec_creneaux(
                cas.hasard,
                lambda moments: actions.reproposer(qui, cas.positionnement, creneaux=moments, lieu=lieu),
            )

    def _attendre_la_rencontre(self, cas: Cas, fixee: Positionnement) -> None:
        assert fixee.rencontre_le is not None  # noqa: S101  it has just been fixed
        cas.fixee, jour = calendrier.aujourdhui(), timezone.localdate(fixee.rencontre_le)
        self._numero += 1
        lendemain = calendrier.ajouter_jours_ouvres(jour, 1)
        heapq.heappush(self._agenda, (lendemain, self._numero, lambda: self._rencontrer(cas, jour)))

    def _rencontrer(self, cas: Cas, jour: dt.date) -> None:
        """It took place; what follows is another story: the proposal is closed and the offer is free again."""
        if not cas.fin and self._arreter(cas, MotifAbandon.RENCONTRE_SANS_SUITE, "rencontre"):
            cas.rencontre = jour

    def _annoncer(self, cas: Cas) -> None:
        with identite.agir(cas.tuteur.contexte):
            actions.annoncer(cas.tuteur.contexte, cas.positionnement)
        cas.fin = "refus"

    def _patienter(self, cas: Cas) -> None:
        """Each week without a meeting fixed."""
        if self._etat(cas) not in (*OUVERTS, E.CONTRE_PROPOSE):
            return
        if cas.hasard.random() < self.modele.jeune.renonce_par_semaine:
            self._arreter(cas, MotifAbandon.JEUNE_RENONCE, "jeune")
        else:
            self._dans(calendrier.aujourdhui(), 5, lambda: self._patienter(cas))

    def _renoncer(self, cas: Cas) -> None:
        if self._etat(cas) in (*OUVERTS, E.CONTRE_PROPOSE):
            self._arreter(cas, MotifAbandon.ENTREPRISE_SILENCIEUSE, "abandon")

    def _arreter(self, cas: Cas, motif: MotifAbandon, fin: str) -> bool:
        try:
            with identite.agir(cas.tuteur.contexte):
                actions.arreter(cas.tuteur.contexte, cas.positionnement, motif=motif)
        except TransitionRefusee:
            return False
        cas.fin = fin
        return True

    # --- Reading, as the machine does for one file ---------------------------------------------------

    def _proposition(self, cas: Cas) -> Positionnement:
        with identite.agir(SYSTEME, dossiers=(cas.jeune,)):
            return Positionnement.objects.select_related("reservation__offre").get(pk=cas.positionnement)

    def _premier_libre(self, cas: Cas, de: str) -> UUID | None:
        """The first slot of that side that leaves time to come."""
        demain = timezone.now() + dt.timedelta(hours=12)
        with identite.agir(SYSTEME, dossiers=(cas.jeune,)):
            proposes = Creneau.objects.filter(positionnement_id=cas.positionnement, propose_par=de, debut__gt=demain)
            return proposes.order_by("debut").values_list("pk", flat=True).first()

    def _etat(self, cas: Cas) -> str:
        return "" if cas.fin else self._proposition(cas).etat

    def _contacts(self, cas: Cas) -> list[UUID]:
        offre = self._proposition(cas).offre
        return [pk for pk in (offre.referent_id, offre.rrh_id) if pk]

    # --- The figures ---------------------------------------------------------------------------------

    def _bilan(self) -> Bilan:
        fins = [cas.fin for cas in self.cas.values()]
        tenues = [cas for cas in self.cas.values() if cas.rencontre]
        jours = [_jours_ouvres(cas.envoye, cas.rencontre) for cas in tenues]
        par_semaine = par_personne_et_semaine(self._envois)
        return Bilan(
            propositions=len(fins),
            rencontres=len(jours),
            jours_mediane=mediane(jours),
            jours_p90=centile(jours, 90),
            jours_de_reponse=mediane([_jours_ouvres(cas.envoye, cas.repondu) for cas in tenues]),
            jours_d_accord=mediane([_jours_ouvres(cas.repondu, cas.fixee) for cas in tenues]),
            jours_d_attente=mediane([_jours_ouvres(cas.fixee, cas.rencontre) for cas in tenues]),
            part_sans_rencontre=round(1 - len(jours) / len(fins), 3) if fins else 0,
            refus=fins.count("refus"),
            renoncements_du_jeune=fins.count("jeune"),
            abandons=fins.count("abandon"),
            sans_fin=fins.count(""),
            messages=len(self._envois),
            messages_par_personne_et_semaine=round(sum(par_semaine) / len(par_semaine), 2) if par_semaine else 0,
            messages_par_personne_et_semaine_p90=int(centile(par_semaine, 90) or 0),
            messages_par_personne_et_semaine_maximum=max(par_semaine, default=0),
            adresses_mortes=self._cherchees,
            attentes_sans_proprietaire=self.attentes_sans_proprietaire,
            silences_sans_personne=self.silences_sans_personne,
        )


def _moment(jour: dt.date, heure: dt.time) -> dt.datetime:
    return dt.datetime.combine(jour, heure, tzinfo=calendrier.PARIS)


def _creneaux(hasard: random.Random) -> list[dt.datetime | None]:
    jours = (calendrier.ajouter_jours_ouvres(calendrier.aujourdhui(), dans) for dans in (3, 6, 9))
    return [_moment(jour, dt.time(hasard.randrange(8, 18))) for jour in jours]


def _silences_sans_personne() -> int:
    """Open waits whose ladder is at its end: neither their owner nor anybody told by the last rung is a person."""
    finies = Attente.objects.ouvertes().filter(prochain=None, echelle__isnull=False, rappels__isnull=False).distinct()
    anonymes = finies.filter(utilisateur_id=None, contact_id=None, jeune_id=None)
    return sum(not attente.rappels.order_by("-le", "-pk").filter(~Q(prevenus=[])).exists() for attente in anonymes)


def _jours_ouvres(du: dt.date | None, au: dt.date | None) -> int:
    """Working days from one to the other, the first not counted."""
    assert du is not None and au is not None  # noqa: S101  a meeting was answered, then fixed, then held
    return sum(calendrier.est_ouvre(du + dt.timedelta(days=n)) for n in range(1, (au - du).days + 1))
