"""Forms of sign-in and links."""

from django import forms

from raccord.socle.forms import ChampCourriel, ChampTelephone, Formulaire


class ConnexionForm(Formulaire):
    """The address to which the link is sent."""

    courriel = ChampCourriel(label="Votre adresse de courriel professionnelle")


class ConfierForm(Formulaire):
    """The colleague who is the right person."""

    nom = forms.CharField(label="Nom et prénom", max_length=150)
    fonction = forms.CharField(label="Fonction", max_length=150, required=False)
    courriel = ChampCourriel(label="Courriel")
    telephone = ChampTelephone(label="Téléphone", required=False)
