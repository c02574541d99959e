"""Circles and context sheets: a partner in a circle, a request that waits, a sheet shown, one expired, a draft."""

import datetime as dt

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.demo.generateur import fictif
from raccord.demo.generateur.gestes import Gestes
from raccord.demo.generateur.recits.conteur import Conteur
from raccord.demo.generateur.troupe import Mlds, Personne, Troupe
from raccord.jeunes.actions import cercle, dossier, fiche
from raccord.jeunes.enums import Lecteurs
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.parcours.enums import EtatParcours
from raccord.parcours.models import Parcours
from raccord.socle.contexte import Contexte


def cercles(c: Conteur) -> None:
    """Around the young person whose stay is under way near Lille, then a few others."""
    g, troupe, lille, lyon = c.gestes, c.troupe, c.lille, c.lyon
    tuteur = lille.tuteurs[0]
    lycee = _lycee(g, troupe)
    jeune = _en_parcours(lille, tuteur)
    g.nouvelle_histoire()
    with g.le(30):
        _ouvrir(tuteur, jeune, lycee, "préparer la convention et le retour au lycée", g.aujourdhui + dt.timedelta(180))
    with g.le(28):
        dossier.ouvrir(lycee.contexte, jeune)
    with g.le(27):
        fiche.approuver(_soi(jeune), _textes(0), lecteurs=Lecteurs.ENTREPRISE)
    with g.le(24):
        relais = _ouvrir(tuteur, jeune, lyon.tuteurs[0], "relais pendant un séjour à Lyon", g.aujourdhui)
    with g.le(20):
        fiche.proposer(tuteur.contexte, jeune.pk, _textes(1))
    with g.le(2):
        cercle.demander_retrait(_soi(jeune), relais.pk)
    # Somebody else's came to its end; a third has a draft to read, and a partner that sees the file no more.
    autre = _en_parcours(lyon, lyon.tuteurs[0])
    g.nouvelle_histoire()
    with g.le(200):
        fiche.approuver(_soi(autre), _textes(2), lecteurs=Lecteurs.MLDS)
    with g.le(4):
        cercle.renvoyer_lien(lyon.tuteurs[0].contexte, autre.pk)
    troisieme = _en_parcours(lyon, lyon.tuteurs[0], rang=1)
    g.nouvelle_histoire()
    with g.le(40):
        ancien = _ouvrir(lyon.tuteurs[0], troisieme, lycee, "inscription au lycée", g.aujourdhui)
    with g.le(12):
        cercle.retirer(lyon.tuteurs[0].contexte, ancien.pk, motif="L'inscription s'est faite ailleurs.")
    with g.le(5):
        fiche.proposer(lyon.tuteurs[0].contexte, troisieme.pk, _textes(1))


def _lycee(g: Gestes, troupe: Troupe) -> Personne:
    with g.le(60):
        return troupe.compte(
            Role.PARTENAIRE,
            troupe.organisation(GenreOrganisation.ETABLISSEMENT, f"Lycée de {fictif.LIEUX_IMAGINAIRES[0]}", "lille"),
        )


def _en_parcours(mlds: Mlds, tuteur: Personne, rang: int = 0) -> Jeune:
    """A young person of this tutor's who is in a company or has been, whoever is there now first."""
    siens = Parcours.objects.filter(tuteur_id=tuteur.contexte.utilisateur_id, organisation=mlds.organisation)
    presents = siens.filter(jeune__isnull=False).select_related("jeune")
    tries = sorted(presents, key=lambda stage: (stage.etat != EtatParcours.EN_COURS, stage.cree_le))
    jeunes = list(dict.fromkeys(stage.jeune for stage in tries if stage.jeune))
    return jeunes[rang]


def _ouvrir(tuteur: Personne, jeune: Jeune, chez: Personne, motif: str, fin: dt.date) -> AccesJeune:
    return cercle.donner(
        tuteur.contexte, jeune.pk, organisation_id=chez.organisation.pk, motif=motif, fin=fin + dt.timedelta(days=60)
    )


def _soi(jeune: Jeune) -> Contexte:
    return Contexte(role=Role.JEUNE, jeune_id=jeune.pk)


def _textes(rang: int) -> fiche.Textes:
    aide, eviter = fictif.FICHES[rang]
    return fiche.Textes(aide=aide, eviter=eviter)
