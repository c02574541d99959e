"""A proposal on the tutor's side, and its progress for those who follow it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.parcours.acces import positionnement as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.acces.contacts import contacts_frais
from raccord.parcours.acces.offres import voit_niveau_2
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import reponse as reponses
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.forms.positionnement import ArretForm, CreneauxForm, PreparerForm
from raccord.parcours.heure import a_l_heure_du_lieu
from raccord.parcours.models import Positionnement, Reservation
from raccord.parcours.reponses import en_suspens
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.gestes import envoyer, presser

DOSSIER = "parcours/positionnement"
SUIVEURS = (Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL, Role.ACHETEUR)


def page_de(positionnement: Positionnement) -> str:
    """Address of the proposal."""
    return reverse("parcours:positionnement", args=[positionnement.pk])


def bouton_presse(
    request: Requete, positionnement: Positionnement, geste: Callable[[], object], fait: str
) -> HttpResponse:
    """A plain button: do, say, come back. A double click is told kindly, a refusal in its own words."""
    presser(request, geste, fait)
    return redirect(page_de(positionnement))


def ferme(request: Requete, positionnement: Positionnement, *transitions: str) -> HttpResponse | None:
    """Back to the proposal, with the words, for a page asked for when none of these steps is possible any more."""
    refus = suivi.refus_de(request.contexte, positionnement, *transitions) if request.method == "GET" else None
    if refus is None:
        return None
    messages.info(request, refus)
    return redirect(page_de(positionnement))


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def preparer(request: Requete, reservation_id: UUID) -> HttpResponse:
    """Write the profile, join the papers, give the slots; as often as needed before sending."""
    reservation = acces.reservation_a_preparer(request.contexte, reservation_id)
    positionnement = getattr(reservation, "positionnement", None)
    if positionnement is not None and positionnement.etat != EtatPositionnement.PREPARE:
        messages.info(request, "Cette proposition est déjà partie. Voici où elle en est.")
        return redirect(page_de(positionnement))
    papiers = acces.papiers(positionnement) if positionnement else []
    form = PreparerForm(
        request.POST or None,
        request.FILES or None,
        initial=_deja_ecrit(reservation, positionnement),
        deja=[papier.document.genre for papier in papiers],
    )
    if request.method == "POST" and form.is_valid():
        try:
            prepare = actions.preparer(
                request.contexte,
                reservation.pk,
                presentation=form.cleaned_data["presentation"],
                lieu=form.cleaned_data["lieu"],
                creneaux=form.creneaux,
                fichiers=form.fichiers,
                retirer=form.a_retirer,
            )
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect("parcours:positionnement_apercu", prepare.pk)
    return render(
        request,
        f"{DOSSIER}/preparer.html",
        {"form": form, "reservation": reservation, "jeune": reservation.jeune, "papiers": papiers},
        status=422 if form.errors else 200,
    )


def _deja_ecrit(reservation: Reservation, positionnement: Positionnement | None) -> dict[str, Any]:
    if positionnement is None:
        return {"presentation": reservation.jeune.profil, "lieu": suivi.lieu_habituel(reservation.offre)}
    creneaux = positionnement.creneaux.filter(propose_par=Role.TUTEUR, debut__gt=timezone.now()).order_by("debut")
    return {
        "presentation": positionnement.presentation,
        "lieu": positionnement.rencontre_lieu,
        **{f"creneau_{numero}": creneau.debut for numero, creneau in enumerate(creneaux, 1)},
    }


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def apercu(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """What the company will see, then one button: send."""
    positionnement = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if request.method == "POST":
        return bouton_presse(
            request,
            positionnement,
            lambda: actions.transmettre(request.contexte, positionnement.pk),
            f"C’est envoyé : {positionnement.offre.entreprise.nom} reçoit le lien et son délai commence.",
        )
    if positionnement.etat != EtatPositionnement.PREPARE:
        return redirect(page_de(positionnement))
    return render(
        request,
        f"{DOSSIER}/apercu.html",
        {
            **suivi.vue_de_l_entreprise(positionnement),
            "refus": suivi.refus_de(request.contexte, positionnement, "transmettre"),
            "delai": suivi.delai_de_reponse(),
            "contact": suivi.contact_de(positionnement),
            "frais": contacts_frais(positionnement.offre),
        },
    )


@reserve_a(*SUIVEURS)
@require_GET
@a_l_heure_du_lieu
def positionnement(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """Where the proposal stands: whole for the MLDS, progress alone for the others."""
    objet = acces.positionnement_visible(request.contexte, positionnement_id)
    identite = acces.voit_le_jeune(request.contexte, objet)
    mene = acces.mene(request.contexte, objet.reservation)
    donnees = {
        "positionnement": objet,
        "offre": objet.offre,
        "age": objet.jeune.age(),
        "mene": mene,
        "identite": identite,
        "attentes": suivi.attentes_en_mots(request.contexte, objet),
        "jalons": suivi.jalons_de(objet),
        "lignes": fil_de(request.contexte, objet.pk, contacts=voit_niveau_2(request.contexte, objet.offre)),
        "parcours": getattr(objet, "parcours", None),
        "motif_refus": objet.get_motif_refus_display() if objet.motif_refus else "",
        "suspens": en_suspens(objet),
        "appel": suivi.appel_attendu(objet),
    }
    if not identite:
        role = request.contexte.role
        attendue = suivi.attente_de_reponse(objet) is not None and role in (Role.ACHETEUR, Role.NATIONAL)
        donnees["url_relais"] = reverse("parcours:relais", args=[objet.pk]) if attendue else ""
        donnees["relanceur"] = role in (Role.COORDONNATEUR, Role.NATIONAL)
        return render(request, f"{DOSSIER}/suivi.html", donnees)
    donnees |= {
        "jeune": objet.jeune,
        "papiers": acces.papiers(objet),
        "creneaux_tuteur": suivi.creneaux_en_mots(objet, Role.TUTEUR),
        "creneaux_entreprise": suivi.creneaux_en_mots(objet, Role.ENTREPRISE),
        "possible": {possible.transition.nom: possible for possible in objet.actions_possibles(request.contexte)},
        "contacts": suivi.contacts_ouverts(objet) if mene and acces.tient_encore(objet.reservation) else [],
    }
    return render(request, f"{DOSSIER}/positionnement.html", donnees)


@reserve_a(Role.TUTEUR)
@require_POST
@a_l_heure_du_lieu
def choisir(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """One of the company's slots."""
    objet = acces.positionnement_a_mener(request.contexte, positionnement_id)
    return bouton_presse(
        request,
        objet,
        lambda: actions.choisir(
            request.contexte, objet.pk, creneau_id=suivi.identifiant(request.POST.get("creneau", ""))
        ),
        "La rencontre est fixée : chacun est prévenu.",
    )


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def creneaux(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """New slots, before or after an answer."""
    objet = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if sortie := ferme(request, objet, "rafraichir", "reproposer"):
        return sortie
    form = CreneauxForm(request.POST or None, initial={"lieu": objet.rencontre_lieu})
    if envoyer(
        request,
        form,
        lambda: actions.reproposer(request.contexte, objet.pk, creneaux=form.creneaux, lieu=form.cleaned_data["lieu"]),
        "Vos créneaux sont partis : l’entreprise a reçu un message.",
    ):
        return redirect(page_de(objet))
    return render(
        request,
        f"{DOSSIER}/creneaux.html",
        {"form": form, "positionnement": objet, "retour": page_de(objet)},
        status=422 if form.errors else 200,
    )


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def arreter(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """Stop, with a reason; the offer goes back to everybody."""
    objet = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if sortie := ferme(request, objet, "abandonner"):
        return sortie
    form = ArretForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: actions.arreter(request.contexte, objet.pk, **form.cleaned_data),
        "La proposition est arrêtée et l’offre rendue. L’entreprise est prévenue.",
    ):
        return redirect(page_de(objet))
    return render(
        request,
        f"{DOSSIER}/arreter.html",
        {"form": form, "positionnement": objet, "retour": page_de(objet)},
        status=422 if form.errors else 200,
    )


@reserve_a(Role.TUTEUR)
@require_POST
def rappele(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The company asked for a call, and had it."""
    objet = acces.positionnement_a_mener(request.contexte, positionnement_id)
    return bouton_presse(
        request,
        objet,
        lambda: reponses.noter_rappel(request.contexte, objet.pk),
        "C’est noté : le délai de l’entreprise reprend, avec les jours qu’elle a passés à vous attendre.",
    )


@reserve_a(Role.TUTEUR)
@require_POST
@a_l_heure_du_lieu
def annoncer(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The tutor has spoken with the young person."""
    objet = acces.positionnement_a_mener(request.contexte, positionnement_id)
    return bouton_presse(
        request,
        objet,
        lambda: actions.annoncer(request.contexte, objet.pk),
        "C’est noté. Le jeune reçoit un message court et bienveillant.",
    )
