"""Members, administrators, invitations and requests to join."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from time import sleep

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Demande, Invitation, Organisation, Utilisateur
from raccord.comptes.organisations import demandes, invitations, membres
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.socle import identite
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.models import Journal
from raccord.territoires.models import Departement
from tests.distribution import Distribution, Personne, organisation, personne
from tests.pieges import texte_de

ATTENTE_MAXIMALE, TEMPS_DE_VALIDER = 20, 0.5  # seconds
INVITEE = "arrivante@essai.example"


def verbes(objet: Organisation) -> list[str]:
    return list(Journal.objects.du_fil(objet.pk).values_list("verbe", flat=True))


def lien_recu(courriel: str = INVITEE) -> str:
    message = Message.objects.filter(code="comptes.invitation", courriel=courriel).order_by("-cree_le", "-pk").first()
    trouve = message and re.search(r"https?://[^/\s]+(/invitation/\S+/)", message.corps)
    assert trouve
    return trouve.group(1)


def invitee(d: Distribution, **champs: object) -> Invitation:
    defauts = {"courriel": INVITEE, "role": Role.ACHETEUR}
    return invitations.inviter(d.acheteur.contexte, **(defauts | champs))


# --- Members ---------------------------------------------------------------------------------------


def test_mon_organisation_montre_ses_membres_a_tous_le_reste_a_qui_administre(distribution: Distribution) -> None:
    d = distribution
    invitee(d)
    page = texte_de(d.acheteur.client().get("/mon-organisation/"))
    for mots in (d.acheteur_collegue.utilisateur.nom_complet, INVITEE, "Renvoyer l’invitation", "Administrateur"):
        assert mots in page
    collegue = texte_de(d.acheteur_collegue.client().get("/mon-organisation/"))
    assert d.acheteur.utilisateur.nom_complet in collegue
    assert INVITEE not in collegue and "Nommer administrateur" not in collegue
    etranger = texte_de(d.acheteur_etranger.client().get("/mon-organisation/"))
    assert d.acheteur.utilisateur.nom_complet not in etranger


def test_nommer_puis_demettre(distribution: Distribution) -> None:
    d = distribution
    client, collegue = d.acheteur.client(), d.acheteur_collegue
    for geste, vaut, code in (
        ("nommer", True, "comptes.administrateur_nomme"),
        ("demettre", False, "comptes.administrateur_demis"),
    ):
        for _ in range(2):  # a second click changes nothing
            assert client.post(f"/mon-organisation/membres/{collegue.adhesion.pk}/{geste}/").status_code == 302
        assert Adhesion.objects.get(pk=collegue.adhesion.pk).administrateur is vaut
        assert Message.objects.filter(code=code, utilisateur_id=collegue.utilisateur.pk).count() == 1
    assert verbes(d.acheteur.organisation) == ["organisation.demettre", "organisation.nommer"]


def test_le_dernier_administrateur_reste(distribution: Distribution) -> None:
    d = distribution
    with pytest.raises(membres.DernierAdministrateur):
        membres.quitter(d.acheteur.contexte)
    with pytest.raises(membres.DernierAdministrateur):
        membres.demettre(d.acheteur.contexte, d.acheteur.adhesion.pk)
    page = texte_de(d.acheteur.client().get("/mon-organisation/quitter/"))
    assert "plus d&#x27;administrateur" in page and "disabled" in page
    assert d.acheteur.client().post("/mon-organisation/quitter/").status_code == 302
    assert Adhesion.objects.filter(pk=d.acheteur.adhesion.pk, administrateur=True).exists()


@pytest.mark.parametrize("comment", ["fin", "demis", "efface", "fermé puis demis"])
def test_la_base_garde_le_dernier_administrateur(distribution: Distribution, comment: str) -> None:
    """Whatever an action forgets, PostgreSQL refuses; an administrator whose account is closed does not count."""
    adhesion = Adhesion.toutes.filter(pk=distribution.acheteur.adhesion.pk)
    if comment == "fermé puis demis":
        membres.nommer(distribution.acheteur.contexte, distribution.acheteur_collegue.adhesion.pk)
        Utilisateur.objects.filter(pk=distribution.acheteur_collegue.utilisateur.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="dernier administrateur"), transaction.atomic():
        if comment == "efface":
            adhesion.delete()
        elif comment == "fin":
            adhesion.update(fin=timezone.now(), administrateur=False)
        else:
            adhesion.update(administrateur=False)


def test_une_adhesion_finie_n_administre_pas(distribution: Distribution) -> None:
    with pytest.raises(IntegrityError, match="adhesion_finie_n_administre_pas"), transaction.atomic():
        Adhesion.objects.filter(pk=distribution.acheteur.adhesion.pk).update(fin=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("par", ["action", "base"])
def test_deux_administrateurs_partent_au_meme_instant(par: str) -> None:
    """The second waits for the first, who has not finished yet, and stays: by the action's words, by the base alone."""
    d = Distribution()
    membres.nommer(d.acheteur.contexte, d.acheteur_collegue.adhesion.pk)
    partants = [
        Personne(p.utilisateur, Adhesion.objects.select_related("organisation").get(pk=p.adhesion.pk))
        for p in (d.acheteur, d.acheteur_collegue)
    ]
    issues: list[str] = []
    parti = threading.Event()

    def partir(personne: Personne, premier: bool) -> None:
        try:
            if not premier:
                parti.wait(ATTENTE_MAXIMALE)
            with transaction.atomic(), identite.agir(personne.contexte, motif="essai"):
                if par == "action":
                    membres.quitter(personne.contexte)
                else:
                    elle = Adhesion.toutes.filter(pk=personne.adhesion.pk)
                    elle.update(administrateur=False, fin=timezone.now())
                parti.set()
                if premier:
                    sleep(TEMPS_DE_VALIDER)
            issues.append("parti")
        except (ErreurMetier, IntegrityError) as erreur:
            issues.append(str(erreur))
        finally:
            connection.close()

    fils = [threading.Thread(target=partir, args=(qui, rang == 0)) for rang, qui in enumerate(partants)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    # Told in either order: the second may wake before the first has said that it left.
    assert len(issues) == 2 and issues.count("parti") == 1, issues
    assert any("dministrateur" in issue for issue in issues), issues
    assert Adhesion.objects.filter(organisation=d.acheteur.organisation, administrateur=True).count() == 1


def test_quitter_previent_les_administrateurs_et_le_gestionnaire_par_defaut_oublie(distribution: Distribution) -> None:
    d = distribution
    client = d.acheteur_collegue.client()
    assert client.post("/mon-organisation/quitter/").status_code == 302
    adhesion = d.acheteur_collegue.adhesion.pk
    assert not Adhesion.objects.filter(pk=adhesion).exists() and Adhesion.toutes.filter(pk=adhesion).exists()
    message = Message.objects.get(code="comptes.membre_parti")
    assert message.utilisateur_id == d.acheteur.utilisateur.pk
    # A role that ends ends the sessions opened under it.
    assert client.get("/mon-organisation/")["Location"].startswith("/connexion/")
    d.acheteur_collegue.utilisateur.refresh_from_db()
    client.force_login(d.acheteur_collegue.utilisateur, backend="sesame.backends.ModelBackend")
    assert client.get("/mon-organisation/").status_code == 404
    assert "Rejoindre une organisation" in texte_de(client.get("/ma-journee/"))


def test_retirer_demande_une_raison_que_la_personne_lit(distribution: Distribution) -> None:
    d = distribution
    adresse = f"/mon-organisation/membres/{d.acheteur_collegue.adhesion.pk}/retirer/"
    client = d.acheteur.client()
    assert client.get(adresse).status_code == 200
    assert client.post(adresse, {"motif": " "}).status_code == 422
    assert client.post(adresse, {"motif": "A changé de service."}).status_code == 302
    message = Message.objects.get(code="comptes.membre_retire")
    assert "A changé de service." in message.corps and message.courriel == d.acheteur_collegue.utilisateur.courriel
    assert d.acheteur_collegue.client().get("/marches/")["Location"].startswith("/connexion/")
    d.acheteur_collegue.utilisateur.refresh_from_db()
    assert d.acheteur_collegue.client().get("/marches/").status_code == 403
    assert "A changé" not in str(list(Journal.objects.values_list("texte", "faits")))
    with pytest.raises(ErreurMetier, match="Quitter"):
        membres.retirer(d.acheteur.contexte, d.acheteur.adhesion.pk, motif="moi")


@pytest.mark.parametrize("qui", ["acheteur_collegue", "acheteur_etranger", "national"])
def test_les_gestes_d_un_administrateur_sont_les_siens(distribution: Distribution, qui: str) -> None:
    d, contexte = distribution, getattr(distribution, qui).contexte
    invitation = invitee(d)
    gestes = (
        lambda: membres.nommer(contexte, d.acheteur_collegue.adhesion.pk),
        lambda: membres.demettre(contexte, d.acheteur.adhesion.pk),
        lambda: membres.retirer(contexte, d.acheteur.adhesion.pk, motif="x"),
        lambda: invitations.renvoyer(contexte, invitation.pk),
        lambda: invitations.retirer(contexte, invitation.pk),
    )
    for geste in gestes:
        with pytest.raises(ErreurMetier):
            geste()
    invitation.refresh_from_db()
    assert invitation.valide and Adhesion.objects.filter(organisation=d.acheteur.organisation).count() == 2


def test_un_administrateur_demis_entre_temps_n_agit_plus(distribution: Distribution) -> None:
    d, contexte = distribution, distribution.acheteur.contexte
    membres.nommer(contexte, d.acheteur_collegue.adhesion.pk)
    nouveau = Personne(d.acheteur_collegue.utilisateur, Adhesion.objects.get(pk=d.acheteur_collegue.adhesion.pk))
    membres.demettre(nouveau.contexte, d.acheteur.adhesion.pk)
    with pytest.raises(membres.PasAdministrateur):
        membres.demettre(contexte, nouveau.adhesion.pk)


# --- Invitations -----------------------------------------------------------------------------------


def test_inviter_puis_creer_son_compte_par_le_lien(distribution: Distribution) -> None:
    d = distribution
    saisie = {"courriel": INVITEE.upper(), "role": "acheteur", "administrateur": "on"}
    assert d.acheteur.client().post("/mon-organisation/inviter/", saisie).status_code == 302
    lien, client = lien_recu(), Client()
    for _ in range(2):  # a scanner opens it
        assert client.get(lien).status_code == 200
    assert not Utilisateur.objects.filter(courriel=INVITEE).exists()
    assert client.post(lien, {"prenom": "", "nom": ""}).status_code == 422
    assert client.post(lien, {"prenom": "Ana", "nom": "Lopes"})["Location"] == "/ma-journee/"
    adhesion = Adhesion.objects.get(utilisateur__courriel=INVITEE)
    assert adhesion.organisation == d.acheteur.organisation and adhesion.administrateur
    # Whoever administers registers a telephone first.
    assert client.get("/mon-organisation/")["Location"].startswith("/confirmation/")
    assert Message.objects.get(code="comptes.invitation_acceptee").utilisateur_id == d.acheteur.utilisateur.pk
    assert Client().post(lien, {"prenom": "Autre", "nom": "Personne"}).status_code == 410
    assert Adhesion.objects.filter(organisation=d.acheteur.organisation).count() == 3
    assert verbes(d.acheteur.organisation)[:2] == ["invitation.accepter", "invitation.envoyer"]
    assert INVITEE not in str(list(Journal.objects.values_list("texte", "faits")))


def test_un_compte_existant_est_rattache_sans_entrer_a_sa_place(distribution: Distribution) -> None:
    d = distribution
    invitee(d, courriel=d.acheteur_etranger.utilisateur.courriel)
    client = Client()
    lien = lien_recu(d.acheteur_etranger.utilisateur.courriel)
    assert "Votre compte" in texte_de(client.get(lien))
    assert client.post(lien).status_code == 302
    assert "_auth_user_id" not in client.session, "le lien d'invitation n'ouvre pas un compte qui existe"
    nouvelle = Adhesion.objects.get(utilisateur=d.acheteur_etranger.utilisateur, organisation=d.acheteur.organisation)
    # Two organisations: one click in the header goes from one to the other.
    navigateur = d.acheteur_etranger.client()
    assert f"/agir-pour/{nouvelle.pk}/" in texte_de(navigateur.get("/ma-journee/"))
    navigateur.post(f"/agir-pour/{nouvelle.pk}/")
    assert "Ville de Lille" in texte_de(navigateur.get("/mon-organisation/"))


def test_entre_avec_une_autre_adresse_la_page_le_dit(distribution: Distribution) -> None:
    d = distribution
    invitee(d)
    client = d.tuteur.client()
    page = texte_de(client.get(lien_recu()))
    assert INVITEE in page and d.tuteur.utilisateur.courriel in page
    client.post(lien_recu())
    assert Adhesion.objects.filter(utilisateur=d.tuteur.utilisateur, organisation=d.acheteur.organisation).exists()
    assert not Utilisateur.objects.filter(courriel=INVITEE).exists()


def test_qui_invite_n_apprend_rien_des_comptes(distribution: Distribution) -> None:
    d, client = distribution, distribution.acheteur.client()
    pages = []
    for courriel in (INVITEE, d.tuteur.utilisateur.courriel):
        reponse = client.post("/mon-organisation/inviter/", {"courriel": courriel, "role": "acheteur"}, follow=True)
        invitation = Invitation.objects.get(courriel=courriel)
        pages.append(texte_de(reponse).replace(courriel, "X").replace(str(invitation.pk), "ID"))
        invitations.retirer(d.acheteur.contexte, invitation.pk)
    lignes = [re.search(r"L’invitation est partie à[^<]*", page) for page in pages]
    assert lignes[0] and lignes[1] and lignes[0].group() == lignes[1].group()


def test_renvoyer_ferme_l_ancien_lien(distribution: Distribution) -> None:
    d = distribution
    invitation, ancien = invitee(d), lien_recu()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1), tick=False):
        client = d.acheteur.client()
        assert client.post(f"/mon-organisation/invitations/{invitation.pk}/renvoyer/").status_code == 302
        assert lien_recu() != ancien
        assert Client().get(ancien).status_code == 404 and Client().get(lien_recu()).status_code == 200


