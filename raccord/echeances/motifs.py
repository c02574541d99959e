"""Why the machine writes, and people from the pages of waits and preferences, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "echeances.recapitulatif": "Récapitulatif du jour",
    "echeances:journee_lien": "Lien ouvert depuis ce qui attend",
    "echeances:preferences": "Préférences d’envoi",
    "echeances:preferences_lien": "Préférences d’envoi",
    "expedier": "Envoi des messages",
}
