"""Handing a portfolio over, and the decisions of the end of the school year."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.forms import Select

from raccord.comptes.models import Utilisateur
from raccord.parcours.acces.passation import Ligne
from raccord.parcours.actions.passation import Decision
from raccord.parcours.enums import MotifAbandon
from raccord.socle import forms
from raccord.socle.mots import majuscule

GARDER, CONFIER, RENDRE = "garder", "confier", "rendre"
AIDE_NOTE = "Où en est chacun, ce qui est promis, qui appeler d’abord. Seule la personne qui reprend la lira."
MOTIFS = (
    MotifAbandon.AUTRE_SOLUTION,
    MotifAbandon.JEUNE_RENONCE,
    MotifAbandon.INJOIGNABLE,
    MotifAbandon.ENTREPRISE_SILENCIEUSE,
    MotifAbandon.AUTRE,
)


class PassationForm(forms.Formulaire):
    """To whom, and what they must know."""

    vers = forms.ChampChoix(label="Qui reprend", widget=Select)
    note = forms.ChampTexteLong(label="Note de passation", max_length=4000, lignes=10, help_text=AIDE_NOTE)

    def __init__(self, *args: Any, tuteurs: Sequence[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vers"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            ("", "Choisir"),
            *((str(tuteur.pk), tuteur.nom_complet) for tuteur in tuteurs),
        ]


class FinAnneeForm(forms.Formulaire):
    """One decision for each young person, keeping being the first; the note goes to each successor."""

    def __init__(
        self,
        *args: Any,
        portefeuilles: Sequence[tuple[Utilisateur, Sequence[Ligne]]],
        tuteurs: Sequence[Utilisateur],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cles: dict[str, tuple[UUID, UUID]] = {}
        for tuteur, lignes in portefeuilles:
            for ligne in lignes:
                cle = f"{tuteur.pk}_{ligne.jeune.pk}"
                self.cles[cle] = (tuteur.pk, ligne.jeune.pk)
                self.fields[cle] = forms.ChampChoix(label=majuscule(ligne.qui), widget=Select, initial=GARDER)
                self.fields[cle].choices = self._choix(tuteur, ligne, tuteurs)  # type: ignore[attr-defined]
        self.fields["note"] = forms.ChampTexteLong(
            label="Note de passation", max_length=4000, lignes=6, required=False, help_text=AIDE_NOTE
        )

    @staticmethod
    def _choix(tuteur: Utilisateur, ligne: Ligne, tuteurs: Sequence[Utilisateur]) -> list[tuple[str, Any]]:
        choix: list[tuple[str, Any]] = [(GARDER, "Garder")]
        autres = [(f"{CONFIER}:{autre.pk}", f"Confier à {autre.nom_complet}") for autre in tuteurs if autre != tuteur]
        if autres:
            choix.append(("Confier à un collègue", autres))
        if ligne.reservation is not None:
            raisons = [(f"{RENDRE}:{motif.value}", f"Rendre : {motif.label}") for motif in MOTIFS]
            choix.append(("Rendre l’offre réservée", raisons))
        return choix

    def decisions(self) -> list[Decision]:
        """What changes, once valid."""
        trouvees = []
        for cle, (tuteur_id, jeune_id) in self.cles.items():
            geste, _, quoi = self.cleaned_data[cle].partition(":")
            if geste == CONFIER:
                trouvees.append(Decision(tuteur_id=tuteur_id, jeune_id=jeune_id, vers_id=UUID(quoi)))
            elif geste == RENDRE:
                trouvees.append(Decision(tuteur_id=tuteur_id, jeune_id=jeune_id, motif=quoi))
        return trouvees
