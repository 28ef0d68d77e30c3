"""Expressions as plain data and back, exactly as they were written; no code in it.

An expression is a nested list with its head first: ``p_i - 1`` is
``["Add", ["Indexed", ["Label", "p#8c…"], ["Symbol", "i", {"integer": true}]], -1]``. Labels stand
in a flat `Table` by key, each after those that its spec mentions, so a chain of a thousand
definitions is a thousand short records and nothing nests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sympy import Dummy, Float, Indexed, IndexedBase, Integer, Rational, Symbol
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef

from symderiv.core.decoding import Data, as_object, read, short
from symderiv.core.errors import DataError, Unsupported
from symderiv.core.heads import CONSTANT_NAMES, heads
from symderiv.core.memo import memo
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Definition, Label, Spec

_EXACT_IN_JSON = 1 << 53
_KINDS = ("real", "distribution", "one_hot", "labels")


class Table:
    """Labels by key, each after those that its spec mentions."""

    def __init__(self) -> None:
        self.labels: dict[str, Label] = {}

    def add(self, e: Basic) -> None:
        """Take in every label that an expression rests on."""
        for label in _in_order(_labels(e)):
            self.labels.setdefault(key(label), label)

    def to_data(self) -> dict[str, Data]:
        """``{key: record}``."""
        return {name: _record(label) for name, label in self.labels.items()}

    @classmethod
    def from_data(cls, data: Data) -> Table:
        """Rebuild the labels. Raises `DataError` where the data is malformed."""
        table = cls()
        for name, record in as_object(data, "labels").items():
            table.labels[name] = _label(record, table.labels)
        return table


def key(label: Label) -> str:
    """What a label is called in data; two labels that differ have different keys."""
    return f"{label.name}#{label.digest.hex()}"


# ---------------------------------------------------------------- writing


def encode(e: Basic, table: Table) -> Data:
    """An expression as nested lists; its labels go to the table.

    Raises `Unsupported` for a node that cannot be read back.

    >>> encode(Symbol("x") + 1, Table())
    ['Add', 1, ['Symbol', 'x', {}]]
    """
    table.add(e)
    return _encode(e)


def _encode(e: Basic) -> Data:
    if e in CONSTANT_NAMES:
        return [CONSTANT_NAMES[e]]
    for kind, write in _WRITERS.items():
        if isinstance(e, kind):
            return write(e)
    head: type = type(e)
    name = head.__name__
    if heads().get(name) is not head:
        raise Unsupported(
            Sentence(
                "{expression} cannot be saved: {name} is no node that symderiv reads back; "
                "rewrite it with sums, products and SymPy's functions",
                expression=e,
                name=name,
            )
        )
    return [name, *map(_encode, e.args)]


def _encode_integer(e: Integer) -> Data:
    return e.p if abs(e.p) < _EXACT_IN_JSON else ["Integer", hex(e.p)]


def _encode_rational(e: Rational) -> Data:
    return ["Rational", _encode_integer(Integer(e.p)), _encode_integer(Integer(e.q))]


def _encode_float(e: Float) -> Data:
    sign, mantissa, exponent, _ = e._mpf_
    return ["Float", -1 if sign else 1, hex(mantissa), int(exponent), int(e._prec)]


def _encode_dummy(e: Dummy) -> Data:
    return ["Dummy", e.name, str(e.dummy_index), dict(sorted(e._assumptions_orig.items()))]


def _encode_symbol(e: Symbol) -> Data:
    if type(e) is not Symbol:
        raise Unsupported(
            Sentence(
                "the symbol {symbol} of type {kind} cannot be saved",
                symbol=e,
                kind=type(e).__name__,
            )
        )
    return ["Symbol", e.name, dict(sorted(e._assumptions_orig.items()))]


def _encode_base(e: IndexedBase) -> Data:
    label = e.args[0]
    if isinstance(label, Label):
        return _encode(label)
    return ["IndexedBase", *map(_encode, e.args)]


def _encode_undefined(e: AppliedUndef) -> Data:
    known = {k: v for k, v in sorted(type(e)._kwargs.items()) if v is not None}
    return ["Function", type(e).__name__, known, *map(_encode, e.args)]


_WRITERS: dict[type, Callable[[Any], Data]] = {
    Integer: _encode_integer,
    Rational: _encode_rational,
    Float: _encode_float,
    Label: lambda e: ["Label", key(e)],
    Dummy: _encode_dummy,
    Symbol: _encode_symbol,
    IndexedBase: _encode_base,
    Indexed: lambda e: ["Indexed", *map(_encode, e.args)],
    AppliedUndef: _encode_undefined,
}


# ---------------------------------------------------------------- reading


def decode(data: Data, table: Table) -> Any:
    """The expression, node for node as it was written.

    Raises `DataError` where the data is malformed.

    >>> decode(["Add", 1, ["Symbol", "x", {}]], Table()) == Symbol("x") + 1
    True
    """
    try:
        return read(data, table.labels)
    except RecursionError:
        raise DataError(Sentence("the expression in the data nests too deep to be read")) from None


# ---------------------------------------------------------------- labels


def pack_label(label: Label) -> tuple[Data, tuple[Label, ...]]:
    """What a pickle of a label holds: its record, and every label it rests on, in order.

    The list is flat: by the time a label is pickled, those that it mentions have been, so a long
    chain of definitions does not recurse.
    """
    return _record(label), tuple(_in_order(_parts(label)))


def unpack_label(data: tuple[Data, tuple[Label, ...]]) -> Label:
    """The label that `pack_label` packed."""
    record, parts = data
    return _label(record, {key(part): part for part in parts})


def _labels(e: Basic) -> Iterator[Label]:
    todo: list[Basic] = [e]
    while todo:
        node = todo.pop()
        if isinstance(node, Label):
            yield node
        else:
            todo.extend(reversed(node.args))


@memo
def _parts(label: Label) -> tuple[Label, ...]:
    """The labels that a label's spec mentions."""
    spec = label.spec
    body = spec.definition.body if spec.definition else None
    mentioned = [e for e in (*spec.shape, spec.classes, spec.hot, body) if e is not None]
    return tuple(dict.fromkeys(part for e in mentioned for part in _labels(e)))


