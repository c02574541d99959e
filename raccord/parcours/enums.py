"""States and coded words of the heart."""

from django.db import models


class EtatOffre(models.TextChoices):
    """The life of an offer (digest §1.5)."""

    BROUILLON = "brouillon", "brouillon"
    A_CONFIRMER = "a_confirmer", "à confirmer par l'entreprise"
    A_INSTRUIRE = "a_instruire", "proposition spontanée à étudier"
    A_REPRENDRE = "a_reprendre", "suivi commencé dans l'ancien outil"
    PUBLIEE = "publiee", "disponible"
    RESERVEE = "reservee", "en préparation"
    EN_COURS = "en_cours", "en cours"
    CLOSE = "close", "réalisée ou terminée"
    RETIREE = "retiree", "retirée"


class JourSemaine(models.TextChoices):
    """Days of presence, in the order of the week."""

    LUNDI = "lundi", "lundi"
    MARDI = "mardi", "mardi"
    MERCREDI = "mercredi", "mercredi"
    JEUDI = "jeudi", "jeudi"
    VENDREDI = "vendredi", "vendredi"
    SAMEDI = "samedi", "samedi"
    DIMANCHE = "dimanche", "dimanche"


class EtatReservation(models.TextChoices):
    """A reservation holds an offer for one tutor and one young person."""

    ACTIVE = "active", "en cours"
    CADUQUE = "caduque", "tombée faute d'action"
    LEVEE = "levee", "levée"
    HONOREE = "honoree", "suivie d'un parcours"


class EtatPositionnement(models.TextChoices):
    """A young person proposed to a company."""

    PREPARE = "prepare", "en préparation"
    TRANSMIS = "transmis", "envoyée à l'entreprise"
    VU = "vu", "vue par l'entreprise"
    CONTRE_PROPOSE = "contre_propose", "autres créneaux proposés"
    RENCONTRE_FIXEE = "rencontre_fixee", "rencontre fixée"
    CONFIRME = "confirme", "confirmée"
    REFUSE = "refuse", "refusée par l'entreprise"
    ABANDONNE = "abandonne", "abandonnée"


class EtatParcours(models.TextChoices):
    """A stay in a company."""

    CONVENTION_A_SIGNER = "convention_a_signer", "convention à signer"
    A_VENIR = "a_venir", "à venir"
    EN_COURS = "en_cours", "en cours"
    INTERROMPU = "interrompu", "interrompu"
    TERMINE = "termine", "terminé, bilan à écrire"
    BILAN_SIGNE = "bilan_signe", "bilan signé"
    SUITE_CONNUE = "suite_connue", "suite connue"
    ANNULE = "annule", "non commencé"


ETATS_PARCOURS_OUVERTS = (
    EtatParcours.CONVENTION_A_SIGNER,
    EtatParcours.A_VENIR,
    EtatParcours.EN_COURS,
)


class EtatTransfert(models.TextChoices):
    """A parcours handed over to another territory."""

    DEMANDE = "demande", "demandé"
    ACCEPTE = "accepte", "accepté"
    REFUSE = "refuse", "refusé"
    ANNULE = "annule", "annulé"


class QualiteContact(models.TextChoices):
    """What a contact is to an offer."""

    REFERENT = "referent", "référent du parcours (tuteur dans l'entreprise)"
    RRH = "rrh", "ressources humaines"
    SECOND = "second", "second contact"


class Geste(models.TextChoices):
    """What a company answers to a proposal: the name of the transition."""

    ACCEPTER = "accepter", "un créneau est choisi"
    CONTRE_PROPOSER = "contre_proposer", "d'autres créneaux sont proposés"
    RAPPELER = "demander_rappel", "un appel est demandé"
    REFUSER = "refuser", "l'entreprise dit non"


class MotifRefus(models.TextChoices):
    """Why a company says no; words are asked as well."""

    PAS_D_ENCADRANT = "pas_d_encadrant", "personne pour encadrer à ces dates"
    DATES = "dates", "les dates ne conviennent pas"
    ACTIVITE = "activite", "plus d'activité correspondant à l'offre"
    PROJET = "projet", "le projet du jeune ne correspond pas aux missions"
    SECURITE = "securite", "conditions de sécurité non réunies"
    AUTRE = "autre", "autre raison"


class IssueAppel(models.TextChoices):
    """What came of a call."""

    REPONDU = "repondu", "quelqu'un a répondu"
    MESSAGERIE = "messagerie", "messagerie ou pas de réponse"
    FAUX_NUMERO = "faux_numero", "mauvais numéro, ou la personne n'est plus là"
    RAPPELLE = "rappelle", "on nous rappelle"


class IssueRun(models.TextChoices):
    """What came of a file in a session."""

    REPONDU = IssueAppel.REPONDU.value, "quelqu'un a répondu"
    MESSAGERIE = IssueAppel.MESSAGERIE.value, "messagerie"
    FAUX_NUMERO = IssueAppel.FAUX_NUMERO.value, "mauvais numéro"
    RAPPELLE = IssueAppel.RAPPELLE.value, "on nous rappelle"
    REPONSE = "reponse", "réponse notée"
    PAUSE = "pause", "rappels en pause"
    PASSE = "passe", "passé"


