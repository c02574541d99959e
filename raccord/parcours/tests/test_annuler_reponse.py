"""An hour to take an answer back: the receipt, the undo, what the others are told, and when."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import reponse
from raccord.parcours.actions.reservation import liberer
from raccord.parcours.models import Offre, Positionnement, Reponse
from raccord.socle.exceptions import ErreurMetier, TransitionRefusee
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_positionnement import (
    accepte,
    contre_propose,
    jour,
    messages_de,
    ouvrir_lien,
    rencontre_fixee,
    reservation,
    transmis,
)

GESTES = ("accepter", "contre_proposer", "refuser", "rappeler")
HEURE = dt.timedelta(hours=1)
# What is told to anybody but the one who answers.
AUX_AUTRES = (
    "rencontre_entreprise",
    "rencontre_tuteur",
    "rencontre_acheteur",
    "rencontre_jeune",
    "creneaux_entreprise",
    "refus_tuteur",
    "refus_territoire",
    "refus_acheteur",
    "rappel_tuteur",
    "reportee_jeune",
    "rappel_annule",
)


def repondre(d: Distribution, envoye: Positionnement, geste: str, **options: Any) -> Positionnement:
    qui = d.contexte_referent
    faire: dict[str, Callable[[], Positionnement]] = {
        "accepter": lambda: actions.accepter(
            qui, envoye.pk, creneau_id=envoye.creneaux.filter(propose_par="tuteur").order_by("debut")[0].pk
        ),
        "contre_proposer": lambda: actions.contre_proposer(qui, envoye.pk, creneaux=[jour(6)], **options),
        "refuser": lambda: actions.refuser(qui, envoye.pk, motif="dates", precisions="Travaux.", **options),
        "rappeler": lambda: reponse.demander_rappel(
            qui, envoye.pk, telephone="+33601020304", jour=jour(2).date(), moitie="matin"
        ),
    }
    return faire[geste]()


def photo(envoye: Positionnement) -> dict[str, Any]:
    """Everything that an answer touches."""
    lu = Positionnement.objects.filter(pk=envoye.pk).values(
        "etat", "rencontre_le", "rencontre_lieu", "motif_refus", "precisions_refus", "absence"
    )
    attentes = Attente.objects.ouvertes().filter(objet_id=envoye.pk).values_list("pk", "code", "ouverte_le", "echeance")
    offre = Offre.objects.get(reservations__positionnement=envoye.pk)
    return {
        "proposition": list(lu),
        "attentes": sorted(attentes),
        "creneaux": sorted(envoye.creneaux.values_list("debut", "propose_par", "lieu")),
        "offre": (offre.etat, offre.reservations.get().etat),
    }


def dits() -> list[str]:
    return [code for code in AUX_AUTRES for _ in messages_de(code)]


@pytest.mark.parametrize("geste", GESTES)
@pytest.mark.parametrize("vu", [False, True])
def test_annuler_remet_tout(distribution: Distribution, geste: str, vu: bool) -> None:
    envoye = transmis(distribution)
    if vu:
        actions.consulter(distribution.contexte_referent, envoye.pk)
    avant = photo(envoye)
    repondre(distribution, envoye, geste)
    assert photo(envoye) != avant
    assert dits() == []
    (recu,) = messages_de("reponse_recue")
    assert (
        recu.courriel == distribution.referent.courriel and "?faire=annuler" in recu.corps and "11\xa0h" in recu.corps
    )
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=59), tick=False):
        relever()
        reponse.revenir(distribution.contexte_referent, envoye.pk)
        assert photo(envoye) == avant
        assert Journal.objects.filter(verbe__startswith="positionnement.revenir_").count() == 1
        with pytest.raises(reponse.RienAAnnuler):
            reponse.revenir(distribution.contexte_referent, envoye.pk)
    with time_machine.travel(timezone.now() + 2 * HEURE, tick=False):
        relever()
    assert dits() == [] and len(messages_de("reponse_annulee")) == 1


@pytest.mark.parametrize("geste", GESTES)
def test_une_heure_apres_chacun_est_prevenu_une_fois(distribution: Distribution, geste: str) -> None:
    envoye = transmis(distribution)
    repondre(distribution, envoye, geste)
    for minutes in (30, 60, 61, 120):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes), tick=False):
            relever()
            assert bool(dits()) == (minutes >= 60)
    attendus = {
        "accepter": ["rencontre_entreprise", "rencontre_tuteur", "rencontre_acheteur", "rencontre_jeune"],
        "contre_proposer": ["creneaux_entreprise"],
        "refuser": ["refus_tuteur", "refus_territoire", "refus_acheteur"],
        "rappeler": ["rappel_tuteur"],
    }
    assert dits() == attendus[geste]
    with pytest.raises(TransitionRefusee, match="trop tard"):
        reponse.revenir(distribution.contexte_referent, envoye.pk)
    offre = Offre.objects.get(reservations__positionnement=envoye.pk)
    assert offre.etat == ("publiee" if geste == "refuser" else "reservee")


def test_le_refus_annule_n_est_dit_a_personne(distribution: Distribution) -> None:
    """Neither on the young person's page, nor by the tutor: the button waits, in words."""
    envoye = transmis(distribution)
    page = liens.creer_pour_jeune("parcours.jeune", envoye.pk, envoye.jeune.pk).split("/lien/")[1]
    repondre(distribution, envoye, "refuser")
    assert "doit répondre" in Client().get(f"/lien/{page}").content.decode()
    with pytest.raises(TransitionRefusee, match="attendez avant d'en parler"):
        actions.annoncer(distribution.tuteur.contexte, envoye.pk)
    lu = distribution.tuteur.client().get(f"/propositions/{envoye.pk}/").content.decode()
    assert "peut encore changer" in lu and "J’en ai parlé" in lu and "disabled>J’en ai parlé" in lu
    with time_machine.travel(timezone.now() + HEURE, tick=False):
        relever()
        lu = Client().get(f"/lien/{page}").content.decode()
        assert "a des nouvelles" in lu and "ne vous accueillera pas" not in lu
        actions.annoncer(distribution.tuteur.contexte, envoye.pk)
        assert "ne vous accueillera pas" in Client().get(f"/lien/{page}").content.decode()


