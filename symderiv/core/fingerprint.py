"""A fingerprint that is equal for expressions that differ only in order and bound letters.

Sums and products are compared as multisets, bound indices by position (de Bruijn 1972). It is the
same in every process, so it also serves as the digest of a definition and the id of a step.
"""

from __future__ import annotations

from hashlib import blake2b

from sympy import Add, Expr, Indexed, KroneckerDelta, Max, Min, Mul, Number, Symbol
from sympy.core.basic import Basic
from sympy.core.function import AppliedUndef

from symderiv.core.binding import free
from symderiv.core.expr import BINDERS
from symderiv.core.memo import memo

_UNORDERED = (Add, Mul, KroneckerDelta, Max, Min)
Bound = tuple[Symbol, ...]


@memo
def fingerprint(e: Basic) -> bytes:
    """Twelve bytes; equal modulo the order of sums and products and the names of bound indices."""
    return _hash(e, ())


def fingerprint_for_all(e: Basic, letters: Bound) -> bytes:
    """Equal modulo these free letters, too: each is told by its place among them."""
    return _of(e, letters)


def same(a: Expr, b: Expr) -> bool:
    """Equal modulo order and bound names."""
    return a is b or fingerprint(a) == fingerprint(b)


def _of(e: Basic, bound: Bound) -> bytes:
    if not bound or not free(e).intersection(bound):
        return fingerprint(e)
    return _hash(e, bound)


def _hash(e: Basic, bound: Bound) -> bytes:
    if isinstance(e, Symbol):
        if e in bound:
            return b"b%d" % bound[::-1].index(e)
        return _digest(b"s", [e.name.encode("utf-8", "surrogatepass"), getattr(e, "digest", b"")])
    if isinstance(e, Number):
        return _digest(b"n", [str(e).encode()])
    if isinstance(e, BINDERS):
        ranges = []
        for v, low, high in reversed(e.args[1:]):  # an inner range may read an outer index
            ranges += [_of(low, bound), _of(high, bound)]
            bound = (*bound, v)
        return _digest(_name(e), [*ranges, _of(e.args[0], bound)])
    if isinstance(e, Indexed):
        label = e.args[0].args[0]
        return _digest(b"I", [fingerprint(label), *(_of(x, bound) for x in e.args[1:])])
    parts = [_of(x, bound) for x in e.args]
    if isinstance(e, _UNORDERED):
        parts.sort()
    return _digest(_name(e), parts or [str(e).encode()])


def _name(e: Basic) -> bytes:
    """The node type; an undefined function called ``log`` is not the logarithm."""
    return (b"?" if isinstance(e, AppliedUndef) else b"") + type(e).__name__.encode()


def _digest(head: bytes, parts: list[bytes]) -> bytes:
    h = blake2b(head, digest_size=12)
    for part in parts:
        h.update(b"\x01%d:" % len(part))
        h.update(part)
    return h.digest()
