"""The whole journey, each step by the person concerned, in a real browser: seven people, seven windows.

Twice: with JavaScript, and without. The server's clock is led from day to day; the browser's is not.
"""

import datetime as dt
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.core.handlers.base import BaseHandler
from django.template.loader import render_to_string
from django_otp.oath import totp
from playwright.sync_api import Locator, Page, expect

from raccord.comptes.models import Telephone, Utilisateur
from raccord.documents.tests.fichiers import pdf
from raccord.echeances.echelle import relever
from raccord.echeances.models import Message
from raccord.parcours import impression
from raccord.parcours.models import Parcours
from raccord.socle.calendrier import PARIS
from tests.distribution import Distribution, Personne
from tests.fabriques_declaration import SIRETS
from tests.fabriques_parcours import Fabrique
from tests.navigateur.conftest import Ouvrir

PRENOM, NOM = "Zéphyrine", "Quévilly"
AUTRE_PRENOM, AUTRE_NOM = "Anatole", "Transféré"
ENTREPRISE, TITRE = "Les Jardins du Nord", "Découvrir les espaces verts"
REFERENT, RRH = "d.leroy@jardins.example", "c.petit@jardins.example"
COURRIEL_JEUNE = "zq@essai.example"

UNE_HEURE_APRES = dt.datetime(2026, 10, 6, 11, 15, tzinfo=PARIS)
APRES_RENCONTRE = dt.datetime(2026, 10, 8, 16, 0, tzinfo=PARIS)
PREMIERE_SEMAINE = dt.datetime(2026, 10, 16, 16, 0, tzinfo=PARIS)  # the Friday of the first week
FIN = dt.datetime(2026, 10, 23, 17, 0, tzinfo=PARIS)


@dataclass
class Lu:
    """Everything the server answered to a signed-in person, page or file, by account; and what it printed."""

    pages: dict[Any, list[tuple[str, bytes]]] = field(default_factory=dict)
    imprimes: dict[str, str] = field(default_factory=dict)

    def par(self, personne: Personne) -> list[tuple[str, bytes]]:
        return self.pages.get(personne.utilisateur.pk, [])


@dataclass
class Scene:
    """The cast, a window each, and the clock."""

    d: Distribution
    horloge: time_machine.Traveller
    ouvrir: Callable[..., Page]
    lu: Lu
    offre: str = ""
    fenetres: dict[str, Page] = field(default_factory=dict)

    def fenetre(self, nom: str, taille: str = "bureau") -> Page:
        """That person's window, always the same."""
        if nom not in self.fenetres:
            self.fenetres[nom] = self.ouvrir(taille)
        return self.fenetres[nom]

    def chez(self, nom: str, *, adresse: str = "/ma-journee/") -> Page:
        """The window of somebody of the cast, signed in as people sign in, on that page."""
        page, personne = self.fenetre(nom), getattr(self.d, nom)
        page.goto(adresse)
        if "/connexion/" in page.url:
            page.get_by_label("Votre adresse").fill(personne.utilisateur.courriel)
            page.get_by_role("button", name="Recevoir mon lien").click()
            titre(page, "Regardez votre courrier")
            page.goto(dernier_lien("comptes.connexion", personne.utilisateur.courriel, "/connexion/"))
            page.get_by_role("button", name="Entrer").click()
            page.wait_for_url(lambda url: "/connexion/" not in url)
            if "/confirmation/" in page.url:
                confirme(page, personne.utilisateur)
            page.wait_for_url(f"**{adresse}")
        return page


