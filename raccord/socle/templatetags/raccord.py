"""Words, figures and components of every screen. The library is a builtin: nothing to load.

Filters turn a value into French words. Tags draw a component; their arguments are the contract, and each
component's template in `templates/composants/` says when to use it. See them all on `/composants/`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import phonenumbers
from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.context import Context, RequestContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from raccord.socle.gabarits import Colonne, LigneFil, Miettes, PointCarte

register = template.Library()

INSECABLE = "\u00a0"
FINE = "\u202f"
FIL_MONTRE = 5
FIL_TOLERANCE = 3
TONS_MESSAGES = {"success": "success", "error": "error", "warning": "warning", "info": "info", "debug": "info"}
TONS_ALERTES = {"succes": "success", "erreur": "error", "attention": "warning", "info": "info"}
GENRES_BOUTONS = {
    "primaire": "fr-btn",
    "secondaire": "fr-btn fr-btn--secondary",
    "tertiaire": "fr-btn fr-btn--tertiary",
    "discret": "fr-btn fr-btn--tertiary-no-outline",
    "danger": "fr-btn rc-btn--danger",
}
# The colour of a state. A state nobody listed is 'neutre': the word always says it all.
TONS_ETATS = {
    "a_declarer": "attention",
    "declare": "info",
    "confirme": "succes",
    "perdu": "erreur",
    "a_confirmer": "attention",
    "a_instruire": "attention",
    "a_reprendre": "attention",
    "publiee": "succes",
    "reservee": "info",
    "en_cours": "info",
    "active": "info",
    "honoree": "succes",
    "transmis": "info",
    "vu": "info",
    "contre_propose": "attention",
    "rencontre_fixee": "info",
    "refuse": "erreur",
    "convention_a_signer": "attention",
    "a_venir": "info",
    "interrompu": "erreur",
    "termine": "attention",
    "bilan_signe": "succes",
    "suite_connue": "succes",
    "demande": "attention",
    "accepte": "succes",
}


# --- Words -----------------------------------------------------------------------------------------


def _jour(valeur: dt.date | dt.datetime) -> dt.date:
    """The Paris day of a moment."""
    if isinstance(valeur, dt.datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


@register.filter
def pluriel(nombre: int | None, formes: str) -> str:
    """`{{ 3|pluriel:"offre" }}` → '3 offres'; irregular: `"cheval,chevaux"`. French: 0 and 1 are singular."""
    quantite = nombre or 0
    singulier, _, irregulier = formes.partition(",")
    reguliers = " ".join(mot if mot.endswith(("s", "x", "z")) else f"{mot}s" for mot in singulier.split(" "))
    mot = singulier if abs(quantite) < 2 else (irregulier or reguliers)
    return f"{nombre_fr(quantite)}{INSECABLE}{mot}"


@register.filter
def nombre_fr(nombre: int | float | Decimal | None) -> str:
    """12500 → '12 500'; 7.5 → '7,5'. Nothing for None."""
    if nombre is None:
        return ""
    arrondi = round(Decimal(str(nombre)), 2)
    entier, _, reste = f"{arrondi:,f}".partition(".")
    reste = reste.rstrip("0")
    return entier.replace(",", FINE) + (f",{reste}" if reste else "")


@register.filter
def heures(nombre: int | float | Decimal | None) -> str:
    """300 → '300 h'; 7.5 → '7 h 30'."""
    if nombre is None:
        return ""
    signe = "-" if nombre < 0 else ""
    entieres, minutes = divmod(round(abs(Decimal(str(nombre))) * 60), 60)
    texte = f"{signe}{nombre_fr(entieres)}{INSECABLE}h"
    return f"{texte}{INSECABLE}{minutes:02d}" if minutes else texte


@register.filter
def euros(montant: int | float | Decimal | None) -> str:
    """12500.5 → '12 500,50 €'; whole amounts have no cents."""
    if montant is None:
        return ""
    valeur = Decimal(str(montant))
    if valeur == valeur.to_integral_value():
        return f"{nombre_fr(int(valeur))}{INSECABLE}€"
    entier, _, reste = f"{valeur:,.2f}".partition(".")
    return f"{entier.replace(',', FINE)},{reste}{INSECABLE}€"


@register.filter
def distance_km(kilometres: float | Decimal | None) -> str:
    """Real distance in words: 'sur place' under 1 km, '4,2 km' under 10, '57 km' above."""
    if kilometres is None:
        return ""
    if kilometres < 1:
        return "sur place"
    if kilometres < 10:
        return f"{nombre_fr(round(Decimal(str(kilometres)), 1))}{INSECABLE}km"
    return f"{nombre_fr(round(kilometres))}{INSECABLE}km"


@register.filter
def date_fr(valeur: dt.date | dt.datetime | None, forme: str = "longue") -> str:
    """'3 septembre 2026'. Forms: 'longue', 'jour' ('jeudi 3 septembre 2026'), 'courte' ('03/09/2026')."""
    if not valeur:
        return ""
    jour = _jour(valeur)
    if forme == "courte":
        return jour.strftime("%d/%m/%Y")
    numero = "1er" if jour.day == 1 else str(jour.day)
    texte = f"{numero} {date_format(jour, 'F Y')}"
    return f"{date_format(jour, 'l')} {texte}" if forme == "jour" else texte


@register.filter
def heure_fr(valeur: dt.datetime | dt.time | None) -> str:
    """'14 h 30', Paris time."""
    if valeur is None:
        return ""
    if isinstance(valeur, dt.datetime) and timezone.is_aware(valeur):
        valeur = timezone.localtime(valeur)
    return f"{valeur.hour}{INSECABLE}h" + (f"{INSECABLE}{valeur.minute:02d}" if valeur.minute else "")


@register.filter
def moment_fr(valeur: dt.datetime | None) -> str:
    """'jeudi 3 septembre 2026 à 14 h 30'."""
    return f"{date_fr(valeur, 'jour')} à {heure_fr(valeur)}" if valeur else ""


@register.filter
def moment_ou_jour(valeur: dt.datetime | dt.date | None) -> str:
    """A moment with its hour, or a day alone: '3 septembre 2026 à 14 h 30'."""
    if isinstance(valeur, dt.datetime):
        return f"{date_fr(valeur)} à {heure_fr(valeur)}"
    return date_fr(valeur)


@register.filter
def iso(valeur: dt.datetime | dt.date | None) -> str:
    """For `<time datetime>`."""
    return valeur.isoformat() if valeur else ""


@register.filter
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


@register.filter
def duree_relative(valeur: dt.date | dt.datetime | None, maintenant: dt.datetime | None = None) -> str:
    """How long ago, or in how long: 'il y a 3 jours', 'hier', 'dans 2 semaines', 'à l’instant'."""
    if not valeur:
        return ""
    present = maintenant or timezone.now()
    jours = (_jour(valeur) - _jour(present)).days
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


@register.filter
def jours_restants(echeance: dt.date | dt.datetime | None, le: dt.date | None = None) -> str:
    """'il reste 3 jours', 'dernier jour aujourd’hui', 'en retard de 2 jours'."""
    if not echeance:
        return ""
    jours = (_jour(echeance) - (le or timezone.localdate())).days
    if jours < 0:
        return f"en retard de {pluriel(-jours, 'jour')}"
    if jours == 0:
        return "dernier jour aujourd’hui"
    if jours == 1:
        return "dernier jour demain"
    return f"il reste {pluriel(jours, 'jour')}"


@register.filter
def ton_echeance(echeance: dt.date | dt.datetime | None, le: dt.date | None = None) -> str:
    """'erreur' when late, 'attention' within three days, else 'neutre'."""
    if not echeance:
        return "neutre"
    jours = (_jour(echeance) - (le or timezone.localdate())).days
    if jours < 0:
        return "erreur"
    return "attention" if jours <= 3 else "neutre"


@register.filter
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


@register.filter
def siret_fr(siret: str | None) -> str:
    """'13002526500013' → '130 025 265 00013'."""
    if not siret:
        return ""
    return INSECABLE.join((siret[:3], siret[3:6], siret[6:9], siret[9:])).strip(INSECABLE)


@register.filter
def oui_non(valeur: bool | None) -> str:
    """'oui', 'non', or 'non renseigné'."""
    return {True: "oui", False: "non"}.get(valeur, "non renseigné") if valeur is not None else "non renseigné"


@register.filter
def liste_fr(elements: Iterable[Any] | None) -> str:
    """'a, b et c'."""
    mots = [str(element) for element in elements or ()]
    return " et ".join(part for part in (", ".join(mots[:-1]), mots[-1] if mots else "") if part)


@register.filter
def majuscule(texte: str | None) -> str:
    """First letter in capital, the rest untouched."""
    return texte[:1].upper() + texte[1:] if texte else ""


@register.filter
def ton_message(message: Any) -> str:
    """DSFR kind of a Django message."""
    return TONS_MESSAGES.get(message.level_tag, "info")


# --- Small components ------------------------------------------------------------------------------


@register.simple_tag
def icone(nom: str) -> SafeString:
    """A decorative icon of the vendored DSFR set: `{% icone "calendar-line" %}`."""
    return format_html('<span class="fr-icon-{} fr-icon--sm" aria-hidden="true"></span>', nom)


@register.simple_tag
def badge(texte: str, ton: str = "neutre") -> SafeString:
    """A word in a coloured pill; tons: neutre, info, succes, attention, erreur, nouveau."""
    return format_html('<span class="rc-badge rc-badge--{}">{}</span>', ton, texte)


@register.simple_tag
def etat(objet: Any, ton: str = "") -> SafeString:
    """The state of an object that has `etat` and `get_etat_display()`, in words and in colour."""
    return badge(majuscule(objet.get_etat_display()), ton or TONS_ETATS.get(str(objet.etat), "neutre"))


@register.simple_tag
def compte_a_rebours(echeance: dt.date | dt.datetime | None, prefixe: str = "") -> SafeString:
    """The days left, in words, coloured, with the date in `<time>`. Nothing without a date."""
    if not echeance:
        return SafeString("")
    return format_html(
        '<time class="rc-rebours rc-rebours--{}" datetime="{}" title="{}">{}{}</time>',
        ton_echeance(echeance),
        _jour(echeance).isoformat(),
        date_fr(echeance, "jour"),
        f"{prefixe} " if prefixe else "",
        jours_restants(echeance),
    )


@register.simple_tag
def telephone(numero: str | None) -> SafeString:
    """A number one can tap."""
    if not numero:
        return SafeString("")
    return format_html('<a href="tel:{}" class="rc-tel">{}</a>', numero, telephone_fr(numero))


@register.simple_tag
def courriel(adresse: str | None) -> SafeString:
    """An address one can tap; long ones may break after the at sign."""
    if not adresse:
        return SafeString("")
    nom, arobase, domaine = adresse.partition("@")
    return format_html('<a href="mailto:{}">{}{}<wbr>{}</a>', adresse, nom, arobase, domaine)


@register.simple_tag
def donnees_json(identifiant: str, valeur: Any) -> SafeString:
    """A JSON block that a script reads: data, never executed, so CSP lets it be."""
    # <, > and & escaped: nothing in the data can close the element.
    texte = json.dumps(valeur, ensure_ascii=False)
    for signe in "<>&":
        texte = texte.replace(signe, f"\\u{ord(signe):04x}")
    return format_html('<script type="application/json" id="{}">{}</script>', identifiant, mark_safe(texte))  # noqa: S308


# --- Components ------------------------------------------------------------------------------------


@register.inclusion_tag("composants/bouton.html")
def bouton(
    libelle: str, url: str = "", *, genre: str = "primaire", refus: str | None = None, icone: str = "", note: str = ""
) -> dict[str, Any]:
    """A link that looks like a button. With `refus`, shown disabled with these words beside it."""
    return {
        "libelle": libelle,
        "url": url,
        "classe": GENRES_BOUTONS[genre],
        "refus": refus or "",
        "icone": icone,
        "note": note,
    }


@register.inclusion_tag("composants/bouton_action.html")
def bouton_action(
    libelle: str,
    url: str = "",
    *,
    genre: str = "primaire",
    refus: str | None = None,
    icone: str = "",
    note: str = "",
    champs: Mapping[str, Any] | None = None,
    touche: str = "",
) -> dict[str, Any]:
    """A button that POSTs. `champs` are hidden values; with `refus`, disabled with these words beside it; `touche` is
    the key that presses it, on a page that loads `parcours/touches.js`.
    """
    return {
        "libelle": libelle,
        "url": url,
        "classe": GENRES_BOUTONS[genre],
        "refus": refus or "",
        "icone": icone,
        "note": note,
        "champs": dict(champs or {}),
        "touche": touche,
    }


@register.simple_tag
def touche(lettre: str) -> SafeString:
    """The key of a button, shown when keys are on: what `aria-keyshortcuts` says to those who do not see it."""
    return (
        format_html('<kbd class="rc-touche" aria-hidden="true">{}</kbd>', lettre.upper()) if lettre else SafeString("")
    )


@register.inclusion_tag("composants/formulaire.html")
def formulaire(
    form: BaseForm,
    *,
    bouton: str = "Enregistrer",
    action: str = "",
    annuler: str = "",
    libelle_annuler: str = "Annuler",
    methode: str = "post",
    genre: str = "primaire",
    nom_bouton: str = "",
) -> dict[str, Any]:
    """A whole form: error summary, fields, one button, a way back."""
    return {
        "form": form,
        "bouton": bouton,
        "action": action,
        "annuler": annuler,
        "libelle_annuler": libelle_annuler,
        "methode": methode,
        "classe": GENRES_BOUTONS[genre],
        "nom_bouton": nom_bouton,
    }


@register.inclusion_tag("composants/fil_ariane.html")
def fil_ariane(ici: str, *liens: str) -> dict[str, Any]:
    """The path: `{% fil_ariane "Cette page" "Accueil" "/" "Offres" url_offres %}` (pairs of words and address)."""
    return {"miettes": Miettes(liens=tuple(zip(liens[::2], liens[1::2], strict=True)), ici=ici)}


@register.inclusion_tag("composants/carte_offre.html")
def carte_offre(
    titre: str,
    url: str,
    *,
    entreprise: str = "",
    lieu: str = "",
    distance: float | Decimal | None = None,
    nb_heures: int | Decimal | None = None,
    debut: dt.date | None = None,
    fin: dt.date | None = None,
    domaines: Sequence[str] = (),
    raisons: Sequence[str] = (),
    objet: Any = None,
    note: str = "",
    niveau: int = 3,
) -> dict[str, Any]:
    """One offer in a list. `objet` (with a state) adds its badge; `raisons` say why it is suggested."""
    return {
        "titre": titre,
        "url": url,
        "entreprise": entreprise,
        "lieu": lieu,
        "distance": distance,
        "nb_heures": nb_heures,
        "periode": periode(debut, fin),
        "domaines": domaines,
        "raisons": raisons,
        "objet": objet,
        "note": note,
        "niveau": niveau,
    }


@register.inclusion_tag("composants/carte_attente.html")
def carte_attente(
    action: str,
    *,
    echeance: dt.date | dt.datetime | None = None,
    url: str = "",
    qui: str = "",
    a_moi: bool = False,
    personne: str = "",
    objet: str = "",
    ensuite: str = "",
    suivi: Any = None,
    niveau: int = 3,
) -> dict[str, Any]:
    """A wait: what to do, for whom, on what, who owns it, until when, and `ensuite`: who is told if nobody acts.

    `suivi` says its ladder on one line (`echeances.suivi.Suivi`): since when, what was sent, when the next rung falls;
    a tap opens the whole of it.
    `personne` is a young person's name: the caller has checked that this reader may have it.
    """
    return {
        "action": action,
        "echeance": echeance,
        "ton": ton_echeance(echeance),
        "url": url,
        "qui": qui,
        "a_moi": a_moi,
        "personne": personne,
        "objet": objet,
        "ensuite": ensuite,
        "suivi": suivi,
        "niveau": niveau,
    }


@register.inclusion_tag("composants/fil.html")
def fil(lignes: Iterable[LigneFil], *, vide: str = "Il ne s’est encore rien passé ici.") -> dict[str, Any]:
    """The timeline, in the order given (latest first by habit); beyond what one reads at a glance, folded."""
    toutes = list(lignes)
    # Folding two or three lines would hide more than it saves.
    montrees = FIL_MONTRE if len(toutes) > FIL_MONTRE + FIL_TOLERANCE else len(toutes)
    autres = toutes[montrees:]
    return {
        "lignes": toutes[:montrees],
        "autres": autres,
        "titre_autres": f"Voir {pluriel(len(autres), 'ligne plus ancienne')}",
        "vide": vide,
    }


@register.inclusion_tag("composants/etapes.html")
def etapes(titre: str, numero: int, total: int, *, suivante: str = "") -> dict[str, Any]:
    """Where one is in a form of several pages (2 to 8 steps)."""
    return {"titre": titre, "numero": numero, "total": total, "suivante": suivante}


@register.inclusion_tag("composants/jalons.html")
def jalons(liste: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Milestones of a file: dicts {libelle, etat: 'fait' | 'en_cours' | 'a_venir', detail}."""
    return {
        "jalons": [{"detail": "", **jalon, "mot": _mots_jalons(str(jalon["etat"]))} for jalon in liste],
    }


