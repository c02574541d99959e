import csv
import datetime as dt
import io
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raccord.comptes.enums import GenreOrganisation
from raccord.comptes.models import Contact, Organisation
from raccord.echeances.models import Attente, Message
from raccord.marches import registre
from raccord.marches.models import EcritureHeures, Engagement, Marche
from raccord.parcours.importation import ecriture
from raccord.parcours.importation.colonnes import Colonne
from raccord.parcours.importation.ecriture import importer
from raccord.parcours.importation.lecture import FichierIllisible, lire
from raccord.parcours.importation.rapport import Issue, Niveau, neutraliser
from raccord.parcours.models import Offre, Parcours
from raccord.socle import calendrier
from raccord.socle.models import Journal
from raccord.socle.parametres import regle

TABLEUR = Path(__file__).parent / "donnees" / "offres_tableur.csv"
TITRES = [colonne.value for colonne in Colonne]
REFERENCE = []
LIGNE = {
    Colonne.CREE_LE: "12/03/2026",
    Colonne.ENTREPRISE: "Menuiserie Dubois",
    Colonne.HEURES: "300",
    Colonne.ADRESSE: "12 rue des Essais 59000 Lille",
    Colonne.ACADEMIE: "Lille",
    Colonne.REGION: "Hauts-de-France",
    Colonne.DEPARTEMENT: "59",
    Colonne.DOMAINE: "Logistique",
    Colonne.TACHES: "Préparer les commandes.",
    Colonne.DISPONIBILITE: "disponible",
    Colonne.CONVENTION: "non",
    Colonne.REFERENT_NOM: "Tuteur de l'atelier",
    Colonne.REFERENT_COURRIEL: "tuteur@dubois.example",
    Colonne.REFERENT_TELEPHONE: "01 00 00 00 41",
    Colonne.REFERENT_FONCTION: "Chef d'atelier",
    Colonne.ACHETEUR: "Ville de Lille",
    Colonne.TYPE_ACHETEUR: "Collectivité territoriale",
    Colonne.ACHETEUR_NOM: "Service des achats",
    Colonne.ACHETEUR_COURRIEL: "achats@lille.example",
    Colonne.OBJET: "Entretien des menuiseries",
    Colonne.OBJET_DETAILLE: "Entretien des menuiseries des écoles",
    Colonne.NOTIFICATION: "02/03/2026",
    Colonne.FIN_CLAUSE: "01/03/2028",
    Colonne.FIN_RECONDUCTION: "01/03/2029",
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("aujourdhui")]


@pytest.fixture
def aujourdhui():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


def tableur(*lignes, separateur=",", encodage="utf-8", titres=None):
    """A file of these lines, each a dict of the cells that differ from LIGNE."""
    tampon = io.StringIO(newline="")
    feuille = csv.DictWriter(tampon, titres or TITRES, delimiter=separateur, extrasaction="ignore", restval="")
    feuille.writeheader()
    for ligne in lignes:
        complete = LIGNE | ligne
        feuille.writerow({colonne.value: cellule for colonne, cellule in complete.items()})
    return tampon.getvalue().encode(encodage)


def importe(*lignes, **options):
    return importer(lire(tableur(*lignes, **options)))


def seule(**cellules):
    """The only line, imported, with what was said of it."""
    rapport = importe({Colonne[nom]: cellule for nom, cellule in cellules.items()})
    return rapport.lignes[0]


def dits(ligne, niveau):
    return [(constat.colonne, constat.valeur) for constat in ligne.constats if constat.niveau is niveau]


def etat_de_la_base():
    """What was written, without ids and moments."""
    offres = Offre.objects.order_by("cle_import").values_list(
        "etat", "intitule", "domaines", "missions", "heures", "adresse", "commune", "date_debut", "date_fin",
        "publiee_le", "cle_import", "entreprise__nom", "referent__courriel", "rrh__courriel",
        "engagement__etat", "engagement__marche__objet_detaille", "engagement__marche__acheteur__nom",
        "engagement__marche__date_fin_reconduction", "engagement__marche__contact__courriel",
    )  # fmt: skip
    return [*offres, Parcours.objects.count(), Organisation.objects.count(), Contact.objects.count()]


