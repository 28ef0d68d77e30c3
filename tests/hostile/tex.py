"""LaTeX as TeX reads it: characters by category, and control sequences from a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tests.hostile.page import UNSEEN, judge_address, words_of

LAYOUT = words_of("""
author date and docbyline
begin end doctitle bookmarked section subsection subsubsection paragraph raggedright textbf
emph footnote footnotemark footnotetext leavevmode par sout texttt href hyperlink anchor item
codeline codespace hskip toprule midrule endhead
tablecaption nobreak bottomrule arraybackslash linewidth captioned drawing textbullet lead chain
widest step longstep leftabove chainabovetrue chainsign cell piece factor law verdict
divider display longdisplay newline tag char
ensuremath textbackslash textasciicircum textasciitilde textasciigrave textquotesingle straightquote
textless
textgreater textbar
""")
MATHEMATICS = words_of("""
frac tfrac sqrt sum prod log exp max min left right bigl bigr biggl biggr partial cdot times le leq
ge geq ne neq in to top infty approx surd Vert vert lbrace rbrace lbrack rbrack quad dots hat bar
tilde overline mathrm mathbf text operatorname underline ast backslash sim mathop Rightarrow alpha
beta gamma delta epsilon varepsilon zeta eta theta lambda mu nu xi pi rho sigma tau phi varphi chi
psi omega Sigma Delta qquad land lor
""")
ENVIRONMENTS = words_of(
    "document chain itemize description quote codelines longtable cases aligned matrix"
)
SYMBOLS = frozenset("\\{}$&#%_ ,;:!")
TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|(.)", re.DOTALL)


def judge_file(data: bytes) -> None:
    """A whole file: our preamble to the letter, and a body that only calls it."""
    text = data.decode()
    begin, end = "\\begin{document}", "\\end{document}"
    preamble, found, body = text.partition(begin)
    assert found
    assert preamble.rstrip("\n") in preambles()
    body, found, rest = body.rpartition(end)
    assert found
    assert not rest.strip()
    judge_tokens(body)


@cache
def preambles() -> frozenset[str]:
    folder = files("symderiv.render.latex")
    ours, letters, hangul = (
        (folder / f"{x}.tex").read_text() for x in ("preamble", "letters", "hangul")
    )
    return frozenset(
        ours.replace("%%HANGUL%%\n", more).replace("%%LANGUAGE%%", language).rstrip("\n")
        for more in ("", letters, hangul, letters + hangul)
        for language in ("en", "ko")
    )


def judge_tokens(body: str) -> None:
    """Known commands in groups that are closed; no comment but at the end of a line."""
    assert not UNSEEN.search(body)
    assert "^^" not in body
    open_: list[str] = []
    tokens = TOKEN.finditer(body)
    for token in tokens:
        word, sign, one = token.groups()
        if word:
            assert word in LAYOUT | MATHEMATICS, word
            if word in ("begin", "end"):
                _environment(body, token.end(), word, open_)
            elif word == "href":
                judge_address(_argument(body, token.end()))
            elif word in ("hyperlink", "anchor"):
                assert re.fullmatch(r"[A-Za-z0-9.-]+", _argument(body, token.end()))
            elif word == "drawing":
                assert re.fullmatch(r"figures/\d+\.(pdf|png|jpg)", _argument(body, token.end()))
        elif sign:
            assert sign in SYMBOLS, sign
        elif one == "%":
            assert body[token.end()] == "\n", body[token.start() : token.start() + 40]
        elif one == "{":
            open_.append("{")
        elif one == "}":
            assert open_
            assert open_.pop() == "{"
        elif one == "$":
            _toggled(open_)
        elif one == "&":
            assert {"longtable", "cases", "matrix", "aligned"} & set(open_)
        else:
            assert one not in "#~", body[token.start() - 20 : token.start() + 20]
            assert one not in "_^" or _in_mathematics(open_, body, token.start()), one
    assert not open_, open_


def judge_formula(latex: str) -> None:
    """A formula between dollars, as MathJax would read it."""
    assert not UNSEEN.search(latex)
    for token in TOKEN.finditer(latex):
        if token[1]:
            assert token[1] in MATHEMATICS | {"begin", "end"}, token[1]
        elif token[2]:
            assert token[2] in "\\ ", token[2]
    names = re.findall(r"\\(?:begin|end)\s*\{?([^{}]*)", latex)
    assert set(names) <= ENVIRONMENTS, names


def _argument(body: str, at: int) -> str:
    """What stands between braces, its escapes taken away."""
    found = re.compile(r"\{((?:[^{}\\]|\\.)*)\}").match(body, at)
    assert found, body[at : at + 40]
    return re.sub(r"\\(.)", r"\1", found[1])


def _environment(body: str, at: int, word: str, open_: list[str]) -> None:
    name = _argument(body, at)
    assert name in ENVIRONMENTS, name
    if word == "begin":
        open_.append(name)
    else:
        assert open_
        assert open_.pop() == name


def _toggled(open_: list[str]) -> None:
    if "$" in open_ and open_[-1] == "$":
        open_.pop()
    else:
        open_.append("$")


def _in_mathematics(open_: list[str], body: str, at: int) -> bool:
    """Between dollars, or in the argument of a macro that sets formulas."""
    return "$" in open_ or any(x in open_ for x in ("chain", "{")) or _is_display(body, at)


def _is_display(body: str, at: int) -> bool:
    line = body[body.rfind("\n", 0, at) + 1 : at]
    return line.lstrip().startswith(("\\display", "\\longdisplay", "\\law"))


def commands(body: str) -> Iterator[str]:
    """The control words of a text."""
    return (token[1] for token in TOKEN.finditer(body) if token[1])
