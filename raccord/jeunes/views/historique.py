"""The history of a file, for the tutors who write in it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.jeunes import acces
from raccord.jeunes.historique import gestes, lignes_de

PAR_PAGE = 30


@require_safe
@reserve_a(Role.TUTEUR)
def historique(request: Requete, jeune_id: UUID) -> HttpResponse:
    """What was changed, by whom, when, on what occasion."""
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    page = Paginator(lignes_de(jeune), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"jeune": jeune, "page": page, "gestes": gestes(list(page.object_list))}
    return render(request, "jeunes/historique.html", contexte)
