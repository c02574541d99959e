"""Reservations and proposals."""

from raccord.demo.generateur.gestes import entreprise_de
from raccord.demo.generateur.recits.conteur import Conteur
from raccord.demo.generateur.troupe import Mlds
from raccord.parcours.actions import positionnement, reponse, reservation
from raccord.parcours.enums import MotifAbandon, MotifRefus
from raccord.parcours.models import Offre, Positionnement


def reservations(c: Conteur) -> None:
    """Held since yesterday; being prepared; fallen for lack of action; given back."""
    g, lille, reunion = c.gestes, c.lille, c.reunion
    hier, en_cours, oubliee, rendue = c.publier(90, "97411", "62498", "59350", "59512")
    [ailleurs] = c.publier(60, "97416")
    for j, rang, offre in ((2, 0, hier), (9, 1, ailleurs)):
        g.nouvelle_histoire()
        g.reserver(j, reunion.tuteurs[rang], offre, c.jeune(reunion, reunion.tuteurs[rang]))
    g.nouvelle_histoire()
    tuteur = lille.tuteurs[2]
    g.preparer(3, tuteur, g.reserver(5, tuteur, en_cours, c.jeune(lille, tuteur)), dans=(8, 9, 10))
    # The same young person holds nothing any more, twice: first forgotten, then given back.
    tuteur = lille.tuteurs[0]
    jeune = c.jeune(lille, tuteur)
    g.nouvelle_histoire()
    g.reserver(62, tuteur, oubliee, jeune)
    c.relever(46)
    g.nouvelle_histoire()
    resa = g.reserver(30, tuteur, rendue, jeune)
    with g.le(27):
        reservation.liberer(tuteur.contexte, resa.pk, motif=MotifAbandon.AUTRE_SOLUTION)


def propositions(c: Conteur) -> None:
    """Sent, on time and late; seen; counter-proposed; refused, told or not; stopped; meeting to come, passed."""
    g, lille, lyon, reunion = c.gestes, c.lille, c.lyon, c.reunion
    offres = iter(
        c.publier(80, "59178", "69259", "59599", "59009", "59350") + c.publier(75, "69383", "97422", "69029", "59512")
    )
    _envoyer(c, next(offres), lille, 0, 18)
    _envoyer(c, next(offres), lyon, 0, 3)
    g.voir(4, _envoyer(c, next(offres), lille, 2, 6))
    _contre_proposer(c, _envoyer(c, next(offres), lille, 0, 5))
    _refuser(c, _envoyer(c, next(offres), lille, 1, 9), 3)
    annoncee = _refuser(c, _envoyer(c, next(offres), lyon, 1, 22), 15)
    with g.le(14):
        positionnement.annoncer(lyon.tuteurs[1].contexte, annoncee.pk)
    arretee = _envoyer(c, next(offres), reunion, 1, 20)
    with g.le(13):
        positionnement.arreter(
            reunion.tuteurs[1].contexte,
            arretee.pk,
            motif=MotifAbandon.JEUNE_RENONCE,
            precisions="Préfère chercher plus près de chez elle.",
        )
    g.accepter(3, _envoyer(c, next(offres), lyon, 1, 5, dans=(7, 8, 10)))
    g.accepter(14, _envoyer(c, next(offres), lille, 0, 16, dans=(4, 5, 6)))


def _envoyer(
    c: Conteur, offre: Offre, mlds: Mlds, rang: int, j: int, dans: tuple[int, ...] = (6, 8, 9)
) -> Positionnement:
    tuteur = mlds.tuteurs[rang]
    c.gestes.nouvelle_histoire()
    resa = c.gestes.reserver(j + 2, tuteur, offre, c.jeune(mlds, tuteur))
    return c.gestes.transmettre(j, tuteur, resa, dans=dans)


def _contre_proposer(c: Conteur, propose: Positionnement) -> None:
    c.gestes.voir(4, propose)
    creneaux = c.gestes.creneaux(3, 6, 7)
    with c.gestes.le(3):
        positionnement.contre_proposer(
            entreprise_de(propose.offre), propose.pk, creneaux=creneaux, lieu=propose.offre.adresse
        )
        reponse.acter(propose.pk)


def _refuser(c: Conteur, propose: Positionnement, j: int) -> Positionnement:
    with c.gestes.le(j):
        positionnement.refuser(
            entreprise_de(propose.offre),
            propose.pk,
            motif=MotifRefus.PAS_D_ENCADRANT,
            precisions="La personne qui devait accompagner est en arrêt jusqu'au printemps.",
        )
        return reponse.acter(propose.pk)
