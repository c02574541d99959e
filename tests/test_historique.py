"""The history of every confidential row: kept whatever the road, by nobody's leave, until the person is erased."""

import datetime as dt
import sys
import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.config import cli, gestion
from raccord.documents.actions import sceller
from raccord.echeances.echelle import EFFETS
from raccord.echeances.models import AdresseEnEchec, Message, Preference
from raccord.echeances.tournees import TOURNEES, faire_les_tournees
from raccord.jeunes.models import AccesJeune, Jeune, RepresentantLegal
from raccord.parcours.actions.passation import confier
from raccord.parcours.models import Adaptation, Signalement, Transfert
from raccord.rgpd.actions import demander
from raccord.rgpd.effacement import effacer
from raccord.rgpd.models import Avertissement
from raccord.socle import identite
from raccord.socle.cloisonnement import POLITIQUES
from raccord.socle.contexte import Contexte
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.droits import en_proprietaire
from raccord.socle.models import Historique
from raccord.socle.passe import MOTIFS
from tests import coulisses
from tests.distribution import Distribution
from tests.etats import retrait_en_etat
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import cv, rencontre_fixee
from tests.test_cloisonnement import fiche_de
from tests.test_matrice import TABLE_LUE

MODELES = {table: politique.modele for table, politique in POLITIQUES.items() if politique.modele is not Historique}
SANS_HISTOIRE = {table for table, politique in POLITIQUES.items() if politique.jeune is None}
QUI, CHEZ = uuid.uuid4(), uuid.uuid4()
QUELQU_UN = Contexte(role="essai", utilisateur_id=QUI, organisation_id=CHEZ)
DES_DEUX_PORTES = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])
SANS_CONTEXTE = "écriture sans contexte"


def tout_remplir() -> Distribution:
    """A row at least in every confidential table."""
    d = Distribution()
    jeune = d.jeune()
    RepresentantLegal.objects.create(jeune=jeune, nom="Odile", lien="mère", telephone="+33600000001")
    fabrique = Fabrique(d)
    proposition = fabrique.proposition(jeune=jeune)
    sceller(d.tuteur.contexte, proposition, "cv", cv())
    parcours = fabrique.bilan_signe(proposition=proposition)
    Signalement.objects.create(parcours=parcours, nature="absence", jour=parcours.debut, texte="x", signale_par="jeune")
    Adaptation.objects.create(
        parcours=parcours, le=parcours.debut, motif="x", fin_avant=parcours.fin, fin_apres=parcours.fin,
        heures_hebdo_avant=35, heures_hebdo_apres=30,
    )  # fmt: skip
    Transfert.objects.create(
        etat="refuse", parcours=parcours, depuis=d.coordonnateur.organisation,
        vers=d.coordonnateur_etranger.organisation, motif="x", reponse="x",
    )  # fmt: skip
    fiche_de(jeune)
    retrait_en_etat(d, "demande")
    confies, collegue = [d.jeune().pk], d.tuteur_collegue.utilisateur.pk
    confier(d.tuteur.contexte, d.tuteur.utilisateur.pk, vers_id=collegue, note="Appeler.", jeunes=confies)
    demander(d.tuteur.contexte, Personne.JEUNE, jeune.pk)
    Avertissement.objects.create(genre="jeune", personne_id=jeune.pk, efface_le="2030-01-01")
    rencontre_fixee(d)
    Preference.objects.create(jeune_id=jeune.pk, canal="sms")
    AdresseEnEchec.objects.create(adresse="a@essai.example", chez="un jeune", jeune_id=jeune.pk, cause="550")
    assert [table for table, modele in MODELES.items() if not modele._base_manager.exists()] == []
    return d


def a_changer(modele: type[models.Model]) -> "models.Field[Any, Any]":
    """A column that may take another value whatever the constraints."""

    def bon(champ: "models.Field[Any, Any]") -> bool:
        libre = isinstance(champ, models.CharField) and not champ.choices and (champ.max_length or 0) > 30
        date = isinstance(champ, models.DateField) and champ.name in ("cree_le", "efface_le", "change_le", "donnee_le")
        return libre or date or isinstance(champ, models.TextField | models.BinaryField)

    trouves = [champ for champ in modele._meta.concrete_fields if bon(champ)]
    return trouves[0] if trouves else modele._meta.get_field("niveau")  # type: ignore[return-value]