def _mots_jalons(etat: str) -> str:
    return {"fait": "fait", "en_cours": "en cours", "a_venir": "à venir"}[etat]


@register.inclusion_tag("composants/jauge.html")
def jauge(
    libelle: str, fait: int | Decimal, total: int | Decimal, *, unite: str = "h", detail: str = ""
) -> dict[str, Any]:
    """How much is done out of a total, in words and as a bar."""
    mots = heures if unite == "h" else lambda nombre: f"{nombre_fr(nombre)} {unite}".strip()
    return {
        "libelle": libelle,
        # As text: a localized decimal comma would not be a valid attribute.
        "fait": f"{Decimal(str(fait)):f}",
        "total": f"{Decimal(str(total or 1)):f}",
        "mots": f"{mots(fait)} sur {mots(total)}",
        "detail": detail,
    }


@register.inclusion_tag("composants/liste_vide.html")
def liste_vide(
    titre: str, texte: str = "", *, libelle: str = "", url: str = "", icone: str = "inbox-line", niveau: int = 2
) -> dict[str, Any]:
    """Nothing to show: says why and what to do."""
    return {"titre": titre, "texte": texte, "libelle": libelle, "url": url, "icone": icone, "niveau": niveau}


@register.inclusion_tag("composants/pagination.html", takes_context=True)
def pagination(
    context: RequestContext, page: "Page[Any]", *, parametre: str = "page", ancre: str = ""
) -> dict[str, Any]:
    """Links to the pages of a list; keeps the filters of the address. Nothing when there is one page."""
    request = context.get("request")
    autres = [(cle, v) for cle, vs in request.GET.lists() if cle != parametre for v in vs] if request else []

    def vers(numero: int) -> str:
        return f"?{urlencode([*autres, (parametre, numero)])}" + (f"#{ancre}" if ancre else "")

    paginateur = page.paginator
    proches = {1, page.number - 1, page.number, page.number + 1, paginateur.num_pages}
    visibles = [numero for numero in sorted(proches) if 1 <= numero <= paginateur.num_pages]
    liens: list[dict[str, Any]] = []
    for precedent, numero in zip([0, *visibles], visibles, strict=False):
        liens.append(
            {"numero": numero, "url": vers(numero), "ici": numero == page.number, "saut": numero > precedent + 1}
        )
    return {
        "plusieurs": paginateur.num_pages > 1,
        "liens": liens,
        "numero": page.number,
        "total": paginateur.num_pages,
        "precedente": vers(page.number - 1) if page.number > 1 else "",
        "suivante": vers(page.number + 1) if page.number < paginateur.num_pages else "",
    }


