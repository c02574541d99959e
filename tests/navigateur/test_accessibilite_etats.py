"""The states that the matrix does not name, the pages of links, the error pages, and what hands do on a keyboard.

What is examined: see `visite.Visite`. An error in the console fails in `ouvrir`.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.jeunes.actions import fiche
from raccord.jeunes.enums import Lecteurs
from raccord.jeunes.messages import lien_du_jeune, lien_du_parent
from raccord.jeunes.models import AccesJeune, RepresentantLegal
from raccord.parcours.actions.reponse import demander_rappel
from raccord.parcours.messages.envoi import lien_du_marche
from raccord.parcours.models import Offre
from tests import fabriques_positionnement as propositions
from tests.distribution import LILLE, ROUBAIX, Distribution, contact
from tests.etats import parcours_en_etat, positionnement_en_etat
from tests.fabriques_offres import offre_en
from tests.fabriques_parcours import Fabrique
from tests.navigateur.conftest import Ouvrir
from tests.navigateur.visite import Visite, violations

SAINT_DENIS = "97411"
pytestmark = pytest.mark.usefixtures("horloge")


# --- States that the matrix does not name ----------------------------------------------------------


def test_pages_garnies_du_tuteur(visite: Visite) -> None:
    """With suggestions, waits, papers, weeks, voices."""
    d, fabrique = visite.monde.distribution, Fabrique(visite.monde.distribution)
    for i in range(3):
        offre_en(ROUBAIX, nom_entreprise=f"Entreprise au nom plutôt long numéro {i}", prete_le=timezone.now())
    libre, refusee, contre = d.jeune(heures_souhaitees=300), propositions.refuse(d), propositions.contre_propose(d)
    envoyee, prete, fixee = propositions.transmis(d), propositions.prepare(d), propositions.rencontre_fixee(d)
    visite.entrer("tuteur")
    visite.voir(reverse("echeances:ma_journee"), "ma journée du tuteur")
    visite.voir(reverse("jeunes:jeune", args=[libre.pk]), "jeune avec suggestions")
    visite.voir(reverse("jeunes:liste"), "jeunes")
    visite.voir(reverse("parcours:liste"), "liste des parcours")
    visite.voir(reverse("parcours:reservation", args=[prete.reservation.pk]), "réservation")
    visite.voir(reverse("parcours:offre", args=[prete.reservation.offre_id]), "offre réservée par moi")
    visite.voir(reverse("parcours:positionnement_apercu", args=[prete.pk]), "aperçu du profil")
    for proposition in (envoyee, contre, fixee, refusee):
        visite.voir(reverse("parcours:positionnement", args=[proposition.pk]), f"proposition {proposition.etat}")
    visite.voir(reverse("parcours:rencontre_absence", args=[fixee.pk]), "rencontre manquée")
    for etat in ("convention_a_signer", "a_venir", "interrompu", "annule"):
        d.referent = contact(d.entreprise)
        visite.voir(reverse("parcours:parcours", args=[parcours_en_etat(d, etat).pk]), f"parcours {etat}")
    d.referent = contact(d.entreprise)
    en_cours = fabrique.en_cours()
    d.referent = contact(d.entreprise)
    fini = fabrique.bilan_signe()
    visite.voir(reverse("parcours:parcours", args=[en_cours.pk]), "parcours en cours")
    visite.voir(reverse("parcours:heures", args=[en_cours.pk]), "heures")
    visite.voir(reverse("parcours:parcours", args=[fini.pk]), "parcours au bilan signé")
    visite.voir(reverse("parcours:bilan", args=[fini.pk]), "bilan signé")
    visite.conclure(au_moins=18)


def test_pages_garnies_des_autres(visite: Visite) -> None:
    """What those who never read a name see."""
    d, fabrique = visite.monde.distribution, Fabrique(visite.monde.distribution)
    envoyee, fini = propositions.transmis(d), fabrique.bilan_signe()
    d.referent = contact(d.entreprise)
    en_cours = fabrique.en_cours()
    for i in range(4):
        offre_en(ROUBAIX, nom_entreprise=f"Entreprise {i}", date_fin=timezone.localdate() + dt.timedelta(days=90))
    for colonne in ("acheteur", "coordonnateur", "national"):
        visite.entrer(colonne)
        visite.voir(reverse("echeances:ma_journee"), f"ma journée ({colonne})")
        visite.voir(reverse("parcours:positionnement", args=[envoyee.pk]), f"proposition ({colonne})")
        visite.voir(reverse("parcours:parcours", args=[en_cours.pk]), f"parcours en cours ({colonne})")
        visite.voir(reverse("parcours:parcours", args=[fini.pk]), f"parcours au bilan signé ({colonne})")
    visite.voir(reverse("parcours:etat_des_lieux"), "état des lieux national")
    visite.voir(reverse("marches:liste"), "tous les marchés")
    visite.entrer("acheteur")
    visite.voir(reverse("marches:liste"), "mes marchés")
    visite.voir(reverse("marches:marche", args=[fini.offre.engagement.marche_id]), "marché")
    visite.entrer("coordonnateur")
    visite.voir(reverse("parcours:etat_des_lieux"), "état des lieux")
    visite.entrer("visiteur")
    visite.voir(reverse("parcours:offres"), "offres")
    visite.voir(reverse("parcours:offres") + "?q=logistik&lieu=Tourcoing", "offres près d'une ville")
    visite.voir(reverse("parcours:offres") + "?q=astronaute&lieu=Nullepart", "offres introuvables")
    visite.conclure(au_moins=18)


# --- Pages of links --------------------------------------------------------------------------------


def test_pages_des_liens(visite: Visite) -> None:
    """Every kind, in the states where somebody acts, on nobody's account."""
    d, monde, fabrique = visite.monde.distribution, visite.monde, Fabrique(visite.monde.distribution)
    deja = {"deroulement": "Atelier, chantier.", "texte": "Bravo."}
    en_cours = fabrique.en_cours()
    d.referent = contact(d.entreprise)
    termine = fabrique.termine()
    d.referent = contact(d.entreprise)
    signe = fabrique.bilan_signe()
    d.referent = contact(d.entreprise)
    fabrique.voix_tuteur(termine, **deja)
    a_venir, envoyee = parcours_en_etat(d, "a_venir"), positionnement_en_etat(d, "transmis")
    fixee, refusee = positionnement_en_etat(d, "rencontre_fixee"), positionnement_en_etat(d, "refuse")

    def entreprise(action: str, objet: Any) -> str:
        return liens.creer_pour_contact(action, objet.pk, d.referent).removeprefix(settings.ADRESSE_PUBLIQUE)

    def acheteur(offre: Offre) -> str:
        assert offre.engagement
        marche = offre.engagement.marche
        return lien_du_marche(marche, contact(marche.acheteur)).removeprefix(settings.ADRESSE_PUBLIQUE)

    def jeune(action: str, objet: Any) -> str:
        return liens.creer_pour_jeune(action, objet.pk, objet.jeune.pk).removeprefix(settings.ADRESSE_PUBLIQUE)

    def parent(objet: Any) -> str:
        odile = RepresentantLegal.objects.create(
            jeune=objet.jeune, nom="Odile", lien="mère", courriel="o@essai.example"
        )
        adresse = liens.creer_pour_representant("parcours.representant", objet.pk, odile.pk)
        return adresse.removeprefix(settings.ADRESSE_PUBLIQUE)

    appelee, choisie_le = propositions.transmis(d), propositions.accepte(d, creneaux=[propositions.jour(9)])
    demander_rappel(
        d.contexte_referent,
        appelee.pk,
        telephone="+33601020304",
        jour=propositions.jour(2).date(),
        moitie="matin",
    )
    demandee = monde.offre_publiee.referent
    assert demandee is not None
    verifier = liens.creer_pour_contact("parcours.contact", demandee.organisation_id, demandee)
    garni = en_cours.jeune
    assert garni is not None
    dossier = lien_du_jeune(garni).removeprefix(settings.ADRESSE_PUBLIQUE)
    ouvert = AccesJeune.objects.create(jeune=garni, organisation=d.tuteur_etranger.organisation, motif="relais")
    textes = fiche.Textes(aide="Qu'on me montre une fois.", eviter="Le bruit.")
    fiche.approuver(d.contexte_jeune(garni.pk), textes, lecteurs=Lecteurs.ENTREPRISE)
    odile = RepresentantLegal.objects.create(jeune=garni, nom="Odile", lien="mère", courriel="o@essai.example")
    a_remplir = entreprise("parcours.fiche", monde.offre_a_confirmer)
    adresses: Iterable[tuple[str, str]] = (
        ("fiche", a_remplir),
        ("fiche publiée", entreprise("parcours.fiche", monde.offre_publiee)),
        ("proposition spontanée", entreprise("parcours.proposition", monde.offre_a_instruire)),
        ("répondre", repondre := entreprise("parcours.repondre", envoyee)),
        ("répondre : autres créneaux", repondre + "?faire=proposer"),
        ("répondre : refuser", repondre + "?faire=refuser"),
        ("répondre : être rappelé", repondre + "?faire=rappeler"),
        ("répondre : rien à annuler", repondre + "?faire=annuler"),
        ("répondre : un moment choisi", f"{repondre}?choisir={envoyee.creneaux.order_by('debut')[0].pk}"),
        ("un appel est dû", entreprise("parcours.repondre", appelee)),
        ("rencontre choisie à l'instant", choisie := entreprise("parcours.repondre", choisie_le)),
        ("annuler sa réponse", choisie + "?faire=annuler"),
        ("êtes-vous toujours la bonne personne", verifier.removeprefix(settings.ADRESSE_PUBLIQUE)),
        ("contacts, acheteur sans compte", f"{acheteur(monde.offre_publiee)}?contacts={monde.offre_publiee.pk}"),
        ("rencontre fixée", entreprise("parcours.repondre", fixee)),
        ("réponse refusée", entreprise("parcours.repondre", refusee)),
        ("créneaux proposés", entreprise("parcours.repondre", propositions.contre_propose(d))),
        ("un jeune arrive", entreprise("parcours.suivi", a_venir)),
        ("heures de la semaine", suivi := entreprise("parcours.suivi", en_cours)),
        ("signaler", suivi + "?ecran=signaler"),
        ("fiche du jeune, lue par l'entreprise", suivi + "?ecran=fiche"),
        ("suivi terminé", entreprise("parcours.suivi", termine)),
        ("bilan, voix de l'entreprise", entreprise("parcours.bilan_entreprise", termine)),
        ("bilan signé, entreprise", entreprise("parcours.bilan_entreprise", signe)),
        ("marché, acheteur sans compte", corriger := acheteur(monde.offre_a_confirmer)),
        ("marché, acheteur : corriger l'offre", f"{corriger}?offre={monde.offre_a_confirmer.pk}"),
        ("marché en cours, acheteur", acheteur(en_cours.offre)),
        ("preuve, acheteur", f"{acheteur(signe.offre)}?preuve={signe.pk}"),
        ("jeune : profil parti", jeune("parcours.jeune", envoyee)),
        ("jeune : rencontre", jeune("parcours.jeune", fixee)),
        ("jeune : piste arrêtée", jeune("parcours.jeune", refusee)),
        ("jeune : premier jour", jeune("parcours.jeune", a_venir)),
        ("jeune : en cours", mien := jeune("parcours.jeune", en_cours)),
        ("jeune : prévenir", mien + "?ecran=signaler"),
        ("jeune : fini", jeune("parcours.jeune", termine)),
        ("jeune : bilan", jeune("parcours.bilan_jeune", termine)),
        ("jeune : bilan signé", jeune("parcours.bilan_jeune", signe)),
        ("parent : profil parti", parent(envoyee)),
        ("parent : rencontre", parent(fixee)),
        ("parent : piste arrêtée", parent(refusee)),
        ("parent : en cours", parent(en_cours)),
        ("parent : bilan signé", parent(signe)),
        ("jeune : qui peut voir mon dossier", dossier),
        ("jeune : sa fiche", dossier + "?ecran=fiche"),
        ("jeune : changer sa fiche", changer := dossier + "?ecran=fiche&faire=changer"),
        ("jeune : demander un retrait", f"{dossier}?ecran=retrait&acces={ouvert.pk}"),
        ("parent : qui peut voir le dossier", lien_du_parent(odile).removeprefix(settings.ADRESSE_PUBLIQUE)),
        ("ce n'est pas moi", a_remplir + "confier/"),
        ("données d'un contact", entreprise("rgpd.donnees", d.referent)),
    )
    for nom, chemin in adresses:
        visite.voir(chemin, nom)
    visite.page.goto(repondre)
    visite.page.get_by_role("button", name="Voir son profil").click()
    visite.examiner("répondre, profil ouvert")
    visite.page.goto(a_remplir)
    for partie in visite.page.locator("main details:not([open]) > summary").all()[::-1]:  # one opened is one less
        partie.click()
    visite.examiner("fiche à remplir, dépliée")
    visite.page.locator("[name=adresse]").fill("")
    visite.page.get_by_role("button", name="Nous sommes prêts").click()
    resume = visite.page.get_by_role("alert").first
    expect(resume).to_contain_text("il manque encore")
    expect(resume).to_be_focused()
    visite.examiner("fiche incomplète")
    for nom, chemin in (
        ("refus", repondre + "?faire=refuser"),
        ("autres créneaux", repondre + "?faire=proposer"),
        ("signaler", suivi + "?ecran=signaler"),
        ("marché : corriger l'offre", f"{corriger}?offre={monde.offre_a_confirmer.pk}"),
        ("voix du jeune", jeune("parcours.bilan_jeune", termine)),
        ("fiche du jeune", changer),
        ("confier", a_remplir + "confier/"),
        ("être rappelé", repondre + "?faire=rappeler"),
        ("contacts, acheteur", f"{acheteur(monde.offre_publiee)}?contacts={monde.offre_publiee.pk}"),
    ):
        visite.mal_remplir(chemin, nom)
    visite.conclure(au_moins=30)


