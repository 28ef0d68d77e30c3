"""The arguments of a compiled function: which names it takes, and whether data fit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Mul, Number, Symbol

from symderiv.core.binding import free
from symderiv.core.errors import DataError
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.lower.elementwise import PLAIN
from symderiv.lower.places import evaluate
from symderiv.lower.wording import given_is, joined, listed, one_of, tuple_of


@memo
def in_order(e: Expr) -> tuple[Symbol, ...]:
    """The free symbols of an index or size, by name."""
    return tuple(sorted(free(e), key=_name))


def _name(s: Symbol) -> str:
    return str(s.name)


SizeOf = dict[str, tuple[int, str]]  # a size, and what told it


@dataclass(frozen=True, slots=True)
class Argument:
    """An array or scalar that a caller may hand in.

    ``shape`` holds the declared sizes, None where a plain ``IndexedBase`` leaves one open.
    ``labels`` data are integers that count from 0, below ``classes``.
    """

    name: str
    shape: tuple[Expr | None, ...] = ()
    labels: bool = False
    classes: Expr | None = None

    @property
    def text(self) -> str:
        """``z of shape (n,)``, for messages."""
        if not self.shape:
            return Sentence("the scalar {name}", name=self.name)
        shape = tuple_of("?" if s is None else s for s in self.shape)
        return Sentence("{name} of shape {shape}", name=self.name, shape=shape)


@dataclass(frozen=True, slots=True)
class Signature:
    """Every name that a function takes.

    ``needed`` are the arrays whose values it reads, ``sizes`` the sizes it must know,
    ``defined`` the names that it computes itself.
    """

    arguments: tuple[Argument, ...]
    needed: tuple[str, ...]
    sizes: tuple[str, ...]
    defined: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays and scalars accepted."""
        return tuple(a.name for a in self.arguments)

    @property
    def every_size(self) -> tuple[str, ...]:
        """The sizes that may be given by name: those needed, and those of any array."""
        of_shapes = (
            s.name
            for a in self.arguments
            for size in a.shape
            if size is not None
            for s in in_order(size)
        )
        return tuple(dict.fromkeys((*self.sizes, *of_shapes)))

    @property
    def required(self) -> tuple[str, ...]:
        """The arrays needed for their values, then one for each size that these do not tell."""
        needed = frozenset(self.needed)
        out = [a for a in self.arguments if a.name in needed]
        told = {name for a in out for name in _tells(a)}
        for size in self.sizes:
            if size not in told:
                teller = next((a for a in self.arguments if size in _tells(a)), None)
                if teller is not None:
                    out.append(teller)
                    told.update(_tells(teller))
        chosen = {a.name for a in out}
        return tuple(a.name for a in self.arguments if a.name in chosen)

    def bind(
        self, given: Mapping[str, Any], backend: Any
    ) -> tuple[dict[str, Any], dict[str, int], Any]:
        """The data as arrays of one floating type, the sizes, and that type.

        Raises `DataError` for a name, a shape or a type that does not fit, or a name missing.
        """
        self._check_names(given)
        data = {a.name: backend.read(given[a.name]) for a in self.arguments if a.name in given}
        for a in self.arguments:
            if a.name in data:
                _check_number(a, data[a.name])
        sizes = self._sizes(given, data)
        needed = frozenset(self.needed)
        missing = [a for a in self.arguments if a.name in needed and a.name not in data]
        if missing:
            raise DataError(
                Sentence(
                    "missing: {missing}; {given}",
                    missing=joined(a.text for a in missing),
                    given=given_is(given),
                )
            )
        self._check_sizes(sizes)
        plain = {name: value for name, (value, _) in sizes.items()}
        dtype = _floating(data.values(), backend.default_type())
        for a in self.arguments:
            if a.name in data:
                data[a.name] = _prepared(a, data[a.name], plain, dtype)
        return data, plain, dtype

    def _check_names(self, given: Mapping[str, Any]) -> None:
        accepted = (*self.names, *self.every_size)
        known = frozenset(accepted)
        for name in given:
            if name in known:
                continue
            if name in self.defined:
                raise DataError(
                    Sentence(
                        "{name} is defined by the model and computed from its definition; give "
                        "{names} instead",
                        name=repr(name),
                        names=listed(self.required),
                    )
                )
            close = get_close_matches(str(name), accepted, 1)
            hint = Sentence("; did you mean {name}?", name=repr(close[0])) if close else ""
            raise DataError(
                Sentence(
                    "there is no array {name} here; accepted are {names}{hint}",
                    name=repr(name),
                    names=listed(accepted),
                    hint=hint,
                )
            )

    # ------------------------------------------------------------ sizes

    def _sizes(self, given: Mapping[str, Any], data: Mapping[str, Any]) -> SizeOf:
        """The sizes told by name and by shapes; every shape is checked against them."""
        sizes: SizeOf = {}
        taken = frozenset(self.names)
        for name in self.every_size:
            if name in given and name not in taken:
                sizes[name] = _whole(name, given[name]), Sentence("given by name")
        shaped = [
            (a, tuple(data[a.name].shape)) for a in self.arguments if a.name in data and a.shape
        ]
        for a, shape in shaped:
            if len(shape) != len(a.shape):
                raise DataError(
                    Sentence(
                        "{argument} has {axes} axes; given is shape {shape}",
                        argument=a.text,
                        axes=len(a.shape),
                        shape=shape,
                    )
                )
        told = True
        while told:
            told = False
            for a, shape in shaped:
                for size, number in zip(a.shape, shape, strict=True):
                    found = _solved(size, number, sizes)
                    if found is not None:
                        sizes[found[0]] = found[1], Sentence("from {name}", name=a.name)
                        told = True
        numbers = {name: value for name, (value, _) in sizes.items()}
        for a, shape in shaped:
            _check_shape(a, shape, sizes, numbers)
        return sizes

    def _check_sizes(self, sizes: SizeOf) -> None:
        for name in self.sizes:
            if name not in sizes:
                tellers = [a.name for a in self.arguments if name in _tells(a)]
                option = f"{name}=…"
                if not tellers:
                    raise DataError(
                        Sentence(
                            "no given array tells the size {name}; give {option} by name",
                            name=name,
                            option=option,
                        )
                    )
                raise DataError(
                    Sentence(
                        "no given array tells the size {name}; give {arrays}, or {option} by name",
                        name=name,
                        arrays=one_of(tellers),
                        option=option,
                    )
                )


