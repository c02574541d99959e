"""What the search reads of an offer."""

from io import StringIO

from django.core.management import call_command

from raccord.comptes.enums import Domaine
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.models import Mot, Offre
from tests.distribution import Distribution


def test_l_index_contient_les_mots_publics_et_eux_seuls(distribution: Distribution) -> None:
    offre = distribution.offre_publiee(domaines=[Domaine.ELECTRICITE, Domaine.LOGISTIQUE], adresse="12 rue Secrète")
    indexer(offre)
    for mot in ("Découverte de l'atelier", "Menuiserie Dubois", "Électricité", "Logistique", "Lille", "Nord", "ranger"):
        assert mot in offre.texte_recherche
    assert distribution.referent.nom not in offre.texte_recherche
    assert offre.fiche.poste_travail not in offre.texte_recherche
    assert "Secrète" not in offre.texte_recherche


def test_indexer_n_enregistre_rien(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(texte_recherche="")
    indexer(offre)
    assert Offre.objects.get(pk=offre.pk).texte_recherche == ""


def test_la_commande_repare_et_se_rejoue(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(texte_recherche="périmé")
    premiere, seconde = StringIO(), StringIO()
    call_command("reindexer_offres", stdout=premiere)
    call_command("reindexer_offres", stdout=seconde)
    assert "1 offre(s)" in premiere.getvalue()
    assert "0 offre(s)" in seconde.getvalue()
    offre.refresh_from_db()
    assert "Menuiserie Dubois" in offre.texte_recherche


def test_la_commande_refait_le_lexique(distribution: Distribution) -> None:
    distribution.offre_publiee(missions="Éplucher.")
    Mot.objects.all().delete()
    Mot.objects.create(mot="oublie")
    call_command("reindexer_offres", stdout=StringIO())
    mots = set(Mot.objects.values_list("mot", flat=True))
    assert {"eplucher", "menuiserie", "lille"} <= mots and "oublie" not in mots
