"""Messages about the bilan and what comes next (digest §1.7): the buyer receives the proof alone."""

from raccord.socle.courrier import definir

BILAN_ENTREPRISE = definir("parcours.bilan_entreprise", "Bilan à écrire, à l'entreprise", contractuel=True)
BILAN_JEUNE = definir("parcours.bilan_jeune", "Bilan à lire et à signer, au jeune", contractuel=True)
BILAN_VOIX = definir("parcours.bilan_voix", "Une voix du bilan est donnée")
BILAN_ROUVERT = definir("parcours.bilan_rouvert", "Bilan rouvert : à relire et à signer de nouveau", contractuel=True)
BILAN_PREUVE = definir("parcours.bilan_preuve", "Bilan signé : la preuve d'exécution, à l'acheteur", contractuel=True)
BILAN_SIGNE = definir("parcours.bilan_signe", "Bilan signé : copie à l'entreprise", contractuel=True)
BILAN_SIGNE_JEUNE = definir("parcours.bilan_signe_jeune", "Bilan signé : copie au jeune", contractuel=True)
BILAN_SIGNE_TUTEUR = definir("parcours.bilan_signe_tuteur", "Bilan signé par les trois voix")
SUITE = definir("parcours.suite", "Nouvelles du jeune après son parcours")