def _in_order(labels: Iterator[Label] | tuple[Label, ...]) -> list[Label]:
    """These labels and all that they rest on, each after its parts; an iterative walk."""
    done: dict[Label, None] = {}
    todo = [(label, False) for label in reversed(tuple(labels))]
    while todo:
        label, opened = todo.pop()
        if label in done:
            continue
        if opened:
            done[label] = None
        else:
            todo.append((label, True))
            todo.extend((part, False) for part in reversed(_parts(label)) if part not in done)
    return list(done)


def _record(label: Label) -> dict[str, Data]:
    spec = label.spec
    out: dict[str, Data] = {"name": label.stem, "shape": [_encode(size) for size in spec.shape]}
    if spec.kind != "real":
        out["kind"] = spec.kind
    for flag in ("positive", "bar"):
        if getattr(spec, flag):
            out[flag] = getattr(spec, flag)
    for field in ("layer", "latex"):
        if getattr(spec, field) is not None:
            out[field] = getattr(spec, field)
    for field in ("classes", "hot"):
        if getattr(spec, field) is not None:
            out[field] = _encode(getattr(spec, field))
    if spec.definition is not None:
        out["indices"] = [_encode(v) for v in spec.definition.indices]
        out["definition"] = _encode(spec.definition.body)
    return out


_FIELDS = {
    "name": str, "shape": list, "kind": str, "positive": bool,
    "bar": str, "layer": str, "latex": str,
    "classes": (int, list, tuple), "hot": (int, list, tuple), "indices": (list, tuple),
    "definition": (int, list, tuple),
}  # fmt: skip


def _label(record: Data, labels: Mapping[str, Label]) -> Label:
    data = as_object(record, Sentence("a label"))
    for field, value in data.items():
        kinds = _FIELDS.get(field)
        if kinds is None or not isinstance(value, kinds):  # type: ignore[arg-type]
            raise DataError(
                Sentence(
                    "a label has no field {field} of value {value}",
                    field=repr(field),
                    value=short(value),
                )
            )
    if "name" not in data or data.get("kind", "real") not in _KINDS:
        raise DataError(
            Sentence(
                "a label needs a name and a kind among {kinds}",
                kinds=", ".join(_KINDS),
            )
        )
    definition = None
    if "definition" in data:
        indices = tuple(read(v, labels) for v in data.get("indices", ()))
        definition = Definition(indices, read(data["definition"], labels))
    spec = Spec(
        shape=tuple(read(size, labels) for size in data.get("shape", ())),
        kind=data.get("kind", "real"),
        positive=data.get("positive", False),
        bar=data.get("bar", ""),
        layer=data.get("layer"),
        latex=data.get("latex"),
        classes=read(data["classes"], labels) if "classes" in data else None,
        hot=read(data["hot"], labels) if "hot" in data else None,
        definition=definition,
    )
    return Label(data["name"], spec)
