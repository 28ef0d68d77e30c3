"""The walk over an expression: which function prints which head, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sympy import Add, Mul, Number
from sympy.core.basic import Basic

from symderiv.core.expr import node
from symderiv.core.memo import memo
from symderiv.render.notation.style import Level, Piece, Style


@dataclass(frozen=True, slots=True)
class Notation:
    """A style and what can be chosen.

    ``bar`` writes the adjoint of z as z̄ instead of ∂L/∂z; ``upright`` writes d for ∂.
    """

    style: Style
    bar: bool = False
    upright: bool = False
    language: str = "en"
    printed: dict[Basic, Piece] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, e: Basic) -> str:
        """The expression, printed."""
        return self.piece(e).text

    def piece(self, e: Basic) -> Piece:
        """The expression, printed, with how tightly it holds together; each once."""
        found = self.printed.get(e)
        if found is None:
            found = self.printed[e] = self._piece(e)
        return found

    def _piece(self, e: Basic) -> Piece:
        for head in type(e).__mro__:
            handler = HANDLERS.get(head)
            if handler is not None:
                return handler(self, e)
        name = self.style.function(type(e).__name__)
        return Piece(self.style.applied(name, ", ".join(map(self, e.args))))

    def wrap(self, piece: Piece, level: Level) -> Piece:
        """The piece, in brackets if it holds together less than asked."""
        if piece.level >= level:
            return piece
        return Piece(self.style.brackets(piece.text))

    def index(self, e: Basic) -> str:
        """An index or a bound, printed: ``n − 1`` and not ``−1 + n``."""
        return self(in_reading_order(e))

    def subscripts(self, indices: Sequence[Basic]) -> list[str]:
        """Indices, printed."""
        return [self.index(index) for index in indices]


Handler = Callable[[Notation, Basic], Piece]
HANDLERS: dict[type, Handler] = {}


def prints(*heads: type) -> Callable[[Handler], Handler]:
    """Register the function that prints these heads."""

    def register(handler: Handler) -> Handler:
        for head in heads:
            HANDLERS[head] = handler
        return handler

    return register


@memo
def in_reading_order(e: Basic) -> Basic:
    """A sum with what is added first, then what is taken away, then numbers.

    >>> from sympy import Add, Mul, Number, Symbol
    >>> in_reading_order(-1 + Symbol("n")).args
    (n, -1)
    """
    if not isinstance(e, (Add, Mul)):
        return e
    parts = tuple(map(in_reading_order, e.args))
    if isinstance(e, Add) and any(map(_leads, parts)):
        parts = tuple(sorted(parts, key=_rank))
    return node(type(e), *parts)


def _leads(term: Basic) -> bool:
    return _rank(term) == 0


def _rank(term: Basic) -> int:
    """0 for a name that is added, 1 for one that is taken away, 2 for a number."""
    if isinstance(term, Number):
        return 2
    first = term.args[0] if isinstance(term, Mul) else None
    return int(isinstance(first, Number) and bool(first.is_negative))


def restyled(notation: Notation, style: Style) -> Notation:
    """The same choices in another style."""
    return replace(notation, style=style, printed={})
