"""The context sheet: the young person's words, shown to whom they choose, until they or the calendar say otherwise."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.jeunes.messages import lien_du_jeune
from raccord.jeunes.models import AccesJeune, FicheContexte, Jeune
from raccord.parcours.models import Parcours
from raccord.socle.exceptions import ScellementRompu
from raccord.socle.models import Journal
from tests import coulisses
from tests.distribution import Distribution, contact
from tests.etats import parcours_en_etat
from tests.fabriques_parcours import Fabrique

AIDE, EVITER = "Qu'on me montre une fois.", "Me reprendre devant tout le monde."
SAISIE = {"aide": AIDE, "eviter": EVITER, "lecteurs": "entreprise"}


def _texte(reponse: Any) -> str:
    brut = re.sub(r"<[^>]+>", " ", reponse.content.decode()).replace("&#x27;", "'")
    return " ".join(brut.split()).replace("\u00a0", " ")


def _chemin(adresse: str) -> str:
    return "/" + adresse.split("/", 3)[3]


@pytest.fixture
def parcours(distribution: Distribution) -> Parcours:
    return Fabrique(distribution).en_cours()


@pytest.fixture
def jeune(parcours: Parcours) -> Jeune:
    assert parcours.jeune
    return parcours.jeune


@pytest.fixture
def ecran(jeune: Jeune) -> str:
    return _chemin(lien_du_jeune(jeune)) + "?ecran=fiche"


@pytest.fixture
def suivi(distribution: Distribution, parcours: Parcours) -> str:
    return _chemin(liens.creer_pour_contact("parcours.suivi", parcours.pk, distribution.referent))


def _ecrire(ecran: str, **champs: str) -> None:
    assert Client().post(ecran, SAISIE | champs).status_code == 302


def _lue(suivi: str) -> bool:
    """Whether the company's link shows the words."""
    reponse = Client().get(f"{suivi}?ecran=fiche", follow=True)
    assert (AIDE in _texte(reponse)) == (EVITER in _texte(reponse))
    return AIDE in _texte(reponse)


def _lue_par_le_tuteur(distribution: Distribution, jeune: Jeune) -> bool:
    return (
        AIDE in _texte(distribution.tuteur.client().get(reverse("jeunes:fiche", args=[jeune.pk]))).split("Proposer")[0]
    )


# --- Written by the young person -------------------------------------------------------------------


def test_ecrite_montree_lue_et_la_lecture_se_lit(
    distribution: Distribution, jeune: Jeune, ecran: str, suivi: str
) -> None:
    assert not _lue(suivi) and not _lue_par_le_tuteur(distribution, jeune)
    _ecrire(ecran)
    assert "Lire sa fiche" in _texte(Client().get(suivi))
    assert AIDE not in _texte(Client().get(suivi)), "lue d'un geste, pas au passage"
    Client().head(f"{suivi}?ecran=fiche")
    assert not Journal.objects.filter(verbe="fiche_contexte.ouvrir").exists()
    assert _lue(suivi) and _lue(suivi) and _lue_par_le_tuteur(distribution, jeune)
    traces = Journal.objects.filter(verbe="fiche_contexte.ouvrir")
    assert sorted(trace.acteur_genre for trace in traces) == ["contact", "utilisateur"], "une ligne par heure"
    assert all(trace.faits == {} and set(trace.audience) == {"tuteur", "jeune"} for trace in traces)
    dossier = _texte(Client().get(ecran.split("?")[0]))
    assert "Menuiserie Dubois a lu la fiche" in dossier
    assert f"{distribution.tuteur.utilisateur.nom_complet} (MLDS de Lille) a lu la fiche" in dossier
    assert not any("montre une fois" in ligne.texte for ligne in Journal.objects.all())


def test_montree_a_la_mlds_seulement(distribution: Distribution, jeune: Jeune, ecran: str, suivi: str) -> None:
    _ecrire(ecran, lecteurs="mlds")
    assert _lue_par_le_tuteur(distribution, jeune) and not _lue(suivi)
    assert "Lire sa fiche" not in _texte(Client().get(suivi))


