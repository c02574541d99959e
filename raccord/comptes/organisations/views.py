"""My organisation: who belongs to it, who is asked, who asks, who is away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.noms import fil_de
from raccord.comptes.organisations import absences, acces, demandes, invitations, membres
from raccord.comptes.organisations.forms import (
    AbsenceForm,
    CompteForm,
    DemandeForm,
    InviterForm,
    MotForm,
    RefuserForm,
    RetirerForm,
)
from raccord.comptes.requete import Requete
from raccord.socle import erreurs, limites
from raccord.socle.exceptions import ErreurMetier, ObjetDisparu
from raccord.socle.gestes import envoyer, presser

FORME = ["GET", "HEAD", "POST"]
GABARITS = "comptes/organisations"
ENTREE = "sesame.backends.ModelBackend"


@require_safe
def organisation(request: Requete) -> HttpResponse:
    """Members, roles, absences; and for an administrator, invitations and requests."""
    contexte = request.contexte
    la_mienne = acces.mon_organisation(contexte)
    prevues = {absence.adhesion_id: absence for absence in reversed(acces.absences(contexte))}
    adhesions = list(acces.membres(contexte))
    for adhesion in adhesions:
        adhesion.absence = prevues.get(adhesion.pk)  # type: ignore[attr-defined]  # read by the page
        adhesion.a_moi = adhesion.utilisateur_id == contexte.utilisateur_id  # type: ignore[attr-defined]  # read too
    sections = [section for composer in SECTIONS if (section := composer(request))]
    donnees = {
        "organisation": la_mienne,
        "membres": adhesions,
        "sections": sections,
        "invitations": list(acces.invitations(contexte)),
        "demandes": list(acces.demandes(contexte)),
        "administre": contexte.administrateur,
        "fil": fil_de(contexte, la_mienne.pk, contacts=False),
    }
    return render(request, f"{GABARITS}/organisation.html", donnees)


# What the slices above add to this page: a heading, words, and where to go (`titre`, `texte`, `libelle`, `url`).
SECTIONS: list[Callable[[Requete], dict[str, str] | None]] = []


@require_http_methods(FORME)
def inviter(request: Requete) -> HttpResponse:
    """Somebody's address and role."""
    la_mienne = acces.mon_organisation(request.contexte)
    if not request.contexte.administrateur:
        raise PermissionDenied
    form = InviterForm(request.POST if request.method == "POST" else None, organisation=la_mienne)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.inviter(request.contexte, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, f"L’invitation est partie à {form.cleaned_data['courriel']}.")
            return redirect("comptes:organisation")
    return _formulaire(request, "inviter", form, organisation=la_mienne)


@require_POST
def renvoyer(request: Requete, invitation_id: UUID) -> HttpResponse:
    """A new link to the same address."""
    invitation = acces.invitation(request.contexte, invitation_id)
    return _agir(
        request,
        lambda: invitations.renvoyer(request.contexte, invitation.pk),
        f"Un nouveau lien est parti à {invitation.courriel}.",
    )


@require_POST
def annuler(request: Requete, invitation_id: UUID) -> HttpResponse:
    """The link serves no more."""
    invitation = acces.invitation(request.contexte, invitation_id)
    return _agir(request, lambda: invitations.retirer(request.contexte, invitation.pk), "L’invitation est retirée.")


@require_http_methods(FORME)
def demande(request: Requete, demande_id: UUID) -> HttpResponse:
    """Who asks, and the answer: yes, or no with a reason."""
    trouvee = acces.demande(request.contexte, demande_id)
    refuse = request.POST.get("geste") == "refuser"
    form = RefuserForm(request.POST if refuse else None)
    if request.method == "POST" and not refuse:
        return _agir(
            request,
            lambda: demandes.accepter(request.contexte, trouvee.pk),
            f"{trouvee.nom_complet} est prévenu par courriel.",
        )
    if envoyer(
        request,
        form,
        lambda: demandes.refuser(request.contexte, trouvee.pk, reponse=form.cleaned_data["reponse"]),
        "Votre refus est parti.",
    ):
        return redirect("comptes:organisation")
    return _formulaire(request, "demande", form, demande=trouvee)


