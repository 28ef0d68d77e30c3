"""JSON and pickles of derivations: equal again, line by line, and alive."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

import pytest
import sympy as sp

import symderiv as sd
from symderiv.core.derivation import Derivation
from symderiv.core.errors import DataError
from symderiv.render import FRAGMENTS, renderer
from symderiv.render.json import from_json, to_json

SCRIPT = """
import symderiv as sd
n, m = sd.dims("n m")
x, W, y = sd.vector("x", n), sd.matrix("W", n, m), sd.one_hot("y", m)
p = sd.let("p", sd.softmax(x @ W))
print(sd.derive(sd.let("L", sd.cross_entropy(y, p)), W).to_json())
"""


def fields(derivation: Derivation) -> tuple[object, ...]:
    names = ("goal", "steps", "stages", "given", "indices", "last", "result")
    return tuple(getattr(derivation, name) for name in names)


def test_round_trip(softmax: Derivation) -> None:
    again = from_json(to_json(softmax))
    assert fields(again) == fields(softmax)
    assert to_json(again) == to_json(softmax)
    assert [line for _, line in again.lines()] == [line for _, line in softmax.lines()]


def test_pickle(softmax: Derivation) -> None:
    assert fields(pickle.loads(pickle.dumps(softmax))) == fields(softmax)


def test_a_reloaded_result_is_ordinary_sympy() -> None:
    x = sp.Symbol("x", real=True)
    again = from_json(to_json(sd.derive(sp.exp(-(x**2)) * sp.sin(x), x)))
    exact = sp.diff(sp.exp(-(x**2)) * sp.sin(x), x)
    assert sp.simplify(again.result - exact) == 0
    assert again.result.subs(x, 0).doit() == 1
    assert sp.lambdify(x, again.result)(0.5) == pytest.approx(float(exact.subs(x, 0.5)))
    assert sp.diff(again.result, x).subs(x, 0).evalf() == pytest.approx(0)


def test_one_step_a_line(softmax: Derivation) -> None:
    lines = to_json(softmax).splitlines()
    steps = [line for line in lines if '"rule"' in line]
    lemmas = [step for d in (softmax, *softmax.lemmas()) for step in d.steps]
    assert len(steps) == len(lemmas)
    assert all(json.loads(step.strip().rstrip(","))["id"] for step in steps)


def test_no_hash_seed_changes_it() -> None:
    told = set()
    for seed in ("0", "1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True
        )
        told.add(done.stdout)
    assert len(told) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", "[" * 100_000, '{"format": 3}'])
def test_malformed_text(text: str) -> None:
    with pytest.raises(DataError):
        from_json(text)


def test_renderers_by_name(softmax: Derivation) -> None:
    for name in FRAGMENTS:
        assert renderer(name)(softmax)
    with pytest.raises(ValueError, match="choose one of"):
        renderer("docx")
