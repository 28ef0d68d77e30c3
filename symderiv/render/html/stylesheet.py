"""The style sheet of a drawing as styles of its elements: pages keep no style sheets of pictures.

Simple selectors are applied: ``rect``, ``.class``, ``#id``, ``rect.class``, ``*``, and their lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence

_REMARK = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?P<name>\*|[A-Za-z][\w-]*)?(?P<marks>(?:[.#][\w-]+)*)")
_MARK = re.compile(r"[.#][\w-]+")
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """What elements of a name, with these classes and ids, look like."""

    name: str
    classes: frozenset[str]
    ids: frozenset[str]
    style: str

    @property
    def rank(self) -> tuple[int, int, int]:
        """Rules of a higher rank win."""
        return len(self.ids), len(self.classes), int(bool(self.name))

    def holds(self, element: Element) -> bool:
        """Is it about this element?"""
        named = not self.name or element.tag.rpartition("}")[2] == self.name
        classes = frozenset(element.get("class", "").split())
        return named and self.classes <= classes and self.ids <= {element.get("id", "")}


def apply_styles(root: Element) -> None:
    """Write what the style sheets of a drawing say into the styles of its elements.

    Raises:
        DataError: for a rule that is not simple, whose colours would be lost.
    """
    sheets = [e.text or "" for e in root.iter() if e.tag.rpartition("}")[2] == "style"]
    rules = sorted(_rules(_REMARK.sub(" ", " ".join(sheets))), key=lambda rule: rule.rank)
    if not rules:
        return
    for element in root.iter():
        found = [rule.style for rule in rules if rule.holds(element)]
        if found:
            element.set("style", ";".join([*found, element.get("style", "")]))


def _rules(sheet: str) -> Iterator[Rule]:
    """The rules of a style sheet, in order."""
    end = 0
    for count, found in enumerate(_RULE.finditer(sheet)):
        if count >= MOST:
            raise _refused(Sentence("more than {most} rules", most=f"{MOST:,}"))
        _refuse_rest(sheet[end : found.start()])
        end = found.end()
        style = re.sub(r"\s*!important", "", found[2]).strip()
        for selector in found[1].split(","):
            yield _rule(selector.strip(), style)
    _refuse_rest(sheet[end:])


def _rule(selector: str, style: str) -> Rule:
    found = _SELECTOR.fullmatch(selector)
    if not found or not selector:
        raise _refused(repr(selector[:40]))
    marks = _MARK.findall(found["marks"])
    name = found["name"] if found["name"] != "*" else ""
    classes = frozenset(mark[1:] for mark in marks if mark[0] == ".")
    return Rule(name or "", classes, frozenset(m[1:] for m in marks if m[0] == "#"), style)


def _refuse_rest(text: str) -> None:
    if text.strip():
        raise _refused(repr(text.strip()[:40]))


def _refused(what: str) -> DataError:
    return DataError(
        Sentence(
            "the style sheet of the picture has {what}; only rules for a name, a class or an id "
            "are applied. Write colours as attributes of the shapes",
            what=what,
        )
    )
