"""The formal letter that a buyer signs when the company stays silent: drafted here, never sent from here."""

import datetime as dt
import io
from dataclasses import dataclass

from django.http import HttpResponse
from docx import Document

from raccord.echeances.attentes import echelons_de
from raccord.echeances.models import Attente
from raccord.parcours import impression
from raccord.parcours.acces.destinataires import offre_de
from raccord.socle import calendrier, mots
from raccord.socle.parametres import regle

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, kw_only=True)
class Lettre:
    """What it says: the contract, the clause, each reminder with its day, what is asked and by when."""

    acheteur: str
    signataire: str
    entreprise: str
    siret: str
    lieu_du: str
    objet: str
    corps: tuple[str, ...]
    relances: tuple[str, ...]
    demande: tuple[str, ...]


def lettre_de(attente: Attente) -> Lettre | None:
    """The letter about the company's silence, as of today; None without a public contract behind."""
    offre = offre_de(attente)
    if offre is None or offre.engagement is None:
        return None
    marche = offre.engagement.marche
    delai = regle("delai_lettre")
    avant = calendrier.ajouter(calendrier.aujourdhui(attente.lieu), delai.valeur, delai.unite, attente.lieu)
    reference = f", référence {marche.reference}" if marche.reference else ""
    signataire = marche.suivi_par.nom_complet if marche.suivi_par else marche.contact.nom if marche.contact else ""
    return Lettre(
        acheteur=marche.acheteur.nom,
        signataire=signataire,
        entreprise=offre.entreprise.nom,
        siret=offre.entreprise.siret,
        lieu_du=f"Le {mots.date_fr(calendrier.aujourdhui(attente.lieu))}",
        objet=f"Marché « {marche.objet} »{reference} : clause sociale de formation",
        corps=(
            f"Vous êtes titulaire du marché « {marche.objet} »{reference}, notifié le "
            f"{mots.date_fr(marche.date_notification)}. Sa clause sociale de formation, condition d’exécution au sens "
            f"de l’article L2112-2 du code de la commande publique, vous engage à accueillir un jeune sous statut "
            f"scolaire pendant {mots.heures(offre.engagement.heures)}.",
            f"Le {mots.date_fr(attente.ouverte_le)}, un jeune vous a été proposé pour « {offre.intitule} » "
            f"({offre.commune.nom}). Le marché vous donnait jusqu’au {mots.date_fr(attente.echeance)} pour répondre. "
            "À ce jour, aucune réponse n’est parvenue.",
        ),
        relances=_relances(attente),
        demande=(
            f"Je vous demande de répondre au plus tard le {mots.date_fr(avant)} : choisir l’un des moments proposés, "
            "en proposer d’autres, ou indiquer ce qui empêche cet accueil et ce qui serait possible.",
            "Le lien reçu par courriel permet de répondre en deux minutes, sans compte. Si la personne chargée de cet "
            "accueil a changé, il permet aussi de nommer la bonne.",
            "À défaut, j’appliquerai les stipulations du marché relatives à l’inexécution de cette clause.",
        ),
    )


def _relances(attente: Attente) -> tuple[str, ...]:
    """Each reminder that really told somebody of the company, with its day."""
    qui = {barreau.code: barreau.qui for barreau in echelons_de(attente)}
    de_l_entreprise = attente.rappels.filter(echelon__in=RELANCES).exclude(prevenus=[]).order_by("le", "pk")
    return tuple(f"{mots.date_fr(rappel.le)} : {qui[rappel.echelon]}" for rappel in de_l_entreprise)


RELANCES = ("referent", "second", "rrh")


def en_docx(lettre: Lettre) -> bytes:
    """A document to correct and sign."""
    document = Document()
    document.core_properties.author = lettre.acheteur
    document.core_properties.title = lettre.objet
    document.core_properties.language = "fr-FR"
    # The day only: the same letter, asked twice in a day, says the same.
    document.core_properties.created = dt.datetime.combine(calendrier.aujourdhui(), dt.time())
    document.add_paragraph(lettre.acheteur)
    document.add_paragraph(f"{lettre.entreprise}\n{f'SIRET {lettre.siret}' if lettre.siret else ''}".strip())
    document.add_paragraph(lettre.lieu_du)
    document.add_heading(f"Objet : {lettre.objet}", level=1)
    document.add_paragraph("Madame, Monsieur,")
    for paragraphe in lettre.corps:
        document.add_paragraph(paragraphe)
    if lettre.relances:
        document.add_paragraph("Vous avez été relancés :")
        for relance in lettre.relances:
            document.add_paragraph(relance, style="List Bullet")
    for paragraphe in lettre.demande:
        document.add_paragraph(paragraphe)
    document.add_paragraph("Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée.")
    document.add_paragraph(f"{lettre.signataire}\n(signature)".strip())
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def telechargement(lettre: Lettre, genre: str) -> HttpResponse:
    """The draft, as a text to correct or ready to print; no cache keeps it."""
    if genre == "pdf":
        return impression.reponse(impression.pdf("parcours/relais/lettre_pdf.html", {"lettre": lettre}), "lettre")
    sortie = HttpResponse(en_docx(lettre), content_type=DOCX)
    sortie["Content-Disposition"] = 'attachment; filename="lettre.docx"'
    sortie["Cache-Control"] = "private, no-store"
    return sortie
