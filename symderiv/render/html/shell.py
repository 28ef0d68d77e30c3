"""The page around a body: head, style, font, navigation and the small script."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from symderiv.document.blocks import Link, Words
from symderiv.document.messages import translate
from symderiv.document.words import unmarked
from symderiv.render import words as messages
from symderiv.render.html.body import Body
from symderiv.render.html.laws import laws
from symderiv.render.layout import say
from symderiv.render.notation import Notation

if TYPE_CHECKING:
    from jinja2 import Template

FEWEST_FOR_CONTENTS = 3
FONT = "STIXTwoMath-subset.woff2"


def page(body: Body) -> str:
    """The whole file."""
    from markupsafe import Markup

    def html(element: Element | None) -> Markup:
        # ElementTree has escaped all text and every attribute.
        return Markup("" if element is None else tostring(element, "unicode", "html"))  # noqa: S704

    heading = html(_heading(body, "h1", body.article.title))
    text = html(body.element())
    rules = html(laws(body))
    if rules:
        body.contents.append((2, "rules", (translate(messages.RULES, body.language),)))
    return _template().render(
        language=body.language.replace("_", "-"),
        title=plain_words(body.article.title, body.printer.text),
        heading=heading,
        byline=html(_byline(body)),
        authors=[plain_words((author,), body.printer.text) for author in body.article.authors],
        date=plain_words((body.article.date,), body.printer.text),
        home=html(_home(body)),
        contents=[
            (level, anchor, html(_heading(body, "span", words)))
            for level, anchor, words in body.contents
        ],
        has_contents=len(body.contents) - bool(rules) >= FEWEST_FOR_CONTENTS,
        text=text,
        rules=rules,
        say={
            name.lower(): translate(getattr(messages, name), body.language)
            for name in ("CONTENTS", "NAVIGATION", "SKIP", "COPY", "COPIED")
        },
        style=Markup(_data("page.css").decode()),  # noqa: S704 - our own file
        font=font(),
        script=Markup(_script()),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode(),
    )


def plain_words(words: Words, notation: Notation) -> str:
    """Running text on one line, for the title of a window."""
    return " ".join(say(unmarked(words), notation).split())


def _heading(body: Body, tag: str, words: Words) -> Element:
    element = Element(tag)
    body.printer.words(element, words)
    return element


def _byline(body: Body) -> Element | None:
    """Who wrote it, and when."""
    if not body.article.byline:
        return None
    element = Element("p", {"class": "byline"})
    body.printer.words(element, (body.article.byline,))
    return element


def _home(body: Body) -> Element | None:
    """The way to the page that lists this one."""
    if not body.article.home:
        return None
    element = Element("p", {"class": "home"})
    words = (translate(messages.HOME, body.language),)
    body.printer.words(element, (Link(words, body.article.home),))
    return element


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: _data(name).decode()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


@lru_cache(maxsize=8)
def _data(name: str) -> bytes:
    return (files("symderiv.render.html") / name).read_bytes()


def _script() -> str:
    return _data("copy.js").decode()


@lru_cache(maxsize=1)
def font() -> str:
    """The font of mathematics as an address that holds it."""
    return "data:font/woff2;base64," + base64.b64encode(_data(FONT)).decode()
