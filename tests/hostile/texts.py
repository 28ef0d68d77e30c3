"""Texts that would like to be more than text, each in the language of some format."""

from __future__ import annotations

from hypothesis import strategies as st

HTML = [
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>",
    "' onmouseover='alert(1)", "</title></style><b>", "<!-- x -->", "]]><!--", "<![CDATA[x]]>",
    "&lt;script&gt;", "&#60;b&#62;", "&#x3c;b>", "</math></annotation><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>", "{{7*7}}{% raw %}", "<x", "<?php x ?>", "<details open>",
]  # fmt: skip
LINKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "vbscript:x",
    "data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=", "//evil.org",
    "\x01javascript:alert(1)", "javascript\u200b:alert(1)", "file:///etc/passwd", "blob:x",
    "\\\\x\\y",
    "http://[::1", "https:javascript:alert(1)", "%6aavascript:alert(1)", "javascript%3aalert(1)",
]  # fmt: skip
TEX = [
    r"\input{/etc/passwd}", r"\include{x}", r"\write18{touch live}", r"\immediate\write18{ls}",
    r"\catcode`\%=12", r"\csname input\endcsname{x}", r"\href{javascript:alert(1)}{x}",
    r"\text{<b>}", r"\def\x{y}", r"\let\a\b", r"^^5cinput{x}", r"^^^^005cinput{x}", "% gone",
    r"\end{document}", r"\end{align*}", r"\begin{verbatim}", r"\openin5=/etc/passwd", r"}\relax{",
    r"$\input{x}$", "$$x$$", r"\(x\)", r"\[x\]", r"\begin{align}x\end{align}", "a & b \\\\ c", "#1",
    r"\special{x}", r"\directlua{os.exit()}", r"\url{x}", r"\\", "{", "}", "{}", "~", "|x|", "``''",
    r"\begin{equation}\href{javascript:alert(1)}{x}\end{equation}", r"\ensuremath{x}", "\\", "a\\",
    r"\left(", r"x^{", r"\require{html}\class{x}{y}", r"\unicode{x3c}", r"\verb|x|", "_x_", "^x^",
]  # fmt: skip
TYPST = [
    '#panic("live")', r'\text{x"; #panic(); "}', r"\mathrm{\#panic()}", '#eval("1 + 1")',
    '#read("/etc/passwd")', '#import "x.typ": *',
    '#include "x"', "#sys.version", "#let x = 1", "#show: it => []", '"; panic(); "', "]#panic()[",
    "$#panic()$", "// gone", "/* gone", "@label", "<label>", "#link(\"javascript:x\")[y]", "#{",
    "]",
    "```typ #panic()```", "\\u{41}", "= heading", "/ term: x", "#metadata(1) <live>",
    "https://a.org",
]  # fmt: skip
MARKDOWN = [
    "[x](javascript:alert(1))", "![x](javascript:alert(1))", "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>", "<https://a.org>", "https://a.org/x", "www.a.org", "a@b.org",
    "[x]: javascript:alert(1)", "[x][y]", "[^1]", "[^1]: x", "```\n\n# live", "~~~\nx", "`x`",
    "# heading", "1. item", "- item", "+ item", "> quote", "a | b", "| - |", "---", "===", "***",
    "*a* __b__ ~~c~~", "a  \nb", "    code", "$5 and $6", "`x`{=html}", "::: x",
    "[x]{.y onclick=z}",
    "@mention #12", ":smile:", "{#id}", "<b>\n\nx", "\n\n<script>alert(1)</script>\n\n", "\tx",
    "math", "mermaid", "x!", "\\ref{x} \\eqref{x}", "![x][y]", "[!NOTE]", "- [x] done", "x\n===",
    "`` ` ``", "${x}$", "$`x`$", "```math\nx", "[[x]]",
]  # fmt: skip
CODE = [
    '"); import os; os.system("touch live"); ("', "'''", '"""', "__import__('os')", "!touch live",
    "%system ls", "%%bash\nls", "?x", "\\N{DIGIT ONE}", "${7*7}", "`ls`", "$(ls)", "x;ls", "\\",
]  # fmt: skip
SIGNS = [
    "\x00", "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x9b31m", "\r", "\n", "\n\n", "\t",
    "\u202egnp", "\u2066x", "\u200b", "\u2028", "\u2029", "\ufeff", "\ud800", "\ue000",
    "\U000e0041", "a\u2028b", "<\u2029", "a\x85b", "a\x1cb", "a\rb", "a\u3000b",
    "e\u0301", "👩\u200d🔬", "한글", "עברית", '"', "'", "`", "<", ">", "&", "%", "$", "!", "",
]  # fmt: skip
LONG = ["x" * 10_000, "\\" * 1_000, "<b>" * 1_000, "$" * 199, "[" * 1_000, "`" * 99, "*a " * 999]

FIXED = [*HTML, *LINKS, *TEX, *TYPST, *MARKDOWN, *CODE, *SIGNS]
ANY = st.lists(
    st.one_of(
        st.sampled_from([*"<>&\"'/\\{}%#$^_~|`*[]()!?@:;=-+. \n\tabx01", "\u202e", "\x00", "한"]),
        st.sampled_from(
            [*FIXED, "javascript:", "\\input", "^^5c", "on", "](", "<!--", "```", "$$"]
        ),
    ),
    min_size=1,
    max_size=8,
).map("".join)


def name_of(text: str) -> str:
    """The text as the name of a test."""
    return ascii(text[:40])
