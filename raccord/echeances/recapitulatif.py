"""One mail for several messages to one person: its words. Which ones, and when, is the postman's (`facteur`).

Two cases, one mechanism: whoever prefers a digest a day reads what waited, first lines and links; whoever is written to
too often at once reads each message whole.
"""

import re
from collections.abc import Sequence

from django.template import Context, Engine

from raccord.echeances.models import Envoi, Message
from raccord.socle import mots

LIEN = re.compile(r"https?://\S+")
PREMIERES_LIGNES = 300
TRAIT = "\n\n" + "-" * 60 + "\n\n"


def se_reunit(message: Message) -> bool:
    """A mail that was never tried, without anything that a calendar reads. A digest is about no file, nor is what
    somebody waits for in front of the screen.
    """
    if not message.courriel or message.calendrier or message.essais:
        return False
    return message.envoi == Envoi.RECAPITULATIF or message.objet_id is not None


def sujet(messages: Sequence[Message]) -> str:
    """How many."""
    if messages[0].envoi == Envoi.RECAPITULATIF:
        return f"Votre récapitulatif : {mots.pluriel(len(messages), 'nouvelle')}"
    return f"{mots.pluriel(len(messages), 'message')} pour vous"


def corps(messages: Sequence[Message]) -> str:
    """What they say."""
    if not any(message.envoi == Envoi.RECAPITULATIF for message in messages):
        sommaire = "\n".join(f"- {message.sujet}" for message in messages)
        entiers = (f"{message.sujet}\n\n{message.corps}" for message in messages)
        return TRAIT.join([f"En une fois, ce qui vous attend :\n\n{sommaire}", *entiers])
    gabarit = Engine.get_default().get_template("echeances/messages/recapitulatif.txt")
    nouvelles = [
        {"sujet": message.sujet, "debut": debut(message.corps), "liens": liens(message)} for message in messages
    ]
    return gabarit.render(Context({"nouvelles": nouvelles}, autoescape=False)).strip() + "\n"


def debut(texte: str) -> str:
    """The first lines, without the greeting."""
    paragraphes = [p.strip() for p in texte.split("\n\n") if p.strip() and p.strip(" ,") != "Bonjour"]
    texte = " ".join(LIEN.sub("", paragraphes[0]).split()) if paragraphes else ""
    return texte if len(texte) <= PREMIERES_LIGNES else texte[:PREMIERES_LIGNES].rsplit(" ", 1)[0] + "…"


def liens(message: Message) -> Sequence[str]:
    """Where to act, each once, in order."""
    return list(dict.fromkeys(lien.rstrip(".,;)") for lien in LIEN.findall(message.corps)))
