"""Who lives in the territory: organisations, accounts, contacts of companies, young people."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from django.utils import timezone

from raccord.comptes.enums import Domaine, GenreOrganisation, Role, TypeAcheteur
from raccord.comptes.intergiciel import contexte_de
from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.comptes.organisations import demandes, invitations
from raccord.demo.generateur import fictif
from raccord.jeunes.actions import dossier as jeunes
from raccord.jeunes.models import Jeune
from raccord.marches.contacts import Coordonnees
from raccord.socle import calendrier
from raccord.socle.contexte import VISITEUR, Contexte
from raccord.territoires.models import Academie, Commune

MAJORITE = 18


@dataclass(frozen=True)
class Personne:
    """Somebody with an account, acting under one membership; a buyer may leave the follow-up to a `delegue`."""

    adhesion: Adhesion
    delegue: Coordonnees | None = None

    @property
    def contexte(self) -> Contexte:
        """What the actions need to know."""
        return contexte_de(self.adhesion)

    @property
    def organisation(self) -> Organisation:
        """For whom they act."""
        return self.adhesion.organisation


@dataclass(frozen=True)
class Entreprise:
    """A company as buyers type it, with the two people one writes to."""

    nom: str
    siret: str
    metier: fictif.Metier
    referent: Coordonnees
    rrh: Coordonnees


@dataclass
class Mlds:
    """A territory's team, and the young people it follows."""

    organisation: Organisation
    coordonnateur: Personne
    tuteurs: list[Personne]
    jeunes: list[Jeune] = field(default_factory=list)


@dataclass(frozen=True)
class Territoire:
    """Where a team works: its académie, and real communes where its young people live and work is found."""

    academie: str
    communes: tuple[str, ...]
    jeunes: tuple[int, ...]
    """How many young people each tutor follows: the stories take them one by one."""


TERRITOIRES = (
    Territoire("lille", ("59350", "59512", "59599", "59009", "62498", "59178", "62041"), (7, 5, 5)),
    Territoire("lyon", ("69383", "69266", "69259", "69029", "42218", "38053"), (6, 5)),
    Territoire("la-reunion", ("97411", "97416", "97415", "97422", "97409"), (4, 3)),
)
ACHETEURS = (
    ("Ville de Rivebelle", TypeAcheteur.COLLECTIVITE, "lille", 2),
    ("Hôpital de Clairpré", TypeAcheteur.HOPITAL, "lyon", 1),
    ("Rectorat de Montfable", TypeAcheteur.DECONCENTREE, "la-reunion", 1),
    ("Groupe Hautefable", TypeAcheteur.PRIVE, None, 1),
)


