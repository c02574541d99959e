"""The home's figures, counted from the journal: what happened, never what a column says."""

from dataclasses import dataclass

from django.db.models import Count

from raccord.socle.models import Journal

VERBES = {
    "offre": (
        "parcours.offre",
        ("offre.confirmer", "offre.remettre", "offre.reprendre_disponible", "offre.reprendre_suivie"),
    ),
    "parcours": ("parcours.parcours", ("parcours.demarrer", "parcours.reprendre_ancien")),
    "bilan": ("parcours.parcours", ("parcours.signer_bilan",)),
}


@dataclass(frozen=True, kw_only=True)
class Chiffre:
    """A number and what it counts, in words that agree with it."""

    nombre: int
    singulier: str
    pluriel: str

    @property
    def mots(self) -> str:
        """The words alone."""
        return self.singulier if self.nombre < 2 else self.pluriel


def chiffres() -> list[Chiffre]:
    """Offers opened, stays begun, bilans signed since the beginning; those that are zero are not shown. One query."""
    lignes = (
        Journal.objects.filter(
            objet_type__in={objet for objet, _ in VERBES.values()},
            verbe__in=[verbe for _, verbes in VERBES.values() for verbe in verbes],
        )
        .values("verbe")
        .annotate(nombre=Count("objet_id", distinct=True))
        .order_by("verbe")
    )
    par_verbe = {ligne["verbe"]: ligne["nombre"] for ligne in lignes}

    def total(cle: str) -> int:
        return sum(par_verbe.get(verbe, 0) for verbe in VERBES[cle][1])

    tous = [
        Chiffre(nombre=total("offre"), singulier="offre ouverte", pluriel="offres ouvertes"),
        Chiffre(nombre=total("parcours"), singulier="parcours commencé", pluriel="parcours commencés"),
        Chiffre(nombre=total("bilan"), singulier="bilan signé à trois voix", pluriel="bilans signés à trois voix"),
    ]
    return [chiffre for chiffre in tous if chiffre.nombre]
