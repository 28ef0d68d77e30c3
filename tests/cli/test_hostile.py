"""Hostile input in a process of its own: one line, exit status 2, little time and memory."""

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


@dataclass(frozen=True)
class Run:
    status: int
    err: str
    seconds: float
    megabytes: float


def run(*argv: str) -> Run:
    command = [sys.executable, "-m", "symderiv", "derive", *argv, "--wrt", "x"]
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        err = process.stderr.read().decode("utf-8")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Run(process.returncode, err, time.monotonic() - start, usage.ru_maxrss / 1024)


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
