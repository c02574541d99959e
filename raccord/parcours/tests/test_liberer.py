"""Giving an offer back: who may, what stops with it, who is told."""

from uuid import uuid4

import pytest

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions.reservation import MotifAbsent, liberer, reserver
from raccord.parcours.enums import EtatOffre, EtatPositionnement, EtatReservation, MotifAbandon
from raccord.parcours.models import Positionnement
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle.exceptions import DejaFait, ObjetDisparu, TransitionRefusee
from raccord.socle.models import Journal
from raccord.socle.workflow import inaugurer
from tests.distribution import Distribution
from tests.fabriques_offres import reservation


def test_l_offre_est_de_nouveau_disponible(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.JEUNE_RENONCE)
    tenue.refresh_from_db()
    assert (tenue.etat, tenue.offre.etat) == (EtatReservation.LEVEE, EtatOffre.PUBLIEE)
    assert set(Attente.objects.ouvertes().values_list("code", flat=True)) == {"pourvoir"}
    ligne = Journal.objects.get(verbe="reservation.lever")
    assert ligne.faits == {"motif": "jeune_renonce"}
    autre = distribution.jeune(distribution.tuteur_etranger)
    assert reserver(distribution.tuteur_etranger.contexte, tenue.offre_id, jeune_id=autre.pk)


@pytest.mark.parametrize("qui", ["tuteur", "tuteur_collegue", "coordonnateur", "national"])
def test_qui_peut_rendre(distribution: Distribution, qui: str) -> None:
    tenue = reservation(distribution)
    assert liberer(getattr(distribution, qui).contexte, tenue.pk, motif=MotifAbandon.AUTRE)


@pytest.mark.parametrize("qui", ["tuteur_etranger", "coordonnateur_etranger", "acheteur"])
def test_qui_ne_peut_pas(distribution: Distribution, qui: str) -> None:
    tenue = reservation(distribution)
    with pytest.raises(TransitionRefusee):
        liberer(getattr(distribution, qui).contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    tenue.refresh_from_db()
    assert tenue.etat == EtatReservation.ACTIVE


def test_une_raison_est_due(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    for motif in ("", "parce que"):
        with pytest.raises(MotifAbsent):
            liberer(distribution.tuteur.contexte, tenue.pk, motif=motif)


def test_deux_clics_et_une_reservation_disparue(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    messages = Message.objects.count()
    with pytest.raises(DejaFait):
        liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    assert Message.objects.count() == messages
    with pytest.raises(ObjetDisparu):
        liberer(distribution.tuteur.contexte, uuid4(), motif=MotifAbandon.AUTRE)


@pytest.mark.parametrize("envoyee", [False, True])
def test_la_proposition_s_arrete_et_l_entreprise_qui_l_a_recue_le_sait(
    distribution: Distribution, envoyee: bool
) -> None:
    tenue = reservation(distribution)
    positionnement = Positionnement(reservation=tenue, presentation="Aime le bois.")
    with inaugurer(POSITIONNEMENT["preparer"], distribution.tuteur.contexte, positionnement):
        pass
    if envoyee:
        Positionnement.objects.filter(pk=positionnement.pk).update(etat=EtatPositionnement.TRANSMIS)
    Message.objects.all().delete()
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.INJOIGNABLE)
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.motif_abandon) == (EtatPositionnement.ABANDONNE, "injoignable")
    a_l_entreprise = Message.objects.filter(contact_id=distribution.referent.pk)
    assert [message.code for message in a_l_entreprise] == ["parcours.proposition_arretee"] * envoyee


def test_une_proposition_finie_reste_ce_qu_elle_est(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Positionnement.objects.create(reservation=tenue, etat=EtatPositionnement.REFUSE, motif_refus="dates")
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    assert Positionnement.objects.get().etat == EtatPositionnement.REFUSE


def test_la_coordination_lit_la_raison_l_acheteur_seulement_ce_qui_le_regarde(distribution: Distribution) -> None:
    for motif, dit_a_l_acheteur in ((MotifAbandon.AUTRE_SOLUTION, False), (MotifAbandon.ENTREPRISE_SILENCIEUSE, True)):
        jeune = distribution.jeune(prenom="Zéphyrine", nom="Quatremère")
        tenue = reservation(distribution, jeune=jeune)
        Message.objects.all().delete()
        liberer(distribution.tuteur.contexte, tenue.pk, motif=motif)
        rendues = {message.utilisateur_id: message.corps for message in Message.objects.filter(objet_id=tenue.pk)}
        assert set(rendues) == {distribution.acheteur.utilisateur.pk, distribution.coordonnateur.utilisateur.pk}
        assert MotifAbandon(motif).label in rendues[distribution.coordonnateur.utilisateur.pk]
        assert (MotifAbandon(motif).label in rendues[distribution.acheteur.utilisateur.pk]) is dit_a_l_acheteur
        for corps in rendues.values():
            assert "Zéphyrine" not in corps and "Quatremère" not in corps


def test_qui_rend_ne_s_ecrit_pas_a_soi_meme(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Message.objects.all().delete()
    liberer(distribution.coordonnateur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    assert set(Message.objects.values_list("utilisateur_id", flat=True)) == {distribution.acheteur.utilisateur.pk}


def test_la_levee_se_lit_dans_le_fil(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE)
    lignes = Journal.objects.du_fil(tenue.offre_id).visibles_par(Role.ACHETEUR).values_list("verbe", flat=True)
    assert {"reservation.lever", "offre.liberer"} <= set(lignes)
