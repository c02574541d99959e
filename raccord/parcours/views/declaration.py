"""The buyer's declaration, page by page: the contract, the hours, the offers, the sending (the lots: `lots.py`)."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.marches.acces import LigneEngagement, brouillon_visible, lignes_engagements, marche_visible
from raccord.marches.actions import brouillon as brouillons
from raccord.marches.calibration import bareme_au, equivalence, heures_hebdo, periode_courte
from raccord.marches.contacts import Coordonnees
from raccord.marches.models import Brouillon, Marche
from raccord.parcours.actions import declaration as actions
from raccord.parcours.forms.declaration import ContratForm, HeuresForm, OffreForm
from raccord.parcours.forms.saisies import brute, en_boites, initiales
from raccord.parcours.models import Offre
from raccord.parcours.views.brouillon import DECLARANTS, adresse_de, apres, etape, ouvrir, refusee, resumer
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps
from raccord.socle.parametres import Regle

# --- 1. The contract -------------------------------------------------------------------------------


@require_safe
@reserve_a(*DECLARANTS)
def declarer(request: Requete) -> HttpResponse:
    """The first page, empty. Its address to send to holds the key: a form sent twice begins one draft."""
    form = ContratForm(initial=ContratForm.valeurs_de(None, None), **_options_contrat(request.contexte, None))
    return _montrer_contrat(request, form, uuid4(), None)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def contrat(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The contract; the first POST begins the draft."""
    if request.method == "POST":
        brouillons.commencer(request.contexte, brouillon_id)
    brouillon = ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    if request.method == "POST":
        return _recevoir_contrat(request, brouillon)
    marche = brouillon.marche
    initial = ContratForm.valeurs_de(marche, request.contexte.utilisateur_id)
    initial |= initiales(ContratForm, brouillon.saisies.get("contrat", {}))
    form = ContratForm(
        initial=initial, version=marche and marche.modifie_le, **_options_contrat(request.contexte, marche)
    )
    return _montrer_contrat(request, form, brouillon_id, marche)


def _recevoir_contrat(request: Requete, brouillon: Brouillon) -> HttpResponse:
    contexte, marche = request.contexte, brouillon.marche
    form = _lier_contrat(request, marche)
    if form.is_valid():
        try:
            brouillons.enregistrer_contrat(contexte, brouillon.pk, form.contrat(), version=form.version_lue)
        except ModifieEntreTemps:
            form = _lier_contrat(request, brouillon_visible(contexte, brouillon.pk).marche)
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return apres(request, brouillon.pk, reverse("parcours:declarer_lots", args=[brouillon.pk]))
    if form.second_clic:
        return apres(request, brouillon.pk, reverse("parcours:declarer_lots", args=[brouillon.pk]))
    return refusee(request, brouillon.pk, "contrat", brute(request.POST)) or _montrer_contrat(
        request, form, brouillon.pk, marche, statut=422
    )


def _lier_contrat(request: Requete, marche: Marche | None) -> ContratForm:
    return ContratForm(
        request.POST,
        initial=ContratForm.valeurs_de(marche, request.contexte.utilisateur_id),
        version=marche and marche.modifie_le,
        **_options_contrat(request.contexte, marche),
    )


def _options_contrat(contexte: Contexte, marche: Marche | None) -> dict[str, Any]:
    return {
        "national": contexte.role == Role.NATIONAL,
        "moi": contexte.utilisateur_id,
        "suivi_par": marche.suivi_par if marche else None,
    }


def _montrer_contrat(
    request: Requete, form: ContratForm, brouillon_id: UUID, marche: Marche | None, *, statut: int = 200
) -> HttpResponse:
    contexte = {"form": form, "envoi": reverse("parcours:declarer_contrat", args=[brouillon_id]), **etape(1)}
    contexte["commence"] = marche is not None
    return render(request, "parcours/declaration/contrat.html", contexte, status=statut)


# --- 3. The hours ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def heures(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The hours of each engagement: proposed with the reason; shorter allowed, longer not."""
    brouillon = ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    lignes = _lignes(request.contexte, brouillon)
    if not lignes:
        return redirect(adresse_de(brouillon))
    bareme, hebdo = bareme_au(lignes[0].engagement.marche.date_notification), heures_hebdo()
    blocs = [_bloc_heures(request, brouillon, ligne, bareme, hebdo) for ligne in lignes]
    refus = ""
    if request.method == "POST":
        if all([bloc["form"].is_valid() for bloc in blocs]):
            choix = {bloc["ligne"].engagement.pk: int(bloc["form"].cleaned_data["heures"]) for bloc in blocs}
            try:
                actions.choisir_heures(request.contexte, brouillon_id, choix)
            except ErreurMetier as erreur:
                refus = str(erreur)
            else:
                brouillon = brouillon_visible(request.contexte, brouillon_id)
                return apres(request, brouillon_id, adresse_de(brouillon))
        parti = refusee(request, brouillon_id, "heures", brute(request.POST))
        if parti is not None:
            return parti
    noms = [f"{bloc['ligne'].engagement.entreprise.nom}, " if len(blocs) > 1 else "" for bloc in blocs]
    resume = resumer([bloc["form"] for bloc in blocs], refus, noms=noms)
    contexte = {"brouillon": brouillon, "blocs": blocs, "resume": resume, **etape(3)}
    contexte["marche"], contexte["courte"] = brouillon.marche, _courte(brouillon)
    return render(request, "parcours/declaration/heures.html", contexte, status=422 if resume else 200)