@register.inclusion_tag("composants/filtres.html", takes_context=True)
def filtres(
    context: Context,
    form: BaseForm,
    *,
    bouton: str = "Rechercher",
    action: str = "",
    effacer: str = "",
    cible: str = "",
    titre: str = "Rechercher",
) -> dict[str, Any]:
    """A GET form. `cible` is the id of the results: with htmx they change in place."""
    request = context.get("request")
    # htmx adds its parameters to the address it is given: without the query, a filter never comes twice.
    action = action or (request.path if request else "")
    return {"form": form, "bouton": bouton, "action": action, "effacer": effacer, "cible": cible, "titre": titre}


@register.inclusion_tag("composants/tableau.html")
def tableau(
    legende: str, colonnes: Sequence[str | Colonne], lignes: Iterable[Sequence[Any]], *, legende_visible: bool = True
) -> dict[str, Any]:
    """A table that becomes cards on a phone. The first cell of a line is its heading."""
    titres = [colonne if isinstance(colonne, Colonne) else Colonne(colonne) for colonne in colonnes]
    corps = [[{"colonne": c, "valeur": v} for c, v in zip(titres, ligne, strict=True)] for ligne in lignes]
    return {"legende": legende, "colonnes": titres, "lignes": corps, "legende_visible": legende_visible}


