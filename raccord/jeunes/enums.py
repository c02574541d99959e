"""Words about young people."""

from django.db import models


class DureeSouhaitee(models.IntegerChoices):
    """The menu of lengths, as a wish (digest §1.3)."""

    UN_MOIS = 150, "150 h"
    DEUX_MOIS = 300, "300 h"
    TROIS_MOIS = 450, "450 h"
    SIX_MOIS = 900, "900 h"