def test_retirer_une_invitation(distribution: Distribution) -> None:
    d = distribution
    invitation, lien = invitee(d), lien_recu()
    d.acheteur.client().post(f"/mon-organisation/invitations/{invitation.pk}/retirer/")
    assert Client().get(lien).status_code == 410
    assert Client().post(lien, {"prenom": "A", "nom": "B"}).status_code == 410
    Client().post(f"{lien}nouveau/")
    assert Message.objects.filter(code="comptes.invitation").count() == 1, "retirée, elle ne revient pas"
    with pytest.raises(DejaFait):
        invitations.renvoyer(d.acheteur.contexte, invitation.pk)
    invitee(d)  # somebody may be asked again


def test_expiree_elle_se_redemande_a_la_meme_adresse(distribution: Distribution) -> None:
    lien = None
    invitee(distribution)
    lien = lien_recu()
    with time_machine.travel(timezone.now() + dt.timedelta(days=61), tick=False):
        page = Client().get(lien)
        assert page.status_code == 410 and "Recevoir une autre invitation" in texte_de(page)
        assert Client().post(lien, {"prenom": "A", "nom": "B"}).status_code == 410
        assert Client().post(f"{lien}nouveau/").status_code == 200
        assert Client().post(f"{lien}nouveau/").status_code == 404, "le même lien n'en redemande pas deux"
        assert Client().get(lien_recu()).status_code == 200
    assert Message.objects.filter(code="comptes.invitation", courriel=INVITEE).count() == 2