def import_defait(octets):
    """What an import writes and says; nothing of it stays."""
    with transaction.atomic():
        constats = importer(lire(octets)).constats()
        etat = etat_de_la_base()
        transaction.set_rollback(True)
    return etat, constats


# --- The sample --------------------------------------------------------------------------------------


def test_le_tableur_de_l_ancien_outil():
    rapport = importer(lire(TABLEUR.read_bytes()))

    assert Counter(ligne.issue for ligne in rapport.lignes) == {
        Issue.CLOSE: 5,
        Issue.SUIVIE: 3,
        Issue.REALISEE: 2,
        Issue.REJETEE: 1,
    }
    assert [(c.ligne, c.colonne, c.valeur) for c in rapport.constats(Niveau.REJET)] == [
        (8, "Heures de parcours", "autre")
    ]
    assert [(c.ligne, c.colonne, c.valeur) for c in rapport.constats(Niveau.DOUTE)] == [
        (11, "Mail du 2e référent entreprise", "rh(at)titulaire"),
        (12, "Mail du 2e référent entreprise", "rh(at)titulaire"),
    ]
    assert Offre.objects.count() == 10
    assert Organisation.objects.filter(genre=GenreOrganisation.ACHETEUR).count() == 1
    assert Contact.objects.filter(organisation__genre=GenreOrganisation.ACHETEUR).count() == 1
    assert not Message.objects.exists()


def test_les_onze_lignes_ailleurs_en_france():
    importer(lire(TABLEUR.read_bytes()))
    assert set(Offre.objects.values_list("commune__nom", "adresse")) >= {
        ("Paris 7e Arrondissement", "27 rue Oudinot"),
        ("Asnières-sur-Seine", ""),
        ("Créteil", ""),
        ("Lille", ""),
    }
    deux_domaines = Offre.objects.get(intitule="Manutention")
    assert deux_domaines.domaines == ["logistique", "transport"]


