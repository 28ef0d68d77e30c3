"""The record of a derivation: a chain of equal lines, each following from the last by one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Tuple
from sympy.core.basic import Basic

from symderiv.core.expr import LEAVES, children, node, rebuild

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One rewrite at one place: the node at ``path`` was ``redex`` and becomes ``contractum``.

    ``path`` counts arguments from the root of the line. All steps of one ``stage`` refer to the
    line as it stood when the stage began (each in the state that earlier steps left), so a stage
    is also what one printed line shows at normal detail. ``rule`` is the rule's name; ``about``
    fills the rule's note; ``provided`` are side conditions that the step used; ``lemmas`` are
    derivations that it cites.
    """

    rule: str
    path: Path
    redex: Expr
    contractum: Expr
    stage: int
    about: tuple[tuple[str, Basic], ...] = ()
    provided: tuple[Basic, ...] = ()
    lemmas: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A run of steps that one line shows at normal detail, e.g. ``cancel``.

    The paths of a ``joined`` stage go on from the line as the stage before left it, untidied.
    """

    name: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Derivation:
    """``goal = … = result``, a chain of lines joined by steps.

    ``given`` holds the facts that the derivation rests on (relations such as ``Σ_k y_k = 1``);
    ``indices`` the free indices with their ranges, ``(i, 1, n)``, those of the expression first,
    then those of the variable; ``result`` is a canonical SymPy expression without private heads,
    while ``last`` is the last line as it reads.
    """

    goal: Expr
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]
    given: tuple[Basic, ...]
    indices: tuple[Tuple, ...]
    last: Expr
    result: Expr

    def lines(self) -> Iterator[tuple[Step, Expr]]:
        """Each step with the whole line after it, built as it is read."""
        line, stage, done = self.goal, 0, Tidied()
        for step in self.steps:
            if step.stage != stage:
                line = line if self.stages[step.stage].joined else done(line)
                stage = step.stage
            line = replace_at(line, step.path, step.contractum)
            yield step, done(line)

    def lemmas(self) -> tuple[Derivation, ...]:
        """Every derivation that a step cites, those that others rest on first, each once."""
        found: dict[Expr, Derivation] = {}
        todo: list[tuple[Derivation, bool]] = [(self, False)]
        while todo:
            derivation, done = todo.pop()
            if done and derivation is not self:
                found.setdefault(derivation.goal, derivation)
            elif not done and derivation.goal not in found:
                todo.append((derivation, True))
                cited = [lemma for step in derivation.steps for lemma in step.lemmas]
                todo.extend((lemma, False) for lemma in reversed(cited))
        return tuple(found.values())


def at(e: Expr, path: Path) -> Expr:
    """The node at a path."""
    for position in path:
        e = e.args[position]
    return e


def replace_at(e: Expr, path: Path, new: Expr) -> Expr:
    """The line with another node at a path; nothing is flattened, so other paths stay valid."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    args = list(e.args)
    args[first] = replace_at(args[first], rest, new)
    return node(type(e), *args) if isinstance(e, Expr) else Basic.__new__(type(e), *args)


def tidy(e: Expr) -> Expr:
    """Flatten nested sums and products and drop 0 and 1, as the constructors of `expr` do."""
    return Tidied()(e)


class Tidied:
    """`tidy` for the lines of one derivation, which share most of their nodes.

    Nodes are told apart by identity: comparing those that are equal costs more than the work.
    """

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: dict[int, tuple[Expr, Expr]] = {}

    def __call__(self, e: Expr) -> Expr:
        """The tidy expression."""
        if isinstance(e, LEAVES):
            return e
        found = self.known.get(id(e))
        if found is None:
            new = rebuild(e, tuple(map(self, children(e))))
            found = self.known[id(e)] = (e, new)
        return found[1]
