"""Another address for a contact."""

from typing import Any

from raccord.socle import forms


class AdresseForm(forms.Formulaire):
    """Mail, telephone or both; not the one that does not answer."""

    courriel = forms.ChampCourriel(label="Adresse de courriel", required=False)
    telephone = forms.ChampTelephone(label="Téléphone", required=False)

    def __init__(self, *args: Any, ancienne: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ancienne = ancienne

    def clean(self) -> dict[str, Any]:
        """The sentence says which of the two to change."""
        donnees = super().clean() or {}
        if self.ancienne == donnees.get("courriel"):
            self.add_error("courriel", "C’est l’adresse qui ne reçoit plus : écrivez-en une autre, ou laissez vide.")
        elif "courriel" in donnees and not donnees["courriel"] and not donnees.get("telephone"):
            self.add_error("courriel", "Donnez au moins un courriel ou un téléphone.")
        return donnees
