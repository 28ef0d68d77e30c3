"""Names that stand for a number elsewhere: read as free names, they would derive something else."""

from __future__ import annotations

from symderiv.core.messages import N_, Sentence

EULER = N_("for Euler's number write exp(x), or exp(1) where it stands alone")
IMAGINARY = N_("numbers are real here, so there is no imaginary unit")
INFINITE = N_("a formula holds no infinite number")
PI = N_("the number is written pi")
_ELSEWHERE = {
    **dict.fromkeys(("e", "E"), EULER),
    "I": IMAGINARY,
    **dict.fromkeys(("inf", "oo", "infinity", "Inf", "Infinity"), INFINITE),
    **dict.fromkeys(("Pi", "PI", "Π"), PI),
}


def doubt(name: str) -> Sentence | None:
    """What to say of a name that nothing declares, if authors mean something else by it.

    >>> doubt("x")
    >>> print(doubt("Pi"))
    'Pi' is not declared: the number is written pi; if it is a name, declare it, such as --scalar Pi
    """
    hint = _ELSEWHERE.get(name)
    if hint is None:
        return None
    return Sentence(
        "{name} is not declared: {hint}; if it is a name, declare it, such as --scalar {bare}",
        name=repr(name),
        hint=Sentence(hint),
        bare=name,
    )