def test_une_rencontre_choisie_n_est_pas_encore_dite_au_jeune(distribution: Distribution) -> None:
    fixee = accepte(distribution)
    page = liens.creer_pour_jeune("parcours.jeune", fixee.pk, fixee.jeune.pk).split("/lien/")[1]
    assert "Votre profil est parti" in Client().get(f"/lien/{page}").content.decode()
    reponse.acter(fixee.pk)
    assert "Votre rencontre est fixée" in Client().get(f"/lien/{page}").content.decode()


@pytest.mark.parametrize("seconde", ["contre_proposer", "refuser"])
@pytest.mark.parametrize("dite", [False, True])
def test_changer_puis_annuler_le_changement(distribution: Distribution, seconde: str, dite: bool) -> None:
    """Back to the meeting: told if it was, to be told when its own hour is over if it was not."""
    fixee = (rencontre_fixee if dite else accepte)(distribution)
    avant, deja = photo(fixee), len(dits())
    repondre(distribution, fixee, seconde, apres_accord=True)
    reponse.revenir(distribution.contexte_referent, fixee.pk)
    assert photo(fixee) == avant and len(dits()) == deja
    with time_machine.travel(timezone.now() + HEURE, tick=False):
        relever()
    assert dits().count("rencontre_jeune") == 1 and "refus_tuteur" not in dits()


@pytest.mark.parametrize("dite", [False, True])
def test_qui_attendait_une_rencontre_apprend_qu_elle_est_reportee(distribution: Distribution, dite: bool) -> None:
    fixee = (rencontre_fixee if dite else accepte)(distribution)
    repondre(distribution, fixee, "contre_proposer", apres_accord=True)
    with time_machine.travel(timezone.now() + HEURE, tick=False):
        relever()
    assert len(messages_de("reportee_jeune")) == (1 if dite else 0)
    assert len(messages_de("rencontre_jeune")) == (1 if dite else 0)
    assert not Reponse.objects.filter(actee_le=None).exists()


def test_une_rencontre_trop_proche_n_attend_pas(distribution: Distribution) -> None:
    """At 14:00, accepted at 10:30 the same day: told now, and the page says whom to call."""
    envoye = transmis(distribution, creneaux=[jour(1)])
    with time_machine.travel(jour(1, 10) + dt.timedelta(minutes=30), tick=False):
        repondre(distribution, envoye, "accepter")
        relever()
        assert len(messages_de("rencontre_jeune")) == 1
        client, adresse = ouvrir_lien(envoye, distribution.referent)
        texte = client.get(adresse + "?faire=annuler").content.decode()
        assert "trop tard" in texte and distribution.tuteur.utilisateur.nom in texte
        assert "Chacun est prévenu tout de suite" in messages_de("reponse_recue")[0].corps


