"""Django's PostgreSQL engine, whose every transaction says first in whose name it runs (`socle.identite`)."""
