"""The contract by link, for somebody of the buyer's without account: where it stands, what the messages ask for.

One address, one contract. `?preuve=` reads a proof, `?offre=` corrects an offer not confirmed yet, `?engagement=`
declares another one for hours that are left, `?contacts=` gives another address in the company, `?relais=` acts about
a silence.
"""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.marches.models import Marche
from raccord.parcours import impression
from raccord.parcours.acces import bilan as acces_bilan
from raccord.parcours.acces import marche as acces
from raccord.parcours.acces.declaration import engagement_achete, offre_achetee
from raccord.parcours.views.contacts import page_des_contacts
from raccord.parcours.views.marches import Adresses, situation
from raccord.parcours.views.offre_declaree import corriger, declarer_une_autre
from raccord.parcours.views.relais import ecran as ecran_du_relais
from raccord.parcours.views.relais import lettre


@require_http_methods(["GET", "HEAD", "POST"])
def marche(request: Requete, lien: LienAction) -> HttpResponse:
    """The page, or the screen asked for; the wrong method on the page itself changes nothing."""
    trouve = acces.marche_du_lien(request.contexte, lien)
    for nom, ecran in ECRANS.items():
        if nom in request.GET:
            return ecran(request, trouve, _identifiant(request.GET[nom]))
    ici = _ici(request)
    if request.method == "POST":
        return redirect(ici)
    contexte = situation(request.contexte, trouve, _adresses(ici)) | {
        "url_modifier": "",
        "adresse_confier": reverse("comptes:confier_lien", args=[request.jeton]),  # type: ignore[attr-defined]
    }
    return render(request, "parcours/marches/lien_marche.html", contexte)


def _ici(request: Requete) -> str:
    return reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links


def _adresses(ici: str) -> Adresses:
    """Everything on the link's own address; what asks for an account is not shown."""
    return Adresses(
        offre=lambda _: "",
        corriger=lambda objet_id: f"{ici}?offre={objet_id}",
        retirer=lambda _: "",
        nouvelle=lambda objet_id: f"{ici}?engagement={objet_id}",
        sejour=lambda _: "",
        preuve=lambda objet_id: f"{ici}?preuve={objet_id}",
        relais=lambda objet_id: f"{ici}?relais={objet_id}",
    )


def _identifiant(texte: str) -> UUID:
    try:
        return UUID(texte)
    except ValueError:
        raise Http404 from None


def _preuve(request: Requete, marche: Marche, parcours_id: UUID) -> HttpResponse:
    preuve = acces_bilan.preuve(acces.sejour_du_lien(marche, parcours_id))
    ici = _ici(request)
    if request.GET.get("document") == "pdf":
        octets = impression.pdf("parcours/bilan/preuve_pdf.html", {"preuve": preuve})
        return impression.reponse(octets, f"preuve-{str(parcours_id)[:8]}")
    contexte = {"preuve": preuve, "retour": ici, "url_pdf": f"{ici}?preuve={parcours_id}&document=pdf"}
    return render(request, "parcours/bilan/lien_preuve.html", contexte)


def _offre(request: Requete, marche: Marche, offre_id: UUID) -> HttpResponse:
    offre = offre_achetee(request.contexte, offre_id)
    if offre.engagement is None or offre.engagement.marche_id != marche.pk:
        raise Http404
    return corriger(request, offre, retour=_ici(request), gabarit="parcours/marches/lien_offre.html")


def _engagement(request: Requete, marche: Marche, engagement_id: UUID) -> HttpResponse:
    engagement = engagement_achete(request.contexte, engagement_id)
    if engagement.marche_id != marche.pk:
        raise Http404
    return declarer_une_autre(request, engagement, retour=_ici(request), gabarit="parcours/marches/lien_offre.html")


def _contacts(request: Requete, marche: Marche, offre_id: UUID) -> HttpResponse:
    offre = offre_achetee(request.contexte, offre_id)
    if offre.engagement is None or offre.engagement.marche_id != marche.pk:
        raise Http404
    return page_des_contacts(request, offre, gabarit="parcours/contacts/lien_contacts.html", retour=_ici(request))


def _relais(request: Requete, marche: Marche, positionnement_id: UUID) -> HttpResponse:
    positionnement = acces.proposition_du_lien(marche, positionnement_id)
    ici = _ici(request)
    if request.method != "POST" and (genre := request.GET.get("document", "")) in ("docx", "pdf"):
        return lettre(positionnement, genre)
    lettres = {genre: f"{ici}?relais={positionnement_id}&document={genre}" for genre in ("docx", "pdf")}
    return ecran_du_relais(
        request, positionnement, retour=ici, lettres=lettres, gabarit="parcours/relais/lien_relais.html"
    )


ECRANS = {"preuve": _preuve, "contacts": _contacts, "offre": _offre, "engagement": _engagement, "relais": _relais}
