"""A portfolio handed over in one screen, all or nothing; the end of the school year; a stand-in."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Absence, Adhesion, LienAction
from raccord.comptes.organisations import absences, membres
from raccord.echeances.models import Attente, Message
from raccord.jeunes.models import Jeune
from raccord.parcours.actions import passation as actions
from raccord.parcours.messages import passations as messages
from raccord.parcours.models import Parcours, Passation, Positionnement, RendezVous, Reservation
from raccord.socle import calendrier, identite, mots
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse
from raccord.socle.models import Journal
from tests import coulisses
from tests.distribution import Distribution, Personne, contact, personne
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import jour, prepare, rencontre_fixee, transmis
from tests.pieges import texte_de

NOTE = "Zoélie attend un appel mardi ; l'atelier ferme en août."


@pytest.fixture
def d(distribution: Distribution) -> Distribution:
    return distribution


@pytest.fixture
def administrateur(d: Distribution) -> Personne:
    """The coordinator, made administrator of the MLDS."""
    return administrer(d.coordonnateur)


def administrer(qui: Personne) -> Personne:
    Adhesion.objects.filter(pk=qui.adhesion.pk).update(administrateur=True)
    return Personne(qui.utilisateur, Adhesion.objects.select_related("organisation").get(pk=qui.adhesion.pk))


@pytest.fixture
def portefeuille(d: Distribution) -> dict[str, Any]:
    """A stay under way, a proposal sent, a reservation in preparation, a young person without anything."""
    envoyee = transmis(d)
    preparee = prepare(d)
    libre = d.jeune()
    d.referent = contact(d.entreprise)
    return {"parcours": Fabrique(d).en_cours(), "envoyee": envoyee, "preparee": preparee, "libre": libre}


def tuteurs_du_portefeuille(portefeuille: dict[str, Any]) -> set[UUID]:
    """Who follows each thing now."""
    reservations = [portefeuille["envoyee"].reservation_id, portefeuille["preparee"].reservation_id]
    jeunes = [portefeuille["libre"].pk, portefeuille["parcours"].jeune_id]
    return {
        *Reservation.objects.filter(pk__in=reservations).values_list("tuteur_id", flat=True),
        *Parcours.objects.filter(pk=portefeuille["parcours"].pk).values_list("tuteur_id", flat=True),
        *Jeune.objects.filter(pk__in=jeunes).values_list("tuteur_id", flat=True),
    }


def confier(d: Distribution, qui: Personne, **champs: Any) -> Passation:
    defauts = {"vers_id": d.tuteur_collegue.utilisateur.pk, "note": NOTE}
    with coulisses.fermees(), identite.agir(qui.contexte, motif="parcours:confier_portefeuille"):
        return actions.confier(qui.contexte, d.tuteur.utilisateur.pk, **(defauts | champs))


# --- Handing over ----------------------------------------------------------------------------------


def test_tout_passe_en_une_page(d: Distribution, portefeuille: dict[str, Any]) -> None:
    avant = {a.pk: a.echeance for a in Attente.objects.ouvertes().filter(utilisateur_id=d.tuteur.utilisateur.pk)}
    assert len(avant) >= 2
    Message.objects.all().delete()
    client, adresse = d.tuteur.client(), f"/portefeuilles/{d.tuteur.utilisateur.pk}/confier/"
    page = texte_de(client.get(adresse))
    assert portefeuille["libre"].nom in page and "4\u00a0jeunes" in page
    reponse = client.post(adresse, {"vers": str(d.tuteur_collegue.utilisateur.pk), "note": NOTE})
    assert reponse.status_code == 302
    assert tuteurs_du_portefeuille(portefeuille) == {d.tuteur_collegue.utilisateur.pk}
    apres = {a.pk: a.echeance for a in Attente.objects.ouvertes().filter(pk__in=avant)}
    assert apres == avant, "aucune horloge n'est remontée"
    siennes = Attente.objects.ouvertes().filter(utilisateur_id=d.tuteur_collegue.utilisateur.pk)
    assert set(avant) < set(siennes.values_list("pk", flat=True))
    assert not Attente.objects.ouvertes().filter(utilisateur_id=d.tuteur.utilisateur.pk).exists()
    # Each is told in one sentence who follows now.
    codes = list(Message.objects.values_list("code", flat=True))
    assert codes.count("parcours.tuteur_change") == 2, "l'entreprise d'accueil, et celle qui a la proposition en mains"
    assert codes.count("parcours.tuteur_change_jeune") == 4
    assert codes.count("parcours.passation") == 1 and "parcours.passation_faite" not in codes
    nouveau = d.tuteur_collegue.utilisateur.nom_complet
    assert all(nouveau in m.corps for m in Message.objects.filter(code__startswith="parcours.tuteur_change"))
    assert not any("Zoélie" in m.corps + m.sujet for m in Message.objects.all())


def test_un_parcours_fini_dont_le_bilan_attend_passe_aussi(d: Distribution) -> None:
    """A young person may have a stay whose bilan is not signed and another that has begun: both pass."""
    fini = Fabrique(d).termine()
    d.referent = contact(d.entreprise)
    nouveau = Fabrique(d).en_cours(jeune=fini.jeune)
    passation = confier(d, d.tuteur)
    assert set(Parcours.objects.values_list("tuteur_id", flat=True)) == {passation.vers_id}
    assert Attente.objects.ouvertes().get(code="ecrire_bilan").utilisateur_id == passation.vers_id
    assert nouveau.pk != fini.pk and passation.jeunes == [fini.jeune_id]


def test_chaque_mouvement_est_au_journal(d: Distribution, portefeuille: dict[str, Any]) -> None:
    passation = confier(d, d.tuteur)
    lignes = Journal.objects.filter(verbe__endswith=".changer_tuteur")
    compte = {v: lignes.filter(verbe=f"{v}.changer_tuteur").count() for v in ("jeune", "reservation", "parcours")}
    assert compte == {"jeune": 4, "reservation": 2, "parcours": 1}
    assert all(ligne.faits["passation"] == str(passation.pk) for ligne in lignes)
    assert Journal.objects.filter(verbe="passation.confier", fil__contains=[d.tuteur.organisation.pk]).count() == 1
    assert "Zoélie" not in str(list(Journal.objects.values_list("texte", "faits")))


def test_tout_ou_rien(d: Distribution, portefeuille: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The last young person cannot be written to: nobody has moved."""
    vus: list[Any] = []

    def au_jeune(*parties: Any) -> None:
        vus.append(parties)
        if len(vus) == 4:
            raise ErreurMetier("panne")

    monkeypatch.setattr(messages, "au_jeune", au_jeune)
    attentes = list(Attente.objects.order_by("pk").values("pk", "utilisateur_id", "close_le"))
    with pytest.raises(ErreurMetier, match="panne"):
        confier(d, d.tuteur)
    assert tuteurs_du_portefeuille(portefeuille) == {d.tuteur.utilisateur.pk}
    assert list(Attente.objects.order_by("pk").values("pk", "utilisateur_id", "close_le")) == attentes
    assert not Passation.objects.exists() and not Journal.objects.filter(verbe="passation.confier").exists()


