"""The part of a message that calendars read (RFC 6047): iTIP says which method both in the part and in its type."""

from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar

from raccord.echeances.models import Message


def joindre_calendrier(courriel: EmailMultiAlternatives, message: Message) -> None:
    """Beside the words, as another form of the same message: mail programs show 'add to my calendar'."""
    if message.calendrier:
        methode = Calendar.from_ical(message.calendrier)["method"]
        courriel.attach_alternative(message.calendrier, f"text/calendar; method={methode}")
