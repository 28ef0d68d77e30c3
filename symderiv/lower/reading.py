"""What is asked of a program, and everything that the expressions asked for rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, S, Tuple, sympify

from symderiv.core.binding import names
from symderiv.core.errors import NameClash
from symderiv.core.messages import Sentence
from symderiv.core.model import Model
from symderiv.core.symbols import Definition, Label
from symderiv.lower.arguments import Argument, Signature, in_order
from symderiv.lower.names import Limit, Names, arguments_of
from symderiv.lower.translate import Translator


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expression asked for: its name, and its free indices, which are the axes in order."""

    name: str
    expr: Expr
    indices: tuple[Tuple, ...]

    @property
    def limits(self) -> list[Limit]:
        """The indices with their ranges as SymPy expressions."""
        return [(v, sympify(low), sympify(high)) for v, low, high in self.indices]

    @property
    def shape(self) -> tuple[Expr, ...]:
        """The sizes of the axes."""
        return tuple(high - low + 1 for _, low, high in self.limits)


@dataclass(frozen=True, slots=True)
class Reading:
    """Names in the order in which they can be computed, up to those that are handed in.

    ``labels`` are those that the wanted expressions rest on, ``known`` further ones that a caller
    may give as well.
    """

    labels: tuple[Label, ...]
    known: tuple[Label, ...]
    given: frozenset[Label]
    names: Names

    @classmethod
    def of(cls, wanted: Sequence[Wanted], model: Model, given: frozenset[Label]) -> Reading:
        """What some expressions rest on.

        Raises `NameClash` when one name stands for two different things.
        """
        for w in wanted:
            if len({v for v, *_ in w.indices}) != len(w.indices):
                raise NameClash(Sentence("an index occurs twice among the axes of the result"))
        whole = Model.of(*(w.expr for w in wanted)).labels
        if given:
            reached = _reached(wanted, given)
            whole = tuple(x for x in whole if x in reached)
        known = tuple(dict.fromkeys((*model.labels, *whole)))
        found = Names()
        for w in wanted:
            found.walk(w.expr, w.limits)
        for label in known:
            for size in label.shape:
                found.sizes |= dict.fromkeys(s.name for s in in_order(size))
        for label in known:
            definition = label.spec.definition
            if definition is not None and label not in given:
                sizes = zip(definition.indices, label.shape, strict=True)
                found.walk(definition.body, [(v, S.One, size) for v, size in sizes])
        return cls(whole, known, given, found)

    @property
    def equations(self) -> tuple[tuple[Label, Definition], ...]:
        """The names that have to be computed, each after those that it reads."""
        return tuple(
            (x, x.spec.definition)
            for x in self.labels
            if x.spec.definition is not None and x not in self.given
        )

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The arrays and scalars that a caller may hand in."""
        return arguments_of(self.known, self.names, self.given)

    @property
    def aliases(self) -> dict[str, str]:
        """``W`` for ``W1`` where only one layer has a ``W``."""
        stems = Counter(label.stem for label in self.known)
        read = (self.names.sizes, self.names.scalars, self.names.plain)
        taken = {label.name for label in self.known}.union(*read)
        return {
            label.stem: label.name
            for label in self.known
            if label.stem not in taken and stems[label.stem] == 1
        }

    def translator(self) -> Translator:
        """A translator that knows the sizes."""
        return Translator(sizes=frozenset(self.names.sizes), given=self.given)

    def signature(self, inputs: Sequence[str], sizes: Sequence[str]) -> Signature:
        """The signature of a function that reads these arrays and sizes."""
        defined = (x for x in self.known if x.spec.definition is not None and x not in self.given)
        return Signature(
            self.arguments, tuple(inputs), tuple(sizes), tuple(x.name for x in defined)
        )


def _reached(wanted: Sequence[Wanted], given: frozenset[Label]) -> set[Label]:
    """The labels that expressions rest on; what defines a given one is not looked at."""
    found: set[Label] = set()
    todo = [w.expr for w in wanted]
    while todo:
        for x in names(todo.pop()):
            if not isinstance(x, Label) or x in found:
                continue
            found.add(x)
            spec = x.spec
            if spec.definition is not None and x not in given:
                todo.append(spec.definition.body)
            if spec.hot is not None:
                todo.append(spec.hot)
    return found
