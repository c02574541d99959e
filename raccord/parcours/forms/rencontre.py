"""What was agreed at the meeting."""

from typing import Any

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.parcours.actions.rencontre import Personne
from raccord.parcours.forms.presence import PresenceForm
from raccord.parcours.presence import CHAMPS
from raccord.socle import forms
from raccord.socle.exceptions import ErreurMetier

AUTRE = "autre"


class AccordForm(PresenceForm):
    """Missions, dates, rhythm, place, and who hosts."""

    sections = (
        forms.Section("Ce que le jeune fera", ("missions",)),
        forms.Section("Quand", ("debut", "fin", "heures_prevues", "heures_hebdo")),
        forms.Section("Jours et horaires", CHAMPS),
        forms.Section(
            "Où et avec qui",
            ("lieu", "referent_id", "nouveau_nom", "nouveau_fonction", "nouveau_courriel", "nouveau_telephone"),
        ),
    )

    missions = forms.ChampTexteLong(
        label="Missions convenues",
        max_length=4000,
        lignes=6,
        help_text="Adaptées ensemble à la rencontre, en mots simples.",
    )
    debut = forms.ChampDate(label="Premier jour")
    fin = forms.ChampDate(label="Dernier jour")
    heures_prevues = forms.ChampNombre(label="Heures en tout", mini=1, maxi=924, entier=True)
    heures_hebdo = forms.ChampHeures(label="Heures par semaine", mini=1, maxi=35)
    lieu = forms.ChampTexte(label="Lieu du parcours", max_length=250)
    referent_id = forms.ChampChoix(label="Le tuteur du jeune dans l’entreprise")
    nouveau_nom = forms.ChampTexte(label="Nom et prénom de l’autre personne", max_length=150, required=False)
    nouveau_fonction = forms.ChampTexte(label="Sa fonction", max_length=150, required=False)
    nouveau_courriel = forms.ChampCourriel(label="Son courriel", required=False)
    nouveau_telephone = forms.ChampTelephone(label="Son téléphone", required=False)

    def __init__(self, *args: Any, contacts: list[Contact], **kwargs: Any) -> None:
        """`contacts`: people of the company already known for this offer."""
        super().__init__(*args, **kwargs)
        connus = [(str(contact.pk), forms.Libelle(contact.nom, contact.fonction)) for contact in contacts]
        self.fields["referent_id"].choices = [  # type: ignore[attr-defined]
            *connus,
            (AUTRE, forms.Libelle("Une autre personne", "Remplissez alors les lignes qui suivent.")),
        ]

    def accord(self) -> dict[str, Any]:
        """What `noter_accord` takes."""
        donnees = dict(self.cleaned_data)
        personne = {cle: donnees.pop(f"nouveau_{cle}") for cle in ("nom", "fonction", "courriel", "telephone")}
        if donnees["referent_id"] == AUTRE:
            donnees |= {"referent_id": None, "nouveau_referent": Personne(**personne)}
        return donnees

    def refuser(self, erreur: ErreurMetier) -> None:
        """The journal of a constraint names the column: 'referent'."""
        if erreur.champ == "referent":
            erreur.champ = "referent_id"
        super().refuser(erreur)


class AvanceForm(forms.Formulaire):
    """When a meeting that was moved forward was held."""

    rencontre_le = forms.ChampDateHeure(
        label="Quand a-t-elle eu lieu ?", help_text="Le jour et l’heure, même à peu près."
    )


class AbsenceForm(forms.Formulaire):
    """Who was not there."""

    absent = forms.ChampChoix(
        label="Qui n’était pas là ?",
        choices=[
            (
                Role.ENTREPRISE,
                forms.Libelle("L’entreprise", "L’acheteur et la coordination seront prévenus tout de suite."),
            ),
            (Role.JEUNE, forms.Libelle("Le jeune", "Personne d’autre que vous ne le saura.")),
        ],
    )
