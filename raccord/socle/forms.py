"""Forms: plain sentences, nothing typed is lost, nothing strange gets in.

A screen's form inherits `Formulaire` and uses the fields below. Every text is cleaned the same way before
anything looks at it: line ends as `\\n`, Unicode composed, invisible direction marks removed. Control
characters are refused in words. Lengths always have a bound, said in words, and the browser never cuts a
pasted text in silence.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils import timezone

from raccord.socle import mots
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps
from raccord.socle.gabarits import Ecart, GroupeChamps
from raccord.socle.identifiants import normaliser_siret

# A screen that needs a widget or the stock library finds them here.
Select = forms.Select
RadioSelect = forms.RadioSelect
HiddenInput = forms.HiddenInput

LONGUEUR_LIGNE = 200
LONGUEUR_TEXTE = 4_000
LONGUEUR_SIRET = 14
LONGUEUR_SIREN = 9

# Embedding, override and isolate marks can make a text read otherwise than it is; zero-width signs hide in it.
# The zero-width joiner stays: emoji and several scripts need it.
INVISIBLES = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
CONTROLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
OUTRE_MER = ("RE", "YT", "GP", "MQ", "GF", "PM", "NC", "PF", "WF")


def assainir(texte: str) -> str:
    """The same text, composed, with `\\n` line ends and without direction marks."""
    return INVISIBLES.sub("", unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n")))


def sans_controles(valeur: str) -> None:
    """Refuse characters that nobody types and that break letters and files."""
    if CONTROLES.search(valeur):
        raise ValidationError(
            "Ce texte contient un caractère invisible que nous ne pouvons pas garder. "
            "Retapez le passage, ou collez-le sans mise en forme.",
            code="controle",
        )


class LongueurMaximale(MaxLengthValidator):
    """The bound of a text, with both figures."""

    def __init__(self, limite: int) -> None:
        super().__init__(limite)
        self.limite = limite

    def __call__(self, value: Any) -> None:
        if len(value) > self.limite:
            raise ValidationError(
                f"Ce texte est trop long : {mots.nombre_fr(len(value))} caractères, pour "
                f"{mots.nombre_fr(self.limite)} au plus. Rien n’est perdu : raccourcissez-le.",
                code="max_length",
            )


class Libelle(str):
    """The words of a choice, with a line of help under them: `Libelle("300 h", "2 mois")`."""

    __slots__ = ("aide",)
    aide: str

    def __new__(cls, libelle: str, aide: str = "") -> "Libelle":
        texte = super().__new__(cls, libelle)
        texte.aide = aide
        return texte


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
            _preparer(champ, self.remplissage.get(nom, "") if self.pour_soi else "")

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


def _preparer(champ: forms.Field, remplissage: str) -> None:
    """Bounds, hygiene and sentences of one field, whichever class it has."""
    libelle = str(champ.label or "").strip()
    for code, phrase in _phrases(champ, libelle).items():
        # A sentence chosen by the screen is kept; only Django's stock ones are replaced.
        if str(champ.error_messages.get(code, "")) in _STOCK.get(code, set()):
            champ.error_messages[code] = phrase
    # A UUIDField is a CharField for Django, but what it cleans is no text.
    if isinstance(champ, forms.CharField) and not isinstance(champ, forms.UUIDField):
        champ.validators = [
            v for v in champ.validators if not isinstance(v, ProhibitNullCharactersValidator | MaxLengthValidator)
        ]
        champ.validators += [sans_controles, LongueurMaximale(champ.max_length or LONGUEUR_TEXTE)]
        champ.widget.attrs.pop("maxlength", None)
    champ.widget.attrs.setdefault("autocomplete", remplissage or _sans_remplissage(champ))
    if not champ.widget.attrs["autocomplete"]:
        del champ.widget.attrs["autocomplete"]


def _sans_remplissage(champ: forms.Field) -> str:
    """A browser must not offer its owner's data where somebody else's is asked; choices have nothing to fill."""
    texte = isinstance(champ, forms.CharField) and not isinstance(champ.widget, forms.Textarea | forms.PasswordInput)
    return "off" if texte and not champ.widget.is_hidden else ""


def _messages_de_django() -> dict[str, set[str]]:
    """Stock sentences by code: those that a screen did not choose."""
    classes: tuple[type[forms.Field], ...] = (
        forms.Field, forms.CharField, forms.ChoiceField, forms.MultipleChoiceField, forms.DateField,
        forms.DateTimeField, forms.TimeField, forms.IntegerField, forms.DecimalField, forms.FileField,
    )  # fmt: skip
    trouves: dict[str, set[str]] = {}
    for classe in classes:
        for code, texte in classe.default_error_messages.items():
            trouves.setdefault(code, set()).add(str(texte))
    return trouves


def _phrases(champ: forms.Field, libelle: str) -> dict[str, str]:
    entre = f"« {libelle} »" if libelle else "ce champ"
    if isinstance(champ, forms.FileField):
        return {"required": f"Choisissez un fichier pour {entre}.", "empty": "Ce fichier est vide."}
    if isinstance(champ, forms.BooleanField):
        return {"required": f"Cochez {entre} pour continuer."}
    if isinstance(champ, forms.ChoiceField):
        return {
            "required": f"Choisissez une réponse pour {entre}.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        }
    return {
        "required": f"Remplissez {entre}.",
        "invalid": "Cette valeur n’a pas la forme attendue.",
    }


_STOCK = _messages_de_django()


# --- Fields ----------------------------------------------------------------------------------------


class ChampTexte(forms.CharField):
    """One line, 200 characters unless told otherwise; inner spaces are reduced to one."""

    def __init__(self, *, max_length: int = LONGUEUR_LIGNE, taille: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.taille = taille

    def to_python(self, value: Any) -> str:
        """A line is a line."""
        return " ".join(str(super().to_python(value) or "").split())


class ChampTexteLong(forms.CharField):
    """Several lines, 4 000 characters unless told otherwise, with a counter when scripts run."""

    def __init__(self, *, max_length: int = LONGUEUR_TEXTE, lignes: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        super().__init__(max_length=max_length, **kwargs)
        self.taille = "large"


class ChampCourriel(forms.EmailField):
    """One address, lower case; a line end or a second address is refused."""

    default_error_messages = {
        "invalid": "Cette adresse n’a pas la bonne forme. Elle ressemble à prenom.nom@exemple.fr.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("widget", forms.EmailInput(attrs={"inputmode": "email", "spellcheck": "false"}))
        super().__init__(**kwargs)
        self.taille = "moyen"

    def to_python(self, value: Any) -> str:
        """Lower-cased, because nobody means two people by two cases."""
        texte = str(super().to_python(value) or "")
        if any(signe in texte for signe in "\r\n,;"):
            raise ValidationError("Écrivez une seule adresse, sur une seule ligne.", code="plusieurs")
        return texte.lower()


class ChampTelephone(forms.CharField):
    """A French number, overseas included, or a foreign one with its +; kept as E.164 ('+33612345678')."""

    default_error_messages = {
        "invalid": "Ce numéro n’est pas complet. Il ressemble à 06 12 34 56 78, ou à +32 470 12 34 56 hors de France.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.taille = "court"

    def to_python(self, value: Any) -> str:
        """Try France, then each overseas territory: they share the ten figures."""
        texte = str(super().to_python(value) or "")
        if not texte or CONTROLES.search(texte):
            return texte
        if any(signe.isalpha() for signe in texte):
            raise ValidationError("Écrivez le numéro seul, sans lettres : un poste se note ailleurs.", code="lettres")
        for region in ("FR", *OUTRE_MER):
            try:
                numero = phonenumbers.parse(texte, region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(numero):
                return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """A stored number is shown as one reads it."""
        return mots.telephone_fr(value).replace(mots.INSECABLE, " ") if isinstance(value, str) else value


class ChampSiret(forms.CharField):
    """The 14 figures of a French establishment (key checked, La Poste included)."""

    default_error_messages = {
        "invalid": "Un des chiffres de ce SIRET est faux. Recopiez-le depuis un devis ou une facture.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"}))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.taille = "moyen"

    def to_python(self, value: Any) -> str:
        """Figures only; each way of being wrong has its sentence."""
        texte = re.sub(r"[\s.\-\u00a0\u202f]", "", str(super().to_python(value) or ""))
        if not texte or CONTROLES.search(texte):
            return texte
        if not texte.isdecimal() or not texte.isascii():
            raise ValidationError(
                "Un SIRET ne contient que des chiffres. Ce numéro est peut-être étranger : "
                "demandez le SIRET de l’établissement en France.",
                code="etranger",
            )
        if len(texte) == LONGUEUR_SIREN:
            raise ValidationError(
                "C’est un SIREN (9 chiffres). Ajoutez les 5 chiffres de l’établissement pour faire le SIRET.",
                code="siren",
            )
        if len(texte) != LONGUEUR_SIRET:
            raise ValidationError(
                f"Un SIRET compte 14 chiffres ; il y en a {len(texte)} ici. Vérifiez qu’il n’en manque pas.",
                code="longueur",
            )
        try:
            return normaliser_siret(texte)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """A stored number is shown by groups."""
        return mots.siret_fr(value).replace(mots.INSECABLE, " ") if _est_siret(value) else value


def _est_siret(valeur: Any) -> bool:
    return isinstance(valeur, str) and valeur.isdecimal() and len(valeur) == LONGUEUR_SIRET


class ChampDate(forms.DateField):
    """A day: the browser's own calendar, and '31/12/2026' where there is none."""

    formats = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
    default_error_messages = {"invalid": "Cette date n’existe pas. Écrivez-la comme 31/12/2026."}

    def __init__(self, *, mini: dt.date | None = None, maxi: dt.date | None = None, **kwargs: Any) -> None:
        """`mini` and `maxi` are both refused in words beyond and told to the calendar."""
        bornes = {nom: jour.isoformat() for nom, jour in (("min", mini), ("max", maxi)) if jour}
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **bornes}))
        kwargs.setdefault("input_formats", self.formats)
        super().__init__(**kwargs)
        self.mini, self.maxi, self.taille = mini, maxi, "court"

    def prepare_value(self, value: Any) -> Any:
        """What was typed otherwise than in ISO is shown again in the calendar."""
        if isinstance(value, str):
            try:
                return super().to_python(value) or value
            except ValidationError:
                return value
        return value

    def validate(self, value: dt.date | None) -> None:
        """Within the bounds, and within this century or so."""
        super().validate(value)
        if value is None:
            return
        if self.mini and value < self.mini:
            raise ValidationError(f"Choisissez une date à partir du {mots.date_fr(self.mini)}.", code="mini")
        if self.maxi and value > self.maxi:
            raise ValidationError(f"Choisissez une date jusqu’au {mots.date_fr(self.maxi)}.", code="maxi")
        _annee_possible(value)


