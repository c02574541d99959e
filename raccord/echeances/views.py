"""Ma journée: nothing but my open waits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from raccord.comptes.requete import Requete
from raccord.echeances.acces import EN_RETARD, mes_attentes, par_urgence


@require_GET
def ma_journee(request: Requete) -> HttpResponse:
    """My open waits, oldest due first."""
    attentes = mes_attentes(request.contexte)
    urgences = par_urgence(attentes)
    contexte = {"attentes": attentes, "urgences": urgences, "retards": len(dict(urgences).get(EN_RETARD, []))}
    return render(request, "echeances/ma_journee.html", contexte)
