"""Plots, read back from their SVG, against values that mpmath computes."""

import io
import sys
import warnings
from itertools import pairwise

import mpmath
import numpy as np
import pypdf
import pytest
from sympy import Rational

import symderiv as sd
from symderiv.core.errors import Unsupported
from symderiv.pictures import plot
from symderiv.pictures.axes import Frame, Stroke, rows, span
from symderiv.pictures.boxes import Type
from symderiv.pictures.curves import curve_of, sampled
from symderiv.pictures.formulas import Run
from symderiv.pictures.labels import Tag, corners, stacked

p = sd.scalar("p", positive=True)
z = sd.scalar("z")
HEIGHT = 0.02  # points: coordinates are written to two places


def frame(read, picture) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of the area between the axes, as the SVG has them."""
    root = read.parsed(picture)
    bent = [
        list(read.points(path))
        for path in root.iter(f"{read.SVG}path")
        if "stroke-ink" in path.get("class", "") and path.get("d").count("L") == 2
    ]
    (left, top), (_, bottom), (right, _) = bent[-1]
    return left, right, bottom, top


def curves(read, picture, x, y) -> list[list[list[tuple[float, float]]]]:
    """The pieces of each curve, in the numbers of the axes."""
    left, right, bottom, top = frame(read, picture)

    def back(point):
        a, b = point
        return (
            x[0] + (x[1] - x[0]) * (a - left) / (right - left),
            y[0] + (y[1] - y[0]) * (b - bottom) / (top - bottom),
        )

    colors = ("stroke-first", "stroke-backward", "stroke-third", "stroke-fourth")
    return [
        [list(map(back, read.points(e))) for g in read.groups(picture) for e in g.drawn("path", c)]
        for c in colors
    ]


def test_minus_p_log_p(read) -> None:
    picture = plot(-p * sd.log(p), x=p, range=(0, 1), y_range=(0, 0.4))
    (piece,), *_ = curves(read, picture, (0, 1), (0, 0.4))
    assert len(piece) > 400
    assert piece[0] == pytest.approx((0, 0), abs=1e-4)
    assert piece[-1] == pytest.approx((1, 0), abs=1e-4)
    for x, y in piece[1:]:
        slope = abs(mpmath.log(x) + 1)
        error = HEIGHT * 0.4 / 206 + HEIGHT * slope / 330
        assert abs(y + x * mpmath.log(x)) < error


def test_the_derivative_is_derived(read) -> None:
    picture = plot(sd.binary_entropy(p), x=p, range=(0.1, 0.9), derivative=True, y_range=(-3, 3))
    _, (piece,), *_ = curves(read, picture, (0.1, 0.9), (-3, 3))

    def entropy(x):
        return -x * mpmath.log(x) - (1 - x) * mpmath.log(1 - x)

    for x, y in piece[5:-5:20]:
        assert abs(y - mpmath.diff(entropy, x)) < 3e-3


def test_marks_lie_on_their_curves(read) -> None:
    marks = [("1/2", "coin"), ("1/100", "urn"), (0.25, "slope", 1)]
    picture = plot(
        sd.binary_entropy(p), x=p, range=(0, 1), marks=marks, derivative=True, y_range=(-2, 2)
    )
    left, right, bottom, top = frame(read, picture)
    found = [group for group in read.groups(picture) if group.title.startswith("Marked")]
    entropy = [(x, float(-x * mpmath.log(x) - (1 - x) * mpmath.log(1 - x))) for x in (0.5, 0.01)]
    slope = (0.25, float(mpmath.log(3)))
    for group, (x, y), word in zip(found, [*entropy, slope], ("coin", "urn", "slope"), strict=True):
        assert group.text == word
        (dot,) = [
            e
            for e in group.element.iter(f"{read.SVG}path")
            if "fill-" in e.get("class", "") and "stroke-paper" in e.get("class", "")
        ]
        x0, y0, x1, y1 = read.box(dot)
        assert (x0 + x1) / 2 == pytest.approx(left + x * (right - left), abs=0.02)
        assert (y0 + y1) / 2 == pytest.approx(bottom + (y + 2) / 4 * (top - bottom), abs=0.02)
    assert "coin at p = 1/2, where −p log p − (1 − p) log(1 − p) is 0.693" in picture.alt


def test_a_jump_parts_the_curve_and_a_steep_slope_does_not(read) -> None:
    both = plot({"tan": sd.tan(z), "steep": sd.tanh(2000 * z)}, x=z, range=(-3, 3), y_range=(-5, 5))
    tangent, steep, *_ = curves(read, both, (-3, 3), (-5, 5))
    assert len(tangent) == 3
    assert len(steep) == 1
    step, *_ = curves(
        read, plot(sd.where(z > 0, 1, 0), x=z, range=(-1, 1), y_range=(-1, 2)), (-1, 1), (-1, 2)
    )
    assert len(step) == 2
    for piece in step:
        assert len({round(y, 3) for _, y in piece}) == 1


def shown(read, picture) -> list[str]:
    return [
        piece.get("d") for g in read.groups(picture) for piece in g.drawn("path", "stroke-first")
    ]


@pytest.mark.parametrize(
    ("curve", "over", "low", "high", "pieces"),
    [
        (1 / z, (-1, 1), (-12, -4), (4, 12), 2),
        (1 / z, (-1, 1.3), (-12, -3), (3, 12), 2),
        (1 / (z - Rational(1, 3)) ** 2, (-1, 1), (-10, 1), (5, 200), 2),
        (sd.tan(z), (-20, 20), (-9, -3), (3, 9), 13),
        (sd.exp(-1000 * z**2), (-3, 3), (-0.1, 0), (1, 1.1), 1),
        (sd.exp(z), (0, 20), (-3e7, 1), (4.8e8, 5.2e8), 1),
        (sd.where(z > 0, 1, 0), (-1, 0.01), (-0.1, 0), (1, 1.1), 2),
        (-sd.log(p), (0, 1), (-1, 0), (6, 17), 1),
    ],
)
def test_poles_break_the_curve_and_do_not_rule_its_axis(read, curve, over, low, high, pieces):
    x = p if curve.has(p) else z
    of = curve_of(curve, x, {})
    stroke = Stroke(rows(*sampled(of, *map(float, over))), "", "", line(""))
    bottom, top = span([stroke])
    assert low[0] <= bottom <= low[1]
    assert high[0] <= top <= high[1]
    assert len(shown(read, plot(curve, x=x, range=over))) == pieces


BOUNDLESS = [
    (-sd.log(z), (0, 1), "−log z rises without bound near z = 0. At z = 1 it is 0."),
    (sd.log(z), (-1, 1), "log z falls without bound near z = 0. At z = 1 it is 0."),
    (1 / z, (-1, 1), "1/z rises and falls without bound near z = 0. At z = −1 it is −1."),
    (1 / (z - Rational(1, 3)) ** 2, (0, 1), "rises without bound near z = 0.333. At z = 0 it is 9"),
    (sd.tan(z), (0, 2), "tan z rises and falls without bound near z = 1.57. At z = 0 it is 0."),
    (sd.tan(z), (-20, 20), "near z = −17.3, z = −14.1, z = −11 and 9 further places."),
    (sd.exp(z), (0, 1000), "values of exp(z) are too large to be drawn near z = 710. At z = 0 "),
]
BOUNDED = [
    (sd.exp(z), (-1, 1), "exp(z) goes from 0.368 to 2.72, with values between 0.368 and 2.72."),
    (sd.sqrt(z), (-1, 1), "√z goes from 0 to 1, with values between 0 and 1."),
    (z * sd.log(z), (0, 1), "z log z goes from 0 to 0, with values between −0.368 and 0."),
    (sd.sin(z) / z, (-1, 1), "goes from 0.841 to 0.841, with values between 0.841 and 1."),
    (sd.where(z > 0, 1, 0), (-1, 1), "goes from 0 to 1, with values between 0 and 1."),
    (
        1 / (z**2 + Rational(1, 10**9)),
        (-1, 1),
        "goes from 1 to 1, with values between 1 and 1·10⁹.",
    ),
    (10**7 * z, (-1, 1), "with values between −1·10⁷ and 1·10⁷."),
]


@pytest.mark.parametrize(("curve", "over", "said"), BOUNDLESS + BOUNDED, ids=str)
def test_words_tell_no_extreme_that_only_the_sampling_made(curve, over, said) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = plot(curve, x=z, range=over).alt
    assert said in told
    assert "without bound" not in said or "between" not in told
    assert "-" not in told
    assert "e+" not in told


def test_the_slope_of_an_entropy_has_no_bound_at_its_end() -> None:
    told = plot(-p * sd.log(p), x=p, range=(0, 1), derivative=True).alt
    assert "−p log p goes from 0 to 0, with values between 0 and 0.368." in told
    assert "−1 − log p rises without bound near p = 0. At p = 1 it is −1." in told


def test_a_curve_without_a_value_is_refused() -> None:
    with pytest.raises(sd.DataError, match=r"log\(z\) has no finite value for z from −2 to −1"):
        plot([z, sd.log(z)], x=z, range=(-2, -1))


def test_what_soon_leaves_every_number_is_seen_as_far_as_it_goes(read) -> None:
    of = curve_of(sd.exp(sd.exp(z)), z, {})
    _, top = span([Stroke(rows(*sampled(of, 0.0, 1000.0)), "", "", line(""))])
    assert top < 1e30


def test_a_marked_point_near_a_pole_is_shown(read) -> None:
    picture = plot(1 / z, x=z, range=(-1, 1), marks=[("1/100", "near")])
    assert "near at z = 1/100, where 1/z is 100" in picture.alt


def test_a_curve_is_clipped_where_it_leaves(read) -> None:
    picture = plot(1 / z, x=z, range=(0.01, 4), y_range=(0, 2))
    (piece,), *_ = curves(read, picture, (0.01, 4), (0, 2))
    assert piece[0][1] == pytest.approx(2, abs=1e-3)
    assert piece[0][0] == pytest.approx(0.5, abs=5e-3)


def test_other_names_need_numbers(read) -> None:
    w = sd.scalar("w")
    loss = sd.let("L", (w * z - 1) ** 2)
    with pytest.raises(sd.DataError, match=r"rests on w beside z.*values=\{'w': 1\}"):
        plot(loss, x=z, range=(0, 1))
    (piece,), *_ = curves(
        read, plot(loss, x=z, range=(0, 1), values={"w": 3}, y_range=(0, 4)), (0, 1), (0, 4)
    )
    for x, y in piece[::40]:
        assert y == pytest.approx((3 * x - 1) ** 2, abs=0.01)


def test_the_label_of_a_curve_that_leaves_keeps_off_the_curve() -> None:
    frame = Frame((0, 1), (0, 1), (40, 40), (300, 200))
    curve = [(40 + 260 * x, 240 - 200 * x) for x in np.linspace(0, 1, 400)]
    tag = Tag(curve[-1], line("a rather long name"), dotted=False)
    ((x, y),) = corners(frame, [tag], curve)
    assert y >= 40
    covered = [
        p for p in curve if x < p[0] < x + tag.label.width and y < p[1] < y + tag.label.height
    ]
    assert not covered


def test_names_and_labels_are_drawn(read) -> None:
    picture = plot(
        {"loss": (z - 1) ** 2, (z, " squared"): z**2},
        x=z, range=(-1, 1), x_label=("score ", z), y_label="value",
    )  # fmt: skip
    text = read.plain(read.letters(read.parsed(picture)))
    for word in ("loss", "zsquared", "scorez", "value"):
        assert word in text.replace(" ", "")


def test_hangul_is_drawn_or_said_to_be_missing(read) -> None:
    from symderiv.pictures.fonts import has

    if has("확"):
        picture = plot(p**2, x=p, range=(0, 1), x_label="확률")
        assert "확률" in read.plain(read.letters(read.parsed(picture)))
    else:
        with pytest.raises(Unsupported, match="no font of this machine has the letter '확'"):
            plot(p**2, x=p, range=(0, 1), x_label="확률")


def test_a_pdf_holds_no_font_under_a_false_name(read) -> None:
    """Fonts with PostScript outlines would be embedded as TrueType."""
    pytest.importorskip("pylopdf_fonts_ko")
    picture = plot({"손실": z**2}, x=z, range=(0, 1), marks=[("1/2", "표시")])
    for page in pypdf.PdfReader(io.BytesIO(picture.pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            data = inner.get_object()["/FontDescriptor"]["/FontFile2"].get_data()
            assert data[:4] in (b"\0\1\0\0", b"true")
    assert "손실" in read.plain(read.letters(read.parsed(picture)))


# ---------------------------------------------------------------- labels


def line(text: str) -> Type:
    return Type((Run(text),), 9.5)


def test_labels_at_the_right_do_not_cover_each_other() -> None:
    tags = [Tag((300, y), line("curve")) for y in (100, 100, 101, 99)]
    gaps = [b - a for a, b in pairwise(sorted(stacked(tags)))]
    assert min(gaps) > tags[0].label.height
    assert sorted(range(4), key=lambda k: stacked(tags)[k]) == [3, 0, 1, 2]


def test_labels_of_marks_keep_clear() -> None:
    frame = Frame((0, 1), (0, 1), (40, 40), (300, 200))
    curve = [(40 + 300 * x, 40 + 200 * x) for x in np.linspace(0, 1, 200)]
    tags = [Tag(frame.at((x, x)), line("a label")) for x in (0.0, 0.02, 0.5, 0.98, 1.0)]
    boxes = [
        (x, y, x + tag.label.width, y + tag.label.height)
        for (x, y), tag in zip(corners(frame, tags, curve), tags, strict=True)
    ]
    for at, (x0, y0, x1, y1) in enumerate(boxes):
        assert x0 > 40
        assert x1 < 340
        for a0, b0, a1, b1 in boxes[at + 1 :]:
            assert x1 < a0 or a1 < x0 or y1 < b0 or b1 < y0
        on_curve = [k for k in range(300) if x0 < 40 + k < x1 and y0 < 40 + k * 2 / 3 < y1]
        assert not on_curve


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"range": (1, 0)}, "smaller"),
        ({"range": 3}, "expected the lowest and the highest"),
        ({"range": (0, 1), "marks": [(2, "far")]}, "outside the range 0 to 1"),
        ({"range": (0, 1), "marks": ["coin"]}, "no mark"),
        ({"range": (0, 1), "marks": [("a half", "coin")]}, "no number"),
        ({"range": (0, 1), "marks": [(0, "end")]}, "no value at 0"),
        ({"range": (0, 1), "marks": [(0, "end", 7)]}, "no curve 7"),
    ],
)
def test_faults_are_named(options, message) -> None:
    with pytest.raises(sd.DataError, match=message):
        plot(-sd.log(p), x=p, **options)


def test_too_many_curves() -> None:
    with pytest.raises(Unsupported, match="5 curves are too many"):
        plot([z**k for k in range(1, 6)], x=z, range=(0, 1))


def test_a_vector_is_no_axis() -> None:
    x = sd.vector("x", 3)
    with pytest.raises(Unsupported):
        plot(z, x=x, range=(0, 1))
    with pytest.raises(sd.ShapeError):
        plot(x, x=z, range=(0, 1))


def test_without_matplotlib_the_command_that_installs_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(Unsupported, match=r'pip install "symderiv\[plots\]"'):
        plot(z, x=z, range=(0, 1))


def test_a_slope_is_called_as_its_derivation_ends() -> None:
    picture = plot([sd.softplus(z := sd.scalar("z")) - z], x=z, range=(-1, 1), derivative=True)
    assert "σ(z) − 1 goes from" in picture.alt
    assert "−1 + σ(z)" not in picture.alt
