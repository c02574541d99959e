"""The postman before a real SMTP server: what each of its moods does to a message."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.messages import CONFIRMATION_CHANGEE
from raccord.comptes.models import Contact
from raccord.echeances import boite, facteur
from raccord.echeances.adresses import en_echec, oublier_les_corrigees
from raccord.echeances.facteur import BAIL, Tournee, expedier
from raccord.echeances.models import AdresseEnEchec, Attente, Message
from raccord.echeances.tournees import TOURNEES
from raccord.socle.models import Parametre
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import transmis
from tests.postes import Comptoir, bureau_de_poste, port_libre

pytestmark = pytest.mark.django_db


@pytest.fixture
def poste(settings: Any) -> Iterator[Comptoir]:
    with bureau_de_poste(settings) as poste:
        yield poste


def message(courriel: str, **champs: Any) -> Message:
    return Message.objects.create(
        **{"code": "essai", "sujet": "Un sujet", "corps": "…\n", "courriel": courriel} | champs
    )


def etat(ecrit: Message) -> str:
    ecrit.refresh_from_db()
    if ecrit.echec_le:
        return f"échec {ecrit.cause}"
    return "envoyé" if ecrit.envoye_le else f"en file, {ecrit.essais} essai"


def dans(duree: dt.timedelta | int) -> time_machine.travel:
    """Later; a number is of minutes."""
    return time_machine.travel(
        timezone.now() + (dt.timedelta(minutes=duree) if isinstance(duree, int) else duree), tick=False
    )


def test_une_connexion_porte_tout_le_lot(poste: Comptoir, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Raccord <bonjour@clause.example>"
    settings.ADRESSE_RETOURS = "retours@clause.example"
    ecrits = [message(f"a{n}@essai.example") for n in range(5)]
    assert expedier() == Tournee(envoyes=5)
    assert poste.connexions == 1
    assert {a for a, _, _ in poste.recus} == {ecrit.courriel for ecrit in ecrits} and len(poste.recus) == 5
    assert poste.identifiants("a3@essai.example") == [f"<{ecrits[3].pk}@clause.example>"]
    lettre = poste.recus[0][2]
    assert "From: Raccord <bonjour@clause.example>" in lettre and "Auto-Submitted: auto-generated" in lettre
    assert expedier() == Tournee()


def test_une_adresse_refusee_ne_retient_pas_les_autres(poste: Comptoir, distribution: Distribution) -> None:
    refusee = message(
        "refuse@essai.example", contact_id=distribution.referent.pk, organisation_id=distribution.entreprise.pk
    )
    autre = message("b@essai.example")
    assert expedier().envoyes == 1
    assert (etat(refusee), etat(autre)) == ("échec 550 5.1.1", "envoyé")
    echec = AdresseEnEchec.objects.get()
    assert (echec.adresse, echec.chez, echec.contact_id) == (
        "refuse@essai.example", distribution.entreprise.nom, distribution.referent.pk,
    )  # fmt: skip
    attente = Attente.objects.get(code="trouver_adresse")
    assert (attente.role, attente.organisation_id) == (Role.NATIONAL, distribution.national.organisation.pk)
    with dans(60):
        assert expedier() == Tournee(), "une adresse morte n'est plus essayée"
        message("refuse@essai.example", contact_id=distribution.referent.pk)
        expedier()
    assert Attente.objects.filter(code="trouver_adresse").count() == 1, "une attente par adresse, pas par message"


def test_un_pourriel_n_est_pas_perdu_en_silence(poste: Comptoir, distribution: Distribution) -> None:
    refuse = message("pourriel@essai.example")
    expedier()
    assert etat(refuse) == "échec 554 5.7.1"
    assert Attente.objects.ouvertes().filter(code="trouver_adresse").exists()


def test_la_liste_grise_fait_attendre(poste: Comptoir) -> None:
    ecrit = message("gris@essai.example")
    assert expedier().envoyes == 0
    assert etat(ecrit) == "en file, 1 essai"
    with dans(1):
        assert expedier().envoyes == 0
    with dans(2):
        assert expedier().envoyes == 1
    assert etat(ecrit) == "envoyé"


def test_accepte_puis_coupe_le_meme_identifiant(poste: Comptoir) -> None:
    """The server had it, and hung up before saying so: a second copy, of the same name."""
    coupe, suivant = message("coupe@essai.example"), message("d@essai.example")
    expedier()
    assert (etat(coupe), etat(suivant)) == ("en file, 1 essai", "envoyé")
    with dans(2):
        expedier()
    assert poste.identifiants("coupe@essai.example") == [f"<{coupe.pk}@raccord.example>"] * 2


def test_un_serveur_lent_ne_tient_aucune_ligne(poste: Comptoir, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1
    lent, suivant = message("lent@essai.example"), message("e@essai.example")
    expedier()
    assert (etat(lent), etat(suivant)) == ("en file, 1 essai", "envoyé")


def test_un_serveur_qui_coupe_toujours_arrete_la_tournee(poste: Comptoir) -> None:
    ecrits = [message(f"coupe{n}@essai.example") for n in range(6)]
    assert expedier() == Tournee(injoignable=True)
    assert sorted(etat(ecrit) for ecrit in ecrits) == ["en file, 0 essai"] * 4 + ["en file, 1 essai"] * 2


def test_un_serveur_absent_n_est_la_faute_d_aucun_message(settings: Any, poste: Comptoir) -> None:
    settings.EMAIL_PORT = port_libre()
    ecrits = [message(f"f{n}@essai.example") for n in range(3)]
    for minutes in range(0, 60 * 24 * 3, 60 * 8):  # three days
        with dans(minutes):
            assert expedier().injoignable
    assert {etat(ecrit) for ecrit in ecrits} == {"en file, 0 essai"}
    assert not Attente.objects.filter(code="trouver_adresse").exists()
    settings.EMAIL_PORT = poste.port
    assert expedier().envoyes == 3


@pytest.mark.parametrize("reponse", ["421 closing", "550 5.7.1 sender refused", "451 too many"])
def test_un_serveur_qui_nous_refuse_non_plus(poste: Comptoir, reponse: str) -> None:
    poste.refus_general = reponse
    ecrit = message("g@essai.example")
    assert expedier() == Tournee(injoignable=True)
    assert etat(ecrit) == "en file, 0 essai"


def test_trop_d_essais_une_personne_est_prevenue(poste: Comptoir, distribution: Distribution) -> None:
    Parametre.objects.create(
        cle="reprises_envoi", debut=timezone.localdate(), valeur=[1, 5], unite="bareme", libelle="Essai", source="Essai"
    )
    ecrit = message("coupe@essai.example")
    vus = []
    for minutes in (0, 1, 3, 6, 20):
        with dans(minutes):
            expedier()
        vus.append(etat(ecrit))
    assert vus == ["en file, 1 essai", "en file, 2 essai", "en file, 2 essai", vus[-1], vus[-1]]
    assert vus[-1].startswith("échec") and vus[-1].endswith("3 essais")
    assert Attente.objects.get(code="trouver_adresse").organisation_id == distribution.national.organisation.pk


def test_un_message_que_rien_ne_peut_porter(poste: Comptoir, distribution: Distribution) -> None:
    tordu = message("deux@@essai")
    expedier()
    assert etat(tordu).startswith("échec")


def test_une_panne_a_nous_ne_retient_pas_les_autres(poste: Comptoir, monkeypatch: pytest.MonkeyPatch) -> None:
    casse, suivant = message("h@essai.example", sujet="casse"), message("i@essai.example")
    corps = facteur._corps

    def casser(ecrit: Message) -> str:
        if ecrit.sujet == "casse":
            raise KeyError("Camille")
        return corps(ecrit)

    monkeypatch.setattr(facteur, "_corps", casser)
    assert expedier().envoyes == 1
    assert (etat(casse), etat(suivant)) == ("en file, 1 essai", "envoyé")


def test_le_bail_d_un_facteur_mort_finit(poste: Comptoir) -> None:
    pris = message("j@essai.example")
    assert [ecrit.pk for ecrit in facteur._prendre()] == [pris.pk]
    assert expedier() == Tournee(), "un autre le tient"
    with dans(BAIL + dt.timedelta(seconds=1)):
        assert expedier().envoyes == 1


def test_un_bail_fini_n_efface_pas_ce_qu_un_autre_a_fait(poste: Comptoir) -> None:
    """The first postman was asleep; the second one's try stands."""
    message("k@essai.example")
    [endormi] = facteur._prendre()
    with dans(BAIL + dt.timedelta(seconds=1)):
        [eveille] = facteur._prendre()
        facteur._reporter(endormi, facteur.Temporaire("450"))
        facteur._rendre([endormi])
        endormi.refresh_from_db()
        assert (endormi.essais, endormi.prochain_essai) == (eveille.essais, timezone.now() + BAIL)