@pytest.mark.parametrize(
    ("saisie", "mots"),
    [
        ({"courriel": INVITEE, "role": "tuteur"}, "role"),
        ({"courriel": "pas une adresse", "role": "acheteur"}, "courriel"),
        ({"courriel": "a@b.example\nBcc: c@d.example", "role": "acheteur"}, "courriel"),
    ],
)
def test_invitations_impossibles(distribution: Distribution, saisie: dict[str, str], mots: str) -> None:
    reponse = distribution.acheteur.client().post("/mon-organisation/inviter/", saisie)
    assert reponse.status_code == 422 and f"id_{mots}" in texte_de(reponse)
    assert not Invitation.objects.exists() and not Message.objects.exists()


def test_inviter_deux_fois_ou_un_membre(distribution: Distribution) -> None:
    invitee(distribution)
    with pytest.raises(ErreurMetier, match="déjà invitée") as info:
        invitee(distribution)
    assert info.value.champ == "courriel"
    with pytest.raises(ErreurMetier, match="déjà ce rôle"):
        invitee(distribution, courriel=distribution.acheteur_collegue.utilisateur.courriel)


def test_un_compte_ferme_ne_revient_pas_par_une_invitation(distribution: Distribution) -> None:
    d = distribution
    Utilisateur.objects.filter(pk=d.tuteur.utilisateur.pk).update(is_active=False)
    invitee(d, courriel=d.tuteur.utilisateur.courriel)
    with pytest.raises(ErreurMetier, match="fermé"):
        invitations.accepter(lien_recu(d.tuteur.utilisateur.courriel).strip("/").split("/")[-1])