def test_la_note_se_lit_par_qui_reprend(d: Distribution, portefeuille: dict[str, Any]) -> None:
    passation = confier(d, d.tuteur)
    adresse = f"/passations/{passation.pk}/"
    client = d.tuteur_collegue.client()
    assert "Lire la note de passation" in texte_de(client.get("/ma-journee/"))
    page = texte_de(client.get(adresse))
    assert "Zoélie attend un appel mardi" in page and portefeuille["parcours"].referent.nom in page
    assert d.tuteur.client().post(adresse).status_code == 403
    assert client.post(adresse).status_code == 302 and client.post(adresse).status_code == 302
    assert "Lire la note de passation" not in texte_de(client.get("/ma-journee/"))
    assert "Lue le" in texte_de(d.tuteur.client().get(adresse))
    troisieme = personne(Role.TUTEUR, d.tuteur.organisation)
    for autre in (troisieme, d.coordonnateur, d.tuteur_etranger, d.coordonnateur_etranger):
        assert autre.client().get(adresse).status_code == 404
    assert d.acheteur.client().get(adresse).status_code == 403


def test_le_successeur_agit_l_ancien_n_agit_plus(d: Distribution, portefeuille: dict[str, Any]) -> None:
    confier(d, d.tuteur)
    adresse = f"/propositions/{portefeuille['envoyee'].pk}/arreter/"
    assert d.tuteur.client().get(adresse).status_code == 403
    assert d.tuteur_collegue.client().get(adresse).status_code == 200


