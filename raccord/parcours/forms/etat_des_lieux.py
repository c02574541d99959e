"""Which territory to look at."""

from typing import Any

from django.forms import Select

from raccord.socle import forms
from raccord.territoires.models import Academie


class PerimetreForm(forms.Formulaire):
    """The whole of France, or one académie."""

    marquer_facultatifs = False

    academie = forms.ChampChoix(label="Territoire", required=False, widget=Select)

    def __init__(self, *args: Any, academies: list[Academie], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academie"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            ("", "Toute la France"),
            *((academie.pk, academie.nom) for academie in academies),
        ]
