"""From index form to matrix form, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from symderiv.core.binding import NO_NAMES, free, is_index_arithmetic, letters_in, rename_bound
from symderiv.core.expr import Total, add, factors, mul, terms, total
from symderiv.matrices.build import cost, plus
from symderiv.matrices.entries import ELEMENTWISE, Sight
from symderiv.matrices.form import (
    Apply,
    Indicator,
    MatrixForm,
    Power,
    Relation,
    Scalar,
    SumOver,
)
from symderiv.matrices.network import Network, NoFormError, Part

RELATIONS: dict[str, Relation] = {
    "StrictLessThan": "<", "LessThan": "≤", "StrictGreaterThan": ">", "GreaterThan": "≥",
    "Equality": "=", "Unequality": "≠",
}  # fmt: skip


def matrix_form(
    expr: Expr,
    indices: tuple[Tuple, ...],
    *,
    batch: Symbol | tuple[Symbol, ...] | None = None,
) -> MatrixForm | None:
    r"""An expression in matrix notation, or None where it has no matrix form.

    Args:
        expr: An expression in index form.
        indices: Its free indices with their ranges, ``(i, 1, n)``; the first is that of the rows.
        batch: The index that counts examples (or several such), to be set aside: the form is then
            that of one example, whose arrays keep that index (``X_b`` is row b of X, as a column),
            or the sum of the examples' forms where the index is summed over. Without it, the form
            is that of the whole batch, rows for examples.

    Returns:
        A form with the shape of the indices: a matrix for two, a column for one. None if more
        than two indices are left, if an index does not run over a whole axis, or if the
        expression has no matrix form.

    Example:
        >>> from sympy import IndexedBase, Sum, symbols
        >>> i, j, k, n, m, N = symbols("i j k n m N", integer=True)
        >>> X, Z = IndexedBase("X"), IndexedBase("Z")
        >>> gradient = Sum(X[k, i] * Z[k, j], (k, 1, N))
        >>> form = matrix_form(gradient, (Tuple(i, 1, n), Tuple(j, 1, m)))
        >>> type(form).__name__, form.shape
        ('MatMul', (n, m))
    """
    aside = batch if isinstance(batch, tuple) else () if batch is None else (batch,)
    ranges: dict[Symbol, Expr] = {}
    held: dict[Symbol, Expr] = {}
    for v, low, high in indices:
        if low != 1 or v in ranges or v in held:
            return None
        (held if v in aside else ranges)[v] = high
    letters = tuple(ranges)
    if len(letters) > 2 or any(free(size).intersection(letters) for size in ranges.values()):
        return None
    try:
        converter = _Converter(ranges, held, aside)
        return converter.convert(expr).over(letters, ranges)
    except NoFormError:
        return None


@dataclass(frozen=True, slots=True)
class _Converter(Sight):
    """Converts subexpressions in which some index letters are in sight."""

    def convert(self, e: Expr) -> Part:
        """The form of an expression with at most two of the letters in sight."""
        if self.is_plain(e):
            return Part(Scalar(e))
        if isinstance(e, (Mul, Sum)):
            return self._once(e)
        if isinstance(e, Add):
            return self._sum(e)
        if isinstance(e, Indexed):
            return self.entry(e, None)
        if isinstance(e, Total):
            return self.adjoint(e)
        if isinstance(e, KroneckerDelta):
            return self.delta(e)
        if isinstance(e, Pow):
            return self._power(e)
        if isinstance(e, Piecewise):
            return self._indicator(e)
        if isinstance(e, (Function, Max, Min)):
            return self._function(e)
        raise NoFormError

    def _once(self, e: Expr) -> Part:
        """A product or sum; one that failed in the same scope is not tried again."""
        key = (e, tuple(self.ranges.items()), tuple(self.held))
        if key in self.search.failed:
            raise NoFormError
        try:
            return self._product(e)
        except NoFormError:
            self.search.failed.add(key)
            raise

    # ------------------------------------------------------------ entry by entry

    def _common(self, parts: list[Part]) -> tuple[list[MatrixForm], tuple[Symbol, ...]]:
        """The parts over the letters of all of them, as the first matrix has them."""
        letters = {v for part in parts for v in part.axes}
        pair = next((part.axes for part in parts if len(part.axes) == 2), None)
        axes = pair or tuple(v for v in self.ranges if v in letters)
        return [part.over(axes, self.ranges) for part in parts], axes

    def _sum(self, e: Add) -> Part:
        forms, axes = self._common([self.convert(term) for term in e.args])
        return Part(plus(forms), axes)

    def _power(self, e: Pow) -> Part:
        base, exponent = e.args
        if base is S.Exp1:
            part = self.convert(exponent)
            return Part(Apply("exp", (part.form,)), part.axes)
        if not self.is_plain(exponent):
            raise NoFormError
        part = self.convert(base)
        return Part(Power(part.form, exponent), part.axes)

    def _function(self, e: Expr) -> Part:
        name = type(e).__name__
        if name not in ELEMENTWISE or isinstance(e, AppliedUndef):
            raise NoFormError
        forms, axes = self._common([self.convert(x) for x in e.args])
        return Part(Apply(name, tuple(forms)), axes)

    def _indicator(self, e: Piecewise) -> Part:
        branches = [tuple(pair.args) for pair in e.args]
        if len(branches) != 2 or branches[0][0] != 1 or branches[1] != (S.Zero, S.true):
            raise NoFormError
        condition: Basic = branches[0][1]
        if not isinstance(condition, Relational):
            raise NoFormError
        (left, right), axes = self._common([self.convert(x) for x in condition.args])
        return Part(Indicator(RELATIONS[type(condition).__name__], left, right), axes)

    # ------------------------------------------------------------ products and sums over letters

    def _product(self, e: Expr) -> Part:
        """A product, under a sum or not: as it stands, or with one factor multiplied out."""
        if isinstance(e, Sum) and any(
            v in self.aside and v not in self.held for v, *_ in e.args[1:]
        ):
            return self._examples(e)
        found = self._tried(lambda: self._contracted(e))
        inside = factors(_body(e))
        for position, factor in enumerate(inside):
            if not isinstance(factor, Add) or self.search.trials <= 0:
                continue
            if found is None or any(map(_is_delta_term, factor.args)):
                self.search.trials -= 1
                found = _shorter(self._tried(partial(self._spread, e, position)), found)
        if found is None:
            raise NoFormError
        return found

    def _examples(self, e: Sum) -> Part:
        """The sum over examples of the form of one."""
        position = next(k for k, limit in enumerate(e.args[1:], 1) if limit[0] in self.aside)
        v, low, size = e.args[position]
        others = (*e.args[1:position], *e.args[position + 1 :])
        sizes = free(size).union(*(free(limit) for limit in others))
        if low != 1 or v in sizes or not _is_size(size) or free(size).intersection(self.ranges):
            raise NoFormError
        inside = replace(self, held={**self.held, v: size})
        part = inside.convert(total(e.args[0], *others))
        return Part(SumOver(v, size, part.form), part.axes)

    def _tried(self, way: Callable[[], Part]) -> Part | None:
        try:
            return way()
        except NoFormError:
            return None

    def _spread(self, e: Expr, position: int) -> Part:
        """The product with the sum at a position multiplied out."""
        inside = factors(_body(e))
        limits = e.args[1:] if isinstance(e, Sum) else ()
        products = (
            mul(*inside[:position], term, *inside[position + 1 :])
            for term in terms(inside[position])
        )
        return self.convert(add(*(total(product, *limits) for product in products)))

    def _contracted(self, e: Expr) -> Part:
        at, summed, todo = self._opened(e, NO_NAMES)
        network = Network(at.ranges)
        while todo:
            factor = todo.pop(0)
            try:
                network.put(at.convert(factor))
            except NoFormError:
                if not isinstance(factor, Sum):
                    raise
                at, more, inside = at._opened(factor, NO_NAMES.union(*map(letters_in, todo)))
                network.ranges = at.ranges
                summed, todo = [*more, *summed], [*inside, *todo]
        network.sum_over(summed)
        return network.result()

    def _opened(
        self, e: Expr, taken: frozenset[str]
    ) -> tuple[_Converter, list[Symbol], list[Expr]]:
        """What stands under a sum: a converter for it, the letters of the sum, the factors."""
        if not isinstance(e, Sum):
            return self, [], list(factors(e))
        inside = {**self.ranges}
        e = rename_bound(e, taken.union(v.name for v in (*self.ranges, *self.held)))
        for v, low, high in reversed(e.args[1:]):
            if low != 1 or v in inside or free(high).intersection(inside) or not _is_size(high):
                raise NoFormError
            inside[v] = high
        letters = [v for v, *_ in e.args[1:]]
        return replace(self, ranges=inside), letters, list(factors(e.args[0]))


def _body(e: Expr) -> Expr:
    return e.args[0] if isinstance(e, Sum) else e


def _is_size(e: Expr) -> bool:
    return bool(is_index_arithmetic(e)) or isinstance(e, Symbol)


def _is_delta_term(e: Expr) -> bool:
    return any(isinstance(factor, KroneckerDelta) for factor in factors(e))


def _shorter(a: Part | None, b: Part | None) -> Part | None:
    if a is None or b is None:
        return a or b
    return b if cost(b.form) < cost(a.form) else a
