"""Labels: the symbols that name what a model declares, with facts and definitions riding on them.

A `Label` is a SymPy symbol, so it survives ``xreplace``, ``diff`` and pickling. Two labels are
equal when name and digest are equal; the digest covers the shape, the kind and, for a name given
by ``let``, its defining expression. There is no registry: two models in one process may use the
same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from sympy import Expr, Indexed, IndexedBase, Symbol, Tuple
from sympy.core.cache import cacheit
from sympy.core.sympify import _sympify

from symderiv.core.binding import free, subst
from symderiv.core.expr import entry
from symderiv.core.fingerprint import fingerprint

Kind = Literal["real", "distribution", "one_hot", "labels"]


@dataclass(frozen=True, slots=True)
class Definition:
    """``name[indices] = body``: a named intermediate. For a scalar, ``indices`` is empty."""

    indices: tuple[Symbol, ...]
    body: Expr

    def at(self, *where: Expr) -> Expr:
        """The body with other indices."""
        return subst(self.body, dict(zip(self.indices, where, strict=True)))


@dataclass(frozen=True, slots=True)
class Spec:
    r"""What is known about a name.

    ``bar`` identifies the adjoint of a name, ∂L/∂x, which is printed with a bar; it alone (with the
    shape) tells such labels apart, whatever form their definition has. SymPy's name for it ends in
    ``_bar``, and in the underscores of ``bar`` where the model has that name already.

    ``classes`` is the number of classes of integer labels; ``hot`` the entry of a label array
    (indexed by ``\x000``, ``\x001``, …) that a one-hot array encodes, if it was named.
    """

    shape: tuple[Expr, ...] = ()
    kind: Kind = "real"
    positive: bool = False
    layer: str | None = None
    latex: str | None = None
    classes: Expr | None = None
    hot: Expr | None = None
    definition: Definition | None = None
    bar: str = ""

    def assumptions(self) -> dict[str, bool]:
        """The SymPy assumptions that every entry satisfies."""
        if self.kind == "labels":
            return {"integer": True, "positive": True}
        if self.positive:
            return {"positive": True}
        if self.kind == "distribution":
            return {"nonnegative": True}
        if self.kind == "one_hot":
            return {"integer": True, "nonnegative": True}
        return {"real": True}


def _ending(bar: str) -> str:
    return "_bar" + "_" * bar.count("_") if bar else ""


@cacheit  # type: ignore[untyped-decorator]
def _assumed(items: tuple[tuple[str, bool], ...]) -> Symbol:
    return Symbol("_", **dict(items))


@cacheit  # type: ignore[untyped-decorator]
def _indexed(like: Symbol) -> IndexedBase:
    return IndexedBase(like)


def _base_of(label: Label, like: Symbol) -> IndexedBase:
    """``IndexedBase(label)``, with the deductions from its assumptions made once for all labels."""
    known = _indexed(like)
    base = Expr.__new__(IndexedBase, label)
    base._shape, base._offset, base._strides = known._shape, known._offset, known._strides
    base._name = label.name
    base._assumptions = known._assumptions
    return base


class Shape(Tuple):
    """The shape of an array as a formula, ``n × m``.

    >>> Shape(Symbol("n"), Symbol("m"))
    (n, m)
    """


class Label(Symbol):
    """A declared name: a symbol that carries its `Spec`.

    ``stem`` is the name as it was given; with a layer the symbol's own name is both together, so
    that ``W`` of layer 1 and ``W`` of layer 2 are two names, ``W1`` and ``W2``. A label of shape
    ``()`` is itself the scalar; for arrays, ``label.base[i, j]`` is an entry.
    """

    __slots__ = ("base", "digest", "spec", "stem")
    stem: str
    spec: Spec
    digest: bytes
    base: IndexedBase

    def __new__(cls, name: str, spec: Spec) -> Label:
        like = _assumed(tuple(spec.assumptions().items()))
        obj: Label = Expr.__new__(cls)
        obj.stem = name
        obj.name = name + (spec.layer or "") + _ending(spec.bar)
        obj._assumptions = like._assumptions
        obj._assumptions_orig = like._assumptions_orig
        obj._assumptions0 = like._assumptions0
        obj.spec = spec
        obj.digest = _digest(spec)
        obj.base = _base_of(obj, like)
        return obj

    def _hashable_content(self) -> tuple[str, bytes]:
        return (self.name, self.digest)

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        from symderiv.core.codec import pack_label, unpack_label

        return unpack_label, (pack_label(self),)

    @property
    def shape(self) -> tuple[Expr, ...]:
        """The sizes of the axes; ``()`` for a scalar."""
        return self.spec.shape

    def entry(self, *indices: Expr) -> Expr:
        """``label[indices]``; the label itself where there are none."""
        if not indices:
            return self
        return entry(self.base, *map(_sympify, indices))


def label_of(entry: Expr) -> Symbol | None:
    """The label of an entry ``z[i]`` or a scalar; None for anything else."""
    if isinstance(entry, Indexed):
        return entry.args[0].args[0]
    return entry if isinstance(entry, Symbol) else None


def indices_of(entry: Expr) -> tuple[Expr, ...]:
    """The indices of an entry; none for a scalar."""
    return entry.args[1:] if isinstance(entry, Indexed) else ()


def _assumed_of(size: Expr) -> bytes:
    """What is assumed of the symbols in a size; names alone do not tell sizes apart."""
    known = sorted((s.name, sorted(s._assumptions_orig.items())) for s in free(size))
    return repr(known).encode()


def _digest(spec: Spec) -> bytes:
    """Eight bytes that tell two specs apart, the same in every process."""
    h = blake2b(digest_size=8)
    plain = (spec.kind, spec.positive, spec.layer, spec.latex, spec.bar, len(spec.shape))
    h.update(repr(plain).encode())
    for size in spec.shape:
        h.update(fingerprint(size) + _assumed_of(size))
    for extra in (spec.classes, spec.hot):
        h.update(b"-" if extra is None else fingerprint(extra))
    if spec.definition is not None and not spec.bar:
        places = (Symbol(f"\x00{k}") for k in range(len(spec.definition.indices)))
        h.update(b"let" + fingerprint(spec.definition.at(*places)))
    return h.digest()
