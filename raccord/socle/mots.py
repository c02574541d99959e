"""Figures, dates and lists in French words: the same in a page, a message, a letter and a file.

Every function is a filter in templates too (`templatetags/raccord.py`).
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import phonenumbers
from django.utils import timezone
from django.utils.formats import date_format

INSECABLE = "\u00a0"
FINE = "\u202f"


def jour_de(valeur: dt.date | dt.datetime) -> dt.date:
    """The Paris day of a moment."""
    if isinstance(valeur, dt.datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


def pluriel(nombre: int | None, formes: str) -> str:
    """`{{ 3|pluriel:"offre" }}` → '3 offres'; irregular: `"cheval,chevaux"`. French: 0 and 1 are singular."""
    quantite = nombre or 0
    singulier, _, irregulier = formes.partition(",")
    reguliers = " ".join(mot if mot.endswith(("s", "x", "z")) else f"{mot}s" for mot in singulier.split(" "))
    mot = singulier if abs(quantite) < 2 else (irregulier or reguliers)
    return f"{nombre_fr(quantite)}{INSECABLE}{mot}"


def nombre_fr(nombre: int | float | Decimal | None) -> str:
    """12500 → '12 500'; 7.5 → '7,5'. Nothing for None."""
    if nombre is None:
        return ""
    arrondi = round(Decimal(str(nombre)), 2)
    entier, _, reste = f"{arrondi:,f}".partition(".")
    reste = reste.rstrip("0")
    return entier.replace(",", FINE) + (f",{reste}" if reste else "")


def heures(nombre: int | float | Decimal | None) -> str:
    """300 → '300 h'; 7.5 → '7 h 30'."""
    if nombre is None:
        return ""
    signe = "-" if nombre < 0 else ""
    entieres, minutes = divmod(round(abs(Decimal(str(nombre))) * 60), 60)
    texte = f"{signe}{nombre_fr(entieres)}{INSECABLE}h"
    return f"{texte}{INSECABLE}{minutes:02d}" if minutes else texte


def euros(montant: int | float | Decimal | None) -> str:
    """12500.5 → '12 500,50 €'; whole amounts have no cents."""
    if montant is None:
        return ""
    valeur = Decimal(str(montant))
    if valeur == valeur.to_integral_value():
        return f"{nombre_fr(int(valeur))}{INSECABLE}€"
    entier, _, reste = f"{valeur:,.2f}".partition(".")
    return f"{entier.replace(',', FINE)},{reste}{INSECABLE}€"


def distance_km(kilometres: float | Decimal | None) -> str:
    """Real distance in words: 'sur place' under 1 km, '4,2 km' under 10, '57 km' above."""
    if kilometres is None:
        return ""
    if kilometres < 1:
        return "sur place"
    if kilometres < 10:
        return f"{nombre_fr(round(Decimal(str(kilometres)), 1))}{INSECABLE}km"
    return f"{nombre_fr(round(kilometres))}{INSECABLE}km"


def date_fr(valeur: dt.date | dt.datetime | None, forme: str = "longue") -> str:
    """'3 septembre 2026'. Forms: 'longue', 'jour' ('jeudi 3 septembre 2026'), 'courte' ('03/09/2026')."""
    if not valeur:
        return ""
    jour = jour_de(valeur)
    if forme == "courte":
        return jour.strftime("%d/%m/%Y")
    numero = "1er" if jour.day == 1 else str(jour.day)
    texte = f"{numero} {date_format(jour, 'F Y')}"
    return f"{date_format(jour, 'l')} {texte}" if forme == "jour" else texte


def heure_fr(valeur: dt.datetime | dt.time | None) -> str:
    """'14 h 30', Paris time."""
    if valeur is None:
        return ""
    if isinstance(valeur, dt.datetime) and timezone.is_aware(valeur):
        valeur = timezone.localtime(valeur)
    return f"{valeur.hour}{INSECABLE}h" + (f"{INSECABLE}{valeur.minute:02d}" if valeur.minute else "")


def moment_fr(valeur: dt.datetime | None) -> str:
    """'jeudi 3 septembre 2026 à 14 h 30'."""
    return f"{date_fr(valeur, 'jour')} à {heure_fr(valeur)}" if valeur else ""


def moment_ou_jour(valeur: dt.datetime | dt.date | None) -> str:
    """A moment with its hour, or a day alone: '3 septembre 2026 à 14 h 30'."""
    if isinstance(valeur, dt.datetime):
        return f"{date_fr(valeur)} à {heure_fr(valeur)}"
    return date_fr(valeur)


def iso(valeur: dt.datetime | dt.date | None) -> str:
    """For `<time datetime>`."""
    return valeur.isoformat() if valeur else ""


def periode(debut: dt.date | None, fin: dt.date | None) -> str:
    """'du 3 septembre au 30 novembre 2026'; also with one end only."""
    if debut and fin:
        if debut == fin:
            return f"le {date_fr(debut)}"
        texte = date_fr(debut)
        if debut.year == fin.year:
            texte = texte.removesuffix(f" {debut.year}")
        return f"du {texte} au {date_fr(fin)}"
    if debut:
        return f"à partir du {date_fr(debut)}"
    return f"jusqu’au {date_fr(fin)}" if fin else ""


def duree_relative(valeur: dt.date | dt.datetime | None, maintenant: dt.datetime | None = None) -> str:
    """How long ago, or in how long: 'il y a 3 jours', 'hier', 'dans 2 semaines', 'à l’instant'."""
    if not valeur:
        return ""
    present = maintenant or timezone.now()
    jours = (jour_de(valeur) - jour_de(present)).days
    if isinstance(valeur, dt.datetime) and jours == 0:
        secondes = int((valeur - present).total_seconds())
        minutes = abs(secondes) // 60
        if minutes == 0:
            return "à l’instant"
        quantite = pluriel(minutes, "minute") if minutes < 60 else pluriel(minutes // 60, "heure")
        return f"il y a {quantite}" if secondes < 0 else f"dans {quantite}"
    proches = {-2: "avant-hier", -1: "hier", 0: "aujourd’hui", 1: "demain", 2: "après-demain"}
    if jours in proches:
        return proches[jours]
    ecart = abs(jours)
    if ecart < 14:
        quantite = pluriel(ecart, "jour")
    elif ecart < 60:
        quantite = pluriel(ecart // 7, "semaine")
    elif ecart < 730:
        quantite = pluriel(round(ecart / 30.44), "mois,mois")
    else:
        quantite = pluriel(ecart // 365, "an")
    return f"il y a {quantite}" if jours < 0 else f"dans {quantite}"


def jours_restants(echeance: dt.date | dt.datetime | None, le: dt.date | None = None) -> str:
    """'il reste 3 jours', 'dernier jour aujourd’hui', 'en retard de 2 jours'."""
    if not echeance:
        return ""
    jours = (jour_de(echeance) - (le or timezone.localdate())).days
    if jours < 0:
        return f"en retard de {pluriel(-jours, 'jour')}"
    if jours == 0:
        return "dernier jour aujourd’hui"
    if jours == 1:
        return "dernier jour demain"
    return f"il reste {pluriel(jours, 'jour')}"


def telephone_fr(numero: str | None) -> str:
    """'+33612345678' → '06 12 34 56 78', overseas included; a foreign number keeps its country code."""
    if not numero:
        return ""
    try:
        lu = phonenumbers.parse(numero, "FR")
    except phonenumbers.NumberParseException:
        return numero
    francais = {33, 262, 508, 590, 594, 596, 681, 687, 689}
    genre = phonenumbers.PhoneNumberFormat
    forme = genre.NATIONAL if lu.country_code in francais else genre.INTERNATIONAL
    return phonenumbers.format_number(lu, forme).replace(" ", INSECABLE)


def siret_fr(siret: str | None) -> str:
    """'13002526500013' → '130 025 265 00013'."""
    if not siret:
        return ""
    return INSECABLE.join((siret[:3], siret[3:6], siret[6:9], siret[9:])).strip(INSECABLE)


def oui_non(valeur: bool | None) -> str:
    """'oui', 'non', or 'non renseigné'."""
    return {True: "oui", False: "non"}.get(valeur, "non renseigné") if valeur is not None else "non renseigné"


def liste_fr(elements: Iterable[Any] | None) -> str:
    """'a, b et c'."""
    mots = [str(element) for element in elements or ()]
    return " et ".join(part for part in (", ".join(mots[:-1]), mots[-1] if mots else "") if part)


def majuscule(texte: str | None) -> str:
    """First letter in capital, the rest untouched."""
    return texte[:1].upper() + texte[1:] if texte else ""
