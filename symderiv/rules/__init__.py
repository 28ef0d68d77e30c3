"""The laws, each a named rule, and the strategy that applies them."""

from symderiv.rules.strategy import ALL_RULES, STANDARD, UNFOLDING

__all__ = ["ALL_RULES", "STANDARD", "UNFOLDING"]
