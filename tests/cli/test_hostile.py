"""Hostile input in a process of its own: one line, exit status 2, little time and memory."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 2.0
MEGABYTES = 500

CASES = {
    "dunder access": ("x.__class__.__base__.__subclasses__()",),
    "dunder name": ("__import__(x)",),
    "huge power": ("9**9**9",),
    "huge power, hidden": ("x*9**((9*y/y)**9)",),
    "huge sum": ("Sum(x*i, (i, 1, 10**15))",),
    "10,000 brackets": ("(" * 10_000 + "x" + ")" * 10_000,),
    "10,000 minus signs": ("-" * 10_000 + "x",),
    "control characters": ("x\x1b]0;title\x07",),
    "markup in a name": ("<img src=x onerror=alert(1)>",),
    "markup in a declaration": ("x", "--vector", "<b>:n"),
    "dunder in a declaration": ("x", "--let", "__class__ = x"),
    "huge size": ("sum(x)", "--vector", "x:99999999999999999999"),
    "bytes that are no text": (os.fsdecode(b"x\xff\xfe"),),
}


def nested(form: str, depth: int) -> str:
    text = "x"
    for _ in range(depth):
        text = form.format(text)
    return text


GROWING = {
    **{f"softmax, {d} deep": (nested("softmax({})", d), "--vector", "x:n") for d in (7, 8, 9, 30)},
    "300 divisions": ("/".join(["x"] * 300),),
    "300 factors": ("*".join(["x"] * 300),),
    "300 terms": ("+".join(f"x**{k}" for k in range(1, 301)),),
    "a continued fraction": (nested("1/(1+{})", 50),),
    "nested roots": (nested("sqrt(1+{})", 50),),
    "nested sines": (nested("sin({})", 95),),
    "Horner": (nested("({}+1)*x", 95),),
    "nested entropies": (nested("entropy({})*x", 12), "--vector", "x:n"),
    "a product of sums": ("*".join(f"(x+a{k}+b{k}+c{k})" for k in range(20)),),
}
FORMATS = {
    "full": ("--detail", "full"),
    "json": ("--format", "json"),
    "mathml": ("--format", "mathml"),
}
OFTEN = ("softmax, 7 deep", "300 divisions", "nested roots", "Horner")
ASKED = [(name, ()) for name in GROWING] + [(n, f) for n in OFTEN for f in FORMATS.values()]


@dataclass(frozen=True)
class Run:
    status: int
    err: str
    seconds: float
    megabytes: float


# A small process starts the command: what a child starts with counts as its peak of memory, and the
# test process may be large.
STARTER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
err = process.stderr.read().decode("utf-8")
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
seconds = usage.ru_utime + usage.ru_stime
print(json.dumps([process.returncode, err, seconds, usage.ru_maxrss / 1024]))
"""


def run(*argv: str) -> Run:
    """One call; its seconds are those of the processor, so a busy machine does not count."""
    command = [sys.executable, "-m", "symderiv", "derive", *argv, "--wrt", "x"]
    started = [sys.executable, "-c", STARTER, *command]
    done = subprocess.run(started, stdout=subprocess.PIPE, check=True)
    return Run(*json.loads(done.stdout))


@pytest.fixture(scope="module")
def start_up() -> float:
    """Seconds of a harmless call."""
    return min(run("x**2").seconds for _ in range(2))


def refused(argv: tuple[str, ...], start_up: float) -> None:
    done = run(*argv)
    assert done.status == 2
    assert done.err.startswith("symderiv: ")
    assert done.err.count("\n") == 1
    assert len(done.err) < 400
    assert done.err.strip().isprintable()
    assert done.seconds < start_up + SECONDS
    assert done.megabytes < MEGABYTES


@pytest.mark.parametrize("name", CASES)
def test_hostile_arguments(name: str, start_up: float) -> None:
    refused(CASES[name], start_up)


@pytest.mark.parametrize(("name", "options"), ASKED)
def test_what_grows_is_told_or_refused_in_time(
    name: str, options: tuple[str, ...], start_up: float
) -> None:
    """A short text may mean much: it is derived, or the one line says what to do instead."""
    done = run(*GROWING[name], *options)
    assert done.seconds < start_up + SECONDS
    assert done.megabytes < MEGABYTES
    assert done.status in (0, 2)
    if done.status:
        assert done.err.startswith("symderiv: ")
        assert any(word in done.err for word in ("--let", "--detail", "--budget"))


@pytest.mark.parametrize(
    "argv",
    [
        ("+".join(f"sin({k}*x)" for k in range(1, 76)),),
        ("/".join(["x"] * 300),),
        (nested("softmax({})", 4), "--vector", "x:n"),
        ("*".join(["x"] * 100),),
    ],
)
def test_ordinary_input_passes(argv: tuple[str, ...], start_up: float) -> None:
    done = run(*argv)
    assert (done.status, done.err) == (0, "")
    assert done.seconds < start_up + SECONDS


def test_the_budget_of_steps() -> None:
    done = run("x**2*sin(x)", "--budget", "2")
    assert done.status == 2
    assert done.err == "symderiv: the budget of 2 steps ran out; --budget N allows more\n"


def test_too_much_to_print() -> None:
    """Nothing is printed; what is shorter is named."""
    done = run(nested("({}+1)*x", 95))
    assert done.status == 2
    assert "at --detail normal; --detail brief is shorter" in done.err
    assert run(nested("({}+1)*x", 95), "--detail", "brief").status == 0


@pytest.mark.parametrize("text", ["x+" * 500_000 + "x", "(" * 1_000_000, "x" * 1_000_000])
def test_a_megabyte_by_file(text: str, start_up: float, tmp_path: Path) -> None:
    path = tmp_path / "expression"
    path.write_text(text)
    refused((f"@{path}",), start_up)


def test_a_closed_pipe_is_quiet() -> None:
    command = [sys.executable, "-m", "symderiv", "derive", "x**2", "--wrt", "x"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_an_interrupt_is_quiet() -> None:
    """The command waits for its input; two seconds are ample to get there."""
    command = [sys.executable, "-m", "symderiv", "derive", "-", "--wrt", "x"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    # A job in the background is started with interrupts ignored, and hands that on.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        process = subprocess.Popen(command, **pipes)
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
