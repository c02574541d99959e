"""Text messages: their words, and the provider asked by HTTP."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.echeances import sms
from raccord.echeances.facteur import Tournee, expedier
from raccord.echeances.models import AdresseEnEchec, Attente, Message
from tests.distribution import Distribution
from tests.postes import Guichet, guichet, port_libre

LIEN = "https://raccord.example/lien/abcdef0123456789abcdef0123456789abcdef01/"


def ecrit(sujet: str, corps: str = f"Bonjour Zoé,\n\nTout est ici :\n{LIEN}.\n") -> Message:
    return Message(sujet=sujet, corps=corps, telephone="+33600000000")


def test_le_sujet_et_le_lien_rien_d_autre() -> None:
    texte = sms.texte_court(ecrit("Votre rencontre : mardi 13 octobre à 14\u00a0h, chez l’Œuvre «\u00a0Ça\u00a0»"))
    assert texte == f'Raccord : Votre rencontre : mardi 13 octobre à 14 h, chez l\'OEuvre "Ça"\n{LIEN}'
    assert len(texte) <= 160 and "Zoé" not in texte


def test_un_sujet_long_se_coupe_le_lien_jamais() -> None:
    texte = sms.texte_court(ecrit("Très long " * 40))
    assert len(texte) <= 306 and texte.endswith(f"...\n{LIEN}")


def test_sans_lien_le_sujet_seul() -> None:
    assert sms.texte_court(ecrit("À demain", "Camille vous attend.")) == "Raccord : A demain"


@given(sujet=st.text(max_size=200), chemin=st.text(alphabet="abc~[]|é", max_size=90))
def test_toujours_deux_sms_au_plus_dans_l_alphabet_des_telephones(sujet: str, chemin: str) -> None:
    message = ecrit(sujet, f"https://raccord.example/{chemin}/\n")
    debut = sms.texte_court(message).rpartition("\nhttps://")[0]
    assert set(debut) <= sms.GSM7 | sms.ETENDUS
    assert sms._longueur(sms.texte_court(message)) <= 306


# --- The provider ----------------------------------------------------------------------------------------


@pytest.fixture
def poste(settings: Any, db: None) -> Iterator[Guichet]:
    settings.SMS_FOURNISSEUR, settings.SMS_JETON = "raccord.echeances.sms.Http", "le-secret"
    with guichet() as poste:
        settings.SMS_URL = poste.adresse
        yield poste


def deposer() -> Message:
    message = ecrit("Votre rencontre")
    message.code = "essai"
    message.save()
    return message


def test_le_fournisseur_recoit_le_texte_une_cle_et_le_jeton(poste: Guichet) -> None:
    message = deposer()
    assert expedier().envoyes == 1
    [(entetes, corps)] = poste.demandes
    assert corps == {"from": "Raccord", "to": "+33600000000", "text": f"Raccord : Votre rencontre\n{LIEN}"}
    assert (entetes["Authorization"], entetes["Idempotency-Key"]) == ("Bearer le-secret", str(message.pk))
    message.refresh_from_db()
    assert message.envoye_le is not None


@pytest.mark.parametrize("statut", [401, 403, 404, 302])
def test_le_fournisseur_nous_refuse(poste: Guichet, statut: int) -> None:
    """A wrong token or a wrong address is nobody's number; and a token is not carried elsewhere."""
    message, poste.statut = deposer(), statut
    assert expedier() == Tournee(injoignable=True)
    message.refresh_from_db()
    assert message.essais == 0 and len(poste.demandes) == 1


@pytest.mark.parametrize("statut", [429, 500, 503])
def test_le_fournisseur_demande_d_attendre(poste: Guichet, statut: int) -> None:
    message, poste.statut = deposer(), statut
    assert expedier() == Tournee()
    message.refresh_from_db()
    assert (message.essais, message.echec_le) == (1, None)


def test_un_numero_refuse_attend_une_personne(
    poste: Guichet, distribution: Distribution, caplog: pytest.LogCaptureFixture
) -> None:
    deposer()
    poste.statut = 422
    with caplog.at_level(logging.DEBUG, logger="raccord"):
        expedier()
    assert AdresseEnEchec.objects.get().adresse == "+33600000000"
    assert Attente.objects.ouvertes().filter(code="trouver_adresse").exists()
    assert not any("+336" in str(trace.__dict__) for trace in caplog.records)


def test_un_fournisseur_absent_ou_aucun(poste: Guichet, settings: Any, distribution: Distribution) -> None:
    message = deposer()
    settings.SMS_URL = f"http://127.0.0.1:{port_libre()}/"
    assert expedier() == Tournee(injoignable=True)
    settings.SMS_URL = ""
    assert expedier() == Tournee()
    message.refresh_from_db()
    assert message.cause == "aucun service de SMS"
    assert Attente.objects.ouvertes().filter(code="trouver_adresse").exists(), "quelqu'un appelle"


def test_le_faux_garde_tout(db: None) -> None:
    deposer()
    sms.Enregistre.envoyes.clear()
    assert expedier().envoyes == 1
    [(telephone, texte, _)] = sms.Enregistre.envoyes
    assert (telephone, texte) == ("+33600000000", f"Raccord : Votre rencontre\n{LIEN}")
