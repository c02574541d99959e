"""Ma journée: nothing but my open waits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from raccord.comptes.assistance import acces as assistance
from raccord.comptes.organisations.acces import absences_du_jour
from raccord.comptes.requete import Requete
from raccord.echeances.acces import EN_RETARD, mes_attentes, par_urgence


@require_GET
def ma_journee(request: Requete) -> HttpResponse:
    """My open waits, oldest due first, and those of the colleagues I stand in for."""
    absences = absences_du_jour(request.contexte)
    absents = {absence.adhesion.utilisateur_id: absence.adhesion.utilisateur.nom_complet for absence in absences}
    attentes = mes_attentes(request.contexte, absents)
    urgences = par_urgence(attentes)
    contexte = {
        "attentes": attentes,
        "urgences": urgences,
        "retards": len(dict(urgences).get(EN_RETARD, [])),
        "absences": absences,
        "aides": assistance.demandes(request.contexte),
    }
    return render(request, "echeances/ma_journee.html", contexte)