def test_le_tuteur_a_deja_donne_suite(distribution: Distribution) -> None:
    envoye = transmis(distribution)
    repondre(distribution, envoye, "contre_proposer")
    actions.choisir(
        distribution.tuteur.contexte, envoye.pk, creneau_id=envoye.creneaux.get(propose_par="entreprise").pk
    )
    with pytest.raises(ErreurMetier, match="déjà donné suite"):
        reponse.revenir(distribution.contexte_referent, envoye.pk)
    with time_machine.travel(timezone.now() + HEURE, tick=False):
        relever()
    assert dits().count("rencontre_jeune") == 1 and "creneaux_entreprise" not in dits()


def test_la_reservation_rendue_pendant_l_heure_du_refus(distribution: Distribution) -> None:
    envoye = transmis(distribution)
    repondre(distribution, envoye, "refuser")
    liberer(distribution.tuteur.contexte, envoye.reservation_id, motif="autre_solution")
    with pytest.raises(ErreurMetier, match="déjà donné suite"):
        reponse.revenir(distribution.contexte_referent, envoye.pk)
    with time_machine.travel(timezone.now() + HEURE, tick=False):
        relever()
    assert "refus_tuteur" in dits()
    assert Offre.objects.get(reservations__positionnement=envoye.pk).etat == "publiee"


def test_seul_celui_qui_a_repondu_annule(distribution: Distribution) -> None:
    envoye = transmis(distribution)
    repondre(distribution, envoye, "accepter")
    client, adresse = ouvrir_lien(envoye, distribution.rrh)
    assert "Annuler ma réponse</button>" not in client.get(adresse).content.decode()
    assert "Seule la personne qui a répondu" in client.post(adresse, {"geste": "annuler"}, follow=True).content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "rencontre_fixee"


def test_le_creneau_de_l_ancienne_rencontre_est_pris_entre_temps(distribution: Distribution) -> None:
    fixee = rencontre_fixee(distribution)
    repondre(distribution, fixee, "contre_proposer", apres_accord=True)
    repondre(distribution, transmis(distribution), "accepter")  # the same hour, in the same tutor's agenda
    with pytest.raises(ErreurMetier, match="déjà une autre rencontre"):
        reponse.revenir(distribution.contexte_referent, fixee.pk)


# --- The pages -------------------------------------------------------------------------------------


def test_du_message_a_l_annulation_par_liens(distribution: Distribution) -> None:
    """One tap in the mail shows that slot chosen, one button confirms; the receipt's link takes it back."""
    envoye = transmis(distribution)
    (message,) = messages_de("profil_entreprise")
    adresses = re.findall(r"/lien/\S+\?choisir=\S+", message.corps)
    assert len(adresses) == 3 and "2026-042" in message.corps and "Ville de Lille est en copie" in message.corps
    client = Client()
    lignes = Journal.objects.count()
    texte = client.get(adresses[1]).content.decode()
    assert "Vous choisissez lundi 12 octobre 2026" in texte and "Oui, je confirme" in texte
    assert Journal.objects.count() == lignes, "un robot ne brûle rien"
    creneau = re.findall(r'name="creneau" value="([^"]+)"', texte)
    texte = client.post(
        adresses[1].split("?")[0], {"geste": "accepter", "creneau": creneau[0]}, follow=True
    ).content.decode()
    assert "C’est noté" in texte and "seront prévenus à 11" in texte and "Annuler ma réponse" in texte
    (recu,) = messages_de("reponse_recue")
    (annuler,) = re.findall(r"/lien/\S+\?faire=annuler", recu.corps)
    assert "Annuler votre réponse ?" in client.get(annuler).content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "rencontre_fixee"
    texte = client.post(annuler.split("?")[0], {"geste": "annuler"}, follow=True).content.decode()
    assert "tout est comme avant" in texte and "Choisissez un moment" in texte
    texte = client.post(annuler.split("?")[0], {"geste": "annuler"}, follow=True).content.decode()
    assert "déjà annulé" in texte


