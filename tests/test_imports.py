"""What `import symderiv` loads, in a fresh interpreter."""

import pkgutil
import subprocess
import sys

import symderiv

LATER = (
    "autograd",
    "click",
    "hypothesis",
    "jax",
    "latex2mathml",
    "lxml",
    "matplotlib",
    "numpy",
    "pygraphviz",
    "rich",
    "symderiv.catalog",
    "symderiv.cli",
    "symderiv.lower",
    "symderiv.oracle",
    "symderiv.parse",
    "symderiv.pictures",
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


def test_no_room_bears_the_name_of_a_public_function() -> None:
    """Importing ``symderiv.matrix`` would put that module where ``sd.matrix`` is."""
    rooms = {room.name for room in pkgutil.iter_modules(symderiv.__path__)}
    assert sorted(rooms.intersection(symderiv.__all__)) == []


def test_pictures_load_what_draws_them_when_they_are_drawn() -> None:
    found = loaded("import symderiv.pictures")
    assert "symderiv.pictures.graph" in found
    assert sorted(found.intersection({"matplotlib", "pygraphviz", "symderiv.publish"})) == []
