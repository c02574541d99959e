"""The contract corrected once it is sent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.marches.acces import brouillons_de, lignes_engagements, marche_visible
from raccord.marches.models import Marche
from raccord.parcours.actions import marche as actions
from raccord.parcours.forms.declaration import CorrectionForm
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def corriger(request: Requete, marche_id: UUID) -> HttpResponse:
    """Dates, amounts, hours, reference, who follows: refused in words when a young person is already expected."""
    marche = marche_visible(request.contexte, marche_id)
    if brouillons_de(request.contexte).filter(marche=marche).exists():
        return redirect("marches:marche", marche_id)
    form = _form(request, marche)
    if request.method == "POST" and form.is_valid():
        try:
            corrige = actions.corriger(request.contexte, marche_id, form.correction(), version=form.version_lue)
        except ModifieEntreTemps:
            form = _form(request, marche_visible(request.contexte, marche_id))
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            prevenue = corrige.heures or corrige.marche.date_fin_clause != marche.date_fin_clause
            suite = " L’entreprise en est prévenue." if prevenue else ""
            messages.success(request, f"Le marché est corrigé.{suite}")
            return redirect("marches:marche", marche_id)
    if form.second_clic:
        return redirect("marches:marche", marche_id)
    contexte = {"form": form, "marche": marche}
    return render(request, "parcours/marches/corriger.html", contexte, status=422 if form.errors else 200)


def _form(request: Requete, marche: Marche) -> CorrectionForm:
    moi, lignes, lots = (
        request.contexte.utilisateur_id,
        lignes_engagements(marche),
        list(marche.lots.order_by("numero")),
    )
    return CorrectionForm(
        request.POST if request.method == "POST" else None,
        initial=CorrectionForm.valeurs(marche, lignes, lots, moi),
        version=marche.modifie_le,
        national=request.contexte.role == Role.NATIONAL,
        moi=moi,
        suivi_par=marche.suivi_par,
        lignes=lignes,
        lots=lots,
    )
