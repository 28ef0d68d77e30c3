"""Graphs of models, read back from their SVG."""

import re
import sys

import numpy as np
import pytest
import sympy as sp

import symderiv as sd
from symderiv import catalog, layers
from symderiv.core.errors import Unsupported
from symderiv.core.model import Model
from symderiv.pictures import graph

BACK = "fill-backward"


def equations(net: sd.Network) -> dict[str, sp.Expr]:
    return {
        left.base.label.name if left.args else left.name: right for left, right in net.equations
    }


def readings(net: sd.Network) -> set[tuple[str, str]]:
    """Who reads whom, from the right sides as SymPy has them."""
    names = {*equations(net), *net.parameters, *net.inputs}
    return {
        (s.name, reader)
        for reader, body in equations(net).items()
        for s in body.atoms(sp.Symbol)
        if s.name in names
    }


def shapes(net: sd.Network) -> dict[str, tuple[sp.Expr, ...]]:
    return {x.name: x.shape for x in Model.of(net.loss).labels}


@pytest.fixture(scope="module")
def drawn(bp):
    return graph(bp)


def test_every_name_is_drawn(drawn, network, read) -> None:
    nodes = [group for group in read.groups(drawn) if " to " not in group.title]
    found = {group.title.split(" ")[0]: group.text for group in nodes}
    assert len(found) == len(shapes(network))
    for name in shapes(network):
        stem, layer = re.fullmatch(r"([A-Za-z]+)(\d*)", name).groups()
        title = stem + (f"⁽{'⁰¹²'[int(layer)]}⁾" if layer else "")
        title = next(t for t in found if t == title or t.startswith(title + "_"))
        assert found[title].startswith(stem + (f"({layer})" if layer else ""))


def test_every_reading_is_an_arrow_with_the_shape_declared(drawn, network, read) -> None:
    arrows = [group for group in read.groups(drawn) if " to " in group.title]
    assert len(arrows) == len(readings(network))
    wanted = sorted("×".join(map(str, shapes(network)[name])) for name, _ in readings(network))
    assert sorted(group.text for group in arrows) == wanted
    for group in arrows:
        assert len(group.drawn("path", "fill-ink")) == 1  # the head


def test_a_way_back_beside_every_arrow_that_has_one(drawn, network, read) -> None:
    given = {"X", "Y"}
    arrows = [group for group in read.groups(drawn) if " to " in group.title]
    for group in arrows:
        fixed = group.title.split(" ")[0] in given
        assert len(group.drawn("path", BACK)) == (0 if fixed else 1)


def test_what_forward_keeps_is_marked(drawn, bp, read) -> None:
    root = read.parsed(drawn)
    marked = [e for e in root.iter(f"{read.SVG}path") if "fill-kept" in e.get("class", "")]
    assert len(marked) == len(bp.kept) + 1  # the legend has one too
    assert "forward keeps Y, W⁽²⁾, X, a⁽¹⁾, p⁽²⁾ for backward" in drawn.alt


def test_nodes_lie_apart_and_on_the_sheet(drawn, read) -> None:
    root = read.parsed(drawn)
    _, _, width, height = map(float, root.get("viewBox").split())
    boxes = [
        read.box(path)
        for group in read.groups(drawn)
        if " to " not in group.title
        for path in (*group.drawn("path", "fill-kept"), *group.drawn("path", "fill-paper"))
    ]
    assert len(boxes) == 11
    for at, (x0, y0, x1, y1) in enumerate(boxes):
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
        for a0, b0, a1, b1 in boxes[at + 1 :]:
            assert x1 < a0 or a1 < x0 or y1 < b0 or b1 < y0


def recurrent() -> sp.Expr:
    """Two steps that read one weight, whose box is wide."""
    w, h, x, z, y = map(sd.scalar, ("w", "h_0", "x_1", "x_2", "y"))
    first = sd.let("h_1", sd.tanh(w * h + x))
    return sd.let("E", (sd.let("h_2", sd.tanh(w * first + z)) - y) ** 2 / 2)


