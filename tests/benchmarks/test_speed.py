"""Speed against SymPy's own ``diff``, measured in the same run; each prints its ratio.

python -m pytest tests/benchmarks --benchmark-only -s
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy.core.cache import clear_cache

import symderiv as sd

n = sd.dim("n")
i, k = sd.indices("i k")
z, y = sd.vector("z", n), sd.distribution("y", n)
x, a = sp.symbols("x a", real=True)


def seconds(call: Callable[[], Any], *, cold: bool, times: int = 5) -> float:
    """The median of some calls; SymPy's cache cleared before each one, or warm."""
    found = []
    if not cold:
        call()
    for _ in range(times):
        if cold:
            clear_cache()
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def read(derivation: Any) -> int:
    """Read every step of a derivation and its lemmas."""
    steps = [s for d in (*derivation.lemmas(), derivation) for s in d.steps]
    return sum(1 for s in steps if s.redex is not s.contractum)


def cross_entropy() -> Any:
    total = sp.Sum(sp.exp(z[k]), (k, 1, n))
    return -sp.Sum(y[i] * sp.log(sp.exp(z[i]) / total), (i, 1, n))


@pytest.mark.parametrize("cache", ["cold", "warm"])
@pytest.mark.parametrize("kind", ["result", "traced"])
def test_softmax_cross_entropy(benchmark, kind, cache):
    """At symbolic size, against ``L.diff(z[j]).doit()``."""
    loss, j = cross_entropy(), sd.index("j")
    call = {
        "result": lambda: sd.gradient(loss, z[j]),
        "traced": lambda: read(sd.derive(loss, z[j])),
    }[kind]
    peer = seconds(lambda: loss.diff(z[j]).doit(), cold=cache == "cold")
    ours = seconds(call, cold=cache == "cold", times=15)
    print(f"\nsoftmax cross-entropy, {kind}, {cache}: {peer / ours:.0f} times faster than diff")
    benchmark.extra_info["times faster"] = peer / ours
    benchmark.pedantic(call, setup=clear_cache if cache == "cold" else None, rounds=15)


def generated(source: random.Random, size: int) -> sp.Expr:
    if size <= 1:
        return source.choice([x, x, x, sp.Integer(source.randint(1, 5)), a])
    choice = source.random()
    if choice < 0.3:
        outer = source.choice([sp.sin, sp.cos, sp.exp, sp.log, sp.tanh, sp.atan, sp.sqrt])
        return outer(generated(source, size - 1))
    first = source.randint(1, size - 1)
    left, right = generated(source, first), generated(source, size - first)
    if choice < 0.6:
        return left + right
    return left * right if choice < 0.9 else (left**2 + 1) / (right**2 + 2)


def scalars(count: int = 60) -> list[sp.Expr]:
    source, found = random.Random(1), []
    while len(found) < count:
        e = generated(source, source.randint(2, 80))
        nodes = sum(1 for _ in sp.preorder_traversal(e))
        if e.has(x) and nodes <= 300 and not e.has(sp.zoo, sp.nan, sp.oo):
            found.append(e)
    return found


@pytest.mark.parametrize("cache", ["cold", "warm"])
@pytest.mark.parametrize("kind", ["result", "traced"])
def test_scalars(benchmark, kind, cache):
    """Generated scalar expressions up to 300 nodes, against ``e.diff(x)``."""
    call = {
        "result": lambda e: sd.gradient(e, x),
        "traced": lambda e: read(sd.derive(e, x)),
    }[kind]
    ratios = []
    for e in scalars():
        peer = seconds(lambda e=e: e.diff(x), cold=cache == "cold")
        ratios.append(seconds(lambda e=e: call(e), cold=cache == "cold") / peer)
    median, worst = statistics.median(ratios), max(ratios)
    print(f"\nscalars, {kind}, {cache}: median {median:.2f}, worst {worst:.2f} of diff's time")
    benchmark.extra_info.update({"median of diff's time": median, "worst": worst})
    benchmark.pedantic(call, args=(scalars(3)[-1],), rounds=5)


def test_time_a_step(benchmark):
    """The time for a step does not grow with the size of the whole line."""
    found = {}
    for terms in (10, 40, 160, 640):
        line = sp.Add(*(sp.sin(m * x) ** 2 * sp.exp(x / m) for m in range(1, terms + 1)))
        steps = read(sd.derive(line, x))
        found[terms] = seconds(lambda line=line: read(sd.derive(line, x)), cold=True) / steps
    shown = ", ".join(f"{terms} terms {t * 1e6:.0f} µs" for terms, t in found.items())
    print(f"\ntime a step: {shown}")
    benchmark.extra_info.update({str(k): v for k, v in found.items()})
    benchmark.pedantic(lambda: read(sd.derive(line, x)), setup=clear_cache, rounds=3)
