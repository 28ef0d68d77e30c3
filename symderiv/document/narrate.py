"""From a derivation to a document, at three levels of detail from one trace.

=========  ==========================================================================
full       a line for every step
normal     a line for every stage
brief      the chain rule, the lemmas put in, the derivatives taken, and the last line
=========  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sympy import Expr, Number
from sympy.core.basic import Basic

from symderiv.core.derivation import Derivation, Step, tidy
from symderiv.core.model import Model
from symderiv.core.rule import Rule
from symderiv.document.blocks import Citation, Document, Equality, Line, Note
from symderiv.document.words import ADJOINT, KEPT, fill, is_filled, separated, shaped

Detail = Literal["brief", "normal", "full"]
DETAILS: tuple[Detail, ...] = ("brief", "normal", "full")
MOST_NOTES = 3
_SHOWN_IN_BRIEF = ("chain", "lemmas")
STRUCTURAL = frozenset(("diff.product", "diff.quotient", "diff.tower", "diff.under_product"))
QUIET_ALONE = frozenset(("sum.pull",))
QUIET = frozenset(
    ("algebra.order", "algebra.sign", "algebra.flip", "sum.linear", "index.rename", "diff.itself")
)


def document_of(derivation: Derivation, detail: Detail = "normal") -> Document:
    """The document of a derivation, its lemmas first and numbered.

    Raises `ValueError` for an unknown level of detail.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail={detail!r} is unknown; choose one of {', '.join(DETAILS)}")
    lemmas = derivation.lemmas()
    numbers = {lemma.goal: number for number, lemma in enumerate(lemmas, 1)}
    return Document(
        goal=derivation.goal,
        lines=_lines(derivation, detail, numbers),
        given=derivation.given,
        indices=derivation.indices,
        lemmas=tuple(
            Document(
                lemma.goal, _lines(lemma, detail, numbers), lemma.given, lemma.indices, number=k
            )
            for k, lemma in enumerate(lemmas, 1)
        ),
        definitions=_definitions(derivation),
    )


def document_of_pass(
    derivations: Sequence[Derivation], kept: Sequence[Expr], detail: Detail = "normal"
) -> Document:
    """A backward pass as one document: adjoints in the order in which they are found.

    ``kept`` are the forward values that the pass reads; they are told with their shapes.
    """
    parts: list[Document] = []
    numbers: dict[Expr, int] = {}
    for derivation in derivations:
        for lemma in derivation.lemmas():
            if lemma.goal not in numbers:
                numbers[lemma.goal] = len(numbers) + 1
                lines = _lines(lemma, detail, numbers)
                number = numbers[lemma.goal]
                parts.append(Document(lemma.goal, lines, lemma.given, lemma.indices, number=number))
        lines = _lines(derivation, detail, numbers)
        title = fill(ADJOINT, {"name": derivation.goal.args[1]})
        parts.append(
            Document(derivation.goal, lines, derivation.given, derivation.indices, title=title)
        )
    *before, last = parts
    definitions = _definitions(derivations[-1])
    preface = fill(KEPT, {"names": separated([shaped(x) for x in kept])})
    return replace(last, lemmas=tuple(before), definitions=definitions, preface=preface)


def _definitions(derivation: Derivation) -> tuple[Equality, ...]:
    model = Model.of(derivation.goal, derivation.last)
    return tuple(
        Equality(label.entry(*definition.indices), definition.body)
        for label, definition in model.equations
    )


# ---------------------------------------------------------------- lines


@dataclass(slots=True)
class _Stretch:
    """Some successive steps, and the line after them."""

    name: str
    stage: int
    steps: list[tuple[int, Step]]
    line: Expr


def _lines(derivation: Derivation, detail: Detail, numbers: Mapping[Expr, int]) -> tuple[Line, ...]:
    stretches = list(_stretches(derivation, detail))
    if detail == "brief":
        stretches = _merged(stretches)
    out: list[Line] = []
    before, pending = derivation.goal, []
    for stretch in stretches:
        pending += stretch.steps
        if stretch.line == before:
            continue
        out.append(_line(stretch.line, pending, numbers, most=_most(detail)))
        before, pending = stretch.line, []
    if before != tidy(derivation.last):
        out.append(_line(derivation.last, pending, numbers, most=_most(detail)))
    return tuple(out)