@pytest.mark.parametrize("of", ["bp", "recurrent"])
def test_no_head_of_an_arrow_lies_under_a_box(of, bp, read) -> None:
    picture = graph(bp if of == "bp" else recurrent())
    boxes, heads = [], []
    for group in read.groups(picture):
        if " to " in group.title:
            heads += [(group.title, *read.box(p)) for p in group.drawn("path", BACK)]
            heads += [(group.title, *read.box(p)) for p in group.drawn("path", "fill-ink")]
        else:
            drawn = (*group.drawn("path", "fill-kept"), *group.drawn("path", "fill-paper"))
            boxes += [read.box(p) for p in drawn]
    assert len(heads) > len(boxes) > 5
    for title, x0, y0, x1, y1 in heads:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        assert not any(a0 < x < a1 and b0 < y < b1 for a0, b0, a1, b1 in boxes), title


@pytest.mark.parametrize("kind", ["loss", "network", "model", "derivation", "name"])
def test_everything_with_a_graph_gives_the_same_one(kind, network, bp, drawn, read) -> None:
    what = {
        "loss": network.loss,
        "network": network,
        "model": Model.of(network.loss),
        "derivation": bp["W1"],
        "name": bp,
    }[kind]
    found, wanted = graph(what), drawn
    titles = [group.title for group in read.groups(found)]
    assert titles == [group.title for group in read.groups(wanted)]


def test_without_adjoints_nothing_flows_back(network, read) -> None:
    picture = graph(network, adjoints=False)
    assert "backward" not in picture.svg
    assert "keeps" not in picture.alt


def test_what_it_is_derived_by_can_be_chosen(network, bp, read) -> None:
    W1 = network.parameters["W1"]
    for what in (network, network.loss, bp):
        assert "b̄" not in graph(what, by=[W1]).alt
        assert "W̄⁽¹⁾ = " in graph(what, by=[W1]).alt
    with pytest.raises(Unsupported, match="adjoints=False"):
        graph(network, by=[W1], adjoints=False)


def test_an_array_has_a_graph_without_adjoints(read) -> None:
    z = sd.vector("z", sd.dim("n"))
    picture = graph(sd.let("p", sd.softmax(z)))
    assert [group.title for group in read.groups(picture)] == [
        "z to p, of shape n",
        "z is given",
        "p_i = exp(z_i)/(Σ_j exp(z_j))",
    ]


# ---------------------------------------------------------------- numbers


def test_numbers_are_numpys(network, read) -> None:
    rng = np.random.default_rng(5)
    X, W1, W2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    b1, b2, Y = rng.normal(size=2), rng.normal(size=2), np.eye(2)
    picture = graph(network, values={"X": X, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "Y": Y})
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    p2 = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    L = -np.log(p2[Y == 1]).mean()
    back_z2 = (p2 - Y) / 2
    back_z1 = back_z2 @ W2.T * (1 - a1**2)
    forward = {"X": X, "W⁽¹⁾": W1, "z⁽¹⁾": z1, "a⁽¹⁾": a1, "z⁽²⁾": z2, "p⁽²⁾_ij": p2, "L": L}
    backward = {"z⁽²⁾": back_z2, "z⁽¹⁾": back_z1, "W⁽¹⁾": X.T @ back_z1, "W⁽²⁾": a1.T @ back_z2}
    nodes = {group.title.split(" ")[0]: group for group in read.groups(picture)}
    for values, color in ((forward, "fill-ink"), (backward, BACK)):
        for name, array in values.items():
            text = "".join(read.plain(read.letters(e)) for e in nodes[name].drawn("g", color))
            wanted = "".join(f"{x:.3g}" for x in np.ravel(array))
            assert wanted in text


def test_large_arrays_are_cut(read) -> None:
    x = sd.vector("x", sd.dim("n"))
    picture = graph(sd.let("L", (x**2).sum()), values={x: np.arange(100.0)})
    text = next(group.text for group in read.groups(picture) if group.title == "x is given")
    assert "0123⋯" in text
    assert "99" not in text


