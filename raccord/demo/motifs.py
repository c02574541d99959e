"""Why the generator writes, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "generer_demo": "Récit de la démonstration",
    "simuler_annee": "Année simulée",
}