def test_un_arret_rend_ce_qui_etait_pris(poste: Comptoir) -> None:
    ecrits = [message(f"l{n}@essai.example") for n in range(4)]
    demandes = iter([False, False, True, True, True])
    assert expedier(lambda: next(demandes)).envoyes == 1
    assert sorted(etat(ecrit) for ecrit in ecrits) == ["en file, 0 essai"] * 3 + ["envoyé"]
    assert expedier().envoyes == 3, "sans attendre la fin d'un bail"


# --- One digest, not forty -------------------------------------------------------------------------------


def dossiers(combien: int, courriel: str, **champs: Any) -> list[Message]:
    return [
        message(courriel, sujet=f"Dossier {n}", corps=f"https://raccord.example/{n}/\n", objet_id=uuid4(), **champs)
        for n in range(combien)
    ]


def test_quarante_messages_font_un_courriel(poste: Comptoir) -> None:
    qui = uuid4()
    reunis = dossiers(40, "tuteur@essai.example", utilisateur_id=qui)
    autre, _ = dossiers(2, "autre@essai.example")
    assert expedier().envoyes == 3
    [(_, identifiant, lettre)] = [recu for recu in poste.recus if recu[0] == "tuteur@essai.example"]
    assert lettre.count("https://raccord.example/") == 40, "chaque lien y est"
    recueil = Message.objects.get(code=facteur.RECAPITULATIF)
    assert identifiant == f"<{recueil.pk}@raccord.example>"
    assert recueil.sujet == "40\u00a0messages pour vous" and recueil.corps == ""
    assert {etat(reuni) for reuni in reunis} == {"envoyé"} and etat(autre) == "envoyé"


