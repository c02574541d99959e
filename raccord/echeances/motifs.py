"""Why the machine writes, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "echelle": "Rappels relevés",
    "expedier": "Envoi des messages",
}
