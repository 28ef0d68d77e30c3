"""The language that a command was asked for: of its help, and of what it says when it fails.

Errors come up, and help is asked for, before the options are read, so ``--lang`` is looked for in
the arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from symderiv.core.messages import N_, Sentence, printed, reported
from symderiv.document.messages import known_language, told

OPTION, SOURCE = "--lang", "en"
INVALID = N_("invalid value for {option}: {said}")
HINT = N_("{said}; did you mean {names}?")

_OF_CLICK = (
    (r"No such option (?P<name>'.*?')\.?", N_("there is no option {name}")),
    (r"No such command (?P<name>'.*?')\.?", N_("there is no command {name}")),
    (r"Missing argument (?P<name>'.*')\.", N_("the argument {name} is missing")),
    (r"Missing option (?P<name>'.*')\.", N_("the option {name} is missing")),
    (r"Option (?P<name>'.*') requires an argument\.", N_("the option {name} needs a value")),
    (r"Option (?P<name>'.*') does not take a value\.", N_("the option {name} takes no value")),
    (r"Got unexpected extra arguments? \((?P<name>.*)\)", N_("unexpected argument: {name}")),
    (r"'?(?P<name>.*?)'? is not one of (?P<known>.*)\.", N_("{name} is not one of {known}")),
    (r"(?P<name>.*) is not in the range (?P<range>.*)\.", N_("{name} is not in {range}")),
    (r"(?P<name>'.*') is not a valid integer.*\.", N_("{name} is no whole number")),
    (r"Directory (?P<name>'.*') is a file\.", N_("{name} is a file, not a folder")),
)
"""What click says, and the message that says it here."""


def asked(arguments: Sequence[str]) -> str:
    """The language of ``--lang``; English where there is none, or one that is not known.

    >>> asked(["show", "tanh", "--lang", "ko"]), asked(["list", "--lang=ko-KR"]), asked(["list"])
    ('ko', 'ko', 'en')
    """
    language = SOURCE
    for at, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == OPTION and (equals or at + 1 < len(arguments)):
            try:
                language = known_language(value if equals else arguments[at + 1])
            except ValueError:
                language = SOURCE
    return language


def of_context(ctx: click.Context) -> str:
    """The language that the whole command was asked for."""
    found = ctx.find_root().obj
    return found if isinstance(found, str) else SOURCE


def said_by_error(error: BaseException, language: str) -> str:
    """The message of an error in a language."""
    if isinstance(error, click.ClickException):
        return error.format_message() if language == SOURCE else told(_clicked(error), language)
    from symderiv.render.text import text

    return told(printed(reported(error), text), language)


def _clicked(error: click.ClickException) -> str:
    message = error.message if isinstance(error.message, Sentence) else _plain(error.message)
    if isinstance(error, click.MissingParameter):
        return _plain(error.format_message())
    if isinstance(error, click.BadParameter):
        hint = error.param.get_error_hint(error.ctx) if error.param else error.param_hint
        return Sentence(INVALID, option=_unquoted(str(hint)), said=message) if hint else message
    near = getattr(error, "possibilities", None)
    return Sentence(HINT, said=message, names=", ".join(near)) if near else message


def _plain(message: str) -> str:
    """What click says, as a sentence where it is known."""
    for pattern, ours in _OF_CLICK:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return Sentence(ours, **{k: _unquoted(v) for k, v in found.groupdict().items()})
    return message


def _unquoted(names: str) -> str:
    """What click names, without the quotes around each name.

    >>> _unquoted("'-o' / '--output'")
    '-o / --output'
    >>> _unquoted("'brief', 'normal', 'full'")
    'brief, normal, full'
    """
    return re.sub(r"(?<!\w)'(.*?)'(?!\w)", r"\1", names)
