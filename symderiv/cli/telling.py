"""What the commands read and write: expressions from files, derivations in every format."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

import click

from symderiv.api import Derivation
from symderiv.cli.amount import bounded_json, documents
from symderiv.document import Document
from symderiv.document.messages import N_, phrase, translate

DETAILS = ("brief", "normal", "full")
FORMATS = ("text", "latex", "mathml", "json")
SUFFIXES = (".txt", ".tex", ".html", ".json")
FAILED = 1
MOST_OF_TITLE = 80
CHECKED = N_("checked: {report}")

Parts = tuple[tuple[str, Derivation], ...]
"""Derivations, each under a caption that may be empty."""


def expression_text(given: str) -> str:
    """The argument itself, the standard input, or a file; never more than the parser reads."""
    if given == "-":
        return _bounded(sys.stdin.buffer, "standard input")
    if given.startswith("@"):
        with Path(given[1:]).open("rb") as file:
            return _bounded(file, given[1:])
    return given


def _bounded(stream: BinaryIO, what: str) -> str:
    from symderiv.parse import MAX_TEXT

    data = stream.read(4 * MAX_TEXT + 1)
    if len(data) > 4 * MAX_TEXT:
        raise click.UsageError(f"{what} is too long; at most {MAX_TEXT:,} characters are read")
    try:
        return data.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{what} is not UTF-8 at byte {error.start + 1}") from None


@dataclass(frozen=True, slots=True)
class Words:
    """What stands above the derivations: the title of an entry, and its sentence; the language."""

    title: str = ""
    sentence: str = ""
    language: str = "en"

    @property
    def lines(self) -> list[str]:
        """Those that say something."""
        return [line for line in (self.title, self.sentence) if line]


def tell(
    parts: Parts,
    *,
    form: str,
    detail: Any,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
    language: str = "en",
    words: Words = Words(),
) -> None:
    """Print derivations, write the files asked for, check if asked.

    Nothing is printed or written where a part of it is refused.
    """
    parts = tuple((translate(caption, language), derivation) for caption, derivation in parts)
    words = Words(translate(words.title, language), translate(words.sentence, language), language)
    printed = _FORMS[form](parts, detail, words)
    files = [(path, _FILES[path.suffix.lower()](parts, detail, words)) for path in outputs]
    click.echo(printed.rstrip("\n"))
    for path, text in files:
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    if not check:
        return
    reports = [derivation.check(seed=seed) for _, derivation in parts]
    if form == "text":
        click.echo()
    for report in reports:
        told = phrase(CHECKED, language, report=report.to_text(language))
        click.echo(told, err=form != "text")
    if not all(reports):
        raise click.exceptions.Exit(FAILED)


def _documents(parts: Parts, detail: Any, form: str) -> list[tuple[str, Document]]:
    found = documents((derivation for _, derivation in parts), detail, form)
    return [(caption, document) for (caption, _), document in zip(parts, found, strict=True)]


# ---------------------------------------------------------------- what is printed


def _text(parts: Parts, detail: Any, words: Words) -> str:
    from symderiv.render.text import to_text

    told = (
        (caption, to_text(d, language=words.language))
        for caption, d in _documents(parts, detail, "text")
    )
    bodies = [f"{caption}\n\n{text}" if caption else text for caption, text in told]
    return "\n\n".join(["\n".join(words.lines), *bodies] if words.lines else bodies)


def _latex(parts: Parts, detail: Any, words: Words) -> str:
    """The rows of one derivation; several are told apart by their environments."""
    from symderiv.render.latex import to_latex

    language = words.language
    rows = [to_latex(d, language=language) for _, d in _documents(parts, detail, "latex")]
    if len(rows) == 1:
        return rows[0]
    return "\n\n".join(f"\\begin{{align*}}\n{text}\n\\end{{align*}}" for text in rows)


def _mathml(parts: Parts, detail: Any, words: Words) -> str:
    from symderiv.render.mathml import to_mathml

    told = (
        (caption, to_mathml(d, language=words.language))
        for caption, d in _documents(parts, detail, "mathml")
    )
    return "\n".join(f"<h2>{escape(caption)}</h2>\n{m}" if caption else m for caption, m in told)


def _json(parts: Parts, detail: Any, words: Words) -> str:
    """Every detail; titles are no part of a derivation."""
    del detail, words
    bounded_json(derivation for _, derivation in parts)
    told = [d.to_json() for _, d in parts]
    return told[0] if len(told) == 1 else "[" + ",\n".join(told) + "]"


_FORMS = {"text": _text, "latex": _latex, "mathml": _mathml, "json": _json}


# ---------------------------------------------------------------- what is written


def _tex_file(parts: Parts, detail: Any, words: Words) -> str:
    """One document: the preamble of the first derivation, and what all of them say."""
    from symderiv.render.latex import to_document
    from symderiv.render.names import tex_text

    begin, end = "\\begin{document}\n", "\\end{document}"
    preamble, bodies = "", []
    for caption, document in _documents(parts, detail, "latex"):
        preamble, _, rest = to_document(document, language=words.language).partition(begin)
        section = "subsection" if words.title else "section"
        title = f"\n\\{section}*{{{tex_text(caption)}}}\n" if caption else ""
        bodies.append(title + rest.rpartition(end)[0])
    title = f"\n\\section*{{{tex_text(words.title)}}}\n" if words.title else ""
    sentence = f"\n\\noindent {tex_text(words.sentence)}\n" if words.sentence else ""
    return preamble + begin + title + sentence + "".join(bodies) + end


def _page(parts: Parts, detail: Any, words: Words) -> str:
    """A page that a browser shows; well-formed XML as well."""
    title = escape(words.title or _goals(parts))
    head = f'<meta charset="utf-8"/>\n<title>{title}</title>'
    above = f"<h1>{title}</h1>\n" if words.title else ""
    above += f"<p>{escape(words.sentence)}</p>\n" if words.sentence else ""
    body = above + _mathml(parts, detail, words)
    begin = f'<!DOCTYPE html>\n<html lang="{words.language}">'
    return f"{begin}\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>"


def _goals(parts: Parts) -> str:
    """What was derived, short enough for the title of a window."""
    from symderiv.render.text import text

    told = "; ".join(text(derivation.goal) for _, derivation in parts)
    return told if len(told) <= MOST_OF_TITLE else told[: MOST_OF_TITLE - 1] + "…"


_FILES = {".txt": _text, ".tex": _tex_file, ".html": _page, ".json": _json}