def test_l_action_elle_meme_refuse_ce_qui_ne_sert_plus(distribution: Distribution) -> None:
    """Two clicks that cross both passed the page: the second is refused under the lock."""
    d = distribution
    invitee(d)
    jeton = lien_recu().strip("/").split("/")[-1]
    with (
        time_machine.travel(timezone.now() + dt.timedelta(days=61), tick=False),
        pytest.raises(invitations.InvitationFermee),
    ):
        invitations.accepter(jeton, prenom="Ana", nom="Lopes")
    invitations.accepter(jeton, prenom="Ana", nom="Lopes")
    for _ in range(2):
        with pytest.raises(invitations.InvitationFermee):
            invitations.accepter(jeton, utilisateur=d.tuteur.utilisateur)
    assert not Adhesion.objects.filter(utilisateur=d.tuteur.utilisateur, organisation=d.acheteur.organisation).exists()


@pytest.mark.parametrize("jeton", ["abc", "%00", "a" * 3000])
def test_invitation_inventee(db: None, jeton: str) -> None:
    assert Client().get(f"/invitation/{jeton}/").status_code == 404
    assert Client().post(f"/invitation/{jeton}/").status_code == 404
    assert Client().post(f"/invitation/{jeton}/nouveau/").status_code == 404


# --- Requests --------------------------------------------------------------------------------------

