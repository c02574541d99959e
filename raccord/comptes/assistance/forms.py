"""Asking for help."""

from raccord.socle import forms


class AideForm(forms.Formulaire):
    """What is wrong."""

    motif = forms.ChampTexteLong(
        label="Qu’est-ce qui ne va pas ?",
        max_length=500,
        lignes=4,
        help_text="Sur quelle page, ce que vous vouliez faire. N’écrivez le nom d’aucun jeune.",
    )
