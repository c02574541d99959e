"""Forms of the list of contracts."""

from raccord.socle import forms


class RechercheForm(forms.Formulaire):
    """A few words; all of them must be found."""

    marquer_facultatifs = False
    q = forms.ChampTexte(
        label="Chercher un marché",
        required=False,
        max_length=100,
        help_text="Objet, référence, acheteur ou entreprise.",
    )
