"""Who acts, for which organisation, in which role: the first argument of every action."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexte:
    """One acting person. At most one of the four person ids is set; none means the machine or a visitor.

    `role` is a value of `comptes.Role`; `academie_id` is the territory of a coordinator.
    """

    role: str
    utilisateur_id: UUID | None = None
    contact_id: UUID | None = None
    jeune_id: UUID | None = None
    representant_id: UUID | None = None
    organisation_id: UUID | None = None
    academie_id: str | None = None
    lien_id: UUID | None = None

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
