"""A model: the names that an expression rests on, found by walking its labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sympy import Expr, Symbol, sstr
from sympy.core.basic import Basic

from symderiv.core.binding import letters_in, names
from symderiv.core.errors import NameClash
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Definition, Label

MOST_LETTERS = 160  # of an expression in a message
OF_KIND = "{what} ({kind})"


@dataclass(frozen=True, slots=True)
class Model:
    """Labels in the order in which they can be computed: inputs and equations.

    ``readers[u]`` are the defined names whose right side reads u.
    """

    labels: tuple[Label, ...] = ()
    readers: dict[Symbol, tuple[Label, ...]] = field(default_factory=dict, compare=False)
    _reading: dict[frozenset[Symbol], tuple[tuple[Label, Definition], ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def of(cls, *expressions: Basic) -> Model:
        """The model that some expressions rest on.

        Raises `NameClash` when one name stands for two different things.
        """
        order = _ordered(expressions)
        _check_names(order, expressions)
        readers: dict[Symbol, list[Label]] = {}
        for label in order:
            if label.spec.definition is not None:
                for read in sorted(names(label.spec.definition.body), key=_by_name):
                    readers.setdefault(read, []).append(label)
        return cls(tuple(order), {k: tuple(v) for k, v in readers.items()})

    @property
    def equations(self) -> tuple[tuple[Label, Definition], ...]:
        """The defined names with their definitions, each after those it reads."""
        return tuple((x, x.spec.definition) for x in self.labels if x.spec.definition is not None)

    @property
    def letters(self) -> frozenset[str]:
        """Every name in the model; fresh index letters avoid them."""
        out = {label.name for label in self.labels}
        for label in self.labels:
            for size in label.shape:
                out |= letters_in(size)
        return frozenset(out)

    def defined_by(self, e: Basic) -> tuple[tuple[Label, Definition], ...]:
        """The names whose definition reads a name that an expression reads, the last ones first."""
        if not self.readers:
            return ()
        read = names(e)
        known = self._reading.get(read)
        if known is None:
            found: dict[Label, None] = {}
            for name in sorted(read, key=_by_name):
                found.update(dict.fromkeys(self.readers.get(name, ())))
            met = ((label, label.spec.definition) for label in reversed(found))
            known = self._reading[read] = tuple((u, d) for u, d in met if d is not None)
        return known

    def depends(self, on: Symbol) -> frozenset[Symbol]:
        """The names whose value depends on a name, itself included."""
        seen, todo = {on}, [on]
        while todo:
            for reader in self.readers.get(todo.pop(), ()):
                if reader not in seen:
                    seen.add(reader)
                    todo.append(reader)
        return frozenset(seen)


EMPTY_MODEL = Model()


def _parts(label: Label) -> list[Label]:
    """The labels that a label's definition (or one-hot encoding) reads."""
    out: dict[Label, None] = {}
    definition, hot = label.spec.definition, label.spec.hot
    for e in (definition.body if definition else None, hot):
        if e is not None:
            out.update(dict.fromkeys(_labels(e)))
    return list(out)


@memo
def through(label: Label, x: Symbol) -> tuple[Label, ...]:
    """The names by which ``x`` moves a defined name, other than as its definition reads it itself.

    >>> from symderiv.core.symbols import Spec
    >>> x = Label("x", Spec())
    >>> u = Label("u", Spec(definition=Definition((), x**2)))
    >>> through(Label("y", Spec(definition=Definition((), u * x))), x)
    (u,)
    """
    return tuple(u for u in _parts(label) if u != x and _rests_on(u, x))


def _rests_on(label: Label, x: Symbol) -> bool:
    seen, todo = {label}, [label]
    while todo:
        for part in _parts(todo.pop()):
            if part == x:
                return True
            if part not in seen:
                seen.add(part)
                todo.append(part)
    return False


def _by_name(x: Symbol) -> tuple[str, bytes]:
    return (x.name, getattr(x, "digest", b""))


def _labels(e: Basic) -> list[Label]:
    return sorted((x for x in names(e) if isinstance(x, Label)), key=_by_name)


def _ordered(expressions: Iterable[Basic]) -> list[Label]:
    """Every label reachable, each after those that its definition reads; an iterative walk."""
    done: dict[Label, None] = {}
    todo = [(label, False) for e in expressions for label in reversed(_labels(e))]
    while todo:
        label, read = todo.pop()
        if label in done:
            continue
        if read:
            done[label] = None
        else:
            todo.append((label, True))
            todo.extend((part, False) for part in reversed(_parts(label)) if part not in done)
    return list(done)


