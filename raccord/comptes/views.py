"""Sign in, switch organisation, sign out; the door of every action link."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as confirmer_appareil
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from raccord.comptes import acces, confirmation, liens, sessions
from raccord.comptes.acces import avant_confirmation
from raccord.comptes.actions import compte_du_jeton, envoyer_lien_connexion, fermer_sessions, utiliser_lien
from raccord.comptes.assistance import acces as acces_assistance
from raccord.comptes.confirmation import CodeRefuse, doit_confirmer
from raccord.comptes.forms import CodeForm, ConfierForm, ConnexionForm
from raccord.comptes.intergiciel import CLE_SESSION, contexte_de
from raccord.comptes.models import Adhesion, LienAction
from raccord.comptes.proconnect import sortie
from raccord.comptes.requete import Requete
from raccord.socle import erreurs, identite, limites
from raccord.socle.exceptions import DejaFait

CODE_DE_SECOURS_UTILISE = (
    "Vous êtes entré avec un code de secours, qui ne servira plus. Votre téléphone est perdu ? "
    "Enregistrez-en un autre depuis « Mon compte »."
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: Requete) -> HttpResponse:
    """Ask for an address, send the link, and answer the same whether the account exists or not."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = ConnexionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _envoyer_lien(request, courriel=form.cleaned_data["courriel"])
    return render(request, "comptes/connexion.html", {"form": form}, status=422 if form.errors else 200)


def _envoyer_lien(request: Requete, *, courriel: str = "", compte: UUID | None = None) -> HttpResponse:
    utilisateur = acces.compte_ouvert(courriel=courriel) if courriel else acces.compte_ouvert(pk=compte)
    limites.compter("connexion", utilisateur.courriel if utilisateur else courriel or compte)
    limites.compter("connexion_reseau", limites.reseau(request))
    envoyer_lien_connexion(utilisateur, suite=acces.suite_sure(request))
    return render(request, "comptes/lien_envoye.html", {"courriel": courriel})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrer(request: Requete, jeton: str) -> HttpResponse:
    """The interstitial page of a sign-in link: opening it burns nothing, the button signs in."""
    if request.method != "POST":
        return render(request, "comptes/entrer.html")
    utilisateur = utiliser_lien(jeton)
    if utilisateur is None:
        limites.compter("lien_inconnu", limites.reseau(request))
        contexte = {"jeton": jeton, "lisible": compte_du_jeton(jeton), "suite": acces.suite_sure(request)}
        return render(request, "comptes/lien_perime.html", contexte | {"form": ConnexionForm()}, status=410)
    sessions.ouvrir(request, utilisateur)
    return redirect(acces.suite_sure(request) or settings.LOGIN_REDIRECT_URL)


@login_not_required
@never_cache
@require_POST
def autre_lien(request: Requete, jeton: str) -> HttpResponse:
    """Another sign-in link from one that is expired or used: it goes to the account's own address, if there is one."""
    compte = compte_du_jeton(jeton)
    if compte is None:
        return redirect("comptes:connexion")
    return _envoyer_lien(request, compte=compte)


@avant_confirmation
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


