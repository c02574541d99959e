"""The proposal: a profile and slots sent to the company, its answer, the meeting."""

from dataclasses import replace
from typing import Any

from raccord.comptes.enums import Role
from raccord.parcours import attentes as a
from raccord.parcours.enums import EtatPositionnement as T
from raccord.parcours.gardes import positionnements as g_positionnements
from raccord.parcours.workflow.roles import ACHETEUR, ENTREPRISE, PEDAGOGIQUE, PILOTES, SYSTEME, TUTEUR
from raccord.socle.workflow import Transition, Workflow

OUVERTS = frozenset({T.TRANSMIS, T.VU})
REPONDUS = frozenset({T.RENCONTRE_FIXEE, T.CONTRE_PROPOSE, T.REFUSE})
# From where an answer may be taken back, by the state that it left.
RETOURS: dict[T, frozenset[str]] = {
    T.TRANSMIS: REPONDUS,
    T.VU: REPONDUS,
    T.RENCONTRE_FIXEE: frozenset({T.CONTRE_PROPOSE, T.REFUSE}),
    T.CONTRE_PROPOSE: frozenset({T.REFUSE}),
}
# The company's own answers. Those received otherwise are the same steps, noted by somebody else: see `_recue`.
ACCEPTER = Transition(
    nom="accepter",
    libelle="Accepter un créneau",
    fait="a accepté un créneau : la rencontre est fixée",
    sources=OUVERTS,
    cible=T.RENCONTRE_FIXEE,
    roles=ENTREPRISE,
    gardes=(g_positionnements.a_moi,),
    clot=(*a.REPONSE_OBTENUE, a.REVENIR),
    ouvre=(a.RENDRE_COMPTE, a.REVENIR),
)
CONTRE_PROPOSER = Transition(
    nom="contre_proposer",
    libelle="Proposer d'autres créneaux",
    fait="a proposé d'autres créneaux",
    sources=OUVERTS | frozenset({T.RENCONTRE_FIXEE}),
    cible=T.CONTRE_PROPOSE,
    roles=ENTREPRISE,
    gardes=(g_positionnements.a_moi,),
    clot=(*a.REPONSE_OBTENUE, a.RENDRE_COMPTE, a.REVENIR),
    ouvre=(a.CHOISIR_CRENEAU, a.REVENIR),
)
REFUSER = Transition(
    nom="refuser",
    libelle="Refuser avec une raison",
    fait="a refusé la proposition, avec une raison",
    sources=OUVERTS | frozenset({T.CONTRE_PROPOSE, T.RENCONTRE_FIXEE}),
    cible=T.REFUSE,
    roles=ENTREPRISE,
    gardes=(g_positionnements.a_moi,),
    clot=(*a.REPONSE_OBTENUE, a.CHOISIR_CRENEAU, a.RENDRE_COMPTE, a.REVENIR),
    ouvre=(a.REVENIR,),
)


def _recue(reponse: Transition, nom: str, libelle: str, fait: str) -> Transition:
    """The company's answer, told by phone or by mail to whoever follows or bought: same effects, marked as noted by
    them.
    """
    return replace(reponse, nom=nom, libelle=libelle, fait=fait, sources=OUVERTS, roles=TUTEUR | PILOTES | ACHETEUR)


