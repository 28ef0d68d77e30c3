"""Pictures beside a source."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from symderiv.document.article import Figure
from symderiv.render import article_renderer

SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="20pt" viewBox="0 0 30 20"
     onload="alert(1)">
  <script>alert(2)</script>
  <style>* { fill: red }</style>
  <foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>
  <a href="javascript:alert(3)"><text>a</text></a>
  <image href="https://example.org/spy.png" width="1" height="1"/>
  <rect x="1" y="2" width="3" height="4" fill="url(https://e.org/x)" stroke="black"/>
  <text x="5" y="6">words</text>
</svg>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.svg").write_text(SVG)
    for name in ("b.png", "c.jpg"):
        Image.new("RGB", (7, 5), (200, 30, 30)).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "lie.png").write_text("<script>")
    (tmp_path / "lie.jpeg").write_text("<script>")
    (tmp_path / "wide.svg").write_bytes(SVG.encode("utf-16"))
    (tmp_path / "entities.svg").write_text('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')
    return tmp_path


def test_an_svg_keeps_what_draws_and_no_more(article, folder: Path) -> None:
    (figure,) = article('![What it shows](a.svg "A *caption*"){#fig-a}', folder=folder).blocks
    assert isinstance(figure, Figure)
    assert (figure.anchor, figure.number, figure.picture.alt) == ("fig-a", 1, "What it shows")
    assert figure.caption[0] == "A "
    tree = ElementTree.fromstring(figure.picture.svg)
    names = {part.tag.rpartition("}")[2] for part in tree.iter()}
    assert names <= {"svg", "image", "rect", "text"}
    assert {"rect", "text"} <= names
    assert not re.search(r"script|onload|https|e\.org|javascript", figure.picture.svg.replace(
        "http://www.w3.org/2000/svg", ""))  # fmt: skip
    assert (tree.get("width"), tree.get("height")) == ("30pt", "20pt")


@pytest.mark.parametrize("name", ["b.png", "c.jpg"])
def test_a_raster_picture_stands_in_an_svg(article, folder: Path, name: str) -> None:
    (figure,) = article(f"![x]({name})", folder=folder).blocks
    tree = ElementTree.fromstring(figure.picture.svg)
    assert (tree.get("width"), tree.get("height")) == ("7", "5")
    address = tree[0].get("href", "")
    data = base64.b64decode(address.partition(",")[2])
    assert Image.open(io.BytesIO(data)).size == (7, 5)


def test_pages_show_them(article, folder: Path) -> None:
    made = article("![x](b.png)\n\n![y](a.svg)", folder=folder)
    page = article_renderer("html")(made).data.decode()
    assert "data:image/png;base64," in page
    assert "words</text>" in page


def test_pdf_of_pictures(article, folder: Path) -> None:
    pytest.importorskip("typst")
    for figure in article("![x](b.png)\n\n![y](a.svg)", folder=folder).blocks:
        assert figure.picture.pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("missing.png", "No such file"),
        ("broken.png", "is no PNG, or has no size"),
        ("lie.png", "the image 'lie.png' is no PNG, or has no size"),
        ("lie.jpeg", "the image 'lie.jpeg' is no JPEG, or has no size"),
        ("wide.svg", "the image 'wide.svg': this is not UTF-8, at byte 1 of the file"),
        ("entities.svg", "the image 'entities.svg': the picture"),
        ("entities.svg", "declares entities"),
        ("notes.txt", "is none of .svg, .png, .jpg, .jpeg"),
        ("https://example.org/a.png", "pages fetch nothing"),
        ("data:image/png;base64,AAAA", "is none of"),
        ("/etc/passwd.png", "pages fetch nothing"),
    ],
)
def test_pictures_that_are_refused(wrong, folder: Path, address: str, said: str) -> None:
    (error,) = wrong(f"a\n\n![x]({address})", folder=folder)
    assert error.startswith("notes.md:3: the image")
    assert said in error


def test_a_picture_stays_within_the_root(read, wrong, folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (error,) = wrong("![x](../b.png)", folder=inner)
    assert "lies outside of" in error
    (inner / "link.png").symlink_to(folder / "b.png")
    (error,) = wrong("![x](link.png)", folder=inner)
    assert "lies outside of" in error
    from symderiv.publish.source import article_of

    assert article_of("![x](../b.png)", folder=inner, root=folder).errors == ()


def styled(article, folder: Path, sheet: str, shapes: str) -> ElementTree.Element:
    (folder / "css.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f"<style>{sheet}</style>{shapes}</svg>"
    )
    (figure,) = article("![x](css.svg)", folder=folder).blocks
    return ElementTree.fromstring(figure.picture.svg)


def test_simple_rules_of_a_style_sheet_paint_the_shapes(article, folder: Path) -> None:
    tree = styled(
        article,
        folder,
        "/* a */ .a, circle { fill: red; stroke: #00f } rect.a{fill:green} * {stroke-width: 2}"
        "#only { opacity: .5; background: url(https://e.org/x) }",
        '<rect class="a b"/><circle id="only"/><path class="a" style="fill:blue"/>'
        '<line class="b"/>',
    )
    found = {part.tag.rpartition("}")[2]: part.get("style", "") for part in tree.iter()}
    last = {
        tag: dict(x.split(":") for x in style.split(";")) for tag, style in found.items() if style
    }
    assert last["rect"] == {"stroke-width": "2", "fill": "green", "stroke": "#00f"}
    assert last["circle"] == {"stroke-width": "2", "fill": "red", "stroke": "#00f", "opacity": ".5"}
    assert last["path"] == {"stroke-width": "2", "fill": "blue", "stroke": "#00f"}
    assert last["line"] == {"stroke-width": "2"}


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("g rect { fill: red }", "has 'g rect'"),
        (".a:hover { fill: red }", "has '.a:hover'"),
        ("@import url(x.css);", "has '@import url(x.css);'"),
        ("@media print { .a { fill: red } }", "has '@media print {'"),
        (".a { fill: red", "has '.a { fill: red'"),
    ],
)
def test_a_style_sheet_that_would_be_lost_is_refused(wrong, folder: Path, sheet, said) -> None:
    (folder / "css.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><style>{sheet}</style><rect class="a"/></svg>'
    )
    (error,) = wrong("a\n\n![x](css.svg)", folder=folder)
    assert error.startswith("notes.md:3: the image 'css.svg': the style sheet of the picture")
    assert said in error
