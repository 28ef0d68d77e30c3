"""The computation graph of a model: names, formulas and shapes, and what flows back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.core.errors import Unsupported
from symderiv.core.messages import N_, Sentence
from symderiv.core.symbols import Label
from symderiv.document.article import Picture
from symderiv.document.words import fill
from symderiv.pictures.arrows import Area, Point, back, there
from symderiv.pictures.boxes import Box, Stack, Type
from symderiv.pictures.fonts import settings
from symderiv.pictures.formulas import Pen, Run, apart
from symderiv.pictures.legend import legend
from symderiv.pictures.looks import BACKWARD, FORMULA, INK, KEPT, MUTED, NAME, PAPER, SMALL, THIN
from symderiv.pictures.net import Figures, Link, Net, adjoints_of, equations, figures, net_of, whole
from symderiv.pictures.placing import Arrow, Placed, place
from symderiv.pictures.quantities import said, shown
from symderiv.pictures.sheet import Sheet
from symderiv.render.notation import Level, Notation

WIDEST = 176.0
MARGIN, PADDING = 6.0, 7.0
MANY = 16

Direction = Literal["right", "down"]
RANKDIR = {"right": "LR", "down": "TB"}
WIDE = 660.0
PAGE = (460.0, 620.0)

TITLE = N_("Computation graph of {name}")
ALT = N_("Computation graph: {parts}.")
GIVEN = N_("{name} is given")
IN_NUMBERS = N_("in numbers, {values}")
KEEPS = N_("forward keeps {names} for backward")
FLOWS = N_("{read} to {reader}, of shape {shape}")
FLOWS_ALONE = N_("{read} to {reader}, a number")


@dataclass(frozen=True, slots=True)
class Node:
    """What is drawn of a name: what it is, and, below a line, what comes back to it."""

    label: Label
    upper: Stack
    lower: Stack | None

    @property
    def width(self) -> float:
        """With the padding on both sides."""
        inner = max(self.upper.width, self.lower.width if self.lower else 0)
        return max(inner + 2 * PADDING, 30.0)

    @property
    def height(self) -> float:
        """Both halves."""
        halves = [self.upper, *([self.lower] if self.lower else [])]
        return max(sum(half.height + 1.3 * PADDING for half in halves), 24.0)

    def around(self, middle: Point) -> Area:
        """What it covers on the sheet."""
        (x, y), dx, dy = middle, self.width / 2, self.height / 2
        return x - dx, y - dy, x + dx, y + dy


@settings("diagrams")
def graph(
    what: Any,
    *,
    values: Mapping[Any, Any] | None = None,
    language: str = "en",
    adjoints: bool = True,
    by: Sequence[Any] | None = None,
    direction: Direction | None = None,
) -> Picture:
    """The computation graph of a model, from its inputs to its output.

    Args:
        what: A `Backprop`, a loss (an expression or a name given by ``let``), a `Network`, a
            `Model`, or a `Derivation`.
        values: Numbers of the inputs, by name or by array. Forward values and adjoints are then
            drawn as numbers too.
        language: Of the words in the picture, and of its text for readers who do not see it.
        adjoints: Whether to draw the backward pass: at each name its adjoint z̄ = ∂L/∂z, beside
            each edge the way back, and which values forward keeps.
        by: What to differentiate by. If nothing is given, by what a `Backprop` has, by the
            parameters of a `Network`, else by all inputs.
        direction: ``"right"`` or ``"down"``. If none is given, to the right, but down where that
            would be too wide to be read on paper and a page is high enough.

    Returns:
        A picture. Corners are round where a name is computed, square where it is given.

    Raises:
        Unsupported: Where Graphviz is not installed, or ``what`` has no graph.

    >>> import symderiv as sd
    >>> x = sd.vector("x", sd.dim("n"))
    >>> graph(sd.let("L", (x**2).sum())).alt
    'Computation graph: x is given; L = xᵀ x; x̄ = 2 x; ...'
    """
    if direction not in (None, *RANKDIR):
        raise Unsupported(
            Sentence(
                "direction={direction} is unknown; choose 'right' or 'down'",
                direction=repr(direction),
            )
        )
    net = net_of(what, adjoints=adjoints, by=by)
    pen = Pen(language, apart=apart(net.labels))
    numbers = figures(net, values) if values is not None else None
    brief = len(net.labels) > MANY and numbers is None
    nodes = [_node(net, label, pen, numbers, brief=brief) for label in net.labels]
    title = "".join(map(str, fill(TITLE, {"name": pen.plainly(net.out)}, language)))
    return _drawn(net, nodes, pen, (title, _alt(net, pen, numbers)), direction)


# ---------------------------------------------------------------- nodes


def _node(net: Net, label: Label, pen: Pen, numbers: Figures | None, *, brief: bool) -> Node:
    forms = [] if brief else equations(label)
    upper: list[Box] = [_formula(pen, whole(label), forms, INK)]
    if numbers is not None:
        upper.append(shown(numbers.forward[label.name]))
    if label not in net.live:
        return Node(label, Stack(tuple(upper)), None)
    adjoint = whole(label, net.out)
    if label == net.out:
        lower: list[Box] = [Type(pen.formula(adjoint, "=", "1"), FORMULA, BACKWARD)]
    else:
        forms = [] if brief else adjoints_of(net, label)
        lower = [_formula(pen, adjoint, forms, BACKWARD)]
    if numbers is not None and label != net.out:
        lower.append(shown(numbers.backward[label.name], color=BACKWARD))
    return Node(label, Stack(tuple(upper)), Stack(tuple(lower)))


def _formula(pen: Pen, name: Basic, forms: Sequence[tuple[Basic, Basic]], color: str) -> Type:
    """The first of the forms that is short enough; else the name alone."""
    made = [Type(pen.formula(left, "=", right), FORMULA, color) for left, right in forms]
    fitting = (line for line in made if line.width <= WIDEST)
    return next(fitting, Type(pen.formula(name), NAME, color))


# ---------------------------------------------------------------- the drawing


def _shape(link: Link, pen: Pen) -> Type | None:
    if not link.shape:
        return None
    sizes = r" \times ".join(_size(size, pen.math) for size in link.shape)
    plain = pen.formula(link.shape[0]) if len(link.shape) == 1 else (Run(sizes, math=True),)
    return Type(plain, SMALL, MUTED)


def _size(size: Expr, notation: Notation) -> str:
    """A size as a factor of ``n × m``."""
    return notation.wrap(notation.piece(size), Level.PRODUCT).text


def _drawn(
    net: Net,
    nodes: Sequence[Node],
    pen: Pen,
    words: tuple[str, str],
    direction: Direction | None,
) -> Picture:
    at = {label: position for position, label in enumerate(net.labels)}
    shapes = [_shape(link, pen) for link in net.links]
    arrows = [
        Arrow(at[link.read], at[link.reader], (s.width + 8, s.height + 4) if s else (0, 0))
        for link, s in zip(net.links, shapes, strict=True)
    ]
    placed = _placed([(node.width, node.height) for node in nodes], arrows, direction)
    key = legend(net, pen)
    foot = key.height + 12 if key else 0.0
    sheet = Sheet()
    up = MARGIN + foot
    middles = [(x + MARGIN, y + up) for x, y in placed.nodes]
    areas = {node.label: node.around(at) for node, at in zip(nodes, middles, strict=True)}
    for link, shape, curve, middle in zip(
        net.links, shapes, placed.curves, placed.labels, strict=True
    ):
        sheet.begin(_flows(link, pen))
        moved = [(x + MARGIN, y + up) for x, y in curve]
        there(sheet, moved)
        if link.read in net.live:
            back(sheet, moved, areas[link.read], areas[link.reader])
        if shape:
            x, y = middle[0] + MARGIN, middle[1] + up
            shape.put(sheet, x - shape.width / 2, y + shape.height / 2)
    for node, spot in zip(nodes, middles, strict=True):
        sheet.begin(_told(net, node.label, pen))
        _draw(sheet, net, node, spot)
    sheet.end()
    width = max(placed.size[0], key.width if key else 0) + 2 * MARGIN
    if key:
        key.put(sheet, MARGIN, MARGIN + key.height)
    return sheet.picture(width, placed.size[1] + 2 * MARGIN + foot, *words)


def _placed(
    nodes: Sequence[tuple[float, float]], arrows: Sequence[Arrow], direction: Direction | None
) -> Placed:
    """In the direction asked for, or in that which can be read."""
    placed = place(nodes, arrows, rankdir=RANKDIR[direction or "right"])
    if direction is None and placed.size[0] > WIDE:
        down = place(nodes, arrows, rankdir=RANKDIR["down"])
        if down.size[0] <= PAGE[0] and down.size[1] <= PAGE[1]:
            return down
    return placed


def _draw(sheet: Sheet, net: Net, node: Node, middle: Point) -> None:
    x, top = middle[0] - node.width / 2, middle[1] + node.height / 2
    fill = KEPT if node.label in net.kept else PAPER
    radius = 0 if node.label.spec.definition is None else 6
    line = 1.6 if node.label == net.out else 0.9
    corner = (x, top - node.height)
    sheet.box(corner, node.width, node.height, fill=fill, stroke=INK, line=line, radius=radius)
    halves = [half for half in (node.upper, node.lower) if half is not None]
    spare = (node.height - sum(half.height for half in halves)) / (2 * len(halves))
    for at, half in enumerate(halves):
        if at:
            sheet.lines([(x, top), (x + node.width, top)], color=BACKWARD, width=THIN)
        half.put(sheet, x + (node.width - half.width) / 2, top - spare)
        top -= half.height + 2 * spare


# ---------------------------------------------------------------- in words


def _flows(link: Link, pen: Pen) -> str:
    values = {"read": pen.plainly(link.read), "reader": pen.plainly(link.reader)}
    several = len(link.shape) > 1
    parts = (_size(size, pen.text) if several else pen.text(size) for size in link.shape)
    message = FLOWS if link.shape else FLOWS_ALONE
    return pen.says(fill(message, {**values, "shape": " × ".join(parts)}, pen.language))


def _told(net: Net, label: Label, pen: Pen) -> str:
    forms = equations(label)
    if not forms:
        return pen.says(fill(GIVEN, {"name": pen.plainly(label)}, pen.language))
    return pen.plainly(forms[0][0], "=", forms[0][1])


def _alt(net: Net, pen: Pen, numbers: Figures | None) -> str:
    parts = [_told(net, label, pen) for label in net.labels]
    for label in reversed(net.labels):
        forms = adjoints_of(net, label)
        if forms:
            parts.append(pen.plainly(forms[0][0], "=", forms[0][1]))
    kept = [pen.plainly(label) for label in net.labels if label in net.kept]
    if kept:
        parts.append(pen.says(fill(KEEPS, {"names": ", ".join(kept)}, pen.language)))
    if numbers is not None:
        values = ", ".join(_values(net, pen, numbers))
        parts.append(pen.says(fill(IN_NUMBERS, {"values": values}, pen.language)))
    return pen.says(fill(ALT, {"parts": "; ".join(parts)}, pen.language))


def _values(net: Net, pen: Pen, numbers: Figures) -> Iterator[str]:
    """What the names are, then what their adjoints are, as far as they are drawn."""
    for label in net.labels:
        yield f"{pen.plainly(whole(label))} = {said(numbers.forward[label.name])}"
    for label in reversed(net.labels):
        if label in net.live and label != net.out:
            adjoint = pen.plainly(whole(label, net.out))
            yield f"{adjoint} = {said(numbers.backward[label.name])}"