def test_plus_d_un_lot_pour_une_personne_fait_un_seul_courriel(poste: Comptoir) -> None:
    dossiers(facteur.LOT * 2, "tuteur@essai.example")
    assert expedier().envoyes == 1 and len(poste.recus) == 1


def test_un_lien_de_connexion_part_seul(poste: Comptoir) -> None:
    dossiers(4, "tuteur@essai.example")
    message("tuteur@essai.example", sujet="Votre lien de connexion")
    assert expedier().envoyes == 2


def test_un_recueil_refuse_l_est_pour_tout_ce_qu_il_porte(poste: Comptoir, distribution: Distribution) -> None:
    reunis = dossiers(3, "refuse@essai.example")
    expedier()
    assert {etat(reuni) for reuni in reunis} == {"échec 550 5.1.1"}
    assert AdresseEnEchec.objects.get().objet_id in {reuni.objet_id for reuni in reunis}


def test_un_recueil_repris_garde_son_nom(poste: Comptoir) -> None:
    dossiers(3, "coupe@essai.example")
    expedier()
    with dans(2):
        expedier()
    assert len(set(poste.identifiants("coupe@essai.example"))) == 1 and len(poste.recus) == 2
    assert Message.objects.filter(code=facteur.RECAPITULATIF).count() == 1


