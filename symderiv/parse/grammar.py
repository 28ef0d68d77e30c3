"""Tokens to a syntax tree, by operator precedence (Pratt 1973).

========================  =============  ==============
what                      binds          associates
========================  =============  ==============
``< <= > >= == !=``       least          not at all
``+ -``                                  left
``* / @``                                left
``-x +x``                                right
``** ^``                                 right
``f(x)  z[i, j]``         most
========================  =============  ==============

Depth and the number of nodes are bounded, so no text can exhaust the stack or memory.
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.core.errors import ParseError
from symderiv.core.messages import N_, Sentence
from symderiv.parse.limits import MAX_DEPTH, MAX_NODES, MAX_RANK
from symderiv.parse.syntax import Call, Chain, Compare, Group, Index, Name, Negative, Node, Number
from symderiv.parse.syntax import Power as PowerNode
from symderiv.parse.tokens import Token, tokenize

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def parse_text(text: str) -> Node:
    """The syntax tree of one expression.

    Raises:
        ParseError: the text is not an expression; ``position`` is the place of the fault.

    >>> parse_text("-x[1]")
    Negative(at=0, body=Index(at=1, name='x', where=(Number(at=3, value=Fraction(1, 1)),)))
    """
    reader = _Reader(tokenize(text))
    node = reader.expression()
    reader.end()
    return node


def parse_definition(text: str) -> tuple[Name | Index, Node]:
    """The two sides of ``name = expression`` or ``name[i, …] = expression``.

    Raises:
        ParseError: the text is not of that form.
    """
    reader = _Reader(tokenize(text))
    left = reader.atom()
    if not isinstance(left, (Name, Index)):
        raise ParseError(Sentence("expected a name on the left of '='"), left.at)
    reader.expect("=", N_("a definition is written name = expression"))
    right = reader.expression()
    reader.end()
    return left, right


class _Reader:
    """A place in the tokens, and how deep and large the tree is so far."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.nodes = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def found(self, *ops: str) -> bool:
        return self.token.kind == "op" and self.token.text in ops

    def expect(self, op: str, why: str = "") -> Token:
        if not self.found(op):
            tail = Sentence("; {why}", why=Sentence(why)) if why else ""
            raise ParseError(
                Sentence(
                    "expected {op}, found {token}{tail}",
                    op=repr(op),
                    token=self.token.told,
                    tail=tail,
                ),
                self.token.at,
            )
        return self.take()

    def end(self) -> None:
        token = self.token
        if token.kind == "end":
            return
        if token.kind != "op" or token.text in "([":
            raise ParseError(
                Sentence(
                    "expected an operator, found {token}; a product is written with *",
                    token=token.told,
                ),
                token.at,
            )
        if token.text == "=":
            raise ParseError(
                Sentence("found '='; equality is written ==, a definition with --let"), token.at
            )
        raise ParseError(Sentence("expected the end, found {token}", token=token.told), token.at)

    def count(self, at: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ParseError(
                Sentence("the expression has more than {most} parts", most=f"{MAX_NODES:,}"), at
            )

    # ------------------------------------------------------------ levels of precedence

    def expression(self) -> Node:
        at = self.token.at
        left = self.chain("+", "-")
        if not self.found(*COMPARISONS):
            return left
        op = self.take()
        right = self.chain("+", "-")
        if self.found(*COMPARISONS):
            raise ParseError(Sentence("comparisons cannot be chained"), self.token.at)
        return Compare(at, op.text, left, right)

    def chain(self, *ops: str) -> Node:
        """Operands of one precedence in a flat list, so that long sums are not deep."""
        at = self.token.at
        additive = "+" in ops
        first = self.chain("*", "/", "@") if additive else self.signed()
        rest = []
        while self.found(*ops):
            op = self.take()
            self.count(op.at)
            operand = self.chain("*", "/", "@") if additive else self.signed()
            rest.append((op.text, op.at, operand))
        return Chain(at, first, tuple(rest)) if rest else first

    def signed(self) -> Node:
        """Every way down passes here, so here the depth is bounded."""
        at = self.token.at
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ParseError(Sentence("nested more than {most} deep", most=MAX_DEPTH), at)
        if self.found("+", "-"):
            sign = self.take()
            body = self.signed()
            node: Node = Negative(at, body) if sign.text == "-" else body
        else:
            node = self.atom()
            if self.found("**"):
                self.take()
                node = PowerNode(at, node, self.signed())
        self.depth -= 1
        return node

    # ------------------------------------------------------------ atoms

    def atom(self) -> Node:
        token = self.take()
        self.count(token.at)
        if token.kind == "number":
            node: Node = Number(token.at, Fraction(token.text))
        elif token.kind == "name":
            node = self.after_name(token)
        elif token.text == "(":
            node = self.group(token.at)
        else:
            self.place -= 1
            raise ParseError(
                Sentence("expected a number, a name or '(', found {token}", token=token.told),
                token.at,
            )
        if self.found("["):
            raise ParseError(
                Sentence("only a name can be indexed, once; write z[i, j], not z[i][j]"),
                self.token.at,
            )
        return node

    def after_name(self, name: Token) -> Node:
        if self.found("["):
            self.take()
            where = self.listed("]")
            if not 1 <= len(where) <= MAX_RANK:
                raise ParseError(Sentence("expected 1 to {most} indices", most=MAX_RANK), name.at)
            return Index(name.at, name.text, where)
        if not self.found("("):
            return Name(name.at, name.text)
        self.take()
        args: list[Node] = []
        options: list[tuple[str, int, Node]] = []
        while not self.found(")"):
            key = self.option()
            value = self.expression()
            if key is not None:
                options.append((key.text, key.at, value))
            elif options:
                raise ParseError(
                    Sentence("an argument cannot follow an option key=value"), value.at
                )
            else:
                args.append(value)
            if not self.found(")"):
                self.separator(")")
        self.take()
        return Call(name.at, name.text, tuple(args), tuple(options))

    def option(self) -> Token | None:
        """The ``key`` of ``key=``, if that is what comes next."""
        following = self.tokens[self.place + 1 : self.place + 2]
        if self.token.kind != "name" or not following or following[0].text != "=":
            return None
        key = self.take()
        self.take()
        return key

    def group(self, at: int) -> Node:
        inside = self.listed(")")
        if not inside:
            raise ParseError(
                Sentence("expected an expression, found ')'"), self.tokens[self.place - 1].at
            )
        return inside[0] if len(inside) == 1 else Group(at, inside)

    def listed(self, close: str) -> tuple[Node, ...]:
        out: list[Node] = []
        while not self.found(close):
            out.append(self.expression())
            if not self.found(close):
                self.separator(close)
        self.take()
        return tuple(out)

    def separator(self, close: str) -> None:
        if not self.found(","):
            raise ParseError(
                Sentence(
                    "expected {close} or ',', found {token}",
                    close=repr(close),
                    token=self.token.told,
                ),
                self.token.at,
            )
        self.take()
