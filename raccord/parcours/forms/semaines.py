"""Hours of a week, and what is said the same day."""

from decimal import Decimal
from typing import Any

from django.forms import CharField, DateField, HiddenInput

from raccord.comptes.enums import Role
from raccord.parcours.acces.parcours import LigneSemaine
from raccord.parcours.enums import NatureSignalement
from raccord.socle import calendrier, forms, mots

HEURES_MAXIMUM = 48
# A company does not report itself, a young person does not report their absence as a lateness of somebody else.
NATURES = {
    Role.ENTREPRISE: (NatureSignalement.ABSENCE, NatureSignalement.RETARD, NatureSignalement.INCIDENT),
    Role.JEUNE: (
        NatureSignalement.ABSENCE,
        NatureSignalement.RETARD,
        NatureSignalement.INCIDENT,
        NatureSignalement.ACCUEIL,
    ),
    Role.TUTEUR: tuple(NatureSignalement),
}
NATURES_DU_JEUNE = {
    NatureSignalement.ABSENCE: "Je ne peux pas venir",
    NatureSignalement.RETARD: "Je vais être en retard",
    NatureSignalement.INCIDENT: "Quelque chose s’est mal passé",
    NatureSignalement.ACCUEIL: "Je ne me sens pas bien accueilli dans l’entreprise",
}


class SemaineForm(forms.VersionMixin):
    """The hours of one week, named by its Monday."""

    marquer_facultatifs = False

    geste = CharField(widget=HiddenInput, initial="semaine", required=False)
    lundi = DateField(widget=HiddenInput)
    heures = forms.ChampHeures(
        label="Heures faites",
        maxi=HEURES_MAXIMUM,
        help_text="Par exemple 28, ou 31\u00a0h\u00a030. Mettez 0 si personne n’est venu.",
    )
    absences = forms.ChampTexte(
        label="Absences ou remarques, s’il y en a",
        required=False,
        help_text="Par exemple « absent mardi, rendez-vous médical ». L’acheteur ne le lit pas.",
    )


def formulaire_semaine(ligne: LigneSemaine, *args: Any, verifier: bool = False) -> SemaineForm:
    """The form of that week; `verifier` compares with what somebody else wrote meanwhile."""
    semaine = ligne.semaine
    initial = {"lundi": ligne.lundi, "version": ligne.version}
    if semaine is not None:
        initial |= {"heures": semaine.heures, "absences": semaine.absences}
    form = SemaineForm(*args, initial=initial, version=ligne.version if (verifier or not args) else None)
    form.initial["version"] = ligne.version
    return form


def semaine_complete(ligne: LigneSemaine, heures: Decimal) -> dict[str, str]:
    """The hidden values of the 'whole week' button."""
    return {
        "geste": "semaine",
        "lundi": ligne.lundi.isoformat(),
        "heures": mots.nombre_fr(heures),
        "absences": "",
        "version": ligne.version,
    }


class SignalerForm(forms.Formulaire):
    """An absence, an incident, in a few words."""

    geste = CharField(widget=HiddenInput, initial="signaler", required=False)
    nature = forms.ChampChoix(label="Ce qui se passe")
    jour = forms.ChampDate(label="Quel jour")
    texte = forms.ChampTexteLong(label="En quelques mots", max_length=1000, lignes=4)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"jour": calendrier.aujourdhui()})
        super().__init__(*args, **kwargs)
        natures = NATURES[Role(role)]
        paroles = NATURES_DU_JEUNE if role == Role.JEUNE else {}
        self.fields["nature"].choices = [  # type: ignore[attr-defined]  # a ChampChoix
            (nature.value, paroles.get(nature, mots.majuscule(str(nature.label)))) for nature in natures
        ]
        if role != Role.TUTEUR:
            self.fields["texte"].help_text = "Lu par le tuteur MLDS seulement."


class TraiterForm(forms.Formulaire):
    """What was done, and who else must know."""

    marquer_facultatifs = False

    reponse = forms.ChampTexteLong(label="Ce qui a été fait", max_length=1000, lignes=4)
    prevenir_coordination = forms.ChampCase(label="C’est sérieux : prévenir la coordination", required=False)
    prevenir_acheteur = forms.ChampCase(
        label="L’accueil de l’entreprise est en cause : prévenir l’acheteur",
        required=False,
        help_text="Il apprend seulement que l’accueil pose une difficulté, jamais ce qui concerne le jeune.",
    )

    def __init__(self, *args: Any, avec_acheteur: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not avec_acheteur:
            del self.fields["prevenir_acheteur"]
