"""What the young person does next."""

from django.forms import Select

from raccord.parcours.enums import Suite
from raccord.socle import forms


class SuiteForm(forms.Formulaire):
    """An exit code, its day, words that stay in the MLDS."""

    marquer_facultatifs = False

    suite = forms.ChampChoix(
        label="Ce que fait le jeune ensuite", choices=[("", "Choisir"), *Suite.choices], widget=Select
    )
    le = forms.ChampDate(label="Connu le")
    precisions = forms.ChampTexteLong(
        label="Précisions, si besoin",
        max_length=1000,
        lignes=4,
        required=False,
        help_text="Restent dans la MLDS. L’entreprise et l’acheteur ont des nouvelles sans détail.",
    )