NOUVELLE = {"prenom": "Ana", "nom": "Lopes", "courriel": INVITEE, "role": "acheteur", "mot": "Je remplace Léa."}


def test_trouver_son_organisation(distribution: Distribution) -> None:
    page = texte_de(Client().get("/rejoindre/", {"q": "lille"}))
    assert "Ville de Lille" in page and "MLDS de Lille" in page and "Région voisine" not in page
    assert "Ville de Lille" not in texte_de(Client().get("/rejoindre/", {"q": "li"}))
    assert "Menuiserie Dubois" not in texte_de(Client().get("/rejoindre/", {"q": "Menuiserie"}))
    assert Client().get(f"/rejoindre/{distribution.entreprise.pk}/").status_code == 404


def test_une_personne_nouvelle_demande_puis_recoit_une_invitation(distribution: Distribution) -> None:
    d = distribution
    adresse = f"/rejoindre/{d.acheteur.organisation.pk}/"
    reponse = Client().post(adresse, NOUVELLE)
    assert reponse.status_code == 200 and "C’est noté" in texte_de(reponse)
    recue = Message.objects.get(code="comptes.demande_recue")
    assert recue.utilisateur_id == d.acheteur.utilisateur.pk and "Je remplace Léa." in recue.corps
    demande = Demande.objects.get()
    page = f"/mon-organisation/demandes/{demande.pk}/"
    assert page in recue.corps
    journee = texte_de(d.acheteur.client().get("/ma-journee/"))
    assert page in journee and "Répondre à une personne qui demande à rejoindre" in journee
    for autre in (d.acheteur_collegue, d.acheteur_etranger, d.national):
        assert page not in texte_de(autre.client().get("/ma-journee/")), "elle attend ceux qui administrent"
    assert "Je remplace Léa." in texte_de(d.acheteur.client().get(page))
    assert d.acheteur.client().post(page).status_code == 302
    assert not Utilisateur.objects.filter(courriel=INVITEE).exists(), "l'adresse n'est pas encore prouvée"
    Client().post(lien_recu(), {"prenom": "Ana", "nom": "Lopes"})
    adhesion = Adhesion.objects.get(utilisateur__courriel=INVITEE)
    assert not adhesion.administrateur
    with pytest.raises(DejaFait):
        demandes.accepter(d.acheteur.contexte, demande.pk)
    attente = Attente.objects.get(objet_id=demande.pk)
    assert attente.issue == "acceptée" and page not in texte_de(d.acheteur.client().get("/ma-journee/"))


