"""The lowering: an index expression becomes an array program.

Every expression is translated to a `Parts`: factors not yet multiplied, masks, and exponents (a
factor ``e^x`` kept as x). Factors stay apart so that a sum over them becomes one contraction;
exponents stay apart so that ``e^a / Σ e^a`` and ``log Σ e^a`` never overflow.
"""

from __future__ import annotations

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
    Number,
    Piecewise,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
)
from sympy.core.basic import Basic
from sympy.core.numbers import NumberSymbol
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from symderiv.core.binding import free
from symderiv.core.errors import Unsupported
from symderiv.core.expr import InRange, MaxOver, MinOver, coefficient, factors, terms
from symderiv.core.symbols import Label
from symderiv.lower import stable
from symderiv.lower.functions import FUNCTIONS, RELATIONS, formula_of
from symderiv.lower.places import Place, affine, extreme
from symderiv.lower.program import (
    Affine,
    Apply,
    At,
    Axis,
    Builder,
    Constant,
    Contract,
    Entry,
    Extent,
    Index,
    Input,
    Reduce,
    Size,
)
from symderiv.lower.sums import Limits, sum_terms


@dataclass(frozen=True, slots=True)
class Parts:
    """The product of factors and of ``e^x`` for each exponent, 0 where a mask is false.

    ``degree`` counts the exponentials above the line less those below: a softmax has 0, and
    need not be kept apart, since it cannot overflow.
    """

    factors: tuple[int, ...] = ()
    masks: tuple[int, ...] = ()
    exponents: tuple[int, ...] = ()
    degree: int = 0

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.factors + other.factors,
            self.masks + other.masks,
            self.exponents + other.exponents,
            self.degree + other.degree,
        )


