"""Whose data: the person, and the rows that are theirs."""

from uuid import UUID

from django.db.models import Model

from raccord.comptes.models import Contact, Utilisateur
from raccord.jeunes.models import Jeune, RepresentantLegal
from raccord.socle.donnees_personnelles import OBSTACLES, Donnees, Personne, Sujet, donnees_de
from raccord.socle.exceptions import ObjetDisparu

MODELES: dict[str, type[Jeune] | type[Contact] | type[Utilisateur]] = {
    Personne.JEUNE: Jeune,
    Personne.CONTACT: Contact,
    Personne.UTILISATEUR: Utilisateur,
}
# Who signs for a minor takes a copy of their own data; they are erased with the young person's file.
SUJETS: dict[str, type[Model]] = {**MODELES, Personne.REPRESENTANT: RepresentantLegal}


def sujet_de(genre: str, personne_id: UUID, porte: str) -> Sujet:
    """The person, with the ids of their rows as this door shows them. Raises ObjetDisparu when there is nobody."""
    if not SUJETS[genre]._base_manager.using(porte).filter(pk=personne_id).exists():
        raise ObjetDisparu
    seul = Sujet(genre=Personne(genre), id=personne_id)
    objets = {personne_id}
    for donnees in donnees_de(genre):
        if isinstance(donnees.ou, str):
            objets |= {pk for pk in donnees.lignes(seul, porte).values_list("pk", flat=True) if isinstance(pk, UUID)}
    return Sujet(genre=seul.genre, id=seul.id, nouveau=seul.nouveau, objets=frozenset(objets))


def plan(sujet: Sujet, porte: str) -> list[tuple[Donnees, list[object]]]:
    """What is declared of the person, and which rows: all found before any is touched."""
    trouves = [
        (donnees, list(donnees.lignes(sujet, porte).values_list("pk", flat=True)))
        for donnees in donnees_de(sujet.genre)
    ]
    return [(donnees, lignes) for donnees, lignes in trouves if lignes]


def obstacles(sujet: Sujet, porte: str) -> list[str]:
    """Why this person may not be erased today, in sentences."""
    return [phrase for genre, dire in OBSTACLES if genre == sujet.genre and (phrase := dire(sujet, porte))]
