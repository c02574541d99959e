"""Writing about young people: their file, and who opened it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.liens import fermer_ceux_du_representant
from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.jeunes.enums import ROLES_DU_CERCLE
from raccord.jeunes.models import AccesJeune, Jeune, RepresentantLegal
from raccord.socle import calendrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps, ObjetDisparu, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.models import Journal, ObjetSuivi
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.territoires.models import Commune

MAJORITE = 18
ENTRE_DEUX_OUVERTURES = dt.timedelta(hours=1)
MOTIF_ACCES = "suivi par la MLDS qui a ouvert le dossier"
# Who reads, on the timeline, that a file was opened or changed.
CERCLE = ROLES_DU_CERCLE | {Role.JEUNE, Role.REPRESENTANT}


class DejaSuivi(ErreurMetier):
    """Un dossier existe déjà dans votre MLDS à ce nom et à cette date de naissance. Cherchez-le dans la liste."""


class DossierFerme(ObjetDisparu):
    """Ce dossier vient d'être effacé, ou fermé pour vous : rien n'est enregistré. Revenez à la liste des jeunes."""


class RepresentantAbsent(ErreurMetier):
    """Ce jeune est mineur : indiquez au moins un représentant légal, avec son téléphone ou son courriel."""


class RepresentantInjoignable(ErreurMetier):
    """Donnez au moins un téléphone ou un courriel pour ce représentant légal."""


@dataclass(frozen=True, kw_only=True)
class Representant:
    """Somebody who signs for a minor."""

    nom: str
    lien: str
    telephone: str = ""
    courriel: str = ""


@dataclass(frozen=True, kw_only=True)
class Identite:
    """What the file says of the person: what the form gives, what the row keeps."""

    prenom: str
    nom: str
    date_naissance: dt.date
    commune: Commune
    telephone: str = ""
    courriel: str = ""
    etablissement: str = ""
    domaines: Sequence[str] = ()
    heures_souhaitees: int | None = None
    rayon_km: int = 30
    disponible_du: dt.date | None = None
    profil: str = ""
    contraintes: str = ""
    volontaire_le: dt.date


def creer(
    contexte: Contexte,
    *,
    cle: UUID,
    identite: Identite,
    representants: Sequence[Representant] = (),
) -> Jeune:
    """Open a file, granted to the tutor's MLDS. `cle` is the form's own id: sent twice, it makes one file.

    Raises ErreurMetier on the field: age outside the parameters, date in the future, minor without
    representative, already followed here.
    """
    if contexte.role != Role.TUTEUR or not contexte.organisation_id or not contexte.utilisateur_id:
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        # Two sendings of one form, or two tutors on one person, wait for each other here.
        Organisation.objects.select_for_update(no_key=True).get(pk=contexte.organisation_id)
        deja = Jeune.objects.ouverts_a(contexte.organisation_id).filter(pk=cle).first()
        if deja is not None:
            return deja
        verifier_age(identite.date_naissance)
        _verifier(identite, representants)
        _verifier_nouveau(contexte.organisation_id, identite)
        jeune = Jeune(
            pk=cle, organisation_id=contexte.organisation_id, tuteur_id=contexte.utilisateur_id, **_champs(identite)
        )
        jeune.save(force_insert=True)
        # Before the grant: it holds for the base only from the next transaction on, which begins after it.
        _ecrire_representants(jeune, representants)
        AccesJeune.objects.create(jeune=jeune, organisation_id=contexte.organisation_id, motif=MOTIF_ACCES)
        journal.inscrire(contexte, jeune, "jeune.creer", "a ouvert le suivi", audience=CERCLE)
        return jeune


def modifier(
    contexte: Contexte,
    jeune_id: UUID,
    *,
    version_lue: str,
    identite: Identite,
    representants: Sequence[Representant] = (),
) -> Jeune:
    """Change the file; who follows it changes by a hand-over (`parcours`).

    Raises ModifieEntreTemps when somebody saved since it was read; ErreurMetier on a field.
    """
    if contexte.role != Role.TUTEUR:
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        jeune = ou_disparu(
            Jeune.objects.select_for_update(of=("self",), no_key=True)
            .suivis_par(contexte.organisation_id)
            .filter(pk=jeune_id)
        )
        if jeune.modifie_le.isoformat() != version_lue:
            raise ModifieEntreTemps
        if identite.date_naissance != jeune.date_naissance:
            verifier_age(identite.date_naissance)
        _verifier(identite, representants)
        for nom, valeur in _champs(identite).items():
            setattr(jeune, nom, valeur)
        jeune.save()
        _ecrire_representants(jeune, representants)
        journal.inscrire(contexte, jeune, "jeune.modifier", "a mis le dossier à jour", audience=CERCLE)
        return jeune


def tenir(jeune_id: UUID) -> Jeune:
    """The young person, locked: last in the order of locks, before whatever is written in their name.

    An erasure at the same instant waits and then sees it, or came first. Raises DossierFerme.
    """
    jeune = Jeune.objects.select_for_update(of=("self",), no_key=True).filter(pk=jeune_id).first()
    if jeune is None:
        raise DossierFerme
    return jeune


def ouvrir(contexte: Contexte, jeune: Jeune) -> bool:
    """Write that this person opened the confidential file. Returns whether it was written."""
    return noter_ouverture(contexte, jeune, "jeune.ouvrir", "a ouvert le dossier", CERCLE)


def noter_ouverture(contexte: Contexte, objet: ObjetSuivi, verbe: str, texte: str, audience: frozenset[str]) -> bool:
    """Write that this person opened something confidential: once an hour at most. Returns whether it was written."""
    genre, acteur_id = contexte.acteur
    recentes = Journal.objects.filter(
        objet_type=objet._meta.label_lower,
        verbe=verbe,
        objet_id=objet.pk,
        acteur_genre=genre,
        acteur_id=acteur_id,
        le__gt=timezone.now() - ENTRE_DEUX_OUVERTURES,
    )
    if recentes.exists():
        return False
    with transaction.atomic():
        # Two tabs at once write one line: the second waits, then looks again.
        type(objet)._base_manager.select_for_update(no_key=True).filter(pk=objet.pk).first()
        if recentes.exists():
            return False
        journal.inscrire(contexte, objet, verbe, texte, audience=audience)
    return True


def tuteurs_de(organisation_id: UUID) -> Any:
    """Accounts of the MLDS that may follow a young person, by name."""
    adhesions = Adhesion.objects.filter(organisation_id=organisation_id, role=Role.TUTEUR)
    return Utilisateur.objects.filter(pk__in=adhesions.values("utilisateur_id")).order_by("nom", "prenom", "pk")


def verifier_age(naissance: dt.date) -> None:
    """Between the two ages in force today (parameters age_minimum and age_maximum). Raises ErreurMetier in words."""
    aujourdhui = calendrier.aujourdhui()
    champ = "date_naissance"
    if naissance > aujourdhui:
        raise ErreurMetier("Cette date de naissance est dans le futur : vérifiez l'année.", champ=champ)
    age = calendrier.age(naissance, aujourdhui)
    minimum, maximum = regle("age_minimum"), regle("age_maximum")
    if age < minimum.valeur:
        des = calendrier.ajouter(naissance, minimum.valeur, "ans")
        raise ErreurMetier(
            f"À cette date de naissance, ce jeune a {age} ans : un parcours commence à {minimum.valeur} ans. "
            f"Vous pourrez ouvrir son dossier à partir du {des:%d/%m/%Y}. Source : {minimum.source}.",
            champ=champ,
        )
    if age > maximum.valeur:
        raise ErreurMetier(
            f"À cette date de naissance, cette personne a {age} ans : un parcours s'adresse aux jeunes jusqu'à "
            f"{maximum.valeur} ans. La mission locale peut l'accompagner. Source : {maximum.source}.",
            champ=champ,
        )


def _verifier(identite: Identite, representants: Sequence[Representant]) -> None:
    aujourdhui = calendrier.aujourdhui()
    if identite.volontaire_le > aujourdhui:
        raise ErreurMetier("L'accord du jeune ne peut pas être daté dans le futur.", champ="volontaire_le")
    if identite.volontaire_le <= identite.date_naissance:
        raise ErreurMetier("L'accord du jeune est daté d'avant sa naissance : vérifiez.", champ="volontaire_le")
    if calendrier.age(identite.date_naissance, aujourdhui) < MAJORITE and not representants:
        raise RepresentantAbsent(champ="representant_1_nom")
    for rang, representant in enumerate(representants, start=1):
        if not (representant.telephone or representant.courriel):
            raise RepresentantInjoignable(champ=f"representant_{rang}_telephone")


def _verifier_nouveau(organisation_id: UUID, identite: Identite) -> None:
    homonymes = Jeune.objects.ouverts_a(organisation_id).filter(
        nom__iexact=identite.nom, prenom__iexact=identite.prenom, date_naissance=identite.date_naissance
    )
    if homonymes.exists():
        raise DejaSuivi


def _champs(identite: Identite) -> dict[str, Any]:
    valeurs = {champ.name: getattr(identite, champ.name) for champ in fields(identite)}
    return valeurs | {"domaines": list(identite.domaines)}


def _ecrire_representants(jeune: Jeune, representants: Sequence[Representant]) -> None:
    """The same person keeps the same row and the links already sent.

    Gone, or written to at another address, their links are closed.
    """
    restants = list(jeune.representants.order_by("pk"))
    for representant in representants:
        garde = next((r for r in restants if r.nom.casefold() == representant.nom.casefold()), None)
        if garde is None:
            garde = RepresentantLegal(jeune=jeune)
        else:
            restants.remove(garde)
            if garde.courriel != representant.courriel:
                fermer_ceux_du_representant(garde.pk)
        for champ in fields(representant):
            setattr(garde, champ.name, getattr(representant, champ.name))
        garde.save()
    for parti in restants:
        fermer_ceux_du_representant(parti.pk)
        parti.delete()
