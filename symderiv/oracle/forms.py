"""What a matrix form claims: that each of its entries is the last line of its derivation."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import S

from symderiv.core.derivation import Derivation
from symderiv.matrices.meaning import entry_of
from symderiv.matrices.row import MatrixRow, matrix_row
from symderiv.oracle.claim import Claim
from symderiv.oracle.replay import Link

FORM, SHAPE = "matrix.form", "matrix.shape"


def forms(derivation: Derivation, *, in_pass: bool = False) -> Iterator[Link]:
    """The row in matrix form that is told of a derivation, as claims to be tested."""
    goal, last, indices = derivation.goal, derivation.last, derivation.indices
    row = matrix_row(goal, last, indices, in_pass=in_pass)
    if row is None:
        return
    stage = derivation.steps[-1].stage if derivation.steps else 0
    if row.left.shape != row.right.shape:
        yield Link(SHAPE, stage, goal, last, tuple(_of_shape(row)))
    places = [v for v, *_ in indices]
    entry = entry_of(row.right, *[*places, S.One, S.One][:2])
    claim = Claim(FORM, last, entry, indices, tuple(derivation.given))
    yield Link(FORM, stage, last, entry, (claim,))


def _of_shape(row: MatrixRow) -> Iterator[Claim]:
    """As many rows and columns as the variable has."""
    for ours, theirs in zip(row.left.shape, row.right.shape, strict=True):
        yield Claim(SHAPE, ours, theirs)
