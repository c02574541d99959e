"""Forms of a proposal: what the tutor sends, what the company answers."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from raccord.documents.controle import TYPES_ACCEPTES
from raccord.documents.models import GenreDocument
from raccord.parcours.creneaux import CRENEAUX_MAX
from raccord.parcours.enums import MotifAbandon, MotifRefus
from raccord.socle import forms


class CreneauxForm(forms.Formulaire):
    """One to three slots, and where."""

    creneau_1 = forms.ChampDateHeure(label="Premier créneau", help_text="Du lundi au samedi, en journée.")
    creneau_2 = forms.ChampDateHeure(label="Deuxième créneau", required=False)
    creneau_3 = forms.ChampDateHeure(label="Troisième créneau", required=False)
    lieu = forms.ChampTexte(label="Lieu de la rencontre", max_length=250)

    creneaux_noms = tuple(f"creneau_{numero}" for numero in range(1, CRENEAUX_MAX + 1))

    @property
    def creneaux(self) -> list[dt.datetime | None]:
        """In the order of the places, empty ones kept: an error is said on its own field."""
        return [self.cleaned_data.get(nom) for nom in self.creneaux_noms]


class PreparerForm(CreneauxForm):
    """The profile: a few lines or a CV, the papers, the slots, the place."""

    sections = (
        forms.Section(
            "Le jeune, en quelques lignes",
            ("presentation",),
            "L’entreprise lira son prénom, son âge et ces lignes. Ni son nom de famille, ni ce qui est « à savoir ».",
        ),
        forms.Section(
            "Ses papiers",
            ("cv", "retirer_cv", "lettre", "retirer_lettre"),
            "Chiffrés dès leur arrivée, lus par l’entreprise le temps de la proposition, jamais joints à un courriel.",
        ),
        forms.Section(
            "Quand et où se rencontrer",
            (*CreneauxForm.creneaux_noms, "lieu"),
            "Un à trois moments où le jeune et vous êtes libres : l’entreprise en choisit un d’un geste.",
        ),
    )

    presentation = forms.ChampTexteLong(
        label="Présentation",
        max_length=2000,
        required=False,
        help_text="Ce qu’il aime, ce qu’il sait faire, ce qu’il veut découvrir. Relisez-la avec lui.",
    )
    cv = forms.ChampFichier(label="CV", types=TYPES_ACCEPTES, required=False)
    retirer_cv = forms.ChampCase(label="Retirer le CV joint", required=False)
    lettre = forms.ChampFichier(label="Lettre de motivation", types=TYPES_ACCEPTES, required=False)
    retirer_lettre = forms.ChampCase(label="Retirer la lettre jointe", required=False)

    def __init__(self, *args: Any, deja: Collection[str] = (), **kwargs: Any) -> None:
        """`deja`: kinds of paper already joined; only those can be removed."""
        super().__init__(*args, **kwargs)
        for genre in GenreDocument.values:
            if genre in deja:
                self.fields[genre].label = f"Remplacer {'le CV joint' if genre == 'cv' else 'la lettre jointe'}"
            else:
                del self.fields[f"retirer_{genre}"]

    @property
    def fichiers(self) -> dict[str, Any]:
        """What was chosen."""
        return {genre: self.cleaned_data[genre] for genre in GenreDocument.values if self.cleaned_data.get(genre)}

    @property
    def a_retirer(self) -> list[str]:
        """What is to be removed."""
        return [genre for genre in GenreDocument.values if self.cleaned_data.get(f"retirer_{genre}")]


class AutresCreneauxForm(CreneauxForm):
    """The company's own slots."""

    lieu = forms.ChampTexte(label="Lieu de la rencontre", max_length=250, required=False)


class RappelForm(forms.Formulaire):
    """When, and at which number."""

    pour_soi = True
    telephone = forms.ChampTelephone(label="Votre numéro")
    jour = forms.ChampDate(label="Quel jour ?", help_text="Un jour travaillé, dans les deux semaines.")
    moitie = forms.ChampChoix(label="À quel moment ?", choices=[("matin", "Le matin"), ("apres_midi", "L’après-midi")])


class RefusForm(forms.Formulaire):
    """Why not, this time."""

    motif = forms.ChampChoix(
        label="Ce qui empêche d’accueillir ce jeune",
        choices=[(valeur, str(libelle).capitalize()) for valeur, libelle in MotifRefus.choices],
    )
    precisions = forms.ChampTexteLong(
        label="En quelques mots",
        max_length=1000,
        lignes=3,
        help_text="Lu par le tuteur seulement. Dites aussi ce qui serait possible : autre date, autres tâches.",
    )


class ArretForm(forms.Formulaire):
    """Why the tutor stops."""

    motif = forms.ChampChoix(
        label="Pourquoi la proposition s’arrête",
        choices=[(valeur, str(libelle).capitalize()) for valeur, libelle in MotifAbandon.choices],
    )
    precisions = forms.ChampTexteLong(
        label="Précisions pour vous",
        max_length=1000,
        lignes=3,
        required=False,
        help_text="Elles restent dans votre MLDS.",
    )
