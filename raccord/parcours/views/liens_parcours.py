"""What the company and the young person do by link during a stay: a phone, one thing at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.jeunes.actions.fiche import lire
from raccord.jeunes.models import FicheContexte
from raccord.parcours.acces import parcours as acces
from raccord.parcours.acces.suivi_positionnement import attente_de_reponse
from raccord.parcours.actions import parcours as actions
from raccord.parcours.actions import semaines
from raccord.parcours.discretion import sans_nom
from raccord.parcours.enums import EtatParcours, EtatPositionnement
from raccord.parcours.forms.semaines import SignalerForm
from raccord.parcours.models import FicheEntreprise, Parcours, Positionnement
from raccord.parcours.reponses import a_entendre, tel_qu_annonce
from raccord.parcours.views.parcours import refus_par_nom
from raccord.parcours.views.semaines import page_des_heures
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer
from raccord.territoires.fuseaux import fuseau_de

FORME = ["GET", "HEAD", "POST"]
A_BILAN = (EtatParcours.TERMINE, EtatParcours.INTERROMPU, EtatParcours.BILAN_SIGNE, EtatParcours.SUITE_CONNUE)


def _ici(request: Requete) -> str:
    return reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links


@require_http_methods(FORME)
def suivi(request: Requete, lien: LienAction) -> HttpResponse:
    """The company: hours of the week in two taps, an absence the same day, where things stand, who to call."""
    parcours = acces.parcours_du_lien(lien)
    retour = _ici(request)
    if request.GET.get("ecran") == "signaler":
        return _signaler(request, parcours, retour, "parcours/parcours/lien_signaler.html")
    fiche = acces.fiche_montree(parcours)
    if request.GET.get("ecran") == "fiche":
        return _lire_la_fiche(request, parcours, fiche, retour)
    geste = request.POST.get("geste", "")
    if request.method == "POST" and geste == "demarrer":
        return _demarrer(request, parcours, retour)
    if request.method == "POST" and geste == "bilan":
        return _vers_le_bilan(parcours, lien)
    return page_des_heures(
        request,
        parcours,
        gabarit="parcours/parcours/lien_suivi.html",
        retour=retour,
        ecrit=True,
        refus=refus_par_nom(request.contexte, parcours),
        horaires=sans_nom(parcours.horaires, parcours.jeune),
        a_bilan=parcours.etat in A_BILAN,
        fiche_jeune=fiche,
        confier=reverse("comptes:confier_lien", args=[request.jeton]),  # type: ignore[attr-defined]
    )


def _lire_la_fiche(request: Requete, parcours: Parcours, fiche: FicheContexte | None, retour: str) -> HttpResponse:
    """What the young person chose to tell the company's tutor; reading it leaves a line that they see."""
    if fiche is None:
        messages.info(request, "Cette fiche n’est plus montrée.")
        return redirect(retour)
    if request.method != "HEAD":  # a robot that looks before its person does has read nothing
        lire(request.contexte, fiche)
    return render(
        request, "parcours/parcours/lien_fiche.html", {"parcours": parcours, "fiche": fiche, "retour": retour}
    )


def _demarrer(request: Requete, parcours: Parcours, retour: str) -> HttpResponse:
    try:
        actions.demarrer(request.contexte, parcours.pk)
    except DejaFait:
        messages.info(request, "C’est déjà noté : le parcours a commencé.")
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "C’est noté : le parcours a commencé. Merci de votre accueil.")
    return redirect(retour)


def _vers_le_bilan(parcours: Parcours, lien: LienAction) -> HttpResponse:
    """The same person, another thing to do: a link of its own."""
    if lien.contact is None or parcours.etat not in A_BILAN:
        raise Http404
    return redirect(liens.creer_pour_contact("parcours.bilan_entreprise", parcours.pk, lien.contact))


def _signaler(request: Requete, parcours: Parcours, retour: str, gabarit: str) -> HttpResponse:
    form = SignalerForm(request.POST or None, role=request.contexte.role)
    tuteur = parcours.tuteur.nom_complet if parcours.tuteur else "votre tuteur MLDS"
    if envoyer(
        request,
        form,
        lambda: semaines.signaler(
            request.contexte,
            parcours.pk,
            nature=form.cleaned_data["nature"],
            jour=form.cleaned_data["jour"],
            texte=form.cleaned_data["texte"],
        ),
        f"C’est dit : votre message est parti à {tuteur}.",
    ):
        return redirect(retour)
    contexte = {"parcours": parcours, "form": form, "retour": retour}
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


@require_http_methods(FORME)
def jeune(request: Requete, lien: LienAction) -> HttpResponse:
    """The young person: where it stands in plain words, from the profile sent to what comes after."""
    proposition = acces.proposition_du_lien(lien)
    parcours = Parcours.objects.filter(positionnement=proposition).first() if proposition else None
    if proposition is not None and parcours is None:
        if request.method == "POST":
            raise Http404
        with timezone.override(fuseau_de(proposition.offre.commune)):
            return render(request, "parcours/parcours/lien_jeune_proposition.html", _proposition(proposition))
    if parcours is not None:
        lien.objet_id = parcours.pk
    parcours = acces.parcours_du_lien(lien)
    retour = _ici(request)
    if request.GET.get("ecran") == "signaler":
        return _signaler(request, parcours, retour, "parcours/parcours/lien_signaler.html")
    if request.method == "POST" and request.POST.get("geste") == "bilan":
        if lien.jeune_id is None or parcours.etat not in A_BILAN:
            raise Http404
        return redirect(liens.creer_pour_jeune("parcours.bilan_jeune", parcours.pk, lien.jeune_id))
    heures = acces.heures_de(parcours)
    return render(
        request,
        "parcours/parcours/lien_jeune.html",
        {
            "parcours": parcours,
            "prenom": parcours.jeune.prenom if parcours.jeune else "",
            "fiche": FicheEntreprise.objects.filter(offre=parcours.offre).first(),
            "referent": parcours.referent or parcours.offre.referent,
            "heures": heures,
            "retour": retour,
            "a_bilan": parcours.etat in A_BILAN,
            "bilan_pret": _bilan_pret(parcours),
            "peut_signaler": parcours.etat in semaines.ETATS_A_SIGNALEMENT,
        },
    )


def _bilan_pret(parcours: Parcours) -> bool:
    bilan = getattr(parcours, "bilan", None)
    return bilan is not None and bilan.voix.filter(auteur=Role.TUTEUR, signee_le__isnull=False).exists()


def _proposition(proposition: Positionnement) -> dict[str, Any]:
    """What the young person reads before the stay: never an answer that may still be taken back."""
    offre = proposition.offre
    proposition = tel_qu_annonce(proposition)
    etat = EtatPositionnement(proposition.etat)
    return {
        "proposition": proposition,
        "attente": attente_de_reponse(proposition),
        "a_entendre": a_entendre(proposition),
        "offre": offre,
        "prenom": proposition.jeune.prenom,
        "tuteur": proposition.reservation.tuteur,
        "fixee": etat == EtatPositionnement.RENCONTRE_FIXEE,
        "envoyee": etat in (EtatPositionnement.TRANSMIS, EtatPositionnement.VU, EtatPositionnement.CONTRE_PROPOSE),
        "arretee": etat in (EtatPositionnement.REFUSE, EtatPositionnement.ABANDONNE) and not a_entendre(proposition),
    }
