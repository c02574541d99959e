"""Two people enter hours at once: the ledger takes them one after the other."""

import threading
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from raccord.marches import registre
from tests import fabriques_declaration as f
from tests.distribution import Distribution

PARCOURS = UUID(int=7)


def ensemble(nombre: int, geste: "object") -> list[BaseException]:
    """Run the same thing in several threads, started together; returns what failed."""
    depart, echecs = threading.Barrier(nombre), []

    def courir() -> None:
        try:
            depart.wait(timeout=20)
            geste()  # type: ignore[operator]
        except BaseException as erreur:
            echecs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=courir) for _ in range(nombre)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    return echecs


@pytest.mark.horloge_reelle
@pytest.mark.django_db(transaction=True)
def test_huit_saisies_a_la_fois(distribution: Distribution) -> None:
    engagement = distribution.engagement(150)
    registre.reserver(engagement.pk, Decimal(150), parcours_id=PARCOURS, motif="parcours")
    saisir = lambda: registre.faire(engagement.pk, Decimal(20), parcours_id=PARCOURS, motif="semaine")  # noqa: E731
    assert ensemble(8, saisir) == []
    etat = registre.soldes(engagement.pk)
    assert (etat.faites, etat.reservees, etat.a_placer, etat.supplement) == (160, 0, 0, 10)


@pytest.mark.horloge_reelle
@pytest.mark.django_db(transaction=True)
def test_deux_envois_a_la_fois_n_en_font_qu_un(distribution: Distribution) -> None:
    brouillon = f.brouillon_complet(distribution)
    client = distribution.acheteur.client()
    envoyer = lambda: f.poster(client, "parcours:declarer_verifier", brouillon.pk, donnees={})  # noqa: E731
    assert ensemble(3, envoyer) == []
    assert len(f.messages_envoyes("parcours.fiche_a_confirmer")) == 2
