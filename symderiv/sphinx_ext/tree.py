"""The blocks of an article as nodes of a document tree."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from symderiv.core.messages import N_
from symderiv.document.article import (
    Article,
    Block,
    Code,
    Display,
    Figure,
    Footnotes,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Table,
    Terms,
    Told,
)
from symderiv.document.blocks import Break, Formula, Link, Styled, Words
from symderiv.document.messages import translate
from symderiv.document.words import lemma_anchor
from symderiv.publish.session import is_kept
from symderiv.render.layout import Section, shown_sections
from symderiv.render.names import visible
from symderiv.render.sentences import formulas
from symderiv.render.writing import BlockWriter
from symderiv.sphinx_ext import nodes as ours
from symderiv.sphinx_ext.others import note_other
from symderiv.sphinx_ext.printing import Printing
from symderiv.sphinx_ext.rules import RULE

if TYPE_CHECKING:
    from sphinx.util.docutils import SphinxDirective

_STYLES: dict[str, Callable[[], Any]] = {
    "emphasis": nodes.emphasis,
    "strong": nodes.strong,
    "code": nodes.literal,
    "deleted": lambda: nodes.inline(classes=["deleted"]),
}
FAILED = N_("The check failed")
_SCHEMES = ("http://", "https://", "mailto:")


class Tree(BlockWriter[nodes.Element | None]):
    """Makes the nodes of one directive; labels enter the page and the domain of equations.

    What only a whole page has becomes None: dividers and footnotes.
    """

    def __init__(
        self,
        directive: SphinxDirective,
        article: Article,
        others: Mapping[str, str],
        failures: Mapping[str, Sequence[Words]],
    ) -> None:
        """``others`` are second labels of equations, each with the first; ``failures`` tell by the
        anchor of a derivation why its check failed.
        """
        self.directive = directive
        self.others, self.failures = others, failures
        self.article = article
        self.printing = Printing(article)

    def made(self) -> list[nodes.Node]:
        """The nodes of all blocks."""
        return list(self.blocks(self.article.blocks))

    def blocks(self, blocks: Sequence[Block]) -> Iterator[nodes.Node]:
        """The nodes of some blocks."""
        for block in blocks:
            node = self.block(block)
            if node is not None:
                yield node

    # ------------------------------------------------------------ derivations

    def told(self, block: Told) -> nodes.Element:
        """A derivation with its lemmas, and what a check said."""
        root = self.numbered(ours.derivation(), block.anchor)
        if block.anchor in self.failures:
            root += self.failed(self.failures[block.anchor])
        number = int(bool(root["label"]))  # which it is, the project counts
        printed = shown_sections(
            block.document, self.printing.latex, self.article.language, number=number
        )
        for part in printed:
            root += self.part(part, last=part is printed[-1])
        if block.verdict:
            root += self.filled(nodes.paragraph(classes=["verdict"]), block.verdict)
        return root

    def failed(self, why: Sequence[Words]) -> nodes.Element:
        """Why what stands below did not pass the test with numbers."""
        title = translate(FAILED, self.article.language)
        box = nodes.admonition("", nodes.title("", title), classes=["error", "derivation-failed"])
        box += [self.filled(nodes.paragraph(), words) for words in why]
        return box

    def part(self, part: Section, *, last: bool) -> list[nodes.Node]:
        """A sentence and the lines below it."""
        heading = (Styled("strong", (part.heading,)),) if part.kind == "lemma" else (part.heading,)
        comma = (", ",) if part.heading and part.conditions else ()
        words = (*(heading if part.heading else ()), *comma, *part.conditions)
        made: list[nodes.Node] = []
        if part.number:
            place = nodes.target("", "", ids=[lemma_anchor(part.number)[1:]])
            made.append(self.placed(place))
        if words:
            made.append(self.filled(nodes.paragraph(), (*words, ":")))
        texts = self.printing.texts(part.rows)
        latex = self.printing.rows(part.rows)
        lines = ours.derivation_lines(latex=latex, text=texts, last=last)
        for row, line in zip(part.rows, self.printing.lines(part.rows), strict=True):
            lines += self.filled(line, row.reason)
        made.append(lines)
        return made

    def placed(self, node: nodes.Element) -> nodes.Element:
        self.directive.state.document.note_explicit_target(node)
        return node

    def numbered(self, node: nodes.Element, label: str) -> nodes.Element:
        """An equation of the domain, where an author gave it a label."""
        env = self.directive.env
        node["docname"], node["label"], node["number"] = env.docname, None, None
        self.directive.set_source_info(node)
        if label and not is_kept(label):
            equations = env.domains.math_domain
            equations.note_equation(env.docname, label, location=node)
            node["label"], node["number"] = label, equations.get_equation_number_for(label)
            node["ids"] = [nodes.make_id(f"equation-{label}")]
            for other, first in self.others.items():
                if first == label:
                    note_other(env, other, label)
            self.placed(node)
        return node

    # ------------------------------------------------------------ other blocks

    def heading(self, block: Heading) -> nodes.Element:
        return self.filled(nodes.rubric(), block.words)

    def paragraph(self, block: Paragraph) -> nodes.Element:
        return self.filled(nodes.paragraph(), block.words)

    def quote(self, block: Quote) -> nodes.Element:
        return nodes.block_quote("", *self.blocks(block.blocks))

    def code(self, block: Code) -> nodes.Element:
        return nodes.literal_block(block.text, block.text, language=block.language or "none")

    def divider(self) -> None:
        """None of its own: the page around it is Sphinx's."""

    def footnotes(self, block: Footnotes) -> None:
        """None: a directive has no footnotes, and the page its own."""

    def display(self, block: Display) -> nodes.Element:
        shown = nodes.math_block(block.latex, block.latex, **{"no-wrap": False, "nowrap": False})
        return self.numbered(shown, block.anchor)

    def listing(self, block: Listing) -> nodes.Element:
        start = block.start
        listed = nodes.bullet_list() if start is None else nodes.enumerated_list(start=start)
        for item in block.items:
            listed += nodes.list_item("", *self.blocks(item))
        return listed

    def terms(self, block: Terms) -> nodes.Element:
        listed = nodes.definition_list()
        for term in block.items:
            item = nodes.definition_list_item("", self.filled(nodes.term(), term.words))
            for meaning in term.meanings:
                item += nodes.definition("", *self.blocks(meaning))
            listed += item
        return listed

    def table(self, block: Table) -> nodes.Element:
        columns = max([len(block.head), *map(len, block.rows)])
        table = nodes.table(align="default")
        if block.caption:
            table += self.filled(nodes.title(), block.caption)
        self.labelled(table, block.anchor)
        group = nodes.tgroup(cols=columns)
        table += group
        for _ in range(columns):
            group += nodes.colspec(colwidth=100 // columns)
        if any(block.head):
            group += nodes.thead("", self.row(block.head, columns))
        group += nodes.tbody("", *(self.row(row, columns) for row in block.rows))
        return table

    def row(self, cells: Sequence[Words], columns: int) -> nodes.Element:
        row = nodes.row()
        for cell in [*cells, *[()] * columns][:columns]:
            row += nodes.entry("", self.filled(nodes.paragraph(), cell))
        return row

    def figure(self, block: Figure) -> nodes.Element:
        drawn = block.picture
        pdf = b64encode(drawn.pdf).decode("ascii")
        figure = nodes.figure("", ours.derivation_picture(svg=drawn.svg, pdf=pdf, alt=drawn.alt))
        if block.caption:
            figure += self.filled(nodes.caption(), block.caption)
        return self.labelled(figure, block.anchor)

    def labelled(self, node: nodes.Element, label: str) -> nodes.Element:
        """A target for ``:ref:`` and ``:numref:``, where an author gave it a label."""
        if label and not is_kept(label):
            node["names"] = [nodes.fully_normalize_name(label)]
            self.placed(node)
        return node

    # ------------------------------------------------------------ words

    def filled(self, parent: Any, words: Words) -> Any:
        """The node with running text in it."""
        for part in formulas(words, linked=True):
            if isinstance(part, tuple):
                parent += self.printing.formula(part)
            elif isinstance(part, Formula):
                parent += self.printing.authored(part.latex)
            elif isinstance(part, Link):
                parent += self.link(part)
            elif isinstance(part, Styled):
                parent += self.filled(_STYLES[part.style](), part.words)
            else:
                parent += nodes.Text(" " if isinstance(part, Break) else visible(str(part)))
        return parent

    def link(self, link: Link) -> nodes.Element:
        """To a lemma of the page, a rule, an equation, or an address."""
        label = link.target.removeprefix("#")
        if label == link.target:
            known = link.target.startswith(_SCHEMES)
            outer = nodes.reference(refuri=link.target) if known else nodes.inline()
            return self.filled(outer, link.words)
        if label.startswith("lemma-"):
            return self.filled(nodes.reference("", "", internal=True, refid=label), link.words)
        if label.startswith("rule-"):
            outer = addnodes.pending_xref(
                "",
                refdomain="",
                reftype=RULE,
                reftarget=label,
                refdoc=self.directive.env.docname,
                refwarn=False,
            )
        else:
            outer = addnodes.pending_xref(
                "", refdomain="math", reftype="eq", reftarget=label,
                refdoc=self.directive.env.docname, refexplicit=True, refwarn=True,
            )  # fmt: skip
        outer += self.filled(nodes.inline(), link.words)
        return outer
