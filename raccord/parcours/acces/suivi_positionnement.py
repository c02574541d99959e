"""What the screens of a proposal read: waits, milestones, slots, each ready to be shown."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.echeances.acces import attentes_de
from raccord.echeances.attentes import cadre_de
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.parcours.acces.offres import voit_niveau_2
from raccord.parcours.acces.positionnement import papiers
from raccord.parcours.creneaux import conflit, duree, rencontres_du_contact, rencontres_du_tuteur
from raccord.parcours.enums import EtatPositionnement as E
from raccord.parcours.enums import Geste
from raccord.parcours.gardes.positionnements import reponse_annulable
from raccord.parcours.models import Creneau, Offre, Positionnement, Reponse
from raccord.parcours.reponses import courante
from raccord.parcours.workflow import OUVERTS, POSITIONNEMENT
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.parametres import Regle, regle, valeur

MIDI = 12
VERS_LA_RENCONTRE = frozenset({E.RENCONTRE_FIXEE, E.CONFIRME})


def attentes_en_mots(contexte: Contexte, positionnement: Positionnement) -> list[Attente]:
    """Open waits on this proposal (and on the stay that followed): the ladder that everybody sees."""
    attentes = attentes_de(positionnement.pk, contacts=voit_niveau_2(contexte, positionnement.offre))
    for attente in attentes:
        attente.a_moi = attente.utilisateur_id in contexte.tient_lieu_de
    return attentes


def attente_de_reponse(positionnement: Positionnement) -> Attente | None:
    """The company's open clock."""
    return Attente.objects.ouvertes().filter(code="repondre", objet_id=positionnement.pk).first()


def jalons_de(positionnement: Positionnement) -> list[dict[str, str]]:
    """Four steps; those done alone once the proposal is over."""
    etat = positionnement.etat
    envoye = positionnement.transmis_le is not None
    fixee = positionnement.rencontre_le is not None and etat in VERS_LA_RENCONTRE
    arrete = etat in (E.REFUSE, E.ABANDONNE)
    repondu = etat in VERS_LA_RENCONTRE or etat == E.REFUSE
    details = {E.REFUSE: "refus", E.CONTRE_PROPOSE: "autres créneaux proposés"}

    def pas(fait: bool, en_cours: bool) -> str:
        return "fait" if fait else "en_cours" if en_cours and not arrete else "a_venir"

    pas_a_pas = [
        {
            "libelle": "Profil envoyé",
            "etat": pas(envoye, en_cours=True),
            "detail": mots.date_fr(positionnement.transmis_le) if envoye else "",
        },
        {"libelle": "Réponse de l’entreprise", "etat": pas(repondu, envoye), "detail": details.get(E(etat), "")},
        {
            "libelle": "Rencontre",
            "etat": pas(etat == E.CONFIRME, fixee),
            "detail": mots.moment_fr(positionnement.rencontre_le) if fixee else "",
        },
        {"libelle": "Parcours convenu", "etat": pas(etat == E.CONFIRME, en_cours=False), "detail": ""},
    ]
    return [jalon for jalon in pas_a_pas if jalon["etat"] == "fait"] if arrete else pas_a_pas


@dataclass(frozen=True, kw_only=True)
class CreneauEnMots:
    """A slot: when, where, why it can no longer be taken, what to look at before taking it."""

    creneau: Creneau
    refus: str
    avis: str

    @property
    def libelle(self) -> str:
        """The button."""
        jour = mots.date_fr(self.creneau.debut, "jour").rpartition(" ")[0]  # so near, the year is noise
        return f"Je choisis {jour} à {mots.heure_fr(self.creneau.debut)}"

    @property
    def champs(self) -> dict[str, str]:
        """What the button sends."""
        return {"geste": "accepter", "creneau": str(self.creneau.pk)}


def creneaux_en_mots(positionnement: Positionnement, de: str) -> list[CreneauEnMots]:
    """One side's slots, in order; those passed or taken meanwhile say so."""
    creneaux = list(positionnement.creneaux.filter(propose_par=de).order_by("debut"))
    if not creneaux:
        return []
    maintenant, longueur = timezone.now(), duree()
    occupes = rencontres_du_tuteur(positionnement.reservation.tuteur_id, sauf=positionnement.pk)
    offre = positionnement.offre
    du_contact = rencontres_du_contact(offre.referent_id or offre.rrh_id, sauf=positionnement.pk)
    return [
        CreneauEnMots(
            creneau=creneau,
            refus="Ce moment est passé."
            if creneau.debut <= maintenant
            else "Ce moment vient d’être pris."
            if conflit(creneau.debut, occupes, longueur)
            else "",
            avis=_avis(conflit(creneau.debut, du_contact, longueur)),
        )
        for creneau in creneaux
    ]


def _avis(autre: dt.datetime | None) -> str:
    if autre is None:
        return ""
    return f"À vérifier : le contact de l’entreprise a déjà une rencontre à {mots.heure_fr(autre)} ce jour-là."


