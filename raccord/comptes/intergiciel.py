"""Who acts: the session's membership becomes `request.contexte`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from raccord.comptes.models import Adhesion
from raccord.comptes.requete import Requete
from raccord.socle import identite
from raccord.socle.contexte import VISITEUR, Contexte

CLE_SESSION = "adhesion"


def contexte_de(adhesion: Adhesion) -> Contexte:
    """The context of a person acting under that membership."""
    return Contexte(
        role=adhesion.role,
        utilisateur_id=adhesion.utilisateur_id,
        organisation_id=adhesion.organisation_id,
        academie_id=adhesion.organisation.academie_id,
    )


def middleware_contexte(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `contexte`, `adhesion` and `adhesions` on every request."""

    def traiter(request: Requete) -> HttpResponse:
        request.contexte, request.adhesion, request.adhesions = VISITEUR, None, []
        if request.user.is_authenticated:
            request.adhesions = list(
                Adhesion.objects.actives()
                .filter(utilisateur=request.user)
                .select_related("organisation")
                .order_by("organisation__nom", "role")
            )
            choisie = request.session.get(CLE_SESSION)
            request.adhesion = next(
                (adhesion for adhesion in request.adhesions if str(adhesion.pk) == choisie),
                request.adhesions[0] if request.adhesions else None,
            )
            if request.adhesion:
                request.contexte = contexte_de(request.adhesion)
        with identite.agir(request.contexte):
            return suite(request)

    return traiter  # type: ignore[return-value]  # Requete is HttpRequest once earlier middleware has run
