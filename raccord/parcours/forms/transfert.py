"""Handing a stay over to another territory."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Select

from raccord.comptes.models import Organisation, Utilisateur
from raccord.socle import forms


class ConfierForm(forms.Formulaire):
    """To whom, and what the new tutor must know."""

    vers_id = forms.ChampChoix(label="MLDS qui suivra le parcours", widget=Select)
    motif = forms.ChampTexteLong(
        label="Pourquoi, et ce que le nouveau tuteur doit savoir",
        max_length=1000,
        help_text="Sans le nom du jeune : la coordination d’accueil lit cette note avant d’accepter.",
    )

    def __init__(self, *args: Any, mlds: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groupes: dict[str, list[tuple[str, str]]] = {}
        for organisation in mlds:
            groupes.setdefault(str(organisation.academie), []).append((str(organisation.pk), organisation.nom))
        self.fields["vers_id"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            ("", "Choisir"),
            *groupes.items(),
        ]


class AccepterForm(forms.Formulaire):
    """Who will follow the stay."""

    tuteur_id = forms.ChampChoix(label="Tuteur qui suivra le parcours", widget=Select)

    def __init__(self, *args: Any, tuteurs: QuerySet[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tuteur_id"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            ("", "Choisir"),
            *((str(tuteur.pk), tuteur.nom_complet) for tuteur in tuteurs),
        ]


class RefuserForm(forms.Formulaire):
    """Why not."""

    reponse = forms.ChampTexteLong(label="Pourquoi", max_length=1000, lignes=4)
