"""The company's page, opened by a link: it shows what is asked, and acts on POST only.

A mail scanner that opens the link reads the contract, an age, the missions and the slots: nothing by which the young
person could be recognised. The first name, the text and the papers come by a POST, which also says 'vu'; then for
this browser's session only, so that the scanner of a later reminder does not read them either.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.documents.views import servir
from raccord.parcours import agenda
from raccord.parcours.acces import positionnement as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import reponse as reponses
from raccord.parcours.enums import EtatPositionnement as E
from raccord.parcours.forms.positionnement import AutresCreneauxForm, RappelForm, RefusForm
from raccord.parcours.models import Positionnement
from raccord.socle.exceptions import DejaFait, ErreurMetier, TransitionRefusee
from raccord.socle.gestes import presser
from raccord.territoires.fuseaux import fuseau_de

DOSSIER = "parcours/repondre"
PAGES = {E.CONTRE_PROPOSE: "contre_propose", E.RENCONTRE_FIXEE: "fixee"}
REPONSE_POSSIBLE = actions.OUVERT_A_L_ENTREPRISE


def repondre(request: Requete, lien: LienAction) -> HttpResponse:
    """The one address of the link: its page, its two forms, its calendar file, its buttons."""
    positionnement = acces.positionnement_du_lien(lien)
    with timezone.override(fuseau_de(positionnement.offre.commune)):
        return _repondre(request, lien, positionnement)


def _repondre(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    if request.method == "POST":
        geste = GESTES.get(request.POST.get("geste", ""))
        return geste(request, lien, positionnement) if geste else redirect(request.path)
    if "agenda" in request.GET and positionnement.etat == E.RENCONTRE_FIXEE:
        return agenda.fichier(positionnement)
    faire = request.GET.get("faire", "")
    if faire == "annuler":
        return _page_annuler(request, positionnement)
    if faire in FORMULAIRES and _encore_possible(faire, positionnement):
        return FORMULAIRES[faire](request, lien, positionnement)
    if "choisir" in request.GET and suivi.reponse_attendue(positionnement):
        return _page_choisir(request, lien, positionnement)
    annulation = suivi.annulation(request.contexte, positionnement)
    if annulation and (faire in FORMULAIRES or suivi.autre_creneau(positionnement, request.GET.get("choisir", ""))):
        ensuite = "" if annulation.refus else " Pour en donner une autre, annulez-la d’abord, plus bas."
        messages.info(request, f"Rien n’a changé : une réponse est déjà enregistrée.{ensuite}")
    return _page(request, lien, positionnement)


def _encore_possible(faire: str, positionnement: Positionnement) -> bool:
    """A call is asked for before an answer, once; the rest may still be said after it."""
    if faire == "rappeler":
        return suivi.reponse_attendue(positionnement) and suivi.appel_attendu(positionnement) is None
    return positionnement.etat in REPONSE_POSSIBLE


def _page(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    if suivi.reponse_attendue(positionnement):
        nom = "rappel" if suivi.appel_attendu(positionnement) else "demande"
    elif positionnement.etat in PAGES:
        nom = PAGES[E(positionnement.etat)]
    else:
        nom = "close"
    return render(request, f"{DOSSIER}/{nom}.html", _donnees(request, positionnement))


def _donnees(request: Requete, positionnement: Positionnement) -> dict[str, Any]:
    ouvert = positionnement.etat in REPONSE_POSSIBLE and bool(request.session.get(_cle(positionnement)))
    donnees = suivi.vue_de_l_entreprise(positionnement) if ouvert else suivi.essentiel(positionnement)
    libres = any(not place.refus for place in donnees["creneaux"])
    return {
        **donnees,
        "creneaux_libres": libres,
        "titre_creneaux": "Choisissez un moment pour le rencontrer" if libres else "Quand le rencontrer ?",
        "ouvert": ouvert,
        "attente": suivi.attente_de_reponse(positionnement),
        "reponse": acces.reponse_donnee(positionnement),
        "annulation": suivi.annulation(request.contexte, positionnement),
        "appel": suivi.appel_attendu(positionnement),
        "proposes": suivi.creneaux_en_mots(positionnement, "entreprise"),
        "retour": request.path,
        "url_confier": reverse("comptes:confier_lien", args=[_jeton(request)]),
    }


def _page_choisir(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    """The slot tapped in the mail, shown chosen; one button confirms. A scanner that follows it does nothing."""
    choisi = suivi.creneau_choisi(positionnement, request.GET["choisir"])
    if choisi is None or choisi.refus:
        messages.info(request, choisi.refus if choisi else "Ce moment n’est plus proposé.")
        return _page(request, lien, positionnement)
    return render(request, f"{DOSSIER}/choisir.html", _donnees(request, positionnement) | {"choisi": choisi})


def _page_annuler(request: Requete, positionnement: Positionnement) -> HttpResponse:
    """What would be taken back, with one button; or why not, and whom to call."""
    return render(request, f"{DOSSIER}/annuler.html", _donnees(request, positionnement))


def _annuler(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    presser(
        request,
        lambda: reponses.revenir(request.contexte, positionnement.pk),
        "Votre réponse est annulée : tout est comme avant.",
    )
    return redirect(request.path)


def _rappeler(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    envoye = request.method == "POST"
    telephone = lien.contact.telephone if lien.contact else ""
    form = RappelForm(
        request.POST if envoye else None, initial={"telephone": telephone} | suivi.prochaine_moitie(positionnement)
    )
    if envoye and form.is_valid():
        try:
            reponses.demander_rappel(request.contexte, positionnement.pk, **form.cleaned_data)
        except TransitionRefusee as refus:
            return _deja(request, positionnement, refus)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect(request.path)
    return _formulaire(request, "rappeler", form, positionnement)


def _voir(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    def ouvrir() -> None:
        actions.consulter(request.contexte, positionnement.pk)
        request.session[_cle(positionnement)] = True

    return _faire(request, positionnement, ouvrir, ancre="#profil")


def _document(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    document_id = suivi.identifiant(request.POST.get("document", ""))
    try:
        return servir(request.contexte, actions.ouvrir_document(request.contexte, positionnement.pk, document_id))
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect(request.path)


def _accepter(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    creneau_id = suivi.identifiant(request.POST.get("creneau", ""))
    return _faire(
        request,
        positionnement,
        lambda: actions.accepter(request.contexte, positionnement.pk, creneau_id=creneau_id),
    )


def _proposer(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    envoye = request.method == "POST"
    form = AutresCreneauxForm(request.POST if envoye else None, initial={"lieu": positionnement.rencontre_lieu})
    if envoye and form.is_valid():
        try:
            actions.contre_proposer(
                request.contexte,
                positionnement.pk,
                creneaux=form.creneaux,
                lieu=form.cleaned_data["lieu"],
                apres_accord="apres_accord" in request.POST,
            )
        except DejaFait as refus:
            return _deja(request, positionnement, refus)
        except TransitionRefusee as refus:
            form.refuser(_en_mots(positionnement, refus))
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect(request.path)
    return _formulaire(request, "proposer", form, positionnement)


def _refuser(request: Requete, lien: LienAction, positionnement: Positionnement) -> HttpResponse:
    envoye = request.method == "POST"
    form = RefusForm(request.POST if envoye else None)
    if envoye and form.is_valid():
        try:
            actions.refuser(
                request.contexte,
                positionnement.pk,
                **form.cleaned_data,
                apres_accord="apres_accord" in request.POST,
            )
        except actions.DejaRepondu as refus:  # by a colleague, or in another tab: the words typed here stay
            form.refuser(_en_mots(positionnement, refus))
        except DejaFait as refus:
            return _deja(request, positionnement, refus)
        except TransitionRefusee as refus:
            form.refuser(_en_mots(positionnement, refus))
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect(request.path)
    return _formulaire(request, "refuser", form, positionnement)


def _formulaire(request: Requete, nom: str, form: Any, positionnement: Positionnement) -> HttpResponse:
    return render(
        request,
        f"{DOSSIER}/{nom}.html",
        {
            **suivi.essentiel(positionnement),
            "form": form,
            "retour": request.path,
            "apres_accord": positionnement.etat in REPONSE_POSSIBLE
            and (not suivi.reponse_attendue(positionnement) or "apres_accord" in request.POST),
        },
        status=422 if form.errors else 200,
    )


def _faire(
    request: Requete, positionnement: Positionnement, geste: Callable[[], object], *, ancre: str = ""
) -> HttpResponse:
    try:
        geste()
    except TransitionRefusee as refus:
        return _deja(request, positionnement, refus)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        ancre = ""
    return redirect(request.path + ancre)


def _deja(request: Requete, positionnement: Positionnement, refus: TransitionRefusee) -> HttpResponse:
    """A second answer, by another tap or another holder."""
    messages.info(request, str(_en_mots(positionnement, refus)))
    return redirect(request.path)


def _en_mots(positionnement: Positionnement, refus: TransitionRefusee) -> TransitionRefusee:
    """The answer that was given, and by whom, when there is one."""
    donnee = acces.reponse_donnee(positionnement)
    return TransitionRefusee(f"Rien n’a changé : une réponse est déjà enregistrée. {donnee}") if donnee else refus


def _cle(positionnement: Positionnement) -> str:
    return f"profil-{positionnement.pk}"


def _jeton(request: Requete) -> str:
    return str(getattr(request, "jeton", ""))


FORMULAIRES: dict[str, Callable[[Requete, LienAction, Positionnement], HttpResponse]] = {
    "proposer": _proposer,
    "refuser": _refuser,
    "rappeler": _rappeler,
}
GESTES: dict[str, Callable[[Requete, LienAction, Positionnement], HttpResponse]] = {
    "voir": _voir,
    "document": _document,
    "accepter": _accepter,
    "annuler": _annuler,
    **FORMULAIRES,
}
