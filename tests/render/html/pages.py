"""Articles to render as pages, and a reader of pages made without the renderer's help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

from symderiv import catalog
from symderiv.document.article import (
    Article,
    Code,
    Divider,
    Listing,
    Paragraph,
    Picture,
    Quote,
)
from symderiv.document.blocks import Break, Evidence, Formula, Link, Styled
from symderiv.document.compose import Composer

XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
SVG = "{http://www.w3.org/2000/svg}"
SIZES = tuple((("n", size),) for size in (1, 2, 3))
DRAWING = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     width="300pt" height="120pt" viewBox="0 0 300 120">
  <title>t</title><script>alert(1)</script>
  <defs><path id="m" d="M0 0 L10 10"/><clipPath id="c"><rect width="9"/></clipPath></defs>
  <g id="g1" onclick="alert(1)" clip-path="url(#c)">
    <rect x="10" y="10" width="80" height="40" style="fill:#eef;background:url(http://x/y)"/>
    <text x="30" y="35" font-size="14" fill="url(http://x/y#z)">z</text>
    <use xlink:href="#m" x="120" y="30"/><use xlink:href="http://x/y#m"/>
    <image href="http://x/y.png"/><a href="javascript:alert(1)"><circle r="2"/></a>
  </g>
  <foreignObject><body xmlns="http://www.w3.org/1999/xhtml">hi</body></foreignObject>
</svg>"""


def entry(name: str, *, check: bool = True, language: str = "en") -> Article:
    """An entry of the catalog as an article, with what a check found."""
    told = catalog.get(name)
    composer = Composer(language=language, finer=True)
    for caption, derivation in told.derivations():
        if caption:
            composer.heading(2, (caption,))
        report = derivation.check() if check else None
        proofs = report.proofs() if report else {}
        composer.derivation(
            derivation, proofs=proofs, verdict=report.words(language) if report else ()
        )
    return composer.article((told.title,))


def notes(language: str = "en") -> Article:
    """Every kind of block, a step that is wrong and one that was not tested among them."""
    derivation = catalog.get("softmax-cross-entropy").derivation()
    count = len(derivation.steps)
    found = [Evidence(True, 4, 1e-40, SIZES)] * count
    found[2], found[-1] = Evidence(False, 4, 0.33, SIZES, True), Evidence(False, 0, 0.0, SIZES)
    picture = Picture(DRAWING, b"", "A box and a circle")
    to = Composer(language=language, finer=True)
    to.heading(2, ("Prose",), label="prose")
    to.paragraph(
        "The sigmoid ", Formula(r"\sigma(x) = \frac{1}{1 + e^{-x}}"), ", see ",
        Link((), "#the loss"), " and ", Link((), "#pic"), ", ",
        Styled("emphasis", ("gentle",)), ", ", Styled("deleted", ("gone",)), ", ",
        Styled("strong", ("strong ", Formula("a_i"))), ", ",
        Styled("code", ("np.exp(x)",)), Break(), Link(("there",), "https://example.org/?a=1&b=<2>"),
    )  # fmt: skip
    to.paragraph("Long: ", Formula("+".join(r"\frac{\partial L}{\partial z_i}" for _ in range(30))))
    inner = Listing(((Paragraph(("inner",)),),), start=3)
    to.add(Listing(((Paragraph(("one",)),), (Paragraph(("two",)), inner))), Divider())
    to.add(Quote((Paragraph(("Said somebody.",)),)), Code("x = 1\n\ty = " + "x + " * 60, "python"))
    to.heading(3, ("A table and figures",))
    rows = [(("entropy",), (Formula(r"-\sum_i p_i \log p_i"),), ("0.69",))]
    head = (("Name",), ("Formula",), ("Value",))
    to.table(head, rows, align=("", "center", "right"), caption=("Measures",), label="tab")
    to.figure(picture, ("What it looks like, ", Formula("z_i")), label="pic")
    to.figure(picture)
    to.heading(2, ("The derivation",))
    to.display(
        r"L = -\sum_{i=1}^{n} y_i \log \left( \frac{e^{z_i}}{\sum_j e^{z_j}} \right)", "the loss"
    )
    to.display(
        r"\left( \begin{matrix} 1 \\ 2 \\ 3 \\ 4 \\ 5 \\ 6 \\ 7 \\ 8 \end{matrix} \right) + (x)"
    )
    to.derivation(derivation, proofs={derivation.goal: tuple(found)}, verdict=("wrong: step 3",))
    to.heading(5, ("A level was left out",))
    return to.article(("Notes on <losses>",))


@dataclass(frozen=True)
class Page:
    """A page as a browser would read it."""

    text: str
    root: Element

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """Elements of HTML, with a class."""
        found = self.root.iter(XHTML + tag)
        return [e for e in found if not kind or kind in (e.get("class") or "").split()]

    def ids(self) -> list[str]:
        return [e.attrib["id"] for e in self.root.iter() if "id" in e.attrib]

    def hrefs(self) -> list[str]:
        return [e.attrib["href"] for e in self.root.iter() if "href" in e.attrib]


def read(page: bytes | str) -> Page:
    """Parse as the HTML standard says; a page with any fault in it raises an error."""
    text = page if isinstance(page, str) else page.decode()
    parser = html5lib.HTMLParser(html5lib.treebuilders.getTreeBuilder("etree"), strict=True)
    root = parser.parse(text)
    for e in root.iter():
        e.attrib.pop("{http://www.w3.org/2000/xmlns/}xmlns", None)
    return Page(text, root)


def words(e: Element) -> str:
    """The text of an element, blanks made one; of formulas what is seen."""
    return re.sub(r"\s+", " ", "".join(_seen(e))).strip()


def _seen(e: Element) -> list[str]:
    if e.tag == f"{MATHML}annotation" or not isinstance(e.tag, str):
        return []
    out = [e.text or ""]
    for child in e:
        out += [*_seen(child), child.tail or ""]
    return out


@lru_cache(maxsize=64)
def rendered(name: str) -> Page:
    """The page of a catalog entry, or of `notes`."""
    from symderiv.render.html import render_article

    article = notes() if name == "notes" else entry(name, check=name in CHECKED)
    return read(render_article(article).data)


CHECKED = ("softmax-cross-entropy",)
