"""What the commands read and write: expressions from files, derivations in every format."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from symderiv.api import Derivation
from symderiv.cli.amount import bounded, bounded_json
from symderiv.document.article import Article, Heading, Paragraph, Told
from symderiv.document.compose import Composer
from symderiv.document.messages import N_, phrase, translate
from symderiv.document.narrate import Detail

if TYPE_CHECKING:
    from symderiv.oracle.report import Report

DETAILS = ("brief", "normal", "full")
FORMATS = ("text", "latex", "mathml", "json")
SUFFIXES = (".txt", ".tex", ".html", ".json")
FAILED = 1
MOST_OF_TITLE = 80
CHECKED = N_("checked: {report}")


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
class Telling:
    """What a command tells: a title, derivations, and how they become blocks of an article.

    ``title`` is a message id; ``compose`` is given the reports of ``check``, or none.
    """

    title: str
    derivations: tuple[Derivation, ...]
    compose: Callable[[Composer, Sequence[Report]], None]
    check: Callable[[int], Sequence[Report]]
    language: str = "en"

    @property
    def heading(self) -> str:
        """The title in the language."""
        return translate(self.title, self.language)

    def article(self, detail: Detail, reports: Sequence[Report] = ()) -> Article:
        """The article at a level of detail."""
        composer = Composer(self.language, detail)
        self.compose(composer, reports)
        return composer.article((self.heading,) if self.title else ())


def tell(
    telling: Telling,
    *,
    form: str,
    detail: Detail,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
) -> None:
    """Print derivations, write the files asked for, check if asked.

    Nothing is printed or written where a part of it is refused.
    """
    printed = _FORMS[form](telling, detail)
    files = [(path, _FILES[path.suffix.lower()](telling, detail)) for path in outputs]
    click.echo(printed.rstrip("\n"))
    for path, text in files:
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    if not check:
        return
    reports = telling.check(seed)
    if form == "text":
        click.echo()
    for report in reports:
        told = report.to_text(telling.language)
        click.echo(phrase(CHECKED, telling.language, report=told), err=form != "text")
    if not all(reports):
        raise click.exceptions.Exit(FAILED)


def _article(telling: Telling, detail: Detail, form: str) -> Article:
    return bounded(telling.article, form, detail)


# ---------------------------------------------------------------- what is printed


def _text(telling: Telling, detail: Detail) -> str:
    from symderiv.render.text import render_article

    return render_article(_article(telling, detail, "text")).data.decode()


def _latex(telling: Telling, detail: Detail) -> str:
    """The rows of one derivation; several are told apart by their environments."""
    from symderiv.render.latex import to_latex

    found = _article(telling, detail, "latex").documents()
    rows = [to_latex(d, language=telling.language) for d in found]
    if len(rows) == 1:
        return rows[0]
    return "\n\n".join(f"\\begin{{align*}}\n{text}\n\\end{{align*}}" for text in rows)


def _mathml(telling: Telling, detail: Detail) -> str:
    from symderiv.render.mathml import to_mathml
    from symderiv.render.text import plain_words

    out = []
    for block in _article(telling, detail, "mathml").blocks:
        if isinstance(block, Heading):
            out.append(f"<h2>{escape(plain_words(block.words))}</h2>")
        elif isinstance(block, Paragraph):
            out.append(f"<p>{escape(plain_words(block.words))}</p>")
        elif isinstance(block, Told):
            out.append(to_mathml(block.document, language=telling.language))
    return "\n".join(out)


def _json(telling: Telling, detail: Detail) -> str:
    """Every detail; titles are no part of a derivation."""
    del detail
    bounded_json(telling.derivations)
    told = [d.to_json() for d in telling.derivations]
    return told[0] if len(told) == 1 else "[" + ",\n".join(told) + "]"


_FORMS = {"text": _text, "latex": _latex, "mathml": _mathml, "json": _json}


# ---------------------------------------------------------------- what is written


def _tex_file(telling: Telling, detail: Detail) -> str:
    from symderiv.render.latex import to_document
    from symderiv.render.names import tex_text
    from symderiv.render.text import plain_words

    begin, end = "\\begin{document}\n", "\\end{document}"
    preamble, bodies = "", []
    for block in _article(telling, detail, "latex").blocks:
        if isinstance(block, Told):
            told = to_document(block.document, language=telling.language)
            preamble, _, rest = told.partition(begin)
            bodies.append(rest.rpartition(end)[0])
        elif isinstance(block, Heading):
            bodies.append(f"\n\\subsection*{{{tex_text(plain_words(block.words))}}}\n")
        elif isinstance(block, Paragraph):
            bodies.append(f"\n\\noindent {tex_text(plain_words(block.words))}\n")
    title = f"\n\\section*{{{tex_text(telling.heading)}}}\n" if telling.title else ""
    return preamble + begin + title + "".join(bodies) + end


def _page(telling: Telling, detail: Detail) -> str:
    """A page that a browser shows; well-formed XML as well."""
    title = escape(telling.heading or _goals(telling))
    head = f'<meta charset="utf-8"/>\n<title>{title}</title>'
    above = f"<h1>{title}</h1>\n" if telling.title else ""
    body = above + _mathml(telling, detail)
    begin = f'<!DOCTYPE html>\n<html lang="{telling.language}">'
    return f"{begin}\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>"


def _goals(telling: Telling) -> str:
    """What was derived, short enough for the title of a window."""
    from symderiv.render.text import text

    told = "; ".join(text(derivation.goal) for derivation in telling.derivations)
    return told if len(told) <= MOST_OF_TITLE else told[: MOST_OF_TITLE - 1] + "…"


_FILES = {".txt": _text, ".tex": _tex_file, ".html": _page, ".json": _json}