def _check_names(labels: list[Label], expressions: Iterable[Basic]) -> None:
    """Raise `NameClash` if a name stands for two things.

    The adjoint of z is called ``z_bar`` too, but it is told by its label and printed with a bar,
    so a declared ``z_bar`` is no clash.
    """
    by_name: dict[str, Label] = {}
    adjoints: dict[str, Label] = {}
    for label in labels:
        other = (adjoints if label.spec.bar else by_name).setdefault(label.name, label)
        if other is not label and other != label:
            _no_circle(label, other)
            _no_circle(other, label)
            raise NameClash(
                Sentence(
                    "the name {name} stands for two different things: {other}, and "
                    "{label}{difference}; give one of them another name",
                    name=repr(label.name),
                    other=describe(other),
                    label=describe(label),
                    difference=_difference(other, label),
                )
            )
    bodies = [label.spec.definition.body for label in labels if label.spec.definition]
    plain = _sizes(labels)
    for e in (*expressions, *bodies):
        for symbol in names(e):
            if isinstance(symbol, Label) and symbol.spec.bar:
                continue
            if plain.setdefault(symbol.name, symbol) != symbol and symbol.name not in by_name:
                raise NameClash(
                    Sentence(
                        "two different SymPy symbols are named {name} (their assumptions "
                        "differ, or "
                        "they are dummies); give one of them another name",
                        name=repr(symbol.name),
                    )
                )
            label_or_none = by_name.get(symbol.name)
            if label_or_none is not None and not isinstance(symbol, Label):
                _no_circle(label_or_none, symbol)
                raise NameClash(
                    Sentence(
                        "the plain SymPy name {name} is mixed with the declared {declared}; use "
                        "the declared one everywhere",
                        name=repr(symbol.name),
                        declared=describe(label_or_none),
                    )
                )


def _no_circle(label: Label, start: Symbol) -> None:
    around = circle(label, start)
    if around:
        raise NameClash(around)


def _on_itself(label: Label, start: Symbol) -> str:
    told = {"name": repr(label.name), "kind": _kind(label)}
    if _kind(label) == _kind(start):
        return Sentence("{name}, {kind}, would rest on itself", **told)
    return Sentence("{name}, {kind}, would rest on {name}, {other}", **told, other=_kind(start))


def _kind(x: Symbol) -> str:
    """``an array of shape (n, m)``."""
    shape = x.shape if isinstance(x, Label) else ()
    if not shape:
        return Sentence("a scalar")
    return Sentence("an array of shape {shape}", shape=_shape(shape))


def _shape(shape: tuple[Expr, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _difference(a: Label, b: Label) -> str:
    """What tells two declarations apart that read alike."""
    if describe(a) != describe(b):
        return ""
    differ = [f for f in ("positive", "latex") if getattr(a.spec, f) != getattr(b.spec, f)]
    shown = ", ".join(f"{f}={getattr(a.spec, f)!r} and {getattr(b.spec, f)!r}" for f in differ)
    what = shown or Sentence("the symbols of their sizes")
    return Sentence(" (they differ in {what})", what=what)


def _sizes(labels: list[Label]) -> dict[str, Symbol]:
    """The symbols in the shapes of arrays; an unequal symbol of that name is another thing."""
    return {s.name: s for label in labels for size in label.shape for s in names(size)}


def shortened(e: Basic, most: int = MOST_LETTERS) -> str:
    """An expression in the order in which it was written, cut off where it is long."""
    text = str(sstr(e, order="none"))
    return text if len(text) <= most else text[: most - 1] + "…"


def equation(label: Label) -> str:
    """``z[i, j] = Sum(W[k, j]*x[i, k], (k, 1, n))`` of a name that is defined, for messages."""
    definition = label.spec.definition
    assert definition is not None
    return f"{label.entry(*definition.indices)} = {shortened(definition.body)}"


def circle(label: Label, start: Symbol) -> str:
    """What to say where a defined name rests on another thing of its name that is not defined.

    Empty if there is no such circle of equations.
    """
    around = _around(label, start)
    if not around:
        return ""
    return Sentence(
        "the equations go in a circle, {around}: {on_itself}; a name rests only on "
        "names made before it, so give one of the two another name",
        around=around,
        on_itself=_on_itself(label, start),
    )


def _around(label: Label, start: Symbol) -> str:
    """The equations that lead from a defined name back to the name that it begins with."""
    if isinstance(start, Label) and start.spec.definition is not None:
        return ""
    came: dict[Label, Label | None] = {label: None}
    todo = [label]
    for at in todo:
        definition = at.spec.definition
        if definition is not None and start in names(definition.body):
            way: list[Label] = []
            step: Label | None = at
            while step is not None:
                way.append(step)
                step = came[step]
            return ", ".join(equation(x) for x in reversed(way))
        for part in _parts(at):
            if part not in came:
                came[part] = at
                todo.append(part)
    return ""


def describe(label: Label) -> str:
    """``array z of shape (n,)``, for messages."""
    spec = label.spec
    what = Sentence("scalar {name}", name=label.name)
    if spec.shape:
        what = Sentence("array {name} of shape {shape}", name=label.name, shape=_shape(spec.shape))
    if spec.kind != "real":
        what = Sentence(OF_KIND, what=what, kind=spec.kind.replace("_", "-"))
    if spec.definition is None:
        return what
    return Sentence("{what} defined by {equation}", what=what, equation=equation(label))


def inputs(model: Model) -> tuple[Label, ...]:
    """The labels that nothing defines: what a caller hands in."""
    return tuple(x for x in model.labels if x.spec.definition is None)
