"""From index form to matrix form, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
    Number,
    Piecewise,
    Pow,
    S,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef
from sympy.core.numbers import NumberSymbol
from sympy.core.relational import Relational

from symderiv.core.binding import NO_NAMES, free, is_index_arithmetic, letters_in, rename_bound
from symderiv.core.expr import Total, add, factors, mul, terms, total
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.matrices.build import cost, diagonal, plus
from symderiv.matrices.form import (
    Apply,
    Identity,
    Indicator,
    MatrixForm,
    Name,
    Power,
    Relation,
    Scalar,
    SumOver,
    Unit,
)
from symderiv.matrices.network import Network, NoFormError, Part

Key = tuple[Expr, tuple[tuple[Symbol, Expr], ...], tuple[Symbol, ...]]

MOST_TRIALS = 64  # products multiplied out in search of a shorter form
ELEMENTWISE = frozenset(
    (
        *("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
        *("asinh", "acosh", "atanh", "Abs", "sign", "floor", "ceiling", "Max", "Min", "erf"),
        *("sigmoid", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu"),
    )
)
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


@dataclass(slots=True)
class _Search:
    """What all converters of one expression share."""

    shapes: dict[Symbol, tuple[Expr | None, ...]] = field(default_factory=dict)
    trials: int = MOST_TRIALS
    failed: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Converter:
    """Converts subexpressions in which some index letters are in sight."""

    ranges: dict[Symbol, Expr]
    held: dict[Symbol, Expr]
    aside: tuple[Symbol, ...] = ()
    search: _Search = field(default_factory=_Search)

    def convert(self, e: Expr) -> Part:
        """The form of an expression with at most two of the letters in sight."""
        if self._is_plain(e):
            return Part(Scalar(e))
        if isinstance(e, (Mul, Sum)):
            return self._once(e)
        if isinstance(e, Add):
            return self._sum(e)
        if isinstance(e, Indexed):
            return self._entry(e, None)
        if isinstance(e, Total):
            return self._adjoint(e)
        if isinstance(e, KroneckerDelta):
            return self._delta(e)
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

    # ------------------------------------------------------------ names

    def _is_plain(self, e: Expr) -> bool:
        """A number, or a formula of scalar names and sizes."""
        if isinstance(e, (Number, NumberSymbol)):
            return bool(e.is_finite)
        if isinstance(e, Symbol):
            return not (e in self.ranges or e in self.held)
        known = isinstance(e, (Add, Mul, Pow)) or type(e).__name__ in ELEMENTWISE
        return known and not isinstance(e, AppliedUndef) and all(map(self._is_plain, e.args))

    def _entry(self, e: Expr, of: Expr | None) -> Part:
        label = label_of(e)
        places = indices_of(e)
        shape = self._shape(e, label, places)
        axes: list[Symbol] = []
        read: list[tuple[Expr, Expr | None]] = []
        for place, size in zip(places, shape, strict=True):
            if place in self.ranges:
                if self.ranges[place] != size:
                    raise NoFormError
                axes.append(place)
                read.append((size, None))
            else:
                read.append((size, self._held(place, size)))
        if len(axes) > 2:
            raise NoFormError
        form: MatrixForm = Name(label, tuple(read), of)
        if len(axes) == 2 and axes[0] == axes[1]:
            return Part(diagonal(form), (axes[0],))
        return Part(form, tuple(axes))

    def _held(self, place: Expr, size: Expr) -> Expr:
        """An index that stays the same over all axes."""
        inside = free(place)
        if not is_index_arithmetic(place) or inside.intersection(self.ranges):
            raise NoFormError
        if place in self.held and self.held[place] != size:
            raise NoFormError
        return place

    def _shape(self, e: Expr, label: Symbol, places: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """The sizes of an array's axes; those of an undeclared one from the indices' ranges."""
        declared = label.shape if isinstance(label, Label) else e.args[0].shape if e.args else ()
        if declared or not places:
            if len(declared) != len(places):
                raise NoFormError
            return tuple(declared)
        seen = tuple(self.ranges.get(p, self.held.get(p)) for p in places)
        known = self.search.shapes.get(label, (None,) * len(seen))
        if len(known) != len(seen):
            raise NoFormError
        both = tuple(a if b is None else b for a, b in zip(known, seen, strict=True))
        if any(size is None for size in both):
            raise NoFormError
        if any(a is not None and a != b for a, b in zip(known, both, strict=True)):
            raise NoFormError
        self.search.shapes[label] = both
        return tuple(size for size in both if size is not None)

    def _adjoint(self, e: Total) -> Part:
        if free(e.what).intersection(self.ranges) or label_of(e.by) is None:
            raise NoFormError
        if indices_of(e.by):
            return self._entry(e.by, e.what)
        return Part(Name(label_of(e.by), (), e.what))

    def _delta(self, e: KroneckerDelta) -> Part:
        a, b = e.args[:2]
        if a not in self.ranges:
            a, b = b, a
        if a not in self.ranges or a == b:
            raise NoFormError
        if b not in self.ranges:
            return Part(Unit(self.ranges[a], self._held(b, self.ranges[a])), (a,))
        if self.ranges[a] != self.ranges[b]:
            raise NoFormError
        return Part(Identity(self.ranges[a]), (a, b) if e.args[0] == a else (b, a))

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
        if not self._is_plain(exponent):
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