@pytest.mark.parametrize("qui", ["tuteur_collegue", "coordonnateur", "tuteur_etranger", "acheteur", "national"])
def test_nul_autre_ne_confie(d: Distribution, portefeuille: dict[str, Any], qui: str) -> None:
    with pytest.raises(RoleRefuse):
        confier(d, getattr(d, qui))
    assert tuteurs_du_portefeuille(portefeuille) == {d.tuteur.utilisateur.pk}


def test_un_administrateur_d_ailleurs_non_plus(d: Distribution, portefeuille: dict[str, Any]) -> None:
    voisin = administrer(d.coordonnateur_etranger)
    adresse = f"/portefeuilles/{d.tuteur.utilisateur.pk}/confier/"
    assert voisin.client().get(adresse).status_code == 404
    with pytest.raises(ErreurMetier):
        confier(d, voisin, vers_id=d.tuteur_etranger.utilisateur.pk)
    assert tuteurs_du_portefeuille(portefeuille) == {d.tuteur.utilisateur.pk}


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"note": " "}, "note"),
        ({"vers": "tuteur"}, "vers"),
        ({"vers": "tuteur_etranger"}, "vers"),
        ({"vers": "coordonnateur"}, "vers"),
    ],
)
def test_refus_en_mots(d: Distribution, portefeuille: dict[str, Any], champs: dict[str, str], champ: str) -> None:
    saisie = {"vers_id": getattr(d, champs["vers"]).utilisateur.pk} if "vers" in champs else champs
    with pytest.raises(ErreurMetier) as info:
        confier(d, d.tuteur, **saisie)
    assert info.value.champ == champ


def test_deux_fois_il_n_y_a_plus_rien(d: Distribution, portefeuille: dict[str, Any]) -> None:
    confier(d, d.tuteur)
    with pytest.raises(actions.RienAConfier):
        confier(d, d.tuteur)
    passation = Passation.objects.get()
    with pytest.raises(RoleRefuse):
        actions.lire(d.tuteur.contexte, passation.pk)
    actions.lire(d.tuteur_collegue.contexte, passation.pk)
    with pytest.raises(DejaFait):
        actions.lire(d.tuteur_collegue.contexte, passation.pk)


# --- One file --------------------------------------------------------------------------------------


def test_un_dossier_passe_avec_tout_ce_qui_est_a_lui(d: Distribution, portefeuille: dict[str, Any]) -> None:
    """From the young person's page: the file, the reservation, the proposal and its waits; the others stay."""
    reservation = portefeuille["preparee"].reservation
    jeune_id, collegue = reservation.jeune_id, d.tuteur_collegue.utilisateur
    attente = Attente.objects.ouvertes().get(objet_id=reservation.pk)
    client, adresse = d.tuteur.client(), f"/jeunes/{jeune_id}/confier/"
    assert adresse in client.get(f"/jeunes/{jeune_id}/").content.decode()
    assert "1\u00a0jeune" in texte_de(client.get(adresse))
    assert client.post(adresse, {"vers": str(collegue.pk), "note": NOTE}).status_code == 302
    assert Jeune.objects.get(pk=jeune_id).tuteur_id == collegue.pk
    assert Reservation.objects.get(pk=reservation.pk).tuteur_id == collegue.pk
    suite = Attente.objects.ouvertes().get(pk=attente.pk)
    assert (suite.utilisateur_id, suite.echeance) == (collegue.pk, attente.echeance)
    assert Passation.objects.get().jeunes == [jeune_id]
    assert Parcours.objects.get(pk=portefeuille["parcours"].pk).tuteur_id == d.tuteur.utilisateur.pk


