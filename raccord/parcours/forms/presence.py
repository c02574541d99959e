"""Days and hours, in the forms that agree on them or change them."""

from typing import Any

from raccord.parcours.enums import JourSemaine
from raccord.parcours.presence import CHAMPS, Presence
from raccord.socle import forms

SEMAINE_HABITUELLE = JourSemaine.values[:5]


class PresenceForm(forms.Formulaire):
    """To inherit from: five fields that make one `presence`."""

    jours = forms.ChampChoixMultiple(label="Jours", choices=JourSemaine.choices, required=False)
    arrivee = forms.ChampHeure(label="Arrivée", required=False)
    depart = forms.ChampHeure(label="Départ", required=False)
    pause = forms.ChampNombre(label="Pause, en minutes", mini=0, maxi=240, entier=True, required=False)
    horaires = forms.ChampTexte(
        label="Ce qui change d’un jour à l’autre",
        max_length=200,
        required=False,
        help_text="Par exemple : le mercredi, départ à 12 h.",
    )

    def clean(self) -> dict[str, Any]:
        """The five fields become one; a field in error is left as it was."""
        donnees = super().clean() or self.cleaned_data
        if not self.errors:
            donnees["presence"] = Presence(**{champ: donnees.pop(champ) for champ in CHAMPS})
        return donnees