POSITIONNEMENT: Workflow[Any] = Workflow(
    "positionnement",
    T,
    (
        Transition(
            nom="preparer",
            libelle="Préparer le profil",
            fait="prépare le profil du jeune",
            cible=T.PREPARE,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.reservation_tenue),
            audience=PEDAGOGIQUE,
        ),
        Transition(
            nom="completer",
            libelle="Compléter le profil",
            fait="a complété le profil du jeune",
            sources=frozenset({T.PREPARE}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.reservation_tenue),
            audience=PEDAGOGIQUE,
        ),
        Transition(
            nom="transmettre",
            libelle="Envoyer à l'entreprise",
            fait="a envoyé le profil et les créneaux à l'entreprise",
            sources=frozenset({T.PREPARE}),
            cible=T.TRANSMIS,
            roles=TUTEUR,
            gardes=(
                g_positionnements.a_moi,
                g_positionnements.reservation_tenue,
                g_positionnements.profil_present,
                g_positionnements.creneau_a_venir,
                g_positionnements.entreprise_joignable,
            ),
            ouvre=(a.REPONDRE,),
        ),
        Transition(
            nom="voir",
            libelle="Voir la proposition",
            fait="a ouvert la proposition",
            sources=frozenset({T.TRANSMIS}),
            cible=T.VU,
            roles=ENTREPRISE,
            gardes=(g_positionnements.a_moi,),
        ),
        ACCEPTER,
        _recue(
            ACCEPTER,
            "accord_recu",
            "Noter son accord",
            "a noté l'accord de l'entreprise, reçu autrement : la rencontre est fixée",
        ),
        CONTRE_PROPOSER,
        _recue(
            CONTRE_PROPOSER,
            "creneaux_recus",
            "Noter d'autres créneaux",
            "a noté d'autres créneaux donnés par l'entreprise",
        ),
        Transition(
            nom="choisir",
            libelle="Choisir un créneau",
            fait="a choisi un créneau : la rencontre est fixée",
            sources=frozenset({T.CONTRE_PROPOSE}),
            cible=T.RENCONTRE_FIXEE,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi,),
            clot=(a.CHOISIR_CRENEAU, a.REVENIR),
            ouvre=(a.RENDRE_COMPTE,),
        ),
        # The company's clock does not start again because the tutor's slots have passed.
        Transition(
            nom="rafraichir",
            libelle="Remplacer les créneaux",
            fait="a remplacé les créneaux proposés",
            sources=OUVERTS,
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi,),
        ),
        Transition(
            nom="reproposer",
            libelle="Proposer de nouveaux créneaux",
            fait="a proposé de nouveaux créneaux",
            sources=frozenset({T.CONTRE_PROPOSE, T.RENCONTRE_FIXEE}),
            cible=T.TRANSMIS,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi,),
            clot=(a.CHOISIR_CRENEAU, a.RENDRE_COMPTE, a.REVENIR),
            ouvre=(a.REPONDRE,),
        ),
        REFUSER,
        _recue(REFUSER, "refus_recu", "Noter son refus", "a noté le refus de l'entreprise, avec une raison"),
        # The company asks to be called: its clock stops while the tutor owes the call.
        Transition(
            nom="demander_rappel",
            libelle="Être rappelé",
            fait="a demandé à être rappelée",
            sources=OUVERTS,
            cible=None,
            roles=ENTREPRISE,
            gardes=(g_positionnements.a_moi, g_positionnements.pas_deja_un_rappel),
            clot=(*a.SILENCES, a.REVENIR),
            ouvre=(a.RAPPELER, a.REVENIR),
        ),
        Transition(
            nom="noter_rappel",
            libelle="J'ai rappelé l'entreprise",
            fait="a rappelé l'entreprise",
            sources=OUVERTS,
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.rappel_attendu),
            clot=(a.RAPPELER, a.REVENIR),
        ),
        # Within the hour, whoever answered takes it back: one way back for each state that an answer may have left.
        *(
            Transition(
                nom=f"revenir_{avant}",
                libelle="Annuler ma réponse",
                fait="a annulé sa réponse, dans l'heure",
                sources=depuis,
                cible=avant,
                roles=ENTREPRISE,
                gardes=(g_positionnements.a_moi, g_positionnements.reponse_annulable),
                clot=(a.REVENIR, a.RENDRE_COMPTE, a.CHOISIR_CRENEAU),
            )
            for avant, depuis in RETOURS.items()
        ),
        Transition(
            nom="revenir_rappel",
            libelle="Annuler ma demande d'appel",
            fait="a annulé sa demande d'appel, dans l'heure",
            sources=OUVERTS,
            cible=None,
            roles=ENTREPRISE,
            gardes=(g_positionnements.a_moi, g_positionnements.reponse_annulable),
            clot=(a.REVENIR, a.RAPPELER),
        ),
        Transition(
            nom="acter",
            libelle="Prévenir chacun de la réponse",
            fait="a prévenu chacun de la réponse",
            sources=OUVERTS | frozenset({T.CONTRE_PROPOSE, T.RENCONTRE_FIXEE}),
            cible=None,
            roles=SYSTEME,
            gardes=(g_positionnements.reponse_a_acter,),
            clot=(a.REVENIR,),
        ),
        Transition(
            nom="acter_refus",
            libelle="Prévenir le tuteur du refus",
            fait="a prévenu le tuteur du refus : l'offre est libre",
            sources=frozenset({T.REFUSE}),
            cible=None,
            roles=SYSTEME,
            gardes=(g_positionnements.reponse_a_acter,),
            clot=(a.REVENIR,),
            ouvre=(a.ANNONCER,),
        ),
        Transition(
            nom="abandonner",
            libelle="Arrêter la proposition",
            fait="a arrêté la proposition",
            sources=OUVERTS | frozenset({T.PREPARE, T.CONTRE_PROPOSE, T.RENCONTRE_FIXEE}),
            cible=T.ABANDONNE,
            roles=TUTEUR | PILOTES | SYSTEME,
            clot=(a.AGIR_RESERVATION, *a.REPONSE_OBTENUE, a.CHOISIR_CRENEAU, a.RENDRE_COMPTE, a.REVENIR),
        ),
        Transition(
            nom="absence_entreprise",
            libelle="L'entreprise n'est pas venue",
            fait="a noté que l'entreprise n'est pas venue à la rencontre",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=None,
            roles=TUTEUR,
            gardes=(
                g_positionnements.a_moi,
                g_positionnements.rencontre_passee,
                g_positionnements.absence_pas_notee,
            ),
        ),
        Transition(
            nom="absence_jeune",
            libelle="Le jeune n'est pas venu",
            fait="a noté que le jeune n'est pas venu à la rencontre",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=None,
            roles=TUTEUR,
            gardes=(
                g_positionnements.a_moi,
                g_positionnements.rencontre_passee,
                g_positionnements.absence_pas_notee,
            ),
            audience=PEDAGOGIQUE,
        ),
        # Noted by mistake: for some days the tutor says so. To give an account of the meeting never ceased to wait.
        Transition(
            nom="corriger_absence_entreprise",
            libelle="C'était une erreur : l'entreprise est venue",
            fait="a corrigé une erreur : l'entreprise est bien venue à la rencontre",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.absence_corrigible(Role.ENTREPRISE)),
        ),
        Transition(
            nom="corriger_absence_jeune",
            libelle="C'était une erreur : le jeune est venu",
            fait="a corrigé une erreur : le jeune est bien venu à la rencontre",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.absence_corrigible(Role.JEUNE)),
            audience=PEDAGOGIQUE,
        ),
        Transition(
            nom="confirmer",
            libelle="La rencontre a eu lieu : on commence",
            fait="a confirmé le parcours après la rencontre",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=T.CONFIRME,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.rencontre_passee),
            clot=(a.RENDRE_COMPTE, a.REVENIR),
        ),
        # Moved forward by phone, held the same day: the tutor says when, nobody waits for the former hour.
        Transition(
            nom="avancer",
            libelle="La rencontre a eu lieu plus tôt",
            fait="a noté que la rencontre a eu lieu plus tôt que prévu",
            sources=frozenset({T.RENCONTRE_FIXEE}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_positionnements.a_moi, g_positionnements.rencontre_a_venir),
            clot=(a.REVENIR,),
            ouvre=(a.RENDRE_COMPTE,),
        ),
        Transition(
            nom="annoncer",
            libelle="J'en ai parlé avec le jeune",
            fait="a parlé au jeune de la réponse",
            sources=frozenset({T.REFUSE}),
            cible=None,
            roles=TUTEUR,
            gardes=(
                g_positionnements.a_moi,
                g_positionnements.reponse_definitive,
                g_positionnements.pas_encore_annonce,
            ),
            clot=(a.ANNONCER,),
            audience=PEDAGOGIQUE,
        ),
    ),
)