def test_un_collegue_ne_se_donne_pas_un_dossier(d: Distribution) -> None:
    jeune = d.jeune()
    adresse = f"/jeunes/{jeune.pk}/confier/"
    collegue = d.tuteur_collegue.client()
    assert adresse not in collegue.get(f"/jeunes/{jeune.pk}/").content.decode()
    saisie = {"vers": str(d.tuteur_collegue.utilisateur.pk), "note": NOTE}
    assert collegue.post(adresse, saisie).status_code == 403
    assert d.tuteur_etranger.client().post(adresse, saisie).status_code == 404
    chef = administrer(d.tuteur_collegue)
    assert chef.client().post(adresse, saisie).status_code == 302
    assert Jeune.objects.get(pk=jeune.pk).tuteur_id == d.tuteur_collegue.utilisateur.pk


# --- Two meetings at once ----------------------------------------------------------------------------


def fixer(fixee: Positionnement, le: dt.datetime, tuteur: Personne | None = None) -> None:
    Positionnement.objects.filter(pk=fixee.pk).update(rencontre_le=le)
    avec = {"tuteur": tuteur.utilisateur} if tuteur else {}
    heure = dt.timedelta(hours=1)
    RendezVous.objects.filter(positionnement=fixee.pk).update(debut=le, fin=le + heure, numero=1, **avec)
    if tuteur is not None:
        Reservation.objects.filter(pk=fixee.reservation_id).update(tuteur=tuteur.utilisateur)


@pytest.mark.parametrize(("minutes", "statut"), [(0, 422), (30, 422), (-30, 422), (60, 302), (-60, 302)])
def test_pas_deux_rencontres_au_meme_moment(d: Distribution, minutes: int, statut: int) -> None:
    """Said before, meeting by meeting; then nothing has moved, not even the file that does not clash."""
    la_sienne, libre, moment = rencontre_fixee(d), d.jeune(), jour(8)
    fixer(la_sienne, moment)
    d.referent = contact(d.entreprise)
    fixer(rencontre_fixee(d), moment + dt.timedelta(minutes=minutes), d.tuteur_collegue)
    saisie = {"vers": str(d.tuteur_collegue.utilisateur.pk), "note": NOTE}
    reponse = d.tuteur.client().post(f"/portefeuilles/{d.tuteur.utilisateur.pk}/confier/", saisie)
    assert reponse.status_code == statut
    if statut == 302:
        return
    page = texte_de(reponse)
    assert f"{mots.moment_fr(moment)} chez {d.entreprise.nom}" in page and "est confié : déplacez" in page
    assert "ferme en août" in page, "la note écrite n'est pas perdue"
    assert Jeune.objects.get(pk=libre.pk).tuteur_id == d.tuteur.utilisateur.pk and not Passation.objects.exists()


# --- Under row-level security ----------------------------------------------------------------------


def vus(personne: Personne, *modeles: type[Any]) -> list[int]:
    with coulisses.fermees(), identite.agir(personne.contexte, motif="parcours:confier_portefeuille"):
        return [modele._base_manager.count() for modele in modeles]


def test_l_administrateur_confie_sans_lire_de_nom(
    d: Distribution, portefeuille: dict[str, Any], administrateur: Personne
) -> None:
    page = texte_de(administrateur.client().get(f"/portefeuilles/{d.tuteur.utilisateur.pk}/confier/"))
    assert "Un jeune de 17 ans" in page and portefeuille["libre"].nom not in page
    confier(d, administrateur)
    assert tuteurs_du_portefeuille(portefeuille) == {d.tuteur_collegue.utilisateur.pk}
    assert Message.objects.get(code="parcours.passation_faite").utilisateur_id == d.tuteur.utilisateur.pk


def test_la_base_n_ouvre_a_l_administrateur_que_les_jeunes_de_sa_mlds(d: Distribution) -> None:
    d.jeune()
    d.jeune(tuteur=d.tuteur_etranger)
    assert vus(d.coordonnateur, Jeune) == [0], "un coordonnateur qui n'administre pas"
    administrateur = administrer(d.coordonnateur)
    assert vus(administrateur, Jeune) == [1]
    autre = administrer(d.coordonnateur_etranger)
    assert vus(autre, Jeune) == [1]
    personne(Role.COORDONNATEUR, d.coordonnateur.organisation, administrateur=True)
    membres.demettre(administrateur.contexte, administrateur.adhesion.pk)
    assert vus(administrateur, Jeune) == [0], "son contexte d'hier ne suffit pas : la base relit l'adhésion"


