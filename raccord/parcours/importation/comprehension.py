"""From a line of cells to a `Fiche`: everything needed to write it, and everything to be said of it."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from raccord.comptes.enums import Domaine, TypeAcheteur
from raccord.parcours.importation import valeurs
from raccord.parcours.importation.colonnes import SANS_PLACE, Colonne, cle_texte
from raccord.parcours.importation.lecture import Ligne
from raccord.parcours.importation.rapport import Constat, Niveau
from raccord.socle import calendrier
from raccord.socle.parametres import regle
from raccord.territoires.models import Commune
from raccord.territoires.noms import normaliser
from raccord.territoires.recherche import Issue as IssueCommune
from raccord.territoires.recherche import commune_depuis_saisie

T = TypeVar("T")
VIDE = "Cette cellule est vide, elle est nécessaire."
_RUE_CODE_VILLE = re.compile(r"(.*\S)[\s,]+\d{5}\s+\D+")


class Rejet(Exception):
    """The line cannot be imported; its findings are already noted."""


@dataclass
class Releve:
    """A line being read, and what is to be said of it."""

    ligne: Ligne
    constats: list[Constat] = field(default_factory=list)

    def noter(self, niveau: Niveau, raison: str, colonne: Colonne | None = None) -> None:
        """One more finding."""
        self.constats.append(
            Constat(
                ligne=self.ligne.numero,
                niveau=niveau,
                raison=raison,
                colonne=colonne.value if colonne else "",
                valeur=self.ligne[colonne] if colonne else "",
            )
        )

    def essayer(self, colonne: Colonne, lire: Callable[[str], T], niveau: Niveau = Niveau.REJET) -> T | None:
        """The cell's value, or None with a finding."""
        try:
            return lire(valeurs.lire_texte(self.ligne[colonne]))
        except valeurs.Illisible as erreur:
            self.noter(niveau, str(erreur), colonne)
            return None

    def texte(self, colonne: Colonne, longueur: int, *, obligatoire: bool = False, lignes: bool = False) -> str:
        """A text within the bound, shortened with a finding when it is longer."""
        texte = self.essayer(colonne, str if lignes else valeurs.en_ligne)
        if obligatoire and texte == "":
            self.noter(Niveau.REJET, VIDE, colonne)
        if texte and len(texte) > longueur:
            self.noter(Niveau.DOUTE, f"Texte raccourci à {longueur} caractères.", colonne)
        return raccourcir(texte or "", longueur)

    def nom(self, colonne: Colonne) -> str:
        """A mandatory name: too long, it is refused, since a shortened name would be another name."""
        nom = self.essayer(colonne, valeurs.en_ligne)
        if nom == "":
            self.noter(Niveau.REJET, VIDE, colonne)
        if nom and len(nom) > LONGUEUR_NOM:
            self.noter(Niveau.REJET, f"Ce nom dépasse {LONGUEUR_NOM} caractères.", colonne)
        return nom or ""

    @property
    def rejetee(self) -> bool:
        """Whether something forbids the import."""
        return any(constat.niveau is Niveau.REJET for constat in self.constats)


LONGUEUR_NOM = 200
LONGUEUR_ADRESSE = 250


@dataclass(frozen=True, kw_only=True)
class Personne:
    """A contact that can be written."""

    nom: str
    fonction: str
    courriel: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class Periode:
    """The dates of the contract, in order."""

    notification: dt.date
    fin_clause: dt.date
    fin_reconduction: dt.date


@dataclass(frozen=True, kw_only=True)
class Lieu:
    """Where the stay takes place."""

    commune: Commune
    rue: str


@dataclass(frozen=True, kw_only=True)
class Fiche:
    """A line understood."""

    etat: str
    heures: int
    periode: Periode
    cree_le: dt.date | None
    lieu: Lieu
    domaines: list[str]
    missions: str
    remarque: str
    objet: str
    objet_detaille: str
    acheteur: str
    type_acheteur: str
    contact_acheteur: Personne | None
    entreprise: str
    secteur: str
    site: str
    referent: Personne | None
    second: Personne | None
    referent_mlds: str


