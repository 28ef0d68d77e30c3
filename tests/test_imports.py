"""What `import symderiv` loads, in a fresh interpreter."""

import subprocess
import sys

LATER = (
    "autograd",
    "click",
    "hypothesis",
    "jax",
    "latex2mathml",
    "lxml",
    "numpy",
    "rich",
    "symderiv.catalog",
    "symderiv.cli",
    "symderiv.lower",
    "symderiv.oracle",
    "symderiv.parse",
    "symderiv.render",
    "torch",
)


def loaded(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted(sys.modules), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_leaves_everything_for_later() -> None:
    found = loaded("import symderiv")
    assert "symderiv.core.expr" in found
    assert sorted(found.intersection(LATER)) == []


def test_the_command_line_leaves_drawing_for_later() -> None:
    found = loaded("import symderiv.cli")
    assert "click" in found
    assert sorted(found.intersection({"rich", "latex2mathml", "numpy"})) == []
