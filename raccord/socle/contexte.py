"""Who acts, for which organisation, in which role: the first argument of every action."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexte:
    """One acting person. At most one of the four person ids is set; none means the machine or a visitor.

    `role` is a value of `comptes.Role`; `academie_id` is the territory of a coordinator. `administrateur` looks after
    the members of the organisation; `absents` are the colleagues whom this person stands in for today.
    """

    role: str
    utilisateur_id: UUID | None = None
    contact_id: UUID | None = None
    jeune_id: UUID | None = None
    representant_id: UUID | None = None
    organisation_id: UUID | None = None
    academie_id: str | None = None
    lien_id: UUID | None = None
    administrateur: bool = False
    absents: frozenset[UUID] = frozenset()

    @property
    def tient_lieu_de(self) -> frozenset[UUID]:
        """Whose waits and files this person acts on: their own and those of absent colleagues."""
        return self.absents | {self.utilisateur_id} if self.utilisateur_id else frozenset()

    @property
    def acteur(self) -> tuple[str, UUID | None]:
        """Kind and id of the acting person, as the journal keeps them."""
        if self.utilisateur_id:
            return "utilisateur", self.utilisateur_id
        if self.contact_id:
            return "contact", self.contact_id
        if self.jeune_id:
            return "jeune", self.jeune_id
        if self.representant_id:
            return "parent", self.representant_id
        return "systeme", None


SYSTEME = Contexte(role="systeme")
VISITEUR = Contexte(role="visiteur")