def autre_valeur(ligne: models.Model, champ: "models.Field[Any, Any]") -> Any:
    valeur = getattr(ligne, champ.attname)
    if isinstance(valeur, dt.date):
        return valeur - dt.timedelta(days=1)
    if isinstance(champ, models.BinaryField):
        return bytes(valeur) + b"x"
    if champ.choices:
        return next(code for code, _ in champ.choices if code != valeur)
    return valeur + "." if valeur else "x"


def par_save(ligne: models.Model, champ: "models.Field[Any, Any]", valeur: Any) -> None:
    setattr(ligne, champ.attname, valeur)
    with identite.agir(QUELQU_UN, motif="essai.par_save"), transaction.atomic():
        ligne.save()


def par_update(ligne: models.Model, champ: "models.Field[Any, Any]", valeur: Any) -> None:
    with identite.agir(QUELQU_UN, motif="essai.par_update"), transaction.atomic():
        assert type(ligne)._base_manager.filter(pk=ligne.pk).update(**{champ.name: valeur}) == 1


def en_sql(ligne: models.Model, champ: "models.Field[Any, Any]", valeur: Any) -> None:
    """As the owner, by hand."""
    noms = (ligne._meta.db_table, champ.column, ligne._meta.pk.column)
    with (
        identite.agir(QUELQU_UN, motif="essai.en_sql"),
        transaction.atomic(using="proprietaire"),
        connections["proprietaire"].cursor() as curseur,
    ):
        curseur.execute('UPDATE "{}" SET "{}" = %s WHERE "{}" = %s'.format(*noms), [valeur, ligne.pk])
        assert curseur.rowcount == 1


@DES_DEUX_PORTES
def test_un_changement_par_chaque_route_laisse_une_ligne() -> None:
    tout_remplir()
    for table, modele in MODELES.items():
        if table in SANS_HISTOIRE:
            continue
        champ = a_changer(modele)
        for route in (par_save, par_update, en_sql):
            ligne = modele._base_manager.order_by("pk")[0]
            depuis = Historique.objects.order_by("-id")[0].pk
            route(ligne, champ, autre_valeur(ligne, champ))
            trace = Historique.objects.get(pk__gt=depuis)
            assert (trace.nom_table, trace.ligne_id, trace.geste) == (table, ligne.pk, "changement")
            assert trace.colonnes == [champ.column], table
            assert (trace.acteur_genre, trace.acteur_id, trace.organisation_id) == ("utilisateur", QUI, CHEZ)
            assert (trace.role, trace.motif, trace.le) == ("essai", f"essai.{route.__name__}", timezone.now())
            assert (champ.column in trace.avant) is (
                not isinstance(champ, models.BinaryField) and champ.name not in POLITIQUES[table].tues
            )


@DES_DEUX_PORTES
def test_les_lettres_seules_sont_sans_histoire() -> None:
    """A letter written, taken, sent and removed leaves nothing (0017)."""
    assert {Message._meta.db_table} == SANS_HISTOIRE
    nombre = Historique.objects.count()
    lettre = Message.objects.create(code="essai", sujet="Un sujet", courriel="a@essai.example", jeune_id=uuid.uuid4())
    for route in (par_save, par_update, en_sql):
        route(lettre, Message._meta.get_field("sujet"), route.__name__)
    lettre.refresh_from_db()
    assert lettre.sujet == "en_sql"
    lettre.delete()
    assert Historique.objects.count() == nombre


