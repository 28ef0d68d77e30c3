"""A sheet of paper, measured in points from below left, that becomes a `Picture`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from symderiv.document.article import Picture
from symderiv.pictures.boxes import run_width
from symderiv.pictures.extras import load
from symderiv.pictures.fonts import outline, prose, settable
from symderiv.pictures.formulas import Line
from symderiv.pictures.looks import INK, LINE, PAPER, THIN
from symderiv.pictures.svg import tidied

Point = tuple[float, float]


class Sheet:
    """What is drawn, in the order in which it is drawn."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.artists: list[Any] = []
        self._group = ""

    def begin(self, title: str) -> None:
        """What follows belongs to one thing, which a reader may hover over or hear."""
        self._group = f"g{len(self.titles)}"
        self.titles[self._group] = title

    def end(self) -> None:
        """What follows belongs to nothing in particular."""
        self._group = ""

    def _add(self, kind: str, name: str, *args: Any, **options: Any) -> Any:
        made = getattr(load(f"matplotlib.{kind}", "plots"), name)(*args, **options)
        made.set_transform(load("matplotlib.transforms", "plots").IdentityTransform())
        self.artists.append((self._group, made))
        return made

    def _outline(self, text: str, at: Point, size: float, color: str) -> Any:
        """What stands in a PDF for text whose font it cannot hold; None for other text."""
        path = outline(text, size)
        if path is None:
            return None
        patches = load("matplotlib.patches", "plots")
        move = load("matplotlib.transforms", "plots").Affine2D().translate(*at)
        look = {"facecolor": color, "edgecolor": "none", "linewidth": 0}
        made = patches.PathPatch(path.transformed(move), **look)
        made.set_transform(load("matplotlib.transforms", "plots").IdentityTransform())
        return made

    # ------------------------------------------------------------ what is drawn

    def text(self, line: Line, at: Point, size: float, color: str = INK) -> None:
        """A line that begins at a point of its base line."""
        x, y = at
        for run in line:
            words = f"${run.text}$" if run.math else settable(run.text)
            options = {"color": color, "fontproperties": prose(size), "parse_math": run.math}
            made = self._add("text", "Text", x, y, words, va="baseline", ha="left", **options)
            made.instead = None if run.math else self._outline(run.text, (x, y), size, color)
            width = run_width(run, size)
            if run.barred:
                over = y + 0.88 * size
                self.lines([(x, over), (x + width, over)], color=color, width=THIN)
            x += width

    def box(
        self,
        corner: Point,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        line: float = LINE,
        radius: float = 0,
    ) -> None:
        """A rectangle from its corner below left, with round corners if there is a radius."""
        style = f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0"
        colors = {"facecolor": fill, "edgecolor": stroke, "linewidth": line}
        self._add("patches", "FancyBboxPatch", corner, width, height, boxstyle=style, **colors)

    def lines(self, points: Sequence[Point], **look: Any) -> None:
        """Straight lines from point to point."""
        self._path(points, "LINETO", **look)

    def curve(self, points: Sequence[Point], **look: Any) -> None:
        """A Bézier curve: a point, then three for each piece."""
        self._path(points, "CURVE4", **look)

    def _path(
        self,
        points: Sequence[Point],
        code: str,
        *,
        color: str = INK,
        width: float = LINE,
        dashes: Sequence[float] = (),
    ) -> None:
        path = load("matplotlib.path", "plots").Path
        codes = [path.MOVETO, *[getattr(path, code)] * (len(points) - 1)]
        style = (0, tuple(dashes)) if dashes else "solid"
        look = {"facecolor": "none", "edgecolor": color, "linewidth": width, "linestyle": style}
        self._add("patches", "PathPatch", path(points, codes), capstyle="butt", **look)

    def polygon(self, points: Sequence[Point], color: str) -> None:
        """A filled polygon."""
        look = {"facecolor": color, "edgecolor": "none", "linewidth": 0}
        self._add("patches", "Polygon", points, closed=True, **look)

    def dot(self, middle: Point, radius: float, color: str) -> None:
        """A filled circle."""
        look = {"facecolor": color, "edgecolor": PAPER, "linewidth": 0.8}
        self._add("patches", "Circle", middle, radius, **look)

    # ------------------------------------------------------------ the picture

    def picture(self, width: float, height: float, title: str, alt: str) -> Picture:
        """Everything drawn, as SVG and as PDF."""
        figure = load("matplotlib.figure", "plots").Figure(figsize=(width / 72, height / 72))
        grouped: dict[str, list[Any]] = {}
        for name, artist in self.artists:
            grouped.setdefault(name, []).append(artist)
        for at, (name, artists) in enumerate(grouped.items()):
            group = _group_of(artists)
            group.set_gid(name or None)
            group.set_zorder(at)
            figure.add_artist(group)
        return printed(figure, title, alt, self.titles)


def _group_of(artists: Sequence[Any]) -> Any:
    """Artists drawn one after the other, as one group of the SVG."""
    base: Any = load("matplotlib.artist", "plots").Artist

    class Group(base):
        def set_figure(self, figure: Any) -> None:
            super().set_figure(figure)
            for artist in artists:
                artist.set_figure(figure)
                instead = getattr(artist, "instead", None)
                if instead is not None:
                    instead.set_figure(figure)

        def draw(self, renderer: Any) -> None:
            if self.get_gid():
                renderer.open_group("part", gid=self.get_gid())
            for artist in artists:
                instead = getattr(artist, "instead", None) if self.figure.outlined else None
                (instead or artist).draw(renderer)
            if self.get_gid():
                renderer.close_group("part")

    return Group()


def printed(figure: Any, title: str, alt: str, titles: Mapping[str, str]) -> Picture:
    """A figure of Matplotlib as a picture, the same bytes whenever it is drawn."""
    figure.patch.set_visible(False)
    drawn, pdf = BytesIO(), BytesIO()
    figure.outlined = False
    load("matplotlib.backends.backend_svg", "plots").FigureCanvasSVG(figure).print_svg(
        drawn, metadata={"Date": None}
    )
    figure.outlined = True
    load("matplotlib.backends.backend_pdf", "plots").FigureCanvasPdf(figure).print_pdf(
        pdf, metadata={"CreationDate": None, "Title": title}
    )
    return Picture(tidied(drawn.getvalue(), title, alt, titles), pdf.getvalue(), alt)
