"""The two lives of the circle: a request to close the file to an organisation, and the context sheet."""

from typing import Any

from raccord.comptes.enums import Role
from raccord.jeunes import attentes as a
from raccord.jeunes.enums import EtatFiche as F
from raccord.jeunes.enums import EtatRetrait as R
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus
from raccord.socle.workflow import Transition, Workflow

TUTEUR = frozenset({Role.TUTEUR})
JEUNE = frozenset({Role.JEUNE})
# The sheet is between the young person and the tutors who follow; nobody else reads that there is one.
ENTRE_EUX = TUTEUR | JEUNE
AVEC_LES_PARENTS = ENTRE_EUX | {Role.REPRESENTANT}


def suivi_par_ma_mlds(contexte: Contexte, objet: Any) -> Refus | None:
    """The circle is held by the MLDS that follows the young person."""
    if contexte.organisation_id == objet.jeune.organisation_id:
        return None
    return Refus(f"Ce jeune est suivi par {objet.jeune.organisation.nom} : c'est à cette MLDS de le faire.")


def c_est_moi(contexte: Contexte, fiche: Any) -> Refus | None:
    """A sheet belongs to the one it speaks of."""
    return None if contexte.jeune_id == fiche.jeune_id else Refus("Cette fiche appartient au jeune.")


RETRAIT: Workflow[Any] = Workflow(
    "retrait",
    R,
    (
        Transition(
            nom="demander",
            libelle="Demander le retrait",
            fait="a demandé que le dossier se ferme pour une organisation",
            cible=R.DEMANDE,
            roles=JEUNE | {Role.REPRESENTANT},
            ouvre=(a.REPONDRE_RETRAIT,),
            audience=AVEC_LES_PARENTS,
        ),
        Transition(
            nom="retirer",
            libelle="Fermer le dossier à cette organisation",
            fait="a fait ce que le jeune demandait : le dossier est fermé à cette organisation",
            sources=frozenset({R.DEMANDE}),
            cible=R.RETIRE,
            roles=TUTEUR,
            gardes=(suivi_par_ma_mlds,),
            clot=(a.REPONDRE_RETRAIT,),
            audience=AVEC_LES_PARENTS,
        ),
        Transition(
            nom="garder",
            libelle="Garder l'accès, et dire pourquoi",
            fait="a répondu à la demande de retrait : l'accès est gardé, avec une raison",
            sources=frozenset({R.DEMANDE}),
            cible=R.GARDE,
            roles=TUTEUR,
            gardes=(suivi_par_ma_mlds,),
            clot=(a.REPONDRE_RETRAIT,),
            audience=AVEC_LES_PARENTS,
        ),
    ),
)

FICHE: Workflow[Any] = Workflow(
    "fiche_contexte",
    F,
    (
        Transition(
            nom="proposer",
            libelle="Proposer un brouillon",
            fait="a proposé un brouillon de la fiche « Ce qui m'aide »",
            cible=F.PROPOSEE,
            roles=TUTEUR,
            gardes=(suivi_par_ma_mlds,),
            ouvre=(a.RELIRE_BROUILLON,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="corriger",
            libelle="Corriger le brouillon",
            fait="a corrigé le brouillon de la fiche « Ce qui m'aide »",
            sources=frozenset({F.PROPOSEE}),
            roles=TUTEUR,
            gardes=(suivi_par_ma_mlds,),
            ouvre=(a.RELIRE_BROUILLON,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="ecrire",
            libelle="Écrire ma fiche",
            fait="a écrit sa fiche « Ce qui m'aide »",
            cible=F.APPROUVEE,
            roles=JEUNE,
            gardes=(c_est_moi,),
            ouvre=(a.RENOUVELER_FICHE,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="approuver",
            libelle="Approuver ma fiche",
            fait="a approuvé sa fiche « Ce qui m'aide »",
            sources=frozenset({F.PROPOSEE}),
            cible=F.APPROUVEE,
            roles=JEUNE,
            gardes=(c_est_moi,),
            ouvre=(a.RENOUVELER_FICHE,),
            clot=(a.RELIRE_BROUILLON,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="ecarter",
            libelle="Non merci",
            fait="n'a pas voulu du brouillon de fiche",
            sources=frozenset({F.PROPOSEE}),
            cible=F.ECARTEE,
            roles=JEUNE,
            gardes=(c_est_moi,),
            clot=(a.RELIRE_BROUILLON,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="perimer",
            libelle="Effacer un brouillon resté sans réponse",
            fait="a effacé le brouillon de fiche, resté sans réponse du jeune",
            sources=frozenset({F.PROPOSEE}),
            cible=F.PERIMEE,
            roles=frozenset({Role.SYSTEME}),
            clot=(a.RELIRE_BROUILLON,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="renouveler",
            libelle="Garder ma fiche telle quelle",
            fait="a renouvelé sa fiche « Ce qui m'aide »",
            sources=frozenset({F.APPROUVEE}),
            roles=JEUNE,
            gardes=(c_est_moi,),
            ouvre=(a.RENOUVELER_FICHE,),
            audience=ENTRE_EUX,
        ),
        Transition(
            nom="revoquer",
            libelle="Retirer ma fiche",
            fait="a retiré sa fiche « Ce qui m'aide »",
            sources=frozenset({F.APPROUVEE}),
            cible=F.REVOQUEE,
            roles=JEUNE,
            gardes=(c_est_moi,),
            clot=(a.RENOUVELER_FICHE,),
            audience=ENTRE_EUX,
        ),
    ),
)
