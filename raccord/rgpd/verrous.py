"""An erasure takes the rows of a file in the order of every writer: reservation, proposal, stay, young person."""

from uuid import UUID

from raccord.parcours.models import Parcours, Positionnement, Reservation
from raccord.socle.donnees_personnelles import Personne


def tenir_le_dossier(genre: str, personne_id: UUID, porte: str) -> None:
    """Whoever writes on one of them at the same instant goes first, or finds what is left."""
    if genre != Personne.JEUNE:
        return
    for modele, chemin in ((Reservation, "jeune"), (Positionnement, "reservation__jeune"), (Parcours, "jeune")):
        lignes = modele._base_manager.using(porte).filter(**{chemin: personne_id}).order_by("pk")
        list(lignes.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
