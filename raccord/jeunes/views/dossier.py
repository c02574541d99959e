"""Young people's files: the list, a file, opening and changing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Domaine, Role
from raccord.comptes.noms import en_lignes
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_situees
from raccord.jeunes import acces, complements
from raccord.jeunes.actions import dossier as actions
from raccord.jeunes.enums import ROLES_DU_CERCLE
from raccord.jeunes.forms.dossier import JeuneForm, valeurs_de
from raccord.jeunes.models import Jeune
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.models import Journal

PAR_PAGE = 25
LIGNES_DU_FIL = 50
OUVERTURES_MONTREES = 10


# The national team counts on its own pages; a file that is open to it is read by its address.
LECTEURS = ROLES_DU_CERCLE - {Role.NATIONAL}


@require_safe
@reserve_a(*LECTEURS)
def liste(request: Requete) -> HttpResponse:
    """My young people or my MLDS's, in alphabetical order or by what is due next: never by merit.

    For a partner, those whose file is open to it.
    """
    tuteur = request.contexte.role == Role.TUTEUR
    tous = not tuteur or request.GET.get("qui") == "tous"
    par_echeance = tuteur and request.GET.get("tri") == "attente"
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
        {"page": page, "lignes": lignes, "tous": tous, "par_echeance": par_echeance, "tuteur": tuteur},
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
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    form = _form_de(request, jeune)
    if request.method == "POST" and form.is_valid():
        try:
            actions.modifier(
                request.contexte,
                jeune.pk,
                version_lue=form.version_lue,
                identite=form.identite(),
                representants=form.representants(),
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


def _form_de(request: Requete, jeune: Jeune) -> JeuneForm:
    return JeuneForm(
        request.POST if request.method == "POST" else None,
        initial=valeurs_de(jeune),
        version=jeune.modifie_le,
    )


@require_safe
@reserve_a(*LECTEURS)
def jeune(request: Requete, jeune_id: UUID) -> HttpResponse:
    """One young person: where things stand, who may see it, what could come next. Opening it leaves a line."""
    jeune = acces.jeune_visible(request.contexte, jeune_id)
    actions.ouvrir(request.contexte, jeune)
    suit = acces.suit(request.contexte, jeune)
    contexte: dict[str, Any] = {
        "jeune": jeune,
        "suit": suit,
        "domaines": [Domaine(domaine).label for domaine in jeune.domaines],
        "cercle": acces.cercle(jeune),
        "ouvertures": acces.ouvertures(jeune, request.contexte.role)[:OUVERTURES_MONTREES],
        **(_suivi(request, jeune) if suit else {}),
    }
    return render(request, "jeunes/jeune.html" if suit else "jeunes/jeune_ouvert.html", contexte)


def _suivi(request: Requete, jeune: Jeune) -> dict[str, Any]:
    """What only the MLDS that follows reads: what is awaited, what comes next, what happened."""
    lignes = Journal.objects.du_fil(jeune.pk).visibles_par(request.contexte.role)
    return {
        "sections": complements.sections(request, jeune),
        "gestes": complements.gestes(request, jeune),
        "attentes": attentes_situees(request.contexte, jeune.pk),
        "finis": acces.acces_finis(jeune),
        "fiche": acces.fiche_en_vigueur(jeune.pk),
        "brouillon": acces.brouillon_de(jeune.pk),
        # Contacts open to the tutor who holds the offer, on its own page.
        "fil": en_lignes(lignes.exclude(verbe__in=acces.VERBES_D_OUVERTURE)[:LIGNES_DU_FIL], contacts=False),
    }
