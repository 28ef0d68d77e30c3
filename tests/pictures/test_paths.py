"""The paths of a chain rule: counted by a graph library, summed by numbers."""

import autograd.numpy as anp
import networkx as nx
import numpy as np
import pytest
import sympy as sp
from autograd import grad
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

import symderiv as sd
from symderiv.core.errors import Unsupported
from symderiv.core.expr import Direct
from symderiv.core.model import Model
from symderiv.lower import lower
from symderiv.pictures import paths
from symderiv.pictures.formulas import Pen
from symderiv.pictures.routes import goal_of, web_of


def diamond() -> tuple[sp.Expr, sp.Expr]:
    x = sd.scalar("x")
    a = sd.let("a", x**2)
    b = sd.let("b", a * x)
    c = sd.let("c", sd.sin(a))
    return sd.let("L", b * c + a * x), x


def readings(loss: sp.Expr) -> nx.DiGraph:
    """Who reads whom, from the right sides as SymPy has them."""
    graph = nx.DiGraph()
    for label, definition in Model.of(loss).equations:
        found = (s for s in definition.body.atoms(sp.Symbol) if s in Model.of(loss).labels)
        graph.add_edges_from((s.name, label.name) for s in found)
    return graph


def by_networkx(loss: sp.Expr, name: str) -> int:
    return len(list(nx.all_simple_paths(readings(loss), name, loss.name)))


def test_a_picture_for_every_path_and_one_of_all() -> None:
    loss, x = diamond()
    found = paths(loss, x)
    count = by_networkx(loss, "x")
    assert count == 5
    assert len(found) == count + 1
    assert len({picture.svg for picture in found}) == count + 1


def test_paths_through_a_network(network, bp) -> None:
    for name in ("W1", "b1", "W2", "z1"):
        assert len(paths(bp, name)) == by_networkx(network.loss, name) == 1


def test_arrows_and_names_of_the_picture_of_all(read) -> None:
    loss, x = diamond()
    *_, whole = paths(loss, x)
    titles = [group.title for group in read.groups(whole)]
    assert sorted(t for t in titles if "∂" not in t) == ["L", "a", "b", "c", "x"]
    assert len([t for t in titles if "∂" in t]) == readings(loss).number_of_edges()
    marked = [g.title for g in read.groups(whole) if g.drawn("path", "fill-common")]
    assert marked == ["x"]


def test_what_stands_on_the_arrows_is_drawn(read) -> None:
    loss, x = diamond()
    first = paths(loss, x)[0]
    texts = {group.title: group.text for group in read.groups(first)}
    assert list(texts) == ["x", "∂a/∂x = 2 x", "a", "∂b/∂a = x", "b", "∂L/∂b = c", "L"]
    assert texts["∂b/∂a = x"] == "∂b∂a=x"
    assert texts["b"] == "b"


# ---------------------------------------------------------------- the sum is the gradient


def summed(goal, sizes, data) -> np.ndarray:
    """The contributions of all paths, added up as numbers."""
    web = web_of(goal, sizes)
    indices = tuple(
        sp.Tuple(v, 1, size)
        for v, size in zip(goal.by.args[1:], goal.by.args[0].label.shape, strict=True)
        if goal.by.args
    )
    total = 0.0
    for route in web.routes():
        function = lower(route.value, indices=indices, model=Model.of(route.value, goal.what))
        given = {k: v for k, v in data.items() if k in function.arrays}
        given |= {k: v for k, v in (sizes or {}).items() if k in function.required}
        total = total + function(given)
    return total


def cross_entropy(z, y):
    e = anp.exp(z - anp.max(z))
    return -anp.sum(y * anp.log(e / anp.sum(e)))


@pytest.mark.parametrize("size", [3, "n"])
@pytest.mark.parametrize("sizes", [None, {"n": 3}])
def test_softmax_with_cross_entropy(size, sizes) -> None:
    if size == 3 and sizes:
        sizes = {}
    n = sd.dim("n") if size == "n" else size
    z, y = sd.vector("z", n), sd.distribution("y", n)
    p = sd.let("p", sd.softmax(z))
    goal = goal_of(sd.derive(sd.let("L", sd.cross_entropy(y, p)), z))
    routes = web_of(goal, sizes).routes()
    assert len(routes) == (1 if size == "n" and not sizes else 3)
    at = {"z": np.array([0.3, -1.0, 0.7]), "y": np.array([0.2, 0.5, 0.3])}
    assert np.allclose(summed(goal, sizes, at), grad(cross_entropy)(at["z"], at["y"]))


