"""The circle: who may see a file, given, extended, withdrawn; asked by the young person, answered by the tutor."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, LienAction, Organisation
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.jeunes.messages import lien_du_jeune, lien_du_parent
from raccord.jeunes.models import AccesJeune, DemandeRetrait, Jeune, RepresentantLegal
from raccord.socle.models import Journal
from tests.distribution import Distribution, Personne, organisation, personne
from tests.fabriques_positionnement import transmis

FIN = "2027-03-31"


def _texte(reponse: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).split()).replace("\u00a0", " ")


def _chemin(adresse: str) -> str:
    return "/" + adresse.split("/", 3)[3]


@pytest.fixture
def partenaire(db: None) -> Personne:
    return personne(Role.PARTENAIRE, organisation(GenreOrganisation.ETABLISSEMENT, "Lycée des Fileuses", "Lille"))


@pytest.fixture
def jeune(distribution: Distribution) -> Jeune:
    return distribution.jeune(prenom="Zoélie", nom="Prudhomme", contraintes="Allergie au pollen.")


def _donner(personne_: Personne, jeune: Jeune, chez: Organisation, **champs: str) -> Any:
    donnees = {"organisation": str(chez.pk), "motif": "préparer un apprentissage", "fin": FIN} | champs
    return personne_.client().post(reverse("jeunes:donner_acces", args=[jeune.pk]), donnees)


def _acces(jeune: Jeune, chez: Organisation) -> AccesJeune:
    return AccesJeune.objects.create(jeune=jeune, organisation=chez, motif="préparer un apprentissage")


def _geste(nom: str, acces: AccesJeune) -> str:
    return reverse(f"jeunes:{nom}", args=[acces.jeune_id, acces.pk])


def _sans_nom(*codes: str) -> None:
    for code in codes:
        for message in Message.objects.filter(code=code):
            ecrit = re.sub(r"/lien/\S+", "", message.sujet + message.corps)
            assert not re.search("Zoélie|Prudhomme|apprentissage|pollen", ecrit), ecrit


# --- Giving ----------------------------------------------------------------------------------------


def test_ouvrir_a_une_organisation(distribution: Distribution, jeune: Jeune, partenaire: Personne) -> None:
    d = distribution
    page = d.tuteur.client().get(reverse("jeunes:donner_acces", args=[jeune.pk]), {"q": "lycee file"})
    assert "Lycée des Fileuses" in _texte(page) and str(partenaire.organisation.pk) in page.content.decode()
    assert partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk])).status_code == 404
    assert _donner(d.tuteur, jeune, partenaire.organisation).status_code == 302
    acces = AccesJeune.objects.get(organisation=partenaire.organisation)
    assert acces.fin is not None and timezone.localdate(acces.fin) == dt.date(2027, 3, 31)
    lu = _texte(partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk])))
    assert "Zoélie Prudhomme" in lu and "préparer un apprentissage" in lu
    message = Message.objects.get(code="jeunes.acces_donne")
    assert (message.courriel, message.utilisateur_id) == (partenaire.utilisateur.courriel, partenaire.utilisateur.pk)
    assert Message.objects.get(code="jeunes.cercle_change").jeune_id == jeune.pk
    _sans_nom("jeunes.acces_donne", "jeunes.cercle_change")
    trace = Journal.objects.get(verbe="cercle.donner")
    assert (trace.objet_id, trace.texte) == (jeune.pk, "a ouvert le dossier à une organisation : Lycée des Fileuses")
    assert Role.ACHETEUR not in trace.audience and trace.audience
    assert "jusqu’au 31 mars 2027" in _texte(d.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk])))


def test_le_partenaire_lit_et_rien_de_plus(distribution: Distribution, partenaire: Personne) -> None:
    jeune = transmis(distribution).jeune
    Jeune.objects.filter(pk=jeune.pk).update(contraintes="Allergie au pollen.", profil="Aime le bois.")
    acces = _acces(jeune, partenaire.organisation)
    for qui in (partenaire, distribution.tuteur_etranger):
        AccesJeune.objects.filter(pk=acces.pk).update(organisation=qui.organisation)
        client = qui.client()
        page = _texte(client.get(reverse("jeunes:jeune", args=[jeune.pk])))
        assert jeune.nom in page and "Qui appeler" in page
        for tu in ("pollen", "le bois", "Menuiserie", "Retirer", "Ouvrir à une organisation", "Ce qui s’est passé"):
            assert tu not in page, tu
        for nom in ("modifier", "donner_acces", "fiche"):
            assert client.get(reverse(f"jeunes:{nom}", args=[jeune.pk])).status_code == 403
        assert client.post(reverse("jeunes:renvoyer_lien", args=[jeune.pk])).status_code == 403
        for nom in ("retirer_acces", "prolonger_acces"):
            assert client.post(_geste(nom, acces), {"motif": "x", "fin": FIN}).status_code == 403
        assert jeune.nom in _texte(client.get(reverse("jeunes:liste"), {"qui": "tous"}))
    reservation = reverse("parcours:reserver", args=[distribution.offre_publiee().pk])
    reponse = distribution.tuteur_etranger.client().post(reservation, {"jeune": str(jeune.pk)})
    assert reponse.status_code == 422 and jeune.nom not in _texte(reponse)


def test_ce_que_voit_un_partenaire_sans_dossier(partenaire: Personne) -> None:
    page = partenaire.client().get(reverse("jeunes:liste"))
    assert "Aucun dossier ne vous est ouvert" in _texte(page) and "Jeunes" in _texte(page)
    assert partenaire.client().get(reverse("jeunes:creer")).status_code == 403


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"motif": ""}, "Remplissez « Pourquoi cette organisation"),
        ({"motif": "x" * 201}, "trop long"),
        ({"fin": "2026-10-05"}, "Cette date est passée"),
        ({"fin": "2027-10-07"}, "jusqu&#x27;au 06/10/2027 au plus"),
        ({"fin": ""}, "Jusqu’au"),
    ],
)
def test_mal_rempli(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, champs: dict[str, str], phrase: str
) -> None:
    reponse = _donner(distribution.tuteur, jeune, partenaire.organisation, **champs)
    assert reponse.status_code == 422 and phrase in _texte(reponse)
    assert AccesJeune.objects.count() == 1


def test_seules_des_organisations_qui_peuvent_lire(distribution: Distribution, jeune: Jeune) -> None:
    d = distribution
    vide = organisation(GenreOrganisation.ETABLISSEMENT, "Lycée sans personne", "Lille")
    finie = personne(Role.PARTENAIRE, organisation(GenreOrganisation.ETABLISSEMENT, "Lycée quitté", "Lille"))
    Adhesion.objects.filter(pk=finie.adhesion.pk).update(fin=timezone.now())
    for chez in (vide, finie.organisation, d.acheteur.organisation, d.entreprise, d.national.organisation):
        assert _donner(d.tuteur, jeune, chez).status_code == 404
    assert _donner(d.tuteur, jeune, vide, organisation="n'importe quoi").status_code == 404
    client, adresse = d.tuteur.client(), reverse("jeunes:donner_acces", args=[jeune.pk])
    assert "MLDS de Paris" in _texte(client.get(adresse, {"q": "paris"}))
    for mot in ("Lille", "Lycée", "nationale", "Dubois", "zzz"):
        assert "Aucune organisation à ce nom" in _texte(client.get(adresse, {"q": mot})), mot
    assert AccesJeune.objects.count() == 1


def test_deux_fois_la_meme(distribution: Distribution, jeune: Jeune, partenaire: Personne) -> None:
    assert _donner(distribution.tuteur, jeune, partenaire.organisation).status_code == 302
    reponse = _donner(distribution.tuteur, jeune, partenaire.organisation)
    assert reponse.status_code == 422 and "a déjà accès à ce dossier" in _texte(reponse)
    AccesJeune.objects.filter(organisation=partenaire.organisation).update(fin=timezone.now())
    assert _donner(distribution.tuteur, jeune, partenaire.organisation).status_code == 302
    assert AccesJeune.objects.en_cours().count() == 2


# --- Extending, withdrawing ------------------------------------------------------------------------


def test_prolonger(distribution: Distribution, jeune: Jeune, partenaire: Personne) -> None:
    acces = _acces(jeune, partenaire.organisation)
    client = distribution.tuteur_collegue.client()
    assert client.post(_geste("prolonger_acces", acces), {"fin": "2028-01-01"}).status_code == 422
    assert client.post(_geste("prolonger_acces", acces), {"fin": "2026-12-24"}).status_code == 302
    acces.refresh_from_db()
    assert acces.fin is not None and timezone.localdate(acces.fin) == dt.date(2026, 12, 24)
    assert Message.objects.filter(code="jeunes.acces_prolonge").count() == 1
    _sans_nom("jeunes.acces_prolonge")
    with time_machine.travel("2026-12-25T00:30+01:00", tick=False):
        assert partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk])).status_code == 404
        fini = _texte(distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk])))
    assert "terminé le 24 décembre 2026" in fini


def test_retirer_ferme_tout_de_suite(distribution: Distribution, jeune: Jeune, partenaire: Personne) -> None:
    acces = _acces(jeune, partenaire.organisation)
    ouvert, adresse = partenaire.client(), reverse("jeunes:jeune", args=[jeune.pk])
    assert ouvert.get(adresse).status_code == 200
    tuteur = distribution.tuteur.client()
    assert tuteur.post(_geste("retirer_acces", acces), {"motif": " "}).status_code == 422
    assert ouvert.get(adresse).status_code == 200
    assert tuteur.post(_geste("retirer_acces", acces), {"motif": "Le projet a changé."}).status_code == 302
    assert ouvert.get(adresse).status_code == 404
    assert jeune.nom not in _texte(ouvert.get(reverse("jeunes:liste")))
    page = _texte(tuteur.get(adresse))
    assert "Le projet a changé." in page and "a fermé le dossier à une organisation : Lycée des Fileuses" in page
    message = Message.objects.get(code="jeunes.acces_retire")
    assert message.courriel == partenaire.utilisateur.courriel and "/jeunes/" not in message.corps
    _sans_nom("jeunes.acces_retire", "jeunes.cercle_change")
    for nom in ("retirer_acces", "prolonger_acces"):
        assert tuteur.post(_geste(nom, acces), {"motif": "x", "fin": FIN}).status_code == 404


@pytest.mark.parametrize("nom", ["retirer_acces", "prolonger_acces"])
def test_la_mlds_qui_suit_reste(distribution: Distribution, jeune: Jeune, partenaire: Personne, nom: str) -> None:
    _acces(jeune, distribution.tuteur_etranger.organisation)  # another MLDS in the circle does not replace it
    acces = AccesJeune.objects.get(organisation=jeune.organisation)
    reponse = distribution.tuteur.client().post(_geste(nom, acces), {"motif": "x", "fin": FIN})
    assert reponse.status_code == 422 and "Cette MLDS suit le jeune" in _texte(reponse)
    assert AccesJeune.objects.en_cours().count() == 2


def test_l_acces_d_un_autre_jeune(distribution: Distribution, jeune: Jeune, partenaire: Personne) -> None:
    autre = _acces(distribution.jeune(distribution.tuteur_etranger), partenaire.organisation)
    adresse = reverse("jeunes:retirer_acces", args=[jeune.pk, autre.pk])
    assert distribution.tuteur.client().post(adresse, {"motif": "x"}).status_code == 404
    assert distribution.tuteur.client().post(_geste("retirer_acces", autre), {"motif": "x"}).status_code == 404


def test_le_lien_se_renvoie_d_un_geste(distribution: Distribution, jeune: Jeune) -> None:
    RepresentantLegal.objects.create(jeune=jeune, nom="Odile", lien="mère", courriel="odile@essai.example")
    adresse = reverse("jeunes:renvoyer_lien", args=[jeune.pk])
    assert distribution.tuteur.client().post(adresse).status_code == 302
    recus = {message.courriel: message.corps for message in Message.objects.filter(code="jeunes.dossier")}
    assert set(recus) == {jeune.courriel, "odile@essai.example"}
    for corps in recus.values():
        trouve = re.search(r"https?://[^/\s]+(/lien/\S+/)", corps)
        assert trouve and Client().get(trouve[1]).status_code == 200
    _sans_nom("jeunes.dossier")
    Jeune.objects.filter(pk=jeune.pk).update(courriel="", telephone="")
    jeune.representants.all().delete()
    suite = distribution.tuteur.client().post(adresse, follow=True)
    assert "ni courriel ni téléphone" in _texte(suite) and Message.objects.filter(code="jeunes.dossier").count() == 2


# --- The young person ------------------------------------------------------------------------------


@pytest.fixture
def lien(jeune: Jeune) -> str:
    return _chemin(lien_du_jeune(jeune))


def test_le_jeune_lit_qui_peut_voir_et_qui_a_ouvert(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str
) -> None:
    _acces(jeune, partenaire.organisation)
    partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk]))
    lu = _texte(Client().get(lien))
    assert "Qui peut voir mon dossier" in lu and "Lycée des Fileuses" in lu and "préparer un apprentissage" in lu
    assert f"{partenaire.utilisateur.nom_complet} (Lycée des Fileuses) a ouvert le dossier" in lu
    assert "L’acheteur" in lu and "jamais un nom" in lu and "pollen" not in lu
    for mot in ("circle", "RGPD", "habilitation", "AccesJeune"):
        assert mot not in lu
    assert Client().post(lien).status_code == 404


def test_l_entreprise_qui_ouvre_un_cv_se_lit(distribution: Distribution) -> None:
    propose = transmis(distribution)
    Journal.objects.create(
        acteur_genre="contact",
        acteur_id=distribution.referent.pk,
        organisation_id=distribution.entreprise.pk,
        role=Role.ENTREPRISE,
        verbe="document.ouvrir",
        texte="a ouvert le CV",
        objet_type="documents.document",
        objet_id=propose.pk,
        fil=[propose.pk],
        audience=[Role.TUTEUR, Role.JEUNE],
    )
    lu = _texte(Client().get(_chemin(lien_du_jeune(propose.jeune))))
    assert "Menuiserie Dubois a ouvert le CV" in lu and distribution.referent.nom not in lu


def test_un_lien_n_ouvre_que_le_sien(distribution: Distribution, jeune: Jeune) -> None:
    autre = distribution.jeune()
    assert Client().get(_chemin(liens.creer_pour_jeune("jeunes.dossier", jeune.pk, autre.pk))).status_code == 404
    odile = RepresentantLegal.objects.create(jeune=autre, nom="Odile", lien="mère", courriel="o@essai.example")
    faux = liens.creer_pour_representant("jeunes.dossier", jeune.pk, odile.pk)
    assert Client().get(_chemin(faux)).status_code == 404


def test_demander_un_retrait_et_l_obtenir(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str
) -> None:
    acces = _acces(jeune, partenaire.organisation)
    adresse = f"{lien}?ecran=retrait&acces={acces.pk}"
    assert "Lycée des Fileuses" in _texte(Client().get(adresse))
    assert not DemandeRetrait.objects.exists(), "lire ne demande rien"
    assert Client().post(adresse).status_code == 302
    assert Client().post(adresse).status_code == 302
    demande = DemandeRetrait.objects.get()
    attente = Attente.objects.ouvertes().get(code="repondre_retrait")
    assert (attente.utilisateur_id, attente.objet_id) == (distribution.tuteur.utilisateur.pk, demande.pk)
    assert timezone.localdate(attente.echeance) == dt.date(2026, 10, 13)
    lu = _texte(Client().get(lien))
    assert "Retrait demandé le 6 octobre 2026" in lu and "vous répond avant le 13 octobre 2026" in lu
    assert "Répondre au jeune" in _texte(distribution.tuteur.client().get("/ma-journee/"))
    assert Message.objects.get(code="jeunes.retrait_demande").utilisateur_id == distribution.tuteur.utilisateur.pk
    _sans_nom("jeunes.retrait_demande")
    repondre = reverse("jeunes:retrait", args=[demande.pk])
    for etranger in (distribution.tuteur_etranger, partenaire):
        assert etranger.client().post(repondre, {"geste": "retirer"}).status_code in (403, 404)
    assert distribution.tuteur.client().post(repondre, {"geste": "retirer"}).status_code == 302
    demande.refresh_from_db()
    acces.refresh_from_db()
    assert demande.etat == "retire" and acces.revoque_le and acces.motif_retrait == "demandé par le jeune"
    assert not Attente.objects.ouvertes().exists()
    assert "Elles ne le voient plus" in _texte(Client().get(lien))
    assert Message.objects.get(code="jeunes.retrait_repondu").jeune_id == jeune.pk
    assert partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk])).status_code == 404


def test_l_acces_garde_avec_une_raison(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str
) -> None:
    acces = _acces(jeune, partenaire.organisation)
    Client().post(f"{lien}?ecran=retrait&acces={acces.pk}")
    repondre = reverse("jeunes:retrait", args=[DemandeRetrait.objects.get().pk])
    tuteur = distribution.tuteur.client()
    assert tuteur.post(repondre, {"raison": ""}).status_code == 422
    assert tuteur.post(repondre, {"raison": "Le lycée signe votre convention le 20."}).status_code == 302
    assert tuteur.post(repondre, {"raison": "Encore."}).status_code == 302, "un second clic"
    lu = _texte(Client().get(lien))
    assert "l’accès est gardé" in lu and "Le lycée signe votre convention le 20." in lu
    assert "Demander le retrait" in lu, "on peut redemander"
    assert DemandeRetrait.objects.get().reponse == "Le lycée signe votre convention le 20."
    assert partenaire.client().get(reverse("jeunes:jeune", args=[jeune.pk])).status_code == 200
    _sans_nom("jeunes.retrait_repondu")


def test_retirer_soi_meme_repond_a_la_demande(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str
) -> None:
    acces = _acces(jeune, partenaire.organisation)
    Client().post(f"{lien}?ecran=retrait&acces={acces.pk}")
    distribution.tuteur.client().post(_geste("retirer_acces", acces), {"motif": "Fini."})
    assert DemandeRetrait.objects.get().etat == "retire" and not Attente.objects.ouvertes().exists()


@pytest.mark.parametrize("choisi", ["", "x", "mlds"])
def test_on_ne_demande_que_ce_qui_se_demande(distribution: Distribution, jeune: Jeune, lien: str, choisi: str) -> None:
    acces = AccesJeune.objects.get()
    adresse = f"{lien}?ecran=retrait&acces={acces.pk if choisi == 'mlds' else choisi}"
    assert Client().get(adresse).status_code == Client().post(adresse).status_code == 404
    assert not DemandeRetrait.objects.exists()


def test_l_echelle_rappelle_puis_previent(
    distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str
) -> None:
    Client().post(f"{lien}?ecran=retrait&acces={_acces(jeune, partenaire.organisation).pk}")
    with time_machine.travel("2026-10-10T09:00+02:00", tick=False):
        relever()
        assert Message.objects.filter(code="jeunes.retrait_rappel").count() == 1
    with time_machine.travel("2026-10-14T09:00+02:00", tick=False):
        relever()
    retard = Message.objects.get(code="jeunes.retrait_retard")
    assert retard.utilisateur_id == distribution.coordonnateur.utilisateur.pk
    _sans_nom("jeunes.retrait_rappel", "jeunes.retrait_retard")


def test_le_nouveau_tuteur_repond(distribution: Distribution, jeune: Jeune, partenaire: Personne, lien: str) -> None:
    Client().post(f"{lien}?ecran=retrait&acces={_acces(jeune, partenaire.organisation).pk}")
    adresse, successeur = reverse("parcours:confier_dossier", args=[jeune.pk]), distribution.tuteur_collegue.utilisateur
    saisie = {"vers": str(successeur.pk), "note": "Répondre avant vendredi."}
    assert distribution.tuteur.client().post(adresse, saisie).status_code == 302
    assert Attente.objects.ouvertes().get(code="repondre_retrait").utilisateur_id == successeur.pk


# --- Who signs for a minor -------------------------------------------------------------------------


def test_un_parent_lit_et_demande_jusqu_aux_18_ans(
    distribution: Distribution, jeune: Jeune, partenaire: Personne
) -> None:
    acces = _acces(jeune, partenaire.organisation)
    odile = RepresentantLegal.objects.create(jeune=jeune, nom="Odile", lien="mère", courriel="o@essai.example")
    parent = _chemin(lien_du_parent(odile))
    lu = _texte(Client().get(parent))
    assert "Qui peut voir le dossier de Zoélie" in lu and "Lycée des Fileuses" in lu and "fiche" not in lu.lower()
    assert Client().get(f"{parent}?ecran=fiche").status_code == 404
    assert Client().post(f"{parent}?ecran=retrait&acces={acces.pk}").status_code == 302
    assert DemandeRetrait.objects.get().demande_par == Role.REPRESENTANT
    with time_machine.travel(timezone.now() + dt.timedelta(days=500), tick=False):
        LienAction.objects.update(expire_le=timezone.now() + dt.timedelta(days=1))
        assert Client().get(parent).status_code == 410
        assert Client().post(f"{parent}?ecran=retrait&acces={acces.pk}").status_code == 410
