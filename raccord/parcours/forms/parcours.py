"""Forms of a stay, before, during and at its end."""

from typing import Any

from django.forms import Select

from raccord.parcours.enums import MotifInterruption
from raccord.parcours.forms.presence import PresenceForm
from raccord.parcours.presence import CHAMPS
from raccord.socle import calendrier, forms

LONGUEUR_PRECISIONS = 1000


class ConventionForm(forms.Formulaire):
    """When the convention was signed."""

    signee_le = forms.ChampDate(label="Signée par tous le", help_text="La date de la dernière signature.")


class DatesForm(forms.Formulaire):
    """Other dates, before the first day."""

    debut = forms.ChampDate(label="Premier jour")
    fin = forms.ChampDate(label="Dernier jour")


class AdapterForm(PresenceForm):
    """Another last day, another rhythm, other days or hours."""

    sections = (
        forms.Section("Quand", ("fin", "heures_hebdo")),
        forms.Section("Jours et horaires", CHAMPS),
        forms.Section("Pourquoi", ("motif",)),
    )

    fin = forms.ChampDate(label="Dernier jour")
    heures_hebdo = forms.ChampHeures(label="Heures par semaine", help_text="Par exemple 28 pour quatre jours.")
    motif = forms.ChampTexte(
        label="Pourquoi", max_length=300, help_text="Une phrase, lue par ceux qui accompagnent le jeune."
    )


class InterrompreForm(forms.Formulaire):
    """Why and when it stops."""

    dernier_jour = forms.ChampDate(label="Dernier jour dans l’entreprise")
    motif = forms.ChampChoix(label="Raison", choices=MotifInterruption.choices)
    precisions = forms.ChampTexteLong(
        label="Ce qui s’est passé",
        max_length=LONGUEUR_PRECISIONS,
        lignes=4,
        help_text="Reste dans la MLDS : ni l’entreprise ni l’acheteur ne le lisent.",
    )


class ReprendreForm(forms.Formulaire):
    """Until when, once the young person is back."""

    fin = forms.ChampDate(label="Nouveau dernier jour")


class AnnulerForm(forms.Formulaire):
    """Why it will not begin."""

    motif = forms.ChampChoix(label="Raison", choices=MotifInterruption.choices)
    precisions = forms.ChampTexteLong(
        label="Ce qui s’est passé",
        max_length=LONGUEUR_PRECISIONS,
        lignes=4,
        help_text="Reste dans la MLDS : ni l’entreprise ni l’acheteur ne le lisent.",
    )


class FiltresParcoursForm(forms.Formulaire):
    """What to list."""

    marquer_facultatifs = False

    q = forms.ChampTexte(label="Entreprise", required=False, max_length=100)
    etape = forms.ChampChoix(label="Étape", required=False, widget=Select)
    qui = forms.ChampChoix(label="Suivis par", required=False, widget=Select)

    def __init__(self, *args: Any, etapes: list[tuple[str, str]], avec_mlds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["etape"].choices = [("", "Toutes les étapes"), *etapes]  # type: ignore[attr-defined]
        if avec_mlds:
            self.fields["qui"].choices = [("", "Moi"), ("mlds", "Toute la MLDS")]  # type: ignore[attr-defined]
        else:
            del self.fields["qui"]


def aujourdhui_en_valeur() -> dict[str, Any]:
    """Most things are noted the day they happen."""
    return {"signee_le": calendrier.aujourdhui()}
