"""An erasure and an action on the file at the same instant: one goes first, the other reads why; never a deadlock."""

from collections.abc import Callable
from threading import Event
from time import sleep
from uuid import UUID

import pytest
from django.db import transaction

from raccord.jeunes.actions import cercle, fiche
from raccord.jeunes.actions.dossier import DossierFerme
from raccord.jeunes.enums import Lecteurs
from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune
from raccord.parcours.actions.passation import confier
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.enums import EtatOffre
from raccord.parcours.models import Offre, Reservation
from raccord.rgpd.effacement import PORTE, EffacementRefuse, effacer
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.exceptions import ErreurMetier
from tests.course import ensemble
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])

TEXTES = fiche.Textes(aide="Qu'on me montre une fois.", eviter="")
Geste = Callable[[], object]
LE_TEMPS_D_ATTENDRE = 0.4  # seconds: the second one is then stopped at the lock


def l_un_puis_l_autre(premier: Geste, porte: str, second: Geste) -> list[Exception | None]:
    """The first has done everything but commit when the second begins. What each one raised."""
    fait = Event()

    def d_abord() -> object:
        with transaction.atomic(using=porte):
            try:
                return premier()
            finally:
                fait.set()
                sleep(LE_TEMPS_D_ATTENDRE)

    def ensuite() -> object:
        fait.wait(10)
        return second()

    return ensemble(d_abord, ensuite)


@pytest.fixture
def d() -> Distribution:
    return Distribution()


def effacement(d: Distribution, jeune_id: UUID) -> Geste:
    return lambda: effacer(d.tuteur.contexte, Personne.JEUNE, jeune_id)


def test_reserve_d_abord_le_dossier_reste(d: Distribution) -> None:
    jeune, offre = d.jeune(), d.offre_publiee()
    tuteur = d.tuteur.contexte
    issues = l_un_puis_l_autre(
        lambda: reserver(tuteur, offre.pk, jeune_id=jeune.pk), "default", effacement(d, jeune.pk)
    )
    assert issues[0] is None and isinstance(issues[1], EffacementRefuse) and "rendez-la avant" in str(issues[1])
    assert Reservation.objects.get().jeune_id == jeune.pk and Jeune.objects.get(pk=jeune.pk).nom == jeune.nom


def test_efface_d_abord_rien_ne_se_reserve(d: Distribution) -> None:
    jeune, offre = d.jeune(), d.offre_publiee()
    tuteur = d.tuteur.contexte
    issues = l_un_puis_l_autre(effacement(d, jeune.pk), PORTE, lambda: reserver(tuteur, offre.pk, jeune_id=jeune.pk))
    assert issues[0] is None and isinstance(issues[1], DossierFerme) and "rien n'est enregistré" in str(issues[1])
    assert not Reservation.objects.exists() and Offre.objects.get(pk=offre.pk).etat == EtatOffre.PUBLIEE


@pytest.mark.parametrize("quoi", ["proposer", "approuver", "demander_retrait", "donner"])
def test_efface_d_abord_rien_ne_s_ecrit_dans_le_dossier(d: Distribution, quoi: str) -> None:
    jeune, ailleurs = d.jeune(), d.tuteur_etranger.organisation
    ouvert = AccesJeune.objects.create(jeune=jeune, organisation=ailleurs, motif="relais")
    moi = d.contexte_jeune(jeune.pk)
    gestes: dict[str, Geste] = {
        "proposer": lambda: fiche.proposer(d.tuteur.contexte, jeune.pk, TEXTES),
        "approuver": lambda: fiche.approuver(moi, TEXTES, lecteurs=Lecteurs.MLDS),
        "demander_retrait": lambda: cercle.demander_retrait(moi, ouvert.pk),
        "donner": lambda: cercle.donner(
            d.tuteur.contexte, jeune.pk, organisation_id=ailleurs.pk, motif="relais", fin=cercle.duree_maximale()
        ),
    }
    efface, refus = l_un_puis_l_autre(effacement(d, jeune.pk), PORTE, gestes[quoi])
    assert efface is None and any(mot in str(refus) for mot in ("n'existe plus", "effacé"))
    assert not FicheContexte.objects.exists() and not DemandeRetrait.objects.exists()


def test_confier_et_effacer_ne_se_bloquent_pas(d: Distribution) -> None:
    """A hand-over takes stays then young people: an erasure that began by the young person would face it."""
    jeune_id = Fabrique(d).bilan_signe().jeune_id
    assert jeune_id is not None
    de, vers = d.tuteur.utilisateur.pk, d.tuteur_collegue.utilisateur.pk
    issues = ensemble(
        effacement(d, jeune_id),
        lambda: confier(d.tuteur.contexte, de, vers_id=vers, note="Appeler mardi.", jeunes=[jeune_id]),
    )
    assert all(issue is None or isinstance(issue, ErreurMetier) for issue in issues) and issues[0] is None
