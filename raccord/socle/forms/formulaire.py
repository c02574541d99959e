"""A form and its fields on a page: sections, error summary, what is optional."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from raccord.socle import mots
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.forms.preparation import preparer
from raccord.socle.forms.textes import LongueurMaximale, assainir
from raccord.socle.gabarits import Ecart, GroupeChamps


@dataclass(frozen=True)
class Section:
    """A heading of a long form and the names of the fields under it."""

    titre: str
    champs: tuple[str, ...]
    aide: str = ""
    facultative: bool = False
    """Of a form whose parts fold: nothing is needed here."""


class ChampLie(forms.BoundField):
    """A field on the page, drawn as the DSFR does."""

    field: forms.Field
    form: "Formulaire"

    @property
    def data(self) -> Any:
        """What was sent, cleaned before anybody reads it or shows it again."""
        brut = super().data
        if isinstance(brut, str):
            return assainir(brut)
        return brut

    @property
    def nature(self) -> str:
        """Which template draws it."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choix"
        if isinstance(widget, forms.CheckboxInput):
            return "case"
        return "champ"

    @property
    def template_name(self) -> str:
        """One of `champs/*.html`, unless the field names its own."""
        return str(getattr(self.field, "template_name", None) or f"champs/{self.nature}.html")

    @property
    def groupe(self) -> str:
        """DSFR class of the frame."""
        widget = self.field.widget
        if isinstance(widget, forms.FileInput):
            return "fr-upload-group"
        return "fr-select-group" if isinstance(widget, forms.Select) else "fr-input-group"

    @property
    def taille(self) -> str:
        """Width of the input: what is expected is short, the box is short."""
        return str(getattr(self.field, "taille", "") or "")

    @property
    def genre_option(self) -> str:
        """'radio' or 'checkbox' for a list of choices."""
        # CheckboxSelectMultiple descends from RadioSelect.
        return "checkbox" if isinstance(self.field.widget, forms.CheckboxSelectMultiple) else "radio"

    @property
    def facultatif(self) -> bool:
        """Whether the label says '(facultatif)'; what another answer asks for is not."""
        if getattr(self.field, "selon_reponse", False):
            return False
        return not self.field.required and not self.field.disabled and self.form.marquer_facultatifs

    @property
    def ancre(self) -> str:
        """Id that the error summary points to: the first option of a list of choices."""
        if self.is_hidden:
            return ""
        if self.nature == "choix":
            return f"{self.auto_id}_0"
        return str(self.id_for_label or self.auto_id)

    @property
    def compteur(self) -> int | None:
        """Bound of a long text, for the counter the script shows."""
        if isinstance(self.field.widget, forms.Textarea):
            return next((v.limite for v in self.field.validators if isinstance(v, LongueurMaximale)), None)
        return None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the DSFR class; the browser's own cutting of long texts is taken away."""
        complets = super().build_widget_attrs(attrs, widget)
        dessin = widget or self.field.widget
        classe = ""
        if isinstance(dessin, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.CheckboxInput):
            pass
        elif isinstance(dessin, forms.Select):
            classe = "fr-select"
        elif isinstance(dessin, forms.FileInput):
            classe = "fr-upload"
        else:
            classe = "fr-input"
        if classe and not self.is_hidden:
            complets["class"] = f"{dessin.attrs.get('class', '')} {classe}".strip()
        if self.compteur:
            complets["data-compteur"] = str(self.compteur)
        return complets


class Formulaire(forms.Form):
    """Base of every form. `sections` groups long ones; `pour_soi` lets the browser fill in the person's own data."""

    template_name = "champs/formulaire.html"
    bound_field_class = ChampLie
    required_css_class = ""
    sections: ClassVar[Sequence[Section]] = ()
    marquer_facultatifs: ClassVar[bool] = True
    pour_soi: ClassVar[bool] = False
    remplissage: ClassVar[Mapping[str, str]] = {
        "courriel": "email",
        "telephone": "tel",
        "nom": "family-name",
        "prenom": "given-name",
        "fonction": "organization-title",
        "organisation": "organization",
        "adresse": "street-address",
        "code_postal": "postal-code",
        "commune": "address-level2",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.ecarts: list[Ecart] = []
        # Fields that still need an answer, for a long form whose parts fold; None: nothing folds.
        self.a_completer: frozenset[str] | None = None
        for nom, champ in self.fields.items():
            preparer(champ, self.remplissage.get(nom, "") if self.pour_soi else "")

    def refuser(self, erreur: ErreurMetier) -> None:
        """Show a business refusal on its field, or at the top of the form."""
        self.add_error(erreur.champ if erreur.champ in self.fields else None, str(erreur))

    @property
    def resume(self) -> list[dict[str, str]]:
        """The error summary: words, and the id of the field they are about (empty for the whole form)."""
        if not self.is_bound:
            return []
        lignes = [{"ancre": "", "libelle": "", "texte": str(texte)} for texte in self.non_field_errors()]
        for lie in self:
            if isinstance(lie, ChampLie):
                lignes += [{"ancre": lie.ancre, "libelle": str(lie.label), "texte": str(texte)} for texte in lie.errors]
        return lignes

    def groupes(self) -> list[GroupeChamps]:
        """Visible fields under their headings, in order; those of no section come first."""
        visibles = {lie.name: lie for lie in self.visible_fields()}
        ranges = {nom for section in self.sections for nom in section.champs}
        premiers = GroupeChamps("", champs=[lie for nom, lie in visibles.items() if nom not in ranges])
        suivants = [
            self._groupe(section, [visibles[nom] for nom in section.champs if nom in visibles])
            for section in self.sections
        ]
        return [groupe for groupe in (premiers, *suivants) if groupe.champs]

    def _groupe(self, section: Section, champs: list[forms.BoundField]) -> GroupeChamps:
        """A part folds when the form says what it still needs: what is missing stands open, and once refused all."""
        groupe = GroupeChamps(section.titre, section.aide, champs)
        if self.a_completer is None:
            return groupe
        manque = len(self.a_completer.intersection(section.champs))
        a_corriger = sum(bool(lie.errors) for lie in champs) if self.is_bound else 0
        groupe.repliable, groupe.ouvert = True, self.is_bound or manque > 0
        if a_corriger:
            groupe.etat = mots.pluriel(a_corriger, "réponse à corriger,réponses à corriger")
        elif manque:
            groupe.etat = "il manque " + mots.pluriel(manque, "réponse")
        elif not self.is_bound:
            groupe.etat = "facultatif" if section.facultative else "complet"
        return groupe

    def get_context(self) -> dict[str, Any]:
        """What `champs/formulaire.html` needs."""
        visibles = self.visible_fields()
        return {
            "form": self,
            "resume": self.resume,
            "groupes": self.groupes(),
            "caches": self.hidden_fields(),
            "ecarts": self.ecarts,
            "rechoisir": bool(self.is_bound and self.errors and self.is_multipart()),
            "dire_facultatif": any(isinstance(lie, ChampLie) and lie.facultatif for lie in visibles)
            and any(lie.field.required for lie in visibles),
        }