def raccourcir(texte: str, longueur: int) -> str:
    """The text, cut with '…' when it is longer."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"


def comprendre(releve: Releve) -> Fiche:
    """Read every cell, noting everything that is wrong, so that one reading of the report is enough.

    Raises Rejet when the line cannot be imported.
    """
    if releve.ligne.en_trop:
        releve.noter(
            Niveau.REJET,
            f"Cellules en trop à droite (« {releve.ligne.en_trop} ») : un texte contient sans doute un séparateur "
            "non protégé par des guillemets.",
        )
    etat = releve.essayer(Colonne.DISPONIBILITE, valeurs.lire_disponibilite)
    heures = releve.essayer(Colonne.HEURES, valeurs.lire_heures)
    periode = _periode(releve)
    lieu = _lieu(releve)
    creation = releve.ligne[Colonne.CREE_LE]
    fiche = Fiche(
        cree_le=releve.essayer(Colonne.CREE_LE, valeurs.lire_date, Niveau.DOUTE) if creation else None,
        domaines=_domaines(releve),
        missions=releve.texte(Colonne.TACHES, 4000, obligatoire=True, lignes=True),
        remarque=releve.texte(Colonne.REMARQUE, 2000, lignes=True),
        objet=releve.texte(Colonne.OBJET, 200, obligatoire=True),
        objet_detaille=releve.texte(Colonne.OBJET_DETAILLE, 4000, lignes=True),
        acheteur=releve.nom(Colonne.ACHETEUR),
        type_acheteur=_type_acheteur(releve),
        contact_acheteur=_personne(
            releve, Colonne.ACHETEUR_NOM, Colonne.ACHETEUR_COURRIEL, Colonne.ACHETEUR_TELEPHONE, None
        ),
        entreprise=releve.nom(Colonne.ENTREPRISE),
        secteur=releve.texte(Colonne.SECTEUR, 120),
        site=releve.essayer(Colonne.SITE, valeurs.lire_site, Niveau.DOUTE) or "",
        referent=_personne(
            releve,
            Colonne.REFERENT_NOM,
            Colonne.REFERENT_COURRIEL,
            Colonne.REFERENT_TELEPHONE,
            Colonne.REFERENT_FONCTION,
        ),
        second=_personne(
            releve, Colonne.SECOND_NOM, Colonne.SECOND_COURRIEL, Colonne.SECOND_TELEPHONE, Colonne.SECOND_FONCTION
        ),
        referent_mlds=releve.texte(Colonne.REFERENT_MLDS, LONGUEUR_NOM),
        # Last, so that every cell above has been read when a missing one stops the line.
        etat=_lu(etat),
        heures=_lu(heures),
        periode=_lu(periode),
        lieu=_lu(lieu),
    )
    if releve.rejetee:
        raise Rejet
    _confronter(releve, fiche)
    return fiche


def _lu(valeur: T | None) -> T:
    """The value, or the end of the line: why it is missing was noted when it was read."""
    if valeur is None:
        raise Rejet
    return valeur


def _periode(releve: Releve) -> Periode | None:
    """Notification, end of the firm period, end with renewals: in this order, or the line is refused.

    A contract of less than the firm year asked today is a fact of the past: kept, and told.
    """
    notification = releve.essayer(Colonne.NOTIFICATION, valeurs.lire_date)
    fin_clause = releve.essayer(Colonne.FIN_CLAUSE, valeurs.lire_date)
    fin = releve.essayer(Colonne.FIN_RECONDUCTION, valeurs.lire_date)
    if notification is None or fin_clause is None or fin is None:
        return None
    if fin_clause <= notification:
        releve.noter(Niveau.REJET, "La clause se termine avant la notification du marché.", Colonne.FIN_CLAUSE)
    if fin < fin_clause:
        raison = "La fin avec reconductions précède la fin de la clause."
        releve.noter(Niveau.REJET, raison, Colonne.FIN_RECONDUCTION)
    minimum = regle("duree_ferme_minimale")
    attendue = calendrier.ajouter(notification, minimum.valeur, minimum.unite) - dt.timedelta(days=1)
    if notification < fin_clause < attendue:
        raison = f"La période ferme dure moins de {minimum.valeur} {minimum.unite} : reprise telle quelle."
        releve.noter(Niveau.DOUTE, raison, Colonne.FIN_CLAUSE)
    return Periode(notification=notification, fin_clause=fin_clause, fin_reconduction=fin)


def _lieu(releve: Releve) -> Lieu | None:
    """The commune that the address names; the département column may decide between homonyms, never more."""
    saisie = releve.essayer(Colonne.ADRESSE, valeurs.en_ligne)
    if not saisie:
        if saisie == "":
            releve.noter(Niveau.REJET, "Sans adresse, on ne sait pas où se passe le parcours.", Colonne.ADRESSE)
        return None
    lecture = commune_depuis_saisie(saisie)
    commune = lecture.commune
    if commune is None and lecture.issue is IssueCommune.PLUSIEURS:
        departement = releve.ligne[Colonne.DEPARTEMENT]
        possibles = [candidate for candidate in lecture.communes if _est_du_departement(candidate, departement)]
        if len(possibles) == 1:
            commune = possibles[0]
            raison = f"Plusieurs communes possibles : la colonne Département désigne {commune.libelle}."
            releve.noter(Niveau.NOTE, raison, Colonne.ADRESSE)
    rue = _rue(saisie, commune) if commune is not None else ""
    if commune is None:
        constat = "Commune non reconnue" if lecture.issue is IssueCommune.AUCUNE else "Plusieurs communes possibles"
        propositions = " ou ".join(candidate.libelle for candidate in lecture.communes[:3])
        question = f" ({propositions} ?)" if propositions else ""
        releve.noter(
            Niveau.REJET, f"{constat}{question} : écrivez l'adresse avec le code postal et la ville.", Colonne.ADRESSE
        )
        return None
    if len(rue) > LONGUEUR_ADRESSE:
        releve.noter(Niveau.DOUTE, f"Texte raccourci à {LONGUEUR_ADRESSE} caractères.", Colonne.ADRESSE)
    return Lieu(commune=commune, rue=raccourcir(rue, LONGUEUR_ADRESSE))


def _rue(saisie: str, commune: Commune) -> str:
    """The street, without the postcode and the town, which the commune says already."""
    if trouvee := _RUE_CODE_VILLE.fullmatch(saisie):
        return trouvee[1]
    sans_code = normaliser(re.sub(r"\d{5}", " ", saisie))
    return "" if sans_code in ("", commune.cle) else saisie


def _est_du_departement(commune: Commune, cellule: str) -> bool:
    """'75', '75 - Paris' or 'Paris'; '1' and '01' are the same."""
    mots = cle_texte(cellule)
    if not mots:
        return False
    code = cle_texte(commune.departement_id)
    return code in (mots, mots.split()[0].zfill(2)) or cle_texte(commune.departement.nom) == mots


def _domaines(releve: Releve) -> list[str]:
    domaines = releve.essayer(Colonne.DOMAINE, valeurs.lire_domaines)
    if domaines is None:
        return []
    if not domaines.codes and not domaines.inconnus:
        releve.noter(Niveau.REJET, VIDE, Colonne.DOMAINE)
    if domaines.inconnus:
        suite = "laissé de côté" if domaines.codes else "repris comme « Autre »"
        hors_liste = ", ".join(domaines.inconnus)
        releve.noter(Niveau.DOUTE, f"« {hors_liste} » est hors de la liste des domaines : {suite}.", Colonne.DOMAINE)
    return domaines.codes or [Domaine.AUTRE.value]


def _type_acheteur(releve: Releve) -> str:
    if not releve.ligne[Colonne.TYPE_ACHETEUR]:
        return ""
    trouve = releve.essayer(Colonne.TYPE_ACHETEUR, valeurs.lire_type_acheteur, Niveau.DOUTE)
    return trouve or TypeAcheteur.AUTRE.value


def _personne(
    releve: Releve, nom: Colonne, courriel: Colonne, telephone: Colonne, fonction: Colonne | None
) -> Personne | None:
    """A contact, when there is a way to reach them; what is not valid is left out and told."""
    ligne = releve.ligne
    if not any(ligne[colonne] for colonne in (nom, courriel, telephone)):
        return None
    adresse = _lire_ou_rien(valeurs.lire_courriel, ligne[courriel])
    numero = _lire_ou_rien(valeurs.lire_telephone, ligne[telephone])
    perdu = not adresse and not numero
    suite = "sans autre moyen de le joindre, ce contact n'est pas repris" if perdu else "le contact est repris sans"
    if adresse is None:
        releve.noter(Niveau.DOUTE, f"Courriel non valable : {suite}.", courriel)
    if numero is None:
        releve.noter(Niveau.DOUTE, f"Téléphone non valable : {suite}.", telephone)
    if perdu:
        if adresse == "" and numero == "":
            releve.noter(Niveau.DOUTE, "Sans courriel ni téléphone, ce contact n'est pas repris.", nom)
        return None
    identite = releve.texte(nom, 150)
    if not identite:
        releve.noter(Niveau.DOUTE, "Contact sans nom : repris comme « Nom à compléter ».", nom)
    return Personne(
        nom=identite or "Nom à compléter",
        fonction=releve.texte(fonction, 150) if fonction else "",
        courriel=adresse or "",
        telephone=numero or "",
    )


def _lire_ou_rien(lire: Callable[[str], str], cellule: str) -> str | None:
    """The value, '' when empty, None when it cannot be read."""
    try:
        return lire(valeurs.lire_texte(cellule))
    except valeurs.Illisible:
        return None


def _confronter(releve: Releve, fiche: Fiche) -> None:
    """What the cells of one line say against each other, and what Raccord has no place for."""
    commune = fiche.lieu.commune
    academie = commune.departement.academie
    ecrits = {colonne: releve.ligne[colonne] for colonne in (Colonne.DEPARTEMENT, Colonne.ACADEMIE, Colonne.REGION)}
    concordent = {
        Colonne.DEPARTEMENT: _est_du_departement(commune, ecrits[Colonne.DEPARTEMENT]),
    }
    if academie is not None:
        concordent |= {
            Colonne.ACADEMIE: cle_texte(ecrits[Colonne.ACADEMIE]) == cle_texte(academie.nom),
            Colonne.REGION: cle_texte(ecrits[Colonne.REGION]) == cle_texte(academie.region_academique.nom),
        }
    for colonne, concorde in concordent.items():
        if ecrits[colonne] and not concorde:
            raison = f"Ne concorde pas avec l'adresse ({commune.libelle}), qui est retenue."
            releve.noter(Niveau.DOUTE, raison, colonne)
    signee = releve.essayer(Colonne.CONVENTION, valeurs.lire_oui_non, Niveau.DOUTE)
    if (fiche.etat == "disponible" and signee) or (fiche.etat == "réalisé" and signee is False):
        raison = f"Contredit la disponibilité « {fiche.etat} », qui est retenue."
        releve.noter(Niveau.DOUTE, raison, Colonne.CONVENTION)
    if fiche.referent is None and fiche.etat != "réalisé":
        releve.noter(Niveau.DOUTE, "Aucun référent joignable dans l'entreprise.", Colonne.REFERENT_NOM)
    for colonne in SANS_PLACE:
        if releve.ligne[colonne]:
            releve.noter(Niveau.NOTE, "Sans place dans Raccord : gardé dans ce rapport seulement.", colonne)
