"""From a derivation to a document: what is told, without notation."""

from symderiv.document.blocks import Citation, Document, Equality, Line, Note
from symderiv.document.messages import translate
from symderiv.document.narrate import DETAILS, Detail, document_of

__all__ = [
    "DETAILS",
    "Citation",
    "Detail",
    "Document",
    "Equality",
    "Line",
    "Note",
    "document_of",
    "translate",
]
