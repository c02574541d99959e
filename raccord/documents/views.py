"""Handing a sealed file out."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from raccord.comptes.requete import Requete
from raccord.documents.acces import document_ouvert
from raccord.documents.actions import ouvrir
from raccord.documents.controle import EXTENSIONS
from raccord.documents.models import Document
from raccord.socle.contexte import Contexte


def servir(contexte: Contexte, document: Document) -> HttpResponse:
    """The file as a download: a name that says nothing of anybody, never guessed at, never run, never kept."""
    octets = ouvrir(contexte, document)
    return HttpResponse(
        octets,
        content_type=document.type_mime,
        headers={
            "Content-Disposition": f'attachment; filename="{document.genre}.{EXTENSIONS[document.type_mime][0]}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@require_GET
def document(request: Requete, document_id: UUID) -> HttpResponse:
    """A file, for somebody signed in whom its owner's slice lets in."""
    return servir(request.contexte, document_ouvert(request.contexte, document_id))
