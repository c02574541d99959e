"""The search of the mailbox."""

from typing import Any

from django import forms as django_forms

from raccord.socle import forms


class BoiteForm(forms.Formulaire):
    """Whose mailbox, and words to find."""

    marquer_facultatifs = False
    a = forms.ChampChoix(label="Boîte de", required=False, widget=django_forms.Select)
    q = forms.ChampTexte(label="Mots cherchés", required=False)

    def __init__(self, *args: Any, boites: list[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        total = sum(nombre for _, nombre in boites)
        choix = [("", f"Tout le monde ({total})"), *((adresse, f"{adresse} ({nombre})") for adresse, nombre in boites)]
        self.fields["a"].choices = choix  # type: ignore[attr-defined]
