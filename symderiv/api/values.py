"""Numbers handed in for the names of a model, read exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Add, Eq, Expr, Integer, Rational, S, Symbol, expand_log, log, logcombine
from sympy.core.basic import Basic

from symderiv.core.binding import names
from symderiv.core.canonical import canonical
from symderiv.core.errors import DataError
from symderiv.core.expr import add, cost, is_negative, relation
from symderiv.core.messages import Sentence
from symderiv.core.model import Model, inputs
from symderiv.core.symbols import Label, indices_of, label_of
from symderiv.model.plain import read
from symderiv.parse.limits import MAX_EXPONENT

_RATIONAL = re.compile(r"\s*[+-]?\d{1,400}(\.\d{1,400})?(\s*/\s*[1-9]\d{0,400})?\s*")
Nested = dict[tuple[int, ...], Expr]


@dataclass(frozen=True, slots=True)
class Data:
    """Sizes and entries; entries of labels are counted from 1, as formulas have them."""

    sizes: dict[Symbol, Expr]
    entries: dict[Symbol, Nested]

    @classmethod
    def of(cls, values: Mapping[Any, Any], model: Model, line: Expr) -> Data:
        """Read and check the values of every name in a line."""
        if not isinstance(values, Mapping):
            raise DataError(
                Sentence(
                    "evaluate() maps names to numbers, {z: [1, 2]}; given is {values}",
                    values=repr(values),
                )
            )
        symbols = {s.name: s for s in sorted(names(line), key=str)}
        symbols.update({label.name: label for label in inputs(model)})
        dims = {s.name: s for label in model.labels for d in label.shape for s in names(d)}
        sizes: dict[Symbol, Expr] = {}
        entries: dict[Symbol, Nested] = {}
        for key, given in values.items():
            name = key if isinstance(key, str) else str(getattr(key, "name", key))
            symbol = symbols.get(name, dims.get(name))
            if symbol is None:
                raise DataError(_unknown(name, sorted({*symbols, *dims})))
            if isinstance(symbol, Label) and symbol.shape:
                entries[symbol] = _array(symbol, given, sizes)
            elif symbol.is_integer and not isinstance(symbol, Label):
                sizes[symbol] = exact(given, name)
            else:
                entries[symbol] = {(): _checked(symbol, exact(given, name))}
        data = cls(sizes, entries)
        data._check_complete(line)
        return data

    def _check_complete(self, line: Expr) -> None:
        missing = [
            s.name
            for s in sorted(names(line), key=str)
            if s not in self.entries and s not in self.sizes
        ]
        if missing:
            raise DataError(
                Sentence(
                    "no value for {missing}; give one by name, such as {first} = 1",
                    missing=", ".join(missing),
                    first=missing[0],
                )
            )

    def facts(self) -> tuple[Basic, ...]:
        """``n = 2``, ``p_1 = 1/2``: what an evaluation is given."""
        sizes = (relation(Eq, s, v) for s, v in self.sizes.items())
        entries = (
            relation(Eq, symbol.entry(*map(Integer, where)) if where else symbol, v)
            for symbol, values in self.entries.items()
            for where, v in values.items()
        )
        return (*sizes, *entries)

    def value(self, entry: Expr) -> Expr:
        """The number that stands for an entry or scalar."""
        label = label_of(entry)
        where = tuple(self.value(i) if i.args or i.is_Symbol else i for i in indices_of(entry))
        if label in self.sizes:
            return self.sizes[label]
        found = self.entries.get(label, {}).get(tuple(int(i) for i in where))
        if found is None:
            raise DataError(
                Sentence(
                    "{entry} lies outside the values given for {label}", entry=entry, label=label
                )
            )
        return found

    def finish(self, line: Expr) -> Expr:
        """The exact value of a line of numbers."""
        value = canonical(line)
        if not value.is_number or is_infinite(value):
            raise no_value(line)
        short = min((value, *_by_logarithms(value)), key=cost)
        return add(*sorted(short.args, key=is_negative)) if isinstance(short, Add) else short


def _unknown(name: str, known: list[str]) -> Sentence:
    if not known:
        return Sentence("{name} is no name of this formula; it is a number already", name=name)
    return Sentence(
        "{name} is no name of this formula; it rests on {known}", name=name, known=", ".join(known)
    )


def is_infinite(value: Expr) -> bool:
    """Is it no finite number, as the logarithm of 0 and 1/0 are none?"""
    return value.is_finite is False or value.has(S.NaN)


def refuse_huge(e: Expr) -> None:
    """Raise `DataError` for a power with more digits than can be computed in a moment."""
    base, exponent = e.as_base_exp()
    if exponent.is_Rational and abs(exponent) > MAX_EXPONENT and base.is_Rational:
        raise DataError(
            Sentence("an exponent of more than {most} is not computed", most=f"{MAX_EXPONENT:,}")
        )


def no_value(line: Expr) -> DataError:
    """What is said of a line that has no finite value."""
    return DataError(Sentence("{line} has no finite value at these numbers", line=line))


def _by_logarithms(value: Expr) -> list[Expr]:
    """The number with its logarithms joined, and by those of primes; each of rational numbers."""
    found = (logcombine(value), expand_log(value, force=True, factor=True))
    return [e for e in found if all(x.args[0].is_Rational for x in e.atoms(log))]


def exact(given: Any, name: str) -> Expr:
    """A number as an exact one; text such as ``"1/2"`` too."""
    if isinstance(given, str):
        if not _RATIONAL.fullmatch(given):
            raise DataError(
                Sentence(
                    "{name}: {given} is no number; expected such as 3, 0.25 or '1/2'",
                    name=name,
                    given=repr(given),
                )
            )
        above, _, below = given.partition("/")
        value = Fraction(above.strip()) / Fraction(below.strip() or "1")
        return Rational(value.numerator, value.denominator)
    if isinstance(given, (list, tuple)):
        raise DataError(
            Sentence("{name} is a scalar and takes one number, not a list of them", name=name)
        )
    value = read(given)
    if not value.is_number or value.is_real is False:
        raise DataError(Sentence("{name}: {given} is no real number", name=name, given=repr(given)))
    return value


def _array(label: Label, given: Any, sizes: dict[Symbol, Expr]) -> Nested:
    nested = given.tolist() if hasattr(given, "tolist") else given
    shape = _shape(nested)
    if len(shape) != len(label.shape):
        raise DataError(
            Sentence(
                "{name}: expected shape {shape}, given {other}",
                name=label.name,
                shape=_show(label.shape),
                other=_show(shape),
            )
        )
    for size, actual in zip(label.shape, shape, strict=True):
        expected = sizes.setdefault(size, Integer(actual)) if size.is_Symbol else size
        if expected.is_Integer and expected != actual:
            why = (
                Sentence(" with {size} = {number}", size=size, number=expected)
                if size.is_Symbol
                else ""
            )
            raise DataError(
                Sentence(
                    "{name}: expected shape {shape}{why}, given {other}",
                    name=label.name,
                    shape=_show(label.shape),
                    why=why,
                    other=_show(shape),
                )
            )
    out: Nested = {}
    for where in product(*map(range, shape)):
        leaf = nested
        for k in where:
            leaf = leaf[k]
        place = tuple(k + 1 for k in where)
        out[place] = _checked(label, exact(leaf, f"{label.name}[{', '.join(map(str, place))}]"))
    _check_kind(label, out)
    return out


def _shape(nested: Any) -> tuple[int, ...]:
    if not isinstance(nested, (list, tuple)):
        return ()
    inner = {_shape(x) for x in nested}
    if len(inner) > 1:
        raise DataError(Sentence("the rows of a nested list have different lengths"))
    return (len(nested), *(inner.pop() if inner else ()))


def _show(shape: tuple[Any, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _checked(symbol: Symbol, value: Expr) -> Expr:
    spec = getattr(symbol, "spec", None)
    if spec is None:
        return value
    if spec.kind == "labels":
        if not value.is_Integer or value < 0:
            raise DataError(
                Sentence(
                    "{name}: classes are integers counted from 0, not {value}",
                    name=symbol.name,
                    value=value,
                )
            )
        return value + S.One
    if spec.positive and not value.is_positive:
        raise DataError(
            Sentence(
                "{name} was declared positive, but {value} is not", name=symbol.name, value=value
            )
        )
    return value


def _check_kind(label: Label, entries: Nested) -> None:
    if label.spec.kind not in ("distribution", "one_hot"):
        return
    for row, values in _rows(entries):
        where = f"{label.name}{list(row) if row else ''}"
        if any(v.is_negative for v in values):
            raise DataError(
                Sentence(
                    "{where}: probabilities are not negative, but {values} are given",
                    where=where,
                    values=values,
                )
            )
        if abs(sum(values, S.Zero) - 1) > Rational(1, 10**9):
            raise DataError(
                Sentence(
                    "{where}: the entries must add up to 1, but add to {sum}",
                    where=where,
                    sum=sum(values),
                )
            )
        if label.spec.kind == "one_hot" and sorted(values) != [0] * (len(values) - 1) + [1]:
            raise DataError(
                Sentence(
                    "{where}: a one-hot row holds a single 1, but {values} are given",
                    where=where,
                    values=values,
                )
            )


def _rows(entries: Nested) -> Iterator[tuple[tuple[int, ...], list[Expr]]]:
    rows: dict[tuple[int, ...], list[Expr]] = {}
    for (*leading, _), value in entries.items():
        rows.setdefault(tuple(leading), []).append(value)
    yield from rows.items()
