"""Where the nodes and edges of a graph go: Graphviz decides, we draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symderiv.pictures.extras import load

INCH = 72.0
Point = tuple[float, float]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, with room for a label of some size."""

    tail: int
    head: int
    label: Size = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """The size of the drawing, the middles of the nodes, and of each edge curve and label."""

    size: Size
    nodes: tuple[Point, ...]
    curves: tuple[tuple[Point, ...], ...]
    labels: tuple[Point, ...]


def place(
    nodes: Sequence[Size],
    arrows: Sequence[Arrow],
    *,
    rankdir: str = "LR",
    ranksep: float = 20,
    nodesep: float = 18,
) -> Placed:
    """Place boxes of given sizes, in points; the first point of a curve is at the tail."""
    graphviz = load("pygraphviz", "diagrams")
    graph = graphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(
        rankdir=rankdir, ranksep=f"{ranksep / INCH:.4f}", nodesep=f"{nodesep / INCH:.4f}",
        splines="true", outputorder="edgesfirst", pad="0", margin="0",
    )  # fmt: skip
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    for at, (width, height) in enumerate(nodes):
        graph.add_node(f"n{at}", width=f"{width / INCH:.4f}", height=f"{height / INCH:.4f}")
    for at, arrow in enumerate(arrows):
        label = {"label": _room(*arrow.label)} if arrow.label[0] else {}
        graph.add_edge(f"n{arrow.tail}", f"n{arrow.head}", key=f"e{at}", arrowhead="none", **label)
    graph.layout(prog="dot")
    edges = [graph.get_edge(f"n{a.tail}", f"n{a.head}", f"e{k}") for k, a in enumerate(arrows)]
    _, _, width, height = map(float, str(graph.graph_attr["bb"]).split(","))
    return Placed(
        (width, height),
        tuple(_point(graph.get_node(f"n{at}").attr["pos"]) for at in range(len(nodes))),
        tuple(_curve(edge.attr["pos"]) for edge in edges),
        tuple(_point(edge.attr["lp"] or "0,0") for edge in edges),
    )


def _room(width: float, height: float) -> str:
    """A label that is nothing but room; we set the type ourselves."""
    size = f'WIDTH="{width:.0f}" HEIGHT="{height:.0f}"'
    return f'<<TABLE BORDER="0" CELLPADDING="0" FIXEDSIZE="TRUE" {size}><TR><TD></TD></TR></TABLE>>'


def _point(text: str) -> Point:
    x, y = text.rstrip("!").split(",")[:2]
    return float(x), float(y)


def _curve(text: str) -> tuple[Point, ...]:
    """The control points of a spline; ``s,…`` and ``e,…`` are ends of arrows, which are not set."""
    return tuple(_point(part) for part in text.split() if part[0] not in "se")
