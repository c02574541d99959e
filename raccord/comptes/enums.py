"""Words of people and organisations."""

from django.db import models


class Role(models.TextChoices):
    """In which capacity somebody acts; workflows speak of roles, never of accounts."""

    ACHETEUR = "acheteur", "acheteur"
    ENTREPRISE = "entreprise", "entreprise"
    TUTEUR = "tuteur", "tuteur MLDS"
    COORDONNATEUR = "coordonnateur", "coordonnateur MLDS"
    NATIONAL = "national", "équipe nationale"
    PARTENAIRE = "partenaire", "partenaire"
    JEUNE = "jeune", "jeune"
    REPRESENTANT = "representant", "représentant légal"
    SYSTEME = "systeme", "Raccord"
    VISITEUR = "visiteur", "visiteur"


class GenreOrganisation(models.TextChoices):
    """What an organisation is for."""

    ACHETEUR = "acheteur", "acheteur"
    ENTREPRISE = "entreprise", "entreprise"
    MLDS = "mlds", "MLDS"
    ETABLISSEMENT = "etablissement", "établissement scolaire"
    PSAD = "psad", "PSAD"
    FACILITATRICE = "facilitatrice", "structure facilitatrice"
    MISSION_LOCALE = "mission_locale", "mission locale"
    PARTENAIRE = "partenaire", "autre partenaire"
    NATIONALE = "nationale", "équipe nationale"


class TypeAcheteur(models.TextChoices):
    """Kinds of buyer that the declaration asks for."""

    CENTRALE = "centrale", "administration centrale"
    DECONCENTREE = "deconcentree", "service déconcentré"
    COLLECTIVITE = "collectivite", "collectivité territoriale"
    ETABLISSEMENT_PUBLIC = "etablissement_public", "établissement public"
    HOPITAL = "hopital", "hôpital"
    PRIVE = "prive", "acheteur privé"
    AUTRE = "autre", "autre"


ROLES_PAR_GENRE: dict[str, frozenset[str]] = {
    GenreOrganisation.ACHETEUR: frozenset({Role.ACHETEUR}),
    GenreOrganisation.MLDS: frozenset({Role.TUTEUR, Role.COORDONNATEUR}),
    GenreOrganisation.NATIONALE: frozenset({Role.NATIONAL}),
    GenreOrganisation.ENTREPRISE: frozenset({Role.ENTREPRISE}),
    GenreOrganisation.ETABLISSEMENT: frozenset({Role.PARTENAIRE}),
    GenreOrganisation.PSAD: frozenset({Role.PARTENAIRE}),
    GenreOrganisation.FACILITATRICE: frozenset({Role.PARTENAIRE}),
    GenreOrganisation.MISSION_LOCALE: frozenset({Role.PARTENAIRE}),
    GenreOrganisation.PARTENAIRE: frozenset({Role.PARTENAIRE}),
}
# Those that work in a place: without it, nobody would know whom they are for.
GENRES_D_UN_TERRITOIRE = (
    GenreOrganisation.PSAD,
    GenreOrganisation.FACILITATRICE,
    GenreOrganisation.MISSION_LOCALE,
)


class FinAssistance(models.TextChoices):
    """How an assistance ended."""

    QUITTEE = "quittee", "quittée par l’équipe nationale"
    ARRETEE = "arretee", "arrêtée par la personne aidée"
    TERME = "terme", "arrivée à son terme"


class Domaine(models.TextChoices):
    """The fifteen fields of activity of the declaration form (digest §1.4)."""

    ACCUEIL = "accueil", "Accueil"
    ADMINISTRATION = "administration", "Administration"
    COMMERCE = "commerce", "Commerce-vente"
    COMMUNICATION = "communication", "Communication"
    COMPTABILITE = "comptabilite", "Comptabilité"
    ELECTRICITE = "electricite", "Électricité"
    ESTHETIQUE = "esthetique", "Esthétique"
    HOTELLERIE = "hotellerie", "Hôtellerie"
    INFORMATIQUE = "informatique", "Informatique"
    LOGISTIQUE = "logistique", "Logistique"
    RESTAURATION = "restauration", "Restauration-cuisine"
    SECURITE = "securite", "Sécurité"
    SERVICE = "service", "Service à la personne"
    TRANSPORT = "transport", "Transport"
    AUTRE = "autre", "Autre"
