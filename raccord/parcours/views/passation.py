"""Handing a portfolio over to a colleague, reading the note, closing the school year."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.models import Utilisateur
from raccord.comptes.organisations.views import SECTIONS
from raccord.comptes.requete import Requete
from raccord.jeunes.acces import jeune_suivi
from raccord.jeunes.complements import GESTES, Geste
from raccord.jeunes.models import Jeune
from raccord.parcours.acces import passation as acces
from raccord.parcours.actions import passation as actions
from raccord.parcours.forms.passation import FinAnneeForm, PassationForm
from raccord.socle.exceptions import DejaFait, ErreurMetier

FORME = ["GET", "HEAD", "POST"]


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR)
def confier(request: Requete, tuteur_id: UUID) -> HttpResponse:
    """All that a tutor follows, a successor, a note."""
    tuteur = acces.tuteur_a_confier(request.contexte, tuteur_id)
    return _confier(request, tuteur, retour=reverse("comptes:organisation"))


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def confier_dossier(request: Requete, jeune_id: UUID) -> HttpResponse:
    """The same for one young person: their file, and all that their tutor does for them."""
    jeune = jeune_suivi(request.contexte, jeune_id)
    tuteur = acces.tuteur_a_confier(request.contexte, jeune.tuteur_id)
    return _confier(request, tuteur, [jeune.pk], retour=reverse("jeunes:jeune", args=[jeune.pk]))


def _confier(
    request: Requete, tuteur: Utilisateur, jeunes: Collection[UUID] | None = None, *, retour: str
) -> HttpResponse:
    contexte = request.contexte
    lignes = acces.portefeuille(contexte, tuteur.pk, jeunes)
    tuteurs = list(acces.tuteurs_de_la_mlds(contexte).exclude(pk=tuteur.pk))
    form = PassationForm(request.POST if request.method == "POST" else None, tuteurs=tuteurs)
    if request.method == "POST" and form.is_valid():
        try:
            passation = actions.confier(
                contexte,
                tuteur.pk,
                vers_id=UUID(form.cleaned_data["vers"]),
                note=form.cleaned_data["note"],
                jeunes=jeunes,
            )
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            ce_qui_passe = "ces dossiers" if jeunes is None else "ce dossier"
            messages.success(request, f"{passation.vers.nom_complet} suit maintenant {ce_qui_passe}.")
            return redirect("parcours:passation", passation.pk)
    donnees = {
        "form": form,
        "tuteur": tuteur,
        "lignes": lignes,
        "seul": not tuteurs,
        "a_moi": tuteur.pk == contexte.utilisateur_id,
        "un_seul": jeunes is not None,
        "retour": retour,
    }
    return render(request, "parcours/passation/confier.html", donnees, status=422 if form.errors else 200)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR)
def passation(request: Requete, passation_id: UUID) -> HttpResponse:
    """The note, what passes and whom to call; the successor says it is read."""
    trouvee = acces.passation_visible(request.contexte, passation_id)
    a_moi = trouvee.vers_id == request.contexte.utilisateur_id
    if request.method == "POST":
        if not a_moi:
            raise PermissionDenied
        try:
            actions.lire(request.contexte, trouvee.pk)
        except DejaFait as deja:
            messages.info(request, str(deja))
        else:
            messages.success(request, "C’est noté. Première chose à faire : appeler chacun pour vous présenter.")
        return redirect("parcours:passation", trouvee.pk)
    lignes = acces.portefeuille(request.contexte, trouvee.vers_id, trouvee.jeunes)
    donnees = {
        "passation": trouvee,
        "a_moi": a_moi,
        "lignes": lignes,
        "dossiers_ouverts": request.contexte.role == Role.TUTEUR,
    }
    return render(request, "parcours/passation/passation.html", donnees)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR)
def fin_d_annee(request: Requete) -> HttpResponse:
    """What is still open, tutor by tutor, one decision each."""
    contexte = request.contexte
    a_revoir = acces.tuteurs_a_revoir(contexte)
    if not a_revoir:
        raise PermissionDenied
    suivis = acces.portefeuilles(contexte, [tuteur.pk for tuteur in a_revoir])
    portefeuilles = [(tuteur, suivis[tuteur.pk]) for tuteur in a_revoir]
    form = FinAnneeForm(
        request.POST if request.method == "POST" else None,
        portefeuilles=portefeuilles,
        tuteurs=list(acces.tuteurs_de_la_mlds(contexte)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            nombre = actions.revoir(contexte, form.decisions(), note=form.cleaned_data["note"])
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "C’est enregistré." if nombre else "Rien ne change : tout est gardé.")
            return redirect("parcours:fin_d_annee")
    groupes = [
        {"tuteur": tuteur, "lignes": [(ligne, form[f"{tuteur.pk}_{ligne.jeune.pk}"]) for ligne in lignes]}
        for tuteur, lignes in portefeuilles
    ]
    donnees = {
        "form": form,
        "groupes": groupes,
        "nombre": sum(len(lignes) for _, lignes in portefeuilles),
        "dossiers_ouverts": contexte.role == Role.TUTEUR,
    }
    return render(request, "parcours/passation/fin_d_annee.html", donnees, status=422 if form.errors else 200)


def _section(request: Requete) -> dict[str, str] | None:
    """On the page of an MLDS: the way to both, for whoever may."""
    contexte = request.contexte
    if contexte.role == Role.TUTEUR and contexte.utilisateur_id:
        return {
            "titre": "Mes dossiers",
            "texte": "Vous partez, ou vous changez de poste ? Tout passe à un collègue en une fois, avec votre note.",
            "libelle": "Confier mes dossiers",
            "url": reverse("parcours:confier_portefeuille", args=[contexte.utilisateur_id]),
        }
    return None


def _section_fin_d_annee(request: Requete) -> dict[str, str] | None:
    contexte = request.contexte
    if contexte.role == Role.TUTEUR or (contexte.role == Role.COORDONNATEUR and contexte.administrateur):
        return {
            "titre": "Fin d’année scolaire",
            "texte": "Ce qui est encore ouvert, une décision pour chacun : garder, confier, rendre l’offre.",
            "libelle": "Faire le point",
            "url": reverse("parcours:fin_d_annee"),
        }
    return None


for _composer in (_section, _section_fin_d_annee):
    if _composer not in SECTIONS:
        SECTIONS.append(_composer)


def _geste(request: Requete, jeune: Jeune) -> Geste | None:
    if not acces.peut_confier(request.contexte, jeune.tuteur_id):
        return None
    return Geste(libelle="Confier à un collègue", url=reverse("parcours:confier_dossier", args=[jeune.pk]))


if _geste not in GESTES:
    GESTES.append(_geste)
