"""Somebody erased: nothing of them is found anywhere, what counts stays, an open stay refuses, all or nothing."""

import datetime as dt
import io
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, models
from django.test import Client

from raccord.comptes import liens
from raccord.comptes.models import Adhesion, Contact, Demande, LienAction, Utilisateur
from raccord.documents.actions import sceller
from raccord.documents.models import Contenu
from raccord.echeances.models import Attente, Message
from raccord.jeunes.models import Jeune, RepresentantLegal
from raccord.marches.models import EcritureHeures, Marche
from raccord.parcours.acces.chiffres import chiffres
from raccord.parcours.models import Adaptation, Offre, Parcours, Semaine, Signalement, Transfert
from raccord.rgpd.actions import demander, envoyer_le_lien
from raccord.rgpd.effacement import PORTE, effacer, simuler
from raccord.rgpd.models import Copie
from raccord.rgpd.sujets import plan, sujet_de
from raccord.socle.contexte import SYSTEME
from raccord.socle.donnees_personnelles import MASQUE, Personne
from raccord.socle.exceptions import ErreurMetier, ObjetDisparu, RoleRefuse
from raccord.socle.models import Historique, Journal
from tests import coulisses
from tests.distribution import ROUBAIX, Distribution
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import cv

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])

# Our own words or codes, and what a constraint holds: filled otherwise, or not by hands.
OURS_OU_CONTRAINTS = ("courriel", "telephone", "texte", "role", "type_mime", "action", "non_recueillie")
PERSONNES = (
    ("Zéphyrine", "Vandenabeele-Ouedraogo", "+33611223344", "zephyrine@ailleurs.example", dt.date(2009, 3, 17)),
    ("D'Àlëx", "O''Brien \\ %", "+262692112233", "d.alex+ici@sous.domaine.example", dt.date(2008, 11, 30)),
)


def vecu(d: Distribution, personne: tuple[Any, ...] = PERSONNES[0], etat: str = "bilan_signe") -> Parcours:
    """A whole story, told by the real actions; then every text of every row that is theirs says their name."""
    prenom, nom, telephone, courriel, naissance = personne
    jeune = d.jeune(
        prenom=prenom, nom=nom, telephone=telephone, courriel=courriel, date_naissance=naissance, commune_id=ROUBAIX
    )
    RepresentantLegal.objects.create(jeune=jeune, nom=f"Parent {nom}", lien="oncle", courriel=f"p.{courriel}")
    fabrique = Fabrique(d)
    proposition = fabrique.proposition(jeune=jeune)
    sceller(d.tuteur.contexte, proposition, "cv", cv())
    parcours: Parcours = getattr(fabrique, etat)(proposition=proposition)
    Signalement.objects.create(parcours=parcours, nature="absence", jour=parcours.debut, texte="x", signale_par="jeune")
    Adaptation.objects.create(
        parcours=parcours, le=parcours.debut, motif="x", fin_avant=parcours.fin, fin_apres=parcours.fin,
        heures_hebdo_avant=35, heures_hebdo_apres=30,
    )  # fmt: skip
    Transfert.objects.create(
        etat="refuse", parcours=parcours, depuis=d.coordonnateur.organisation,
        vers=d.coordonnateur_etranger.organisation, motif="x", reponse="x",
    )  # fmt: skip
    liens.creer_pour_contact("parcours.suivi", parcours.pk, d.referent)
    liens.creer_pour_representant("parcours.representant", parcours.pk, jeune.representants.get().pk)
    envoyer_le_lien(d.tuteur.contexte, jeune)
    demander(d.tuteur.contexte, Personne.JEUNE, jeune.pk)
    _ecrire_partout(jeune.pk, f"{prenom} {nom}")
    return parcours


def _ecrire_partout(jeune_id: UUID, nom: str) -> None:
    for donnees, ids in plan(sujet_de(Personne.JEUNE, jeune_id, PORTE), PORTE):
        if donnees.modele is Historique:  # nobody's hand writes there: the triggers copy what is written elsewhere
            continue
        lignes = donnees.modele._base_manager.using(PORTE).filter(pk__in=ids)
        for champ in map(donnees.modele._meta.get_field, donnees.champs):
            libre = isinstance(champ, models.CharField | models.TextField) and not champ.choices
            if libre and champ.name not in OURS_OU_CONTRAINTS:
                lignes.update(**{champ.name: nom[: champ.max_length or 200]})
        if donnees.modele.__name__ in ("Signalement", "Voix", "Bilan", "Transfert") and "texte" in donnees.champs:
            lignes.update(texte=nom)


