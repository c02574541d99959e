"""What people do, one gesture a method, each through its real action, on a past day of its own."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.demo.generateur import fictif, horloge
from raccord.demo.generateur.troupe import Entreprise, Personne
from raccord.jeunes.models import Jeune
from raccord.marches.actions import brouillon as brouillons
from raccord.marches.contacts import Coordonnees
from raccord.marches.models import Marche
from raccord.parcours import rythme
from raccord.parcours.actions import (
    bilan,
    declaration,
    fiche,
    positionnement,
    rencontre,
    reponse,
    reservation,
    semaines,
)
from raccord.parcours.actions import parcours as stages
from raccord.parcours.enums import Competence, JourSemaine, Niveau
from raccord.parcours.models import FicheEntreprise, Offre, Parcours, Positionnement, Reservation
from raccord.parcours.presence import Presence
from raccord.socle import calendrier, identite
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.territoires.models import Commune

AN = 365
# From 150 000 €: 300 h are proposed; see the parameter bareme_heures.
MONTANTS = {150: Decimal(80_000), 300: Decimal(150_000), 450: Decimal(280_000), 900: Decimal(520_000)}
NIVEAUX = (Niveau.ACQUIS, Niveau.ACQUIS, Niveau.EN_COURS, Niveau.NON_ACQUIS)
HEBDOMADAIRE = Decimal(35)
HEURES_PAR_JOUR = 7


@dataclass(frozen=True, kw_only=True)
class Besoin:
    """An offer to be declared: who hosts, where, how long, and how many days the firm period still lasts."""

    entreprise: Entreprise
    commune: str
    heures: int = 300
    fin_dans: int = 400
    rue: str = "12 rue des Essais"


@dataclass
class Gestes:
    """The hand that moves the troupe. `j` counts days before today; the day moves back to a working one."""

    hasard: random.Random
    aujourdhui: dt.date
    _dernier: dt.datetime | None = None
    _numeros: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    # --- The clock ---------------------------------------------------------------------------------

    def jour(self, j: int) -> dt.date:
        """The working day `j` days before today, or the last one before it; ahead when `j` is negative."""
        jour = self.aujourdhui - dt.timedelta(days=j)
        while not calendrier.est_ouvre(jour):
            jour -= dt.timedelta(days=1)
        return jour

    def lundi(self, j: int) -> dt.date:
        """The Monday of that week."""
        return calendrier.lundi(self.aujourdhui - dt.timedelta(days=j))

    @contextmanager
    def le(self, j: int | dt.date) -> Iterator[None]:
        """Act that day, at office hours; within one story each act comes after the one before."""
        jour = j if isinstance(j, dt.date) else self.jour(j)
        heure = dt.time(self.hasard.randrange(9, 16), self.hasard.randrange(60))
        moment = dt.datetime.combine(jour, heure, tzinfo=calendrier.PARIS)
        if self._dernier is not None and moment <= self._dernier:
            moment = self._dernier + dt.timedelta(minutes=self.hasard.randrange(5, 40))
        self._dernier = moment
        with horloge.a(moment), identite.agir(SYSTEME, motif="generer_demo"):
            yield

    def nouvelle_histoire(self) -> None:
        """Its days owe nothing to those of the story before."""
        self._dernier = None

    # --- Buyer and company -------------------------------------------------------------------------

    def brouillon(self, j: int, acheteur: Personne, *besoins: Besoin, objet: str = "") -> tuple[UUID, list[Offre]]:
        """A declaration written page by page, not sent: one lot for each need when there are several."""
        with self.le(j):
            brouillon = brouillons.commencer(acheteur.contexte, uuid4())
            self._contrat(acheteur, brouillon.pk, besoins, objet)
            offres = [
                self._offre(acheteur, brouillon.pk, besoin, engagement_id)
                for besoin, engagement_id in zip(
                    besoins, self._engagements(acheteur, brouillon.pk, besoins), strict=True
                )
            ]
        return brouillon.pk, offres

    def _contrat(self, acheteur: Personne, brouillon_id: UUID, besoins: tuple[Besoin, ...], objet: str) -> None:
        aujourdhui = calendrier.aujourdhui()
        fin = self.aujourdhui + dt.timedelta(days=max(besoin.fin_dans for besoin in besoins))
        # The firm period lasts a year at least: it began early enough for that, and before today.
        notification = min(fin - dt.timedelta(days=AN + 30), aujourdhui - dt.timedelta(days=12))
        unique = len(besoins) == 1
        quoi = (
            besoins[0].entreprise.metier.secteur if unique else f"Services aux sites et au public, {len(besoins)} lots"
        )
        objet = objet or quoi
        brouillons.enregistrer_contrat(
            acheteur.contexte,
            brouillon_id,
            brouillons.Contrat(
                reference=f"{aujourdhui.year}-{next(self._numeros):03d}",
                objet=objet,
                objet_detaille=f"{objet}, pour les sites de l'acheteur.",
                montant_ferme=MONTANTS[besoins[0].heures] if unique else None,
                date_notification=notification,
                date_fin_clause=fin,
                date_fin_reconduction=fin + dt.timedelta(days=AN),
                suivi="contact" if acheteur.delegue else "moi",
                contact=acheteur.delegue or Coordonnees(),
            ),
        )
        declaration.enregistrer_lots(
            acheteur.contexte,
            brouillon_id,
            [
                brouillons.LotSaisi(
                    numero=0 if unique else rang,
                    intitule="" if unique else besoin.entreprise.metier.secteur,
                    montant_ferme=None if unique else MONTANTS[besoin.heures],
                    siret=besoin.entreprise.siret,
                    nom=besoin.entreprise.nom,
                )
                for rang, besoin in enumerate(besoins, start=1)
            ],
        )

    def _engagements(self, acheteur: Personne, brouillon_id: UUID, besoins: tuple[Besoin, ...]) -> list[UUID]:
        marche = Marche.objects.get(brouillon=brouillon_id)
        par_siret = dict(marche.engagements.values_list("entreprise__siret", "pk"))
        engagements = [par_siret[besoin.entreprise.siret] for besoin in besoins]
        choix = {engagement: besoin.heures for engagement, besoin in zip(engagements, besoins, strict=True)}
        declaration.choisir_heures(acheteur.contexte, brouillon_id, choix)
        return engagements

    def _offre(self, acheteur: Personne, brouillon_id: UUID, besoin: Besoin, engagement_id: UUID) -> Offre:
        entreprise, metier = besoin.entreprise, besoin.entreprise.metier
        saisie = declaration.OffreSaisie(
            intitule=metier.intitule,
            domaines=list(metier.domaines),
            missions=metier.missions,
            conditions=metier.conditions,
            remarque="",
            adresse=besoin.rue,
            commune=Commune.objects.get(pk=besoin.commune),
            date_debut=calendrier.aujourdhui(),
            date_fin=self.aujourdhui + dt.timedelta(days=besoin.fin_dans),
            referent=entreprise.referent,
            second=entreprise.rrh,
            secteur=metier.secteur,
        )
        return declaration.enregistrer_offre(acheteur.contexte, brouillon_id, engagement_id, saisie)

    def declarer(self, j: int, acheteur: Personne, *besoins: Besoin, objet: str = "") -> list[Offre]:
        """Written and sent to the companies."""
        brouillon_id, offres = self.brouillon(j, acheteur, *besoins, objet=objet)
        with self.le(j):
            declaration.envoyer(acheteur.contexte, brouillon_id)
        return [Offre.objects.get(pk=offre.pk) for offre in offres]

    def confirmer(self, j: int, offre: Offre) -> Offre:
        """The company completes its fiche and says that it is ready: the offer is published."""
        metier = next(metier for metier in fictif.METIERS if metier.intitule == offre.intitule)
        saisie = fiche.FicheSaisie(
            adresse=offre.adresse,
            commune=None,
            date_debut=None,
            date_fin=None,
            referent=Coordonnees.de(offre.referent),
            rrh=Coordonnees.de(offre.rrh) if offre.rrh else _second(offre),
            description=fiche.Description(
                referent_anciennete=f"{self.hasard.randrange(2, 15)} ans",
                referent_experience="A déjà accueilli des stagiaires de troisième et des apprentis.",
                referent_motivation="On m'a laissé ma chance, je rends la pareille.",
                livret_accueil=self.hasard.random() < 0.5,
                poste_travail=metier.conditions,
                tickets_restaurant=self.hasard.random() < 0.5,
                transport="Arrêt de bus à cinq minutes à pied.",
                tenue=self.hasard.choice(["oui", "sans_objet"]),
                taches=metier.missions,
                activite=f"{metier.secteur}, pour des collectivités et des entreprises de la région.",
                effectif=self.hasard.randrange(6, 80),
                culture="On se tutoie, on mange ensemble, on prévient quand on est en retard.",
            ),
        )
        version = str(FicheEntreprise.objects.get(offre=offre).version)
        with self.le(j):
            fiche.enregistrer(entreprise_de(offre), offre.pk, saisie, version=version)
            return fiche.confirmer(entreprise_de(offre), offre.pk)

    # --- Tutor and company -------------------------------------------------------------------------

    def reserver(self, j: int, tuteur: Personne, offre: Offre, jeune: Jeune) -> Reservation:
        """One offer for one young person."""
        with self.le(j):
            return reservation.reserver(tuteur.contexte, offre.pk, jeune_id=jeune.pk)

    def creneaux(self, j: int, *dans: int) -> list[dt.datetime | None]:
        """Slots so many days after that day, at working hours."""
        jours = (calendrier.ajouter_jours_ouvres(self.jour(j), nombre) for nombre in dans)
        heures = self.hasard.sample(range(9, 17), len(dans))
        return [
            dt.datetime.combine(jour, dt.time(heure), tzinfo=calendrier.PARIS)
            for jour, heure in zip(jours, heures, strict=True)
        ]

    def preparer(
        self, j: int, tuteur: Personne, resa: Reservation, *, dans: tuple[int, ...] = (4, 6, 7)
    ) -> Positionnement:
        """The profile and three slots; sometimes a CV."""
        avec_cv = self.hasard.random() < 0.3
        fichiers = {"cv": ContentFile(pdf_minimal("Curriculum vitae fictif"), "cv.pdf")} if avec_cv else {}
        creneaux = self.creneaux(j, *dans)
        with self.le(j):
            return positionnement.preparer(
                tuteur.contexte,
                resa.pk,
                presentation=resa.jeune.profil,
                lieu=f"{resa.offre.adresse}, {resa.offre.commune.nom}",
                creneaux=creneaux,
                fichiers=fichiers,
            )

    def transmettre(self, j: int, tuteur: Personne, resa: Reservation, **options: Any) -> Positionnement:
        """Prepared and sent the same day."""
        propose = self.preparer(j, tuteur, resa, **options)
        with self.le(j):
            return positionnement.transmettre(tuteur.contexte, propose.pk)

    def voir(self, j: int, propose: Positionnement) -> Positionnement:
        """The company opens the proposal."""
        with self.le(j):
            return positionnement.consulter(entreprise_de(propose.offre), propose.pk)

    def accepter(self, j: int, propose: Positionnement) -> Positionnement:
        """The company opens it and takes the first slot still ahead."""
        self.voir(j, propose)
        with self.le(j):
            libre = propose.creneaux.filter(debut__gt=timezone.now()).order_by("debut").first()
            assert libre is not None  # noqa: S101  the stories leave time between a proposal and its slots
            positionnement.accepter(entreprise_de(propose.offre), propose.pk, creneau_id=libre.pk)
            return reponse.acter(propose.pk)

    def rencontrer(self, j: int, tuteur: Personne, offre: Offre, jeune: Jeune) -> Positionnement:
        """Reserved, proposed, accepted: the meeting is fixed, some ten days after `j`."""
        resa = self.reserver(j, tuteur, offre, jeune)
        propose = self.transmettre(j - 2, tuteur, resa)
        return self.accepter(j - 4, propose)

    def convenir(
        self,
        tuteur: Personne,
        propose: Positionnement,
        *,
        debut: dt.date,
        semaines_prevues: int,
        hebdo: Decimal = HEBDOMADAIRE,
        heures: int | None = None,
    ) -> Parcours:
        """The day after the meeting, what was agreed is written down."""
        assert propose.rencontre_le is not None  # noqa: S101  it was accepted
        lendemain = calendrier.ajouter_jours_ouvres(timezone.localdate(propose.rencontre_le), 1)
        fin = debut + dt.timedelta(days=7 * semaines_prevues - 3)
        with self.le(lendemain):
            return rencontre.noter_accord(
                tuteur.contexte,
                propose.pk,
                missions=propose.offre.missions,
                debut=debut,
                fin=fin,
                heures_prevues=heures or min(propose.offre.heures, int(rythme.capacite(debut, fin, hebdo))),
                heures_hebdo=hebdo,
                lieu=f"{propose.offre.adresse}, {propose.offre.commune.nom}",
                presence=presence(hebdo),
            )

    # --- The stay ----------------------------------------------------------------------------------

    def signer_convention(self, tuteur: Personne, stage: Parcours) -> Parcours:
        """Four working days before the first day, or the last one before today."""
        jour = min(calendrier.ajouter_jours_ouvres(stage.debut, -4), self.jour(1))
        with self.le(jour):
            return stages.signer_convention(tuteur.contexte, stage.pk, signee_le=jour)

    def demarrer(self, tuteur: Personne, stage: Parcours) -> Parcours:
        """The young person is there."""
        self.signer_convention(tuteur, stage)
        with self.le(stage.debut):
            return stages.demarrer(tuteur.contexte, stage.pk)

    def noter_les_semaines(
        self, stage: Parcours, *, sauf_derniere: bool = False, jusqu_au: dt.date | None = None
    ) -> None:
        """The company enters each week on its Friday; the last one may be forgotten."""
        hier, vendredi = self.jour(1), dt.timedelta(days=4)
        lundis = rythme.lundis(stage.debut, min(jusqu_au or stage.fin, hier))
        lundis = [lundi for lundi in lundis if lundi + vendredi <= hier]
        for lundi in lundis[:-1] if sauf_derniere else lundis:
            absent = self.hasard.random() < 0.12
            heures = stage.heures_hebdo - (7 if absent else 0)
            with self.le(lundi + dt.timedelta(days=4)):
                semaines.noter(
                    entreprise_de(stage.offre),
                    stage.pk,
                    lundi=lundi,
                    heures=heures,
                    absences="Une journée, prévenue la veille." if absent else "",
                )

    def terminer(self, tuteur: Personne, stage: Parcours) -> Parcours:
        """The Monday after the last day: every week is known, the bilan is asked for."""
        self.noter_les_semaines(stage)
        with self.le(self._apres(stage.fin)):
            manquent = rythme.a_noter(stage, set(stage.semaines.values_list("lundi", flat=True)))
            for lundi in manquent:
                semaines.noter(tuteur.contexte, stage.pk, lundi=lundi, heures=stage.heures_hebdo)
            return stages.terminer(tuteur.contexte, stage.pk)

    def _apres(self, jour: dt.date) -> dt.date:
        return min(calendrier.ajouter_jours_ouvres(jour, 1), self.jour(1))

    def ecrire_bilan(self, j: int, stage: Parcours, role: Role, *, signer: bool = True) -> None:
        """One of the three voices."""
        voix: dict[Role, tuple[Contexte, dict[str, Any]]] = {
            Role.TUTEUR: (
                tuteur_de(stage),
                {
                    "texte": self.hasard.choice(fictif.VOIX_TUTEUR),
                    "niveaux": {
                        competence.value: self.hasard.choice(NIVEAUX).value
                        for competence in self.hasard.sample(list(Competence), 6)
                    },
                    "deroulement": f"{stage.missions}\nLes missions prévues ont été faites.",
                    "perspectives": "Continuer dans ce métier : une formation ou un apprentissage à la rentrée.",
                },
            ),
            Role.ENTREPRISE: (entreprise_de(stage.offre), {"texte": self.hasard.choice(fictif.VOIX_ENTREPRISE)}),
            Role.JEUNE: (
                Contexte(role=Role.JEUNE, jeune_id=stage.jeune_id),
                {"texte": self.hasard.choice(fictif.VOIX_JEUNE), "accord": "oui"},
            ),
        }
        contexte, mots = voix[role]
        with self.le(j):
            bilan.ecrire(contexte, stage.pk, signer=signer, **mots)


def presence(hebdo: Decimal) -> Presence:
    """Days of seven hours, as many as the week holds."""
    return Presence(
        jours=JourSemaine.values[: ceil(hebdo / HEURES_PAR_JOUR)], arrivee=dt.time(9), depart=dt.time(17), pause=60
    )


def _second(offre: Offre) -> Coordonnees:
    """Who is written to when the referent is away: an offer has two contacts to be published."""
    domaine = offre.referent.courriel.rpartition("@")[2] if offre.referent else "entreprise.example"
    return Coordonnees(nom="Nadia Perrot", fonction="Ressources humaines", courriel=f"n.perrot@{domaine}")


def entreprise_de(offre: Offre) -> Contexte:
    """The offer's referent, acting by link."""
    return Contexte(role=Role.ENTREPRISE, contact_id=offre.referent_id, organisation_id=offre.entreprise_id)


def tuteur_de(stage: Parcours) -> Contexte:
    """The stay's own tutor."""
    return Contexte(
        role=Role.TUTEUR,
        utilisateur_id=stage.tuteur_id,
        organisation_id=stage.organisation_id,
        academie_id=stage.organisation.academie_id if stage.organisation else None,
    )


def pdf_minimal(texte: str) -> bytes:
    """A one-page PDF, small and well formed, that says it is fictitious."""
    contenu = f"BT /F1 24 Tf 72 720 Td ({texte}) Tj ET".encode("latin-1")
    objets = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(contenu), contenu),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    corps, positions = bytearray(b"%PDF-1.4\n"), []
    for numero, objet in enumerate(objets, start=1):
        positions.append(len(corps))
        corps += b"%d 0 obj\n%s\nendobj\n" % (numero, objet)
    table = len(corps)
    corps += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objets) + 1)
    corps += b"".join(b"%010d 00000 n \n" % position for position in positions)
    corps += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objets) + 1, table)
    return bytes(corps)
