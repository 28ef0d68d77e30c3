"""Information theory: entropies and divergences of arrays, over the last axis.

Axes before the last one stay. Logarithms are natural (the unit is the nat) unless ``base`` is
given (2: bits). In numbers, 0 log 0 counts as 0.

Sources: C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27
(1948); T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd edition (2006);
I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Rational, S, Symbol

from symderiv.core.binding import subst
from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import add, mul, neg, sub
from symderiv.core.messages import N_, Sentence
from symderiv.core.symbols import Label, label_of
from symderiv.model.arrays import Array, as_array, as_expression, elementwise, unwrap
from symderiv.model.elementwise import exp, log_entry, softplus
from symderiv.model.entries import divide
from symderiv.model.grid import Grid, combine, show
from symderiv.model.indexing import check_range

CLASS = Symbol("\x00class", integer=True)


def self_information(p: Any, base: Any = None) -> Any:
    """``-log p``: how much an event of probability p tells, entry by entry.

    Shannon 1948, §6; Deep Learning (3.48).

    >>> from symderiv.model.declare import scalar
    >>> self_information(scalar("p", positive=True))
    -log(p)
    """
    return elementwise(lambda e: neg(log_entry(e, base)), p)


def entropy(p: Any, base: Any = None) -> Any:
    """``H(p) = -Σ_k p_k log p_k``: the expected self-information of a distribution.

    Shannon 1948, Theorem 2; Cover and Thomas (2.1).

    >>> from symderiv.model.declare import dim, distribution
    >>> entropy(distribution("p", dim("n")))
    -Sum(log(p[i])*p[i], (i, 1, n))
    """
    dist = _over_outcomes(p, "entropy")
    return _minus_sum(elementwise(lambda e: mul(e, log_entry(e, base)), dist))


def cross_entropy(target: Any, p: Any, base: Any = None) -> Any:
    """``H(q, p) = -Σ_k q_k log p_k``: the expected code length under p of what comes from q.

    The target q is a distribution, a one-hot array, or class numbers (`labels`), for which the sum
    is its one term ``-log p_t``. Deep Learning, below (3.50).

    >>> from symderiv.model.declare import dim, distribution, labels, one_hot
    >>> n = dim("n")
    >>> p = distribution("p", n)
    >>> cross_entropy(one_hot("y", n), p)
    -Sum(log(p[i])*y[i], (i, 1, n))
    >>> cross_entropy(labels("t", classes=n), p)
    -log(p[t])

    Raises `ShapeError` if the shapes do not broadcast, or the classes are not those of p.
    """
    dist = _over_outcomes(p, "cross_entropy")
    q = as_array(target)
    label = label_of(q.element)
    if isinstance(label, Label) and label.spec.kind == "labels":
        return elementwise(lambda e: neg(log_entry(e, base)), at_class(dist, q))
    q = _over_outcomes(q, "cross_entropy")
    return _minus_sum(elementwise(lambda a, b: mul(a, log_entry(b, base)), q, dist))


def kl_divergence(p: Any, q: Any, base: Any = None) -> Any:
    """``D(p‖q) = Σ_k p_k log(p_k / q_k)``: the relative entropy, ≥ 0, and 0 only for p = q.

    Kullback and Leibler 1951; Cover and Thomas (2.26).

    >>> from symderiv.model.declare import dim, distribution
    >>> n = dim("n")
    >>> kl_divergence(distribution("p", n), distribution("q", n))
    Sum(log(p[i]/q[i])*p[i], (i, 1, n))
    """
    first, second = (_over_outcomes(x, "kl_divergence") for x in (p, q))
    return _sum(elementwise(lambda a, b: _ratio(a, a, b, base), first, second))


def js_divergence(p: Any, q: Any, base: Any = None) -> Any:
    """``½ D(p‖m) + ½ D(q‖m)`` with ``m = (p + q)/2``: symmetric, and at most log 2.

    J. Lin, *Divergence measures based on the Shannon entropy*, IEEE Transactions on Information
    Theory 37 (1991).

    >>> from symderiv.model.declare import dim, distribution
    >>> n = dim("n")
    >>> p, q = distribution("p", n), distribution("q", n)
    >>> js_divergence(p, p).args[0] == js_divergence(p, p).args[1]
    True
    """
    first, second = (_over_outcomes(x, "js_divergence") for x in (p, q))

    def half(a: Any, b: Any) -> Any:
        def term(x: Expr, y: Expr) -> Expr:
            middle = mul(Rational(1, 2), add(x, y) if a is first else add(y, x))
            return _ratio(x, x, middle, base)

        return elementwise(lambda total: mul(Rational(1, 2), total), _sum(elementwise(term, a, b)))

    return elementwise(add, half(first, second), half(second, first))


def joint_entropy(p: Any, base: Any = None) -> Any:
    """``H(X, Y) = -Σ_i Σ_j p_ij log p_ij`` over the last two axes of joint probabilities.

    Joint probabilities sum to 1 over both axes: declare them as a `matrix`, not as a
    `distribution` (each row of which sums to 1). Cover and Thomas (2.8).

    >>> from symderiv.model.declare import dims, matrix
    >>> joint_entropy(matrix("p", *dims("n m"), positive=True))
    -Sum(log(p[i, j])*p[i, j], (j, 1, m), (i, 1, n))
    """
    joint = _joint(p, "joint_entropy")
    summand = elementwise(lambda e: mul(e, log_entry(e, base)), joint)
    return _negative(summand.sum(axis=(-2, -1)))


def conditional_entropy(p: Any, base: Any = None) -> Any:
    """``H(Y|X) = -Σ_i Σ_j p_ij log(p_ij / Σ_k p_ik)``: what Y still tells once X is known.

    X is the last but one axis of the joint probabilities, Y the last one. Cover and Thomas (2.12).

    >>> from symderiv.model.declare import dims, matrix
    >>> conditional_entropy(matrix("p", *dims("n m"), positive=True))
    -Sum(log(p[i, j]/Sum(p[i, k], (k, 1, m)))*p[i, j], (j, 1, m), (i, 1, n))
    """
    joint = _joint(p, "conditional_entropy")
    rows = joint.sum(axis=-1, keepdims=True)
    summand = elementwise(lambda a, b: _ratio(a, a, b, base), joint, rows)
    return _negative(summand.sum(axis=(-2, -1)))


def mutual_information(p: Any, base: Any = None) -> Any:
    """``I(X; Y) = Σ_i Σ_j p_ij log(p_ij / (Σ_k p_ik Σ_k p_kj))``: what X and Y tell of each other.

    X is the last but one axis of the joint probabilities, Y the last one. Cover and Thomas (2.28).

    >>> from symderiv.model.declare import dims, matrix
    >>> mutual_information(matrix("p", *dims("n m"), positive=True)).limits
    ((j, 1, m), (i, 1, n))
    """
    joint = _joint(p, "mutual_information")
    rows, columns = joint.sum(axis=-1, keepdims=True), joint.sum(axis=-2, keepdims=True)
    summand = elementwise(lambda a, b, c: _ratio(a, a, mul(b, c), base), joint, rows, columns)
    return summand.sum(axis=(-2, -1))


def perplexity(p: Any, base: Any = None) -> Any:
    """``e^H(p)``: among how many equally likely outcomes one would be as uncertain.

    With a base b it is written ``b^H_b(p)``, the same number. Jelinek et al. 1977.

    >>> from symderiv.model.declare import dim, distribution
    >>> perplexity(distribution("p", dim("n")))
    exp(-Sum(log(p[i])*p[i], (i, 1, n)))
    """
    uncertainty = entropy(p, base)
    return exp(uncertainty) if base is None else as_array(as_expression(base)) ** uncertainty


def binary_entropy(p: Any, base: Any = None) -> Any:
    """``-p log p - (1 - p) log(1 - p)``: the entropy of a coin, entry by entry.

    Cover and Thomas (2.5).

    >>> from symderiv.model.declare import scalar
    >>> binary_entropy(scalar("p", positive=True))
    -p*log(p) - (1 - p)*log(1 - p)
    """
    return binary_cross_entropy(p, p, base)


def binary_cross_entropy(y: Any, p: Any, base: Any = None) -> Any:
    """``-y log p - (1 - y) log(1 - p)``, entry by entry.

    >>> from symderiv.model.declare import scalar
    >>> binary_cross_entropy(scalar("y"), scalar("p", positive=True))
    -y*log(p) - (1 - y)*log(1 - p)
    """

    def build(a: Expr, b: Expr) -> Expr:
        otherwise = mul(_one_minus(a), log_entry(_one_minus(b), base))
        return add(neg(mul(a, log_entry(b, base))), neg(otherwise))

    return elementwise(build, y, p)


def binary_cross_entropy_with_logits(y: Any, z: Any) -> Any:
    """``softplus(z) - y z``: the binary cross-entropy of ``p = sigmoid(z)``, entry by entry.

    >>> from symderiv.model.declare import scalar
    >>> binary_cross_entropy_with_logits(scalar("y"), scalar("z"))
    -y*z + softplus(z)
    """
    return elementwise(lambda a, b, c: sub(c, mul(a, b)), y, z, softplus(z))


# ---------------------------------------------------------------- parts


def at_class(p: Array, t: Array) -> Any:
    """``p[.., t]``: the entry of each row at its class number.

    Raises `ShapeError` if the classes are not those of the last axis.
    """
    check_range(t.element, p.shape[-1], p.name or "the array", p.ndim - 1)
    moved = p.at(*p.indices[:-1], CLASS)
    rows = Grid(p.shape[:-1], p.indices[:-1], moved)
    return unwrap(combine(lambda e, k: subst(e, {CLASS: k}), rows, t, what=N_("index")))


def _over_outcomes(p: Any, name: str) -> Array:
    array = as_array(p)
    if not array.shape:
        raise Unsupported(
            Sentence(
                "{name} sums over the outcomes of a distribution, its last axis; {expression} "
                "is a scalar (binary_entropy takes one)",
                name=name,
                expression=array.element,
            )
        )
    return array


def _joint(p: Any, name: str) -> Array:
    array = as_array(p)
    if array.ndim < 2:
        raise ShapeError(
            Sentence(
                "{name} needs joint probabilities with an axis for X and one for Y; the shape "
                "is {shape}",
                name=name,
                shape=show(array.shape),
            )
        )
    if array.label is not None and array.label.spec.kind in ("distribution", "one_hot"):
        raise Unsupported(
            Sentence(
                "each row of {name} adds up to 1, so it is no table of joint probabilities; "
                'declare it with sd.matrix("{name}", …, positive=True)',
                name=array.name,
            )
        )
    return array


def _ratio(weight: Expr, a: Expr, b: Expr, base: Any) -> Expr:
    return mul(weight, log_entry(divide(a, b), base))


def _one_minus(e: Expr) -> Expr:
    return sub(S.One, e)


def _sum(summand: Any) -> Any:
    return summand.sum(axis=-1)


def _minus_sum(summand: Any) -> Any:
    return _negative(_sum(summand))


def _negative(total: Any) -> Any:
    return elementwise(neg, total)
