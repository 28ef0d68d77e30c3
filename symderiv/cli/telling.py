"""What the commands read and write: expressions from files, derivations in every format."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

import click

from symderiv.api import Derivation

DETAILS = ("brief", "normal", "full")
FORMATS = ("text", "latex", "mathml", "json")
SUFFIXES = (".txt", ".tex", ".html", ".json")
FAILED = 1

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


def tell(
    parts: Parts,
    *,
    form: str,
    detail: Any,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
    heading: str = "",
) -> None:
    """Print derivations, write the files asked for, check if asked."""
    told = _FORMS[form](parts, detail)
    click.echo(heading + told if form == "text" else told.rstrip("\n"))
    for path in outputs:
        text = _FILES[path.suffix.lower()](parts, detail)
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    if not check:
        return
    reports = [derivation.check(seed=seed) for _, derivation in parts]
    if form == "text":
        click.echo()
    for report in reports:
        click.echo(f"checked: {report}", err=form != "text")
    if not all(reports):
        raise click.exceptions.Exit(FAILED)


# ---------------------------------------------------------------- what is printed


def _text(parts: Parts, detail: Any) -> str:
    told = ((caption, d.to_text(detail=detail)) for caption, d in parts)
    return "\n\n".join(f"{caption}\n\n{text}" if caption else text for caption, text in told)


def _latex(parts: Parts, detail: Any) -> str:
    """The rows of one derivation; several are told apart by their environments."""
    rows = [d.to_latex(detail=detail) for _, d in parts]
    if len(rows) == 1:
        return rows[0]
    return "\n\n".join(f"\\begin{{align*}}\n{text}\n\\end{{align*}}" for text in rows)


def _mathml(parts: Parts, detail: Any) -> str:
    told = ((caption, d.to_mathml(detail=detail)) for caption, d in parts)
    return "\n".join(f"<h2>{escape(caption)}</h2>\n{m}" if caption else m for caption, m in told)


def _json(parts: Parts, detail: Any) -> str:  # JSON holds every detail
    told = [d.to_json() for _, d in parts]
    return told[0] if len(told) == 1 else "[" + ",\n".join(told) + "]"


_FORMS = {"text": _text, "latex": _latex, "mathml": _mathml, "json": _json}


# ---------------------------------------------------------------- what is written


def _tex_file(parts: Parts, detail: Any) -> str:
    """One document: the preamble of the first derivation, and what all of them say."""
    from symderiv.render.names import tex_text

    begin, end = "\\begin{document}\n", "\\end{document}"
    preamble, bodies = "", []
    for caption, derivation in parts:
        preamble, _, rest = derivation.to_latex(detail=detail, document=True).partition(begin)
        title = f"\n\\section*{{{tex_text(caption)}}}\n" if caption else ""
        bodies.append(title + rest.rpartition(end)[0])
    return preamble + begin + "".join(bodies) + end


def _page(parts: Parts, detail: Any) -> str:
    """A page that a browser shows; well-formed XML as well."""
    head = '<meta charset="utf-8"/>\n<title>symderiv</title>'
    body = _mathml(parts, detail)
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>"


_FILES = {".txt": _text, ".tex": _tex_file, ".html": _page, ".json": _json}
