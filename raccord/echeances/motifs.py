"""Why the machine writes, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "expedier": "Envoi des messages",
}
