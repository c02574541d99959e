"""The territory is told once for the whole module."""

import re
from collections import Counter

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conftest import INSTANT
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Contact, Demande, Invitation, Organisation, Utilisateur
from raccord.demo.acces import roles_a_jouer
from raccord.demo.generateur.generation import generer
from raccord.documents.models import Document
from raccord.echeances.attentes import echelons_de
from raccord.echeances.models import Attente, Message, Rappel
from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune
from raccord.marches import registre
from raccord.marches.models import EcritureHeures, Engagement
from raccord.parcours.models import Adaptation, Offre, Parcours, Positionnement, Reservation, Semaine, Transfert
from raccord.parcours.models.parcours import Signalement
from raccord.socle.models import Journal
from raccord.territoires.models import Academie

# Said kindly, nothing to do and nothing to show: the young person is called.
SANS_SUITE = {"parcours.refus_jeune"}
SUIVIS = (Engagement, Offre, Reservation, Positionnement, Parcours, Transfert)


@pytest.fixture(scope="module")
def territoire(django_db_setup, django_db_blocker):
    """Told once, as of the instant at which every test lives; undone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(INSTANT, tick=False):
            generer(1)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("modele", SUIVIS, ids=lambda modele: modele.__name__)
def test_chaque_etat_de_chaque_vie_est_represente(territoire, modele):
    presents = set(modele.objects.values_list("etat", flat=True))
    assert {etat for etat, _ in modele._meta.get_field("etat").choices} - presents == set()


def test_la_troupe_est_au_complet(territoire):
    genres = Counter(Organisation.objects.values_list("genre", flat=True))
    assert genres[GenreOrganisation.ACHETEUR] >= 3
    assert genres[GenreOrganisation.ENTREPRISE] >= 12
    assert genres[GenreOrganisation.MLDS] == 3
    assert genres[GenreOrganisation.NATIONALE] == 1
    par_mlds = Counter(Adhesion.objects.filter(role=Role.TUTEUR).values_list("organisation", flat=True))
    assert set(par_mlds.values()) <= {2, 3}
    assert Adhesion.objects.filter(role=Role.COORDONNATEUR).count() == 3
    administrees = Adhesion.objects.filter(administrateur=True).values_list("organisation__genre", flat=True)
    assert Counter(administrees) == {"mlds": 3, "acheteur": 4, "nationale": 1}
    assert Invitation.objects.get().valide and Demande.objects.get().decidee_le is None
    assert Jeune.objects.count() >= 25
    assert {academie.slug for academie in Academie.objects.filter(pk__in=_academies_des_mlds())} == {
        "lille",
        "lyon",
        "la-reunion",
    }


def _academies_des_mlds():
    return Organisation.objects.filter(genre=GenreOrganisation.MLDS).values("academie_id")


def test_des_offres_disponibles_partout_outre_mer_compris(territoire):
    offres = Offre.objects.publiques()
    assert offres.count() >= 35
    assert offres.filter(commune__departement__code__startswith="97").count() >= 5
    assert offres.values("commune__departement__academie").distinct().count() >= 15
    assert offres.exclude(texte_recherche="").count() == offres.count()


def test_des_attentes_en_retard_et_d_autres_a_l_heure(territoire):
    ouvertes = Attente.objects.ouvertes()
    retards = ouvertes.filter(echeance__lt=timezone.now())
    assert retards.count() >= 8
    assert ouvertes.count() - retards.count() >= 30
    assert Rappel.objects.exists()
    for attente in ouvertes.prefetch_related("rappels"):
        dus = {e.code for e in echelons_de(attente) if e.moment(attente) <= timezone.now()}
        assert dus <= {rappel.echelon for rappel in attente.rappels.all()}


def test_personne_de_reel_et_rien_qui_parte(territoire):
    adresses = [
        *Utilisateur.objects.values_list("courriel", flat=True),
        *Contact.objects.values_list("courriel", flat=True),
        *Organisation.objects.values_list("courriel", flat=True),
        *Jeune.objects.values_list("courriel", flat=True),
        *Message.objects.values_list("courriel", flat=True),
    ]
    assert all(adresse == "" or adresse.endswith(".example") for adresse in adresses)
    telephones = [
        *Contact.objects.values_list("telephone", flat=True),
        *Jeune.objects.values_list("telephone", flat=True),
    ]
    assert all(telephone == "" or telephone.startswith("+3319900") for telephone in telephones)
    assert not Message.objects.filter(envoye_le__isnull=False).exists()


def test_tout_est_passe_et_les_heures_se_conservent(territoire):
    maintenant = timezone.now()
    for modele, champ in ((Journal, "le"), (Message, "cree_le"), (Attente, "ouverte_le"), (EcritureHeures, "le")):
        assert not modele.objects.filter(**{f"{champ}__gt": maintenant}).exists(), modele
    for engagement in Engagement.objects.exclude(etat="a_declarer"):
        soldes = registre.soldes(engagement.pk)
        assert soldes.dues == engagement.heures
        assert soldes.dues + soldes.supplement == (soldes.a_placer + soldes.reservees + soldes.faites + soldes.perdues)


def test_ce_qui_fait_la_vie_d_un_parcours_est_la(territoire):
    assert Adaptation.objects.exists()
    assert Signalement.objects.filter(traite_le__isnull=True).exists()
    assert Document.objects.exists()
    assert Jeune.objects.filter(representants__isnull=False).exists()
    assert Semaine.objects.count() > 50


def test_chacun_a_son_compte_et_le_premier_tuteur_a_de_quoi_faire(territoire):
    roles = roles_a_jouer()
    assert len(roles) == 5
    assert all(role.premier.attentes for role in roles if role.libelle not in ("acheteur", "partenaire"))
    tuteur = next(role for role in roles if role.libelle == "tuteur MLDS").premier
    assert tuteur.en_retard
    libres = Jeune.objects.filter(tuteur=tuteur.adhesion.utilisateur, reservations__isnull=True)
    assert libres.count() >= 2


def test_des_cercles_et_des_fiches_dans_chaque_situation(territoire):
    partenaires = AccesJeune.objects.filter(organisation__genre=GenreOrganisation.ETABLISSEMENT)
    assert partenaires.en_cours().exists() and partenaires.filter(revoque_le__isnull=False).exists()
    assert DemandeRetrait.objects.filter(etat="demande").exists()
    en_vigueur = FicheContexte.objects.en_vigueur()
    assert en_vigueur.filter(lecteurs="entreprise", jeune__parcours__etat="en_cours").exists()
    assert FicheContexte.objects.filter(etat="approuvee").exclude(pk__in=en_vigueur).exists(), "une expirée"
    assert FicheContexte.objects.filter(etat="proposee").exists()


ADRESSE = re.compile(r"https?://[^/\s]+(/[^\s]*)")


def test_qui_n_a_pas_de_compte_ouvre_toutes_les_pages_de_ses_messages(territoire):
    """Whatever the message, each address in it opens: no page that asks to sign in, none that does not exist."""
    sans_compte = Message.objects.filter(utilisateur_id__isnull=True).order_by("-cree_le", "pk")
    assert sans_compte.filter(contact_id__in=Contact.objects.filter(organisation__genre="acheteur")).count() >= 10
    client, vus = Client(), Counter()
    for message in sans_compte:
        adresses = ADRESSE.findall(message.corps)
        assert adresses or message.code in SANS_SUITE, message.code
        vus[message.code] += 1
        if vus[message.code] > 3:
            continue
        for adresse in adresses:
            with time_machine.travel(message.cree_le, tick=False):  # a link lives sixty days
                reponse = client.get(adresse)
            assert reponse.status_code == 200, (message.code, adresse, reponse.status_code)


def test_aucun_message_sans_compte_ne_nomme_un_jeune(territoire):
    """A buyer's or a company's message holds neither name nor first name of anybody accompanied."""
    noms = {nom for jeune in Jeune.objects.all() for nom in (f"{jeune.prenom} {jeune.nom}",)}
    for corps in Message.objects.filter(jeune_id__isnull=True).values_list("corps", flat=True):
        assert not any(nom in corps for nom in noms)
