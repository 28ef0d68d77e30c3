r"""Rows for ``aligned``, ``align`` and their kin, reasons where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.render.markdown.widths import ems

GAP = 4.3
"""Ems between a line and its reason, and those of the relation."""

Row = tuple[str, str, str]
"""Left side, right side and reason; nothing where there is none."""


def aligned_rows(rows: Sequence[Row], widest: float, number: str = "") -> str:
    r"""The rows; reasons beside them if a page is wide enough, else each below its line.

    >>> print(aligned_rows([("a", "b", r"\text{why}")], widest=40, number="(1)"))
    a &= b \qquad \text{(1)} && \quad \text{why}
    >>> print(aligned_rows([("a", "b", r"\text{why}")], widest=4))
    a &= b \\
    &\qquad \text{why}
    """
    rows = list(rows)
    if number:
        left, right, why = rows[-1]
        rows[-1] = left, rf"{right} \qquad \text{{{number}}}", why
    wide = sum(max(map(ems, column)) for column in zip(*rows, strict=True)) + GAP
    out: list[str] = []
    for left, right, why in rows:
        line = f"{left} &= {right}" if left else f"&= {right}"
        if why and wide <= widest:
            out.append(rf"{line} && \quad {why}")
        else:
            out += [line, rf"&\qquad {why}"] if why else [line]
    return " \\\\\n".join(out)