def test_ce_que_la_machine_ecrit_d_une_traite_attend_la_suite(poste: Comptoir, distribution: Distribution) -> None:
    """The postman passes while the ladder is still being climbed: nothing of it leaves before the rest."""
    a_qui = distribution.tuteur.utilisateur.destinataire(distribution.tuteur.organisation.pk)
    offre = distribution.offre_publiee()
    Message.objects.all().delete()

    def ecrire() -> None:
        with boite.en_reunissant(), transaction.atomic():
            boite.deposer(CONFIRMATION_CHANGEE, a_qui, {"quoi": "le téléphone a changé"}, offre)

    for _ in range(3):
        ecrire()
        assert expedier().envoyes == 0
    with dans(boite.REPIT):
        ecrire()
        assert expedier().envoyes == 1
    with transaction.atomic():
        boite.deposer(CONFIRMATION_CHANGEE, a_qui, {"quoi": "le téléphone a changé"}, offre)
    assert expedier().envoyes == 1, "le geste de quelqu'un part aussitôt"


# --- Somebody finds another address ----------------------------------------------------------------------


@pytest.fixture
def perdu(poste: Comptoir, distribution: Distribution) -> Message:
    """Somebody of the company, whom no open offer names, cannot be written to."""
    offre = distribution.offre_publiee()
    Message.objects.all().delete()
    collegue = contact(distribution.entreprise)
    return perdre(collegue, objet_type="parcours.offre", objet_id=offre.pk)


def perdre(qui: Contact, **champs: Any) -> Message:
    """A letter to that person is refused for good."""
    Contact.objects.filter(pk=qui.pk).update(courriel="refuse@essai.example")
    ecrit = message("refuse@essai.example", contact_id=qui.pk, organisation_id=qui.organisation_id, **champs)
    expedier()
    return ecrit


def test_l_acheteur_trouve_l_adresse_et_le_message_repart(
    poste: Comptoir, perdu: Message, distribution: Distribution
) -> None:
    attente = Attente.objects.ouvertes().get(code="trouver_adresse")
    assert attente.utilisateur_id == distribution.acheteur.utilisateur.pk
    assert attente.sujet == f"Adresse à retrouver : {distribution.entreprise.nom}"
    client = distribution.acheteur.client()
    assert "Adresse à retrouver" in client.get("/ma-journee/").content.decode()
    adresse = f"/adresses/{attente.objet_id}/"
    page = client.get(adresse).content.decode()
    collegue = Contact.objects.get(pk=perdu.contact_id)
    assert "refuse@essai.example" in page and collegue.nom in page and collegue.injoignable_le is not None
    assert distribution.acheteur_etranger.client().get(adresse).status_code == 404
    assert client.post(adresse, {"courriel": "refuse@essai.example"}).status_code == 422
    assert client.post(adresse, {"courriel": "", "telephone": ""}).status_code == 422
    assert client.post(adresse, {"courriel": "neuf@essai.example"}).status_code == 302
    assert client.get(adresse).status_code == 404
    assert not AdresseEnEchec.objects.exists() and not Attente.objects.ouvertes().filter(pk=attente.pk).exists()
    expedier()
    assert poste.identifiants("neuf@essai.example") == [f"<{perdu.pk}@raccord.example>"]
    collegue.refresh_from_db()
    assert (collegue.courriel, collegue.injoignable_le) == ("neuf@essai.example", None)


def test_regle_autrement(perdu: Message, distribution: Distribution) -> None:
    attente = Attente.objects.ouvertes().get(code="trouver_adresse")
    client = distribution.acheteur.client()
    assert distribution.tuteur.client().post(f"/adresses/{attente.objet_id}/laisser/").status_code == 404
    assert client.post(f"/adresses/{attente.objet_id}/laisser/").status_code == 302
    assert not Attente.objects.ouvertes().filter(pk=attente.pk).exists()
    assert etat(perdu).startswith("échec"), "rien ne repart vers une adresse qui ne reçoit pas"