def test_une_seconde_fois_ne_change_rien():
    importer(lire(TABLEUR.read_bytes()))
    avant = etat_de_la_base(), Journal.objects.count(), EcritureHeures.objects.count()
    rapport = importer(lire(TABLEUR.read_bytes()))
    assert rapport.compter(Issue.DEJA_LA) == 10
    assert rapport.compter(Issue.REJETEE) == 1
    assert not rapport.constats(Niveau.DOUTE)
    assert (etat_de_la_base(), Journal.objects.count(), EcritureHeures.objects.count()) == avant


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    encodage=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    separateur=st.sampled_from([",", ";", "\t"]),
    iso=st.booleans(),
    ordre=st.permutations(TITRES),
    fins=st.sampled_from(["\n", "\r\n"]),
)
def test_meme_resultat_quels_que_soient_encodage_separateur_dates_et_ordre(encodage, separateur, iso, ordre, fins):
    with io.StringIO(TABLEUR.read_text(encoding="utf-8"), newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    if iso:
        dates = [colonne.value for colonne in Colonne if "ate de" in colonne.value or colonne is Colonne.CREE_LE]
        for ligne in lignes:
            ligne.update({titre: "-".join(reversed(ligne[titre].split("/"))) for titre in dates})
    tampon = io.StringIO(newline="")
    feuille = csv.DictWriter(tampon, ordre, delimiter=separateur, lineterminator=fins)
    feuille.writeheader()
    feuille.writerows(lignes)

    if not REFERENCE:
        REFERENCE.extend(import_defait(TABLEUR.read_bytes()))
    attendu, constats_attendus = REFERENCE
    obtenu, constats = import_defait(tampon.getvalue().encode(encodage))
    assert len(attendu) > 10
    assert obtenu == attendu
    assert [(c.ligne, c.colonne, c.raison) for c in constats] == [
        (c.ligne, c.colonne, c.raison) for c in constats_attendus
    ]


# --- Each state --------------------------------------------------------------------------------------


def test_disponible_devient_une_offre_publiee():
    ligne = seule()
    offre = Offre.objects.get()
    assert ligne.issue is Issue.DISPONIBLE
    assert not ligne.constats
    assert (offre.etat, offre.pk) == ("publiee", ligne.offre_id)
    assert (offre.adresse, offre.commune_id) == ("12 rue des Essais", "59350")
    assert offre.date_fin == dt.date(2028, 3, 1)
    assert offre.publiee_le.date() == dt.date(2026, 3, 12)
    assert (offre.referent.telephone, offre.rrh) == ("+33100000041", None)
    assert offre.engagement.marche.acheteur.type_acheteur == "collectivite"
    assert registre.soldes(offre.engagement_id).a_placer == 300
    assert Attente.objects.get().code == "pourvoir"
    assert "Entretien des menuiseries" in offre.texte_recherche


def test_reconduction_en_cours_reste_disponible_avec_un_doute():
    ligne = seule(NOTIFICATION="02/03/2023", FIN_CLAUSE="01/03/2026", FIN_RECONDUCTION="01/03/2027")
    assert ligne.issue is Issue.DISPONIBLE
    assert dits(ligne, Niveau.DOUTE) == [(Colonne.FIN_CLAUSE.value, "01/03/2026")]
    assert Offre.objects.get().date_fin == dt.date(2027, 3, 1)


def test_contrat_termine_est_repris_clos():
    ligne = seule(NOTIFICATION="02/03/2020", FIN_CLAUSE="01/03/2022", FIN_RECONDUCTION="01/03/2023")
    assert ligne.issue is Issue.CLOSE
    assert dits(ligne, Niveau.NOTE) == [(Colonne.FIN_RECONDUCTION.value, "01/03/2023")]
    assert Offre.objects.get().etat == "close"


@pytest.mark.parametrize("disponibilite", ["en préparation", "En cours", "EN PREPARATION"])
def test_suivi_commence_attend_la_coordination(disponibilite, distribution):
    assert seule(DISPONIBILITE=disponibilite).issue is Issue.SUIVIE
    attente = Attente.objects.get()
    assert (attente.code, attente.proprietaire) == ("reprendre", "MLDS de Lille")


def test_realise_a_son_parcours_sans_jeune_et_ses_heures_faites(distribution):
    ligne = seule(DISPONIBILITE="réalisé", CONVENTION="oui", REFERENT_MLDS="mlds de lille")
    parcours = Parcours.objects.get()
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert ligne.issue is Issue.REALISEE
    assert (parcours.etat, parcours.jeune, parcours.organisation.nom) == ("suite_connue", None, "MLDS de Lille")
    assert (soldes.faites, soldes.a_placer, soldes.reservees) == (Decimal(300), 0, 0)
    assert parcours.offre.engagement.etat == "solde"
    assert (parcours.debut, parcours.fin) == (dt.date(2026, 3, 2), calendrier.aujourdhui())
    assert not Attente.objects.exists()


def test_realise_avant_la_notification_n_a_pas_pu_etre():
    ligne = seule(DISPONIBILITE="réalisé", CONVENTION="oui", NOTIFICATION="02/03/2027", FIN_CLAUSE="01/06/2028")
    assert ligne.issue is Issue.REJETEE
    assert ligne.constats[-1].raison == "Le dernier jour vient après le premier."
    assert not Marche.objects.exists()


# --- What is refused, what is doubtful ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colonne", "cellule"),
    [
        ("HEURES", "375"),
        ("HEURES", ""),
        ("HEURES", "-300"),
        ("HEURES", "٣٠٠"),
        ("NOTIFICATION", "31/02/2026"),
        ("NOTIFICATION", "03/25/2026"),
        ("NOTIFICATION", "02/03/26"),
        ("NOTIFICATION", "mars 2026"),
        ("FIN_CLAUSE", ""),
        ("FIN_CLAUSE", "01/03/2026"),
        ("FIN_RECONDUCTION", "01/01/2027"),
        ("ADRESSE", ""),
        ("ADRESSE", "Saint-Denis"),
        ("ADRESSE", "Nulle-Part-les-Oies"),
        ("ADRESSE", "12 rue des Essais 59000 Lyon"),
        ("DOMAINE", ""),
        ("DOMAINE", " , ; "),
        ("TACHES", ""),
        ("TACHES", "avec un signe \x07 de cloche"),
        ("DISPONIBILITE", ""),
        ("DISPONIBILITE", "bientôt"),
        ("ACHETEUR", ""),
        ("ENTREPRISE", "É" * 201),
        ("OBJET", ""),
    ],
)
def test_cellule_refusee_rejette_la_ligne_et_elle_seule(colonne, cellule):
    autre = {Colonne.OBJET: "Autre marché"}
    rapport = importe({Colonne.DEPARTEMENT: "", Colonne[colonne]: cellule}, autre)
    assert [ligne.issue for ligne in rapport.lignes] == [Issue.REJETEE, Issue.DISPONIBLE]
    rejet = rapport.constats(Niveau.REJET)[0]
    assert (rejet.ligne, rejet.valeur) == (2, cellule.strip())
    assert rejet.raison
    assert Offre.objects.get().intitule == "Autre marché"
    assert Engagement.objects.count() == Marche.objects.count() == 1


