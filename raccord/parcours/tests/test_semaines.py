"""Hours by week: the ledger says the same, corrections leave their trace, each bad input has its sentence."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.echeances.models import Attente, Message
from raccord.marches import registre
from raccord.parcours.actions import parcours as actions_parcours
from raccord.parcours.actions import place
from raccord.parcours.actions import semaines as actions
from raccord.parcours.enums import EtatParcours
from raccord.parcours.models import Parcours
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, RoleRefuse
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def faites(parcours: Parcours) -> Decimal:
    return registre.faites_pour(parcours.offre.engagement_id, parcours.pk)


def test_noter_puis_corriger(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    lundi = parcours.debut
    actions.noter(fabrique.d.contexte_referent, parcours.pk, lundi=lundi, heures=Decimal(35))
    assert faites(parcours) == 35
    with pytest.raises(DejaFait):
        actions.noter(fabrique.d.contexte_referent, parcours.pk, lundi=lundi, heures=Decimal(35))
    semaine = actions.noter(
        fabrique.d.tuteur.contexte, parcours.pk, lundi=lundi, heures=Decimal("27.5"), absences=" absent mardi "
    )
    assert (semaine.heures, semaine.absences, semaine.saisie_par) == (Decimal("27.5"), "absent mardi", "tuteur")
    assert faites(parcours) == Decimal("27.5") and parcours.semaines.count() == 1
    lignes = Journal.objects.filter(verbe__startswith="semaine.").order_by("id")
    assert [ligne.verbe for ligne in lignes] == ["semaine.noter", "semaine.corriger"]
    assert Decimal(lignes[1].faits["avant"]) == 35
    assert "mardi" not in str(lignes[1].faits)


@pytest.mark.parametrize("heures", ["-1", "48.5", "1000", "NaN", "Infinity"])
def test_heures_hors_bornes(fabrique: Fabrique, heures: str) -> None:
    parcours = fabrique.en_cours()
    with pytest.raises(actions.HeuresRefusees, match="entre 0 et 48") as info:
        actions.noter(fabrique.d.contexte_referent, parcours.pk, lundi=parcours.debut, heures=Decimal(heures))
    assert info.value.champ == "heures"


def test_semaines_hors_du_parcours(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    for jours, mots in (
        (-7, "ne fait pas partie"),
        (700, "ne fait pas partie"),
        (1, "ne fait pas partie"),
        (21, "n'a pas commencé"),
    ):
        with pytest.raises(actions.SemaineRefusee, match=mots):
            actions.noter(
                fabrique.d.contexte_referent,
                parcours.pk,
                lundi=parcours.debut + dt.timedelta(days=jours),
                heures=Decimal(35),
            )
    a_venir = fabrique.a_venir(referent=fabrique.d.rrh)
    with pytest.raises(actions.SemaineRefusee, match="confirmez d'abord le premier jour"):
        actions.noter(fabrique.d.contexte_referent, a_venir.pk, lundi=a_venir.debut, heures=Decimal(35))


def test_qui_note(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    d = fabrique.d
    ailleurs = actions.Contexte(role="entreprise", contact_id=d.referent.pk, organisation_id=d.tuteur.organisation.pk)
    for contexte in (
        d.tuteur_collegue.contexte,
        d.tuteur_etranger.contexte,
        d.coordonnateur.contexte,
        d.acheteur.contexte,
        d.contexte_jeune(parcours.jeune_id),
        ailleurs,
    ):
        with pytest.raises(RoleRefuse):
            actions.noter(contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(35))
    assert not parcours.semaines.exists()


def test_deux_personnes_sur_la_meme_semaine(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    lundi = parcours.debut
    actions.noter(fabrique.d.contexte_referent, parcours.pk, lundi=lundi, heures=Decimal(35), version="")
    with pytest.raises(ModifieEntreTemps):
        actions.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=lundi, heures=Decimal(28), version="")
    assert faites(parcours) == 35
    vue = parcours.semaines.get().modifie_le.isoformat()
    actions.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=lundi, heures=Decimal(28), version=vue)
    assert faites(parcours) == 28


def test_l_attente_suit_la_plus_ancienne_semaine(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()

    def echeance() -> dt.date:
        return Attente.objects.ouvertes().get(code="noter_heures").echeance.date()

    assert echeance() == parcours.debut + dt.timedelta(days=7)
    avant = Attente.objects.ouvertes().get(code="noter_heures").pk
    actions.noter(
        fabrique.d.contexte_referent, parcours.pk, lundi=parcours.debut + dt.timedelta(days=7), heures=Decimal(1)
    )
    assert Attente.objects.ouvertes().get(code="noter_heures").pk == avant
    actions.noter(fabrique.d.contexte_referent, parcours.pk, lundi=parcours.debut, heures=Decimal(1))
    assert echeance() == parcours.debut + dt.timedelta(days=21)


def test_corriger_apres_la_fin_puis_plus_rien_apres_le_bilan(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    actions.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(20))
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.faites, soldes.reservees, soldes.a_placer) == (140, 0, 160)
    actions.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(40))
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.faites, soldes.reservees, soldes.a_placer) == (160, 0, 140)
    fabrique.voix_tuteur(parcours)
    fabrique.voix_entreprise(parcours)
    fabrique.voix_jeune(parcours)
    with pytest.raises(actions.HeuresFigees):
        actions.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(1))


GESTES = st.lists(
    st.tuples(
        st.integers(0, 2), st.decimals(min_value=0, max_value=48, places=2, allow_nan=False, allow_infinity=False)
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(gestes=GESTES, interrompre=st.booleans())
def test_la_somme_des_semaines_est_le_registre(
    fabrique: Fabrique, gestes: list[tuple[int, Decimal]], interrompre: bool
) -> None:
    """Whatever is entered and corrected, before and after the place is given back: Σ weeks = FAIT of the stay."""
    with transaction.atomic():
        parcours = fabrique.en_cours(heures=70)
        engagement = parcours.offre.engagement_id
        milieu = len(gestes) // 2
        for rang, (semaine, heures) in enumerate(gestes):
            if interrompre and rang == milieu:
                fabrique.avec_heures(parcours, 7)
                actions_parcours.interrompre(
                    fabrique.d.tuteur.contexte,
                    parcours.pk,
                    dernier_jour=fabrique.aujourdhui,
                    motif="autre",
                    precisions="x",
                )
                place.rendre_la_place(fabrique.d.tuteur.contexte, parcours.pk)
            try:
                actions.noter(
                    fabrique.d.contexte_referent,
                    parcours.pk,
                    lundi=parcours.debut + dt.timedelta(days=7 * semaine),
                    heures=heures,
                )
            except DejaFait:
                continue
            somme = sum(parcours.semaines.values_list("heures", flat=True), Decimal(0))
            assert somme == registre.faites_pour(engagement, parcours.pk)
            soldes = registre.soldes(engagement)
            assert (
                soldes.dues + soldes.supplement == soldes.a_placer + soldes.reservees + soldes.faites + soldes.perdues
            )
            assert soldes.reservees == (0 if interrompre and rang >= milieu else max(0, 70 - somme))
            assert min(soldes.a_placer, soldes.supplement, soldes.reservees) >= 0
        transaction.set_rollback(True)


# --- The same day ----------------------------------------------------------------------------------


def test_signaler_previent_le_tuteur_le_jour_meme(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    Message.objects.all().delete()
    champs = {"nature": "absence", "jour": fabrique.aujourdhui, "texte": "Camille n'est pas là ce matin."}
    signalement = actions.signaler(fabrique.d.contexte_referent, parcours.pk, **champs)
    (message,) = Message.objects.all()
    assert message.utilisateur_id == fabrique.d.tuteur.utilisateur.pk
    assert "ce matin" not in message.corps and str(signalement.pk) in message.corps
    attente = Attente.objects.ouvertes().get(code="traiter_signalement")
    assert attente.echeance.date() == fabrique.aujourdhui + dt.timedelta(days=1)
    ligne = Journal.objects.filter(verbe="signalement.signaler").get()
    assert "acheteur" not in ligne.audience and ligne.audience
    with pytest.raises(DejaFait):
        actions.signaler(fabrique.d.contexte_referent, parcours.pk, **champs)


@pytest.mark.parametrize("accueil", [False, True])
def test_l_acheteur_ne_sait_que_si_l_accueil_est_en_cause(fabrique: Fabrique, accueil: bool) -> None:
    parcours = fabrique.en_cours()
    signalement = actions.signaler(
        fabrique.d.contexte_jeune(parcours.jeune_id),
        parcours.pk,
        nature="accueil",
        jour=fabrique.aujourdhui,
        texte="On me laisse seul.",
    )
    Message.objects.all().delete()
    actions.traiter(
        fabrique.d.tuteur.contexte,
        signalement.pk,
        reponse="Vu avec le référent.",
        prevenir_acheteur=accueil,
        prevenir_coordination=accueil,
    )
    ecrits = set(Message.objects.values_list("code", flat=True))
    assert ecrits == ({"parcours.signalement_acheteur", "parcours.signalement_grave"} if accueil else set())
    assert "laisse seul" not in "".join(Message.objects.values_list("corps", flat=True))
    assert not Attente.objects.ouvertes().filter(code="traiter_signalement").exists()
    with pytest.raises(DejaFait):
        actions.traiter(fabrique.d.tuteur.contexte, signalement.pk, reponse="Encore.")


def test_signaler_refuse_en_mots(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    referent = fabrique.d.contexte_referent
    with pytest.raises(ErreurMetier) as info:
        actions.signaler(referent, parcours.pk, nature="absence", jour=fabrique.aujourdhui, texte="  ")
    assert info.value.champ == "texte"
    for jours in (-40, 30):
        with pytest.raises(actions.JourRefuse):
            actions.signaler(
                referent,
                parcours.pk,
                nature="absence",
                jour=fabrique.aujourdhui + dt.timedelta(days=jours),
                texte="x",
            )
    with pytest.raises(RoleRefuse):
        actions.signaler(
            fabrique.d.acheteur.contexte, parcours.pk, nature="absence", jour=fabrique.aujourdhui, texte="x"
        )
    Parcours.objects.filter(pk=parcours.pk).update(etat=EtatParcours.TERMINE)
    with pytest.raises(ErreurMetier, match="appelez directement le tuteur"):
        actions.signaler(referent, parcours.pk, nature="absence", jour=fabrique.aujourdhui, texte="x")
