"""Why personal data are handed over or erased, in words."""

from raccord.socle.passe import MOTIFS

MOTIFS |= {
    "appliquer_durees": "Durées de conservation",
    "conservation": "Durées de conservation",
    "effacer_personne": "Personne effacée",
    "rgpd:copie": "Copie téléchargée",
    "rgpd:effacer": "Dossier effacé",
    "rgpd:effacer_professionnel": "Professionnel effacé",
    "rgpd:jeune": "Données personnelles : copie ou suivi",
    "rgpd:mes_donnees": "Demande de copie",
    "rgpd:recevoir": "Demande de ses données par courriel",
}
