"""The rules that a page uses, each with its law."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from symderiv.document.laws import explanation, law
from symderiv.document.messages import translate
from symderiv.document.narrate import rule_named
from symderiv.document.words import rule_anchor
from symderiv.render.html.body import Body
from symderiv.render.mathml.printer import write
from symderiv.render.names import visible
from symderiv.render.words import RULES


def laws(to: Body) -> Element | None:
    """A section with every rule that the lines name; None where they name none."""
    names = to.article.rules()
    if not names:
        return None
    labelled = {"class": "rules", "id": "rules", "aria-labelledby": "rules-title"}
    section = Element("section", labelled)
    title = SubElement(section, "h2", {"id": "rules-title"})
    title.text = translate(RULES, to.language)
    listed = SubElement(section, "dl")
    for name in names:
        _law(to, listed, name)
    return section


def _law(to: Body, listed: Element, name: str) -> None:
    rule = rule_named(name)
    group = to.named("div", rule_anchor(name).removeprefix("#"))
    listed.append(group)
    term = SubElement(group, "dt")
    term.text = visible(name) if rule is None else translate(rule.title, to.language)
    if rule is None:
        return
    sentence = explanation(rule, to.language)
    if sentence:
        _marked(SubElement(group, "dd"), sentence)
    SubElement(group, "dd", {"class": "law"}).append(to.printer.authored(law(rule, to.language)))


def _marked(parent: Element, sentence: str) -> None:
    """The sentence, with what stands between backquotes in a fixed width."""
    for position, part in enumerate(sentence.replace("``", "`").split("`")):
        if position % 2:
            SubElement(parent, "code").text = visible(part)
        else:
            write(parent, visible(part))
