"""Three voices, then nothing changes any more; the buyer gets the proof alone."""

import datetime as dt
from decimal import Decimal

import pytest

from raccord.echeances.models import Attente, Message
from raccord.marches.enums import EtatEngagement
from raccord.parcours.actions import bilan as actions
from raccord.parcours.actions import parcours as actions_parcours
from raccord.parcours.actions import semaines
from raccord.parcours.enums import Competence, EtatOffre, EtatParcours, Niveau
from raccord.parcours.models import Bilan
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, ObjetDisparu, RoleRefuse
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_parcours import GRILLE, Fabrique, le


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def test_la_troisieme_voix_signe_le_bilan(fabrique: Fabrique) -> None:
    parcours = fabrique.termine(engagement=fabrique.d.engagement(150))
    fabrique.voix_tuteur(parcours)
    fabrique.voix_entreprise(parcours)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.TERMINE
    Message.objects.all().delete()
    fabrique.voix_jeune(parcours, accord="en_partie")
    parcours.refresh_from_db()
    bilan = parcours.bilan
    assert parcours.etat == EtatParcours.BILAN_SIGNE and bilan.signe_le is not None
    assert parcours.offre.etat == EtatOffre.CLOSE
    assert parcours.offre.engagement.etat == EtatEngagement.SOLDE
    assert sorted(Message.objects.values_list("code", flat=True)) == [
        "parcours.bilan_preuve",
        "parcours.bilan_signe",
        "parcours.bilan_signe_jeune",
        "parcours.bilan_signe_tuteur",
    ]
    preuve = Message.objects.get(code="parcours.bilan_preuve")
    assert f"/parcours/{parcours.pk}/preuve.pdf" in preuve.corps and "150" in preuve.corps
    assert set(Attente.objects.ouvertes().du_fil(parcours.pk).values_list("code", flat=True)) == {"dire_suite"}


@pytest.mark.parametrize("ordre", [("tuteur", "jeune", "entreprise"), ("entreprise", "tuteur", "jeune")])
def test_l_ordre_des_signatures(fabrique: Fabrique, ordre: tuple[str, ...]) -> None:
    parcours = fabrique.termine()
    for qui in ordre:
        niveaux = GRILLE if qui == "entreprise" and ordre[0] == "entreprise" else None
        if qui == "jeune":
            fabrique.voix_jeune(parcours)
        elif qui == "entreprise":
            fabrique.voix_entreprise(parcours, niveaux=niveaux)
        else:
            fabrique.voix_tuteur(parcours, niveaux=None if ordre[0] == "entreprise" else GRILLE)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.BILAN_SIGNE


def test_plus_rien_ne_change_apres(fabrique: Fabrique) -> None:
    parcours = fabrique.bilan_signe()
    avant = (parcours.bilan.deroulement, parcours.bilan.version, parcours.bilan.evaluations.count())
    for ecrire in (fabrique.voix_tuteur, fabrique.voix_entreprise, fabrique.voix_jeune):
        with pytest.raises(actions.BilanFige):
            ecrire(parcours, texte="Autre chose.")
    with pytest.raises(actions.BilanFige):
        actions.rouvrir(fabrique.d.tuteur.contexte, parcours.pk)
    bilan = Bilan.objects.get(parcours=parcours)
    assert (bilan.deroulement, bilan.version, bilan.evaluations.count()) == avant


def test_il_s_ecrit_tout_au_long_et_se_signe_a_la_fin(fabrique: Fabrique) -> None:
    with pytest.raises(actions.BilanTropTot):
        fabrique.voix_tuteur(fabrique.a_venir(referent=fabrique.d.rrh))
    parcours = fabrique.en_cours()
    assert parcours.bilan.deroulement == parcours.missions
    fabrique.voix_tuteur(parcours, signer=False, deroulement="Premiers gestes.")
    with pytest.raises(actions.SignatureImpossible, match="se signe à la fin"):
        fabrique.voix_tuteur(parcours)
    assert Bilan.objects.get(parcours=parcours).deroulement == "Premiers gestes."


