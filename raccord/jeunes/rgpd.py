"""Personal data of young people and of those who sign for them."""

from django.db.models import Q, QuerySet

from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune, RepresentantLegal
from raccord.socle.donnees_personnelles import (
    BaseLegale,
    Personne,
    Sort,
    Sujet,
    Traitement,
    neutre,
    obstacle,
    personnel,
    renumeroter,
)
from raccord.territoires.models import Commune

SUIVI = Traitement(
    titre="Suivre un jeune vers un parcours en entreprise",
    finalite="Chercher avec lui une offre qui lui convient, le joindre, préparer son entrée dans l’entreprise.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="La MLDS qui le suit. L’entreprise lit le prénom, l’âge et le profil, le temps de la proposition et du "
    "parcours. L’acheteur, les coordonnateurs et l’équipe nationale lisent l’âge.",
)
SIGNATAIRES = Traitement(
    titre="Joindre qui signe pour un mineur",
    finalite="Faire signer la convention, donner des nouvelles du jeune à ses représentants légaux jusqu’à ses 18 ans.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="La MLDS qui suit le jeune.",
)
CERCLE = Traitement(
    titre="Dire qui peut ouvrir le dossier",
    finalite="N’ouvrir le dossier qu’aux organisations qui l’accompagnent, avec une raison et une date.",
    base=BaseLegale.MISSION,
    duree="conservation_jeune",
    depuis="après la dernière activité du jeune ou de son tuteur",
    lecteurs="La MLDS qui suit le jeune, et le jeune.",
)


def _anonymiser(lignes: "QuerySet[Jeune]", sujet: Sujet) -> None:
    """A year, a département: what counts stays. Another id, so that nothing kept elsewhere leads here."""
    jeune = lignes.select_related("commune").get()
    meme_departement = Commune.objects.using(lignes.db).filter(departement=jeune.commune.departement_id)
    lignes.update(
        prenom="",
        nom="",
        date_naissance=jeune.date_naissance.replace(month=1, day=1),
        commune=meme_departement.order_by("-population", "code").first(),
        telephone="",
        courriel="",
        etablissement="",
        domaines=[],
        heures_souhaitees=None,
        rayon_km=Jeune._meta.get_field("rayon_km").default,
        disponible_du=None,
        profil="",
        contraintes="",
        volontaire_le=jeune.volontaire_le.replace(month=1, day=1),
    )
    renumeroter(Jeune, sujet, lignes.db)


personnel(
    Jeune,
    "prenom nom date_naissance commune telephone courriel etablissement domaines heures_souhaitees rayon_km "
    "disponible_du profil contraintes volontaire_le organisation tuteur cree_le",
    de=Personne.JEUNE,
    pour=SUIVI,
    ou="pk",
    sort=Sort.ANONYMISER,
    faire=_anonymiser,
)
neutre(Jeune, "id modifie_le")
personnel(
    RepresentantLegal,
    "nom lien telephone courriel",
    de=Personne.REPRESENTANT,
    pour=SIGNATAIRES,
    ou="jeune",
    sort=Sort.SUPPRIMER,
)
# The same row is theirs too: they take their own copy of it.
personnel(
    RepresentantLegal,
    "nom lien telephone courriel",
    de=Personne.REPRESENTANT,
    pour=SIGNATAIRES,
    ou="pk",
    sort=Sort.SUPPRIMER,
)
neutre(RepresentantLegal, "id jeune")
personnel(
    AccesJeune,
    "organisation motif debut fin revoque_le motif_retrait",
    de=Personne.JEUNE,
    pour=CERCLE,
    ou="jeune",
    sort=Sort.SUPPRIMER,
)
neutre(AccesJeune, "id jeune")
personnel(
    DemandeRetrait,
    "etat acces demande_par reponse repondu_le cree_le",
    de=Personne.JEUNE,
    pour=CERCLE,
    ou="jeune",
    sort=Sort.SUPPRIMER,
)
neutre(DemandeRetrait, "id jeune modifie_le")
CONTEXTE = Traitement(
    titre="Garder ce que le jeune veut dire de lui",
    finalite="Montrer « ce qui m’aide » et « ce qui est à éviter » à ceux qu’il choisit, tant qu’il le veut.",
    base=BaseLegale.MISSION,
    duree="validite_fiche_contexte",
    depuis="après l’approbation du jeune, qui la retire quand il veut",
    lecteurs="Le jeune et la MLDS qui le suit ; le tuteur dans l’entreprise, si le jeune le veut, pendant le parcours.",
)
personnel(
    FicheContexte,
    "etat aide_scelle eviter_scelle lecteurs approuvee_le expire_le cree_le",
    de=Personne.JEUNE,
    pour=CONTEXTE,
    ou="jeune",
    sort=Sort.SUPPRIMER,
)
neutre(FicheContexte, "id jeune modifie_le")


@obstacle(Personne.UTILISATEUR)
def _suit_des_jeunes(sujet: Sujet, porte: str) -> str | None:
    suivis = Jeune.objects.using(porte).filter(Q(tuteur=sujet.id) & ~Q(nom=""))
    return "Cette personne suit des jeunes : confiez d’abord leurs dossiers à un collègue." if suivis.exists() else None
