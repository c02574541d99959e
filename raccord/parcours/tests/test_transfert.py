"""A stay handed over: the file follows, closes behind, and no clock is wound up again."""

import pytest

from raccord.echeances.models import Attente, Message
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.parcours.actions import semaines
from raccord.parcours.actions import transfert as actions
from raccord.parcours.enums import EtatTransfert
from raccord.parcours.models import Transfert
from raccord.socle.exceptions import DejaFait, ErreurMetier, TransitionRefusee
from tests.distribution import Distribution, personne
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def demander(fabrique: Fabrique, parcours: object, **champs: object) -> Transfert:
    defauts = {"vers_id": fabrique.d.tuteur_etranger.organisation.pk, "motif": "La famille déménage à Paris."}
    return actions.demander(fabrique.d.coordonnateur.contexte, parcours.pk, **(defauts | champs))


def test_demander_puis_accepter(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    signalement = semaines.signaler(
        d.contexte_referent, parcours.pk, nature="retard", jour=fabrique.aujourdhui, texte="Une heure."
    )
    avant = {a.code: a.echeance for a in Attente.objects.ouvertes().du_fil(parcours.pk)}
    transfert = demander(fabrique, parcours)
    attente = Attente.objects.ouvertes().get(code="repondre_transfert")
    assert attente.organisation_id == d.coordonnateur_etranger.organisation.pk
    message = Message.objects.get(code="parcours.transfert_demande")
    assert message.utilisateur_id == d.coordonnateur_etranger.utilisateur.pk
    with pytest.raises(DejaFait):
        demander(fabrique, parcours)

    Message.objects.all().delete()
    actions.accepter(d.coordonnateur_etranger.contexte, transfert.pk, tuteur_id=d.tuteur_etranger.utilisateur.pk)
    parcours.refresh_from_db()
    assert (parcours.organisation, parcours.tuteur) == (d.tuteur_etranger.organisation, d.tuteur_etranger.utilisateur)
    jeune = Jeune.objects.get(pk=parcours.jeune_id)
    assert (jeune.organisation, jeune.tuteur) == (d.tuteur_etranger.organisation, d.tuteur_etranger.utilisateur)
    assert not Jeune.objects.ouverts_a(d.tuteur.organisation.pk).filter(pk=jeune.pk).exists()
    assert Jeune.objects.ouverts_a(d.tuteur_etranger.organisation.pk).filter(pk=jeune.pk).exists()
    acces = AccesJeune.objects.get(jeune=jeune, organisation=d.tuteur_etranger.organisation)
    assert "MLDS de Lille" in acces.motif
    apres = {a.code: a for a in Attente.objects.ouvertes().du_fil(parcours.pk)}
    assert {code: a.echeance for code, a in apres.items()} == avant
    assert apres["terminer"].utilisateur_id == d.tuteur_etranger.utilisateur.pk
    assert apres["traiter_signalement"].utilisateur_id == d.tuteur_etranger.utilisateur.pk
    assert apres["traiter_signalement"].objet_id == signalement.pk
    assert apres["noter_heures"].contact_id == d.referent.pk
    assert sorted(Message.objects.values_list("code", flat=True)) == [
        "parcours.transfert_accepte",
        "parcours.transfert_accepte",
        "parcours.transfert_tuteur",
        "parcours.tuteur_change",
        "parcours.tuteur_change_jeune",
    ]
    with pytest.raises(DejaFait):
        actions.accepter(d.coordonnateur_etranger.contexte, transfert.pk, tuteur_id=d.tuteur_etranger.utilisateur.pk)
    # The new tutor acts, the former one no longer does.
    with pytest.raises(ErreurMetier):
        semaines.traiter(d.tuteur.contexte, signalement.pk, reponse="x")
    semaines.traiter(d.tuteur_etranger.contexte, signalement.pk, reponse="Appelé.")


def test_aller_et_retour(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    for depuis, vers in ((d.tuteur, d.tuteur_etranger), (d.tuteur_etranger, d.tuteur)):
        transfert = actions.demander(
            d.national.contexte, parcours.pk, vers_id=vers.organisation.pk, motif="Il suit sa famille."
        )
        assert transfert.depuis == depuis.organisation
        actions.accepter(d.national.contexte, transfert.pk, tuteur_id=vers.utilisateur.pk)
    assert Jeune.objects.ouverts_a(d.tuteur.organisation.pk).filter(pk=parcours.jeune_id).exists()
    assert not Jeune.objects.ouverts_a(d.tuteur_etranger.organisation.pk).filter(pk=parcours.jeune_id).exists()


def test_refuser_avec_une_raison(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    transfert = demander(fabrique, parcours)
    with pytest.raises(ErreurMetier) as info:
        actions.refuser(d.coordonnateur_etranger.contexte, transfert.pk, reponse="  ")
    assert info.value.champ == "reponse"
    actions.refuser(d.coordonnateur_etranger.contexte, transfert.pk, reponse="Aucun tuteur disponible.")
    transfert.refresh_from_db()
    assert transfert.etat == EtatTransfert.REFUSE
    message = Message.objects.get(code="parcours.transfert_refuse")
    assert message.utilisateur_id == d.coordonnateur.utilisateur.pk
    assert not Attente.objects.ouvertes().filter(code="repondre_transfert").exists()
    assert demander(fabrique, parcours).pk != transfert.pk


def test_annuler(fabrique: Fabrique) -> None:
    transfert = demander(fabrique, fabrique.en_cours())
    with pytest.raises(TransitionRefusee):
        actions.annuler(fabrique.d.coordonnateur_etranger.contexte, transfert.pk)
    actions.annuler(fabrique.d.coordonnateur.contexte, transfert.pk)
    transfert.refresh_from_db()
    assert transfert.etat == EtatTransfert.ANNULE


def test_refus_en_mots(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    for champs, champ in (
        ({"vers_id": d.tuteur.organisation.pk}, "vers_id"),
        ({"vers_id": d.entreprise.pk}, "vers_id"),
        ({"motif": " "}, "motif"),
    ):
        with pytest.raises(ErreurMetier) as info:
            demander(fabrique, parcours, **champs)
        assert info.value.champ == champ
    for contexte in (d.coordonnateur_etranger.contexte, d.tuteur.contexte, d.acheteur.contexte):
        with pytest.raises(TransitionRefusee):
            actions.demander(contexte, parcours.pk, vers_id=d.tuteur_etranger.organisation.pk, motif="x")
    transfert = demander(fabrique, parcours)
    with pytest.raises(TransitionRefusee, match="territoire d'accueil"):
        actions.accepter(d.coordonnateur.contexte, transfert.pk, tuteur_id=d.tuteur_etranger.utilisateur.pk)
    for inconnu in (d.tuteur.utilisateur.pk, d.coordonnateur_etranger.utilisateur.pk, parcours.pk):
        with pytest.raises(ErreurMetier) as info:
            actions.accepter(d.coordonnateur_etranger.contexte, transfert.pk, tuteur_id=inconnu)
        assert info.value.champ == "tuteur_id"
    fini = fabrique.suite_connue(referent=d.rrh)
    with pytest.raises(actions.TransfertImpossible):
        demander(fabrique, fini)


def test_une_autre_offre_reservee_retient_le_transfert(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    fabrique.proposition(jeune=parcours.jeune)
    with pytest.raises(TransitionRefusee, match="a aussi une offre réservée"):
        demander(fabrique, parcours)


def test_un_tuteur_parti_n_est_pas_choisi(fabrique: Fabrique) -> None:
    d = fabrique.d
    transfert = demander(fabrique, fabrique.en_cours())
    parti = personne("tuteur", d.tuteur_etranger.organisation)
    parti.utilisateur.is_active = False
    parti.utilisateur.save()
    with pytest.raises(ErreurMetier):
        actions.accepter(d.coordonnateur_etranger.contexte, transfert.pk, tuteur_id=parti.utilisateur.pk)