@dataclass
class Troupe:
    """Everybody, made once. Each name is drawn once, so that no two people are confused."""

    hasard: random.Random
    acheteurs: list[Personne] = field(default_factory=list)
    mlds: list[Mlds] = field(default_factory=list)
    national: Personne = field(init=False)
    entreprises: list[Entreprise] = field(default_factory=list)
    _noms: list[tuple[str, str]] = field(default_factory=list)
    _arrivees: int = 0

    def __post_init__(self) -> None:
        self._noms = [(prenom, nom) for prenom in fictif.PRENOMS for nom in fictif.NOMS]
        self.hasard.shuffle(self._noms)

    def entrer_en_scene(self) -> None:
        """Organisations and accounts; the first account of each role is the one the demo proposes first."""
        equipe = Organisation.objects.create(
            genre=GenreOrganisation.NATIONALE, nom="Équipe nationale", courriel="equipe@raccord.example"
        )
        self.national = self.compte(Role.NATIONAL, equipe, administrateur=True)
        for nom, genre, academie, nombre in ACHETEURS:
            acheteur = self.organisation(GenreOrganisation.ACHETEUR, nom, academie, type_acheteur=genre)
            self.acheteurs += [self.compte(Role.ACHETEUR, acheteur, administrateur=rang == 0) for rang in range(nombre)]
        for territoire in TERRITOIRES:
            self.mlds.append(self._mlds(territoire))
        for rang, metier in enumerate(self.hasard.sample(fictif.METIERS, len(fictif.METIERS))):
            self.entreprises.append(self.entreprise(rang, metier))
        dernier = self.acheteurs.pop()
        delegue = self._coordonnees(dernier.organisation.nom, "Service prescripteur")
        self.acheteurs.append(replace(dernier, delegue=delegue))

    def organisation(self, genre: str, nom: str, academie: str | None, **champs: str) -> Organisation:
        """One more, with the address and the phone of its service."""
        return Organisation.objects.create(
            genre=genre,
            nom=nom,
            courriel=f"contact@{fictif.identifiant(nom)}.example",
            telephone=fictif.telephone(self.hasard),
            academie=Academie.objects.get(slug=academie) if academie else None,
            **champs,
        )

    def compte(self, role: Role, chez: Organisation, *, administrateur: bool = False) -> Personne:
        """A new account with one membership."""
        prenom, nom = self._noms.pop()
        utilisateur = Utilisateur.objects.creer(
            self._adresse(prenom, nom, chez), prenom, nom, telephone=fictif.telephone(self.hasard)
        )
        # One minute apart: the order of arrival is the order of the page that proposes accounts.
        self._arrivees += 1
        debut = timezone.now() + dt.timedelta(minutes=self._arrivees)
        adhesion = Adhesion.objects.create(
            utilisateur=utilisateur, organisation=chez, role=role, debut=debut, administrateur=administrateur
        )
        return Personne(adhesion)

    def attendre(self) -> None:
        """Somebody is invited at the first MLDS, somebody asks to join the first buyer."""
        lille, ville = self.mlds[0].coordonnateur, self.acheteurs[0].organisation
        prenom, nom = self._noms.pop()
        invitations.inviter(lille.contexte, courriel=self._adresse(prenom, nom, lille.organisation), role=Role.TUTEUR)
        prenom, nom = self._noms.pop()
        demandes.demander(
            VISITEUR,
            ville.pk,
            role=Role.ACHETEUR,
            mot="J’arrive au service des achats le mois prochain.",
            courriel=self._adresse(prenom, nom, ville),
            prenom=prenom,
            nom=nom,
        )

    def _adresse(self, prenom: str, nom: str, chez: Organisation) -> str:
        return f"{fictif.identifiant(prenom)}.{fictif.identifiant(nom)}@{fictif.identifiant(chez.nom)}.example"

    def _mlds(self, territoire: Territoire) -> Mlds:
        academie = Academie.objects.get(slug=territoire.academie)
        mlds = self.organisation(GenreOrganisation.MLDS, f"MLDS de {academie.nom}", academie.slug)
        equipe = Mlds(
            mlds,
            self.compte(Role.COORDONNATEUR, mlds, administrateur=True),
            [self.compte(Role.TUTEUR, mlds) for _ in territoire.jeunes],
        )
        for tuteur, nombre in zip(equipe.tuteurs, territoire.jeunes, strict=True):
            for _ in range(nombre):
                equipe.jeunes.append(self.jeune(tuteur, territoire.communes, len(equipe.jeunes)))
        return equipe

    def entreprise(self, rang: int, metier: fictif.Metier) -> Entreprise:
        lieu = fictif.LIEUX_IMAGINAIRES[rang % len(fictif.LIEUX_IMAGINAIRES)]
        nom = f"{metier.entreprise} de {lieu}"
        return Entreprise(
            nom,
            fictif.siret(rang + 1),
            metier,
            referent=self._coordonnees(nom, self.hasard.choice(["Responsable d'équipe", "Chef d'atelier", "Gérante"])),
            rrh=self._coordonnees(nom, "Ressources humaines"),
        )

    def _coordonnees(self, entreprise: str, fonction: str) -> Coordonnees:
        prenom, nom = self._noms.pop()
        return Coordonnees(
            nom=f"{prenom} {nom}",
            fonction=fonction,
            courriel=f"{fictif.identifiant(nom)}.{fictif.identifiant(prenom)}@{fictif.identifiant(entreprise)}.example",
            telephone=fictif.telephone(self.hasard),
        )

    def jeune(self, tuteur: Personne, communes: Sequence[str], rang: int) -> Jeune:
        """From 16 to 24; a minor has a legal representative; one of five has no mail."""
        prenom, nom = self._noms.pop()
        aujourdhui = calendrier.aujourdhui()
        age = 16 + (rang * 5) % 9
        naissance = aujourdhui - dt.timedelta(days=round(365.25 * (age + 0.3 + 0.5 * self.hasard.random())))
        representants = []
        if age < MAJORITE:
            proche = self.hasard.choice(fictif.PRENOMS)
            representants.append(
                jeunes.Representant(
                    nom=f"{proche} {nom}",
                    lien=self.hasard.choice(["mère", "père", "tante"]),
                    telephone=fictif.telephone(self.hasard),
                    courriel=f"{fictif.identifiant(proche)}.{fictif.identifiant(nom)}@familles.example",
                )
            )
        identite = jeunes.Identite(
            prenom=prenom,
            nom=nom,
            date_naissance=naissance,
            commune=Commune.objects.get(pk=communes[rang % len(communes)]),
            telephone=fictif.telephone(self.hasard),
            courriel="" if rang % 5 == 4 else f"{fictif.identifiant(prenom)}.{fictif.identifiant(nom)}@jeunes.example",
            etablissement=f"Lycée de {self.hasard.choice(fictif.LIEUX_IMAGINAIRES)}",
            domaines=self.hasard.sample([domaine.value for domaine in Domaine], 2),
            heures_souhaitees=self.hasard.choice([150, 300, 300, 450]),
            rayon_km=self.hasard.choice([10, 20, 30, 50]),
            profil=self.hasard.choice(fictif.PROFILS),
            contraintes=self.hasard.choice(fictif.CONTRAINTES),
            volontaire_le=aujourdhui - dt.timedelta(days=self.hasard.randrange(1, 20)),
        )
        return jeunes.creer(tuteur.contexte, cle=uuid4(), identite=identite, representants=representants)
