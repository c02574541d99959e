"""The `recordlinkage` package: blocks, string distances, Fellegi-Sunter by its own expectation-maximisation."""

from pathlib import Path

import pandas as pd
import recordlinkage

from outils.comparateur.moteurs import commun


def lier(dossier: Path, sortie: Path) -> None:
    """Index, compare, classify."""
    base = commun.ouvrir(dossier)
    listes = [base.table(liste).df().set_index("unique_id") for liste in ("sortants", "inscrits")]
    listes[1].loc[listes[1].groupby("ine")["ine"].transform("size") > 20, "ine"] = None
    indexeur = recordlinkage.Index()
    for cles in (["ine"], ["nom", "date_naissance"], ["prenom", "date_naissance"], ["nom", "prenom", "code_postal"]):
        indexeur.block(cles)
    paires = indexeur.index(*[liste.dropna(subset=["nom"]) for liste in listes])
    comparaison = recordlinkage.Compare()
    comparaison.string("nom", "nom", method="jarowinkler", threshold=0.9, label="nom")
    comparaison.string("prenom", "prenom", method="jarowinkler", threshold=0.9, label="prenom")
    for champ in ("date_naissance", "sexe", "commune_naissance", "code_postal", "ine"):
        comparaison.exact(champ, champ, label=champ)
    traits = comparaison.compute(paires, *listes).astype(int)
    classeur = recordlinkage.ECMClassifier()
    classeur.fit(traits)
    probabilites = classeur.prob(traits)
    liens = probabilites[probabilites >= 0.01]
    pd.DataFrame(
        {
            "identifiant_sortant": liens.index.get_level_values(0),
            "identifiant_inscrit": liens.index.get_level_values(1),
            "probabilite": liens.to_numpy(),
        }
    ).to_parquet(sortie / "liens.parquet")
