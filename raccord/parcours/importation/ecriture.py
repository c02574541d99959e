"""From a line understood to a contract, an engagement, an offer: one transaction each, never in silence.

State (digest §1.5): 'disponible' is published when its end is to come, closed otherwise; 'en préparation' and
'en cours' wait for the coordination to say what they have become, since the sheet names no young person; 'réalisé'
is closed with its past parcours. A line already imported is never written again: when the sheet has changed since,
it is reported, and people decide.
"""

import datetime as dt
import hashlib
import json
import logging
from contextlib import suppress
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models.functions import Lower

from raccord.comptes.enums import GenreOrganisation
from raccord.comptes.models import Contact, Organisation
from raccord.marches import registre
from raccord.marches.models import Engagement, Lot, Marche
from raccord.marches.workflow import ENGAGEMENT
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.importation import valeurs
from raccord.parcours.importation.colonnes import DATES, Colonne, cle_texte
from raccord.parcours.importation.comprehension import Fiche, Personne, Rejet, Releve, comprendre, raccourcir
from raccord.parcours.importation.lecture import Ligne, Tableau
from raccord.parcours.importation.rapport import Issue, LigneTraitee, Niveau, Rapport
from raccord.parcours.models import FicheEntreprise, Offre, Parcours
from raccord.parcours.workflow import OFFRE, PARCOURS
from raccord.socle import calendrier
from raccord.socle.contexte import SYSTEME
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.models import Journal
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer

TRACES = logging.getLogger("raccord.importation")
MOTIF = "reprise de l'ancien outil"
VERROU = 7_204_511  # any number that no other advisory lock of ours uses: two imports at once take turns
MIDI = dt.time(12)
LONGUEUR_TITRE = 150
CHAMPS_DE_LA_CLE = (
    Colonne.CREE_LE,
    Colonne.ACHETEUR,
    Colonne.ENTREPRISE,
    Colonne.OBJET,
    Colonne.OBJET_DETAILLE,
    Colonne.NOTIFICATION,
)
TRANSITIONS = {
    Issue.DISPONIBLE: "reprendre_disponible",
    Issue.SUIVIE: "reprendre_suivie",
    Issue.CLOSE: "reprendre_close",
    Issue.REALISEE: "reprendre_close",
}


def importer(tableau: Tableau, *, simuler: bool = False) -> Rapport:
    """Write each line in its own transaction; with `simuler`, everything is undone at the end.

    Never raises for what a line holds. A line that fails leaves nothing behind and does not touch the others.
    """
    if not simuler:
        return _importer(tableau)
    with transaction.atomic():
        rapport = _importer(tableau)
        transaction.set_rollback(True)
    return rapport


def _importer(tableau: Tableau) -> Rapport:
    rapport = Rapport(constats_fichier=list(tableau.constats))
    vues: dict[str, Ligne] = {}
    for ligne in tableau.lignes:
        traitee = _traiter(ligne, vues.get(cle(ligne)))
        if traitee.issue is not Issue.REJETEE:
            vues.setdefault(cle(ligne), ligne)
        rapport.lignes.append(traitee)
    return rapport


def _traiter(ligne: Ligne, precedente: Ligne | None) -> LigneTraitee:
    """One line, one transaction."""
    releve = Releve(ligne)
    issue, offre = Issue.REJETEE, None
    try:
        with contraintes_en_mots(), transaction.atomic():
            issue, offre = _importer_ligne(releve, precedente)
    except Rejet:
        pass
    except ErreurMetier as erreur:
        releve.noter(Niveau.REJET, str(erreur))
    except Exception as erreur:  # a defect of ours: the line is told, the others go on
        TRACES.exception("ligne en échec", extra={"faits": {"ligne": ligne.numero, "cause": type(erreur).__name__}})
        releve.noter(
            Niveau.REJET, f"Cette ligne n'a pas pu être enregistrée ({type(erreur).__name__}) : prévenez l'équipe."
        )
    return LigneTraitee(
        numero=ligne.numero, issue=issue, constats=tuple(releve.constats), offre_id=offre.pk if offre else None
    )


def _importer_ligne(releve: Releve, precedente: Ligne | None) -> tuple[Issue, Offre | None]:
    if precedente is not None:
        return _doublon(releve, precedente), None
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    connue = Offre.objects.filter(cle_import=cle(releve.ligne)).first()
    if connue is not None:
        return _deja_importee(releve, connue), connue
    return _ecrire(releve, comprendre(releve))


# --- The same line again ---------------------------------------------------------------------------


def cle(ligne: Ligne) -> str:
    """What tells this line from every other, whatever the encoding and the way dates are written."""
    return _empreinte([cle_texte(_canonique(ligne, colonne)) for colonne in CHAMPS_DE_LA_CLE])


def empreinte(ligne: Ligne) -> str:
    """What the line says, to see whether it has changed since it was imported."""
    return _empreinte([_canonique(ligne, colonne) for colonne in Colonne])


