"""The same picture, whoever draws it and whenever."""

import os
import subprocess
import sys
from copy import copy
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager

PICTURES = """
import hashlib
import symderiv as sd
from symderiv.pictures import graph, paths, plot
n = sd.dim("n")
z, y = sd.vector("z", n), sd.one_hot("y", n)
p = sd.let("p", sd.softmax(z))
L = sd.let("L", sd.cross_entropy(y, p))
q = sd.scalar("q", positive=True)
drawn = [graph(L), *paths(L, z, sizes={"n": 3}), graph(L, values={z: [1, 2, 3], y: [0, 1, 0]})]
drawn.append(plot(-q * sd.log(q), x=q, range=(0, 1), marks=[(0.5, "coin")], derivative=True))
for picture in drawn:
    print(hashlib.sha256(picture.svg.encode()).hexdigest(), picture.alt)
    print(hashlib.sha256(picture.pdf).hexdigest(), len(picture.pdf))
"""


def drawn(folder, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", PICTURES],
        capture_output=True, text=True, check=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )  # fmt: skip
    return run.stdout


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> str:
    return drawn(tmp_path_factory.mktemp("first"), PYTHONHASHSEED="1")


def test_in_another_process_with_another_hash_seed(first, tmp_path) -> None:
    assert len(first.splitlines()) == 14
    assert drawn(tmp_path, PYTHONHASHSEED="2", SOURCE_DATE_EPOCH="86400") == first


def test_whatever_the_user_has_configured(first, tmp_path) -> None:
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\nlines.linewidth: 9\nmathtext.fontset: cm\nsvg.fonttype: none\n"
        "mathtext.default: rm\nsavefig.dpi: 300\npdf.fonttype: 3\naxes.facecolor: red\n"
        "path.sketch: 1, 100, 2\n"
    )
    assert drawn(tmp_path) == first


def test_whatever_fonts_a_cache_of_matplotlib_lacks(first, tmp_path) -> None:
    manager = copy(font_manager.fontManager)
    shipped = Path(matplotlib.get_data_path())
    manager.ttflist = [
        font for font in manager.ttflist if not Path(font.fname).is_relative_to(shipped)
    ]
    cache = tmp_path / f"fontlist-v{manager.__version__}.json"
    font_manager.json_dump(manager, cache)
    poor = cache.read_bytes()
    assert b"STIXGeneral.ttf" not in poor
    assert drawn(tmp_path, MPLCONFIGDIR=str(tmp_path)) == first
    assert cache.read_bytes() == poor  # it was read, not written anew


def test_no_dates(first) -> None:
    import symderiv as sd
    from symderiv.pictures import graph

    x = sd.scalar("x")
    pdf = graph(sd.let("L", x**2)).pdf
    assert pdf.startswith(b"%PDF-")
    assert b"CreationDate" not in pdf
    assert pdf.count(b"/FontFile2") >= 1
