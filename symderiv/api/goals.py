"""From what a caller hands in to a goal: an inert derivative with its free indices and model."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Eq, Expr, Indexed, IndexedBase, S, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.api.derivation import Derivation
from symderiv.core.binding import LETTERS, NO_NAMES, apart, free, fresh, letters_in, names, subst
from symderiv.core.errors import FactError, ShapeError, Unsupported
from symderiv.core.expr import Inert, Partial, Total
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.ranges import check_ranges, free_ranges
from symderiv.core.scope import Scope
from symderiv.core.symbols import Definition, Label, Spec, label_of
from symderiv.model.arrays import Array
from symderiv.model.declare import checked_name
from symderiv.model.plain import MATRICES, advice, read

Letters = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """An expression with its free indices and their ranges."""

    element: Expr
    indices: tuple[Tuple, ...]

    @property
    def letters(self) -> frozenset[str]:
        """The names of the free indices."""
        return frozenset(v.name for v, *_ in self.indices)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be derived; ``source`` is the expression as it was handed in.

    ``made_up`` are names that the caller did not give, so the result must not bear them.
    """

    inert: Inert
    indices: tuple[Tuple, ...]
    model: Model
    source: Basic = S.Zero
    made_up: frozenset[Symbol] = frozenset()

    def scope(self, letters: Letters, *, facts: bool, withheld: frozenset[Symbol]) -> Scope:
        """The scope in which rules are applied."""
        what = self.inert.what
        bound = {v.name for v, *_ in self.indices}
        others = {s.name for e in (what, self.inert.by) for s in names(e)}
        avoid = (self.model.letters | others) - bound
        withheld = withheld | self.made_up
        return Scope(model=self.model, avoid=avoid, letters=letters, facts=facts, withheld=withheld)


def letter_pool(letters: Any) -> Letters:
    """The letters to choose index names from: a string, or a sequence of names."""
    if letters is None:
        return ()
    given = letters if isinstance(letters, Iterable) else ()
    pool = tuple(x.name if isinstance(x, Symbol) else str(x) for x in given)
    if not pool or not all(x.isidentifier() for x in pool):
        raise Unsupported(
            Sentence(
                "letters={letters}: expected letters such as 'ijk' or ['a', 'b']",
                letters=repr(letters),
            )
        )
    return (*pool, *(x for x in LETTERS if x not in pool))


def subject(obj: Any) -> Subject:
    """The expression to be differentiated."""
    if isinstance(obj, Derivation):
        return Subject(obj.last, obj.indices)
    if isinstance(obj, Array):
        limits = zip(obj.indices, obj.shape, strict=True)
        return Subject(obj.element, tuple(Tuple(v, S.One, size) for v, size in limits))
    element = read(obj)
    if not isinstance(element, Expr):
        raise Unsupported(
            Sentence(
                "{element} is a condition, not an expression; it has no derivative", element=element
            )
        )
    check_ranges(element)
    return Subject(element, tuple(Tuple(v, *r) for v, r in free_ranges(element).items()))


def variable(wrt: Any, of: Subject, letters: Letters) -> Subject:
    """The entry that is differentiated by, with the indices that are its own."""
    if isinstance(wrt, (Array, Indexed)):
        _check_kind(label_of(wrt.element if isinstance(wrt, Array) else wrt))
    if isinstance(wrt, Array):
        if wrt.label is None:
            raise Unsupported(
                Sentence(
                    "{wrt} is no declared array; differentiate by a declared array or one named by "
                    "let(), by an entry z[i], or by a scalar symbol",
                    wrt=repr(wrt),
                )
            )
        free_names = {s.name for s in names(of.element)}
        taken = free_names | of.letters | Model.of(of.element, wrt.label).letters
        indices = []
        for size in wrt.shape:
            v = fresh(taken, letters) if letters else fresh(taken)
            taken.add(v.name)
            indices.append(Tuple(v, S.One, size))
        return Subject(wrt.label.entry(*(v for v, *_ in indices)), tuple(indices))
    if isinstance(wrt, Indexed):
        ranges = free_ranges(wrt, of.element)
        own = [v for v in free_ranges(wrt) if v.name not in of.letters]
        return Subject(wrt, tuple(Tuple(v, *ranges[v]) for v in own))
    if isinstance(wrt, Symbol):
        _check_scalar(wrt, of)
        return Subject(wrt, ())
    if isinstance(wrt, (*MATRICES, IndexedBase)):
        raise Unsupported(advice(wrt))
    raise Unsupported(
        Sentence(
            "cannot differentiate by {wrt}; expected a declared array, an entry such as "
            "z[i], a scalar symbol, or a list of these",
            wrt=repr(wrt),
        )
    )


def _check_kind(label: Symbol | None) -> None:
    if isinstance(label, Label) and label.spec.kind == "labels":
        raise Unsupported(
            Sentence("{label} holds integer classes; there is no derivative by them", label=label)
        )


