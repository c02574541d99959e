"""Holding an offer: one tutor wins, guards speak, those concerned are told, nothing is said of the young person."""

import datetime as dt
from uuid import uuid4

import pytest

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente, Message
from raccord.jeunes.models import AccesJeune
from raccord.parcours.actions.reservation import JeuneInconnu, OffreDejaReservee, reserver
from raccord.parcours.enums import EtatOffre, EtatReservation
from raccord.parcours.models import Offre, Reservation
from raccord.socle import calendrier
from raccord.socle.exceptions import DejaFait, ObjetDisparu, RoleRefuse, TransitionRefusee
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.etats import parcours_en_etat
from tests.fabriques_offres import PARIS_7, offre_en, reservation


def test_l_offre_est_a_ce_tuteur(distribution: Distribution) -> None:
    offre, jeune = distribution.offre_publiee(), distribution.jeune()
    tenue = reserver(distribution.tuteur.contexte, offre.pk, jeune_id=jeune.pk)
    offre.refresh_from_db()
    assert (offre.etat, tenue.etat) == (EtatOffre.RESERVEE, EtatReservation.ACTIVE)
    assert (tenue.jeune, tenue.tuteur) == (jeune, distribution.tuteur.utilisateur)
    ouvertes = set(Attente.objects.ouvertes().values_list("code", "utilisateur_id"))
    assert ouvertes == {("agir_reservation", distribution.tuteur.utilisateur.pk)}
    verbes = set(Journal.objects.du_fil(offre.pk).values_list("verbe", flat=True))
    assert {"offre.reserver", "reservation.reserver"} <= verbes