def test_components_of_a_perceptron() -> None:
    n, m = sd.dims("n m")
    x, W, v = sd.vector("x", n), sd.matrix("W", m, n), sd.vector("v", m)
    a = sd.let("a", sd.tanh(sd.let("z", W @ x)))
    loss = sd.let("L", (v @ a) ** 2)
    goal = goal_of(loss, x)
    sizes = {"n": 2, "m": 3}
    assert web_of(goal, sizes).count() == 3  # z_k feeds a_k alone
    rng = np.random.default_rng(2)
    data = {"x": rng.normal(size=2), "W": rng.normal(size=(3, 2)), "v": rng.normal(size=3)}

    def value(x):
        return anp.dot(data["v"], anp.tanh(anp.dot(data["W"], x))) ** 2

    assert np.allclose(summed(goal, sizes, data), grad(value)(data["x"]))
    assert np.allclose(summed(goal, None, data), grad(value)(data["x"]))


@pytest.mark.parametrize("sizes", [None, {"N": 1, "n": 2, "h": 2, "c": 2}])
def test_a_network_with_two_layers(network, bp, sizes) -> None:
    rng = np.random.default_rng(3)
    shapes = {"X": (1, 2), "W1": (2, 2), "b1": (2,), "W2": (2, 2), "b2": (2,)}
    data = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    data["Y"] = np.array([[0, 1]])

    def value(W1):
        z = anp.dot(anp.tanh(anp.dot(data["X"], W1) + data["b1"]), data["W2"]) + data["b2"]
        return cross_entropy(z, data["Y"])

    goal = goal_of(bp, "W1")
    assert len(web_of(goal, sizes).routes()) == (1 if sizes is None else 8)
    assert np.allclose(summed(goal, sizes, data), grad(value)(data["W1"]))


def test_the_common_variable_by_hand() -> None:
    loss, x = diamond()
    goal = goal_of(loss, x)
    total = sum(
        float(lower(route.value, model=Model.of(route.value, loss))({"x": 0.7}))
        for route in web_of(goal).routes()
    )

    def value(x):
        a = x**2
        return a * x * anp.sin(a) + a * x

    assert total == pytest.approx(grad(value)(0.7))


# ---------------------------------------------------------------- how many


def test_too_many_paths_are_counted_not_drawn() -> None:
    x = sd.scalar("x")
    a = x
    for k in range(60):
        a = sd.let(f"a_{k}", a + sd.let(f"b_{k}", sd.sin(a)))
    with pytest.raises(Unsupported, match=f"{2**60} paths from x to L; at most 12 are drawn"):
        paths(sd.let("L", a**2), x)


def test_most_draws_more(network) -> None:
    loss, x = diamond()
    with pytest.raises(Unsupported, match="most=5"):
        paths(loss, x, most=4)
    assert len(paths(loss, x, most=5)) == 6


def test_where_a_path_starts_must_be_said(bp) -> None:
    with pytest.raises(Unsupported, match="choose one: p2, z2"):
        paths(bp)
    with pytest.raises(Unsupported, match="no adjoint"):
        paths(bp, "W9")


def test_a_direct_path_beside_one_through_a_name() -> None:
    x = sd.scalar("x")
    u = sd.let("u", x**2)
    through, past, whole = paths(sd.let("L", u * x), x)
    assert "x → u → L" in through.alt
    assert "[∂L/∂x]_{u} = u" in past.alt
    assert "∂L/∂x = ∂L/∂u · ∂u/∂x + [∂L/∂x]_{u}" in whole.alt


def test_an_entry_of_the_variable() -> None:
    z, y = sd.vector("z", 3), sd.one_hot("y", 3)
    p = sd.let("p", sd.softmax(z))
    first, *_ = paths(sd.derive(sd.let("L", sd.cross_entropy(y, p)), z[2]))
    assert "∂p_1/∂z_2 = −p_1 p_2" in first.alt


def test_unknown_sizes() -> None:
    loss, x = diamond()
    with pytest.raises(sd.DataError, match="n is no size"):
        paths(loss, x, sizes={"n": 3})


def test_what_is_held_is_written_as_in_the_text() -> None:
    x = sd.scalar("x")
    y = sd.let("y", sd.let("u", sd.sin(x)) * x)
    told = sd.derive(y, x).to_latex()
    (drawn,) = Pen().formula(Direct(y, x))
    assert r"\left. \frac{\partial y}{\partial x} \right|_{u}" in told
    assert drawn.math
    found = glyphs(drawn.text)
    bars = [(x, size) for letter, x, size in found if letter == "|"]
    assert len(bars) == 3
    assert len({(round(x, 3), size) for x, size in bars}) == 1  # one line, no thicker than others
    ((at, _),) = [(x, size) for letter, x, size in found if letter == "u"]
    assert at > bars[0][0]


def glyphs(text: str) -> list[tuple[str, float, float]]:
    """The letters of a formula as Matplotlib sets them, with places and sizes."""
    prop = FontProperties(family="STIXGeneral", size=10, math_fontfamily="stix")
    parsed = MathTextParser("path").parse(f"${text}$", 72, prop)
    return [(chr(glyph[2]), glyph[-2], glyph[1]) for glyph in parsed.glyphs]
