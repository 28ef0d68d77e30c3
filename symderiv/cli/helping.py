"""The help of the commands, in the language that was asked for."""

from __future__ import annotations

import inspect
import re

import click

from symderiv.cli.language import SOURCE, of_context
from symderiv.core.messages import N_
from symderiv.document.messages import phrase, translate

USAGE, OPTIONS, COMMANDS = N_("Usage"), N_("Options"), N_("Commands")
PIECES = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))
OWN = (N_("Show this message and exit."), N_("Show the version and exit."))
DEFAULT, REQUIRED = N_("default: {value}"), N_("required")
WIDE = 0.6
"""How much narrower lines of another script are, whose letters may take two columns."""


class Spoken(click.Command):
    """A command whose help is told in the language of ``--lang``."""

    def get_help(self, ctx: click.Context) -> str:
        """The help, in lines that fit."""
        formatter = ctx.make_formatter()
        if of_context(ctx) != SOURCE:
            formatter.width = int(formatter.width * WIDE)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """``Usage: symderiv show [OPTIONS] NAME``."""
        language = of_context(ctx)
        pieces = [translate(piece, language) for piece in self.collect_usage_pieces(ctx)]
        usage = translate(USAGE, language)
        formatter.write_usage(ctx.command_path, " ".join(pieces), f"{usage}: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        text = translate(inspect.cleandoc(self.help or ""), of_context(ctx))
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, each with what it does."""
        language = of_context(ctx)
        records = [(param, param.get_help_record(ctx)) for param in self.get_params(ctx)]
        rows = [(r[0], _told(param, r[1], language)) for param, r in records if r and r[1]]
        with formatter.section(translate(OPTIONS, language)):
            formatter.write_dl(rows)


class SpokenGroup(Spoken, click.Group):
    """The command that has the others."""

    command_class = Spoken

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options and the commands."""
        super().format_options(ctx, formatter)
        language = of_context(ctx)
        rows = [(name, _short(self.commands[name], language)) for name in self.list_commands(ctx)]
        with formatter.section(translate(COMMANDS, language)):
            formatter.write_dl(rows)


def _short(command: click.Command, language: str) -> str:
    """The first sentence of what a command does."""
    first = translate(inspect.cleandoc(command.help or ""), language).partition("\n\n")[0]
    return re.split(r"(?<=[.;:,])\s|[;:,]", " ".join(first.split()))[0].rstrip(".,;:")


def _told(param: click.Parameter, record: str, language: str) -> str:
    """The help of an option, with its default and whether it must be given."""
    written = getattr(param, "help", None) or ""
    told = record.replace(written, translate(written, language), 1)
    told = re.sub(r"default: ([^;\]]+)", lambda f: phrase(DEFAULT, language, value=f[1]), told)
    return re.sub(r"\brequired(?=\]$)", translate(REQUIRED, language), told)
