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
from symderiv.core.messages import Sentence
from symderiv.document.article import Article, Heading, Paragraph, Told
from symderiv.document.compose import Composer
from symderiv.document.messages import N_, phrase, translate
from symderiv.document.narrate import Detail
from symderiv.render import FORMATS as FILES
from symderiv.render import article_renderer, format_of
from symderiv.render.rendered import Rendered

if TYPE_CHECKING:
    from symderiv.oracle.report import Report

FORMATS = ("text", "latex", "mathml", "json")
SUFFIXES = tuple(FILES.values())
FAILED = 1
CHECKED = N_("checked: {report}")


def expression_text(given: str) -> str:
    """The argument itself, the standard input, or a file; never more than the parser reads."""
    if given == "-":
        return _bounded(sys.stdin.buffer, Sentence("standard input"))
    if given.startswith("@"):
        with Path(given[1:]).open("rb") as file:
            return _bounded(file, given[1:])
    return given


def _bounded(stream: BinaryIO, what: str) -> str:
    from symderiv.parse import MAX_TEXT

    data = stream.read(4 * MAX_TEXT + 1)
    if len(data) > 4 * MAX_TEXT:
        raise click.UsageError(
            Sentence(
                "{what} is too long; at most {most} characters are read",
                what=what,
                most=f"{MAX_TEXT:,}",
            )
        )
    try:
        return data.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError as error:
        raise click.UsageError(
            Sentence("{what} is not UTF-8 at byte {start}", what=what, start=error.start + 1)
        ) from None


@dataclass(frozen=True, slots=True)
class Telling:
    """What a command tells: a title, derivations, and how they become blocks of an article.

    ``title`` is a message id; ``compose`` is given the reports of ``check``, or none.
    """

    title: str
    derivations: tuple[Derivation, ...]
    compose: Callable[[Composer, Sequence[Report]], None]
    check: Callable[[int], Sequence[Report]]

    def article(
        self,
        detail: Detail,
        language: str,
        reports: Sequence[Report] = (),
        *,
        finer: bool = False,
    ) -> Article:
        """The article at a level of detail; with ``finer``, what each line stands for, too."""
        composer = Composer(detail=detail, language=language, finer=finer)
        self.compose(composer, reports)
        return composer.article((translate(self.title, language),) if self.title else ())


def tell(
    telling: Telling,
    *,
    form: str,
    detail: Detail,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
    language: str = "en",
) -> None:
    """Print derivations, write the files asked for, check if asked.

    Nothing is printed or written where a part of it is refused.
    """
    printed = _PRINTED[form](telling, detail, language)
    reports = telling.check(seed) if check else ()
    files = [(path, _file(path, telling, detail, language, reports)) for path in outputs]
    click.echo(printed.rstrip("\n"))
    for path, rendered in files:
        rendered.write(path)
    if reports and form == "text":
        click.echo()
    for report in reports:
        said = phrase(CHECKED, language, report=report.to_text(language))
        click.echo(said, err=form != "text")
    if not all(reports):
        raise click.exceptions.Exit(FAILED)


# ---------------------------------------------------------------- what is printed


def _text(telling: Telling, detail: Detail, language: str) -> str:
    from symderiv.render.text import render_article

    return render_article(_bounded_article(telling, "text", detail, language)).data.decode()


def _latex(telling: Telling, detail: Detail, language: str) -> str:
    """The rows of one derivation; several are told apart by their environments."""
    from symderiv.render.latex import to_latex

    article = _bounded_article(telling, "latex", detail, language)
    rows = [to_latex(d, language=language) for d in article.documents()]
    if len(rows) == 1:
        return rows[0]
    return "\n\n".join(f"\\begin{{align*}}\n{text}\n\\end{{align*}}" for text in rows)


def _mathml(telling: Telling, detail: Detail, language: str) -> str:
    """The derivations as fragments of a page, with their headings and sentences."""
    from symderiv.render.mathml import to_mathml
    from symderiv.render.text import plain_words

    out = []
    for block in _bounded_article(telling, "mathml", detail, language).blocks:
        if isinstance(block, Heading):
            out.append(f"<h2>{escape(plain_words(block.words))}</h2>")
        elif isinstance(block, Paragraph):
            out.append(f"<p>{escape(plain_words(block.words))}</p>")
        elif isinstance(block, Told):
            out.append(to_mathml(block.document, language=language))
    return "\n".join(out)


def _json(telling: Telling, detail: Detail, language: str) -> str:
    """Every detail; titles are no part of a derivation."""
    del detail, language
    bounded_json(telling.derivations)
    told = [d.to_json() for d in telling.derivations]
    return told[0] if len(told) == 1 else "[" + ",\n".join(told) + "]"


_PRINTED = {"text": _text, "latex": _latex, "mathml": _mathml, "json": _json}


def _bounded_article(telling: Telling, form: str, detail: Detail, language: str) -> Article:
    return bounded(lambda detail: telling.article(detail, language), form, detail)


# ---------------------------------------------------------------- what is written


def _file(
    path: Path, telling: Telling, detail: Detail, language: str, reports: Sequence[Report]
) -> Rendered:
    """A file in the format of its suffix; JSON holds the derivations, to be loaded again."""
    form = format_of(path.suffix)
    if form == "json":
        return Rendered((_json(telling, detail, language).rstrip("\n") + "\n").encode())
    _bounded_article(telling, form, detail, language)
    article = telling.article(detail, language, reports, finer=True)
    return article_renderer(form)(article)
