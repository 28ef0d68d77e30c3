"""How a definition reads a name: cheap answers that need no derivation."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Sum, Symbol

from symderiv.core.binding import names
from symderiv.core.expr import factors
from symderiv.core.symbols import label_of


def reads_plainly(e: Expr, x: Symbol) -> bool:
    """Does ``e`` surely move with ``x``, which stands in one term of it, times other names?

    So ``z_j = Σ_i x_i W_ij + b_j`` reads x, W and b. Such a derivative is a product of names and
    deltas, never 0.

    >>> from sympy import symbols
    >>> x, y, z = symbols("x y z")
    >>> reads_plainly(x * y + z, x), reads_plainly(x * y + x * z, x), reads_plainly(x**2, x)
    (True, False, False)
    """
    if isinstance(e, (Symbol, Indexed)):
        return label_of(e) == x and not any(x in names(v) for v in e.args[1:])
    if isinstance(e, Add):
        inside = [t for t in e.args if x in names(t)]
        return len(inside) == 1 and reads_plainly(inside[0], x)
    if isinstance(e, Sum):
        bounds = (bound for limit in e.args[1:] for bound in limit.args[1:])
        return not any(x in names(bound) for bound in bounds) and reads_plainly(e.args[0], x)
    if isinstance(e, Mul):
        return sum(label_of(f) == x for f in factors(e)) == 1 and all(map(_is_name, e.args))
    return False


def _is_name(e: Expr) -> bool:
    return isinstance(e, (Symbol, Indexed)) or (bool(e.is_Number) and not e.is_zero)
