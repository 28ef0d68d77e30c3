"""Declaring names: sizes, indices, scalars, and arrays with what is known about them."""

from __future__ import annotations

from dataclasses import replace
from operator import index as as_int
from typing import Any, cast

from sympy import Expr, Integer, Symbol

from symderiv.core.binding import index as index_symbol
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Kind, Label, Spec
from symderiv.model.arrays import Array, as_array, whole
from symderiv.model.grid import Shape, show
from symderiv.model.plain import MATRICES, advice


def dim(name: str) -> Symbol:
    """A size: a positive integer symbol.

    >>> dim("n").is_positive
    True
    """
    return Symbol(_one_name(name), integer=True, positive=True)


def dims(names: str) -> tuple[Symbol, ...]:
    """Several sizes, split at spaces or commas.

    >>> dims("n m")
    (n, m)
    """
    return tuple(dim(name) for name in _split(names))


def index(name: str) -> Symbol:
    """An index: an integer symbol. Formulas count from 1."""
    return index_symbol(_one_name(name))


def indices(names: str) -> tuple[Symbol, ...]:
    """Several indices, split at spaces or commas.

    >>> indices("i j")
    (i, j)
    """
    return tuple(index(name) for name in _split(names))


def scalar(
    name: str,
    *,
    positive: bool = False,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Label:
    """A real number: a SymPy symbol.

    ``positive`` lets laws of logarithms apply; ``layer`` is written as a superscript; ``latex``
    is how the name is written in LaTeX.

    >>> a = scalar("a", positive=True)
    >>> a**2 + 1
    a**2 + 1
    """
    return Label(checked_name(name), _spec(name, (), "real", positive, layer, latex))


def vector(
    name: str,
    n: Any,
    *,
    positive: bool = False,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Array:
    """An array with one axis; options as for `scalar`.

    >>> vector("x", dim("n")).shape
    (n,)
    """
    return _array(name, _spec(name, (n,), "real", positive, layer, latex))


def matrix(
    name: str,
    n: Any,
    m: Any,
    *,
    positive: bool = False,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Array:
    """An array with two axes; options as for `scalar`. For a dense layer: (in, out)."""
    return _array(name, _spec(name, (n, m), "real", positive, layer, latex))


def tensor(
    name: str,
    *shape: Any,
    positive: bool = False,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Any:
    """An array with any number of axes; without any, a scalar. Options as for `scalar`."""
    return _declare(name, _spec(name, shape, "real", positive, layer, latex))


def distribution(
    name: str,
    *shape: Any,
    positive: bool = False,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Array:
    """Probabilities: entries ≥ 0 that sum to 1 over the last axis.

    ``positive=True`` says that no entry is 0. Further axes stand in front: ``("p", N, n)`` holds
    N distributions over n outcomes.
    """
    _needs_shape("distribution", shape)
    return _array(name, _spec(name, shape, "distribution", positive, layer, latex))


def one_hot(
    name: str,
    *shape: Any,
    labels: Any = None,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Array:
    """Vectors with a single 1, the rest 0, over the last axis.

    ``labels`` names the class numbers that are encoded: ``y[.., k] = δ_{k t}``; a scalar label for
    one vector, an array of labels for several.

    Raises `ShapeError` if the labels do not fit.
    """
    _needs_shape("one_hot", shape)
    spec = _spec(name, shape, "one_hot", False, layer, latex)
    if labels is not None:
        spec = replace(spec, hot=_hot(name, spec.shape, labels))
    return _array(name, spec)


def labels(
    name: str,
    *shape: Any,
    classes: Any = None,
    layer: int | str | None = None,
    latex: str | None = None,
) -> Any:
    """Class numbers; usable as an index, ``z[t]``. In data they count from 0, in formulas from 1.

    Without a shape, one class number: a SymPy symbol.

    >>> t, z = labels("t", classes=3), vector("z", 3)
    >>> z[t]
    z[t]
    """
    spec = _spec(name, shape, "labels", False, layer, latex)
    if classes is not None:
        spec = replace(spec, classes=size(classes, Sentence("{name}: classes", name=name)))
    return _declare(name, spec)


# ---------------------------------------------------------------- checks


def _split(text: Any) -> list[str]:
    if not isinstance(text, str) or not text.replace(",", " ").split():
        raise Unsupported(Sentence('expected names such as "n m", got {text}', text=repr(text)))
    return text.replace(",", " ").split()


def _one_name(name: Any) -> str:
    """The name of a size or an index; several are declared by `dims` and `indices`."""
    if len(checked_name(name).split()) > 1:
        raise Unsupported(
            Sentence(
                "{name} holds several names; declare them with dims() or indices()", name=repr(name)
            )
        )
    return str(name)


def checked_name(name: Any) -> str:
    """A name as given, if it is one.

    Raises `Unsupported` for anything but printable text.
    """
    if not isinstance(name, str):
        raise Unsupported(
            Sentence(
                'a name is text, such as "x"; got {type} {name}',
                type=type(name).__name__,
                name=f"{name!r:.40}",
            )
        )
    if not name.strip() or name != name.strip():
        raise Unsupported(
            Sentence(
                "a name needs letters, and no space around them; got {name}", name=f"{name!r:.40}"
            )
        )
    if not name.isprintable():
        raise Unsupported(
            Sentence(
                "the name {name} holds characters that cannot be printed", name=f"{name!r:.60}"
            )
        )
    return name


def size(given: Any, what: str) -> Expr:
    """A size: a positive integer, a symbol for one, or an expression of these.

    Raises `ShapeError` for a size that no array has.
    """
    if isinstance(given, (Array, *MATRICES)):
        raise Unsupported(
            Sentence(
                "{what}: a size is an integer or a symbol; {advice}",
                what=what,
                advice=advice(given),
            )
        )
    if isinstance(given, Expr):
        if given.is_integer is False or given.is_positive is False or given.is_finite is False:
            raise ShapeError(
                Sentence(
                    "{what}: {given} is no size; sizes are positive integers",
                    what=what,
                    given=given,
                )
            )
        return given
    try:
        if isinstance(given, bool):
            raise TypeError
        number = as_int(given)
    except TypeError:
        raise ShapeError(
            Sentence(
                '{what}: {given} is no size; write an integer or a symbol, sd.dim("n")',
                what=what,
                given=f"{given!r:.40}",
            )
        ) from None
    if number < 1:
        raise ShapeError(
            Sentence("{what}: the size {number} is not positive", what=what, number=number)
        )
    return Integer(number)


def _spec(
    name: str,
    shape: tuple[Any, ...],
    kind: Kind,
    positive: bool,
    layer: int | str | None,
    latex: str | None,
) -> Spec:
    checked_name(name)
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        raise ShapeError(
            Sentence(
                "{name}: write the sizes one by one, not as {shape}",
                name=name,
                shape=f"{shape[0]!r:.40}",
            )
        )
    sizes = tuple(
        size(s, Sentence("{name}: axis {axis}", name=name, axis=k)) for k, s in enumerate(shape)
    )
    return Spec(sizes, kind, bool(positive), None if layer is None else str(layer), latex)


def _declare(name: str, spec: Spec) -> Any:
    return whole(Label(name, spec))


def _array(name: str, spec: Spec) -> Array:
    return cast("Array", _declare(name, spec))


def _needs_shape(what: str, shape: Shape) -> None:
    if not shape:
        raise ShapeError(
            Sentence('{what} needs the size of its last axis: sd.{what}("p", n)', what=what)
        )


def _hot(name: str, shape: Shape, given: Any) -> Expr:
    """The entry of the labels at the placeholders of `Spec.hot`."""
    array = as_array(given)
    label = array.label if array.shape else array.element
    if not isinstance(label, Label) or label.spec.kind != "labels":
        raise Unsupported(
            Sentence(
                "{name}: labels= expects what sd.labels declared, got {given}",
                name=name,
                given=f"{given!r:.60}",
            )
        )
    if label.shape != shape[:-1]:
        raise ShapeError(
            Sentence(
                "{name} of shape {shape} encodes labels of shape {other}; {bare} has {length}",
                name=name,
                shape=show(shape),
                other=show(shape[:-1]),
                bare=label.name,
                length=show(label.shape),
            )
        )
    if label.spec.classes not in (None, shape[-1]):
        raise ShapeError(
            Sentence(
                "{name} has {shape} places, but {bare} knows {classes} classes",
                name=name,
                shape=shape[-1],
                bare=label.name,
                classes=label.spec.classes,
            )
        )
    return label.entry(*(index_symbol(f"\x00{k}") for k in range(len(label.shape))))
