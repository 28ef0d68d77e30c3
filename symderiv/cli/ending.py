"""How the command begins and ends.

Bad input ends in one line on the standard error stream and exit status 2, a failed check in exit
status 1; never in a traceback. What takes time to load is loaded inside, so that Ctrl-C is quiet
from the start.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from symderiv.core.errors import SymderivError
from symderiv.core.messages import N_, Sentence, said_by

BAD_INPUT, DEFECT, INTERRUPTED = 2, 70, 130
MAX_LINE = 300
TOO_LARGE = N_("the expression is too large")
INTERNAL = N_("internal error, please report it: {error}")
OF_THE_SYSTEM = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("No space left on device"),
    N_("Read-only file system"),
)
"""What the system says of files."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    with _ending(arguments):
        from symderiv.cli.commands import commands
        from symderiv.cli.language import asked

        status = commands.main(
            args=arguments, prog_name="symderiv", standalone_mode=False, obj=asked(arguments)
        )
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)


@contextmanager
def _ending(arguments: Sequence[str]) -> Iterator[None]:
    """Every way to end, without a traceback; what went wrong is told in the language asked for."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except (click.ClickException, SymderivError) as error:
        _fail(_said(error, arguments))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        said = _told(error.strerror or said_by(error), arguments)
        _fail(f"{error.filename}: {said}" if error.filename else said)
    except (RecursionError, MemoryError):
        _fail(_told(TOO_LARGE, arguments))
    except Exception as error:  # noqa: BLE001 - a defect, but no one is helped by a traceback here
        said = Sentence(INTERNAL, error=f"{type(error).__name__}: {error}")
        _fail(_told(said, arguments), DEFECT)


def _said(error: Exception, arguments: Sequence[str]) -> str:
    from symderiv.cli.language import asked, said_by_error

    return said_by_error(error, asked(arguments))


def _told(said: str, arguments: Sequence[str]) -> str:
    from symderiv.cli.language import asked
    from symderiv.document.messages import told

    return told(said, asked(arguments))


def _fail(message: str, status: int = BAD_INPUT) -> None:
    click.echo(f"symderiv: {one_line(message)}", err=True)
    sys.exit(status)


def one_line(message: str) -> str:
    """The message in one line, with nothing in it that a terminal would obey."""
    line = " ".join(message.split())
    line = line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)
