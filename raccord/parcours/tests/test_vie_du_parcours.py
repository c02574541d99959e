"""From the convention to the end of a stay: states, offer, ledger, waits, messages, refusals in words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from raccord.echeances.models import Attente, Message
from raccord.marches import registre
from raccord.marches.enums import EtatEngagement
from raccord.parcours.actions import parcours as actions
from raccord.parcours.actions import place, semaines
from raccord.parcours.actions.restes import heures_restantes
from raccord.parcours.bornes import DatesRefusees, RythmeRefuse
from raccord.parcours.enums import EtatOffre, EtatParcours
from raccord.parcours.models import Bilan, Parcours
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, RoleRefuse, TransitionRefusee
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique, le


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def codes(parcours: Parcours) -> set[str]:
    return set(Attente.objects.ouvertes().du_fil(parcours.pk).values_list("code", flat=True))


def types_ecrits() -> list[str]:
    return sorted(Message.objects.filter(code__startswith="parcours.").values_list("code", flat=True))


# --- Convention ------------------------------------------------------------------------------------


def test_convention_signee_chacun_est_prevenu(fabrique: Fabrique) -> None:
    parcours = fabrique.convenu()
    Message.objects.all().delete()
    actions.signer_convention(fabrique.d.tuteur.contexte, parcours.pk, signee_le=fabrique.aujourdhui)
    parcours.refresh_from_db()
    assert (parcours.etat, parcours.convention_signee_le) == (EtatParcours.A_VENIR, fabrique.aujourdhui)
    assert codes(parcours) == {"demarrer"}
    assert types_ecrits() == [
        "parcours.convention_acheteur",
        "parcours.convention_coordination",
        "parcours.convention_entreprise",
        "parcours.convention_entreprise",
        "parcours.convention_jeune",
    ]
    a_l_entreprise = Message.objects.filter(code="parcours.convention_entreprise").first()
    assert "2026-042" in a_l_entreprise.corps and "/lien/" in a_l_entreprise.corps
    assert {m.contact_id for m in Message.objects.filter(code="parcours.convention_entreprise")} == {
        fabrique.d.referent.pk,
        fabrique.d.rrh.pk,
    }


def test_convention_jamais_apres_le_premier_jour_ni_demain(fabrique: Fabrique) -> None:
    parcours = fabrique.convenu(debut=fabrique.lundi)
    for jour in (fabrique.aujourdhui, fabrique.aujourdhui + dt.timedelta(days=1)):
        with pytest.raises(actions.ConventionRefusee) as info:
            actions.signer_convention(fabrique.d.tuteur.contexte, parcours.pk, signee_le=jour)
        assert info.value.champ == "signee_le"
    actions.signer_convention(fabrique.d.tuteur.contexte, parcours.pk, signee_le=fabrique.lundi)
    with pytest.raises(DejaFait):
        actions.signer_convention(fabrique.d.tuteur.contexte, parcours.pk, signee_le=fabrique.lundi)


def test_changer_les_dates_avant_le_premier_jour(fabrique: Fabrique) -> None:
    parcours = fabrique.a_venir()
    plus_tard = parcours.debut + dt.timedelta(days=7)
    with pytest.raises(actions.RienAChanger):
        actions.decaler(fabrique.d.tuteur.contexte, parcours.pk, debut=parcours.debut, fin=parcours.fin)
    with pytest.raises(RythmeRefuse):
        actions.decaler(fabrique.d.tuteur.contexte, parcours.pk, debut=plus_tard, fin=plus_tard)
    with pytest.raises(actions.ConventionRefusee):
        actions.decaler(
            fabrique.d.tuteur.contexte, parcours.pk, debut=fabrique.aujourdhui - dt.timedelta(days=1), fin=parcours.fin
        )
    fin = parcours.fin + dt.timedelta(days=7)
    actions.decaler(fabrique.d.tuteur.contexte, parcours.pk, debut=plus_tard, fin=fin)
    parcours.refresh_from_db()
    assert (parcours.debut, parcours.fin, parcours.etat) == (plus_tard, fin, EtatParcours.A_VENIR)
    (attente,) = Attente.objects.ouvertes().du_fil(parcours.pk)
    assert attente.code == "demarrer" and attente.echeance.date() == plus_tard


def test_annuler_rend_l_offre_et_les_heures(fabrique: Fabrique) -> None:
    for etape in (fabrique.convenu, fabrique.a_venir):
        parcours = etape()
        actions.annuler(fabrique.d.tuteur.contexte, parcours.pk, motif="autre", precisions="Camille a déménagé.")
        parcours.refresh_from_db()
        assert parcours.etat == EtatParcours.ANNULE
        assert parcours.offre.etat == EtatOffre.PUBLIEE
        soldes = registre.soldes(parcours.offre.engagement_id)
        assert (soldes.reservees, soldes.a_placer) == (0, 300)
        assert codes(parcours) == set()
    message = Message.objects.filter(code="parcours.annule").first()
    assert "déménagé" not in message.corps


@pytest.mark.parametrize(
    ("motif", "precisions", "champ"), [("", "x", "motif"), ("zzz", "x", "motif"), ("autre", " ", "precisions")]
)
def test_annuler_demande_une_raison(fabrique: Fabrique, motif: str, precisions: str, champ: str) -> None:
    parcours = fabrique.convenu()
    with pytest.raises(ErreurMetier) as info:
        actions.annuler(fabrique.d.tuteur.contexte, parcours.pk, motif=motif, precisions=precisions)
    assert info.value.champ == champ


def test_la_coordination_annule_chez_elle_seulement(fabrique: Fabrique) -> None:
    parcours = fabrique.convenu()
    with pytest.raises(TransitionRefusee, match="autre territoire"):
        actions.annuler(fabrique.d.coordonnateur_etranger.contexte, parcours.pk, motif="autre", precisions="x")
    actions.annuler(fabrique.d.coordonnateur.contexte, parcours.pk, motif="autre", precisions="x")


# --- First day -------------------------------------------------------------------------------------


def test_demarrer_pas_avant_le_premier_jour(fabrique: Fabrique) -> None:
    parcours = fabrique.a_venir()
    with pytest.raises(TransitionRefusee, match="12 octobre 2026"):
        actions.demarrer(fabrique.d.tuteur.contexte, parcours.pk)
    parcours.offre.refresh_from_db()
    assert parcours.offre.etat == EtatOffre.RESERVEE


@pytest.mark.parametrize("qui", ["tuteur", "entreprise"])
def test_demarrer(fabrique: Fabrique, qui: str) -> None:
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    contexte = fabrique.d.tuteur.contexte if qui == "tuteur" else fabrique.d.contexte_referent
    actions.demarrer(contexte, parcours.pk)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.EN_COURS and parcours.offre.etat == EtatOffre.EN_COURS
    assert codes(parcours) == {"terminer", "noter_heures"}
    attente = Attente.objects.ouvertes().get(code="noter_heures")
    assert attente.contact_id == fabrique.d.referent.pk
    assert attente.echeance.date() == fabrique.lundi + dt.timedelta(days=7)
    with pytest.raises(DejaFait):
        actions.demarrer(contexte, parcours.pk)


def test_personne_d_autre_n_agit(fabrique: Fabrique) -> None:
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    d = fabrique.d
    autres = [
        d.tuteur_collegue.contexte,
        d.tuteur_etranger.contexte,
        d.coordonnateur.contexte,
        d.national.contexte,
        d.acheteur.contexte,
        d.contexte_jeune(parcours.jeune_id),
        actions.Contexte(role="entreprise", contact_id=d.referent.pk, organisation_id=d.acheteur.organisation.pk),
    ]
    for contexte in autres:
        with pytest.raises(TransitionRefusee):
            actions.demarrer(contexte, parcours.pk)
    with pytest.raises(ObjetDisparu):
        actions.demarrer(d.tuteur.contexte, d.referent.pk)


# --- Along the stay --------------------------------------------------------------------------------


def test_adapter(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    fin = parcours.fin + dt.timedelta(days=14)
    champs = {"fin": fin, "heures_hebdo": Decimal(28), "motif": "Rendez-vous du mercredi"}
    actions.adapter(fabrique.d.tuteur.contexte, parcours.pk, **champs)
    parcours.refresh_from_db()
    assert (parcours.fin, parcours.heures_hebdo) == (fin, 28)
    (adaptation,) = parcours.adaptations.all()
    assert (adaptation.heures_hebdo_avant, adaptation.heures_hebdo_apres) == (35, 28)
    assert Attente.objects.ouvertes().get(code="terminer", objet_id=parcours.pk).echeance.date() == fin
    assert {"parcours.adapte", "parcours.adapte_jeune"} <= set(types_ecrits())
    assert "mercredi" not in "".join(Message.objects.values_list("corps", flat=True))
    with pytest.raises(DejaFait):
        actions.adapter(fabrique.d.tuteur.contexte, parcours.pk, **champs)
    with pytest.raises(actions.RienAChanger):
        actions.adapter(fabrique.d.tuteur.contexte, parcours.pk, **(champs | {"motif": "Autre chose"}))
    assert parcours.adaptations.count() == 1


@pytest.mark.parametrize(
    ("jours", "hebdo", "motif", "champ"),
    [
        (-3, 28, "x", "fin"),
        (1000, 28, "x", "fin"),
        (40, 40, "x", "heures_hebdo"),
        (40, 0, "x", "heures_hebdo"),
        (40, 28, " ", "motif"),
    ],
)
def test_adapter_refuse(fabrique: Fabrique, jours: int, hebdo: int, motif: str, champ: str) -> None:
    parcours = fabrique.avec_heures(fabrique.en_cours())
    with pytest.raises(ErreurMetier) as info:
        actions.adapter(
            fabrique.d.tuteur.contexte,
            parcours.pk,
            fin=parcours.debut + dt.timedelta(days=jours),
            heures_hebdo=Decimal(hebdo),
            motif=motif,
        )
    assert info.value.champ == champ


def test_interrompre_garde_la_place_et_demande_le_bilan(fabrique: Fabrique) -> None:
    parcours = fabrique.interrompu(precisions="Camille ne vient plus.")
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.INTERROMPU
    assert parcours.offre.etat == EtatOffre.EN_COURS and parcours.place_rendue_le is None
    assert codes(parcours) == {"ecrire_bilan"}
    assert Bilan.objects.get(parcours=parcours).voix.count() == 3
    messages = Message.objects.filter(code="parcours.interrompu")
    assert messages.count() == 3
    assert all("ne vient plus" not in m.corps and "conditions d'accueil" not in m.corps for m in messages)
    assert all("70" in m.corps for m in messages)


def test_interruption_pour_l_accueil_l_acheteur_le_sait(fabrique: Fabrique) -> None:
    fabrique.interrompu(motif="accueil")
    de = {m.courriel: m.corps for m in Message.objects.filter(code="parcours.interrompu")}
    assert "conditions d'accueil" in de[fabrique.d.acheteur.utilisateur.courriel]
    assert "conditions d'accueil" not in de[fabrique.d.referent.courriel]


def test_interrompre_demande_un_jour_plausible(fabrique: Fabrique) -> None:
    parcours = fabrique.avec_heures(fabrique.en_cours())
    for jour in (
        fabrique.aujourdhui + dt.timedelta(days=1),
        parcours.debut - dt.timedelta(days=1),
        parcours.debut + dt.timedelta(days=1),
    ):
        with pytest.raises(DatesRefusees) as info:
            actions.interrompre(
                fabrique.d.tuteur.contexte, parcours.pk, dernier_jour=jour, motif="absences", precisions="x"
            )
        assert info.value.champ == "dernier_jour"


def test_reprendre_tant_que_la_place_est_gardee(fabrique: Fabrique) -> None:
    parcours = fabrique.interrompu()
    fin = parcours.fin + dt.timedelta(days=14)
    with pytest.raises(DatesRefusees):
        actions.reprendre(fabrique.d.tuteur.contexte, parcours.pk, fin=fabrique.aujourdhui - dt.timedelta(days=1))
    actions.reprendre(fabrique.d.tuteur.contexte, parcours.pk, fin=fin)
    parcours.refresh_from_db()
    assert (parcours.etat, parcours.fin, parcours.arrete_le, parcours.motif_interruption) == (
        EtatParcours.EN_COURS,
        fin,
        None,
        "",
    )
    assert codes(parcours) == {"terminer", "noter_heures"}


def test_place_rendue_apres_une_interruption(fabrique: Fabrique) -> None:
    parcours = fabrique.interrompu()
    with pytest.raises(RoleRefuse):
        place.rendre_la_place(fabrique.d.coordonnateur.contexte, parcours.pk)
    place.rendre_la_place(fabrique.d.tuteur.contexte, parcours.pk)
    parcours.refresh_from_db()
    assert parcours.offre.etat == EtatOffre.PUBLIEE
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.faites, soldes.reservees, soldes.a_placer) == (70, 0, 230)
    with pytest.raises(DejaFait):
        place.rendre_la_place(fabrique.d.tuteur.contexte, parcours.pk)
    with pytest.raises(TransitionRefusee, match="La place a été rendue"):
        actions.reprendre(fabrique.d.tuteur.contexte, parcours.pk, fin=parcours.fin)


def test_la_place_ne_se_rend_pas_sans_les_heures(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    actions.interrompre(
        fabrique.d.tuteur.contexte, parcours.pk, dernier_jour=fabrique.aujourdhui, motif="sante", precisions="x"
    )
    with pytest.raises(ErreurMetier, match="Il manque les heures"):
        place.rendre_la_place(fabrique.d.tuteur.contexte, parcours.pk)


# --- The end ---------------------------------------------------------------------------------------


def test_terminer_demande_la_fin_et_les_heures(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    with pytest.raises(TransitionRefusee, match="Le dernier jour prévu est le"):
        actions.terminer(fabrique.d.tuteur.contexte, parcours.pk)
    with le(parcours.fin), pytest.raises(TransitionRefusee, match="Il manque les heures : notez d'abord les semaines"):
        actions.terminer(fabrique.d.tuteur.contexte, parcours.pk)


def test_terminer_rouvre_l_offre_pour_les_heures_restantes(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.TERMINE and parcours.place_rendue_le is not None
    assert parcours.offre.etat == EtatOffre.PUBLIEE
    assert heures_restantes(parcours.offre) == 150
    assert parcours.offre.heures_restantes == 150
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.faites, soldes.reservees, soldes.a_placer) == (150, 0, 150)
    assert codes(parcours) == {"ecrire_bilan"}
    assert Attente.objects.ouvertes().filter(code="pourvoir", objet_id=parcours.offre_id).exists()


def test_l_offre_rouverte_dit_ce_qui_reste_et_le_suit_quand_une_semaine_se_corrige(fabrique: Fabrique) -> None:
    parcours = fabrique.termine(heures=35)
    offre = parcours.offre
    semaines.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(31))
    offre.refresh_from_db()
    assert (offre.heures, offre.heures_restantes) == (300, 129)
    assert offre.duree_dite == "129\xa0h restantes sur 300\xa0h"
    page = Client().get(reverse("parcours:offre", args=[offre.pk])).content.decode()
    assert "129\xa0h restantes sur 300\xa0h" in page
    for duree, trouvee in ((150, True), (300, False)):
        liste = Client().get(reverse("parcours:offres"), {"durees": duree}).content.decode()
        assert (str(offre.pk) in liste) is trouvee, duree
    assert "129\xa0h restantes sur 300\xa0h" in Client().get(reverse("parcours:offres")).content.decode()


def test_terminer_clot_l_offre_quand_tout_est_fait(fabrique: Fabrique) -> None:
    parcours = fabrique.termine(engagement=fabrique.d.engagement(150))
    parcours.offre.refresh_from_db()
    assert parcours.offre.etat == EtatOffre.CLOSE
    assert parcours.offre.engagement.etat == EtatEngagement.DECLARE


def test_terminer_clot_l_offre_quand_le_temps_manque(fabrique: Fabrique) -> None:
    parcours = fabrique.termine(date_fin=fabrique.aujourdhui + dt.timedelta(days=13))
    parcours.offre.refresh_from_db()
    assert parcours.offre.etat == EtatOffre.CLOSE
    assert registre.soldes(parcours.offre.engagement_id).a_placer == 150


def test_terminer_avant_la_date_si_les_heures_sont_faites(fabrique: Fabrique) -> None:
    parcours = fabrique.avec_heures(fabrique.en_cours(heures=70))
    actions.terminer(fabrique.d.tuteur.contexte, parcours.pk)
    parcours.refresh_from_db()
    assert parcours.arrete_le == fabrique.aujourdhui


def test_offre_spontanee_sans_engagement(fabrique: Fabrique) -> None:
    offre = fabrique.d.offre_publiee(date_debut=fabrique.lundi - dt.timedelta(days=90))
    type(offre).objects.filter(pk=offre.pk).update(engagement=None)
    offre.refresh_from_db()
    parcours = fabrique.convenu(fabrique.proposition(offre=offre), debut=fabrique.lundi - dt.timedelta(days=35))
    actions.signer_convention(fabrique.d.tuteur.contexte, parcours.pk, signee_le=parcours.debut)
    actions.demarrer(fabrique.d.tuteur.contexte, parcours.pk)
    fabrique.avec_heures(parcours, 30)
    actions.terminer(fabrique.d.tuteur.contexte, parcours.pk)
    offre.refresh_from_db()
    assert offre.etat == EtatOffre.PUBLIEE and heures_restantes(offre) == 150
    assert not Message.objects.filter(code="parcours.convention_acheteur").exists()


def test_deux_jeunes_l_un_apres_l_autre_sur_la_meme_offre(fabrique: Fabrique) -> None:
    premier = fabrique.interrompu()
    place.rendre_la_place(fabrique.d.tuteur.contexte, premier.pk)
    second = fabrique.convenu(fabrique.proposition(offre=premier.offre))
    # The first stay's bilan must not free the place that the second one holds.
    fabrique.voix_tuteur(premier)
    fabrique.voix_entreprise(premier)
    fabrique.voix_jeune(premier)
    second.refresh_from_db()
    assert second.offre.etat == EtatOffre.RESERVEE
    assert registre.soldes(second.offre.engagement_id).reservees == 150
