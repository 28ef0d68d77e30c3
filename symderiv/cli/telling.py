"""What the commands read and write: expressions from files, derivations in every format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

DETAILS = ("brief", "normal", "full")
FORMATS = ("text", "latex", "mathml", "json")
SUFFIXES = {
    ".txt": "text",
    ".tex": "latex",
    ".mml": "mathml",
    ".mathml": "mathml",
    ".html": "mathml",
    ".json": "json",
}
FAILED = 1


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
    derivations: list[Any],
    *,
    form: str,
    detail: str,
    outputs: tuple[Path, ...],
    check: bool,
    seed: int,
    heading: str = "",
) -> None:
    """Print derivations, write the files asked for, check if asked."""
    click.echo(heading + _joined(derivations, form, detail))
    for path in outputs:
        written = _joined(derivations, SUFFIXES[path.suffix.lower()], detail, path.suffix.lower())
        path.write_text(written + "\n", encoding="utf-8")
    if not check:
        return
    for derivation in derivations:
        report = derivation.check(seed=seed)
        click.echo(f"\nchecked: {report}" if form == "text" else str(report), err=form != "text")
        if not report.ok:
            raise click.exceptions.Exit(FAILED)


def _joined(derivations: list[Any], form: str, detail: str, suffix: str = "") -> str:
    if form == "json":
        told = [d.to_json() for d in derivations]
        return told[0] if len(told) == 1 else "[" + ",\n".join(told) + "]"
    if form == "latex":
        return "\n\n".join(d.to_latex(detail=detail) for d in derivations)
    if form == "mathml":
        body = "\n".join(d.to_mathml(detail=detail) for d in derivations)
        return _page(body) if suffix == ".html" else body
    return "\n\n".join(d.to_text(detail=detail) for d in derivations)


def _page(body: str) -> str:
    """A page that a browser shows."""
    head = '<meta charset="utf-8">\n<title>symderiv</title>'
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>"
