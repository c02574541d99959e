"""The bilan's pages: the tutor's, the company's, the young person's; the proof on screen and on paper."""

import re
import zlib

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from raccord.parcours.enums import Competence, EtatParcours
from raccord.parcours.models import Bilan
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

LONG = "œ" * 3_001


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def grille(niveau: str = "acquis") -> dict[str, str]:
    return {f"niveau_{competence.value}": niveau for competence in Competence}


def partie(client: Client, adresse: str, **champs: str) -> dict[str, str]:
    """What a browser would send: the version that was read, and what is typed."""
    version = BeautifulSoup(client.get(adresse).content, "html.parser").select_one("input[name=version]")
    return {"version": version["value"] if version else "", **champs}


def texte_du_pdf(octets: bytes) -> str:
    """Every string WeasyPrint wrote in clear in the document's structure: titles and metadata."""
    morceaux = [octets.decode("latin-1")]
    for flux in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", octets, re.S):
        try:
            morceaux.append(zlib.decompress(flux).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(morceaux)


def test_le_tuteur_ecrit_garde_signe(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    client, adresse = fabrique.d.tuteur.client(), f"/parcours/{parcours.pk}/bilan/"
    html = client.get(adresse).content.decode()
    assert "Préparer les commandes" in html and parcours.jeune.nom in html
    donnees = partie(
        client, adresse, deroulement="Commandes puis chantier.", perspectives="Un CAP.", texte="Bravo.", **grille()
    )
    assert client.post(adresse, donnees | {"geste": "garder"}).status_code == 302
    bilan = Bilan.objects.get(parcours=parcours)
    assert bilan.deroulement == "Commandes puis chantier." and bilan.evaluations.count() == 10
    second = client.post(adresse, donnees | {"geste": "garder"}, follow=True)
    assert "déjà fait" in second.content.decode() and second.redirect_chain
    donnees["version"] = partie(client, adresse)["version"]
    for faute, mots in (
        ({"texte": ""}, "au moins une phrase"),
        ({"texte": LONG}, "trop long"),
        ({"deroulement": f"{parcours.jeune.prenom} a rangé."}, "remplacez le nom"),
        ({"niveau_gestes": "zzz"}, "réponse de la liste"),
    ):
        refus = client.post(adresse, donnees | faute | {"geste": "signer"})
        corps = refus.content.decode()
        assert refus.status_code == 422 and mots in corps, mots
        assert "Un CAP." in corps
    assert client.post(adresse, donnees | {"geste": "signer"}).status_code == 302
    encore = client.post(adresse, donnees | {"geste": "signer"}, follow=True).content.decode()
    assert "déjà signé" in encore
    lu = client.get(adresse).content.decode()
    assert "<textarea" not in lu and "Rouvrir pour corriger" in lu


def test_la_grille_vide_se_dit(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    client, adresse = fabrique.d.tuteur.client(), f"/parcours/{parcours.pk}/bilan/"
    donnees = partie(client, adresse, deroulement="x", perspectives="", texte="Bravo.", geste="signer", **grille(""))
    assert "au moins une compétence" in client.post(adresse, donnees).content.decode()


def test_qui_ouvre_le_bilan(fabrique: Fabrique) -> None:
    d = fabrique.d
    for parcours in (fabrique.termine(), fabrique.bilan_signe(referent=d.rrh)):
        for qui, statut in (
            (d.tuteur, 200),
            (d.tuteur_collegue, 200),
            (d.tuteur_etranger, 404),
            (d.coordonnateur, 403),
            (d.national, 403),
            (d.acheteur, 403),
            (d.acheteur_etranger, 404),
        ):
            client = qui.client()
            assert client.get(f"/parcours/{parcours.pk}/bilan/").status_code == statut, qui.adhesion.role
            assert client.get(f"/parcours/{parcours.pk}/bilan.pdf").status_code == statut
            if qui is not d.tuteur:
                attendu = 404 if statut == 404 else 403
                for suite in ("bilan/", "bilan/relancer/", "bilan/rouvrir/", "bilan/sans/jeune/"):
                    assert client.post(f"/parcours/{parcours.pk}/{suite}", {"texte": "x"}).status_code == attendu
    assert d.tuteur.client().get(f"/parcours/{fabrique.convenu(referent=d.rrh).pk}/bilan/").status_code == 409
    assert d.tuteur.client().get(f"/parcours/{parcours.pk}/bilan/sans/tuteur/").status_code == 404


def test_deux_redacteurs_le_second_compare(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.termine()
    tuteur, adresse = fabrique.d.tuteur.client(), f"/parcours/{parcours.pk}/bilan/"
    lien = fabrique.lien_entreprise("parcours.bilan_entreprise", parcours)
    vu_tuteur = partie(tuteur, adresse, deroulement="Le mien.", perspectives="", texte="", **grille("en_cours"))
    vu_entreprise = partie(client, lien, texte="Sérieux.", **grille("acquis"))
    assert client.post(lien, vu_entreprise | {"geste": "garder"}).status_code == 302
    refus = tuteur.post(adresse, vu_tuteur | {"geste": "garder"})
    html = refus.content.decode()
    assert refus.status_code == 422 and "rc-comparaison" in html and "Le mien." in html
    version = BeautifulSoup(html, "html.parser").select_one("input[name=version]")["value"]
    assert tuteur.post(adresse, vu_tuteur | {"geste": "garder", "version": version}).status_code == 302


def test_l_entreprise_ecrit_signe_garde_sa_copie(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.termine()
    lien = fabrique.lien_entreprise("parcours.bilan_entreprise", parcours)
    donnees = partie(client, lien, texte="Toujours à l'heure.", **grille())
    assert "au moins une phrase" in client.post(lien, donnees | {"texte": "", "geste": "signer"}).content.decode()
    assert client.post(lien, donnees | {"geste": "signer"}).status_code == 302
    assert "votre partie est signée" in client.get(lien).content.decode()
    assert client.get(lien + "?document=pdf")["Content-Type"].startswith("text/html")
    fabrique.voix_tuteur(parcours, niveaux=None)
    fabrique.voix_jeune(parcours)
    lu = client.get(lien).content.decode()
    assert "Une vraie progression" in lu and "J&#x27;ai aimé le bois" in lu
    assert client.get(lien + "?document=pdf")["Content-Type"] == "application/pdf"
    assert client.post(lien, donnees | {"geste": "signer"}).status_code == 302  # the same, sent again
    refus = client.post(lien, donnees | {"texte": "Autre chose.", "geste": "signer"})
    assert refus.status_code == 422 and "plus rien ne" in refus.content.decode()


def test_le_jeune_lit_dit_signe_garde(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.termine()
    lien = fabrique.lien_jeune("parcours.bilan_jeune", parcours)
    assert "Votre bilan se prépare" in client.get(lien).content.decode()
    fabrique.voix_tuteur(parcours)
    html = client.get(lien).content.decode()
    assert "Ce que vous savez faire" in html and "Une vraie progression" in html
    for faute in ({"accord": "", "texte": "x"}, {"accord": "oui", "texte": ""}, {"accord": "oui", "texte": LONG}):
        assert client.post(lien, faute | {"geste": "signer"}).status_code == 422
    mots = {"accord": "non", "texte": "Je n'ai pas aimé être seul. 🙂 مرحبا"}
    assert client.post(lien, mots | {"geste": "garder"}).status_code == 302
    assert "Je n&#x27;ai pas aimé" in client.get(lien).content.decode()
    assert client.post(lien, mots | {"geste": "signer"}).status_code == 302
    fabrique.voix_entreprise(parcours)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.BILAN_SIGNE
    assert "Pas d’accord avec ce bilan" in client.get(lien).content.decode().replace("&#x27;", "’").replace("'", "’")
    assert client.get(lien + "?document=pdf").content.startswith(b"%PDF-1.7")
    vers = client.post(fabrique.lien_jeune("parcours.jeune", parcours), {"geste": "bilan"})
    assert vers.status_code == 302 and client.get(vers.url.replace("http://localhost:8000", "")).status_code == 200


def test_du_suivi_au_bilan_pour_l_entreprise(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.termine()
    suivi = fabrique.lien_entreprise("parcours.suivi", parcours)
    vers = client.post(suivi, {"geste": "bilan"})
    assert (
        vers.status_code == 302
        and "Le bilan : votre voix" in client.get(vers.url.replace("http://localhost:8000", "")).content.decode()
    )


def test_conclure_sans_une_voix(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    client, adresse = fabrique.d.tuteur.client(), f"/parcours/{parcours.pk}/bilan/sans/jeune/"
    assert "Signez d&#x27;abord" in client.get(adresse).content.decode()
    assert client.post(adresse, {"raison": "x"}).status_code == 422
    assert client.post(adresse, {"raison": ""}).status_code == 422


# --- The proof -------------------------------------------------------------------------------------

INTERDITS: tuple[str, ...] = (
    "Une vraie progression",
    "Toujours à l",
    "aimé le bois",
    "CAP de menuisier",
    "acquis",
    "d'accord",
)


def test_la_preuve_pour_l_acheteur(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.bilan_signe()
    for qui in (d.acheteur, d.acheteur_collegue, d.coordonnateur, d.national, d.tuteur):
        html = qui.client().get(f"/parcours/{parcours.pk}/preuve/").content.decode()
        for attendu in ("2026-042", "Menuiserie Dubois", "Ville de Lille", "Un jeune accompagné par la MLDS de Lille"):
            assert attendu in html
        texte = BeautifulSoup(html, "html.parser").main.get_text()
        assert "150\u00a0h" in texte and "31 août 2026" in texte and "Commandes, atelier, chantier" in texte
        for interdit in (*INTERDITS, parcours.jeune.prenom, parcours.jeune.nom, "17 ans"):
            assert interdit not in texte, interdit
    for qui in (d.acheteur_etranger, d.tuteur_etranger, d.coordonnateur_etranger):
        for suite in ("preuve/", "preuve.pdf"):
            assert qui.client().get(f"/parcours/{parcours.pk}/{suite}").status_code == 404


def test_pas_de_preuve_avant_la_derniere_voix(fabrique: Fabrique) -> None:
    parcours = fabrique.termine()
    fabrique.voix_tuteur(parcours)
    for suite in ("preuve/", "preuve.pdf"):
        reponse = fabrique.d.acheteur.client().get(f"/parcours/{parcours.pk}/{suite}")
        assert reponse.status_code == 409 and "pas encore signé" in reponse.content.decode()


def test_le_pdf_est_accessible_et_ne_nomme_personne(fabrique: Fabrique) -> None:
    parcours = fabrique.bilan_signe()
    reponse = fabrique.d.acheteur.client().get(f"/parcours/{parcours.pk}/preuve.pdf")
    assert reponse["Content-Type"] == "application/pdf" and "no-store" in reponse["Cache-Control"]
    octets = reponse.content
    assert b"pdfuaid" in octets or b"pdfuaid" in texte_du_pdf(octets).encode("latin-1", "ignore")
    brut = texte_du_pdf(octets)
    assert "/Lang (fr)" in brut and "/StructTreeRoot" in brut and "/Title" in brut
    assert "+Raccord/" in brut and "+Raccord-Bold/" in brut
    for interdit in (parcours.jeune.prenom, parcours.jeune.nom, "progression"):
        assert interdit not in brut
    assert len(octets) < 200_000


def test_la_preuve_masque_un_nom_oublie(fabrique: Fabrique) -> None:
    """Words written before our own care, or agreed at the meeting with the name in them."""
    parcours = fabrique.bilan_signe()
    jeune = parcours.jeune
    Bilan.objects.filter(parcours=parcours).update(
        deroulement=f"{jeune.prenom} {jeune.nom.upper()} a rangé, puis {jeune.prenom} a livré."
    )
    html = fabrique.d.acheteur.client().get(f"/parcours/{parcours.pk}/preuve/").content.decode()
    assert "le jeune a rangé, puis le jeune a livré" in html
    assert jeune.prenom not in html and jeune.nom.upper() not in html


def test_une_voix_manquante_se_dit_sans_raison(fabrique: Fabrique) -> None:
    parcours = fabrique.bilan_signe()
    parcours.bilan.voix.filter(auteur="jeune").update(signee_le=None, non_recueillie="Trois appels sans réponse.")
    html = fabrique.d.acheteur.client().get(f"/parcours/{parcours.pk}/preuve/").content.decode()
    assert "Voix non recueillie" in html and "Trois appels" not in html
    assert "Trois appels" in fabrique.d.tuteur.client().get(f"/parcours/{parcours.pk}/bilan/").content.decode()