def _canonique(ligne: Ligne, colonne: Colonne) -> str:
    if colonne in DATES:
        with suppress(valeurs.Illisible):
            return valeurs.lire_date(ligne[colonne]).isoformat()
    return valeurs.en_ligne(ligne[colonne])


def _empreinte(morceaux: list[str]) -> str:
    return hashlib.sha256(json.dumps(morceaux).encode()).hexdigest()


def _doublon(releve: Releve, precedente: Ligne) -> Issue:
    if empreinte(precedente) != empreinte(releve.ligne):
        releve.noter(
            Niveau.REJET,
            f"Même marché, même entreprise et même jour de création que la ligne {precedente.numero}, mais autre "
            "chose diffère : si ce sont deux offres, dites ce qui les distingue dans l'objet détaillé (lot, lieu).",
        )
        raise Rejet
    releve.noter(Niveau.DOUTE, f"Même ligne que la ligne {precedente.numero} : importée une seule fois.")
    return Issue.DEJA_LA


def _deja_importee(releve: Releve, offre: Offre) -> Issue:
    reprise = Journal.objects.filter(objet_id=offre.pk, verbe__startswith="offre.reprendre_").order_by("pk").first()
    if reprise is not None and reprise.faits.get("empreinte") == empreinte(releve.ligne):
        return Issue.DEJA_LA
    releve.noter(
        Niveau.DOUTE,
        "Cette ligne a changé depuis son import. Rien n'a été remplacé : corrigez l'offre dans Raccord "
        f"({offre.pk}) si la nouvelle version est la bonne.",
    )
    return Issue.DIFFERENTE


# --- Writing ---------------------------------------------------------------------------------------


def _ecrire(releve: Releve, fiche: Fiche) -> tuple[Issue, Offre]:
    acheteur = _organisation(releve, Colonne.ACHETEUR, fiche.acheteur, type_acheteur=fiche.type_acheteur)
    entreprise = _organisation(releve, Colonne.ENTREPRISE, fiche.entreprise, secteur=fiche.secteur, site_web=fiche.site)
    engagement = _engagement(releve, fiche, acheteur, entreprise)
    issue, date_fin = _situation(releve, fiche)
    offre = Offre(
        engagement=engagement,
        entreprise=entreprise,
        intitule=raccourcir(fiche.objet, LONGUEUR_TITRE),
        domaines=fiche.domaines,
        missions=fiche.missions,
        remarque=fiche.remarque,
        heures=fiche.heures,
        adresse=fiche.lieu.rue,
        commune=fiche.lieu.commune,
        date_debut=fiche.periode.notification,
        date_fin=date_fin,
        referent=_contact(entreprise, fiche.referent),
        rrh=_contact(entreprise, fiche.second),
        cle_import=cle(releve.ligne),
    )
    if fiche.cree_le is not None:
        offre.cree_le = dt.datetime.combine(fiche.cree_le, MIDI, tzinfo=calendrier.PARIS)
    if issue is Issue.DISPONIBLE:
        offre.publiee_le = offre.cree_le
    indexer(offre)
    with inaugurer(OFFRE[TRANSITIONS[issue]], SYSTEME, offre, faits={"empreinte": empreinte(releve.ligne)}):
        FicheEntreprise.objects.create(offre=offre, taches=fiche.missions)
    if issue is Issue.REALISEE:
        _parcours_realise(releve, fiche, offre, engagement)
    return issue, offre


def _situation(releve: Releve, fiche: Fiche) -> tuple[Issue, dt.date]:
    """What the offer is today, and until when it may be done."""
    periode, aujourdhui = fiche.periode, calendrier.aujourdhui()
    ferme_passee = periode.fin_clause < aujourdhui
    fin = periode.fin_reconduction if ferme_passee else periode.fin_clause
    if fiche.etat == "réalisé":
        return Issue.REALISEE, periode.fin_clause
    if fiche.etat != "disponible":
        return Issue.SUIVIE, fin
    if fin < aujourdhui:
        releve.noter(
            Niveau.NOTE,
            "Le contrat est terminé, reconductions comprises : l'offre est reprise comme terminée.",
            Colonne.FIN_RECONDUCTION,
        )
        return Issue.CLOSE, fin
    if ferme_passee:
        releve.noter(
            Niveau.DOUTE,
            "La période ferme est passée : l'offre reste disponible si le marché a bien été reconduit, à vérifier.",
            Colonne.FIN_CLAUSE,
        )
    return Issue.DISPONIBLE, fin


