"""Why the machine writes, in words, and people about failing addresses."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "echeances:adresse": "Adresse corrigée",
    "echeances:laisser_adresse": "Adresse laissée comme elle est",
    "expedier": "Envoi des messages",
    "lire_retours": "Messages revenus",
    "relever": "Échéances relevées",
    "travailler": "Échéances relevées",
}