def test_une_demande_sans_reponse_est_rappelee_puis_dite_a_l_equipe_nationale(distribution: Distribution) -> None:
    d = distribution
    Client().post(f"/rejoindre/{d.acheteur.organisation.pk}/", NOUVELLE)
    for jour, recus in (("08", (0, 0)), ("09", (1, 0)), ("13", (1, 0)), ("14", (1, 1)), ("20", (1, 1))):
        with time_machine.travel(f"2026-10-{jour}T09:00+02:00", tick=False):
            relever()
        codes = ("comptes.demande_rappel", "comptes.demande_retard")
        assert tuple(Message.objects.filter(code=code).count() for code in codes) == recus, jour
    assert Message.objects.get(code="comptes.demande_rappel").utilisateur_id == d.acheteur.utilisateur.pk
    assert Message.objects.get(code="comptes.demande_retard").utilisateur_id == d.national.utilisateur.pk


def test_meme_reponse_quoi_qu_on_sache_de_l_adresse(distribution: Distribution) -> None:
    d = distribution
    adresse = f"/rejoindre/{d.acheteur.organisation.pk}/"
    connues = [INVITEE, INVITEE, d.acheteur_collegue.utilisateur.courriel, d.tuteur.utilisateur.courriel]
    pages = {texte_de(Client().post(adresse, NOUVELLE | {"courriel": courriel})) for courriel in connues}
    assert len(pages) == 1
    assert sorted(Demande.objects.values_list("courriel", flat=True)) == sorted([INVITEE, connues[3]])


def test_une_personne_entree_demande_et_devient_membre(distribution: Distribution) -> None:
    d = distribution
    client, adresse = d.tuteur.client(), f"/rejoindre/{d.acheteur.organisation.pk}/"
    assert client.post(adresse, {"role": "acheteur"}).status_code == 200
    assert client.post(adresse, {"role": "acheteur"}).status_code == 422, "déjà partie"
    demandes.accepter(d.acheteur.contexte, Demande.objects.get().pk)
    assert Adhesion.objects.filter(utilisateur=d.tuteur.utilisateur, organisation=d.acheteur.organisation).exists()
    assert Message.objects.get(code="comptes.demande_acceptee").utilisateur_id == d.tuteur.utilisateur.pk
    assert client.post(adresse, {"role": "acheteur"}).status_code == 422, "déjà membre"


