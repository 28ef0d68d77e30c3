"""`lower` turns an index expression into a function of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from sympy import Expr, Tuple

from symderiv.core.errors import DataError, SymderivError
from symderiv.core.messages import Sentence
from symderiv.core.model import EMPTY_MODEL, Model
from symderiv.core.symbols import Label
from symderiv.lower.arguments import Signature
from symderiv.lower.names import inputs_read, sizes_used
from symderiv.lower.program import Program
from symderiv.lower.reading import Reading, Wanted

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
        backend = backend_of(self.backend)
        given = gathered(data, named, self.aliases)
        return backend.run(self.program, *self.signature.bind(given, backend))[0]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CompiledFunctions:
    """Several functions of the same arrays in one program, called as a `CompiledFunction` is."""

    program: Program
    signature: Signature = field(repr=False)
    shapes: Mapping[str, tuple[Expr, ...]] = field(hash=False)
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

    def __call__(self, data: Mapping[str, Any] | None = None, /, **named: Any) -> dict[str, Any]:
        """The values at these arrays, by name."""
        backend = backend_of(self.backend)
        given = gathered(data, named, self.aliases)
        values = backend.run(self.program, *self.signature.bind(given, backend))
        return dict(zip(self.shapes, values, strict=True))


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
    many = lower_all({"": (expr, indices)}, model=model, backend=backend)
    return CompiledFunction(
        many.program, many.signature, many.shapes[""], many.backend, many.aliases
    )


def lower_all(
    outputs: Mapping[str, tuple[Expr, tuple[Tuple, ...]]],
    *,
    model: Model = EMPTY_MODEL,
    given: tuple[Label, ...] = (),
    backend: str = "numpy",
) -> CompiledFunctions:
    """One vectorised function with the values of several expressions, by name.

    What they have in common is computed once. Names in ``given`` are arrays that the caller hands
    in, although they are defined.

    >>> from sympy import IndexedBase, Sum, symbols
    >>> i, k, n = symbols("i k n", integer=True)
    >>> x = IndexedBase("x")
    >>> total = Sum(x[k] ** 2, (k, 1, n))
    >>> f = lower_all({"total": (total, ()), "share": (x[i] ** 2 / total, ((i, 1, n),))})
    >>> f(x=[1.0, 3.0])
    {'total': np.float64(10.0), 'share': array([0.1, 0.9])}

    Raises `Unsupported` for what has no numerical form.
    """
    known_backend(backend)
    wanted = tuple(Wanted(name, *output) for name, output in outputs.items())
    reading = Reading.of(wanted, model, frozenset(given))
    translator = reading.translator()
    translator.define_all(label for label, _ in reading.equations)
    program = translator.builder.program(
        [translator.output(w.name, w.expr, w.limits) for w in wanted]
    )
    return CompiledFunctions(
        program,
        reading.signature(inputs_read(program), sizes_used(program, ())),
        {w.name: w.shape for w in wanted},
        backend,
        reading.aliases,
    )


def gathered(
    data: Mapping[str, Any] | None, named: Mapping[str, Any], aliases: Mapping[str, str]
) -> dict[str, Any]:
    """The data of a call, from its dict and by name."""
    given = {aliases.get(name, name): value for name, value in (data or {}).items()}
    for key, value in named.items():
        name = aliases.get(key, key)
        if name in given:
            raise DataError(
                Sentence("{name} is given twice: in the dict and by name", name=repr(name))
            )
        given[name] = value
    return given


def known_backend(name: str) -> None:
    """Refuses a name that is none of a back end."""
    if name not in BACKENDS:
        raise SymderivError(
            Sentence(
                "there is no back end {name}; there are {known}",
                name=repr(name),
                known=", ".join(BACKENDS),
            )
        )


def backend_of(name: str) -> Any:
    """The module of a back end; an error that says what to install where it cannot be loaded."""
    try:
        return import_module(f"symderiv.lower.{name}_backend")
    except ImportError as error:
        raise SymderivError(
            Sentence(
                "the back end {name} needs a package that is not installed ({package}); "
                "pip install symderiv[{name}]",
                name=name,
                package=error.name,
            )
        ) from error
