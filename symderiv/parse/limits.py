"""How large a text from outside may be; beyond it, an error instead of a long wait."""

MAX_TEXT = 20_000
"""Characters of one expression."""

MAX_DEPTH = 100
"""Nested brackets, powers and signs."""

MAX_NODES = 1_000
"""Numbers, names, operators and calls."""

MAX_BUILT = 1_500
"""Numbers, names and operations of what a text builds: ``softmax(softmax(…))`` doubles."""

MAX_NAME = 80
"""Characters of a name."""

MAX_DIGITS = 60
"""Digits of a number, and the size of a power of ten in it."""

MAX_EXPONENT = 1_000
"""A number in an exponent, whatever it is written as."""

MAX_BITS = 4_000
"""Binary digits of what a part of an expression comes to where every name is between 1 and 2."""

MAX_SIZE = 100_000
"""A size given as a number."""

MAX_TERMS = 100_000
"""Terms of sums and products between limits that are numbers."""

MAX_RANK = 8
"""Axes of an array."""
