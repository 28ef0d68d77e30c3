"""The oracle as the judge of every conversion, and an independent reader of printed forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sympy import Expr, Symbol, Tuple

from symderiv.core.binding import free
from symderiv.core.expr import total
from symderiv.core.model import Model
from symderiv.matrices.check import Mismatch, check_form
from symderiv.matrices.form import MatrixForm
from symderiv.oracle.dense import evaluate, sample_point
from symderiv.oracle.dimensions import dimensions

Compare = Callable[..., Mismatch | None]


def by_oracle(
    form: MatrixForm, expr: Expr, indices: tuple[Tuple, ...], *, batch: Symbol | None = None,
    sizes: Mapping[Symbol, int] | None = None, seed: int = 0,
) -> Mismatch | None:  # fmt: skip
    model = Model.of(expr)
    found = dimensions(model, [expr], indices)
    sizes = sizes or {size: 2 + k for k, size in enumerate(found)}
    closed = total(expr, *indices)
    point = sample_point(model, [closed], sizes, seed)

    def value(e: Expr, at: Mapping[Symbol, int]) -> float:
        assert free(e) <= set(at) | set(sizes) | {s for s in free(e) if not s.is_integer}
        return float(evaluate(e, point, at))

    return check_form(form, expr, indices, value, sizes, batch=batch)


@pytest.fixture(scope="session")
def agree() -> Callable[..., bool]:
    """Does a form agree with its index form at sizes that all differ?"""

    def judge(*args: object, **options: object) -> bool:
        found = by_oracle(*args, **options)  # type: ignore[arg-type]
        assert found is None, found
        return True

    return judge