@DES_DEUX_PORTES
@pytest.mark.parametrize("manque", ["tout", "role", "motif"])
def test_sans_contexte_rien_ne_s_ecrit(manque: str) -> None:
    """Not even by the owner: added, changed or removed, table by table."""
    tout_remplir()
    qui = identite.PERSONNE if manque in ("tout", "role") else identite.de(QUELQU_UN)
    if manque == "role":
        qui = identite.Identite(motif="essai")
    nombre = Historique.objects.count()
    with coulisses.fermees():
        for table in MODELES:
            for geste in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "INSERT INTO {0} SELECT {2} FROM copie"):
                with pytest.raises(ProgrammingError, match=SANS_CONTEXTE), transaction.atomic(using="proprietaire"):
                    _essayer_en_proprietaire(table, geste, qui)
    assert Historique.objects.count() == nombre


def _essayer_en_proprietaire(table: str, geste: str, qui: identite.Identite) -> None:
    colonnes = ", ".join(f'"{champ.column}"' for champ in MODELES[table]._meta.concrete_fields if not champ.generated)
    with connections["proprietaire"].cursor() as curseur:
        # Aside, a row is taken out in somebody's name: to be put back without a word.
        curseur.execute(f"CREATE TEMPORARY TABLE copie ON COMMIT DROP AS SELECT {colonnes} FROM {table} LIMIT 1")
        if geste.startswith("INSERT"):
            curseur.execute(identite.ORDRE, identite.de(QUELQU_UN, (), "essai").textes())
            curseur.execute(f"DELETE FROM {table}")
            geste = geste.replace("{0}", "{0} ({2})")
        curseur.execute(identite.ORDRE, qui.textes())
        curseur.execute(geste.format(table, MODELES[table]._meta.pk.column, colonnes))


