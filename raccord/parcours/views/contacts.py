"""The contacts of an offer: the company checks them by link, the buyer or the tutor finds another address."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.marches.contacts import Coordonnees
from raccord.parcours.acces import contacts as acces
from raccord.parcours.acces import offres as acces_offres
from raccord.parcours.acces import positionnement as acces_positionnement
from raccord.parcours.actions import contacts as actions
from raccord.parcours.forms.contacts import ContactForm, MesCoordonneesForm, PersonneForm
from raccord.parcours.models import Offre
from raccord.socle import mots
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer

DOSSIER = "parcours/contacts"


# --- The company, by link --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request: Requete, lien: LienAction) -> HttpResponse:
    """« Oui, c'est toujours moi », my details corrected, a second contact; a robot that looks changes nothing."""
    geste = request.POST.get("geste", "") if request.method == "POST" else ""
    contact = lien.contact
    assert contact is not None  # noqa: S101  only a contact holds this kind of link
    mien = MesCoordonneesForm(
        request.POST if geste == "corriger" else None,
        initial={"courriel": contact.courriel, "telephone": contact.telephone},
        prefix="moi",
    )
    second = PersonneForm(request.POST if geste == "second" else None, prefix="second")
    try:
        if geste == "oui":
            actions.confirmer(request.contexte)
            return _merci(request, "Merci : vous restez notre contact.")
        if geste == "corriger" and mien.is_valid():
            actions.corriger(request.contexte, **mien.cleaned_data)
            return _merci(request, "Merci : vos coordonnées sont à jour.")
        if geste == "second" and second.is_valid():
            actions.donner_un_second(request.contexte, second.personne)
            return _merci(request, "Merci : nous écrirons aussi à cette personne si vous êtes absent.")
    except ErreurMetier as erreur:
        (second if geste == "second" else mien).refuser(erreur)
    offres = acces.offres_du_contact(contact)
    contexte = {
        "contact": contact,
        "confirmation": acces.derniere_confirmation(contact),
        "confirme": acces.confirme_aujourd_hui(contact),
        "offres": offres,
        "seul": any(offre.rrh_id is None or offre.referent_id in (None, offre.rrh_id) for offre in offres),
        "form": mien,
        "second": second,
        "url_confier": reverse("comptes:confier_lien", args=[request.jeton]),  # type: ignore[attr-defined]
    }
    refuse = bool(mien.is_bound and mien.errors) or bool(second.is_bound and second.errors)
    return render(request, f"{DOSSIER}/verifier.html", contexte, status=422 if refuse else 200)


def _merci(request: Requete, mot: str) -> HttpResponse:
    messages.success(request, mot)
    return redirect(request.path)


# --- With an account -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.ACHETEUR, Role.TUTEUR, Role.NATIONAL)
def contacts(request: Requete, offre_id: UUID) -> HttpResponse:
    """Who speaks for the company, how fresh they are, another address or another person."""
    offre = acces_offres.offre_visible(request.contexte, offre_id)
    if not acces_offres.voit_niveau_2(request.contexte, offre):
        raise PermissionDenied
    return page_des_contacts(
        request, offre, gabarit=f"{DOSSIER}/contacts.html", retour=reverse("parcours:offre", args=[offre.pk])
    )


def page_des_contacts(request: Requete, offre: Offre, *, gabarit: str, retour: str) -> HttpResponse:
    """Shared with the buyer's link."""
    frais = acces.contacts_frais(offre)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=_mort(frais))
    if envoyer(
        request,
        form,
        lambda: actions.donner_contact(
            request.contexte, offre.pk, place=form.cleaned_data["place"], personne=form.personne
        ),
        "C’est noté : nous écrivons tout de suite à cette personne ce qui l’attend.",
    ):
        return redirect(retour)
    contexte = {"offre": offre, "frais": frais, "form": form, "retour": retour}
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


def _mort(frais: list[acces.ContactFrais]) -> dict[str, Any]:
    """The one to whom nothing arrives, already named: only the address is to be typed again."""
    for ligne in frais:
        if ligne.alerte:
            return {"place": ligne.place} | asdict(Coordonnees.de(ligne.contact))
    return {}


@reserve_a(Role.TUTEUR)
@require_POST
def demander(request: Requete, reservation_id: UUID) -> HttpResponse:
    """« Demander une vérification », before a young person is proposed."""
    reservation = acces_positionnement.reservation_a_preparer(request.contexte, reservation_id)
    try:
        combien = actions.demander(request.contexte, reservation.offre_id)
    except DejaFait as deja:
        messages.info(request, str(deja))
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(
            request, f"C’est demandé à {mots.pluriel(combien, 'personne')}. Vous serez prévenu de la réponse."
        )
    positionnement = getattr(reservation, "positionnement", None)
    if positionnement is None:
        return redirect("parcours:reservation", reservation.pk)
    return redirect("parcours:positionnement_apercu", positionnement.pk)
