"""Forms of sign-in and links."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from raccord.socle.forms import ChampCourriel, ChampTelephone, ChampTexte, Formulaire


class ConnexionForm(Formulaire):
    """The address to which the link is sent."""

    courriel = ChampCourriel(label="Votre adresse de courriel professionnelle")


class ConfierForm(Formulaire):
    """The colleague who is the right person."""

    nom = forms.CharField(label="Nom et prénom", max_length=150)
    fonction = forms.CharField(label="Fonction", max_length=150, required=False)
    courriel = ChampCourriel(label="Courriel")
    telephone = ChampTelephone(label="Téléphone", required=False)


class CodeForm(Formulaire):
    """The code of the telephone, or a recovery code: figures, spaces allowed as they are read aloud."""

    code = ChampTexte(
        label="Code à 6 chiffres",
        max_length=20,
        taille="court",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, longueurs: tuple[int, ...] = (6,), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.longueurs = longueurs

    def clean_code(self) -> str:
        """Only ASCII figures, as many as a code has."""
        code = re.sub(r"[\s.-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]+", code) or len(code) not in self.longueurs:
            attendus = " ou ".join(map(str, self.longueurs))
            raise ValidationError(f"Un code a {attendus} chiffres, sans lettre. Recopiez-le en entier.")
        return code
