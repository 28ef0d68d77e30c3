"""From a derivation to a document, at three levels of detail from one trace.

=========  ==========================================================================
full       a line for every step
normal     a line for every stage
brief      the chain rule, the lemmas put in, the derivatives taken, and the last line
=========  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sympy import Expr, Number, Symbol
from sympy.core.basic import Basic

from symderiv.core.alike import claim
from symderiv.core.binding import names
from symderiv.core.derivation import Derivation, Step, tidy
from symderiv.core.model import Model
from symderiv.core.rule import Rule
from symderiv.core.symbols import Definition, Label
from symderiv.document.blocks import Citation, Document, Equality, Evidence, Line, Note, Words
from symderiv.document.messages import translate
from symderiv.document.words import (
    ADJOINT,
    KEPT,
    KEPT_NOTHING,
    WHERE,
    fill,
    is_filled,
    separated,
    shaped,
)

Detail = Literal["brief", "normal", "full"]
DETAILS: tuple[Detail, ...] = ("brief", "normal", "full")
MOST_NOTES = 3
_SHOWN_IN_BRIEF = ("chain", "lemmas")
STRUCTURAL = frozenset(("diff.product", "diff.quotient", "diff.tower", "diff.under_product"))
SAID_BY = dict.fromkeys(("algebra.powers", "algebra.power_of_product"), "algebra.cancel")
"""What need not be said where another rule of the same line is told."""
DECIMALS = {"decimal": "equal.decimal", "exact": "equal.exact"}
"""What a step says of a value in decimals, and the rule that it says it by."""
QUIET_ALONE = frozenset(("sum.pull",))
QUIET = frozenset(
    ("algebra.order", "algebra.sign", "algebra.flip", "sum.linear", "index.rename", "diff.itself")
)

ENDS = 2
"""After the steps of a derivation, a check tests its goal and its result; then its matrix forms."""

Proofs = Mapping[Expr, tuple[Evidence, ...]]
"""What a check found of each step, by the left side of the derivation that it belongs to."""


def document_of(derivation: Derivation, detail: Detail = "normal") -> Document:
    """The document of a derivation, its lemmas first and numbered.

    Raises `ValueError` for an unknown level of detail.
    """
    return Narrator(detail).tell(derivation)


def document_of_pass(
    derivations: Sequence[Derivation],
    kept: Sequence[Expr],
    detail: Detail = "normal",
    language: str = "en",
) -> Document:
    """A backward pass as one document: adjoints in the order in which they are found.

    ``kept`` are the forward values that the pass reads, told with their shapes; titles are told
    in the language.
    """
    narrator = Narrator(detail)
    told = [narrator.tell(d, title=adjoint_of(d, language)) for d in derivations]
    parts = [part for document in told for part in (*document.lemmas, document)]
    definitions = tuple(d for document in told for d in document.definitions)
    *before, last = (replace(part, lemmas=(), definitions=()) for part in parts)
    preface = (*kept_words(kept, language), f"; {translate(WHERE, language)}")
    return replace(last, lemmas=tuple(before), definitions=definitions, preface=preface)


def adjoint_of(derivation: Derivation, language: str = "en") -> Words:
    """``Adjoint of z_i``, the title of one derivation of a backward pass."""
    return fill(ADJOINT, {"name": derivation.goal.args[1]}, language)


def kept_words(kept: Sequence[Expr], language: str = "en") -> Words:
    """What the forward pass must keep, or that it need keep nothing."""
    if not kept:
        return (translate(KEPT_NOTHING, language),)
    return fill(KEPT, {"names": separated([shaped(x, language) for x in kept], language)}, language)


class Narrator:
    """Tells derivations one after another: lemmas are numbered through, and nothing is told twice.

    ``told`` is where each equation was derived, whatever letters its indices had there. ``said``
    are the definitions of an author, in their order and with their letters.
    With ``finer``, each line holds the lines of full detail that it stands for. Raises `ValueError`
    for an unknown level of detail.
    """

    def __init__(self, detail: Detail = "normal", *, finer: bool = False) -> None:
        if detail not in DETAILS:
            raise ValueError(f"detail={detail!r} is unknown; choose one of {', '.join(DETAILS)}")
        self.detail = detail
        self.finer = finer
        self.told: dict[Hashable, Citation] = {}
        self.said: Mapping[Symbol, Definition] = {}
        self.defined: dict[Expr, None] = {}

    def tell(
        self,
        derivation: Derivation,
        *,
        detail: Detail | None = None,
        title: Words = (),
        proofs: Proofs | None = None,
    ) -> Document:
        """The document of a derivation; the lemmas and definitions that were not told before."""
        detail = detail or self.detail
        proofs = proofs or {}
        new = self._new(derivation)
        return Document(
            goal=derivation.goal,
            lines=self._lines(derivation, detail, proofs),
            given=derivation.given,
            indices=derivation.indices,
            lemmas=tuple(
                Document(
                    goal=lemma.goal,
                    lines=self._lines(lemma, detail, proofs),
                    given=lemma.given,
                    indices=lemma.indices,
                    number=self.told[claim(lemma)].number,
                )
                for lemma in new
            ),
            definitions=tuple(self._definitions(derivation)),
            title=title,
            forms=proofs.get(derivation.goal, ())[len(derivation.steps) + ENDS :],
        )

    def number(self, derivation: Derivation, number: int, anchor: str) -> None:
        """Note under which number a derivation was told, so that others cite it."""
        self.told.setdefault(claim(derivation), Citation(number, derivation.goal, anchor))

    def _new(self, derivation: Derivation) -> list[Derivation]:
        """The lemmas that were not told before, numbered; not those that only told ones cite."""
        needed: set[Expr] = set()
        todo = [derivation]
        while todo:
            for lemma in (lemma for step in todo.pop().steps for lemma in step.lemmas):
                if lemma.goal not in needed and claim(lemma) not in self.told:
                    needed.add(lemma.goal)
                    todo.append(lemma)
        number = sum(not citation.anchor for citation in self.told.values())
        new = []
        for lemma in derivation.lemmas():
            if lemma.goal in needed and claim(lemma) not in self.told:
                number += 1
                self.told[claim(lemma)] = Citation(number, lemma.goal)
                new.append(lemma)
        return new

    def _definitions(self, derivation: Derivation) -> Iterator[Equality]:
        for label, definition in self._in_order(Model.of(derivation.goal, derivation.last)):
            if label not in self.defined:
                self.defined[label] = None
                written = self.said.get(label, definition)
                yield Equality(label.entry(*written.indices), written.body)

    def _in_order(self, model: Model) -> list[tuple[Label, Definition]]:
        """As the author made them; what is made up stands after what it reads."""
        places = {label: at for at, label in enumerate(self.said)}
        ranks: dict[Symbol, int] = {}
        for label, definition in model.equations:
            read = (ranks.get(s, -1) for s in names(definition.body))
            ranks[label] = max(places.get(label, -1), *read, -1)
        return sorted(model.equations, key=lambda equation: ranks[equation[0]])

    def _lines(self, derivation: Derivation, detail: Detail, proofs: Proofs) -> tuple[Line, ...]:
        found = proofs.get(derivation.goal, ())
        lines = tuple(_proved(x, found) for x in _lines(derivation, detail, self.told))
        if not self.finer or detail == "full":
            return lines
        full = tuple(_proved(x, found) for x in _lines(derivation, "full", self.told))
        return tuple(replace(line, finer=_within(line, full)) for line in lines)


def _within(line: Line, full: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of full detail that a line stands for; none where it is one of them."""
    inside = tuple(x for x in full if set(x.steps) <= set(line.steps))
    return inside if len(inside) > 1 else ()


