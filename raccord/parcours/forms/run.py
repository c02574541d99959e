"""A session: over which scope; what came of a call, told by the button itself."""

from collections.abc import Sequence
from typing import Any

from raccord.parcours.forms.relances import QuiForm
from raccord.socle import forms


class PerimetreForm(forms.Formulaire):
    """Which files."""

    perimetre = forms.ChampChoix(label="Quels dossiers", required=False, widget=forms.Select)

    def __init__(self, *args: Any, choix: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["perimetre"].choices = list(choix)  # type: ignore[attr-defined]


class AppelDuRunForm(QuiForm):
    """Whom one spoke to, and the day they call back; the button says the rest."""

    rappel_le = forms.ChampDate(label="On nous rappelle le", required=False)
