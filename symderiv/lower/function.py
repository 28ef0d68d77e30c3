"""`lower` turns an index expression into a function of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from sympy import Expr, Symbol, Tuple, sympify

from symderiv.core.errors import DataError, NameClash, SymderivError
from symderiv.core.model import EMPTY_MODEL, Model
from symderiv.lower.arguments import Signature
from symderiv.lower.names import Names, arguments_of, inputs_read, sizes_used
from symderiv.lower.places import Place
from symderiv.lower.program import Axis, Program
from symderiv.lower.translate import Translator

BACKENDS = ("numpy", "jax")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CompiledFunction:
    """A function of arrays by name: ``f(z=…, y=…)``, or ``f({"lambda": …}, z=…)``.

    Integer labels count from 0 in the data; a size that no array tells is given by name too.
    Floating data keep their type, float64 otherwise. What is infinite or undefined in the formula
    comes out as ``inf`` or ``nan``, without a warning; ``0 log 0`` is 0.

    Raises `DataError` if a name or a shape does not fit, and names both.
    """

    program: Program
    signature: Signature = field(repr=False)
    shape: tuple[Expr, ...]
    backend: str = "numpy"
    aliases: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def arrays(self) -> tuple[str, ...]:
        """Every array and scalar of the model; each may be given."""
        return self.signature.names

    @property
    def required(self) -> tuple[str, ...]:
        """The arrays that must be given, for their values or for a size (or give the size)."""
        return self.signature.required

    def __call__(self, data: Mapping[str, Any] | None = None, /, **named: Any) -> Any:
        """The value at these arrays: an array, or a NumPy scalar for a scalar."""
        given = {self.aliases.get(name, name): value for name, value in (data or {}).items()}
        for key, value in named.items():
            name = self.aliases.get(key, key)
            if name in given:
                raise DataError(f"{name!r} is given twice: in the dict and by name")
            given[name] = value
        backend = _backend(self.backend)
        arrays, sizes, dtype = self.signature.bind(given, backend)
        return backend.run(self.program, arrays, sizes, dtype)


def lower(
    expr: Expr,
    *,
    indices: tuple[Tuple, ...] = (),
    model: Model = EMPTY_MODEL,
    backend: str = "numpy",
) -> CompiledFunction:
    """A vectorised function with the value of an expression.

    ``indices`` are its free indices, each ``(index, low, high)``; they are the axes of the result,
    in that order. ``model`` holds further names that a caller may give.

    >>> from sympy import IndexedBase, Sum, symbols
    >>> i, k, n = symbols("i k n", integer=True)
    >>> W, x = IndexedBase("W"), IndexedBase("x")
    >>> f = lower(Sum(W[i, k] * x[k], (k, 1, n)), indices=((i, 1, 2),))
    >>> f.required
    ('W', 'x')
    >>> f(W=[[1.0, 2.0], [3.0, 4.0]], x=[10.0, 1.0])
    array([12., 34.])

    Raises `Unsupported` for what has no numerical form.
    """
    if backend not in BACKENDS:
        raise SymderivError(f"there is no back end {backend!r}; there are {', '.join(BACKENDS)}")
    limits = [(v, sympify(low), sympify(high)) for v, low, high in indices]
    if len({v for v, _, _ in limits}) != len(limits):
        raise NameClash("an index occurs twice among the axes of the result")
    whole = Model.of(expr)
    names = _names(expr, limits, whole, model)
    translator = Translator(sizes=frozenset(names.sizes))
    for label, _ in whole.equations:
        translator.define(label)
    axes: dict[Symbol, Axis] = {}
    for v, low, high in limits:
        axes[v] = translator.axis(v, low, high, frozenset(axes.values()))
    output = translator.value(expr, Place(tuple(axes.items())))
    program = translator.builder.program(output, tuple(axes.values()))
    signature = Signature(
        arguments_of(_joined(whole, model), names),
        inputs_read(program),
        sizes_used(program, ()),
        tuple(label.name for label, _ in _joined(whole, model).equations),
    )
    return CompiledFunction(
        program,
        signature,
        tuple(high - low + 1 for _, low, high in limits),
        backend,
        _aliases(_joined(whole, model)),
    )


def _aliases(model: Model) -> dict[str, str]:
    """``W`` for ``W1`` where only one layer has a ``W``."""
    stems = [label.stem for label in model.labels]
    names = {label.name for label in model.labels}
    return {
        label.stem: label.name
        for label in model.labels
        if label.stem not in names and stems.count(label.stem) == 1
    }


def _names(
    expr: Expr, limits: list[tuple[Symbol, Expr, Expr]], whole: Model, model: Model
) -> Names:
    names = Names()
    names.walk(expr, limits)
    for label in _joined(whole, model).labels:
        for size in label.shape:
            names.sizes |= dict.fromkeys(sorted(s.name for s in size.free_symbols))
    for label, definition in _joined(whole, model).equations:
        sizes = zip(definition.indices, label.shape, strict=True)
        names.walk(definition.body, [(v, sympify(1), size) for v, size in sizes])
    return names


def _joined(a: Model, b: Model) -> Model:
    return Model(tuple(dict.fromkeys((*b.labels, *a.labels))))


def _backend(name: str) -> Any:
    try:
        return import_module(f"symderiv.lower.{name}_backend")
    except ImportError as error:
        raise SymderivError(
            f"the back end {name!r} needs a package that is not installed ({error.name}); "
            f"pip install symderiv[{name}]"
        ) from error