@pytest.mark.parametrize(
    ("colonne", "cellule"),
    [
        ("DOMAINE", "Logistique, Bâtiment"),
        ("DOMAINE", "Bâtiment"),
        ("TYPE_ACHETEUR", "Syndicat mixte"),
        ("SITE", "pas un site"),
        ("REFERENT_COURRIEL", "tuteur@"),
        ("REFERENT_TELEPHONE", "poste 12"),
        ("REFERENT_NOM", ""),
        ("DEPARTEMENT", "62"),
        ("ACADEMIE", "Amiens"),
        ("REGION", "Normandie"),
        ("CONVENTION", "oui"),
        ("CONVENTION", "peut-être"),
        ("CREE_LE", "hier"),
        ("OBJET", "É" * 300),
        ("REMARQUE", "🙂" * 10_000),
        ("FIN_CLAUSE", "01/02/2027"),
    ],
)
def test_cellule_douteuse_est_dite_et_la_ligne_importee(colonne, cellule):
    ligne = seule(**{colonne: cellule})
    assert ligne.issue is Issue.DISPONIBLE
    assert (Colonne[colonne].value, cellule) in dits(ligne, Niveau.DOUTE)


def test_second_contact_injoignable_n_empeche_rien():
    ligne = seule(SECOND_NOM="RH", SECOND_COURRIEL="rh(at)dubois", SECOND_FONCTION="Ressources humaines")
    assert dits(ligne, Niveau.DOUTE) == [(Colonne.SECOND_COURRIEL.value, "rh(at)dubois")]
    assert Offre.objects.get().rrh is None


def test_sans_referent_joignable_un_doute():
    ligne = seule(REFERENT_COURRIEL="", REFERENT_TELEPHONE="")
    assert dits(ligne, Niveau.DOUTE) == [(Colonne.REFERENT_NOM.value, "Tuteur de l'atelier")] * 2
    assert Offre.objects.get().referent is None


def test_le_departement_departage_les_homonymes():
    ligne = seule(ADRESSE="Saint-Denis", DEPARTEMENT="93", ACADEMIE="Créteil", REGION="Île-de-France")
    assert ligne.issue is Issue.DISPONIBLE
    assert dits(ligne, Niveau.NOTE) == [(Colonne.ADRESSE.value, "Saint-Denis")]
    assert Offre.objects.get().commune_id == "93066"


def test_ce_qui_n_a_pas_de_place_est_rendu_dans_le_rapport():
    ligne = seule(SUIVI="appelé en mars", COMMENTAIRES="à rappeler")
    assert dits(ligne, Niveau.NOTE) == [
        (Colonne.SUIVI.value, "appelé en mars"),
        (Colonne.COMMENTAIRES.value, "à rappeler"),
    ]


def test_plusieurs_defauts_sont_tous_dits_en_une_fois():
    ligne = seule(HEURES="autre", NOTIFICATION="demain", ADRESSE="", DOMAINE="Bâtiment", REFERENT_COURRIEL="non")
    assert {colonne for colonne, _ in dits(ligne, Niveau.REJET)} == {
        Colonne.HEURES.value,
        Colonne.NOTIFICATION.value,
        Colonne.ADRESSE.value,
    }
    assert {colonne for colonne, _ in dits(ligne, Niveau.DOUTE)} >= {
        Colonne.DOMAINE.value,
        Colonne.REFERENT_COURRIEL.value,
    }


def test_cellules_en_trop():
    octets = tableur({}).rstrip() + b",oups\r\n"
    rapport = importer(lire(octets))
    assert rapport.lignes[0].issue is Issue.REJETEE
    assert "oups" in rapport.constats(Niveau.REJET)[0].raison


# --- Who and what is already known ----------------------------------------------------------------------


def test_les_organisations_se_retrouvent_sans_accents_ni_capitales(distribution):
    ligne = seule(ACHETEUR="VILLE DE LILLE", ENTREPRISE="menuiserie  dubois")
    assert ligne.issue is Issue.DISPONIBLE
    offre = Offre.objects.get()
    assert offre.entreprise == distribution.entreprise
    assert offre.engagement.marche.acheteur == distribution.acheteur.organisation


def test_deux_organisations_du_meme_nom_personne_ne_devine(distribution):
    Organisation.objects.create(genre=GenreOrganisation.ENTREPRISE, nom="MENUISERIE DUBOIS")
    ligne = seule()
    assert ligne.issue is Issue.REJETEE
    assert dits(ligne, Niveau.REJET) == [(Colonne.ENTREPRISE.value, "Menuiserie Dubois")]


def test_ligne_modifiee_depuis_est_dite_jamais_ecrasee():
    seule()
    ligne = seule(HEURES="450", REFERENT_NOM="Une autre personne")
    offre = Offre.objects.get()
    assert (ligne.issue, ligne.offre_id) == (Issue.DIFFERENTE, offre.pk)
    assert (offre.heures, offre.referent.nom) == (300, "Tuteur de l'atelier")


def test_deux_fois_la_meme_ligne_dans_le_fichier():
    rapport = importe({}, {}, {Colonne.HEURES: "450"})
    assert [ligne.issue for ligne in rapport.lignes] == [Issue.DISPONIBLE, Issue.DEJA_LA, Issue.REJETEE]
    assert Offre.objects.count() == 1


def test_une_ligne_rejetee_n_occupe_pas_la_place_de_sa_correction():
    rapport = importe({Colonne.HEURES: "autre"}, {})
    assert [ligne.issue for ligne in rapport.lignes] == [Issue.REJETEE, Issue.DISPONIBLE]


def test_deux_entreprises_d_un_meme_marche():
    rapport = importe({}, {Colonne.ENTREPRISE: "Autre titulaire", Colonne.REFERENT_COURRIEL: "autre@titulaire.example"})
    assert rapport.importees == 2
    assert (Marche.objects.count(), Engagement.objects.count()) == (1, 2)


def test_offre_deja_declaree_dans_raccord(distribution):
    offre = distribution.offre_publiee()
    marche = offre.engagement.marche
    ligne = seule(
        OBJET=marche.objet, OBJET_DETAILLE=marche.objet_detaille, NOTIFICATION=f"{marche.date_notification:%d/%m/%Y}"
    )
    assert ligne.issue is Issue.REJETEE
    assert "deux fois" in ligne.constats[-1].raison


def test_une_panne_sur_une_ligne_ne_touche_pas_les_autres(monkeypatch):
    ouvrir = registre.ouvrir

    def echouer_sur_450(engagement_id, heures, *, motif):
        ouvrir(engagement_id, heures, motif=motif)
        if heures == 450:
            raise RuntimeError("panne")

    monkeypatch.setattr(registre, "ouvrir", echouer_sur_450)
    rapport = importe({}, {Colonne.OBJET: "B", Colonne.HEURES: "450"}, {Colonne.OBJET: "C"})
    assert [ligne.issue for ligne in rapport.lignes] == [Issue.DISPONIBLE, Issue.REJETEE, Issue.DISPONIBLE]
    assert set(Marche.objects.values_list("objet", flat=True)) == {"Entretien des menuiseries", "C"}


@pytest.mark.django_db(transaction=True)
def test_des_imports_en_meme_temps_prennent_leur_tour(monkeypatch):
    nommees = ecriture._nommees

    def chercher_sans_se_presser(*qui):
        trouvees = nommees(*qui)
        time.sleep(0.02)
        return trouvees

    # Both would look for the buyer before either has made it, if they did not take turns.
    monkeypatch.setattr(ecriture, "_nommees", chercher_sans_se_presser)

    def importer_et_fermer(objet):
        try:
            return importer(lire(tableur({Colonne.OBJET: objet}))).lignes[0].issue
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as fils:
        issues = Counter(fils.map(importer_et_fermer, ["un", "un", "deux"]))
    assert issues == {Issue.DISPONIBLE: 2, Issue.DEJA_LA: 1}
    assert Organisation.objects.filter(genre=GenreOrganisation.ACHETEUR).count() == 1


# --- Reading the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf", "manque"),
        (b"  \r\n ", "vide"),
        (b"\xff\xfeC\x00r\x00", "CSV UTF-8"),
        (b"PK\x03\x04\x00\x00", "CSV UTF-8"),
        (b"Cr\x81\x8d", "encodage"),
        (b"a,b\n1,2\n", "manque"),
        (tableur({}, titres=[titre for titre in TITRES if titre != "Heures de parcours"]), "Heures de parcours"),
        (tableur({}, titres=[*TITRES, "heures de PARCOURS"]), "deux fois"),
        (tableur({}) + b'"jamais ferm\xc3\xa9', "guillemets"),
        (tableur({}) + b'"a"b",\n', "guillemets"),
        ("Créé le,Académie".encode("cp1252"), "manque"),
        (tableur({}).decode().encode("utf-8").replace("é".encode(), b"\xe9", 1), "manque"),
    ],
)
def test_fichier_illisible(octets, mot):
    with pytest.raises(FichierIllisible, match=mot):
        lire(octets)


def test_colonnes_inconnues_et_absentes_sont_dites():
    titres = [titre for titre in TITRES if titre != "Commentaires"] + ["Couleur"]
    rapport = importe({}, titres=titres)
    assert [(constat.ligne, constat.colonne) for constat in rapport.constats_fichier] == [
        (1, "Couleur"),
        (1, "Commentaires"),
    ]


def test_le_numero_de_ligne_est_celui_du_tableur():
    rapport = importe({Colonne.TACHES: "sur\ndeux lignes"}, {Colonne.OBJET: "Autre", Colonne.HEURES: "1"})
    assert [ligne.numero for ligne in rapport.lignes] == [2, 3]
    assert Offre.objects.get().missions == "sur\ndeux lignes"


