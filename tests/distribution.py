"""The fixed cast: per role a member, a colleague, a stranger; and objects brought to a state by real transitions."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from raccord.comptes.confirmation import doit_confirmer
from raccord.comptes.enums import Domaine, GenreOrganisation, Role
from raccord.comptes.intergiciel import CLE_SESSION, contexte_de
from raccord.comptes.models import Adhesion, Contact, Organisation, Telephone, Utilisateur
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.marches.enums import Compte
from raccord.marches.models import EcritureHeures, Engagement, Lot, Marche
from raccord.marches.workflow import ENGAGEMENT
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.workflow import executer, inaugurer
from raccord.territoires.models import Academie, Commune

LILLE, ROUBAIX, PARIS_7, LYON_3 = "59350", "59512", "75107", "69383"
_numero = count(1)


@dataclass
class Personne:
    """Somebody of the cast: the account, the membership, the context."""

    utilisateur: Utilisateur
    adhesion: Adhesion

    @property
    def contexte(self) -> Contexte:
        return contexte_de(self.adhesion)

    @property
    def organisation(self) -> Organisation:
        return self.adhesion.organisation

    def telephone(self) -> Telephone:
        """Their telephone, registered."""
        deja = Telephone.objects.filter(user=self.utilisateur, confirmed=True).first()
        return deja or Telephone.objects.creer(self.utilisateur, confirmed=True)

    def client(self) -> Client:
        """A browser signed in as this person, checking CSRF like a real one."""
        client = Client()
        client.force_login(self.utilisateur, backend="sesame.backends.ModelBackend")
        session = client.session
        session[CLE_SESSION] = str(self.adhesion.pk)
        if doit_confirmer(self.adhesion):
            session[DEVICE_ID_SESSION_KEY] = self.telephone().persistent_id
        session.save()
        return client


def organisation(genre: str, nom: str, academie: str | None = None, **champs: Any) -> Organisation:
    """An organisation; `academie` is the académie's name."""
    return Organisation.objects.create(
        genre=genre, nom=nom, academie=Academie.objects.get(nom=academie) if academie else None, **champs
    )


def personne(role: str, chez: Organisation, *, administrateur: bool = False) -> Personne:
    """A new account with one membership."""
    numero = next(_numero)
    utilisateur = Utilisateur.objects.creer(f"{role}{numero}@essai.example", f"Prénom{numero}", f"Nom{numero}")
    adhesion = Adhesion.objects.create(
        utilisateur=utilisateur, organisation=chez, role=role, administrateur=administrateur
    )
    return Personne(utilisateur, adhesion)


def contact(chez: Organisation, **champs: Any) -> Contact:
    """Somebody of an organisation without account."""
    numero = next(_numero)
    defauts = {"nom": f"Contact {numero}", "fonction": "Responsable", "courriel": f"contact{numero}@essai.example"}
    return Contact.objects.create(organisation=chez, **(defauts | champs))


