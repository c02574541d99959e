"""The registry, copies and erasure."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.jeunes.acces import jeune_visible, representant_du
from raccord.jeunes.complements import SECTIONS, Section
from raccord.jeunes.models import Jeune
from raccord.rgpd import acces, actions, effacement
from raccord.rgpd.forms import EffacerForm, EffacerProfessionnelForm, RecevoirForm
from raccord.rgpd.models import Avertissement, Copie
from raccord.rgpd.registre import registre as lire_registre
from raccord.socle import identite
from raccord.socle.contexte import Contexte
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.gestes import envoyer

ENVOYER, POURSUIVRE, CONFIRMER = "envoyer", "poursuivre", "confirmer"
ENVOYER_AU_REPRESENTANT = "envoyer_au_representant"


@login_not_required
@require_safe
def registre(request: Requete) -> HttpResponse:
    """What is kept, why, how long, who reads: for a parent and for the CNIL."""
    return render(request, "rgpd/registre.html", {"registre": lire_registre()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recevoir(request: Requete) -> HttpResponse:
    """Somebody without account asks by address; the answer is the same whether it is known or not."""
    form = RecevoirForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.ecrire_a_qui_demande(form.cleaned_data["courriel"])
        return render(request, "rgpd/lien_envoye.html", {"courriel": form.cleaned_data["courriel"]})
    return render(request, "rgpd/recevoir.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mes_donnees(request: Requete) -> HttpResponse:
    """An account holder asks for the copy of their own data."""
    moi = request.user.pk
    _en_mon_nom(request)
    if request.method == "POST":
        actions.demander(request.contexte, Personne.UTILISATEUR, moi)
        messages.success(request, "Votre copie est prête.")
        return redirect("rgpd:mes_donnees")
    return render(request, "rgpd/mes_donnees.html", {"copies": acces.copies_d(request.contexte, moi)})


@require_safe
def copie(request: Requete, copie_id: UUID) -> HttpResponse:
    """The zip, for whoever asked."""
    _en_mon_nom(request)
    return _servir(request, acces.copie_visible(request.contexte, copie_id))


def _en_mon_nom(request: Requete) -> None:
    """An account that acts for no organisation keeps its rights."""
    if request.contexte.utilisateur_id is None:
        request.contexte = Contexte(role=Role.VISITEUR, utilisateur_id=request.user.pk)
        identite.devenir(request.contexte)


def _servir(request: Requete, trouvee: Copie) -> HttpResponse:
    octets = actions.telecharger(request.contexte, trouvee)
    return HttpResponse(
        octets,
        content_type="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="donnees-personnelles.zip"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR)
def jeune(request: Requete, jeune_id: UUID) -> HttpResponse:
    """What a tutor does for a young person who asks: the copy, the link to it, the erasure."""
    suivi = jeune_visible(request.contexte, jeune_id)
    if request.method == "POST":
        try:
            messages.success(request, _geste(request, suivi))
        except actions.SansAdresse as refus:
            messages.error(request, str(refus))
        return redirect("rgpd:jeune", suivi.pk)
    contexte = {
        "jeune": suivi,
        "copies": acces.copies_d(request.contexte, suivi.pk),
        "avertissement": Avertissement.objects.filter(genre=Personne.JEUNE, personne_id=suivi.pk).first(),
    }
    return render(request, "rgpd/jeune.html", contexte)


def _geste(request: Requete, suivi: Jeune) -> str:
    """Do what the button says; returns what is told."""
    geste = request.POST.get("geste")
    if geste == ENVOYER:
        actions.envoyer_le_lien(request.contexte, suivi)
        return "Le lien est parti."
    if geste == ENVOYER_AU_REPRESENTANT:
        choisis = [r for r in suivi.representants.all() if str(r.pk) == request.POST.get("representant")]
        if not choisis:
            raise Http404
        actions.envoyer_au_representant(request.contexte, choisis[0])
        return "Le lien est parti."
    if geste == POURSUIVRE:
        actions.poursuivre(request.contexte, suivi)
        return "C’est noté : le suivi continue."
    actions.demander(request.contexte, Personne.JEUNE, suivi.pk)
    return "La copie est prête."


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR)
def effacer(request: Requete, jeune_id: UUID) -> HttpResponse:
    """First what would go, counted; then, confirmed, it goes."""
    suivi = jeune_visible(request.contexte, jeune_id)
    form = EffacerForm(request.POST if request.method == "POST" else None)
    if envoyer(
        request,
        form,
        lambda: effacement.effacer(request.contexte, Personne.JEUNE, suivi.pk),
        "Le dossier est effacé. Les heures et les dates restent comptées, sans personne.",
    ):
        return redirect("jeunes:liste")
    effet = effacement.simuler(Personne.JEUNE, suivi.pk, porte="default")
    contexte = {"jeune": suivi, "form": form, "effet": effet}
    return render(request, "rgpd/effacer.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.NATIONAL)
def effacer_professionnel(request: Requete) -> HttpResponse:
    """A contact or an account holder who asks: first what would go; then, confirmed, it goes."""
    form = EffacerProfessionnelForm(request.POST if request.method == "POST" else None)
    effets: list[effacement.Effet] = []
    if request.method == "POST" and form.is_valid():
        qui = acces.professionnels(form.cleaned_data["courriel"])
        try:
            effets = [effacement.simuler(genre, pk) for genre, pk in qui]
            if not qui:
                raise ErreurMetier("Personne n’a cette adresse.", champ="courriel")
            if form.cleaned_data["compris"]:
                if refus := [phrase for effet in effets for phrase in effet.obstacles]:
                    raise effacement.EffacementRefuse(" ".join(refus))  # one address, two people: both or neither
                for genre, pk in qui:
                    effacement.effacer(request.contexte, genre, pk)
                messages.success(request, "C’est effacé.")
                return redirect("rgpd:effacer_professionnel")
        except ErreurMetier as erreur:
            form.refuser(erreur)
    contexte = {"form": form, "effets": effets}
    return render(request, "rgpd/effacer_professionnel.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def par_lien(request: Requete, lien: LienAction) -> HttpResponse:
    """A young person, who signs for them or a contact, by their own link: ask, then take."""
    genre, moi = acces.moi(request.contexte)
    assert moi is not None  # noqa: S101  a link has a holder
    representant = representant_du(lien)
    retour = reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links
    if request.method == "POST":
        if request.POST.get("geste") == CONFIRMER and lien.contact is not None:
            actions.confirmer(request.contexte, lien.contact)
            messages.success(request, "Merci : vos coordonnées sont gardées.")
        else:
            dossier = representant.jeune_id if representant else None
            actions.demander(request.contexte, genre, moi, dossier=dossier)
        return redirect(retour)
    if choisie := request.GET.get("copie"):
        return _servir(request, acces.copie_visible(request.contexte, _uuid(choisie)))
    contexte: dict[str, Any] = {
        "copies": acces.copies_d(request.contexte, moi),
        "retour": retour,
        "contact": lien.contact,
    }
    return render(request, "rgpd/lien.html", contexte)


def _uuid(texte: str) -> UUID:
    """An id of nobody when the address is broken: the road is then 404."""
    try:
        return UUID(texte)
    except ValueError:
        return UUID(int=0)


def _section(request: Requete, suivi: Jeune) -> Section:
    return Section(gabarit="rgpd/_section.html", contexte={"jeune_id": suivi.pk})


if _section not in SECTIONS:
    SECTIONS.append(_section)