@register.inclusion_tag("composants/carte.html")
def carte_geographique(
    points: Sequence[PointCarte], *, titre: str = "Carte des offres", identifiant: str = "carte"
) -> dict[str, Any]:
    """Markers on the départements. The list beside it stays the main way: without a script the map is not there."""
    donnees = [
        {"lat": p.latitude, "lon": p.longitude, "titre": p.titre, "url": p.url, "detail": p.detail} for p in points
    ]
    # An attribute, not a <script>: htmx removes scripts, even of data, from what it puts in place.
    texte = json.dumps(donnees, ensure_ascii=False)
    return {"donnees": texte, "nombre": len(donnees), "titre": titre, "identifiant": identifiant}


@register.simple_block_tag
def alerte(content: str, titre: str = "", *, ton: str = "info", niveau: int = 3, compacte: bool = False) -> SafeString:
    """`{% alerte "Titre" ton="attention" %}…{% endalerte %}`; tons: info, succes, attention, erreur."""
    genre = TONS_ALERTES[ton]
    tete = format_html('<h{} class="fr-alert__title">{}</h{}>', niveau, titre, niveau) if titre else ""
    classe = " fr-alert--sm" if compacte or not titre else ""
    return format_html('<div class="fr-alert fr-alert--{}{} rc-alerte">{}{}</div>', genre, classe, tete, _bloc(content))


