"""What was typed, kept as it is, and the boxes that several forms share."""

from collections.abc import Sequence
from typing import Any, cast

from django.http import QueryDict

from raccord.marches.contacts import Coordonnees
from raccord.socle import forms
from raccord.socle.forms.textes import assainir

LONGUEUR_GARDEE = 20_000
HORS_SAISIE = frozenset({"csrfmiddlewaretoken", "version"})


def brute(donnees: QueryDict) -> dict[str, list[str]]:
    """Everything that was typed on a page, valid or not, ready to be kept in a draft."""
    return {
        cle: [assainir(valeur).replace("\x00", "")[:LONGUEUR_GARDEE] for valeur in donnees.getlist(cle)]
        for cle in donnees
        if cle not in HORS_SAISIE
    }


def initiales(classe: type[forms.Formulaire], saisie: dict[str, list[str]], prefixe: str = "") -> dict[str, Any]:
    """The same, as initial values of a form: typed text is shown again, without judging it yet."""
    debut = f"{prefixe}-" if prefixe else ""
    valeurs: dict[str, Any] = {}
    for nom, champ in classe.base_fields.items():
        tapees = saisie.get(debut + nom)
        if tapees is not None:
            valeurs[nom] = tapees if isinstance(champ, forms.ChampChoixMultiple) else (tapees or [""])[-1]
    return valeurs


def coordonnees(propres: dict[str, Any], prefixe: str) -> Coordonnees:
    """The four boxes of a person."""
    return Coordonnees(
        **{champ: propres.get(f"{prefixe}_{champ}", "") for champ in ("nom", "fonction", "courriel", "telephone")}
    )


def en_boites(contact: Coordonnees, prefixe: str) -> dict[str, str]:
    """The other way round."""
    return {f"{prefixe}_{champ}": getattr(contact, champ) for champ in ("nom", "fonction", "courriel", "telephone")}


def poser_choix(form: forms.Formulaire, nom: str, choix: Sequence[tuple[str, str]]) -> forms.ChampChoix:
    """Give its answers to a field that depends on the object."""
    champ = cast(forms.ChampChoix, form.fields[nom])
    champ.choices = list(choix)
    return champ
