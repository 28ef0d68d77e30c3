"""The options that commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from symderiv.cli.helping import Spoken
from symderiv.cli.telling import FORMATS, SUFFIXES
from symderiv.core.messages import Sentence, said_by
from symderiv.document.messages import known_language, languages
from symderiv.document.narrate import DETAILS

_OPTION = re.compile(r"--[a-zA-Z][a-zA-Z-]*")
LANGUAGE = "symderiv.language"
"""Where a context keeps the language of the whole command."""
F = TypeVar("F", bound=Callable[..., Any])


class ExpressionCommand(Spoken):
    """A command whose argument may begin with a minus; it has no options of one letter."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown ``--options``; what begins with one minus is the argument."""
        known = [name for param in self.get_params(ctx) for name in param.opts]
        for arg in args:
            name = arg.partition("=")[0]
            if arg == "--":
                break
            if _OPTION.fullmatch(name) and name not in known:
                raise click.NoSuchOption(name, possibilities=_close(name, known), ctx=ctx)
        return super().parse_args(ctx, args)


def _close(name: str, known: list[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, known, 1)


def _output_path(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> Any:
    for path in paths:
        if Path(path).suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise click.BadParameter(
                Sentence("{path} has none of the suffixes {known}", path=repr(path), known=known),
                ctx,
                param,
            )
    return tuple(map(Path, paths))


def _language(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if ctx.get_parameter_source(str(param.name)) is click.core.ParameterSource.DEFAULT:
        value = ctx.meta.get(LANGUAGE, value)
    try:
        return known_language(value)
    except ValueError as error:
        raise click.BadParameter(said_by(error), ctx, param) from None


def language_option(command: F) -> F:
    """The language of everything that a command tells; that of the environment is not asked."""
    option = click.option(
        "--lang",
        "language",
        default="en",
        show_default=True,
        metavar="CODE",
        callback=_language,
        help=f"The language of what is told: {', '.join(languages())}.",
    )
    return option(command)


def telling_options(command: F) -> F:
    """The options of a command that tells a derivation."""
    options = (
        click.option("--format", "form", type=click.Choice(FORMATS), default="text",
                     help="What is printed."),
        click.option("--detail", type=click.Choice(DETAILS), default="normal",
                     help="How many lines: those of a textbook, normal, or every rewrite."),
        click.option("--output", "outputs", multiple=True, metavar="FILE", callback=_output_path,
                     help="Also write FILE, in the format of its suffix; may be repeated."),
        click.option("--check", is_flag=True, help="Check every step with numbers."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                     help="For the numbers of the check."),
        language_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


_DECLARING = (
    ("scalar", "NAME", "A real number."),
    ("vector", "NAME:SIZE", "An array with one axis; a size is a name or a number."),
    ("matrix", "NAME:SIZE,SIZE", "An array with two axes."),
    ("tensor", "NAME:SIZE,…", "An array with any number of axes."),
    ("distribution", "NAME:SIZE", "Probabilities: the entries sum to 1."),
    ("one-hot", "NAME:SIZE", "A single 1, the rest 0."),
    ("labels", "NAME[:SIZE]", "A class number, or an array of them."),
    ("positive", "NAME", "The name is positive, so the laws of logarithms apply."),
    ("function", "NAME", "A function without a definition, f(x, y)."),
)


def declaring_options(command: F) -> F:
    """The options that say what names are."""
    for name, form, text in reversed(_DECLARING):
        command = click.option(f"--{name}", multiple=True, metavar=form, help=text)(command)
    return command
