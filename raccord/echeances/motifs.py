"""Why the machine writes, in words, and people about failing addresses."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "echeances:adresse": "Adresse corrigée",
    "echeances:laisser_adresse": "Adresse laissée comme elle est",
    "echelle": "Rappels relevés",
    "expedier": "Envoi des messages",
    "lire_retours": "Messages revenus",
    "travailler": "Échéances relevées",
}