def _check_scalar(x: Symbol, of: Subject) -> None:
    _check_kind(x)
    for _, low, high in of.indices:
        if x in free(low) | free(high):
            raise Unsupported(Sentence("{x} is a size; it has no derivative", x=x))
    if isinstance(x, Symbol) and x.is_integer and not isinstance(x, Label):
        raise Unsupported(
            Sentence("{x} is an integer (a size or an index); it has no derivative", x=x)
        )


def check_facts(obj: Any, x: Expr) -> None:
    """Refuse ∂/∂T of a result that rests on a fact about T."""
    if not isinstance(obj, (Derivation, Array)):
        return
    equations = (fact for fact in obj.given if isinstance(fact, Eq))  # x ≠ 0 only says where
    for fact in equations:
        if label_of(x) in names(fact):
            shown = " = ".join(map(str, fact.args))
            raise FactError(
                Sentence(
                    "this result rests on the fact {shown}, which was used after ∂; it cannot be "
                    "differentiated by {label_of} any more. Derive it with facts=False first",
                    shown=shown,
                    label_of=label_of(x),
                )
            )


def goal_of(expr: Any, wrt: Any, letters: Letters, name: str = "") -> Goal:
    """The inert derivative of an expression by a variable; see `named` for ``name``."""
    of = subject(expr)
    by = variable(wrt, of, letters)
    check_facts(expr, by.element)
    x = by.element
    model = Model.of(of.element, x)
    indices = (*of.indices, *by.indices)
    below = model.depends(label_of(x))
    through = [label for label, _ in model.equations if label in below and label != label_of(x)]
    if not through:
        source = expr if isinstance(expr, Basic) else S.Zero
        ours = frozenset(v.name for v, *_ in by.indices) if isinstance(wrt, Array) else NO_NAMES
        return Goal(Partial(apart(of.element, ours), x), indices, model, source)
    out = named(of, model, name)
    return Goal(Total(out, x), indices, Model.of(out, x), made_up=made_up(out, of))


def made_up(out: Expr, of: Subject) -> frozenset[Symbol]:
    """The name of ``out`` if it is not the caller's."""
    label = label_of(out)
    return frozenset() if label is None or out == of.element else frozenset((label,))


def named(of: Subject, model: Model, name: str = "") -> Expr:
    """The expression under a name, its own or a new one, so that the chain rule can speak of it.

    The new one is ``name``, if that is given.
    """
    if _has_a_name(of):
        return of.element
    shape = tuple(high for _, _, high in of.indices)
    indices = tuple(v for v, *_ in of.indices)
    name = checked_name(name) if name else new_name(of, model)
    label = Label(name, Spec(shape=shape, definition=Definition(indices, of.element)))
    return label.entry(*indices)


def _has_a_name(of: Subject) -> bool:
    label = label_of(of.element)
    return isinstance(label, Label) and label.spec.definition is not None


def new_name(of: Subject, model: Model, taken: Collection[str] = ()) -> str:
    """A name for an expression that has none: one that neither it, its model nor a text bears."""
    used = {*taken, *model.letters, *letters_in(of.element)}
    pool = ("L", "f", "g", "F") if not of.indices else ("f", "g", "h", "F")
    return next((c for c in pool if c not in used), None) or fresh(used, ("f",)).name


def name_beside(obj: Any, taken: Collection[str]) -> str:
    """What to call an expression in a text that bears some names; empty if it has a name itself."""
    of = subject(obj)
    return "" if _has_a_name(of) else new_name(of, Model.of(of.element), taken)


def shape_error(expr: Any, shape: Basic) -> ShapeError:
    """For a gradient of something that is no scalar."""
    return ShapeError(
        Sentence(
            "gradient() takes a scalar, but this expression has free indices {shape}; use "
            "jacobian(), or sum over them",
            shape=shape,
        )
    )


def aligned(left: Subject, right: Subject) -> Expr:
    """The right formula in the indices of the left one.

    Raises `ShapeError` where the shapes differ.
    """
    if len(left.indices) != len(right.indices):
        raise ShapeError(
            Sentence(
                "the formulas have different shapes: {shape} and {other}",
                shape=_shape(left),
                other=_shape(right),
            )
        )
    mapping = {}
    for (v, *_), (w, *_) in zip(left.indices, right.indices, strict=True):
        mapping[w] = v
    for (_, _, m), (_, _, n) in zip(left.indices, right.indices, strict=True):
        if m != n and S.Infinity not in (m, n):
            raise ShapeError(
                Sentence(
                    "the formulas have different shapes: {shape} and {other}",
                    shape=_shape(left),
                    other=_shape(right),
                )
            )
    return subst(right.element, mapping)


def _shape(of: Subject) -> str:
    return "(" + ", ".join(str(high) for _, _, high in of.indices) + ")"
