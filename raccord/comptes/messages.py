"""Messages about signing in and links."""

from raccord.socle.courrier import definir

CONNEXION = definir("comptes.connexion", "Lien de connexion", contractuel=True, immediat=True)
LIEN_RENOUVELE = definir("comptes.lien_renouvele", "Nouveau lien demandé", contractuel=True, immediat=True)
LIEN_CONFIE = definir("comptes.lien_confie", "Action confiée par un collègue", contractuel=True)
LIEN_PASSE = definir("comptes.lien_passe", "Reçu : vous avez confié une action", contractuel=True)
LIEN_REPRIS = definir("comptes.lien_repris", "Action reprise par un collègue", contractuel=True)
CONFIRMATION_CHANGEE = definir(
    "comptes.confirmation_changee", "Changement de la confirmation par téléphone", contractuel=True
)
