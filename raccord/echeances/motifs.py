"""Why the machine writes, and people from the pages of waits, failing addresses and preferences, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "echeances.adresses": "Adresse corrigée",
    "echeances:adresse": "Adresse corrigée",
    "echeances:laisser_adresse": "Adresse laissée comme elle est",
    "echelle": "Rappels relevés",
    "echeances:journee_lien": "Lien ouvert depuis ce qui attend",
    "echeances:preferences": "Préférences d’envoi",
    "echeances:preferences_lien": "Préférences d’envoi",
    "expedier": "Envoi des messages",
    "lire_retours": "Messages revenus",
    "travailler": "Échéances relevées",
}