def test_la_note_reste_entre_eux(d: Distribution, portefeuille: dict[str, Any]) -> None:
    confier(d, d.tuteur)
    assert vus(d.tuteur, Passation) == vus(d.tuteur_collegue, Passation) == [1]
    for qui in ("coordonnateur", "tuteur_etranger", "national", "acheteur"):
        assert vus(getattr(d, qui), Passation) == [0], qui


def test_nul_n_ecrit_une_note_au_nom_d_un_autre(d: Distribution, portefeuille: dict[str, Any]) -> None:
    with (
        coulisses.fermees(),
        identite.agir(d.tuteur_collegue.contexte, motif="parcours:passation"),
        pytest.raises(Exception, match="row-level security"),
    ):
        Passation.objects.create(
            organisation=d.tuteur.organisation,
            de=d.tuteur.utilisateur,
            vers=d.tuteur_collegue.utilisateur,
            par=d.tuteur.utilisateur,
            note="x",
            jeunes=[],
        )


# --- Leaving ---------------------------------------------------------------------------------------


def test_on_confie_avant_de_partir(d: Distribution, portefeuille: dict[str, Any], administrateur: Personne) -> None:
    with pytest.raises(membres.DepartRetenu, match=r"4.dossiers"):
        membres.quitter(d.tuteur.contexte)
    with pytest.raises(membres.DepartRetenu):
        membres.retirer(administrateur.contexte, d.tuteur.adhesion.pk, motif="départ")
    page = texte_de(d.tuteur.client().get("/mon-organisation/quitter/"))
    assert "confiez-les" in page
    confier(d, d.tuteur)
    membres.quitter(d.tuteur.contexte)
    assert not Adhesion.objects.filter(pk=d.tuteur.adhesion.pk).exists()


def test_meme_retenu_par_un_jeune_que_l_administrateur_ne_nomme_pas(d: Distribution, administrateur: Personne) -> None:
    """Under the database's own eyes: a young person without any reservation holds the tutor back too."""
    d.jeune()
    reponse = administrateur.client().post(
        f"/mon-organisation/membres/{d.tuteur.adhesion.pk}/retirer/", {"motif": "départ"}
    )
    assert reponse.status_code == 422 and "confiez-les" in texte_de(reponse)


# --- End of the school year ------------------------------------------------------------------------


def cle(d: Distribution, jeune_id: UUID) -> str:
    return f"{d.tuteur.utilisateur.pk}_{jeune_id}"


def decisions(d: Distribution, portefeuille: dict[str, Any]) -> dict[str, str]:
    """Keep the stay, hand the free one over, give the prepared offer back."""
    parcours, envoyee, preparee = (portefeuille[nom] for nom in ("parcours", "envoyee", "preparee"))
    return {
        cle(d, parcours.jeune_id): "garder",
        cle(d, envoyee.reservation.jeune_id): "garder",
        cle(d, preparee.reservation.jeune_id): "rendre:autre_solution",
        cle(d, portefeuille["libre"].pk): f"confier:{d.tuteur_collegue.utilisateur.pk}",
        "note": NOTE,
    }


def test_fin_d_annee_une_decision_pour_chacun(d: Distribution, portefeuille: dict[str, Any]) -> None:
    client = d.tuteur.client()
    page = texte_de(client.get("/fin-d-annee/"))
    assert portefeuille["libre"].nom in page and d.tuteur_collegue.utilisateur.nom_complet in page
    assert client.post("/fin-d-annee/", decisions(d, portefeuille)).status_code == 302
    assert Reservation.objects.get(pk=portefeuille["preparee"].reservation_id).etat == "levee"
    assert Jeune.objects.get(pk=portefeuille["libre"].pk).tuteur_id == d.tuteur_collegue.utilisateur.pk
    assert Parcours.objects.get(pk=portefeuille["parcours"].pk).tuteur_id == d.tuteur.utilisateur.pk
    assert Passation.objects.get().jeunes == [portefeuille["libre"].pk]
    siennes = Attente.objects.ouvertes().filter(utilisateur_id=d.tuteur.utilisateur.pk)
    assert siennes.exists(), "ce qui est gardé attend toujours"


