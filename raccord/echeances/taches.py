"""What the loop does besides climbing: the digests of the day; and what it forgets: tries that count no more, sessions
and assistances that are over.
"""

from django.contrib.sessions.models import Session
from django.utils import timezone

from raccord.comptes.assistance.actions import terminer_les_passees
from raccord.echeances import demandes as demandes  # registers its wait, its rungs and its hooks
from raccord.echeances.recapitulatif import recapituler
from raccord.echeances.tournees import a_chaque_tour, tournee
from raccord.socle import limites

a_chaque_tour("echeances.recapitulatif")(recapituler)


@tournee("socle.limites")
def oublier_les_essais() -> int:
    """Counters whose window is over."""
    return limites.nettoyer()


@tournee("comptes.sessions")
def oublier_les_sessions() -> int:
    """Sessions past their end: nobody can use them, nobody needs them."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]


@tournee("comptes.assistances")
def finir_les_assistances() -> int:
    """Those that ran out while nobody looked: the person helped reads when each ended."""
    return terminer_les_passees()
