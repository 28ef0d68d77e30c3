"""The order in which the rules are tried: the strategy that reaches the short forms."""

from __future__ import annotations

from sympy import Add, KroneckerDelta, Sum, log

from symderiv.core.engine import Strategy
from symderiv.core.expr import InRange
from symderiv.core.memo import memo
from symderiv.core.phase import Phase
from symderiv.core.rule import RuleSet, when
from symderiv.core.symbols import Label, label_of
from symderiv.rules.algebra import CANCEL, COLLECT, FACTOR, SIGNS, order, sign
from symderiv.rules.chain import LEMMAS, OPEN
from symderiv.rules.differentiate import ARITHMETIC
from symderiv.rules.equal import EQUAL
from symderiv.rules.expand import EXPAND, EXPAND_A_LITTLE, OPPOSITES, WRITE_OUT
from symderiv.rules.facts import FACTS
from symderiv.rules.index import CONSTANTS, JOIN, NEST, PULL, SIFT, SPLIT
from symderiv.rules.logarithms import (
    EXPONENTIALS,
    LOGARITHMS,
    LOGARITHMS_OF_EXPONENTIALS,
    NUMBERS,
    PRIMES,
    QUOTIENT,
    exp_zero,
)
from symderiv.rules.of_functions import OF_FUNCTIONS
from symderiv.rules.over_index import OVER_INDEX, rename
from symderiv.rules.statement import CASES, INTO, SPREAD
from symderiv.rules.unfold import FUNCTIONS_OF_NUMBERS, NAMES, SOLVED, UNFOLD

DIFFERENTIATE = ARITHMETIC + OVER_INDEX + OF_FUNCTIONS
RENAME = RuleSet("rename", (rename,))
SIGN = RuleSet("sign", (sign,))

SIMPLIFY = (
    Phase.of("cancel", RENAME + CANCEL + PULL),
    Phase.of("distribute", SPLIT + PULL + CANCEL + SIGN, needs=(Sum,)),
    Phase.of("select", SIFT + PULL + CANCEL, needs=(KroneckerDelta, InRange)),
    Phase.of("facts", FACTS + CANCEL + SIGN + RuleSet("order", (order,)), needs=(Sum,)),
    Phase.of("collect", COLLECT, needs=(Add,)),
    Phase.of("nest", NEST),
)

STANDARD = Strategy(
    open=Phase.of("chain", OPEN, "down"),
    lemmas=Phase.of("lemmas", LEMMAS, "down"),
    prepare=Phase.of("prepare", LOGARITHMS_OF_EXPONENTIALS + RENAME, needs=(log, Sum)),
    differentiate=Phase.of("differentiate", DIFFERENTIATE, "down"),
    simplify=SIMPLIFY,
    trials=(
        (Phase.of("names", NAMES, "down", by_name=True),),
        (Phase.of("solved", SOLVED, "down", by_name=True),),
        (Phase.of("opposites", OPPOSITES, needs=(Add,)), Phase.of("cancel opposites", CANCEL)),
        (Phase.of("constants", CONSTANTS), Phase.of("cancel constants", PULL + CANCEL)),
        (Phase.of("join", JOIN), Phase.of("factor", FACTOR)),
        (
            Phase.of("into", INTO, needs=(Add,)),
            Phase.of("cancel again", CANCEL),
            Phase.of("expand", EXPAND_A_LITTLE + CANCEL),
        ),
    ),
    finish=(Phase.of("factor", FACTOR + COLLECT), Phase.of("sign", SIGNS + CANCEL)),
)

UNFOLDING = Phase.of("unfold", UNFOLD, "down")


@memo
def unfolding(label: Label) -> Phase:
    """A phase that puts in one definition only."""
    laws = tuple(when(law, lambda node: label_of(node) == label) for law in UNFOLD)
    return Phase.of("unfold", RuleSet("unfold", laws), "down")


EXPANDING = Phase.of("expand", CANCEL + SPREAD + EXPONENTIALS + EXPAND + PULL + PRIMES)
TELLING_APART = Phase.of("cases", CASES)
WRITING_OUT = Phase.of("write out", WRITE_OUT + SIFT, "down")
SELECTING, COLLECTING = SIMPLIFY[2], SIMPLIFY[4]
CALCULATING = (
    Phase.of("functions", FUNCTIONS_OF_NUMBERS),
    Phase.of("exponentials", RuleSet("exponentials of numbers", (exp_zero,))),
    Phase.of("collect", CANCEL + COLLECT),
    Phase.of("quotient", QUOTIENT),
    Phase.of("logarithms", NUMBERS),
    Phase.of("collect", CANCEL + COLLECT),
)
COMPARING = (
    (Phase.of("quotient", QUOTIENT),),
    (Phase.of("primes", PRIMES, needs=(log,)), Phase.of("collect", CANCEL + COLLECT)),
)
TAKING_LOGARITHMS = Phase.of("logarithms", LOGARITHMS, needs=(log,))

ALL_RULES = RuleSet(
    "all",
    (OPEN + LEMMAS + DIFFERENTIATE + LOGARITHMS + CANCEL + PULL + SPLIT + SIFT + FACTS).rules,
) + (
    COLLECT
    + NEST
    + JOIN
    + CONSTANTS
    + NAMES
    + SOLVED
    + FACTOR
    + SIGNS
    + UNFOLD
    + FUNCTIONS_OF_NUMBERS
    + EXPAND
    + OPPOSITES
    + WRITE_OUT
    + EQUAL
    + SPREAD
    + EXPONENTIALS
    + CASES
    + PRIMES
    + NUMBERS
    + QUOTIENT
)