@register.simple_block_tag
def explication(
    content: str, question: str = "Pourquoi ce chiffre ?", *, source: str = "", ouvert: bool = False
) -> SafeString:
    """Why a computed figure is what it is: the rule in words, then its source."""
    pied = format_html('<p class="rc-explication__source">Source : {}</p>', source) if source else ""
    return format_html(
        '<details class="rc-explication"{}><summary>{}</summary>'
        '<div class="rc-explication__corps">{}{}</div></details>',
        SafeString(" open") if ouvert else "",
        question,
        _bloc(content),
        pied,
    )


@register.simple_block_tag
def depliant(content: str, titre: str, *, ouvert: bool = False) -> SafeString:
    """A part that opens on demand."""
    return format_html(
        '<details class="rc-depliant"{}><summary>{}</summary><div class="rc-depliant__corps">{}</div></details>',
        SafeString(" open") if ouvert else "",
        titre,
        SafeString(content),
    )


@register.simple_block_tag
def encart(content: str, titre: str = "", *, ton: str = "neutre", niveau: int = 2, identifiant: str = "") -> SafeString:
    """A framed part of a page with its heading. Tons: neutre, accent (the one next action), discret."""
    tete = format_html('<h{} class="rc-encart__titre">{}</h{}>', niveau, titre, niveau) if titre else ""
    ancre = format_html(' id="{}"', identifiant) if identifiant else ""
    return format_html(
        '<section class="rc-encart rc-encart--{}"{}>{}{}</section>', ton, ancre, tete, SafeString(content)
    )


