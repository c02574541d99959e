"""What the day forgets: tries that count no more, sessions that are over, addresses that were corrected."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from raccord.echeances.adresses import oublier_les_corrigees
from raccord.echeances.tournees import tournee
from raccord.socle import limites


@tournee("socle.limites")
def oublier_les_essais() -> int:
    """Counters whose window is over."""
    return limites.nettoyer()


@tournee("comptes.sessions")
def oublier_les_sessions() -> int:
    """Sessions past their end: nobody can use them, nobody needs them."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]


@tournee("echeances.adresses")
def oublier_les_adresses() -> int:
    """Failing addresses whose contact has another since."""
    return oublier_les_corrigees()