def test_a_missing_number_is_named() -> None:
    x, y = sd.scalar("x"), sd.scalar("y")
    with pytest.raises(sd.DataError, match="y"):
        graph(sd.let("L", x * y), values={"x": 1.0})


# ---------------------------------------------------------------- large, strange, missing


def test_a_large_network_leaves_its_formulas_to_the_text(read) -> None:
    N, n, h, c = sd.dims("N n h c")
    dense = [x for _ in range(5) for x in (layers.Dense(h), layers.Activation("relu"))]
    net = sd.Network([*dense, layers.Dense(c)], input=sd.matrix("X", N, n))
    picture = graph(sd.let("L", (net.output**2).sum()))
    nodes = [g for g in read.groups(picture) if " to " not in g.title]
    assert len(nodes) == 25
    assert not any("=" in group.text for group in nodes[:-1])
    right = size(read, picture)
    down = size(read, graph(sd.let("L", (net.output**2).sum()), direction="down"))
    assert right[0] > right[1]
    assert down[0] < down[1]
    assert max(down[0], right[1]) < 330  # one side fits, however deep the network is


def test_what_is_too_wide_for_paper_goes_down_a_page(network, drawn, read) -> None:
    assert size(read, graph(network, direction="right"))[0] > 660
    width, height = size(read, drawn)
    assert width < 470
    assert height < 680
    small = graph(sd.let("L", (sd.vector("x", 3) ** 2).sum()))
    assert size(read, small)[0] > size(read, small)[1]


def test_a_direction_that_is_none() -> None:
    with pytest.raises(Unsupported, match="choose 'right' or 'down'"):
        graph(sd.let("L", sd.scalar("x") ** 2), direction="left")


def size(read, picture) -> tuple[float, float]:
    _, _, width, height = map(float, read.parsed(picture).get("viewBox").split())
    return width, height


HOSTILE = [
    "</svg><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    r"\input{/etc/passwd}$x^2$",
    "#eval(read(secret))",
    "]]>&<![CDATA[",
    "손실",
    "x_hat",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(name, read) -> None:
    x = sd.vector(name, sd.dim("n"))
    picture = graph(sd.let("L", (x**2).sum()), values={x: [1.0, 2.0]})
    root = read.parsed(picture)
    tags = {e.tag.removeprefix(read.SVG) for e in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "use", "defs", "rect"}
    for e in root.iter():
        for key, value in e.attrib.items():
            assert not key.lower().startswith("on")
            assert key != "style"
            assert not key.endswith("href") or value.startswith("#p")


def test_identifiers_are_unique_and_all_there(drawn, read) -> None:
    root = read.parsed(drawn)
    found = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(found) == len(set(found))
    named = root.get("aria-labelledby").split()
    uses = [
        use.get("{http://www.w3.org/1999/xlink}href")[1:] for use in root.iter(f"{read.SVG}use")
    ]
    assert set(named + uses) <= set(found)
    assert root.findtext(f"{read.SVG}desc") == drawn.alt


def test_a_plain_symbol_is_to_be_declared() -> None:
    with pytest.raises(Unsupported, match="declare it"):
        graph(sp.Symbol("x") ** 2)


@pytest.mark.parametrize("library", ["matplotlib", "pygraphviz"])
def test_what_is_missing_is_told_with_the_command_that_installs_it(library, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    x = sd.scalar("x")
    with pytest.raises(Unsupported, match=r'pip install "symderiv\[diagrams\]"'):
        graph(sd.let("L", x**2))


@pytest.mark.parametrize("entry", catalog.entries(), ids=lambda entry: entry.name)
def test_whatever_the_catalog_derives_can_be_drawn(entry, read) -> None:
    derivation = entry.derivation()
    picture = graph(derivation)
    titles = [group.title for group in read.groups(picture)]
    assert len([t for t in titles if " to " not in t]) >= 1
    goal = derivation.goal
    assert read.parsed(picture).findtext(f"{read.SVG}title").startswith("Computation graph of ")
    if getattr(goal, "what", None) is not None and goal.what.is_Symbol:
        assert f"graph of {goal.what}" in read.parsed(picture).findtext(f"{read.SVG}title")
