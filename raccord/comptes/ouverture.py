"""Opening organisations and accounts by hand, on the machine: the first ones of a deployment."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower

from raccord.comptes.enums import ROLES_PAR_GENRE, GenreOrganisation, Role, TypeAcheteur
from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.forms import ChampCourriel, ChampTelephone
from raccord.socle.identifiants import normaliser_siret
from raccord.socle.verrous import contraintes_en_mots
from raccord.territoires.models import Academie, Departement

LONGUEUR_NOM_ORGANISATION, LONGUEUR_NOM = 200, 100


class OuvertureRefusee(ErreurMetier):
    """Cette ouverture n'est pas possible."""


def creer_organisation(
    contexte: Contexte,
    *,
    genre: str,
    nom: str,
    academie: str = "",
    departement: str = "",
    siret: str = "",
    type_acheteur: str = "",
    courriel: str = "",
    telephone: str = "",
) -> Organisation:
    """Open an organisation. An MLDS needs its académie, by name or identifier; a PSAD, a mission locale or a structure
    facilitatrice that or a département, by code or name, which gives the académie. Only a buyer has a kind.

    Raises OuvertureRefusee in words: wrong SIRET or address, unknown place, an organisation of that name exists.
    """
    nom = _ligne(nom, LONGUEUR_NOM_ORGANISATION, "Le nom de l'organisation")
    if type_acheteur and genre != GenreOrganisation.ACHETEUR:
        raise OuvertureRefusee("Le type d'acheteur ne se donne que pour un acheteur.")
    _choix(genre, GenreOrganisation.values, "Le genre")
    _choix(type_acheteur, ["", *TypeAcheteur.values], "Le type d'acheteur")
    if _du_nom(Organisation.objects.filter(genre=genre), nom):
        raise OuvertureRefusee(f"Une organisation de ce genre s'appelle déjà « {nom} ».")
    lieu = _departement(departement) if departement else None
    la_sienne = _academie(academie) if academie else lieu.academie if lieu else None
    if lieu is not None and la_sienne != lieu.academie:
        raise OuvertureRefusee(f"Le département « {lieu.nom} » n'est pas dans cette académie.")
    organisation = Organisation(
        genre=genre,
        nom=nom,
        academie=la_sienne,
        departement=lieu,
        siret=_siret(siret),
        type_acheteur=type_acheteur,
        courriel=_par_le_champ(ChampCourriel(required=False), courriel, "Le courriel"),
        telephone=_par_le_champ(ChampTelephone(required=False), telephone, "Le téléphone"),
    )
    with contraintes_en_mots(), transaction.atomic():
        organisation.save(force_insert=True)
        journal.inscrire(contexte, organisation, "organisation.creer", "a été ouverte sur la machine")
    return organisation


def creer_compte(
    contexte: Contexte,
    *,
    courriel: str,
    prenom: str,
    nom: str,
    role: str,
    organisation: str,
    administrateur: bool = False,
) -> tuple[Adhesion, bool]:
    """Give somebody a role in an organisation (its name or its id); their account is made when there is none.

    `administrateur`: they look after its members.

    Returns the membership and whether the account is new. An existing account keeps its names.
    Raises OuvertureRefusee in words: unknown or ambiguous organisation, role of another kind of organisation,
    closed account, role already held.
    """
    _choix(role, Role.values, "Le rôle")
    chez = trouver_organisation(organisation)
    possibles = ROLES_PAR_GENRE[chez.genre]
    if role not in possibles:
        liste = ", ".join(sorted(possibles)) or "aucun"
        raise OuvertureRefusee(f"« {chez.nom} » est du genre « {chez.genre} » : rôle possible : {liste}.")
    adresse = _par_le_champ(ChampCourriel(), courriel, "Le courriel")
    prenom, nom = _ligne(prenom, LONGUEUR_NOM, "Le prénom"), _ligne(nom, LONGUEUR_NOM, "Le nom")
    with contraintes_en_mots(), transaction.atomic():
        utilisateur = Utilisateur.objects.filter(courriel=adresse).first()
        nouveau = utilisateur is None
        if utilisateur is None:
            utilisateur = Utilisateur.objects.creer(adresse, prenom, nom)
        elif not utilisateur.is_active:
            raise OuvertureRefusee("Un compte fermé porte cette adresse : rouvrez-le plutôt.")
        adhesion = Adhesion.objects.create(
            utilisateur=utilisateur, organisation=chez, role=role, administrateur=administrateur
        )
        journal.inscrire(
            contexte,
            chez,
            "organisation.accueillir",
            "a reçu un nouveau membre, ouvert sur la machine",
            faits={"adhesion": str(adhesion.pk), "role": role, "administrateur": administrateur},
        )
    return adhesion, nouveau