@pytest.mark.parametrize("choix", ["", "rien", "00000000-0000-0000-0000-000000000000", "é" * 5000])
def test_un_creneau_qui_n_est_plus_propose(distribution: Distribution, choix: str) -> None:
    client, adresse = ouvrir_lien(transmis(distribution), distribution.referent)
    reponse_http = client.get(adresse, {"choisir": choix})
    assert reponse_http.status_code == 200 and "n’est plus proposé" in reponse_http.content.decode()


def test_rien_a_annuler(distribution: Distribution) -> None:
    client, adresse = ouvrir_lien(transmis(distribution), distribution.referent)
    assert "Il n’y a rien à annuler" in client.get(adresse + "?faire=annuler").content.decode()
    assert "déjà annulé" in client.post(adresse, {"geste": "annuler"}, follow=True).content.decode()


# --- Call me back ----------------------------------------------------------------------------------


def test_etre_rappele(distribution: Distribution) -> None:
    """The clock stops; the tutor sees it at once, calls, says so: the company loses none of its days."""
    envoye = transmis(distribution)
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    echeance = Attente.objects.ouvertes().get(code="repondre").echeance
    formulaire = client.get(adresse + "?faire=rappeler").content.decode()
    assert "Quand vous rappeler" in formulaire and 'value="2026-10-06"' in formulaire
    donnees = {"geste": "rappeler", "telephone": "06 01 02 03 04", "jour": "2026-10-09", "moitie": "matin"}
    texte = client.post(adresse + "?faire=rappeler", donnees, follow=True).content.decode()
    assert "vous rappelle" in texte and "suspendu" in texte and "06\xa001\xa002\xa003\xa004" in texte
    attente = Attente.objects.ouvertes().get(code="rappeler")
    assert attente.utilisateur_id == distribution.tuteur.utilisateur.pk
    assert attente.echeance == dt.datetime(2026, 10, 9, 10, 30, tzinfo=dt.UTC)
    page = distribution.tuteur.client().get(f"/propositions/{envoye.pk}/").content.decode()
    assert "À vous : rappeler l’entreprise" in page and "tel:+33601020304" in page
    texte = client.post(adresse + "?faire=rappeler", donnees, follow=True).content.decode()
    assert "déjà" in texte and Attente.objects.filter(code="rappeler").count() == 1
    for jours in (1, 2, 6, 12, 20):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            relever()
    assert messages_de("reponse_relance") == [] and messages_de("reponse_depassee") == []
    assert len(messages_de("rappel_en_retard")) == 2  # the tutor, the coordination
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        reponse_http = distribution.tuteur.client().post(f"/propositions/{envoye.pk}/rappele/", follow=True)
        assert "le délai de l’entreprise reprend" in reponse_http.content.decode()
    attente = Attente.objects.ouvertes().get(code="repondre")
    assert attente.echeance == echeance + dt.timedelta(days=3)
    assert not Attente.objects.ouvertes().filter(code="rappeler").exists()


def test_rappeler_tout_de_suite_previent_tout_de_suite(distribution: Distribution) -> None:
    """Asked at 14:00 for this very afternoon: the tutor cannot wait an hour; taken back, they are told so."""
    envoye = transmis(distribution)
    with time_machine.travel(jour(0), tick=False):
        reponse.demander_rappel(
            distribution.contexte_referent,
            envoye.pk,
            telephone="+33601020304",
            jour=timezone.localdate(),
            moitie="apres_midi",
        )
        assert dits() == ["rappel_tuteur"]
        reponse.revenir(distribution.contexte_referent, envoye.pk)
    assert dits() == ["rappel_tuteur", "rappel_annule"]


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({"telephone": "12"}, "numéro"),
        ({"telephone": ""}, "Votre numéro"),
        ({"jour": "2026-10-05"}, "déjà passé"),
        ({"jour": "2026-10-10"}, "travaillé"),
        ({"jour": "2026-11-11"}, "travaillé"),
        ({"jour": "2026-12-01"}, "un jeune attend"),
        ({"jour": "demain"}, "n’existe pas"),
        ({"moitie": "minuit"}, "liste"),
        ({"moitie": ""}, "Choisissez"),
        ({"jour": "9999-12-31"}, "Quel jour"),
    ],
)
def test_un_rappel_impossible_en_mots(distribution: Distribution, champs: dict[str, str], mots: str) -> None:
    client, adresse = ouvrir_lien(transmis(distribution), distribution.referent)
    donnees = {"geste": "rappeler", "telephone": "0601020304", "jour": "2026-10-09", "moitie": "matin"} | champs
    reponse_http = client.post(adresse + "?faire=rappeler", donnees)
    assert reponse_http.status_code == 422 and mots in reponse_http.content.decode()
    assert not Attente.objects.filter(code="rappeler").exists()