@pytest.fixture(params=[True, False], ids=["avec-javascript", "sans-javascript"])
def scene(
    request: pytest.FixtureRequest,
    ouvrir: Ouvrir,
    live_server: Any,
    settings: Any,
    distribution: Distribution,
    horloge: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    """The stage on the first morning, a Tuesday."""
    settings.ADRESSE_PUBLIQUE = live_server.url
    lu, repondre = Lu(), BaseHandler.get_response

    def repondre_et_noter(self: BaseHandler, requete: Any) -> Any:
        reponse = repondre(self, requete)
        utilisateur = getattr(requete, "user", None)
        if utilisateur is not None and utilisateur.is_authenticated and not reponse.streaming:
            contenu = reponse.content
            if reponse.get("Content-Encoding") == "gzip":
                contenu = gzip.decompress(contenu)
            lu.pages.setdefault(utilisateur.pk, []).append((requete.path, contenu))
        return reponse

    def imprimer_et_noter(gabarit: str, contexte: dict[str, Any]) -> str:
        lu.imprimes.setdefault(gabarit, render_to_string(gabarit, contexte))
        return lu.imprimes[gabarit]

    monkeypatch.setattr(BaseHandler, "get_response", repondre_et_noter)
    monkeypatch.setattr(impression, "render_to_string", imprimer_et_noter)
    return Scene(distribution, horloge, lambda taille: ouvrir(taille, javascript=request.param), lu)


# --- What people do and read -----------------------------------------------------------------------


def titre(page: Page, texte: str) -> None:
    """The page's heading says so."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(texte)


def lit(page: Page, *textes: str) -> None:
    """The person reads these words in the page."""
    for texte in textes:
        expect(page.locator("main")).to_contain_text(texte)


def ne_lit_pas(page: Page, *textes: str) -> None:
    """These words are nowhere in the page, its code included."""
    code = page.content()
    for texte in textes:
        assert texte not in code, texte


def ecrit(page: Page, **champs: str) -> None:
    """Fill fields by their names: several labels say « Téléphone » on one page."""
    for nom, valeur in champs.items():
        page.locator(f"[name={nom}]:not([type=hidden])").fill(valeur)


def coche(case: Locator) -> None:
    """Check a box or a radio button: people click its label, which covers it."""
    case.check(force=True)


def presse(page: Page, bouton: str) -> None:
    """One button, by its words."""
    page.get_by_role("button", name=bouton).click()


def suit(page: Page, lien: str | re.Pattern[str]) -> None:
    """One link of the page, by its words."""
    page.locator("main").get_by_role("link", name=lien).first.click()


def attendu(page: Page, action: str, compte: str) -> None:
    """« Ma journée » holds what is mine alone; elsewhere the card says so. Everywhere, how long is left."""
    carte = page.locator(".rc-attente", has_text=action)
    if "/ma-journee/" not in page.url:
        expect(carte).to_contain_text("À vous d’agir")
    expect(carte).to_contain_text(compte)


def attend_quelqu_un(page: Page, action: str, qui: str, compte: str) -> None:
    """Everybody sees whose turn it is, and how long is left."""
    carte = page.locator(".rc-attente", has_text=action)
    expect(carte).to_contain_text(f"En attente de {qui}")
    expect(carte).to_contain_text(compte)


def confirme(page: Page, utilisateur: Utilisateur) -> None:
    """Whoever opens much gives a code of their telephone: registered the first time, asked for the next ones."""
    premiere_fois = "/telephone/" in page.url
    page.get_by_label("Code à 6 chiffres").fill(f"{totp(Telephone.objects.get(user=utilisateur).bin_key):06d}")
    presse(page, "Enregistrer ce téléphone" if premiere_fois else "Entrer")
    if premiere_fois:
        page.get_by_role("link", name="C’est noté").click()


def dernier_lien(code: str, courriel: str, chemin: str = "/lien/") -> str:
    """The link in the last message of this kind to this address."""
    corps = Message.objects.filter(code=code, courriel=courriel).order_by("-cree_le").values_list("corps", flat=True)
    assert corps, f"aucun message {code} pour {courriel}"
    trouve = re.search(rf"http\S+{chemin}\S+", corps[0])
    assert trouve, corps[0]
    return trouve.group(0)


def ouvre_son_lien(scene: Scene, qui: str, code: str, courriel: str) -> Page:
    """The company or the young person, on a phone, from the message."""
    page = scene.fenetre(qui, "telephone")
    page.goto(dernier_lien(code, courriel))
    return page


# --- The steps -------------------------------------------------------------------------------------


def l_acheteur_declare(scene: Scene) -> None:
    page = scene.chez("acheteur")
    lit(page, "Rien ne vous attend")
    page.goto("/marches/")
    suit(page, "Déclarer un marché")
    titre(page, "Déclarer un marché")
    ecrit(
        page,
        reference="2026-117",
        objet="Entretien des espaces verts",
        objet_detaille="Tonte, taille et plantations dans douze squares.",
        montant_ferme="150 000",
        date_notification="2026-09-16",
        date_fin_clause="2028-09-15",
        date_fin_reconduction="2029-09-15",
    )
    presse(page, "Enregistrer et continuer")
    page.get_by_label("SIRET de l’entreprise").fill(SIRETS[0])
    page.get_by_label("Nom de l’entreprise").fill(ENTREPRISE)
    presse(page, "Enregistrer et continuer")
    lit(page, "150 000 € sur la période ferme : nous proposons 300 h.", "Pourquoi ces heures ?", "Annexe acheteurs")
    expect(page.get_by_role("radio")).to_have_count(2)  # 150 h is shorter; nothing is longer than what is proposed
    coche(page.get_by_role("radio", name="300 h (proposé)"))
    presse(page, "Enregistrer et continuer")
    l_acheteur_ecrit_l_offre(page)
    lit(page, "Rien n’est encore parti", "Dominique Leroy", "L’offre est publiée quand l’entreprise dit")
    presse(page, "Envoyer à l’entreprise")
    titre(page, "Entretien des espaces verts")
    attend_quelqu_un(page, "nous sommes prêts", ENTREPRISE, "il reste 14 jours")


def l_acheteur_ecrit_l_offre(page: Page) -> None:
    ecrit(
        page,
        intitule=TITRE,
        missions="Désherber, planter, entretenir les outils avec l'équipe.",
        commune="Roubaix (59100)",
        date_debut="2026-10-06",
        date_fin="2027-11-30",
        referent_nom="Dominique Leroy",
        referent_fonction="Cheffe d'équipe",
        referent_courriel=REFERENT,
        second_nom="Claude Petit",
        second_courriel=RRH,
    )
    coche(page.get_by_role("checkbox", name="Service à la personne"))
    presse(page, "Enregistrer et continuer")


def l_entreprise_est_prete(scene: Scene) -> None:
    page = ouvre_son_lien(scene, "entreprise", "parcours.fiche_a_confirmer", REFERENT)
    titre(page, "Confirmez votre offre d’accueil")
    lit(page, "Bonjour Dominique Leroy", "L’adresse du lieu de travail", "300 h", "Ville de Lille")
    presse(page, "Nous sommes prêts")
    lit(page, "il manque encore")
    for partie in ("2. Le référent", "4. Ce que le jeune fera", "6. L’entreprise"):  # complete or optional: folded
        page.locator("summary", has_text=partie).click()
    ecrit(
        page,
        adresse="3 rue des Jardins",
        referent_telephone="06 12 34 56 78",
        taches="Désherber, planter, entretenir les outils avec l'équipe.",
        poste_travail="Dehors, avec l'équipe de quatre jardiniers.",
        effectif="45",
        transport="Métro Eurotéléport.",
    )
    coche(page.get_by_role("group", name="La tenue de travail").get_by_role("radio", name="Oui"))
    presse(page, "Nous sommes prêts")
    titre(page, "Votre offre d’accueil")
    lit(page, "L’offre est publiée, vous n’avez rien à faire", "MLDS de Lille", "Ville de Lille")


def un_visiteur_cherche(scene: Scene) -> None:
    """Found with a typing mistake and a town; the public page says level 1, nothing else."""
    page = scene.fenetre("visiteur", "telephone")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.goto("/offres/")
    page.get_by_label("Métier, mot, entreprise").fill("espasses vert")
    page.get_by_label("Ville ou code postal").fill("Tourcoing")
    presse(page, "Rechercher")
    lit(page, "1 offre", TITRE, ENTREPRISE, "Roubaix", "km")
    suit(page, TITRE)
    titre(page, TITRE)
    lit(page, "Désherber, planter", "300 h", "Se connecter pour réserver")
    ne_lit_pas(page, REFERENT, "Dominique Leroy", "Claude Petit", "Eurotéléport")
    scene.offre = page.url


def le_tuteur_ouvre_un_dossier_et_reserve(scene: Scene) -> None:
    page = scene.chez("tuteur", adresse="/jeunes/")
    suit(page, "Ouvrir un dossier")
    ecrit(
        page,
        prenom=PRENOM,
        nom=NOM,
        date_naissance="2009-03-14",
        commune="Tourcoing",
        telephone="06 00 00 00 01",
        courriel=COURRIEL_JEUNE,
        representant_1_nom="Odile Quévilly",
        representant_1_lien="mère",
        representant_1_telephone="06 00 00 00 02",
        volontaire_le="2026-10-05",
        profil="Aime être dehors, se lève tôt.",
        contraintes="Suivi médical le mercredi.",
    )
    coche(page.get_by_role("checkbox", name="Service à la personne"))
    coche(page.get_by_role("group", name="Durée souhaitée").get_by_role("radio", name="300 h"))
    presse(page, "Ouvrir le dossier")
    titre(page, f"{PRENOM} {NOM}")
    raisons = page.locator("article", has_text=TITRE).get_by_role("list", name="Pourquoi cette offre")
    for raison in ("km", "Domaine souhaité : Service à la personne", "Durée souhaitée : 300 h", "s’est dite prête"):
        expect(raisons).to_contain_text(raison)
    page.get_by_role("link", name=f"Réserver « {TITRE} »").click()
    titre(page, "Réserver cette offre")
    lit(page, "10 jours ouvrés", "à vous seul")
    presse(page, "Réserver")
    lit(page, "L’offre est réservée", "Dominique Leroy", REFERENT, "Métro Eurotéléport", "il reste 14 jours")
    attendu(scene.chez("tuteur"), "Envoyer le profil du jeune à l'entreprise", "il reste 14 jours")


def un_autre_tuteur_ne_voit_rien(scene: Scene) -> None:
    page = scene.chez("tuteur_etranger")
    reponse = page.goto(scene.offre)
    assert reponse is not None and reponse.status in (200, 404)
    ne_lit_pas(page, REFERENT, "Dominique Leroy", "Eurotéléport", PRENOM, NOM)
    page.goto(scene.offre + "reserver/")
    lit(page, "réserv")
    ne_lit_pas(page, REFERENT, "Dominique Leroy", PRENOM, NOM)


def le_tuteur_envoie_le_profil(scene: Scene) -> None:
    page = scene.chez("tuteur")
    suit(page, "Envoyer le profil")
    suit(page, "Préparer et envoyer le profil")
    ecrit(page, creneau_1="2026-10-08T14:00", creneau_2="2026-10-09T10:00", creneau_3="2026-10-12T09:30")
    page.get_by_label("CV").set_input_files({"name": "CV.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    presse(page, "Enregistrer et vérifier")
    titre(page, f"Ce que {ENTREPRISE} verra")
    lit(page, f"{PRENOM}, 17 ans", "Aime être dehors", "jeudi 8 octobre 2026 à 14 h", "CV")
    ne_lit_pas_dans_le_corps(page, NOM, "Suivi médical")
    presse(page, "Envoyer à l’entreprise")
    titre(page, f"{PRENOM} {NOM} et {ENTREPRISE}")
    attend_quelqu_un(page, "Répondre", ENTREPRISE, "il reste 15 jours")


def ne_lit_pas_dans_le_corps(page: Page, *textes: str) -> None:
    """What the company will see."""
    for texte in textes:
        expect(page.locator("main")).not_to_contain_text(texte)


def le_jeune_sait_que_c_est_parti(scene: Scene) -> None:
    page = ouvre_son_lien(scene, "jeune", "parcours.profil_jeune", COURRIEL_JEUNE)
    titre(page, "Votre profil est parti")
    lit(page, f"Bonjour {PRENOM}", "au plus tard le mercredi 21 octobre 2026", "vous n’avez rien à faire")


def les_autres_suivent_sans_identite(scene: Scene) -> None:
    page = scene.chez("coordonnateur", adresse="/parcours/")
    lit(page, ENTREPRISE, "Jeune de 17 ans", "il reste 15 jours")
    suit(page, ENTREPRISE)
    titre(page, f"Un jeune de 17 ans proposé à {ENTREPRISE}")
    attend_quelqu_un(page, "Répondre", ENTREPRISE, "il reste 15 jours")
    page = scene.chez("acheteur", adresse="/marches/")
    lit(page, ENTREPRISE, "Répondre", "il reste 15 jours")


def l_entreprise_choisit_un_creneau(scene: Scene) -> None:
    page = ouvre_son_lien(scene, "entreprise", "parcours.profil_entreprise", REFERENT)
    titre(page, "Vous choisissez jeudi 8 octobre 2026 à 14 h")  # the first link of the message: one slot, one button
    ne_lit_pas(page, PRENOM, NOM)
    suit(page, "Voir toute la demande")
    titre(page, f"Un jeune souhaite venir chez {ENTREPRISE}")
    lit(page, "Un jeune de 17 ans", "il reste 15 jours", "2026-117")
    ne_lit_pas(page, PRENOM, NOM)
    presse(page, "Voir son profil")
    lit(page, f"{PRENOM}, 17 ans", "Aime être dehors")
    expect(page.get_by_role("button", name="Ouvrir le CV")).to_be_visible()
    ne_lit_pas(page, NOM, "Suivi médical")
    presse(page, "Je choisis jeudi 8 octobre à 14 h")
    titre(page, "C’est noté")
    lit(page, "Le jeune et son tuteur seront prévenus à 11 h")
    expect(page.get_by_role("button", name="Annuler ma réponse")).to_be_visible()
    scene.horloge.move_to(UNE_HEURE_APRES)
    relever()


def le_jeune_a_rendez_vous(scene: Scene) -> None:
    page = ouvre_son_lien(scene, "jeune", "parcours.rencontre_jeune", COURRIEL_JEUNE)
    titre(page, "Votre rencontre est fixée")
    lit(page, "Jeudi 8 octobre 2026 à 14 h", "3 rue des Jardins", "Ce n’est pas un examen")


def le_tuteur_note_l_accord(scene: Scene) -> None:
    scene.horloge.move_to(APRES_RENCONTRE)
    page = scene.chez("tuteur")
    attendu(page, "Dire comment la rencontre s'est passée", "il reste 4 jours")
    suit(page, "Dire comment la rencontre")
    suit(page, "La rencontre a eu lieu")
    lit(page, "Repris de l’offre")
    ecrit(page, debut="2026-10-12", fin="2026-12-18", heures_prevues="300", heures_hebdo="35")
    coche(page.get_by_role("radio", name="Dominique Leroy"))
    presse(page, "Créer le parcours")
    titre(page, f"Parcours chez {ENTREPRISE}")
    lit(page, "À faire maintenant", "Faire signer la convention")
    attendu(scene.chez("tuteur"), "Faire signer la convention", "il reste 4 jours")
    suit(page, "Faire signer la convention")
    suit(page, "La convention est signée")
    presse(page, "Noter la convention signée")
    lit(page, "Le premier jour est le lundi 12 octobre 2026")
    expect(page.get_by_role("button", name="Le parcours a commencé")).to_be_disabled()
    jeune = ouvre_son_lien(scene, "jeune", "parcours.convention_jeune", COURRIEL_JEUNE)
    titre(jeune, "Votre premier jour approche")
    lit(jeune, "Lundi 12 octobre 2026", "Demandez Dominique Leroy", "Métro Eurotéléport")


def l_entreprise_accueille_et_note_une_semaine(scene: Scene) -> None:
    scene.horloge.move_to(PREMIERE_SEMAINE)
    page = ouvre_son_lien(scene, "entreprise", "parcours.convention_entreprise", REFERENT)
    titre(page, "Un jeune arrive chez vous")
    presse(page, "Oui, il est là")
    lit(page, "le parcours a commencé", "Semaine du 12 octobre 2026")
    presse(page, "Semaine complète (35 h)")
    lit(page, "C’est noté : 35 h la semaine du 12 octobre 2026", "Toutes les semaines sont notées")


def le_tuteur_adapte(scene: Scene) -> None:
    page = scene.chez("tuteur", adresse="/parcours/")
    suit(page, ENTREPRISE)
    lit(page, "35 h", "Tout est à jour")
    suit(page, "Adapter les dates ou le rythme")
    ecrit(page, fin="2026-10-23", heures_hebdo="28", motif="Reprend les cours plus tôt que prévu.")
    presse(page, "Adapter")
    lit(page, "Adaptations", "28 h par semaine (au lieu de 35 h)")
    jeune = ouvre_son_lien(scene, "jeune", "parcours.adapte_jeune", COURRIEL_JEUNE)
    titre(jeune, "Votre parcours est en cours")
    lit(jeune, "Jusqu’au vendredi 23 octobre 2026", "28 h par semaine")


def le_parcours_se_termine(scene: Scene) -> None:
    scene.horloge.move_to(FIN)
    page = scene.chez("tuteur")
    attendu(page, "Clore le parcours et lancer le bilan", "dernier jour aujourd’hui")
    entreprise = ouvre_son_lien(scene, "entreprise", "parcours.adapte", REFERENT)
    lit(entreprise, "Semaine du 19 octobre 2026")
    ecrit(entreprise, heures="26 h 30", absences="Absente vendredi après-midi.")
    presse(entreprise, "Noter ces heures")
    lit(entreprise, "C’est noté : 26 h 30")
    suit(page, "Clore le parcours")
    suit(page, "Clore le parcours")
    lit(page, "61 h 30 faites sur 300 h prévues")
    presse(page, "Clore le parcours")
    titre(page, "Bilan croisé")
    lit(page, "Trois voix, trois signatures", "Attendue", "il reste 14 jours")
    attendu(scene.chez("tuteur"), "Réunir les trois voix du bilan", "il reste 14 jours")


def le_bilan_a_trois_voix(scene: Scene) -> None:
    page = scene.chez("tuteur")
    suit(page, "Réunir les trois voix")
    ecrit(
        page,
        deroulement="Désherbage, plantations, entretien des outils.",
        perspectives="Un CAP de jardinier paysagiste.",
        texte="Une vraie progression.",
    )
    coche(page.get_by_role("group", name="Arriver à l'heure").get_by_role("radio", name="Acquis", exact=True))
    presse(page, "Signer ma partie")
    lit(page, "Les trois voix", "Signée")
    entreprise = ouvre_son_lien(scene, "entreprise", "parcours.bilan_entreprise", REFERENT)
    titre(entreprise, "Le bilan : votre voix")
    ecrit(entreprise, texte="Toujours volontaire.")
    entreprise.get_by_role("button", name="Signer", exact=True).click()
    titre(entreprise, "Merci, votre partie est signée")
    jeune = ouvre_son_lien(scene, "jeune", "parcours.bilan_jeune", COURRIEL_JEUNE)
    titre(jeune, "Votre bilan")
    lit(
        jeune,
        "vous pouvez ne pas être d’accord",
        "Ce que vous savez faire",
        "Une vraie progression",
    )
    coche(jeune.get_by_role("radio", name="D'accord", exact=True))
    ecrit(jeune, texte="J'ai aimé planter.")
    presse(jeune, "Signer mon bilan")
    titre(jeune, "Votre bilan est signé")


def l_acheteur_recoit_la_preuve(scene: Scene) -> None:
    page = scene.chez("acheteur")
    fichier = dernier_lien("parcours.bilan_preuve", scene.d.acheteur.utilisateur.courriel, "/parcours/")
    reponse = page.request.get(fichier)
    assert reponse.ok and reponse.body().startswith(b"%PDF")
    page.goto(fichier.removesuffix("preuve.pdf"))
    lit(page, "Pour un jeune de 17 ans", "61 h 30 sur 300 h")
    suit(page, "Lire la preuve")
    titre(page, "Preuve d’exécution")
    lit(page, "61 h 30", "2026-117", "Désherbage, plantations", "Les signatures du bilan croisé")
    ne_lit_pas(page, "Une vraie progression", "Toujours volontaire", "J'ai aimé planter", "CAP de jardinier")


def le_tuteur_dit_la_suite(scene: Scene) -> None:
    page = scene.chez("tuteur")
    attendu(page, "Noter ce que le jeune fait ensuite", "il reste 30 jours")
    suit(page, "Noter ce que le jeune fait ensuite")
    suit(page, "Noter la suite")
    page.get_by_label("Ce que fait le jeune ensuite").select_option("apprentissage")
    ecrit(page, le="2026-10-23", precisions="Chez un paysagiste.")
    presse(page, "Noter la suite")
    lit(page, "Ce qui vient ensuite", "Contrat d'apprentissage")
    page = scene.chez("tuteur")
    lit(page, "Rien ne vous attend")


def le_coordonnateur_regarde_et_confie(scene: Scene) -> None:
    autre = Fabrique(scene.d).en_cours(
        proposition=Fabrique(scene.d).proposition(
            jeune=scene.d.jeune(prenom=AUTRE_PRENOM, nom=AUTRE_NOM), intitule="Ranger l'atelier"
        )
    )
    page = scene.chez("coordonnateur", adresse="/etat-des-lieux/")
    lit(page, "Académie : Lille", "1 parcours réalisé", "Menuiserie Dubois")
    page.goto(f"/parcours/{autre.pk}/")
    lit(page, "Pour un jeune de 17 ans")
    suit(page, "Confier à un autre territoire")
    page.get_by_label("MLDS qui suivra le parcours").select_option(label="MLDS de Paris")
    ecrit(page, motif="La famille déménage à Paris.")
    presse(page, "Envoyer la demande")
    titre(page, "De MLDS de Lille à MLDS de Paris")
    attend_quelqu_un(page, "Accepter ou refuser le parcours", "MLDS de Paris", "il reste 14 jours")
    accueil = scene.chez("coordonnateur_etranger")
    attendu(accueil, "Accepter ou refuser le parcours confié", "il reste 14 jours")
    suit(accueil, "Accepter ou refuser le parcours")
    ne_lit_pas(accueil, AUTRE_PRENOM, AUTRE_NOM)
    nom = scene.d.tuteur_etranger.utilisateur.nom_complet
    accueil.get_by_label("Tuteur qui suivra le parcours").select_option(label=nom)
    presse(accueil, "Accepter le parcours")
    lit(accueil, "accepté")
    assert Parcours.objects.get(pk=autre.pk).organisation == scene.d.tuteur_etranger.organisation


def une_entreprise_propose_et_l_equipe_accepte(scene: Scene) -> None:
    page = scene.fenetre("visiteur", "telephone")
    page.goto("/proposer-un-parcours/")
    ecrit(
        page,
        organisation="Atelier du Viaduc",
        siret=SIRETS[1],
        contact_nom="Sacha Martin",
        contact_courriel="sacha@viaduc.example",
        intitule="Découvrir un atelier de menuiserie",
        taches="Poncer, assembler, ranger le bois.",
        adresse="8 quai du Viaduc",
        commune="Lille",
        date_debut="2026-11-02",
        date_fin="2027-06-30",
    )
    coche(page.get_by_role("checkbox", name="Logistique"))
    coche(page.get_by_role("radio", name="150 h"))
    page.locator("main form").get_by_role("button").last.click()
    titre(page, "Merci, c’est reçu")
    page.goto(dernier_lien("parcours.proposition_recue", "sacha@viaduc.example"))
    titre(page, "Votre proposition de parcours")
    attend_quelqu_un(page, "Répondre à l'entreprise", "équipe nationale", "il reste 7 jours")
    national = scene.chez("national")
    attendu(national, "Répondre à l'entreprise qui propose un parcours", "il reste 7 jours")
    suit(national, "Répondre à l'entreprise")
    lit(national, "Sacha Martin", "attend votre réponse")
    presse(national, "Accepter la proposition")
    attend_quelqu_un(national, "nous sommes prêts", "Atelier du Viaduc", "il reste")
    page.goto(dernier_lien("parcours.proposition_acceptee", "sacha@viaduc.example"))
    titre(page, "Confirmez votre offre d’accueil")


def personne_n_a_lu_de_nom(scene: Scene) -> None:
    """Neither in a message, nor on any page or file a buyer or a coordinator was given."""
    prives = [PRENOM, NOM, AUTRE_PRENOM, AUTRE_NOM]
    for message in Message.objects.order_by("cree_le"):
        for mot in prives:
            assert mot not in f"{message.sujet} {message.corps}", f"{mot} dans {message.code}"
    for qui in (scene.d.acheteur, scene.d.coordonnateur):
        pages = scene.lu.par(qui)
        assert len(pages) > 5
        for adresse, contenu in pages:
            for mot in prives:
                assert mot.encode() not in contenu, f"{mot} dans {adresse}"
    acheteur = scene.lu.par(scene.d.acheteur)
    assert any(contenu.startswith(b"%PDF") for _, contenu in acheteur)
    assert any(ENTREPRISE.encode() in contenu for _, contenu in acheteur)  # what is kept is what is read
    assert set(scene.lu.imprimes) == {"parcours/bilan/preuve_pdf.html"}
    for mot in prives:
        assert mot not in scene.lu.imprimes["parcours/bilan/preuve_pdf.html"]


ETAPES = (
    l_acheteur_declare,
    l_entreprise_est_prete,
    un_visiteur_cherche,
    le_tuteur_ouvre_un_dossier_et_reserve,
    un_autre_tuteur_ne_voit_rien,
    le_tuteur_envoie_le_profil,
    le_jeune_sait_que_c_est_parti,
    les_autres_suivent_sans_identite,
    l_entreprise_choisit_un_creneau,
    le_jeune_a_rendez_vous,
    le_tuteur_note_l_accord,
    l_entreprise_accueille_et_note_une_semaine,
    le_tuteur_adapte,
    le_parcours_se_termine,
    le_bilan_a_trois_voix,
    l_acheteur_recoit_la_preuve,
    le_tuteur_dit_la_suite,
    le_coordonnateur_regarde_et_confie,
    une_entreprise_propose_et_l_equipe_accepte,
    personne_n_a_lu_de_nom,
)


def test_de_la_clause_au_bilan_signe(scene: Scene) -> None:
    for etape in ETAPES:
        etape(scene)
