"""Words about young people and their circle."""

from django.db import models

from raccord.comptes.enums import GenreOrganisation, Role


class DureeSouhaitee(models.IntegerChoices):
    """The menu of lengths, as a wish (digest §1.3)."""

    UN_MOIS = 150, "150 h"
    DEUX_MOIS = 300, "300 h"
    TROIS_MOIS = 450, "450 h"
    SIX_MOIS = 900, "900 h"


# Who reads a file that is open to their organisation. A coordinator and a buyer work without identities (decision
# 0006). The policy of `cloisonnement.py` names the same roles.
ROLES_DU_CERCLE = frozenset({Role.TUTEUR, Role.PARTENAIRE, Role.NATIONAL})
# Ends of a contract and the national team never enter a circle by a tutor's hand; any other kind may.
GENRES_HORS_DU_CERCLE = frozenset(
    {
        GenreOrganisation.ACHETEUR,
        GenreOrganisation.ENTREPRISE,
        GenreOrganisation.FACILITATRICE,
        GenreOrganisation.NATIONALE,
    }
)


class EtatRetrait(models.TextChoices):
    """What becomes of a request to close the file to an organisation."""

    DEMANDE = "demande", "retrait demandé"
    RETIRE = "retire", "accès retiré"
    GARDE = "garde", "accès gardé"


class EtatFiche(models.TextChoices):
    """The life of a context sheet. Whether an approved one has expired is a date, not a state."""

    PROPOSEE = "proposee", "brouillon à relire par le jeune"
    APPROUVEE = "approuvee", "approuvée par le jeune"
    ECARTEE = "ecartee", "brouillon écarté par le jeune"
    PERIMEE = "perimee", "brouillon resté sans réponse"
    REVOQUEE = "revoquee", "retirée par le jeune"


class Lecteurs(models.TextChoices):
    """To whom the young person shows the sheet."""

    MLDS = "mlds", "la MLDS seulement"
    ENTREPRISE = "entreprise", "la MLDS, et le tuteur dans l’entreprise pendant le parcours"
