"""Measures of the promises that can be measured, on a throw-away base, over loopback only.

    python -m outils.bench [--offres 10000] [--seulement course offres requetes poids] [--sans-page]

One JSON line per measure on the standard output; a whole run is kept in `docs/mesures.md`. Every loop is bounded; the
server and the base are stopped and erased at the end, Ctrl-C included.
"""