@pytest.mark.parametrize("etat", ["a_venir", "termine", "interrompu", "annule"])
def test_l_entreprise_la_lit_pendant_le_parcours_seulement(distribution: Distribution, etat: str) -> None:
    distribution.referent = contact(distribution.entreprise)
    ailleurs = parcours_en_etat(distribution, etat)
    assert ailleurs.jeune
    _ecrire(_chemin(lien_du_jeune(ailleurs.jeune)) + "?ecran=fiche")
    autre = _chemin(liens.creer_pour_contact("parcours.suivi", ailleurs.pk, distribution.referent))
    assert not _lue(autre)


def test_retiree_elle_meurt_pour_tous_et_son_texte_avec(
    distribution: Distribution, jeune: Jeune, ecran: str, suivi: str
) -> None:
    _ecrire(ecran)
    assert _lue(suivi)
    assert Client().post(ecran, {"geste": "revoquer"}).status_code == 302
    assert not _lue(suivi) and not _lue_par_le_tuteur(distribution, jeune)
    fiche = FicheContexte.objects.get()
    assert (fiche.etat, bytes(fiche.aide_scelle), bytes(fiche.eviter_scelle)) == ("revoquee", b"", b"")
    assert Client().post(ecran, {"geste": "revoquer"}).status_code == 302, "un second clic"
    _ecrire(ecran)
    assert _lue(suivi), "elle peut en écrire une autre"


def test_elle_expire_puis_se_renouvelle(distribution: Distribution, jeune: Jeune, ecran: str, suivi: str) -> None:
    _ecrire(ecran)
    LienAction.objects.update(expire_le=timezone.now() + dt.timedelta(days=400))
    with time_machine.travel("2027-04-06T23:00+02:00", tick=False):
        assert _lue(suivi)
    with time_machine.travel("2027-04-07T00:10+02:00", tick=False):
        assert not _lue(suivi) and not _lue_par_le_tuteur(distribution, jeune)
        lu = _texte(Client().get(ecran))
        assert "Plus personne ne la lit" in lu and AIDE in lu
        assert Client().post(ecran, {"geste": "renouveler"}).status_code == 302
        assert _lue(suivi) and _lue_par_le_tuteur(distribution, jeune)


def test_la_changer_garde_une_seule_fiche(ecran: str, suivi: str) -> None:
    _ecrire(ecran)
    assert AIDE in Client().get(f"{ecran}&faire=changer").content.decode().replace("&#x27;", "'")
    _ecrire(ecran, aide="Qu'on me laisse finir.", lecteurs="mlds")
    assert [f.etat for f in FicheContexte.objects.order_by("cree_le")] == ["revoquee", "approuvee"]
    assert FicheContexte.objects.get(etat="approuvee").aide == "Qu'on me laisse finir." and not _lue(suivi)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"aide": "", "eviter": " "}, "Écrivez au moins une des deux parties"),
        ({"lecteurs": ""}, "Qui peut la lire"),
        ({"lecteurs": "tous"}, "Choisissez une réponse de la liste"),
        ({"aide": "x" * 1501}, "trop long"),
        ({"brouillon": "pas un identifiant"}, ""),
    ],
)
def test_mal_remplie_ne_perd_rien(ecran: str, champs: dict[str, str], phrase: str) -> None:
    reponse = Client().post(ecran, SAISIE | champs)
    assert reponse.status_code == 422 and phrase in _texte(reponse)
    assert champs.get("eviter", EVITER).strip() in _texte(reponse)
    assert not FicheContexte.objects.exists()


# --- Proposed by the tutor -------------------------------------------------------------------------


def _proposer(distribution: Distribution, jeune: Jeune, aide: str = AIDE) -> Any:
    adresse = reverse("jeunes:fiche", args=[jeune.pk])
    return distribution.tuteur.client().post(adresse, {"aide": aide, "eviter": ""})


