"""Another address for a contact; a new ladder, from a day on, in a scope; how I want to be written to."""

from collections.abc import Sequence
from typing import Any

from raccord.echeances.attentes import Depuis, Echelon, Unite
from raccord.echeances.models import Canal, Preference
from raccord.socle import calendrier, forms, mots
from raccord.socle.courrier import TypeMessage

DELAI_MAXIMUM = 90
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
        elif self.ancienne == donnees.get("telephone"):
            self.add_error("telephone", "C’est le numéro qui n’est plus le bon : écrivez-en un autre, ou laissez vide.")
        elif "courriel" in donnees and not donnees["courriel"] and not donnees.get("telephone"):
            self.add_error("courriel", "Donnez au moins un courriel ou un téléphone.")
        return donnees


class EchelleForm(forms.Formulaire):
    """One delay per rung; an empty one leaves the rung out."""

    portee = forms.ChampChoix(label="Où", required=False, widget=forms.Select)
    debut = forms.ChampDate(label="À partir du")
    source = forms.ChampTexte(label="Pourquoi", max_length=300, help_text="Texte, décision ou constat qui le demande.")

    def __init__(
        self, *args: Any, echelons: Sequence[Echelon], portees: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.echelons = echelons
        self.fields["portee"].choices = list(portees)  # type: ignore[attr-defined]  # a ChampChoix
        self.fields["debut"].initial = calendrier.aujourdhui()
        for echelon in echelons:
            self.fields[f"delai_{echelon.code}"] = forms.ChampNombre(
                label=f"{mots.majuscule(echelon.qui)} : délai {Depuis(echelon.depuis).label}",
                entier=True,
                mini=0,
                maxi=DELAI_MAXIMUM,
                required=False,
                initial=echelon.delai,
                help_text="Vide : cet échelon n’existe plus.",
            )
            self.fields[f"unite_{echelon.code}"] = forms.ChampChoix(
                label="En", choices=Unite.choices, initial=echelon.unite, widget=forms.Select
            )

    @property
    def retenus(self) -> list[dict[str, Any]]:
        """The rungs that stay, as they are kept."""
        return [
            {
                "code": echelon.code,
                "delai": self.cleaned_data[f"delai_{echelon.code}"],
                "unite": self.cleaned_data[f"unite_{echelon.code}"],
                "depuis": echelon.depuis,
                "qui": echelon.qui,
                "demande": echelon.demande,
            }
            for echelon in self.echelons
            if self.cleaned_data[f"delai_{echelon.code}"] is not None
        ]


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
