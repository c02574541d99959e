"""The tutor writes the profile, joins the papers, gives the slots."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from raccord.documents.acces import documents_de
from raccord.documents.actions import ouvrir
from raccord.documents.exceptions import ContenuActif, FormatRefuse
from raccord.documents.models import Document
from raccord.documents.tests.fichiers import odt, pdf
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.creneaux import CreneauRefuse, TropDeCreneaux
from raccord.parcours.models import Positionnement
from raccord.socle import calendrier
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, TransitionRefusee
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import TEXTE, cv, jour, prepare, rencontre_fixee, reservation, transmis

UN_JOUR = dt.timedelta(days=1)


def dimanche() -> dt.datetime:
    le = calendrier.aujourdhui()
    return dt.datetime.combine(le + UN_JOUR * (6 - le.weekday()), dt.time(14), tzinfo=calendrier.PARIS)


def test_preparer_puis_completer(distribution: Distribution) -> None:
    positionnement = prepare(distribution)
    assert (positionnement.etat, positionnement.presentation) == ("prepare", TEXTE)
    assert positionnement.creneaux.count() == 3
    (document,) = documents_de(positionnement)
    assert ouvrir(distribution.tuteur.contexte, document) == pdf()
    encore = prepare(
        distribution,
        positionnement.reservation,
        presentation="Autre texte.",
        creneaux=[None, jour(8)],
        fichiers={"lettre": cv(odt(), "l.odt")},
        retirer=["cv"],
    )
    assert encore.pk == positionnement.pk and encore.presentation == "Autre texte."
    assert [document.genre for document in documents_de(encore)] == ["lettre"]
    assert encore.creneaux.get().debut == jour(8)


@pytest.mark.parametrize(
    ("creneaux", "champ"),
    [
        ([], "creneau_1"),
        ([None, None], "creneau_1"),
        ([1, 2, 3, 4], "creneau_1"),
        ([-1], "creneau_1"),
        ([2, None, 2], "creneau_3"),
        ([2, "soir"], "creneau_2"),
        (["tot"], "creneau_1"),
        (["dimanche"], "creneau_1"),
        (["noel"], "creneau_1"),
        (["trop loin"], "creneau_1"),
    ],
)
def test_creneaux_impossibles(distribution: Distribution, creneaux: list[object], champ: str) -> None:
    cas = {
        "soir": jour(3, 19) + dt.timedelta(minutes=30),
        "tot": jour(3, 6),
        "dimanche": dimanche(),
        "noel": dt.datetime(2026, 12, 25, 14, tzinfo=calendrier.PARIS),
        "trop loin": jour(2) + dt.timedelta(days=800),
    }
    donnes = [cas[c] if isinstance(c, str) else None if c is None else jour(c) for c in creneaux]  # type: ignore[call-overload]
    with pytest.raises((CreneauRefuse, TropDeCreneaux)) as refus:
        prepare(distribution, creneaux=donnes)
    assert refus.value.champ == champ and str(refus.value)
    assert not Positionnement.objects.exists() and not Document.objects.exists()


def test_bornes_de_la_journee(distribution: Distribution) -> None:
    """From 7 h to 20 h, the end of the meeting included; a Saturday is a working day for many companies."""
    samedi = dimanche() - UN_JOUR
    assert prepare(distribution, creneaux=[jour(3, 7), jour(3, 19), samedi]).creneaux.count() == 3


def test_pas_en_meme_temps_qu_une_autre_rencontre(distribution: Distribution) -> None:
    fixee = rencontre_fixee(distribution)
    assert fixee.rencontre_le == jour(3)
    distribution.referent = contact(distribution.entreprise)
    for debut in (jour(3), jour(3) + dt.timedelta(minutes=59), jour(3) - dt.timedelta(minutes=59)):
        with pytest.raises(CreneauRefuse, match="autre rencontre"):
            prepare(distribution, creneaux=[debut])
    assert prepare(distribution, creneaux=[jour(3, 15)]).creneaux.count() == 1


@pytest.mark.parametrize(
    "texte", ["{nom} est ponctuel.", "C'est {NOM}.", "Camille-{nom}", "Écrivez à {courriel} !", "« {nom} »"]
)
def test_le_nom_de_famille_ne_part_pas(distribution: Distribution, texte: str) -> None:
    tenue = reservation(distribution, nom="Petit-Dumoulin", courriel="petit@essai.example")
    presentation = texte.format(nom="Dumoulin", NOM="DUMOULIN", courriel="Petit@essai.example")
    with pytest.raises(actions.NomDansLeTexte) as refus:
        prepare(distribution, tenue, presentation=presentation)
    assert refus.value.champ == "presentation"
    assert prepare(distribution, tenue, presentation="Un petit atelier lui plairait.").etat == "prepare"


@pytest.mark.parametrize(
    ("octets", "refus"), [(b"MZ" + b"\0" * 60, FormatRefuse), (pdf(b"<< /S /JavaScript >>"), ContenuActif)]
)
def test_un_mauvais_fichier_ne_garde_rien(distribution: Distribution, octets: bytes, refus: type[ErreurMetier]) -> None:
    with pytest.raises(refus) as erreur:
        prepare(distribution, fichiers={"cv": cv(), "lettre": cv(octets)})
    assert erreur.value.champ == "lettre"
    assert not Document.objects.exists() and not Positionnement.objects.exists()


def test_la_proposition_suivante_reprend_les_papiers(distribution: Distribution) -> None:
    """Copies of their own: what the first company was shown does not change with them."""
    premier = transmis(distribution)
    actions.arreter(distribution.tuteur.contexte, premier.pk, motif="autre")
    jeune = premier.jeune
    tenue = reserver(distribution.tuteur.contexte, distribution.offre_publiee().pk, jeune_id=jeune.pk)
    second = prepare(distribution, tenue, fichiers={})
    (copie,), (original,) = documents_de(second), documents_de(premier)
    assert copie.pk != original.pk and copie.empreinte == original.empreinte
    assert ouvrir(distribution.tuteur.contexte, copie) == pdf()


def test_qui_ne_peut_pas_preparer(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    for personne in (distribution.tuteur_collegue, distribution.tuteur_etranger):
        with pytest.raises(TransitionRefusee):
            actions.preparer(personne.contexte, tenue.pk, presentation=TEXTE, lieu="", creneaux=[jour(3)])
    with pytest.raises(ObjetDisparu):
        actions.preparer(
            distribution.tuteur.contexte, distribution.rrh.pk, presentation="", lieu="", creneaux=[jour(3)]
        )
    assert not Positionnement.objects.exists()


def test_apres_l_envoi_on_ne_prepare_plus(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    with pytest.raises(DejaFait):
        prepare(distribution, positionnement.reservation)


# --- The page --------------------------------------------------------------------------------------


def adresse(tenue: object) -> str:
    return reverse("parcours:positionnement_preparer", args=[tenue.pk])  # type: ignore[attr-defined]


def saisie(**champs: object) -> dict[str, object]:
    return {
        "presentation": TEXTE,
        "creneau_1": f"{jour(3):%Y-%m-%dT%H:%M}",
        "creneau_2": f"{jour(4):%d/%m/%Y %H:%M}",
        "creneau_3": "",
        "lieu": "Ici",
        **champs,
    }


def test_page_preremplie_puis_apercu(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    client = distribution.tuteur.client()
    page = client.get(adresse(tenue)).content.decode()
    assert "Aime travailler en équipe." in page and "12 rue des Essais, Lille" in page
    reponse = client.post(adresse(tenue), saisie(cv=cv()))
    positionnement = Positionnement.objects.get()
    assert reponse.url == f"/propositions/{positionnement.pk}/apercu/"  # type: ignore[attr-defined]
    # The same form sent twice: the same row.
    assert client.post(adresse(tenue), saisie()).status_code == 302
    assert Positionnement.objects.get().creneaux.count() == 2
    page = client.get(adresse(tenue)).content.decode()
    assert "Remplacer le CV joint" in page and "Retirer le CV joint" in page and TEXTE in page


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({"presentation": "é" * 10_000}, "trop long"),
        ({"creneau_1": ""}, "Premier créneau"),
        ({"creneau_1": "2020-01-01T10:00"}, "déjà passé"),
        ({"creneau_2": "2026-02-30T10:00"}, "n’existe pas"),
        ({"lieu": ""}, "Lieu de la rencontre"),
        ({"cv": cv(b"", "cv.pdf")}, "vide"),
        ({"cv": cv(b"MZ", "cv.exe")}, "format"),
        ({"cv": cv(b"MZ" * 40)}, "Enregistrez-le en PDF"),
        ({"cv": cv(b"%PDF-" + b"0" * 5_300_000)}, "trop lourd"),
    ],
)
def test_mauvaise_saisie(distribution: Distribution, champs: dict[str, object], mots: str) -> None:
    tenue = reservation(distribution)
    reponse = distribution.tuteur.client().post(adresse(tenue), saisie(**champs))
    page = reponse.content.decode()
    assert reponse.status_code == 422 and mots in page
    assert str(champs.get("presentation", TEXTE))[:200] in page  # typed text is kept
    assert not Positionnement.objects.exists()


def test_emoji_et_droite_a_gauche(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    texte = "Aime 🦊 et مرحبا"
    distribution.tuteur.client().post(adresse(tenue), saisie(presentation=texte))
    assert Positionnement.objects.get().presentation == texte


def test_acces(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    attendus = {
        "tuteur": 200,
        "tuteur_collegue": 403,
        "tuteur_etranger": 404,
        "coordonnateur": 403,
        "acheteur": 403,
        "national": 403,
    }
    for nom, statut in attendus.items():
        assert getattr(distribution, nom).client().get(adresse(tenue)).status_code == statut, nom
    positionnement = prepare(distribution, tenue)
    apercu = reverse("parcours:positionnement_apercu", args=[positionnement.pk])
    for nom, statut in attendus.items():
        assert getattr(distribution, nom).client().get(apercu).status_code == statut, nom


def test_l_apercu_dit_ce_que_l_entreprise_verra(distribution: Distribution) -> None:
    tenue = reservation(distribution, prenom="Léa", nom="Durand", contraintes="Phobie des chiens")
    positionnement = prepare(distribution, tenue)
    page = distribution.tuteur.client().get(f"/propositions/{positionnement.pk}/apercu/").content.decode()
    assert "Léa, 17 ans" in page and TEXTE in page and distribution.referent.nom in page
    assert "Durand" not in page and "Phobie" not in page


def test_l_apercu_dit_ce_qui_manque(distribution: Distribution) -> None:
    positionnement = prepare(distribution, fichiers={}, presentation="")
    adresse_apercu = f"/propositions/{positionnement.pk}/apercu/"
    client = distribution.tuteur.client()
    page = client.get(adresse_apercu).content.decode()
    assert "Écrivez quelques lignes sur le jeune, ou joignez son CV." in page and "disabled" in page
    client.post(adresse_apercu)
    assert Positionnement.objects.get().etat == "prepare"
    with time_machine.travel(jour(20), tick=False):
        prepare(distribution, positionnement.reservation, creneaux=[jour(1)])
    with time_machine.travel(jour(40), tick=False):
        client = distribution.tuteur.client()
        assert "Proposez au moins un créneau à venir." in client.get(adresse_apercu).content.decode()
