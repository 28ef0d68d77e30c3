r"""Rows for ``aligned``, ``align`` and their kin, reasons where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.render.markdown.widths import ems

GAP = 4.3
"""Ems between a line and its reason, and those of the relation."""

Row = tuple[str, str, str, str]
"""Left side, right side and reason, nothing where there is none; and the relation."""


def aligned_rows(rows: Sequence[Row], widest: float, number: str = "") -> str:
    r"""The rows; reasons beside them if a page is wide enough, else each below its line.

    >>> print(aligned_rows([("a", "b", r"\text{why}", "=")], widest=40, number="(1)"))
    a &= b && \quad \text{why} \qquad \text{(1)}
    >>> print(aligned_rows([("a", "b", r"\text{why}", "=")], widest=4))
    a &= b \\
    &\qquad \text{why}
    """
    numbered = rf" \qquad \text{{{number}}}" if number else ""
    wide = sum(max(map(ems, column)) for column in list(zip(*rows, strict=True))[:3]) + GAP
    beside = wide + ems(numbered) <= widest
    out: list[str] = []
    for at, (left, right, why, relation) in enumerate(rows, 1):
        line = f"{left} &{relation} {right}" if left else f"&{relation} {right}"
        end = numbered if at == len(rows) else ""
        if why and beside:
            out.append(rf"{line} && \quad {why}{end}")
        else:
            out += [line + end, rf"&\qquad {why}"] if why else [line + end]
    return " \\\\\n".join(out)
