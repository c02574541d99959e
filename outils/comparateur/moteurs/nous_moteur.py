"""Our engine alone, without the readers of its command, which know what a pupil may be: FEBRL's people are older."""

from pathlib import Path

from outils.comparateur.febrl import JOUR
from outils.comparateur.moteurs import commun
from raccord.comparateur.moteur import comparer
from raccord.comparateur.niveaux import modele_de_depart


class _Personne:
    """Nobody follows."""

    def phase(self, nom: str) -> None: ...

    def avance(self, fait: int, total: int) -> None: ...


def lier(dossier: Path, sortie: Path) -> None:
    """Links only: FEBRL has no list."""
    base = commun.brutes(dossier)
    base.execute("ALTER TABLE sortants ALTER jours_scolarises TYPE INTEGER")
    base.execute("ALTER TABLE sortants ALTER diplome TYPE BOOLEAN")
    base.execute("CREATE TABLE decisions (identifiant_sortant VARCHAR, identifiant_inscrit VARCHAR, decision VARCHAR)")
    comparer(base, modele_de_depart(), date=JOUR, seuil_revue=None, suivi=_Personne())
    commun.ecrire(base, "SELECT identifiant_sortant, identifiant_inscrit, probabilite FROM rapprochements", sortie)
