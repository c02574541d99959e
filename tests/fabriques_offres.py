"""Published offers anywhere, reservations by the real action."""

import datetime as dt
from typing import Any

from django.utils import timezone

from raccord.comptes.enums import Domaine, GenreOrganisation
from raccord.comptes.models import Organisation
from raccord.jeunes.models import Jeune
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.enums import EtatOffre
from raccord.parcours.models import Offre, Reservation
from raccord.socle import calendrier
from raccord.territoires.models import Commune
from tests.distribution import Distribution, Personne

LILLE, ROUBAIX, PARIS_7, LYON_3, TOURNAI_VOISINE = "59350", "59512", "75107", "69383", "59360"
AMIENS, ARRAS = "80021", "62041"


def offre_en(commune: str, **champs: Any) -> Offre:
    """A spontaneous offer published straight away in that commune: an INSERT passes no trigger."""
    aujourdhui = calendrier.aujourdhui()
    nom = champs.pop("nom_entreprise", "Atelier du Viaduc")
    entreprise = champs.pop("entreprise", None) or Organisation.objects.create(
        genre=GenreOrganisation.ENTREPRISE, nom=nom
    )
    defauts: dict[str, Any] = {
        "etat": EtatOffre.PUBLIEE,
        "entreprise": entreprise,
        "intitule": "Découverte du métier",
        "domaines": [Domaine.LOGISTIQUE],
        "missions": "Préparer, ranger, accompagner.",
        "heures": 300,
        "commune": Commune.objects.select_related("departement").get(pk=commune),
        "date_debut": aujourdhui,
        "date_fin": aujourdhui + dt.timedelta(days=400),
        "publiee_le": timezone.now(),
    }
    offre = Offre(**(defauts | champs))
    indexer(offre)
    offre.save(force_insert=True)
    return offre


def reservation(
    distribution: Distribution,
    *,
    offre: Offre | None = None,
    jeune: Jeune | None = None,
    tuteur: Personne | None = None,
) -> Reservation:
    """An offer of the cast, held by the tutor for one of their young people."""
    tuteur = tuteur or distribution.tuteur
    offre = offre or distribution.offre_publiee()
    jeune = jeune or distribution.jeune(tuteur)
    return reserver(tuteur.contexte, offre.pk, jeune_id=jeune.pk)
