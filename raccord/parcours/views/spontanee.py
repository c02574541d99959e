"""A company proposes a parcours by itself: the public form, its follow-up link, the national team's answer."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.marches.calibration import equivalence
from raccord.parcours.acces.declaration import offre_achetee
from raccord.parcours.acces.fiche import offre_du_lien
from raccord.parcours.actions import spontanee as actions
from raccord.parcours.enums import EtatOffre
from raccord.parcours.forms.declaration import RetraitForm
from raccord.parcours.forms.spontanee import PropositionForm
from raccord.parcours.workflow import OFFRE
from raccord.socle import limites
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer, presser


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposer(request: Requete) -> HttpResponse:
    """The public form. Robots that fill the trap are thanked like everybody, and nothing is kept."""
    if request.contexte.role not in OFFRE["proposer"].roles:
        raise PermissionDenied
    form = PropositionForm(request.POST or None, initial={"cle": uuid4()})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["precision"]:
            return redirect("parcours:proposition_recue")
        limites.compter("formulaire_public", limites.reseau(request))
        try:
            actions.proposer(request.contexte, form.cleaned_data["cle"], form.proposition())
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect("parcours:proposition_recue")
    return render(request, "parcours/spontanee/proposer.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def proposition_recue(request: Requete) -> HttpResponse:
    """Thanks, and what happens next: nothing of what was sent is shown here."""
    return render(request, "parcours/spontanee/recue.html")


def proposition(request: Requete, lien: LienAction) -> HttpResponse:
    """The page of the link 'parcours.proposition': where it stands. Nothing to do here."""
    offre = offre_du_lien(lien)
    contexte = {
        "offre": offre,
        "duree": equivalence(offre.heures),
        "attentes": attentes_de(offre.pk),
        "jalons": _jalons(offre.etat),
        "declinee": offre.etat == EtatOffre.RETIREE,
        "a_completer": offre.etat == EtatOffre.A_CONFIRMER,
    }
    return render(request, "parcours/spontanee/proposition.html", contexte)


def _jalons(etat: str) -> list[dict[str, str]]:
    """Received, accepted, completed, published."""
    rang = {EtatOffre.A_INSTRUIRE: 1, EtatOffre.A_CONFIRMER: 2, EtatOffre.RETIREE: 1}.get(EtatOffre(etat), 4)
    mots = (
        "Votre proposition est reçue",
        "L’équipe nationale répond",
        "Vous complétez la fiche et dites «\u00a0Nous sommes prêts\u00a0»",
        "L’offre est publiée",
    )
    return [
        {"libelle": mot, "etat": "fait" if i < rang else "en_cours" if i == rang else "a_venir"}
        for i, mot in enumerate(mots)
    ]


# --- The national team's answer --------------------------------------------------------------------


@require_POST
@reserve_a(Role.NATIONAL)
def accueillir(request: Requete, offre_id: UUID) -> HttpResponse:
    """Yes: the company receives the link of its fiche."""
    offre = offre_achetee(request.contexte, offre_id)
    presser(
        request,
        lambda: actions.accueillir(request.contexte, offre.pk),
        "C’est accepté. L’entreprise reçoit le lien pour compléter sa fiche.",
    )
    return redirect("parcours:offre", offre_id)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.NATIONAL)
def decliner(request: Requete, offre_id: UUID) -> HttpResponse:
    """No, with a reason that the company reads."""
    offre = offre_achetee(request.contexte, offre_id)
    refus = OFFRE["decliner"].refus(request.contexte, offre)
    if refus is not None:
        (messages.info if isinstance(refus, DejaFait) else messages.error)(request, str(refus))
        return redirect("parcours:offre", offre_id)
    form = RetraitForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: actions.decliner(request.contexte, offre_id, motif=form.cleaned_data["motif"]),
        "La réponse est envoyée à l’entreprise.",
    ):
        return redirect("parcours:offre", offre_id)
    contexte = {"form": form, "offre": offre, "retour": reverse("parcours:offre", args=[offre_id])}
    return render(request, "parcours/spontanee/decliner.html", contexte, status=422 if form.errors else 200)
