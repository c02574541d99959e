"""The buyer in one tap, signed in or by the link of the contract: what they answer, when they will, whom they could
not reach.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.parcours.acces import positionnement as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.actions import relais as actions
from raccord.parcours.forms.relances import LettreForm, PromesseForm
from raccord.parcours.lettre import lettre_de, telechargement
from raccord.parcours.models import Positionnement
from raccord.parcours.views.relances import NOTEE, declarer, formulaires_de_reponse
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.gabarits import adresse
from raccord.territoires.fuseaux import fuseau_de

FAIT = {
    "promesse": "C’est noté : les rappels attendent ce jour-là, le tuteur est prévenu.",
    "pas_joints": "C’est noté : le tuteur est prévenu, et la suite est engagée tout de suite.",
    "main": "Vous avez la main. Dites ici ce que l’entreprise répond.",
    "lettre": "La date d’envoi est notée, le tuteur est prévenu.",
}
REPONSES = ("accord", "creneaux", "refus")
FAIT |= dict.fromkeys(REPONSES, NOTEE)


@reserve_a(Role.ACHETEUR, Role.NATIONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def relais(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """What the buyer can do about a silence."""
    positionnement = acces.positionnement_visible(request.contexte, positionnement_id)
    return ecran(
        request,
        positionnement,
        retour=adresse("parcours:positionnement", positionnement.pk),
        lettres={genre: adresse(f"parcours:lettre_{genre}", positionnement.pk) for genre in ("docx", "pdf")},
        gabarit="parcours/relais/relais.html",
    )


def ecran(
    request: Requete, positionnement: Positionnement, *, retour: str, lettres: dict[str, str], gabarit: str
) -> HttpResponse:
    """What they answer, the three taps and the letter, at the hour of the place; `retour` is where one goes when
    nothing is awaited any more.
    """
    with timezone.override(fuseau_de(positionnement.offre.commune)):
        return _ecran(request, positionnement, retour=retour, lettres=lettres, gabarit=gabarit)


def _ecran(
    request: Requete, positionnement: Positionnement, *, retour: str, lettres: dict[str, str], gabarit: str
) -> HttpResponse:
    attente = suivi.attente_de_reponse(positionnement)
    if attente is None:
        messages.info(request, "L’entreprise n’est plus attendue : il n’y a rien à faire.")
        return redirect(retour)
    geste = request.POST.get("geste", "") if request.method == "POST" else ""
    promesse = PromesseForm(request.POST if geste == "promesse" else None, prefix="promesse")
    envoi = LettreForm(request.POST if geste == "lettre" else None, prefix="lettre")
    reponses = formulaires_de_reponse(request, positionnement)
    form = {"promesse": promesse, "lettre": envoi, **reponses}.get(geste)
    if geste in FAIT and (form is None or form.is_valid()):
        try:
            _faire(request, positionnement, geste, form)
        except ErreurMetier as erreur:
            if form is None:
                messages.info(request, str(erreur))
                return redirect(request.get_full_path())
            form.refuser(erreur)
        else:
            messages.success(request, FAIT[geste])
            return redirect(retour if geste in REPONSES else request.get_full_path())
    attentes = suivi.attentes_en_mots(request.contexte, positionnement)
    contexte: dict[str, Any] = {
        **reponses,
        "positionnement": positionnement,
        "offre": positionnement.offre,
        "attentes": attentes,
        "en_main": any(ouverte.code == "relayer_acheteur" for ouverte in attentes),
        "promesse": promesse,
        "envoi": envoi,
        "lettres": lettres if lettre_de(attente) is not None else {},
        "tuteur": positionnement.reservation.tuteur,
        "retour": retour,
    }
    return render(request, gabarit, contexte, status=422 if form is not None and form.errors else 200)


def _faire(request: Requete, positionnement: Positionnement, geste: str, form: Any) -> None:
    if geste in REPONSES:
        declarer(request, positionnement, geste, form)
    elif geste == "promesse":
        actions.ils_repondent(request.contexte, positionnement.pk, le=form.cleaned_data["le"])
    elif geste == "lettre":
        actions.noter_lettre(request.contexte, positionnement.pk, envoyee_le=form.cleaned_data["envoyee_le"])
    elif geste == "pas_joints":
        actions.pas_joints(request.contexte, positionnement.pk)
    else:
        actions.prendre_la_main(request.contexte, positionnement.pk)


@require_safe
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def lettre_docx(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The draft, to correct and sign."""
    return lettre(acces.positionnement_visible(request.contexte, positionnement_id), "docx")


@require_safe
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def lettre_pdf(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The draft, ready to print and sign."""
    return lettre(acces.positionnement_visible(request.contexte, positionnement_id), "pdf")


def lettre(positionnement: Positionnement, genre: str) -> HttpResponse:
    """The letter while the company is awaited. Raises Http404 otherwise."""
    attente = suivi.attente_de_reponse(positionnement)
    trouvee = lettre_de(attente) if attente else None
    if trouvee is None:
        raise Http404
    return telechargement(trouvee, genre)