def tout_ce_qui_est_ecrit() -> str:
    """Every row of every table as one text, as the owner reads it: whatever the type of the column."""
    morceaux: list[str] = []
    with connections[PORTE].cursor() as curseur:
        for modele in apps.get_models(include_auto_created=True):
            if modele._meta.app_label != "territoires":
                curseur.execute(f'SELECT to_jsonb(t)::text FROM "{modele._meta.db_table}" AS t')
                morceaux += [ligne[0] for ligne in curseur.fetchall()]
    return "\n".join(morceaux)


def comptes() -> dict[str, Any]:
    """What statistics read."""
    with coulisses.fermees():
        chiffres_ = [asdict(chiffre) for chiffre in chiffres()]
    return {
        "chiffres": chiffres_,
        "verbes": sorted(Journal.objects.exclude(verbe__startswith="rgpd.").values_list("verbe", flat=True)),
        "heures": sorted(EcritureHeures.objects.values_list("parcours_id", "heures", "de", "vers"), key=str),
        "semaines": sorted(Semaine.objects.values_list("lundi", "heures")),
        "parcours": list(Parcours.objects.values_list("etat", "debut", "fin", "suite").order_by("pk")),
    }


@pytest.mark.parametrize("personne", PERSONNES, ids=["ordinaire", "difficile"])
def test_rien_de_la_personne_ne_se_retrouve(personne: tuple[Any, ...]) -> None:
    """The property: not one value of theirs, nor their id, in any column of any table."""
    d = Distribution()
    parcours = vecu(d, personne)
    jeune_id, parent_id = parcours.jeune_id, RepresentantLegal.objects.get().pk
    autre = d.jeune(prenom="Témoin", profil="Reste là.")
    prenom, nom, telephone, courriel, naissance = personne
    en_json = [texte.replace("\\", "\\\\") for texte in (prenom, nom)]
    cherches = [*en_json, telephone, courriel, naissance.isoformat(), str(jeune_id), str(parent_id)]
    avant = tout_ce_qui_est_ecrit()
    assert [valeur for valeur in cherches if valeur not in avant] == []
    compte_avant = comptes()
    effacer(d.tuteur.contexte, Personne.JEUNE, jeune_id)
    apres = tout_ce_qui_est_ecrit()
    assert [valeur for valeur in cherches if valeur in apres] == []
    assert comptes() == compte_avant
    assert Contenu.objects.count() == 0 and Copie.objects.count() == 0
    assert not LienAction.objects.filter(objet_id=parcours.pk).exists()
    autre.refresh_from_db()
    assert autre.profil == "Reste là."


def test_ce_qui_reste_d_un_parcours() -> None:
    d = Distribution()
    parcours = vecu(d)
    ancien = parcours.jeune_id
    effacer(d.tuteur.contexte, Personne.JEUNE, ancien)
    parcours = Parcours.objects.select_related("jeune__commune").get(pk=parcours.pk)
    assert parcours.missions == MASQUE and parcours.etat == "bilan_signe"
    assert parcours.jeune_id != ancien and parcours.jeune.nom == ""
    assert parcours.jeune.date_naissance == dt.date(2009, 1, 1)
    assert parcours.jeune.commune.nom == "Lille"
    ligne = Journal.objects.get(verbe="rgpd.effacer")
    assert ligne.acteur_id == d.tuteur.utilisateur.pk and ligne.objet_id == parcours.jeune_id
    assert ligne.faits["lignes"] > 20
    # The buyer still reads the hours, nobody a name; the tutor's list no longer holds the file.
    page = d.acheteur.client().get(f"/parcours/{parcours.pk}/")
    assert page.status_code == 200 and "Zéphyrine" not in page.content.decode()
    assert d.tuteur.client().get(f"/jeunes/{ancien}/").status_code == 404
    assert d.tuteur.client().get(f"/jeunes/{parcours.jeune_id}/").status_code == 404


def test_la_simulation_dit_ce_qui_sera_fait_et_ne_fait_rien() -> None:
    d = Distribution()
    parcours = vecu(d)
    avant = tout_ce_qui_est_ecrit()
    prevu = simuler(Personne.JEUNE, parcours.jeune_id)
    with coulisses.fermees():
        sur_la_page = simuler(Personne.JEUNE, parcours.jeune_id, porte="default")
    assert sur_la_page == prevu
    assert tout_ce_qui_est_ecrit() == avant
    assert effacer(d.tuteur.contexte, Personne.JEUNE, parcours.jeune_id).lignes == prevu.lignes