def test_fin_d_annee_tout_ou_rien(d: Distribution, portefeuille: dict[str, Any]) -> None:
    reponse = d.tuteur.client().post("/fin-d-annee/", decisions(d, portefeuille) | {"note": ""})
    assert reponse.status_code == 422 and "doit savoir" in texte_de(reponse)
    assert Reservation.objects.get(pk=portefeuille["preparee"].reservation_id).etat == "active"
    assert not Passation.objects.exists()


def test_fin_d_annee_de_toute_la_mlds(d: Distribution, portefeuille: dict[str, Any], administrateur: Personne) -> None:
    d.jeune(tuteur=d.tuteur_collegue)
    page = texte_de(administrateur.client().get("/fin-d-annee/"))
    for tuteur in (d.tuteur, d.tuteur_collegue):
        assert tuteur.utilisateur.nom_complet in page
    assert portefeuille["libre"].nom not in page
    assert administrateur.client().post("/fin-d-annee/", decisions(d, portefeuille)).status_code == 422, "pas le sien"


def test_fin_d_annee_un_choix_invente(d: Distribution, portefeuille: dict[str, Any]) -> None:
    invente = {cle(d, portefeuille["libre"].pk): f"confier:{d.tuteur_etranger.utilisateur.pk}"}
    assert d.tuteur.client().post("/fin-d-annee/", decisions(d, portefeuille) | invente).status_code == 422
    assert d.coordonnateur.client().get("/fin-d-annee/").status_code == 403


# --- Absence ---------------------------------------------------------------------------------------


def absent(d: Distribution, jours: int = 7) -> Absence:
    aujourdhui = calendrier.aujourdhui()
    return absences.prevoir(
        d.tuteur.contexte,
        d.tuteur.adhesion.pk,
        suppleant_id=d.tuteur_collegue.adhesion.pk,
        debut=aujourdhui,
        fin=aujourdhui + dt.timedelta(days=jours),
    )


def test_le_suppleant_voit_et_agit_pendant_l_absence(d: Distribution, portefeuille: dict[str, Any]) -> None:
    adresse = f"/propositions/{portefeuille['envoyee'].pk}/arreter/"
    collegue = d.tuteur_collegue.client()
    assert collegue.get(adresse).status_code == 403
    absence = absent(d)
    assert Message.objects.get(code="comptes.absence_confiee").utilisateur_id == d.tuteur_collegue.utilisateur.pk
    page = texte_de(collegue.get("/ma-journee/"))
    assert "Vous suppléez un collègue" in page
    assert f"À la place de {d.tuteur.utilisateur.nom_complet}" in page
    assert "Vous êtes absent" in texte_de(d.tuteur.client().get("/ma-journee/"))
    assert collegue.get(adresse).status_code == 200
    assert collegue.post(adresse, {"motif": "autre_solution"}).status_code == 302
    ligne = Journal.objects.get(verbe="positionnement.abandonner")
    assert ligne.acteur_id == d.tuteur_collegue.utilisateur.pk, "chaque geste garde le nom de qui l'a fait"
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        collegue = d.tuteur_collegue.client()
        page = texte_de(collegue.get("/ma-journee/"))
        assert "suppléez" not in page and "À la place de" not in page
        assert collegue.get(f"/parcours/{portefeuille['parcours'].pk}/interrompre/").status_code == 403
    absences.annuler(d.tuteur.contexte, absence.pk)
    assert "suppléez" not in texte_de(d.tuteur_collegue.client().get("/ma-journee/"))


