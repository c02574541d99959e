"""Short forms."""

from raccord.socle import forms


class RecevoirForm(forms.Formulaire):
    """Whose address."""

    pour_soi = True
    courriel = forms.ChampCourriel(label="Votre adresse de courriel")


class EffacerForm(forms.Formulaire):
    """What cannot be undone is confirmed by hand."""

    compris = forms.ChampCase(label="J’ai compris : ces données ne pourront pas être retrouvées")


class EffacerProfessionnelForm(forms.Formulaire):
    """Whose address; then, once what would go was read, the confirmation."""

    courriel = forms.ChampCourriel(label="Courriel de la personne")
    compris = forms.ChampCase(
        label="J’ai lu ce qui serait effacé : ces données ne pourront pas être retrouvées", required=False
    )