def test_un_parcours_ouvert_refuse_et_rien_ne_bouge() -> None:
    d = Distribution()
    parcours = vecu(d, etat="en_cours")
    avant = tout_ce_qui_est_ecrit()
    with pytest.raises(ErreurMetier, match="Un parcours est ouvert"):
        effacer(d.tuteur.contexte, Personne.JEUNE, parcours.jeune_id)
    client = d.tuteur.client()
    assert "Un parcours est ouvert" in client.get(f"/jeunes/{parcours.jeune_id}/effacer/").content.decode()
    avant = tout_ce_qui_est_ecrit().count("Zéphyrine")
    reponse = client.post(f"/jeunes/{parcours.jeune_id}/effacer/", {"compris": "on"})
    assert reponse.status_code == 422 and "Un parcours est ouvert" in reponse.content.decode()
    assert tout_ce_qui_est_ecrit().count("Zéphyrine") == avant


def test_rien_a_moitie(monkeypatch: pytest.MonkeyPatch) -> None:
    d = Distribution()
    parcours = vecu(d)
    avant = tout_ce_qui_est_ecrit()

    def tomber(*_: Any) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr("raccord.rgpd.effacement._inscrire", tomber)
    with pytest.raises(RuntimeError):
        effacer(d.tuteur.contexte, Personne.JEUNE, parcours.jeune_id)
    assert tout_ce_qui_est_ecrit() == avant


def test_par_la_page_du_tuteur() -> None:
    d = Distribution()
    jeune = vecu(d).jeune
    assert jeune is not None
    client, adresse = d.tuteur.client(), f"/jeunes/{jeune.pk}/effacer/"
    assert client.post(adresse, {}).status_code == 422
    assert Jeune.objects.filter(nom=jeune.nom).exists() or Jeune.objects.filter(pk=jeune.pk).exists()
    reponse = client.post(adresse, {"compris": "on"}, follow=True)
    assert reponse.status_code == 200 and "Le dossier est effacé" in reponse.content.decode()
    assert "Zéphyrine" not in tout_ce_qui_est_ecrit()


def test_seul_le_cercle_efface() -> None:
    d = Distribution()
    jeune = d.jeune()
    with pytest.raises(ObjetDisparu):
        effacer(d.tuteur_etranger.contexte, Personne.JEUNE, jeune.pk)
    for qui in (d.national, d.acheteur, d.coordonnateur):
        with pytest.raises(RoleRefuse):
            effacer(qui.contexte, Personne.JEUNE, jeune.pk)
    with pytest.raises(RoleRefuse):
        effacer(d.tuteur.contexte, Personne.CONTACT, d.referent.pk)
    assert Jeune.objects.get().nom == jeune.nom


def test_deux_fois_dit_que_c_est_fait() -> None:
    d = Distribution()
    jeune = d.jeune()
    effacer(SYSTEME, Personne.JEUNE, jeune.pk)
    with pytest.raises(ObjetDisparu):
        effacer(SYSTEME, Personne.JEUNE, jeune.pk)


def test_un_lien_en_main_ne_mene_plus_a_rien(client: Client) -> None:
    d = Distribution()
    parcours = vecu(d)
    chemins = [
        "/" + adresse.split("/", 3)[3]
        for adresse in (
            liens.creer_pour_contact("parcours.suivi", parcours.pk, d.referent),
            liens.creer_pour_jeune("parcours.jeune", parcours.pk, parcours.jeune_id),
        )
    ]
    assert [client.get(chemin).status_code for chemin in chemins] == [200, 200]
    effacer(SYSTEME, Personne.JEUNE, parcours.jeune_id)
    assert [client.get(chemin).status_code for chemin in chemins] == [404, 404]


# --- Professionals ---------------------------------------------------------------------------------


def test_un_contact() -> None:
    d = Distribution()
    offre = d.offre_publiee()
    contact = Contact.objects.create(
        organisation=d.entreprise, nom="Anselme Kowalczyk", courriel="anselme@k.example", fonction="Chef d'atelier"
    )
    Offre.objects.filter(pk=offre.pk).update(referent=contact)
    liens.creer_pour_contact("parcours.fiche", offre.pk, contact)
    Message.objects.create(code="x.y", sujet="s", corps="Kowalczyk", courriel=contact.courriel, contact_id=contact.pk)
    with pytest.raises(ErreurMetier, match="contact d’une offre ouverte"):
        effacer(SYSTEME, Personne.CONTACT, contact.pk)
    with connections[PORTE].cursor() as curseur:  # long closed
        curseur.execute("ALTER TABLE parcours_offre DISABLE TRIGGER USER")
        curseur.execute("UPDATE parcours_offre SET etat = 'close'")
        curseur.execute("ALTER TABLE parcours_offre ENABLE TRIGGER USER")
    effacer(SYSTEME, Personne.CONTACT, contact.pk)
    ecrit = tout_ce_qui_est_ecrit()
    assert [mot for mot in ("Kowalczyk", "anselme@k.example", str(contact.pk)) if mot in ecrit] == []
    assert Offre.objects.get(pk=offre.pk).referent_id is None


