"""Forms of a reservation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms

from raccord.parcours.acces.reservation import JeunePossible
from raccord.parcours.enums import MotifAbandon
from raccord.socle import forms
from raccord.socle.mots import distance_km, majuscule


class ReserverForm(forms.Formulaire):
    """For whom. Mine first, then my MLDS's, each in alphabetical order."""

    jeune = forms.ChampChoix(
        label="Pour quel jeune ?",
        widget=django_forms.Select,
        help_text="Par ordre alphabétique. La distance est comptée à vol d’oiseau, de sa commune à celle de l’offre.",
    )

    def __init__(self, *args: Any, jeunes: Sequence[JeunePossible], tuteur_id: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libres = [possible for possible in jeunes if not possible.empeche]
        groupes = (
            ("Vos jeunes", [self._choix(possible) for possible in libres if possible.jeune.tuteur_id == tuteur_id]),
            ("Les autres jeunes de votre MLDS", [self._choix(p) for p in libres if p.jeune.tuteur_id != tuteur_id]),
        )
        choix: list[Any] = [("", "Choisissez")]
        self.fields["jeune"].choices = choix + [groupe for groupe in groupes if groupe[1]]  # type: ignore[attr-defined]

    @staticmethod
    def _choix(possible: JeunePossible) -> tuple[str, str]:
        jeune = possible.jeune
        distance = f", {distance_km(possible.distance_km)}" if possible.distance_km is not None else ""
        return str(jeune.pk), f"{jeune.nom} {jeune.prenom}, {jeune.age()} ans, {jeune.commune.nom}{distance}"


class LibererForm(forms.Formulaire):
    """Why the offer is given back."""

    motif = forms.ChampChoix(
        label="Pourquoi rendre cette offre ?",
        choices=[(valeur, majuscule(str(mots))) for valeur, mots in MotifAbandon.choices],
    )
