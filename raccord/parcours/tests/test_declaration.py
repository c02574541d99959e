"""The buyer's guided declaration over HTTP: page by page, left and resumed, sent once, corrected, withdrawn."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation
from raccord.comptes.models import Contact, Organisation
from raccord.echeances.models import Attente, Message
from raccord.marches import registre
from raccord.marches.models import Brouillon, Engagement, Lot, Marche
from raccord.parcours.models import Offre
from raccord.socle import calendrier
from raccord.socle.models import Journal
from tests import fabriques_declaration as f
from tests.distribution import Distribution, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return distribution.acheteur.client()


def engagements(brouillon: Brouillon) -> list[Engagement]:
    return list(Engagement.objects.filter(marche__brouillon=brouillon).order_by("cree_le", "pk"))


# --- The whole way ---------------------------------------------------------------------------------


def test_une_declaration_de_bout_en_bout(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    reponse = f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire())
    assert reponse.url == reverse("parcours:declarer_heures", args=[brouillon.pk])

    page = client.get(reponse.url).content.decode()
    assert "300 h (proposé)" in page and "150\xa0000\xa0€" in page.replace("\u202f", "\xa0")
    assert "450 h" not in page.split("Durée du parcours")[1], "plus long n'est pas proposé"
    assert "Annexe acheteurs" in page, "la source du barème est dite"
    assert "43 jours" in page, "les heures sont dites en jours"
    [engagement] = engagements(brouillon)
    reponse = f.poster(
        client, "parcours:declarer_heures", brouillon.pk, donnees={f"{engagement.pk}-heures": "150", "continuer": "1"}
    )
    assert reponse.url == reverse("parcours:declarer_offre", args=[brouillon.pk, engagement.pk])

    reponse = f.poster(client, "parcours:declarer_offre", brouillon.pk, engagement.pk, donnees=f.offre())
    assert reponse.url == reverse("parcours:declarer_verifier", args=[brouillon.pk])
    page = client.get(reponse.url).content.decode()
    assert "Dominique Leroy" in page and "Envoyer à l’entreprise" in page
    assert not Message.objects.exists() and not Attente.objects.exists(), "rien ne part avant l'envoi"

    reponse = f.poster(client, "parcours:declarer_verifier", brouillon.pk, donnees={})
    marche = Marche.objects.get()
    assert reponse.url == reverse("marches:marche", args=[marche.pk])
    [engagement] = engagements(brouillon)
    offre = Offre.objects.get()
    assert (engagement.etat, engagement.heures, engagement.heures_proposees) == ("declare", 150, 300)
    assert engagement.explication["source"] and engagement.explication["montant"] == "150000.00"
    assert (offre.etat, offre.heures, offre.commune.nom) == ("a_confirmer", 150, "Roubaix")
    assert registre.soldes(engagement.pk).a_placer == 150
    attente = Attente.objects.ouvertes().get()
    assert (attente.code, attente.contact_id) == ("confirmer_fiche", offre.referent_id)
    assert f.messages_envoyes("parcours.fiche_a_confirmer") == ["c.petit@jardins.example", "d.leroy@jardins.example"]
    assert f.messages_envoyes("parcours.offre_declaree") == [distribution.acheteur.utilisateur.courriel]
    assert f.messages_envoyes("parcours.offre_declaree_territoire") == [distribution.coordonnateur.utilisateur.courriel]
    verbes = set(Journal.objects.du_fil(marche.pk).values_list("verbe", flat=True))
    assert {"marche.preparer", "marche.declarer", "engagement.declarer", "offre.declarer"} <= verbes
    page = client.get(reverse("marches:marche", args=[marche.pk])).content.decode()
    assert "Les Jardins du Nord" in page and "en attente d’un jeune" in page and "Confirmer la fiche" in page


def test_les_messages_disent_le_contrat_et_ne_sont_pas_echappes(distribution: Distribution) -> None:
    f.declaration_envoyee(distribution)
    corps = Message.objects.get(code="parcours.fiche_a_confirmer", courriel="d.leroy@jardins.example")
    assert "2026-117 (Entretien des espaces verts)" in corps.sujet
    assert "Ville de Lille" in corps.corps and "est en copie" in corps.corps
    assert not any("&#x27;" in texte or "&amp;" in texte for texte in Message.objects.values_list("corps", flat=True))


def test_une_confirmation_envoyee_deux_fois_ne_part_qu_une_fois(distribution: Distribution, client: Client) -> None:
    brouillon = f.brouillon_complet(distribution)
    for _ in range(2):
        reponse = f.poster(client, "parcours:declarer_verifier", brouillon.pk, donnees={})
        assert reponse.status_code == 302
    assert Offre.objects.count() == 1
    assert len(f.messages_envoyes("parcours.fiche_a_confirmer")) == 2
    [engagement] = engagements(brouillon)
    assert registre.soldes(engagement.pk).dues == 300
    page = client.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk]), follow=True).content.decode()
    assert "déjà envoyée" in page


# --- The contract ----------------------------------------------------------------------------------


def test_la_premiere_page_envoyee_deux_fois_commence_un_seul_brouillon(
    distribution: Distribution, client: Client
) -> None:
    envoi = client.get(reverse("parcours:declarer")).context["envoi"]
    for _ in range(2):
        reponse = client.post(envoi, f.contrat())
        assert reponse.status_code == 302 and reponse.url.endswith("/lots/"), "un double clic n'est pas un conflit"
    assert (Brouillon.objects.count(), Marche.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"objet": ""}, "objet", "Remplissez"),
        ({"montant_ferme": "-5"}, "montant_ferme", "positif"),
        ({"montant_ferme": "beaucoup"}, "montant_ferme", "montant en euros"),
        ({"date_fin_clause": "31/02/2027"}, "date_fin_clause", "n’existe pas"),
        ({"suivi": "contact"}, "contact_nom", "coordonnées"),
        ({"objet_detaille": "é" * 10_000}, "objet_detaille", "trop long"),
        ({"objet": "a\x00b"}, "objet", "caractère invisible"),
    ],
)
def test_chaque_erreur_du_marche_a_sa_phrase(client: Client, champs: dict[str, str], champ: str, phrase: str) -> None:
    envoi = client.get(reverse("parcours:declarer")).context["envoi"]
    reponse = client.post(envoi, f.contrat(**champs))
    assert reponse.status_code == 422
    form = reponse.context["form"]
    assert phrase in " ".join(form.errors[champ]), form.errors
    assert "Tonte, taille" in reponse.content.decode() or champ == "objet_detaille"
    assert not Marche.objects.exists()


def test_les_dates_du_marche(client: Client) -> None:
    jour = calendrier.aujourdhui()

    def refus(**dates: dt.date) -> str:
        envoi = client.get(reverse("parcours:declarer")).context["envoi"]
        reponse = client.post(envoi, f.contrat(**{nom: date.isoformat() for nom, date in dates.items()}))
        assert reponse.status_code == 422
        return " ".join(texte for textes in reponse.context["form"].errors.values() for texte in textes)

    assert "vérifiez les deux dates" in refus(date_fin_clause=jour - dt.timedelta(days=30))
    court = jour + dt.timedelta(days=200)
    assert "au moins 12 mois" in refus(date_fin_clause=court, date_fin_reconduction=court)
    assert "ne peut pas précéder" in refus(date_fin_reconduction=jour + dt.timedelta(days=300))
    ancien = jour - dt.timedelta(days=800)
    assert "s’est terminée" in refus(date_notification=ancien, date_fin_clause=jour - dt.timedelta(days=1))
    assert "n'est pas renseignée" in refus(date_notification=dt.date(2001, 1, 1))


def test_emoji_et_ecriture_de_droite_a_gauche_sont_gardes(distribution: Distribution) -> None:
    objet = "Jardins 🌳 حدائق"
    brouillon = f.commencer(distribution.acheteur, objet=objet + "\u202e")
    assert brouillon.marche is not None and brouillon.marche.objet == objet, "seules les marques invisibles partent"


def test_un_autre_contact_suit_le_marche(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(
        distribution.acheteur, suivi="contact", contact_nom="Alix Nord", contact_courriel="alix@ville.example"
    )
    marche = brouillon.marche
    assert marche and marche.contact and marche.suivi_par is None
    assert (marche.contact.nom, marche.contact.organisation_id) == ("Alix Nord", marche.acheteur_id)
    version = marche.modifie_le.isoformat()
    champs = f.contrat(suivi="contact", contact_nom="Alix Nord", contact_courriel="a.nord@ville.example")
    f.poster(client, "parcours:declarer_contrat", brouillon.pk, donnees=champs | {"version": version})
    assert Contact.objects.filter(organisation=marche.acheteur).count() == 1, (
        "une faute corrigée n'est pas une personne"
    )
    assert Contact.objects.get(organisation=marche.acheteur).courriel == "a.nord@ville.example"


# --- Left and resumed ------------------------------------------------------------------------------


def test_un_brouillon_incomplet_se_garde_et_se_reprend(distribution: Distribution, client: Client) -> None:
    envoi = client.get(reverse("parcours:declarer")).context["envoi"]
    donnees = {"objet": "Un début 🌱", "montant_ferme": "douze", "suivi": "moi", "plus_tard": "1"}
    reponse = client.post(envoi, donnees, follow=True)
    page = reponse.content.decode()
    assert "Mes brouillons" in page and "Votre brouillon est gardé" in page
    brouillon = Brouillon.objects.get()
    collegue = distribution.acheteur_collegue.client()
    page = collegue.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk]), follow=True).content.decode()
    assert "Un début 🌱" in page and "douze" in page, "un collègue reprend ce qui était écrit"
    assert "à corriger" not in page, "on ne gronde pas celui qui reprend"


def test_chaque_page_se_garde_pour_plus_tard(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    adresse = reverse("parcours:declarer_lots", args=[brouillon.pk])
    client.post(
        adresse, {"nombre": "1", "divise": "non", "lot-0-siret": "123", "lot-0-nom": "À finir", "plus_tard": "1"}
    )
    page = client.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk]), follow=True)
    assert page.request["PATH_INFO"] == adresse and 'value="123"' in page.content.decode()
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire())
    [engagement] = engagements(brouillon)
    f.poster(client, "parcours:declarer_heures", brouillon.pk, donnees={f"{engagement.pk}-heures": "300"})
    adresse = reverse("parcours:declarer_offre", args=[brouillon.pk, engagement.pk])
    client.post(adresse, f.offre(commune="Quelque part", domaines=["accueil"]) | {"plus_tard": "1"})
    page = client.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk]), follow=True)
    assert page.request["PATH_INFO"] == adresse
    texte = page.content.decode()
    assert "Quelque part" in texte and "Désherber" in texte
    assert page.context["form"]["domaines"].value() == ["accueil"]
    reponse = f.poster(client, "parcours:declarer_verifier", brouillon.pk, donnees={})
    assert reponse.url == reverse("parcours:declarer_reprendre", args=[brouillon.pk]), "incomplet, rien ne part"
    assert not Message.objects.exists()


def test_supprimer_un_brouillon(distribution: Distribution, client: Client) -> None:
    brouillon = f.brouillon_complet(distribution)
    adresse = reverse("parcours:declarer_supprimer", args=[brouillon.pk])
    assert "Supprimer ce brouillon" in client.get(adresse).content.decode()
    assert client.post(adresse).status_code == 302
    assert not any(modele.objects.exists() for modele in (Brouillon, Marche, Lot, Engagement, Offre))
    assert "déjà supprimé" in client.post(adresse, follow=True).content.decode()
    assert client.get(adresse).status_code == 404


def test_deux_collegues_sur_le_meme_marche(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    adresse = reverse("parcours:declarer_contrat", args=[brouillon.pk])
    version = client.get(adresse).context["form"].initial["version"]
    collegue = distribution.acheteur_collegue.client()
    champs = f.contrat(objet="Espaces verts du centre", suivi="inchange", version=version)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5), tick=False):
        assert collegue.post(adresse, champs).status_code == 302
    reponse = client.post(adresse, f.contrat(objet="Espaces verts du sud", version=version))
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Espaces verts du centre" in page and "Espaces verts du sud" in page
    nouvelle = reponse.context["form"].data["version"]
    assert client.post(adresse, f.contrat(objet="Espaces verts du sud", version=nouvelle)).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.marche and brouillon.marche.objet == "Espaces verts du sud"


# --- Lots and companies ----------------------------------------------------------------------------


def test_les_lots_s_ajoutent_et_se_retirent_sans_script(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    adresse = reverse("parcours:declarer_lots", args=[brouillon.pk])
    etat = f.titulaire() | {"diviser": "1"}
    del etat["continuer"]
    reponse = client.post(adresse, etat)
    assert reponse.url == adresse + "#lot-0"
    page = client.get(adresse)
    assert page.context["divise"] and 'value="Les Jardins du Nord"' in page.content.decode()
    tape = f.lots((1, "80 000", f.SIRETS[0]))
    del tape["continuer"]
    client.post(adresse, tape | {"ajouter": "1"})
    page = client.get(adresse)
    assert len(page.context["formulaires"]) == 2 and 'value="80 000"' in page.content.decode()
    tape = f.lots((1, "80 000", f.SIRETS[0]), (2, "250 000", "faux"))
    del tape["continuer"]
    client.post(adresse, tape | {"retirer": "0"})
    page = client.get(adresse)
    assert len(page.context["formulaires"]) == 1 and 'value="faux"' in page.content.decode()
    for rang in ("7", "-1", "x", "0"):
        assert client.post(adresse, tape | {"retirer": rang, "nombre": "pas un nombre"}).status_code == 302


def test_un_parcours_par_lot_ou_heures_regroupees(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    a, b = f.SIRETS[:2]
    tape = ((1, "80 000", a), (2, "150 000", b), (3, "250 000", a))
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.lots(*tape))
    assert sorted(e.heures_proposees or 0 for e in engagements(brouillon)) == [150, 300, 450]
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.lots(*tape, mutualiser="oui"))
    par_lots = {tuple(sorted(lot.numero for lot in e.lots.all())): e.heures_proposees for e in engagements(brouillon)}
    assert par_lots == {(1, 3): 450, (2,): 300}
    page = client.get(reverse("parcours:declarer_heures", args=[brouillon.pk])).content.decode()
    assert "Lots 1 et 3" in page
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.lots((2, "", b)))
    assert [(e.heures_proposees, e.lots.count()) for e in engagements(brouillon)] == [(None, 1)]
    assert Lot.objects.count() == 1


def test_deux_lots_du_meme_numero(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur)
    donnees = f.lots((2, "80 000", f.SIRETS[0]), (2, "90 000", f.SIRETS[1]))
    reponse = f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=donnees)
    assert reponse.status_code == 422 and "même numéro : 2" in reponse.content.decode()
    assert "90 000" in reponse.content.decode()
    reponse = f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=donnees | {"lot-1-siret": "12"})
    assert "Lot 2, SIRET" in reponse.content.decode(), "le résumé dit de quel lot il parle"


@pytest.mark.parametrize(
    ("siret", "phrase"),
    [
        ("13002526500014", "est faux"),
        ("130025265", "SIREN"),
        ("1300252650001", "14 chiffres"),
        ("BE0403170701", "étranger"),
        ("", "Remplissez"),
    ],
)
def test_un_siret_faux_ou_etranger_a_sa_phrase(
    distribution: Distribution, client: Client, siret: str, phrase: str
) -> None:
    brouillon = f.commencer(distribution.acheteur)
    reponse = f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire(**{"lot-0-siret": siret}))
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert not Organisation.objects.exclude(siret="").exists()


def test_le_nom_d_une_entreprise_connue_n_est_jamais_remplace(distribution: Distribution, client: Client) -> None:
    organisation(GenreOrganisation.ENTREPRISE, "Jardins & Fils SAS", siret=f.SIRETS[0])
    brouillon = f.commencer(distribution.acheteur)
    page = client.post(
        reverse("parcours:declarer_lots", args=[brouillon.pk]), f.titulaire(), follow=True
    ).content.decode()
    assert "nous gardons ce nom" in page
    assert Organisation.objects.get(siret=f.SIRETS[0]).nom == "Jardins & Fils SAS"


def test_changer_d_entreprise_garde_l_offre_et_redemande_ses_contacts(
    distribution: Distribution, client: Client
) -> None:
    brouillon = f.brouillon_complet(distribution)
    reponse = client.post(
        reverse("parcours:declarer_lots", args=[brouillon.pk]),
        f.titulaire(**{"lot-0-siret": f.SIRETS[1], "lot-0-nom": "Autre titulaire"}),
        follow=True,
    )
    assert "contacts sont à redonner" in reponse.content.decode()
    offre = Offre.objects.get()
    assert (offre.entreprise.nom, offre.referent, offre.intitule) == (
        "Autre titulaire",
        None,
        "Découvrir les espaces verts",
    )
    assert client.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk])).url.endswith(
        f"/offres/{offre.engagement_id}/"
    )


# --- The hours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("heures", ["450", "900", "200", "-300", "", "x"])
def test_plus_long_ou_hors_menu_est_refuse(distribution: Distribution, client: Client, heures: str) -> None:
    brouillon = f.commencer(distribution.acheteur)
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire())
    [engagement] = engagements(brouillon)
    reponse = f.poster(
        client, "parcours:declarer_heures", brouillon.pk, donnees={f"{engagement.pk}-heures": heures, "continuer": "1"}
    )
    assert reponse.status_code == 422
    assert ("pas plus longue" if heures else "Choisissez une réponse") in reponse.content.decode()


def test_sans_montant_l_acheteur_choisit_sans_plafond(distribution: Distribution, client: Client) -> None:
    brouillon = f.commencer(distribution.acheteur, montant_ferme="")
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire())
    [engagement] = engagements(brouillon)
    page = client.get(reverse("parcours:declarer_heures", args=[brouillon.pk]))
    assert "sans plafond" in page.content.decode()
    assert not page.context["blocs"][0]["form"]["heures"].value(), "rien n'est choisi à sa place"
    donnees = {f"{engagement.pk}-heures": "900", "continuer": "1"}
    assert f.poster(client, "parcours:declarer_heures", brouillon.pk, donnees=donnees).status_code == 302
    [engagement] = engagements(brouillon)
    assert (engagement.heures, engagement.heures_proposees) == (900, None)


def test_un_montant_corrige_fait_redemander_un_choix_devenu_trop_long(
    distribution: Distribution, client: Client
) -> None:
    brouillon = f.brouillon_complet(distribution)
    assert brouillon.marche is not None
    champs = f.contrat(montant_ferme="90 000", version=brouillon.marche.modifie_le.isoformat())
    f.poster(client, "parcours:declarer_contrat", brouillon.pk, donnees=champs)
    [engagement] = engagements(brouillon)
    assert (engagement.heures, engagement.heures_proposees, engagement.explication["choisies"]) == (150, 150, False)
    assert client.get(reverse("parcours:declarer_reprendre", args=[brouillon.pk])).url.endswith("/heures/")


# --- The offer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"domaines": []}, "domaines", "Choisissez"),
        ({"missions": "m" * 10_000}, "missions", "trop long"),
        ({"commune": "Xyzabc"}, "commune", "ne trouvons pas"),
        ({"referent_courriel": "pas une adresse"}, "referent_courriel", "bonne forme"),
        ({"second_nom": "", "second_courriel": "seul@jardins.example"}, "second_nom", "second contact"),
        ({"second_courriel": ""}, "__all__", "courriel ou un téléphone"),
        ({"date_fin": "2020-01-01"}, "date_fin", "après la date de début"),
        ({"date_fin": "2040-01-01"}, "date_fin", "fin de la période ferme"),
        ({"date_debut": "2020-01-01", "date_fin": "2020-06-01"}, "date_fin", "est passée"),
        ({"site_web": "pas un site"}, "site_web", "ne ressemble pas"),
        ({"referent_telephone": "12"}, "referent_telephone", "pas complet"),
    ],
)
def test_chaque_erreur_de_l_offre_a_sa_phrase(
    distribution: Distribution, client: Client, champs: dict[str, object], champ: str, phrase: str
) -> None:
    brouillon = f.commencer(distribution.acheteur)
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.titulaire())
    [engagement] = engagements(brouillon)
    reponse = f.poster(client, "parcours:declarer_offre", brouillon.pk, engagement.pk, donnees=f.offre(**champs))
    assert reponse.status_code == 422
    assert phrase in " ".join(reponse.context["form"].errors.get(champ, [])), reponse.context["form"].errors
    assert "3 rue des Jardins" in reponse.content.decode()
    assert not Offre.objects.exists()
    page = client.get(reverse("parcours:declarer_offre", args=[brouillon.pk, engagement.pk])).content.decode()
    assert "3 rue des Jardins" in page, "ce qui a été refusé est gardé dans le brouillon"


def test_la_seconde_offre_de_la_meme_entreprise_reprend_ses_contacts(
    distribution: Distribution, client: Client
) -> None:
    brouillon = f.commencer(distribution.acheteur)
    a = f.SIRETS[0]
    f.poster(client, "parcours:declarer_lots", brouillon.pk, donnees=f.lots((1, "80 000", a), (2, "80 000", a)))
    un, deux = engagements(brouillon)
    choix = {f"{un.pk}-heures": "150", f"{deux.pk}-heures": "150", "continuer": "1"}
    f.poster(client, "parcours:declarer_heures", brouillon.pk, donnees=choix)
    reponse = f.poster(client, "parcours:declarer_offre", brouillon.pk, un.pk, donnees=f.offre())
    assert reponse.url.endswith(f"/offres/{deux.pk}/")
    form = client.get(reponse.url).context["form"]
    assert form["referent_nom"].value() == "Dominique Leroy" and form["commune"].value() == "Roubaix (59100)"
    f.poster(client, "parcours:declarer_offre", brouillon.pk, deux.pk, donnees=f.offre(intitule="Autre"))
    assert Contact.objects.filter(courriel="d.leroy@jardins.example").count() == 1
    f.poster(client, "parcours:declarer_verifier", brouillon.pk, donnees={})
    assert list(Offre.objects.values_list("etat", flat=True)) == ["a_confirmer", "a_confirmer"]


# --- Whose ------------------------------------------------------------------------------------------


PAGES = ("reprendre", "contrat", "lots", "heures", "verifier", "supprimer")


@pytest.mark.parametrize("page", PAGES)
def test_un_brouillon_ne_s_ouvre_qu_a_son_organisation(distribution: Distribution, page: str) -> None:
    brouillon = f.brouillon_complet(distribution)
    adresse = reverse(f"parcours:declarer_{page}", args=[brouillon.pk])
    assert distribution.acheteur_collegue.client().get(adresse).status_code in (200, 302)
    assert distribution.acheteur_etranger.client().get(adresse).status_code == 404
    assert distribution.tuteur.client().get(adresse).status_code == 403
    assert Client().get(adresse).status_code == 302
    assert distribution.acheteur_etranger.client().post(adresse, {}).status_code in (404, 405)
    brouillon.refresh_from_db()
    assert brouillon.envoye_le is None and brouillon.marche is not None


def test_l_equipe_nationale_declare_pour_un_acheteur(distribution: Distribution) -> None:
    client = distribution.national.client()
    envoi = client.get(reverse("parcours:declarer")).context["envoi"]
    ville = distribution.acheteur.organisation
    champs = f.contrat(suivi="contact", contact_nom="Alix", contact_courriel="alix@ville.example")
    assert client.post(envoi, champs).status_code == 422, "elle dit pour qui"
    assert client.post(envoi, champs | {"acheteur": str(ville.pk)}).status_code == 302
    marche = Marche.objects.get()
    assert marche.acheteur == ville
    page = distribution.acheteur.client().get(reverse("marches:liste")).content.decode()
    assert marche.objet not in page, "un brouillon reste chez qui l'écrit"


def test_un_brouillon_disparu_se_dit(client: Client) -> None:
    for page in PAGES:
        assert client.get(reverse(f"parcours:declarer_{page}", args=[uuid4()])).status_code == 404
    assert client.post(reverse("parcours:declarer_verifier", args=[uuid4()])).status_code == 404


# --- Once declared ----------------------------------------------------------------------------------


def test_l_acheteur_corrige_l_offre_avant_sa_confirmation(distribution: Distribution, client: Client) -> None:
    offre = f.declaration_envoyee(distribution)
    adresse = reverse("parcours:modifier_offre", args=[offre.pk])
    version = client.get(adresse).context["form"].initial["version"]
    champs = f.offre(
        referent_nom="Gaëlle Morin", referent_courriel="g.morin@jardins.example", referent_telephone="", version=version
    )
    assert client.post(adresse, champs).status_code == 302
    offre = Offre.objects.get()
    assert offre.referent and offre.referent.nom == "Gaëlle Morin"
    assert Contact.objects.filter(nom="Dominique Leroy").exists(), "personne ne devient quelqu'un d'autre"
    assert Attente.objects.ouvertes().get().contact_id == offre.referent_id
    assert f.lien_recu("parcours.fiche_a_confirmer", "g.morin@jardins.example")
    reponse = client.post(adresse, f.offre(intitule="En retard", version=version))
    assert reponse.status_code == 422 and "entre-temps" in reponse.content.decode()


def test_retirer_une_offre_avec_une_raison(distribution: Distribution, client: Client) -> None:
    offre = f.declaration_envoyee(distribution)
    adresse = reverse("parcours:retirer", args=[offre.pk])
    assert "Retirer cette offre" in client.get(adresse).content.decode()
    assert client.post(adresse, {"motif": "  "}).status_code == 422
    reponse = client.post(adresse, {"motif": "Le chantier est reporté."})
    assert reponse.url == reverse("marches:marche", args=[offre.engagement.marche_id])  # type: ignore[union-attr]
    offre.refresh_from_db()
    assert (offre.etat, offre.motif_retrait) == ("retiree", "Le chantier est reporté.")
    assert not Attente.objects.ouvertes().exists()
    assert f.messages_envoyes("parcours.offre_retiree") == ["c.petit@jardins.example", "d.leroy@jardins.example"]
    assert "déjà fait" in client.post(adresse, {"motif": "Encore."}, follow=True).content.decode()
    assert len(f.messages_envoyes("parcours.offre_retiree")) == 2


def test_apres_un_retrait_une_nouvelle_offre_pour_les_memes_heures(distribution: Distribution, client: Client) -> None:
    offre = f.declaration_envoyee(distribution)
    client.post(reverse("parcours:retirer", args=[offre.pk]), {"motif": "Reporté."})
    page = client.get(reverse("marches:marche", args=[offre.engagement.marche_id])).content.decode()  # type: ignore[union-attr]
    adresse = reverse("parcours:nouvelle_offre", args=[offre.engagement_id])
    assert adresse in page
    assert "300\xa0h" in client.get(adresse).content.decode()
    for _ in range(2):
        assert client.post(adresse, f.offre(intitule="Autre quartier")).status_code == 302
    assert Offre.objects.filter(etat="a_confirmer").count() == 1, "un double clic ne déclare pas deux offres"
    assert registre.soldes(offre.engagement_id).dues == 300  # type: ignore[arg-type]


@pytest.mark.parametrize("nom", ["modifier_offre", "retirer"])
def test_les_offres_des_autres(distribution: Distribution, nom: str) -> None:
    offre = f.declaration_envoyee(distribution)
    adresse = reverse(f"parcours:{nom}", args=[offre.pk])
    assert distribution.acheteur_etranger.client().get(adresse).status_code == 404
    assert distribution.tuteur.client().get(adresse).status_code == 403
    assert distribution.national.client().get(adresse).status_code == 200
    assert distribution.acheteur.client().get(reverse(f"parcours:{nom}", args=[uuid4()])).status_code == 404
