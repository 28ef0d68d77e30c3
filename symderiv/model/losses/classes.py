"""Losses over classes, the last axis. Over the axes before it, means over the examples."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Number, S

from symderiv.core.errors import ShapeError, Unsupported
from symderiv.core.expr import add, mul, neg, sub
from symderiv.core.messages import Sentence
from symderiv.core.symbols import Label, label_of
from symderiv.model import information
from symderiv.model.arrays import Array, as_array, as_expression, elementwise
from symderiv.model.elementwise import log, logsumexp
from symderiv.model.entries import divide
from symderiv.model.losses.parts import alike, expect, mean


def cross_entropy(target: Any, output: Any, *, label_smoothing: Any = 0) -> Any:
    """``-Σ_k y_k log p_k`` for probabilities p; the mean over the examples.

    The target is class numbers (`labels`), for which it is ``-log p_t``, or an array of the shape
    of the output: one-hot, or any distribution. With ``label_smoothing=ε``, every class k of n
    gets ``(1 - ε) y_k + ε/n``.

    >>> from symderiv.model.declare import dim, distribution, labels
    >>> n = dim("n")
    >>> cross_entropy(labels("t", classes=n), distribution("p", n))
    -log(p[t])

    Raises `ShapeError` if the shapes do not fit, `Unsupported` for a number ε outside 0…1.
    """
    y, p = _classes("cross_entropy", target, output)
    hard = information.cross_entropy(y, p)
    share = _share("cross_entropy", label_smoothing)
    if share is S.Zero:
        return mean(hard)
    if _is_labels(y):
        even = elementwise(neg, log(p).mean(axis=-1))
        return mean(_mixed(hard, even, share))
    return mean(information.cross_entropy(_mixed(y, divide(S.One, p.shape[-1]), share), p))


def cross_entropy_with_logits(target: Any, output: Any, *, label_smoothing: Any = 0) -> Any:
    """``log Σ_k e^{z_k} - Σ_k y_k z_k``: the cross-entropy of ``softmax(z)``, safe in numbers.

    The target as for `cross_entropy`; its entries sum to 1. For class numbers it is
    ``log Σ_k e^{z_k} - z_t``. The mean over the examples.

    >>> from symderiv.model.declare import dim, labels, vector
    >>> n = dim("n")
    >>> cross_entropy_with_logits(labels("t", classes=n), vector("z", n))
    log(Sum(exp(z[i]), (i, 1, n))) - z[t]

    Raises `ShapeError` if the shapes do not fit, `Unsupported` for a number ε outside 0…1.
    """
    y, z = _classes("cross_entropy_with_logits", target, output)
    share = _share("cross_entropy_with_logits", label_smoothing)
    score = information.at_class(z, y) if _is_labels(y) else (y * z).sum(axis=-1)
    if share is not S.Zero:
        score = _mixed(score, z.mean(axis=-1), share)
    return mean(elementwise(sub, logsumexp(z), score))


def kl_divergence(target: Any, output: Any) -> Any:
    """``Σ_k y_k log(y_k / p_k)``: how far the output is from the target; the mean over examples.

    Raises `ShapeError` unless the shapes are equal.
    """
    y, p = alike("kl_divergence", target, output)
    return mean(information.kl_divergence(y, p))


def _classes(loss: str, target: Any, output: Any) -> tuple[Array, Array]:
    y, out = as_array(target), as_array(output)
    if not out.shape:
        raise ShapeError(
            Sentence(
                "{loss}: the output needs an axis of classes; {expression} is a scalar",
                loss=loss,
                expression=out.element,
            )
        )
    expect(loss, y, out, out.shape[:-1] if _is_labels(y) else out.shape)
    return y, out


def _share(loss: str, label_smoothing: Any) -> Expr:
    share = as_expression(label_smoothing)
    if isinstance(share, Number) and not 0 <= share <= 1:
        raise Unsupported(
            Sentence(
                "{loss}: label_smoothing is from 0 to 1; got {label_smoothing}",
                loss=loss,
                label_smoothing=label_smoothing,
            )
        )
    return share


def _is_labels(y: Array) -> bool:
    label = label_of(y.element)
    return isinstance(label, Label) and label.spec.kind == "labels"


def _mixed(hard: Any, even: Any, share: Expr) -> Any:
    """``(1 - ε) hard + ε even``."""
    rest = as_expression(1 - share)
    return elementwise(lambda a, b: add(mul(rest, a), mul(share, b)), hard, even)
