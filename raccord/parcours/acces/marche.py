"""What somebody of the buyer's reads of a contract: its stays by their dates and hours, never the young person."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.marches.acces import marche_visible
from raccord.marches.models import Marche
from raccord.parcours.acces.parcours import CLOS, FAMILLE
from raccord.parcours.acces.positionnement import FAMILLE as FAMILLE_DE_LA_PROPOSITION
from raccord.parcours.models import Parcours, Positionnement
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class SejourListe:
    """One stay as a contract's page shows it."""

    pk: UUID
    etat: str
    libelle_etat: str
    debut: dt.date
    fin: dt.date
    heures_prevues: int
    heures_faites: Decimal
    preuve_prete: bool

    def get_etat_display(self) -> str:
        """Its state in words, as the component of states asks for it."""
        return self.libelle_etat


def sejours_du_marche(marche: Marche) -> dict[UUID, list[SejourListe]]:
    """The stays of a contract by offer, latest first: one query whatever their number."""
    par_offre: dict[UUID, list[SejourListe]] = {}
    sejours = (
        Parcours.objects.filter(offre__engagement__marche=marche)
        .select_related("bilan")
        .annotate(faites=Sum("semaines__heures"))
        .order_by("-debut", "-cree_le", "pk")
    )
    for parcours in sejours:
        par_offre.setdefault(parcours.offre_id, []).append(
            SejourListe(
                pk=parcours.pk,
                etat=parcours.etat,
                libelle_etat=parcours.get_etat_display(),
                debut=parcours.debut,
                fin=parcours.arrete_le or parcours.fin,
                heures_prevues=parcours.heures_prevues,
                heures_faites=parcours.faites or ZERO,
                preuve_prete=parcours.etat in CLOS and hasattr(parcours, "bilan"),
            )
        )
    return par_offre


def marche_du_lien(contexte: Contexte, lien: LienAction) -> Marche:
    """The contract that a link is about, when its holder is still of the buyer's. Raises Http404."""
    if lien.contact is None or lien.role != Role.ACHETEUR:
        raise Http404
    return marche_visible(contexte, lien.objet_id)


def sejour_du_lien(marche: Marche, parcours_id: UUID) -> Parcours:
    """A stay of this contract and of no other. Raises Http404."""
    return ou_404(Parcours.objects.select_related(*FAMILLE).filter(offre__engagement__marche=marche, pk=parcours_id))


def proposition_du_lien(marche: Marche, positionnement_id: UUID) -> Positionnement:
    """A proposal under this contract and no other. Raises Http404."""
    propositions = Positionnement.objects.select_related(*FAMILLE_DE_LA_PROPOSITION)
    return ou_404(propositions.filter(pk=positionnement_id, reservation__offre__engagement__marche=marche))
