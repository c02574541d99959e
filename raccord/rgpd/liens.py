"""The link by which somebody without account reads what is kept of them, and takes a copy."""

from raccord.comptes import liens
from raccord.parcours.liens.parcours import destinataire_jeune
from raccord.rgpd.actions import LIEN_DONNEES
from raccord.rgpd.views import par_lien

liens.definir(LIEN_DONNEES, "Vos données personnelles", par_lien, destinataire_jeune)
