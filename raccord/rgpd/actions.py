"""Asking for the copy of one's data, taking it, sending the link to it; saying that a file is still followed."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction, Utilisateur
from raccord.jeunes.models import Jeune, RepresentantLegal
from raccord.rgpd import messages
from raccord.rgpd.copie import PORTE, composer
from raccord.rgpd.models import Avertissement, Copie
from raccord.rgpd.sujets import sujet_de
from raccord.socle import calendrier, identite, journal, scellage
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.courrier import Destinataire, envoyer
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.exceptions import ErreurMetier, RoleRefuse
from raccord.socle.parametres import regle

LIEN_DONNEES = "rgpd.donnees"
SUIVRE = "jeune.suivre"
ENTRE_DEUX = dt.timedelta(minutes=10)
CERCLE = frozenset({Role.TUTEUR, Role.NATIONAL, Role.JEUNE})


class CopiePerimee(ErreurMetier):
    """Cette copie n'est plus disponible : elle a été détruite. Demandez-en une nouvelle."""

    statut = 410


class SansAdresse(ErreurMetier):
    """Ce jeune n'a pas de courriel : préparez la copie avec lui, ou ajoutez son courriel à son dossier."""


@transaction.atomic
def demander(contexte: Contexte, genre: str, personne_id: UUID, *, dossier: UUID | None = None) -> Copie:
    """Prepare and seal the copy, for a few days. Asked twice in ten minutes, it is the same one. `dossier` is the young
    person's file that holds what is kept of a representative.

    Raises RoleRefuse when it is neither one's own, nor asked by a tutor for a young person; the database then
    refuses the row of a file that is not open to them.
    """
    if not _permis(contexte, genre, personne_id):
        raise RoleRefuse
    recente = Copie.objects.filter(
        genre=genre,
        personne_id=personne_id,
        demandee_par=contexte.acteur[0],
        cree_le__gt=timezone.now() - ENTRE_DEUX,
    )
    if (deja := recente.order_by("-cree_le").first()) is not None:
        return deja
    validite = regle("validite_copie")
    copie = Copie(
        genre=genre,
        personne_id=personne_id,
        demandee_par=contexte.acteur[0],
        expire_le=calendrier.fin_du_jour(calendrier.ajouter(calendrier.aujourdhui(), validite.valeur, validite.unite)),
        taille=0,
    )
    with identite.agir(SYSTEME, dossiers=(dossier or personne_id,)):
        objets = sujet_de(genre, personne_id, PORTE).objets
    with identite.agir(SYSTEME, dossiers=(*objets, *([dossier] if dossier else []))):
        octets = composer(contexte, sujet_de(genre, personne_id, PORTE))
    copie.taille, copie.scelle = len(octets), scellage.sceller(octets, _associe(copie))
    copie.save(force_insert=True)
    journal.inscrire(contexte, copie, "rgpd.copier", "a demandé la copie des données", audience=CERCLE)
    return copie


@transaction.atomic
def telecharger(contexte: Contexte, copie: Copie) -> bytes:
    """The zip; taking it is written. Raises CopiePerimee. Whoever calls has checked whose it is (`acces`)."""
    if not copie.disponible:
        raise CopiePerimee
    octets = scellage.desceller(bytes(copie.scelle), _associe(copie))
    Copie.objects.filter(pk=copie.pk).update(telechargee_le=timezone.now())
    journal.inscrire(contexte, copie, "rgpd.telecharger", "a téléchargé la copie des données", audience=CERCLE)
    return octets


@transaction.atomic
def envoyer_le_lien(contexte: Contexte, jeune: Jeune) -> None:
    """Write to the young person, who reads and takes the copy alone. Raises SansAdresse."""
    destinataire = jeune.destinataire()
    if not destinataire.courriel:
        raise SansAdresse
    adresse = liens.creer_pour_jeune(LIEN_DONNEES, jeune.pk, jeune.pk)
    envoyer(messages.LIEN, [destinataire], {"lien": adresse}, objet=jeune)
    journal.inscrire(
        contexte, jeune, "rgpd.envoyer_lien", "a envoyé au jeune le lien vers ses données", audience=CERCLE
    )