def test_un_brouillon_n_est_rien_sans_le_jeune(
    distribution: Distribution, jeune: Jeune, ecran: str, suivi: str
) -> None:
    assert _proposer(distribution, jeune, "").status_code == 422
    assert _proposer(distribution, jeune).status_code == 302
    assert _proposer(distribution, jeune, "Autre texte.").status_code == 302
    brouillon = FicheContexte.objects.get()
    assert (brouillon.etat, brouillon.aide, brouillon.expire_le) == ("proposee", "Autre texte.", None)
    assert "Autre texte." not in _texte(Client().get(f"{suivi}?ecran=fiche", follow=True))
    message = Message.objects.filter(code="jeunes.fiche_proposee").latest("cree_le")
    assert message.jeune_id == jeune.pk and "Autre texte" not in message.corps and jeune.prenom not in message.corps
    lu = _texte(Client().get(ecran))
    assert "Autre texte." in lu and "il ne vaut que si vous l’approuvez" in lu
    assert "Un texte vous attend" in _texte(Client().get(ecran.split("?")[0]))
    _ecrire(ecran, brouillon=str(brouillon.pk))
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.aide, brouillon.lecteurs) == ("approuvee", AIDE, "entreprise") and _lue(suivi)


def test_un_brouillon_ecarte_n_existe_plus(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    _ecrire(ecran)
    _proposer(distribution, jeune, "Autre texte.")
    assert Client().post(ecran, {"geste": "ecarter"}).status_code == 302
    etats = {fiche.etat: fiche.aide for fiche in FicheContexte.objects.all()}
    assert etats == {"approuvee": AIDE, "ecartee": ""}


def test_un_brouillon_traite_entre_temps(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    _proposer(distribution, jeune)
    brouillon = FicheContexte.objects.get()
    Client().post(ecran, {"geste": "ecarter"})
    reponse = Client().post(ecran, SAISIE | {"brouillon": str(brouillon.pk)})
    assert reponse.status_code == 422 and "plus possible" in _texte(reponse) and EVITER in _texte(reponse)
    assert FicheContexte.objects.get().etat == "ecartee"


def test_la_fiche_d_un_autre(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    autre = distribution.jeune()
    _proposer(distribution, autre)
    reponse = Client().post(ecran, SAISIE | {"brouillon": str(FicheContexte.objects.get().pk)})
    assert reponse.status_code in (404, 422)
    assert FicheContexte.objects.get().etat == "proposee"


def test_ni_partenaire_ni_coordination(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    _ecrire(ecran)
    AccesJeune.objects.create(jeune=jeune, organisation=distribution.tuteur_etranger.organisation, motif="relais")
    adresse = reverse("jeunes:fiche", args=[jeune.pk])
    for qui in ("tuteur_etranger", "coordonnateur", "acheteur", "national"):
        assert getattr(distribution, qui).client().get(adresse).status_code == 403


# --- At rest ---------------------------------------------------------------------------------------


def test_chiffree_et_liee_a_sa_ligne(distribution: Distribution, ecran: str, jeune: Jeune) -> None:
    _ecrire(ecran)
    fiche = FicheContexte.objects.get()
    with connection.cursor() as curseur:
        curseur.execute("SELECT aide_scelle, eviter_scelle FROM jeunes_fichecontexte")
        [(aide, eviter)] = curseur.fetchall()
    assert b"montre" not in bytes(aide) and bytes(aide) != bytes(eviter)
    assert (fiche.aide, fiche.eviter) == (AIDE, EVITER)
    for deplacement in (
        {"aide_scelle": bytes(eviter)},  # another column
        {"jeune_id": distribution.jeune().pk},  # another young person
        {"aide_scelle": bytes(aide)[:-1] + bytes([aide[-1] ^ 1])},  # one bit
    ):
        with transaction.atomic():
            FicheContexte.objects.update(**deplacement)
            with pytest.raises(ScellementRompu):
                FicheContexte.objects.get().aide  # noqa: B018  reading is what raises
            transaction.set_rollback(True)
    copie = FicheContexte(jeune=jeune, aide_scelle=fiche.aide_scelle)
    with pytest.raises(ScellementRompu):
        copie.aide  # noqa: B018


def test_la_base_ne_garde_pas_un_texte_retire(ecran: str) -> None:
    _ecrire(ecran)
    with pytest.raises(IntegrityError, match="fiche_finie_vide"), transaction.atomic():
        FicheContexte.objects.update(etat="revoquee")


# --- The calendar ----------------------------------------------------------------------------------


def _le(jour: str) -> None:
    """The loop goes through on that day, in the machine's name and under the database's eyes."""
    with time_machine.travel(f"{jour}T09:00+02:00", tick=False), coulisses.fermees():
        relever()


def _partis(code: str) -> int:
    return Message.objects.filter(code=f"jeunes.{code}").count()


def test_un_rappel_avant_la_fin_au_jeune_et_a_son_tuteur(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    _ecrire(ecran)  # on 6 October: shown until 6 April
    attente = Attente.objects.ouvertes().get(code="renouveler_fiche")
    assert timezone.localdate(attente.echeance) == dt.date(2027, 4, 6) and attente.jeune_id == jeune.pk
    _le("2027-03-18")
    assert _partis("fiche_rappel") == 0
    _le("2027-03-24")
    _le("2027-03-25")
    au_jeune, au_tuteur = (Message.objects.get(code=f"jeunes.fiche_rappel{fin}") for fin in ("", "_tuteur"))
    assert au_jeune.jeune_id == jeune.pk and "6 avril 2027" in au_jeune.sujet and "/lien/" in au_jeune.corps
    assert au_tuteur.utilisateur_id == jeune.tuteur_id and "/lien/" not in au_tuteur.corps
    assert not [m for m in (au_jeune, au_tuteur) if jeune.nom in m.sujet + m.corps or AIDE in m.corps]
    _le("2027-04-07")
    assert Attente.objects.get(pk=attente.pk).issue == "expirée", "rien n'est plus attendu"


def test_renouvelee_la_fiche_a_une_autre_date(ecran: str) -> None:
    _ecrire(ecran)
    with time_machine.travel("2027-03-30T09:00+02:00", tick=False):
        LienAction.objects.update(expire_le=timezone.now() + dt.timedelta(days=1))
        assert Client().post(ecran, {"geste": "renouveler"}).status_code == 302
    assert timezone.localdate(Attente.objects.ouvertes().get(code="renouveler_fiche").echeance) == dt.date(2027, 9, 30)
    assert Client().post(ecran, {"geste": "revoquer"}).status_code == 302
    assert not Attente.objects.ouvertes().filter(code="renouveler_fiche").exists()


def test_un_brouillon_sans_reponse_s_efface(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    adresse = reverse("jeunes:fiche", args=[jeune.pk])
    assert distribution.tuteur.client().post(adresse, {"aide": AIDE, "eviter": EVITER}).status_code == 302
    brouillon, attente = FicheContexte.objects.get(), Attente.objects.ouvertes().get(code="relire_brouillon")
    assert timezone.localdate(attente.echeance) == dt.date(2026, 11, 5)
    _le("2026-10-26")
    assert (_partis("brouillon_rappel"), _partis("brouillon_perime")) == (1, 0)
    brouillon.refresh_from_db()
    assert brouillon.etat == "proposee" and brouillon.aide == AIDE
    _le("2026-11-06")
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.aide, brouillon.eviter) == ("perimee", "", "")
    assert Attente.objects.get(pk=attente.pk).issue == "perimer"
    assert Message.objects.get(code="jeunes.brouillon_perime").utilisateur_id == jeune.tuteur_id
    assert Journal.objects.get(verbe="fiche_contexte.perimer").acteur_genre == "systeme"
    assert distribution.tuteur.client().post(adresse, {"aide": AIDE, "eviter": ""}).status_code == 302, "un autre"


def test_un_brouillon_approuve_ne_s_efface_pas(distribution: Distribution, jeune: Jeune, ecran: str) -> None:
    adresse = reverse("jeunes:fiche", args=[jeune.pk])
    assert distribution.tuteur.client().post(adresse, {"aide": AIDE, "eviter": EVITER}).status_code == 302
    _ecrire(ecran, brouillon=str(FicheContexte.objects.get().pk))
    _le("2026-11-06")
    assert (FicheContexte.objects.get().etat, _partis("brouillon_rappel")) == ("approuvee", 0)
