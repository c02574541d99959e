"""Days and hours of a stay: agreed, changed, shown to each, and what the law forbids to minors."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from raccord.echeances.models import Message
from raccord.parcours.acces.bilan import preuve
from raccord.parcours.actions import parcours as actions
from raccord.parcours.models import Parcours
from raccord.parcours.presence import HorairesRefuses, Presence
from raccord.socle.models import Parametre
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

OUVRES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
HABITUELLE = Presence(jours=OUVRES, arrivee=dt.time(9), depart=dt.time(17), pause=60, horaires="Camille finit tôt")
EN_MOTS = "du lundi au vendredi, de 9\xa0h à 17\xa0h, 1\xa0h de pause"


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def presence(jours: str = "lmajv", de: int = 9, a: int = 17, pause: int = 60) -> Presence:
    """Days by their letters: l m a j v s d (a is Wednesday)."""
    lettres = dict(zip("lmajvsd", (*OUVRES, "samedi", "dimanche"), strict=True))
    heures = {"arrivee": dt.time(de), "depart": dt.time(a), "pause": pause} if de else {}
    return Presence(jours=[lettres[lettre] for lettre in jours], **heures)  # type: ignore[arg-type]


def age(fabrique: Fabrique, ans: int) -> dict[str, Any]:
    """A young person of that age, with a rule that lets them in."""
    Parametre.objects.create(
        cle="age_minimum", debut=dt.date(2026, 1, 1), valeur=15, unite="ans", libelle="Âge minimum", source="Essai"
    )
    naissance = fabrique.aujourdhui.replace(year=fabrique.aujourdhui.year - ans) - dt.timedelta(days=40)
    return {"jeune": fabrique.d.jeune(date_naissance=naissance)}


@pytest.mark.parametrize(
    ("jours", "mots"),
    [
        (("vendredi", "lundi"), "le lundi et vendredi"),
        (("lundi", "mardi", "mercredi"), "du lundi au mercredi"),
        (("lundi", "mardi", "jeudi"), "le lundi, mardi et jeudi"),
        ((), ""),
    ],
)
def test_en_mots(jours: tuple[str, ...], mots: str) -> None:
    assert Presence(jours=jours).en_mots() == mots


@pytest.mark.parametrize(
    ("ans", "ce_qui_est_convenu", "hebdo", "champ"),
    [
        (20, presence("lmajvs", 14, 23, 30), 35, None),
        (17, presence(), 35, None),
        (17, presence(a=18), 35, None),
        (17, presence(a=19), 35, "depart"),
        (17, presence("lmaj", de=0), 35, "jours"),
        (17, presence("lmaj", de=0), 32, None),
        (17, presence("lmajvs", 9, 16), 35, "jours"),
        (17, presence("lamvsd", 9, 16), 30, "jours"),
        (17, presence("majvs", 9, 17), 35, None),
        (17, presence("lmjvs", 9, 17), 35, "jours"),
        (17, presence(de=14, a=22), 35, None),
        (17, presence(de=5, a=13), 35, "arrivee"),
        (17, presence(de=15, a=23), 35, "depart"),
        (15, presence(), 35, None),
        (15, presence(pause=30), 35, "depart"),
        (15, presence(de=13, a=21), 35, "depart"),
        (20, presence(a=8), 35, "depart"),
        (20, presence("lm"), 35, "heures_hebdo"),
        (20, Presence(arrivee=dt.time(9)), 35, "depart"),
        (20, Presence(depart=dt.time(17)), 35, "arrivee"),
    ],
)
def test_ce_qui_est_permis(
    fabrique: Fabrique, ans: int, ce_qui_est_convenu: Presence, hebdo: int, champ: str | None
) -> None:
    proposition = fabrique.proposition(**age(fabrique, ans))
    debut = fabrique.lundi + dt.timedelta(days=7)
    champs: dict[str, Any] = {
        "missions": "Ranger.",
        "debut": debut,
        "fin": debut + dt.timedelta(days=32),
        "heures_prevues": 90,
        "heures_hebdo": Decimal(hebdo),
        "lieu": "",
        "referent_id": None,
        "presence": ce_qui_est_convenu,
    }
    if champ is None:
        parcours = actions.convenir(fabrique.d.tuteur.contexte, proposition.pk, **champs)
        assert Parcours.objects.get().presence == parcours.presence == ce_qui_est_convenu
        return
    with pytest.raises(HorairesRefuses) as refus:
        actions.convenir(fabrique.d.tuteur.contexte, proposition.pk, **champs)
    assert refus.value.champ == champ
    assert ans >= 18 or "Code du travail" in str(refus.value)
    assert not Parcours.objects.exists()


def test_chacun_lit_les_jours_et_les_horaires(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition(jeune=fabrique.d.jeune(prenom="Camille"))
    parcours = fabrique.a_venir(proposition=proposition, presence=HABITUELLE)
    d, adresse = fabrique.d, f"/parcours/{parcours.pk}/"
    assert EN_MOTS in d.tuteur.client().get(adresse).content.decode().lower().replace("&nbsp;", "\xa0")
    for personne in (d.acheteur, d.coordonnateur, d.national):
        page = personne.client().get(adresse).content.decode()
        assert EN_MOTS[3:] in page and "Le jeune finit tôt" in page and "Camille" not in page
    jeune = Client().get(fabrique.lien_jeune("parcours.jeune", parcours)).content.decode()
    assert EN_MOTS[3:] in jeune and "Camille finit tôt" in jeune
    entreprise = Client().get(fabrique.lien_entreprise("parcours.suivi", parcours)).content.decode()
    assert EN_MOTS in entreprise and "Le jeune finit tôt" in entreprise and "Camille" not in entreprise
    courriels = Message.objects.filter(code__in=("parcours.convention_entreprise", "parcours.convention_jeune"))
    assert courriels.count() >= 2
    assert all(EN_MOTS in courriel.corps and "finit tôt" not in courriel.corps for courriel in courriels)


def test_adapter_les_jours(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours(presence=HABITUELLE)
    client, adresse = fabrique.d.tuteur.client(), f"/parcours/{parcours.pk}/adapter/"
    page = client.get(adresse).content.decode()
    assert 'value="09:00"' in page and page.count("checked") == 5
    saisie = {
        "fin": f"{parcours.fin:%Y-%m-%d}",
        "heures_hebdo": "35",
        "jours": list(OUVRES),
        "arrivee": "09:00",
        "depart": "17:00",
        "pause": "60",
        "horaires": HABITUELLE.horaires,
        "motif": "Le mercredi est pris",
    }
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == 422 and "Rien ne change" in reponse.content.decode()
    # Four days of seven hours do not hold thirty-five; twenty-eight they do.
    saisie["jours"] = ["lundi", "mardi", "jeudi", "vendredi"]
    assert client.post(adresse, saisie).status_code == 422
    saisie["heures_hebdo"] = "28"
    assert client.post(adresse, saisie).status_code == 302
    parcours.refresh_from_db()
    assert parcours.jours == saisie["jours"] and parcours.heures_hebdo == 28
    adaptation = parcours.adaptations.get()
    assert adaptation.presence_avant == EN_MOTS
    assert adaptation.presence_apres.startswith("le lundi, mardi, jeudi et vendredi, de 9")
    assert "le lundi, mardi, jeudi et vendredi" in client.get(f"/parcours/{parcours.pk}/").content.decode()
    assert "le lundi, mardi, jeudi et vendredi" in Message.objects.get(code="parcours.adapte_jeune").corps


def test_sans_rien_dire_les_jours_restent(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours(presence=HABITUELLE)
    contexte = fabrique.d.tuteur.contexte
    actions.adapter(contexte, parcours.pk, fin=parcours.fin, heures_hebdo=Decimal(30), motif="Moins long")
    assert Parcours.objects.get().presence == HABITUELLE


def test_la_preuve_dit_ce_qui_etait_convenu(fabrique: Fabrique) -> None:
    parcours = fabrique.bilan_signe(presence=HABITUELLE)
    assert preuve(parcours).presence == EN_MOTS
