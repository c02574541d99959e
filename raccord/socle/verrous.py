"""Database constraints, said in words on the field they protect."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, models

from raccord.socle.exceptions import ErreurMetier


def _contrainte(nom: str) -> models.BaseConstraint | None:
    for modele in apps.get_models():
        for contrainte in modele._meta.constraints:
            if contrainte.name == nom:
                return contrainte
    return None


@contextmanager
def contraintes_en_mots() -> Iterator[None]:
    """Turn a violated constraint into the French sentence its model gives, on its first field.

    Must be entered outside the atomic block whose statements it watches. An unknown constraint is a
    defect of ours and goes through.
    """
    try:
        yield
    except IntegrityError as erreur:
        diagnostic = getattr(erreur.__cause__, "diag", None)
        contrainte = _contrainte(getattr(diagnostic, "constraint_name", "") or "")
        if contrainte is None or contrainte.violation_error_message == contrainte.default_violation_error_message:
            raise
        raise ErreurMetier(
            str(contrainte.violation_error_message), champ=contrainte.violation_error_code or None
        ) from erreur
