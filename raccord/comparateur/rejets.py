"""What was not as it should be in a line, and what is done of it: kept, emptied, put aside, never without a word."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import litteral, nombre
from raccord.comparateur.colonnes import CONTROLES, CONTROLES_DES_SORTANTS, SORTANTS, Controle, Cote
from raccord.comparateur.fichiers import ECARTEE, GARDEE, VIDE


@dataclass(frozen=True)
class Fiche:
    """What is known of one file that was read. `decalage` turns the `rowid` of its rows into the line in the file."""

    cote: str
    fichier: str
    empreinte: str
    lignes: int
    encodage: str
    laissees: tuple[str, ...]
    """Columns of the file that the comparison does not know: left aside."""
    numero: int = 0
    decalage: int = 0


def preparer_rejets(connexion: DuckDBPyConnection) -> None:
    """An empty table of what was not as it should be."""
    connexion.execute(
        "CREATE OR REPLACE TABLE rejets (fichier VARCHAR, ligne BIGINT, colonne VARCHAR, raison VARCHAR, effet VARCHAR)"
    )


class Rejets:
    """Facts about lines, written to a file as they come and read by the base at the end: memory does not grow."""

    def __init__(self, connexion: DuckDBPyConnection, fichier: str, travail: Path) -> None:
        self.connexion, self.fichier, self.chemin = connexion, fichier, travail / "rejets-en-cours.csv"

    def __enter__(self) -> Self:
        self.flux = self.chemin.open("w", newline="", encoding="utf-8")
        self.ecrivain = csv.writer(self.flux, delimiter=";", lineterminator="\n")
        return self

    def noter(self, ligne: int, raison: str, effet: str) -> None:
        self.ecrivain.writerow([ligne, raison, effet])

    def __exit__(self, *_: object) -> None:
        self.flux.close()
        self.connexion.execute(
            "INSERT INTO rejets SELECT $fichier, ligne, '', raison, effet "
            f"FROM read_csv({litteral(str(self.chemin))}, auto_detect = false, header = false, delim = ';', "
            "quote = '\"', columns = {'ligne': 'BIGINT', 'raison': 'VARCHAR', 'effet': 'VARCHAR'})",
            {"fichier": self.fichier},
        )
        self.chemin.unlink()


def ecarter_ce_qui_n_est_pas_une_ligne(connexion: DuckDBPyConnection, cote: Cote, fiche: Fiche) -> None:
    """Places kept by the repair, and headers in the middle of a file made of several."""
    connexion.execute(
        f"DELETE FROM {cote.table} WHERE fichier = {fiche.numero} AND identifiant = $vide", {"vide": VIDE}
    )
    connexion.execute(
        f"INSERT INTO rejets SELECT $fichier, rowid + {fiche.decalage}, '', 'en-tête répété', '{ECARTEE}' "
        f"FROM {cote.table} WHERE fichier = {fiche.numero} AND lower(identifiant) = 'identifiant'",
        {"fichier": fiche.fichier},
    )
    connexion.execute(f"DELETE FROM {cote.table} WHERE fichier = {fiche.numero} AND lower(identifiant) = 'identifiant'")


def dire_les_anomalies(connexion: DuckDBPyConnection, cote: Cote, fiche: Fiche) -> None:
    for rang, controle in numerotes(cote):
        connexion.execute(
            f"INSERT INTO rejets SELECT $fichier, rowid + {fiche.decalage}, $colonne, $raison, $effet "
            f"FROM {cote.table} WHERE fichier = {fiche.numero} AND anomalies & {1 << rang} <> 0",
            {
                "fichier": fiche.fichier,
                "colonne": controle.colonne,
                "raison": controle.raison,
                "effet": controle.effet,
            },
        )


def numerotes(cote: Cote) -> list[tuple[int, Controle]]:
    return list(enumerate(CONTROLES + CONTROLES_DES_SORTANTS if cote is SORTANTS else CONTROLES))


def nommer_ceux_qui_n_ont_pas_d_identifiant(connexion: DuckDBPyConnection, cote: Cote) -> None:
    """A name made from what the line says, so that it does not depend on the order of the lines."""
    connexion.execute(
        f"UPDATE {cote.table} SET identifiant = 'sans-identifiant-' || printf('%x', {_texte_de_la_ligne(cote)}) "
        "WHERE identifiant IS NULL"
    )


def _texte_de_la_ligne(cote: Cote) -> str:
    return f"hash({', '.join(nom for nom in cote.colonnes if nom != 'identifiant')})"


def separer_les_doubles(connexion: DuckDBPyConnection, cote: Cote, fiches: Sequence[Fiche]) -> None:
    """An identifier given twice: the same line counts once; two different lines are two people, the second renamed."""
    places = ", ".join(f"({fiche.numero}, {litteral(fiche.fichier)}, {fiche.decalage})" for fiche in fiches)
    while nombre(connexion, f"FROM (FROM {cote.table} SELECT identifiant GROUP BY 1 HAVING count(*) > 1)"):
        connexion.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE doubles AS
            SELECT t.rowid AS place, p.chemin, t.rowid + p.decalage AS ligne,
              row_number() OVER (PARTITION BY identifiant, {_texte_de_la_ligne(cote)} ORDER BY t.rowid) AS copie,
              dense_rank() OVER (PARTITION BY identifiant ORDER BY {_texte_de_la_ligne(cote)}) AS rang
            FROM {cote.table} t JOIN (VALUES {places}) p(fichier, chemin, decalage) USING (fichier)
            WHERE identifiant IN (FROM {cote.table} SELECT identifiant GROUP BY 1 HAVING count(*) > 1)
            """
        )
        connexion.execute(
            f"""
            INSERT INTO rejets SELECT chemin, ligne, 'identifiant',
              CASE WHEN copie > 1 THEN 'ligne répétée à l''identique'
                   ELSE 'identifiant déjà pris par une autre ligne : « ~' || rang || ' » lui est ajouté' END,
              CASE WHEN copie > 1 THEN '{ECARTEE}' ELSE '{GARDEE}' END
            FROM doubles WHERE copie > 1 OR rang > 1
            """
        )
        connexion.execute(f"DELETE FROM {cote.table} WHERE rowid IN (FROM doubles SELECT place WHERE copie > 1)")
        connexion.execute(
            f"UPDATE {cote.table} SET identifiant = identifiant || '~' || doubles.rang FROM doubles "
            f"WHERE {cote.table}.rowid = doubles.place AND copie = 1 AND doubles.rang > 1"
        )
    connexion.execute("DROP TABLE IF EXISTS doubles")
