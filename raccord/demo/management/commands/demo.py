"""`raccord demo`: prepare everything and serve the demonstration until Ctrl-C."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.comptes.models import Organisation
from raccord.demo import acces, serveur
from raccord.socle import environnement


class Command(BaseCommand):
    """One command, no question, no setting."""

    requires_system_checks = []  # the database they would look at is made here
    help = "Prépare la base, la remplit d'un territoire fictif si elle est vide, et sert la démonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where it listens, and which territory."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--hote", default="127.0.0.1", help="127.0.0.1 : visible de cette machine seulement")
        parser.add_argument("--graine", type=int, default=1, help="un autre nombre donne un autre territoire")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, serve, stop both processes together."""
        hote, port = options["hote"], options["port"]
        try:
            serveur.verifier_port(hote, port)
        except serveur.PortPris:
            raise CommandError(
                f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre : "
                f"make demo PORT={port + 1}"
            ) from None
        adresse = environnement.texte("RACCORD_ADRESSE", f"http://localhost:{port}").rstrip("/")
        settings.ADRESSE_PUBLIQUE = adresse
        debut = time.monotonic()
        self._preparer(options["graine"])
        groupe = serveur.Groupe(serveur.environnement(adresse))
        groupe.ecouter_les_signaux()
        try:
            groupe.lancer_serveur(hote, port)
            groupe.lancer_ouvrier()
            if not groupe.arret_demande:
                self._annoncer(adresse, time.monotonic() - debut)
            statut = groupe.surveiller(self.stderr.write)
        except serveur.DemarrageRate as erreur:
            raise CommandError(str(erreur)) from erreur
        finally:
            groupe.arreter()
        self.stdout.write("Démonstration arrêtée. À bientôt.")
        if statut:
            raise CommandError("La démonstration s'est interrompue.", returncode=statut)

    def _preparer(self, graine: int) -> None:
        call_command("preparer_base", stdout=self.stdout)
        if not Organisation.objects.exists():
            self.stdout.write("Un territoire fictif se construit…")
            call_command("generer_demo", graine=graine, stdout=self.stdout)
        serveur.rassembler_statiques()

    def _annoncer(self, adresse: str, secondes: float) -> None:
        self.stdout.write("")
        self.stdout.write(self.style.SUCCESS(f"Raccord est prêt ({secondes:.0f} s) : {adresse}"))
        self.stdout.write(f"  Choisir un rôle   {adresse}/demo/")
        for role in acces.roles_a_jouer():
            utilisateur = role.premier.adhesion.utilisateur
            self.stdout.write(f"    {role.libelle:<20}{utilisateur.courriel}")
        self.stdout.write(
            f"  Lire les messages {adresse}/demo/messages/ (entreprises et jeunes agissent par leurs liens)"
        )
        self.stdout.write("  Ctrl-C pour arrêter.")
        self.stdout.flush()
