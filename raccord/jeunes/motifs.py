"""Why people write from the pages of young people, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "jeunes:creer": "Ouverture du dossier",
    "jeunes:donner_acces": "Dossier ouvert à une organisation",
    "jeunes:fiche": "Brouillon de « Ce qui m’aide »",
    "jeunes:modifier": "Dossier modifié",
    "jeunes:prolonger_acces": "Accès prolongé",
    "jeunes:renvoyer_lien": "Lien envoyé au jeune",
    "jeunes:retirer_acces": "Accès retiré",
    "jeunes:retrait": "Réponse à une demande de retrait",
}
