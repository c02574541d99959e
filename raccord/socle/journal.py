"""Writing and reading the journal."""

from typing import Any

from raccord.socle.contexte import Contexte
from raccord.socle.models import Journal, ObjetSuivi


def inscrire(
    contexte: Contexte,
    objet: ObjetSuivi,
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
    return Journal.objects.create(
        acteur_genre=genre,
        acteur_id=acteur_id,
        organisation_id=contexte.organisation_id,
        role=contexte.role,
        verbe=verbe,
        texte=texte,
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        avant=avant,
        apres=apres,
        faits=faits or {},
        fil=list(objet.fil()),
        audience=sorted(audience),
    )
