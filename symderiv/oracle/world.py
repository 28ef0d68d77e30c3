"""A world: a point, and the shifts that a numerical derivative adds to some of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Integer, Symbol
from sympy.core.basic import Basic

from symderiv.core.binding import free, names
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Label
from symderiv.oracle.closures import integer
from symderiv.oracle.flat import defined, rests
from symderiv.oracle.numeric import DomainError, KinkError, RangeError, Real, slope_between, step
from symderiv.oracle.point import Key, Point
from symderiv.oracle.wording import OTHER_AXES, OUTSIDE

DEEP = 40


@memo
def reads(label: Symbol) -> frozenset[Symbol]:
    """Every name that the definition of a name rests on, directly or not."""
    if not isinstance(label, Label) or label.spec.definition is None:
        return frozenset()
    out: set[Symbol] = set()
    for part in Model.of(label.spec.definition.body).labels:
        out.add(part)
        if part.spec.definition is not None:
            out |= names(part.spec.definition.body)
    return frozenset(out | names(label.spec.definition.body))


@memo
def rests_on(e: Basic) -> frozenset[Symbol]:
    """Every name that an expression rests on, directly or not."""
    return names(e).union(*map(reads, names(e)))


class World:
    """Gives names their values.

    The first world of a point computes defined names from their definitions. A shifted world adds
    a shift to one entry: names that rest on it are computed anew if ``downstream``, every other
    name keeps the value of the world it came from. It is ``whole`` if every defined name has the
    value that its definition gives.
    """

    __slots__ = (
        "cache", "downstream", "finer", "key", "parent", "point", "prepare", "shapes", "shifted",
        "shifts", "sums", "terms", "values", "whole",
    )  # fmt: skip

    def __init__(
        self, point: Point, parent: World | None = None, key: Key | None = None,
        shift: Real = 0, *, downstream: bool = False,
    ) -> None:  # fmt: skip
        self.point = point
        self.prepare: Callable[[World], None] | None = None
        self.finer: dict[int, World] = {}
        self.parent = parent
        self.key = key
        self.downstream = downstream
        self.whole: bool = parent is None or (downstream and parent.whole)
        self.values: dict[Key, Real] = {}
        self.shapes: dict[Label, tuple[int, ...]] = parent.shapes if parent else {}
        self.sums: dict[Any, Real] = {}
        self.terms: dict[Any, Sequence[Real]] = {}
        self.cache: dict[tuple[Any, ...], Real] = {}
        self.shifted: dict[tuple[Any, ...], World] = {}
        self.shifts: dict[Key, Real] = dict(parent.shifts) if parent else {}
        if key is not None:
            self.shifts[key] = self.shifts.get(key, 0) + shift

    # ------------------------------------------------------------ values

    def value(self, name: Symbol, at: tuple[int, ...], base: Any = None) -> Real:
        """The value of a scalar name, or of an entry of an array."""
        key = (name, at)
        found = self.values.get(key)
        if found is None:
            if isinstance(name, Label):
                self.check_range(name, at)
            found = self.values[key] = self._compute(key, base)
        return found

    def _compute(self, key: Key, base: Any) -> Real:
        name, at = key
        if self.parent is None:
            return self._at_point(name, at, base)
        if self._is_changed(key):
            return self._by_definition(name, at) + self.shifts.get(key, 0)
        value = self.parent.value(name, at, base)
        if key == self.key:
            return value + self.shifts[key] - self.parent.shifts.get(key, 0)
        return value

    def _is_changed(self, key: Key) -> bool:
        """Has a defined name to be computed anew here?"""
        if not self.downstream or self.key is None or self.key[0] not in reads(key[0]):
            return False
        return not self.follows_parent() or rests(key, self)

    def follows_parent(self) -> bool:
        """Has all that does not read the shifted entry the value that it has in the parent?"""
        return self.parent is None or not self.downstream or self.parent.whole

    def clear(self) -> None:
        """Forget what was computed, after a number was set."""
        self.values.clear()
        self.cache.clear()
        self.sums.clear()
        self.terms.clear()
        self.point.flat.clear()
        self.point.rested.clear()

    def _at_point(self, name: Symbol, at: tuple[int, ...], base: Any) -> Real:
        if not isinstance(name, Label):
            return self.point.entry(name, at, base)
        spec = name.spec
        if spec.definition is not None and (name, at) not in self.point.values:
            return self._by_definition(name, at)
        if spec.kind == "distribution" and at:
            return self.point.distribution(name, at, self.size(spec.shape[-1]))
        if spec.kind == "one_hot" and at:
            return self.point.one_hot(name, at, self.size(spec.shape[-1]), self._hot(name, at))
        if spec.kind == "labels":
            classes = 3 if spec.classes is None else self.size(spec.classes)
            return self.point.label(name, at, classes)
        return self.point.entry(name, at)

    def _hot(self, name: Label, at: tuple[int, ...]) -> int | None:
        hot = name.spec.hot
        if hot is None:
            return None
        places = {s: at[int(s.name[1:])] for s in free(hot) if s.name.startswith("\x00")}
        return integer(hot)(self, places)

    def _by_definition(self, name: Label, at: tuple[int, ...]) -> Real:
        self._prepare(name)
        found = defined(name, at, self)
        assert found is not None
        return found.run(self)

    def _prepare(self, name: Label) -> None:
        """Compute what a deep model rests on in order, so that no deep recursion happens."""
        token = ("prepared",)
        if token in self.cache or len(reads(name)) < DEEP:
            return
        self.cache[token] = 1
        definition = name.spec.definition
        assert definition is not None
        for label, _ in Model.of(definition.body).equations:
            for at in self.entries(label):
                self.value(label, at)

    # ------------------------------------------------------------ ranges

    def size(self, e: Any) -> int:
        """The number that a size stands for."""
        return int(e) if isinstance(e, Integer) else integer(e)(self, {})

    def entries(self, name: Label) -> list[tuple[int, ...]]:
        """All places of an array."""
        out: list[tuple[int, ...]] = [()]
        for size in name.shape:
            out = [(*at, k) for at in out for k in range(1, self.size(size) + 1)]
        return out

    def check_range(self, name: Label, at: tuple[int, ...]) -> None:
        """Raise `RangeError` for an entry that the array does not have."""
        shape = self.shapes.get(name)
        if shape is None:
            shape = self.shapes[name] = tuple(map(self.size, name.shape))
        if len(shape) != len(at):
            axes, indices = str(len(shape)), str(len(at))
            raise RangeError(Sentence(OTHER_AXES, name=name.name, axes=axes, indices=indices))
        for place, size in zip(at, shape, strict=True):
            if not 1 <= place <= size:
                inside = ", ".join(map(str, at))
                read = f"{name.name}[{inside}]"
                raise RangeError(Sentence(OUTSIDE, entry=read, name=name.name))

    # ------------------------------------------------------------ digits

    def prepared(self, prepare: Callable[[World], None] | None) -> World:
        """This world after something was imposed on its numbers, as on those of `with_digits`."""
        self.prepare = prepare
        if prepare:
            prepare(self)
        return self

    def with_digits(self, count: int) -> World:
        """The same first world, its numbers drawn again to so many digits; to be used with them."""
        found = self.finer.get(count)
        if found is None:
            again = Point(self.point.sizes, self.point.seed, self.point.style)
            found = self.finer[count] = World(again).prepared(self.prepare)
        return found

    # ------------------------------------------------------------ slopes

    def shift(self, key: Key, shift: Real, *, downstream: bool) -> World:
        """This world with one entry shifted."""
        token = (key, shift, downstream)
        made = self.shifted.get(token)
        if made is None:
            made = World(self.point, self, key, shift, downstream=downstream)
            self.shifted[token] = made
        return made

    def slope(self, of: Callable[[World], Real], key: Key, *, downstream: bool) -> Real:
        """The derivative by an entry; 0 by an entry that its array does not have."""
        try:
            self.value(*key)
        except RangeError:
            return 0
        middle = of(self if self.whole else self.shift(key, 0, downstream=downstream))
        try:
            ahead = of(self.shift(key, step(), downstream=downstream))
            behind = of(self.shift(key, -step(), downstream=downstream))
        except DomainError as reason:
            raise KinkError(f"too near the border of the domain: {reason}") from reason
        return slope_between(ahead, behind, middle)
