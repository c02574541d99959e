"""Ma journée: nothing but my open waits; the address that one of them asks to find; how I want to be written to.
Échelles: who is told when nobody acts, as everybody reads it.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from raccord.comptes import liens
from raccord.comptes.acces import reserve_a
from raccord.comptes.assistance import acces as assistance
from raccord.comptes.enums import Role
from raccord.comptes.joignabilite import NUMERO
from raccord.comptes.models import LienAction
from raccord.comptes.organisations.acces import absences_du_jour
from raccord.comptes.requete import Requete
from raccord.comptes.views import SECTIONS_DU_COMPTE, par_lien
from raccord.echeances import actions, adresses
from raccord.echeances import preferences as choix
from raccord.echeances.acces import (
    EN_RETARD,
    attente_du_porteur,
    attentes_des_autres,
    echelles_par_attente,
    mes_attentes,
    mes_rencontres,
    par_urgence,
    peut_changer_les_echelles,
    portees_possibles,
)
from raccord.echeances.attentes import TYPES, Cadre, echelle_en_vigueur, lire
from raccord.echeances.forms import AdresseForm, EchelleForm, PreferencesForm
from raccord.echeances.models import AdresseEnEchec
from raccord.socle.courrier import a_couper
from raccord.socle.gabarits import adresse as adresse_de
from raccord.socle.gestes import envoyer

ROLES_DU_RUN = (Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL)
STAFF = (*ROLES_DU_RUN, Role.ACHETEUR)


@require_GET
def ma_journee(request: Requete) -> HttpResponse:
    """My open waits, oldest due first, and those of the colleagues I stand in for."""
    absences = absences_du_jour(request.contexte)
    absents = {absence.adhesion.utilisateur_id: absence.adhesion.utilisateur.nom_complet for absence in absences}
    attentes = mes_attentes(request.contexte, absents)
    urgences = par_urgence(attentes)
    contexte = {
        "rencontres": mes_rencontres(request.contexte),
        "attentes": attentes,
        "urgences": urgences,
        "retards": len(dict(urgences).get(EN_RETARD, [])),
        "absences": absences,
        "des_autres": attentes_des_autres(request.contexte),
        "url_run": adresse_de("parcours:run") if request.contexte.role in ROLES_DU_RUN else "",
        "url_echelles": adresse_de("echeances:echelles") if request.contexte.role in STAFF else "",
        "aides": assistance.demandes(request.contexte),
    }
    return render(request, "echeances/ma_journee.html", contexte)


@require_http_methods(["GET", "POST"])
def adresse(request: Requete, echec_id: UUID) -> HttpResponse:
    """Who cannot be written to, why, and the form that gives a contact's new address."""
    echec = _a_retrouver(request, echec_id)
    contact = adresses.contact_de(echec)
    if request.method == "POST" and contact is None:
        return redirect("echeances:adresse", echec_id)
    connu = {"courriel": contact.courriel, "telephone": contact.telephone} if contact else {}
    form = AdresseForm(request.POST or None, initial=connu, ancienne=echec.adresse)
    if request.method == "POST" and form.is_valid():
        adresses.corriger(request.contexte, echec_id, **form.cleaned_data)
        messages.success(request, "Merci. Ce qui n’était pas arrivé repart à la nouvelle adresse.")
        return redirect("echeances:ma_journee")
    donnees = {
        "echec": echec,
        "contact": contact,
        "form": form,
        "mots": adresses.en_mots(echec.cause),
        "numero": echec.cause == NUMERO,
    }
    return render(request, "echeances/adresse.html", donnees, status=422 if form.errors else 200)


@require_POST
def laisser(request: Requete, echec_id: UUID) -> HttpResponse:
    """It is settled otherwise."""
    _a_retrouver(request, echec_id)
    adresses.laisser(request.contexte, echec_id)
    messages.success(request, "C’est noté : nous réessaierons cette adresse au prochain message.")
    return redirect("echeances:ma_journee")


def _a_retrouver(request: Requete, echec_id: UUID) -> AdresseEnEchec:
    echec = adresses.a_retrouver(request.contexte, echec_id)
    if echec is None:
        raise Http404
    return echec


