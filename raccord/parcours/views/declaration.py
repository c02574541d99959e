"""The buyer's declaration, page by page; then the offer corrected, withdrawn, declared again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.marches import actions as marches
from raccord.marches.acces import LigneEngagement, brouillon_visible, lignes_engagements, marche_visible
from raccord.marches.calibration import bareme_au, equivalence, heures_hebdo, periode_courte
from raccord.marches.contacts import Coordonnees
from raccord.marches.models import Brouillon, Engagement, Marche
from raccord.parcours.acces.declaration import engagement_achete, offre_achetee
from raccord.parcours.actions import declaration as actions
from raccord.parcours.forms.declaration import (
    LOTS_MAXIMUM,
    ContratForm,
    HeuresForm,
    LotForm,
    MutualiserForm,
    OffreForm,
    RetraitForm,
    TitulaireForm,
    brute,
    en_boites,
    initiales,
)
from raccord.parcours.models import Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier, forms
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, ObjetDisparu
from raccord.socle.parametres import Regle
from raccord.socle.templatetags import raccord as mots

ETAPES = ("Le marché", "Les lots et les entreprises", "Les heures", "L’offre", "Vérifier et envoyer")
DECLARANTS = (Role.ACHETEUR, Role.NATIONAL)


def _etape(numero: int) -> dict[str, Any]:
    """What the stepper shows."""
    return {
        "etape": numero,
        "etapes_total": len(ETAPES),
        "etape_titre": ETAPES[numero - 1],
        "etape_suivante": ETAPES[numero] if numero < len(ETAPES) else "",
    }


def _ouvrir(request: Requete, brouillon_id: UUID) -> Brouillon | HttpResponse:
    """The draft, or the page of the contract once it is sent."""
    brouillon = brouillon_visible(request.contexte, brouillon_id)
    if brouillon.envoye_le is not None and brouillon.marche_id is not None:
        messages.info(request, str(marches.DeclarationEnvoyee()))
        return redirect("marches:marche", brouillon.marche_id)
    return brouillon


def _adresse(brouillon: Brouillon) -> str:
    """The page where the declaration goes on."""
    page, engagement_id = actions.etape_suivante(brouillon)
    if page == "offre":
        return reverse("parcours:declarer_offre", args=[brouillon.pk, engagement_id])
    return reverse(f"parcours:declarer_{page}", args=[brouillon.pk])


def _plus_tard(request: Requete, brouillon_id: UUID, page: str, saisie: dict[str, Any] | None = None) -> HttpResponse:
    """Leave: what is not valid yet is kept as it was typed."""
    if saisie is not None:
        marches.garder_saisie(request.contexte, brouillon_id, page=page, saisie=saisie)
    messages.success(request, "Votre brouillon est gardé. Vous le retrouvez ici, vous ou un collègue.")
    return redirect("marches:liste")


def _apres(request: Requete, brouillon_id: UUID, suivante: str) -> HttpResponse:
    """After a page that was saved: the next one, or the list for whoever stops here."""
    return _plus_tard(request, brouillon_id, "") if "plus_tard" in request.POST else redirect(suivante)


def _refusee(request: Requete, brouillon_id: UUID, page: str, saisie: dict[str, Any]) -> HttpResponse | None:
    """A page with mistakes: kept as typed; shown again, unless the person stops here."""
    if "plus_tard" in request.POST:
        return _plus_tard(request, brouillon_id, page, saisie)
    marches.garder_saisie(request.contexte, brouillon_id, page=page, saisie=saisie)
    return None


# --- Start, resume, delete -------------------------------------------------------------------------


@require_safe
@reserve_a(*DECLARANTS)
def declarer(request: Requete) -> HttpResponse:
    """The first page, empty. Its address to send to holds the key: a form sent twice begins one draft."""
    form = ContratForm(initial=ContratForm.valeurs_de(None, None), **_options_contrat(request.contexte, None))
    return _montrer_contrat(request, form, uuid4(), None)


@require_safe
@reserve_a(*DECLARANTS)
def reprendre(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """Where I had stopped."""
    brouillon = _ouvrir(request, brouillon_id)
    return brouillon if isinstance(brouillon, HttpResponse) else redirect(_adresse(brouillon))


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def supprimer(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """Delete a draft, after saying what goes with it."""
    if request.method != "POST":
        brouillon = _ouvrir(request, brouillon_id)
        if isinstance(brouillon, HttpResponse):
            return brouillon
        return render(request, "parcours/declaration/supprimer.html", {"brouillon": brouillon})
    if not Brouillon.objects.filter(pk=brouillon_id).exists():
        messages.info(request, "Ce brouillon était déjà supprimé.")
        return redirect("marches:liste")
    brouillon_visible(request.contexte, brouillon_id)
    try:
        marches.abandonner(request.contexte, brouillon_id)
    except ObjetDisparu:
        messages.info(request, "Ce brouillon était déjà supprimé.")
    except DejaFait as erreur:
        messages.info(request, str(erreur))
    else:
        messages.success(request, "Le brouillon est supprimé. Rien n’avait été envoyé.")
    return redirect("marches:liste")


# --- 1. The contract -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def contrat(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The contract; the first POST begins the draft."""
    if request.method == "POST":
        marches.commencer(request.contexte, brouillon_id)
    brouillon = _ouvrir(request, brouillon_id)
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
            marches.enregistrer_contrat(contexte, brouillon.pk, form.contrat(), version=form.version_lue)
        except ModifieEntreTemps:
            form = _lier_contrat(request, brouillon_visible(contexte, brouillon.pk).marche)
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return _apres(request, brouillon.pk, reverse("parcours:declarer_lots", args=[brouillon.pk]))
    if form.second_clic:
        return _apres(request, brouillon.pk, reverse("parcours:declarer_lots", args=[brouillon.pk]))
    return _refusee(request, brouillon.pk, "contrat", brute(request.POST)) or _montrer_contrat(
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
    contexte = {"form": form, "envoi": reverse("parcours:declarer_contrat", args=[brouillon_id]), **_etape(1)}
    contexte["commence"] = marche is not None
    return render(request, "parcours/declaration/contrat.html", contexte, status=statut)


# --- 2. Lots and companies -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def lots(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The lots and who holds them; lots are added and removed by buttons that post the page again."""
    brouillon = _ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    if brouillon.marche is None:
        return redirect("parcours:declarer_contrat", brouillon_id)
    if request.method == "POST":
        return _recevoir_lots(request, brouillon)
    saisie = brouillon.saisies.get("lots") or _lots_enregistres(brouillon.marche)
    formulaires = [_classe_lot(saisie)(prefix=f"lot-{i}", initial=lot) for i, lot in enumerate(saisie["lots"])]
    mutualiser = MutualiserForm(initial={"mutualiser": "oui" if saisie["mutualiser"] else "non"})
    return _montrer_lots(request, brouillon, formulaires, mutualiser, divise=saisie["divise"])


def _classe_lot(saisie: dict[str, Any]) -> type[TitulaireForm]:
    return LotForm if saisie["divise"] else TitulaireForm


def _lots_enregistres(marche: Marche) -> dict[str, Any]:
    """What the rows say, in the shape of what is typed."""
    lignes: list[dict[str, Any]] = []
    mutualiser = False
    for engagement in (
        marche.engagements.select_related("entreprise").prefetch_related("lots").order_by("cree_le", "pk")
    ):
        siens = list(engagement.lots.all())
        mutualiser = mutualiser or len(siens) > 1
        for lot in siens:
            entreprise = engagement.entreprise
            lignes.append(
                {
                    "numero": lot.numero,
                    "intitule": lot.intitule,
                    "montant_ferme": lot.montant_ferme,
                    "siret": entreprise.siret,
                    "nom": entreprise.nom,
                }
            )
    lignes.sort(key=lambda ligne: int(ligne["numero"]))
    divise = any(ligne["numero"] for ligne in lignes)
    return {"divise": divise, "mutualiser": mutualiser, "lots": lignes or [{}]}


def _lots_tapes(donnees: QueryDict) -> dict[str, Any]:
    """What was typed, lot by lot, valid or not."""
    try:
        nombre = int(donnees.get("nombre", "1"))
    except ValueError:
        nombre = 1
    tapes = brute(donnees)
    lots_tapes = [initiales(LotForm, tapes, f"lot-{i}") for i in range(max(1, min(nombre, LOTS_MAXIMUM)))]
    return {
        "divise": donnees.get("divise") == "oui",
        "mutualiser": donnees.get("mutualiser") == "oui",
        "lots": lots_tapes,
    }


def _changer_lots(saisie: dict[str, Any], donnees: QueryDict) -> str | None:
    """Apply 'add', 'remove', 'divide', 'do not divide'. Returns where to look next, None when it is another button."""
    lots_tapes = saisie["lots"]
    if "diviser" in donnees:
        saisie["divise"] = True
        lots_tapes[0].setdefault("numero", "1")
        return "lot-0"
    if "reunir" in donnees:
        saisie["divise"], saisie["lots"] = False, lots_tapes[:1]
        return "lot-0"
    if "ajouter" in donnees:
        if len(lots_tapes) < LOTS_MAXIMUM:
            lots_tapes.append({"numero": str(len(lots_tapes) + 1)})
        return f"lot-{len(lots_tapes) - 1}"
    if "retirer" in donnees:
        rang = donnees.get("retirer", "")
        if rang.isdecimal() and int(rang) < len(lots_tapes) and len(lots_tapes) > 1:
            del lots_tapes[int(rang)]
        return "lots"
    return None


def _recevoir_lots(request: Requete, brouillon: Brouillon) -> HttpResponse:
    saisie = _lots_tapes(request.POST)
    ancre = _changer_lots(saisie, request.POST)
    if ancre is not None:
        marches.garder_saisie(request.contexte, brouillon.pk, page="lots", saisie=saisie)
        return redirect(reverse("parcours:declarer_lots", args=[brouillon.pk]) + f"#{ancre}")
    classe = _classe_lot(saisie)
    formulaires = [classe(request.POST, prefix=f"lot-{i}") for i in range(len(saisie["lots"]))]
    mutualiser = MutualiserForm({"mutualiser": "oui" if saisie["mutualiser"] else "non"})
    refus = ""
    if all([form.is_valid() for form in formulaires]):
        try:
            notes = actions.enregistrer_lots(
                request.contexte,
                brouillon.pk,
                [form.lot() for form in formulaires],
                mutualiser=saisie["mutualiser"] and saisie["divise"],
            )
        except ErreurMetier as erreur:
            refus = str(erreur)
        else:
            for note in notes:
                messages.info(request, note)
            return _apres(request, brouillon.pk, reverse("parcours:declarer_heures", args=[brouillon.pk]))
    return _refusee(request, brouillon.pk, "lots", saisie) or _montrer_lots(
        request, brouillon, formulaires, mutualiser, divise=saisie["divise"], refus=refus
    )


def _montrer_lots(
    request: Requete,
    brouillon: Brouillon,
    formulaires: list[TitulaireForm],
    mutualiser: MutualiserForm,
    *,
    divise: bool,
    refus: str = "",
) -> HttpResponse:
    resume = _resumer(formulaires, refus, noms=[f"Lot {i}, " if divise else "" for i in range(1, len(formulaires) + 1)])
    contexte = {
        "brouillon": brouillon,
        "formulaires": formulaires,
        "mutualiser": mutualiser,
        "divise": divise,
        "resume": resume,
        **_etape(2),
    }
    return render(request, "parcours/declaration/lots.html", contexte, status=422 if resume else 200)


def _resumer(formulaires: Sequence[forms.Formulaire], refus: str, *, noms: list[str]) -> list[dict[str, str]]:
    """One error summary for several forms; `noms` says of which each line is."""
    premier = [{"ancre": "", "libelle": "", "texte": refus}] if refus else []
    return premier + [
        ligne | {"libelle": nom + ligne["libelle"]}
        for form, nom in zip(formulaires, noms, strict=True)
        for ligne in form.resume
    ]


# --- 3. The hours ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def heures(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """The hours of each engagement: proposed with the reason; shorter allowed, longer not."""
    brouillon = _ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    lignes = _lignes(request.contexte, brouillon)
    if not lignes:
        return redirect(_adresse(brouillon))
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
                return _apres(request, brouillon_id, _adresse(brouillon))
        parti = _refusee(request, brouillon_id, "heures", brute(request.POST))
        if parti is not None:
            return parti
    noms = [f"{bloc['ligne'].engagement.entreprise.nom}, " if len(blocs) > 1 else "" for bloc in blocs]
    resume = _resumer([bloc["form"] for bloc in blocs], refus, noms=noms)
    contexte = {"brouillon": brouillon, "blocs": blocs, "resume": resume, **_etape(3)}
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
    proposition = marches.proposition_pour(engagement, bareme)
    prefixe = str(engagement.pk)
    choisi = str(engagement.heures) if marches.heures_choisies(engagement) else str(proposition.heures or "")
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
    brouillon = _ouvrir(request, brouillon_id)
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
                return _apres(request, brouillon_id, _adresse(brouillon))
        if form.second_clic:
            return _apres(request, brouillon_id, _adresse(brouillon))
        parti = _refusee(request, brouillon_id, cle, brute(request.POST))
        if parti is not None:
            return parti
    contexte = {"form": form, "brouillon": brouillon, "ligne": ligne, "nombre": len(lignes), **_etape(4)}
    contexte |= {"rang": lignes.index(ligne) + 1, "duree": equivalence(ligne.engagement.heures)}
    contexte["retour"] = reverse("parcours:declarer_heures", args=[brouillon_id])
    return render(request, "parcours/declaration/offre.html", contexte, status=422 if form.errors else 200)


def _form_offre(request: Requete, ligne: LigneEngagement, saisie: dict[str, list[str]]) -> OffreForm:
    """The form on the row as it stands now, on what was kept, or on what is known of the company."""
    existante = actions.offre_en_cours(ligne.engagement)
    initial = OffreForm.valeurs_de(existante) if existante else _a_l_avance(ligne)
    return OffreForm(
        request.POST if request.method == "POST" else None,
        initial=initial | initiales(OffreForm, saisie),
        version=existante.fiche.version if existante else None,
    )


def _a_l_avance(ligne: LigneEngagement) -> dict[str, Any]:
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
        except marches.DeclarationEnvoyee:
            return redirect("parcours:declarer_reprendre", brouillon_id)
        except actions.DeclarationIncomplete as erreur:
            messages.error(request, str(erreur))
            return redirect("parcours:declarer_reprendre", brouillon_id)
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
            return redirect("parcours:declarer_verifier", brouillon_id)
        messages.success(request, "C’est envoyé. L’entreprise a reçu son lien ; vous recevez un accusé de réception.")
        return redirect("marches:marche", marche.pk)
    brouillon = _ouvrir(request, brouillon_id)
    if isinstance(brouillon, HttpResponse):
        return brouillon
    if actions.etape_suivante(brouillon)[0] != "verifier":
        return redirect(_adresse(brouillon))
    hebdo = heures_hebdo()
    parts = [
        {
            "ligne": ligne,
            "offre": actions.offre_en_cours(ligne.engagement),
            "duree": equivalence(ligne.engagement.heures, hebdo=hebdo),
        }
        for ligne in _lignes(request.contexte, brouillon)
    ]
    contexte = {"brouillon": brouillon, "marche": brouillon.marche, "parts": parts, **_etape(5)}
    contexte["courte"] = _courte(brouillon)
    return render(request, "parcours/declaration/verifier.html", contexte)


# --- Once declared ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def modifier_offre(request: Requete, offre_id: UUID) -> HttpResponse:
    """The buyer corrects an offer that the company has not confirmed yet."""
    achetee = offre_achetee(request.contexte, offre_id)
    return corriger(request, achetee, retour=_page_de(achetee), gabarit="parcours/declaration/modifier.html")


def corriger(request: Requete, achetee: Offre, *, retour: str, gabarit: str) -> HttpResponse:
    """The same, signed in or by link."""
    refus = actions.refus_de_modifier(request.contexte, achetee)
    if refus:
        messages.error(request, refus)
        return redirect(retour)
    form = _form_correction(request, achetee)
    if request.method == "POST" and form.is_valid():
        try:
            actions.modifier_offre(request.contexte, achetee.pk, form.saisie(), version=form.version_lue)
        except ModifieEntreTemps:
            form = _form_correction(request, offre_achetee(request.contexte, achetee.pk))
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "L’offre est corrigée. L’entreprise la lira ainsi.")
            return redirect(retour)
    if form.second_clic:
        return redirect(retour)
    contexte = {
        "form": form,
        "titre": f"Corriger l’offre de {achetee.entreprise.nom}",
        "phrase": "L’entreprise ne l’a pas encore confirmée : elle lira ce que vous écrivez ici. "
        "Un nouveau référent reçoit un lien.",
        "bouton": "Enregistrer les corrections",
        "retour": retour,
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


def _form_correction(request: Requete, achetee: Offre) -> OffreForm:
    return OffreForm(
        request.POST if request.method == "POST" else None,
        initial=OffreForm.valeurs_de(achetee),
        version=achetee.fiche.version,
    )


def _page_de(achetee: Offre) -> str:
    """The contract's page, or the offer's own when it is spontaneous."""
    if achetee.engagement is None:
        return reverse("parcours:offre", args=[achetee.pk])
    return reverse("marches:marche", args=[achetee.engagement.marche_id])


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def retirer(request: Requete, offre_id: UUID) -> HttpResponse:
    """Withdraw an offer, with a reason."""
    achetee = offre_achetee(request.contexte, offre_id)
    refus = OFFRE["retirer"].refus(request.contexte, achetee)
    if refus is not None:
        (messages.info if isinstance(refus, DejaFait) else messages.error)(request, str(refus))
        return redirect(_page_de(achetee))
    form = RetraitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.retirer(request.contexte, offre_id, motif=form.cleaned_data["motif"])
        except DejaFait as erreur:
            messages.info(request, str(erreur))
            return redirect(_page_de(achetee))
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "L’offre est retirée. L’entreprise en est prévenue.")
            return redirect(_page_de(achetee))
    contexte = {"form": form, "offre": achetee, "retour": _page_de(achetee)}
    return render(request, "parcours/declaration/retirer.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def nouvelle_offre(request: Requete, engagement_id: UUID) -> HttpResponse:
    """A new offer for the hours that are still to be placed."""
    engagement = engagement_achete(request.contexte, engagement_id)
    page = reverse("marches:marche", args=[engagement.marche_id])
    return declarer_une_autre(request, engagement, retour=page, gabarit="parcours/declaration/modifier.html")


def declarer_une_autre(request: Requete, engagement: Engagement, *, retour: str, gabarit: str) -> HttpResponse:
    """The same, signed in or by link."""
    longueur = actions.heures_a_offrir(engagement)
    if longueur is None:
        messages.info(request, "Une offre est déjà ouverte pour ces heures, ou il n’en reste aucune à placer.")
        return redirect(retour)
    ligne = next(
        ligne
        for ligne in lignes_engagements(marche_visible(request.contexte, engagement.marche_id))
        if ligne.engagement.pk == engagement.pk
    )
    form = OffreForm(request.POST or None, initial=_a_l_avance(ligne))
    if request.method == "POST" and form.is_valid():
        try:
            actions.declarer_offre(request.contexte, engagement.pk, form.saisie())
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "La nouvelle offre est envoyée à l’entreprise.")
            return redirect(retour)
    contexte = {
        "form": form,
        "titre": f"Une nouvelle offre de {engagement.entreprise.nom}",
        "phrase": f"Il reste {mots.heures(ligne.soldes.a_placer)} en attente d’un jeune : "
        f"l’offre sera de {mots.heures(longueur)} ({equivalence(longueur).en_mots}).",
        "bouton": "Envoyer à l’entreprise",
        "retour": retour,
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)
