"""Points: sizes for the dimensions and numbers for what nothing defines.

A number is drawn when it is first read, from the seed and the name alone, so a point does not
depend on the order in which expressions are read, nor on the hash seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Symbol

from symderiv.core.symbols import Label
from symderiv.oracle.numeric import ONE, Real, Smooth, mpf

Key = tuple[Symbol, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Style:
    """From where numbers are drawn: thousandths between two bounds, or a list of simple ones."""

    low: int
    high: int
    simple: tuple[tuple[int, int], ...] = ()
    offset: int = 0


ZEROS = 0.25
WIDE = Style(-1200, 1200)
FAR = Style(-8000, 8000)
STYLES = (
    WIDE,
    Style(-1200, 1200),
    Style(-600, 1200, offset=2),
    Style(100, 1300, offset=4),
    Style(50, 950, offset=4),
    Style(-900, 900, offset=4),
    Style(500, 2000, offset=4),
    Style(1100, 2600, offset=4),
    Style(-1300, -100),
    FAR,
)
SIMPLE = (
    Style(0, 0, ((1, 1), (1, 2), (-1, 1))),
    Style(0, 0, ((1, 1), (2, 1), (1, 2), (-1, 1), (-1, 2), (3, 1))),
    Style(0, 0, ((1, 2), (1, 3), (2, 3), (1, 4)), offset=4),
    Style(0, 0, ((1, 1), (2, 1), (3, 1), (3, 2)), offset=4),
)


@dataclass(frozen=True, slots=True)
class Point:
    """Sizes, and values by name and index; values are filled in as they are read.

    ``flat``, ``bits`` and ``rested`` hold what `symderiv.oracle.flat` works out for these sizes.
    """

    sizes: Mapping[Symbol, int]
    seed: str
    style: Style = WIDE
    values: dict[Key, Real] = field(default_factory=dict)
    smooth: dict[tuple[str, int], Smooth] = field(default_factory=dict)
    flat: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    bits: dict[Key, int] = field(default_factory=dict)
    rested: dict[Key, int] = field(default_factory=dict)

    def function(self, name: str, arity: int) -> Smooth:
        """The function that an undefined name stands for at this point."""
        found = self.smooth.get((name, arity))
        if found is None:
            found = Smooth(name, arity, self.seed, self.style.offset)
            self.smooth[name, arity] = found
        return found

    def entry(self, name: Symbol, at: tuple[int, ...], base: Expr | None = None) -> Real:
        """The number of a scalar, or of an entry of an array that has no kind."""
        key = (name, at)
        value = self.values.get(key)
        if value is None:
            value = self.values[key] = self._draw(self._random(name, at), _signs(base or name))
        return value

    def distribution(self, name: Label, at: tuple[int, ...], size: int) -> Real:
        """An entry of a row of numbers that add up to 1; far out, some are 0 where they may be."""
        key = (name, at)
        if key not in self.values:
            random_row = self._random(name, at[:-1])
            top = 4 if self.style.simple else 1000
            weights = [random_row.randint(max(1, top // 10), top) for _ in range(size)]
            if self.style is FAR and not name.spec.positive:
                weights = _with_zeros(weights, random_row)
            for k, weight in enumerate(weights, 1):
                self.values[name, (*at[:-1], k)] = mpf(weight) / sum(weights)
        return self.values[key]

    def one_hot(self, name: Label, at: tuple[int, ...], size: int, hot: int | None) -> Real:
        """An entry of a row of zeros with a single 1; ``hot`` is its place where it is known."""
        if hot is None:
            hot = self._random(name, at[:-1]).randint(1, size)
        for k in range(1, size + 1):
            self.values[name, (*at[:-1], k)] = int(k == hot)
        return self.values[name, at]

    def label(self, name: Label, at: tuple[int, ...], classes: int) -> int:
        """A class, counted from 1 as formulas count."""
        key = (name, at)
        if key not in self.values:
            self.values[key] = self._random(name, at).randint(1, classes)
        return int(self.values[key])

    def _random(self, name: Symbol, at: tuple[int, ...]) -> random.Random:
        return random.Random(f"{self.seed}|{name.name}|{at}")  # noqa: S311

    def _draw(self, source: random.Random, signs: _Signs) -> Real:
        if signs.integer:
            return source.choice(signs.integers(positive=self.style.offset > 0))
        if self.style.simple:
            top, bottom = source.choice(self.style.simple)
            value = mpf(top) / bottom
        else:
            low, high = self.style.low, self.style.high
            if signs.positive or signs.negative:
                low, high = sorted((abs(high), abs(low)))
                low = low if low < high else 50
            value = mpf(source.randint(low, high)) / 1000 or ONE / 2
        if signs.positive:
            return abs(value)
        return -abs(value) if signs.negative else value


@dataclass(frozen=True, slots=True)
class _Signs:
    """The assumptions that a drawn number has to meet."""

    integer: bool
    positive: bool
    negative: bool
    parity: int | None

    def integers(self, *, positive: bool) -> list[int]:
        low = 1 if self.positive or positive else -3
        high = -1 if self.negative else 4
        numbers = range(min(low, high) if not self.negative else -4, high + 1)
        return [x for x in numbers if x and (self.parity is None or x % 2 == self.parity)]


def _signs(name: Any) -> _Signs:
    """Read the assumptions of a symbol or of the base of an array."""
    return _Signs(
        bool(name.is_integer),
        bool(name.is_positive or name.is_nonnegative),
        bool(name.is_negative or name.is_nonpositive),
        0 if name.is_even else 1 if name.is_odd else None,
    )


def _with_zeros(weights: list[int], source: random.Random) -> list[int]:
    """The weights with every fourth 0 on the average; one of them stays."""
    kept = source.randrange(len(weights))
    return [x if k == kept or source.random() > ZEROS else 0 for k, x in enumerate(weights)]


def draw(sizes: Mapping[Symbol, int], seed: int = 0, style: Style = WIDE) -> Point:
    """The point of a seed: the same in every process.

    Example:
        >>> x = Symbol("x")
        >>> draw({}, seed=3).entry(x, ()) == draw({}, seed=3).entry(x, ())
        True
    """
    shown = ",".join(f"{s.name}={n}" for s, n in sorted(sizes.items(), key=lambda x: x[0].name))
    return Point(dict(sizes), f"{seed}|{shown}|{style}", style)


def draws(
    sizes: Mapping[Symbol, int], seed: int = 0, *, again: int = 2, far: bool = False
) -> Iterator[Point]:
    """Points in the order in which to try them: the range changes until the domain is met.

    ``far`` begins with the widest range.
    """
    styles = (STYLES[-1], *STYLES[:-1]) if far else STYLES
    for turn in range(again):
        for number, style in enumerate(styles):
            yield draw(sizes, seed + 1000 * (turn * len(STYLES) + number), style)
