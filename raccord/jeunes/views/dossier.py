"""Young people's pages, for the tutors of their MLDS."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Domaine, Role
from raccord.comptes.noms import en_lignes, nommer
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_situees
from raccord.jeunes import acces, actions, complements
from raccord.jeunes.forms import JeuneForm, ModifierForm, valeurs_de
from raccord.jeunes.models import Jeune
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.models import Journal

PAR_PAGE = 25
LIGNES_DU_FIL = 50
OUVERTURES_MONTREES = 10


@require_safe
@reserve_a(Role.TUTEUR)
def liste(request: Requete) -> HttpResponse:
    """My young people or my MLDS's, in alphabetical order or by what is due next: never by merit."""
    tous, par_echeance = request.GET.get("qui") == "tous", request.GET.get("tri") == "attente"
    requete = acces.jeunes_de(request.contexte).select_related("commune", "tuteur")
    if not tous:
        requete = requete.filter(tuteur_id=request.contexte.utilisateur_id)
    if par_echeance:
        requete = acces.par_prochaine_attente(requete)
    page = Paginator(requete, PAR_PAGE).get_page(request.GET.get("page"))
    jeunes = list(page.object_list)
    situations = complements.situations([jeune.pk for jeune in jeunes])
    attentes = acces.prochaines_attentes(jeunes)
    lignes = [
        {"jeune": jeune, "situation": situations.get(jeune.pk), "attente": attentes.get(jeune.pk)} for jeune in jeunes
    ]
    return render(
        request,
        "jeunes/liste.html",
        {"page": page, "lignes": lignes, "tous": tous, "par_echeance": par_echeance},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR)
def creer(request: Requete) -> HttpResponse:
    """Open the file of a young person who volunteers."""
    form = JeuneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            jeune = actions.creer(
                request.contexte, cle=form.cle_lue, identite=form.identite(), representants=form.representants()
            )
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "Le dossier est ouvert. Voici les offres près de chez ce jeune.")
            return redirect("jeunes:jeune", jeune.pk)
    return render(request, "jeunes/creer.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR)
def modifier(request: Requete, jeune_id: UUID) -> HttpResponse:
    """Change the file; the second of two editors is told, nothing typed is lost."""
    jeune = acces.jeune_visible(request.contexte, jeune_id)
    form = _form_de(request, jeune)
    if request.method == "POST" and form.is_valid():
        try:
            actions.modifier(
                request.contexte,
                jeune.pk,
                version_lue=form.version_lue,
                identite=form.identite(),
                representants=form.representants(),
                tuteur_id=UUID(form.cleaned_data["tuteur"]),
            )
        except ModifieEntreTemps:
            form = _form_de(request, acces.jeune_visible(request.contexte, jeune_id))
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "Le dossier est à jour.")
            return redirect("jeunes:jeune", jeune.pk)
    if form.second_clic:
        messages.info(request, str(DejaFait()))
        return redirect("jeunes:jeune", jeune.pk)
    return render(request, "jeunes/modifier.html", {"form": form, "jeune": jeune}, status=422 if form.errors else 200)


def _form_de(request: Requete, jeune: Jeune) -> ModifierForm:
    return ModifierForm(
        request.POST if request.method == "POST" else None,
        initial=valeurs_de(jeune),
        version=jeune.modifie_le,
        tuteurs=actions.tuteurs_de(jeune.organisation_id),
    )


@require_safe
@reserve_a(Role.TUTEUR)
def jeune(request: Requete, jeune_id: UUID) -> HttpResponse:
    """One young person: where things stand, who may see it, what could come next. Opening it leaves a line."""
    jeune = acces.jeune_visible(request.contexte, jeune_id)
    actions.ouvrir(request.contexte, jeune)
    lignes = Journal.objects.du_fil(jeune.pk).visibles_par(request.contexte.role)
    contexte: dict[str, Any] = {
        "jeune": jeune,
        "domaines": [Domaine(domaine).label for domaine in jeune.domaines],
        "sections": complements.sections(request, jeune),
        "attentes": attentes_situees(request.contexte, jeune.pk),
        "cercle": acces.cercle(jeune),
        "ouvertures": nommer(lignes.filter(verbe="jeune.ouvrir")[:OUVERTURES_MONTREES], contacts=False),
        # Contacts open to the tutor who holds the offer, on its own page.
        "fil": en_lignes(lignes.exclude(verbe="jeune.ouvrir")[:LIGNES_DU_FIL], contacts=False),
    }
    return render(request, "jeunes/jeune.html", contexte)
