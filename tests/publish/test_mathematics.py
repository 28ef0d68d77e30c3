"""The whitelist of formulas against MathML, TeX, and what must not pass."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.core.errors import ParseError
from symderiv.publish.mathematics import check_formula
from symderiv.render.authored import is_formula
from symderiv.render.mathml.core import formula
from tests.render.formulas import EVERY


@pytest.mark.parametrize("latex", EVERY)
def test_whatever_is_allowed_becomes_mathml(latex: str) -> None:
    assert check_formula(latex) == latex
    assert is_formula(latex)
    made = formula(latex, latex, {})
    assert made.tag == "math"
    assert not any("\\" in (part.text or "") for part in made[0][0].iter())


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="TeX is not installed")
def test_whatever_is_allowed_compiles(tmp_path: Path) -> None:
    rows = "\n".join(f"\\[{latex}\\]" for latex in EVERY)
    text = (
        "\\documentclass{article}\\usepackage{amsmath,amssymb}\n"
        f"\\begin{{document}}\n{rows}\n\\end{{document}}\n"
    )
    (tmp_path / "all.tex").write_text(text)
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("latex", "said", "at"),
    [
        (r"a + \href{javascript:alert(1)}{x}", r"\href is not on the list", 4),
        (r"\input{/etc/passwd}", r"\input is not", 0),
        (r"\def\x{y}", r"\def is not", 0),
        (r"\html{<b>}", r"\html is not", 0),
        (r"\class{x}{y}", r"\class is not", 0),
        (r"\text{<b>\href{x}{y}}", "holds no commands", 9),
        (r"\text{$x$}", "cannot stand in the text", 6),
        (r"\begin{document}a\end{document}", "list of environments", 0),
        (r"\begin{cases} a", r"\begin{cases} is not closed", 0),
        (r"a \end{cases}", "closes nothing", 2),
        (r"\begin{cases} a \end{matrix}", "closes nothing", 16),
        (r"{a", "{ is not closed", 0),
        ("a}", "} closes nothing", 1),
        (r"\left( a", r"\left is not closed", 0),
        (r"\left", "needs a bracket", 0),
        ("a^", "nothing after it", 1),
        ("a^_b", "nothing after it", 2),
        ("{a_}", "nothing after it", 3),
        (r"a \\ b", "stands only in an environment", 2),
        ("a & b", "stands only in an environment", 2),
        ("a % b", "cannot stand in a formula", 2),
        ("a # b", "cannot stand in a formula", 2),
        ("a\x07", "cannot stand in a formula", 1),
        ("a \\", "begins no command", 2),
        ("  ", "empty", 0),
        (r"\farc{a}{b}", r"did you mean \frac", 0),
        ("x" * 6_000, "at most 5,000", 0),
        ("{" * 50, "nested more than 40", 40),
    ],
)
def test_what_is_refused_names_its_place(latex: str, said: str, at: int) -> None:
    with pytest.raises(ParseError) as caught:
        check_formula(latex)
    assert said in str(caught.value)
    assert caught.value.position == at


def test_blank_lines_go() -> None:
    assert check_formula("\n a\n\n \n= b\n") == "a\n= b"


@given(st.text(alphabet=r"\{}^_&ab<>$%#~ left()begincases", max_size=60))
def test_a_formula_that_passes_is_balanced_and_known(latex: str) -> None:
    try:
        passed = check_formula(latex)
    except ParseError:
        return
    assert is_formula(passed)  # or else a file of LaTeX would show it as its source
    depth = 0
    plain = passed.replace("\\\\", "").replace(r"\{", "").replace(r"\}", "")
    for c in plain:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert not set("%#$~") & set(plain.replace("\\%", "").replace("\\#", "").replace("\\$", ""))
