"""The second page of a declaration: its lots, and the companies that hold them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.acces import reserve_a
from raccord.comptes.requete import Requete
from raccord.marches.actions import brouillon as brouillons
from raccord.marches.models import Brouillon, Marche
from raccord.parcours.actions import declaration as actions
from raccord.parcours.forms.declaration import LOTS_MAXIMUM, LotForm, MutualiserForm, TitulaireForm
from raccord.parcours.forms.saisies import brute, initiales
from raccord.parcours.views.brouillon import DECLARANTS, apres, etape, ouvrir, refusee, resumer
from raccord.socle.exceptions import ErreurMetier


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def lots(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The lots and who holds them; lots are added and removed by buttons that post the page again."""
    brouillon = ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    if brouillon.marche is None:
        return redirect("parcours:declarer_contrat", brouillon_id)
    if request.method == "POST":
        return _recevoir_lots(request, brouillon)
    saisie = brouillon.saisies.get("lots") or _lots_enregistres(brouillon.marche)
    formulaires = [_classe_lot(saisie)(prefix=f"lot-{i}", initial=lot) for i, lot in enumerate(saisie["lots"])]
    mutualiser = MutualiserForm(initial={"mutualiser": "oui" if saisie["mutualiser"] else "non"})
    return _montrer_lots(request, brouillon, formulaires, mutualiser, divise=saisie["divise"])


def _classe_lot(saisie: dict[str, Any]) -> type[TitulaireForm]:
    return LotForm if saisie["divise"] else TitulaireForm


def _lots_enregistres(marche: Marche) -> dict[str, Any]:
    """What the rows say, in the shape of what is typed."""
    lignes: list[dict[str, Any]] = []
    mutualiser = False
    for engagement in (
        marche.engagements.select_related("entreprise").prefetch_related("lots").order_by("cree_le", "pk")
    ):
        siens = list(engagement.lots.all())
        mutualiser = mutualiser or len(siens) > 1
        for lot in siens:
            entreprise = engagement.entreprise
            lignes.append(
                {
                    "numero": lot.numero,
                    "intitule": lot.intitule,
                    "montant_ferme": lot.montant_ferme,
                    "siret": entreprise.siret,
                    "nom": entreprise.nom,
                }
            )
    lignes.sort(key=lambda ligne: int(ligne["numero"]))
    divise = any(ligne["numero"] for ligne in lignes)
    return {"divise": divise, "mutualiser": mutualiser, "lots": lignes or [{}]}


def _lots_tapes(donnees: QueryDict) -> dict[str, Any]:
    """What was typed, lot by lot, valid or not."""
    try:
        nombre = int(donnees.get("nombre", "1"))
    except ValueError:
        nombre = 1
    tapes = brute(donnees)
    lots_tapes = [initiales(LotForm, tapes, f"lot-{i}") for i in range(max(1, min(nombre, LOTS_MAXIMUM)))]
    return {
        "divise": donnees.get("divise") == "oui",
        "mutualiser": donnees.get("mutualiser") == "oui",
        "lots": lots_tapes,
    }


def _changer_lots(saisie: dict[str, Any], donnees: QueryDict) -> str | None:
    """Apply 'add', 'remove', 'divide', 'do not divide'. Returns where to look next, None when it is another button."""
    lots_tapes = saisie["lots"]
    if "diviser" in donnees:
        saisie["divise"] = True
        lots_tapes[0].setdefault("numero", "1")
        return "lot-0"
    if "reunir" in donnees:
        saisie["divise"], saisie["lots"] = False, lots_tapes[:1]
        return "lot-0"
    if "ajouter" in donnees:
        if len(lots_tapes) < LOTS_MAXIMUM:
            lots_tapes.append({"numero": str(len(lots_tapes) + 1)})
        return f"lot-{len(lots_tapes) - 1}"
    if "retirer" in donnees:
        rang = donnees.get("retirer", "")
        if rang.isdecimal() and int(rang) < len(lots_tapes) and len(lots_tapes) > 1:
            del lots_tapes[int(rang)]
        return "lots"
    return None


def _recevoir_lots(request: Requete, brouillon: Brouillon) -> HttpResponse:
    saisie = _lots_tapes(request.POST)
    ancre = _changer_lots(saisie, request.POST)
    if ancre is not None:
        brouillons.garder_saisie(request.contexte, brouillon.pk, page="lots", saisie=saisie)
        return redirect(reverse("parcours:declarer_lots", args=[brouillon.pk]) + f"#{ancre}")
    classe = _classe_lot(saisie)
    formulaires = [classe(request.POST, prefix=f"lot-{i}") for i in range(len(saisie["lots"]))]
    mutualiser = MutualiserForm({"mutualiser": "oui" if saisie["mutualiser"] else "non"})
    refus = ""
    if all([form.is_valid() for form in formulaires]):
        try:
            notes = actions.enregistrer_lots(
                request.contexte,
                brouillon.pk,
                [form.lot() for form in formulaires],
                mutualiser=saisie["mutualiser"] and saisie["divise"],
            )
        except ErreurMetier as erreur:
            refus = str(erreur)
        else:
            for note in notes:
                messages.info(request, note)
            return apres(request, brouillon.pk, reverse("parcours:declarer_heures", args=[brouillon.pk]))
    return refusee(request, brouillon.pk, "lots", saisie) or _montrer_lots(
        request, brouillon, formulaires, mutualiser, divise=saisie["divise"], refus=refus
    )


def _montrer_lots(
    request: Requete,
    brouillon: Brouillon,
    formulaires: list[TitulaireForm],
    mutualiser: MutualiserForm,
    *,
    divise: bool,
    refus: str = "",
) -> HttpResponse:
    resume = resumer(formulaires, refus, noms=[f"Lot {i}, " if divise else "" for i in range(1, len(formulaires) + 1)])
    contexte = {
        "brouillon": brouillon,
        "formulaires": formulaires,
        "mutualiser": mutualiser,
        "divise": divise,
        "resume": resume,
        **etape(2),
    }
    return render(request, "parcours/declaration/lots.html", contexte, status=422 if resume else 200)