def _organisation(releve: Releve, colonne: Colonne, nom: str, **champs: str) -> Organisation:
    """The one that bears this name, whatever the accents and capitals; else a new one. Of two, nobody guesses."""
    genre = GenreOrganisation.ACHETEUR if colonne is Colonne.ACHETEUR else GenreOrganisation.ENTREPRISE
    trouvees = _nommees(genre, nom)
    if len(trouvees) > 1:
        raison = "Plusieurs organisations portent ce nom dans Raccord : précisez lequel est le bon."
        releve.noter(Niveau.REJET, raison, colonne)
        raise Rejet
    return trouvees[0] if trouvees else Organisation.objects.create(genre=genre, nom=nom, **champs)


def _nommees(genre: GenreOrganisation, nom: str) -> list[Organisation]:
    return list(
        Organisation.objects.alias(nom_cle=Lower(models.Func(models.F("nom"), function="f_unaccent")))
        .filter(genre=genre, nom_cle=Lower(models.Func(models.Value(nom), function="f_unaccent")))
        .order_by("cree_le", "pk")[:2]
    )


def _contact(organisation: Organisation, personne: Personne | None) -> Contact | None:
    """The same address or, without address, the same name and phone is the same person."""
    if personne is None:
        return None
    contacts = Contact.objects.filter(organisation=organisation).order_by("cree_le", "pk")
    if personne.courriel:
        connu = contacts.filter(courriel__iexact=personne.courriel).first()
    else:
        connu = contacts.filter(nom__iexact=personne.nom, telephone=personne.telephone).first()
    return connu or Contact.objects.create(
        organisation=organisation,
        nom=personne.nom,
        fonction=personne.fonction,
        courriel=personne.courriel,
        telephone=personne.telephone,
    )


def _engagement(releve: Releve, fiche: Fiche, acheteur: Organisation, entreprise: Organisation) -> Engagement:
    """What the company owes: the hours of the sheet enter the ledger as due."""
    marche = (
        Marche.objects.filter(
            acheteur=acheteur,
            objet=fiche.objet,
            objet_detaille=fiche.objet_detaille,
            date_notification=fiche.periode.notification,
        )
        .order_by("cree_le", "pk")
        .first()
    )
    if marche is None:
        marche = Marche.objects.create(
            acheteur=acheteur,
            contact=_contact(acheteur, fiche.contact_acheteur),
            objet=fiche.objet,
            objet_detaille=fiche.objet_detaille,
            date_notification=fiche.periode.notification,
            date_fin_clause=fiche.periode.fin_clause,
            date_fin_reconduction=fiche.periode.fin_reconduction,
        )
    elif Offre.objects.filter(engagement__marche=marche, entreprise=entreprise, cle_import="").exists():
        raison = "Cette entreprise a déjà une offre de ce marché dans Raccord : ses heures compteraient deux fois."
        releve.noter(Niveau.REJET, raison, Colonne.OBJET)
        raise Rejet
    if (marche.date_fin_clause, marche.date_fin_reconduction) != (
        fiche.periode.fin_clause,
        fiche.periode.fin_reconduction,
    ):
        releve.noter(Niveau.DOUTE, "Ce marché est déjà connu avec d'autres dates de fin, gardées.", Colonne.FIN_CLAUSE)
    lot, _ = Lot.objects.get_or_create(marche=marche, numero=0)
    engagement = Engagement(marche=marche, entreprise=entreprise, heures=fiche.heures)
    with inaugurer(ENGAGEMENT["reprendre"], SYSTEME, engagement):
        engagement.lots.set([lot])
        registre.ouvrir(engagement.pk, Decimal(fiche.heures), motif=MOTIF)
    return engagement


def _parcours_realise(releve: Releve, fiche: Fiche, offre: Offre, engagement: Engagement) -> None:
    """The past stay, without a young person: the sheet holds none. Its hours are done and the engagement settled."""
    mlds = _nommees(GenreOrganisation.MLDS, fiche.referent_mlds) if fiche.referent_mlds else []
    parcours = Parcours(
        offre=offre,
        organisation=mlds[0] if len(mlds) == 1 else None,
        referent=offre.referent,
        missions=fiche.missions,
        debut=fiche.periode.notification,
        fin=min(fiche.periode.fin_clause, calendrier.aujourdhui()),
        heures_prevues=fiche.heures,
        heures_hebdo=regle("heures_hebdo_maximum").valeur,
        lieu=fiche.lieu.rue,
    )
    with inaugurer(PARCOURS["reprendre_ancien"], SYSTEME, parcours):
        registre.faire(engagement.pk, Decimal(fiche.heures), parcours_id=parcours.pk, motif=MOTIF)
    with executer(ENGAGEMENT["solder"], SYSTEME, Engagement, engagement.pk):
        pass
    releve.noter(
        Niveau.NOTE,
        "Le tableur ne dit ni les dates ni le rythme du parcours : la période ferme du contrat est reprise.",
        Colonne.DISPONIBILITE,
    )
    if fiche.referent_mlds and parcours.organisation is None:
        releve.noter(Niveau.NOTE, "Aucune MLDS de ce nom : le parcours est repris sans elle.", Colonne.REFERENT_MLDS)
