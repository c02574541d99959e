"""Personal data of the ground floor: the journal keeps who acted on what, by id."""

from django.db.models import Case, F, Func, JSONField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from raccord.socle.donnees_personnelles import (
    BaseLegale,
    Personne,
    Sort,
    Sujet,
    Traitement,
    neutre,
    personnel,
    remplace,
    remplace_dans,
)
from raccord.socle.models import Essai, Historique, Journal, Parametre

MEMOIRE = Traitement(
    titre="Savoir qui a fait quoi",
    finalite="Reconstituer l’histoire d’un dossier, dire au jeune qui l’a ouvert, compter sans nommer.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité ; la ligne reste ensuite sans personne derrière",
    lecteurs="Ceux qui voient le dossier concerné.",
)


def _detacher(lignes: "QuerySet[Journal]", sujet: Sujet) -> None:
    """The line and what it counts stay; nobody is behind it any more. Owner only: the application may but append."""
    texte, ids = Cast("faits", TextField()), (Value(str(sujet.id)), Value(str(sujet.nouveau)))
    faits = Func(texte, *ids, function="replace", output_field=TextField())
    lignes.update(
        acteur_id=Case(When(acteur_id__in=[sujet.id, *sujet.objets], then=Value(None)), default=F("acteur_id")),
        objet_id=remplace("objet_id", sujet),
        fil=remplace_dans("fil", sujet),
        faits=Cast(faits, JSONField()),
    )


def _concerne(sujet: Sujet) -> Q:
    return Q(acteur_id__in=[sujet.id, *sujet.objets]) | Q(fil__contains=[sujet.id]) | Q(objet_id=sujet.id)


for _genre in (Personne.JEUNE, Personne.CONTACT, Personne.UTILISATEUR):
    personnel(
        Journal,
        "acteur_id objet_id fil faits le texte role organisation_id",
        de=_genre,
        pour=MEMOIRE,
        ou=_concerne,
        sort=Sort.DETACHER,
        faire=_detacher,
    )
personnel(
    Journal,
    "acteur_id le texte role",
    de=Personne.REPRESENTANT,
    pour=MEMOIRE,
    ou=lambda sujet: Q(acteur_genre="parent", acteur_id=sujet.id),
    sort=Sort.DETACHER,
    faire=_detacher,
)
neutre(Journal, "id acteur_genre verbe objet_type avant apres audience")


def _vider_le_passe(lignes: "QuerySet[Historique]", sujet: Sujet) -> None:
    """That a row of that kind changed, when and why stay; not which, what it said, nor by whom when it was theirs."""
    _sans_acteur(lignes, sujet).filter(jeune_id__in=[sujet.id, sujet.nouveau]).update(
        avant={}, jeune_id=sujet.nouveau, ligne_id=sujet.nouveau
    )
    lignes.update(avant={})


def _sans_acteur(lignes: "QuerySet[Historique]", sujet: Sujet) -> "QuerySet[Historique]":
    lignes.filter(acteur_id__in=[sujet.id, *sujet.objets]).update(acteur_id=None)
    return lignes


def _taire_le_nom(lignes: "QuerySet[Historique]", sujet: Sujet) -> None:
    """A professional's id goes out of other people's history, which stays."""
    texte, ids = Cast("avant", TextField()), (Value(str(sujet.id)), Value(str(sujet.nouveau)))
    _sans_acteur(lignes, sujet).update(
        avant=Cast(Func(texte, *ids, function="replace", output_field=TextField()), JSONField())
    )


def _du_dossier(sujet: Sujet) -> Q:
    return (
        Q(jeune_id__in=[sujet.id, sujet.nouveau])
        | Q(ligne_id__in=[sujet.nouveau, *sujet.objets])
        | Q(acteur_id__in=[sujet.id, *sujet.objets])
    )


def _d_un_professionnel(sujet: Sujet) -> Q:
    return Q(acteur_id__in=[sujet.id, *sujet.objets]) | Q(avant__icontains=str(sujet.id))


PASSE = Traitement(
    titre="Retrouver ce qui a été changé",
    finalite="Dire qui a ajouté, modifié ou supprimé quoi dans un dossier, quand et à quelle occasion ; réparer une "
    "erreur.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité ; la ligne reste ensuite, vidée, sans personne derrière",
    lecteurs="La MLDS qui suit le jeune.",
)
CHANGE = "le nom_table geste colonnes avant role acteur_genre acteur_id organisation_id motif"
personnel(
    Historique,
    f"ligne_id jeune_id {CHANGE}",
    de=Personne.JEUNE,
    pour=PASSE,
    ou=_du_dossier,
    sort=Sort.ANONYMISER,
    faire=_vider_le_passe,
    en_dernier=True,
)
for _genre in (Personne.CONTACT, Personne.UTILISATEUR):
    personnel(
        Historique,
        "acteur_id avant le role organisation_id",
        de=_genre,
        pour=PASSE,
        ou=_d_un_professionnel,
        sort=Sort.DETACHER,
        faire=_taire_le_nom,
        exporte=False,
        en_dernier=True,
    )
neutre(Historique, "id")
neutre(Parametre)
neutre(Essai)  # a keyed hash, a number, a date