# --- Errors ----------------------------------------------------------------------------------------


def test_pages_d_erreur(visite: Visite) -> None:
    """Each says what to do, as readable as the rest."""
    d = visite.monde.distribution
    adresse = liens.creer_pour_contact("parcours.fiche", visite.monde.offre_a_confirmer.pk, d.referent)
    chemin = adresse.removeprefix(settings.ADRESSE_PUBLIQUE)
    perime, revoque = chemin, liens.creer_pour_contact("parcours.fiche", visite.monde.offre_a_confirmer.pk, d.rrh)
    LienAction.objects.filter(contact=d.referent).update(expire_le=timezone.now() - dt.timedelta(days=1))
    LienAction.objects.filter(contact=d.rrh).update(revoque_le=timezone.now())
    visite.voir(perime, "lien expiré", statut=410)
    visite.voir(revoque.removeprefix(settings.ADRESSE_PUBLIQUE), "lien fermé", statut=410)
    visite.voir(chemin[:-8] + "/", "lien tronqué", statut=404)
    visite.voir(reverse("parcours:offre", args=[uuid4()]), "offre disparue", statut=404)
    visite.voir("/nulle-part/", "adresse inconnue", statut=404)
    visite.voir(f"{chemin}nouveau/", "adresse qui agit", statut=405)
    visite.entrer("acheteur")
    visite.voir(reverse("jeunes:liste"), "refusé", statut=403)
    visite.page.goto(reverse("parcours:retirer", args=[visite.monde.offre_publiee.pk]))
    visite.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    visite.page.get_by_role("textbox").first.fill("L’entreprise a fermé l’atelier où le jeune devait venir.")
    visite.page.get_by_role("button", name="Retirer l’offre").click()
    visite.examiner("session finie")
    assert "fermé l’atelier" in visite.page.get_by_label("Texte 1").input_value()
    visite.entrer("visiteur")
    visite.page.goto("/connexion/")
    visite.page.context.clear_cookies()
    visite.page.get_by_label("Votre adresse").fill("x@y.example")
    visite.page.get_by_role("button", name="Recevoir mon lien").click()
    visite.examiner("formulaire périmé")
    visite.conclure(au_moins=9)