cellules = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=400),
    st.sampled_from(
        ["=1+1", "10/10/2026", "2026-10-10", "300", "réalisé", "Lille", "75007", "a@b.example", "x" * 5000, "\u202e"]
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(list(Colonne)), cellules, max_size=8), min_size=1, max_size=4))
def test_des_cellules_quelconques_ne_font_jamais_tomber_l_import(lignes):
    temoin = {Colonne.OBJET: "Le témoin"}
    octets = tableur(*lignes, temoin)
    try:
        tableau = lire(octets)
    except FichierIllisible:
        assert b"\0" in octets
        return
    rapport = importer(tableau, simuler=True)
    assert rapport.lignes[-1].issue is Issue.DISPONIBLE
    assert not any("prévenez l'équipe" in constat.raison for constat in rapport.constats())
    rapport.en_csv()
    assert "\u202e" not in "".join(rapport.ecran())
    assert not Offre.objects.exists()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_des_octets_quelconques_ne_font_jamais_tomber_la_lecture(octets):
    with pytest.raises(FichierIllisible):
        lire(octets)


# --- The command ------------------------------------------------------------------------------------------


def commande(fichier, *options):
    sortie = io.StringIO()
    call_command("importer_offres", str(fichier), *options, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_dit_tout_a_l_ecran_et_dans_le_rapport(tmp_path):
    chemin = tmp_path / "rapport.csv"
    texte = commande(TABLEUR, f"--rapport={chemin}")
    assert "ligne 8 · rejet · Heures de parcours · « autre » : Un parcours dure 150, 300, 450 ou 900 heures." in texte
    assert "11 lignes lues : 10 importées" in texte
    assert "1 rejet, 2 doutes" in texte
    feuille = list(csv.DictReader(io.StringIO(chemin.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert {ligne["ligne"] for ligne in feuille} == {str(numero) for numero in range(2, 13)}
    assert [(ligne["ligne"], ligne["valeur"]) for ligne in feuille if ligne["niveau"] == "rejet"] == [("8", "autre")]


def test_simuler_dit_la_meme_chose_sans_rien_ecrire():
    avant = Journal.objects.count()
    simulation = commande(TABLEUR, "--simuler")
    assert Offre.objects.count() == Organisation.objects.count() == 0
    assert Journal.objects.count() == avant
    assert simulation.startswith(commande(TABLEUR).removesuffix("\n"))
    assert "Simulation : rien n'a été enregistré." in simulation


@pytest.mark.parametrize("contenu", [None, b"a,b\n"])
def test_fichier_illisible_sort_avec_2(tmp_path, contenu):
    fichier = tmp_path / "offres.csv"
    if contenu is not None:
        fichier.write_bytes(contenu)
    with pytest.raises(CommandError) as erreur:
        commande(fichier)
    assert erreur.value.returncode == 2


def test_un_chemin_faux_se_dit_en_francais(tmp_path):
    for fichier, mot in ((tmp_path / "absent.csv", "n'existe pas"), (tmp_path, "dossier")):
        with pytest.raises(CommandError, match=mot):
            commande(fichier)


def test_rapport_impossible_rien_n_est_importe(tmp_path):
    with pytest.raises(CommandError, match="rapport") as erreur:
        commande(TABLEUR, f"--rapport={tmp_path / 'absent' / 'r.csv'}")
    assert erreur.value.returncode == 2
    assert not Offre.objects.exists()


def test_rapport_n_efface_pas_le_fichier(tmp_path):
    fichier = tmp_path / "offres.csv"
    fichier.write_bytes(TABLEUR.read_bytes())
    with pytest.raises(CommandError):
        commande(fichier, f"--rapport={fichier}")
    assert fichier.read_bytes() == TABLEUR.read_bytes()


@pytest.mark.parametrize("cellule", ["=1+1", "@SUM(1)", "+33", "-1", "\t=1", " =1", "＝1"])
def test_les_formules_sont_neutralisees(cellule):
    assert neutraliser(cellule) == f"'{cellule}"


def test_une_formule_du_tableur_ressort_neutralisee():
    rapport = importe({Colonne.COMMENTAIRES: '=HYPERLINK("http://mal.example")'})
    assert "'=HYPERLINK" in rapport.en_csv().decode("utf-8-sig")


def test_la_regle_d_un_an_est_un_parametre():
    assert regle("duree_ferme_minimale").valeur == 12
    assert not seule(NOTIFICATION="02/03/2026", FIN_CLAUSE="01/03/2027").constats
