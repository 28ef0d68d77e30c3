"""The JAX back end: the same programs on ``jax.numpy``; works under ``jit``, ``grad`` and ``vmap``.

Double precision needs ``jax.config.update("jax_enable_x64", True)``, as everywhere in JAX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from symderiv.lower import arrays
from symderiv.lower.contraction import contracted
from symderiv.lower.elementwise import PLAIN
from symderiv.lower.program import Program


def read(value: object) -> Any:
    """The caller's data as an array; Python numbers stay as they are."""
    return value if isinstance(value, PLAIN) else jnp.asarray(value)


def default_type() -> Any:
    """The floating type of results where no data have one."""
    return jnp.result_type(float)


def own(x: Any) -> Any:
    """The same array: nobody can write to it."""
    return x


def _concrete(value: Any) -> bool:
    return not isinstance(value, jax.core.Tracer)


def run(
    program: Program, given: Mapping[str, Any], sizes: Mapping[str, int], dtype: Any
) -> tuple[Any, ...]:
    """The results of a program, JAX arrays."""
    return arrays.run(
        program,
        given,
        sizes,
        xp=jnp,
        dtype=dtype,
        contraction=contracted,
        concrete=_concrete,
    )