@dataclass(slots=True)
class Translator:
    """Translates expressions that share names into one program.

    ``sizes`` are the names of the symbols that stand for sizes and integer parameters; every
    other free symbol is a scalar input.
    """

    sizes: frozenset[str]
    builder: Builder = field(default_factory=Builder)
    defined: dict[Label, tuple[tuple[Axis, ...], Parts]] = field(default_factory=dict)
    pool: dict[tuple[Expr, Expr], list[Axis]] = field(default_factory=dict)
    taken: dict[str, None] = field(default_factory=dict)
    yielding: set[int] = field(default_factory=set)
    values: dict[tuple[Basic, Place], int] = field(default_factory=dict)
    known: dict[tuple[Basic, Place, bool], Parts] = field(default_factory=dict)

    # ------------------------------------------------------------ entry points

    def axis(self, index: Symbol, low: Expr, high: Expr, avoid: frozenset[Axis]) -> Axis:
        """An axis of this range that is not among those to avoid; used again where possible."""
        same = self.pool.setdefault((low, high), [])
        for axis in same:
            if axis not in avoid:
                return axis
        name, count = index.name, 1
        while name in self.taken:
            count += 1
            name = f"{index.name}{count}"
        self.taken[name] = None
        same.append(Axis(name, low, high))
        return same[-1]

    def define(self, label: Label) -> None:
        """Translate the definition of a name; later entries of it read what was computed."""
        definition = label.spec.definition
        assert definition is not None
        axes: dict[Symbol, Axis] = {}
        for index, size in zip(definition.indices, label.shape, strict=True):
            axes[index] = self.axis(index, S.One, size, frozenset(axes.values()))
        parts = self.parts(definition.body, Place(tuple(axes.items())), scaled=True)
        mantissa = self.finish(replace(parts, exponents=()))
        kept = Parts((mantissa,), (), parts.exponents, parts.degree)
        self.defined[label] = tuple(axes.values()), kept

    def value(self, e: Expr, place: Place) -> int:
        """The register of an expression's value."""
        place = place.narrowed(e)
        found = self.values.get((e, place))
        if found is None:
            found = self.values[e, place] = self._value(e, place)
        return found

    def _value(self, e: Expr, place: Place) -> int:
        if isinstance(e, Add) and stable.complement(e) is None:
            return self._added([self._signed(t, place) for t in e.args])
        if isinstance(e, Sum):
            summed = [self._contracted(*t, place) for t in self._terms(e, place)]
            return self._added([(1, self.finish(parts)) for parts in summed])
        return self.finish(self.parts(e, place))

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
        inner = stable.sigmoid_argument(e)
        if inner is None and isinstance(e, Add):
            inner = stable.complement(e)
        if inner is not None:
            return Parts((self.apply("sigmoid", self.value(inner, place)),))
        if isinstance(e, Add):
            if not scaled:
                return Parts((self.value(e, place),))
            return self._scaled_sum([self.parts(t, place, scaled=True) for t in e.args])
        if isinstance(e, Sum):
            summed = [self._contracted(*t, place) for t in self._terms(e, place)]
            return summed[0] if len(summed) == 1 else self._scaled_sum(summed)
        if isinstance(e, Mul):
            return self._mul(e, place, scaled=scaled)
        label = e.args[0].args[0] if isinstance(e, Indexed) else e
        if isinstance(label, Label) and label in self.defined:
            return self._defined(label, e.args[1:] if label is not e else (), place, scaled)
        return self._product_parts(e, place)

    def _defined(self, label: Label, at: tuple[Expr, ...], place: Place, scaled: bool) -> Parts:
        """Entries of a name that was computed from its definition."""
        axes, parts = self.defined[label]
        if not scaled and parts.exponents and not parts.degree:
            parts = Parts((self.finish(parts),))
        where = dict(zip(axes, (self._subscript(x, place) for x in at), strict=True))
        return replace(
            parts,
            factors=tuple(self._moved(f, where, label.name, place) for f in parts.factors),
            exponents=tuple(self._moved(x, where, label.name, place) for x in parts.exponents),
        )

    def _settled(self, parts: Parts) -> Parts:
        """The parts with the exponents as one factor, where that cannot overflow."""
        exponent = self._sum(parts.exponents)
        if exponent is None or parts.degree:
            return parts
        return Parts((*parts.factors, self.apply("exp", exponent)), parts.masks)

    # ------------------------------------------------------------ emitting

    def number(self, value: float) -> int:
        """A constant."""
        return self.builder.emit(Constant((), value))

    def apply(self, function: str, *arguments: int) -> int:
        """An elementwise operation; what may be infinite by a logarithm is remembered."""
        made = self.builder.emit(Apply(self.builder.axes(*arguments), function, arguments))
        if function == "log" or (
            function in stable.PASSING and not self.yielding.isdisjoint(arguments)
        ):
            self.yielding.add(made)
        return made

    def finish(self, parts: Parts) -> int:
        """The product itself."""
        exponents = self._sum(parts.exponents)
        if exponents is not None:
            power = self.apply("exp", exponents)
            return self._contract(replace(parts, factors=(*parts.factors, power)), (), power)
        return self._contract(parts, ())

    def _contract(self, parts: Parts, over: tuple[Axis, ...], power: int = -1) -> int:
        every = parts.factors
        if not parts.masks and not over:
            if not every:
                return self.number(1)
            if len(every) == 1:
                return every[0]
            minus = next((f for f in every if self.builder.ops[f] == Constant((), -1)), None)
            if minus is not None:
                rest = list(every)
                rest.remove(minus)
                return self.apply("negative", self._contract(Parts(tuple(rest)), (), power))
        axes = tuple(a for a in self.builder.axes(*every, *parts.masks) if a not in over)
        flagged = tuple(dict.fromkeys(f for f in every if f in self.yielding or f == power))
        made = self.builder.emit(Contract(axes, every, parts.masks, flagged, over))
        if not self.yielding.isdisjoint(every):
            self.yielding.add(made)
        return made

    def _sum(self, registers: tuple[int, ...]) -> int | None:
        return self._added([(1, r) for r in registers]) if registers else None

    def _added(self, signed: list[tuple[int, int]]) -> int:
        """A sum of registers with signs, those of equal axes first."""
        if not signed:
            return self.number(0)
        groups: dict[frozenset[Axis], list[tuple[int, int]]] = {}
        for sign, register in signed:
            groups.setdefault(frozenset(self.builder.axes(register)), []).append((sign, register))
        ordered = [pair for group in groups.values() for pair in group]
        first = next((k for k, (sign, _) in enumerate(ordered) if sign > 0), None)
        if first is None:
            total = self.apply("negative", ordered.pop(0)[1])
        else:
            total = ordered.pop(first)[1]
        for sign, register in ordered:
            total = self.apply("add" if sign > 0 else "subtract", total, register)
        return total

    def _signed(self, term: Expr, place: Place) -> tuple[int, int]:
        if isinstance(term, Mul) and term.args[0] is S.NegativeOne and len(term.args) == 2:
            return -1, self.value(term.args[1], place)
        number, _ = coefficient(term)
        if number is S.NegativeOne and isinstance(term, Mul):
            rest = Mul._from_args(term.args[1:])
            return -1, self.value(rest, place)
        return 1, self.value(term, place)

    # ------------------------------------------------------------ kinds of node

    @singledispatchmethod
    def _product_parts(self, e: Basic, place: Place) -> Parts:
        raise Unsupported(
            f"{type(e).__name__} has no meaning as an array operation: {e}; "
            "expand or replace it before asking for a function of numbers"
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
        read = self._entry(e, place)
        if isinstance(label, Label) and label.spec.kind == "labels":
            read = self.apply("float", read)
        return Parts((read,))

    def _mul(self, e: Mul, place: Place, *, scaled: bool) -> Parts:
        every = factors(e)
        guards = {k: g for k, f in enumerate(every) if (g := self._guard(f, place)) is not None}
        if guards:
            place = place.behind_guard()
        others = [(k, f) for k, f in enumerate(every) if k not in guards]
        done = {k: self.parts(f, place, scaled=scaled) for k, f in others if not isinstance(f, Add)}
        deep = scaled or sum(parts.degree for parts in done.values()) != 0
        done |= {k: self.parts(f, place, scaled=deep) for k, f in others if k not in done}
        out = Parts()
        for k in range(len(every)):
            out = out + (guards[k] if k in guards else done[k])
        return out if scaled else self._settled(out)

    @_product_parts.register(Pow)
    def _pow(self, e: Pow, place: Place) -> Parts:
        base, exponent = e.args
        guard = self._guard(e, place)
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
        inner = stable.sigmoid_argument(e)
        if inner is None and isinstance(e, Add):
            inner = stable.complement(e)
        if inner is not None:
            negative = self.apply("negative", self.value(inner, place))
            return self.apply("negative", self.apply("softplus", negative))
        inner = stable.softplus_argument(e)
        if inner is not None:
            return self.apply("softplus", self.value(inner, place))
        if isinstance(e, Pow) and stable.softplus_argument(e.args[0]) is not None:
            return self.times(self._log_of(e.args[0], place), self.value(e.args[1], place))
        if isinstance(e, Product):
            return self._log_of_product(e, place)
        parts = self.parts(e, place, scaled=True)
        exponents = self._sum(parts.exponents)
        if exponents is not None and not parts.factors and not parts.masks:
            return exponents
        out = self.apply("log", self.finish(replace(parts, exponents=())))
        return out if exponents is None else self.apply("add", out, exponents)

    def _log_of_product(self, e: Product, place: Place) -> int:
        place, axes, masks = self._bound(e.args[0], e.args[1:], place)
        body = self.value(e.args[0], place)
        sign = self._reduced("prod", self.apply("sign", body), masks, axes)
        size = self.apply("log", self.apply("absolute", body))
        total = self._contracted_parts(Parts((size,), masks), axes)
        return self.apply("add", self.apply("log", sign), self.finish(total))

    @_product_parts.register(Product)
    @_product_parts.register(MaxOver)
    @_product_parts.register(MinOver)
    def _extremum(self, e: Expr, place: Place) -> Parts:
        how = {Product: "prod", MaxOver: "max", MinOver: "min"}[type(e)]
        place, axes, masks = self._bound(e.args[0], e.args[1:], place)
        return Parts((self._reduced(how, self.value(e.args[0], place), masks, axes),))

    @_product_parts.register(KroneckerDelta)
    @_product_parts.register(InRange)
    def _mask(self, e: Expr, place: Place) -> Parts:
        guard = self._guard(e, place)
        assert guard is not None
        return guard

    @_product_parts.register(Piecewise)
    def _piecewise(self, e: Piecewise, place: Place) -> Parts:
        guard = self._guard(e, place)
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
                    f"{name} has no numerical form here: {e}; known are "
                    + ", ".join(sorted({n for n, _ in FUNCTIONS}))
                )
            return self.parts(formula, place)
        arguments = [self.value(a, place) for a in e.args]
        if known in ("maximum", "minimum"):
            out = arguments[0]
            for other in arguments[1:]:
                out = self.apply(known, out, other)
            return Parts((out,))
        return Parts((self.apply(known, *arguments),))

    def times(self, a: int, b: int) -> int:
        """The product of two registers."""
        if self.builder.ops[b] == Constant((), -1):
            return self.apply("negative", a)
        return self._contract(Parts((a, b)), ())

    # ------------------------------------------------------------ guards

    def _guard(self, e: Expr, place: Place) -> Parts | None:
        """A factor that is 0 where a condition fails: the condition as a mask, and the rest."""
        if isinstance(e, Pow) and e.args[1].is_Integer and bool(e.args[1] > 0):
            if isinstance(e.args[0], (KroneckerDelta, InRange)):
                return self._guard(e.args[0], place)
        if isinstance(e, KroneckerDelta):
            pair = (self.position(a, place) for a in e.args[:2])
            return Parts((), (self.apply("equal", *pair),))
        if isinstance(e, InRange):
            index, low, high = (self.position(a, place) for a in e.args)
            return Parts(
                (), (self.apply("less_equal", low, index), self.apply("less_equal", index, high))
            )
        if isinstance(e, Piecewise) and len(e.args) == 2:
            (kept, condition), (zero, otherwise) = (pair.args for pair in e.args)
            if zero == 0 and otherwise == S.true:
                mask = Parts((), (self.condition(condition, place),))
                return mask + self.parts(kept, place.behind_guard())
        return None

    def condition(self, c: Basic, place: Place) -> int:
        """The register of a condition's truth."""
        if isinstance(c, (BooleanTrue, BooleanFalse)):
            return self.builder.emit(Constant((), bool(c)))
        if isinstance(c, Not):
            return self.apply("logical_not", self.condition(c.args[0], place))
        if isinstance(c, (And, Or)):
            name = "logical_and" if isinstance(c, And) else "logical_or"
            parts = sorted(c.args, key=str)
            out = self.condition(parts[0], place)
            for part in parts[1:]:
                out = self.apply(name, out, self.condition(part, place))
            return out
        if isinstance(c, Relational):
            sides = [self._side(a, place) for a in c.args]
            return self.apply(RELATIONS[type(c).__name__], *sides)
        raise Unsupported(f"the condition {c} is no comparison, and, or, not")

    def _side(self, e: Expr, place: Place) -> int:
        found = affine(e, place) if any(place.get(s) for s in free(e)) else None
        if found is not None and e.is_integer:
            return self.builder.emit(Index(found.axes, found))
        return self.value(e, place)

    # ------------------------------------------------------------ indices

    def position(self, e: Expr, place: Place) -> int:
        """The register of an index: integers that count from 1."""
        found = affine(e, place)
        if found is not None:
            return self.builder.emit(Index(found.axes, found))
        label = e.args[0].args[0] if isinstance(e, Indexed) else e
        if isinstance(label, Label) and label.spec.kind == "labels" and label not in self.defined:
            if isinstance(e, Indexed):
                return self._entry(e, place)
            return self.builder.emit(Input((), label.name))
        return self.apply("integer", self.value(e, place))

    def _subscript(self, e: Expr, place: Place) -> Affine | At:
        found = affine(e, place)
        return found if found is not None else At(self.position(e, place))

    def _entry(self, e: Indexed, place: Place) -> int:
        name = str(e.args[0].args[0])
        source = self.builder.emit(Input((), name))
        subscripts = tuple(self._subscript(x, place) for x in e.args[1:])
        return self._read(source, name, subscripts, guarded=place.guarded)

    def _moved(self, register: int, where: dict[Axis, Affine | At], name: str, place: Place) -> int:
        """Entries of a computed array: its axes replaced by subscripts."""
        axes = self.builder.ops[register].axes
        if all(where[a] == Affine(((a, S.One),), S.Zero) for a in axes):
            return register
        subscripts = tuple(where[a] for a in axes)
        made = self._read(register, name, subscripts, guarded=place.guarded)
        if register in self.yielding:
            self.yielding.add(made)
        return made

    def _read(
        self, source: int, name: str, subscripts: tuple[Affine | At, ...], *, guarded: bool
    ) -> int:
        axes: dict[Axis, None] = {}
        for s in subscripts:
            axes |= dict.fromkeys(
                s.axes if isinstance(s, Affine) else self.builder.ops[s.register].axes
            )
        return self.builder.emit(Entry(tuple(axes), source, name, subscripts, guarded))

    # ------------------------------------------------------------ sums

    def _terms(self, e: Sum, place: Place) -> list[tuple[Expr, Limits]]:
        return list(sum_terms(e.args[0], e.args[1:], place))

    def _bound(
        self, body: Expr, limits: Limits, place: Place
    ) -> tuple[Place, tuple[Axis, ...], tuple[int, ...]]:
        """The place inside a binder, its axes, and masks where a limit depends on other indices."""
        extra: dict[Symbol, Axis] = {}
        masks: list[Tuple] = []
        for v, low, high in reversed(limits):
            here = place.bound(extra)
            ends = (low, high)
            if any(here.get(s) is not None for s in free(low) | free(high)):
                masks.append(Tuple(v, low, high))
                ends = (extreme(low, here, lowest=True), extreme(high, here, lowest=False))
            seen = frozenset(extra.values()).union(
                axis for s, axis in here.axes if s in free(body) or _mentions(limits, s)
            )
            extra[v] = self.axis(v, *ends, seen)
        inside = place.bound(extra, guarded=bool(masks))
        registers = []
        for v, low, high in masks:
            index = self.position(v, inside)
            for function, a, b in (("less_equal", low, v), ("less_equal", v, high)):
                if a != v and not any(inside.get(s) for s in free(a)):
                    continue
                if b != v and not any(inside.get(s) for s in free(b)):
                    continue
                pair = (
                    index if a == v else self.position(a, inside),
                    index if b == v else self.position(b, inside),
                )
                registers.append(self.apply(function, *pair))
        return inside, tuple(extra.values()), tuple(registers)

    def _reduced(
        self, how: str, register: int, masks: tuple[int, ...], over: tuple[Axis, ...]
    ) -> int:
        present = self.builder.axes(register, *masks)
        missing = [a for a in over if a not in present]
        if missing and how == "prod":
            for axis in missing:
                extent = self.builder.emit(Extent((), axis))
                register = self.apply("power", register, extent)
        inner = tuple(a for a in over if a in present)
        if not inner and not masks:
            return register
        axes = tuple(a for a in present if a not in inner)
        return self.builder.emit(Reduce(axes, how, register, masks, inner))

    def _contracted(self, term: Expr, limits: Limits, place: Place) -> Parts:
        if not limits:
            return self.parts(term, place)
        inside, axes, masks = self._bound(term, limits, place)
        return self._contracted_parts(Parts((), masks) + self.parts(term, inside), axes)

    def _contracted_parts(self, parts: Parts, over: tuple[Axis, ...]) -> Parts:
        """``Σ`` over axes; factors without them stay outside."""
        within = frozenset(over)

        def inner(registers: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(r for r in registers if within.intersection(self.builder.axes(r)))

        def outer(registers: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(r for r in registers if not within.intersection(self.builder.axes(r)))

        inside = Parts(inner(parts.factors), inner(parts.masks), ())
        outside = Parts(
            outer(parts.factors), outer(parts.masks), outer(parts.exponents), parts.degree
        )
        exponent = self._sum(inner(parts.exponents))
        power = -1
        if exponent is not None:
            axes = tuple(a for a in over if a in self.builder.axes(exponent))
            shift = self._shift(exponent, inside.masks, axes)
            power = self.apply("exp", self.apply("subtract", exponent, shift))
            inside = replace(inside, factors=(*inside.factors, power))
            outside = replace(outside, exponents=(*outside.exponents, shift))
        present = self.builder.axes(*inside.factors, *inside.masks)
        summed = tuple(a for a in over if a in present)
        extents = tuple(self.builder.emit(Extent((), a)) for a in over if a not in present)
        made = (self._contract(inside, summed, power),) if summed else inside.factors
        return Parts((*extents, *made)) + outside

    def _shift(self, exponent: int, masks: tuple[int, ...], over: tuple[Axis, ...]) -> int:
        """The largest exponent over some axes, 0 where that is not finite."""
        used = tuple(m for m in masks if set(over) & set(self.builder.axes(m)))
        present = self.builder.axes(exponent, *used)
        axes = tuple(a for a in present if a not in over)
        return self.apply(
            "finite_or_zero", self.builder.emit(Reduce(axes, "max", exponent, used, over))
        )

    def _scaled_sum(self, summands: list[Parts]) -> Parts:
        """A sum of terms of which some are exponentials, with the largest exponent taken out."""
        if not any(p.exponents for p in summands):
            return Parts((self._added([(1, self.finish(p)) for p in summands]),))
        exponents: list[int] = []
        for p in summands:
            found = self._sum(p.exponents)
            found = self.number(0) if found is None else found
            if p.masks:
                condition = p.masks[0]
                for mask in p.masks[1:]:
                    condition = self.apply("logical_and", condition, mask)
                found = self.apply("where", condition, found, self.number(float("-inf")))
            exponents.append(found)
        shift = exponents[0]
        for other in exponents[1:]:
            if other != shift:
                shift = self.apply("maximum", shift, other)
        shift = self.apply("finite_or_zero", shift)
        total = []
        for p, x in zip(summands, exponents, strict=True):
            down = self.apply("exp", self.apply("subtract", x, shift))
            total.append((1, self._contract(Parts((*p.factors, down), p.masks), (), down)))
        return Parts((self._added(total),), (), (shift,), max(p.degree for p in summands))


def _mentions(limits: Limits, s: Symbol) -> bool:
    return any(s in free(low) or s in free(high) for _, low, high in limits)
