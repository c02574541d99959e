"""Two hundred tutors press « Réserver » at the same instant, over HTTP, signed in, each for one young person."""

import http.client
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from outils.bench.mesure import PATIENCE, Mesure, Reponse, centile, demander, ensemble
from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.demo.views import MOTEUR
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.parcours.actions.reservation import OffreDejaReservee
from raccord.parcours.enums import EtatOffre, EtatReservation
from raccord.parcours.models import Offre, Reservation
from raccord.socle import calendrier

ESSAIS = 200
LONGUEUR_JETON = 32
COMMUNE = "59350"
MOTS = str(OffreDejaReservee()).split(".")[0].replace("'", "&#x27;")


@dataclass(frozen=True)
class Tuteur:
    """Somebody signed in, with one young person free."""

    temoins: str
    jeton: str
    jeune_id: str


def mesurer(hote: str, port: int) -> Iterator[Mesure]:
    """One offer for all, then twenty; the losers of the first race run again, the winner's young person is replaced."""
    tuteurs = _tuteurs(ESSAIS + 1)
    yield _course(hote, port, "course, une offre", tuteurs[:ESSAIS], _offres(1))
    # The winner holds an offer: a fresh tutor takes the place, so that everybody may win again.
    actives = Reservation.objects.filter(etat=EtatReservation.ACTIVE)
    occupes = {str(jeune_id) for jeune_id in actives.values_list("jeune_id", flat=True)}
    libres = [tuteur for tuteur in tuteurs if tuteur.jeune_id not in occupes]
    yield _course(hote, port, "course, vingt offres", libres[:ESSAIS], _offres(20))


def _offres(nombre: int) -> list[Offre]:
    return list(Offre.objects.publiques().filter(date_debut__lte=calendrier.aujourdhui()).order_by("pk")[:nombre])


def _course(hote: str, port: int, nom: str, tuteurs: list[Tuteur], offres: list[Offre]) -> Mesure:
    reponses: list[Reponse] = []
    duree = ensemble(
        [_coureur(hote, port, tuteur, offres[rang % len(offres)], reponses) for rang, tuteur in enumerate(tuteurs)]
    )
    issues = Counter(_issue(reponse) for reponse in reponses)
    tenues = Reservation.objects.filter(offre__in=offres, etat=EtatReservation.ACTIVE).count()
    reservees = Offre.objects.filter(pk__in=[offre.pk for offre in offres], etat=EtatOffre.RESERVEE).count()
    attendu = len(offres)
    juste = issues == {"gagne": attendu, "refus": len(tuteurs) - attendu} and tenues == reservees == attendu
    durees = [reponse.duree for reponse in reponses]
    return Mesure(
        nom,
        f"{attendu} réservation(s), {len(tuteurs) - attendu} refus en mots, 0 erreur",
        juste,
        {
            "essais": len(reponses),
            "offres": len(offres),
            "reservations": tenues,
            "refus_en_mots": issues["refus"],
            "erreurs": len(reponses) - issues["gagne"] - issues["refus"],
            "duree_s": round(duree, 2),
            "p50_ms": centile(durees, 50),
            "p95_ms": centile(durees, 95),
        },
    )


def _issue(reponse: Reponse) -> str:
    """Won: sent to the reservation's page. Refused: the very words of the refusal. Anything else is an error."""
    if reponse.statut == 302 and "/reservations/" in reponse.entetes.get("Location", ""):
        return "gagne"
    return "refus" if reponse.statut == 409 and MOTS in reponse.corps.decode() else f"erreur {reponse.statut}"


def _coureur(hote: str, port: int, tuteur: Tuteur, offre: Offre, reponses: list[Reponse]) -> Callable[[], None]:
    connexion = http.client.HTTPConnection(hote, port, timeout=PATIENCE)
    corps = urlencode({"csrfmiddlewaretoken": tuteur.jeton, "jeune": tuteur.jeune_id})

    def courir() -> None:
        reponses.append(
            demander(
                connexion,
                "POST",
                f"/offres/{offre.pk}/reserver/",
                corps,
                Cookie=tuteur.temoins,
                Content_Type="application/x-www-form-urlencoded",
            )
        )
        connexion.close()

    return courir


def _tuteurs(nombre: int) -> list[Tuteur]:
    """Accounts, young people and sessions, made straight in the base: signing in is not what is measured."""
    mlds = Organisation.objects.filter(genre=GenreOrganisation.MLDS).earliest("cree_le")
    aujourdhui = calendrier.aujourdhui()
    comptes = Utilisateur.objects.bulk_create(
        Utilisateur(courriel=f"coureur{rang}@mlds.example", prenom="Course", nom=f"Tuteur{rang}")
        for rang in range(nombre)
    )
    adhesions = Adhesion.objects.bulk_create(
        Adhesion(utilisateur=compte, organisation=mlds, role=Role.TUTEUR) for compte in comptes
    )
    jeunes = Jeune.objects.bulk_create(
        Jeune(
            prenom="Course",
            nom=f"Jeune{rang}",
            date_naissance=aujourdhui.replace(year=aujourdhui.year - 19, day=1),
            commune_id=COMMUNE,
            organisation=mlds,
            tuteur=compte,
            volontaire_le=aujourdhui,
        )
        for rang, compte in enumerate(comptes)
    )
    AccesJeune.objects.bulk_create(
        AccesJeune(jeune=jeune, organisation=mlds, motif="mesure", debut=timezone.now()) for jeune in jeunes
    )
    return [
        _signer(compte, adhesion, jeune) for compte, adhesion, jeune in zip(comptes, adhesions, jeunes, strict=True)
    ]


def _signer(compte: Utilisateur, adhesion: Adhesion, jeune: Jeune) -> Tuteur:
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(compte.pk),
            BACKEND_SESSION_KEY: MOTEUR,
            HASH_SESSION_KEY: compte.get_session_auth_hash(),
            CLE_SESSION: str(adhesion.pk),
        }
    )
    session.create()
    jeton = secrets.token_hex(LONGUEUR_JETON // 2)
    return Tuteur(f"raccord_session={session.session_key}; csrftoken={jeton}", jeton, str(jeune.pk))
