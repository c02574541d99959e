"""`raccord simuler-annee`: what the ladder changes, on the real code."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.demo.simulation import base
from raccord.demo.simulation.bilan import Bilan
from raccord.demo.simulation.deroule import SEMAINES, simuler
from raccord.demo.simulation.modele import MODELE_HABITUEL, ModeleRefuse, lire

LIGNES = (
    ("propositions", "Propositions envoyées"),
    ("rencontres", "Rencontres"),
    ("jours_mediane", "Jours ouvrés de la proposition à la rencontre, médiane"),
    ("jours_p90", "Jours ouvrés, neuf sur dix"),
    ("jours_de_reponse", "  dont attendre une réponse de l'entreprise, médiane"),
    ("jours_d_accord", "  dont s'accorder sur un créneau, médiane"),
    ("jours_d_attente", "  dont attendre le jour convenu, médiane"),
    ("part_sans_rencontre", "Part des propositions sans rencontre"),
    ("refus", "dont refus de l'entreprise"),
    ("renoncements_du_jeune", "dont renoncements du jeune"),
    ("abandons", "dont abandons faute de réponse"),
    ("sans_fin", "Propositions sans fin à la dernière date"),
    ("adresses_mortes", "Adresses mortes, qu'il a fallu chercher"),
    ("messages", "Messages reçus"),
    ("messages_par_personne_et_semaine", "Messages par personne et par semaine, quand il y en a"),
    ("messages_par_personne_et_semaine_p90", "Les mêmes, neuf fois sur dix au plus"),
    ("messages_par_personne_et_semaine_maximum", "Les mêmes, au plus"),
    ("attentes_sans_proprietaire", "Attentes sans personne désignée, un jour quelconque"),
    ("silences_sans_personne", "Attentes au bout de leur échelle, sans personne prévenue"),
)


class Command(BaseCommand):
    """In a base of its own, removed at the end."""

    help = "Simule une année d'un territoire sur le vrai code, avec et sans l'échelle de relances."

    def add_arguments(self, parser: CommandParser) -> None:
        """The seed, the behaviours, how long."""
        parser.add_argument("--graine", type=int, default=1, help="la même graine donne les mêmes chiffres")
        parser.add_argument("--modele", type=Path, default=MODELE_HABITUEL, help="fichier TOML des comportements")
        parser.add_argument("--semaines", type=int, default=SEMAINES, help="semaines pendant lesquelles on propose")
        parser.add_argument("--json", action="store_true", help="les chiffres seuls, sur une ligne")

    def handle(self, *args: Any, **options: Any) -> None:
        """Both years, one after the other."""
        if options["semaines"] < 1:
            raise CommandError("Il faut une semaine au moins.")
        try:
            modele = lire(options["modele"])
            bilans = {}
            for nom, echelle in (("sans", False), ("avec", True)):
                with base.jetable():
                    bilans[nom] = simuler(modele, options["graine"], echelle=echelle, semaines=options["semaines"])
        except (ModeleRefuse, base.BaseRefusee) as erreur:
            raise CommandError(str(erreur)) from erreur
        if options["json"]:
            self.stdout.write(json.dumps({nom: bilan.en_donnees() for nom, bilan in bilans.items()}))
        else:
            self._dire(bilans["sans"], bilans["avec"])

    def _dire(self, sans: Bilan, avec: Bilan) -> None:
        self.stdout.write(f"{'':60}{'sans échelle':>14}{'avec échelle':>14}")
        for cle, libelle in LIGNES:
            valeurs = (getattr(sans, cle), getattr(avec, cle))
            self.stdout.write(f"{libelle:60}" + "".join(f"{_fr(valeur):>14}" for valeur in valeurs))


def _fr(valeur: float | None) -> str:
    return "–" if valeur is None else f"{valeur:g}".replace(".", ",")
