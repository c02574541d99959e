"""The public pages: the home and the search of offers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from raccord.comptes.enums import Domaine, Role
from raccord.comptes.requete import Requete
from raccord.jeunes.enums import DureeSouhaitee
from raccord.parcours.acces import recherche as acces
from raccord.parcours.acces.chiffres import chiffres
from raccord.parcours.forms.recherche import PARTOUT, Etiquette, Recherche, choix_rayons, lire
from raccord.parcours.workflow import OFFRE
from raccord.socle.forms.textes import assainir
from raccord.socle.gabarits import PointCarte, adresse
from raccord.socle.mots import pluriel
from raccord.territoires.recherche import Issue

ELARGISSEMENTS_MONTRES = 3
DUREES = DureeSouhaitee.choices
AIDES_DUREES = {150: "environ 1 mois", 300: "environ 2 mois", 450: "environ 3 mois", 900: "environ 6 mois"}
CANDIDATES_MONTREES = 6


@lru_cache(maxsize=4_000)
def dessiner(offre: acces.OffreListee) -> SafeString:
    """The card of one offer. Kept by its whole content: a drawing can be reused, never be out of date."""
    return render_to_string("parcours/offres/_carte.html", {"offre": offre})


def _porte(request: Requete, transition: str, nom: str) -> str:
    """The address of the page that begins this transition; none for a role that it would refuse."""
    ouverte_a = OFFRE[transition].roles | {Role.VISITEUR}
    return adresse(nom) if request.contexte.role in ouverte_a else ""


# Neither page reads anything confidential nor writes: no transaction to begin and to end for each visitor.
@transaction.non_atomic_requests
@login_not_required
@require_safe
def accueil(request: Requete) -> HttpResponse:
    """What Raccord is for, one next action for each visitor."""
    return render(
        request,
        "parcours/accueil.html",
        {
            "chiffres": chiffres(),
            "offres": acces.recentes(limite=3),
            "url_proposer": _porte(request, "proposer", "parcours:proposer"),
            "url_declarer": _porte(request, "preparer", "parcours:declarer"),
        },
    )


@transaction.non_atomic_requests
@login_not_required
@require_safe
def offres(request: Requete) -> HttpResponse:
    """The published offers that answer the address: list, map, and a way out when there is none."""
    recherche = lire(request.GET)
    resultats = acces.chercher(recherche.criteres, numero=request.GET.get("page", 1))
    contexte: dict[str, Any] = {
        "criteres": recherche.criteres,
        "resume": recherche.form.resume,
        "lieu_saisi": recherche.lieu_saisi,
        "lieu_inconnu": recherche.doute is not None,
        "choix_lieu": _choix(recherche),
        "plusieurs_lieux": recherche.doute is Issue.PLUSIEURS,
        "etiquettes": recherche.etiquettes(),
        "page": resultats.page,
        "cartes": [dessiner(offre) for offre in resultats.page],
        "total": resultats.total,
        "corrections": [(mot, proches) for mot, proches in resultats.corrections.items()],
        "elargir": [] if resultats.total else _elargir(recherche),
        "points": _points(resultats.sur_la_carte),
        "url_proposer": _porte(request, "proposer", "parcours:proposer"),
        "carte_de_la_page": resultats.total > acces.POINTS_SUR_LA_CARTE,
    }
    if request.htmx:
        reponse = render(request, "parcours/offres/_resultats.html", contexte)
    else:
        reponse = render(request, "parcours/offres/liste.html", contexte | _saisie(recherche))
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _saisie(recherche: Recherche) -> dict[str, Any]:
    """What the form shows: everything as it was typed, even what was refused."""
    donnees, criteres = recherche.adresse_lue, recherche.criteres
    saisie = {nom: assainir(donnees.get(nom, "")) for nom in ("q", "lieu", "du", "au")}
    rayon = donnees.get("rayon", "")
    choix = choix_rayons(rayon)
    return {
        "saisie": saisie | {"rayon": rayon if rayon in dict(choix) else str(acces.RAYON_HABITUEL)},
        "choix_rayons": choix,
        "choix_durees": [
            (valeur, libelle, AIDES_DUREES[valeur], valeur in criteres.durees)
            for valeur, libelle in DureeSouhaitee.choices
        ],
        "cle_cases": f"{criteres.durees}{criteres.domaines}",
        "choix_domaines": [(valeur, libelle, valeur in criteres.domaines) for valeur, libelle in Domaine.choices],
        "plus_ouvert": bool(criteres.durees or criteres.domaines or saisie["du"] or saisie["au"]),
    }


def _choix(recherche: Recherche) -> list[Etiquette]:
    """Communes that the place may mean, each the same search made precise."""
    return [
        Etiquette(f"{commune.libelle}, {commune.departement.nom}", recherche.adresse(lieu=commune.libelle))
        for commune in recherche.choix[:CANDIDATES_MONTREES]
    ]


def _elargir(recherche: Recherche) -> list[Etiquette]:
    """Nothing was found: the nearest searches that find something, each with its number."""
    trouvees = []
    for libelle, autres in _assouplissements(recherche):
        nombre = acces.compter(lire(QueryDict(urlencode(recherche.parametres(**autres)))).criteres)
        if nombre:
            trouvees.append(Etiquette(f"{libelle} : {pluriel(nombre, 'offre')}", recherche.adresse(**autres)))
        if len(trouvees) == ELARGISSEMENTS_MONTRES:
            break
    return trouvees


def _assouplissements(recherche: Recherche) -> list[tuple[str, dict[str, str | None]]]:
    criteres = recherche.criteres
    essais: list[tuple[str, dict[str, str | None]]] = []
    if criteres.commune and criteres.rayon is not None:
        plus_loin = next((rayon for rayon in acces.RAYONS if rayon > criteres.rayon), None)
        if plus_loin:
            essais.append((f"À {plus_loin} km", {"rayon": str(plus_loin)}))
        essais.append(("Dans toute la France", {"rayon": PARTOUT}))
    for nom, libelle, actif in (
        ("domaines", "Dans tous les domaines", criteres.domaines),
        ("durees", "Pour toutes les durées", criteres.durees),
        ("q", f"Sans « {criteres.q} »", criteres.q),
    ):
        if actif:
            essais.append((libelle, {nom: None}))
    if criteres.du or criteres.au:
        essais.append(("À toutes les dates", {"du": None, "au": None}))
    return essais


def _points(offres: Sequence[acces.OffreListee]) -> list[PointCarte]:
    return [
        PointCarte(
            latitude=offre.latitude,
            longitude=offre.longitude,
            titre=offre.intitule,
            url=offre.url,
            detail=f"{offre.entreprise}, {offre.lieu}, {offre.duree}",
        )
        for offre in offres
        if offre.latitude is not None and offre.longitude is not None
    ]
