"""How the command begins and ends.

Bad input ends in one line on the standard error stream and exit status 2, a failed check in exit
status 1; never in a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from symderiv.core.errors import SymderivError

BAD_INPUT, DEFECT, INTERRUPTED = 2, 70, 130
MAX_LINE = 300


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    with _ending():
        from symderiv.cli.commands import commands

        status = commands.main(args=argv, prog_name="symderiv", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)


@contextmanager
def _ending() -> Iterator[None]:
    """Every way to end, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except click.ClickException as error:
        _fail(error.format_message())
    except SymderivError as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except (RecursionError, MemoryError):
        _fail("the expression is too large")
    except Exception as error:  # noqa: BLE001 - a defect, but no one is helped by a traceback here
        _fail(f"internal error, please report it: {type(error).__name__}: {error}", DEFECT)


def _fail(message: str, status: int = BAD_INPUT) -> None:
    click.echo(f"symderiv: {one_line(message)}", err=True)
    sys.exit(status)


def one_line(message: str) -> str:
    """The message in one line, with nothing in it that a terminal would obey."""
    line = " ".join(message.split())
    line = line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)
