"""The database refuses what a view would forget to ask."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.intrusions import eprouver
from raccord.documents.models import Contenu
from raccord.echeances.models import AdresseEnEchec, Preference
from raccord.jeunes.enums import ROLES_DU_CERCLE
from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune, RepresentantLegal
from raccord.parcours.actions.passation import confier
from raccord.parcours.models import Parcours, Positionnement, Signalement
from raccord.rgpd.models import Avertissement, Copie
from raccord.socle import identite
from raccord.socle.cloisonnement import FONCTIONS, POLITIQUES
from raccord.socle.contexte import SYSTEME, VISITEUR, Contexte
from tests import coulisses
from tests.distribution import Distribution, organisation, personne
from tests.etats import retrait_en_etat, transfert_en_etat
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import rencontre_fixee, transmis

MODELES = (Jeune, AccesJeune, Positionnement, Contenu)


@pytest.fixture
def dossier(distribution: Distribution) -> Positionnement:
    return transmis(distribution)


def vus(contexte: Contexte, *modeles: type[Any]) -> list[int]:
    """Rows of each table for somebody who asks without any filter."""
    with coulisses.fermees(), identite.agir(contexte):
        return [modele._base_manager.count() for modele in modeles]


# What each person of the cast reads of one young person's file when a view forgets every filter.
@pytest.mark.parametrize(
    ("qui", "attendus"),
    [
        ("tuteur", [1, 1, 1, 1]),
        ("tuteur_collegue", [1, 1, 1, 1]),
        ("tuteur_etranger", [0, 0, 0, 0]),
        ("coordonnateur", [1, 1, 1, 0]),
        ("coordonnateur_etranger", [0, 0, 0, 0]),
        ("acheteur", [1, 0, 1, 0]),
        ("acheteur_collegue", [1, 0, 1, 0]),
        ("acheteur_etranger", [0, 0, 0, 0]),
        ("national", [1, 1, 1, 0]),
    ],
)
def test_sans_aucun_filtre(distribution: Distribution, dossier: Positionnement, qui: str, attendus: list[int]) -> None:
    assert vus(getattr(distribution, qui).contexte, *MODELES) == attendus


def test_personne_et_la_machine(distribution: Distribution, dossier: Positionnement) -> None:
    assert vus(VISITEUR, *MODELES) == [0, 0, 0, 0]
    assert vus(SYSTEME, *MODELES) == [0, 0, 0, 0]
    with coulisses.fermees(), identite.agir(SYSTEME, dossiers=(dossier.reservation.jeune_id,)):
        assert [modele._base_manager.count() for modele in MODELES] == [1, 1, 1, 1]


def test_un_acces_retire_ou_fini_ferme_la_base(distribution: Distribution, dossier: Positionnement) -> None:
    AccesJeune.objects.update(fin="2026-10-05T00:00Z")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [0, 0, 0]
    AccesJeune.objects.update(fin="2026-10-07T00:00Z")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [1, 1, 1]
    AccesJeune.objects.update(revoque_le="2026-10-05T00:00Z", motif_retrait="essai")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [0, 0, 0]


def test_une_organisation_ajoutee_lit_le_dossier_et_rien_de_plus(
    distribution: Distribution, dossier: Positionnement
) -> None:
    jeune = dossier.reservation.jeune
    partenaire = personne(Role.PARTENAIRE, organisation(GenreOrganisation.ETABLISSEMENT, "Lycée des Fileuses", "Lille"))
    for qui in (partenaire, distribution.tuteur_etranger):
        lus = (Jeune, AccesJeune, Positionnement, Contenu, DemandeRetrait, FicheContexte)
        fiche_de(jeune)
        assert vus(qui.contexte, *lus) == [0] * 6
        acces = AccesJeune.objects.create(jeune=jeune, organisation=qui.organisation, motif="relais")
        assert vus(qui.contexte, *lus) == [1, 2, 0, 0, 0, 0]
        with coulisses.fermees(), identite.agir(qui.contexte):
            assert Jeune.objects.update(nom="Autre") == AccesJeune.objects.update(fin=None) == 0
            assert AccesJeune.objects.all().delete()[0] == 0
            with pytest.raises(Exception, match="row-level security"), transaction.atomic():
                AccesJeune.objects.create(jeune=jeune, organisation=distribution.entreprise, motif="cousin")
        AccesJeune.objects.filter(pk=acces.pk).update(revoque_le="2026-10-05T00:00Z", motif_retrait="essai")
        assert vus(qui.contexte, *lus) == [0] * 6
        AccesJeune.objects.filter(pk=acces.pk).update(revoque_le=None, fin="2026-10-05T00:00Z")
        assert vus(qui.contexte, *lus) == [0] * 6
        acces.delete()
        FicheContexte.objects.all().delete()
    AccesJeune.objects.create(jeune=jeune, organisation=partenaire.organisation, motif="relais")
    for role in (Role.COORDONNATEUR, Role.ACHETEUR, Role.ENTREPRISE):
        autre = replace(partenaire.contexte, role=role, academie_id=None)
        assert vus(autre, Jeune) == [0], "le rôle compte, pas seulement l'organisation"


def fiche_de(jeune: Jeune, **champs: Any) -> FicheContexte:
    """Approved, shown to the company, for a month."""
    maintenant = timezone.now()
    defauts = {
        "etat": "approuvee",
        "lecteurs": "entreprise",
        "approuvee_le": maintenant,
        "expire_le": maintenant + dt.timedelta(days=30),
    }
    return FicheContexte.objects.create(jeune=jeune, **(defauts | champs))


@pytest.mark.parametrize(
    ("champs", "jeune_", "tuteur", "entreprise"),
    [
        ({}, 1, 1, 1),
        ({"lecteurs": "mlds"}, 1, 1, 0),
        ({"expire_le": "2026-10-05T00:00Z"}, 1, 0, 0),
        ({"etat": "proposee", "approuvee_le": None, "expire_le": None}, 1, 1, 0),
        ({"etat": "revoquee"}, 1, 0, 0),
        ({"etat": "ecartee"}, 1, 0, 0),
        ({"etat": "perimee"}, 1, 0, 0),
    ],
)
def test_a_qui_s_ouvre_une_fiche_de_contexte(
    distribution: Distribution, champs: dict[str, Any], jeune_: int, tuteur: int, entreprise: int
) -> None:
    parcours = Fabrique(distribution).en_cours()
    assert parcours.jeune
    fiche_de(parcours.jeune, **champs)
    d = distribution
    assert vus(d.contexte_jeune(parcours.jeune.pk), FicheContexte) == [jeune_]
    for qui in (d.tuteur, d.tuteur_collegue):
        assert vus(qui.contexte, FicheContexte) == [tuteur]
    assert vus(d.contexte_referent, FicheContexte) == [entreprise]
    parent = RepresentantLegal.objects.create(jeune=parcours.jeune, nom="Odile", lien="mère", telephone="+33600000001")
    for contexte in (
        d.tuteur_etranger.contexte,
        d.coordonnateur.contexte,
        d.national.contexte,
        d.acheteur.contexte,
        d.contexte_jeune(d.jeune().pk),
        Contexte(role=Role.REPRESENTANT, representant_id=parent.pk),
    ):
        assert vus(contexte, FicheContexte) == [0]
    with coulisses.fermees(), identite.agir(SYSTEME, dossiers=(parcours.jeune.pk,)):
        # The machine reaches drafts, to end them; never what the young person approved.
        assert FicheContexte.objects.count() == int(champs.get("etat") in ("proposee", "perimee"))
    Parcours.objects.filter(pk=parcours.pk).update(etat="termine")
    assert vus(d.contexte_referent, FicheContexte) == [0]


def test_un_tuteur_n_approuve_pas_a_la_place_du_jeune(distribution: Distribution) -> None:
    jeune = distribution.jeune()
    brouillon = fiche_de(jeune, etat="proposee")
    with coulisses.fermees(), identite.agir(distribution.tuteur.contexte):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            FicheContexte.objects.filter(pk=brouillon.pk).update(etat="approuvee")
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            fiche_de(jeune)
    FicheContexte.objects.update(etat="approuvee")
    with coulisses.fermees(), identite.agir(distribution.tuteur.contexte):
        assert FicheContexte.objects.update(lecteurs="entreprise") == FicheContexte.objects.all().delete()[0] == 0


def test_les_roles_du_cercle_sont_ceux_de_la_base() -> None:
    politiques = " ".join(FONCTIONS)
    assert f"IN ({', '.join(repr(str(role)) for role in ('tuteur', 'partenaire', 'national'))})" in politiques
    assert {"tuteur", "partenaire", "national"} == ROLES_DU_CERCLE


def test_nul_ne_s_ouvre_un_dossier(distribution: Distribution, dossier: Positionnement) -> None:
    intrus = distribution.tuteur_etranger
    with coulisses.fermees(), identite.agir(intrus.contexte), pytest.raises(Exception, match="row-level security"):
        AccesJeune.objects.create(
            jeune_id=dossier.reservation.jeune_id, organisation=intrus.organisation, motif="curiosité"
        )


def test_une_vue_qui_oublie_son_filtre(
    distribution: Distribution, dossier: Positionnement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every filter on the circle removed from the application: the stranger still reads nothing."""
    monkeypatch.setattr("raccord.jeunes.models.JeuneQuerySet.ouverts_a", lambda requete, _: requete)
    adresse = f"/jeunes/{dossier.reservation.jeune_id}/"
    assert distribution.tuteur.client().get(adresse).status_code == 200
    assert distribution.tuteur_etranger.client().get(adresse).status_code == 404
    assert "Zoélie" not in distribution.tuteur_etranger.client().get("/jeunes/").content.decode()


