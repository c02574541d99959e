"""The page of the link 'parcours.fiche': the company confirms its offer, phone in hand, without account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.marches.calibration import equivalence
from raccord.parcours.acces.fiche import fiche_de, offre_du_lien, reservation_active
from raccord.parcours.actions import fiche as actions
from raccord.parcours.enums import EtatOffre
from raccord.parcours.forms.fiche import FicheForm
from raccord.parcours.gardes import declaration as gardes
from raccord.parcours.models import Offre
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.forms import ChampLie

NOTE_GARDEE = (
    "C’est gardé. Revenez quand vous voulez avec le même lien : "
    "l’offre sera publiée quand vous direz « Nous sommes prêts »."
)


def fiche(request: Requete, lien: LienAction) -> HttpResponse:
    """GET shows; POST keeps, or says 'we are ready'. Once published, the same link shows where the offer stands."""
    offre = offre_du_lien(lien)
    if request.method == "POST":
        return _recevoir(request, lien, offre)
    if offre.etat == EtatOffre.A_CONFIRMER or ("modifier" in request.GET and offre.etat in actions.ETATS_MODIFIABLES):
        return _montrer(request, lien, offre, _form(request, offre))
    return _situation(request, lien, offre)


def _form(request: Requete, offre: Offre) -> FicheForm:
    fiche = fiche_de(offre)
    return FicheForm(
        request.POST if request.method == "POST" else None,
        initial=FicheForm.valeurs_de(offre, fiche),
        version=fiche.version,
    )


def _recevoir(request: Requete, lien: LienAction, offre: Offre) -> HttpResponse:
    """Keep first, then say 'ready': what is missing never costs what was typed."""
    form = _form(request, offre)
    if form.is_valid():
        try:
            actions.enregistrer(request.contexte, offre.pk, form.saisie(), version=form.version_lue)
        except ModifieEntreTemps:
            offre = offre_du_lien(lien)
            form = _form(request, offre)
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return _garde(request, lien, offre, pret="prets" in request.POST)
    if form.second_clic:
        messages.info(request, str(DejaFait()))
        return redirect("comptes:lien", _jeton(request))
    return _montrer(request, lien, offre_du_lien(lien), form, statut=422)


def _garde(request: Requete, lien: LienAction, offre: Offre, *, pret: bool) -> HttpResponse:
    """What is missing comes back as a summary of errors, each line leading to its field."""
    if not pret:
        messages.success(request, NOTE_GARDEE if offre.etat == EtatOffre.A_CONFIRMER else "La fiche est à jour.")
        return redirect("comptes:lien", _jeton(request))
    try:
        actions.confirmer(request.contexte, offre.pk)
    except DejaFait:
        messages.success(request, "La fiche est à jour.")
    except ErreurMetier as erreur:
        if str(erreur) == str(gardes.fiche_complete(request.contexte, offre_du_lien(lien))):
            return redirect(f"{reverse('comptes:lien', args=[_jeton(request)])}?trop_tot=1")
        messages.error(request, f"Votre saisie est gardée. {erreur}")
    else:
        messages.success(request, "Merci ! L’offre est publiée : un tuteur peut maintenant la réserver pour un jeune.")
    return redirect("comptes:lien", _jeton(request))


def _montrer(request: Requete, lien: LienAction, offre: Offre, form: FicheForm, *, statut: int = 200) -> HttpResponse:
    manquants = gardes.manques(offre) if not form.is_bound else []
    form.a_completer = frozenset(champ for champ, _ in manquants)
    contexte = {
        **_commun(request, lien, offre),
        "form": form,
        "manques": [(_ancre(form, champ), libelle) for champ, libelle in manquants],
        "trop_tot": "trop_tot" in request.GET,
        "a_confirmer": offre.etat == EtatOffre.A_CONFIRMER,
        "fiche": fiche_de(offre),
    }
    return render(request, "parcours/fiche/fiche.html", contexte, status=statut)


def _ancre(form: FicheForm, champ: str) -> str:
    """Where the field is on the page: the first option of a list of choices."""
    lie = form[champ]
    return lie.ancre if isinstance(lie, ChampLie) else str(lie.id_for_label)


def _situation(request: Requete, lien: LienAction, offre: Offre) -> HttpResponse:
    """Where the offer stands, and whom to call."""
    contexte = {
        **_commun(request, lien, offre),
        "reservation": reservation_active(offre),
        "mlds": offre.mlds_du_territoire(),
        "modifiable": offre.etat in actions.ETATS_MODIFIABLES,
        "fiche": fiche_de(offre),
    }
    return render(request, "parcours/fiche/situation.html", contexte)


def _commun(request: Requete, lien: LienAction, offre: Offre) -> dict[str, Any]:
    engagement = offre.engagement
    return {
        "offre": offre,
        "marche": engagement.marche if engagement else None,
        "lots": list(engagement.lots.order_by("numero")) if engagement else [],
        "duree": equivalence(offre.heures_a_faire),
        "contact": lien.contact,
        "adresse_lien": reverse("comptes:lien", args=[_jeton(request)]),
        "adresse_confier": reverse("comptes:confier_lien", args=[_jeton(request)]),
    }


def _jeton(request: Requete) -> str:
    """The secret in the address: `comptes.views.lien` has put it on the request."""
    return str(request.jeton)  # type: ignore[attr-defined]
