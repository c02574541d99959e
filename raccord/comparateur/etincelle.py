"""The same comparison on Spark, for what outgrows one machine: the search of pairs and their levels.

Identities are put in form, links are resolved and the list is drawn by DuckDB as ever; between the two, Spark reads the
normalised rows, finds the pairs by the rules of the model and lets Splink find their levels, from the same settings.
Only whole numbers come back: the weights, hence the decisions, are those of DuckDB.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection
from splink import Linker

from raccord.comparateur.base import DECIDEES, litteral
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.modele import Modele
from raccord.comparateur.moteur import PHASES, Phase, Reglages, Suivi
from raccord.comparateur.notation import compter_motifs, expression_motif
from raccord.comparateur.reglages_splink import PREFIXE, RESSEMBLANCE, parametres, place

try:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.pandas.functions import arrow_udf
    from pyspark.sql.types import DoubleType
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location
except ImportError as absence:
    raise ComparateurErreur(
        "Pour --moteur spark, installez pyspark (pip install pyspark) et Java 17. Sans eux : --moteur duckdb."
    ) from absence

COEURS = "*"
PARTITIONS = 2 * (os.cpu_count() or 1)
UNITES = {"KiB": 2**-10, "MiB": 1, "GiB": 2**10, "TiB": 2**20}
"""Of DuckDB's settings, in MiB."""
TAS_MINIMAL = 512
TABLES = ("sortants_normalises", "inscrits_normalises", "candidats_surs", "decidees")


def phases() -> tuple[Phase, ...]:
    """Those of the engine, but for the search of pairs and their levels, that Spark makes at one go."""
    autres = {"candidats": _chercher_et_niveler, "comparer": _compter}
    return tuple(
        replace(phase, executer=autres[phase.nom], passagere=False) if phase.nom in autres else phase
        for phase in PHASES
    )


def _compter(connexion: DuckDBPyConnection, modele: Modele, _reglages: Reglages, _suivi: Suivi) -> None:
    """The levels came with the pairs: they have only to be counted."""
    compter_motifs(connexion, modele)


def _chercher_et_niveler(connexion: DuckDBPyConnection, modele: Modele, _reglages: Reglages, suivi: Suivi) -> None:
    """Make `paires(s, i, niveau_<champ>…)`."""
    connexion.execute(f"create or replace temp view decidees as select s, i from {DECIDEES}")
    with _dossier(connexion) as dossier, session(dossier, memoire=_memoire(connexion)) as spark:
        for table in TABLES:
            connexion.execute(f"copy (from {table}) to {litteral(dossier / f'{table}.parquet')} (format parquet)")
            spark.read.parquet(f"{dossier / table}.parquet").createOrReplaceTempView(table)
        chercher(spark, modele, suivi).write.parquet(f"{dossier}/candidats")
        niveler(spark, modele, spark.read.parquet(f"{dossier}/candidats")).write.parquet(f"{dossier}/paires")
        niveaux = ", ".join(place(c) for c in modele.comparaisons)
        ecrites = litteral(dossier / "paires" / "*.parquet")
        connexion.execute(f"""
            create or replace table paires as
            select *, {expression_motif(modele)} as motif
            from (select s::integer as s, i::integer as i, {niveaux} from {ecrites} p)
        """)


def chercher(spark: SparkSession, modele: Modele, suivi: Suivi) -> DataFrame:
    """The pairs to score, once each: as `candidats.chercher` finds them."""
    spark.sql("""
        select l.* from sortants_normalises l left anti join candidats_surs c on c.s = l.rang
    """).createOrReplaceTempView("restants")
    trouves = [spark.table("candidats_surs"), spark.table("decidees")]
    for numero, regle in enumerate(modele.regles, 1):
        trouves.append(
            spark.sql(
                f"select l.rang as s, r.rang as i from restants l join inscrits_normalises r on {regle.condition}"
            )
        )
        suivi.avance(numero, len(modele.regles))
    return reduce(DataFrame.unionByName, trouves).distinct()