def _tells(a: Argument) -> tuple[str, ...]:
    return tuple(s.name for s in a.shape if isinstance(s, Symbol))


def _solved(size: Expr | None, number: int, sizes: SizeOf) -> tuple[str, int] | None:
    """A size symbol not known yet, and its value, from one axis."""
    if size is None:
        return None
    unknown = [s for s in in_order(size) if s.name not in sizes]
    if len(unknown) != 1:
        return None
    if isinstance(size, Symbol):
        return size.name, number
    if isinstance(size, (Add, Mul)):
        known = {s: Integer(sizes[s.name][0]) for s in free(size) if s.name in sizes}
        line = size.xreplace(known).expand()
        slope = line.coeff(unknown[0], 1)
        rest = line - slope * unknown[0]
        if isinstance(slope, Number) and slope != 0 and isinstance(rest, Number):
            value = (number - rest) / slope
            if value.is_Integer:
                return unknown[0].name, int(value)
    return None


def _check_shape(
    a: Argument, shape: tuple[int, ...], sizes: SizeOf, numbers: Mapping[str, int]
) -> None:
    expected: list[int | str] = []
    why: dict[str, None] = {}
    fits = True
    for size, number in zip(a.shape, shape, strict=True):
        if size is None or any(s.name not in sizes for s in free(size)):
            expected.append("?" if size is None else str(size))
            continue
        value = evaluate(size, numbers)
        expected.append(value)
        fits = fits and value == number
        for s in in_order(size):
            value, told = sizes[s.name]
            size_is = f"{s.name} = {value}"
            why[Sentence("{size} {told}", size=size_is, told=told)] = None
    if not fits:
        because = Sentence(", as {reasons}", reasons=joined(why)) if why else ""
        raise DataError(
            Sentence(
                "{argument} must have shape {expected}{because}; given is shape {shape}",
                argument=a.text,
                expected=tuple_of(expected),
                because=because,
                shape=shape,
            )
        )


def _whole(name: str, value: Any) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    raise DataError(
        Sentence(
            "{name} is a size or an index: a whole number is expected, not {value}",
            name=name,
            value=repr(value),
        )
    )


# ---------------------------------------------------------------- data


def _check_number(a: Argument, x: Any) -> None:
    if isinstance(x, PLAIN):
        if a.shape:
            raise DataError(
                Sentence(
                    "{argument} is expected; given is the number {value}",
                    argument=a.text,
                    value=repr(x),
                )
            )
        if a.labels and not isinstance(x, int):
            raise DataError(
                Sentence(
                    "{argument} holds classes: an integer is expected, not {value}",
                    argument=a.text,
                    value=repr(x),
                )
            )
        return
    if not a.shape and x.ndim:
        raise DataError(
            Sentence(
                "{argument} must be a number; given is shape {shape}",
                argument=a.text,
                shape=tuple(x.shape),
            )
        )
    kind = x.dtype.kind
    if a.labels and kind not in "iu":
        raise DataError(
            Sentence(
                "{argument} holds classes, integers from 0; given is type {kind}",
                argument=a.text,
                kind=x.dtype,
            )
        )
    if kind not in "iufbV":
        raise DataError(
            Sentence(
                "{argument} must hold real numbers; given is type {kind}",
                argument=a.text,
                kind=x.dtype,
            )
        )


def _floating(data: Any, default: Any) -> Any:
    """The common floating type of the data; the default if none of them has one."""
    found = [x.dtype for x in data if not isinstance(x, PLAIN) and x.dtype.kind in "fV"]
    return np.result_type(*found) if found else default


def _prepared(a: Argument, x: Any, sizes: Mapping[str, int], dtype: Any) -> Any:
    if not a.labels:
        if isinstance(x, PLAIN):
            return float(x)
        return x if x.dtype == dtype else x.astype(dtype)
    classes = (
        None
        if a.classes is None or any(s.name not in sizes for s in free(a.classes))
        else (evaluate(a.classes, sizes))
    )
    _check_labels(a, x, classes)
    return x + 1 if isinstance(x, PLAIN) else x.astype(int) + 1


def _check_labels(a: Argument, x: Any, classes: int | None) -> None:
    try:
        values = np.asarray(x)
    except (TypeError, ValueError):  # a library is tracing: there are no numbers to look at
        return
    if not values.size:
        return
    low, high = int(values.min()), int(values.max())
    if low < 0 or (classes is not None and high >= classes):
        worst = low if low < 0 else high
        if classes is not None:
            raise DataError(
                Sentence(
                    "{argument} holds classes that count from 0 to {top} "
                    "({size} = {classes} classes); given is {worst}",
                    argument=a.text,
                    top=classes - 1,
                    size=a.classes,
                    classes=classes,
                    worst=worst,
                )
            )
        raise DataError(
            Sentence(
                "{argument} holds classes that count from 0; given is {worst}",
                argument=a.text,
                worst=worst,
            )
        )
