"""The syntax tree to as-written expressions and arrays, by way of fixed tables only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from sympy import Expr, Integer, Rational, S, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.logic.boolalg import Boolean

from symderiv.core.errors import ParseError, SymderivError
from symderiv.core.expr import add, bind, cases, mul, neg, power, sub
from symderiv.core.messages import N_, Sentence, reported, said_by
from symderiv.model.arrays import Array, as_array, compare
from symderiv.model.declare import index
from symderiv.model.entries import divide
from symderiv.parse.functions import BINDERS, CONSTANTS, RELATIONS, functions
from symderiv.parse.limits import MAX_BUILT
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
)

SCALAR = N_("{name} is a scalar and cannot be indexed")
UNDECLARED = N_("{name} is not declared and cannot be indexed")

Value = Any  # a SymPy expression, a condition, or an Array


def build(node: Node, names: Mapping[str, Value]) -> Value:
    """The expression or array that a tree means; ``names`` has arrays, scalars and indices.

    Raises:
        ParseError: a part has no meaning, or grows too large; ``position`` is its place.

    >>> from symderiv.parse.grammar import parse_text
    >>> from sympy.abc import x
    >>> build(parse_text("1 - x**2"), {"x": x})
    1 - x**2
    """
    value = _Builder(dict(names)).value(node)
    with placed(node.at):
        return within_bounds(value)


class _Builder:
    def __init__(self, names: dict[str, Value]) -> None:
        self.names = names

    def value(self, node: Node) -> Value:
        match node:
            case Number(value=value):
                return Rational(value.numerator, value.denominator)
            case Name():
                return self.name(node)
            case Negative(at=at, body=body):
                return self.apply(at, neg, lambda a: -a, self.number(body))
            case Chain(first=first, rest=rest):
                out = self.number(first)
                for op, at, operand in rest:
                    out = self.operate(op, at, out, self.number(operand))
                return out
            case Power(at=at, base=base, exponent=exponent):
                parts = self.number(base), self.number(exponent)
                return self.apply(at, power, lambda a, b: as_array(a) ** b, *parts)
            case Compare(at=at, op=op, left=left, right=right):
                head = RELATIONS[op]
                with placed(at):
                    return compare(head, self.number(left), self.number(right))
            case Index():
                return self.entry(node)
            case Call(name=name, args=args) if name in BINDERS:
                if name in ("Max", "Min") and not any(isinstance(a, Group) for a in args[1:]):
                    return self.call(replace(node, name=name.lower()))  # of several values
                return self.bound(node)
            case Call(name="Piecewise"):
                return self.piecewise(node)
            case Call():
                return self.call(node)
            case Group(at=at):
                raise ParseError(
                    Sentence("a list in brackets stands only in Sum(…, (i, 1, n)) and its kin"), at
                )

    def number(self, node: Node) -> Value:
        """The value of a tree that must not be a condition."""
        out = self.value(node)
        if isinstance(out, Boolean) and not isinstance(out, Symbol):
            raise ParseError(
                Sentence("a comparison stands only in where(…) and Piecewise(…)"), node.at
            )
        return out

    def scalar(self, node: Node) -> Expr:
        """The value of a tree that must not be an array."""
        out = self.number(node)
        if isinstance(out, Array):
            raise ParseError(
                Sentence("expected a scalar, found an array of shape {shape}", shape=out.shape),
                node.at,
            )
        return out

    # ------------------------------------------------------------ operators

    def operate(self, op: str, at: int, a: Value, b: Value) -> Value:
        match op:
            case "+":
                return self.apply(at, add, lambda x, y: as_array(x) + y, a, b)
            case "-":
                return self.apply(at, sub, lambda x, y: as_array(x) - y, a, b)
            case "*":
                return self.apply(at, mul, lambda x, y: as_array(x) * y, a, b)
            case "/":
                return self.apply(at, divide, lambda x, y: as_array(x) / y, a, b)
        with placed(at):
            if not (isinstance(a, Array) and isinstance(b, Array)):
                raise ParseError(Sentence("@ multiplies two arrays; a scalar is multiplied with *"))
            return a @ b

    def apply(
        self,
        at: int,
        of_scalars: Callable[..., Expr],
        of_arrays: Callable[..., Value],
        *values: Value,
    ) -> Value:
        with placed(at):
            if any(isinstance(value, Array) for value in values):
                return of_arrays(*values)
            return of_scalars(*values)

    # ------------------------------------------------------------ names

    def name(self, node: Name) -> Value:
        if node.name in self.names:
            return self.names[node.name]
        if node.name in CONSTANTS:
            return CONSTANTS[node.name]
        raise ParseError(Sentence("unknown name {name}", name=repr(node.name)), node.at)

    def entry(self, node: Index) -> Value:
        target = self.names.get(node.name)
        if not isinstance(target, Array):
            message = SCALAR if node.name in self.names else UNDECLARED
            raise ParseError(Sentence(message, name=repr(node.name)), node.at)
        if len(node.where) != len(target.shape):
            raise ParseError(
                Sentence(
                    "{name} has {count} axes, found {given} indices",
                    name=repr(node.name),
                    count=len(target.shape),
                    given=len(node.where),
                ),
                node.at,
            )
        with placed(node.at):
            return target[tuple(self.scalar(part) for part in node.where)]

    # ------------------------------------------------------------ calls

    def bound(self, node: Call) -> Expr:
        """``Sum(body, (i, 1, n), …)``, the last limit outermost, as SymPy has it."""
        if node.options or len(node.args) < 2:
            raise ParseError(Sentence("write {name}(…, (i, 1, n))", name=node.name), node.at)
        inner = _Builder(dict(self.names))
        limits = [inner.limit(node.name, limit) for limit in reversed(node.args[1:])]
        body = inner.scalar(node.args[0])
        with placed(node.at):
            return within_bounds(bind(BINDERS[node.name], body, *reversed(limits)))

    def limit(self, head: str, node: Node) -> Tuple:
        if not isinstance(node, Group) or len(node.parts) != 3:
            raise ParseError(
                Sentence("expected limits such as (i, 1, n) in {head}", head=head), node.at
            )
        letter, low, high = node.parts
        if not isinstance(letter, Name):
            raise ParseError(Sentence("expected an index, such as i in (i, 1, n)"), letter.at)
        ends = [self.scalar(low), self.scalar(high)]
        for end, part in zip(ends, (low, high), strict=True):
            if end.is_integer is False or end.is_finite is False:
                raise ParseError(
                    Sentence("the limits of {head} are integers, not {end}", head=head, end=end),
                    part.at,
                )
        symbol = index(letter.name)
        self.names[letter.name] = symbol
        return Tuple(symbol, *ends)

    def piecewise(self, node: Call) -> Expr:
        if not node.args or node.options:
            raise ParseError(Sentence("write Piecewise((a, x > 0), (b, True))"), node.at)
        branches: list[tuple[Expr, Basic]] = []
        for arg in node.args:
            if not isinstance(arg, Group) or len(arg.parts) != 2:
                raise ParseError(Sentence("expected a branch such as (a, x > 0)"), arg.at)
            branches.append((self.scalar(arg.parts[0]), self.condition(arg.parts[1])))
        if branches[-1][1] is not S.true:
            raise ParseError(
                Sentence("the last branch of Piecewise must be (…, True)"), node.args[-1].at
            )
        return cases(*branches)

    def condition(self, node: Node) -> Basic:
        if isinstance(node, Name) and node.name == "True":
            return S.true
        test = self.value(node)
        if not isinstance(test, Boolean) or isinstance(test, Symbol):
            raise ParseError(Sentence("expected a comparison, such as x > 0"), node.at)
        return test

    def call(self, node: Call) -> Value:
        known = functions().get(node.name)
        if known is None:
            return self.undefined(node)
        if not known.least <= len(node.args) <= known.most:
            raise ParseError(
                Sentence(
                    "{name} takes {arguments}, found {count}",
                    name=node.name,
                    arguments=known.arguments,
                    count=len(node.args),
                ),
                node.at,
            )
        options: dict[str, Value] = {}
        for key, at, value in node.options:
            if key not in known.options or key in options:
                takes = ", ".join(known.options) or Sentence("none")
                raise ParseError(
                    Sentence(
                        "{name} has no option {key} here; it has: {takes}",
                        name=node.name,
                        key=repr(key),
                        takes=takes,
                    ),
                    at,
                )
            options[key] = self.option(key, value)
        first = self.value if node.name == "where" else self.number
        args = [first(arg) for arg in node.args[:1]] + [self.number(arg) for arg in node.args[1:]]
        with placed(node.at):
            return within_bounds(known.apply(*args, **options))

    def option(self, key: str, node: Node) -> Value:
        if key == "keepdims":
            if isinstance(node, Name) and node.name in ("True", "False"):
                return node.name == "True"
            raise ParseError(Sentence("keepdims is True or False"), node.at)
        value = self.scalar(node)
        if key != "axis":
            return value
        if not isinstance(value, Integer):
            raise ParseError(
                Sentence("an axis is a whole number, counted from 0, or from -1 back"), node.at
            )
        return int(value)

    def undefined(self, node: Call) -> Expr:
        """A function declared without a definition, ``f(x, y)``."""
        head = self.names.get(node.name)
        if isinstance(head, type):
            if node.options or not node.args:
                raise ParseError(
                    Sentence("write {name}(x), with one argument or more", name=node.name), node.at
                )
            return head(*(self.scalar(arg) for arg in node.args))
        if node.name in self.names:
            raise ParseError(
                Sentence("{name} is not a function; a product is written *", name=repr(node.name)),
                node.at,
            )
        known = [*functions(), *BINDERS, "Piecewise"]
        close = get_close_matches(node.name, known, 1)
        hint = (
            Sentence("did you mean {names}?", names=close[0])
            if close
            else Sentence("declare it with --function, or define it")
        )
        raise ParseError(
            Sentence("unknown function {name}; {hint}", name=repr(node.name), hint=hint), node.at
        )


def within_bounds(value: Value) -> Value:
    """The value itself.

    Raises:
        ParseError: it is larger than what is worth deriving; nested functions of whole arrays grow
            without bound where a text does not.
    """
    todo: list[Basic] = [value.element if isinstance(value, Array) else value]
    count = 0
    while todo:
        part = todo.pop()
        count += 1
        if count > MAX_BUILT:
            raise ParseError(
                Sentence(
                    "the expression grows beyond {most} parts here; name its intermediates with "
                    "--let",
                    most=f"{MAX_BUILT:,}",
                )
            )
        todo.extend(part.args)
    return value


@contextmanager
def placed(at: int) -> Iterator[None]:
    """Errors of the model inside get this place."""
    try:
        yield
    except ParseError as error:
        if error.position is None:
            raise ParseError(said_by(error), at) from None
        raise
    except (SymderivError, ZeroDivisionError) as error:
        raise ParseError(reported(error), at) from None
