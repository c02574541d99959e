"""The parents of a minor are told and read; the young person acts; all of it stops at 18."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.echeances.models import Message
from raccord.jeunes.models import Jeune, RepresentantLegal
from raccord.parcours.actions import parcours as stages
from raccord.parcours.actions import positionnement as propositions
from raccord.parcours.actions.reponse import acter
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.messages.representants import VERSIONS
from raccord.socle.courrier import REGISTRE
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique, chemin
from tests.fabriques_positionnement import transmis

PARENT = "parent@essai.example"


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def mineur(distribution: Distribution, **champs: object) -> Jeune:
    """17, two parents of whom one has an address."""
    jeune = distribution.jeune(prenom="Camille", nom="Roy", **champs)
    RepresentantLegal.objects.create(jeune=jeune, nom="Odile Roy", lien="mère", courriel=PARENT)
    RepresentantLegal.objects.create(jeune=jeune, nom="Paul Roy", lien="père", telephone="+33600000001")
    return jeune


def recus() -> list[str]:
    """The kinds of message that the parent received, in alphabetical order."""
    return sorted(Message.objects.filter(courriel=PARENT).values_list("code", flat=True))


def lien_dans(corps: str) -> str:
    trouve = re.search(r"https?://[^/\s]+(/lien/\S+/)", corps)
    assert trouve, corps
    return trouve.group(1)


def lien_recu(code: str) -> str:
    message = Message.objects.filter(courriel=PARENT, code=f"parcours.{code}_representant").latest("cree_le")
    return lien_dans(message.corps)


def sans_identite() -> None:
    """Nothing identifying in what is sent to them."""
    mails = list(Message.objects.filter(courriel=PARENT))
    assert mails
    for mail in mails:
        ecrit = mail.sujet + re.sub(r"/lien/\S+", "", mail.corps)  # a random secret may spell anything
        assert not any(mot in ecrit for mot in ("Camille", "Roy", "Odile", "17 ans")), ecrit


def test_chaque_message_au_jeune_a_sa_version() -> None:
    au_jeune = {code for code in REGISTRE if code.startswith("parcours.") and code.endswith("_jeune")}
    assert set(VERSIONS) == (au_jeune - {"parcours.offre_sans_jeune"}) | {"parcours.bilan_rouvert"}


def test_ils_recoivent_ce_que_recoit_le_jeune(fabrique: Fabrique) -> None:
    jeune = mineur(fabrique.d)
    parcours = fabrique.bilan_signe(proposition=fabrique.proposition(jeune=jeune))
    au_jeune = set(Message.objects.filter(jeune_id=jeune.pk).values_list("code", flat=True))
    assert len(au_jeune) >= 3 and set(recus()) == {VERSIONS[code].code for code in au_jeune}
    sans_identite()
    assert not Message.objects.filter(telephone="+33600000001").exists(), "par courriel seulement"
    page = Client().get(lien_recu("bilan_signe")).content.decode()
    assert "Camille" in page and "Commandes, atelier, chantier." in page and parcours.offre.entreprise.nom in page
    assert "Une vraie progression" not in page and "aimé le bois" not in page, "chacun garde sa voix"


def test_de_la_proposition_a_la_rencontre_ou_au_refus(distribution: Distribution) -> None:
    d = distribution
    envoye = transmis(d, tenue=reserver(d.tuteur.contexte, d.offre_publiee().pk, jeune_id=mineur(d).pk))
    adresse = lien_recu("profil")
    assert "doit répondre" in Client().get(adresse).content.decode()
    premier = envoye.creneaux.order_by("debut").first()
    assert premier is not None
    propositions.accepter(d.contexte_referent, envoye.pk, creneau_id=premier.pk)
    assert "doit répondre" in Client().get(adresse).content.decode(), "l'entreprise peut encore changer d'avis"
    acter(envoye.pk)
    page = Client().get(adresse).content.decode()
    assert "Une rencontre est fixée pour Camille" in page and "12 rue des Essais" in page
    propositions.refuser(d.contexte_referent, envoye.pk, motif="dates", precisions="Complet.", apres_accord=True)
    acter(envoye.pk)
    assert "Cette piste s’arrête" not in Client().get(adresse).content.decode()
    dits = ["rencontre_annulee_representant", "profil_representant", "rencontre_representant"]
    assert sorted(recus()) == sorted(f"parcours.{dit}" for dit in dits), "ne pas se déplacer ; le tuteur dit pourquoi"
    assert "refus" not in Message.objects.get(code="parcours.rencontre_annulee_representant").corps
    propositions.annoncer(d.tuteur.contexte, envoye.pk)
    assert "parcours.refus_representant" in recus()
    assert "Cette piste s’arrête" in Client().get(adresse).content.decode()
    sans_identite()


def test_un_parent_lit_et_n_agit_pas(fabrique: Fabrique) -> None:
    jeune = mineur(fabrique.d)
    parcours = fabrique.en_cours(proposition=fabrique.proposition(jeune=jeune))
    adresse = lien_recu("convention")
    page = Client().get(adresse).content.decode()
    assert "Camille" in page and "Préparer les commandes" in page and "<form" not in page
    for saisie in ({}, {"geste": "bilan"}, {"geste": "demarrer"}):
        assert Client().post(adresse, saisie).status_code == 405
    assert Client().get(f"{adresse}confier/").status_code == 404
    assert Client().post(f"{adresse}confier/", {"nom": "X", "courriel": "x@essai.example"}).status_code == 404
    # The same holder opens neither the young person's pages nor another young person's stay.
    odile = RepresentantLegal.objects.get(nom="Odile Roy")
    for action in ("parcours.jeune", "parcours.suivi", "parcours.bilan_jeune"):
        assert Client().get(chemin(liens.creer_pour_representant(action, parcours.pk, odile.pk))).status_code == 404
    autre = fabrique.en_cours(proposition=fabrique.proposition(), referent=fabrique.d.rrh)
    faux = liens.creer_pour_representant("parcours.representant", autre.pk, odile.pk)
    assert Client().get(chemin(faux)).status_code == 404
    assert str(jeune.pk) not in adresse and str(odile.pk) not in adresse


def test_a_dix_huit_ans_tout_s_arrete(fabrique: Fabrique) -> None:
    anniversaire = fabrique.aujourdhui + dt.timedelta(days=2)
    jeune = mineur(fabrique.d, date_naissance=anniversaire.replace(year=anniversaire.year - 18))
    parcours = fabrique.en_cours(proposition=fabrique.proposition(jeune=jeune))
    adresse, avant = lien_recu("convention"), recus()
    assert Client().get(adresse).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        reponse = Client().get(adresse)
        assert reponse.status_code == 410
        assert "majeur" in reponse.content.decode() and "Camille" not in reponse.content.decode()
        stages.adapter(
            fabrique.d.tuteur.contexte, parcours.pk, fin=parcours.fin, heures_hebdo=parcours.heures_hebdo - 5, motif="x"
        )
        assert Message.objects.filter(code="parcours.adapte_jeune").exists()
        assert Client().post(f"{adresse}nouveau/").status_code == 200
    assert recus() == avant


def test_un_lien_perime_se_renouvelle(fabrique: Fabrique) -> None:
    fabrique.en_cours(proposition=fabrique.proposition(jeune=mineur(fabrique.d)))
    adresse = lien_recu("convention")
    with time_machine.travel(timezone.now() + dt.timedelta(days=61), tick=False):
        assert Client().get(adresse).status_code == 410
        assert Client().post(f"{adresse}nouveau/").status_code == 200
        message = Message.objects.get(courriel=PARENT, code="comptes.lien_renouvele")
        assert Client().get(lien_dans(message.corps)).status_code == 200
    sans_identite()
    assert Journal.objects.get(verbe="lien.renouveler").acteur_genre == "parent"


@pytest.mark.parametrize(
    ("champ", "valeur", "ferme"),
    [
        ("representant_1_nom", "Jeanne Roy", True),
        ("representant_1_courriel", "autre@essai.example", True),
        ("representant_1_telephone", "06 11 11 11 11", False),
    ],
)
def test_corriger_le_dossier_ferme_ce_qui_doit_l_etre(fabrique: Fabrique, champ: str, valeur: str, ferme: bool) -> None:
    jeune = mineur(fabrique.d)
    jeune.representants.filter(nom="Paul Roy").delete()
    fabrique.en_cours(proposition=fabrique.proposition(jeune=jeune))
    adresse, client = lien_recu("convention"), fabrique.d.tuteur.client()
    page = f"/jeunes/{jeune.pk}/modifier/"
    saisie = {lie.html_name: lie.value() for lie in client.get(page).context["form"]}
    saisie |= {champ: valeur}
    reponse = client.post(page, {nom: "" if mot is None else mot for nom, mot in saisie.items()})
    assert reponse.status_code == 302, reponse.context["form"].errors
    assert Client().get(adresse).status_code == (410 if ferme else 200)


@pytest.mark.parametrize("porteurs", [(), ("jeune_id", "representant_id")])
def test_un_seul_porteur_par_lien(distribution: Distribution, porteurs: tuple[str, ...]) -> None:
    jeune = mineur(distribution)
    with pytest.raises(IntegrityError), transaction.atomic():
        LienAction.objects.create(
            empreinte="0" * 64,
            action="essai.lire",
            objet_id=jeune.pk,
            expire_le=timezone.now(),
            **dict.fromkeys(porteurs, jeune.pk),
        )
