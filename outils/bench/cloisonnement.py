"""What row-level security costs: the heaviest pages, with the policies and without, by turns in one run.

Same data, same accounts, same application role. « Sans » is the base as if the policies had never been written: the
owner has disabled them and the identity of the transaction is not said either. The pages are chosen by measuring, not
by hand: of every page that people open every day, the ten that take longest with the policies on.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from uuid import UUID, uuid4

from django.db import connection, connections, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from outils.bench.mesure import Mesure
from raccord.comptes.intergiciel import CLE_SESSION, contexte_de
from raccord.comptes.intrusions import eprouver
from raccord.comptes.models import Adhesion, Organisation
from raccord.demo.acces import CLE_DISPENSE, adhesions_fictives
from raccord.echeances.models import Attente
from raccord.jeunes.models import AccesJeune, Jeune, RepresentantLegal
from raccord.parcours.models import (
    Bilan,
    Creneau,
    Evaluation,
    Offre,
    Parcours,
    Positionnement,
    Reservation,
    Semaine,
    Voix,
)
from raccord.socle import identite
from raccord.socle.cloisonnement import POLITIQUES
from raccord.socle.contexte import SYSTEME
from raccord.socle.droits import en_proprietaire

RAPPORT_MAXIMAL = 1.15
PAGES, TOURS, LECTURES = 10, 7, 3
LENTE = 2.0  # seconds: a page that takes longer is read once a turn
COPIES = 80  # of each young person of the demonstration, with all that concerns them
UNE_SUR = 8  # copies that stay at the same MLDS; the others go round the country
COPIES_DE = (
    Jeune,
    AccesJeune,
    RepresentantLegal,
    Offre,
    Reservation,
    Positionnement,
    Creneau,
    Parcours,
    Semaine,
    Bilan,
    Voix,
    Evaluation,
    Attente,
)
LISTES = {
    "tuteur": ("/ma-journee/", "/jeunes/", "/parcours/", "/offres/", "/fin-d-annee/", "/mon-organisation/"),
    "coordonnateur": ("/ma-journee/", "/parcours/", "/etat-des-lieux/", "/etat-des-lieux/offres.csv", "/fin-d-annee/"),
    "acheteur": ("/ma-journee/", "/marches/"),
    "national": ("/ma-journee/", "/parcours/", "/etat-des-lieux/", "/etat-des-lieux/offres.csv", "/marches/"),
    "partenaire": ("/jeunes/",),
}
# One object each, as the role reaches it.
OBJETS = {
    "tuteur": (
        ("/jeunes/{}/", "SELECT id FROM jeunes_jeune ORDER BY id LIMIT 1"),
        ("/parcours/{}/", "SELECT id FROM parcours_parcours WHERE etat = 'en_cours' ORDER BY id LIMIT 1"),
        ("/propositions/{}/", "SELECT id FROM parcours_positionnement WHERE etat = 'transmis' ORDER BY id LIMIT 1"),
        ("/reservations/{}/", "SELECT id FROM parcours_reservation WHERE etat = 'active' ORDER BY id LIMIT 1"),
        ("/offres/{}/", "SELECT offre_id FROM parcours_reservation ORDER BY id LIMIT 1"),
    ),
    "national": (("/parcours/{}/", "SELECT id FROM parcours_parcours WHERE etat = 'en_cours' ORDER BY id LIMIT 1"),),
}


def multiplier() -> int:
    """A country's worth of young people: those of the demonstration, copied. Returns how many there are."""
    equipes = list(Organisation.objects.filter(genre="mlds").order_by("nom", "pk"))
    tuteurs = {
        organisation_id: utilisateur_id
        for organisation_id, utilisateur_id in Adhesion.objects.filter(role="tuteur")
        .order_by("-debut", "-pk")
        .values_list("organisation_id", "utilisateur_id")
    }
    originaux = {modele: list(modele._base_manager.order_by("pk")) for modele in COPIES_DE}
    mlds_de = {jeune.pk: jeune.organisation_id for jeune in originaux[Jeune]}
    originaux[AccesJeune] = [
        acces for acces in originaux[AccesJeune] if acces.organisation_id == mlds_de[acces.jeune_id]
    ]
    originaux[Parcours] = [parcours for parcours in originaux[Parcours] if parcours.jeune_id]
    reservees = {reservation.offre_id for reservation in originaux[Reservation]}
    originaux[Offre] = [offre for offre in originaux[Offre] if offre.pk in reservees]
    copies = {objet.pk for objets in originaux.values() for objet in objets}
    originaux[Attente] = [attente for attente in originaux[Attente] if attente.objet_id in copies]
    for tour in range(COPIES):
        equipe = None if tour % UNE_SUR == 0 else equipes[tour % len(equipes)]
        cles: dict[UUID, UUID] = {}
        for modele in COPIES_DE:
            cles |= {objet.pk: uuid4() for objet in originaux[modele] if isinstance(objet.pk, UUID)}
        for modele in COPIES_DE:
            modele._base_manager.bulk_create(_copie(objet, cles, equipe, tuteurs) for objet in originaux[modele])
    return Jeune._base_manager.count()


