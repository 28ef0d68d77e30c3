"""Bounded memoisation of pure functions of expressions.

The caches are registered with SymPy, so ``sympy.core.cache.clear_cache()`` empties them too. They
never change a result: every memoised function is a function of its arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

from sympy.core.cache import CACHE

P = ParamSpec("P")
T = TypeVar("T")


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """Remember the last results of a pure function, as SymPy's ``cacheit`` does, at C speed."""
    cached = lru_cache(maxsize=1 << 15)(function)
    CACHE.append(cached)
    return cast("Callable[P, T]", cached)
