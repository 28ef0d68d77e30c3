"""HTML as html5lib reads it: elements and attributes that do nothing but show."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib


def words_of(text: str) -> frozenset[str]:
    """What stands between white space."""
    return frozenset(text.split())


SHOWN = words_of("""
html head body header main nav section div p span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre
code hr br wbr a em strong s del sup table caption thead tbody tr th td figure figcaption details
summary
""")
HEAD = frozenset(("meta", "title", "style", "script"))
MATHEMATICS = words_of("""
math semantics annotation mi mn mo mtext mspace mrow mfrac msqrt mroot mstyle msub msup msubsup
munder mover munderover mtable mtr mtd
""")
DRAWING = words_of("svg defs path clipPath rect g text tspan use circle line polygon")
ATTRIBUTES = words_of("""
id class href lang role tabindex scope start open aria-label aria-labelledby data-copy data-copied
encoding displaystyle mathvariant stretchy fence form width height
depth accent accentunder lspace rspace
movablelimits minsize maxsize linethickness scriptlevel viewBox x y d align
data-latex data-footnote-ref data-footnote-backref data-footnote-backref-idx data-footnotes
""")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
SCHEMES = frozenset(("http", "https", "mailto"))
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def judge_page(data: bytes) -> None:
    """A whole page of ours: one script and one style, both allowed by its own policy."""
    text = data.decode()
    root = parsed(text)
    by_tag: dict[str, list[Element]] = {}
    for element, tag in elements(root):
        by_tag.setdefault(tag, []).append(element)
        assert tag in SHOWN | HEAD | MATHEMATICS | DRAWING, tag
        if tag not in HEAD:
            judge_attributes(element, tag)
    assert {tag: len(by_tag[tag]) for tag in ("title", "style", "script", "body", "head")} == {
        "title": 1, "style": 1, "script": 1, "body": 1, "head": 1,
    }  # fmt: skip
    (script,) = by_tag["script"]
    assert not script.attrib
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    policies = [e.get("content", "") for e in by_tag["meta"] if e.get("http-equiv")]
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert policies[0].count("script-src") == 1
    assert f"script-src 'sha256-{digest}';" in policies[0]
    judge_letters(root)


def judge_fragment(text: str, pictures: str) -> Element:
    """What a reader of Markdown made: text and pictures from where they are expected."""
    root = parsed(text)
    for element, tag in elements(root):
        if tag == "img":
            assert set(element.attrib) <= {"src", "alt", "title"}, element.attrib
            assert re.fullmatch(pictures, element.get("src", "")), element.attrib
            continue
        assert tag in SHOWN, tag
        judge_attributes(element, tag)
    judge_letters(root)
    return root


def parsed(text: str) -> Element:
    builder = html5lib.getTreeBuilder("etree")
    found: Element = html5lib.HTMLParser(builder).parse(text)
    return found


def elements(root: Element) -> Iterator[tuple[Element, str]]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element, element.tag.rpartition("}")[2]


def judge_attributes(element: Element, tag: str) -> None:
    """None that acts, and no address that runs."""
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2]
        if plain == "xmlns":
            continue
        if plain == "style":
            if tag in ("td", "th"):
                assert re.fullmatch(r"text-align:(left|right|center)", value), value
                continue
            assert tag == "svg", (tag, value)
            assert not re.search(r"url|expression|[\\@;]\s*$", value), value
            continue
        assert plain in ATTRIBUTES, (tag, name, value)
        assert not UNSEEN.search(value), (tag, name, value)
        if plain == "href":
            judge_address(value)


def judge_address(value: str) -> None:
    """A web page, a mail address or a place near by, as a browser reads addresses."""
    seen = re.sub(r"[\t\n\r]", "", value).strip("".join(map(chr, range(33))))
    scheme = SCHEME.match(seen)
    assert scheme is None or scheme[1].lower() in SCHEMES, value
    assert "\\" not in seen.partition("#")[0].partition("?")[0], value


def judge_letters(root: Element) -> None:
    """Nothing hidden, and nothing that turns a line around."""
    shown = "".join(root.itertext())
    assert not UNSEEN.search(shown), UNSEEN.findall(shown)
