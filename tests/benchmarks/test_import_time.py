"""`import symderiv` adds at most 60 ms to `import sympy`: its own modules, best of 15."""

import re
import subprocess
import sys

ALLOWED = 0.060
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")


def own_time() -> float:
    """Seconds that the modules of symderiv take, and whatever they load besides SymPy."""
    command = [sys.executable, "-X", "importtime", "-c", "import sympy, symderiv"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    total, of_sympy = 0, False
    for own, _, name in reversed(LINE.findall(run.stderr)):
        if name == "symderiv":
            of_sympy = True
        if name == "sympy":
            break
        total += int(own) if of_sympy else 0
    assert total, "symderiv was not among the imports"
    return total / 1e6


def test_import_time() -> None:
    best = min(own_time() for _ in range(15))
    assert best <= ALLOWED, f"{best * 1000:.0f} ms"
