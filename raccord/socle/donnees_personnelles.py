"""What is personal, whose it is, why it is kept, how it is handed over and erased (GDPR art. 13, 15, 17, 30).

Each slice declares the fields of its own models in its `rgpd.py`, read at start like its other modules. The slice
`rgpd`, on top of all, reads this registry: it makes the public page, the copies and the erasures from it, and knows no
field by itself. A test fails on a field that nobody declared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, QuerySet, Value, When


class Personne(models.TextChoices):
    """Whose a datum is."""

    JEUNE = "jeune", "le jeune"
    REPRESENTANT = "representant", "ses représentants légaux"
    CONTACT = "contact", "les contacts sans compte"
    UTILISATEUR = "utilisateur", "les titulaires d’un compte"


class BaseLegale(models.TextChoices):
    """On what legal ground (GDPR art. 6)."""

    MISSION = "mission", "mission d’intérêt public (RGPD, art. 6.1.e)"
    OBLIGATION = "obligation", "obligation légale (RGPD, art. 6.1.c)"


class Sort(models.TextChoices):
    """What becomes of a datum when the person is erased."""

    SUPPRIMER = "supprimer", "supprimé"
    VIDER = "vider", "vidé"
    MASQUER = "masquer", "remplacé par « (effacé) »"
    ANONYMISER = "anonymiser", "réduit à ce qui ne désigne plus personne"
    DETACHER = "detacher", "gardé pour le compte, sans lien avec la personne"
    GARDER = "garder", "gardé pour le compte"


MASQUE = "(effacé)"


@dataclass(frozen=True, kw_only=True)
class Traitement:
    """One line of the public registry: why, on what ground, for how long, who reads.

    `duree` is the key of a dated parameter; `depuis` says in words when it begins to run.
    """

    titre: str
    finalite: str
    base: BaseLegale
    duree: str
    depuis: str
    lecteurs: str


@dataclass(frozen=True, kw_only=True)
class Sujet:
    """Somebody whose data are looked for. `objets`: ids of the rows that are theirs, their own included.

    `nouveau` takes the place of the id wherever a line is kept for the count: nothing says whose it was.
    """

    genre: Personne
    id: UUID
    objets: frozenset[UUID] = frozenset()
    nouveau: UUID = field(default_factory=uuid4)


Lignes = str | Callable[[Sujet], Q]
Effet = Callable[[QuerySet[Any], Sujet], object]


@dataclass(frozen=True, kw_only=True)
class Donnees:
    """Personal fields of one model. `ou` finds the rows: a path to the person's id, whose rows are then theirs, or a
    condition. `faire` replaces what `sort` does by itself. `exporte`: whether the copy holds these fields.
    `en_dernier`: erased after all others, on rows looked for again: erasing itself writes there.
    """

    modele: type[models.Model]
    champs: tuple[str, ...]
    de: Personne
    pour: Traitement
    ou: Lignes
    sort: Sort
    faire: Effet | None = None
    exporte: bool = True
    en_dernier: bool = False

    def lignes(self, sujet: Sujet, porte: str) -> "QuerySet[Any]":
        """Rows that concern the person."""
        condition = Q(**{self.ou: sujet.id}) if isinstance(self.ou, str) else self.ou(sujet)
        return self.modele._base_manager.using(porte).filter(condition)


DECLAREES: list[Donnees] = []
NEUTRES: dict[type[models.Model], set[str]] = {}
# Why somebody may not be erased today, in a sentence; the second argument is the database's door.
Obstacle = Callable[[Sujet, str], str | None]
OBSTACLES: list[tuple[Personne, Obstacle]] = []


def personnel(
    modele: type[models.Model],
    champs: str,
    *,
    de: Personne,
    pour: Traitement,
    ou: Lignes,
    sort: Sort,
    faire: Effet | None = None,
    exporte: bool = True,
    en_dernier: bool = False,
) -> None:
    """Declare personal fields, named in one text."""
    DECLAREES.append(
        Donnees(
            modele=modele,
            champs=tuple(champs.split()),
            de=de,
            pour=pour,
            ou=ou,
            sort=sort,
            faire=faire,
            exporte=exporte,
            en_dernier=en_dernier,
        )
    )


def neutre(modele: type[models.Model], champs: str = "*") -> None:
    """Declare fields that say nothing of anybody; all of them by default."""
    noms = {champ.name for champ in modele._meta.concrete_fields} if champs == "*" else set(champs.split())
    NEUTRES.setdefault(modele, set()).update(noms)


def obstacle(genre: Personne) -> Callable[[Obstacle], Obstacle]:
    """Register what forbids to erase somebody of that kind."""

    def enregistrer(dire: Obstacle) -> Obstacle:
        OBSTACLES.append((genre, dire))
        return dire

    return enregistrer


def donnees_de(genre: str) -> list[Donnees]:
    """What is declared of somebody; a young person's file holds their representatives too."""
    genres = {genre, Personne.REPRESENTANT} if genre == Personne.JEUNE else {genre}
    return [donnees for donnees in DECLAREES if donnees.de in genres]