@dataclass
class Distribution:
    """Everybody. `membre`s act, `collegue`s share their organisation, `etranger`s do not. `acheteur` and `national`
    administer their organisation; nobody does at the MLDS.
    """

    acheteur: Personne = field(init=False)
    acheteur_collegue: Personne = field(init=False)
    acheteur_etranger: Personne = field(init=False)
    tuteur: Personne = field(init=False)
    tuteur_collegue: Personne = field(init=False)
    tuteur_etranger: Personne = field(init=False)
    coordonnateur: Personne = field(init=False)
    coordonnateur_etranger: Personne = field(init=False)
    national: Personne = field(init=False)
    entreprise: Organisation = field(init=False)
    referent: Contact = field(init=False)
    rrh: Contact = field(init=False)

    def __post_init__(self) -> None:
        ville = organisation(GenreOrganisation.ACHETEUR, "Ville de Lille", "Lille")
        region = organisation(GenreOrganisation.ACHETEUR, "Région voisine", "Amiens")
        mlds_lille = organisation(GenreOrganisation.MLDS, "MLDS de Lille", "Lille")
        mlds_paris = organisation(GenreOrganisation.MLDS, "MLDS de Paris", "Paris")
        equipe = organisation(GenreOrganisation.NATIONALE, "Équipe nationale")
        self.acheteur = personne(Role.ACHETEUR, ville, administrateur=True)
        self.acheteur_collegue = personne(Role.ACHETEUR, ville)
        self.acheteur_etranger = personne(Role.ACHETEUR, region)
        self.tuteur, self.tuteur_collegue = personne(Role.TUTEUR, mlds_lille), personne(Role.TUTEUR, mlds_lille)
        self.tuteur_etranger = personne(Role.TUTEUR, mlds_paris)
        self.coordonnateur = personne(Role.COORDONNATEUR, mlds_lille)
        self.coordonnateur_etranger = personne(Role.COORDONNATEUR, mlds_paris)
        self.national = personne(Role.NATIONAL, equipe, administrateur=True)
        self.entreprise = organisation(GenreOrganisation.ENTREPRISE, "Menuiserie Dubois")
        self.referent = contact(self.entreprise)
        self.rrh = contact(self.entreprise, fonction="Ressources humaines")

    @property
    def contexte_referent(self) -> Contexte:
        """The company's referent, acting by a link."""
        return Contexte(
            role=Role.ENTREPRISE, contact_id=self.referent.pk, organisation_id=self.referent.organisation_id
        )

    def contexte_jeune(self, jeune_id: UUID) -> Contexte:
        """The young person, acting by a link."""
        return Contexte(role=Role.JEUNE, jeune_id=jeune_id)

    def jeune(self, tuteur: Personne | None = None, **champs: Any) -> Jeune:
        """A young person of 17, followed by the tutor, whose MLDS has the grant."""
        tuteur = tuteur or self.tuteur
        numero = next(_numero)
        aujourdhui = calendrier.aujourdhui()
        defauts = {
            "prenom": f"Camille{numero}",
            "nom": f"Essai{numero}",
            "date_naissance": aujourdhui.replace(day=1, year=aujourdhui.year - 17),
            "commune_id": ROUBAIX,
            "telephone": "+33600000000",
            "courriel": f"jeune{numero}@essai.example",
            "organisation": tuteur.organisation,
            "tuteur": tuteur.utilisateur,
            "domaines": [Domaine.LOGISTIQUE],
            "volontaire_le": aujourdhui,
            "profil": "Aime travailler en équipe.",
        }
        jeune = Jeune.objects.create(**(defauts | champs))
        AccesJeune.objects.create(jeune=jeune, organisation=jeune.organisation, motif="suivi par la MLDS")
        return jeune

    def marche(self, **champs: Any) -> Marche:
        """A contract of two firm years, notified two months ago, worth 150 000 euros."""
        aujourdhui = calendrier.aujourdhui()
        defauts = {
            "acheteur": self.acheteur.organisation,
            "suivi_par": self.acheteur.utilisateur,
            "reference": "2026-042",
            "objet": "Entretien des menuiseries",
            "montant_ferme": 150_000,
            "date_notification": aujourdhui - dt.timedelta(days=60),
            "date_fin_clause": aujourdhui + dt.timedelta(days=670),
            "date_fin_reconduction": aujourdhui + dt.timedelta(days=1035),
        }
        marche = Marche.objects.create(**(defauts | champs))
        Lot.objects.create(marche=marche, numero=0)
        return marche

    def engagement(self, heures: int = 300, *, marche: Marche | None = None) -> Engagement:
        """A declared engagement of the company, with its opening entry in the ledger."""
        marche = marche or self.marche()
        engagement = Engagement(marche=marche, entreprise=self.entreprise, heures=heures)
        with inaugurer(ENGAGEMENT["creer"], self.acheteur.contexte, engagement):
            engagement.lots.set(marche.lots.all())
            EcritureHeures.objects.create(
                engagement=engagement, de=Compte.DU, vers=Compte.A_PLACER, heures=heures, motif="clause du contrat"
            )
        with executer(ENGAGEMENT["declarer"], self.acheteur.contexte, Engagement, engagement.pk) as engagement:
            pass
        return engagement

    def offre_brouillon(self, engagement: Engagement | None = None, **champs: Any) -> Offre:
        """An offer being written by the buyer."""
        engagement = engagement or self.engagement()
        defauts = {
            "engagement": engagement,
            "entreprise": engagement.entreprise,
            "intitule": "Découverte de l'atelier",
            "domaines": [Domaine.LOGISTIQUE],
            "missions": "Préparer les commandes, ranger le bois, accompagner un menuisier sur un chantier.",
            "heures": engagement.heures,
            "adresse": "12 rue des Essais",
            "commune": Commune.objects.get(pk=LILLE),
            "date_debut": calendrier.aujourdhui(),
            "date_fin": engagement.marche.date_fin_clause,
            "referent": self.referent,
            "rrh": self.rrh,
        }
        offre = Offre(**(defauts | champs))
        with inaugurer(OFFRE["preparer"], self.acheteur.contexte, offre):
            FicheEntreprise.objects.create(
                offre=offre,
                taches="Préparer, ranger, accompagner.",
                poste_travail="Un établi.",
                activite="Menuiserie.",
                effectif=12,
                tenue=FicheEntreprise.Tenue.OUI,
            )
        return offre

    def offre_a_confirmer(self, engagement: Engagement | None = None, **champs: Any) -> Offre:
        """An offer declared, waiting for the company."""
        brouillon = self.offre_brouillon(engagement, **champs)
        with executer(OFFRE["declarer"], self.acheteur.contexte, Offre, brouillon.pk) as offre:
            pass
        return offre

    def offre_publiee(self, engagement: Engagement | None = None, **champs: Any) -> Offre:
        """An offer anybody may read."""
        a_confirmer = self.offre_a_confirmer(engagement, **champs)
        FicheEntreprise.objects.filter(offre=a_confirmer).update(
            confirmee_le=timezone.now(), confirmee_par=self.referent
        )
        with executer(OFFRE["confirmer"], self.contexte_referent, Offre, a_confirmer.pk) as offre:
            offre.publiee_le = offre.prete_le = timezone.now()
        return offre
