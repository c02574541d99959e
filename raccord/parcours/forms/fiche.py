"""The fiche entreprise as its company fills it, all fields of the digest §1.4 (fiche of 09/07/2020). No rule here."""

from typing import Any, ClassVar

from raccord.marches.contacts import Coordonnees
from raccord.parcours.actions.fiche import Description, FicheSaisie
from raccord.parcours.forms.declaration import AIDE_MOTS
from raccord.parcours.forms.saisies import coordonnees, en_boites
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.socle import forms
from raccord.territoires.forms import ChampCommune


class FicheForm(forms.VersionMixin):
    """Nothing is required to keep it; what publication needs is the business of the action."""

    marquer_facultatifs: ClassVar[bool] = False
    pour_soi: ClassVar[bool] = True
    sections: ClassVar = (
        forms.Section("1. Le lieu et les dates", ("adresse", "commune", "date_debut", "date_fin")),
        forms.Section(
            "2. Le référent",
            (
                "referent_nom",
                "referent_fonction",
                "referent_courriel",
                "referent_telephone",
                "referent_anciennete",
                "referent_experience",
                "referent_motivation",
            ),
            "La personne qui accueille le jeune et échange avec son tuteur. Ses coordonnées ne sont montrées "
            "qu’au tuteur qui réserve l’offre.",
        ),
        forms.Section(
            "3. Un second contact",
            ("rrh_nom", "rrh_fonction", "rrh_courriel", "rrh_telephone"),
            "Une autre personne, par exemple des ressources humaines : pour la convention, et si le référent est "
            "absent ou change de poste. Un jeune n’attend pas une adresse morte.",
        ),
        forms.Section(
            "4. Ce que le jeune fera",
            ("taches", "taches_deplacement"),
            "Expliquez les mots techniques : le jeune n’a pas encore de qualification.",
        ),
        forms.Section(
            "5. Les conditions d’accueil",
            ("poste_travail", "tenue", "livret_accueil", "tickets_restaurant", "transport"),
        ),
        forms.Section("6. L’entreprise", ("activite", "effectif", "culture"), facultative=True),
    )

    adresse = forms.ChampTexte(label="Adresse du lieu de travail", max_length=250, required=False)
    commune = ChampCommune(label="Commune", required=False, help_text="Son nom ou son code postal.")
    date_debut = forms.ChampDate(label="Possible à partir du", required=False)
    date_fin = forms.ChampDate(label="À faire avant le", required=False)
    referent_nom = forms.ChampTexte(label="Nom et prénom du référent", max_length=150, required=False)
    referent_fonction = forms.ChampTexte(label="Fonction du référent", max_length=150, required=False)
    referent_courriel = forms.ChampCourriel(label="Courriel du référent", required=False)
    referent_telephone = forms.ChampTelephone(label="Téléphone du référent", required=False)
    referent_anciennete = forms.ChampTexte(
        label="Depuis quand est-il dans l’entreprise ?", max_length=100, taille="moyen", required=False
    )
    referent_experience = forms.ChampTexteLong(
        label="Son expérience",
        max_length=1500,
        lignes=3,
        required=False,
        help_text="Son métier, son parcours, en deux phrases.",
    )
    referent_motivation = forms.ChampTexteLong(
        label="Pourquoi accueillir un jeune ?", max_length=1500, lignes=3, required=False
    )
    rrh_nom = forms.ChampTexte(label="Nom et prénom", max_length=150, required=False)
    rrh_fonction = forms.ChampTexte(label="Fonction", max_length=150, required=False)
    rrh_courriel = forms.ChampCourriel(label="Courriel", required=False)
    rrh_telephone = forms.ChampTelephone(label="Téléphone", required=False)
    taches = forms.ChampTexteLong(
        label="Les tâches confiées",
        required=False,
        lignes=6,
        help_text=f"{AIDE_MOTS} Ce texte est public : c’est lui que l’on lit dans l’offre.",
    )
    taches_deplacement = forms.ChampTexteLong(
        label="Celles qui demandent un déplacement",
        max_length=2000,
        lignes=3,
        required=False,
        help_text="Chantiers, livraisons, rendez-vous… Laissez vide s’il n’y en a pas.",
    )
    poste_travail = forms.ChampTexteLong(
        label="Le poste de travail",
        max_length=1500,
        lignes=3,
        required=False,
        help_text="Où il s’installe, ses horaires, avec quel matériel.",
    )
    tenue = forms.ChampChoix(
        label="La tenue de travail est-elle fournie ?", choices=FicheEntreprise.Tenue.choices, required=False
    )
    livret_accueil = forms.ChampCase(label="Un livret d’accueil est remis au jeune", required=False)
    tickets_restaurant = forms.ChampCase(label="Tickets restaurant ou cantine", required=False)
    transport = forms.ChampTexteLong(
        label="Les transports",
        max_length=1500,
        lignes=3,
        required=False,
        help_text="Comment venir sans voiture ; ce que l’entreprise prend en charge.",
    )
    activite = forms.ChampTexteLong(label="Ce que fait l’entreprise", max_length=2000, lignes=3, required=False)
    effectif = forms.ChampNombre(label="Nombre de salariés", entier=True, maxi=2_000_000, required=False)
    culture = forms.ChampTexteLong(
        label="L’ambiance, les habitudes, ce qu’il faut savoir", max_length=2000, lignes=3, required=False
    )

    def saisie(self) -> FicheSaisie:
        """What the actions take."""
        propres = self.cleaned_data
        description = {champ: propres[champ] for champ in Description.__dataclass_fields__}
        return FicheSaisie(
            adresse=propres["adresse"],
            commune=propres["commune"],
            date_debut=propres["date_debut"],
            date_fin=propres["date_fin"],
            referent=coordonnees(propres, "referent"),
            rrh=coordonnees(propres, "rrh"),
            description=Description(**description),
        )

    @staticmethod
    def valeurs_de(offre: Offre, fiche: FicheEntreprise) -> dict[str, Any]:
        """Initial values read from the rows."""
        return {
            "adresse": offre.adresse,
            "commune": offre.commune,
            "date_debut": offre.date_debut,
            "date_fin": offre.date_fin,
            **en_boites(Coordonnees.de(offre.referent), "referent"),
            **en_boites(Coordonnees.de(offre.rrh), "rrh"),
            **{champ: getattr(fiche, champ) for champ in Description.__dataclass_fields__},
        }
