"""Stays: before the first day, under way, stopped, over, entrusted to another territory."""

import datetime as dt
from decimal import Decimal

from raccord.comptes.enums import Role
from raccord.demo.generateur.gestes import entreprise_de, presence
from raccord.demo.generateur.recits.conteur import Conteur
from raccord.demo.generateur.troupe import Mlds, Personne
from raccord.parcours.actions import parcours as stages
from raccord.parcours.actions import place, semaines, suite, transfert
from raccord.parcours.enums import MotifInterruption, NatureSignalement, Suite
from raccord.parcours.models import Offre, Parcours
from raccord.socle import calendrier


def _stage(
    c: Conteur,
    offre: Offre,
    mlds: Mlds,
    rang: int,
    debut: dt.date,
    *,
    semaines_prevues: int = 9,
    hebdo: Decimal = Decimal(35),
) -> tuple[Personne, Parcours]:
    """Everything that comes before a first day: the meeting took place three weeks earlier."""
    g, tuteur = c.gestes, mlds.tuteurs[rang]
    avant = max((g.aujourdhui - debut).days, 0)
    g.nouvelle_histoire()
    propose = g.rencontrer(avant + 26, tuteur, offre, c.jeune(mlds, tuteur))
    return tuteur, g.convenir(tuteur, propose, debut=debut, semaines_prevues=semaines_prevues, hebdo=hebdo)


def avant_le_premier_jour(c: Conteur) -> None:
    """Convention to be signed; signed; it will not begin."""
    g = c.gestes
    a_signer, a_venir, annule = c.publier(100, "59350", "42218", "62041")
    _stage(c, a_signer, c.lille, 1, g.lundi(-14))
    tuteur, stage = _stage(c, a_venir, c.lyon, 1, g.lundi(-7))
    g.signer_convention(tuteur, stage)
    tuteur, stage = _stage(c, annule, c.lille, 2, g.lundi(28))
    g.signer_convention(tuteur, stage)
    with g.le(stage.debut):
        stages.annuler(
            tuteur.contexte,
            stage.pk,
            motif=MotifInterruption.AUTRE_SOLUTION,
            precisions="A trouvé une place en CAP la semaine d'avant.",
        )


def parcours_en_cours(c: Conteur) -> None:
    """With weeks entered or late, an adaptation, an absence said the same day and dealt with, another not yet."""
    g = c.gestes
    adapte, a_l_heure = c.publier(120, "59512", "38053")
    tuteur, stage = _stage(c, adapte, c.lille, 0, g.lundi(21))
    g.demarrer(tuteur, stage)
    g.noter_les_semaines(stage)
    with g.le(8):
        stages.adapter(
            tuteur.contexte,
            stage.pk,
            fin=stage.fin + dt.timedelta(days=14),
            heures_hebdo=Decimal(28),
            presence=presence(Decimal(28)),
            motif="Passage à quatre jours : les trajets étaient trop longs.",
        )
    with g.le(1):
        semaines.signaler(
            entreprise_de(stage.offre),
            stage.pk,
            nature=NatureSignalement.ABSENCE,
            jour=calendrier.aujourdhui(),
            texte="N'est pas venu ce matin, pas d'appel.",
        )
    debut = g.lundi(35)
    tuteur, stage = _stage(c, a_l_heure, c.lyon, 0, debut, hebdo=Decimal(28), semaines_prevues=10)
    g.demarrer(tuteur, stage)
    g.noter_les_semaines(stage, sauf_derniere=True)


def interruptions(c: Conteur) -> None:
    """Stopped: the place kept; the place given to another."""
    g = c.gestes
    rendue, gardee = c.publier(130, "69266", "97416")
    for offre, mlds, rang, rendre in ((rendue, c.lyon, 0, True), (gardee, c.reunion, 1, False)):
        tuteur, stage = _stage(c, offre, mlds, rang, g.lundi(49))
        g.demarrer(tuteur, stage)
        dernier = stage.debut + dt.timedelta(days=18)
        g.noter_les_semaines(stage, jusqu_au=dernier)
        with g.le(dernier + dt.timedelta(days=3)):
            stages.interrompre(
                tuteur.contexte,
                stage.pk,
                dernier_jour=dernier,
                motif=MotifInterruption.PROJET,
                precisions="Le métier ne lui convient pas, un autre projet se dessine.",
            )
        if rendre:
            with g.le(20):
                place.rendre_la_place(tuteur.contexte, stage.pk)


