"""What is written about personal data. None of it names a young person."""

from raccord.socle.courrier import definir

LIEN = definir("rgpd.lien", "Lien vers ses données personnelles", contractuel=True, immediat=True)
COMPTE = definir("rgpd.compte", "Où lire ses données quand on a un compte", contractuel=True, immediat=True)
BIENTOT_EFFACE = definir("rgpd.bientot_efface", "Un dossier sans activité sera effacé", contractuel=True)
BIENTOT_FERME = definir("rgpd.bientot_ferme", "Vos coordonnées, inutilisées, seront effacées", contractuel=True)