# --- Hands -----------------------------------------------------------------------------------------


def test_au_clavier_seul(ouvrir: Ouvrir) -> None:
    """The skip link comes first and works, the focus is always seen, a refused form is read from its summary."""
    page = ouvrir("bureau")
    page.goto("/connexion/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    assert page.locator(":focus").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    for _ in range(12):
        contour = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; })()"
        )
        assert contour != "nonenone", page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the end of the page
    page.get_by_label("Votre adresse").focus()
    page.keyboard.type("pas une adresse")
    page.keyboard.press("Enter")
    expect(page.locator(".rc-resume")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre adresse")).to_be_focused()
    expect(page.get_by_label("Votre adresse")).to_have_value("pas une adresse")
    expect(page.get_by_label("Votre adresse")).to_have_attribute("aria-invalid", "true")


def test_la_commune_se_choisit_aux_fleches(ouvrir: Ouvrir) -> None:
    """Without a mouse: two letters typed, two arrows, one Enter; Escape closes and keeps what was typed."""
    page = ouvrir("telephone")
    page.goto("/proposer-un-parcours/")
    champ = page.get_by_role("combobox", name="Commune")
    champ.press_sequentially("roub")
    choix = page.get_by_role("option", name=re.compile("Roubaix"))
    expect(choix).to_be_visible()
    expect(champ).to_have_attribute("aria-expanded", "true")
    champ.press("ArrowDown")
    while choix.get_attribute("aria-selected") != "true":
        champ.press("ArrowDown")
    expect(champ).to_have_attribute("aria-activedescendant", choix.get_attribute("id") or "")
    assert violations(page) == []
    champ.press("Enter")
    expect(champ).to_have_value("Roubaix (59100)")
    expect(champ).to_have_attribute("aria-expanded", "false")
    champ.press_sequentially(" ")
    champ.press("Escape")
    expect(champ).to_have_value("Roubaix (59100) ")


def test_la_carte_montre_un_territoire_a_la_fois(ouvrir: Ouvrir, distribution: Distribution) -> None:
    """Offers in the north and in La Réunion: the first frame shows its own, a button goes to the other."""
    offre_en(LILLE, intitule="Au nord")
    offre_en(SAINT_DENIS, intitule="Aux tropiques")
    page = ouvrir("bureau")
    page.goto("/offres/")
    nord, sud = (page.get_by_role("button", name=nom, exact=True) for nom in ("Au nord", "Aux tropiques"))
    expect(nord).to_be_in_viewport()
    expect(sud).not_to_be_in_viewport()
    page.get_by_role("button", name="La Réunion (1)").click()
    expect(sud).to_be_in_viewport()
    expect(page.get_by_role("button", name="La Réunion (1)")).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []
