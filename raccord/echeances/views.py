"""Ma journée: nothing but my open waits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from raccord.comptes.requete import Requete
from raccord.echeances.acces import mes_attentes


@require_GET
def ma_journee(request: Requete) -> HttpResponse:
    """My open waits, oldest due first."""
    return render(request, "echeances/ma_journee.html", {"attentes": mes_attentes(request.contexte)})
