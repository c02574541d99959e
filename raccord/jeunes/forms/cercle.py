"""Forms of the circle and of the context sheet."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms as django_forms

from raccord.jeunes.actions.cercle import duree_maximale
from raccord.jeunes.enums import Lecteurs
from raccord.jeunes.models import FicheContexte
from raccord.socle import calendrier, forms
from raccord.socle.mots import majuscule

LONGUEUR_DES_TEXTES = 1500
CHOIX_LECTEURS = [(valeur, majuscule(str(mots))) for valeur, mots in Lecteurs.choices]


class ChercherForm(forms.Formulaire):
    """Part of an organisation's name."""

    q = forms.ChampTexte(
        label="Nom de l’organisation",
        max_length=100,
        taille="moyen",
        help_text="Une partie suffit : « mission », « Roubaix ».",
    )


class _FinForm(forms.Formulaire):
    """A last day, within the longest."""

    fin = forms.ChampDate(label="Jusqu’au")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fin"].help_text = f"Au plus tard le {duree_maximale():%d/%m/%Y}. L’accès se ferme seul ce soir-là."


class DonnerForm(_FinForm):
    """Why, and until when."""

    motif = forms.ChampTexte(
        label="Pourquoi cette organisation ?",
        max_length=200,
        help_text="Le jeune le lira : « pour préparer un apprentissage ». Rien de sa santé ni de sa famille.",
    )
    organisation = django_forms.UUIDField(widget=django_forms.HiddenInput)
    field_order = ("motif", "fin", "organisation")


class ProlongerForm(_FinForm):
    """Another last day."""


class RetirerForm(forms.Formulaire):
    """Why it closes."""

    motif = forms.ChampTexte(
        label="Pourquoi fermer le dossier à cette organisation ?", max_length=200, help_text="Le jeune le lira."
    )


class GarderForm(forms.Formulaire):
    """Why it stays open."""

    raison = forms.ChampTexteLong(
        label="Pourquoi garder cet accès ?",
        max_length=500,
        lignes=3,
        help_text="Écrivez au jeune : c’est lui qui lira cette phrase. Parlez-lui d’abord si vous le pouvez.",
    )


class BrouillonForm(forms.Formulaire):
    """The tutor's draft of a sheet."""

    aide = forms.ChampTexteLong(
        label="Ce qui l’aide",
        max_length=LONGUEUR_DES_TEXTES,
        required=False,
        help_text="Au « je », avec ses mots : « J’ai besoin qu’on me montre une fois avant de faire seul. »",
    )
    eviter = forms.ChampTexteLong(
        label="Ce qui est à éviter",
        max_length=LONGUEUR_DES_TEXTES,
        required=False,
        help_text="« Me reprendre devant tout le monde. » Pas de diagnostic, rien de sa famille.",
    )


class FicheForm(BrouillonForm):
    """The young person's own."""

    pour_soi = True
    lecteurs = forms.ChampChoix(label="Qui peut la lire ?", choices=CHOIX_LECTEURS)
    brouillon = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aide"].label = "Ce qui m’aide"
        self.fields["aide"].help_text = "Par exemple : qu’on me montre une fois, qu’on me laisse finir une tâche."
        self.fields[
            "eviter"
        ].help_text = "Par exemple : me reprendre devant tout le monde, changer les horaires le jour même."


def valeurs_de_la_fiche(fiche: FicheContexte | None) -> dict[str, Any]:
    """What the form shows of a sheet or of a draft."""
    if fiche is None:
        return {}
    brouillon: UUID | None = None if fiche.approuvee_le else fiche.pk
    valeurs: dict[str, Any] = {"aide": fiche.aide, "eviter": fiche.eviter, "brouillon": brouillon}
    return valeurs | ({"lecteurs": fiche.lecteurs} if fiche.approuvee_le else {})


def fin_proposee() -> dt.date:
    """Half a year, within the longest."""
    return min(calendrier.ajouter(calendrier.aujourdhui(), 6, "mois"), duree_maximale())
