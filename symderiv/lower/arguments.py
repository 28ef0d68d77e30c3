"""The arguments of a compiled function: which names it takes, and whether data fit them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Mul, Number, Symbol

from symderiv.core.binding import free
from symderiv.core.errors import DataError
from symderiv.core.memo import memo
from symderiv.lower.elementwise import PLAIN
from symderiv.lower.places import evaluate


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
            return f"the scalar {self.name}"
        return f"{self.name} of shape {_tuple('?' if s is None else s for s in self.shape)}"


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
            raise DataError(f"missing: {', '.join(a.text for a in missing)}; {_given(given)}")
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
                    f"{name!r} is defined by the model and computed from its definition; "
                    f"give {_list(self.required)} instead"
                )
            close = get_close_matches(str(name), accepted, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise DataError(
                f"there is no array {name!r} here; accepted are {_list(accepted)}{hint}"
            )

    # ------------------------------------------------------------ sizes

    def _sizes(self, given: Mapping[str, Any], data: Mapping[str, Any]) -> SizeOf:
        """The sizes told by name and by shapes; every shape is checked against them."""
        sizes: SizeOf = {}
        taken = frozenset(self.names)
        for name in self.every_size:
            if name in given and name not in taken:
                sizes[name] = _whole(name, given[name]), "given by name"
        shaped = [
            (a, tuple(data[a.name].shape)) for a in self.arguments if a.name in data and a.shape
        ]
        for a, shape in shaped:
            if len(shape) != len(a.shape):
                raise DataError(f"{a.text} has {len(a.shape)} axes; given is shape {shape}")
        told = True
        while told:
            told = False
            for a, shape in shaped:
                for size, number in zip(a.shape, shape, strict=True):
                    found = _solved(size, number, sizes)
                    if found is not None:
                        sizes[found[0]] = found[1], f"from {a.name}"
                        told = True
        numbers = {name: value for name, (value, _) in sizes.items()}
        for a, shape in shaped:
            _check_shape(a, shape, sizes, numbers)
        return sizes

    def _check_sizes(self, sizes: SizeOf) -> None:
        for name in self.sizes:
            if name not in sizes:
                tellers = [a.name for a in self.arguments if name in _tells(a)]
                raise DataError(
                    f"no given array tells the size {name}; "
                    + (f"give {_list(tellers, 'or')}, or " if tellers else "give ")
                    + f"{name}=… by name"
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
            why[f"{s.name} = {sizes[s.name][0]} {sizes[s.name][1]}"] = None
    if not fits:
        because = f", as {', '.join(why)}" if why else ""
        raise DataError(
            f"{a.text} must have shape {_tuple(expected)}{because}; given is shape {shape}"
        )


def _whole(name: str, value: Any) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    raise DataError(f"{name} is a size or an index: a whole number is expected, not {value!r}")


# ---------------------------------------------------------------- data


def _check_number(a: Argument, x: Any) -> None:
    if isinstance(x, PLAIN):
        if a.shape:
            raise DataError(f"{a.text} is expected; given is the number {x!r}")
        if a.labels and not isinstance(x, int):
            raise DataError(f"{a.text} holds classes: an integer is expected, not {x!r}")
        return
    if not a.shape and x.ndim:
        raise DataError(f"{a.text} must be a number; given is shape {tuple(x.shape)}")
    kind = x.dtype.kind
    if a.labels and kind not in "iu":
        raise DataError(f"{a.text} holds classes, integers from 0; given is type {x.dtype}")
    if kind not in "iufbV":
        raise DataError(f"{a.text} must hold real numbers; given is type {x.dtype}")


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
        top = "" if classes is None else f" to {classes - 1} ({a.classes} = {classes} classes)"
        raise DataError(f"{a.text} holds classes that count from 0{top}; given is {worst}")


# ---------------------------------------------------------------- words


def _tuple(parts: Iterator[Any] | Sequence[Any]) -> str:
    items = [str(p) for p in parts]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _list(names: Sequence[str], last: str = "and") -> str:
    if not names:
        return "nothing"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def _given(given: Mapping[str, Any]) -> str:
    return f"given {'is' if len(given) == 1 else 'are'} {_list(tuple(given))}"
