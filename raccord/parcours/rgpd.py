"""Personal data of the heart: what is said of a young person, and who speaks for the company."""

from django.db.models import Model, Q

from raccord.comptes.rgpd import CONTACT
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatOffre, EtatReservation
from raccord.parcours.models import (
    Adaptation,
    AdresseAgenda,
    Bilan,
    Creneau,
    DossierRun,
    Evaluation,
    FicheEntreprise,
    Mot,
    Offre,
    Parcours,
    Passation,
    Positionnement,
    RendezVous,
    Reponse,
    Reservation,
    Run,
    Semaine,
    Signalement,
    Transfert,
    Voix,
)
from raccord.socle.donnees_personnelles import (
    BaseLegale,
    Personne,
    Sort,
    Sujet,
    Traitement,
    neutre,
    obstacle,
    personnel,
    remplace_dans,
)

PROPOSITION = Traitement(
    titre="Proposer un jeune à une entreprise",
    finalite="Envoyer le profil que le jeune a préparé, fixer une rencontre, garder la réponse.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="La MLDS qui suit le jeune ; l’entreprise, le temps de la proposition. L’acheteur et les coordonnateurs "
    "lisent où elle en est, sans le nom.",
)
SEJOUR = Traitement(
    titre="Suivre le parcours dans l’entreprise",
    finalite="Convenir des missions, des jours et des heures ; réagir à une absence ; compter les heures faites.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="La MLDS qui suit le jeune, l’entreprise, le jeune. L’acheteur lit heures et missions, sans le nom.",
)
BILAN = Traitement(
    titre="Écrire le bilan à trois voix",
    finalite="Reconnaître ce que le jeune a fait et appris, préparer la suite.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="Le jeune, son tuteur, l’entreprise. L’acheteur lit le déroulement et les heures, sans le nom.",
)
EXECUTION = Traitement(
    titre="Prouver que la clause a été exécutée",
    finalite="Garder les dates et les heures qui prouvent à l’acheteur que le contrat est tenu.",
    base=BaseLegale.OBLIGATION,
    duree="conservation_jeune",
    depuis="après la dernière activité ; les dates et les heures restent ensuite sans personne derrière",
    lecteurs="L’acheteur, l’entreprise, la MLDS, les coordonnateurs, l’équipe nationale.",
)


def _du_jeune(modele: type[Model], champs: str, pour: Traitement, chemin: str, sort: Sort) -> None:
    personnel(modele, champs, de=Personne.JEUNE, pour=pour, ou=chemin, sort=sort)