def test_refuser_avec_une_raison(distribution: Distribution) -> None:
    d = distribution
    Client().post(f"/rejoindre/{d.acheteur.organisation.pk}/", NOUVELLE)
    page = f"/mon-organisation/demandes/{Demande.objects.get().pk}/"
    client = d.acheteur.client()
    assert client.post(page, {"geste": "refuser", "reponse": " "}).status_code == 422
    assert client.post(page, {"geste": "refuser", "reponse": "Nous ne vous connaissons pas."}).status_code == 302
    message = Message.objects.get(code="comptes.demande_refusee")
    assert message.courriel == INVITEE and "Nous ne vous connaissons pas." in message.corps
    assert "Une réponse est déjà partie" in texte_de(client.get(page))
    assert Attente.objects.get().issue == "refusée"
    assert client.post(page).status_code == 302 and not Invitation.objects.exists(), "on n'accepte pas après coup"


def test_sans_administrateur_l_equipe_nationale_repond_et_le_premier_administre(distribution: Distribution) -> None:
    d = distribution
    client = d.tuteur.client()
    client.post(f"/rejoindre/{d.acheteur_etranger.organisation.pk}/", {"role": "acheteur"})
    assert Message.objects.get(code="comptes.demande_recue").utilisateur_id == d.national.utilisateur.pk
    demande = Demande.objects.get()
    assert str(demande.pk) in texte_de(d.national.client().get("/ma-journee/"))
    for contexte in (d.acheteur.contexte, d.acheteur_etranger.contexte, d.coordonnateur.contexte):
        with pytest.raises(membres.PasAdministrateur):
            demandes.accepter(contexte, demande.pk)
    assert d.national.client().post(f"/mon-organisation/demandes/{demande.pk}/").status_code == 302
    nouvelle = Adhesion.objects.get(utilisateur=d.tuteur.utilisateur, organisation=d.acheteur_etranger.organisation)
    assert nouvelle.administrateur


# --- On the machine --------------------------------------------------------------------------------


def test_ouvrir_une_organisation_de_chaque_genre(distribution: Distribution, capsys: pytest.CaptureFixture) -> None:
    for genre in GenreOrganisation.values:
        call_command("creer_organisation", genre=genre, nom=f"Essai {genre}", departement="59", siret="")
        creee = Organisation.objects.get(nom=f"Essai {genre}")
        assert creee.departement == Departement.objects.get(pk="59")
        assert str(creee.academie) == "Lille"
    call_command(
        "creer_compte",
        courriel="nora@psad.example",
        prenom="Nora",
        nom="Petit",
        role="partenaire",
        organisation="Essai psad",
        administrateur=True,
    )
    assert Adhesion.objects.get(utilisateur__courriel="nora@psad.example").administrateur
    assert "partenaire, administrateur" in capsys.readouterr().out


@pytest.mark.parametrize("genre", ["psad", "mission_locale", "facilitatrice"])
def test_un_partenaire_local_a_un_territoire(db: None, genre: str) -> None:
    with pytest.raises(CommandError, match="territoire"):
        call_command("creer_organisation", genre=genre, nom="Nulle part")
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("creer_organisation", genre=genre, nom="Nulle part", departement="999")
    with pytest.raises(CommandError, match="pas dans cette académie"):
        call_command("creer_organisation", genre=genre, nom="Nulle part", departement="59", academie="Paris")


@pytest.fixture
def partenaire(distribution: Distribution) -> Iterator[Personne]:
    yield personne(Role.PARTENAIRE, organisation(GenreOrganisation.MISSION_LOCALE, "Mission locale", "Lille"))


def test_un_partenaire_a_sa_page_et_aucun_jeune_hors_de_son_cercle(
    partenaire: Personne, distribution: Distribution
) -> None:
    jeune = distribution.jeune()
    client = partenaire.client()
    assert client.get("/ma-journee/").status_code == client.get("/mon-organisation/").status_code == 200
    assert client.get("/parcours/").status_code == 403
    assert jeune.nom not in texte_de(client.get("/jeunes/"))
    assert client.get(f"/jeunes/{jeune.pk}/").status_code == 404
