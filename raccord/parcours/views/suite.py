"""What comes after a stay."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from raccord.comptes.requete import Requete
from raccord.parcours.acces import parcours as acces
from raccord.parcours.actions import suite as actions
from raccord.parcours.enums import SUITES_DITES
from raccord.parcours.forms.suite import SuiteForm
from raccord.parcours.workflow import PARCOURS
from raccord.socle import calendrier
from raccord.socle.gestes import envoyer


@require_http_methods(["GET", "HEAD", "POST"])
def suite(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The tutor notes what the young person does next."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = SuiteForm(request.POST or None, initial={"le": calendrier.aujourdhui()})
    if envoyer(
        request,
        form,
        lambda: actions.dire(request.contexte, objet.pk, **form.cleaned_data),
        "C’est noté. L’entreprise et l’acheteur ont des nouvelles.",
    ):
        return redirect("parcours:parcours", objet.pk)
    contexte = {
        "parcours": objet,
        "form": form,
        "dites": [code.label for code in SUITES_DITES],
        "refus": PARCOURS["dire_suite"].refus(request.contexte, objet),
    }
    return render(request, "parcours/parcours/suite.html", contexte, status=422 if form.errors else 200)
