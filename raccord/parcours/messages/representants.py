"""What the legal representatives of a minor are told: the news of the young person, in words meant for a parent.

One function, called by whoever writes to the young person. By mail alone, with a link of their own that only reads;
nobody is written to once the young person is 18. Nothing in these messages names anybody but the tutor.
"""

from typing import Any

from raccord.comptes import liens
from raccord.jeunes.messages import lien_du_parent
from raccord.jeunes.models import Jeune
from raccord.socle.courrier import TypeMessage, definir, envoyer
from raccord.socle.models import ObjetSuivi


def _definir(evenement: str, description: str, *, a_l_heure: bool = False) -> TypeMessage:
    return definir(f"parcours.{evenement}_representant", description, a_l_heure=a_l_heure)


# What goes to the young person, and its parent's version.
VERSIONS = {
    "parcours.profil_jeune": _definir("profil", "Profil envoyé à une entreprise"),
    "parcours.rencontre_jeune": _definir("rencontre", "Rencontre fixée"),
    "parcours.rencontre_annulee_jeune": _definir("rencontre_annulee", "Rencontre annulée ou déplacée"),
    "parcours.rencontre_demain_jeune": _definir(
        "rencontre_demain", "Rappel de la rencontre, la veille", a_l_heure=True
    ),
    "parcours.refus_jeune": _definir("refus", "Réponse négative de l'entreprise"),
    "parcours.reportee_jeune": _definir("reportee", "Rencontre qui change de date"),
    "parcours.retard_jeune": _definir("retard_reponse", "Réponse de l'entreprise qui tarde"),
    "parcours.convention_jeune": _definir("convention", "Convention signée : le premier jour"),
    "parcours.adapte_jeune": _definir("adapte", "Parcours adapté"),
    "parcours.tuteur_change_jeune": _definir("tuteur_change", "Nouveau tuteur MLDS"),
    "parcours.bilan_jeune": _definir("bilan", "Bilan remis au jeune"),
    "parcours.bilan_rouvert": _definir("bilan_rouvert", "Bilan rouvert"),
    "parcours.bilan_signe_jeune": _definir("bilan_signe", "Bilan signé"),
}


def aux_representants(type_message: TypeMessage, jeune: Jeune, donnees: dict[str, Any], objet: ObjetSuivi) -> None:
    """The parent's version of a message to the young person, to each representative who has an address."""
    for representant in jeune.representants.select_related("jeune").order_by("pk"):
        destinataire = representant.destinataire()
        if destinataire.joignable:
            adresse = liens.creer_pour_representant("parcours.representant", objet.pk, representant.pk)
            lu = donnees | {"lien": adresse, "lien_dossier": lien_du_parent(representant)}
            envoyer(VERSIONS[type_message.code], [destinataire], lu, objet=objet)
