"""What time does to an offer: reminders, the buyer told, the last day, hours lost."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from raccord.echeances import tournees
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Rappel
from raccord.marches import registre
from raccord.parcours.actions.expiration import expirer_offres
from raccord.parcours.models import Offre
from raccord.socle import calendrier
from raccord.socle.models import Journal
from tests import fabriques_declaration as f
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def plus_tard(jours: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False)


def test_l_entreprise_est_relancee_puis_l_acheteur_prevenu(distribution: Distribution, client: Client) -> None:
    f.declaration_envoyee(distribution)
    with plus_tard(8):
        relever()
        relever()
        assert f.messages_envoyes("parcours.fiche_relance") == ["c.petit@jardins.example", "d.leroy@jardins.example"]
        assert f.messages_envoyes("parcours.fiche_non_confirmee") == []
        lien = f.lien_recu("parcours.fiche_relance", "d.leroy@jardins.example")
        assert "Nous sommes prêts" in client.get(lien).content.decode()
    with plus_tard(16):
        relever()
        assert f.messages_envoyes("parcours.fiche_non_confirmee") == [distribution.acheteur.utilisateur.courriel]
    assert set(Rappel.objects.values_list("echelon", flat=True)) == {"relance", "acheteur"}
    assert Attente.objects.ouvertes().filter(code="confirmer_fiche").exists(), "l'attente reste ouverte, avec son nom"


def test_sans_jeune_a_six_mois_de_la_fin_l_acheteur_est_prevenu(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    jours = (offre.date_fin - calendrier.aujourdhui()).days
    with plus_tard(jours - 200):
        relever()
        assert f.messages_envoyes("parcours.offre_sans_jeune") == []
    with plus_tard(jours - 150):
        relever()
        assert f.messages_envoyes("parcours.offre_sans_jeune") == [distribution.acheteur.utilisateur.courriel]


def test_a_la_fin_du_contrat_les_heures_sont_perdues_et_chacun_le_sait(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    assert offre.engagement is not None
    jours = (offre.date_fin - calendrier.aujourdhui()).days
    with plus_tard(jours):
        assert expirer_offres().offres == 0, "le dernier jour compte encore"
    with plus_tard(jours + 1):
        bilan = expirer_offres()
        assert (bilan.offres, bilan.heures_perdues, bilan.echecs) == (1, Decimal(300), 0)
        assert expirer_offres().offres == 0
    offre.refresh_from_db()
    offre.engagement.refresh_from_db()
    assert (offre.etat, offre.engagement.etat) == ("close", "perdu")
    assert registre.soldes(offre.engagement.pk).perdues == 300
    assert not Attente.objects.ouvertes().exists()
    assert f.messages_envoyes("parcours.offre_expiree") == sorted(
        [distribution.acheteur.utilisateur.courriel, distribution.coordonnateur.utilisateur.courriel]
    )
    assert len(f.messages_envoyes("parcours.offre_expiree_entreprise")) == 2
    ligne = Journal.objects.get(verbe="engagement.perdre")
    assert (ligne.role, ligne.faits) == ("systeme", {"heures": "300.00"})


def test_une_offre_qui_finit_avant_le_contrat_laisse_ses_heures_a_placer(distribution: Distribution) -> None:
    fin = calendrier.aujourdhui() + dt.timedelta(days=100)
    offre = distribution.offre_publiee(date_fin=fin)
    assert offre.engagement is not None
    with plus_tard(101):
        bilan = expirer_offres()
        page = distribution.acheteur.client().get(f"/marches/{offre.engagement.marche_id}/").content.decode()
        assert "Déclarer une nouvelle offre" in page
    assert (bilan.offres, bilan.heures_perdues) == (1, 0)
    assert registre.soldes(offre.engagement.pk).a_placer == 300
    with plus_tard(700):
        bilan = expirer_offres()
    assert (bilan.offres, bilan.engagements, bilan.heures_perdues) == (0, 1, 300)


def test_ce_qu_un_parcours_tient_n_est_pas_perdu(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    assert offre.engagement_id is not None
    registre.reserver(offre.engagement_id, Decimal(300), parcours_id=offre.pk, motif="parcours")
    Offre.objects.filter(pk=offre.pk).update(etat="reservee")
    with plus_tard(900):
        assert expirer_offres().heures_perdues == 0
    assert registre.soldes(offre.engagement_id).reservees == 300


def test_une_offre_jamais_confirmee_et_une_offre_spontanee_expirent_aussi(distribution: Distribution) -> None:
    distribution.offre_a_confirmer()
    spontanee = distribution.offre_publiee()
    Offre.objects.filter(pk=spontanee.pk).update(engagement=None)
    with plus_tard(900):
        assert expirer_offres().offres == 2
    assert set(Offre.objects.values_list("etat", flat=True)) == {"close"}


@pytest.fixture
def cette_tournee_seule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years later other rounds have much to do too; they have their own tests."""
    monkeypatch.setattr(tournees, "TOURNEES", {"offres_expirees": tournees.TOURNEES["offres_expirees"]})


def relever_en_boucle() -> str:
    """One turn of the loop; what it says."""
    sortie = io.StringIO()
    call_command("travailler", "--une-fois", "--sans-envoi", stdout=sortie)
    return sortie.getvalue()


@pytest.mark.usefixtures("cette_tournee_seule")
def test_la_boucle_clot_ce_qui_est_passe_une_fois_par_jour(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    jours = (offre.date_fin - calendrier.aujourdhui()).days
    with plus_tard(jours):
        assert "0 fin(s) constatée(s)" in relever_en_boucle()
    with plus_tard(jours + 1):
        assert "1 fin(s) constatée(s)" in relever_en_boucle()
        hier = calendrier.aujourdhui() - dt.timedelta(days=1)
        seconde = distribution.offre_publiee()
        Offre.objects.filter(pk=seconde.pk).update(date_debut=hier - dt.timedelta(days=30), date_fin=hier)
        assert "0 fin(s) constatée(s)" in relever_en_boucle()
        assert {o.etat for o in Offre.objects.all()} == {"close", "publiee"}
    with plus_tard(jours + 2):
        assert "1 fin(s) constatée(s)" in relever_en_boucle()


@pytest.mark.usefixtures("cette_tournee_seule")
def test_une_tournee_en_panne_n_arrete_pas_la_boucle(
    distribution: Distribution, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def casser() -> int:
        raise RuntimeError("panne")

    distribution.offre_publiee()
    monkeypatch.setitem(tournees.TOURNEES, "essai", casser)
    with plus_tard(900):
        assert "1 fin(s) constatée(s)" in relever_en_boucle()
        relever_en_boucle()
    essais = [trace for trace in caplog.records if trace.message == "tournée en échec"]
    assert len(essais) == 2, "elle est reprise au tour suivant"


def test_une_offre_en_echec_ne_retient_pas_les_autres(
    distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    premiere, seconde = distribution.offre_publiee(), distribution.offre_publiee()
    Offre.objects.filter(pk=premiere.pk).update(date_fin=calendrier.aujourdhui() + dt.timedelta(days=10))
    vrai = registre.perdre
    appels: list[object] = []

    def perdre_en_panne(engagement_id: object, *, motif: str) -> None:
        appels.append(engagement_id)
        if len(appels) == 1:
            raise RuntimeError("panne")
        vrai(engagement_id, motif=motif)  # type: ignore[arg-type]

    monkeypatch.setattr(registre, "perdre", perdre_en_panne)
    with plus_tard(900):
        bilan = expirer_offres()
    assert bilan.echecs == 1 and bilan.offres == 1
    seconde.refresh_from_db()
    assert seconde.etat == "close"
