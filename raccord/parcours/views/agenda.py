"""My calendar: a private address, shown once, renewed or withdrawn; what it gives to the application that reads it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.liens import empreinte
from raccord.comptes.requete import Requete
from raccord.comptes.views import SECTIONS_DU_COMPTE
from raccord.parcours import agenda
from raccord.parcours.acces import agenda as acces
from raccord.parcours.actions import agenda as actions
from raccord.parcours.models import AdresseAgenda, RendezVous
from raccord.socle import identite, limites
from raccord.socle.contexte import Contexte


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_agenda(request: Requete) -> HttpResponse:
    """What the address is for, whether I have one; the address itself once, in the answer to the button."""
    if request.method != "POST":
        contexte = {"adresse": acces.adresse_de(request.user.pk), "retirer": {"geste": "retirer"}}
        return render(request, "parcours/agenda/mon_agenda.html", contexte)
    if request.POST.get("geste") == "retirer":
        if actions.retirer_adresse(request.contexte):
            messages.success(request, "L’adresse est retirée : aucun agenda ne lit plus vos rencontres.")
        return redirect("parcours:mon_agenda")
    secrete = actions.creer_adresse(request.contexte)
    return render(request, "parcours/agenda/adresse.html", {"secrete": secrete})


@login_not_required
@require_safe
def flux(request: Requete, jeton: str) -> HttpResponse:
    """The feed. An application that asks again when nothing has changed is told so in two lines."""
    reseau = limites.reseau(request)
    limites.verifier("lien_inconnu", reseau)
    adresse = acces.adresse_du_jeton(jeton)
    if adresse is None:
        limites.compter("lien_inconnu", reseau)
        # Answered, not raised: what is raised undoes the count.
        return render(request, "comptes/lien_inconnu.html", status=404)
    with identite.agir(Contexte(role="visiteur", utilisateur_id=adresse.utilisateur_id)):
        liste = acces.rendez_vous_de(adresse.utilisateur_id)
    marque = quote_etag(_marque(adresse, liste))
    reponse = get_conditional_response(request, etag=marque)
    if reponse is None:
        contenu = agenda.calendrier([agenda.evenement(rendez_vous) for rendez_vous in liste], nom="Mes rencontres")
        reponse = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
    reponse["ETag"], reponse["Cache-Control"] = marque, "private, max-age=900"
    return reponse


def _marque(adresse: AdresseAgenda, liste: list[RendezVous]) -> str:
    """Changes with each version of each meeting."""
    return empreinte(f"{adresse.pk} " + " ".join(f"{un.pk}:{un.numero}" for un in liste))[:32]


def _section(request: Requete) -> dict[str, str] | None:
    return {
        "titre": "Mes rencontres dans mon agenda",
        "texte": "Votre agenda habituel lit vos rencontres à une adresse privée, que vous retirez quand vous voulez.",
        "libelle": "Relier mon agenda",
        "url": reverse("parcours:mon_agenda"),
    }


SECTIONS_DU_COMPTE.append(_section)
