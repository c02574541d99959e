"""Calls, pauses, answers received otherwise, what the buyer says in one tap."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from raccord.parcours.acces.relances import AAppeler
from raccord.parcours.enums import Moyen
from raccord.parcours.forms.positionnement import AutresCreneauxForm, RefusForm
from raccord.socle import calendrier, forms, mots

UN_JOUR = dt.timedelta(days=1)
MOYENS = [(valeur, mots.majuscule(str(libelle))) for valeur, libelle in Moyen.choices]


class QuiForm(forms.Formulaire):
    """Who was spoken to, among those known."""

    contact = forms.ChampChoix(label="Qui", required=False, widget=forms.Select)

    def __init__(self, *args: Any, gens: Sequence[AAppeler] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connus = [(str(qui.contact_id), f"{qui.nom}, {qui.qualite.lower()}") for qui in gens if qui.contact_id]
        self.fields["contact"].choices = [("", "Une autre personne"), *connus]  # type: ignore[attr-defined]
        joints = [str(qui.contact_id) for qui in gens if qui.contact_id and qui.telephone]
        self.fields["contact"].initial = joints[0] if joints else ""

    @property
    def contact_id(self) -> UUID | None:
        """The contact chosen, if any."""
        return UUID(self.cleaned_data["contact"]) if self.cleaned_data.get("contact") else None


class AppelForm(QuiForm):
    """Whom one spoke to, and the day they call back; the button says what the call gave."""

    rappel_le = forms.ChampDate(
        label="On nous rappelle le", required=False, help_text="Seulement si l’on vous a donné un jour."
    )


class PauseForm(forms.Formulaire):
    """Until when, and why."""

    jusqu_au = forms.ChampDate(label="Les rappels reprennent d’eux-mêmes le")
    raison = forms.ChampTexte(
        label="Pourquoi",
        max_length=300,
        help_text="Trois mots au moins, lus par tous ceux qui attendent. Rien sur le jeune.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demain = calendrier.aujourdhui() + UN_JOUR
        self.fields["jusqu_au"].widget.attrs["min"] = demain.isoformat()


class RecuForm(QuiForm):
    """How an answer came, and who said it."""

    moyen = forms.ChampChoix(label="Comment la réponse est arrivée", choices=MOYENS)
    contact = forms.ChampChoix(label="Qui l’a dite", required=False, widget=forms.Select)


class AccordRecuForm(RecuForm):
    """One of the slots, accepted by phone or mail."""

    creneau = forms.ChampChoix(label="Le créneau accepté")

    def __init__(self, *args: Any, creneaux: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creneau"].choices = list(creneaux)  # type: ignore[attr-defined]


class CreneauxRecusForm(RecuForm, AutresCreneauxForm):
    """Other slots, given by the company."""


class RefusRecuForm(RecuForm, RefusForm):
    """A refusal, with the company's reason."""


class PromesseForm(forms.Formulaire):
    """« J'ai appelé, ils répondent le… »."""

    le = forms.ChampDate(label="Ils répondent le")


class LettreForm(forms.Formulaire):
    """« Envoyée le… »."""

    envoyee_le = forms.ChampDate(label="Lettre envoyée le")
