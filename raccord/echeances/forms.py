"""How I want to be written to."""

from typing import Any

from raccord.echeances.models import Canal, Preference
from raccord.socle import forms
from raccord.socle.courrier import TypeMessage

# The hours of the places where people of the programme live.
FUSEAUX = (
    ("Europe/Paris", "Paris"),
    ("America/Guadeloupe", "Guadeloupe, Saint-Martin, Saint-Barthélemy"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
)


class PreferencesForm(forms.Formulaire):
    """By what road, at once or gathered, when not, and what not."""

    pour_soi = True
    sections = (
        forms.Section("Comment", ("canal", "rythme")),
        forms.Section(
            "Heures de silence",
            ("silence_de", "silence_a", "fuseau"),
            "Rien ne vous est envoyé entre ces deux heures : ce qui arrive alors attend la fin du silence.",
        ),
        forms.Section(
            "Messages que vous recevez",
            ("recus",),
            "Décochez ce dont vous n’avez pas besoin. Tout reste visible sur vos pages.",
        ),
    )

    canal = forms.ChampChoix(label="Par où vous écrire", choices=Canal.choices)
    rythme = forms.ChampChoix(label="À quel rythme", choices=Preference.Rythme.choices)
    silence_de = forms.ChampHeure(label="À partir de", required=False)
    silence_a = forms.ChampHeure(label="Jusqu’à", required=False)
    fuseau = forms.ChampChoix(label="À l’heure de", choices=FUSEAUX, widget=forms.Select)
    recus = forms.ChampChoixMultiple(label="Envoyez-moi", required=False)

    def __init__(self, *args: Any, types: list[TypeMessage], **kwargs: Any) -> None:
        """`types`: those this person may do without."""
        super().__init__(*args, **kwargs)
        recus = self.fields.pop("recus")
        if types and isinstance(recus, forms.ChampChoixMultiple):
            recus.choices = [(un.code, un.description) for un in types]
            self.fields["recus"] = recus
