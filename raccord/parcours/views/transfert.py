"""Handing a stay over to another territory."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Organisation
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.jeunes.actions.dossier import tuteurs_de
from raccord.parcours.acces import parcours as acces
from raccord.parcours.acces.offres import voit_niveau_2
from raccord.parcours.actions import transfert as actions
from raccord.parcours.forms.transfert import AccepterForm, ConfierForm, RefuserForm
from raccord.parcours.models import Transfert
from raccord.parcours.workflow import TRANSFERT
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer, presser
from raccord.territoires.models import ordre_francais

FORME = ["GET", "HEAD", "POST"]


@require_http_methods(FORME)
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def confier(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Choose the MLDS of another académie and say what it must know."""
    contexte = request.contexte
    parcours = acces.parcours_visible(contexte, parcours_id)
    if contexte.role == Role.COORDONNATEUR and (
        parcours.organisation is None or parcours.organisation.academie_id != contexte.academie_id
    ):
        raise PermissionDenied
    mlds = (
        Organisation.objects.filter(genre=GenreOrganisation.MLDS)
        .exclude(academie=parcours.organisation.academie_id if parcours.organisation else None)
        .select_related("academie")
        .order_by(*ordre_francais("academie__nom"), *ordre_francais("nom"), "pk")
    )
    form = ConfierForm(request.POST or None, mlds=mlds)
    if request.method == "POST" and form.is_valid():
        try:
            transfert = actions.demander(
                contexte, parcours.pk, vers_id=UUID(form.cleaned_data["vers_id"]), motif=form.cleaned_data["motif"]
            )
        except DejaFait as deja:
            messages.info(request, str(deja))
            return redirect("parcours:parcours", parcours.pk)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, f"La demande est partie à {transfert.vers.nom}.")
            return redirect("parcours:transfert", transfert.pk)
    return render(
        request,
        "parcours/transfert/confier.html",
        {"parcours": parcours, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(FORME)
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL, Role.TUTEUR)
def transfert(request: Requete, transfert_id: UUID) -> HttpResponse:
    """The question, and its answer: accept with a tutor, or refuse with a reason."""
    objet = acces.transfert_visible(request.contexte, transfert_id)
    refuse = request.POST.get("geste") == "refuser"
    accepter = AccepterForm(
        request.POST if request.method == "POST" and not refuse else None, tuteurs=tuteurs_de(objet.vers_id)
    )
    refuser = RefuserForm(request.POST if refuse else None)
    if request.method == "POST":
        _peut_repondre(request, objet)
        if envoyer(
            request,
            refuser,
            lambda: actions.refuser(request.contexte, objet.pk, reponse=refuser.cleaned_data["reponse"]),
            "Votre refus est envoyé.",
        ) or envoyer(
            request,
            accepter,
            lambda: actions.accepter(request.contexte, objet.pk, tuteur_id=UUID(accepter.cleaned_data["tuteur_id"])),
            "Le parcours est à vous.",
        ):
            return redirect("parcours:transfert", objet.pk)
    refus = {action.transition.nom: action.refus or "" for action in objet.actions_possibles(request.contexte)}
    contexte = {
        "transfert": objet,
        "parcours": objet.parcours,
        "accepter": accepter,
        "refuser": refuser,
        "refuse": refuse,
        "peut_repondre": refus.get("accepter") == "",
        "peut_annuler": refus.get("annuler") == "",
        "jeune": acces.identites(request.contexte, [objet.parcours.jeune]).get(objet.parcours.jeune_id, "")
        if objet.parcours.jeune_id
        else "",
        "attentes": attentes_de(objet.pk),
        "fil": fil_de(request.contexte, objet.pk, contacts=voit_niveau_2(request.contexte, objet.parcours.offre)),
    }
    return render(
        request,
        "parcours/transfert/transfert.html",
        contexte,
        status=422 if accepter.errors or refuser.errors else 200,
    )


def _peut_repondre(request: Requete, objet: Transfert) -> None:
    """The receiving territory alone; the words of the guard are on the page."""
    if request.contexte.role not in TRANSFERT["accepter"].roles:
        raise PermissionDenied
    if request.contexte.role == Role.COORDONNATEUR and objet.vers.academie_id != request.contexte.academie_id:
        raise PermissionDenied


@require_POST
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def annuler(request: Requete, transfert_id: UUID) -> HttpResponse:
    """Whoever asked takes the question back."""
    objet = acces.transfert_visible(request.contexte, transfert_id)
    if request.contexte.role == Role.COORDONNATEUR and objet.depuis.academie_id != request.contexte.academie_id:
        raise PermissionDenied
    presser(request, lambda: actions.annuler(request.contexte, objet.pk), "La demande est annulée.")
    return redirect("parcours:transfert", objet.pk)
