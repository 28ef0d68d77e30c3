"""What a matrix form claims: that each of its entries is the last line of its derivation."""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.core.derivation import Derivation
from symderiv.matrices.meaning import entry_of
from symderiv.matrices.row import MatrixRow, matrix_rows
from symderiv.oracle.claim import Claim
from symderiv.oracle.replay import Link

FORM, BY_EXAMPLE, SHAPE = "matrix.form", "matrix.example", "matrix.shape"


def forms(derivation: Derivation, *, in_pass: bool = False) -> Iterator[Link]:
    """The rows in matrix form that are told of a derivation, as claims to be tested."""
    goal, last, indices = derivation.goal, derivation.last, derivation.indices
    stage = derivation.steps[-1].stage if derivation.steps else 0
    for row in matrix_rows(goal, last, indices, in_pass=in_pass):
        if row.left.shape != row.right.shape:
            yield Link(SHAPE, stage, goal, last, tuple(_of_shape(row)))
        entry = entry_of(row.right, *row.axes)
        rule = BY_EXAMPLE if row.by_example else FORM
        claim = Claim(rule, last, entry, indices, tuple(derivation.given))
        yield Link(rule, stage, last, entry, (claim,))


def _of_shape(row: MatrixRow) -> Iterator[Claim]:
    """As many rows and columns as the variable has."""
    for ours, theirs in zip(row.left.shape, row.right.shape, strict=True):
        yield Claim(SHAPE, ours, theirs)
