"""A young person's file: opened, changed, seen by the circle alone, each opening traced."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.socle import calendrier
from raccord.socle.models import Journal, Parametre
from tests.distribution import Distribution, Personne
from tests.fabriques_offres import reservation

VALIDE: dict[str, Any] = {
    "prenom": "Inès",
    "nom": "Delattre",
    "date_naissance": "2009-03-12",
    "commune": "Roubaix",
    "telephone": "06 12 34 56 78",
    "representant_1_nom": "Nadia Delattre",
    "representant_1_lien": "mère",
    "representant_1_telephone": "06 98 76 54 32",
    "domaines": ["logistique", "accueil"],
    "heures_souhaitees": "300",
    "rayon_km": "25",
    "volontaire_le": "2026-10-05",
    "profil": "Aime bricoler.",
    "contraintes": "Pas avant 9 h.",
}


def _creer(personne: Personne, *, client: Client | None = None, **champs: Any) -> Any:
    client = client or personne.client()
    if "cle" not in champs:
        champs["cle"] = str(uuid4())
    donnees = {cle: valeur for cle, valeur in (VALIDE | champs).items() if valeur is not None}
    return client.post(reverse("jeunes:creer"), donnees)


def _texte(reponse: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).split()).replace("\u00a0", " ")


def test_ouvrir_un_dossier_l_ouvre_a_la_mlds(distribution: Distribution) -> None:
    reponse = _creer(distribution.tuteur)
    jeune = Jeune.objects.get()
    assert reponse.url == reverse("jeunes:jeune", args=[jeune.pk])
    assert (jeune.prenom, jeune.commune.nom, jeune.telephone) == ("Inès", "Roubaix", "+33612345678")
    assert (jeune.organisation, jeune.tuteur) == (distribution.tuteur.organisation, distribution.tuteur.utilisateur)
    assert (jeune.domaines, jeune.heures_souhaitees, jeune.rayon_km) == (["logistique", "accueil"], 300, 25)
    representant = jeune.representants.get()
    assert (representant.nom, representant.telephone) == ("Nadia Delattre", "+33698765432")
    acces = AccesJeune.objects.get()
    assert (acces.jeune, acces.organisation) == (jeune, distribution.tuteur.organisation)
    assert acces.motif
    assert Journal.objects.get(verbe="jeune.creer").objet_id == jeune.pk


def test_un_mineur_se_cree_quand_le_temps_passe(distribution: Distribution) -> None:
    """The base compares a grant with the instant at which the transaction began: a stopped clock hides it."""
    with time_machine.travel(timezone.now(), tick=True):
        assert _creer(distribution.tuteur).status_code == 302
    assert Jeune.objects.get().representants.count() == 1


def test_un_formulaire_envoye_deux_fois_n_ouvre_qu_un_dossier(distribution: Distribution) -> None:
    cle, client = str(uuid4()), distribution.tuteur.client()
    premiere, seconde = (
        _creer(distribution.tuteur, client=client, cle=cle),
        _creer(distribution.tuteur, client=client, cle=cle),
    )
    assert premiere.url == seconde.url
    assert (Jeune.objects.count(), AccesJeune.objects.count()) == (1, 1)


def test_la_meme_personne_n_a_qu_un_dossier_par_mlds(distribution: Distribution) -> None:
    _creer(distribution.tuteur)
    reponse = _creer(distribution.tuteur_collegue, nom="DELATTRE")
    assert reponse.status_code == 422
    assert "Un dossier existe déjà dans votre MLDS" in _texte(reponse)
    assert _creer(distribution.tuteur_etranger).status_code == 302


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"date_naissance": "2012-10-05"}, "ce jeune a 14 ans : un parcours commence à 16 ans"),
        ({"date_naissance": "2012-10-05"}, "à partir du 05/10/2028"),
        (
            {"date_naissance": "2000-10-06"},
            "cette personne a 26 ans : un parcours s&#x27;adresse aux jeunes jusqu&#x27;à 25 ans",
        ),
        ({"date_naissance": "2030-01-01"}, "dans le futur"),
        ({"representant_1_nom": "", "representant_1_lien": "", "representant_1_telephone": ""}, "Ce jeune est mineur"),
        ({"representant_1_telephone": ""}, "au moins un téléphone ou un courriel pour ce représentant légal"),
        ({"representant_1_nom": ""}, "Indiquez le nom de ce représentant légal"),
        ({"representant_1_lien": ""}, "Indiquez son lien avec le jeune"),
        ({"volontaire_le": "2026-10-07"}, "ne peut pas être daté dans le futur"),
        ({"volontaire_le": "1990-01-01"}, "avant sa naissance"),
        ({"volontaire_le": ""}, "S’est dit volontaire le"),
        ({"commune": "Saint-Denis"}, "Plusieurs communes correspondent"),
        ({"commune": "Nulle-Part-Ailleurs"}, "Nous ne trouvons pas"),
        ({"telephone": "12"}, "numéro n’est pas complet"),
        ({"rayon_km": "-5"}, "Le minimum est 1"),
        ({"rayon_km": "501"}, "Le maximum est 500"),
        ({"rayon_km": "beaucoup"}, "Écrivez un nombre"),
        ({"heures_souhaitees": "200"}, "Choisissez une réponse de la liste"),
        ({"profil": "x" * 10_000}, "trop long"),
        ({"prenom": "x" * 10_000}, "trop long"),
        ({"nom": ""}, "Remplissez « Nom »"),
    ],
)
def test_une_saisie_fausse_recoit_une_phrase_et_reste_la(
    distribution: Distribution, champs: dict[str, str], phrase: str
) -> None:
    reponse = _creer(distribution.tuteur, **champs)
    assert reponse.status_code == 422
    assert phrase in _texte(reponse)
    assert Jeune.objects.count() == 0
    html = reponse.content.decode()
    for garde in ("Pas avant 9 h.", champs.get("commune", "Roubaix")):
        assert garde in html


def test_emoji_et_texte_de_droite_a_gauche(distribution: Distribution) -> None:
    assert _creer(distribution.tuteur, prenom="Zoé 🌻", nom="عمر", profil="\u202eإلى العمل 💪").status_code == 302
    jeune = Jeune.objects.get()
    assert (jeune.prenom, jeune.nom, jeune.profil) == ("Zoé 🌻", "عمر", "إلى العمل 💪")
    assert "Zoé 🌻" in distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk])).content.decode()


def test_un_majeur_n_a_pas_besoin_de_representant(distribution: Distribution) -> None:
    majeur = {"date_naissance": "2008-10-06"} | {f"representant_1_{nom}": "" for nom in ("nom", "lien", "telephone")}
    assert _creer(distribution.tuteur, **majeur).status_code == 302


def test_les_ages_sont_des_parametres_dates(distribution: Distribution) -> None:
    Parametre.objects.create(
        cle="age_minimum", debut=calendrier.aujourdhui(), valeur=14, unite="ans", libelle="Essai", source="Essai"
    )
    assert _creer(distribution.tuteur, date_naissance="2012-10-05").status_code == 302


@pytest.mark.parametrize("qui", ["acheteur", "coordonnateur", "national"])
def test_seul_un_tuteur_ouvre_un_dossier(distribution: Distribution, qui: str) -> None:
    assert _creer(getattr(distribution, qui)).status_code == 403
    assert Jeune.objects.count() == 0


# --- Seeing it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        ("tuteur", 200),
        ("tuteur_collegue", 200),
        ("tuteur_etranger", 404),
        ("coordonnateur", 403),
        ("acheteur", 403),
        ("national", 403),
    ],
)
def test_qui_voit_le_dossier(distribution: Distribution, qui: str, statut: int) -> None:
    jeune = distribution.jeune()
    client = getattr(distribution, qui).client()
    for nom in ("jeunes:jeune", "jeunes:modifier"):
        assert client.get(reverse(nom, args=[jeune.pk])).status_code == statut


def test_un_visiteur_est_envoye_se_connecter(client: Client, distribution: Distribution) -> None:
    assert client.get(reverse("jeunes:jeune", args=[distribution.jeune().pk])).status_code == 302


@pytest.mark.parametrize("champ", ["revoque_le", "fin"])
def test_un_acces_retire_ou_fini_ferme_le_dossier(distribution: Distribution, champ: str) -> None:
    jeune = distribution.jeune()
    AccesJeune.objects.update(motif_retrait="essai", **{champ: timezone.now() - dt.timedelta(minutes=1)})
    assert distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk])).status_code == 404


def test_un_acces_donne_a_une_autre_mlds_l_ouvre(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    AccesJeune.objects.create(jeune=jeune, organisation=distribution.tuteur_etranger.organisation, motif="relais")
    page = distribution.tuteur_etranger.client().get(reverse("jeunes:jeune", args=[jeune.pk]))
    assert "MLDS de Lille" in _texte(page) and "relais" in _texte(page)


def test_la_page_dit_ou_ca_en_est_et_qui_peut_voir(distribution: Distribution) -> None:
    jeune = distribution.jeune(contraintes="Allergie au pollen.")
    texte = _texte(distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune.pk])))
    assert f"{jeune.prenom} {jeune.nom}" in texte
    assert "17 ans, Roubaix (Nord)" in texte
    assert "Qui peut voir ce dossier" in texte and "MLDS de Lille" in texte
    assert "Allergie au pollen." in texte
    assert "Aucune offre assez près" in texte


# --- Traces ------------------------------------------------------------------------------------------


def test_ouvrir_le_dossier_laisse_une_ligne_par_heure_et_par_personne(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    adresse = reverse("jeunes:jeune", args=[jeune.pk])
    client, collegue = distribution.tuteur.client(), distribution.tuteur_collegue.client()

    def lignes() -> int:
        return Journal.objects.filter(verbe="jeune.ouvrir", objet_id=jeune.pk).count()

    client.get(adresse)
    client.get(adresse)
    assert lignes() == 1
    collegue.get(adresse)
    assert lignes() == 2
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=59), tick=False):
        client.get(adresse)
        assert lignes() == 2
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61), tick=False):
        page = _texte(client.get(adresse))
        assert lignes() == 3
    assert distribution.tuteur_collegue.utilisateur.nom_complet in page
    trace = Journal.objects.filter(verbe="jeune.ouvrir").first()
    assert trace is not None and trace.faits == {} and jeune.nom not in trace.texte
    assert Role.ACHETEUR not in trace.audience and trace.audience


def test_qui_est_refuse_ne_laisse_pas_de_ligne(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    distribution.tuteur_etranger.client().get(reverse("jeunes:jeune", args=[jeune.pk]))
    assert not Journal.objects.filter(verbe="jeune.ouvrir").exists()


# --- Changing it -------------------------------------------------------------------------------------


def _modifier(personne: Personne, jeune: Jeune, **champs: Any) -> Any:
    version = champs.pop("version", jeune.modifie_le.isoformat())
    donnees = VALIDE | {"version": version} | champs
    return personne.client().post(reverse("jeunes:modifier", args=[jeune.pk]), donnees)


def test_modifier(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    assert _modifier(distribution.tuteur_collegue, jeune, commune="Lille").status_code == 302
    jeune.refresh_from_db()
    assert (jeune.prenom, jeune.commune.nom, jeune.representants.count()) == ("Inès", "Lille", 1)
    assert Journal.objects.filter(verbe="jeune.modifier", objet_id=jeune.pk).count() == 1


def test_le_second_de_deux_tuteurs_est_prevenu_et_ne_perd_rien(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5), tick=False):
        assert _modifier(distribution.tuteur, jeune, profil="Écrit en premier.").status_code == 302
    reponse = _modifier(distribution.tuteur_collegue, jeune, profil="Écrit en second.")
    assert reponse.status_code == 422
    texte = _texte(reponse)
    assert "Une autre personne a enregistré cette page entre-temps" in texte
    assert "Écrit en premier." in texte and "Écrit en second." in reponse.content.decode()
    jeune.refresh_from_db()
    assert jeune.profil == "Écrit en premier."
    encore = _modifier(distribution.tuteur_collegue, jeune, profil="Écrit en second.")
    assert encore.status_code == 302


def test_un_double_clic_n_est_pas_un_conflit(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5), tick=False):
        for _ in range(2):
            reponse = _modifier(distribution.tuteur, jeune, cle=str(jeune.pk), profil="Écrit une fois.")
            assert reponse.status_code == 302
    assert Journal.objects.filter(verbe="jeune.modifier", objet_id=jeune.pk).count() == 1


def test_qui_suit_ne_change_pas_en_modifiant_le_dossier(distribution: Distribution) -> None:
    """That is a hand-over: all that the tutor does for the young person passes, or nothing."""
    jeune = distribution.jeune()
    collegue = distribution.tuteur_collegue.utilisateur
    page = _texte(distribution.tuteur.client().get(reverse("jeunes:modifier", args=[jeune.pk])))
    assert collegue.nom_complet not in page
    assert _modifier(distribution.tuteur, jeune, tuteur=str(collegue.pk)).status_code == 302
    jeune.refresh_from_db()
    assert jeune.tuteur == distribution.tuteur.utilisateur


def test_un_dossier_qui_vieillit_se_modifie_encore(distribution: Distribution) -> None:
    jeune = distribution.jeune(date_naissance=dt.date(2000, 1, 1))
    assert _modifier(distribution.tuteur, jeune, date_naissance="2000-01-01").status_code == 302
    assert _modifier(distribution.tuteur, jeune, date_naissance="1999-01-01").status_code == 422


def test_un_dossier_disparu(distribution: Distribution) -> None:
    assert distribution.tuteur.client().get(reverse("jeunes:modifier", args=[uuid4()])).status_code == 404


# --- The list ----------------------------------------------------------------------------------------


def _noms(reponse: Any) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', re.sub(r">\s+<", "><", reponse.content.decode()))


def test_la_liste_est_alphabetique_et_a_moi(distribution: Distribution) -> None:
    for prenom, nom in (("Zoé", "Abadie"), ("Éric", "Énaud"), ("Anna", "Énaud"), ("Bob", "Zidi")):
        distribution.jeune(prenom=prenom, nom=nom)
    distribution.jeune(distribution.tuteur_collegue, prenom="Autre", nom="Collègue")
    distribution.jeune(distribution.tuteur_etranger, prenom="Autre", nom="Étranger")
    client = distribution.tuteur.client()
    assert _noms(client.get(reverse("jeunes:liste"))) == ["Zoé Abadie", "Anna Énaud", "Éric Énaud", "Bob Zidi"]
    tous = _noms(client.get(reverse("jeunes:liste"), {"qui": "tous"}))
    assert tous == ["Zoé Abadie", "Autre Collègue", "Anna Énaud", "Éric Énaud", "Bob Zidi"]


def test_la_liste_vide_dit_que_faire(distribution: Distribution) -> None:
    client = distribution.tuteur.client()
    assert "Vous ne suivez pas encore de jeune" in _texte(client.get(reverse("jeunes:liste")))
    assert "Ouvrez le dossier d’un jeune volontaire" in _texte(client.get(reverse("jeunes:liste"), {"qui": "tous"}))


@pytest.mark.parametrize("tri", ["", "attente"])
def test_meme_nombre_de_requetes_pour_un_et_pour_vingt(
    distribution: Distribution, django_assert_num_queries: Any, tri: str
) -> None:
    reservation(distribution)
    client, adresse = distribution.tuteur.client(), f"{reverse('jeunes:liste')}?tri={tri}"
    with CaptureQueriesContext(connection) as pour_un:
        client.get(adresse)
    for _ in range(9):
        reservation(distribution)
        distribution.jeune()
    with django_assert_num_queries(len(pour_un)):
        assert len(_noms(client.get(adresse))) == 19