def test_pas_d_appel_un_jour_ferie_de_la_bas(distribution: Distribution) -> None:
    """The ninth of October is a holiday in Saint-Barthélemy; it is not offered the day before either."""
    propose = transmis(distribution)
    Offre.objects.filter(pk=propose.offre.pk).update(commune="97701")
    client, adresse = ouvrir_lien(propose, distribution.referent)
    donnees = {"geste": "rappeler", "telephone": "0601020304", "jour": "2026-10-09", "moitie": "matin"}
    reponse_http = client.post(adresse + "?faire=rappeler", donnees)
    assert reponse_http.status_code == 422 and "travaillé" in reponse_http.content.decode()
    with time_machine.travel("2026-10-08T16:00+00:00", tick=False):
        propose = Positionnement.objects.get(pk=propose.pk)
        assert suivi.prochaine_moitie(propose)["jour"] == dt.date(2026, 10, 12)


def test_noter_un_appel_que_personne_n_a_demande(distribution: Distribution) -> None:
    envoye = transmis(distribution)
    texte = distribution.tuteur.client().post(f"/propositions/{envoye.pk}/rappele/", follow=True).content.decode()
    assert "pas demandé d&#x27;appel" in texte


def test_repondre_pendant_qu_un_appel_est_du(distribution: Distribution) -> None:
    envoye = transmis(distribution)
    repondre(distribution, envoye, "rappeler")
    avant = photo(envoye)
    repondre(distribution, envoye, "accepter")
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=envoye.pk)} == {"rendre_compte", "revenir"}
    reponse.revenir(distribution.contexte_referent, envoye.pk)
    assert photo(envoye) == avant


# --- Nothing is asked of what is answered, closed or paused ----------------------------------------

A_L_ENTREPRISE = ("reponse_relance", "profil_entreprise", "creneaux_nouveaux", "fiche_relance", "verifier_contact")


@pytest.mark.parametrize("etat", ["rencontre_fixee", "contre_propose", "refuse", "abandonne", "rappel"])
def test_rien_n_est_redemande(distribution: Distribution, etat: str) -> None:
    """Two hundred days of ladder after an answer, whatever it was: the company is asked nothing more."""
    if etat == "abandonne":
        objet = transmis(distribution)
        actions.arreter(distribution.tuteur.contexte, objet.pk, motif="autre", precisions="")
    elif etat == "contre_propose":
        objet = contre_propose(distribution)
    else:
        objet = transmis(distribution)
        geste = {"rencontre_fixee": "accepter", "refuse": "refuser", "rappel": "rappeler"}[etat]
        repondre(distribution, objet, geste)
    Message.objects.filter(code__in=[f"parcours.{code}" for code in A_L_ENTREPRISE]).delete()
    for jours in range(0, 200, 4):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            relever()
    assert [code for code in A_L_ENTREPRISE for _ in messages_de(code)] == []
    client, adresse = ouvrir_lien(objet, distribution.referent)
    LienAction.objects.update(expire_le=timezone.now() + dt.timedelta(days=300))
    if etat not in ("rappel",):
        assert "est attendue au plus tard" not in client.get(adresse).content.decode()


def test_la_machine_n_acte_qu_une_fois(distribution: Distribution) -> None:
    fixee = accepte(distribution)
    reponse.acter(fixee.pk)
    with pytest.raises(TransitionRefusee, match="pas de réponse à annoncer"):
        reponse.acter(fixee.pk)
    assert dits().count("rencontre_jeune") == 1


def test_une_proposition_sans_telephone_de_tuteur_dit_quand_meme_qui_appeler(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    envoye = transmis(distribution, tenue=tenue)
    repondre(distribution, envoye, "accepter")
    reponse.acter(envoye.pk)
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    assert "Appelez Prénom" in client.get(adresse + "?faire=annuler").content.decode()
