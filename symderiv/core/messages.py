"""The mark of a text that people read."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for this mark
    """Mark a message id for the catalogues; returns it as it is.

    The text is translated where it is shown, by ``symderiv.document.messages.translate``.

    >>> N_("chain rule")
    'chain rule'
    """
    return message
