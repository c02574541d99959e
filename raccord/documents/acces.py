"""The only road to documents. Whose they are, only upper slices know: they register who may open (decision 0005)."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404

from raccord.documents.models import Document
from raccord.socle.contexte import Contexte
from raccord.socle.models import ObjetSuivi

# Type of the owning object ('parcours.positionnement') → may this person open its documents?
AUTORISATIONS: dict[str, Callable[[Contexte, UUID], bool]] = {}


def document_ouvert(contexte: Contexte, document_id: UUID) -> Document:
    """A document this person may open; 404 for anybody else: that a file exists is already known too much."""
    document = Document.objects.filter(pk=document_id).first()
    autorise = AUTORISATIONS.get(document.objet_type) if document else None
    if document is None or autorise is None or not autorise(contexte, document.objet_id):
        raise Http404
    return document


def documents_de(objet: ObjetSuivi) -> list[Document]:
    """What is joined to an object that the caller may already see: the CV first."""
    return list(Document.objects.filter(objet_id=objet.pk).order_by("genre"))
