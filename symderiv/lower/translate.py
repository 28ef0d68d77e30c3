"""The lowering: an index expression becomes an array program.

Every expression is translated to a `Parts`: factors not yet multiplied, masks, and exponents (a
factor ``e^x`` kept as x). Factors stay apart so that a sum over them becomes one contraction;
exponents stay apart so that ``e^a / Σ e^a`` and ``log Σ e^a`` never overflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod

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
    Product,
    S,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.basic import Basic
from sympy.functions.elementary.piecewise import ExprCondPair

from symderiv.core.errors import Unsupported
from symderiv.core.expr import (
    BINDERS,
    InRange,
    MaxOver,
    MinOver,
    children,
    coefficient,
    factors,
    terms,
)
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label
from symderiv.lower import stable
from symderiv.lower.functions import FUNCTIONS, formula_of
from symderiv.lower.indexing import Indexing
from symderiv.lower.names import Limit
from symderiv.lower.places import Place
from symderiv.lower.products import Parts
from symderiv.lower.program import Axis, Input, Output, Size
from symderiv.lower.sums import Limits, apart, sum_terms

MOST_LEVELS = 30
LATER = (Add, Indexed, Label)  # factors whose exponents are kept only where others need it


@dataclass(slots=True)
class Translator(Indexing):
    """Translates expressions that share names into one program.

    ``sizes`` are the names of the symbols that stand for sizes and integer parameters; every
    other free symbol is a scalar input. Defined names in ``given`` are read, never unfolded.
    """

    sizes: frozenset[str] = frozenset()
    given: frozenset[Label] = frozenset()
    values: dict[tuple[Basic, Place], int] = field(default_factory=dict)
    known: dict[tuple[Basic, Place, bool], Parts] = field(default_factory=dict)
    begun: set[tuple[Basic, Place]] = field(default_factory=set)

    def define(self, label: Label) -> None:
        """Translate the definition of a name; later entries of it read what was computed.

        Exponents of a sum are kept apart for a logarithm to come; of an adjoint none is taken.
        """
        definition = label.spec.definition
        assert definition is not None
        axes: dict[Symbol, Axis] = {}
        for index, size in zip(definition.indices, label.shape, strict=True):
            axes[index] = self.axis(index, S.One, size, frozenset(axes.values()))
        place = Place(tuple(axes.items()))
        parts = self.parts(definition.body, place, scaled=not label.spec.bar)
        mantissa = self.finish(replace(parts, exponents=()))
        kept = Parts((mantissa,), (), parts.exponents, parts.degree)
        self.defined[label] = tuple(axes.values()), kept

    def define_all(self, labels: Iterable[Label]) -> None:
        """Translate the definitions of names, in this order."""
        for label in labels:
            self.define(label)

    def output(self, name: str, expr: Expr, limits: Sequence[Limit]) -> Output:
        """The value of an expression whose free indices are the axes of a result."""
        axes: dict[Symbol, Axis] = {}
        for v, low, high in limits:
            axes[v] = self.axis(v, low, high, frozenset(axes.values()))
        place = Place(tuple(axes.items()))
        return Output(name, self.value(expr, place), tuple(axes.values()))

    def give(self, values: Mapping[Label, Output]) -> None:
        """From now on, read these names as the values that they have, whatever defines them."""
        self.given = self.given.union(values)
        for label, output in values.items():
            self.defined[label] = output.axes, Parts((output.register,))
        for known in (self.values, self.known, self.begun):
            known.clear()

    def value(self, e: Expr, place: Place) -> int:
        """The register of an expression's value."""
        place = place.narrowed(e)
        key = (e, place)
        if key not in self.values:
            if height(e) > MOST_LEVELS and key not in self.begun:
                self._from_below(e, place)
            self.values[key] = self._value(e, place)
        return self.values[key]

    def _from_below(self, e: Expr, place: Place) -> None:
        """Translate the parts of a deep expression first, so that the stack stays shallow."""
        order: list[Expr] = []
        todo = [e]
        while todo:
            order.append(todo.pop())
            if not isinstance(order[-1], BINDERS):
                todo.extend(children(order[-1]))
        for part in reversed(order):
            key = (part, place.narrowed(part))
            if key not in self.begun and not isinstance(part, ExprCondPair):
                self.begun.add(key)
                self.parts(part, place, scaled=True)
                self.value(part, place)

    def _value(self, e: Expr, place: Place) -> int:
        if isinstance(e, Add) and stable.complement(e, self.given) is None:
            return self.added([self._signed(t, place) for t in e.args])
        if isinstance(e, Sum):
            summed = [self._contracted(*t, place) for t in self._terms(e, place)]
            return self.added([(1, self.finish(parts)) for parts in summed])
        return self.finish(self.parts(e, place))

    def _signed(self, term: Expr, place: Place) -> tuple[int, int]:
        if isinstance(term, Mul) and term.args[0] is S.NegativeOne and len(term.args) == 2:
            return -1, self.value(term.args[1], place)
        number, _ = coefficient(term)
        if number is S.NegativeOne and isinstance(term, Mul):
            rest = Mul._from_args(term.args[1:])
            return -1, self.value(rest, place)
        return 1, self.value(term, place)

    def parts(self, e: Expr, place: Place, *, scaled: bool = False) -> Parts:
        """The factors of an expression. ``scaled``: keep the exponents of sums and ratios too."""
        place = place.narrowed(e)
        key = (e, place, scaled and isinstance(e, (Add, Mul, Indexed, Label)))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._parts(e, place, scaled=key[2])
        return found

    def _parts(self, e: Expr, place: Place, *, scaled: bool) -> Parts:
        constant = stable.constant(e)
        if constant is not None:
            return Parts((self.number(constant),))
        inner = stable.sigmoid_argument(e, self.given)
        if inner is None and isinstance(e, Add):
            inner = stable.complement(e, self.given)
        if inner is not None:
            return Parts((self.apply("sigmoid", self.value(inner, place)),))
        if isinstance(e, Add):
            if not scaled:
                return Parts((self.value(e, place),))
            return self.scaled_sum([self.parts(t, place, scaled=True) for t in e.args])
        if isinstance(e, Sum):
            summed = [self._contracted(*t, place) for t in self._terms(e, place)]
            return summed[0] if len(summed) == 1 else self.scaled_sum(summed)
        if isinstance(e, Mul):
            return self._mul(e, place, scaled=scaled)
        label = e.args[0].args[0] if isinstance(e, Indexed) else e
        if isinstance(label, Label) and label in self.defined:
            return self._defined(label, e.args[1:] if label is not e else (), place, scaled=scaled)
        return self._product_parts(e, place)

    def _defined(self, label: Label, at: tuple[Expr, ...], place: Place, *, scaled: bool) -> Parts:
        """Entries of a name that was computed from its definition."""
        axes, parts = self.defined[label]
        if not scaled and parts.exponents and not parts.degree:
            parts = Parts((self.finish(parts),))
        where = dict(zip(axes, (self.subscript(x, place) for x in at), strict=True))
        return replace(
            parts,
            factors=tuple(self.moved(f, where, label.name, place) for f in parts.factors),
            exponents=tuple(self.moved(x, where, label.name, place) for x in parts.exponents),
        )

    # ------------------------------------------------------------ kinds of node

    @singledispatchmethod
    def _product_parts(self, e: Basic, place: Place) -> Parts:  # noqa: ARG002
        raise Unsupported(
            Sentence(
                "{kind} has no meaning as an array operation: {expression}; expand or "
                "replace it before asking for a function of numbers",
                kind=type(e).__name__,
                expression=e,
            )
        )

    @_product_parts.register(Symbol)
    def _symbol(self, e: Symbol, place: Place) -> Parts:
        axis = place.get(e)
        if axis is not None:
            return Parts((self.apply("float", self.position(e, place)),))
        if e.name in self.sizes and not isinstance(e, Label):
            return Parts((self.builder.emit(Size((), e)),))
        read = self.builder.emit(Input((), e.name))
        if isinstance(e, Label) and e.spec.kind == "labels":
            return Parts((self.apply("float", read),))
        return Parts((read,))

    @_product_parts.register(Indexed)
    def _indexed(self, e: Indexed, place: Place) -> Parts:
        label = e.args[0].args[0]
        read = self.entry(e, place)
        if isinstance(label, Label) and label.spec.kind == "labels":
            read = self.apply("float", read)
        return Parts((read,))

    def _mul(self, e: Mul, place: Place, *, scaled: bool) -> Parts:
        every = factors(e)
        guards = {k: g for k, f in enumerate(every) if (g := self.guard(f, place)) is not None}
        if guards:
            place = place.behind_guard()
        others = [(k, f) for k, f in enumerate(every) if k not in guards]
        done = {
            k: self.parts(f, place, scaled=scaled) for k, f in others if not isinstance(f, LATER)
        }
        below = any(
            isinstance(f, Pow) and done[k].exponents and not done[k].degree
            for k, f in others
            if k in done
        )
        deep = scaled or below or sum(parts.degree for parts in done.values()) != 0
        for k, f in others:
            if k not in done:
                done[k] = self.parts(
                    f, place, scaled=deep if isinstance(f, Add) else below or scaled
                )
        out = Parts()
        for k in range(len(every)):
            out = out + (guards[k] if k in guards else done[k])
        return out if scaled else self.settled(out)

    @_product_parts.register(Pow)
    def _pow(self, e: Pow, place: Place) -> Parts:
        base, exponent = e.args
        guard = self.guard(e, place)
        if guard is not None:
            return guard
        if base is S.Exp1:
            return self._exp(exponent, place)
        if stable.constant(base) is None or not base.is_positive:
            parts = self.parts(base, place, scaled=True)
        else:
            parts = Parts((self.number(stable.constant(base) or 0.0),))
        power = self.value(exponent, place)
        exponents = tuple(self.times(x, power) for x in parts.exponents)
        degree = parts.degree * (int(exponent) if exponent.is_Integer else 1)
        if exponents and not parts.factors and not parts.masks:
            return Parts((), (), exponents, degree)
        mantissa = self.finish(replace(parts, exponents=()))
        made = self.apply("power", mantissa, power)
        if mantissa in self.yielding and exponent.is_positive:
            self.yielding.add(made)
        return Parts((made,), (), exponents, degree)

    @_product_parts.register(exp)
    def _exp_node(self, e: Expr, place: Place) -> Parts:
        return self._exp(e.args[0], place)

    def _exp(self, argument: Expr, place: Place) -> Parts:
        return Parts((), (), tuple(self.value(t, place) for t in terms(argument)), 1)

    @_product_parts.register(log)
    def _log(self, e: Expr, place: Place) -> Parts:
        if len(e.args) == 2:
            base = self._log_of(e.args[1], place)
            return Parts((self.apply("divide", self._log_of(e.args[0], place), base),))
        return Parts((self._log_of(e.args[0], place),))

    def _log_of(self, e: Expr, place: Place) -> int:
        inner = stable.sigmoid_argument(stable.unfolded(e, self.given), self.given)
        if inner is None and isinstance(e, Add):
            inner = stable.complement(e, self.given)
        if inner is not None:
            negative = self.apply("negative", self.value(inner, place))
            return self.apply("negative", self.apply("softplus", negative))
        inner = stable.softplus_argument(e, self.given)
        if inner is not None:
            return self.apply("softplus", self.value(inner, place))
        if isinstance(e, Pow) and stable.softplus_argument(e.args[0], self.given) is not None:
            return self.times(self._log_of(e.args[0], place), self.value(e.args[1], place))
        if isinstance(e, Product):
            return self._log_of_product(e, place)
        parts = self.parts(e, place, scaled=True)
        exponents = self.sum_of(parts.exponents)
        if exponents is not None and not parts.factors and not parts.masks:
            return exponents
        out = self.apply("log", self.finish(replace(parts, exponents=())))
        return out if exponents is None else self.apply("add", out, exponents)

    def _log_of_product(self, e: Product, place: Place) -> int:
        inner, limits = apart(e.args[0], e.args[1:])
        place, axes, masks = self.bound(inner, limits, place)
        body = self.value(inner, place)
        sign = self.reduced("prod", self.apply("sign", body), masks, axes)
        size = self.apply("log", self.apply("absolute", body))
        total = self.summed(Parts((size,), masks), axes)
        return self.apply("add", self.apply("log", sign), self.finish(total))

    @_product_parts.register(Product)
    @_product_parts.register(MaxOver)
    @_product_parts.register(MinOver)
    def _extremum(self, e: Expr, place: Place) -> Parts:
        how = {Product: "prod", MaxOver: "max", MinOver: "min"}[type(e)]
        body, limits = apart(e.args[0], e.args[1:])
        place, axes, masks = self.bound(body, limits, place)
        return Parts((self.reduced(how, self.value(body, place), masks, axes),))

    @_product_parts.register(KroneckerDelta)
    @_product_parts.register(InRange)
    def _mask(self, e: Expr, place: Place) -> Parts:
        guard = self.guard(e, place)
        assert guard is not None
        return guard

    @_product_parts.register(Piecewise)
    def _piecewise(self, e: Piecewise, place: Place) -> Parts:
        guard = self.guard(e, place)
        if guard is not None:
            return guard
        branches = [(pair.args[0], pair.args[1]) for pair in e.args]
        inside = place.behind_guard()
        out = None
        for branch, condition in reversed(branches):
            value = self.value(branch, inside)
            if condition == S.true:
                out = value
                continue
            otherwise = self.number(float("nan")) if out is None else out
            out = self.apply("where", self.condition(condition, place), value, otherwise)
        assert out is not None
        return Parts((out,))

    @_product_parts.register(Function)
    @_product_parts.register(Max)
    @_product_parts.register(Min)
    def _function(self, e: Function, place: Place) -> Parts:
        name = type(e).__name__
        known = FUNCTIONS.get((name, len(e.args))) or FUNCTIONS.get((name, -1))
        if known is None:
            formula = formula_of(e)
            if formula is None:
                raise Unsupported(
                    Sentence(
                        "{name} has no numerical form here: {expression}; known are {known}",
                        name=name,
                        expression=e,
                        known=", ".join(sorted({n for n, _ in FUNCTIONS})),
                    )
                )
            return self.parts(formula, place)
        arguments = [self.value(a, place) for a in e.args]
        if known in ("maximum", "minimum"):
            out = arguments[0]
            for other in arguments[1:]:
                out = self.apply(known, out, other)
            return Parts((out,))
        return Parts((self.apply(known, *arguments),))

    # ------------------------------------------------------------ sums

    def _terms(self, e: Sum, place: Place) -> list[tuple[Expr, Limits]]:
        return list(sum_terms(e.args[0], e.args[1:], place))

    def _contracted(self, term: Expr, limits: Limits, place: Place) -> Parts:
        if not limits:
            return self.parts(term, place)
        inside, axes, masks = self.bound(term, limits, place)
        return self.summed(Parts((), masks) + self.parts(term, inside), axes)


@memo
def height(e: Basic) -> int:
    """The number of levels of an expression."""
    return 1 + max(map(height, e.args), default=0)