def test_un_compte() -> None:
    d = Distribution()
    partant = d.acheteur_collegue.utilisateur
    client = d.acheteur_collegue.client()
    assert client.get("/ma-journee/").status_code == 200
    Marche.objects.all().delete()
    effacer(SYSTEME, Personne.UTILISATEUR, partant.pk)
    ecrit = tout_ce_qui_est_ecrit()
    assert [mot for mot in (partant.courriel, partant.nom) if f'"{mot}"' in ecrit] == []
    assert client.get("/ma-journee/").status_code == 302
    assert not Adhesion.objects.filter(utilisateur=partant.pk, fin__isnull=True).exists()
    assert Utilisateur.objects.get(pk=partant.pk).nom_complet == "Compte effacé"
    jeune = d.jeune()
    with pytest.raises(ErreurMetier, match="suit des jeunes"):
        effacer(SYSTEME, Personne.UTILISATEUR, jeune.tuteur_id)


def test_l_equipe_nationale_efface_un_professionnel() -> None:
    d = Distribution()
    contact = Contact.objects.create(organisation=d.entreprise, nom="Anselme Kowalczyk", courriel="anselme@k.example")
    client, adresse = d.national.client(), "/donnees-personnelles/effacer/"
    page = client.post(adresse, {"courriel": "anselme@k.example"}).content.decode()
    assert "Ce qui serait effacé" in page and Contact.objects.filter(pk=contact.pk).exists()
    assert client.post(adresse, {"courriel": "inconnu@k.example", "compris": "on"}).status_code == 422
    assert (
        "C’est effacé"
        in client.post(adresse, {"courriel": "anselme@k.example", "compris": "on"}, follow=True).content.decode()
    )
    assert "Kowalczyk" not in tout_ce_qui_est_ecrit()
    offre = d.offre_publiee()
    refus = client.post(adresse, {"courriel": d.referent.courriel, "compris": "on"})
    assert refus.status_code == 422 and "contact d’une offre ouverte" in refus.content.decode()
    assert offre.referent_id == d.referent.pk and Contact.objects.filter(pk=d.referent.pk).exists()


# --- The command -----------------------------------------------------------------------------------


def lancer(*arguments: str) -> str:
    sortie = io.StringIO()
    call_command("effacer_personne", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_simule_puis_efface() -> None:
    d = Distribution()
    parcours = vecu(d)
    arguments = ("jeune", str(parcours.jeune_id))
    avant = tout_ce_qui_est_ecrit()
    dit = lancer(*arguments)
    assert "Simulation" in dit and "lignes" not in dit and "Zéphyrine" not in dit
    assert tout_ce_qui_est_ecrit() == avant
    assert "C'est effacé." in lancer(*arguments, "--pour-de-vrai")
    assert "Zéphyrine" not in tout_ce_qui_est_ecrit()
    with pytest.raises(CommandError, match="n'existe plus"):
        lancer(*arguments)


def test_les_attentes_ouvertes_se_ferment() -> None:
    d = Distribution()
    parcours = vecu(d)
    assert Attente.objects.ouvertes().du_fil(parcours.jeune_id).exists()
    effacer(SYSTEME, Personne.JEUNE, parcours.jeune_id)
    assert not Attente.objects.ouvertes().filter(objet_id=parcours.pk).exists()
    assert Attente.objects.filter(issue="effacée").exists()


def test_nul_n_attend_plus_de_repondre_a_qui_s_est_efface() -> None:
    d = Distribution()
    adresse = f"/rejoindre/{d.acheteur_etranger.organisation.pk}/"
    assert d.acheteur.client().post(adresse, {"role": "acheteur"}).status_code == 200
    assert Attente.objects.ouvertes().get(code="repondre_demande").objet_id == Demande.objects.get().pk
    with connections[PORTE].cursor() as curseur:  # another administers by now
        curseur.execute(
            "UPDATE comptes_adhesion SET administrateur = true WHERE id = %s", [d.acheteur_collegue.adhesion.pk]
        )
    Marche.objects.all().delete()
    effacer(SYSTEME, Personne.UTILISATEUR, d.acheteur.utilisateur.pk)
    assert not Demande.objects.exists() and not Attente.objects.filter(code="repondre_demande").exists()