def _lignes(contexte: Contexte, brouillon: Brouillon) -> list[LigneEngagement]:
    """The engagements of the draft, with their lots."""
    if brouillon.marche_id is None:
        return []
    return lignes_engagements(marche_visible(contexte, brouillon.marche_id))


def _courte(brouillon: Brouillon) -> bool:
    return brouillon.marche is not None and periode_courte(brouillon.marche.date_fin_clause)


def _bloc_heures(
    request: Requete, brouillon: Brouillon, ligne: LigneEngagement, bareme: Regle, hebdo: int
) -> dict[str, Any]:
    engagement = ligne.engagement
    proposition = brouillons.proposition_pour(engagement, bareme)
    prefixe = str(engagement.pk)
    choisi = str(engagement.heures) if brouillons.heures_choisies(engagement) else str(proposition.heures or "")
    initial = {"heures": choisi} | initiales(HeuresForm, brouillon.saisies.get("heures", {}), prefixe)
    form = HeuresForm(
        request.POST if request.method == "POST" else None,
        prefix=prefixe,
        initial=initial,
        proposition=proposition,
        hebdo=hebdo,
    )
    return {"ligne": ligne, "form": form, "proposition": proposition}


# --- 4. The offer of each engagement ---------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def offre(request: Requete, brouillon_id: UUID, engagement_id: UUID) -> HttpResponse:
    """The offer of one engagement of the draft."""
    brouillon = ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    lignes = _lignes(request.contexte, brouillon)
    ligne = next((ligne for ligne in lignes if ligne.engagement.pk == engagement_id), None)
    if ligne is None:
        raise Http404
    cle = f"offre:{engagement_id}"
    form = _form_offre(request, ligne, brouillon.saisies.get(cle, {}))
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.enregistrer_offre(
                    request.contexte, brouillon_id, engagement_id, form.saisie(), version=form.version_lue
                )
            except ModifieEntreTemps:
                form = _form_offre(request, ligne, {})
                form.is_valid()
            except ErreurMetier as erreur:
                form.refuser(erreur)
            else:
                brouillon = brouillon_visible(request.contexte, brouillon_id)
                return apres(request, brouillon_id, adresse_de(brouillon))
        if form.second_clic:
            return apres(request, brouillon_id, adresse_de(brouillon))
        parti = refusee(request, brouillon_id, cle, brute(request.POST))
        if parti is not None:
            return parti
    contexte = {"form": form, "brouillon": brouillon, "ligne": ligne, "nombre": len(lignes), **etape(4)}
    contexte |= {"rang": lignes.index(ligne) + 1, "duree": equivalence(ligne.engagement.heures)}
    contexte["retour"] = reverse("parcours:declarer_heures", args=[brouillon_id])
    return render(request, "parcours/declaration/offre.html", contexte, status=422 if form.errors else 200)


def _form_offre(request: Requete, ligne: LigneEngagement, saisie: dict[str, list[str]]) -> OffreForm:
    """The form on the row as it stands now, on what was kept, or on what is known of the company."""
    existante = actions.offre_en_cours(ligne.engagement)
    initial = OffreForm.valeurs_de(existante) if existante else a_l_avance(ligne)
    return OffreForm(
        request.POST if request.method == "POST" else None,
        initial=initial | initiales(OffreForm, saisie),
        version=existante.fiche.version if existante else None,
    )


def a_l_avance(ligne: LigneEngagement) -> dict[str, Any]:
    """What another offer of the same contract already said of the company, and the dates of the contract."""
    engagement = ligne.engagement
    initial: dict[str, Any] = {
        "date_debut": max(calendrier.aujourdhui(), engagement.marche.date_notification),
        "date_fin": engagement.marche.date_fin_clause,
        "secteur": engagement.entreprise.secteur,
        "site_web": engagement.entreprise.site_web,
    }
    voisine = (
        Offre.objects.filter(engagement__marche_id=engagement.marche_id, entreprise_id=engagement.entreprise_id)
        .select_related("referent", "rrh", "commune")
        .order_by("-cree_le", "pk")
        .first()
    )
    if voisine is not None:
        initial |= {"adresse": voisine.adresse, "commune": voisine.commune}
        initial |= en_boites(Coordonnees.de(voisine.referent), "referent")
        initial |= en_boites(Coordonnees.de(voisine.rrh), "second")
    return initial


# --- 5. Check and send -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def verifier(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """Everything on one page; the button sends."""
    if request.method == "POST":
        brouillon_visible(request.contexte, brouillon_id)
        try:
            marche = actions.envoyer(request.contexte, brouillon_id)
        except brouillons.DeclarationEnvoyee:
            return redirect("parcours:declarer_reprendre", brouillon_id)
        except actions.DeclarationIncomplete as erreur:
            messages.error(request, str(erreur))
            return redirect("parcours:declarer_reprendre", brouillon_id)
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
            return redirect("parcours:declarer_verifier", brouillon_id)
        messages.success(request, "C’est envoyé. L’entreprise a reçu son lien ; vous recevez un accusé de réception.")
        return redirect("marches:marche", marche.pk)
    brouillon = ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    if actions.etape_suivante(brouillon)[0] != "verifier":
        return redirect(adresse_de(brouillon))
    hebdo = heures_hebdo()
    parts = [
        {
            "ligne": ligne,
            "offre": actions.offre_en_cours(ligne.engagement),
            "duree": equivalence(ligne.engagement.heures, hebdo=hebdo),
        }
        for ligne in _lignes(request.contexte, brouillon)
    ]
    contexte = {"brouillon": brouillon, "marche": brouillon.marche, "parts": parts, **etape(5)}
    contexte["courte"] = _courte(brouillon)
    return render(request, "parcours/declaration/verifier.html", contexte)