_du_jeune(Reservation, "etat offre cree_le", PROPOSITION, "jeune", Sort.GARDER)
neutre(Reservation, "id modifie_le jeune organisation")
_du_jeune(
    Positionnement,
    "presentation rencontre_lieu precisions_refus precisions_abandon",
    PROPOSITION,
    "reservation__jeune",
    Sort.MASQUER,
)
_du_jeune(
    Positionnement,
    "etat transmis_le rencontre_le motif_refus motif_abandon absence annonce_le",
    PROPOSITION,
    "reservation__jeune",
    Sort.GARDER,
)
neutre(Positionnement, "id cree_le modifie_le reservation")
_du_jeune(Creneau, "debut propose_par lieu", PROPOSITION, "positionnement__reservation__jeune", Sort.SUPPRIMER)
neutre(Creneau, "id positionnement")
_du_jeune(Reponse, "geste donnee_le avant", PROPOSITION, "positionnement__reservation__jeune", Sort.SUPPRIMER)
neutre(Reponse, "id positionnement rang annulable_jusqu_a annulee_le actee_le")
_du_jeune(
    RendezVous, "dossier debut fin lieu annule_le", PROPOSITION, "positionnement__reservation__jeune", Sort.SUPPRIMER
)
neutre(RendezVous, "id positionnement offre tuteur numero contacts change_le annonce_le rappele")
personnel(
    AdresseAgenda,
    "cree_le",
    de=Personne.UTILISATEUR,
    pour=PROPOSITION,
    ou="utilisateur",
    sort=Sort.SUPPRIMER,
)
neutre(AdresseAgenda, "id modifie_le utilisateur empreinte")
_du_jeune(Parcours, "missions horaires lieu precisions_interruption suite_precisions", SEJOUR, "jeune", Sort.MASQUER)
_du_jeune(Parcours, "jours arrivee depart pause", SEJOUR, "jeune", Sort.VIDER)
_du_jeune(
    Parcours,
    "etat offre debut fin heures_prevues heures_hebdo convention_signee_le arrete_le motif_interruption "
    "place_rendue_le suite suite_le",
    EXECUTION,
    "jeune",
    Sort.GARDER,
)
neutre(Parcours, "id cree_le modifie_le positionnement jeune organisation")
_du_jeune(Semaine, "absences", SEJOUR, "parcours__jeune", Sort.MASQUER)
_du_jeune(Semaine, "lundi heures", EXECUTION, "parcours__jeune", Sort.GARDER)
neutre(Semaine, "id cree_le modifie_le parcours saisie_par")
_du_jeune(Adaptation, "motif presence_avant presence_apres", SEJOUR, "parcours__jeune", Sort.MASQUER)
_du_jeune(
    Adaptation,
    "le fin_avant fin_apres heures_hebdo_avant heures_hebdo_apres",
    EXECUTION,
    "parcours__jeune",
    Sort.GARDER,
)
neutre(Adaptation, "id parcours")
_du_jeune(Signalement, "texte reponse", SEJOUR, "parcours__jeune", Sort.MASQUER)
_du_jeune(Signalement, "nature jour signale_par traite_le", SEJOUR, "parcours__jeune", Sort.GARDER)
neutre(Signalement, "id cree_le modifie_le parcours acheteur_prevenu_le")
_du_jeune(Transfert, "motif reponse", SEJOUR, "parcours__jeune", Sort.MASQUER)
_du_jeune(Transfert, "etat depuis vers", SEJOUR, "parcours__jeune", Sort.GARDER)
neutre(Transfert, "id cree_le modifie_le parcours")
# A hand-over note may speak of each of the young people it names.
personnel(
    Passation,
    "note",
    de=Personne.JEUNE,
    pour=SEJOUR,
    ou=lambda sujet: Q(jeunes__contains=[sujet.id]),
    sort=Sort.MASQUER,
    exporte=False,
)
personnel(
    Passation,
    "jeunes",
    de=Personne.JEUNE,
    pour=SEJOUR,
    ou=lambda sujet: Q(jeunes__contains=[sujet.id]),
    sort=Sort.DETACHER,
    faire=lambda lignes, sujet: lignes.update(jeunes=remplace_dans("jeunes", sujet)),
    exporte=False,
)
neutre(Passation, "id organisation de vers par lue_le cree_le modifie_le")
_du_jeune(Bilan, "deroulement perspectives", BILAN, "parcours__jeune", Sort.MASQUER)
_du_jeune(Bilan, "signe_le", BILAN, "parcours__jeune", Sort.GARDER)
neutre(Bilan, "id cree_le modifie_le parcours version")
_du_jeune(Voix, "texte non_recueillie", BILAN, "bilan__parcours__jeune", Sort.MASQUER)
_du_jeune(Voix, "auteur accord signee_le", BILAN, "bilan__parcours__jeune", Sort.GARDER)
neutre(Voix, "id bilan")
_du_jeune(Evaluation, "competence niveau", BILAN, "bilan__parcours__jeune", Sort.SUPPRIMER)
neutre(Evaluation, "id bilan")

# --- Professionals ---------------------------------------------------------------------------------


def _du_tuteur(modele: type[Model]) -> None:
    personnel(
        modele,
        "tuteur",
        de=Personne.UTILISATEUR,
        pour=SEJOUR,
        ou=lambda sujet: Q(tuteur=sujet.id),
        sort=Sort.GARDER,
        exporte=False,
    )


