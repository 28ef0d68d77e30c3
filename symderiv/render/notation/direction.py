"""The printer of a derivative along a direction."""

from __future__ import annotations

from sympy import Expr

from symderiv.core.expr import Along
from symderiv.render.notation.style import Level, Piece
from symderiv.render.notation.walk import Notation, prints


@prints(Along)
def along(to: Notation, e: Along) -> Piece:
    """``df`` where every variable x moves by dx; ``[df]_{dx = u}`` where they move otherwise."""
    moves = [(to.style.differential(to(x)), to(u)) for x, u, *_ in e.by]
    whole = Piece(to.style.differential(_name(to, e.what)))
    others = [f"{dx} = {u}" for dx, u in moves if dx != u]
    return to.style.where(whole, ", ".join(others)) if others else whole


def _name(to: Notation, what: Expr) -> str:
    piece = to.piece(what)
    return piece.text if piece.level is Level.ATOM else to.style.brackets(piece.text)
