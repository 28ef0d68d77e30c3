"""The marks of texts that people read."""

from __future__ import annotations


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