@require_POST
def nommer(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Make a member an administrator."""
    adhesion = acces.membre_administre(request.contexte, adhesion_id)
    phrase = f"{adhesion.utilisateur.nom_complet} administre maintenant l’organisation."
    return _agir(request, lambda: membres.nommer(request.contexte, adhesion.pk), phrase)


@require_POST
def demettre(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Take the administration back."""
    adhesion = acces.membre_administre(request.contexte, adhesion_id)
    phrase = f"{adhesion.utilisateur.nom_complet} n’administre plus l’organisation."
    return _agir(request, lambda: membres.demettre(request.contexte, adhesion.pk), phrase)


@require_http_methods(FORME)
def retirer(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Say why, then end the membership."""
    adhesion = acces.membre_administre(request.contexte, adhesion_id)
    form = RetirerForm(request.POST if request.method == "POST" else None)
    if envoyer(
        request,
        form,
        lambda: membres.retirer(request.contexte, adhesion.pk, motif=form.cleaned_data["motif"]),
        f"{adhesion.utilisateur.nom_complet} ne fait plus partie de l’organisation.",
    ):
        return redirect("comptes:organisation")
    return _formulaire(request, "retirer", form, membre=adhesion, refus=membres.refus_de_partir(adhesion))


@require_http_methods(FORME)
def quitter(request: Requete) -> HttpResponse:
    """Leave, once what one carries has been handed over."""
    if request.adhesion is None:
        raise Http404
    la_mienne = request.adhesion.organisation
    if request.method == "POST":
        try:
            membres.quitter(request.contexte)
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
            return redirect("comptes:quitter")
        request.session.pop(CLE_SESSION, None)
        messages.success(request, f"Vous ne faites plus partie de « {la_mienne.nom} ».")
        return redirect(settings.LOGIN_REDIRECT_URL)
    donnees = {"organisation": la_mienne, "refus": membres.refus_de_partir(request.adhesion)}
    return render(request, f"{GABARITS}/quitter.html", donnees)


@require_http_methods(FORME)
def absence(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """From when to when, and who stands in: mine, or a colleague's when I administer."""
    adhesion = acces.membre(request.contexte, adhesion_id)
    if not request.contexte.administrateur and adhesion.utilisateur_id != request.contexte.utilisateur_id:
        raise PermissionDenied
    form = AbsenceForm(request.POST if request.method == "POST" else None, adhesion=adhesion)
    if envoyer(
        request,
        form,
        lambda: absences.prevoir(
            request.contexte,
            adhesion.pk,
            suppleant_id=UUID(form.cleaned_data["suppleant"]),
            debut=form.cleaned_data["debut"],
            fin=form.cleaned_data["fin"],
        ),
        "L’absence est prévue, la personne qui supplée est prévenue.",
    ):
        return redirect("comptes:organisation")
    seul = not acces.collegues(adhesion).exists()
    a_moi = adhesion.utilisateur_id == request.contexte.utilisateur_id
    return _formulaire(request, "absence", form, membre=adhesion, seul=seul, a_moi=a_moi)


@require_POST
def annuler_absence(request: Requete, absence_id: UUID) -> HttpResponse:
    """Called off, or back earlier."""
    trouvee = acces.absence(request.contexte, absence_id)
    return _agir(request, lambda: absences.annuler(request.contexte, trouvee.pk), "L’absence est terminée.")


# --- From outside ----------------------------------------------------------------------------------


@login_not_required
@require_safe
def rejoindre(request: Requete) -> HttpResponse:
    """Which organisation? By a part of its name."""
    texte = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    trouvees = acces.organisations_nommees(texte)
    donnees = {"texte": texte, "trouvees": trouvees, "lettres": acces.LETTRES_MINIMALES}
    return render(request, f"{GABARITS}/rejoindre.html", donnees)


@login_not_required
@require_http_methods(FORME)
def demander(request: Requete, organisation_id: UUID) -> HttpResponse:
    """Ask to join it. Without account, the answer is the same whatever is known of the address."""
    voulue = acces.organisation_a_rejoindre(organisation_id)
    connu = request.user.is_authenticated
    form = (MotForm if connu else DemandeForm)(request.POST if request.method == "POST" else None, organisation=voulue)
    if request.method == "POST" and form.is_valid():
        limites.compter("formulaire_public", limites.reseau(request))
        try:
            if connu:
                demandes.demander_avec_mon_compte(
                    request.contexte, voulue.pk, utilisateur=request.user, **form.cleaned_data
                )
            else:
                demandes.demander(request.contexte, voulue.pk, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return render(request, f"{GABARITS}/demandee.html", {"organisation": voulue})
    return _formulaire(request, "demander", form, organisation=voulue, connu=connu)


@login_not_required
@never_cache
@require_http_methods(FORME)
def invitation(request: Requete, jeton: str) -> HttpResponse:
    """Show who invites and to what; join on POST, with the account one has or a new one."""
    invitee = invitations.lire(jeton)
    if invitee is None:
        return render(request, "comptes/lien_inconnu.html", status=404)
    if not invitee.valide:
        return _invitation_close(request, invitee, jeton)
    utilisateur = request.user if request.user.is_authenticated else None
    compte = utilisateur or invitations.compte_de(invitee)
    form = None if compte else CompteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        saisie = form.cleaned_data if form else {}
        try:
            adhesion, nouveau = invitations.accepter(jeton, utilisateur=utilisateur, **saisie)
        except (invitations.InvitationFermee, ObjetDisparu):
            invitee.refresh_from_db()
            return _invitation_close(request, invitee, jeton)
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
        else:
            if nouveau:
                login(request, adhesion.utilisateur, backend=ENTREE)
            request.session[CLE_SESSION] = str(adhesion.pk)
            messages.success(request, f"Vous faites maintenant partie de « {invitee.organisation.nom} ».")
            return redirect(settings.LOGIN_REDIRECT_URL)
    donnees: dict[str, Any] = {
        "invitation": invitee,
        "form": form,
        "compte": compte,
        "autre_adresse": utilisateur is not None and utilisateur.courriel != invitee.courriel,
    }
    statut = 422 if form is not None and form.errors else 200
    return render(request, f"{GABARITS}/invitation.html", donnees, status=statut)


def _invitation_close(request: Requete, invitee: Any, jeton: str) -> HttpResponse:
    donnees = {"invitation": invitee, "jeton": jeton, "textes": erreurs.textes_ecrits(request)}
    return render(request, f"{GABARITS}/invitation_close.html", donnees, status=410)


@login_not_required
@never_cache
@require_POST
def redemander(request: Requete, jeton: str) -> HttpResponse:
    """From an expired link: another one, to the invited address. The page says the same when there is none."""
    limites.compter("formulaire_public", limites.reseau(request))
    try:
        invitations.redemander(jeton)
    except ObjetDisparu:
        return render(request, "comptes/lien_inconnu.html", status=404)
    return render(request, "comptes/lien_renvoye.html")


# --- Helpers ---------------------------------------------------------------------------------------


def _agir(request: Requete, geste: Callable[[], object], reussi: str) -> HttpResponse:
    """Do it, say it, come back to the page of the organisation."""
    presser(request, geste, reussi)
    return redirect("comptes:organisation")


def _formulaire(request: Requete, gabarit: str, form: Any, **donnees: Any) -> HttpResponse:
    return render(request, f"{GABARITS}/{gabarit}.html", {"form": form, **donnees}, status=422 if form.errors else 200)