def oublies() -> dict[str, set[str]]:
    """Fields that nobody declared, or that are declared both personal and neutral, by model."""
    trouves: dict[str, set[str]] = {}
    for modele in apps.get_models():
        champs = {champ.name for champ in modele._meta.concrete_fields}
        dits = {champ for donnees in DECLAREES if donnees.modele is modele for champ in donnees.champs}
        neutres = NEUTRES.get(modele, set())
        if mal := (champs ^ (dits | neutres)) | (dits & neutres):
            trouves[modele._meta.label] = mal
    return trouves


def champ_de(modele: type[models.Model], nom: str) -> "models.Field[Any, Any]":
    """A column of the model."""
    return cast("models.Field[Any, Any]", modele._meta.get_field(nom))


# Columns that carry no words of their own, as a person reads them.
LIBELLES = {
    "action": "ce qui était attendu",
    "agi_le": "servi le",
    "close_le": "close le",
    "competence": "compétence",
    "corps": "texte",
    "cree_le": "le",
    "demandee_par": "demandée par",
    "debut": "début",
    "depose_par": "déposé par",
    "echeance": "avant le",
    "envoye_le": "envoyé le",
    "etat": "état",
    "expire_date": "fin de la connexion",
    "expire_le": "valable jusqu’au",
    "fin_avant": "dernier jour, avant",
    "heures_hebdo_avant": "heures par semaine, avant",
    "is_active": "compte ouvert",
    "last_login": "dernière connexion",
    "organisation_id": "organisation",
    "ouvert_le": "ouvert le",
    "ouverte_le": "depuis le",
    "presence_avant": "jours et horaires, avant",
    "prevenu_le": "prévenu le",
    "propose_par": "proposé par",
    "revoque_le": "retiré le",
    "role": "rôle",
    "session_data": "qui est connecté",
    "signale_par": "signalé par",
    "telephone": "téléphone",
    "type_mime": "format",
}
# What people read first, whatever the order of the layers.
ORDRE = ("jeunes", "comptes", "parcours", "marches", "documents", "echeances", "rgpd", "socle")


def libelle(modele: type[models.Model], nom: str) -> str:
    """A column in words."""
    champ = champ_de(modele, nom)
    sans_mots = str(champ.verbose_name) == nom.replace("_", " ")
    return LIBELLES.get(nom, str(champ.verbose_name)) if sans_mots else str(champ.verbose_name)


def rang(donnees: Donnees) -> int:
    """Its place in what is read."""
    etiquette = donnees.modele._meta.app_label
    return ORDRE.index(etiquette) if etiquette in ORDRE else 1


# --- What erasing needs, for `faire` ---------------------------------------------------------------


def vide(champ: "models.Field[Any, Any]") -> Any:
    """The empty value of a field."""
    if isinstance(champ, ArrayField):
        return []
    if champ.null:
        return None
    return {} if isinstance(champ, models.JSONField) else ""


def remplace(champ: str, sujet: Sujet) -> Case:
    """The column, the new id in place of the person's."""
    return Case(When(**{champ: sujet.id}, then=Value(sujet.nouveau)), default=F(champ))


def remplace_dans(champ: str, sujet: Sujet) -> Func:
    """The array of ids, the new one in place of the person's."""
    uuid = models.UUIDField()
    return Func(
        F(champ),
        Value(sujet.id, uuid),
        Value(sujet.nouveau, uuid),
        function="array_replace",
        output_field=ArrayField(uuid),
    )


def _relations(modele: type[models.Model]) -> list[models.ManyToOneRel]:
    """All that points to the model, without exception: those that have no name on it too."""
    champs = modele._meta.get_fields(include_hidden=True)
    return [champ for champ in champs if isinstance(champ, models.ManyToOneRel)]


def renumeroter(modele: type[models.Model], sujet: Sujet, porte: str) -> None:
    """Give the person's row another id, and all that points to it. Foreign keys are checked when all is done."""
    for relation in _relations(modele):
        nom = relation.field.name
        lies = relation.related_model._base_manager.using(porte)
        lies.filter(**{nom: sujet.id}).update(**{nom: sujet.nouveau})
    modele._base_manager.using(porte).filter(pk=sujet.id).update(id=sujet.nouveau)


def liberer(modele: type[models.Model], ids: list[Any], porte: str) -> None:
    """Empty the references that may be empty, before the rows they point to go."""
    for relation in _relations(modele):
        if relation.field.null and relation.on_delete is not models.CASCADE:
            nom = relation.field.name
            lies = relation.related_model._base_manager.using(porte)
            lies.filter(**{f"{nom}__in": ids}).update(**{nom: None})
