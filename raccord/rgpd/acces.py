"""The only road to copies: one's own, or a young person's whose file is open to the tutor."""

from uuid import UUID

from django.db.models import Q, QuerySet

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Utilisateur
from raccord.jeunes.acces import jeunes_de
from raccord.rgpd.models import Copie
from raccord.socle.contexte import Contexte
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.lignes import ou_404

MONTREES = 5


def professionnels(courriel: str) -> list[tuple[Personne, UUID]]:
    """Contacts and accounts that have this address."""
    contacts = Contact.objects.filter(courriel__iexact=courriel).order_by("cree_le", "pk")
    comptes = Utilisateur.objects.filter(courriel__iexact=courriel).order_by("pk")
    return [
        *((Personne.CONTACT, pk) for pk in contacts.values_list("pk", flat=True)),
        *((Personne.UTILISATEUR, pk) for pk in comptes.values_list("pk", flat=True)),
    ]


def moi(contexte: Contexte) -> tuple[str, UUID | None]:
    """Kind and id of the person whose data are asked for: the one who acts."""
    genre, personne_id = contexte.acteur
    return (Personne.REPRESENTANT if contexte.representant_id else genre), personne_id


def copies_de(contexte: Contexte) -> "QuerySet[Copie]":
    """Copies this person may take, latest first, without their bytes."""
    genre, personne_id = moi(contexte)
    miennes = Q(genre=genre, personne_id=personne_id) if personne_id else Q(pk__isnull=True)
    if contexte.role == Role.TUTEUR:
        # What a young person asked for alone is theirs alone.
        suivis = jeunes_de(contexte).order_by().values("pk")
        miennes |= Q(genre=Personne.JEUNE, demandee_par=Personne.UTILISATEUR, personne_id__in=suivis)
    return Copie.objects.filter(miennes).order_by("-cree_le", "pk").defer("scelle")


def copies_d(contexte: Contexte, personne_id: UUID) -> list[Copie]:
    """The latest that concern one person."""
    return list(copies_de(contexte).filter(personne_id=personne_id)[:MONTREES])


def copie_visible(contexte: Contexte, copie_id: UUID) -> Copie:
    """Raises Http404 for anybody else."""
    return ou_404(copies_de(contexte).filter(pk=copie_id))
