"""The état des lieux of a territory."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.parcours.acces import etat_des_lieux as acces
from raccord.parcours.forms.etat_des_lieux import PerimetreForm
from raccord.socle import calendrier


def _perimetre(request: Requete) -> acces.Perimetre:
    """What the address asks for. Raises Http404 for control characters, which designate no place."""
    academie, departement = (request.GET.get(nom, "") for nom in ("academie", "departement"))
    if not (academie + departement).isprintable():
        raise Http404
    return acces.perimetre(request.contexte, academie, departement)


@require_safe
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def etat_des_lieux(request: Requete) -> HttpResponse:
    """Five blocks, by département, each line with who acts next; one block whole on demand."""
    national = request.contexte.role == Role.NATIONAL
    lieu = _perimetre(request)
    faits = acces.realises(lieu)
    departements = acces.par_departement(lieu, faits)
    choisi = request.GET.get("bloc", "")
    entier = choisi in acces.BLOCS
    totaux = acces.totaux(departements)
    pages = acces.pages_des_blocs(
        lieu,
        faits,
        {choisi: totaux[choisi]} if entier else totaux,
        request.GET.get("page") if entier else None,
        acces.PAR_PAGE if entier else acces.APERCU,
    )
    contexte = {
        "lieu": lieu,
        "national": national,
        "form": PerimetreForm(request.GET, academies=acces.academies()) if national else None,
        "realises": faits,
        "departements": departements,
        "totaux": [(bloc, acces.BLOCS[bloc], total) for bloc, total in totaux.items()],
        "blocs": [{"code": bloc, "titre": acces.BLOCS[bloc], "page": page} for bloc, page in pages.items()],
        "entier": entier,
        "colonnes": list(acces.BLOCS.values()),
        "suite_adresse": _suite(lieu),
    }
    return render(request, "parcours/etat_des_lieux/etat_des_lieux.html", contexte)


def _suite(lieu: acces.Perimetre) -> str:
    """What a link keeps of the territory chosen."""
    morceaux = [f"academie={lieu.academie.pk}"] if lieu.academie else []
    return "&".join([*morceaux, *([f"departement={lieu.departement}"] if lieu.departement else [])])


@require_safe
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def csv_des_offres(request: Requete) -> HttpResponse:
    """Offers of the territory for a spreadsheet: UTF-8 with its mark and semicolons, as French ones expect."""
    lieu = _perimetre(request)
    reponse = HttpResponse(content_type="text/csv; charset=utf-8")
    nom = f"offres-{lieu.academie.pk if lieu.academie else 'france'}-{calendrier.aujourdhui().isoformat()}.csv"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "private, no-store"
    reponse.write("\ufeff")
    ecriture = csv.writer(reponse, delimiter=";", lineterminator="\r\n")
    ecriture.writerow(acces.COLONNES)
    ecriture.writerows(acces.lignes_csv(lieu))
    return reponse
