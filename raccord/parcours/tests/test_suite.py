"""What comes next: news back, never what could be held against the young person."""

import datetime as dt

import pytest

from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import suite as actions
from raccord.parcours.enums import SUITES_DITES, EtatParcours, Suite
from raccord.socle.exceptions import DejaFait, ErreurMetier, TransitionRefusee
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


@pytest.mark.parametrize("code", Suite.values)
def test_la_suite_et_ses_nouvelles(fabrique: Fabrique, code: str) -> None:
    parcours = fabrique.bilan_signe()
    Message.objects.all().delete()
    actions.dire(
        fabrique.d.tuteur.contexte, parcours.pk, suite=code, le=fabrique.aujourdhui, precisions="Chez Camille."
    )
    parcours.refresh_from_db()
    assert (parcours.etat, parcours.suite) == (EtatParcours.SUITE_CONNUE, code)
    messages = list(Message.objects.all())
    assert {m.code for m in messages} == {"parcours.suite"} and len(messages) == 2
    for message in messages:
        assert (str(Suite(code).label) in message.corps) == (code in SUITES_DITES)
        assert "Chez Camille" not in message.corps
    assert not Attente.objects.ouvertes().du_fil(parcours.pk).exists()
    with pytest.raises(DejaFait):
        actions.dire(fabrique.d.tuteur.contexte, parcours.pk, suite=code, le=fabrique.aujourdhui)


def test_refus_en_mots(fabrique: Fabrique) -> None:
    parcours = fabrique.bilan_signe()
    tuteur = fabrique.d.tuteur.contexte
    for champs, champ in (
        ({"suite": "", "le": fabrique.aujourdhui}, "suite"),
        ({"suite": "zzz", "le": fabrique.aujourdhui}, "suite"),
        ({"suite": Suite.EMPLOI, "le": fabrique.aujourdhui + dt.timedelta(days=1)}, "le"),
        ({"suite": Suite.EMPLOI, "le": parcours.debut - dt.timedelta(days=1)}, "le"),
    ):
        with pytest.raises(ErreurMetier) as info:
            actions.dire(tuteur, parcours.pk, **champs)
        assert info.value.champ == champ
    with pytest.raises(TransitionRefusee):
        actions.dire(fabrique.d.tuteur_etranger.contexte, parcours.pk, suite=Suite.EMPLOI, le=fabrique.aujourdhui)
    with pytest.raises(TransitionRefusee):
        actions.dire(tuteur, fabrique.convenu(referent=fabrique.d.rrh).pk, suite=Suite.EMPLOI, le=fabrique.aujourdhui)
