"""Two people at the same instant on a stay: one week, one signature, one ledger, never a deadlock."""

from decimal import Decimal

import pytest

from raccord.echeances.models import Message
from raccord.marches import registre
from raccord.parcours.actions import parcours as actions
from raccord.parcours.actions import semaines
from raccord.parcours.enums import EtatOffre, EtatParcours
from raccord.parcours.models import Parcours
from raccord.socle.models import Journal
from tests.course import ensemble
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

pytestmark = pytest.mark.django_db(transaction=True)


def test_les_deux_dernieres_voix_en_meme_temps(distribution: Distribution) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.termine()
    fabrique.voix_tuteur(parcours)
    issues = ensemble(lambda: fabrique.voix_entreprise(parcours), lambda: fabrique.voix_jeune(parcours))
    assert issues == [None, None]
    assert Parcours.objects.get(pk=parcours.pk).etat == EtatParcours.BILAN_SIGNE
    assert Journal.objects.filter(verbe="parcours.signer_bilan").count() == 1
    assert Message.objects.filter(code="parcours.bilan_preuve").count() == 1


def test_l_entreprise_et_le_tuteur_notent_la_meme_semaine(distribution: Distribution) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.en_cours()
    lundi = parcours.debut
    issues = ensemble(
        lambda: semaines.noter(
            distribution.contexte_referent, parcours.pk, lundi=lundi, heures=Decimal(35), version=""
        ),
        lambda: semaines.noter(distribution.tuteur.contexte, parcours.pk, lundi=lundi, heures=Decimal(28), version=""),
    )
    assert sorted(issue is None for issue in issues) == [False, True]
    semaine = parcours.semaines.get()
    assert registre.faites_pour(parcours.offre.engagement_id, parcours.pk) == semaine.heures


def test_terminer_et_noter_en_meme_temps(distribution: Distribution) -> None:
    """Whoever comes first, the hours of the weeks and of the ledger agree and the place is given back once."""
    fabrique = Fabrique(distribution)
    parcours = fabrique.avec_heures(fabrique.en_cours(heures=70))
    tuteur = distribution.tuteur.contexte
    issues = ensemble(
        lambda: actions.terminer(tuteur, parcours.pk),
        lambda: actions.terminer(tuteur, parcours.pk),
        lambda: semaines.noter(distribution.contexte_referent, parcours.pk, lundi=parcours.debut, heures=Decimal(30)),
    )
    assert sum(issue is None for issue in issues) == 2
    parcours = Parcours.objects.get(pk=parcours.pk)
    somme = sum(parcours.semaines.values_list("heures", flat=True))
    assert (parcours.etat, parcours.offre.etat) == (EtatParcours.TERMINE, EtatOffre.PUBLIEE)
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.faites, soldes.reservees, soldes.a_placer) == (somme, 0, 300 - somme)
