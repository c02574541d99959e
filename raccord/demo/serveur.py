"""The processes of the demonstration: web server and worker, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from raccord.demo.fournisseur import jetons

PATIENCE = 30.0  # seconds given to a process to answer, and then to stop
PAS = 0.1
# Never asked for by a page: left in, they would be compressed for nothing (45 s of two cores instead of 2). Raccord's
# own style sheet carries what it uses of the DSFR (outils/assembler_dsfr.py).
DOSSIERS_DSFR_INUTILES = (
    "analytics", "artwork", "component", "core", "dsfr", "icons", "layout", "legacy", "scheme", "utility",
)  # fmt: skip
STATIQUES_INUTILES = [
    *(f"dsfr/dist/{dossier}/*" for dossier in DOSSIERS_DSFR_INUTILES),
    "dsfr/dist/dsfr.*",
    "dsfr/dist/fonts/Spectral*",
    "dsfr/dist/README.md",
    "django_htmx/htmax*",
    "django_htmx/htmx-4*",
    "django_htmx/htmx-2.js",
    "django_htmx/ext/*",
]


class PortPris(Exception):
    """Another program listens there."""


class DemarrageRate(Exception):
    """A process did not answer; the message says which."""


def verifier_port(hote: str, port: int) -> None:
    """Raise PortPris when something already listens, before anything long has begun."""
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((hote, port))
        except OSError as erreur:
            raise PortPris from erreur


def rassembler_statiques() -> None:
    """Collect and compress what pages ask for."""
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=STATIQUES_INUTILES)


@dataclass
class Groupe:
    """Processes that live and die together. A signal received here stops them all, once, in order."""

    environnement: Mapping[str, str] = field(default_factory=dict)
    processus: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    arret_demande: bool = False

    def lancer(self, nom: str, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start `python -m …` away from the terminal's own Ctrl-C: we pass it on ourselves, in order."""
        self.processus[nom] = subprocess.Popen(  # noqa: S603  our own modules
            [sys.executable, "-m", *arguments], env={**os.environ, **self.environnement}, start_new_session=True
        )
        return self.processus[nom]

    def lancer_serveur(self, hote: str, port: int, *, ouvriers: int = 2, fils: int = 8) -> None:
        """Start gunicorn and wait for its first answer. Raises DemarrageRate."""
        adresse = f"[{hote}]:{port}" if ":" in hote else f"{hote}:{port}"
        serveur = self.lancer(
            "serveur",
            [
                "gunicorn",
                "raccord.config.wsgi",
                f"--bind={adresse}",
                f"--workers={ouvriers}",
                "--preload",
                "--worker-class=gthread",
                f"--threads={fils}",
                "--log-level=warning",
                "--limit-request-line=0",  # a search of 10 000 characters is answered in words, as any form
                "--no-control-socket",
            ],
        )
        self._attendre(serveur, f"http://{adresse}/sante/")

    def lancer_ouvrier(self) -> None:
        """Start the worker; messages stay in the outbox, where the demonstration shows them."""
        self.lancer("ouvrier", ["raccord", "travailler", "--sans-envoi"])

    def _attendre(self, serveur: "subprocess.Popen[bytes]", adresse: str) -> None:
        fin = time.monotonic() + PATIENCE
        while time.monotonic() < fin and serveur.poll() is None and not self.arret_demande:
            try:
                with urllib.request.urlopen(adresse, timeout=PATIENCE):  # noqa: S310  our own server
                    return
            except urllib.error.HTTPError:
                return  # 503: it answers, and says what is wrong
            except OSError:
                time.sleep(PAS)
        if not self.arret_demande:
            raise DemarrageRate("Le serveur n'a pas démarré : lisez ce qu'il a écrit ci-dessus.")

    def surveiller(self, dire: Callable[[str], object]) -> int:
        """Wait for a signal or for a process to end by itself. Returns the exit status."""
        while not self.arret_demande:
            for nom, processus in self.processus.items():
                if processus.poll() is not None:
                    dire(f"« {nom} » s'est arrêté tout seul (statut {processus.returncode}).")
                    return 1
            time.sleep(PAS)
        return 0

    def ecouter_les_signaux(self) -> None:
        """Ctrl-C, a closed terminal and `kill` all stop cleanly."""
        for nom in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(nom, self._demander_arret)

    def _demander_arret(self, _numero: int, _cadre: FrameType | None) -> None:
        self.arret_demande = True

    def arreter(self) -> None:
        """Ask each process to stop, then insist. Safe to call twice."""
        for processus in self.processus.values():
            if processus.poll() is None:
                processus.terminate()
        fin = time.monotonic() + PATIENCE
        for processus in self.processus.values():
            try:
                processus.wait(max(PAS, fin - time.monotonic()))
            except subprocess.TimeoutExpired:
                processus.kill()
                processus.wait()
        self.processus.clear()


def environnement(adresse: str) -> dict[str, str]:
    """What the children inherit besides our own environment: the address of the day, and quiet logs."""
    return {
        "RACCORD_ADRESSE": adresse,
        **_proconnect(adresse),
        "RACCORD_NIVEAU_TRACES": os.environ.get("RACCORD_NIVEAU_TRACES", "WARNING"),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE),
        "PYTHONUNBUFFERED": "1",
    }


def _proconnect(adresse: str) -> dict[str, str]:
    """The demonstration's own provider, unless another is named."""
    if os.environ.get("RACCORD_PROCONNECT_EMETTEUR"):
        return {}
    return {
        "RACCORD_PROCONNECT_EMETTEUR": f"{adresse}/demo/proconnect",
        "RACCORD_PROCONNECT_CLIENT": jetons.CLIENT,
        "RACCORD_PROCONNECT_SECRET": jetons.SECRET,
    }
