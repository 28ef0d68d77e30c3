"""Safe text input: a whitelist language for expressions, and no ``eval``."""

from symderiv.parse.declare import KINDS, Kind
from symderiv.parse.limits import MAX_TEXT
from symderiv.parse.read import Parsed, Texts, read
from symderiv.parse.vocabulary import Vocabulary

__all__ = ["KINDS", "MAX_TEXT", "Kind", "Parsed", "Texts", "Vocabulary", "read"]
