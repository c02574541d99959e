"""What frames a content that a template writes: notices, parts that open, facts, rows of buttons. A builtin too."""

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from raccord.socle import mots

register = template.Library()

TONS_ALERTES = {"succes": "success", "erreur": "error", "attention": "warning", "info": "info"}


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
        contenu = SafeString(mots.oui_non(valeur).capitalize())
    elif isinstance(valeur, dt.datetime):
        contenu = format_html("{}", mots.moment_fr(valeur))
    elif isinstance(valeur, dt.date):
        contenu = format_html("{}", mots.date_fr(valeur))
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
