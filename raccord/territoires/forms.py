"""The commune field: one text input that everybody can fill, helped by suggestions where JavaScript runs."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import Truncator

from raccord.territoires.models import Commune
from raccord.territoires.recherche import Issue, commune_depuis_saisie

CANDIDATES_MONTREES = 6
CODE = re.compile(r"[0-9AB]{5}")
EXEMPLE = "son nom ou son code postal, par exemple « Lille » ou « 59000 »."


class _Saisie(str):
    """What was typed, as opposed to the code that a model form gives as initial value."""

    __slots__ = ()


class SaisieCommune(forms.TextInput):
    """A text input that `communes.js` turns into a combobox."""

    class Media:
        css = {"all": ["territoires/communes.css"]}
        js = [forms.Script("territoires/communes.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        adresse = reverse_lazy("territoires:communes")
        super().__init__({"data-communes": adresse, "spellcheck": "false", **(attrs or {})})


class ChampCommune(forms.Field):
    """Cleans what people write of a place to a Commune, or says in words what to write instead.

    Shows a commune as 'Nom (code postal)', which cleans back to the same commune. `initial` is a Commune or its code.
    """

    widget = SaisieCommune
    default_error_messages = {
        "required": f"Indiquez la commune : {EXEMPLE}",
        "plusieurs": "Plusieurs communes correspondent à « %(saisie)s » : recopiez celle que vous voulez, %(choix)s.",
        "proches": "Nous ne trouvons pas « %(saisie)s ». S'agit-il de %(choix)s ? Recopiez la bonne commune.",
        "aucune": f"Nous ne trouvons pas « %(saisie)s ». Écrivez le nom de la commune ou : {EXEMPLE}",
    }

    taille = "moyen"

    def to_python(self, value: Any) -> Commune | None:
        """The commune. Raises ValidationError with the candidates when there are several, or none."""
        if value is None or isinstance(value, Commune):
            return value
        if not (texte := _lisible(str(value))):
            return None
        lecture = commune_depuis_saisie(texte)
        if lecture.commune:
            return lecture.commune
        code = "aucune"
        if lecture.communes:
            code = "plusieurs" if lecture.issue is Issue.PLUSIEURS else "proches"
        raise ValidationError(
            self.error_messages[code],
            code=code,
            params={"saisie": Truncator(texte).chars(60), "choix": _enumerer(lecture.communes)},
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Mark what was typed: it is shown again as it is, never looked up as a code."""
        return _Saisie(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        """'Nom (code postal)' for a commune or its code; typed text unchanged."""
        if isinstance(value, str) and not isinstance(value, _Saisie) and CODE.fullmatch(value):
            value = Commune.objects.filter(pk=value).first() or value
        return value.libelle if isinstance(value, Commune) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the entry designates another commune than the initial one."""
        avant = initial.pk if isinstance(initial, Commune) else initial or None
        try:
            commune = self.to_python(data)
        except ValidationError:
            return True
        return (commune.pk if commune else None) != avant


def _lisible(texte: str) -> str:
    """Without control or direction signs, which neither designate anything nor may be repeated in a message."""
    return " ".join("".join(signe if signe.isprintable() else " " for signe in texte).split())


def _enumerer(communes: list[Commune]) -> str:
    """'« A (1) », « B (2) » ou « C (3) »', the first six; then an invitation to give the postcode."""
    choix = [f"« {commune.libelle} »" for commune in communes[:CANDIDATES_MONTREES]]
    if len(communes) > CANDIDATES_MONTREES:
        choix.append("une autre en ajoutant son code postal")
    return " ou ".join([", ".join(choix[:-1]), choix[-1]] if len(choix) > 1 else choix)
