"""Why the machine writes, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "tourner_les_cles": "Changement des clés de chiffrement",
}
