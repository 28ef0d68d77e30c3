"""The NumPy back end: a module with `read`, `default_type` and `run`, as every back end is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symderiv.lower import arrays
from symderiv.lower.contraction import contracted
from symderiv.lower.elementwise import PLAIN
from symderiv.lower.program import Program


def read(value: object) -> Any:
    """The caller's data as an array; Python numbers stay as they are."""
    return value if isinstance(value, PLAIN) else np.asarray(value)


def default_type() -> Any:
    """The floating type of results where no data have one."""
    return np.dtype(float)


def own(x: Any) -> Any:
    """The same numbers in memory that nobody else writes to."""
    return x if isinstance(x, PLAIN) else np.array(x)


def run(
    program: Program, given: Mapping[str, Any], sizes: Mapping[str, int], dtype: Any
) -> tuple[Any, ...]:
    """The results of a program: arrays, or NumPy scalars where there are no axes.

    No two of them share memory with each other or with the data.
    """
    with np.errstate(all="ignore"):
        out = arrays.run(
            program,
            given,
            sizes,
            xp=np,
            dtype=dtype,
            contraction=contracted,
            concrete=lambda _: True,
        )
    taken = {id(_root(x)) for x in given.values()}
    return tuple(_alone(x, taken) for x in out)


def _root(x: Any) -> Any:
    """The array that owns the memory of another."""
    while getattr(x, "base", None) is not None:
        x = x.base
    return x


def _alone(x: Any, taken: set[int]) -> Any:
    """The array, or a copy if its memory is taken or mostly unused."""
    if not isinstance(x, np.ndarray):
        return x
    if x.ndim == 0:
        return x[()]
    root = _root(x)
    if id(root) in taken or not isinstance(root, np.ndarray) or root.size != x.size:
        x = root = np.array(x)
    taken.add(id(root))
    return x
