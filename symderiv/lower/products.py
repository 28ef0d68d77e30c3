"""Products not yet multiplied, and the operations that finish, sum and scale them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from symderiv.lower import stable
from symderiv.lower.builder import Builder
from symderiv.lower.program import (
    Affine,
    Apply,
    At,
    Axis,
    Constant,
    Contract,
    Entry,
    Extent,
    Reduce,
)


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
class Products:
    """Emits operations on registers; knows no expressions.

    ``yielding`` are the registers that may be infinite by a logarithm.
    """

    builder: Builder = field(default_factory=Builder)
    yielding: set[int] = field(default_factory=set)

    # ------------------------------------------------------------ elementwise

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

    def times(self, a: int, b: int) -> int:
        """The product of two registers."""
        if self.builder.ops[b] == Constant((), -1):
            return self.apply("negative", a)
        return self.contract(Parts((a, b)), ())

    def sum_of(self, registers: tuple[int, ...]) -> int | None:
        return self.added([(1, r) for r in registers]) if registers else None

    def added(self, signed: list[tuple[int, int]]) -> int:
        """A sum of registers with signs, those of equal axes first."""
        if not signed:
            return self.number(0)
        groups: dict[frozenset[Axis], list[tuple[int, int]]] = {}
        for pair in signed:
            sign, register = self._without_minus(*pair)
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

    def _without_minus(self, sign: int, register: int) -> tuple[int, int]:
        op = self.builder.ops[register]
        while isinstance(op, Apply) and op.function == "negative":
            sign, register = -sign, op.arguments[0]
            op = self.builder.ops[register]
        return sign, register

    def read(
        self, source: int, name: str, subscripts: tuple[Affine | At, ...], *, guarded: bool
    ) -> int:
        axes: dict[Axis, None] = {}
        for s in subscripts:
            axes |= dict.fromkeys(
                s.axes if isinstance(s, Affine) else self.builder.ops[s.register].axes
            )
        return self.builder.emit(Entry(tuple(axes), source, name, subscripts, guarded))

    # ------------------------------------------------------------ products

    def finish(self, parts: Parts) -> int:
        """The product itself."""
        exponents = self.sum_of(parts.exponents)
        if exponents is not None:
            power = self.apply("exp", exponents)
            return self.contract(replace(parts, factors=(*parts.factors, power)), (), power)
        return self.contract(parts, ())

    def settled(self, parts: Parts) -> Parts:
        """The parts with the exponents as one factor, where that cannot overflow."""
        exponent = self.sum_of(parts.exponents)
        if exponent is None or parts.degree:
            return parts
        return Parts((*parts.factors, self.apply("exp", exponent)), parts.masks)

    def contract(self, parts: Parts, over: tuple[Axis, ...], power: int = -1) -> int:
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
                return self.apply("negative", self.contract(Parts(tuple(rest)), (), power))
        axes = tuple(a for a in self.builder.axes(*every, *parts.masks) if a not in over)
        flagged = tuple(dict.fromkeys(f for f in every if f in self.yielding or f == power))
        made = self.builder.emit(Contract(axes, every, parts.masks, flagged, over))
        if not self.yielding.isdisjoint(every):
            self.yielding.add(made)
        return made

    # ------------------------------------------------------------ sums

    def reduced(
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

    def summed(self, parts: Parts, over: tuple[Axis, ...]) -> Parts:
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
        exponent = self.sum_of(inner(parts.exponents))
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
        made = (self.contract(inside, summed, power),) if summed else inside.factors
        return Parts((*extents, *made)) + outside

    def _shift(self, exponent: int, masks: tuple[int, ...], over: tuple[Axis, ...]) -> int:
        """The largest exponent over some axes, 0 where that is not finite."""
        used = tuple(m for m in masks if set(over) & set(self.builder.axes(m)))
        present = self.builder.axes(exponent, *used)
        axes = tuple(a for a in present if a not in over)
        return self.apply(
            "finite_or_zero", self.builder.emit(Reduce(axes, "max", exponent, used, over))
        )

    def scaled_sum(self, summands: list[Parts]) -> Parts:
        """A sum of terms of which some are exponentials, with the largest exponent taken out."""
        if not any(p.exponents for p in summands):
            return Parts((self.added([(1, self.finish(p)) for p in summands]),))
        exponents: list[int] = []
        for p in summands:
            found = self.sum_of(p.exponents)
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
            total.append((1, self.contract(Parts((*p.factors, down), p.masks), (), down)))
        return Parts((self.added(total),), (), (shift,), max(p.degree for p in summands))