def _copie(
    objet: models.Model, cles: dict[UUID, UUID], equipe: Organisation | None, tuteurs: dict[UUID, UUID]
) -> models.Model:
    valeurs = {}
    for champ in type(objet)._meta.concrete_fields:
        if champ.generated or (champ.primary_key and not isinstance(objet.pk, UUID)):
            continue
        valeur = getattr(objet, champ.attname)
        if isinstance(valeur, UUID):
            valeur = cles.get(valeur, valeur)
        elif isinstance(valeur, list):
            valeur = [cles.get(part, part) if isinstance(part, UUID) else part for part in valeur]
        if champ.attname in ("referent_id", "engagement_id", "cle_import"):
            valeur = "" if champ.attname == "cle_import" else None  # a referent hosts one at a time
        if equipe is not None and champ.attname == "organisation_id" and valeur is not None:
            valeur = equipe.pk
        if equipe is not None and champ.attname in ("tuteur_id", "utilisateur_id") and valeur is not None:
            valeur = tuteurs[equipe.pk]
        valeurs[champ.attname] = valeur
    return type(objet)(**valeurs)


def mesurer() -> Iterator[Mesure]:
    """One measure per page, then the intrusions on the same base."""
    with en_proprietaire(), identite.agir(SYSTEME):
        jeunes = multiplier()
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute("ANALYZE")
    candidates = [page for page in _candidates() if page.ouverte()]
    lourdes = sorted(candidates, key=lambda page: -page.duree())[:PAGES]
    for page in lourdes:
        yield page.comparer(jeunes)
    bilan = eprouver()
    yield Mesure(
        "intrusions en SQL",
        "aucune réussie",
        not bilan.failles,
        {
            "essais": bilan.essais,
            "tables": len(POLITIQUES),
            "tables_vides": len(bilan.tables_vides),
            "reussies": len(bilan.failles),
        },
    )


class Page:
    """A page and who opens it."""

    def __init__(self, role: str, client: Client, adresse: str, nom: str) -> None:
        self.role, self.client, self.adresse, self.nom = role, client, adresse, nom

    def ouverte(self) -> bool:
        """Whether this person has it; what the process keeps is paid here, once."""
        return bool(self.client.get(self.adresse).status_code == 200)

    def lire(self) -> float:
        """Seconds for one reading."""
        debut = time.perf_counter()
        reponse = self.client.get(self.adresse)
        if reponse.status_code != 200:
            raise RuntimeError(f"{self.adresse} répond {reponse.status_code}")
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        return time.perf_counter() - debut

    def duree(self) -> float:
        """Seconds it takes usually."""
        premiere = self.lire()
        return premiere if premiere > LENTE else statistics.median(self.lire() for _ in range(LECTURES))

    def comparer(self, jeunes: int) -> Mesure:
        """Readings with and without, by turns. The plans change with the policies: the first of each is not counted."""
        avec: list[float] = []
        sans: list[float] = []
        lectures = 1 if self.duree() > LENTE else LECTURES
        for _ in range(TOURS):
            self.lire()
            avec += [self.lire() for _ in range(lectures)]
            with sans_cloisonnement():
                self.lire()
                sans += [self.lire() for _ in range(lectures)]
        with CaptureQueriesContext(connection) as requetes:
            self.lire()
        rapport = round(statistics.median(avec) / statistics.median(sans), 3)
        return Mesure(
            f"cloisonnement, {self.role}, {self.nom}",
            f"au plus {RAPPORT_MAXIMAL} fois sans",
            rapport <= RAPPORT_MAXIMAL,
            {
                "jeunes": jeunes,
                "lectures": len(avec),
                "requetes": len(requetes),
                "avec_ms": round(statistics.median(avec) * 1000, 1),
                "sans_ms": round(statistics.median(sans) * 1000, 1),
                "rapport": rapport,
            },
        )


def _candidates() -> Iterator[Page]:
    for role, adresses in LISTES.items():
        adhesion = adhesions_fictives().select_related("utilisateur").filter(role=role).earliest("debut", "pk")
        client = _client(adhesion)
        for adresse in adresses:
            yield Page(role, client, adresse, adresse)
        for modele, requete in OBJETS.get(role, ()):
            yield Page(role, client, modele.format(_vu_par(adhesion, requete)), modele.format("…"))


def _client(adhesion: Adhesion) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(adhesion.utilisateur, backend="sesame.backends.ModelBackend")
    session = client.session
    session[CLE_SESSION], session[CLE_DISPENSE] = str(adhesion.pk), True
    session.save()
    return client


def _vu_par(adhesion: Adhesion, requete: str) -> UUID:
    """The first that this person's identity lets them read."""
    with identite.agir(contexte_de(adhesion)), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)
        (pk,) = curseur.fetchone()
    return UUID(str(pk))


@contextmanager
def sans_cloisonnement() -> Iterator[None]:
    """The owner opens every table; nobody says who asks."""
    _tables("DISABLE")
    try:
        with mock.patch.object(identite, "_dire", lambda *_: None):
            yield
    finally:
        _tables("ENABLE")


def _tables(verbe: str) -> None:
    with connections["proprietaire"].cursor() as curseur:
        for table in POLITIQUES:
            ordre = sql.SQL(f"ALTER TABLE {{}} {verbe} ROW LEVEL SECURITY").format(sql.Identifier(table))
            curseur.execute(ordre.as_string(curseur.connection))
