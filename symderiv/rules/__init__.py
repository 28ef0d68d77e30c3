"""The laws, each a named rule, and the strategy that applies them."""

from symderiv.rules.strategy import (
    ALL_RULES,
    CALCULATING,
    COLLECTING,
    COMPARING,
    EXPANDING,
    SELECTING,
    STANDARD,
    TAKING_LOGARITHMS,
    TELLING_APART,
    UNFOLDING,
    WRITING_OUT,
    unfolding,
)

__all__ = [
    "ALL_RULES",
    "CALCULATING",
    "COLLECTING",
    "COMPARING",
    "EXPANDING",
    "SELECTING",
    "STANDARD",
    "TAKING_LOGARITHMS",
    "TELLING_APART",
    "UNFOLDING",
    "WRITING_OUT",
    "unfolding",
]
