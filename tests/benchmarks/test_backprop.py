"""The cost of a backward pass: linear in the layers, and against SymPy's own ``diff``.

python -m pytest tests/benchmarks/test_backprop.py --benchmark-only -s
"""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest
import sympy as sp
from sympy.core.cache import clear_cache

import symderiv as sd

STEPS_OF = 10


def perceptron(depth: int) -> tuple[Any, list[Any]]:
    """A tanh perceptron with softmax and cross-entropy, every layer written out by name."""
    batch, size = sd.dim("N"), sd.dim("n0")
    a: Any = sd.matrix("x", batch, size)
    parameters = []
    for layer in range(1, depth + 1):
        wide = sd.dim(f"n{layer}")
        W, b = sd.matrix("W", size, wide, layer=layer), sd.vector("b", wide, layer=layer)
        parameters += [W, b]
        z = sd.let("z", a @ W + b, layer=layer)
        a = sd.let("a", sd.tanh(z), layer=layer) if layer < depth else sd.let("p", sd.softmax(z))
        size = wide
    y = sd.distribution("y", batch, size)
    return sd.let("L", sd.cross_entropy(y, a).sum() / batch), parameters


def seconds(model: tuple[Any, list[Any]], *, trace: bool) -> float:
    """Derive all gradients and read every result; with the trace, the steps of ten layers too."""
    loss, parameters = model
    clear_cache()
    gc.collect()
    start = time.perf_counter()
    passed = sd.backprop(loss, parameters, trace=trace)
    for parameter in parameters:
        passed.gradient(parameter)
    if trace:
        for parameter in parameters[: 2 * STEPS_OF]:
            assert passed[parameter].steps
    return time.perf_counter() - start


@pytest.mark.parametrize("trace", [True, False], ids=["traced", "results only"])
def test_layers(benchmark, trace):
    """Milliseconds a layer at depth 10, 100 and 1000."""
    depths = (10, 100, 1000)
    found = {
        d: min(seconds(perceptron(d), trace=trace) for _ in range(2)) * 1e3 / d for d in depths
    }
    shown = ", ".join(f"{d} layers {ms:.2f} ms" for d, ms in found.items())
    print(f"\nbackward pass a layer, {'traced' if trace else 'results only'}: {shown}")
    benchmark.extra_info.update({str(d): ms for d, ms in found.items()})
    benchmark.pedantic(lambda: seconds(perceptron(100), trace=trace), rounds=2)


def the_same_network(width: int, layers: int, targets: Any = sd.vector) -> tuple[Any, list[Any]]:
    """Of one example, by arrays of that size; ``targets`` declares y."""
    a: Any = sd.vector("x", width)
    parameters = []
    for layer in range(1, layers + 1):
        W, b = sd.matrix("W", width, width, layer=layer), sd.vector("b", width, layer=layer)
        parameters += [W, b]
        z = sd.let("z", a @ W + b, layer=layer)
        a = sd.let("a", sd.tanh(z), layer=layer) if layer < layers else sd.let("p", sd.softmax(z))
    return sd.let("L", sd.cross_entropy(targets("y", width), a)), parameters


def written_out(width: int, layers: int) -> tuple[Any, list[Any]]:
    """The same kind of network entry by entry, for SymPy's own ``diff``."""
    weights: list[Any] = []
    a = list(sp.symbols(f"x1:{width + 1}"))
    for layer in range(1, layers + 1):
        W = [sp.symbols(f"W{layer}_{i}_1:{width + 1}") for i in range(width)]
        b = sp.symbols(f"b{layer}_1:{width + 1}")
        weights += [w for row in W for w in row] + list(b)
        z = [sum(a[i] * W[i][j] for i in range(width)) + b[j] for j in range(width)]
        a = [sp.tanh(s) for s in z] if layer < layers else z
    y = sp.symbols(f"y1:{width + 1}")
    total = sum(sp.exp(s) for s in a)
    return -sum(t * sp.log(sp.exp(s) / total) for t, s in zip(y, a, strict=True)), weights


def test_against_diff(benchmark):
    """A 3-3-3-3-3 network: all gradients, against ``diff`` by every weight of the same network."""
    loss, weights = written_out(3, 4)
    clear_cache()
    start = time.perf_counter()
    for w in weights:
        loss.diff(w)
    peer = time.perf_counter() - start
    found = {}
    for kind, targets in (("any targets", sd.vector), ("a distribution", sd.distribution)):
        model = the_same_network(3, 4, targets)
        ours = found[kind] = min(seconds(model, trace=True) for _ in range(3))
        print(f"\n3-3-3-3-3, {kind}: diff {peer:.2f} s, {ours * 1e3:.1f} ms: {peer / ours:.0f}x")
    ours = found["any targets"]
    benchmark.extra_info["times faster"] = peer / ours
    benchmark.pedantic(lambda: seconds(the_same_network(3, 4), trace=True), rounds=3)
