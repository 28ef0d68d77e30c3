"""The statement that states a network: its input, its layers, what its output costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache, partial
from typing import Any

from symderiv.core.errors import ParseError, ShapeError, Unsupported
from symderiv.core.messages import ABOUT, N_, Sentence, reported
from symderiv.model import layers, losses
from symderiv.model.arrays import as_array
from symderiv.model.declare import dim
from symderiv.model.layers.activation import ACTIVATIONS
from symderiv.model.network import Network
from symderiv.parse.build import build
from symderiv.parse.grammar import parse_text
from symderiv.parse.syntax import Call, Name, Node
from symderiv.publish.place import SourceError, Text
from symderiv.publish.registry import Gives, kinds, statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement, listed

FORM = N_("network, with the options input, layers, and if it is trained target and loss")
_BEFORE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a word begins in a name such as RMSNorm."""


@statement("network", "input", "layers", "target", "loss", gives=Gives.ANY_NAME)
def network(s: Statement, session: Session) -> None:
    """Names for everything that a network makes: ``z1``, ``a1``, …, and the loss ``L``."""
    if s.rest.text or not {"input", "layers"} <= set(s.options):
        raise s.error(Sentence("expected: {form}", form=Sentence(FORM)))
    x = _declared(s.options["input"], session)
    target = _declared(s.options["target"], session) if "target" in s.options else None
    chosen = [_layer(part, session) for part in listed(s.options["layers"])]
    loss = _loss(s.options["loss"], session) if "loss" in s.options else None
    with s.options["layers"].placed():
        made = Network(chosen, input=x, target=target, loss=loss)
    with s.whole.placed():
        for name, value in made.names.items():
            session.vocabulary.adopt(name, value)
    session.transcript.parameters.update(made.parameters)


def _declared(text: Text, session: Session) -> Any:
    """A known name, or a declaration such as ``matrix x: N, n``."""
    word, _, rest = text.text.partition(" ")
    if not rest:
        known = session.vocabulary.values.get(word)
        if known is None:
            raise SourceError(
                Sentence(
                    "{word} is not declared; write, say, matrix {bare}: N, n",
                    word=repr(word),
                    bare=word,
                ),
                text.at(0),
            )
        return known
    kind = kinds().get(word)
    if kind is None or kind.run.__module__ != "symderiv.publish.statements.declaring":
        raise SourceError(
            Sentence(
                "expected a declaration such as matrix x: N, n, not {text}",
                text=repr(text.text[:40]),
            ),
            text.at(0),
        )
    kind.run(Statement(word, text, text.part(len(word))), session)
    return session.vocabulary.values[rest.partition(":")[0].strip()]


# ---------------------------------------------------------------- layers and losses


@cache
def layer_classes() -> Mapping[str, type[layers.Layer]]:
    """``layer_norm`` for LayerNorm, ``conv1d`` for Conv1d."""
    return {
        _BEFORE.sub("_", name).lower(): getattr(layers, name)
        for name in layers.__all__
        if name != "Layer"
    }


def _layer(text: Text, session: Session) -> layers.Layer:
    with text.placed():
        return _built(parse_text(text.text), session)


def _built(node: Node, session: Session) -> layers.Layer:
    if not isinstance(node, (Name, Call)):
        raise ParseError(Sentence("expected a layer, such as dense(h), tanh or softmax"), node.at)
    args = node.args if isinstance(node, Call) else ()
    options = node.options if isinstance(node, Call) else ()
    head = layer_classes().get(node.name)
    if head is None and node.name in ACTIVATIONS:
        head, args = layers.Activation, (Name(node.at, node.name), *args)
    if head is None:
        known = ", ".join([*layer_classes(), *ACTIVATIONS])
        raise ParseError(
            Sentence(
                "there is no layer {name}; there are {known}", name=repr(node.name), known=known
            ),
            node.at,
        )
    taken = [f.name for f in fields(head)]
    for key, at, _ in options:
        if key not in taken:
            raise ParseError(
                Sentence(
                    "{name} has no option {key}; it has {taken}",
                    name=node.name,
                    key=repr(key),
                    taken=", ".join(taken),
                ),
                at,
            )
    try:
        return head(
            *(_argument(arg, session, head) for arg in args),
            **{key: _argument(arg, session, head) for key, _, arg in options},
        )
    except (ShapeError, Unsupported) as error:
        raise ParseError(reported(error), node.at) from error
    except TypeError:
        form = ", ".join(taken)
        raise ParseError(
            Sentence(
                "{name} does not take these arguments; it has {form}", name=node.name, form=form
            ),
            node.at,
        ) from None


def _argument(node: Node, session: Session, head: type[layers.Layer]) -> Any:
    """A size, a number, a layer inside another, or the name of an activation."""
    if isinstance(node, Name):
        if node.name in ("True", "False"):
            return node.name == "True"
        if head is layers.Activation and node.name in ACTIVATIONS:
            return node.name
        if node.name in layer_classes() or (head is layers.Residual and node.name in ACTIVATIONS):
            return _built(node, session)
        known = session.vocabulary.values.get(node.name)
        return dim(node.name) if known is None else known
    if isinstance(node, Call) and (node.name in layer_classes() or head is layers.Residual):
        return _built(node, session)
    value = build(node, session.vocabulary.values)
    return int(value) if getattr(value, "is_Integer", False) else value


def _loss(text: Text, session: Session) -> Callable[..., Any]:
    with text.placed():
        node = parse_text(text.text)
        if not isinstance(node, (Name, Call)) or (isinstance(node, Call) and node.args):
            raise ParseError(Sentence("expected a loss, such as cross_entropy"), node.at)
        if node.name not in losses.__all__:
            known = ", ".join(losses.__all__)
            raise ParseError(
                Sentence(
                    "there is no loss {name}; there are {known}", name=repr(node.name), known=known
                ),
                node.at,
            )
        options = node.options if isinstance(node, Call) else ()
        given = {k: build(v, session.vocabulary.values) for k, _, v in options}
        return partial(_costs, getattr(losses, node.name), given, text)


def _costs(loss: Callable[..., Any], options: dict[str, Any], text: Text, *args: Any) -> Any:
    try:
        value = loss(*args, **options)
    except TypeError as error:
        raise SourceError(
            Sentence(ABOUT, what=text.text, said=reported(error)), text.at(0)
        ) from None
    return as_array(value)