_du_tuteur(Reservation)
_du_tuteur(Parcours)


def _du_contact(modele: type[Model], champ: str) -> None:
    personnel(
        modele,
        champ,
        de=Personne.CONTACT,
        pour=CONTACT,
        ou=lambda sujet: Q(**{champ: sujet.id}),
        sort=Sort.DETACHER,
        exporte=False,
    )


_du_contact(Parcours, "referent")
_du_contact(Offre, "referent")
_du_contact(Offre, "rrh")
_du_contact(FicheEntreprise, "confirmee_par")
_du_contact(Reponse, "contact")
personnel(
    Reponse,
    "rappel_telephone",
    de=Personne.CONTACT,
    pour=CONTACT,
    ou=lambda sujet: Q(contact=sujet.id),
    sort=Sort.VIDER,
)
neutre(Reponse, "rappel_debut rappel_fin")


personnel(
    FicheEntreprise,
    "referent_anciennete referent_experience referent_motivation",
    de=Personne.CONTACT,
    pour=CONTACT,
    ou=lambda sujet: Q(offre__referent=sujet.id),
    sort=Sort.VIDER,
)
neutre(
    FicheEntreprise,
    "id cree_le modifie_le offre version livret_accueil poste_travail tickets_restaurant transport tenue taches "
    "taches_deplacement activite effectif culture confirmee_le",
)
neutre(
    Offre,
    "id cree_le modifie_le etat engagement entreprise intitule domaines missions remarque heures heures_restantes "
    "adresse commune code_departement date_debut date_fin prete_le publiee_le motif_retrait cle_import "
    "texte_recherche recherche",
)
neutre(Mot)
personnel(
    Run,
    "utilisateur cree_le clos_le",
    de=Personne.UTILISATEUR,
    pour=CONTACT,
    ou="utilisateur",
    sort=Sort.SUPPRIMER,
)
neutre(Run, "id modifie_le organisation perimetre en_cours")
neutre(DossierRun)

# --- What must end first ---------------------------------------------------------------------------

OFFRES_VIVANTES = (EtatOffre.A_CONFIRMER, EtatOffre.PUBLIEE, EtatOffre.RESERVEE, EtatOffre.EN_COURS)


@obstacle(Personne.JEUNE)
def _parcours_ouvert(sujet: Sujet, porte: str) -> str | None:
    ouverts = Parcours.objects.using(porte).filter(jeune=sujet.id, etat__in=ETATS_PARCOURS_OUVERTS)
    return (
        "Un parcours est ouvert : terminez-le ou interrompez-le avant d’effacer ce dossier."
        if ouverts.exists()
        else None
    )


@obstacle(Personne.JEUNE)
def _offre_reservee(sujet: Sujet, porte: str) -> str | None:
    tenues = Reservation.objects.using(porte).filter(jeune=sujet.id, etat=EtatReservation.ACTIVE)
    return "Une offre est réservée pour ce jeune : rendez-la avant d’effacer ce dossier." if tenues.exists() else None


@obstacle(Personne.CONTACT)
def _parle_d_une_offre(sujet: Sujet, porte: str) -> str | None:
    offres = Offre.objects.using(porte).filter(Q(referent=sujet.id) | Q(rrh=sujet.id), etat__in=OFFRES_VIVANTES)
    if offres.exists():
        return "Cette personne est le contact d’une offre ouverte : confiez-la d’abord à un collègue."
    return None


@obstacle(Personne.UTILISATEUR)
def _suit_un_parcours(sujet: Sujet, porte: str) -> str | None:
    parcours = Parcours.objects.using(porte).filter(tuteur=sujet.id, etat__in=ETATS_PARCOURS_OUVERTS)
    tenues = Reservation.objects.using(porte).filter(tuteur=sujet.id, etat=EtatReservation.ACTIVE)
    if parcours.exists() or tenues.exists():
        return "Cette personne suit un parcours ou tient une offre : confiez-les d’abord à un collègue."
    return None