@transaction.atomic
def envoyer_au_representant(contexte: Contexte, representant: RepresentantLegal) -> None:
    """The same for whoever signs: their own data, not the young person's file. Raises SansAdresse."""
    if not representant.courriel:
        raise SansAdresse("Ce représentant légal n'a pas de courriel : ajoutez-le au dossier.")
    adresse = liens.creer_pour_representant(LIEN_DONNEES, representant.pk, representant.pk)
    qui = Destinataire(courriel=representant.courriel, representant_id=representant.pk)
    envoyer(messages.LIEN, [qui], {"lien": adresse}, objet=representant.jeune)
    journal.inscrire(
        contexte,
        representant.jeune,
        "rgpd.envoyer_lien_representant",
        "a envoyé à un représentant légal le lien vers ses propres données",
        audience=CERCLE,
    )


@transaction.atomic
def ecrire_a_qui_demande(courriel: str) -> None:
    """Whoever has this address receives the road to their data; nothing is said either way, nor too often."""
    depuis = timezone.now() - ENTRE_DEUX
    for contact in Contact.objects.filter(courriel__iexact=courriel).order_by("cree_le", "pk"):
        recents = LienAction.objects.filter(contact=contact, action=LIEN_DONNEES, cree_le__gt=depuis)
        if not recents.exists():
            adresse = liens.creer_pour_contact(LIEN_DONNEES, contact.pk, contact, role=role_de(contact))
            envoyer(messages.LIEN, [contact.destinataire()], {"lien": adresse}, objet=contact)
    for utilisateur in Utilisateur.objects.filter(courriel__iexact=courriel, is_active=True).order_by("pk"):
        envoyer(messages.COMPTE, [utilisateur.destinataire()], {"page": reverse("rgpd:mes_donnees")})


@transaction.atomic
def poursuivre(contexte: Contexte, jeune: Jeune) -> None:
    """The tutor still follows this young person: the clock of the file starts again."""
    journal.inscrire(contexte, jeune, SUIVRE, "a confirmé que le suivi continue", audience=CERCLE)
    Avertissement.objects.filter(personne_id=jeune.pk).delete()


@transaction.atomic
def confirmer(contexte: Contexte, contact: Contact) -> None:
    """A contact says that their address is still good: their clock starts again."""
    Contact.objects.filter(pk=contact.pk).update(verifie_le=timezone.now())
    journal.inscrire(contexte, contact, "contact.confirmer", "a confirmé ses coordonnées")


def page_du_jeune(jeune_id: UUID) -> str:
    """The whole address of the page where a tutor answers a warning."""
    return settings.ADRESSE_PUBLIQUE + reverse("rgpd:jeune", args=[jeune_id])


def _permis(contexte: Contexte, genre: str, personne_id: UUID) -> bool:
    siens = {
        Personne.JEUNE: contexte.jeune_id,
        Personne.REPRESENTANT: contexte.representant_id,
        Personne.CONTACT: contexte.contact_id,
        Personne.UTILISATEUR: contexte.utilisateur_id,
    }
    return siens[Personne(genre)] == personne_id or (genre == Personne.JEUNE and contexte.role == Role.TUTEUR)


def role_de(contact: Contact) -> str:
    """A buyer's contact acts for the buyer."""
    return Role.ACHETEUR if contact.organisation.genre == "acheteur" else Role.ENTREPRISE


def _associe(copie: Copie) -> bytes:
    """What is bound to the sealed bytes: moved under somebody else, they do not open."""
    return f"{copie.pk}|rgpd.copie|{copie.genre}|{copie.personne_id}".encode()
