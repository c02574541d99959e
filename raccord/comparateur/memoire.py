"""The memory that the process takes, and how a person writes how much it may take."""

import argparse
import re
import resource
from contextlib import suppress
from pathlib import Path

UNITES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
PLANCHER = 256 << 20


def lire_memoire(texte: str) -> int:
    """`2GB`, `512 Mo`: bytes."""
    trouve = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([KMG]?)(?:i?[BO])?", texte.strip().upper())
    octets = int(float(trouve[1].replace(",", ".")) * UNITES[trouve[2]]) if trouve else 0
    if octets < PLANCHER:
        raise argparse.ArgumentTypeError("une quantité de mémoire, 256MB au moins (exemple : 2GB)")
    return octets


def remettre_le_pic() -> None:
    """Start counting the peak again, where the system can (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def pic() -> int:
    """The most memory that the process took since the count started, in bytes."""
    with suppress(OSError):
        for ligne in Path("/proc/self/status").read_text().splitlines():
            if ligne.startswith("VmHWM:"):
                return int(ligne.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