def test_chacun_sa_partie(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    with pytest.raises(actions.SignatureImpossible, match="Votre tuteur écrit d'abord"):
        fabrique.voix_jeune(parcours)
    fabrique.voix_tuteur(parcours)
    with pytest.raises(actions.VoixSignee):
        fabrique.voix_tuteur(parcours, signer=False)
    with pytest.raises(DejaFait):
        fabrique.voix_tuteur(parcours)
    with pytest.raises(actions.GrilleFigee):
        fabrique.voix_entreprise(parcours, niveaux={Competence.GESTES: Niveau.ACQUIS})
    fabrique.voix_entreprise(parcours, niveaux=GRILLE, deroulement="L'entreprise réécrit.")
    bilan = Bilan.objects.get(parcours=parcours)
    assert bilan.deroulement == "Commandes, atelier, chantier."


def test_la_derniere_voix_signee_deux_fois_n_est_pas_un_refus(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    for voix in (fabrique.voix_tuteur, fabrique.voix_entreprise, fabrique.voix_jeune):
        voix(parcours)
    with pytest.raises(DejaFait):
        fabrique.voix_jeune(parcours)
    with pytest.raises(actions.BilanFige):
        fabrique.voix_tuteur(parcours, signer=False)


def test_avant_de_signer(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    for champs, champ in (
        ({"texte": "  "}, "texte"),
        ({"deroulement": ""}, "deroulement"),
        ({"niveaux": {}}, None),
        ({"deroulement": f"{parcours.jeune.prenom} a rangé."}, "deroulement"),
        ({"deroulement": f"M. {parcours.jeune.nom.upper()} a rangé."}, "deroulement"),
    ):
        with pytest.raises(ErreurMetier) as info:
            fabrique.voix_tuteur(parcours, **champs)
        assert info.value.champ == champ
    fabrique.voix_tuteur(parcours)
    for champs, champ in (({"accord": ""}, "accord"), ({"accord": "zzz"}, "accord"), ({"texte": ""}, "texte")):
        with pytest.raises(ErreurMetier) as info:
            fabrique.voix_jeune(parcours, **champs)
        assert info.value.champ == champ


def test_le_tuteur_ne_signe_pas_sans_les_heures(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    actions_parcours.interrompre(
        fabrique.d.tuteur.contexte, parcours.pk, dernier_jour=fabrique.aujourdhui, motif="autre", precisions="x"
    )
    with pytest.raises(actions.SignatureImpossible, match="Il manque les heures"):
        fabrique.voix_tuteur(parcours)


def test_deux_redacteurs(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    vue = str(parcours.bilan.version)
    fabrique.voix_entreprise(parcours, niveaux=GRILLE, signer=False, version=vue)
    with pytest.raises(ModifieEntreTemps):
        fabrique.voix_tuteur(parcours, signer=False, version=vue)
    assert Bilan.objects.get(parcours=parcours).perspectives == ""
    # A voice of one's own clashes with nobody's.
    vue = str(Bilan.objects.get(parcours=parcours).version)
    fabrique.voix_entreprise(parcours, texte="Encore.", signer=False, version=vue)
    fabrique.voix_tuteur(parcours, signer=False, version=vue)


def test_personne_d_autre(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    d = fabrique.d
    for contexte in (
        d.tuteur_collegue.contexte,
        d.tuteur_etranger.contexte,
        d.coordonnateur.contexte,
        d.national.contexte,
        d.acheteur.contexte,
        d.contexte_jeune(d.jeune().pk),
    ):
        with pytest.raises(RoleRefuse):
            actions.ecrire(contexte, parcours.pk, texte="x")
    with pytest.raises(ObjetDisparu):
        actions.ecrire(d.tuteur.contexte, d.referent.pk, texte="x")


def test_le_jeune_recoit_son_lien_quand_le_tuteur_a_signe(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    assert not Message.objects.filter(code="parcours.bilan_jeune").exists()
    assert Message.objects.filter(code="parcours.bilan_entreprise").count() == 1
    fabrique.voix_tuteur(parcours)
    message = Message.objects.get(code="parcours.bilan_jeune")
    assert message.jeune_id == parcours.jeune_id and "/lien/" in message.corps
    actions.relancer(fabrique.d.tuteur.contexte, parcours.pk)
    assert Message.objects.filter(code="parcours.bilan_jeune").count() == 2
    assert Message.objects.filter(code="parcours.bilan_entreprise").count() == 2


def test_rouvrir_reprend_les_signatures_pas_les_textes(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    with pytest.raises(DejaFait):
        actions.rouvrir(fabrique.d.tuteur.contexte, parcours.pk)
    fabrique.voix_tuteur(parcours)
    fabrique.voix_entreprise(parcours)
    with pytest.raises(ErreurMetier):
        actions.rouvrir(fabrique.d.contexte_referent, parcours.pk)
    actions.rouvrir(fabrique.d.tuteur.contexte, parcours.pk)
    voix = {v.auteur: v for v in parcours.bilan.voix.all()}
    assert all(v.signee_le is None for v in voix.values())
    assert voix["tuteur"].texte == "Une vraie progression."
    assert Message.objects.get(code="parcours.bilan_rouvert").contact_id == fabrique.d.referent.pk
    fabrique.voix_tuteur(parcours, deroulement="Corrigé.")


def test_conclure_sans_une_voix_apres_le_delai(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    tuteur = fabrique.d.tuteur.contexte
    with pytest.raises(actions.SignatureImpossible, match="Signez d'abord"):
        actions.conclure_sans(tuteur, parcours.pk, auteur="jeune", raison="Injoignable.")
    fabrique.voix_tuteur(parcours)
    with pytest.raises(actions.SignatureImpossible, match="Laissez le temps"):
        actions.conclure_sans(tuteur, parcours.pk, auteur="jeune", raison="Injoignable.")
    with le(fabrique.aujourdhui + dt.timedelta(days=30)):
        with pytest.raises(actions.SignatureImpossible):
            actions.conclure_sans(tuteur, parcours.pk, auteur="tuteur", raison="x")
        with pytest.raises(ErreurMetier):
            actions.conclure_sans(tuteur, parcours.pk, auteur="jeune", raison=" ")
        actions.conclure_sans(tuteur, parcours.pk, auteur="jeune", raison="Trois appels sans réponse.")
        with pytest.raises(actions.SignatureImpossible, match="au moins deux voix"):
            actions.conclure_sans(tuteur, parcours.pk, auteur="entreprise", raison="x")
        fabrique.voix_entreprise(parcours)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.BILAN_SIGNE
    assert "Trois appels" not in str(list(Journal.objects.values_list("texte", "faits")))


def test_une_voix_dite_manquante_peut_encore_venir(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    fabrique.voix_tuteur(parcours)
    with le(fabrique.aujourdhui + dt.timedelta(days=30)):
        actions.conclure_sans(fabrique.d.tuteur.contexte, parcours.pk, auteur="jeune", raison="Injoignable.")
        fabrique.voix_jeune(parcours)
    voix = parcours.bilan.voix.get(auteur="jeune")
    assert voix.signee_le is not None and voix.non_recueillie == ""


def test_interrompu_le_bilan_rend_la_place(fabrique: Fabrique) -> None:
    parcours = fabrique.interrompu()
    fabrique.voix_tuteur(parcours)
    fabrique.voix_entreprise(parcours)
    fabrique.voix_jeune(parcours)
    parcours.refresh_from_db()
    assert parcours.place_rendue_le is not None and parcours.offre.etat == EtatOffre.PUBLIEE
    with pytest.raises(semaines.HeuresFigees):
        semaines.noter(fabrique.d.tuteur.contexte, parcours.pk, lundi=parcours.debut, heures=Decimal(1))
