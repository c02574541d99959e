"""The company's link: no account, all fields, kept or ready, handed over, two editors, where it stands."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import fiche
from raccord.parcours.forms.fiche import FicheForm
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ModifieEntreTemps, TransitionRefusee
from raccord.socle.models import Journal
from tests import fabriques_declaration as f
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db

COMPLETE = {
    "taches": "Désherber, planter, arroser. Un sécateur, c'est une paire de ciseaux pour les branches.",
    "poste_travail": "En extérieur, dans une équipe de quatre.",
    "tenue": "oui",
    "livret_accueil": "on",
    "tickets_restaurant": "on",
    "transport": "Bus 12, arrêt Jardins.",
    "referent_anciennete": "12 ans",
    "referent_experience": "Cheffe d'équipe depuis 2018.",
    "referent_motivation": "On m'a donné ma chance.",
    "taches_deplacement": "Douze squares, en camionnette.",
    "activite": "Espaces verts.",
    "effectif": "48",
    "culture": "On se tutoie.",
}


@pytest.fixture
def offre(distribution: Distribution) -> Offre:
    return f.declaration_envoyee(distribution)


@pytest.fixture
def lien(offre: Offre) -> str:
    return f.lien_recu("parcours.fiche_a_confirmer", "d.leroy@jardins.example")


def remplie(client: Client, lien: str, **champs: Any) -> dict[str, Any]:
    """What a browser sends from the page as it is now, with these fields changed."""
    form = client.get(lien + ("?modifier=1" if "?" not in lien else "")).context["form"]
    donnees = {}
    for champ in form:
        valeur = champ.value()
        if valeur not in (None, "", False):
            donnees[champ.html_name] = "on" if valeur is True else str(valeur)
    return donnees | {nom: valeur for nom, valeur in champs.items() if valeur is not None}


def relire(offre: Offre) -> Offre:
    return Offre.objects.select_related("fiche", "referent", "rrh", "engagement").get(pk=offre.pk)


def test_la_page_rappelle_l_engagement_et_dit_ce_qui_manque(client: Client, lien: str) -> None:
    page = client.get(lien).content.decode()
    assert "Entretien des espaces verts" in page and "Ville de Lille" in page and "300\xa0h" in page
    assert "mots techniques" in page
    assert 'href="#id_poste_travail"' in page and 'href="#id_tenue_0"' in page, "chaque manque mène à sa case"
    assert "Ce n’est pas moi" in page
    assert "Bonjour Dominique Leroy" in page


def parties(page: str) -> dict[str, tuple[bool, str]]:
    """Title of each part → whether it stands open, and what it says it needs."""
    lues = re.findall(
        r'<details class="rc-depliant rc-partie" (open)?>\s*<summary>.*?rc-partie__titre">(.*?)</span>'
        r'(?: <span class="rc-partie__etat">(.*?)</span>)?</span></summary>',
        page,
    )
    return {titre[:2]: (bool(ouvert), etat.replace("\u00a0", " ")) for ouvert, titre, etat in lues}


def test_ce_qui_manque_est_ouvert_le_reste_est_plie(client: Client, lien: str) -> None:
    assert parties(client.get(lien).content.decode()) == {
        "1.": (False, "complet"),
        "2.": (False, "complet"),
        "3.": (False, "complet"),
        "4.": (True, "il manque 2 réponses"),
        "5.": (False, "facultatif"),
        "6.": (False, "facultatif"),
    }
    client.post(lien, remplie(client, lien, garder="1", tenue="oui"))
    page = parties(client.get(lien).content.decode())
    assert page["4."] == (True, "il manque 1 réponse")


def test_une_partie_refusee_s_ouvre_et_rien_n_est_perdu(client: Client, lien: str) -> None:
    saisie = remplie(client, lien, garder="1", rrh_courriel="pas-une-adresse", culture="On se tutoie.")
    reponse = client.post(lien, saisie)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "On se tutoie." in page and "pas-une-adresse" in page
    lues = parties(page)
    assert lues["5."] == (True, "1 réponse à corriger") and all(ouvert for ouvert, _ in lues.values())


def test_ouvrir_le_lien_ne_fait_rien(client: Client, lien: str, offre: Offre) -> None:
    for methode in (client.get, client.head):
        methode(lien)
    assert relire(offre).etat == "a_confirmer"
    assert Attente.objects.ouvertes().filter(code="confirmer_fiche").exists()


def test_enregistrer_puis_dire_pret(client: Client, lien: str, offre: Offre) -> None:
    reponse = client.post(lien, remplie(client, lien, transport="Bus 12.", effectif="48", garder="1"), follow=True)
    assert "C’est gardé" in reponse.content.decode()
    gardee = relire(offre)
    assert (gardee.etat, gardee.fiche.transport, gardee.fiche.effectif) == ("a_confirmer", "Bus 12.", 48)

    reponse = client.post(lien, remplie(client, lien, **COMPLETE, prets="1"), follow=True)
    page = reponse.content.decode()
    assert "L’offre est publiée" in page and "Qui appeler" in page and "MLDS de Lille" in page
    publiee = relire(offre)
    assert publiee.etat == "publiee" and publiee.publiee_le and publiee.prete_le
    assert publiee.fiche.confirmee_le and publiee.fiche.confirmee_par == publiee.referent
    for champ, valeur in COMPLETE.items():
        garde = getattr(publiee.fiche, champ)
        assert (str(garde) if garde is not True else "on") == valeur, champ
    assert publiee.missions == COMPLETE["taches"] and "sécateur" in publiee.texte_recherche
    assert publiee.referent and publiee.referent.verifie_le and publiee.rrh and publiee.rrh.verifie_le
    assert publiee.engagement and publiee.engagement.etat == "confirme"
    assert [a.code for a in Attente.objects.ouvertes()] == ["pourvoir"]
    assert f.messages_envoyes("parcours.offre_publiee_entreprise") == [
        "c.petit@jardins.example",
        "d.leroy@jardins.example",
    ]
    assert len(f.messages_envoyes("parcours.offre_publiee")) == 1
    assert len(f.messages_envoyes("parcours.offre_publiee_territoire")) == 1
    verbes = list(Journal.objects.du_fil(offre.pk).values_list("verbe", flat=True))
    assert "fiche.enregistrer" in verbes and "offre.confirmer" in verbes


@pytest.mark.parametrize(
    ("champ", "mots"),
    [
        ("adresse", "L’adresse"),
        ("referent_nom", "Le nom du référent"),
        ("taches", "Les tâches"),
        ("poste_travail", "Le poste de travail"),
        ("tenue", "La tenue"),
    ],
)
def test_pas_pret_tant_qu_il_manque_quelque_chose(
    client: Client, lien: str, offre: Offre, champ: str, mots: str
) -> None:
    if champ == "referent_nom":
        Offre.objects.filter(pk=offre.pk).update(referent=None)
    boites = {f"referent_{nom}" for nom in ("nom", "fonction", "courriel", "telephone")}
    absents = boites if champ == "referent_nom" else {champ}
    complete = remplie(client, lien, **COMPLETE, prets="1")
    donnees = {nom: valeur for nom, valeur in complete.items() if nom not in absents}
    page = client.post(lien, donnees, follow=True).content.decode()
    resume = page[page.index('id="resume-erreurs"') :]
    assert mots in resume and "Votre saisie est gardée" in resume
    assert "autofocus" in resume[:200], "le résumé se lit d'abord"
    assert f'href="#id_{champ}' in resume[: resume.index("</ul>")], "chaque manque mène à sa case"
    assert relire(offre).etat == "a_confirmer"
    assert relire(offre).fiche.culture == "On se tutoie.", "le reste est gardé"


def test_dire_pret_deux_fois(client: Client, lien: str, offre: Offre) -> None:
    donnees = remplie(client, lien, **COMPLETE, prets="1")
    for _ in range(2):
        reponse = client.post(lien, donnees, follow=True)
        assert reponse.status_code == 200
        assert "L’offre est publiée" in reponse.content.decode()
    assert len(f.messages_envoyes("parcours.offre_publiee")) == 1
    assert Journal.objects.filter(verbe="offre.confirmer").count() == 1


def test_deux_personnes_sur_la_meme_fiche(client: Client, lien: str, offre: Offre) -> None:
    autre_lien = f.lien_recu("parcours.fiche_a_confirmer", "c.petit@jardins.example")
    mienne = remplie(client, lien, culture="On se vouvoie.", transport="Tram T.", garder="1")
    sienne = remplie(Client(), autre_lien, culture="On se tutoie.", garder="1")
    assert Client().post(autre_lien, sienne).status_code == 302
    reponse = client.post(lien, mienne)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "entre-temps" in page
    assert "On se tutoie." in page and "On se vouvoie." in page and "Tram T." in page
    nouvelle = mienne | {"version": reponse.context["form"].data["version"]}
    assert client.post(lien, nouvelle).status_code == 302
    assert relire(offre).fiche.culture == "On se vouvoie."


def test_l_action_aussi_refuse_une_version_depassee(offre: Offre, client: Client, lien: str) -> None:
    form = FicheForm(remplie(client, lien, culture="Première."), version=offre.fiche.version)
    assert form.is_valid()
    contexte = Contexte(role=Role.ENTREPRISE, contact_id=offre.referent_id, organisation_id=offre.entreprise_id)
    fiche.enregistrer(contexte, offre.pk, form.saisie(), version=form.version_lue)
    with pytest.raises(ModifieEntreTemps):
        fiche.enregistrer(contexte, offre.pk, form.saisie(), version=form.version_lue)
    etranger = Contexte(role=Role.ENTREPRISE, contact_id=offre.referent_id, organisation_id=offre.pk)
    with pytest.raises(TransitionRefusee, match="autre entreprise"):
        fiche.enregistrer(etranger, offre.pk, form.saisie(), version="2")
    with pytest.raises(TransitionRefusee, match="autre entreprise"):
        fiche.confirmer(etranger, offre.pk)


def test_une_course_perdue_entre_lecture_et_ecriture_se_compare(
    client: Client, lien: str, offre: Offre, monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = fiche.enregistrer

    def doubler(*args: Any, **kwargs: Any) -> Offre:
        FicheEntreprise.objects.filter(offre=offre).update(version=99, culture="Écrit juste avant.")
        return vrai(*args, **kwargs)

    donnees = remplie(client, lien, culture="Écrit par moi.", garder="1")
    monkeypatch.setattr(fiche, "enregistrer", doubler)
    reponse = client.post(lien, donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Écrit juste avant." in page and "Écrit par moi." in page


def test_corriger_une_coordonnee_ou_changer_de_referent(client: Client, lien: str, offre: Offre) -> None:
    ancien = offre.referent_id
    client.post(lien, remplie(client, lien, referent_telephone="06 99 88 77 66", garder="1"))
    assert relire(offre).referent_id == ancien and relire(offre).referent.telephone == "+33699887766"  # type: ignore[union-attr]
    champs = {
        "referent_nom": "Hugo Blanc",
        "referent_courriel": "h.blanc@jardins.example",
        "referent_fonction": "Jardinier",
    }
    client.post(lien, remplie(client, lien, **champs, garder="1"))
    nouveau = relire(offre).referent
    assert nouveau and nouveau.pk != ancien and nouveau.nom == "Hugo Blanc"
    assert Contact.objects.get(pk=ancien).nom == "Dominique Leroy", "l'histoire ne change pas de nom"
    assert Attente.objects.ouvertes().get().contact_id == nouveau.pk
    assert Client().get(f.lien_recu("parcours.fiche_nouveau_referent", "h.blanc@jardins.example")).status_code == 200


def test_ce_n_est_pas_moi(client: Client, lien: str, offre: Offre) -> None:
    collegue = {"nom": "Inès Roux", "fonction": "Tutrice", "courriel": "i.roux@jardins.example", "telephone": ""}
    assert client.post(lien + "confier/", collegue).status_code == 200
    confiee = relire(offre)
    assert confiee.referent and confiee.referent.nom == "Inès Roux"
    assert Attente.objects.ouvertes().get().contact_id == confiee.referent_id
    assert client.get(lien).status_code == 410
    page = Client().get(f.lien_recu("comptes.lien_confie", "i.roux@jardins.example")).content.decode()
    assert "Bonjour Inès Roux" in page


def test_le_lien_montre_ensuite_ou_en_est_l_offre(client: Client, lien: str, offre: Offre) -> None:
    client.post(lien, remplie(client, lien, **COMPLETE, prets="1"))
    page = client.get(lien).content.decode()
    assert "Modifier la fiche" in page and "Nous sommes prêts" not in page
    reponse = client.post(lien, remplie(client, lien, culture="Une équipe de huit.", garder="1"), follow=True)
    assert "La fiche est à jour" in reponse.content.decode()
    donnees = remplie(client, lien, garder="1")
    del donnees["taches"]
    reponse = client.post(lien, donnees)
    assert reponse.status_code == 422 and "doivent rester remplis" in reponse.content.decode()
    assert relire(offre).fiche.taches == COMPLETE["taches"]
    for etat, mots in (("reservee", "prépare un jeune"), ("en_cours", "en cours"), ("close", "terminée")):
        Offre.objects.filter(pk=offre.pk).update(etat={"close": "en_cours"}.get(etat, etat))
        if etat == "close":
            Offre.objects.filter(pk=offre.pk).update(etat="close")
        assert mots in client.get(lien).content.decode()
    donnees["version"] = str(relire(offre).fiche.version)
    reponse = client.post(lien, donnees | {"taches": "Encore."})
    assert reponse.status_code == 422 and "ne se modifie plus" in reponse.content.decode()


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"taches": "x" * 10_000}, "taches", "trop long"),
        ({"effectif": "-3"}, "effectif", "positif"),
        ({"commune": "Nullepart"}, "commune", "ne trouvons pas"),
        ({"date_fin": "2020-01-01"}, "date_fin", "après la date de début"),
        ({"date_fin": "2044-01-01"}, "date_fin", "période ferme"),
        ({"referent_courriel": "a@b"}, "referent_courriel", "bonne forme"),
        ({"rrh_nom": "", "rrh_courriel": "x@y.example"}, "rrh_nom", "ressources humaines"),
        ({"tenue": "peut-être"}, "tenue", "de la liste"),
    ],
)
def test_chaque_erreur_de_la_fiche_a_sa_phrase(
    client: Client, lien: str, offre: Offre, champs: dict[str, str], champ: str, phrase: str
) -> None:
    donnees = remplie(client, lien, **(COMPLETE | champs), prets="1")
    reponse = client.post(lien, donnees)
    assert reponse.status_code == 422
    assert phrase in " ".join(reponse.context["form"].errors.get(champ, [])), reponse.context["form"].errors
    assert "On se tutoie." in reponse.content.decode(), "rien de ce qui est écrit n'est perdu"
    assert relire(offre).etat == "a_confirmer"


def test_liens_morts_coupes_ou_d_une_autre_entreprise(client: Client, lien: str, distribution: Distribution) -> None:
    assert client.get(lien[:-5] + "/").status_code == 404
    LienAction.objects.filter(action="parcours.fiche").update(expire_le=calendrier.fin_du_jour(dt.date(2020, 1, 1)))
    reponse = client.get(lien)
    assert reponse.status_code == 410
    assert client.post(lien, COMPLETE | {"prets": "1"}).status_code == 410
    LienAction.objects.filter(action="parcours.fiche").update(
        expire_le=calendrier.fin_du_jour(dt.date(2090, 1, 1)), contact=distribution.referent
    )
    assert client.get(lien).status_code == 404


def test_une_offre_sans_fiche_s_ouvre_quand_meme(client: Client, lien: str, offre: Offre) -> None:
    FicheEntreprise.objects.filter(offre=offre).delete()
    assert client.get(lien).status_code == 200
    assert client.post(lien, remplie(client, lien, **COMPLETE, prets="1")).status_code == 302
    assert relire(offre).etat == "publiee"


def test_aucun_message_ne_porte_plus_que_le_necessaire(client: Client, lien: str, offre: Offre) -> None:
    client.post(lien, remplie(client, lien, **COMPLETE, prets="1"))
    corps = " ".join(Message.objects.filter(code__contains="territoire").values_list("corps", flat=True))
    assert "Dominique" not in corps and "06 12" not in corps and "+336" not in corps
