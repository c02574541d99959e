"""The ledger: hours are conserved whatever happens, no account goes below zero, others' reserve is never touched."""

import uuid
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.marches import registre
from raccord.marches.models import EcritureHeures, Engagement
from raccord.marches.registre import HeuresInsuffisantes, HeuresInvalides, Soldes
from raccord.socle.exceptions import ErreurMetier, ObjetDisparu
from tests.distribution import Distribution

A, B = uuid.UUID(int=1), uuid.UUID(int=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(distribution: Distribution) -> Engagement:
    return distribution.engagement(300)


def soldes(engagement: Engagement) -> Soldes:
    return registre.soldes(engagement.pk)


def h(texte: str | int) -> Decimal:
    return Decimal(texte)


def test_ouvrir_une_seule_fois(distribution: Distribution) -> None:
    engagement = Engagement.objects.create(marche=distribution.marche(), entreprise=distribution.entreprise, heures=300)
    assert soldes(engagement) == Soldes()
    registre.ouvrir(engagement.pk, h(300), motif="clause")
    assert soldes(engagement) == Soldes(dues=h(300), a_placer=h(300))
    with pytest.raises(HeuresInvalides, match="déjà inscrites"):
        registre.ouvrir(engagement.pk, h(300), motif="clause")


def test_un_parcours_entier(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(300), parcours_id=A, motif="parcours convenu")
    assert soldes(engagement) == Soldes(dues=h(300), reservees=h(300))
    for _ in range(8):
        registre.faire(engagement.pk, h(35), parcours_id=A, motif="semaine")
    registre.faire(engagement.pk, h(20), parcours_id=A, motif="semaine")
    assert soldes(engagement) == Soldes(dues=h(300), faites=h(300))
    assert soldes(engagement).soldees and soldes(engagement).restantes == 0


def test_au_dela_de_la_reserve_puis_de_ce_qui_est_du(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(150), parcours_id=A, motif="parcours")
    registre.faire(engagement.pk, h(200), parcours_id=A, motif="semaines")
    assert soldes(engagement) == Soldes(dues=h(300), a_placer=h(100), faites=h(200))
    registre.faire(engagement.pk, h(120), parcours_id=A, motif="semaines")
    assert soldes(engagement) == Soldes(dues=h(300), supplement=h(20), faites=h(320))


def test_une_reserve_plus_longue_que_ce_qui_est_du(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(350), parcours_id=A, motif="parcours")
    assert soldes(engagement) == Soldes(dues=h(300), supplement=h(50), reservees=h(350))
    registre.liberer(engagement.pk, h(100), parcours_id=A, motif="adapté")
    assert soldes(engagement) == Soldes(dues=h(300), a_placer=h(50), reservees=h(250))


def test_la_reserve_d_un_autre_parcours_ne_se_touche_pas(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(150), parcours_id=A, motif="premier")
    registre.reserver(engagement.pk, h(150), parcours_id=B, motif="second")
    registre.faire(engagement.pk, h(200), parcours_id=A, motif="semaines")
    assert registre.reservees_pour(engagement.pk, B) == 150
    with pytest.raises(HeuresInsuffisantes):
        registre.liberer(engagement.pk, h(1), parcours_id=A, motif="rien à rendre")


def test_une_semaine_corrigee_revient_par_le_meme_chemin(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(300), parcours_id=A, motif="parcours")
    registre.faire(engagement.pk, h(320), parcours_id=A, motif="semaines")
    registre.corriger(engagement.pk, h(50), parcours_id=A, motif="erreur de saisie")
    assert soldes(engagement) == Soldes(dues=h(300), reservees=h(30), faites=h(270))
    with pytest.raises(HeuresInsuffisantes, match="pas retirer plus"):
        registre.corriger(engagement.pk, h(271), parcours_id=A, motif="trop")


def test_un_parcours_arrete_rend_ce_qu_il_tient(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(300), parcours_id=A, motif="parcours")
    registre.faire(engagement.pk, h("70.50"), parcours_id=A, motif="deux semaines")
    assert registre.liberer_tout(engagement.pk, parcours_id=A, motif="interrompu") == h("229.50")
    assert soldes(engagement) == Soldes(dues=h(300), a_placer=h("229.50"), faites=h("70.50"))
    assert registre.liberer_tout(engagement.pk, parcours_id=A, motif="interrompu") == 0


def test_perdre_ne_prend_que_ce_que_personne_ne_tient(engagement: Engagement) -> None:
    registre.reserver(engagement.pk, h(100), parcours_id=A, motif="parcours")
    registre.perdre(engagement.pk, motif="fin de la période ferme")
    registre.perdre(engagement.pk, motif="une seconde fois")
    assert soldes(engagement) == Soldes(dues=h(300), reservees=h(100), perdues=h(200))


@pytest.mark.parametrize("heures", ["-1", "10000", "NaN", "Infinity"])
def test_un_nombre_d_heures_impossible_est_refuse(engagement: Engagement, heures: str) -> None:
    for ecrire in (registre.reserver, registre.liberer, registre.faire, registre.corriger):
        with pytest.raises(HeuresInvalides):
            ecrire(engagement.pk, h(heures), parcours_id=A, motif="essai")
    assert EcritureHeures.objects.filter(engagement=engagement).count() == 1


def test_zero_heure_n_ecrit_rien_et_un_engagement_disparu_se_dit(engagement: Engagement) -> None:
    for ecrire in (registre.reserver, registre.liberer, registre.faire, registre.corriger):
        ecrire(engagement.pk, h(0), parcours_id=A, motif="rien")
    assert EcritureHeures.objects.filter(engagement=engagement).count() == 1
    with pytest.raises(ObjetDisparu):
        registre.faire(uuid.uuid4(), h(1), parcours_id=A, motif="rien")


def test_le_registre_ne_se_reecrit_pas(engagement: Engagement) -> None:
    for ordre in (EcritureHeures.objects.all().delete, lambda: EcritureHeures.objects.update(heures=1)):
        with pytest.raises(ProgrammingError, match=r"permission|droit"), transaction.atomic():
            ordre()


def test_les_soldes_de_plusieurs_engagements_en_une_requete(
    distribution: Distribution, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    marche = distribution.marche()
    ids = [distribution.engagement(heures, marche=marche).pk for heures in (150, 300, 900)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        tous = registre.soldes_de(ids)
    assert [tous[identifiant].dues for identifiant in ids] == [150, 300, 900]


ECRITURES = {
    "reserver": registre.reserver,
    "liberer": registre.liberer,
    "faire": registre.faire,
    "corriger": registre.corriger,
}
GESTES = st.one_of(
    st.tuples(
        st.sampled_from(sorted(ECRITURES)), st.sampled_from([A, B]), st.decimals(min_value=0, max_value=400, places=2)
    ),
    st.tuples(st.just("liberer_tout"), st.sampled_from([A, B]), st.none()),
    st.tuples(st.just("perdre"), st.none(), st.none()),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(gestes=st.lists(GESTES, max_size=12))
def test_les_heures_se_conservent(distribution: Distribution, gestes: list[tuple[str, uuid.UUID, Decimal]]) -> None:
    engagement = Engagement.objects.create(marche=distribution.marche(), entreprise=distribution.entreprise, heures=300)
    registre.ouvrir(engagement.pk, h(300), motif="clause")
    fait = dict.fromkeys((A, B), h(0))
    for nom, parcours_id, heures in gestes:
        avant = soldes(engagement)
        try:
            with transaction.atomic():
                if nom == "perdre":
                    registre.perdre(engagement.pk, motif="fin")
                elif nom == "liberer_tout":
                    registre.liberer_tout(engagement.pk, parcours_id=parcours_id, motif="fin")
                else:
                    ECRITURES[nom](engagement.pk, heures, parcours_id=parcours_id, motif="essai")
        except ErreurMetier:
            assert soldes(engagement) == avant, "un refus n'écrit rien"
            continue
        fait[parcours_id or A] += {"faire": 1, "corriger": -1}.get(nom, 0) * (heures or 0)
        apres = soldes(engagement)
        comptes = (apres.dues, apres.supplement, apres.a_placer, apres.reservees, apres.faites, apres.perdues)
        assert min(comptes) >= 0
        assert apres.dues == 300
        assert apres.dues + apres.supplement == apres.a_placer + apres.reservees + apres.faites + apres.perdues
        assert apres.faites == sum(fait.values()), "ce qui est fait est compté, ni plus ni moins"
        assert all(registre.faites_pour(engagement.pk, qui) == fait[qui] for qui in (A, B))
        assert min(registre.reservees_pour(engagement.pk, qui) for qui in (A, B)) >= 0
        assert not (apres.supplement and apres.a_placer), "rien n'est un don tant qu'il reste à placer"
