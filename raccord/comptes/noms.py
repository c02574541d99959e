"""Names of those who act, fetched in one go for a page: the journal itself keeps ids only."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.socle.gabarits import LigneFil
from raccord.socle.models import Journal


def nommer(lignes: Iterable[Journal]) -> list[Journal]:
    """Give each line `auteur`: 'Camille Roy (MLDS de Lille)', 'le jeune', 'Raccord'.

    Three queries whatever the number of lines.
    """
    lignes = list(lignes)

    def ids(genre: str) -> set[UUID]:
        return {ligne.acteur_id for ligne in lignes if ligne.acteur_genre == genre and ligne.acteur_id}

    noms: dict[UUID | None, str] = {
        utilisateur.pk: utilisateur.nom_complet for utilisateur in Utilisateur.objects.filter(pk__in=ids("utilisateur"))
    }
    noms |= dict(Contact.objects.filter(pk__in=ids("contact")).values_list("pk", "nom"))
    organisations = dict(
        Organisation.objects.filter(
            pk__in={ligne.organisation_id for ligne in lignes if ligne.organisation_id}
        ).values_list("pk", "nom")
    )
    for ligne in lignes:
        ligne.auteur = _auteur(ligne, noms, organisations)  # type: ignore[attr-defined]  # read by the timeline
    return lignes


def _auteur(ligne: Journal, noms: dict[UUID | None, str], organisations: dict[UUID, str]) -> str:
    if ligne.acteur_genre == "jeune":
        return "le jeune"
    if ligne.acteur_genre == "systeme":
        return "un visiteur" if ligne.role == Role.VISITEUR else "Raccord"
    nom = noms.get(ligne.acteur_id, "quelqu'un")
    organisation = organisations.get(ligne.organisation_id) if ligne.organisation_id else None
    return f"{nom} ({organisation})" if organisation else nom


def fil_de(objet_id: UUID, role: str, *, limite: int = 100, qui: Mapping[UUID, str] | None = None) -> list[LigneFil]:
    """The object's timeline as this role may read it, latest first; `qui` says of whom the lines of an object speak."""
    lignes = nommer(Journal.objects.du_fil(objet_id).visibles_par(role)[:limite])
    noms = qui or {}
    return [
        LigneFil(
            le=ligne.le,
            qui=ligne.auteur,  # type: ignore[attr-defined]
            texte=f"{ligne.texte} ({noms[ligne.objet_id]})" if ligne.objet_id in noms else ligne.texte,
        )
        for ligne in lignes
    ]
