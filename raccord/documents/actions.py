"""Sealing, opening, removing files."""

import hashlib

from django.core.files.base import File
from django.db import transaction

from raccord.comptes.enums import Role
from raccord.documents.antivirus import analyser
from raccord.documents.controle import OCTETS_MAX, controler
from raccord.documents.exceptions import FichierTropLourd
from raccord.documents.metadonnees import sans_metadonnees
from raccord.documents.models import Contenu, Document, GenreDocument
from raccord.socle import journal, scellage
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_disparu
from raccord.socle.models import ObjetSuivi

# Who opened a young person's papers is read by those who hold the file and by the young person, nobody else.
AUDIENCE = frozenset({Role.TUTEUR, Role.JEUNE})
ARTICLES = {GenreDocument.CV: "le CV", GenreDocument.LETTRE: "la lettre de motivation"}


def associe_a(document: Document) -> bytes:
    """What is bound to the bytes: this document, of this object, of this kind. Moved elsewhere, it does not open."""
    return f"{document.pk}|{document.objet_type}|{document.objet_id}|{document.genre}".encode()


@transaction.atomic
def sceller(contexte: Contexte, objet: ObjetSuivi, genre: str, fichier: "File[bytes]") -> Document:
    """Check, encrypt and keep a file of that kind for the object; the former one of the same kind is replaced.

    A photo is kept without what it says of place, date and device (`metadonnees`).
    The caller holds the object's row lock, so that two deposits at once cannot meet. Raises one of
    `documents.exceptions`, each a sentence that says what to do. Sizes in bytes.
    """
    if fichier.size > OCTETS_MAX:  # before reading it
        raise FichierTropLourd
    recu = fichier.read()
    type_mime = controler(recu, fichier.name or "")
    analyser(recu)
    octets = sans_metadonnees(recu, type_mime)
    Document.objects.filter(objet_id=objet.pk, genre=genre).delete()
    document = Document.objects.create(
        genre=genre,
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        type_mime=type_mime,
        taille=len(octets),
        empreinte=hashlib.sha256(octets).hexdigest(),
        depose_par=contexte.utilisateur_id,
    )
    Contenu.objects.create(document=document, scelle=scellage.sceller(octets, associe_a(document)))
    _inscrire(contexte, document, "document.sceller", "a joint")
    return document


@transaction.atomic
def ouvrir(contexte: Contexte, document: Document) -> bytes:
    """The file's bytes; the opening is written in the journal. Raises ScellementRompu, CleInconnue, ObjetDisparu.

    Whoever calls has checked the right to open (`documents.acces`).
    """
    contenu = ou_disparu(Contenu.objects.filter(document=document))
    octets = scellage.desceller(bytes(contenu.scelle), associe_a(document))
    _inscrire(contexte, document, "document.ouvrir", "a ouvert")
    return octets


@transaction.atomic
def recopier(contexte: Contexte, document: Document, objet: ObjetSuivi) -> Document:
    """The same file for another object, sealed anew for it."""
    octets = scellage.desceller(bytes(document.contenu.scelle), associe_a(document))
    copie = Document.objects.create(
        genre=document.genre,
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        type_mime=document.type_mime,
        taille=document.taille,
        empreinte=document.empreinte,
        depose_par=contexte.utilisateur_id,
    )
    Contenu.objects.create(document=copie, scelle=scellage.sceller(octets, associe_a(copie)))
    _inscrire(contexte, copie, "document.recopier", "a joint de nouveau")
    return copie


@transaction.atomic
def retirer(contexte: Contexte, document: Document) -> None:
    """Remove a file for good. Already gone: nothing happens."""
    effaces, _ = Document.objects.filter(pk=document.pk).delete()
    if effaces:
        _inscrire(contexte, document, "document.retirer", "a retiré")


def _inscrire(contexte: Contexte, document: Document, verbe: str, debut: str) -> None:
    journal.inscrire(
        contexte,
        document,
        verbe,
        f"{debut} {ARTICLES[GenreDocument(document.genre)]}",
        faits={"genre": document.genre, "octets": document.taille},
        audience=AUDIENCE,
    )
