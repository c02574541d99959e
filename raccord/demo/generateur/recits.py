"""The stories of the territory: together they leave every state of every workflow somewhere, waits late and on time.

`j` is a number of days before today. The first tutor keeps young people without an offer, to play the journey with.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from raccord.comptes.enums import Role
from raccord.demo.generateur import cercles
from raccord.demo.generateur.gestes import Besoin, Gestes, entreprise_de, presence
from raccord.demo.generateur.troupe import Mlds, Personne, Troupe
from raccord.jeunes.models import Jeune
from raccord.parcours.actions import (
    declaration,
    place,
    positionnement,
    reponse,
    reservation,
    semaines,
    spontanee,
    suite,
    transfert,
)
from raccord.parcours.actions import parcours as stages
from raccord.parcours.enums import MotifAbandon, MotifInterruption, MotifRefus, NatureSignalement, Suite
from raccord.parcours.importation.colonnes import Colonne
from raccord.parcours.importation.ecriture import importer
from raccord.parcours.importation.lecture import Ligne, Tableau
from raccord.parcours.models import Offre, Parcours, Positionnement
from raccord.socle import calendrier
from raccord.socle.contexte import VISITEUR
from raccord.territoires.models import Commune

# Real communes, overseas included, where the offers that wait for a young person are.
AILLEURS = (
    "75107", "13201", "31555", "44109", "35238", "67482", "33063", "34172", "76540", "29019", "63113", "57463",
    "06088", "2A004", "97209", "97120", "97302", "94028",
)  # fmt: skip
PRES_D_ICI = (
    "59350", "59512", "59599", "62498", "59178", "80021", "69383", "69266", "38053", "97411", "97416", "97415",
)  # fmt: skip
RUES = ("3 place du Marché", "12 rue des Essais", "48 avenue des Exemples", "7 chemin de la Démonstration")
OFFRES_PAR_MARCHE = 3


@dataclass
class Recits:
    """All the stories; `raconter` plays them one after the other."""

    gestes: Gestes
    troupe: Troupe
    relever: Callable[[int], None]
    """Climbs the ladders up to so many days before today."""
    CHAPITRES: ClassVar[tuple[str, ...]] = (
        "_declarations",
        "_spontanees",
        "_ancien_outil",
        "_offres_disponibles",
        "_contrat_perdu",
        "_reservations",
        "_propositions",
        "_avant_le_premier_jour",
        "_parcours_en_cours",
        "_interruptions",
        "_bilans",
        "_transferts",
        "_cercles",
    )
    _rang: int = 0
    _libres: dict[object, Iterator[Jeune]] = field(default_factory=dict)

    def raconter(self) -> None:
        """One chapter after the other; within a chapter each story has its own days."""
        for chapitre in self.CHAPITRES:
            self.gestes.nouvelle_histoire()
            getattr(self, chapitre)()

    # --- Who, where --------------------------------------------------------------------------------

    @property
    def lille(self) -> Mlds:
        """The first team."""
        return self.troupe.mlds[0]

    @property
    def lyon(self) -> Mlds:
        """The second."""
        return self.troupe.mlds[1]

    @property
    def reunion(self) -> Mlds:
        """The third, overseas."""
        return self.troupe.mlds[2]

    def jeune(self, mlds: Mlds, tuteur: Personne) -> Jeune:
        """The next young person of this tutor who has not had a story."""
        cle = tuteur.adhesion.pk
        if cle not in self._libres:
            self._libres[cle] = iter(
                [jeune for jeune in mlds.jeunes if jeune.tuteur_id == tuteur.contexte.utilisateur_id]
            )
        return next(self._libres[cle])

    def besoin(self, commune: str, *, heures: int = 300, fin_dans: int = 400) -> Besoin:
        """A need of the next company."""
        self._rang += 1
        entreprise = self.troupe.entreprises[self._rang % len(self.troupe.entreprises)]
        rue = RUES[self._rang % len(RUES)]
        return Besoin(entreprise=entreprise, commune=commune, heures=heures, fin_dans=fin_dans, rue=rue)

    def acheteur(self) -> Personne:
        """Buyers in turn, the first one twice as often: it is the account the demo proposes."""
        acheteurs = [self.troupe.acheteurs[0], *self.troupe.acheteurs]
        return acheteurs[self._rang % len(acheteurs)]

    def publier(self, j: int, *communes: str, **options: int) -> list[Offre]:
        """One contract, a lot for each commune, all confirmed within the week."""
        self.gestes.nouvelle_histoire()
        besoins = [self.besoin(commune, **options) for commune in communes]
        offres = self.gestes.declarer(j, self.acheteur(), *besoins)
        return [self.gestes.confirmer(max(1, j - 2 - lot), offre) for lot, offre in enumerate(offres)]

    # --- Offers ------------------------------------------------------------------------------------

    def _declarations(self) -> None:
        """Draft; waiting for the company, on time and late; withdrawn."""
        g, acheteur = self.gestes, self.troupe.acheteurs[0]
        g.brouillon(2, acheteur, self.besoin("59350"))
        g.nouvelle_histoire()
        g.declarer(3, acheteur, self.besoin("59512", heures=150), self.besoin("62041"))
        g.nouvelle_histoire()
        g.declarer(24, acheteur, self.besoin("69266", heures=450))
        g.nouvelle_histoire()
        [offre] = g.declarer(60, acheteur, self.besoin("59599"))
        g.confirmer(55, offre)
        with g.le(50):
            declaration.retirer(acheteur.contexte, offre.pk, motif="Le marché a été résilié, l'offre n'a plus d'objet.")

    def _spontanees(self) -> None:
        """Proposed without a contract: to be answered, on time and late; declined; accepted and published."""
        g, equipe = self.gestes, self.troupe.national.contexte
        for j, commune in ((12, "97415"), (2, "33063")):
            self._proposer(j, commune)
        declinee = self._proposer(40, "69029")
        with g.le(36):
            spontanee.decliner(equipe, declinee.pk, motif="Les horaires de nuit ne sont pas possibles pour un mineur.")
        acceptee = self._proposer(90, "59009")
        with g.le(87):
            spontanee.accueillir(equipe, acceptee.pk)
        g.confirmer(84, Offre.objects.get(pk=acceptee.pk))

    def _proposer(self, j: int, commune: str) -> Offre:
        self.gestes.nouvelle_histoire()
        entreprise = self.besoin(commune).entreprise
        metier = entreprise.metier
        with self.gestes.le(j):
            aujourdhui = calendrier.aujourdhui()
            return spontanee.proposer(
                VISITEUR,
                uuid4(),
                spontanee.Proposition(
                    entreprise=entreprise.nom,
                    siret=entreprise.siret,
                    contact=entreprise.referent,
                    intitule=metier.intitule,
                    domaines=list(metier.domaines),
                    taches=metier.missions,
                    heures=150,
                    adresse=RUES[0],
                    commune=Commune.objects.get(pk=commune),
                    date_debut=aujourdhui + dt.timedelta(days=20),
                    date_fin=self.gestes.aujourdhui + dt.timedelta(days=300),
                ),
            )

    def _ancien_outil(self) -> None:
        """Taken over from the former tool by the very import: to be said what they have become; closed."""
        for j, disponibilites in ((45, ("en cours",)), (20, ("en préparation", "en cours", "réalisé"))):
            with self.gestes.le(j):
                importer(Tableau("UTF-8", ",", [self._ligne(j, rang, dit) for rang, dit in enumerate(disponibilites)]))

    def _ligne(self, j: int, rang: int, disponibilite: str) -> Ligne:
        entreprise = self.besoin("").entreprise
        jour = self.gestes.aujourdhui - dt.timedelta(days=500 + j + rang)
        adresse = ("59000 Lille", "69100 Villeurbanne", "97400 Saint-Denis")[rang]
        return Ligne(
            rang + 2,
            {
                Colonne.CREE_LE: jour.isoformat(),
                Colonne.ENTREPRISE: entreprise.nom,
                Colonne.SECTEUR: entreprise.metier.secteur,
                Colonne.HEURES: "300",
                Colonne.ADRESSE: f"{RUES[rang]} {adresse}",
                Colonne.DOMAINE: "Logistique, Transport",
                Colonne.TACHES: entreprise.metier.missions,
                Colonne.DISPONIBILITE: disponibilite,
                Colonne.REFERENT_NOM: entreprise.referent.nom,
                Colonne.REFERENT_COURRIEL: entreprise.referent.courriel,
                Colonne.ACHETEUR: self.troupe.acheteurs[0].organisation.nom,
                Colonne.OBJET: f"{entreprise.metier.secteur}, marché de l'ancien outil",
                Colonne.OBJET_DETAILLE: f"Lot {rang + 1}",
                Colonne.NOTIFICATION: jour.isoformat(),
                Colonne.FIN_CLAUSE: (jour + dt.timedelta(days=900)).isoformat(),
                Colonne.FIN_RECONDUCTION: (jour + dt.timedelta(days=1200)).isoformat(),
            },
        )

    def _offres_disponibles(self) -> None:
        """Everywhere in France, of every length; a few end within six months without anybody."""
        lieux = [*PRES_D_ICI, *AILLEURS]
        heures = (300, 150, 450, 300, 900)
        for rang in range(0, len(lieux), OFFRES_PAR_MARCHE):
            self.publier(
                8 + 3 * rang,
                *lieux[rang : rang + OFFRES_PAR_MARCHE],
                heures=heures[rang // OFFRES_PAR_MARCHE % len(heures)],
                fin_dans=110 if rang % 12 == 6 else 250 + 9 * rang,
            )

    def _contrat_perdu(self) -> None:
        """The firm period ended without a young person: the hours are lost."""
        self.publier(220, "42218", fin_dans=-30)
        self.gestes.nouvelle_histoire()
        with self.gestes.le(19):
            declaration.expirer_offres()

    # --- Reservations and proposals ----------------------------------------------------------------

    def _reservations(self) -> None:
        """Held since yesterday; being prepared; fallen for lack of action; given back."""
        g, lille, reunion = self.gestes, self.lille, self.reunion
        hier, en_cours, oubliee, rendue = self.publier(90, "97411", "62498", "59350", "59512")
        [ailleurs] = self.publier(60, "97416")
        for j, rang, offre in ((2, 0, hier), (9, 1, ailleurs)):
            g.nouvelle_histoire()
            g.reserver(j, reunion.tuteurs[rang], offre, self.jeune(reunion, reunion.tuteurs[rang]))
        g.nouvelle_histoire()
        tuteur = lille.tuteurs[2]
        g.preparer(3, tuteur, g.reserver(5, tuteur, en_cours, self.jeune(lille, tuteur)), dans=(8, 9, 10))
        # The same young person holds nothing any more, twice: first forgotten, then given back.
        tuteur = lille.tuteurs[0]
        jeune = self.jeune(lille, tuteur)
        g.nouvelle_histoire()
        g.reserver(62, tuteur, oubliee, jeune)
        self.relever(46)
        g.nouvelle_histoire()
        resa = g.reserver(30, tuteur, rendue, jeune)
        with g.le(27):
            reservation.liberer(tuteur.contexte, resa.pk, motif=MotifAbandon.AUTRE_SOLUTION)

    def _propositions(self) -> None:
        """Sent, on time and late; seen; counter-proposed; refused, told or not; stopped; meeting to come, passed."""
        g, lille, lyon, reunion = self.gestes, self.lille, self.lyon, self.reunion
        offres = iter(
            self.publier(80, "59178", "69259", "59599", "59009", "59350")
            + self.publier(75, "69383", "97422", "69029", "59512")
        )
        self._envoyer(next(offres), lille, 0, 18)
        self._envoyer(next(offres), lyon, 0, 3)
        g.voir(4, self._envoyer(next(offres), lille, 2, 6))
        self._contre_proposer(self._envoyer(next(offres), lille, 0, 5))
        self._refuser(self._envoyer(next(offres), lille, 1, 9), 3)
        annoncee = self._refuser(self._envoyer(next(offres), lyon, 1, 22), 15)
        with g.le(14):
            positionnement.annoncer(lyon.tuteurs[1].contexte, annoncee.pk)
        arretee = self._envoyer(next(offres), reunion, 1, 20)
        with g.le(13):
            positionnement.arreter(
                reunion.tuteurs[1].contexte,
                arretee.pk,
                motif=MotifAbandon.JEUNE_RENONCE,
                precisions="Préfère chercher plus près de chez elle.",
            )
        g.accepter(3, self._envoyer(next(offres), lyon, 1, 5, dans=(7, 8, 10)))
        g.accepter(14, self._envoyer(next(offres), lille, 0, 16, dans=(4, 5, 6)))

    def _envoyer(
        self, offre: Offre, mlds: Mlds, rang: int, j: int, dans: tuple[int, ...] = (6, 8, 9)
    ) -> Positionnement:
        tuteur = mlds.tuteurs[rang]
        self.gestes.nouvelle_histoire()
        resa = self.gestes.reserver(j + 2, tuteur, offre, self.jeune(mlds, tuteur))
        return self.gestes.transmettre(j, tuteur, resa, dans=dans)

    def _contre_proposer(self, propose: Positionnement) -> None:
        self.gestes.voir(4, propose)
        creneaux = self.gestes.creneaux(3, 6, 7)
        with self.gestes.le(3):
            positionnement.contre_proposer(
                entreprise_de(propose.offre), propose.pk, creneaux=creneaux, lieu=propose.offre.adresse
            )
            reponse.acter(propose.pk)

    def _refuser(self, propose: Positionnement, j: int) -> Positionnement:
        with self.gestes.le(j):
            positionnement.refuser(
                entreprise_de(propose.offre),
                propose.pk,
                motif=MotifRefus.PAS_D_ENCADRANT,
                precisions="La personne qui devait accompagner est en arrêt jusqu'au printemps.",
            )
            return reponse.acter(propose.pk)

    # --- Stays -------------------------------------------------------------------------------------

    def _stage(
        self,
        offre: Offre,
        mlds: Mlds,
        rang: int,
        debut: dt.date,
        *,
        semaines_prevues: int = 9,
        hebdo: Decimal = Decimal(35),
    ) -> tuple[Personne, Parcours]:
        """Everything that comes before a first day: the meeting took place three weeks earlier."""
        g, tuteur = self.gestes, mlds.tuteurs[rang]
        avant = max((g.aujourdhui - debut).days, 0)
        g.nouvelle_histoire()
        propose = g.rencontrer(avant + 26, tuteur, offre, self.jeune(mlds, tuteur))
        return tuteur, g.convenir(tuteur, propose, debut=debut, semaines_prevues=semaines_prevues, hebdo=hebdo)

    def _avant_le_premier_jour(self) -> None:
        """Convention to be signed; signed; it will not begin."""
        g = self.gestes
        a_signer, a_venir, annule = self.publier(100, "59350", "42218", "62041")
        self._stage(a_signer, self.lille, 1, g.lundi(-14))
        tuteur, stage = self._stage(a_venir, self.lyon, 1, g.lundi(-7))
        g.signer_convention(tuteur, stage)
        tuteur, stage = self._stage(annule, self.lille, 2, g.lundi(28))
        g.signer_convention(tuteur, stage)
        with g.le(stage.debut):
            stages.annuler(
                tuteur.contexte,
                stage.pk,
                motif=MotifInterruption.AUTRE_SOLUTION,
                precisions="A trouvé une place en CAP la semaine d'avant.",
            )

    def _parcours_en_cours(self) -> None:
        """With weeks entered or late, an adaptation, an absence said the same day and dealt with, another not yet."""
        g = self.gestes
        adapte, a_l_heure = self.publier(120, "59512", "38053")
        tuteur, stage = self._stage(adapte, self.lille, 0, g.lundi(21))
        g.demarrer(tuteur, stage)
        g.noter_les_semaines(stage)
        with g.le(8):
            stages.adapter(
                tuteur.contexte,
                stage.pk,
                fin=stage.fin + dt.timedelta(days=14),
                heures_hebdo=Decimal(28),
                presence=presence(Decimal(28)),
                motif="Passage à quatre jours : les trajets étaient trop longs.",
            )
        with g.le(1):
            semaines.signaler(
                entreprise_de(stage.offre),
                stage.pk,
                nature=NatureSignalement.ABSENCE,
                jour=calendrier.aujourdhui(),
                texte="N'est pas venu ce matin, pas d'appel.",
            )
        debut = g.lundi(35)
        tuteur, stage = self._stage(a_l_heure, self.lyon, 0, debut, hebdo=Decimal(28), semaines_prevues=10)
        g.demarrer(tuteur, stage)
        g.noter_les_semaines(stage, sauf_derniere=True)

    def _interruptions(self) -> None:
        """Stopped: the place kept; the place given to another."""
        g = self.gestes
        rendue, gardee = self.publier(130, "69266", "97416")
        for offre, mlds, rang, rendre in ((rendue, self.lyon, 0, True), (gardee, self.reunion, 1, False)):
            tuteur, stage = self._stage(offre, mlds, rang, g.lundi(49))
            g.demarrer(tuteur, stage)
            dernier = stage.debut + dt.timedelta(days=18)
            g.noter_les_semaines(stage, jusqu_au=dernier)
            with g.le(dernier + dt.timedelta(days=3)):
                stages.interrompre(
                    tuteur.contexte,
                    stage.pk,
                    dernier_jour=dernier,
                    motif=MotifInterruption.PROJET,
                    precisions="Le métier ne lui convient pas, un autre projet se dessine.",
                )
            if rendre:
                with g.le(20):
                    place.rendre_la_place(tuteur.contexte, stage.pk)

    def _bilans(self) -> None:
        """Over, two voices missing; signed, what comes next unknown; known, of several kinds."""
        g = self.gestes
        attendu, signe = self.publier(180, "59599", "69383", heures=150)
        tuteur, stage = self._stage(attendu, self.lille, 1, g.lundi(49), semaines_prevues=5)
        g.demarrer(tuteur, stage)
        g.terminer(tuteur, stage)
        g.ecrire_bilan(8, stage, Role.TUTEUR)
        tuteur, stage = self._stage(signe, self.lyon, 0, g.lundi(70), semaines_prevues=5)
        g.demarrer(tuteur, stage)
        g.terminer(tuteur, stage)
        self._signer(stage, 28)
        finis = self.publier(290, "59009", "62498", "69259", "97415", heures=150)
        for offre, (mlds, rang, avant, code, suite_le) in zip(
            finis,
            (
                (self.lille, 1, 168, Suite.APPRENTISSAGE, 60),
                (self.lille, 2, 210, Suite.REPRISE_SCOLARITE, 85),
                (self.lyon, 1, 182, Suite.PROJET_ETABLI, 70),
                (self.reunion, 0, 196, Suite.NOUVELLE_ACTION, 75),
            ),
            strict=True,
        ):
            # Five weeks of 35 h: more than the 150 h owed, the engagement is settled.
            tuteur, stage = self._stage(offre, mlds, rang, g.lundi(avant), semaines_prevues=5)
            g.demarrer(tuteur, stage)
            g.terminer(tuteur, stage)
            self._signer(stage, suite_le + 25)
            with g.le(suite_le):
                jour = calendrier.aujourdhui()
                suite.dire(tuteur.contexte, stage.pk, suite=code, le=jour, precisions="Commence à la rentrée.")

    def _signer(self, stage: Parcours, j: int) -> None:
        for rang, role in enumerate((Role.TUTEUR, Role.ENTREPRISE, Role.JEUNE)):
            self.gestes.ecrire_bilan(j - 2 * rang, stage, role)

    def _transferts(self) -> None:
        """Asked; accepted; refused; taken back."""
        g, lille, lyon, reunion = self.gestes, self.lille, self.lyon, self.reunion
        motif = "La famille déménage : le suivi serait plus simple depuis votre académie."
        offres = self.publier(110, "69029", "59178", "97411", "59350")
        for offre, (de, rang, vers, issue) in zip(
            offres,
            (
                (lyon, 0, lille, "demande"),
                (lille, 2, lyon, "accepte"),
                (reunion, 0, lyon, "refuse"),
                (lille, 1, reunion, "annule"),
            ),
            strict=True,
        ):
            tuteur, stage = self._stage(offre, de, rang, g.lundi(28))
            g.demarrer(tuteur, stage)
            g.noter_les_semaines(stage)
            with g.le(6):
                demande = transfert.demander(
                    de.coordonnateur.contexte, stage.pk, vers_id=vers.organisation.pk, motif=motif
                )
            with g.le(3):
                if issue == "accepte":
                    nouveau = vers.tuteurs[-1]
                    transfert.accepter(
                        vers.coordonnateur.contexte, demande.pk, tuteur_id=nouveau.adhesion.utilisateur_id
                    )
                elif issue == "refuse":
                    transfert.refuser(
                        vers.coordonnateur.contexte, demande.pk, reponse="Aucun tuteur disponible avant janvier."
                    )
                elif issue == "annule":
                    transfert.annuler(de.coordonnateur.contexte, demande.pk)

    def _cercles(self) -> None:
        """Who may see a file, and what helps."""
        cercles.raconter(self.gestes, self.troupe)
