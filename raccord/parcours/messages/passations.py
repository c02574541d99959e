"""Messages about a portfolio that passes to another tutor: the company and the young person learn who follows now."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from raccord.comptes.models import Utilisateur
from raccord.jeunes.messages import lien_du_jeune
from raccord.jeunes.models import Jeune
from raccord.parcours.messages import parcours as des_parcours
from raccord.parcours.messages import positionnements as des_propositions
from raccord.parcours.messages.parcours import TUTEUR_CHANGE, TUTEUR_CHANGE_JEUNE
from raccord.parcours.models import Parcours, Passation, Positionnement
from raccord.socle.courrier import definir, envoyer

PASSATION = definir("parcours.passation", "Des dossiers vous sont confiés par un collègue", contractuel=True)
PASSATION_FAITE = definir("parcours.passation_faite", "Vos dossiers sont confiés à un collègue", contractuel=True)


def aux_tuteurs(passation: Passation) -> None:
    """The successor, with the way to the note; and the former tutor when somebody else decided."""
    donnees = {
        "mlds": passation.organisation.nom,
        "de": passation.de.nom_complet,
        "vers": passation.vers.nom_complet,
        "nombre": len(passation.jeunes),
        "page": settings.ADRESSE_PUBLIQUE + reverse("parcours:passation", args=[passation.pk]),
    }
    envoyer(PASSATION, [passation.vers.destinataire(passation.organisation_id)], donnees, objet=passation)
    if passation.par_id != passation.de_id:
        envoyer(PASSATION_FAITE, [passation.de.destinataire(passation.organisation_id)], donnees, objet=passation)


def aux_entreprises(suivis: Sequence[Parcours], proposition: Positionnement | None) -> None:
    """Whoever hosts the young person, or has their profile in hands, learns the new tutor's name."""
    for parcours in suivis:
        des_parcours.aux_contacts(TUTEUR_CHANGE, parcours, "parcours.suivi")
    if proposition is not None:
        contacts = des_propositions.contacts_de_l_entreprise(proposition)
        des_propositions.aux_contacts(TUTEUR_CHANGE, proposition, contacts, proposition=True)


def au_jeune(jeune: Jeune, tuteur: Utilisateur, parcours: Parcours | None, proposition: Positionnement | None) -> None:
    """The young person learns it too, by the page of what is under way when there is one."""
    if parcours is not None:
        des_parcours.au_jeune(TUTEUR_CHANGE_JEUNE, parcours)
    elif proposition is not None:
        des_propositions.au_jeune(TUTEUR_CHANGE_JEUNE, proposition)
    else:
        donnees = {
            "tuteur": tuteur.nom_complet,
            "tuteur_telephone": tuteur.telephone,
            "mlds": jeune.organisation.nom,
            "lien": "",
            "lien_dossier": lien_du_jeune(jeune),
        }
        envoyer(TUTEUR_CHANGE_JEUNE, [jeune.destinataire()], donnees, objet=jeune)
