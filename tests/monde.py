"""One object of each kind, all of the members' own: what colleagues and strangers then try to reach."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.test import Client

from raccord.comptes import liens
from raccord.comptes.assistance.actions import demander as demander_aide
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Absence, Assistance, Demande, Invitation
from raccord.comptes.organisations import invitations
from raccord.documents.models import Contenu, Document
from raccord.echeances import adresses
from raccord.echeances.attentes import ouvrir
from raccord.echeances.models import AdresseEnEchec, Attente, Message
from raccord.jeunes.models import AccesJeune, DemandeRetrait, Jeune
from raccord.marches.models import Brouillon, Engagement, Marche
from raccord.parcours.actions.agenda import creer_adresse
from raccord.parcours.actions.bilan import preparer_bilan
from raccord.parcours.actions.passation import confier
from raccord.parcours.attentes import REPONDRE
from raccord.parcours.enums import NatureSignalement
from raccord.parcours.models import (
    Bilan,
    Offre,
    Parcours,
    Passation,
    Positionnement,
    Reservation,
    Run,
    Signalement,
    Transfert,
)
from raccord.rgpd.actions import demander
from raccord.rgpd.models import Copie
from raccord.socle import calendrier
from raccord.socle.donnees_personnelles import Personne
from tests.distribution import Distribution, contact, organisation
from tests.etats import (
    engagement_en_etat,
    offre_en_etat,
    parcours_en_etat,
    positionnement_en_etat,
    reservation_en_etat,
    transfert_en_etat,
)

COLONNES = (
    "visiteur",
    "acheteur",
    "acheteur_collegue",
    "acheteur_etranger",
    "tuteur",
    "tuteur_collegue",
    "tuteur_etranger",
    "coordonnateur",
    "coordonnateur_etranger",
    "national",
)


@dataclass
class Monde:
    """Made on demand: a test pays only for what its address names."""

    distribution: Distribution

    def client(self, colonne: str) -> Client:
        """The browser of that column."""
        return Client() if colonne == "visiteur" else getattr(self.distribution, colonne).client()

    def argument(self, cle: str) -> Any:
        """The value of an address's argument."""
        valeur = getattr(self, cle)
        return getattr(valeur, "pk", valeur)

    @cached_property
    def marche(self) -> Marche:
        return self.offre_publiee.engagement.marche

    @cached_property
    def offre_brouillon(self) -> Offre:
        return offre_en_etat(self.distribution, "brouillon")

    @cached_property
    def engagement(self) -> Engagement:
        return engagement_en_etat(self.distribution, "confirme")

    @cached_property
    def engagement_brouillon(self) -> Engagement:
        return engagement_en_etat(self.distribution, "a_declarer")

    @cached_property
    def brouillon(self) -> Brouillon:
        return Brouillon.objects.create(
            organisation=self.distribution.acheteur.organisation,
            auteur=self.distribution.acheteur.utilisateur,
            marche=self.engagement_brouillon.marche,
        )

    @cached_property
    def offre_a_confirmer(self) -> Offre:
        return offre_en_etat(self.distribution, "a_confirmer")

    @cached_property
    def offre_publiee(self) -> Offre:
        return offre_en_etat(self.distribution, "publiee")

    @cached_property
    def offre_a_reprendre(self) -> Offre:
        return offre_en_etat(self.distribution, "a_reprendre")

    @cached_property
    def offre_a_instruire(self) -> Offre:
        offre = offre_en_etat(self.distribution, "a_instruire")
        Offre.objects.filter(pk=offre.pk).update(engagement=None)
        return offre

    @cached_property
    def jeune(self) -> Jeune:
        return self.distribution.jeune()

    @cached_property
    def adresse_en_echec(self) -> AdresseEnEchec:
        """Of somebody in the company whom no offer names, about an offer: the buyer is to find another."""
        collegue, offre = contact(self.distribution.entreprise), self.offre_publiee
        message = Message.objects.create(
            code="essai",
            courriel=collegue.courriel,
            contact_id=collegue.pk,
            organisation_id=collegue.organisation_id,
            objet_type="parcours.offre",
            objet_id=offre.pk,
        )
        adresses.signaler(message, "550")
        return AdresseEnEchec.objects.get()

    @cached_property
    def acces_partage(self) -> AccesJeune:
        """The young person's file, open to an organisation that is none of the columns'."""
        chez = organisation(GenreOrganisation.ETABLISSEMENT, "Lycée des Fileuses", "Lille")
        return AccesJeune.objects.create(jeune=self.jeune, organisation=chez, motif="préparer la convention")

    @cached_property
    def retrait(self) -> DemandeRetrait:
        return DemandeRetrait.objects.create(jeune=self.jeune, acces=self.acces_partage, demande_par=Role.JEUNE)

    @cached_property
    def reservation(self) -> Reservation:
        return reservation_en_etat(self.distribution)

    @cached_property
    def positionnement(self) -> Positionnement:
        return positionnement_en_etat(self.distribution, "transmis")

    @cached_property
    def positionnement_attendu(self) -> Positionnement:
        """The company owes an answer: its wait is open."""
        positionnement = positionnement_en_etat(self.distribution, "transmis")
        ouvrir(REPONDRE, positionnement)
        return positionnement

    @cached_property
    def attente(self) -> Attente:
        return Attente.objects.get(code=REPONDRE.code, objet_id=self.positionnement_attendu.pk)

    @cached_property
    def code_attente(self) -> str:
        return REPONDRE.code

    @cached_property
    def run(self) -> Run:
        """The tutor's session, on one file."""
        tuteur = self.distribution.tuteur
        return Run.objects.create(
            utilisateur=tuteur.utilisateur, organisation=tuteur.organisation, en_cours=self.attente
        )

    @cached_property
    def positionnement_rencontre(self) -> Positionnement:
        return positionnement_en_etat(self.distribution, "rencontre_fixee")

    @cached_property
    def positionnement_tenu(self) -> Positionnement:
        positionnement = positionnement_en_etat(self.distribution, "rencontre_fixee")
        Positionnement.objects.filter(pk=positionnement.pk).update(rencontre_le=positionnement.cree_le)
        return positionnement

    @cached_property
    def parcours(self) -> Parcours:
        parcours = parcours_en_etat(self.distribution, "en_cours")
        preparer_bilan(parcours)
        return parcours

    @cached_property
    def parcours_signe(self) -> Parcours:
        parcours = parcours_en_etat(self.distribution, "bilan_signe")
        preparer_bilan(parcours)
        Bilan.objects.filter(parcours=parcours).update(signe_le=parcours.cree_le, deroulement="Tout s'est bien passé.")
        return parcours

    @cached_property
    def parcours_signable(self) -> Parcours:
        return parcours_en_etat(self.distribution, "convention_a_signer")

    @cached_property
    def parcours_a_venir(self) -> Parcours:
        return parcours_en_etat(self.distribution, "a_venir")

    @cached_property
    def parcours_termine(self) -> Parcours:
        parcours = parcours_en_etat(self.distribution, "termine")
        preparer_bilan(parcours)
        return parcours

    @cached_property
    def parcours_interrompu(self) -> Parcours:
        return parcours_en_etat(self.distribution, "interrompu")

    @cached_property
    def voix(self) -> str:
        return Role.JEUNE.value

    @cached_property
    def signalement(self) -> Signalement:
        return Signalement.objects.create(
            parcours=self.parcours,
            nature=NatureSignalement.values[0],
            jour=self.parcours.debut,
            texte="Absent ce matin.",
            signale_par=Role.ENTREPRISE,
        )

    @cached_property
    def transfert(self) -> Transfert:
        return transfert_en_etat(self.distribution, "demande")

    @cached_property
    def document(self) -> Document:
        document = Document.objects.create(
            genre="cv",
            objet_type="parcours.positionnement",
            objet_id=self.positionnement.pk,
            type_mime="application/pdf",
            taille=3,
            empreinte="0" * 64,
        )
        Contenu.objects.create(document=document, scelle=b"rien")
        return document

    @cached_property
    def copie(self) -> Copie:
        return demander(self.distribution.tuteur.contexte, Personne.JEUNE, self.jeune.pk)

    @cached_property
    def adhesion(self) -> Any:
        return self.distribution.tuteur.adhesion

    @cached_property
    def adhesion_collegue(self) -> Any:
        return self.distribution.acheteur_collegue.adhesion

    @cached_property
    def invitation(self) -> Invitation:
        return invitations.inviter(
            self.distribution.acheteur.contexte, courriel="arrivante@essai.example", role=Role.ACHETEUR
        )

    @cached_property
    def jeton_invitation(self) -> str:
        self.invitation.empreinte = liens.empreinte("jeton-d-invitation")
        self.invitation.save()
        return "jeton-d-invitation"

    @cached_property
    def demande(self) -> Demande:
        return Demande.objects.create(
            organisation=self.organisation,
            courriel="demandeuse@essai.example",
            prenom="Ana",
            nom="Lopes",
            role=Role.ACHETEUR,
        )

    @cached_property
    def absence(self) -> Absence:
        aujourdhui = calendrier.aujourdhui()
        return Absence.objects.create(
            adhesion=self.adhesion_collegue,
            suppleant=self.distribution.acheteur.adhesion,
            debut=aujourdhui,
            fin=aujourdhui,
        )

    @cached_property
    def aide(self) -> Assistance:
        acheteur = self.distribution.acheteur
        return demander_aide(acheteur.contexte, acheteur.adhesion, motif="Je ne trouve pas mon marché.")

    @cached_property
    def organisation(self) -> Any:
        return self.distribution.acheteur.organisation

    @cached_property
    def portefeuille(self) -> Any:
        """The member's, with one young person in it; the argument is the tutor's id."""
        assert self.jeune
        return self.distribution.tuteur.utilisateur

    @cached_property
    def passation(self) -> Passation:
        """Of one young person of its own: the member keeps the rest."""
        d = self.distribution
        return confier(
            d.tuteur.contexte,
            d.tuteur.utilisateur.pk,
            vers_id=d.tuteur_collegue.utilisateur.pk,
            note="Appeler mardi.",
            jeunes=[d.jeune().pk],
        )

    @cached_property
    def jeton(self) -> str:
        adresse = liens.creer_pour_contact(
            "parcours.repondre", self.positionnement.pk, self.distribution.referent, role=Role.ENTREPRISE
        )
        return adresse.rstrip("/").rsplit("/", 1)[1]

    @cached_property
    def jeton_agenda(self) -> str:
        adresse = creer_adresse(self.distribution.tuteur.contexte)
        return adresse.rsplit("/", 1)[1].removesuffix(".ics")

    @cached_property
    def jeton_connexion(self) -> str:
        return "jeton-invente"
