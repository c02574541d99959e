"""The full product state × transition × role, generated from the tables; and the same table in the database."""

import pytest
from django.db import DatabaseError, transaction

from raccord.comptes.enums import Role
from raccord.echeances.attentes import TYPES, lire
from raccord.echeances.echelle import EFFETS
from raccord.echeances.models import Attente, Echelle
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse, TransitionRefusee
from raccord.socle.models import Journal
from raccord.socle.workflow import Workflow, executer
from tests.distribution import Distribution
from tests.etats import FABRIQUES, MODELES, WORKFLOWS

CAS = [pytest.param(w, str(etat), id=f"{w.nom}-{etat}") for w in WORKFLOWS for etat in w.etats]


class Annuler(Exception):
    """Leaves the savepoint: the next combination starts from the same row."""


def _contexte(distribution: Distribution, role: str) -> Contexte:
    membres = {
        Role.ACHETEUR: distribution.acheteur,
        Role.TUTEUR: distribution.tuteur,
        Role.COORDONNATEUR: distribution.coordonnateur,
        Role.NATIONAL: distribution.national,
    }
    if role in membres:
        return membres[Role(role)].contexte
    return distribution.contexte_referent if role == Role.ENTREPRISE else Contexte(role=role)


@pytest.mark.parametrize(("workflow", "etat"), CAS)
def test_produit_etat_transition_role(distribution: Distribution, workflow: Workflow, etat: str) -> None:
    objet = FABRIQUES[workflow.nom](distribution, etat)
    modele = MODELES[workflow.nom]
    for transition in workflow.transitions:
        for role in Role.values:
            contexte = _contexte(distribution, role)
            cas = f"{workflow.nom} {etat} --{transition.nom}--> par {role}"
            attendu_possible = etat in transition.sources and role in transition.roles
            lignes, attentes = Journal.objects.count(), Attente.objects.count()
            try:
                with transaction.atomic():
                    with executer(transition, contexte, modele, objet.pk) as modifie:
                        pass
                    assert attendu_possible, f"{cas} aurait dû être refusé"
                    assert modifie.etat == (transition.cible or etat), cas
                    modifie.refresh_from_db()
                    assert modifie.etat == (transition.cible or etat), cas
                    ligne = Journal.objects.order_by("-id").first()
                    assert ligne.verbe == f"{workflow.nom}.{transition.nom}", cas
                    assert (ligne.avant, ligne.apres) == (etat, transition.cible or etat), cas
                    ouvertes = set(Attente.objects.ouvertes().values_list("code", flat=True))
                    assert {attente.code for attente in transition.ouvre} <= ouvertes, cas
                    assert not ouvertes & {a.code for a in transition.clot if a not in transition.ouvre}, cas
                    raise Annuler
            except Annuler:
                continue
            except ErreurMetier as refus:
                if attendu_possible:  # a guard spoke: it may, but only in words of its own
                    assert type(refus) is TransitionRefusee and str(refus), cas
                    assert transition.gardes, cas
                elif etat in transition.sources:
                    assert isinstance(refus, RoleRefuse), cas
                elif transition.cible == etat:
                    assert isinstance(refus, DejaFait), cas
                else:
                    assert transition.libelle in str(refus), cas
                assert str(refus), cas
            assert (Journal.objects.count(), Attente.objects.count()) == (lignes, attentes), f"{cas} a laissé une trace"


@pytest.mark.parametrize(("workflow", "etat"), CAS)
def test_la_base_refuse_un_saut_interdit(distribution: Distribution, workflow: Workflow, etat: str) -> None:
    objet = FABRIQUES[workflow.nom](distribution, etat)
    permis = {t.cible for t in workflow.transitions if etat in t.sources and t.cible} | {etat}
    for cible in workflow.etats.values:
        try:
            with transaction.atomic():
                MODELES[workflow.nom]._base_manager.filter(pk=objet.pk).update(etat=cible)
                saute = True
                raise Annuler
        except Annuler:
            pass
        except DatabaseError:
            saute = False
        assert saute == (cible in permis), f"{workflow.nom} : {etat} vers {cible}"


def test_chaque_etat_est_atteint_et_chaque_echelon_a_son_effet(db: None) -> None:
    for workflow in WORKFLOWS:
        cibles = {transition.cible for transition in workflow.transitions}
        assert set(workflow.etats.values) <= cibles, workflow.nom
    # A ladder may leave a rung out, never name one that does nothing.
    echelles = Echelle.objects.filter(portee="")
    assert {(e.attente, barreau.code) for e in echelles for barreau in lire(e)} == set(EFFETS)
    assert {e.attente for e in echelles} == set(TYPES)
