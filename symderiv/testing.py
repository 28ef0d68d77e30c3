"""Assertions for anyone's test suite: closed forms, and hand-written backward passes.

    from symderiv.testing import assert_equal, assert_gradient

Both pass silently or raise an `AssertionError` that shows the two forms, one under the other, and
the smallest counterexample that was found.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from sympy import Expr, Indexed, S, Symbol
from sympy.core.basic import Basic

from symderiv.api import gradient
from symderiv.api.goals import Subject, aligned, subject
from symderiv.core.binding import names, subst
from symderiv.core.errors import Unsupported
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Label
from symderiv.model.arrays import Array
from symderiv.model.plain import read
from symderiv.oracle.check import compare
from symderiv.oracle.dense import evaluate, sample_point
from symderiv.oracle.point import Point
from symderiv.render.text import text

FLOATS = 1e-9
"""How near the values of a function of NumPy arrays have to be."""
SIZES = (1, 2, 3, 4)
Arrays = dict[str, Any]


def assert_equal(
    a: Any,
    b: Any,
    *,
    given: Iterable[Basic] = (),
    seed: int = 0,
    tolerance: float | None = None,
) -> None:
    """Assert that two formulas have the same value wherever both are defined.

    ``a`` and ``b`` are arrays of formulas of one shape, or SymPy expressions; ``given`` are
    conditions (``p > 0``) or facts (``Eq(Sum(w[k], (k, 1, n)), 1)``) under which it is claimed.

    Values are equal if nothing but rounding parts them, however small both are. With a
    ``tolerance``, values are equal whose difference is at most that much of the larger of them
    and 1.

    >>> import symderiv as sd
    >>> z = sd.vector("z", sd.dim("n"))
    >>> assert_equal(sd.log(sd.softmax(z)), sd.log_softmax(z))

    Raises `AssertionError` with both forms and the smallest counterexample, `ShapeError` if the
    shapes differ.
    """
    left, right = subject(a), subject(b)
    other = aligned(left, right)
    report = compare(
        left.element,
        other,
        indices=left.indices,
        given=tuple(given),
        seed=seed,
        tolerance=tolerance,
    )
    if not report.ok:
        _fail(
            "the two formulas differ",
            left.element,
            other,
            str(report.counterexample),
            ("first: ", "second:"),
        )


def assert_gradient(
    loss: Any,
    wrt: Any,
    claimed: Any,
    *,
    given: Iterable[Basic] = (),
    seed: int = 0,
    tolerance: float | None = None,
) -> None:
    """Assert that ``claimed`` is the gradient of a scalar loss.

    ``wrt`` is a declared array, an entry ``W[i, j]`` or a scalar symbol. ``claimed`` is an array
    of formulas, a SymPy expression (in the indices of the entry), or a function of NumPy arrays,
    ``claimed(**arrays)``, which is handed those that its parameters name and returns an array of
    the variable's shape.

    Formulas are compared as `assert_equal` does, the numbers of a function of NumPy arrays with a
    ``tolerance`` of 1e-9, relative to the larger of them and 1, unless another is given.

    >>> import symderiv as sd
    >>> n = sd.dim("n")
    >>> z, y = sd.vector("z", n), sd.distribution("y", n)
    >>> loss = sd.cross_entropy(y, sd.softmax(z))
    >>> assert_gradient(loss, z, sd.softmax(z) - y)

    Raises `AssertionError` that shows the derived gradient, what was claimed, and the smallest
    sizes and numbers at which they differ, and says so if the mistake is a sign, a constant
    factor, or a transpose.
    """
    true = gradient(loss, wrt)
    if callable(claimed) and not isinstance(claimed, (Array, Basic)):
        _check_function(loss, wrt, true, claimed, seed, FLOATS if tolerance is None else tolerance)
        return
    derived, formula = subject(true), subject(claimed)
    if isinstance(wrt, Indexed):
        formula = Subject(formula.element, derived.indices)
    elif formula.indices and not isinstance(claimed, Array) and len(derived.indices) > 1:
        raise Unsupported(
            "which index of the claimed expression is which axis? Name them: "
            "assert_gradient(loss, W[i, j], claimed)"
        )
    other = aligned(derived, formula)
    report = compare(
        derived.element,
        other,
        indices=derived.indices,
        given=tuple(given),
        seed=seed,
        tolerance=tolerance,
    )
    if not report.ok:
        _fail("this is not the gradient", derived.element, other, str(report.counterexample))


def _fail(
    what: str,
    left: Expr,
    right: Expr,
    where: str,
    called: tuple[str, str] = ("derived:", "claimed:"),
) -> None:
    raise AssertionError(
        f"{what}:\n  {called[0]}  {text(read(left))}\n  {called[1]}  {text(read(right))}\n{where}"
    )


# ---------------------------------------------------------------- functions of NumPy arrays


def _check_function(
    loss: Any, wrt: Any, true: Any, claimed: Callable[..., Any], seed: int, tolerance: float
) -> None:
    if not isinstance(wrt, (Array, Symbol)):
        raise Unsupported(
            f"a function claims a whole gradient; differentiate by the array, not by {wrt}"
        )
    whole = subject(loss)
    derived = subject(true)
    model = Model.of(whole.element, derived.element, wrt.element if isinstance(wrt, Array) else wrt)
    for turn, sizes in enumerate(_sizes(model)):
        point = sample_point(model, [whole.element], sizes, seed + turn, far=turn % 2 == 1)
        arrays = _arrays(model, whole.element, point)
        expected = _values(derived, point)
        given = _handed(claimed, arrays)
        actual = np.asarray(claimed(**{k: np.array(v) for k, v in given.items()}), dtype=float)
        problem = _difference(expected, actual, tolerance)
        if problem:
            raise AssertionError(
                f"this is not the gradient: {problem}\n"
                f"  derived:  {text(read(derived.element))}\n"
                f"  expected: {_show(expected)}\n  claimed:  {_show(actual)}\n"
                f"at {_where(sizes, given)}"
            )


def _sizes(model: Model) -> Iterator[dict[Symbol, int]]:
    """All sizes 1, 2, …, then different sizes for different dimensions; the smallest first."""
    dims = {s.name: s for x in model.labels for d in x.shape for s in sorted(names(d), key=str)}
    ordered = [dims[name] for name in sorted(dims)]
    yield dict.fromkeys(ordered, SIZES[0])
    for first in SIZES[1:]:
        yield dict.fromkeys(ordered, first)
        yield {d: first + k for k, d in enumerate(ordered)}


def _arrays(model: Model, e: Expr, point: Point) -> Arrays:
    """The numbers of every input, as NumPy arrays; labels count from 0."""
    out: Arrays = {}
    plain = [s for s in sorted(names(e), key=str) if not isinstance(s, Label)]
    sizes = dict(point.sizes)
    for label in (*inputs(model), *(s for s in plain if s not in sizes)):
        shape = tuple(int(subst(d, _numbers(point))) for d in getattr(label, "shape", ()))
        array = np.empty(shape)
        for where in product(*(range(size) for size in shape)):
            entry = label.entry(*(S(k + 1) for k in where)) if shape else label
            array[where] = float(evaluate(entry, point))
        labels = isinstance(label, Label) and label.spec.kind == "labels"
        out[label.name] = (array - 1).astype(int) if labels else array
    return out


def _numbers(point: Point) -> dict[Symbol, Expr]:
    return {d: S(size) for d, size in dict(point.sizes).items()}


def _values(of: Subject, point: Point) -> Any:
    ranges = [range(1, int(subst(high, _numbers(point))) + 1) for _, _, high in of.indices]
    out = np.empty(tuple(map(len, ranges)))
    for where in product(*ranges):
        env = {v: k for (v, *_), k in zip(of.indices, where, strict=True)}
        out[tuple(k - 1 for k in where)] = float(evaluate(of.element, point, env))
    return out


def _handed(function: Callable[..., Any], arrays: Arrays) -> Arrays:
    """The arrays that a function's parameters name; all, if it takes any keyword."""
    parameters = inspect.signature(function).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return arrays
    wanted = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    unknown = [p.name for p in wanted if p.name not in arrays and p.default is p.empty]
    if unknown:
        raise Unsupported(
            f"the claimed function wants {', '.join(unknown)}; the formula rests on "
            f"{', '.join(sorted(arrays))}"
        )
    return {p.name: arrays[p.name] for p in wanted if p.name in arrays}


