r"""The LaTeX that an author may write in a formula: mathematics, and nothing that acts.

Every command here becomes MathML Core and compiles in TeX, by test. ``\href``, ``\input``,
``\def`` and their kin are not among them.
"""

from __future__ import annotations

from symderiv.render.names import GREEK

_WORDS = {
    "letters": """
varepsilon vartheta varpi varrho varsigma varphi ell imath jmath hbar aleph nabla partial infty
prime emptyset varnothing forall exists nexists neg lnot top bot angle Re Im
""",
    "functions": """
arccos arcsin arctan cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
ln log max min Pr sec sin sinh sup tan tanh
""",
    "operators": """
sum prod int iint iiint oint coprod bigcup bigcap bigoplus bigotimes pm mp times div cdot ast star
circ bullet oplus ominus otimes oslash odot cap cup setminus wedge vee land lor dagger
""",
    "relations": """
le leq ge geq ne neq ll gg equiv sim simeq approx cong propto in notin ni subset subseteq supset
supseteq perp parallel mid nmid to mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow
Leftrightarrow longrightarrow longmapsto Longrightarrow iff implies uparrow downarrow prec succ
models vdash colon
""",
    "delimiters": """
langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack
rbrack
""",
    "spaces": "quad qquad ldots cdots dots dotsc dotsb vdots ddots",
    "accents": """
hat bar tilde dot ddot vec check breve acute grave widehat widetilde overline underline overbrace
underbrace overrightarrow
""",
    "alphabets": "mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol",
    "shapes": """
frac dfrac tfrac sqrt binom tbinom dbinom overset underset stackrel substack limits nolimits
displaystyle textstyle operatorname
""",
    "sizes": "big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle",
    "texts": "text textrm textbf textit texttt mbox",
    "environments": """
cases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix aligned gathered split
""",
}
KINDS = {kind: frozenset(words.split()) for kind, words in _WORDS.items()}
DELIMITERS, TEXTS, ENVIRONMENTS = (KINDS[k] for k in ("delimiters", "texts", "environments"))
"""Commands for brackets, commands whose braces hold running text, and environments."""
COMMANDS = frozenset(GREEK).union(*(s for k, s in KINDS.items() if k != "environments"))
"""Every command that a formula may use."""
