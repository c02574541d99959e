"""What a company, a young person, a parent receives says in five lines what is asked, by when, where, and whom to ask.

Read on the words themselves, every branch counted: a condition never makes a message longer than this.
"""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from raccord.socle.courrier import REGISTRE, TypeMessage

LIGNES, SIGNES = 5, 520
# Besides those whose name ends by whom they are for.
A_L_ENTREPRISE = {
    "parcours.fiche_a_confirmer",
    "parcours.fiche_relance",
    "parcours.heures_a_noter",
    "parcours.reponse_relance",
    "parcours.creneaux_nouveaux",
    "parcours.marche_corrige",
    "parcours.proposition_recue",
    "parcours.proposition_acceptee",
    "parcours.proposition_declinee",
    "parcours.proposition_arretee",
    "parcours.tuteur_change",
}
AU_JEUNE = {
    "jeunes.cercle_change",
    "jeunes.retrait_repondu",
    "jeunes.dossier",
    "jeunes.fiche_proposee",
    "jeunes.fiche_rappel",
    "jeunes.brouillon_rappel",
}
# What the law asks of each message to who signs for a minor: why they receive it, who reads the file.
MENTIONS = ("Vous recevez ce message comme représentant légal", "Qui peut voir le dossier du jeune")
SUFFIXES = ("_entreprise", "_jeune", "_representant")
A_L_ACHETEUR = {"parcours.offre_sans_jeune"}  # its name says what it is about
CODES = sorted((A_L_ENTREPRISE | AU_JEUNE | {code for code in REGISTRE if code.endswith(SUFFIXES)}) - A_L_ACHETEUR)


def corps(type_message: TypeMessage) -> list[str]:
    """Lines between the greeting and the signature; what a variable becomes counts for ten signs."""
    source = Path(str(get_template(type_message.gabarit).origin)).read_text()  # type: ignore[attr-defined]
    lisible = re.sub(r"{{.*?}}", "x" * 10, re.sub(r"{%.*?%}", "", source))
    paragraphes = lisible.split("Bonjour,", 1)[1].strip().split("\n\n")[:-1]
    lignes = [ligne for paragraphe in paragraphes for ligne in paragraphe.splitlines() if ligne.strip()]
    return [ligne for ligne in lignes if not ligne.startswith(MENTIONS)]


@pytest.mark.parametrize("code", CODES)
def test_cinq_lignes_au_plus(code: str) -> None:
    lignes = corps(REGISTRE[code])
    assert 1 <= len(lignes) <= LIGNES, "\n".join(lignes)
    assert sum(map(len, lignes)) <= SIGNES, "\n".join(lignes)
