"""The shape of what is parsed, against Python's own reading of the same arithmetic."""

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.parse.grammar import parse_definition, parse_text
from symderiv.parse.syntax import (
    Call,
    Chain,
    Compare,
    Group,
    Index,
    Name,
    Negative,
    Node,
    Number,
    Power,
    walk,
)

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"}


def of_python(text: str) -> object:
    """Python's tree of the text, as nested tuples."""

    def visit(node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value):
                return Fraction(value)
            case ast.Name(id=name):
                return name
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ("neg", visit(operand))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return ("**", visit(left), visit(right))
            case ast.BinOp(left=left, op=op, right=right):
                return (OPERATORS[type(op)], visit(left), visit(right))
            case ast.Call(func=ast.Name(id=name), args=args):
                return (name, *map(visit, args))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=elts)):
                return ("[]", name, *map(visit, elts))
            case ast.Subscript(value=ast.Name(id=name), slice=one):
                return ("[]", name, visit(one))
        raise AssertionError(ast.dump(node))

    return visit(ast.parse(text, mode="eval").body)


def of_ours(node: Node) -> object:
    """Our tree as the same nested tuples."""
    match node:
        case Number(value=value):
            return value
        case Name(name=name):
            return name
        case Negative(body=body):
            return ("neg", of_ours(body))
        case Power(base=base, exponent=exponent):
            return ("**", of_ours(base), of_ours(exponent))
        case Chain(first=first, rest=rest):
            out = of_ours(first)
            for op, _, operand in rest:
                out = (op, out, of_ours(operand))
            return out
        case Call(name=name, args=args):
            return (name, *map(of_ours, args))
        case Index(name=name, where=where):
            return ("[]", name, *map(of_ours, where))
    raise AssertionError(node)


def extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", " * ", "/", "**", "@"])
    return st.one_of(
        st.tuples(inner, operators, inner).map("".join),
        inner.map("-{}".format),
        inner.map("({})".format),
        inner.map("exp({})".format),
        st.tuples(inner, inner).map(lambda ab: "f({}, {})".format(*ab)),
        st.tuples(inner, inner).map(lambda ab: "z[{}, {}]".format(*ab)),
    )


TEXTS = st.recursive(st.sampled_from(["x", "y_1", "2", "30", "z[i]"]), extended, max_leaves=12)


@given(TEXTS)
def test_precedence_is_that_of_python(text: str) -> None:
    assert of_ours(parse_text(text)) == of_python(text)


@given(TEXTS)
def test_positions_point_at_what_was_read(text: str) -> None:
    for node in walk(parse_text(text)):
        if isinstance(node, (Name, Index, Call)):
            assert text.startswith(node.name, node.at)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        ("1.25e-2", Fraction(1, 80)),
        ("3E2", Fraction(300)),
        ("0.30000000000000000001", Fraction(30000000000000000001, 10**20)),
    ],
)
def test_numbers_are_exact(text: str, value: Fraction) -> None:
    assert parse_text(text) == Number(0, value)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("x^2", "x**2"), ("x − y", "x - y"), ("x·y", "x*y"), ("x×y", "x*y"), ("x ≤ y", "x <= y")],
)
def test_signs_from_print(text: str, plain: str) -> None:
    def shape(node: Node) -> list[tuple[object, ...]]:
        return [(type(n), getattr(n, "name", None), getattr(n, "op", None)) for n in walk(node)]

    assert shape(parse_text(text)) == shape(parse_text(plain))


def test_a_sum_with_limits_and_options() -> None:
    tree = parse_text("Sum(x[i], (i, 1, n))")
    assert isinstance(tree, Call)
    assert isinstance(tree.args[1], Group)
    assert [type(part) for part in tree.args[1].parts] == [Name, Number, Name]
    called = parse_text("entropy(p, base=2)")
    assert isinstance(called, Call)
    assert called.options == (("base", 11, Number(16, Fraction(2))),)


def test_comparison_binds_least() -> None:
    tree = parse_text("x + 1 <= y")
    assert isinstance(tree, Compare)
    assert tree.op == "<="


def test_names_are_put_in_normal_form() -> None:
    assert parse_text("e\u0301") == parse_text("\u00e9")
    assert parse_text("학습률") == Name(0, "학습률")


def test_definitions() -> None:
    left, right = parse_definition("p[i] = x**2")
    assert left == Index(0, "p", (Name(2, "i"),))
    assert isinstance(right, Power)


def test_a_long_sum_is_not_deep() -> None:
    tree = parse_text("+".join(["x"] * 500))
    assert isinstance(tree, Chain)
    assert len(tree.rest) == 499