def test_l_identite_ne_survit_pas_a_sa_transaction(distribution: Distribution, dossier: Positionnement) -> None:
    with coulisses.fermees():
        with identite.agir(distribution.tuteur.contexte):
            assert Jeune.objects.count() == 1
            with identite.agir(distribution.tuteur_etranger.contexte):
                assert Jeune.objects.count() == 0
            assert Jeune.objects.count() == 1
        assert Jeune.objects.count() == 0


def remplir_le_reste(distribution: Distribution, parcours: Parcours) -> None:
    """A row in every confidential table that the journey of this test did not write in."""
    jeune, jour = parcours.jeune, parcours.debut
    assert jeune
    rencontre = rencontre_fixee(distribution)  # by the company: an answer, an appointment
    assert rencontre.reponses.exists() and rencontre.rendez_vous
    RepresentantLegal.objects.create(jeune=jeune, nom="Dominique Essai", lien="mère", telephone="+33612345678")
    parcours.adaptations.create(
        le=jour, motif="Fatigue", fin_avant=jour, fin_apres=jour, heures_hebdo_avant=35, heures_hebdo_apres=30
    )
    transfert_en_etat(distribution, "demande")
    AdresseEnEchec.objects.create(adresse="rien@ici.example", chez="Un jeune", jeune_id=jeune.pk, cause="inconnue")
    Preference.objects.create(jeune_id=jeune.pk)
    personne = {"genre": "jeune", "personne_id": jeune.pk}
    demain = timezone.now() + dt.timedelta(days=1)
    Copie.objects.create(**personne, demandee_par="tuteur", expire_le=demain, taille=1, scelle=b"x")
    Avertissement.objects.create(**personne, efface_le=demain)


@pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])
def test_les_intrusions_echouent() -> None:
    distribution = Distribution()
    transmis(distribution)
    fabrique = Fabrique(distribution)
    parcours = fabrique.bilan_signe()
    Signalement.objects.create(parcours=parcours, nature="absence", jour=parcours.debut, texte="x", signale_par="jeune")
    assert parcours.jeune
    fiche_de(parcours.jeune)
    retrait_en_etat(distribution, "demande")
    lecteur, jeunes = distribution.tuteur_collegue.utilisateur.pk, [distribution.jeune().pk]
    confier(distribution.tuteur.contexte, parcours.tuteur_id, vers_id=lecteur, note="Appeler mardi.", jeunes=jeunes)
    remplir_le_reste(distribution, parcours)
    bilan = eprouver()
    assert bilan.failles == []
    assert bilan.essais > 300
    assert bilan.tables_vides == []  # a door nobody stands behind is not tried
    sortie = io.StringIO()
    call_command("verifier_cloisonnement", stdout=sortie)
    assert "0 réussie" in sortie.getvalue()


@pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])
def test_une_porte_laissee_ouverte_se_voit() -> None:
    transmis(Distribution())
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute("ALTER TABLE jeunes_jeune DISABLE ROW LEVEL SECURITY")
    try:
        with pytest.raises(CommandError, match="personne : lire jeunes_jeune : 1 ligne"):
            call_command("verifier_cloisonnement", stdout=io.StringIO())
    finally:
        with connections["proprietaire"].cursor() as curseur:
            curseur.execute("ALTER TABLE jeunes_jeune ENABLE ROW LEVEL SECURITY")


def test_toute_table_qui_tient_a_un_dossier_est_cloisonnee() -> None:
    """A row that belongs to a confidential one is confidential."""
    cloisonnes = {politique.modele for politique in POLITIQUES.values()}
    oubliees = {
        modele.__name__
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.concrete_fields
        if champ.remote_field and champ.remote_field.model in cloisonnes and modele not in cloisonnes
    }
    assert oubliees == set()
