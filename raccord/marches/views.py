"""The list of contracts and the rules in force."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.marches.acces import brouillons_de, lignes_marches, marches_de, regles_en_vigueur
from raccord.marches.calibration import MENU, OBJECTIFS, equivalence, heures_hebdo
from raccord.marches.forms import RechercheForm
from raccord.socle import calendrier

PAR_PAGE = 20


@require_safe
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def liste(request: Requete) -> HttpResponse:
    """My organisation's contracts and drafts (all contracts for the national team)."""
    form = RechercheForm(request.GET or None)
    texte = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(marches_de(request.contexte, texte=texte), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "form": form,
        "texte": texte,
        "page": page,
        "lignes": lignes_marches(page.object_list),
        "brouillons": list(brouillons_de(request.contexte)),
        "tous": request.contexte.role == Role.NATIONAL,
    }
    return render(request, "marches/liste.html", contexte)


@require_safe
def regles(request: Requete) -> HttpResponse:
    """The dated rules in force, each with its source."""
    aujourdhui, hebdo = calendrier.aujourdhui(), heures_hebdo()
    contexte = {
        "regles": regles_en_vigueur(aujourdhui),
        "aujourdhui": aujourdhui,
        "menu": [(equivalence(heures, hebdo=hebdo), OBJECTIFS[heures]) for heures in MENU],
    }
    return render(request, "marches/regles.html", contexte)
