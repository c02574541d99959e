"""Links about bilans: the company's voice, the young person's voice."""

from raccord.comptes import liens
from raccord.parcours.liens.parcours import destinataire_jeune
from raccord.parcours.views.liens_bilan import entreprise, jeune

liens.definir("parcours.bilan_entreprise", "Le bilan du parcours : votre voix", entreprise)
liens.definir("parcours.bilan_jeune", "Votre bilan : lire et signer", jeune, destinataire_jeune)
