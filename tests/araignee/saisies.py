"""The forms of a page, and the ways in which they are sent: as shown, empty, filled in, and by somebody hostile."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

Valeurs = dict[str, list[Any]]
LONG = "é" * 10_000
ETRANGE = "\u202e🦆 'x\" <b>\x00\r\nBcc: a@b.example\u0000 ﷽"
SANS_VALEUR = {"submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Champ:
    """One field: its kind, what it holds, what it offers."""

    genre: str
    valeurs: tuple[str, ...] = ()
    choix: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formulaire:
    """A form and one of its buttons."""

    methode: str
    adresse: str
    champs: Mapping[str, Champ] = field(hash=False)
    bouton: tuple[str, str] = ("", "")

    @property
    def forme(self) -> tuple[str, ...]:
        """What makes it the same form elsewhere."""
        return (self.methode, *sorted(self.champs), *self.bouton)


def formulaires(soupe: BeautifulSoup, ici: str) -> Iterator[Formulaire]:
    """Each form of the page with each of its buttons, as a browser would send it."""
    for forme in soupe.find_all("form"):
        siens = [*forme.find_all(True), *(soupe.find_all(attrs={"form": forme["id"]}) if forme.get("id") else ())]
        champs = _champs(siens)
        boutons = [b for b in siens if (b.name == "button" and b.get("type", "submit") == "submit") or _de(b, "submit")]
        for bouton in boutons or [Tag(name="button")]:
            yield Formulaire(
                methode=str(bouton.get("formmethod") or forme.get("method") or "get").lower(),
                adresse=str(bouton.get("formaction") or forme.get("action") or ici),
                champs=champs,
                bouton=(str(bouton.get("name") or ""), str(bouton.get("value") or "")),
            )


def _de(balise: Tag, genre: str) -> bool:
    return balise.name == "input" and balise.get("type") == genre


def _champs(balises: list[Tag]) -> dict[str, Champ]:
    champs: dict[str, Champ] = {}
    for balise in balises:
        nom = str(balise.get("name") or "")
        if not nom or balise.has_attr("disabled") or nom == "csrfmiddlewaretoken":
            continue
        avant = champs.get(nom, Champ("text"))
        if balise.name == "select":
            options = balise.find_all("option")
            choisis = [option for option in options if option.has_attr("selected")] or options[:1]
            choix = tuple(str(option.get("value", option.text)) for option in options)
            champs[nom] = Champ("select", tuple(str(o.get("value", o.text)) for o in choisis), choix)
        elif balise.name == "textarea":
            champs[nom] = Champ("textarea", (balise.text.removeprefix("\n"),))
        elif balise.name == "input" and (genre := str(balise.get("type", "text"))) not in SANS_VALEUR:
            valeur = str(balise.get("value", "on" if genre == "checkbox" else ""))
            if genre in ("radio", "checkbox"):
                coche = (valeur,) if balise.has_attr("checked") else ()
                champs[nom] = Champ(genre, avant.valeurs + coche, (*avant.choix, valeur))
            else:
                champs[nom] = Champ(genre, (*avant.valeurs, valeur))
    return champs


def _tel_quel(champ: Champ, _: "Ailleurs") -> list[Any]:
    return [valeur for valeur in champ.valeurs if champ.genre != "file"]


def _vide(champ: Champ, _: "Ailleurs") -> list[Any]:
    if champ.genre in ("radio", "checkbox", "file"):
        return []
    return [""]


def _rempli(champ: Champ, ailleurs: "Ailleurs") -> list[Any]:
    """As somebody would who fills in everything: the last choice, plausible words."""
    if champ.genre == "file":
        return [SimpleUploadedFile("cv.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")]
    if champ.choix:
        return [next((choix for choix in reversed(champ.choix) if choix), "")]
    if any(champ.valeurs):
        return list(champ.valeurs)
    return [
        {
            "email": "essai@essai.example",
            "tel": "01 99 00 99 99",
            "number": "3",
            "date": f"{ailleurs.aujourdhui + dt.timedelta(days=3)}",
            "datetime-local": f"{ailleurs.aujourdhui + dt.timedelta(days=3)}T10:00",
            "time": "10:00",
        }.get(champ.genre, "Un essai de quelques mots")
    ]


def _long(champ: Champ, _: "Ailleurs") -> list[Any]:
    return [LONG] if champ.genre in ("text", "textarea", "search", "email", "tel", "url") else list(champ.valeurs)


def _etrange(champ: Champ, ailleurs: "Ailleurs") -> list[Any]:
    """Every field holds what it should not; dates go backwards."""
    if champ.genre == "file":
        return [SimpleUploadedFile("../../\u202egpj.exe", b"<script>alert(1)</script>", "image/jpeg")]
    if champ.genre in ("date", "datetime-local"):
        ailleurs.recul += 1
        return [f"{dt.date(9999, 12, 31) - dt.timedelta(days=400_000 * ailleurs.recul)}"]
    if champ.genre == "number":
        return ["-99999999999999999999.5"]
    return [ETRANGE, "\x00"]


def _d_ailleurs(champ: Champ, ailleurs: "Ailleurs") -> list[Any]:
    """Ids of other organisations wherever an id stands, a choice that was never offered elsewhere."""
    return [ailleurs.autre(valeur, champ) for valeur in (*champ.valeurs, *champ.choix[-1:]) if valeur] or [""]


MANIERES: dict[str, Callable[[Champ, "Ailleurs"], list[Any]]] = {
    "tel quel": _tel_quel,
    "vide": _vide,
    "rempli": _rempli,
    "long": _long,
    "étrange": _etrange,
    "d'ailleurs": _d_ailleurs,
}


HONNETES = ("tel quel", "rempli")
HOSTILES = ("vide", "long", "étrange", "d'ailleurs")


class Ailleurs:
    """Every id of the base, by table: the ids that a hostile person would send."""

    def __init__(self, graine: int, aujourdhui: dt.date) -> None:
        self.hasard, self.aujourdhui, self.recul = random.Random(graine), aujourdhui, 0
        self.tables: dict[str, list[str]] = {}
        self.table_de: dict[str, str] = {}
        with connection.cursor() as curseur:
            for modele in apps.get_models():
                if modele._meta.pk.get_internal_type() != "UUIDField":
                    continue
                table = modele._meta.db_table
                curseur.execute(f"SELECT {modele._meta.pk.column} FROM {table} ORDER BY 1 LIMIT 2000")
                self.tables[table] = [str(pk) for (pk,) in curseur.fetchall()]
                self.table_de |= dict.fromkeys(self.tables[table], table)

    def autre(self, valeur: str, champ: Champ) -> str:
        """Another object of the same table, that the form does not offer; a word that no choice has."""
        table = self.table_de.get(valeur)
        if table is not None:
            autres = [pk for pk in self.tables[table] if pk not in champ.choix and pk != valeur]
            return self.hasard.choice(autres) if autres else valeur
        return "nulle-part" if champ.choix or champ.genre == "hidden" else valeur


def remplir(formulaire: Formulaire, maniere: str, ailleurs: Ailleurs) -> Valeurs:
    """What is sent."""
    ailleurs.recul = 0
    valeurs = {nom: MANIERES[maniere](champ, ailleurs) for nom, champ in formulaire.champs.items()}
    if formulaire.bouton[0]:
        valeurs[formulaire.bouton[0]] = [*valeurs.get(formulaire.bouton[0], []), formulaire.bouton[1]]
    return {nom: siennes for nom, siennes in valeurs.items() if siennes}
