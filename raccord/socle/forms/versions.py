"""Two people on one page: the second is told, and loses nothing."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict

from raccord.socle import mots
from raccord.socle.exceptions import ModifieEntreTemps
from raccord.socle.forms.formulaire import ChampLie, Formulaire
from raccord.socle.gabarits import Ecart


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
