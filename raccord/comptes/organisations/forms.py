"""Forms about members."""

from typing import Any

from django.forms import Select

from raccord.comptes.enums import ROLES_PAR_GENRE, Role
from raccord.comptes.models import Adhesion, Organisation
from raccord.comptes.organisations.acces import collegues
from raccord.socle import forms


def _roles(organisation: Organisation) -> list[tuple[str, str]]:
    possibles = ROLES_PAR_GENRE[organisation.genre]
    return [
        (role.value, role.label.capitalize() if role.label.islower() else role.label)
        for role in Role
        if role in possibles
    ]


class RoleForm(forms.Formulaire):
    """One of the roles of this kind of organisation, already chosen when there is one."""

    role = forms.ChampChoix(label="Rôle")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = _roles(organisation)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]  # a ChampChoix
        if len(roles) == 1:
            self.fields["role"].initial = roles[0][0]


class InviterForm(RoleForm):
    """Whom to write to, in which role."""

    courriel = forms.ChampCourriel(
        label="Adresse de courriel", help_text="La personne y reçoit un lien qui sert une fois."
    )
    administrateur = forms.ChampCase(
        label="Cette personne administre aussi l’organisation (membres, invitations)", required=False
    )
    field_order = ("courriel", "role", "administrateur")


class CompteForm(forms.Formulaire):
    """Who one is, for a new account."""

    pour_soi = True
    prenom = forms.ChampTexte(label="Prénom", max_length=100)
    nom = forms.ChampTexte(label="Nom", max_length=100)
    telephone = forms.ChampTelephone(label="Téléphone professionnel", required=False)


class MotForm(RoleForm):
    """In which role, and a word."""

    mot = forms.ChampTexteLong(
        label="Un mot pour qui vous répondra",
        max_length=500,
        lignes=3,
        required=False,
        help_text="Votre service, qui vous remplacez…",
    )


class DemandeForm(MotForm):
    """The same, from somebody without account."""

    pour_soi = True
    prenom = forms.ChampTexte(label="Prénom", max_length=100)
    nom = forms.ChampTexte(label="Nom", max_length=100)
    courriel = forms.ChampCourriel(label="Adresse de courriel professionnelle")
    field_order = ("prenom", "nom", "courriel", "role", "mot")


class RetirerForm(forms.Formulaire):
    """Why a member is removed."""

    motif = forms.ChampTexteLong(label="Pourquoi", max_length=500, lignes=3, help_text="La personne le lira.")


class RefuserForm(forms.Formulaire):
    """Why not."""

    reponse = forms.ChampTexteLong(label="Pourquoi non", max_length=500, lignes=3, help_text="La personne le lira.")


class AbsenceForm(forms.Formulaire):
    """From when to when, and who stands in."""

    debut = forms.ChampDate(label="Premier jour d’absence")
    fin = forms.ChampDate(label="Dernier jour d’absence")
    suppleant = forms.ChampChoix(label="Qui supplée", widget=Select)

    def __init__(self, *args: Any, adhesion: Adhesion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suppleant"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            ("", "Choisir"),
            *((str(autre.pk), autre.utilisateur.nom_complet) for autre in collegues(adhesion)),
        ]