@register.simple_block_tag
def fiche(content: str) -> SafeString:
    """A list of facts: `{% fiche %}{% ligne "Lieu" offre.commune %}{% endfiche %}`."""
    return format_html('<dl class="rc-fiche">{}</dl>', SafeString(content))


@register.simple_tag
def ligne(libelle: str, valeur: Any = None, *, vide: str = "Non renseigné") -> SafeString:
    """One fact. Line breaks are kept; a missing value is said."""
    absent = valeur is None or valeur == "" or valeur == []
    if absent and not vide:
        return SafeString("")
    if absent:
        contenu = format_html('<span class="rc-fiche__vide">{}</span>', vide)
    elif isinstance(valeur, bool):
        contenu = SafeString(oui_non(valeur).capitalize())
    elif isinstance(valeur, dt.datetime):
        contenu = format_html("{}", moment_fr(valeur))
    elif isinstance(valeur, dt.date):
        contenu = format_html("{}", date_fr(valeur))
    elif isinstance(valeur, SafeString):
        contenu = valeur
    else:
        contenu = format_html_join(SafeString("<br>"), "{}", ((part,) for part in str(valeur).splitlines()))
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", libelle, contenu)


@register.simple_block_tag
def ligne_bloc(content: str, libelle: str) -> SafeString:
    """One fact whose value holds markup: `{% ligne_bloc "Téléphone" %}{% telephone n %}{% endligne_bloc %}`."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", libelle, SafeString(content.strip()))


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """The row of buttons of a page or of an encart; full width on a phone."""
    return format_html('<div class="rc-actions">{}</div>', SafeString(content))


def _bloc(contenu: str) -> SafeString:
    """Bare text becomes a paragraph; markup stays as it was written in the template."""
    # The block was rendered by the template engine, which escaped what had to be.
    texte = SafeString(contenu.strip())
    return texte if texte.startswith("<") else format_html("<p>{}</p>", texte)
