"""A contract corrected once it is sent: the offers follow, the company is told, what is engaged stays coherent."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.models import LienAction
from raccord.echeances.attentes import ouvrir
from raccord.echeances.models import Attente, Message
from raccord.marches import registre
from raccord.marches.actions.correction import champ_heures
from raccord.marches.models import Engagement, Marche
from raccord.parcours.attentes import POURVOIR
from raccord.parcours.models import Offre
from raccord.socle.models import Journal
from raccord.socle.mots import date_fr
from tests import fabriques_declaration as f
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import reservation

pytestmark = pytest.mark.django_db
JOUR = dt.timedelta(days=1)


@pytest.fixture
def offre(distribution: Distribution) -> Offre:
    """300 h for 150 000 euros, to be confirmed; the offer goes to the last day of the contract."""
    offre = f.declaration_envoyee(distribution)
    assert offre.engagement
    fin = offre.engagement.marche.date_fin_clause
    Offre.objects.filter(pk=offre.pk).update(date_fin=fin)
    return Offre.objects.select_related("engagement__marche").get(pk=offre.pk)


def adresse(offre: Offre) -> str:
    assert offre.engagement
    return reverse("marches:corriger", args=[offre.engagement.marche_id])


def saisie(client: Client, offre: Offre, **champs: Any) -> dict[str, Any]:
    """What the page shows, changed."""
    form = client.get(adresse(offre)).context["form"]
    initial = {nom: form.initial.get(nom) for nom in form.fields}
    valeurs = {nom: valeur.isoformat() if isinstance(valeur, dt.date) else valeur for nom, valeur in initial.items()}
    complet = valeurs | {"objet_detaille": valeurs["objet_detaille"] or "Fenêtres et portes."} | champs
    return {nom: "" if valeur is None else valeur for nom, valeur in complet.items()}


def corriger(distribution: Distribution, offre: Offre, **champs: Any) -> Any:
    client = distribution.acheteur.client()
    return client.post(adresse(offre), saisie(client, offre, **champs))


def corrige(distribution: Distribution, offre: Offre, **champs: Any) -> Offre:
    reponse = corriger(distribution, offre, **champs)
    assert reponse.status_code == 302, reponse.context["form"].errors
    return Offre.objects.select_related("engagement__marche").get(pk=offre.pk)


def heures(offre: Offre, nombre: int) -> dict[str, str]:
    assert offre.engagement
    return {champ_heures(offre.engagement.pk): str(nombre)}


def erreurs(reponse: Any) -> str:
    assert reponse.status_code == 422
    return " ".join(f"{nom} : {' '.join(textes)}" for nom, textes in reponse.context["form"].errors.items())


@pytest.mark.parametrize(("jours", "mots"), [(-60, "tiennent encore"), (30, "plus de temps")])
def test_le_tuteur_qui_tient_l_offre_apprend_la_nouvelle_fin(distribution: Distribution, jours: int, mots: str) -> None:
    tenue = reservation(distribution)
    offre = Offre.objects.select_related("engagement__marche").get(pk=tenue.offre_id)
    assert offre.engagement
    fin = offre.engagement.marche.date_fin_clause
    Offre.objects.filter(pk=offre.pk).update(date_fin=fin)
    nouvelle = fin + jours * JOUR
    assert corrige(distribution, offre, date_fin_clause=nouvelle.isoformat()).date_fin == nouvelle
    message = Message.objects.get(code="parcours.offre_fin_changee")
    assert message.utilisateur_id == distribution.tuteur.utilisateur.pk
    assert date_fr(nouvelle) in message.sujet and date_fr(fin) in message.corps and mots in message.corps
    assert f"/reservations/{tenue.pk}/" in message.corps
    assert tenue.jeune.nom not in message.corps + message.sujet


def test_une_offre_que_personne_ne_tient_n_ecrit_a_aucun_tuteur(distribution: Distribution, offre: Offre) -> None:
    assert offre.engagement
    fin = offre.engagement.marche.date_fin_clause - 60 * JOUR
    corrige(distribution, offre, date_fin_clause=fin.isoformat())
    assert not Message.objects.filter(code="parcours.offre_fin_changee").exists()


def test_la_reference_se_corrige_sans_ecrire_a_l_entreprise(distribution: Distribution, offre: Offre) -> None:
    avant = Message.objects.count()
    apres = corrige(distribution, offre, reference="2026-999", objet="Squares et jardins")
    assert apres.engagement and apres.engagement.marche.reference == "2026-999"
    assert Message.objects.count() == avant
    ligne = Journal.objects.get(verbe="marche.corriger")
    assert ligne.texte == "a corrigé le marché : la référence, l’objet"


def test_rien_a_changer_n_ecrit_rien(distribution: Distribution, offre: Offre) -> None:
    corrige(distribution, offre)
    assert not Journal.objects.filter(verbe="marche.corriger").exists()


def test_l_offre_suit_la_fin_du_contrat_et_l_entreprise_est_prevenue(distribution: Distribution, offre: Offre) -> None:
    assert offre.engagement
    fin = offre.engagement.marche.date_fin_clause - 60 * JOUR
    apres = corrige(distribution, offre, date_fin_clause=fin.isoformat())
    assert apres.date_fin == fin
    assert f.messages_envoyes("parcours.marche_corrige") == ["c.petit@jardins.example", "d.leroy@jardins.example"]
    lien = f.lien_recu("parcours.marche_corrige", "d.leroy@jardins.example")
    assert Client().get(lien).status_code == 200
    assert Journal.objects.filter(verbe="offre.suivre", objet_id=offre.pk).exists()


def test_une_offre_plus_courte_ne_s_allonge_pas(distribution: Distribution, offre: Offre) -> None:
    assert offre.engagement
    marche = offre.engagement.marche
    courte = marche.date_fin_clause - 200 * JOUR
    Offre.objects.filter(pk=offre.pk).update(date_fin=courte)
    assert corrige(distribution, offre, date_fin_clause=(marche.date_fin_clause - JOUR).isoformat()).date_fin == courte


def test_la_fin_ne_precede_pas_un_parcours_convenu(distribution: Distribution) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.convenu(debut=fabrique.lundi + 350 * JOUR, fin=fabrique.lundi + 380 * JOUR)
    Marche.objects.update(date_notification=fabrique.aujourdhui - 30 * JOUR)
    reponse = corriger(distribution, parcours.offre, date_fin_clause=(parcours.fin - JOUR).isoformat())
    assert "date_fin_clause : Un jeune est attendu chez Menuiserie Dubois" in erreurs(reponse)
    parcours.offre.refresh_from_db()
    assert parcours.offre.engagement and parcours.offre.engagement.marche.date_fin_clause > parcours.fin


def test_une_periode_ferme_d_un_an_au_moins(distribution: Distribution, offre: Offre) -> None:
    assert offre.engagement
    fin = offre.engagement.marche.date_notification + 200 * JOUR
    assert "au moins 12 mois" in erreurs(corriger(distribution, offre, date_fin_clause=fin.isoformat()))


def test_un_montant_plus_bas_demande_une_duree_plus_courte(distribution: Distribution, offre: Offre) -> None:
    reponse = corriger(distribution, offre, montant_ferme="80000")
    assert "Pour ce montant, le barème propose 150 h" in erreurs(reponse)
    apres = corrige(distribution, offre, montant_ferme="80000", **heures(offre, 150))
    engagement = apres.engagement
    assert engagement and (engagement.heures, engagement.heures_proposees, apres.heures) == (150, 150, 150)
    assert engagement.explication["montant"] == "80000.00"
    soldes = registre.soldes(engagement.pk)
    assert (soldes.dues, soldes.a_placer) == (150, 150)
    corps = Message.objects.filter(code="parcours.marche_corrige").values_list("corps", flat=True)[0]
    assert "150\xa0h, au lieu de 300\xa0h" in corps
    page = distribution.acheteur.client().get(reverse("marches:marche", args=[engagement.marche_id]))
    assert "80\u202f000" in page.content.decode() or "80 000" in page.content.decode().replace("\xa0", " ")


def test_un_montant_plus_haut_permet_une_duree_plus_longue(distribution: Distribution, offre: Offre) -> None:
    apres = corrige(distribution, offre, montant_ferme="450000", **heures(offre, 900))
    assert apres.engagement and (apres.engagement.heures, apres.heures) == (900, 900)
    assert registre.soldes(apres.engagement.pk).a_placer == 900


def test_les_heures_ne_changent_plus_quand_un_jeune_est_attendu(distribution: Distribution) -> None:
    parcours = Fabrique(distribution).convenu()
    assert parcours.offre.engagement
    reponse = corriger(distribution, parcours.offre, **heures(parcours.offre, 150))
    assert "la durée" in erreurs(reponse)
    assert Engagement.objects.get(pk=parcours.offre.engagement.pk).heures == 300


def test_les_heures_faites_restent_dues(distribution: Distribution) -> None:
    """150 h are done and the offer is open for 150 more: 300 h may not become fewer than what is done."""
    fabrique = Fabrique(distribution)
    parcours = fabrique.termine()
    apres = corrige(distribution, parcours.offre, **heures(parcours.offre, 150))
    assert apres.engagement
    soldes = registre.soldes(apres.engagement.pk)
    assert (soldes.dues, soldes.faites, soldes.a_placer) == (150, 150, 0)
    apres = corrige(distribution, parcours.offre, **heures(parcours.offre, 300))
    assert apres.heures_a_faire == 150


def test_deux_personnes_corrigent(distribution: Distribution, offre: Offre) -> None:
    client, collegue = distribution.acheteur.client(), distribution.acheteur_collegue.client()
    mienne, sienne = saisie(client, offre, reference="A"), saisie(collegue, offre, reference="B", suivi="inchange")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5), tick=False):
        assert client.post(adresse(offre), mienne).status_code == 302
    reponse = collegue.post(adresse(offre), sienne)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "entre-temps" in page and 'value="B"' in page
    assert Marche.objects.get().reference == "A"


def test_designer_un_contact_lui_ecrit_et_ferme_les_liens_du_precedent(
    distribution: Distribution, offre: Offre
) -> None:
    qui = {"suivi": "contact", "contact_nom": "Alix Meunier", "contact_courriel": "alix@ville.example"}
    corrige(distribution, offre, **qui)
    lien = f.lien_recu("parcours.marche_confie", "alix@ville.example")
    assert Client().get(lien).status_code == 200
    corrige(distribution, offre, **(qui | {"contact_nom": "Noé Blanc", "contact_courriel": "noe@ville.example"}))
    assert Client().get(lien).status_code == 410
    assert Client().get(f.lien_recu("parcours.marche_confie", "noe@ville.example")).status_code == 200
    assert LienAction.objects.filter(action="parcours.marche", revoque_le__isnull=True).count() == 1


def test_l_attente_de_l_offre_publiee_suit_sa_derniere_date(distribution: Distribution) -> None:
    offre = distribution.offre_publiee(distribution.engagement())
    assert offre.engagement
    marche = offre.engagement.marche
    Offre.objects.filter(pk=offre.pk).update(date_fin=marche.date_fin_clause)
    offre.refresh_from_db()
    ouvrir(POURVOIR, offre)
    avant = Attente.objects.ouvertes().get(code="pourvoir").echeance
    fin = marche.date_fin_clause + 100 * JOUR
    corrige(
        distribution,
        offre,
        date_fin_clause=fin.isoformat(),
        date_fin_reconduction=(fin + 400 * JOUR).isoformat(),
    )
    assert Attente.objects.ouvertes().get(code="pourvoir").echeance > avant


def test_l_etranger_ne_corrige_pas(distribution: Distribution, offre: Offre) -> None:
    assert distribution.acheteur_etranger.client().get(adresse(offre)).status_code == 404
