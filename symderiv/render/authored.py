r"""A last look at LaTeX that a person wrote: only mathematics gets into a file of LaTeX.

Whatever checks a formula where it is read, a renderer does not trust it: a command that is not
listed here (``\input``, ``\write``, ``\def``, …) makes the formula show as its source.
"""

from __future__ import annotations

import re

from symderiv.render.names import GREEK

_COMMANDS = """
varepsilon vartheta varpi varrho varsigma varphi ell imath jmath hbar aleph nabla partial infty
prime emptyset varnothing forall exists nexists neg lnot top bot angle Re Im
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
ln log max min Pr sec sin sinh sup tan tanh
sum prod int iint iiint oint coprod bigcup bigcap bigoplus bigotimes pm mp times div cdot ast star
circ bullet oplus ominus otimes oslash odot cap cup setminus wedge vee land lor dagger
le leq ge geq ne neq ll gg equiv sim simeq approx cong propto in notin ni subset subseteq supset
supseteq perp parallel mid nmid to mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow
Leftrightarrow longrightarrow longmapsto Longrightarrow iff implies uparrow downarrow prec succ
models vdash colon
langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack
rbrack backslash
quad qquad ldots cdots dots dotsc dotsb vdots ddots
hat bar tilde dot ddot vec check breve acute grave widehat widetilde overline underline overbrace
underbrace overrightarrow
mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm
frac dfrac tfrac sqrt binom tbinom dbinom overset underset stackrel substack not limits nolimits
displaystyle textstyle operatorname
big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr left right middle
text textrm textbf textit texttt mbox
"""
COMMANDS = frozenset(_COMMANDS.split()) | frozenset(GREEK)
ENVIRONMENTS = frozenset(
    """
    cases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix aligned gathered split
    """.split()
)
_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[a-zA-Z]+)\}|\\(?P<word>[A-Za-z]+)"
    r"|\\(?P<sign>[,;:!|{}_&%\#$ ])|(?P<row>\\\\)|(?P<one>[^\\])",
    re.DOTALL,
)


def is_formula(latex: str) -> bool:
    r"""Is it balanced, and made of known commands alone?

    >>> is_formula(r"\frac{a}{b}"), is_formula(r"\input{x}"), is_formula("a}"), is_formula("a $ b")
    (True, False, False, False)
    """
    open_: list[str] = []
    at = 0
    while at < len(latex):
        token = _TOKEN.match(latex, at)
        if token is None or not _is_harmless(token, open_) or latex.startswith("^^", at):
            return False
        at = token.end()
    blank_line = re.search(r"\n\s*\n", latex)
    dangling = re.search(r"(?<!\\)[_^]\s*(?:[_^}&]|$)", latex)
    return bool(latex.strip()) and not open_ and not blank_line and not dangling


def _is_harmless(token: re.Match[str], open_: list[str]) -> bool:
    """Is the token known, and does it fit what is open?"""
    if token["edge"] == "begin":
        open_.append(token["name"])
        return token["name"] in ENVIRONMENTS
    if token["edge"]:
        return bool(open_) and open_.pop() == token["name"]
    if token["word"] == "left":
        open_.append("left")
    elif token["word"] == "right":
        return bool(open_) and open_.pop() == "left"
    elif token["word"]:
        return token["word"] in COMMANDS
    elif token["one"] == "{":
        open_.append("{")
    elif token["one"] == "}":
        return bool(open_) and open_.pop() == "{"
    elif token["row"] or token["one"] == "&":
        return bool(open_) and open_[-1] in ENVIRONMENTS
    elif token["one"]:
        return token["one"] not in "%#$~" and (token["one"].isprintable() or token["one"].isspace())
    return True
