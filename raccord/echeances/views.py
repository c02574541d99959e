"""Ma journée: nothing but my open waits; and the address that one of them asks to find."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from raccord.comptes.assistance import acces as assistance
from raccord.comptes.organisations.acces import absences_du_jour
from raccord.comptes.requete import Requete
from raccord.echeances import adresses
from raccord.echeances.acces import EN_RETARD, mes_attentes, par_urgence
from raccord.echeances.forms import AdresseForm
from raccord.echeances.models import AdresseEnEchec


@require_GET
def ma_journee(request: Requete) -> HttpResponse:
    """My open waits, oldest due first, and those of the colleagues I stand in for."""
    absences = absences_du_jour(request.contexte)
    absents = {absence.adhesion.utilisateur_id: absence.adhesion.utilisateur.nom_complet for absence in absences}
    attentes = mes_attentes(request.contexte, absents)
    urgences = par_urgence(attentes)
    contexte = {
        "attentes": attentes,
        "urgences": urgences,
        "retards": len(dict(urgences).get(EN_RETARD, [])),
        "absences": absences,
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
    donnees = {"echec": echec, "contact": contact, "form": form, "mots": adresses.en_mots(echec.cause)}
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
