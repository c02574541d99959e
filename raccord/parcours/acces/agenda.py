"""Whose meetings: those that a calendar reads by its secret address, those that a day shows first."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.liens import empreinte
from raccord.echeances.acces import RENCONTRES, RencontreDuJour
from raccord.jeunes.models import RepresentantLegal
from raccord.parcours.acces.positionnement import positionnements_de
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.models import AdresseAgenda, Positionnement, RendezVous
from raccord.socle import mots
from raccord.socle.contexte import Contexte
from raccord.territoires.fuseaux import fuseau_de, sur_place

# What is older is in the files; a calendar that is read four times an hour needs no more.
MEMOIRE = dt.timedelta(days=90)
UN_JOUR = dt.timedelta(days=1)


def adresse_de(utilisateur_id: UUID) -> AdresseAgenda | None:
    """Theirs, if they made one."""
    return AdresseAgenda.objects.filter(utilisateur_id=utilisateur_id).first()


def adresse_du_jeton(jeton: str) -> AdresseAgenda | None:
    """The address behind the secret, as long as its owner has an account."""
    return AdresseAgenda.objects.filter(empreinte=empreinte(jeton), utilisateur__is_active=True).first()


def rendez_vous_de(utilisateur_id: UUID) -> list[RendezVous]:
    """This person's meetings, those that were cancelled too: a calendar has to take them out."""
    return list(
        RendezVous.objects.filter(tuteur_id=utilisateur_id, fin__gt=timezone.now() - MEMOIRE)
        .select_related("offre__entreprise", "tuteur")
        .order_by("debut", "pk")
    )


def rencontres(contexte: Contexte) -> list[RencontreDuJour]:
    """Today's meetings of somebody with an account, at the hour of each place; those ahead of whoever holds a link."""
    if contexte.utilisateur_id is None:
        return [_a_venir(rendez_vous) for rendez_vous in _du_porteur(contexte)]
    maintenant = timezone.now()
    proches = positionnements_de(contexte).filter(
        etat=EtatPositionnement.RENCONTRE_FIXEE,
        rencontre_le__gt=maintenant - UN_JOUR,
        rencontre_le__lt=maintenant + UN_JOUR,
    )
    if contexte.role == Role.TUTEUR:
        proches = proches.filter(reservation__tuteur_id__in=contexte.tient_lieu_de)
    elif contexte.role not in (Role.COORDONNATEUR, Role.ACHETEUR):
        return []
    trouvees = []
    for positionnement in proches.order_by("rencontre_le", "pk"):
        fuseau = fuseau_de(positionnement.offre.commune)
        le = positionnement.rencontre_le
        if le is not None and le.astimezone(fuseau).date() == maintenant.astimezone(fuseau).date():
            trouvees.append(_du_jour(contexte, positionnement, le.astimezone(fuseau)))
    return trouvees


def _du_jour(contexte: Contexte, positionnement: Positionnement, le: dt.datetime) -> RencontreDuJour:
    offre, reservation = positionnement.offre, positionnement.reservation
    contact = offre.referent or offre.rrh
    if contexte.role == Role.TUTEUR:  # who holds the reservation knows the company's people (level 2)
        personne, qui = f"{reservation.jeune.prenom} {reservation.jeune.nom}", contact.nom if contact else ""
        telephone = contact.telephone if contact else ""
    else:
        personne, qui, telephone = "", f"Tuteur : {reservation.tuteur.nom_complet}", reservation.tuteur.telephone
    return RencontreDuJour(
        quand=mots.heure_fr(le.timetz().replace(tzinfo=None)),
        titre=offre.entreprise.nom,
        url=reverse("parcours:positionnement", args=[positionnement.pk]),
        personne=personne,
        lieu=positionnement.rencontre_lieu,
        qui=qui,
        telephone=telephone,
    )


def _du_porteur(contexte: Contexte) -> QuerySet[RendezVous]:
    """As each was told: the company knows what it has just answered, the young person and the parents not yet."""
    a_venir = RendezVous.objects.filter(annonce_le__isnull=False, fin__gt=timezone.now())
    if contexte.contact_id:
        a_venir = a_venir.filter(contacts__contains=[contexte.contact_id], annule_le__isnull=True)
    elif contexte.jeune_id:
        a_venir = a_venir.filter(dossier=contexte.jeune_id)
    elif contexte.representant_id:
        jeunes = RepresentantLegal.objects.filter(pk=contexte.representant_id).values("jeune_id")
        a_venir = a_venir.filter(dossier__in=jeunes)
    else:
        return RendezVous.objects.none()
    return a_venir.select_related("offre__entreprise", "offre__commune", "tuteur").order_by("debut", "pk")


def _a_venir(rendez_vous: RendezVous) -> RencontreDuJour:
    tuteur = rendez_vous.tuteur
    return RencontreDuJour(
        quand=mots.majuscule(mots.moment_fr(sur_place(rendez_vous.debut, rendez_vous.offre.commune))),
        titre=rendez_vous.offre.entreprise.nom,
        lieu=rendez_vous.lieu,
        qui=tuteur.nom_complet,
        telephone=tuteur.telephone,
    )


RENCONTRES.append(rencontres)