def _most(detail: Detail) -> int:
    return MOST_NOTES - 1 if detail == "brief" else MOST_NOTES


def _stretches(derivation: Derivation, detail: Detail) -> Iterator[_Stretch]:
    current: _Stretch | None = None
    for position, (step, line) in enumerate(derivation.lines()):
        if current is not None and current.stage == step.stage and detail != "full":
            current.steps.append((position, step))
            current.line = line
            continue
        if current is not None:
            yield current
        name = derivation.stages[step.stage].name
        current = _Stretch(name, step.stage, [(position, step)], line)
    if current is not None:
        yield current


def _merged(stretches: list[_Stretch]) -> list[_Stretch]:
    """Only the lines that a textbook prints; what lies between is told by the next of them."""
    out: list[_Stretch] = []
    waiting: list[tuple[int, Step]] = []
    for stretch, after in zip(stretches, [*stretches[1:], None], strict=True):
        waiting += stretch.steps
        ends_run = stretch.name == "differentiate" and after and after.name != "differentiate"
        if after is None or ends_run or stretch.name in _SHOWN_IN_BRIEF:
            out.append(_Stretch(stretch.name, stretch.stage, waiting, stretch.line))
            waiting = []
    return out


def _line(
    expr: Expr, steps: list[tuple[int, Step]], numbers: Mapping[Expr, int], most: int
) -> Line:
    cited = {lemma.goal: None for _, step in steps for lemma in step.lemmas}
    provided = dict.fromkeys(fact for _, step in steps for fact in step.provided)
    return Line(
        expr=expr,
        notes=_chosen([_note(step) for _, step in steps if not step.lemmas], most),
        cites=tuple(sorted((Citation(numbers[goal], goal) for goal in cited), key=_number)),
        steps=tuple(position for position, _ in steps),
        provided=tuple(provided),
    )


def _number(citation: Citation) -> int:
    return citation.number


# ---------------------------------------------------------------- notes


def _note(step: Step) -> Note:
    rule = rule_named(step.rule)
    if rule is None:
        return Note(step.rule, step.rule, about=step.about)
    return Note(step.rule, rule.title, rule.note, step.about)


def rule_named(name: str) -> Rule | None:
    """The rule of that name; None for one that a later version dropped, or a user's own."""
    from symderiv.rules import ALL_RULES

    try:
        rule: Rule = ALL_RULES[name]
    except (KeyError, StopIteration):
        return None
    return rule


def _chosen(notes: list[Note], most: int) -> tuple[Note, ...]:
    """The few notes that tell most, each once, in their order.

    Facts and what selects a term come first, then filled notes, then bare titles; what tidies up
    is told only where nothing else happened.
    """
    seen: dict[tuple[str, str, tuple[tuple[str, Basic], ...]], Note] = {}
    for note in notes:
        filled = note.about if is_filled(note) else ()
        seen.setdefault((note.title, note.note, filled), note)
    distinct = list(seen.values())
    told = [note for note in distinct if not is_quiet(note)] or distinct[:1]
    best = sorted(told, key=_weight)
    bare = [note for note in best if not is_filled(note)]
    spare = bare[1:] if len(bare) < len(best) else bare[most:]
    kept = [note for note in best if note not in spare][:most]
    return tuple(note for note in told if note in kept)


def _weight(note: Note) -> int:
    """Less for what a reader misses most."""
    if note.rule in STRUCTURAL:
        return 1
    if not is_filled(note):
        return 3
    room = note.rule.partition(".")[0]
    return 0 if room in ("fact", "chain") or note.rule == "sum.sift" else 2 if room == "diff" else 1


def is_quiet(note: Note) -> bool:
    """Does the note only say that the line was put in order, or a sign moved?"""
    about = [value for _, value in note.about]
    number = bool(about) and isinstance(about[0], Number)
    return number or note.rule in (QUIET if is_filled(note) else QUIET | QUIET_ALONE)
