"""The bilan for the MLDS, the proof for the buyer."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.echeances.models import Attente
from raccord.parcours import impression
from raccord.parcours.acces import bilan as acces
from raccord.parcours.acces.parcours import CLOS, parcours_a_suivre, parcours_visible, suit
from raccord.parcours.actions import bilan as actions
from raccord.parcours.forms.bilan import GrilleForm, SansVoixForm, formulaire_adulte
from raccord.parcours.gardes.parcours import heures_connues
from raccord.parcours.models import Parcours
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.gestes import envoyer

FORME = ["GET", "HEAD", "POST"]
ABSENTES = {"entreprise": Role.ENTREPRISE, "jeune": Role.JEUNE}


@require_http_methods(FORME)
def bilan(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The tutor writes all along the stay and signs at its end; colleagues read."""
    contexte = request.contexte
    parcours = acces.parcours_du_bilan(contexte, parcours_id)
    suivi = suit(contexte, parcours)
    lu = acces.lecture(parcours)
    ecrit = suivi and parcours.etat in actions.ETATS_ECRITURE and lu.voix[Role.TUTEUR].signee_le is None
    form: GrilleForm | None = None
    if request.method == "POST":
        parcours_a_suivre(contexte, parcours_id)
        reponse, form = ecrire_adulte(request, parcours, Role.TUTEUR)
        if reponse is not None:
            return reponse
    elif ecrit:
        form = formulaire_adulte(lu, Role.TUTEUR)
    manquantes = [
        {"code": code, "libelle": actions.NOMS_VOIX[auteur], "refus": _sans(request, parcours, lu, auteur)}
        for code, auteur in ABSENTES.items()
        if suivi and lu.bilan is not None and not (lu.voix[auteur].signee_le or lu.voix[auteur].non_recueillie)
    ]
    return render(
        request,
        "parcours/bilan/bilan.html",
        {
            "parcours": parcours,
            "jeune": parcours.jeune,
            "lu": lu,
            "form": form if ecrit or (form is not None and form.errors) else None,
            "suivi": suivi,
            "signe": parcours.etat in CLOS,
            "signable": parcours.etat in actions.ETATS_SIGNATURE,
            "refus_heures": heures_connues(contexte, parcours) or "",
            "manquantes": manquantes,
            "attente": Attente.objects.ouvertes().filter(code="ecrire_bilan", objet_id=parcours.pk).first(),
            "peut_rouvrir": suivi and parcours.etat in actions.ETATS_ECRITURE and lu.voix[Role.TUTEUR].signee_le,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _sans(request: Requete, parcours: Parcours, lu: acces.Lecture, auteur: str) -> str:
    if lu.bilan is None:
        return ""
    refus = actions.refus_de_conclure_sans(request.contexte, parcours, lu.bilan, auteur)
    return str(refus) if refus else ""


def ecrire_adulte(
    request: Requete, parcours: Parcours, auteur: Role, retour: str = ""
) -> tuple[HttpResponse | None, GrilleForm]:
    """The tutor's and the company's POST: where to go when it is done, else the form with its words."""
    signer = request.POST.get("geste") == "signer"
    form = formulaire_adulte(acces.lecture(parcours), auteur, request.POST, verifier=False)
    if not form.is_valid():
        return None, form
    propres = form.cleaned_data
    commun = {c: propres[c] for c in ("deroulement", "perspectives") if c in propres}
    try:
        actions.ecrire(
            request.contexte,
            parcours.pk,
            texte=propres["texte"],
            niveaux=form.niveaux(),
            version=form.version_lue or None,
            signer=signer,
            **commun,
        )
    except DejaFait:
        messages.info(request, "Vous avez déjà signé : rien n’a été enregistré deux fois.")
    except ModifieEntreTemps:
        form = formulaire_adulte(acces.lecture(parcours), auteur, request.POST)
        form.is_valid()
        if signer or not form.second_clic:
            return None, form
        messages.info(request, str(DejaFait()))
    except ErreurMetier as erreur:
        form.refuser(erreur)
        return None, form
    else:
        messages.success(request, "Votre partie est signée. Merci." if signer else "C’est enregistré.")
    return redirect(retour) if retour else redirect("parcours:bilan", parcours.pk), form


@require_POST
def relancer(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Ask again for the voices that are missing."""
    parcours_a_suivre(request.contexte, parcours_id)
    try:
        manque = actions.relancer(request.contexte, parcours_id)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"Un nouveau lien est parti. Voix attendues : {manque}.")
    return redirect("parcours:bilan", parcours_id)


@require_POST
def rouvrir(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Take the signatures back to correct."""
    parcours_a_suivre(request.contexte, parcours_id)
    try:
        actions.rouvrir(request.contexte, parcours_id)
    except DejaFait:
        messages.info(request, "Personne n’a encore signé : vous pouvez corriger.")
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "Le bilan est rouvert. Ceux qui avaient signé reçoivent un message.")
    return redirect("parcours:bilan", parcours_id)


@require_http_methods(FORME)
def sans_voix(request: Requete, parcours_id: UUID, voix: str) -> HttpResponse:
    """Conclude without a voice that could not be had."""
    if voix not in ABSENTES:
        raise Http404
    auteur = ABSENTES[voix]
    parcours = parcours_a_suivre(request.contexte, parcours_id)
    lu = acces.lecture(parcours)
    if lu.bilan is None:
        raise PermissionDenied
    form = SansVoixForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: actions.conclure_sans(request.contexte, parcours.pk, auteur=auteur, raison=form.cleaned_data["raison"]),
        "C’est noté sur le bilan.",
    ):
        return redirect("parcours:bilan", parcours.pk)
    contexte = {
        "parcours": parcours,
        "form": form,
        "qui": actions.NOMS_VOIX[auteur],
        "refus": _sans(request, parcours, lu, auteur),
    }
    return render(request, "parcours/bilan/sans_voix.html", contexte, status=422 if form.errors else 200)


@require_safe
def bilan_pdf(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The whole bilan on paper, for the MLDS."""
    return bilan_imprime(acces.parcours_du_bilan(request.contexte, parcours_id))


def bilan_imprime(parcours: Parcours) -> HttpResponse:
    """The whole bilan on paper, for one of its three authors."""
    contexte = {"parcours": parcours, "jeune": parcours.jeune, "lu": acces.lecture(parcours)}
    return impression.reponse(
        impression.pdf("parcours/bilan/bilan_pdf.html", contexte), f"bilan-{str(parcours.pk)[:8]}"
    )


@require_safe
def preuve(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The proof of execution, on paper."""
    parcours = parcours_visible(request.contexte, parcours_id)
    contexte = {"preuve": acces.preuve(parcours)}
    octets = impression.pdf("parcours/bilan/preuve_pdf.html", contexte)
    return impression.reponse(octets, f"preuve-{str(parcours.pk)[:8]}")


@require_safe
def preuve_page(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The proof of execution, on screen."""
    parcours = parcours_visible(request.contexte, parcours_id)
    contexte = {"parcours": parcours, "preuve": acces.preuve(parcours)}
    return render(request, "parcours/bilan/preuve.html", contexte)
