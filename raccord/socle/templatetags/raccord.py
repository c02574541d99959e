"""Words and components of every screen. The library is a builtin: nothing to load. What frames a content is in `blocs`.

Filters are the French words of `socle.mots`. Tags draw a component; their arguments are the contract, and each
component's template in `templates/composants/` says when to use it. See them all on `/composants/`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.context import Context, RequestContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from raccord.socle import mots
from raccord.socle.gabarits import Colonne, LigneFil, Miettes, PointCarte

register = template.Library()

FIL_MONTRE = 5
FIL_TOLERANCE = 3
TONS_MESSAGES = {"success": "success", "error": "error", "warning": "warning", "info": "info", "debug": "info"}
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


# --- Filters ---------------------------------------------------------------------------------------

for mot in (
    mots.pluriel,
    mots.nombre_fr,
    mots.heures,
    mots.euros,
    mots.distance_km,
    mots.date_fr,
    mots.heure_fr,
    mots.moment_fr,
    mots.moment_ou_jour,
    mots.iso,
    mots.periode,
    mots.duree_relative,
    mots.jours_restants,
    mots.telephone_fr,
    mots.siret_fr,
    mots.oui_non,
    mots.liste_fr,
    mots.majuscule,
):
    register.filter(mot)


@register.filter
def ton_echeance(echeance: dt.date | dt.datetime | None, le: dt.date | None = None) -> str:
    """'erreur' when late, 'attention' within three days, else 'neutre'."""
    if not echeance:
        return "neutre"
    jours = (mots.jour_de(echeance) - (le or timezone.localdate())).days
    if jours < 0:
        return "erreur"
    return "attention" if jours <= 3 else "neutre"


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
    return badge(mots.majuscule(objet.get_etat_display()), ton or TONS_ETATS.get(str(objet.etat), "neutre"))


@register.simple_tag
def compte_a_rebours(echeance: dt.date | dt.datetime | None, prefixe: str = "") -> SafeString:
    """The days left, in words, coloured, with the date in `<time>`. Nothing without a date."""
    if not echeance:
        return SafeString("")
    return format_html(
        '<time class="rc-rebours rc-rebours--{}" datetime="{}" title="{}">{}{}</time>',
        ton_echeance(echeance),
        mots.jour_de(echeance).isoformat(),
        mots.date_fr(echeance, "jour"),
        f"{prefixe} " if prefixe else "",
        mots.jours_restants(echeance),
    )


@register.simple_tag
def telephone(numero: str | None) -> SafeString:
    """A number one can tap."""
    if not numero:
        return SafeString("")
    return format_html('<a href="tel:{}" class="rc-tel">{}</a>', numero, mots.telephone_fr(numero))


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
        "periode": mots.periode(debut, fin),
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
        "titre_autres": f"Voir {mots.pluriel(len(autres), 'ligne plus ancienne')}",
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
    en_mots = mots.heures if unite == "h" else lambda nombre: f"{mots.nombre_fr(nombre)} {unite}".strip()
    return {
        "libelle": libelle,
        # As text: a localized decimal comma would not be a valid attribute.
        "fait": f"{Decimal(str(fait)):f}",
        "total": f"{Decimal(str(total or 1)):f}",
        "mots": f"{en_mots(fait)} sur {en_mots(total)}",
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
