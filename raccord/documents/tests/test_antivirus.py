"""No file is kept that the antivirus refused, or has not seen. Its daemon is played on loopback, in its own words."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from raccord.documents.actions import sceller
from raccord.documents.antivirus import analyser
from raccord.documents.exceptions import AnalyseImpossible, FichierDangereux
from raccord.documents.models import Document, GenreDocument
from tests.distribution import Distribution
from tests.fabriques_positionnement import prepare

from .fichiers import depot, odt

# Not malware: what our daemon on loopback has been told to recognise.
SIGNATURE = b"signature-de-l-essai"


def _lire(prise: socket.socket, nombre: int) -> bytes:
    recu = b""
    while len(recu) < nombre and (morceau := prise.recv(nombre - len(recu))):
        recu += morceau
    return recu


def _servir(prise: socket.socket, repondre: Callable[[bytes], bytes]) -> None:
    with closing(prise):
        assert _lire(prise, 10) == b"zINSTREAM\0"
        octets = b""
        while taille := struct.unpack(">I", _lire(prise, 4))[0]:
            octets += _lire(prise, taille)
        prise.sendall(repondre(octets))


def _verdict(octets: bytes) -> bytes:
    return b"stream: Essai.Signature FOUND\0" if SIGNATURE in octets else b"stream: OK\0"


@pytest.fixture
def demon(settings: Any) -> Iterator[Callable[..., None]]:
    """Start the daemon; called again, it answers otherwise."""
    ecoute = socket.create_server(("127.0.0.1", 0))
    reponses = [_verdict]
    settings.CLAMD = f"tcp://127.0.0.1:{ecoute.getsockname()[1]}"

    def boucle() -> None:
        while True:
            try:
                prise, _ = ecoute.accept()
            except OSError:
                return
            _servir(prise, reponses[0])

    fil = threading.Thread(target=boucle)
    fil.start()
    yield lambda repondre: reponses.__setitem__(0, repondre)
    ecoute.shutdown(socket.SHUT_RDWR)
    ecoute.close()
    fil.join(5)


def test_un_fichier_sain_est_garde(distribution: Distribution, demon: Any) -> None:
    positionnement = prepare(distribution)
    sceller(distribution.tuteur.contexte, positionnement, GenreDocument.LETTRE, depot(odt(), "lettre.odt"))


@pytest.mark.parametrize("taille", [0, 10, 64 * 1024, 200_000])
def test_un_programme_reconnu_est_refuse_ou_qu_il_soit(demon: Any, taille: int) -> None:
    analyser(b"x" * taille)
    with pytest.raises(FichierDangereux):
        analyser(b"x" * taille + SIGNATURE + b"y" * taille)


@pytest.mark.parametrize("reponse", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0"])
def test_sans_verdict_rien_n_est_garde(distribution: Distribution, demon: Any, reponse: bytes) -> None:
    positionnement = prepare(distribution)
    demon(lambda _: reponse)
    with pytest.raises(AnalyseImpossible):
        sceller(distribution.tuteur.contexte, positionnement, GenreDocument.LETTRE, depot(odt(), "lettre.odt"))
    assert not Document.objects.filter(genre=GenreDocument.LETTRE).exists()


@pytest.mark.parametrize("adresse", ["tcp://127.0.0.1:1", "ABSENTE"])
def test_injoignable(settings: Any, tmp_path: Path, adresse: str) -> None:
    settings.CLAMD = adresse.replace("ABSENTE", str(tmp_path / "clamd.sock"))
    with pytest.raises(AnalyseImpossible):
        analyser(b"x")


def test_non_indique(settings: Any) -> None:
    settings.CLAMD, settings.DEMO = "", True
    analyser(b"x")
    settings.DEMO = False
    with pytest.raises(AnalyseImpossible):
        analyser(b"x")
