"""Sign in, switch organisation, sign out; the door of every action link."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from sesame.utils import get_user

from raccord.comptes import liens
from raccord.comptes.actions import envoyer_lien_connexion
from raccord.comptes.forms import ConfierForm, ConnexionForm
from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.models import LienAction
from raccord.comptes.proconnect import sortie
from raccord.comptes.requete import Requete
from raccord.socle import erreurs, identite
from raccord.socle.exceptions import DejaFait

CLE_SUITE = "suite"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: Requete) -> HttpResponse:
    """Ask for an address, send the link, and answer the same whether the account exists or not."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    suite = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(suite, allowed_hosts={request.get_host()}):
        request.session[CLE_SUITE] = suite
    form = ConnexionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        envoyer_lien_connexion(form.cleaned_data["courriel"])
        return render(request, "comptes/lien_envoye.html", {"courriel": form.cleaned_data["courriel"]})
    return render(request, "comptes/connexion.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrer(request: Requete, jeton: str) -> HttpResponse:
    """The interstitial page of a sign-in link: opening it burns nothing, the button signs in."""
    if request.method != "POST":
        return render(request, "comptes/entrer.html", {"jeton": jeton})
    utilisateur = get_user(jeton)
    if utilisateur is None:
        return render(request, "comptes/lien_perime.html", {"form": ConnexionForm()}, status=410)
    suite = request.session.get(CLE_SUITE, "")
    login(request, utilisateur)
    return redirect(suite or settings.LOGIN_REDIRECT_URL)


@never_cache
@require_POST
def sortir(request: Requete) -> HttpResponse:
    """Sign out, and of ProConnect too when one came by it."""
    adieu, etat = sortie.preparer(request)
    logout(request)
    if adieu:
        request.session[sortie.CLE_ETAT] = etat
        return render(request, "comptes/proconnect/sortir.html", {"adresse": adieu})
    messages.success(request, "Vous êtes sorti. À bientôt.")
    return redirect("parcours:accueil")


@require_POST
def changer_adhesion(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Act for another of my organisations."""
    if not any(adhesion.pk == adhesion_id for adhesion in request.adhesions):
        raise Http404
    request.session[CLE_SESSION] = str(adhesion_id)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _agir_comme_porteur(request: Requete, lien: LienAction) -> None:
    request.contexte = liens.contexte_du(lien)
    identite.devenir(request.contexte)
    request.adhesion, request.adhesions = None, []


def _lien_mort(request: Requete, jeton: str, lien: LienAction) -> HttpResponse:
    contexte = {"jeton": jeton, "revoque": lien.revoque_le, "textes": erreurs.textes_ecrits(request)}
    return render(request, "comptes/lien_mort.html", contexte, status=410)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lien(request: Requete, jeton: str) -> HttpResponse:
    """Show what the link will do, do it on POST; a dead link offers another to its holder."""
    trouve = liens.lire(jeton)
    if trouve is None or trouve.action not in liens.DEFINITIONS:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if not trouve.valide:
        return _lien_mort(request, jeton, trouve)
    _agir_comme_porteur(request, trouve)
    if trouve.ouvert_le is None:
        LienAction.objects.filter(pk=trouve.pk).update(ouvert_le=timezone.now())
    request.jeton = jeton  # type: ignore[attr-defined]  # the templates build the sibling addresses from it
    return liens.DEFINITIONS[trouve.action].vue(request, trouve)


@login_not_required
@never_cache
@require_POST
def renouveler_lien(request: Requete, jeton: str) -> HttpResponse:
    """Send the holder a new link. A revoked link handed to somebody else cannot come back by this road."""
    trouve = liens.lire(jeton)
    if trouve is None or trouve.action not in liens.DEFINITIONS:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if trouve.revoque_le is None:
        identite.devenir(liens.contexte_du(trouve))
        liens.renouveler(trouve)
    return render(request, "comptes/lien_renvoye.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confier_lien(request: Requete, jeton: str) -> HttpResponse:
    """'Ce n'est pas moi, c'est…': name the right colleague, who receives a link of their own."""
    trouve = liens.lire(jeton)
    if trouve is None or trouve.contact is None or trouve.action not in liens.DEFINITIONS:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if not trouve.valide:
        return _lien_mort(request, jeton, trouve)
    _agir_comme_porteur(request, trouve)
    form = ConfierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            liens.confier(trouve, **form.cleaned_data)
        except DejaFait:
            trouve.refresh_from_db()
            return _lien_mort(request, jeton, trouve)
        return render(request, "comptes/lien_confie.html", {"courriel": form.cleaned_data["courriel"]})
    retour = reverse("comptes:lien", args=[jeton])
    return render(request, "comptes/confier.html", {"form": form, "retour": retour}, status=422 if form.errors else 200)