def test_avant_son_premier_jour_rien_ne_change(d: Distribution, portefeuille: dict[str, Any]) -> None:
    demain = calendrier.aujourdhui() + dt.timedelta(days=1)
    absences.prevoir(
        d.tuteur.contexte, d.tuteur.adhesion.pk, suppleant_id=d.tuteur_collegue.adhesion.pk, debut=demain, fin=demain
    )
    assert "suppléez" not in texte_de(d.tuteur_collegue.client().get("/ma-journee/"))
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert "suppléez" in texte_de(d.tuteur_collegue.client().get("/ma-journee/"))


def test_prevoir_sur_la_page(d: Distribution) -> None:
    adresse = f"/mon-organisation/membres/{d.tuteur.adhesion.pk}/absence/"
    client, aujourdhui = d.tuteur.client(), calendrier.aujourdhui()
    saisie = {
        "debut": aujourdhui.isoformat(),
        "fin": (aujourdhui + dt.timedelta(days=3)).isoformat(),
        "suppleant": str(d.tuteur_collegue.adhesion.pk),
    }
    hier = (aujourdhui - dt.timedelta(days=1)).isoformat()
    for fausse in (
        {"fin": hier},
        {"debut": hier, "fin": hier},
        {"suppleant": str(d.coordonnateur.adhesion.pk)},
        {"suppleant": str(d.tuteur_etranger.adhesion.pk)},
        {"suppleant": str(d.tuteur.adhesion.pk)},
    ):
        assert client.post(adresse, saisie | fausse).status_code == 422, fausse
    assert client.post(adresse, saisie).status_code == 302
    assert client.post(adresse, saisie).status_code == 422, "deux absences ne se recouvrent pas"
    croisee = f"/mon-organisation/membres/{d.tuteur_collegue.adhesion.pk}/absence/"
    reponse = d.tuteur_collegue.client().post(croisee, saisie | {"suppleant": str(d.tuteur.adhesion.pk)})
    assert reponse.status_code == 422 and "absent lui aussi" in texte_de(reponse)
    assert client.get(croisee).status_code == 403 and d.tuteur_etranger.client().get(adresse).status_code == 404
    absence = Absence.objects.get()
    annuler = f"/mon-organisation/absences/{absence.pk}/annuler/"
    assert d.tuteur_collegue.client().post(annuler).status_code == 403
    assert client.post(annuler).status_code == 302
    assert Message.objects.filter(code="comptes.absence_annulee").count() == 1


def test_un_administrateur_prevoit_pour_un_malade(d: Distribution, administrateur: Personne) -> None:
    aujourdhui = calendrier.aujourdhui()
    absences.prevoir(
        administrateur.contexte,
        d.tuteur.adhesion.pk,
        suppleant_id=d.tuteur_collegue.adhesion.pk,
        debut=aujourdhui,
        fin=aujourdhui,
    )
    assert Message.objects.get(code="comptes.absence_prevue").utilisateur_id == d.tuteur.utilisateur.pk


def test_un_suppleant_qui_part_est_a_remplacer(d: Distribution) -> None:
    absent(d)
    membres.quitter(d.tuteur_collegue.contexte)
    assert not Absence.objects.a_venir().exists()
    message = Message.objects.get(code="comptes.absence_annulee")
    assert message.utilisateur_id == d.tuteur.utilisateur.pk and "choisissez quelqu'un d'autre" in message.corps


# --- The company's side ----------------------------------------------------------------------------


def test_le_remplacant_du_tuteur_dans_l_entreprise_prend_un_lien(d: Distribution) -> None:
    """'Ce n'est pas moi' on the follow-up link: the replacement follows the stay, holds its waits and one link."""
    parcours = Fabrique(d).en_cours()
    lien = liens.creer_pour_contact("parcours.suivi", parcours.pk, d.referent).split("/", 3)[3]
    saisie = {"nom": "Paul Remplaçant", "fonction": "Chef d'équipe", "courriel": "paul@essai.example"}
    assert Client().post(f"/{lien}confier/", saisie).status_code == 200
    parcours.refresh_from_db()
    assert parcours.referent.nom == "Paul Remplaçant"
    siens = LienAction.objects.filter(contact=parcours.referent, revoque_le__isnull=True)
    assert siens.count() == 1
    assert Attente.objects.ouvertes().get(code="noter_heures").contact_id == parcours.referent_id
    assert Client().get(f"/{lien}").status_code == 410
