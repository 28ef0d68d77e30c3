"""Pages: valid HTML, MathML Core, every link leads somewhere, nothing from outside is live."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest

from symderiv import catalog
from symderiv.core.derivation import Derivation
from symderiv.document.article import (
    Article,
    Paragraph,
    Told,
)
from symderiv.document.blocks import Evidence, Formula
from symderiv.document.narrate import document_of
from symderiv.render.html import render_article, to_html
from symderiv.render.html.lines import error, sizes
from tests.render.html.pages import (
    MATHML,
    XHTML,
    Page,
    entry,
    notes,
    read,
    rendered,
    words,
)

NAMES = [
    "notes",
    "softmax-cross-entropy",
    "two-layer-perceptron",
    "attention",
    "entropy-forms",
    "relu",
    "layer-norm",
]
NO_TEXT = {f"{XHTML}{tag}" for tag in ("script", "style", "code", "pre")}


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest) -> Page:
    """A page, read by html5lib, which raises an error for any fault."""
    return rendered(request.param)


# ---------------------------------------------------------------- form


def test_formulas_are_mathml_core(page: Page, is_core: Callable[[Element], bool]) -> None:
    formulas = list(page.root.iter(f"{MATHML}math"))
    assert len(formulas) > 3
    assert all(map(is_core, formulas))
    assert not page.all("code", "latex")


def test_no_latex_is_seen(page: Page) -> None:
    def texts(e: Element) -> list[str]:
        if e.tag in NO_TEXT or e.tag == f"{MATHML}annotation" or not isinstance(e.tag, str):
            return []
        return [e.text or "", *(x for child in e for x in (*texts(child), child.tail or ""))]

    (body,) = page.all("body")
    assert not re.findall(r"\\[A-Za-z]+|\$|[\ue000-\uf8ff]", "".join(texts(body)))


def test_ids_are_unique_and_links_lead_to_them(page: Page) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert not [name for name in ids if re.search(r"\s", name) or not name]
    within = [href[1:] for href in page.hrefs() if href.startswith("#")]
    assert set(within) <= set(ids)


def test_headings_begin_with_the_title_and_leave_no_level_out(page: Page) -> None:
    levels = [
        int(e.tag[-1]) for e in page.root.iter() if re.fullmatch(f"{XHTML}h[1-6]", str(e.tag))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks(page: Page) -> None:
    assert [len(page.all(tag)) for tag in ("header", "main", "h1", "title")] == [1, 1, 1, 1]
    assert page.all("html")[0].get("lang") == "en"
    assert all(nav.get("aria-labelledby") in page.ids() for nav in page.all("nav"))
    first = page.all("body")[0][0]
    assert (first.tag, first.get("href")) == (f"{XHTML}a", "#text")


def test_nothing_comes_from_outside(page: Page) -> None:
    assert not [e for e in page.root.iter() if "src" in e.attrib or "srcset" in e.attrib]
    assert not page.all("link")
    css = "".join(e.text or "" for e in page.all("style"))
    assert re.findall(r"url\(.{6}", css) == ['url("data:']
    assert "@import" not in css


def test_only_our_script_may_run(page: Page) -> None:
    (script,) = page.all("script")
    (policy,) = (m.get("content", "") for m in page.all("meta") if m.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


# ---------------------------------------------------------------- what it tells


def test_every_rule_has_its_law_on_the_page(page: Page) -> None:
    reasons = page.all("span", "reason")
    targets = {a.attrib["href"] for reason in reasons for a in reason.iter(f"{XHTML}a")}
    rules = {target for target in targets if target.startswith("#rule-")}
    assert rules
    (section,) = page.all("section", "rules")
    told = {e.attrib["id"]: e for e in section.iter(f"{XHTML}div")}
    assert {target[1:] for target in rules} == set(told)
    assert all(len(list(e.iter(f"{MATHML}math"))) == 1 for e in told.values())


def test_every_link_has_words_for_those_who_do_not_see(page: Page) -> None:
    for link in page.all("a"):
        formula = link.find(f"{MATHML}math") is not None
        own = (link.text or "") + "".join(child.tail or "" for child in link)
        assert own.strip(" =") or link.get("aria-label") or not formula, words(link)


def test_the_lines_are_those_of_the_derivation() -> None:
    page = rendered("softmax-cross-entropy")
    told = document_of(catalog.get("softmax-cross-entropy").derivation())
    outer = [e for e in page.all("li", "line") if "id" in e.attrib]
    counts = [2, *(len(lemma.lines) for lemma in told.lemmas), len(told.lines)]
    names = ["eq-1-where", "lemma-1", "lemma-2", "eq-1"]
    assert [e.attrib["id"] for e in outer] == [
        f"{name}-line-{k}" for name, n in zip(names, counts, strict=True) for k in range(1, n + 1)
    ]
    assert words(outer[-1].find(f"{XHTML}div[@class='right']")) == "pi−yi"


def test_the_last_row_bears_the_number() -> None:
    page = rendered("attention")
    last = [section.findall(f".//{XHTML}li[@id]")[-1] for section in page.all("section", "told")]
    numbers = [words(row.find(f"{XHTML}span[@class='number']")) for row in last]
    assert numbers == [f"({k})" for k in range(1, len(last) + 1)]
    assert [words(e) for e in page.all("span", "number")] == numbers


def test_a_line_opens_into_its_steps() -> None:
    page = rendered("softmax-cross-entropy")
    derivation = catalog.get("softmax-cross-entropy").derivation()
    full = document_of(derivation, "full")
    last = next(e for e in page.all("li", "line") if e.get("id") == "lemma-2-line-4")
    (finer,) = (e for e in last if "finer" in e.get("class", ""))
    lines = list(finer.iter(f"{XHTML}li"))
    assert words(finer[0]) == f"{len(lines)} steps"
    normal = document_of(derivation).lemmas[1].lines
    within = [x for x in full.lemmas[1].lines if set(x.steps) <= set(normal[3].steps)]
    assert len(lines) == len(within) > 1


def test_a_check_opens_its_evidence() -> None:
    page = rendered("softmax-cross-entropy")
    told = [e for e in page.all("li", "line") if "id" in e.attrib and "where" not in e.attrib["id"]]
    for line in told:
        (why,) = (e for e in line if e.get("class") == "why")
        (evidence,) = (e for e in why if "evidence" in e.get("class", ""))
        assert words(evidence[0]) == "checked"
        assert evidence.get("open") is None
        facts = dict(zip(*[iter(map(words, evidence[1]))] * 2, strict=True))
        assert facts["sizes tried"].startswith("n = 1, 2")
        assert int(facts["places compared"]) > 0
        assert re.fullmatch(r"0|\d\.\d × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+", facts["worst relative error"])
    assert [e.get("class") for e in page.all("p", "verdict")] == ["verdict"]


def test_what_is_wrong_or_not_tested_stands_open() -> None:
    page = rendered("notes")
    marks = {
        kind: [words(e[0]) for e in page.all("details", kind)] for kind in ("wrong", "untested")
    }
    assert set(marks["wrong"]) == {"wrong"}
    assert set(marks["untested"]) == {"not tested"}
    opened = [e for kind in marks for e in page.all("details", kind)]
    assert all(e.get("open") is not None for e in opened)
    assert [e.get("class") for e in page.all("p", "verdict")] == ["verdict wrong"]


def test_every_kind_of_block() -> None:
    page = rendered("notes")
    assert words(page.all("h1")[0]) == "Notes on <losses>"
    assert [words(e) for e in page.all("em")] == ["gentle"]
    assert [words(e) for e in page.all("s")] == ["gone"]
    assert words(page.all("blockquote")[0]) == "Said somebody."
    assert [e.get("start") for e in page.all("ol") if not e.get("class")] == ["3"]
    (code,) = (e for e in page.all("code") if e.get("class"))
    assert (code.get("class"), code.text.splitlines()[0]) == ("language-python", "x = 1")
    assert [e.get("class") for e in page.all("th")] == [None, "center", "right"]
    assert [words(e) for e in page.all("caption")] == ["Table 1 Measures"]
    assert [words(e) for e in page.all("figcaption")] == [
        "Figure 1 What it looks like, zi",
        "Figure 2",
    ]
    assert [words(e) for e in page.all("span", "number")] == ["(1)", "(2)"]
    links = {words(e): e.get("href") for e in page.all("a")}
    assert links["(1)"] == "#the-loss"
    assert links["Figure 1"] == "#pic"
    assert links["there"] == "https://example.org/?a=1&b=%3C2%3E"
    assert [e.get("class") for e in page.all("nav")[0].iter(f"{XHTML}li")] == [
        "level-2", "level-3", "level-2", "level-3", "level-2",
    ]  # fmt: skip


def test_a_short_text_has_no_contents() -> None:
    assert not rendered("relu").all("nav")
    assert rendered("attention").all("nav")


def test_languages() -> None:
    page = read(render_article(notes("ko")).data)
    assert page.all("html")[0].get("lang") == "ko"


def test_a_formula_that_no_converter_reads_is_shown_as_latex() -> None:
    made = read(render_article(Article(("T",), (Paragraph((Formula(r"\nosuch{<b>}"),)),))).data)
    assert [e.text for e in made.all("code", "latex")] == [r"\nosuch{<b>}"]


def test_a_derivation_is_a_page(softmax: Derivation) -> None:
    made = read(to_html(softmax, verdict=("ok",), title=("Softmax & <b>",)))
    assert [words(e) for e in made.all("h1")] == ["Softmax & <b>"]
    assert words(read(to_html(softmax)).all("title")[0]) == "∂L/∂z_i"
    assert len(read(to_html(softmax, detail="brief")).all("li", "line")) < len(
        made.all("li", "line")
    )
    barred = to_html(softmax, adjoint="bar")
    assert r"\bar{p}" in barred
    assert r"\bar{p}" not in to_html(softmax)
    article = Article(("Mine",), (Told(document_of(softmax)),), "ko")
    assert read(to_html(article)).all("html")[0].get("lang") == "ko"


def test_a_page_is_the_same_each_time() -> None:
    article = entry("relu", check=False)
    assert render_article(article) == render_article(article)


@pytest.mark.parametrize("name", [x.name for x in catalog.entries()])
def test_the_whole_catalog(name: str, is_core: Callable[[Element], bool]) -> None:
    page = rendered(name)
    assert all(map(is_core, page.root.iter(f"{MATHML}math")))
    assert not page.all("code", "latex")


def test_numbers_of_the_evidence() -> None:
    assert [error(x) for x in (0.0, 1.0, 0.25, 3e-60)] == [
        "0",
        "1.0 × 10⁰",
        "2.5 × 10⁻¹",
        "3.0 × 10⁻⁶⁰",
    ]
    found = Evidence(True, 1, 0.0, ((("n", 1), ("m", 2)), (("n", 3), ("m", 2))))
    assert sizes(found) == "n = 1, m = 2; n = 3, m = 2"
