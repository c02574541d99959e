"""French identifiers: SIRET through python-stdnum, UAI by its key letter."""

import re

from stdnum.exceptions import ValidationError as NumeroInvalide
from stdnum.fr import siret as stdnum_siret

LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"
FORME_UAI = re.compile(r"^\d{7}[A-Z]$")


def normaliser_siret(saisie: str) -> str:
    """The 14 digits of a valid SIRET, La Poste included. Raises ValueError otherwise."""
    try:
        return str(stdnum_siret.validate(saisie))
    except NumeroInvalide as erreur:
        raise ValueError("SIRET invalide") from erreur


def normaliser_uai(saisie: str) -> str:
    """A school's number with the right key letter ('0750001A'-like). Raises ValueError otherwise."""
    uai = saisie.replace(" ", "").upper()
    if not FORME_UAI.match(uai) or LETTRES_UAI[int(uai[:7]) % len(LETTRES_UAI)] != uai[7]:
        raise ValueError("UAI invalide")
    return uai
