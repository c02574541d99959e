"""Writing and reading the journal."""

from typing import Any, NamedTuple
from uuid import UUID

from raccord.socle.contexte import Contexte
from raccord.socle.models import Journal, ObjetSuivi


class Repere(NamedTuple):
    """What a line is about, for whoever knows the object without reading it."""

    objet_type: str
    objet_id: UUID
    fil: list[UUID]


def repere_de(objet: ObjetSuivi) -> Repere:
    """Of an object that was read."""
    return Repere(objet._meta.label_lower, objet.pk, list(objet.fil()))


def inscrire(
    contexte: Contexte,
    objet: ObjetSuivi | Repere,
    verbe: str,
    texte: str,
    *,
    avant: str = "",
    apres: str = "",
    faits: dict[str, Any] | None = None,
    audience: frozenset[str] = frozenset(),
) -> Journal:
    """Append one line. `texte` completes 'Camille Roy (MLDS Lille) …'; `faits` holds codes and ids, never names."""
    genre, acteur_id = contexte.acteur
    repere = objet if isinstance(objet, Repere) else repere_de(objet)
    return Journal.objects.create(
        acteur_genre=genre,
        acteur_id=acteur_id,
        organisation_id=contexte.organisation_id,
        role=contexte.role,
        verbe=verbe,
        texte=texte,
        objet_type=repere.objet_type,
        objet_id=repere.objet_id,
        avant=avant,
        apres=apres,
        faits=faits or {},
        fil=repere.fil,
        audience=sorted(audience),
    )
