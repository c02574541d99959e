"""Who receives what may be muted: each one's preferences list their own messages and nobody else's."""

from raccord.comptes.enums import Role
from raccord.comptes.organisations import messages as organisations
from raccord.jeunes import messages as jeunes
from raccord.parcours.messages import bilans, contacts, offres, parcours, reservations
from raccord.parcours.messages import positionnements as p
from raccord.parcours.messages.representants import VERSIONS
from raccord.socle.courrier import destiner

COMPTES = (Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL, Role.ACHETEUR, Role.PARTENAIRE)

for role in COMPTES:
    destiner(
        role,
        organisations.INVITATION_ACCEPTEE,
        organisations.ADMINISTRATEUR_DEMIS,
        organisations.DEMANDE_RETARD,
        organisations.MEMBRE_PARTI,
    )
destiner(
    Role.TUTEUR,
    jeunes.BROUILLON_PERIME,
    jeunes.FICHE_RAPPEL_TUTEUR,
    jeunes.RETRAIT_RETARD,
    bilans.BILAN_VOIX,
    bilans.BILAN_SIGNE_TUTEUR,
    parcours.HEURES_RELAIS,
    parcours.RAPPEL,
    parcours.TRANSFERT_ACCEPTE,
    parcours.TRANSFERT_REFUSE,
    contacts.CONFIRME,
    p.CRENEAUX_ENTREPRISE,
    p.FIXEE_TUTEUR,
    p.RAPPEL_ANNULE,
    p.RAPPEL_EN_RETARD,
    p.RAPPEL_TUTEUR,
    p.REFUS_TUTEUR,
    p.RELAIS,
    p.VEILLE,
    reservations.RESERVATION_FAITE,
)
for role in (Role.COORDONNATEUR, Role.NATIONAL):
    destiner(
        role,
        jeunes.RETRAIT_RETARD,
        offres.OFFRE_DECLAREE_TERRITOIRE,
        offres.OFFRE_EXPIREE,
        offres.OFFRE_PUBLIEE_TERRITOIRE,
        offres.PROPOSITION_A_ETUDIER,
        parcours.CONVENTION_COORDINATION,
        parcours.RETARD,
        parcours.SIGNALEMENT_GRAVE,
        parcours.TRANSFERT_DEMANDE,
        parcours.TRANSFERT_ACCEPTE,
        parcours.TRANSFERT_REFUSE,
        parcours.TRANSFERT_ANNULE,
        parcours.TRANSFERT_SILENCE,
        contacts.RELAIS,
        p.ENVOYE_TERRITOIRE,
        p.RAPPEL_EN_RETARD,
        p.REFUS_TERRITOIRE,
        p.SILENCE_PROGRAMME,
        reservations.RENDUE,
        reservations.RESERVEE,
    )
destiner(
    Role.ACHETEUR,
    bilans.SUITE,
    offres.OFFRE_DECLAREE,
    offres.OFFRE_EXPIREE,
    offres.OFFRE_PUBLIEE,
    offres.OFFRE_SANS_JEUNE,
    p.AVANCEE_ACHETEUR,
    p.ENVOYE_ACHETEUR,
    p.FIXEE_ACHETEUR,
    reservations.RENDUE,
    reservations.RESERVEE,
)
destiner(Role.ENTREPRISE, bilans.SUITE, offres.OFFRE_EXPIREE_ENTREPRISE, p.VEILLE_ENTREPRISE)
destiner(
    Role.JEUNE,
    parcours.ADAPTE_JEUNE,
    parcours.CONVENTION_JEUNE,
    parcours.TUTEUR_CHANGE_JEUNE,
    p.ENVOYE_JEUNE,
    p.FIXEE_JEUNE,
    p.REFUS_JEUNE,
    p.RETARD_JEUNE,
    p.VEILLE_JEUNE,
)
destiner(Role.REPRESENTANT, *VERSIONS.values())