def test_corrigee_ailleurs_l_attente_se_ferme(perdu: Message, distribution: Distribution) -> None:
    assert oublier_les_corrigees() == 0 and en_echec("REFUSE@essai.example") is not None
    Contact.objects.filter(pk=perdu.contact_id).update(courriel="autre@essai.example")
    assert oublier_les_corrigees() == 1
    assert not Attente.objects.ouvertes().filter(code="trouver_adresse").exists()
    assert etat(perdu) == "en file, 0 essai" and perdu.courriel == "autre@essai.example"


# --- The same contact, looked for on the page of the offer -----------------------------------------------


def recherches() -> list[str]:
    return sorted(Attente.objects.ouvertes().filter(code__startswith="trouver_").values_list("code", flat=True))


def test_une_seule_personne_cherche_le_contact_d_une_offre(poste: Comptoir, distribution: Distribution) -> None:
    """Nothing arrives at the referent of an open offer: one mark, one wait, one page; corrected there, it leaves."""
    offre = distribution.offre_publiee()
    Message.objects.all().delete()
    perdu = perdre(distribution.referent, objet_type="parcours.offre", objet_id=offre.pk)
    perdre(distribution.referent)
    assert recherches() == ["trouver_contact"] and not AdresseEnEchec.objects.exists()
    assert Contact.objects.get(pk=distribution.referent.pk).injoignable_le is not None
    saisie = {"place": "referent", "nom": distribution.referent.nom, "courriel": "neuf@essai.example"}
    assert distribution.acheteur.client().post(f"/offres/{offre.pk}/contacts/", saisie).status_code == 302
    assert recherches() == [] and Contact.objects.get(pk=distribution.referent.pk).injoignable_le is None
    expedier()
    assert f"<{perdu.pk}@raccord.example>" in poste.identifiants("neuf@essai.example")
    repartis = Message.objects.filter(courriel="neuf@essai.example")
    assert repartis.count() == 2, "ce qui n'était pas arrivé, rien d'écrit une seconde fois"


def test_corrige_d_un_cote_l_autre_se_ferme(poste: Comptoir, distribution: Distribution) -> None:
    """Looked for here before an offer named them, there since: either answer closes both."""
    collegue = contact(distribution.entreprise)
    perdre(collegue)
    offre = distribution.offre_publiee()
    type(offre).objects.filter(pk=offre.pk).update(rrh=collegue)
    TOURNEES["contacts_injoignables"]()
    assert recherches() == ["trouver_adresse", "trouver_contact"]
    echec = AdresseEnEchec.objects.get()
    client = distribution.national.client()
    assert client.post(f"/adresses/{echec.pk}/", {"courriel": "neuf@essai.example"}).status_code == 302
    assert recherches() == [] and not AdresseEnEchec.objects.exists()


def test_un_sms_refuse_ne_dit_rien_du_courriel(poste: Comptoir, distribution: Distribution, settings: Any) -> None:
    settings.SMS_FOURNISSEUR, settings.SMS_URL = "raccord.echeances.sms.Http", ""
    distribution.offre_publiee()
    Contact.objects.filter(pk=distribution.referent.pk).update(telephone="+33600000000")
    message("", telephone="+33600000000", contact_id=distribution.referent.pk)
    expedier()
    assert recherches() == ["trouver_adresse"]
    assert Contact.objects.get(pk=distribution.referent.pk).injoignable_le is None


def test_le_tuteur_en_est_charge_quand_il_suit_le_dossier(poste: Comptoir, distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Message.objects.all().delete()
    sien = {"objet_type": "parcours.positionnement", "objet_id": positionnement.pk}
    message("refuse1@essai.example", contact_id=distribution.referent.pk, **sien)
    message("refuse2@essai.example", utilisateur_id=distribution.tuteur.utilisateur.pk, **sien)
    expedier()
    charges = dict(Attente.objects.filter(code="trouver_adresse").values_list("objet_id", "utilisateur_id"))
    par_adresse = {echec.adresse: charges[echec.pk] for echec in AdresseEnEchec.objects.all()}
    assert par_adresse["refuse1@essai.example"] == distribution.tuteur.utilisateur.pk
    assert par_adresse["refuse2@essai.example"] is None, "jamais à qui ne peut être joint"
