"""The engines side by side. Each module has `lier(dossier, sortie)`: read the two lists, write the links found.

`liens.parquet`: `identifiant_sortant`, `identifiant_inscrit`, `probabilite` (1.0 where the engine says yes or no).
Modules and not functions, so that each process loads what its engine needs and no more: memory is compared.
"""