def test_un_tuteur_n_ecrit_pas_sans_raison(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    with coulisses.fermees(), identite.agir(distribution.tuteur.contexte):
        with pytest.raises(ProgrammingError, match=SANS_CONTEXTE), transaction.atomic():
            Jeune.objects.filter(pk=jeune.pk).update(nom="Autre")
        with identite.motiver("essai"):
            assert Jeune.objects.filter(pk=jeune.pk).update(nom="Autre") == 1


def test_ce_qui_ne_change_rien_ne_laisse_rien(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    nombre = Historique.objects.count()
    jeune.save()
    assert Historique.objects.count() == nombre


def test_ajout_et_retrait(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    parent = RepresentantLegal.objects.create(jeune=jeune, nom="Odile", lien="mère", telephone="+33600000001")
    ancien = parent.pk
    parent.delete()
    ajout, retrait = Historique.objects.filter(ligne_id=ancien).order_by("id")
    assert (ajout.geste, ajout.avant, ajout.jeune_id) == ("ajout", {}, jeune.pk)
    assert (retrait.geste, retrait.avant["nom"], retrait.jeune_id) == ("retrait", "Odile", jeune.pk)


# --- Why, said once --------------------------------------------------------------------------------


def _derniere(table: str) -> Historique:
    return Historique.objects.filter(nom_table=table).order_by("-id")[0]


def test_une_page_donne_sa_raison(distribution: Distribution) -> None:
    jeune, tuteur = distribution.jeune(), distribution.tuteur
    donnees = {
        "organisation": str(distribution.tuteur_etranger.organisation.pk),
        "motif": "Relais",
        "fin": "2026-12-01",
    }
    assert tuteur.client().post(reverse("jeunes:donner_acces", args=[jeune.pk]), donnees).status_code == 302
    ligne = _derniere("jeunes_accesjeune")
    assert (ligne.motif, ligne.geste, ligne.jeune_id) == ("jeunes:donner_acces", "ajout", jeune.pk)
    assert (ligne.acteur_genre, ligne.acteur_id) == ("utilisateur", tuteur.utilisateur.pk)
    assert (ligne.organisation_id, ligne.role, ligne.le) == (tuteur.organisation.pk, "tuteur", timezone.now())


def test_un_lien_donne_la_sienne(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    partage = AccesJeune.objects.create(jeune=jeune, organisation=distribution.tuteur_etranger.organisation, motif="x")
    adresse = liens.creer_pour_jeune("jeunes.dossier", jeune.pk, jeune.pk)
    chemin = adresse.partition("//")[2].partition("/")[2]
    reponse = Client().post(f"/{chemin}?ecran=retrait&acces={partage.pk}")
    assert reponse.status_code == 302
    ligne = _derniere("jeunes_demanderetrait")
    assert (ligne.motif, ligne.acteur_genre, ligne.acteur_id) == ("jeunes.dossier", "jeune", jeune.pk)


@DES_DEUX_PORTES
def test_la_machine_donne_la_sienne() -> None:
    d = Distribution()
    jeune = d.jeune()
    Jeune.objects.filter(pk=jeune.pk).update(cree_le="2020-01-01T00:00Z")
    with coulisses.fermees():
        faire_les_tournees()
    ligne = _derniere("rgpd_avertissement")
    assert (ligne.motif, ligne.role, ligne.acteur_id, ligne.jeune_id) == ("conservation", "systeme", None, jeune.pk)


@DES_DEUX_PORTES
def test_qui_signe_en_proprietaire_signe_aussi_hors_d_une_transaction() -> None:
    """Changing the keys, telling the demo: the owner's hand has a name too."""
    jeune = Distribution().jeune()
    with coulisses.fermees(), en_proprietaire("tourner_les_cles"):
        Jeune.objects.filter(pk=jeune.pk).update(profil="Hors transaction.")
        with transaction.atomic():
            Jeune.objects.filter(pk=jeune.pk).update(profil="Dans une transaction.")
    lignes = Historique.objects.filter(ligne_id=jeune.pk, geste="changement")
    assert set(lignes.values_list("role", "motif")) == {("systeme", "tourner_les_cles")}
    assert lignes.count() == 2


def test_une_commande_donne_son_nom(monkeypatch: pytest.MonkeyPatch) -> None:
    dits: list[str] = []
    monkeypatch.setattr(sys, "argv", ["raccord", "appliquer-durees"])
    monkeypatch.setattr(gestion, "execute_from_command_line", lambda _: dits.append(identite._en_cours.get().motif))
    with pytest.raises(SystemExit):
        cli.main()
    assert dits == ["appliquer_durees"]


def test_chaque_raison_a_ses_mots() -> None:
    raisons = {nom for nom, (_, methodes) in TABLE_LUE.items() if set(methodes["POST"]) - {302, 405}}
    raisons = {nom for nom in raisons if nom.split(":")[0] in ("jeunes", "parcours", "marches", "rgpd", "comptes")}
    raisons |= set(liens.DEFINITIONS) | {f"{attente}.{barreau}" for attente, barreau in EFFETS}
    # These write in nobody's file.
    raisons |= set(TOURNEES) - {"socle.limites", "comptes.sessions", "comptes.assistances"}
    assert raisons - set(MOTIFS) == set()


# --- Who may do what with it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        ("tuteur", True),
        ("tuteur_collegue", True),
        ("tuteur_etranger", False),
        ("coordonnateur", False),
        ("acheteur", False),
        ("national", False),
    ],
)
def test_a_qui_la_base_le_montre(distribution: Distribution, qui: str, attendu: bool) -> None:
    jeune = Fabrique(distribution).en_cours().jeune
    assert jeune
    with coulisses.fermees(), identite.agir(getattr(distribution, qui).contexte):
        assert Historique.objects.exists() is attendu
    with coulisses.fermees(), identite.agir(distribution.contexte_jeune(jeune.pk)):
        assert not Historique.objects.exists()
    partage = distribution.tuteur_etranger
    AccesJeune.objects.create(jeune=jeune, organisation=partage.organisation, motif="relais")
    with coulisses.fermees(), identite.agir(partage.contexte):
        assert not Historique.objects.exists(), "lire un dossier n'est pas le suivre"


# --- Erasing ---------------------------------------------------------------------------------------


@DES_DEUX_PORTES
def test_effacer_vide_sans_perdre_une_ligne() -> None:
    d = Distribution()
    jeune = d.jeune(nom="Vandenabeele", profil="Aime le bois.")
    autre = d.jeune(nom="Témoin")
    for qui in (jeune, autre):
        Jeune.objects.filter(pk=qui.pk).update(profil="Aime les trains.")
    avant = Historique.objects.count()
    ancien = Historique.objects.get(ligne_id=autre.pk, geste="changement")
    effacer(d.tuteur.contexte, Personne.JEUNE, jeune.pk)
    lignes = Historique.objects.all()
    assert lignes.count() > avant
    texte = str(list(lignes.values_list("avant", "jeune_id", "ligne_id", "acteur_id")))
    for secret in ("Vandenabeele", "Aime le bois", str(jeune.pk)):
        assert secret not in texte
    assert ancien.avant == {"profil": "Aime travailler en équipe."}
    assert Historique.objects.get(pk=ancien.pk).avant == ancien.avant, "celui d'un autre reste"
    efface = lignes.filter(motif="coulisses", nom_table="jeunes_jeune", geste="changement").exclude(pk=ancien.pk)
    assert efface.filter(colonnes=["profil"], avant={}).count() == 1


# --- The page --------------------------------------------------------------------------------------


def _page(d: Distribution, jeune: Jeune, qui: str = "tuteur", **requete: Any) -> Any:
    return getattr(d, qui).client().get(reverse("jeunes:historique", args=[jeune.pk]), requete)


def test_la_page_dit_quoi_qui_quand_et_pourquoi(distribution: Distribution) -> None:
    jeune, tuteur = distribution.jeune(), distribution.tuteur
    with identite.agir(tuteur.contexte, motif="jeunes:modifier"):
        Jeune.objects.filter(pk=jeune.pk).update(
            profil="Aime les trains.", domaines=["accueil"], tuteur=distribution.tuteur_collegue.utilisateur
        )
        Jeune.objects.filter(pk=jeune.pk).update(profil="Aime les bateaux.")
    page = " ".join(_page(distribution, jeune).content.decode().split())
    for mot in (
        "Dossier modifié",
        f"Mardi 6 octobre 2026 à 10 h, par {tuteur.utilisateur.nom_complet} (MLDS de Lille)",
        "Modification : dossier",
        '<del class="je-texte">Aime travailler en équipe.</del>',
        '<ins class="je-texte">Aime les trains.</ins>',
        '<del class="je-texte">Aime les trains.</del>',
        '<ins class="je-texte">Aime les bateaux.</ins>',
        '<ins class="je-texte">Accueil',
        f'<ins class="je-texte">{distribution.tuteur_collegue.utilisateur.nom_complet}</ins>',
        "Ajout : accès à un dossier",
    ):
        assert mot in page, mot
    assert str(jeune.tuteur_id) not in page


def test_ce_qui_est_scelle_se_dit_sans_se_montrer(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    fiche = fiche_de(jeune, etat="proposee")
    with identite.agir(distribution.tuteur.contexte, motif="jeunes:fiche"):
        type(fiche).objects.filter(pk=fiche.pk).update(aide_scelle=b"secret")
    page = _page(distribution, jeune).content.decode()
    assert "valeur non gardée" in page and "secret" not in page.replace("secrets", "")


@DES_DEUX_PORTES
def test_la_page_vide() -> None:
    distribution = Distribution()
    jeune = distribution.jeune()
    assert _page(distribution, jeune, page="999").status_code == 200
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute("TRUNCATE socle_historique")
    assert "Rien n’a encore été changé" in _page(distribution, jeune).content.decode()


def test_elle_coute_autant_pour_une_ligne_que_pour_cinquante(distribution: Distribution) -> None:
    jeune, client = distribution.jeune(), distribution.tuteur.client()
    adresse, couts, fait = reverse("jeunes:historique", args=[jeune.pk]), {}, 0
    client.get(adresse)
    for vise in (1, 4, 50):
        while fait < vise:
            fait += 1
            with identite.agir(distribution.tuteur.contexte, motif="jeunes:modifier"):
                Jeune.objects.filter(pk=jeune.pk).update(profil=f"Essai {fait}", organisation=jeune.organisation)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        couts[vise] = len(requetes)
    assert len(set(couts.values())) == 1, couts
