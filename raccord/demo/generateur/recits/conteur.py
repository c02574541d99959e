"""Who tells: the teams, the buyers and the companies in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from raccord.demo.generateur.gestes import Besoin, Gestes
from raccord.demo.generateur.troupe import Mlds, Personne, Troupe
from raccord.jeunes.models import Jeune
from raccord.parcours.models import Offre

RUES = ("3 place du Marché", "12 rue des Essais", "48 avenue des Exemples", "7 chemin de la Démonstration")


@dataclass
class Conteur:
    """Whom every chapter needs: the cast, and offers and young people who have not had a story yet."""

    gestes: Gestes
    troupe: Troupe
    relever: Callable[[int], None]
    """Climbs the ladders up to so many days before today."""
    _rang: int = 0
    _libres: dict[object, Iterator[Jeune]] = field(default_factory=dict)

    @property
    def lille(self) -> Mlds:
        """The first team."""
        return self.troupe.mlds[0]

    @property
    def lyon(self) -> Mlds:
        """The second."""
        return self.troupe.mlds[1]

    @property
    def reunion(self) -> Mlds:
        """The third, overseas."""
        return self.troupe.mlds[2]

    def jeune(self, mlds: Mlds, tuteur: Personne) -> Jeune:
        """The next young person of this tutor who has not had a story."""
        cle = tuteur.adhesion.pk
        if cle not in self._libres:
            self._libres[cle] = iter(
                [jeune for jeune in mlds.jeunes if jeune.tuteur_id == tuteur.contexte.utilisateur_id]
            )
        return next(self._libres[cle])

    def besoin(self, commune: str, *, heures: int = 300, fin_dans: int = 400) -> Besoin:
        """A need of the next company."""
        self._rang += 1
        entreprise = self.troupe.entreprises[self._rang % len(self.troupe.entreprises)]
        rue = RUES[self._rang % len(RUES)]
        return Besoin(entreprise=entreprise, commune=commune, heures=heures, fin_dans=fin_dans, rue=rue)

    def acheteur(self) -> Personne:
        """Buyers in turn, the first one twice as often: it is the account the demo proposes."""
        acheteurs = [self.troupe.acheteurs[0], *self.troupe.acheteurs]
        return acheteurs[self._rang % len(acheteurs)]

    def publier(self, j: int, *communes: str, **options: int) -> list[Offre]:
        """One contract, a lot for each commune, all confirmed within the week."""
        self.gestes.nouvelle_histoire()
        besoins = [self.besoin(commune, **options) for commune in communes]
        offres = self.gestes.declarer(j, self.acheteur(), *besoins)
        return [self.gestes.confirmer(max(1, j - 2 - lot), offre) for lot, offre in enumerate(offres)]
