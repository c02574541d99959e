"""Two short forms."""

from raccord.socle import forms


class RecevoirForm(forms.Formulaire):
    """Whose address."""

    pour_soi = True
    courriel = forms.ChampCourriel(label="Votre adresse de courriel")


class EffacerForm(forms.Formulaire):
    """What cannot be undone is confirmed by hand."""

    compris = forms.ChampCase(label="J’ai compris : ces données ne pourront pas être retrouvées")
