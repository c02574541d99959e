"""The form of a young person's file."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms as django_forms

from raccord.comptes.enums import Domaine
from raccord.jeunes.actions.dossier import Identite, Representant
from raccord.jeunes.enums import DureeSouhaitee
from raccord.jeunes.models import Jeune
from raccord.socle import forms
from raccord.territoires.forms import ChampCommune

RANGS = (1, 2)
CHAMPS_REPRESENTANT = ("nom", "lien", "telephone", "courriel")
AIDES_DUREES = {
    150: "1 mois : découvrir",
    300: "2 mois : construire",
    450: "3 mois : confirmer",
    900: "6 mois : les trois",
}


class JeuneForm(forms.VersionMixin):
    """What a tutor writes of a young person; `cle` makes a form sent twice one file only."""

    sections: ClassVar[Sequence[forms.Section]] = (
        forms.Section("La personne", ("prenom", "nom", "date_naissance", "commune", "telephone", "courriel")),
        forms.Section(
            "Représentant légal",
            tuple(f"representant_1_{nom}" for nom in CHAMPS_REPRESENTANT),
            "Obligatoire pour un mineur : cette personne signe la convention.",
        ),
        forms.Section("Second représentant légal", tuple(f"representant_2_{nom}" for nom in CHAMPS_REPRESENTANT)),
        forms.Section(
            "Ses envies",
            ("domaines", "heures_souhaitees", "rayon_km", "disponible_du", "volontaire_le"),
            "Elles servent à trouver des offres. Elles ne servent jamais à comparer des jeunes.",
        ),
        forms.Section("Pour préparer la rencontre", ("etablissement", "profil", "contraintes")),
    )

    cle = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    prenom = forms.ChampTexte(label="Prénom", max_length=100, taille="moyen")
    nom = forms.ChampTexte(label="Nom", max_length=100, taille="moyen")
    date_naissance = forms.ChampDate(label="Date de naissance")
    commune = ChampCommune(
        label="Commune où il ou elle habite", help_text="Son nom ou son code postal. Sert à calculer les distances."
    )
    telephone = forms.ChampTelephone(label="Téléphone", required=False)
    courriel = forms.ChampCourriel(label="Courriel", required=False)
    representant_1_nom = forms.ChampTexte(label="Nom et prénom", max_length=150, taille="moyen", required=False)
    representant_1_lien = forms.ChampTexte(label="Lien avec le jeune", max_length=60, taille="moyen", required=False)
    representant_1_telephone = forms.ChampTelephone(label="Téléphone", required=False)
    representant_1_courriel = forms.ChampCourriel(label="Courriel", required=False)
    representant_2_nom = forms.ChampTexte(label="Nom et prénom", max_length=150, taille="moyen", required=False)
    representant_2_lien = forms.ChampTexte(label="Lien avec le jeune", max_length=60, taille="moyen", required=False)
    representant_2_telephone = forms.ChampTelephone(label="Téléphone", required=False)
    representant_2_courriel = forms.ChampCourriel(label="Courriel", required=False)
    etablissement = forms.ChampTexte(
        label="Établissement de rattachement",
        required=False,
        help_text="Le lycée ou le collège qui signe la convention.",
    )
    domaines = forms.ChampChoixMultiple(label="Domaines qui l’attirent", choices=Domaine.choices, required=False)
    heures_souhaitees = forms.ChampChoix(
        label="Durée souhaitée",
        required=False,
        choices=[
            ("", forms.Libelle("Peu importe")),
            *((valeur, forms.Libelle(str(mot), AIDES_DUREES[valeur])) for valeur, mot in DureeSouhaitee.choices),
        ],
    )
    rayon_km = forms.ChampNombre(
        label="Distance acceptée, en kilomètres",
        entier=True,
        mini=1,
        maxi=500,
        help_text="À vol d’oiseau, de chez lui.",
    )
    disponible_du = forms.ChampDate(label="Disponible à partir du", required=False)
    volontaire_le = forms.ChampDate(
        label="S’est dit volontaire le", help_text="Rien ne commence sans l’accord du jeune."
    )
    profil = forms.ChampTexteLong(
        label="Profil en quelques lignes",
        max_length=2000,
        required=False,
        help_text="Ce qu’il ou elle aime, sait faire, veut découvrir. Sert à la présentation, après relecture.",
    )
    contraintes = forms.ChampTexteLong(
        label="À savoir (jamais transmis)",
        max_length=2000,
        required=False,
        help_text="Horaires, transports, santé… Lu par votre MLDS seulement, jamais par l’entreprise ni l’acheteur.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"cle": uuid4(), "rayon_km": 30, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def cle_lue(self) -> UUID:
        """The id of the file to be; a form that lost it gets a new one."""
        return self.cleaned_data.get("cle") or uuid4()

    def identite(self) -> Identite:
        """What was typed, as the action takes it."""
        lus = self.cleaned_data
        return Identite(
            prenom=lus["prenom"],
            nom=lus["nom"],
            date_naissance=lus["date_naissance"],
            commune=lus["commune"],
            telephone=lus["telephone"],
            courriel=lus["courriel"],
            etablissement=lus["etablissement"],
            domaines=lus["domaines"],
            heures_souhaitees=int(lus["heures_souhaitees"]) if lus["heures_souhaitees"] else None,
            rayon_km=lus["rayon_km"],
            disponible_du=lus["disponible_du"],
            profil=lus["profil"],
            contraintes=lus["contraintes"],
            volontaire_le=lus["volontaire_le"],
        )

    def representants(self) -> list[Representant]:
        """Those of whom something was typed."""
        lus = [
            Representant(**{nom: self.cleaned_data[f"representant_{rang}_{nom}"] for nom in CHAMPS_REPRESENTANT})
            for rang in RANGS
        ]
        return [representant for representant in lus if representant.nom]

    def clean(self) -> dict[str, Any]:
        """A representative is a whole: a phone without a name belongs to nobody."""
        propres = super().clean()
        for rang in RANGS:
            prefixe = f"representant_{rang}_"
            ecrit = any(propres.get(prefixe + nom) for nom in CHAMPS_REPRESENTANT)
            if ecrit and not propres.get(f"{prefixe}nom") and f"{prefixe}nom" not in self.errors:
                self.add_error(f"{prefixe}nom", "Indiquez le nom de ce représentant légal.")
            if ecrit and not propres.get(f"{prefixe}lien") and f"{prefixe}lien" not in self.errors:
                self.add_error(f"{prefixe}lien", "Indiquez son lien avec le jeune : mère, père, éducatrice…")
        return propres


def valeurs_de(jeune: Jeune) -> dict[str, Any]:
    """What the form shows of a file."""
    valeurs: dict[str, Any] = {
        nom: getattr(jeune, nom)
        for nom in (
            "prenom",
            "nom",
            "date_naissance",
            "commune",
            "telephone",
            "courriel",
            "etablissement",
            "domaines",
            "rayon_km",
            "disponible_du",
            "volontaire_le",
            "profil",
            "contraintes",
        )
    }
    valeurs |= {
        "cle": jeune.pk,
        "heures_souhaitees": str(jeune.heures_souhaitees or ""),
    }
    for rang, representant in zip(RANGS, jeune.representants.all(), strict=False):
        valeurs |= {f"representant_{rang}_{nom}": getattr(representant, nom) for nom in CHAMPS_REPRESENTANT}
    return valeurs
