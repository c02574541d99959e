"""The life of an engagement."""

from typing import Any

from raccord.comptes.enums import Role
from raccord.marches import gardes
from raccord.marches.enums import EtatEngagement as E
from raccord.socle.workflow import Transition, Workflow

CREER = Transition(
    nom="creer",
    libelle="Préparer la déclaration",
    fait="a préparé la déclaration des heures",
    cible=E.A_DECLARER,
    roles=frozenset({Role.ACHETEUR, Role.NATIONAL}),
    gardes=(gardes.marche_de_mon_organisation,),
)
DECLARER = Transition(
    nom="declarer",
    libelle="Déclarer à l'entreprise",
    fait="a déclaré les heures dues par l'entreprise",
    sources=frozenset({E.A_DECLARER}),
    cible=E.DECLARE,
    roles=frozenset({Role.ACHETEUR, Role.NATIONAL}),
    gardes=(gardes.marche_de_mon_organisation, gardes.duree_ferme_suffisante, gardes.periode_ferme_non_passee),
)
CONFIRMER = Transition(
    nom="confirmer",
    libelle="Confirmer l'engagement",
    fait="a confirmé son engagement",
    sources=frozenset({E.DECLARE}),
    cible=E.CONFIRME,
    roles=frozenset({Role.ENTREPRISE}),
    gardes=(gardes.engagement_de_mon_entreprise,),
)
SOLDER = Transition(
    nom="solder",
    libelle="Solder les heures",
    fait="a soldé les heures du contrat",
    sources=frozenset({E.DECLARE, E.CONFIRME}),
    cible=E.SOLDE,
    roles=frozenset({Role.TUTEUR, Role.ENTREPRISE, Role.JEUNE, Role.NATIONAL, Role.SYSTEME}),
)
PERDRE = Transition(
    nom="perdre",
    libelle="Constater les heures perdues",
    fait="a constaté la fin du contrat avec des heures non faites",
    sources=frozenset({E.DECLARE, E.CONFIRME}),
    cible=E.PERDU,
    roles=frozenset({Role.ACHETEUR, Role.NATIONAL, Role.SYSTEME}),
    gardes=(gardes.marche_de_mon_organisation,),
)
REPRENDRE = Transition(
    nom="reprendre",
    libelle="Reprendre depuis l'ancien outil",
    fait="a été repris de l'ancien outil",
    cible=E.CONFIRME,
    roles=frozenset({Role.SYSTEME}),
)

ENGAGEMENT: Workflow[Any] = Workflow("engagement", E, (CREER, DECLARER, CONFIRMER, SOLDER, PERDRE, REPRENDRE))
