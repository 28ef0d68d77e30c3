"""Expressions as written, binding, names and facts, rules, derivations, and the engine."""
