"""Words of contracts and hours."""

from django.db import models


class EtatEngagement(models.TextChoices):
    """The life of a clause's commitment (digest §1.5)."""

    A_DECLARER = "a_declarer", "à déclarer"
    DECLARE = "declare", "déclaré"
    CONFIRME = "confirme", "confirmé par l'entreprise"
    SOLDE = "solde", "soldé"
    PERDU = "perdu", "perdu"


class Compte(models.TextChoices):
    """Where hours stand. Each entry of the ledger moves hours from one account to another."""

    DU = "du", "dues au contrat"
    SUPPLEMENT = "supplement", "offertes en plus"
    A_PLACER = "a_placer", "à placer"
    RESERVE = "reserve", "réservées à un parcours"
    FAIT = "fait", "faites"
    PERDU = "perdu", "perdues"
