"""Offers: drafts, declared, withdrawn, proposed by a company, taken over from the former tool, available, lost."""

import datetime as dt
from uuid import uuid4

from raccord.demo.generateur.recits.conteur import RUES, Conteur
from raccord.parcours.actions import declaration, spontanee
from raccord.parcours.actions.expiration import expirer_offres
from raccord.parcours.importation.colonnes import Colonne
from raccord.parcours.importation.ecriture import importer
from raccord.parcours.importation.lecture import Ligne, Tableau
from raccord.parcours.models import Offre
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
OFFRES_PAR_MARCHE = 3


def declarations(c: Conteur) -> None:
    """Draft; waiting for the company, on time and late; withdrawn."""
    g, acheteur = c.gestes, c.troupe.acheteurs[0]
    g.brouillon(2, acheteur, c.besoin("59350"))
    g.nouvelle_histoire()
    g.declarer(3, acheteur, c.besoin("59512", heures=150), c.besoin("62041"))
    g.nouvelle_histoire()
    g.declarer(24, acheteur, c.besoin("69266", heures=450))
    g.nouvelle_histoire()
    [offre] = g.declarer(60, acheteur, c.besoin("59599"))
    g.confirmer(55, offre)
    with g.le(50):
        declaration.retirer(acheteur.contexte, offre.pk, motif="Le marché a été résilié, l'offre n'a plus d'objet.")


def spontanees(c: Conteur) -> None:
    """Proposed without a contract: to be answered, on time and late; declined; accepted and published."""
    g, equipe = c.gestes, c.troupe.national.contexte
    for j, commune in ((12, "97415"), (2, "33063")):
        _proposer(c, j, commune)
    declinee = _proposer(c, 40, "69029")
    with g.le(36):
        spontanee.decliner(equipe, declinee.pk, motif="Les horaires de nuit ne sont pas possibles pour un mineur.")
    acceptee = _proposer(c, 90, "59009")
    with g.le(87):
        spontanee.accueillir(equipe, acceptee.pk)
    g.confirmer(84, Offre.objects.get(pk=acceptee.pk))


def _proposer(c: Conteur, j: int, commune: str) -> Offre:
    c.gestes.nouvelle_histoire()
    entreprise = c.besoin(commune).entreprise
    metier = entreprise.metier
    with c.gestes.le(j):
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
                date_fin=c.gestes.aujourdhui + dt.timedelta(days=300),
            ),
        )


def ancien_outil(c: Conteur) -> None:
    """Taken over from the former tool by the very import: to be said what they have become; closed."""
    for j, disponibilites in ((45, ("en cours",)), (20, ("en préparation", "en cours", "réalisé"))):
        with c.gestes.le(j):
            importer(Tableau("UTF-8", ",", [_ligne(c, j, rang, dit) for rang, dit in enumerate(disponibilites)]))


def _ligne(c: Conteur, j: int, rang: int, disponibilite: str) -> Ligne:
    entreprise = c.besoin("").entreprise
    jour = c.gestes.aujourdhui - dt.timedelta(days=500 + j + rang)
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
            Colonne.ACHETEUR: c.troupe.acheteurs[0].organisation.nom,
            Colonne.OBJET: f"{entreprise.metier.secteur}, marché de l'ancien outil",
            Colonne.OBJET_DETAILLE: f"Lot {rang + 1}",
            Colonne.NOTIFICATION: jour.isoformat(),
            Colonne.FIN_CLAUSE: (jour + dt.timedelta(days=900)).isoformat(),
            Colonne.FIN_RECONDUCTION: (jour + dt.timedelta(days=1200)).isoformat(),
        },
    )


def offres_disponibles(c: Conteur) -> None:
    """Everywhere in France, of every length; a few end within six months without anybody."""
    lieux = [*PRES_D_ICI, *AILLEURS]
    heures = (300, 150, 450, 300, 900)
    for rang in range(0, len(lieux), OFFRES_PAR_MARCHE):
        c.publier(
            8 + 3 * rang,
            *lieux[rang : rang + OFFRES_PAR_MARCHE],
            heures=heures[rang // OFFRES_PAR_MARCHE % len(heures)],
            fin_dans=110 if rang % 12 == 6 else 250 + 9 * rang,
        )


def contrat_perdu(c: Conteur) -> None:
    """The firm period ended without a young person: the hours are lost."""
    c.publier(220, "42218", fin_dans=-30)
    c.gestes.nouvelle_histoire()
    with c.gestes.le(19):
        expirer_offres()
