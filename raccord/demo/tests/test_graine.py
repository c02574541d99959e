"""The pieces of the generator, and what a seed promises."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from raccord.comptes.models import Organisation, Utilisateur
from raccord.demo.generateur import fictif, horloge, recits
from raccord.demo.generateur.generation import generer
from raccord.demo.generateur.national import generer_en_masse
from raccord.demo.generateur.recits import offres
from raccord.echeances.models import Attente, Message
from raccord.jeunes.models import Jeune
from raccord.marches import registre
from raccord.parcours.models import Offre
from raccord.socle import calendrier
from raccord.socle.models import Journal


@pytest.fixture
def peu_de_chapitres(monkeypatch):
    """Enough to see what chance decides."""
    monkeypatch.setattr(recits, "CHAPITRES", (offres.declarations, offres.ancien_outil, offres.contrat_perdu))


def raconte(graine):
    """What a seed tells, without ids and secrets; nothing of it stays."""
    with transaction.atomic():
        generer(graine)
        dit = {
            "offres": sorted(Offre.objects.values_list("etat", "intitule", "entreprise__nom", "commune", "date_fin")),
            "personnes": sorted(Utilisateur.objects.values_list("courriel", "prenom", "nom", "telephone")),
            "jeunes": sorted(Jeune.objects.values_list("prenom", "nom", "date_naissance", "commune")),
            "journal": sorted(Journal.objects.values_list("le", "verbe", "avant", "apres")),
            "attentes": sorted(Attente.objects.values_list("code", "sujet", "ouverte_le", "echeance")),
            "messages": sorted(Message.objects.values_list("cree_le", "code", "sujet", "courriel")),
        }
        transaction.set_rollback(True)
    return dit


@pytest.mark.django_db
def test_la_meme_graine_raconte_la_meme_chose_une_autre_autre_chose(peu_de_chapitres):
    une_fois, encore, autre = raconte(7), raconte(7), raconte(8)
    assert len(une_fois["offres"]) > 5
    for quoi, valeur in une_fois.items():
        assert encore[quoi] == valeur, quoi
        assert autre[quoi] != valeur, quoi


@pytest.mark.django_db
def test_rien_ou_tout(monkeypatch):
    def interrompu(_):
        raise RuntimeError

    monkeypatch.setattr(recits, "CHAPITRES", (offres.ancien_outil, interrompu))
    with pytest.raises(RuntimeError):
        generer(1)
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_la_commande_refuse_une_base_qui_contient_quelque_chose(distribution):
    with pytest.raises(CommandError, match="ne se mélange à rien"):
        call_command("generer_demo", stdout=io.StringIO())


@pytest.mark.django_db
def test_l_echelle_nationale(peu_de_chapitres):
    generer(1)
    avant = Offre.objects.publiques().count()
    assert generer_en_masse(1, offres=303) == 303
    offres = Offre.objects.publiques()
    assert offres.count() == avant + 303
    assert offres.values("commune__departement__academie").distinct().count() > 15
    offre = offres.exclude(engagement=None).order_by("pk")[0]
    assert registre.soldes(offre.engagement_id).a_placer == offre.engagement.heures
    assert offre.texte_recherche
    assert Attente.objects.ouvertes().filter(code="pourvoir").count() >= 303


def test_l_horloge_ne_bouge_que_dedans():
    avant = timezone.now()
    moment = dt.datetime(2020, 7, 9, 10, 30, tzinfo=calendrier.PARIS)
    with horloge.a(moment):
        assert timezone.now() == moment
        assert type(timezone.now()) is dt.datetime
        assert calendrier.aujourdhui() == dt.date(2020, 7, 9)
        assert Journal().le == moment
        assert timezone.template_localtime(moment).hour == 10
    assert timezone.now() >= avant


def test_les_siret_fictifs_sont_bien_formes_et_distincts():
    sirets = {fictif.siret(numero) for numero in range(3000)}
    assert len(sirets) == 3000
    assert all(len(siret) == 14 and siret.startswith("0000") for siret in sirets)
