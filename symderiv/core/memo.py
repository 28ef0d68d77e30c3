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


def memo_of(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember the last ``size`` results of a pure function, as SymPy's ``cacheit`` does."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(maxsize=size)(function)
        CACHE.append(cached)
        return cast("Callable[P, T]", cached)

    return decorate


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """`memo_of` at the size that suits functions of small expressions."""
    return memo_of(1 << 15)(function)
