"""The comparator: who left and is enrolled nowhere? A library without Django (docs/decisions/0026)."""
