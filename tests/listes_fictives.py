"""Made-up lists, compared as far as the model that is fitted to them."""

from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from outils.comparateur.moteurs import commun
from outils.comparateur.population import ecrire
from raccord.comparateur.moteur import PHASES, Reglages
from raccord.comparateur.niveaux import modele_de_depart


class Personne:
    """Nobody follows."""

    def phase(self, nom: str) -> None: ...

    def avance(self, fait: int, total: int) -> None: ...


def base_etalonnee(dossier: Path, sortants: int, inscrits: int, *, profil: str) -> DuckDBPyConnection:
    """A base after the phase `etalonner`."""
    ecrire(dossier, sortants, inscrits, profil=profil)
    base = commun.brutes(dossier)
    base.execute("ALTER TABLE sortants ALTER jours_scolarises TYPE INTEGER")
    base.execute("ALTER TABLE sortants ALTER diplome TYPE BOOLEAN")
    base.execute("CREATE TABLE decisions (identifiant_sortant VARCHAR, identifiant_inscrit VARCHAR, decision VARCHAR)")
    for phase in PHASES[: [p.nom for p in PHASES].index("etalonner") + 1]:
        phase.executer(base, modele_de_depart(), Reglages(date(2026, 10, 31)), Personne())
    return base
