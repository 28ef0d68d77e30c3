"""Articles from one process to another, with every expression as it was built.

SymPy's own pickling calls constructors, which evaluate and reorder; here nodes are put together as
they were. What SymPy infers of an entry of its own ``IndexedBase`` is not handed on, so such an
entry reads the same but is not equal. What is read comes from a process of the same build and
from nowhere else.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from io import BytesIO
from typing import Any

from sympy import Expr, Function, IndexedBase
from sympy.core.basic import Basic
from sympy.core.function import UndefinedFunction

from symderiv.core.expr import node


def packed(data: object) -> bytes:
    """Anything that holds expressions, as bytes.

    >>> from sympy.abc import x, y
    >>> unpacked(packed((node(type(x + y), y, x),)))[0].args
    (y, x)
    """
    out = BytesIO()
    _Pickler(out, protocol=pickle.HIGHEST_PROTOCOL).dump(data)
    return out.getvalue()


def unpacked(data: bytes) -> Any:
    """What `packed` was given."""
    return pickle.loads(data)  # noqa: S301 - from a process of the same build


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> tuple[Callable[..., Any], tuple[Any, ...]] | Any:
        if isinstance(obj, UndefinedFunction):
            return _function, (obj.__name__, obj._kwargs)
        if isinstance(obj, IndexedBase):
            return _made, (type(obj), *obj.args), vars(obj)
        if isinstance(obj, Basic) and obj.args:
            return _made, (type(obj), *obj.args)
        return NotImplemented


def _function(name: str, assumptions: dict[str, Any]) -> Any:
    return Function(name, **assumptions)


def _made(head: type, *args: Any) -> Basic:
    return node(head, *args) if issubclass(head, Expr) else Basic.__new__(head, *args)
