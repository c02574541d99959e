"""Refusals in words: whoever is refused reads why and what to do next."""

import datetime as dt
import inspect


class ErreurMetier(Exception):
    """Cette action n'est pas possible."""

    statut = 409

    def __init__(self, message: str = "", *, champ: str | None = None) -> None:
        """`message` replaces the docstring; `champ` is the form field the sentence belongs to."""
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        self.champ = champ
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class Refus(str):
    """The words of a guard that says no."""

    __slots__ = ()


class TransitionRefusee(ErreurMetier):
    """Cette action n'est plus possible : la situation a changé. Rechargez la page pour voir où en est le dossier."""


class DejaFait(TransitionRefusee):
    """C'est déjà fait : rien n'a été enregistré deux fois."""


class RoleRefuse(TransitionRefusee):
    """Cette action revient à quelqu'un d'autre."""

    statut = 403


class ObjetDisparu(ErreurMetier):
    """Ce dossier n'existe plus. Revenez à « Ma journée » pour voir ce qui vous attend."""

    statut = 404


class ModifieEntreTemps(ErreurMetier):
    """Une autre personne a enregistré cette page entre-temps. Votre texte est gardé : comparez, puis enregistrez."""


class ParametreAbsent(ErreurMetier):
    """Une règle n'est pas renseignée à cette date. Prévenez l'équipe nationale."""

    statut = 500


class TropDEssais(ErreurMetier):
    """Trop d'essais en peu de temps : attendez un peu, puis recommencez."""

    statut = 429

    def __init__(self, attente: dt.timedelta) -> None:
        """`attente` is what remains before the next try."""
        super().__init__()
        self.attente = attente


class ScellementRompu(ErreurMetier):
    """Ce fichier a été modifié depuis son dépôt : il ne peut plus être ouvert. Demandez qu'il soit joint de nouveau."""


class CleInconnue(ErreurMetier):
    """Ce fichier a été scellé avec une autre clé que celle du service. Prévenez l'équipe nationale."""

    statut = 500