@avant_confirmation
@require_POST
def changer_adhesion(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Act for another of my organisations."""
    if not any(adhesion.pk == adhesion_id for adhesion in request.adhesions):
        raise Http404
    request.session[CLE_SESSION] = str(adhesion_id)
    return redirect(settings.LOGIN_REDIRECT_URL)


# --- The second factor -----------------------------------------------------------------------------


def _adhesion_a_confirmer(request: Requete) -> Adhesion:
    """The membership that asks for the second factor. Raises Http404 for whoever has none."""
    adhesion = request.a_confirmer or next(filter(doit_confirmer, request.adhesions), None)
    if adhesion is None:
        raise Http404
    return adhesion


@avant_confirmation
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: Requete) -> HttpResponse:
    """After the mail link: the code of the telephone, or a recovery code."""
    adhesion = _adhesion_a_confirmer(request)
    if confirmation.confirmee(request):
        return redirect(acces.suite_sure(request) or settings.LOGIN_REDIRECT_URL)
    if confirmation.telephone_de(request.user) is None:
        return redirect_to_login(acces.suite_sure(request), reverse("comptes:activer"))
    form = CodeForm(request.POST or None, longueurs=confirmation.LONGUEURS)
    if request.method == "POST" and form.is_valid():
        limites.compter("code", request.user.pk)
        try:
            appareil = confirmation.confirmer(contexte_de(adhesion), adhesion, code=form.cleaned_data["code"])
        except CodeRefuse as erreur:
            form.refuser(erreur)
        else:
            _confirmer_session(request, appareil)
            if isinstance(appareil, StaticDevice):
                messages.warning(request, CODE_DE_SECOURS_UTILISE)
            return redirect(acces.suite_sure(request) or settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "comptes/confirmer.html",
        {"form": form, "contact": settings.CONTACT},
        status=422 if form.errors else 200,
    )


@avant_confirmation
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activer(request: Requete) -> HttpResponse:
    """Register a telephone: the first one, or another, which needs the former or a recovery code."""
    adhesion = _adhesion_a_confirmer(request)
    suite = acces.suite_sure(request)
    retour = suite or reverse("comptes:securite")
    if confirmation.telephone_de(request.user) is not None and not confirmation.confirmee(request):
        return redirect_to_login(suite, reverse("comptes:confirmer"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limites.compter("code", request.user.pk)
        try:
            telephone, codes = confirmation.activer(contexte_de(adhesion), adhesion, code=form.cleaned_data["code"])
        except CodeRefuse as erreur:
            form.refuser(erreur)
        else:
            _confirmer_session(request, telephone)
            return render(request, "comptes/codes.html", {"codes": codes, "suite": retour})
    telephone = confirmation.preparer(request.user)
    contexte = {
        "form": form,
        "image": confirmation.image(telephone),
        "lien_application": telephone.config_url,
        "secret": confirmation.secret_lisible(telephone),
        "remplace": confirmation.telephone_de(request.user) is not None,
    }
    return render(request, "comptes/activer.html", contexte, status=422 if form.errors else 200)


def _confirmer_session(request: Requete, appareil: Device) -> None:
    limites.oublier("code", request.user.pk)
    request.session.cycle_key()
    confirmer_appareil(request, appareil)


@never_cache
@require_safe
def securite(request: Requete) -> HttpResponse:
    """My account: who I am here, my telephone, who helped me, my sessions; and what the slices above add."""
    assistances = acces_assistance.les_miennes(request.user.pk)
    deja = any(assistance.ouverte for assistance in assistances)
    contexte = {
        "sections": [section for composer in SECTIONS_DU_COMPTE if (section := composer(request))],
        "a_telephone": any(map(doit_confirmer, request.adhesions)),
        "telephone": confirmation.telephone_de(request.user),
        "codes": confirmation.codes_restants(request.user),
        "peut_demander_aide": acces_assistance.peut_demander(request.contexte) and not deja,
        "assistances": assistances,
    }
    return render(request, "comptes/securite.html", contexte)


# A heading, words, and where to go (`titre`, `texte`, `libelle`, `url`), as on 'Mon organisation'.
SECTIONS_DU_COMPTE: list[Callable[[Requete], dict[str, str] | None]] = []


@never_cache
@require_POST
def refaire_codes(request: Requete) -> HttpResponse:
    """New recovery codes, shown once."""
    adhesion = _adhesion_a_confirmer(request)
    if confirmation.telephone_de(request.user) is None or not confirmation.confirmee(request):
        return redirect("comptes:activer")
    codes = confirmation.refaire_codes(request.contexte, adhesion)
    return render(request, "comptes/codes.html", {"codes": codes, "suite": reverse("comptes:securite")})


@require_POST
def sortir_partout(request: Requete) -> HttpResponse:
    """Sign out here and in every other browser."""
    fermer_sessions(request.user)
    logout(request)
    messages.success(request, "Vous êtes sorti de partout. Les liens déjà demandés ne servent plus.")
    return redirect("parcours:accueil")


# --- Action links ----------------------------------------------------------------------------------


def _trouver(request: Requete, jeton: str) -> LienAction | None:
    """The link behind the secret. Raises TropDEssais for a network that tries too many that are none."""
    reseau = limites.reseau(request)
    limites.verifier("lien_inconnu", reseau)
    trouve = liens.lire(jeton)
    if trouve is None or trouve.action not in liens.DEFINITIONS:
        limites.compter("lien_inconnu", reseau)
        return None
    return trouve


def _agir_comme_porteur(request: Requete, lien: LienAction) -> None:
    request.contexte = liens.contexte_du(lien)
    identite.devenir(request.contexte, motif=lien.action)
    request.adhesion, request.adhesions = None, []


def _lien_mort(request: Requete, jeton: str, lien: LienAction) -> HttpResponse:
    contexte = {
        "jeton": jeton,
        "revoque": lien.revoque_le,
        "reprenable": liens.reprenable_jusqu_a(lien),
        "textes": erreurs.textes_ecrits(request),
    }
    return render(request, "comptes/lien_mort.html", contexte, status=410)


def par_lien(vue: Callable[[Requete, LienAction], HttpResponse]) -> Callable[[Requete, str], HttpResponse]:
    """For a page besides what the link does: the same door, the same holder. A dead link opens nothing."""

    @login_not_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(vue)
    def autour(request: Requete, jeton: str) -> HttpResponse:
        trouve = _trouver(request, jeton)
        if trouve is None:
            return render(request, "comptes/lien_inconnu.html", status=404)
        if not trouve.valide:
            return _lien_mort(request, jeton, trouve)
        _agir_comme_porteur(request, trouve)
        request.jeton = jeton  # type: ignore[attr-defined]  # as the page of the link itself
        return vue(request, trouve)

    return autour


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lien(request: Requete, jeton: str) -> HttpResponse:
    """Show what the link will do, do it on POST; a dead link offers another to its holder."""
    trouve = _trouver(request, jeton)
    if trouve is None:
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
    trouve = _trouver(request, jeton)
    if trouve is None:
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
    trouve = _trouver(request, jeton)
    if trouve is None or trouve.contact is None:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if not trouve.valide:
        return _lien_mort(request, jeton, trouve)
    _agir_comme_porteur(request, trouve)
    form = ConfierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limites.compter("confier", f"{trouve.action} {trouve.objet_id}")
        limites.compter("formulaire_public", limites.reseau(request))
        try:
            liens.confier(trouve, **form.cleaned_data, jeton=jeton)
        except DejaFait:
            trouve.refresh_from_db()
            return _lien_mort(request, jeton, trouve)
        trouve.refresh_from_db()
        return _confie(request, jeton, trouve)
    retour = reverse("comptes:lien", args=[jeton])
    return render(request, "comptes/confier.html", {"form": form, "retour": retour}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reprendre_lien(request: Requete, jeton: str) -> HttpResponse:
    """The receipt of a hand-over, with its way back for an hour; then whom to ask."""
    trouve = _trouver(request, jeton)
    if trouve is None or trouve.contact is None:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if trouve.valide:
        return redirect("comptes:lien", jeton)
    identite.devenir(liens.contexte_du(trouve))
    if request.method == "POST":
        try:
            liens.reprendre(trouve)
        except liens.RepriseImpossible as refus:
            messages.error(request, str(refus))
            return redirect("comptes:reprendre_lien", jeton)
        messages.success(request, "C’est repris : votre collègue est prévenu qu’il n’a rien à faire.")
        return redirect("comptes:lien", jeton)
    return _confie(request, jeton, trouve)


def _confie(request: Requete, jeton: str, lien: LienAction) -> HttpResponse:
    contexte = {
        "confie": liens.confie_a(lien),
        "jusqu_a": liens.reprenable_jusqu_a(lien),
        "url_reprendre": reverse("comptes:reprendre_lien", args=[jeton]),
    }
    return render(request, "comptes/lien_confie.html", contexte)