def refus_de(contexte: Contexte, positionnement: Positionnement, *transitions: str) -> str | None:
    """None when one of these steps is possible, else the words why."""
    refus = [POSITIONNEMENT[nom].refus(contexte, positionnement) for nom in transitions]
    if None in refus:
        return None
    dans_l_etat = [
        str(r) for nom, r in zip(transitions, refus, strict=True) if positionnement.etat in POSITIONNEMENT[nom].sources
    ]
    return dans_l_etat[0] if dans_l_etat else str(refus[0])


def vue_de_l_entreprise(positionnement: Positionnement) -> dict[str, Any]:
    """What the company reads once it has pressed the button, and what the tutor previews: first name and age only."""
    return {
        **essentiel(positionnement),
        "prenom": positionnement.jeune.prenom,
        "presentation": positionnement.presentation,
        "papiers": papiers(positionnement),
    }


def essentiel(positionnement: Positionnement) -> dict[str, Any]:
    """What needs no button: the contract, the age, the missions, the slots, whom to call. Nobody can be recognised."""
    offre = positionnement.offre
    return {
        "positionnement": positionnement,
        "offre": offre,
        "entreprise": offre.entreprise,
        "marche": offre.engagement.marche if offre.engagement else None,
        "age": positionnement.jeune.age(),
        "mlds": positionnement.reservation.organisation,
        "tuteur": positionnement.reservation.tuteur,
        "creneaux": creneaux_en_mots(positionnement, Role.TUTEUR),
        "duree": duree().total_seconds() / 3600,
    }


def creneau_choisi(positionnement: Positionnement, texte: str) -> CreneauEnMots | None:
    """The slot that a link of the message names, while it is still proposed."""
    voulu = identifiant(texte)
    return next((place for place in creneaux_en_mots(positionnement, Role.TUTEUR) if place.creneau.pk == voulu), None)


def autre_creneau(positionnement: Positionnement, texte: str) -> bool:
    """Whether the slot that a link names is another one than the meeting that is fixed."""
    creneau = positionnement.creneaux.filter(pk=identifiant(texte)).first() if texte else None
    return creneau is not None and creneau.debut != positionnement.rencontre_le


def appel_attendu(positionnement: Positionnement) -> Reponse | None:
    """The call that the company asked for, while the tutor owes it."""
    if not Attente.objects.ouvertes().filter(code="rappeler", objet_id=positionnement.pk).exists():
        return None
    return positionnement.reponses.valables().filter(geste=Geste.RAPPELER).first()


@dataclass(frozen=True, kw_only=True)
class Annulation:
    """Whether the answer on the page may be taken back, until when, or the words why not."""

    jusqu_a: dt.datetime
    refus: str


def annulation(contexte: Contexte, positionnement: Positionnement) -> Annulation | None:
    """For whoever answered, and for their colleagues; nothing while there is no answer."""
    reponse = courante(positionnement)
    if reponse is None:
        return None
    refus = reponse_annulable(contexte, positionnement)
    return Annulation(jusqu_a=reponse.annulable_jusqu_a, refus=str(refus or ""))


def prochaine_moitie(positionnement: Positionnement) -> dict[str, Any]:
    """The next half-day on which somebody can be called there: what the form offers first."""
    maintenant, lieu = timezone.localtime(), cadre_de(positionnement).lieu
    if calendrier.est_ouvre(maintenant.date(), lieu) and maintenant.hour < MIDI:
        return {"jour": maintenant.date(), "moitie": "apres_midi"}
    return {"jour": calendrier.ajouter_jours_ouvres(maintenant.date(), 1, lieu), "moitie": "matin"}


def delai_de_reponse() -> Regle:
    """The company's delay, with its source."""
    return regle("delai_reponse_entreprise")


def contact_de(positionnement: Positionnement) -> Contact | None:
    """To whom the proposal goes: first to somebody who receives what we send."""
    return min(contacts_ouverts(positionnement), key=lambda contact: contact.injoignable_le is not None, default=None)


def contacts_ouverts(positionnement: Positionnement) -> list[Contact]:
    """People of the company known for this offer; level 2: for the tutor who holds it alone."""
    offre = positionnement.offre
    return list(dict.fromkeys(contact for contact in (offre.referent, offre.rrh) if contact is not None))


def lieu_habituel(offre: Offre) -> str:
    """The place of work, on one line."""
    return ", ".join(part for part in (offre.adresse, offre.commune.nom) if part)


def semaine_habituelle() -> Any:
    """The most hours a week may hold (parameter heures_hebdo_maximum)."""
    return valeur("heures_hebdo_maximum")


def heures_du_contrat(positionnement: Positionnement) -> dict[str, Any]:
    """What the contract still has to place; nothing for a spontaneous offer."""
    engagement_id = positionnement.offre.engagement_id
    return {
        "a_placer": registre.soldes(engagement_id).a_placer if engagement_id else None,
        "semaine": regle("heures_hebdo_maximum"),
    }


def reponse_attendue(positionnement: Positionnement) -> bool:
    """Whether the company may still answer without undoing an answer."""
    return positionnement.etat in OUVERTS


def identifiant(texte: str) -> UUID:
    """An id sent by a form; a wrong one is nobody's."""
    try:
        return UUID(texte)
    except ValueError:
        return UUID(int=0)