def _annee_possible(jour: dt.date) -> None:
    """Within this century or so: beyond, calendars and time zones no longer count."""
    if not 1900 <= jour.year <= 2100:
        raise ValidationError(f"L’année {jour.year} semble fausse. Vérifiez-la.", code="annee")


class ChampDateHeure(forms.DateTimeField):
    """A moment, Paris time: `datetime-local`, and '31/12/2026 14:30' where there is none."""

    formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M")
    default_error_messages = {"invalid": "Ce jour ou cette heure n’existe pas. Écrivez-les comme 31/12/2026 14:30."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": "300"})
        )
        kwargs.setdefault("input_formats", self.formats)
        super().__init__(**kwargs)
        self.taille = "moyen"

    def validate(self, value: dt.datetime | None) -> None:
        """Within this century or so."""
        super().validate(value)
        if value is not None:
            _annee_possible(value)

    def prepare_value(self, value: Any) -> Any:
        """As for a day."""
        if isinstance(value, str):
            try:
                lu = super().to_python(value)
            except ValidationError:
                return value
            return timezone.localtime(lu).replace(tzinfo=None) if lu and timezone.is_aware(lu) else lu or value
        return super().prepare_value(value)


class ChampHeure(forms.TimeField):
    """An hour of the day."""

    default_error_messages = {"invalid": "Cette heure n’existe pas. Écrivez-la comme 14:30."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        kwargs.setdefault("input_formats", ("%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"))
        super().__init__(**kwargs)
        self.taille = "court"


class _ChampNombre(forms.Field):
    """A figure typed as people type it; `mini` and `maxi` included."""

    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 12 ou 12,5."}
    montrer: Callable[[Any], str] = staticmethod(mots.nombre_fr)
    unite = ""

    def __init__(
        self, *, mini: int | Decimal = 0, maxi: int | Decimal | None = None, entier: bool = False, **kwargs: Any
    ) -> None:
        modes = "numeric" if entier else "decimal"
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": modes}))
        super().__init__(**kwargs)
        self.mini, self.maxi, self.entier, self.taille = mini, maxi, entier, "court"

    def lire(self, texte: str) -> Decimal:
        """The figure in this text. Raises InvalidOperation."""
        if not re.fullmatch(r"[+-]?\d{1,12}([.,]\d{1,6})?", texte, re.ASCII):
            raise InvalidOperation
        return Decimal(texte.replace(",", "."))

    def to_python(self, value: Any) -> Decimal | int | None:
        """A Decimal with two figures after the comma, or an int when `entier`."""
        texte = re.sub(r"[\s\u00a0\u202f]", "", str(value)) if value not in self.empty_values else ""
        if not texte:
            return None
        try:
            nombre = self.lire(texte.lower())
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if self.entier:
            if nombre != nombre.to_integral_value():
                raise ValidationError("Écrivez un nombre entier, sans virgule.", code="entier")
            return int(nombre)
        return nombre.quantize(Decimal("0.01"))

    def validate(self, value: Any) -> None:
        """Within the bounds."""
        super().validate(value)
        if value is None:
            return
        if value < self.mini:
            debut = "Écrivez un nombre positif" if self.mini == 0 else f"Le minimum est {self.montrer(self.mini)}"
            raise ValidationError(f"{debut}.", code="mini")
        if self.maxi is not None and value > self.maxi:
            raise ValidationError(f"Le maximum est {self.montrer(self.maxi)}.", code="maxi")

    def prepare_value(self, value: Any) -> Any:
        """Figures are shown with a comma."""
        return value if isinstance(value, str) or value is None else mots.nombre_fr(value).replace(mots.FINE, "")


class ChampNombre(_ChampNombre):
    """Any figure from 0 (or `mini`) to `maxi`."""


class ChampHeures(_ChampNombre):
    """A number of hours: '35', '7,5', '7 h 30'. A Decimal of hours, never negative."""

    default_error_messages = {"invalid": "Écrivez un nombre d’heures, par exemple 35 ou 7 h 30."}
    montrer = staticmethod(mots.heures)

    def lire(self, texte: str) -> Decimal:
        """Also 'h' and minutes."""
        forme = re.fullmatch(r"(\d{1,5})(?:h|heures?)(\d{1,2})?(?:min)?", texte, re.ASCII)
        if forme is None:
            return super().lire(texte)
        minutes = int(forme.group(2) or 0)
        if minutes >= 60:
            raise InvalidOperation
        return Decimal(forme.group(1)) + Decimal(minutes) / 60


class ChampMontant(_ChampNombre):
    """Euros: '12 500', '12 500,50 €'."""

    default_error_messages = {"invalid": "Écrivez un montant en euros, par exemple 12 500 ou 12 500,50."}
    montrer = staticmethod(mots.euros)

    def lire(self, texte: str) -> Decimal:
        """Without the currency; a dot or a comma as the decimal sign."""
        return super().lire(re.sub(r"(€|euros?)(ht|ttc)?$", "", texte))


class ChampChoix(forms.ChoiceField):
    """One answer among few, all visible: radio buttons. More than seven: give `widget=forms.Select`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(**kwargs)


class ChampChoixMultiple(forms.MultipleChoiceField):
    """Several answers: check boxes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)


