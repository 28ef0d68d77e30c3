"""Texts that people read: marks for the catalogues, and sentences to be told in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sympy import sstr
from sympy.core.basic import Basic

_HOLE = re.compile(r"\{(\w+)\}")
ABOUT = "{what}: {said}"
"""What a sentence is about, and the sentence; the same in every language."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for this mark
    """Mark a message id for the catalogues; returns it as it is.

    The text is translated where it is shown, by ``symderiv.document.messages.translate``.

    >>> N_("chain rule")
    'chain rule'
    """
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_, for what is counted
    """Mark a message id of something counted, for one of it and for many.

    The form of a language is chosen where it is shown, by ``symderiv.document.messages.count``.

    >>> NN_("{number} step", "{number} steps")
    ('{number} step', '{number} steps')
    """
    return one, many


def filled(message: str, values: Mapping[str, str]) -> str:
    """A message with texts for its placeholders; a text is not searched for further ones.

    >>> filled("Lemma {number}", {"number": "2"})
    'Lemma 2'
    """
    return _HOLE.sub(lambda found: values.get(found[1], found[0]), message)


class Sentence(str):
    """A text in English that can be told in other languages too, as the message of an error is.

    Its first argument is a message id of the catalogues, as under `N_`; the others fill it in.
    ``symderiv.document.messages.told`` tells it in a language. Expressions among its values stay
    what they are, so that it can be told in a notation too.

    >>> said = Sentence("the name {name} is declared twice", name="x")
    >>> said, said.message
    ('the name x is declared twice', 'the name {name} is declared twice')
    """

    message: str
    values: dict[str, str | Basic]

    def __new__(cls, message: str, /, **values: object) -> Sentence:
        kept = {k: v if isinstance(v, (str, Basic)) else str(v) for k, v in values.items()}
        texts = _texts(kept)
        made = super().__new__(cls, cls.shaped(filled(message, texts), texts))
        made.message, made.values = message, kept
        return made

    @staticmethod
    def shaped(text: str, values: Mapping[str, str]) -> str:
        """What becomes of the text once it is filled in."""
        del values
        return text

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence with its message, and those of sentences in it, translated."""
        values = _texts(self.values)
        values |= {k: v.translated(translate) for k, v in values.items() if isinstance(v, Sentence)}
        return self.shaped(filled(translate(self.message), values), values)

    def printed(self, write: Callable[[Basic], str]) -> Sentence:
        """The sentence with its expressions, and those of sentences in it, in a notation.

        >>> from sympy import Abs, Symbol
        >>> Sentence("{e} is 1", e=Abs(Symbol("x"))).printed(lambda e: "|x|")
        '|x| is 1'
        """
        values = {
            k: write(v) if isinstance(v, Basic) else printed(v, write)
            for k, v in self.values.items()
        }
        return type(self)(self.message, **values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.message, _texts(self.values))


def _texts(values: Mapping[str, str | Basic]) -> dict[str, str]:
    """Expressions as SymPy prints them, in the order in which they were written."""
    return {k: v if isinstance(v, str) else plainly(v) for k, v in values.items()}


def plainly(e: Basic) -> str:
    """The expression as Python text, in the order in which it was written."""
    return str(sstr(e, order="none", full_prec=False))


def printed(said: str, write: Callable[[Basic], str]) -> str:
    """A text with the expressions in it, if it is a `Sentence`, in a notation."""
    return said.printed(write) if isinstance(said, Sentence) else said


def _again(kind: type[Sentence], message: str, values: dict[str, str]) -> Sentence:
    return kind(message, **values)


def said_by(error: BaseException) -> str:
    """The message of an error: the sentence itself where it has one.

    >>> said_by(ValueError(Sentence("it is {color}", color="red"))).message
    'it is {color}'
    """
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Sentence) else str(error)


class After(Sentence):
    """A sentence, ``said``, without the ``prefix`` that it begins with as a word, said already.

    >>> After("{said}", said=Sentence("{layer}: no size", layer="Dense"), prefix="Dense")
    'no size'
    """

    @staticmethod
    def shaped(text: str, values: Mapping[str, str]) -> str:
        """The text without the prefix, in any language."""
        rest = text.removeprefix(values["prefix"])
        return rest.removeprefix(":").strip() if rest[:1] in (":", " ") else text


class Reported(Sentence):
    """What an error says, to be handed on; made by `reported`.

    Where a language has no words for it, the kind of the error stands before it, in the language.
    """

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence, or its kind and the English text."""
        said = self.values["said"]
        told = said.translated(translate) if isinstance(said, Sentence) else translate(str(said))
        kind = translate(str(self.values["kind"]))
        known = told != str(said) or kind == self.values["kind"]
        return self.shaped(told if known else f"{kind}: {told}", self.values)


def reported(error: BaseException, form: type[Reported] = Reported) -> Reported:
    """The message of an error, with what kind of error it is.

    >>> reported(ValueError("no"))
    'no'
    """
    kind = getattr(error, "kind", "") or N_("error")
    made = form("{said}", said=said_by(error), kind=kind)
    assert isinstance(made, Reported)
    return made
