"""What texts mean: against the same things written with SymPy and the public constructors."""

import math

import pytest
import sympy
from sympy import Function, Product, Sum

import symderiv as sd
from symderiv.core.fingerprint import same
from symderiv.model.arrays import Array
from symderiv.parse import Parsed, Texts, read
from symderiv.parse.declare import Declaration, parse_declaration

VALUES = {"x": 0.7, "y": 1.3, "a": 2.1, "t": 0.4}

SCALARS = [
    ("x**2*sin(x)", lambda x, **_: x**2 * math.sin(x)),
    ("-x^2", lambda x, **_: -(x**2)),
    ("2**-x", lambda x, **_: 2**-x),
    ("x**y**a", lambda x, y, a, **_: x ** (y**a)),
    ("x - y - a", lambda x, y, a, **_: x - y - a),
    ("x - (y - a)", lambda x, y, a, **_: x - (y - a)),
    ("x/y/a", lambda x, y, a, **_: x / y / a),
    ("x/(y*a)", lambda x, y, a, **_: x / (y * a)),
    ("1/(1 + exp(-x))", lambda x, **_: 1 / (1 + math.exp(-x))),
    ("log(x, 2) + log(y, base=10) + ln(a)",
     lambda x, y, a, **_: math.log2(x) + math.log10(y) + math.log(a)),
    ("sqrt(x) + abs(-y) + pi*a", lambda x, y, a, **_: math.sqrt(x) + y + math.pi * a),
    ("sinh(x)*cosh(y)/tanh(a)",
     lambda x, y, a, **_: math.sinh(x) * math.cosh(y) / math.tanh(a)),
    ("atan(x) + asin(x) + erf(y)", lambda x, y, **_: math.atan(x) + math.asin(x) + math.erf(y)),
    ("max(x, y, a) - minimum(x, y)", lambda x, y, a, **_: a - x),
    ("where(x > y, x, 0.25*y)", lambda y, **_: 0.25 * y),
    ("Piecewise((x, x >= 1), (y, x < 0.5), (a, True))", lambda a, **_: a),
    ("Sum(i**2*x, (i, 1, 3)) + Product(k, (k, 1, 4))", lambda x, **_: 14 * x + 24),
    ("Sum(i*j, (i, 1, j), (j, 1, 3))", lambda **_: 25),
    ("delta(1, 2)*x + delta(3, 3)*y", lambda y, **_: y),
    ("relu(-x) + relu(y) + leaky_relu(-x, 0.5) + elu(-x, alpha=2)",
     lambda x, y, **_: y - 0.5 * x + 2 * (math.exp(-x) - 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), SCALARS, ids=[text for text, _ in SCALARS])
def test_values(text: str, meaning) -> None:
    found = read(Texts(text))
    numbers = {found.names[k]: sympy.Float(v, 30) for k, v in VALUES.items() if k in found.names}
    value = found.expression.subs(numbers).doit().evalf()
    assert float(value) == pytest.approx(float(meaning(**VALUES)), rel=1e-12)


def test_what_is_read_stays_as_written() -> None:
    assert read(Texts("x*(1/x) + 1 - 1")).expression.args[1:] == (1, -1)
    product = read(Texts("p*log(p)")).expression
    assert [type(part).__name__ for part in product.args] == ["Label", "log"]


# ---------------------------------------------------------------- names


def test_names_are_the_ones_that_constructors_make() -> None:
    n, z, y = sd.dim("n"), sd.vector("z", sd.dim("n")), sd.one_hot("y", sd.dim("n"))
    p = sd.let("p", sd.softmax(z))
    found = read(
        Texts(
            "cross_entropy(y, p)",
            wrt=("z",),
            let=("p = softmax(z)",),
            declared=(("one_hot", "y:n"), ("vector", "z:n")),
        )
    )
    assert same(found.expression, sd.cross_entropy(y, p))
    assert found.wrt == (z,)
    assert found.names["n"] == n


def test_definitions_by_entry() -> None:
    texts = Texts(
        "Sum(p[k]**2, (k, 1, n))", let=("S = Sum(exp(z[k]), (k, 1, n))", "p[i] = exp(z[i])/S")
    )
    p = read(texts).names["p"]
    assert isinstance(p, Array)
    assert p.label is not None
    assert str(p.label.spec.definition.at(sd.index("j"))) == "exp(z[j])/S"
    assert p.shape == (sd.dim("n"),)


def shapes(found: Parsed) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(map(str, value.shape))
        for name, value in found.names.items()
        if isinstance(value, Array)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-Sum(y[i]*log(p[i]), (i, 1, n))", {"y": ("n",), "p": ("n",)}),
        ("Sum(W[i, j]*x[j], (j, 1, m))", {"W": ("n", "m"), "x": ("m",)}),
        ("x[i]*y[i]", {"x": ("n",), "y": ("n",)}),
        ("x[i]*A[i, j]", {"x": ("n",), "A": ("n", "m")}),
        ("Sum(x[i], (i, 1, 3))", {"x": ("3",)}),
        ("Sum(x[i + 1] - x[i], (i, 1, n - 1))", {"x": ("n",)}),
        ("x[1] + x[2]", {"x": ("n",)}),
        ("logsumexp(z) - z[t]", {"z": ("n",)}),
        ("entropy(p)", {"p": ("n",)}),
        ("n*sum(x)", {"x": ("m",)}),
        ("sum(2*x)", {"x": ("n",)}),
        ("max(x)", {"x": ("n",)}),
        ("max(x, 0)", {}),
        ("delta*x", {}),
    ],
)
def test_sizes_are_inferred(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    declared = (("labels", "t"),) if "[t]" in text else ()
    assert shapes(read(Texts(text, declared=declared))) == expected


def test_sizes_of_declarations_are_inferred() -> None:
    found = read(
        Texts("cross_entropy(y, p)", let=("p = softmax(z)",), declared=(("one_hot", "y"),))
    )
    assert shapes(found) == {"y": ("n",), "z": ("n",), "p": ("n",)}
    found = read(Texts("Sum(y[i]*z[i], (i, 1, d))", declared=(("one_hot", "y"),)))
    assert shapes(found) == {"y": ("d",), "z": ("d",)}
    found = read(Texts("y[i]*z[i]", declared=(("vector", "y:7"),)))
    assert shapes(found) == {"y": ("7",), "z": ("7",)}


def test_kinds() -> None:
    declared = (
        *(("scalar", "a"), ("vector", "x:n"), ("matrix", "W:n,3"), ("tensor", "T:n,m,2")),
        *(("distribution", "p:m"), ("one_hot", "y:m"), ("labels", "t:n")),
    )
    text = "a + Sum(x[i]*W[i, 1]*T[i, 1, 1]*p[1]*y[1]*z[t[i]], (i, 1, n))"
    names = read(Texts(text, declared=declared, positive=("a", "x"))).names
    kinds = {name: names[name].label.spec.kind for name in ("x", "W", "T", "p", "y", "t")}
    assert kinds == {
        **dict.fromkeys("xWT", "real"), "p": "distribution", "y": "one_hot", "t": "labels"
    }  # fmt: skip
    assert names["a"].is_positive
    assert names["x"][1].is_positive
    assert names["W"].shape == (sd.dim("n"), 3)


def test_undefined_functions() -> None:
    found = read(Texts("f(x, g(y))", functions=("f", "g"))).expression
    assert str(found) == "f(x, g(y))"
    assert found.func == Function("f")


def test_arrays_and_their_operators() -> None:
    n, m = sd.dims("n m")
    W, x, b = sd.matrix("W", n, m), sd.vector("x", n), sd.vector("b", m)
    declared = (("matrix", "W:n,m"), ("vector", "x:n"), ("vector", "b:m"))
    found = read(Texts("tanh(x @ W + b)", declared=declared)).expression
    assert found == sd.tanh(x @ W + b)
    found = read(Texts("sum((1 - transpose(W))**2, axis=0)", declared=declared[:1])).expression
    assert found == ((1 - W.T) ** 2).sum(0)
    found = read(Texts("softmax(W, axis=0)", declared=declared[:1])).expression
    assert found == sd.softmax(W, axis=0)


def test_sums_and_products_of_sympy() -> None:
    i, n = sd.index("i"), sd.dim("n")
    x = sd.vector("x", n)
    assert same(read(Texts("Sum(x[i], (i, 1, n))")).expression, Sum(x[i], (i, 1, n)))
    assert same(read(Texts("Product(x[i], (i, 1, n))")).expression, Product(x[i], (i, 1, n)))


def test_declarations() -> None:
    assert parse_declaration("vector", "z") == Declaration("vector", "z", None)
    assert parse_declaration("tensor", "T: n, 3 ,m") == Declaration("tensor", "T", ("n", 3, "m"))
    assert parse_declaration("labels", "t") == Declaration("labels", "t", ())


def test_the_larger_of_two_values_is_maximum() -> None:
    for name in ("Max", "Min"):
        written = read(Texts(f"{name}(x, 2)", ("x",))).expression
        known = {"Max": "maximum", "Min": "minimum"}[name]
        assert written == read(Texts(f"{known}(x, 2)", ("x",))).expression
