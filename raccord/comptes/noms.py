"""Names of those who act, fetched in one go for a page: the journal itself keeps ids only."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.socle.contexte import Contexte
from raccord.socle.gabarits import LigneFil
from raccord.socle.models import Historique, Journal

LIGNES_DU_FIL = 100


Inscrite = TypeVar("Inscrite", Journal, Historique)


def nommer(lignes: Iterable[Inscrite], *, contacts: bool) -> list[Inscrite]:
    """Give each line `auteur`: 'Camille Roy (MLDS de Lille)', 'le jeune', 'Raccord'.

    People without account, of the company or of the buyer, are level 2: named only when `contacts`; the others read
    the organisation. Three queries whatever the number of lines.
    """
    lignes = list(lignes)

    def ids(genre: str) -> set[UUID]:
        return {ligne.acteur_id for ligne in lignes if ligne.acteur_genre == genre and ligne.acteur_id}

    noms: dict[UUID | None, str] = {
        utilisateur.pk: utilisateur.nom_complet for utilisateur in Utilisateur.objects.filter(pk__in=ids("utilisateur"))
    }
    if contacts:
        noms |= dict(Contact.objects.filter(pk__in=ids("contact")).values_list("pk", "nom"))
    organisations = dict(
        Organisation.objects.filter(
            pk__in={ligne.organisation_id for ligne in lignes if ligne.organisation_id}
        ).values_list("pk", "nom")
    )
    for ligne in lignes:
        ligne.auteur = _auteur(ligne, noms, organisations, contacts)  # type: ignore[attr-defined]  # read by the timeline
    return lignes


def _auteur(
    ligne: Journal | Historique, noms: dict[UUID | None, str], organisations: dict[UUID, str], contacts: bool
) -> str:
    if ligne.acteur_genre == "jeune":
        return "le jeune"
    if ligne.acteur_genre == "parent":
        return "un représentant légal du jeune"
    if ligne.acteur_genre == "systeme":
        return "un visiteur" if ligne.role == Role.VISITEUR else "Raccord"
    organisation = organisations.get(ligne.organisation_id) if ligne.organisation_id else None
    if ligne.acteur_genre == "contact" and not contacts:
        return organisation or "l’entreprise"
    nom = noms.get(ligne.acteur_id, "quelqu'un")
    return f"{nom} ({organisation})" if organisation else nom


def fil_de(contexte: Contexte, *objets: UUID, contacts: bool, qui: Mapping[UUID, str] | None = None) -> list[LigneFil]:
    """The timeline of these objects as this person may read it, latest first, ready for the component.

    `contacts`: whether level 2 is open to this person (`parcours.acces.offres.voit_niveau_2`). `qui` says of whom the
    lines of an object speak.
    """
    lignes = Journal.objects.filter(fil__overlap=list(objets)).order_by("-le", "-id").visibles_par(contexte.role)
    return en_lignes(lignes[:LIGNES_DU_FIL], contacts=contacts, qui=qui)


def en_lignes(lignes: Iterable[Journal], *, contacts: bool, qui: Mapping[UUID, str] | None = None) -> list[LigneFil]:
    """Lines of the journal, ready for the component."""
    noms = qui or {}
    return [
        LigneFil(
            le=ligne.le,
            qui=ligne.auteur,  # type: ignore[attr-defined]  # set by `nommer`
            texte=f"{ligne.texte} ({noms[ligne.objet_id]})" if ligne.objet_id in noms else ligne.texte,
        )
        for ligne in nommer(lignes, contacts=contacts)
    ]