class Moyen(models.TextChoices):
    """How an answer came, when it did not come by the link."""

    TELEPHONE = "telephone", "par téléphone"
    COURRIEL = "courriel", "par courriel"
    SUR_PLACE = "sur_place", "de vive voix"


class MotifAbandon(models.TextChoices):
    """Why a proposal stops on the young person's side."""

    JEUNE_RENONCE = "jeune_renonce", "le jeune ne souhaite plus venir"
    AUTRE_SOLUTION = "autre_solution", "le jeune a trouvé une autre solution"
    INJOIGNABLE = "injoignable", "le jeune n'est plus joignable"
    ENTREPRISE_SILENCIEUSE = "entreprise_silencieuse", "l'entreprise n'a pas répondu"
    RENCONTRE_SANS_SUITE = "rencontre_sans_suite", "la rencontre n'a pas abouti"
    AUTRE = "autre", "autre raison"


class MotifInterruption(models.TextChoices):
    """Why a stay stops before its end (digest §1.1)."""

    ABSENCES = "absences", "absences répétées"
    PROJET = "projet", "projet professionnel non conforme"
    ACCUEIL = "accueil", "conditions d'accueil"
    AUTRE_SOLUTION = "autre_solution", "reprise d'études ou contrat trouvé"
    SANTE = "sante", "raison personnelle"
    AUTRE = "autre", "autre raison"


class Suite(models.TextChoices):
    """What comes after: the exit codes seen since 2012 (digest §1.1, seed 002)."""

    REPRISE_SCOLARITE = "reprise_scolarite", "reprise de scolarité"
    PROJET_ETABLI = "projet_etabli", "projet professionnel établi"
    APPRENTISSAGE = "apprentissage", "contrat d'apprentissage"
    NOUVELLE_ACTION = "nouvelle_action", "nouvelle action avec la MLDS"
    RQTH = "rqth", "reconnaissance de la qualité de travailleur handicapé"
    INTERRUPTION_ABSENCES = "interruption_absences", "interruption : absences"
    INTERRUPTION_PROJET = "interruption_projet", "interruption : projet non conforme"
    ECHEC = "echec", "échec"
    NON_COMMENCE = "non_commence", "parcours non commencé"
    PREPARATION = "preparation", "préparation de deux semaines en entreprise"
    EMPLOI = "emploi", "emploi"
    AUTRE = "autre", "autre suite"


# What may be said of a young person's next step outside the MLDS: neither health nor a setback is anybody's news.
SUITES_DITES = (
    Suite.REPRISE_SCOLARITE,
    Suite.PROJET_ETABLI,
    Suite.APPRENTISSAGE,
    Suite.NOUVELLE_ACTION,
    Suite.EMPLOI,
)


class NatureSignalement(models.TextChoices):
    """What somebody says the same day during a stay (digest §1.7)."""

    ABSENCE = "absence", "une absence"
    RETARD = "retard", "un retard"
    INCIDENT = "incident", "un incident ou une difficulté"
    ACCUEIL = "accueil", "un problème d'accueil dans l'entreprise"


class Accord(models.TextChoices):
    """What the young person thinks of the bilan."""

    OUI = "oui", "d'accord"
    EN_PARTIE = "en_partie", "en partie d'accord"
    NON = "non", "pas d'accord"


class Niveau(models.TextChoices):
    """How far a skill has come."""

    ACQUIS = "acquis", "acquis"
    EN_COURS = "en_cours", "en cours d'acquisition"
    NON_ACQUIS = "non_acquis", "pas encore acquis"


class Competence(models.TextChoices):
    """The bilan's grid: savoir-être and savoir-faire that any trade shows. The grid is ours (digest §1.4)."""

    PONCTUALITE = "ponctualite", "arriver à l'heure et prévenir en cas d'absence"
    CONSIGNES = "consignes", "écouter et suivre une consigne"
    SECURITE = "securite", "respecter les règles de sécurité et d'hygiène"
    EQUIPE = "equipe", "travailler avec les autres"
    COMMUNICATION = "communication", "parler avec l'équipe, les clients ou le public"
    AUTONOMIE = "autonomie", "faire une tâche connue sans aide"
    INITIATIVE = "initiative", "proposer, poser des questions, s'intéresser"
    GESTES = "gestes", "réaliser les gestes du métier"
    OUTILS = "outils", "utiliser les outils et le matériel"
    ORGANISATION = "organisation", "préparer et ranger son travail"


class Objectif(models.TextChoices):
    """What a length is for: 150 discover, 300 build, 450 confirm, 900 the three (digest §1.3)."""

    DECOUVRIR = "150", "découvrir un métier et l'entreprise"
    CONSTRUIRE = "300", "construire un projet"
    CONFIRMER = "450", "confirmer un projet"
    TOUT = "900", "découvrir, construire et confirmer"