def test_le_second_tuteur_lit_pourquoi(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    autre = distribution.jeune(distribution.tuteur_etranger)
    with pytest.raises(OffreDejaReservee, match=r"^Cette offre vient d'être réservée"):
        reserver(distribution.tuteur_etranger.contexte, tenue.offre_id, jeune_id=autre.pk)
    assert Reservation.objects.count() == 1


def test_le_second_clic_ne_fait_rien_de_plus(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    messages = Message.objects.count()
    with pytest.raises(DejaFait):
        reserver(distribution.tuteur.contexte, tenue.offre_id, jeune_id=tenue.jeune_id)
    assert (Reservation.objects.count(), Message.objects.count()) == (1, messages)


def test_un_collegue_de_la_meme_mlds_perd_aussi(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    with pytest.raises(OffreDejaReservee):
        reserver(distribution.tuteur_collegue.contexte, tenue.offre_id, jeune_id=distribution.jeune().pk)


def test_une_seule_offre_par_jeune(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    seconde = distribution.offre_publiee()
    with pytest.raises(TransitionRefusee, match="déjà une offre réservée"):
        reserver(distribution.tuteur.contexte, seconde.pk, jeune_id=tenue.jeune_id)
    seconde.refresh_from_db()
    assert seconde.etat == EtatOffre.PUBLIEE


def test_un_jeune_en_parcours_ne_reserve_pas(distribution: Distribution) -> None:
    parcours = parcours_en_etat(distribution, "en_cours")
    Reservation.objects.update(etat=EtatReservation.HONOREE)
    with pytest.raises(TransitionRefusee, match="déjà un parcours ouvert"):
        reserver(distribution.tuteur.contexte, distribution.offre_publiee().pk, jeune_id=parcours.jeune_id)


def test_le_jeune_d_une_autre_mlds_est_refuse(distribution: Distribution) -> None:
    etranger = distribution.jeune(distribution.tuteur_etranger)
    offre = distribution.offre_publiee()
    with pytest.raises(TransitionRefusee, match="n'est pas suivi par votre MLDS"):
        reserver(distribution.tuteur.contexte, offre.pk, jeune_id=etranger.pk)


def test_un_acces_retire_ferme_la_reservation(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    AccesJeune.objects.filter(jeune=jeune).update(
        revoque_le=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), motif_retrait="essai"
    )
    with pytest.raises(TransitionRefusee, match="n'est pas suivi"):
        reserver(distribution.tuteur.contexte, distribution.offre_publiee().pk, jeune_id=jeune.pk)


def test_un_jeune_ou_une_offre_qui_n_existent_pas(distribution: Distribution) -> None:
    with pytest.raises(JeuneInconnu):
        reserver(distribution.tuteur.contexte, distribution.offre_publiee().pk, jeune_id=uuid4())
    with pytest.raises(ObjetDisparu):
        reserver(distribution.tuteur.contexte, uuid4(), jeune_id=distribution.jeune().pk)


@pytest.mark.parametrize("role", [Role.ACHETEUR, Role.COORDONNATEUR, Role.NATIONAL])
def test_seul_un_tuteur_reserve(distribution: Distribution, role: str) -> None:
    contexte = getattr(distribution, role).contexte
    with pytest.raises(RoleRefuse):
        reserver(contexte, distribution.offre_publiee().pk, jeune_id=distribution.jeune().pk)


@pytest.mark.parametrize(("annees", "permis"), [(14, False), (15, False), (16, True), (25, True), (26, False)])
def test_l_age_compte_au_debut_du_parcours(distribution: Distribution, annees: int, permis: bool) -> None:
    aujourdhui = calendrier.aujourdhui()
    jeune = distribution.jeune(date_naissance=aujourdhui.replace(year=aujourdhui.year - annees))
    offre = distribution.offre_publiee()
    if permis:
        assert reserver(distribution.tuteur.contexte, offre.pk, jeune_id=jeune.pk).etat == EtatReservation.ACTIVE
        return
    with pytest.raises(TransitionRefusee, match=f"aura {annees} ans"):
        reserver(distribution.tuteur.contexte, offre.pk, jeune_id=jeune.pk)


def test_quinze_ans_aujourd_hui_seize_au_debut(distribution: Distribution) -> None:
    aujourdhui = calendrier.aujourdhui()
    jeune = distribution.jeune(date_naissance=aujourdhui.replace(year=aujourdhui.year - 16) + dt.timedelta(days=20))
    offre = distribution.offre_publiee(date_debut=aujourdhui + dt.timedelta(days=30))
    assert reserver(distribution.tuteur.contexte, offre.pk, jeune_id=jeune.pk).etat == EtatReservation.ACTIVE


def test_apres_la_periode_ferme_plus_rien(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    hier = calendrier.aujourdhui() - dt.timedelta(days=1)
    Offre.objects.filter(pk=offre.pk).update(date_debut=hier - dt.timedelta(days=90), date_fin=hier)
    with pytest.raises(TransitionRefusee, match="s'est terminée le"):
        reserver(distribution.tuteur.contexte, offre.pk, jeune_id=distribution.jeune().pk)


def test_chacun_est_prevenu_sans_rien_du_jeune(distribution: Distribution) -> None:
    jeune = distribution.jeune(prenom="Zéphyrine", nom="Quatremère", profil="Aime les abeilles.")
    Message.objects.all().delete()
    reservation(distribution, jeune=jeune)
    lus = {(message.code, message.utilisateur_id): message for message in Message.objects.all()}
    assert set(lus) == {
        ("parcours.reservation_faite", distribution.tuteur.utilisateur.pk),
        ("parcours.offre_reservee", distribution.acheteur.utilisateur.pk),
        ("parcours.offre_reservee", distribution.coordonnateur.utilisateur.pk),
    }
    for message in lus.values():
        texte = message.sujet + message.corps
        assert (
            "Zéphyrine" not in texte and "Quatremère" not in texte and "abeilles" not in texte and "17 ans" not in texte
        )
        assert "Découverte de l'atelier" in texte
    assert "2026-042" in lus["parcours.offre_reservee", distribution.acheteur.utilisateur.pk].corps


def test_au_dela_d_une_frontiere_les_deux_coordinations_sont_prevenues(distribution: Distribution) -> None:
    Message.objects.all().delete()
    reservation(distribution, offre=offre_en(PARIS_7))
    qui = set(Message.objects.filter(code="parcours.offre_reservee").values_list("utilisateur_id", flat=True))
    assert qui == {
        distribution.coordonnateur.utilisateur.pk,
        distribution.coordonnateur_etranger.utilisateur.pk,
    }


def test_le_journal_ne_dit_rien_a_l_acheteur_du_jeune(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    lignes = Journal.objects.du_fil(tenue.offre_id).visibles_par(Role.ACHETEUR)
    assert "reservation.reserver" not in {ligne.verbe for ligne in lignes}
    assert "offre.reserver" in {ligne.verbe for ligne in lignes}


def test_une_mlds_ajoutee_au_cercle_lit_et_ne_reserve_pas(distribution: Distribution) -> None:
    d, jeune, offre = distribution, distribution.jeune(), distribution.offre_publiee()
    AccesJeune.objects.create(jeune=jeune, organisation=d.tuteur_etranger.organisation, motif="relais")
    with pytest.raises(TransitionRefusee, match="pas suivi par votre MLDS"):
        reserver(d.tuteur_etranger.contexte, offre.pk, jeune_id=jeune.pk)
    assert reserver(d.tuteur.contexte, offre.pk, jeune_id=jeune.pk)
