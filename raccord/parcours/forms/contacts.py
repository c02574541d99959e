"""Forms about the contacts of an offer."""

from typing import Any, ClassVar

from raccord.marches.contacts import Coordonnees
from raccord.socle import forms

UN_DES_DEUX = "Un courriel ou un téléphone : l’un des deux suffit."


class MesCoordonneesForm(forms.Formulaire):
    """The contact corrects their own."""

    marquer_facultatifs: ClassVar[bool] = False
    pour_soi: ClassVar[bool] = True
    courriel = forms.ChampCourriel(label="Votre courriel", required=False)
    telephone = forms.ChampTelephone(label="Votre téléphone", required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two at least."""
        propres = super().clean() or {}
        if not propres.get("courriel") and not propres.get("telephone") and not self.errors:
            self.add_error("courriel", "Donnez au moins un courriel ou un téléphone.")
        return propres


class PersonneForm(forms.Formulaire):
    """Somebody of the company."""

    marquer_facultatifs: ClassVar[bool] = False
    nom = forms.ChampTexte(label="Nom et prénom", max_length=150)
    fonction = forms.ChampTexte(label="Fonction", max_length=150, required=False)
    courriel = forms.ChampCourriel(label="Courriel", required=False)
    telephone = forms.ChampTelephone(label="Téléphone", required=False, help_text=UN_DES_DEUX)

    def clean(self) -> dict[str, Any]:
        """One way to reach them at least."""
        propres = super().clean() or {}
        if not propres.get("courriel") and not propres.get("telephone") and not self.errors:
            self.add_error("courriel", "Donnez au moins un courriel ou un téléphone.")
        return propres

    @property
    def personne(self) -> Coordonnees:
        """What the actions take."""
        return Coordonnees(
            **{champ: self.cleaned_data[champ] for champ in ("nom", "fonction", "courriel", "telephone")}
        )


class ContactForm(PersonneForm):
    """Another address, or another person, at one of the two places."""

    place = forms.ChampChoix(
        label="Quel contact ?", choices=[("referent", "Le référent du parcours"), ("rrh", "Le second contact")]
    )
    field_order = ("place", "nom", "fonction", "courriel", "telephone")