def trouver_organisation(nom_ou_id: str) -> Organisation:
    """The organisation of that id, or the only one of that name. Raises OuvertureRefusee."""
    try:
        trouvees = list(Organisation.objects.filter(pk=UUID(nom_ou_id)))
    except ValueError:
        trouvees = _du_nom(Organisation.objects.all(), nom_ou_id)
    if not trouvees:
        raise OuvertureRefusee(f"Aucune organisation ne s'appelle « {nom_ou_id} ». Créez-la par creer-organisation.")
    if len(trouvees) > 1:
        choix = "\n".join(f"  {organisation.pk}  {organisation.genre}" for organisation in trouvees)
        raise OuvertureRefusee(f"Plusieurs organisations s'appellent « {nom_ou_id} » : donnez l'identifiant.\n{choix}")
    return trouvees[0]


def _du_nom(requete: "models.QuerySet[Organisation]", nom: str) -> list[Organisation]:
    return list(
        requete.alias(nom_cle=Lower(models.Func(models.F("nom"), function="f_unaccent")))
        .filter(nom_cle=Lower(models.Func(models.Value(" ".join(nom.split())), function="f_unaccent")))
        .order_by("genre", "pk")
    )


def _academie(nom: str) -> Academie:
    academie = Academie.objects.filter(models.Q(slug__iexact=nom) | models.Q(nom__iexact=nom)).first()
    if academie is None:
        connues = ", ".join(Academie.objects.values_list("slug", flat=True))
        raise OuvertureRefusee(f"L'académie « {nom} » n'existe pas. Académies : {connues}.")
    return academie


def _departement(nom: str) -> Departement:
    departement = Departement.objects.filter(models.Q(code__iexact=nom) | models.Q(nom__iexact=nom)).first()
    if departement is None:
        raise OuvertureRefusee(f"Le département « {nom} » n'existe pas : donnez son code (59) ou son nom.")
    return departement


def _siret(saisie: str) -> str:
    try:
        return normaliser_siret(saisie) if saisie else ""
    except ValueError:
        raise OuvertureRefusee("Un des chiffres de ce SIRET est faux : recopiez les 14 chiffres.") from None


def _choix(valeur: str, permises: list[str], quoi: str) -> None:
    if valeur not in permises:
        raise OuvertureRefusee(f"{quoi} « {valeur} » n'existe pas : {', '.join(filter(None, permises))}.")


def _ligne(texte: str, longueur: int, quoi: str) -> str:
    texte = " ".join(texte.split())
    if not texte or not texte.isprintable() or len(texte) > longueur:
        raise OuvertureRefusee(f"{quoi} est vide, trop long ({longueur} caractères au plus) ou illisible.")
    return texte


def _par_le_champ(champ: ChampCourriel | ChampTelephone, saisie: str, quoi: str) -> str:
    """The very rule of the screens, and its words."""
    try:
        return str(champ.clean(saisie.strip()))
    except ValidationError as erreur:
        raise OuvertureRefusee(f"{quoi} « {saisie} » : {' '.join(erreur.messages)}") from None
