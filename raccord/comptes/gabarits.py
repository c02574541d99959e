"""What every page shows of the person: navigation, membership."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from raccord.comptes.enums import Role

# (words, URL name, roles): the one list of the main navigation.
ENTREES: tuple[tuple[str, str, frozenset[str] | None], ...] = (
    ("Ma journée", "echeances:ma_journee", frozenset(set(Role) - {Role.VISITEUR})),
    ("Offres", "parcours:offres", None),
    ("Jeunes", "jeunes:liste", frozenset({Role.TUTEUR, Role.PARTENAIRE})),
    ("Parcours", "parcours:liste", frozenset({Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL})),
    ("Marchés", "marches:liste", frozenset({Role.ACHETEUR, Role.NATIONAL})),
    ("État des lieux", "parcours:etat_des_lieux", frozenset({Role.COORDONNATEUR, Role.NATIONAL})),
    ("Proposer un parcours", "parcours:proposer", frozenset({Role.VISITEUR})),
)
# What an entry leads to under other addresses: the entry stays marked there.
AUSSI = {"parcours:liste": ("/reservations/", "/propositions/", "/signalements/", "/transferts/")}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Entries for the role, the current one marked; who acts and for whom, or as whom one looks."""
    contexte = getattr(request, "contexte", None)
    role = contexte.role if contexte else Role.VISITEUR
    entrees = []
    if not (contexte and contexte.lien_id):
        for libelle, nom, roles in ENTREES:
            if roles is None or role in roles:
                url = reverse(nom)
                actif = request.path.startswith((url, *AUSSI.get(nom, ())))
                entrees.append({"libelle": libelle, "url": url, "actif": actif})
    return {
        "navigation": entrees,
        "adhesion": getattr(request, "adhesion", None),
        "adhesions": getattr(request, "adhesions", []),
        "assistance": getattr(request, "assistance", None),
        "proconnect": settings.PROCONNECT is not None,
    }