def _proved(line: Line, found: Sequence[Evidence]) -> Line:
    mine = [found[k] for k in line.steps if k < len(found)]
    if not mine or len(mine) < len(line.steps):
        return line
    return replace(line, evidence=Evidence.of(mine))


# ---------------------------------------------------------------- lines


@dataclass(slots=True)
class _Stretch:
    """Some successive steps, and the line after them."""

    name: str
    stage: int
    steps: list[tuple[int, Step]]
    line: Expr


def _lines(
    derivation: Derivation, detail: Detail, told: Mapping[Hashable, Citation]
) -> tuple[Line, ...]:
    stretches = list(_stretches(derivation, detail))
    if detail == "brief":
        stretches = _merged(stretches)
    out: list[Line] = []
    before, pending = derivation.goal, []
    for stretch in stretches:
        pending += stretch.steps
        if stretch.line == before:
            continue
        out.append(_line(stretch.line, pending, told, most=_most(detail)))
        before, pending = stretch.line, []
    remarked = not out and any(_remarks(step) for _, step in pending)
    if before != tidy(derivation.last) or remarked:
        out.append(_line(derivation.last, pending, told, most=_most(detail)))
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
    expr: Expr, steps: list[tuple[int, Step]], told: Mapping[Hashable, Citation], most: int
) -> Line:
    cited = dict.fromkeys(told[claim(lemma)] for _, step in steps for lemma in step.lemmas)
    provided = dict.fromkeys(fact for _, step in steps for fact in step.provided)
    return Line(
        expr=expr,
        notes=_chosen([x for _, step in steps if not step.lemmas for x in _notes(step)], most),
        cites=tuple(sorted(cited, key=lambda citation: (citation.anchor != "", citation.number))),
        steps=tuple(position for position, _ in steps),
        provided=tuple(provided),
    )


# ---------------------------------------------------------------- notes


def _notes(step: Step) -> Iterator[Note]:
    """What the rule of a step says, and the decimal where a value is reached."""
    remarks = _remarks(step)
    if step.rule not in DECIMALS.values():
        yield _note(step.rule, tuple(pair for pair in step.about if pair not in remarks))
    for remark in remarks:
        yield _note(DECIMALS[remark[0]], (remark,))


def _remarks(step: Step) -> tuple[tuple[str, Basic], ...]:
    return tuple(pair for pair in step.about if pair[0] in DECIMALS)


def _note(name: str, about: tuple[tuple[str, Basic], ...]) -> Note:
    rule = rule_named(name)
    if rule is None:
        return Note(name, name, about=about)
    return Note(name, rule.title, rule.note, about)


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

    Facts and what selects a term come first, then filled notes, then bare titles, then what a rule
    did elsewhere in the line; what tidies up is told only where nothing else happened.
    """
    remarks = tuple(note for note in notes if note.rule in DECIMALS.values())
    return (*_chosen_laws([note for note in notes if note not in remarks], most), *remarks)


def _chosen_laws(notes: list[Note], most: int) -> tuple[Note, ...]:
    seen: dict[tuple[str, str, tuple[tuple[str, Basic], ...]], Note] = {}
    for note in notes:
        filled = note.about if is_filled(note) else ()
        seen.setdefault((note.title, note.note, filled), note)
    distinct = list(seen.values())
    rules = {note.rule for note in distinct}
    distinct = [note for note in distinct if SAID_BY.get(note.rule) not in rules]
    told = [note for note in distinct if not is_quiet(note)] or distinct[:1]
    names = [note.rule for note in told]
    again = {id(x) for k, x in enumerate(told) if x.rule in names[:k]}
    best = sorted(told, key=lambda note: (id(note) in again, _weight(note)))
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
    if number:
        return note.rule not in DECIMALS.values()
    return note.rule in (QUIET if is_filled(note) else QUIET | QUIET_ALONE)
