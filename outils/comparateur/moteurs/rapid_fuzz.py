"""`rapidfuzz` inside blocks: among those born the same day, the nearest full name when it is near enough."""

from collections import defaultdict
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from outils.comparateur.moteurs import commun

SEUIL = 90


def lier(dossier: Path, sortie: Path) -> None:
    """Words in any order: first name and surname swapped are no difference."""
    base = commun.ouvrir(dossier)
    noms = "SELECT unique_id, date_naissance, concat_ws(' ', nom, prenom) FROM {} WHERE date_naissance IS NOT NULL"
    par_jour: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for identifiant, jour, nom in base.execute(noms.format("inscrits")).fetchall():
        par_jour[jour][identifiant] = nom
    liens = []
    for identifiant, jour, nom in base.execute(noms.format("sortants")).fetchall():
        trouve = process.extractOne(nom, par_jour.get(jour, {}), scorer=fuzz.token_sort_ratio, score_cutoff=SEUIL)
        if trouve:
            liens.append((identifiant, trouve[2], 1.0))
    colonnes = ["identifiant_sortant", "identifiant_inscrit", "probabilite"]
    pd.DataFrame(liens, columns=colonnes).to_parquet(sortie / "liens.parquet")
