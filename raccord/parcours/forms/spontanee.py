"""The public form: a company proposes a parcours. No rule here."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError

from raccord.comptes.enums import Domaine
from raccord.marches.calibration import MENU, OBJECTIFS, equivalence, heures_hebdo
from raccord.parcours.actions.spontanee import Proposition
from raccord.parcours.forms.declaration import AIDE_MOTS
from raccord.parcours.forms.saisies import coordonnees, poser_choix
from raccord.socle import forms
from raccord.territoires.forms import ChampCommune


class PropositionForm(forms.Formulaire):
    """Ten minutes, no account. `precision` is a trap for robots: people do not see it."""

    pour_soi: ClassVar[bool] = True
    sections: ClassVar = (
        forms.Section("Votre entreprise", ("organisation", "siret")),
        forms.Section(
            "Vous",
            ("contact_nom", "contact_fonction", "contact_courriel", "contact_telephone"),
            "Nous vous répondons à cette adresse. Elle n’est montrée qu’au tuteur du jeune.",
        ),
        forms.Section("Le parcours", ("intitule", "domaines", "taches", "heures")),
        forms.Section("Le lieu et les dates", ("adresse", "commune", "date_debut", "date_fin", "remarque")),
    )
    remplissage: ClassVar = {
        "organisation": "organization",
        "contact_nom": "name",
        "contact_fonction": "organization-title",
        "contact_courriel": "email",
        "contact_telephone": "tel",
    }

    organisation = forms.ChampTexte(label="Nom de l’entreprise")
    siret = forms.ChampSiret(label="SIRET", help_text="14 chiffres, sur une facture : celui du lieu d’accueil.")
    contact_nom = forms.ChampTexte(label="Votre nom et votre prénom", max_length=150)
    contact_fonction = forms.ChampTexte(label="Votre fonction", max_length=150, required=False)
    contact_courriel = forms.ChampCourriel(label="Votre courriel")
    contact_telephone = forms.ChampTelephone(label="Votre téléphone", required=False)
    intitule = forms.ChampTexte(
        label="Un titre pour votre offre",
        max_length=150,
        help_text="Par exemple : « Découvrir un atelier de menuiserie ».",
    )
    domaines = forms.ChampChoixMultiple(label="Domaines", choices=Domaine.choices)
    taches = forms.ChampTexteLong(label="Ce que le jeune ferait", help_text=AIDE_MOTS)
    heures = forms.ChampChoix(label="Durée")
    adresse = forms.ChampTexte(label="Adresse du lieu de travail", max_length=250)
    commune = ChampCommune(label="Commune", help_text="Son nom ou son code postal.")
    date_debut = forms.ChampDate(label="Possible à partir du")
    date_fin = forms.ChampDate(label="Jusqu’au")
    remarque = forms.ChampTexteLong(label="Autre chose à savoir", max_length=2000, lignes=3, required=False)
    precision = forms.ChampTexte(
        label="Ne remplissez pas cette case", required=False, template_name="parcours/spontanee/_piege.html"
    )
    cle = forms.ChampTexte(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hebdo = heures_hebdo()
        aides = {heures: f"{equivalence(heures, hebdo=hebdo).en_mots}. Pour {OBJECTIFS[heures]}." for heures in MENU}
        poser_choix(self, "heures", [(str(heures), forms.Libelle(f"{heures} h", aides[heures])) for heures in MENU])

    def clean_cle(self) -> UUID:
        """The key that makes a form sent twice one proposal."""
        try:
            return UUID(self.cleaned_data["cle"])
        except ValueError:
            raise ValidationError("Cette page est abîmée : rouvrez-la avant d’envoyer.", code="cle") from None

    def proposition(self) -> Proposition:
        """What the action takes."""
        propres = self.cleaned_data
        champs = ("siret", "intitule", "domaines", "taches", "adresse", "commune", "date_debut", "date_fin", "remarque")
        return Proposition(
            entreprise=propres["organisation"],
            contact=coordonnees(propres, "contact"),
            heures=int(propres["heures"]),
            **{champ: propres[champ] for champ in champs},
        )
