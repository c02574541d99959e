"""The same territory at national scale, for measures: thousands of published offers, written in bulk.

Rows are those that the actions would leave (ledger, fiche, wait, journal included), but nobody is written to and no
transition runs: states are created, never changed. For benches only, after `generation.generer`.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role, TypeAcheteur
from raccord.comptes.models import Adhesion, Contact, Organisation, Utilisateur
from raccord.demo.generateur import fictif
from raccord.echeances.attentes import Cadre, echelle_en_vigueur, prochain_moment
from raccord.echeances.models import Attente, Echelle
from raccord.marches.enums import Compte, EtatEngagement
from raccord.marches.models import EcritureHeures, Engagement, Lot, Marche
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.attentes import POURVOIR
from raccord.parcours.enums import EtatOffre
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier
from raccord.socle.models import Journal
from raccord.territoires.models import Academie, Commune

M = TypeVar("M", bound=models.Model)
LOT = 1000
OFFRES = 10_000
COMMUNES = 6000
OFFRES_PAR_ACHETEUR, OFFRES_PAR_ENTREPRISE = 50, 5
LOTS_PAR_MARCHE = 4
TUTEURS_PAR_MLDS = 2
PREMIER_SIRET = 100  # those before are the troupe's
MONTANTS = {150: 80_000, 300: 150_000, 450: 280_000, 900: 520_000}


@dataclass(frozen=True)
class Decor:
    """What offers are drawn from."""

    acheteurs: list[Organisation]
    contacts: list[Contact]
    communes: list[Commune]
    mlds: dict[str, Organisation]
    echelle: Echelle | None


@transaction.atomic
def generer_en_masse(graine: int, *, offres: int = OFFRES) -> int:
    """Add so many published offers all over France. Returns how many."""
    hasard = random.Random(graine)  # noqa: S311  chance of a tale, no secret
    decor = _decor(hasard, offres)
    faites = 0
    while faites < offres:
        faites += _un_lot(hasard, decor, min(LOT, offres - faites), faites)
    return faites


def _par_lots(lignes: Iterable[M]) -> Iterator[list[M]]:
    flux = iter(lignes)
    while lot := list(islice(flux, LOT)):
        yield lot


def _ecrire(lignes: Iterable[M]) -> list[M]:
    ecrites: list[M] = []
    for lot in _par_lots(lignes):
        ecrites += type(lot[0])._default_manager.bulk_create(lot)
    return ecrites


def _decor(hasard: random.Random, offres: int) -> Decor:
    """MLDS in every académie, buyers, companies with their referent, the largest communes of the country."""
    sans_mlds = Academie.objects.exclude(
        pk__in=Organisation.objects.filter(genre=GenreOrganisation.MLDS).values("academie_id")
    )
    mlds = _ecrire(
        Organisation(genre=GenreOrganisation.MLDS, nom=f"MLDS de {academie.nom}", academie=academie)
        for academie in sans_mlds
    )
    for equipe in mlds:
        for rang, role in enumerate([Role.COORDONNATEUR] + [Role.TUTEUR] * TUTEURS_PAR_MLDS):
            adresse = f"{role}{rang}@{fictif.identifiant(equipe.nom)}.example"
            prenom, nom = hasard.choice(fictif.PRENOMS), hasard.choice(fictif.NOMS)
            utilisateur = Utilisateur.objects.creer(adresse, prenom, nom)
            Adhesion.objects.create(
                utilisateur=utilisateur, organisation=equipe, role=role, administrateur=role == Role.COORDONNATEUR
            )
    acheteurs = _ecrire(
        Organisation(
            genre=GenreOrganisation.ACHETEUR,
            nom=f"Collectivité n° {numero} de {hasard.choice(fictif.LIEUX_IMAGINAIRES)}",
            type_acheteur=hasard.choice(TypeAcheteur.values),
            courriel=f"achats@collectivite-{numero}.example",
        )
        for numero in range(1 + offres // OFFRES_PAR_ACHETEUR)
    )
    entreprises = _ecrire(
        Organisation(
            genre=GenreOrganisation.ENTREPRISE,
            nom=f"{hasard.choice(fictif.METIERS).entreprise} {numero} de {hasard.choice(fictif.LIEUX_IMAGINAIRES)}",
            siret=fictif.siret(PREMIER_SIRET + numero),
        )
        for numero in range(1 + offres // OFFRES_PAR_ENTREPRISE)
    )
    contacts = _ecrire(
        Contact(
            organisation=entreprise,
            nom=f"{hasard.choice(fictif.PRENOMS)} {hasard.choice(fictif.NOMS)}",
            fonction="Responsable d'équipe",
            courriel=f"referent@entreprise-{entreprise.siret}.example",
            verifie_le=timezone.now(),
        )
        for entreprise in entreprises
    )
    communes = list(
        Commune.objects.en_vigueur()
        .filter(latitude__isnull=False)
        .select_related("departement")
        .order_by("-population", "code")[:COMMUNES]
    )
    par_academie = {
        str(organisation.academie_id): organisation
        for organisation in Organisation.objects.filter(genre=GenreOrganisation.MLDS)
    }
    return Decor(acheteurs, contacts, communes, par_academie, echelle=echelle_en_vigueur(POURVOIR.code, Cadre()))


def _un_lot(hasard: random.Random, decor: Decor, nombre: int, deja: int) -> int:
    """So many offers, with what each stands on."""
    aujourdhui = calendrier.aujourdhui()
    marches = _ecrire(_marche(hasard, decor, aujourdhui, deja + rang) for rang in range(0, nombre, LOTS_PAR_MARCHE))
    tires = [(marches[rang // LOTS_PAR_MARCHE], rang % LOTS_PAR_MARCHE + 1) for rang in range(nombre)]
    lots = _ecrire(Lot(marche=marche, numero=numero, intitule=f"Lot {numero}") for marche, numero in tires)
    contacts = [hasard.choice(decor.contacts) for _ in range(nombre)]
    durees = hasard.choices([150, 300, 450, 900], weights=[3, 4, 2, 1], k=nombre)
    engagements = _ecrire(
        Engagement(
            marche=lot.marche,
            entreprise=contact.organisation,
            etat=EtatEngagement.CONFIRME,
            heures=heures,
            explication={},
        )
        for lot, contact, heures in zip(lots, contacts, durees, strict=True)
    )
    liaison = Engagement.lots.through
    _ecrire(liaison(engagement=e, lot=lot) for e, lot in zip(engagements, lots, strict=True))
    _ecrire(
        EcritureHeures(
            engagement=e, de=Compte.DU, vers=Compte.A_PLACER, heures=Decimal(e.heures), motif="clause du contrat"
        )
        for e in engagements
    )
    offres = _ecrire(
        _offre(hasard, decor, e, contact, aujourdhui) for e, contact in zip(engagements, contacts, strict=True)
    )
    _ecrire(
        FicheEntreprise(offre=offre, taches=offre.missions, confirmee_le=offre.publiee_le, tenue="oui")
        for offre in offres
    )
    _ecrire(_attente(decor, offre) for offre in offres)
    _ecrire(_trace(offre) for offre in offres)
    return nombre


def _marche(hasard: random.Random, decor: Decor, aujourdhui: dt.date, numero: int) -> Marche:
    notification = aujourdhui - dt.timedelta(days=hasard.randrange(20, 300))
    fin = notification + dt.timedelta(days=hasard.randrange(400, 1100))
    return Marche(
        acheteur=hasard.choice(decor.acheteurs),
        reference=f"N-{numero:05d}",
        objet=f"Prestations de {hasard.choice(fictif.METIERS).secteur.lower()}",
        montant_ferme=MONTANTS[300],
        date_notification=notification,
        date_fin_clause=fin,
        date_fin_reconduction=fin,
    )


def _offre(hasard: random.Random, decor: Decor, engagement: Engagement, contact: Contact, aujourdhui: dt.date) -> Offre:
    metier = hasard.choice(fictif.METIERS)
    # Towns of any size, large ones more often, as contracts are.
    commune = decor.communes[min(int(hasard.expovariate(1 / 900)), len(decor.communes) - 1)]
    publiee = timezone.now() - dt.timedelta(minutes=hasard.randrange(60, 60 * 24 * 250))
    offre = Offre(
        engagement=engagement,
        entreprise=contact.organisation,
        etat=EtatOffre.PUBLIEE,
        intitule=metier.intitule,
        domaines=list(metier.domaines),
        missions=metier.missions,
        heures=engagement.heures,
        adresse=f"{hasard.randrange(1, 120)} rue des Essais",
        commune=commune,
        date_debut=aujourdhui - dt.timedelta(days=hasard.randrange(1, 60)),
        date_fin=engagement.marche.date_fin_clause,
        referent=contact,
        prete_le=publiee,
        publiee_le=publiee,
    )
    indexer(offre)
    return offre


def _attente(decor: Decor, offre: Offre) -> Attente:
    mlds = decor.mlds[offre.commune.departement.academie_id or ""]
    attente = Attente(
        code=POURVOIR.code,
        objet_type=offre._meta.label_lower,
        objet_id=offre.pk,
        fil=list(offre.fil()),
        sujet=str(offre)[:200],
        action=POURVOIR.action,
        role=Role.COORDONNATEUR,
        organisation_id=mlds.pk,
        proprietaire=mlds.nom,
        echeance=POURVOIR.due(offre),
        echelle=decor.echelle,
        departement=offre.commune.departement_id,
    )
    attente.prochain = prochain_moment(attente)
    return attente


def _trace(offre: Offre) -> Journal:
    transition = OFFRE["confirmer"]
    return Journal(
        le=offre.publiee_le or timezone.now(),
        acteur_genre="contact",
        acteur_id=offre.referent_id,
        organisation_id=offre.entreprise_id,
        role=Role.ENTREPRISE,
        verbe=f"{OFFRE.nom}.{transition.nom}",
        texte=transition.fait,
        objet_type=offre._meta.label_lower,
        objet_id=offre.pk,
        avant=EtatOffre.A_CONFIRMER,
        apres=EtatOffre.PUBLIEE,
        fil=list(offre.fil()),
        audience=sorted(transition.audience),
    )
