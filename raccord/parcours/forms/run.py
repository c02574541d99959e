"""A session: over which scope."""

from collections.abc import Sequence
from typing import Any

from raccord.socle import forms


class PerimetreForm(forms.Formulaire):
    """Which files."""

    perimetre = forms.ChampChoix(label="Quels dossiers", required=False, widget=forms.Select)

    def __init__(self, *args: Any, choix: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["perimetre"].choices = list(choix)  # type: ignore[attr-defined]
