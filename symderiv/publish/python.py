"""Trusted blocks of Python: executed only where the caller allows it."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

from sympy import Expr

from symderiv.core.errors import ParseError
from symderiv.core.messages import ABOUT, N_, Sentence, reported, said_by
from symderiv.document.article import Code
from symderiv.publish.place import InSource, Place, SourceError, Text
from symderiv.publish.session import Session

REFUSED = N_(
    "a block of Python is executed only with --allow-python, as it may do anything; "
    "write it as ```symderiv statements, or allow it if you trust this source"
)


def run(code: Text, place: Place, session: Session) -> None:
    """Execute a block; arrays, formulas and derivations that it names are known from then on.

    ``sd`` is symderiv. The code is shown, and what it prints.
    """
    if not session.settings.allow_python:
        raise SourceError(Sentence(REFUSED), place)
    import symderiv

    known = session.vocabulary.values | session.named
    space: dict[str, Any] = {"__name__": "__symderiv__", "sd": symderiv, **known}
    printed = io.StringIO()
    try:
        program = compile("\n" * (code.line - 1) + code.text, code.file, "exec", dont_inherit=True)
        with redirect_stdout(printed):
            exec(program, space)  # noqa: S102  what --allow-python is for
    except (Exception, SystemExit) as error:
        raise SourceError(
            Sentence(ABOUT, what=type(error).__name__, said=reported(error, InSource)),
            Place(code.file, _line(error, code)),
        ) from error
    session.trusted = True
    before = session.transcript.before(code.text, session.vocabulary)
    session.composer.add(Code(code.text.rstrip("\n"), "python", before, runs=True))
    if printed.getvalue().strip():
        session.composer.add(Code(printed.getvalue().rstrip("\n")))
    for name, value in space.items():
        if not name.startswith("_") and name != "sd" and value is not known.get(name):
            _take_in(name, value, session, place)


def _take_in(name: str, value: Any, session: Session, place: Place) -> None:
    from symderiv.api import Backprop, Derivation
    from symderiv.model.arrays import Array

    if isinstance(value, (Derivation, Backprop)):
        session.named[name] = value
        if isinstance(value, Backprop):
            session.transcript.made_passes.add(name)
    elif isinstance(value, (Array, Expr)):
        try:
            session.vocabulary.adopt(name, value)
        except ParseError as error:
            raise SourceError(said_by(error), place) from error


def _line(error: BaseException, code: Text) -> int:
    """The last line of the block that the error passed."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    line, trace = code.line, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == code.file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