class ChampOuiNon(forms.TypedChoiceField):
    """True or False by two radio buttons; None when nothing is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=(("oui", "Oui"), ("non", "Non")), coerce=lambda v: v in (True, "oui"), empty_value=None, **kwargs
        )
        self.en_ligne = True

    def prepare_value(self, value: Any) -> Any:
        """A stored boolean picks its button."""
        return {True: "oui", False: "non"}.get(value, value) if isinstance(value, bool) else value


class ChampCase(forms.BooleanField):
    """One box; required means it must be ticked."""


class ChampFichier(forms.FileField):
    """A file of a known kind and size. What it truly is inside is checked by `documents`."""

    def __init__(self, *, types: Sequence[str] = ("pdf",), taille_max_mo: int = 5, **kwargs: Any) -> None:
        self.types = tuple(types)
        self.octets_max = taille_max_mo * 1024 * 1024
        noms = mots.liste_fr([f".{genre}" for genre in self.types])
        kwargs.setdefault("help_text", f"Formats acceptés : {noms}. {taille_max_mo} Mo au plus.")
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(f".{genre}" for genre in self.types)}))
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> "File[Any] | None":
        """The name is read for its ending only."""
        fichier = super().to_python(data)
        if fichier is None:
            return None
        if fichier.size > self.octets_max:
            raise ValidationError(
                f"Ce fichier est trop lourd ({mots.nombre_fr(round(fichier.size / 1_048_576, 1))} Mo pour "
                f"{self.octets_max // 1_048_576} Mo au plus).",
                code="poids",
            )
        if (fichier.name or "").rpartition(".")[2].lower() not in self.types:
            raise ValidationError(
                f"Ce format n’est pas accepté. Choisissez un fichier {mots.liste_fr('.' + t for t in self.types)}.",
                code="format",
            )
        return fichier


# --- Two people on one page ------------------------------------------------------------------------


class VersionMixin(Formulaire):
    """Tell the second of two editors, and lose nothing of what they typed.

    The view gives `version=objet.modifie_le` and `initial` read from the same row, on GET and on POST. When
    the row changed in between, the form is invalid, keeps the typed text, lists the differences in `ecarts`
    (drawn by `composants/comparaison.html`), and carries the new version: sending it again is a choice made
    knowingly. The action checks again under its lock with `version_lue`. Sent twice by the same hand, it is no
    conflict: `second_clic` says so, and the view goes on as after the first.
    """

    conflit = False
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: dt.datetime | int | str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version_actuelle = _version(version)
        self.initial["version"] = self.version_actuelle

    @property
    def version_lue(self) -> str:
        """The version that the person had under their eyes."""
        return str(self.cleaned_data.get("version") or "") if hasattr(self, "cleaned_data") else ""

    @property
    def second_clic(self) -> bool:
        """The row moved since the page was shown, and says exactly what was sent."""
        return self.conflit and not set(self.changed_data) - {"version"}

    def clean(self) -> dict[str, Any]:
        """Refuse when the row is no longer the one that was shown."""
        propres = super().clean() or self.cleaned_data
        if self.version_actuelle and propres.get("version", "") != self.version_actuelle:
            self.signaler_conflit()
        return propres

    def signaler_conflit(self) -> None:
        """Say it, compare, and take the new version: also for a view that catches `ModifieEntreTemps`."""
        self.conflit = True
        self.add_error(None, str(ModifieEntreTemps()))
        for lie in self.visible_fields():
            avant = lie.field.prepare_value(self.get_initial_for_field(lie.field, lie.name))
            saisi = lie.field.prepare_value(lie.data)
            enregistre, ecrit = _en_mots(lie.field, avant), _en_mots(lie.field, saisi)
            if enregistre != ecrit:
                ancre = lie.ancre if isinstance(lie, ChampLie) else lie.auto_id
                self.ecarts.append(Ecart(libelle=str(lie.label), enregistre=enregistre, saisi=ecrit, champ=str(ancre)))
        copie = self.data.copy() if isinstance(self.data, QueryDict) else dict(self.data)
        copie[self.add_prefix("version")] = self.version_actuelle
        self.data = copie


def _version(valeur: dt.datetime | int | str | None) -> str:
    if isinstance(valeur, dt.datetime):
        return valeur.isoformat()
    return "" if valeur is None else str(valeur)


def _en_mots(champ: forms.Field, valeur: Any) -> str:
    """A value as its reader knows it: the words of a choice, a French date."""
    if isinstance(champ, forms.BooleanField):
        return mots.oui_non(bool(valeur))
    if valeur in (None, "", []):
        return ""
    if isinstance(champ, forms.ChoiceField):
        libelles = {str(cle): str(texte) for cle, texte in _a_plat(champ.choices)}
        valeurs = valeur if isinstance(valeur, list | tuple) else [valeur]
        return mots.liste_fr(libelles.get(str(v), str(v)) for v in valeurs)
    if isinstance(valeur, dt.datetime | dt.date):
        return mots.moment_ou_jour(valeur)
    return str(valeur).strip()


def _a_plat(choix: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    paires: list[tuple[Any, Any]] = []
    for cle, valeur in choix:
        paires += list(valeur) if isinstance(valeur, list | tuple) else [(cle, valeur)]
    return paires
