"""A model learnt from two lists, without labels, kept in a file with the card of the data that made it."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

import duckdb

from raccord.comparateur.atelier import Atelier
from raccord.comparateur.base import nombre
from raccord.comparateur.comparaison import (
    LIBELLES,
    LIRE,
    etape_de_lecture,
    etapes_du_moteur,
    examiner_tous,
    lire_listes,
    lire_modele,
    raccord_version,
    refuser_le_meme_fichier,
)
from raccord.comparateur.modele import Modele, en_texte, enregistrer
from raccord.comparateur.moteur import PHASES, Reglages, modele_retenu
from raccord.comparateur.rapport import GROUPES, SECRET
from raccord.comparateur.suivi import Progression

APPRENDRE = "etalonner"
"""The phase after which the model is known."""


def entrainer(
    sortants: Sequence[str],
    inscrits: Sequence[str],
    *,
    sortie: Path,
    jour: dt.date,
    modele: Path | None,
    memoire: int,
    graphiques: Path | None,
) -> Modele:
    """Write the model, and its charts if a page is given. Raises ComparateurErreur.

    What is already there is replaced once the new one is whole.
    """
    listes = examiner_tous(sortants), examiner_tous(inscrits)
    refuser_le_meme_fichier([*listes[0], *listes[1]])
    depart = replace(lire_modele(modele), etalonne=False)
    atelier = Atelier(sortie.parent / f"{sortie.name}.apprentissage", memoire=memoire)
    empreintes = [[(examen.chemin, examen.empreinte) for examen in examens] for examens in listes]
    contenu = ["entrainer", empreintes, str(jour), en_texte(depart), duckdb.__version__, raccord_version()]
    cle = hashlib.sha256(json.dumps(contenu).encode()).hexdigest()
    noms = [phase.nom for phase in PHASES]
    phases = PHASES[: noms.index(APPRENDRE) + 1]
    libelles = {LIRE: LIBELLES[LIRE], **{phase.nom: phase.libelle for phase in phases}}
    with Progression(libelles) as progression, atelier.ouvert(cle) as connexion:
        progression.connexion = connexion
        progression.lignes = sum(examen.lignes for examens in listes for examen in examens)
        lire = partial(lire_listes, connexion, *listes, None, jour=jour, travail=atelier.chantier)
        etapes = [etape_de_lecture(lire), *etapes_du_moteur(phases, connexion, depart, Reglages(jour), progression)]
        atelier.derouler(connexion, etapes, progression.phase)
        retenu = modele_retenu(connexion)
        donnees = {
            "appris le": f"{dt.datetime.now().astimezone():%d/%m/%Y}",
            "au jour du": f"{jour:%d/%m/%Y}",
            "sortants": nombre(connexion, "FROM sortants"),
            "inscrits": nombre(connexion, "FROM inscrits"),
            "sources des sortants": _sources(connexion, "sortants"),
            "sources des inscrits": _sources(connexion, "inscrits"),
            "empreintes des fichiers": [examen.empreinte[:16] for examens in listes for examen in examens],
        }
    appris = replace(retenu, etalonne=True, carte={**retenu.carte, "donnees": donnees})
    neuf = atelier.chantier / "modele.json"
    enregistrer(appris, neuf)
    if graphiques:
        dessiner(appris, graphiques)
    neuf.replace(sortie)
    atelier.abandonner()
    return appris


def dessiner(modele: Modele, page: Path) -> None:
    """Write the charts of a model. Splink, that draws them, is loaded only here."""
    resolve_name("raccord.comparateur.graphiques:ecrire_graphiques")(modele, page)


def _sources(connexion: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    lignes = connexion.execute(
        f"FROM {table} SELECT coalesce(source, 'non dite'), count(*) GROUP BY 1 "
        f"HAVING count(*) >= {SECRET} ORDER BY 2 DESC, 1 LIMIT {GROUPES}"
    ).fetchall()
    return dict(lignes)