def _difference(expected: Any, actual: Any, tolerance: float) -> str:
    """What is wrong, in words; empty if nothing is."""
    if actual.shape != expected.shape:
        return f"it has shape {actual.shape}, the variable has shape {expected.shape}"
    if _close(actual, expected, tolerance):
        return ""
    if _close(actual, -expected, tolerance):
        return "the sign is wrong"
    square = actual.ndim == 2 and actual.shape[0] == actual.shape[1]
    if square and _close(actual, expected.T, tolerance):
        return "it is the transpose"
    ratio = _ratio(actual, expected)
    telling = ratio is not None and (actual.size > 1 or ratio == round(ratio))
    if telling and _close(actual, ratio * expected, tolerance):
        return f"it is {ratio:.6g} times the gradient"
    where = np.unravel_index(np.argmax(np.abs(actual - expected)), expected.shape)
    entry = "".join(f", {k + 1}" for k in where)[2:]
    return f"it differs most at [{entry}]" if entry else "the values differ"


def _close(a: Any, b: Any, tolerance: float) -> bool:
    return bool(np.all(np.abs(a - b) <= tolerance * (1 + np.abs(b))))


def _ratio(actual: Any, expected: Any) -> float | None:
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    return float(actual[largest] / expected[largest]) if expected[largest] else None


def _show(array: Any) -> str:
    return np.array2string(np.asarray(array), precision=6, separator=", ").replace(
        "\n", "\n" + " " * 12
    )


def _where(sizes: Mapping[Symbol, int], arrays: Arrays) -> str:
    parts = [f"{d} = {size}" for d, size in sizes.items()]
    parts += [f"{name} = {_show(value)}" for name, value in arrays.items()]
    return ", ".join(parts)
