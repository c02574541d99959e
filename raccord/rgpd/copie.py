"""The copy of all that concerns a person (GDPR art. 15 and 20): a text to read, the same for a machine, the papers.

Read in the machine's name on this person's file alone; nothing in it leads anywhere: no id, no live link.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.documents.actions import ouvrir
from raccord.documents.controle import EXTENSIONS
from raccord.documents.models import Document
from raccord.parcours.impression import pdf
from raccord.rgpd.sujets import plan
from raccord.socle.contexte import Contexte
from raccord.socle.donnees_personnelles import Donnees, Personne, Sujet, champ_de, libelle, rang
from raccord.socle.passe import en_mots

PORTE = "default"
LIEN = re.compile(r"(/lien/|/connexion/)[^/\s]+")
ORGANISATION = "organisation_id"  # of a line of the journal, which keeps no key
ILLISIBLES = (models.UUIDField, models.JSONField, models.BinaryField)


@dataclass
class Partie:
    """Rows of one kind: what each one says, in words."""

    titre: str
    fiches: list[list[tuple[str, str]]]


def composer(contexte: Contexte, sujet: Sujet) -> bytes:
    """The zip: `donnees.pdf`, `donnees.json`, `pieces/`. Each paper opened leaves its line in the journal."""
    parties = reunir(sujet)
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        entete = {"parties": parties, "qui": Personne(sujet.genre).label, "le": timezone.now()}
        archive.writestr("donnees.pdf", pdf("rgpd/copie_pdf.html", entete))
        archive.writestr("donnees.json", _json(parties))
        if sujet.genre == Personne.JEUNE:
            for rang, document in enumerate(_pieces(sujet), start=1):
                nom = f"pieces/{rang}-{document.genre}.{EXTENSIONS[document.type_mime][0]}"
                archive.writestr(nom, ouvrir(contexte, document))
    return tampon.getvalue()


def reunir(sujet: Sujet) -> list[Partie]:
    """What is declared of the person, row by row, as it would be read to them."""
    champs: dict[type[models.Model], list[str]] = {}
    lignes: dict[type[models.Model], set[Any]] = {}
    for donnees, ids in sorted(plan(sujet, PORTE), key=lambda prevu: rang(prevu[0])):
        if donnees.exporte:
            champs.setdefault(donnees.modele, []).extend(_lisibles(donnees))
            lignes.setdefault(donnees.modele, set()).update(ids)
    return [
        Partie(str(modele._meta.verbose_name), _fiches(modele, dict.fromkeys(noms), lignes[modele]))
        for modele, noms in champs.items()
        if noms
    ]


def _lisibles(donnees: Donnees) -> list[str]:
    return [nom for nom in donnees.champs if _lisible(donnees.modele._meta.get_field(nom))]


def _lisible(champ: Any) -> bool:
    if hasattr(champ.model, f"get_{champ.name}_display"):
        return True
    if isinstance(champ, ArrayField):
        return not isinstance(champ.base_field, models.UUIDField)
    return champ.is_relation or champ.name == ORGANISATION or not isinstance(champ, ILLISIBLES)


def _fiches(modele: type[models.Model], noms: dict[str, None], ids: set[Any]) -> list[list[tuple[str, str]]]:
    liens = [nom for nom in noms if modele._meta.get_field(nom).is_relation]
    rangees = modele._base_manager.using(PORTE).filter(pk__in=ids).select_related(*liens).order_by("pk")
    if any(champ.name == "cree_le" for champ in modele._meta.concrete_fields):
        rangees = rangees.order_by("cree_le", "pk")
    organisations = _organisations(rangees) if ORGANISATION in noms else {}
    return [
        [(libelle(modele, nom), mot) for nom in noms if (mot := _mot(objet, nom, organisations))] for objet in rangees
    ]


def _organisations(rangees: Any) -> dict[UUID, str]:
    """Names of those for which people acted."""
    ids = {getattr(objet, ORGANISATION) for objet in rangees}
    return dict(Organisation.objects.using(PORTE).filter(pk__in=ids).order_by().values_list("pk", "nom"))


def _mot(objet: models.Model, nom: str, organisations: dict[UUID, str]) -> str:
    """In words; nothing for what is empty. A link that is still alive would let its reader act: it is hidden."""
    lire = getattr(objet, f"get_{nom}_display", None)
    valeur = lire() if lire is not None else getattr(objet, nom)
    if isinstance(valeur, Utilisateur):
        return valeur.nom_complet
    if isinstance(valeur, Contact):
        return valeur.nom
    if isinstance(valeur, list):
        choix = dict(cast("ArrayField[Any, Any]", champ_de(type(objet), nom)).base_field.flatchoices)
        return ", ".join(str(choix.get(element, element)) for element in valeur)
    if isinstance(valeur, UUID):
        return organisations.get(valeur, "")
    return "" if valeur in (None, "") else LIEN.sub(r"\1…", en_mots(valeur))


def _json(parties: list[Partie]) -> str:
    contenu = {partie.titre: [dict(fiche) for fiche in partie.fiches] for partie in parties}
    return json.dumps({"version": 1, "donnees": contenu}, ensure_ascii=False, indent=2)


def _pieces(sujet: Sujet) -> list[Document]:
    return list(Document.objects.filter(objet_id__in=sujet.objets).order_by("cree_le", "genre", "pk"))
