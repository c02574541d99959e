"""An object's timeline, as this person may read it: a company's contact is level 2, there too."""

from uuid import UUID

from raccord.comptes.noms import nommer
from raccord.socle.contexte import Contexte
from raccord.socle.gabarits import LigneFil
from raccord.socle.models import Journal

LIMITE = 100


def fil_visible(contexte: Contexte, objet_id: UUID, *, avec_contacts: bool) -> list[LigneFil]:
    """Latest first. Without `avec_contacts` a contact's line is said by 'l’entreprise': neither name nor more."""
    lignes = nommer(Journal.objects.du_fil(objet_id).visibles_par(contexte.role)[:LIMITE])
    return [LigneFil(le=ligne.le, qui=_qui(ligne, avec_contacts), texte=ligne.texte) for ligne in lignes]


def _qui(ligne: Journal, avec_contacts: bool) -> str:
    if ligne.acteur_genre == "contact" and not avec_contacts:
        return "l’entreprise"
    return str(ligne.auteur)  # type: ignore[attr-defined]  # set by nommer
