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


def run(
    program: Program, given: Mapping[str, Any], sizes: Mapping[str, int], dtype: Any
) -> tuple[Any, ...]:
    """The results of a program: arrays, or NumPy scalars where there are no axes."""
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
    return tuple(x[()] if isinstance(x, np.ndarray) and x.ndim == 0 else x for x in out)