def bilans(c: Conteur) -> None:
    """Over, two voices missing; signed, what comes next unknown; known, of several kinds."""
    g = c.gestes
    attendu, signe = c.publier(180, "59599", "69383", heures=150)
    tuteur, stage = _stage(c, attendu, c.lille, 1, g.lundi(49), semaines_prevues=5)
    g.demarrer(tuteur, stage)
    g.terminer(tuteur, stage)
    g.ecrire_bilan(8, stage, Role.TUTEUR)
    tuteur, stage = _stage(c, signe, c.lyon, 0, g.lundi(70), semaines_prevues=5)
    g.demarrer(tuteur, stage)
    g.terminer(tuteur, stage)
    _signer(c, stage, 28)
    finis = c.publier(290, "59009", "62498", "69259", "97415", heures=150)
    for offre, (mlds, rang, avant, code, suite_le) in zip(
        finis,
        (
            (c.lille, 1, 168, Suite.APPRENTISSAGE, 60),
            (c.lille, 2, 210, Suite.REPRISE_SCOLARITE, 85),
            (c.lyon, 1, 182, Suite.PROJET_ETABLI, 70),
            (c.reunion, 0, 196, Suite.NOUVELLE_ACTION, 75),
        ),
        strict=True,
    ):
        # Five weeks of 35 h: more than the 150 h owed, the engagement is settled.
        tuteur, stage = _stage(c, offre, mlds, rang, g.lundi(avant), semaines_prevues=5)
        g.demarrer(tuteur, stage)
        g.terminer(tuteur, stage)
        _signer(c, stage, suite_le + 25)
        with g.le(suite_le):
            jour = calendrier.aujourdhui()
            suite.dire(tuteur.contexte, stage.pk, suite=code, le=jour, precisions="Commence à la rentrée.")


def _signer(c: Conteur, stage: Parcours, j: int) -> None:
    for rang, role in enumerate((Role.TUTEUR, Role.ENTREPRISE, Role.JEUNE)):
        c.gestes.ecrire_bilan(j - 2 * rang, stage, role)


def transferts(c: Conteur) -> None:
    """Asked; accepted; refused; taken back."""
    g, lille, lyon, reunion = c.gestes, c.lille, c.lyon, c.reunion
    motif = "La famille déménage : le suivi serait plus simple depuis votre académie."
    offres = c.publier(110, "69029", "59178", "97411", "59350")
    for offre, (de, rang, vers, issue) in zip(
        offres,
        (
            (lyon, 0, lille, "demande"),
            (lille, 2, lyon, "accepte"),
            (reunion, 0, lyon, "refuse"),
            (lille, 1, reunion, "annule"),
        ),
        strict=True,
    ):
        tuteur, stage = _stage(c, offre, de, rang, g.lundi(28))
        g.demarrer(tuteur, stage)
        g.noter_les_semaines(stage)
        with g.le(6):
            demande = transfert.demander(de.coordonnateur.contexte, stage.pk, vers_id=vers.organisation.pk, motif=motif)
        with g.le(3):
            if issue == "accepte":
                nouveau = vers.tuteurs[-1]
                transfert.accepter(vers.coordonnateur.contexte, demande.pk, tuteur_id=nouveau.adhesion.utilisateur_id)
            elif issue == "refuse":
                transfert.refuser(
                    vers.coordonnateur.contexte, demande.pk, reponse="Aucun tuteur disponible avant janvier."
                )
            elif issue == "annule":
                transfert.annuler(de.coordonnateur.contexte, demande.pk)
