"""Reading plain data back as expressions, node for node; only listed heads are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Dummy, Expr, Float, Indexed, IndexedBase, Integer, Rational, Subs, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.function import UndefinedFunction
from sympy.core.operations import LatticeOp

from symderiv.core.errors import DataError
from symderiv.core.expr import BINDERS, node
from symderiv.core.heads import CONSTANTS, fits, heads
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label

Data = Any


def read(data: Data, labels: Mapping[str, Label]) -> Any:
    """The expression, its labels looked up by key; raises `DataError` where the data is wrong."""
    if isinstance(data, int) and not isinstance(data, bool):
        return Integer(data)
    if not isinstance(data, (list, tuple)) or not data or not isinstance(data[0], str):
        raise DataError(
            Sentence(
                "expected a number or a list with its head first, not {data}", data=short(data)
            )
        )
    head, *rest = data
    if head in CONSTANTS and not rest:
        return CONSTANTS[head]
    if head in _LEAF_READERS:
        return _LEAF_READERS[head](rest)
    if head in _READERS:
        return _READERS[head](rest, labels)
    found = heads().get(head)
    if found is None:
        raise DataError(
            Sentence("{head} is no head of an expression that symderiv knows", head=repr(head[:80]))
        )
    if not fits(found, len(rest)):
        raise DataError(
            Sentence("{head} cannot have {count} arguments", head=head, count=len(rest))
        )
    return _node(found, [read(part, labels) for part in rest])


def _node(head: type, args: list[Basic]) -> Basic:
    if head is Subs:
        return Subs(*args)
    if issubclass(head, BINDERS):
        _check_limits(head, args[1:])
    if issubclass(head, LatticeOp):
        made = Basic.__new__(head, *args)
        made._argset = frozenset(args)
        return made
    return node(head, *args) if issubclass(head, Expr) else Basic.__new__(head, *args)


def _check_limits(head: type, limits: list[Basic]) -> None:
    for limit in limits:
        if not (isinstance(limit, Tuple) and len(limit) == 3 and isinstance(limit[0], Symbol)):
            raise DataError(
                Sentence(
                    "{head} needs limits (index, low, high), not {limit}",
                    head=head.__name__,
                    limit=limit,
                )
            )


def _decode_number(rest: list[Data]) -> Integer:
    (digits,) = _fixed("Integer", rest, str)
    return Integer(_integer(digits))


def _decode_rational(rest: list[Data], labels: Mapping[str, Label]) -> Rational:
    if len(rest) != 2:
        raise DataError(Sentence("Rational needs a numerator and a denominator"))
    p, q = (read(part, labels) for part in rest)
    if not (isinstance(p, Integer) and isinstance(q, Integer) and q > 0):
        raise DataError(Sentence("Rational needs an integer and a positive integer"))
    return Rational(p.p, q.p)


def _decode_float(rest: list[Data]) -> Float:
    sign, mantissa, exponent, precision = _fixed("Float", rest, int, str, int, int)
    if not 0 < precision < 1_000_000:
        raise DataError(Sentence("Float of {precision} bits is out of range", precision=precision))
    return Float._new(_mpf(sign, _integer(mantissa), exponent), precision, zero=False)


def _mpf(sign: int, mantissa: int, exponent: int) -> tuple[int, int, int, int]:
    return (int(sign < 0), mantissa, exponent, mantissa.bit_length())


def _decode_symbol(rest: list[Data]) -> Symbol:
    name, assumptions = _fixed("Symbol", rest, str, dict)
    return Symbol(name, **_assumptions(assumptions))


def _decode_dummy(rest: list[Data]) -> Dummy:
    name, number, assumptions = _fixed("Dummy", rest, str, str, dict)
    return Dummy(name, dummy_index=_integer(number, 10), **_assumptions(assumptions))


def _decode_label(rest: list[Data], labels: Mapping[str, Label]) -> Label:
    (name,) = _fixed("Label", rest, str)
    if name not in labels:
        raise DataError(
            Sentence(
                "the label {name} is not in the table, or comes after its first use",
                name=repr(name),
            )
        )
    return labels[name]


def _decode_base(rest: list[Data], labels: Mapping[str, Label]) -> IndexedBase:
    parts = [read(part, labels) for part in rest]
    if not parts or len(parts) > 2 or not isinstance(parts[0], Symbol):
        raise DataError(Sentence("IndexedBase needs a symbol and, if known, a shape"))
    return IndexedBase(parts[0], shape=parts[1]) if len(parts) == 2 else IndexedBase(parts[0])


def _decode_entry(rest: list[Data], labels: Mapping[str, Label]) -> Expr:
    parts = [read(part, labels) for part in rest]
    base = parts[0] if parts else None
    if isinstance(base, Label):
        return base.entry(*parts[1:])
    if not isinstance(base, IndexedBase) or len(parts) < 2:
        raise DataError(Sentence("Indexed needs an array and its indices"))
    made = Expr.__new__(Indexed, *parts)
    made._assumptions = base._assumptions.copy()
    return made


def _decode_undefined(rest: list[Data], labels: Mapping[str, Label]) -> Expr:
    name, assumptions = _fixed("Function", rest[:2], str, dict)
    head = UndefinedFunction(name, **_assumptions(assumptions))
    return Expr.__new__(head, *(read(part, labels) for part in rest[2:]))


_LEAF_READERS: dict[str, Callable[[list[Data]], Any]] = {
    "Integer": _decode_number,
    "Float": _decode_float,
    "Symbol": _decode_symbol,
    "Dummy": _decode_dummy,
}
_READERS: dict[str, Callable[[list[Data], Mapping[str, Label]], Any]] = {
    "Rational": _decode_rational,
    "Label": _decode_label,
    "IndexedBase": _decode_base,
    "Indexed": _decode_entry,
    "Function": _decode_undefined,
}


def _fixed(head: str, rest: list[Data], *types: type) -> list[Any]:
    fine = len(rest) == len(types) and all(
        isinstance(part, kind) and not isinstance(part, bool)
        for part, kind in zip(rest, types, strict=True)
    )
    if not fine:
        wanted = ", ".join(kind.__name__ for kind in types)
        raise DataError(
            Sentence(
                "{head} needs ({wanted}), not {data}", head=head, wanted=wanted, data=short(rest)
            )
        )
    return rest


def _assumptions(data: dict[str, Data]) -> dict[str, bool]:
    if not all(name.isidentifier() and isinstance(is_so, bool) for name, is_so in data.items()):
        raise DataError(
            Sentence("assumptions are names with true or false, not {data}", data=short(data))
        )
    return data


def _integer(digits: str, base: int = 16) -> int:
    try:
        return int(digits, base)
    except ValueError:
        raise DataError(Sentence("{data} is not an integer", data=short(digits))) from None


def as_object(data: Data, what: str) -> dict[str, Data]:
    """The data, if it is an object; raises `DataError` that says what should have been one."""
    if not isinstance(data, dict):
        raise DataError(
            Sentence("{what} should be an object, not {data}", what=what, data=short(data))
        )
    return data


def short(data: Data) -> str:
    """Data as an error shows it."""
    text = repr(data)
    return text if len(text) < 80 else text[:77] + "…"
