"""Links about parcours: the company's follow-up, the young person's page."""

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.jeunes.acces import representant_du
from raccord.jeunes.models import Jeune
from raccord.parcours.actions.parcours import suivre_le_collegue
from raccord.parcours.views.liens_parcours import jeune, suivi
from raccord.parcours.views.liens_representant import representant
from raccord.socle.courrier import Destinataire

ACTIONS_DE_L_ENTREPRISE = ("parcours.suivi", "parcours.bilan_entreprise")


def destinataire_jeune(lien: LienAction) -> Destinataire:
    """Where a young person's link is sent again."""
    trouve = Jeune.objects.filter(pk=lien.jeune_id).first() if lien.jeune_id else None
    return trouve.destinataire() if trouve else Destinataire()


def destinataire_representant(lien: LienAction) -> Destinataire:
    """Where a legal representative's link is sent again, while the young person is a minor."""
    trouve = representant_du(lien)
    return trouve.destinataire() if trouve else Destinataire()


def confier_le_parcours(lien: LienAction, ancien: Contact, nouveau: Contact) -> None:
    """The colleague named by « ce n’est pas moi » becomes the company's tutor of the stay."""
    if lien.action in ACTIONS_DE_L_ENTREPRISE:
        suivre_le_collegue(liens.contexte_du(lien), lien.objet_id, ancien.pk, nouveau.pk)


liens.definir("parcours.suivi", "Suivre le parcours : heures, absences", suivi)
liens.definir("parcours.jeune", "Votre parcours, pas à pas", jeune, destinataire_jeune)
liens.definir(
    "parcours.representant", "Le parcours, pour un représentant légal", representant, destinataire_representant
)
if confier_le_parcours not in liens.APRES_CONFIE:
    liens.APRES_CONFIE.append(confier_le_parcours)
