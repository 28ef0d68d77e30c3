"""Numbers as they are drawn: three digits, small arrays whole, large ones by their corner."""

from __future__ import annotations

from typing import Any

from symderiv.pictures.boxes import Box, Numbers, Type
from symderiv.pictures.formulas import Run
from symderiv.pictures.looks import INK, TINY
from symderiv.render.names import superscript

MOST_ROWS, MOST_COLUMNS = 4, 5


def written(value: float) -> str:
    r"""A number in mathtext, to three digits; below ten thousand, to the unit.

    >>> written(1000.0), written(0.125), written(-2.0), written(1.5e-7), written(float("inf"))
    ('1000', '0.125', '-2', '1.5 \\cdot 10^{-7}', '\\infty')
    """
    value = float(value)
    if value != value:
        return r"\mathrm{undefined}"
    if abs(value) == float("inf"):
        return r"\infty" if value > 0 else r"-\infty"
    if value == 0:
        return "0"
    if 1000 <= abs(value) < 9999.5:
        return f"{value:.0f}"
    digits, _, exponent = f"{value:.3g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits


def shown(value: Any, *, color: str = INK, size: float = TINY) -> Box:
    """A number, a row, or rows of numbers; arrays of more axes by their first matrices."""
    import numpy as np

    array = np.asarray(value)
    if array.ndim == 0:
        return _type(written(array.item()), color, size)
    rows = array.reshape(-1, array.shape[-1])
    cut_down, cut_right = rows.shape[0] > MOST_ROWS, rows.shape[1] > MOST_COLUMNS
    cells = [
        [written(x) for x in row[: MOST_COLUMNS - 1 if cut_right else None]]
        for row in rows[: MOST_ROWS - 1 if cut_down else None]
    ]
    if cut_right:
        cells = [[*row, r"\cdots"] for row in cells]
    if cut_down:
        cells.append([r"\vdots"] * len(cells[0]))
    return Numbers(tuple(tuple(_type(x, color, size) for x in row) for row in cells))


def said(value: Any) -> str:
    """The same for readers who do not see it: what is drawn of an array, in brackets.

    >>> said(-0.5), said([1, 2e9]), said([[1, 0], [0, 1]]), said(range(9))
    ('−0.5', '[1, 2·10⁹]', '[[1, 0], [0, 1]]', '[0, 1, 2, 3, …]')
    """
    import numpy as np

    array = np.asarray(value)
    if array.ndim == 0:
        return _spoken(array.item())
    most = MOST_ROWS if array.ndim > 1 else MOST_COLUMNS
    cut = len(array) > most
    parts = [said(part) for part in array[: most - 1 if cut else None]]
    return f"[{', '.join([*parts, '…'] if cut else parts)}]"


def _spoken(value: float) -> str:
    text = written(value).replace(r" \cdot 10^", "·10^").replace("-", "−")
    text = text.replace(r"\infty", "∞").replace(r"\mathrm{undefined}", "undefined")
    digits, _, exponent = text.partition("^")
    return digits + (superscript(exponent.strip("{}").replace("−", "-")) or "")


def _type(text: str, color: str, size: float) -> Type:
    return Type((Run(text, math=True),), size, color)