def niveler(spark: SparkSession, modele: Modele, candidats: DataFrame) -> DataFrame:
    """The pairs with their levels, as Splink counts them."""
    api = SparkAPI(spark_session=spark, break_lineage_method="parquet")
    spark.udf.register(RESSEMBLANCE, _ressemblance())
    tables = [
        api.register(spark.table(f"{liste}_normalises"), dataset_display_name=liste)
        for liste in ("sortants", "inscrits")
    ]
    lieur = Linker(tables, parametres(modele, "spark", blocage=False), log_level=None, validate_settings=False)
    bloc = candidats.selectExpr(
        "'0' as match_key",
        "concat('sortants-__-', s) as join_key_l",
        "concat('inscrits-__-', i) as join_key_r",
    )
    lieur.table_management.register_blocked_pairs_for_predict(api.register(bloc, dataset_display_name="bloc"))
    notees = spark.table(lieur.inference.predict(warning_mode="never").physical_name)
    return notees.selectExpr("rang_l as s", "rang_r as i", *(f"{PREFIXE}{c.champ}" for c in modele.comparaisons))


def _ressemblance() -> Any:
    """DuckDB's Jaro-Winkler, in each worker of Spark. Spark's own and that of Splink's jar count half transpositions.

    A function inside another: it travels to the workers whole, and they need not know Raccord.
    """

    def comparer(gauche: pa.Array, droite: pa.Array) -> pa.Array:
        textes = pa.table({"g": gauche, "d": droite})
        with duckdb.connect(config={"threads": 1}) as base:
            base.register("textes", textes)
            lus = base.sql("select jaro_winkler_similarity(g, d) as j from textes").to_arrow_table()
        return lus["j"].combine_chunks()

    enregistrable: Any = arrow_udf  # its stubs know the kind only when given, its code warns when it is
    return enregistrable(comparer, DoubleType())


def _memoire(connexion: DuckDBPyConnection) -> str:
    """Half of what DuckDB was allowed, as Java says it: a JVM takes as much again beside its heap."""
    ligne = connexion.execute("select value from duckdb_settings() where name = 'memory_limit'").fetchone()
    nombre, unite = str(ligne[0] if ligne else "1 GiB").split()
    return f"{max(TAS_MINIMAL, int(float(nombre) * UNITES[unite] / 2))}m"


@contextlib.contextmanager
def _dossier(connexion: DuckDBPyConnection) -> Iterator[Path]:
    """Where the two engines pass tables to each other: beside what DuckDB spills."""
    ligne = connexion.execute("select current_setting('temp_directory')").fetchone()
    parent = Path(ligne[0]) if ligne and ligne[0] else Path(tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spark-", dir=parent) as dossier:
        yield Path(dossier).resolve()


def _parler_peu(dossier: Path) -> Path:
    """A configuration by which Spark writes nothing to the screen, unless Python is asked to tell (-X dev)."""
    (dossier / "log4j2.properties").write_text(
        f"rootLogger.level = {'error' if sys.flags.dev_mode else 'off'}\nrootLogger.appenderRef.ecran.ref = ecran\n"
        "appender.ecran.type = Console\nappender.ecran.name = ecran\nappender.ecran.target = SYSTEM_ERR\n"
        "appender.ecran.layout.type = PatternLayout\nappender.ecran.layout.pattern = Spark : %m%n\n",
        encoding="utf-8",
    )
    return dossier


@contextlib.contextmanager
def session(dossier: Path, *, memoire: str = "1g") -> Iterator[SparkSession]:
    """A Spark of this machine alone: no page, no address but 127.0.0.1. Raises ComparateurErreur without Java."""
    reglages = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": memoire,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.jars": similarity_jar_location(),
        "spark.local.dir": str(dossier),
        "spark.sql.warehouse.dir": str(dossier / "entrepot"),
        "spark.sql.autoBroadcastJoinThreshold": "-1",  # sorted joins spill to disk, those of a table held whole do not
        "spark.sql.shuffle.partitions": str(PARTITIONS),
        "spark.default.parallelism": str(PARTITIONS),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # its workers: the Python that has DuckDB
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_CONF_DIR", str(_parler_peu(dossier)))
    constructeur = SparkSession.builder.master(f"local[{COEURS}]").appName("raccord comparer")
    for nom, valeur in reglages.items():
        constructeur = constructeur.config(nom, valeur)
    try:
        spark = constructeur.getOrCreate()
    except Exception as echec:
        raise ComparateurErreur("Spark n'a pas démarré : il lui faut Java 17 (commande java).") from echec
    spark.sparkContext.setCheckpointDir(str(dossier / "etapes"))
    try:
        yield spark
    finally:
        spark.stop()
