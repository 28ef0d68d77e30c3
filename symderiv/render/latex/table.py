"""A table in LaTeX, over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable

from symderiv.document.article import Table
from symderiv.document.blocks import Words

LONG, ROOM = 24, 88
"""A column may be a paragraph from so many letters on; letters in a line of a table."""
TOGETHER = 16
"""A table of at most so many lines stays on one page."""


def tex_table(
    block: Table, words: Callable[[Words], str], plain: Callable[[Words], str], caption: str
) -> str:
    """The table with rules above and below; ``plain`` gives the letters of a cell."""
    columns = max([1, len(block.head), *map(len, block.rows)])

    def row(cells: tuple[Words, ...], end: str = "") -> str:
        told = [*map(_roomy, map(words, cells)), *[""] * (columns - len(cells))]
        return "{}" + " & ".join(told) + f" \\\\{end}\n"

    head = f"{row(block.head)}\\midrule\\endhead\n" if block.head else ""
    below = f"\\tablecaption{{{columns}}}{{{caption}}}\n" if caption else "\\bottomrule\n"
    count = [sum(len(plain(cell)) for cell in cells) // ROOM + 1 for cells in block.rows]
    # No page ends within a short table, nor by the first or the last row of a long one.
    held = {1, len(count) - 1, *([len(count)] if caption else [])}
    short = range(1, len(count)) if sum(count) <= TOGETHER else ()
    rows = [
        row(cells, "*" if at in held or at in short else "")
        for at, cells in enumerate(block.rows, 1)
    ]
    return (
        f"\\begin{{longtable}}{{{_columns(block, columns, plain)}}}\n\\toprule\n{head}"
        f"{''.join(rows)}{below}\\end{{longtable}}\n"
    )


def _columns(block: Table, columns: int, plain: Callable[[Words], str]) -> str:
    """Columns of long text are paragraphs that share what the short ones leave."""
    widths = [0] * columns
    for row in (block.head, *block.rows):
        for at, cell in enumerate(row):
            widths[at] = max(widths[at], len(plain(cell)))
    kinds = [{"right": "r", "center": "c"}.get(a, "l") for a in block.align]
    kinds = [*kinds, *["l"] * columns][:columns]
    if sum(widths) + 3 * columns <= ROOM:
        return "".join(kinds)
    long = [at for at in range(columns) if widths[at] > LONG] or list(range(columns))
    short = sum(w for at, w in enumerate(widths) if at not in long) + 3 * columns
    shares = {at: min(widths[at], 4 * LONG) for at in long}
    room = max(ROOM - short, ROOM // 3) / ROOM / sum(shares.values())
    for at, share in shares.items():
        kinds[at] = rf">{{\raggedright\arraybackslash}}p{{{room * share:.3f}\linewidth}}"
    return "".join(kinds)


def _roomy(cell: str) -> str:
    """A cell; formulas may be taller than a line."""
    return f"\\cell{{{cell}}}" if "$" in cell else cell
