"""The fields of every form: what people type as they type it, and a sentence for each way of being wrong."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone

from raccord.socle import mots
from raccord.socle.forms.textes import CONTROLES, LONGUEUR_LIGNE, LONGUEUR_TEXTE
from raccord.socle.identifiants import normaliser_siret

LONGUEUR_SIRET = 14
LONGUEUR_SIREN = 9
OUTRE_MER = ("RE", "YT", "GP", "MQ", "GF", "PM", "NC", "PF", "WF")


class Libelle(str):
    """The words of a choice, with a line of help under them: `Libelle("300 h", "2 mois")`."""

    __slots__ = ("aide",)
    aide: str

    def __new__(cls, libelle: str, aide: str = "") -> "Libelle":
        texte = super().__new__(cls, libelle)
        texte.aide = aide
        return texte


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
