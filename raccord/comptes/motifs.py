"""Why people write from the pages of accounts and organisations, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "comptes:absence": "Absence prévue",
    "comptes:activer": "Téléphone enregistré",
    "comptes:annuler_absence": "Absence annulée",
    "comptes:arreter_aide": "Demande d’aide arrêtée",
    "comptes:assister": "Assistance",
    "comptes:autre_lien": "Demande d’un autre lien de connexion",
    "comptes:changer_adhesion": "Changement d’organisation",
    "comptes:confier_lien": "Action confiée à un collègue",
    "comptes:confirmer": "Confirmation par téléphone",
    "comptes:connexion": "Demande d’un lien de connexion",
    "comptes:demande": "Réponse à une demande à rejoindre",
    "comptes:demander": "Demande à rejoindre une organisation",
    "comptes:demander_aide": "Demande d’aide",
    "comptes:demettre": "Administrateur démis",
    "comptes:entrer": "Entrée par un lien",
    "comptes:invitation": "Invitation acceptée",
    "comptes:inviter": "Invitation envoyée",
    "comptes:lien": "Lien ouvert",
    "comptes:nommer": "Administrateur nommé",
    "comptes:quitter": "Départ d’une organisation",
    "comptes:redemander_invitation": "Nouvelle invitation demandée",
    "comptes:refaire_codes": "Codes de secours refaits",
    "comptes:renouveler_lien": "Nouveau lien demandé",
    "comptes:renvoyer_invitation": "Invitation renvoyée",
    "comptes:retirer_invitation": "Invitation retirée",
    "comptes:retirer_membre": "Membre retiré",
    "comptes:sortir": "Sortie",
    "comptes:sortir_partout": "Sortie de partout",
}
