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
from raccord.socle.models import Essai, Journal, Parametre

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
neutre(Parametre)
neutre(Essai)  # a keyed hash, a number, a date