@require_safe
@reserve_a(*STAFF)
def echelles(request: Requete) -> HttpResponse:
    """Every ladder on one screen: in force, to come, and before."""
    contexte = {"attendus": echelles_par_attente(), "peut_changer": peut_changer_les_echelles(request.contexte)}
    return render(request, "echeances/echelles.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*STAFF)
def modifier_echelle(request: Requete, code: str) -> HttpResponse:
    """A new dated ladder; the past and the waits already open keep theirs. The national administrator alone."""
    if code not in TYPES:
        raise Http404
    if not peut_changer_les_echelles(request.contexte):
        raise PermissionDenied
    actuelle = echelle_en_vigueur(code, Cadre())
    if actuelle is None:
        raise Http404
    form = EchelleForm(request.POST or None, echelons=lire(actuelle), portees=portees_possibles())
    if envoyer(
        request,
        form,
        lambda: actions.poser_echelle(
            request.contexte,
            code,
            portee=form.cleaned_data["portee"],
            debut=form.cleaned_data["debut"],
            echelons=form.retenus,
            source=form.cleaned_data["source"],
        ),
        "L’échelle est posée : elle vaut pour ce qui s’ouvrira à partir de ce jour.",
    ):
        return redirect("echeances:echelles")
    contexte = {"form": form, "action": TYPES[code].action}
    return render(request, "echeances/modifier_echelle.html", contexte, status=422 if form.errors else 200)


@par_lien
def journee_du_lien(request: Requete, lien: LienAction) -> HttpResponse:
    """What awaits the holder of a link, all their files together: one of them opens by a link of its own, on POST."""
    retour = reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links
    if request.method == "POST":
        return redirect(_ouvrir(request, lien) or request.path)
    donnees = {
        "rencontres": mes_rencontres(request.contexte),
        "attentes": mes_attentes(request.contexte),
        "retour": retour,
    }
    return render(request, "echeances/journee_lien.html", donnees)


def _ouvrir(request: Requete, lien: LienAction) -> str:
    try:
        attente = attente_du_porteur(request.contexte, UUID(request.POST.get("attente", "")))
    except ValueError:
        return ""
    if attente is None or lien.contact is None:
        return ""
    return liens.creer_pour_contact(TYPES[attente.code].lien, attente.objet_id, lien.contact, role=lien.role)


CONTRAT = {
    Role.ENTREPRISE: "Parce que votre contrat prévoit cette clause : une réponse, une date ou un délai y est attendu.",
    Role.ACHETEUR: "Parce que votre contrat porte cette clause : un délai, un refus ou une absence vous engage à agir.",
    Role.JEUNE: "Parce qu’ils parlent de vos droits, ou d’un rendez-vous qui change.",
    Role.REPRESENTANT: "Parce qu’ils parlent des droits du jeune.",
}
CONTRAT_PAR_DEFAUT = "Parce qu’un contrat public attend une réponse dans un délai : quelqu’un doit l’avoir lue."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Requete) -> HttpResponse:
    """Of somebody with an account."""
    return _preferences(request, "echeances/preferences.html", reverse("comptes:securite"))


@par_lien
def preferences_du_lien(request: Requete, lien: LienAction) -> HttpResponse:
    """Of whoever holds a link: a contact, a young person, a parent."""
    retour = reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links
    return _preferences(request, "echeances/preferences_lien.html", retour)


def _preferences(request: Requete, gabarit: str, retour: str) -> HttpResponse:
    contexte = request.contexte
    types = a_couper(contexte.role)
    actuelle = choix.les_miennes(contexte)
    initial = {nom: getattr(actuelle, nom) for nom in ("canal", "rythme", "silence_de", "silence_a", "fuseau")}
    recus = [un.code for un in types if un.code not in actuelle.coupes]
    form = PreferencesForm(request.POST or None, initial=initial | {"recus": recus}, types=types)
    if envoyer(
        request,
        form,
        lambda: choix.choisir(contexte, **{"recus": [], **form.cleaned_data}),
        "Vos préférences sont gardées : elles valent pour les prochains messages.",
    ):
        return redirect(retour)
    donnees = {"form": form, "retour": retour, "pourquoi": CONTRAT.get(Role(contexte.role), CONTRAT_PAR_DEFAUT)}
    return render(request, gabarit, donnees, status=422 if form.errors else 200)


SECTIONS_DU_COMPTE.append(
    lambda request: {
        "titre": "Les messages que je reçois",
        "texte": "Par courriel ou SMS, un par un ou une fois par jour, et pas la nuit.",
        "libelle": "Choisir mes messages",
        "url": reverse("echeances:preferences"),
    }
)
