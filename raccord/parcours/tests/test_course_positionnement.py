"""Two people at the same instant: one answer, one meeting per moment, never a deadlock."""

import pytest

from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import Positionnement
from raccord.socle.exceptions import TransitionRefusee
from tests.course import ensemble
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, messages_de, prepare, reservation, transmis

pytestmark = pytest.mark.django_db(transaction=True)


def test_deux_creneaux_choisis_en_meme_temps(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    premier, second, _ = positionnement.creneaux.order_by("debut")
    contexte = distribution.contexte_referent
    issues = ensemble(
        lambda: actions.accepter(contexte, positionnement.pk, creneau_id=premier.pk),
        lambda: actions.accepter(contexte, positionnement.pk, creneau_id=second.pk),
    )
    assert sorted(issue is None for issue in issues) == [False, True]
    assert all(isinstance(issue, TransitionRefusee) for issue in issues if issue)
    assert len(messages_de("reponse_recue")) == 1


def test_deux_entreprises_et_le_meme_moment(distribution: Distribution) -> None:
    un, deux = transmis(distribution), transmis(distribution)
    contexte = distribution.contexte_referent
    creneaux = [p.creneaux.order_by("debut")[0].pk for p in (un, deux)]
    issues = ensemble(
        lambda: actions.accepter(contexte, un.pk, creneau_id=creneaux[0]),
        lambda: actions.accepter(contexte, deux.pk, creneau_id=creneaux[1]),
    )
    assert sorted(issue is None for issue in issues) == [False, True]
    assert "autre rencontre" in str(next(issue for issue in issues if issue))
    assert Positionnement.objects.filter(etat="rencontre_fixee", rencontre_le=jour(3)).count() == 1


@pytest.mark.parametrize("tour", range(3))
def test_accepter_refuser_et_arreter_en_meme_temps(distribution: Distribution, tour: int) -> None:
    positionnement = transmis(distribution)
    creneau = positionnement.creneaux.order_by("debut")[0].pk
    contexte, tuteur = distribution.contexte_referent, distribution.tuteur.contexte
    issues = ensemble(
        lambda: actions.accepter(contexte, positionnement.pk, creneau_id=creneau),
        lambda: actions.refuser(contexte, positionnement.pk, motif="dates", precisions="Non."),
        lambda: actions.reproposer(tuteur, positionnement.pk, creneaux=[jour(6)], lieu="Ici"),
    )
    positionnement.refresh_from_db()
    assert positionnement.etat in {"rencontre_fixee", "refuse", "transmis"}
    assert any(issue is None for issue in issues) and all(str(issue) for issue in issues if issue)


def test_deux_premiers_enregistrements(distribution: Distribution) -> None:
    """The form sent twice at once makes one proposal."""
    tenue = reservation(distribution)
    issues = ensemble(lambda: prepare(distribution, tenue), lambda: prepare(distribution, tenue))
    assert issues == [None, None]
    assert Positionnement.objects.filter(reservation=tenue).count() == 1
