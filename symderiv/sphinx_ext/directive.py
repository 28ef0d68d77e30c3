"""The directive: what a page states, to an article, to nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from symderiv.core.errors import DataError
from symderiv.core.messages import Sentence, printed, said_by
from symderiv.document.article import Told
from symderiv.document.blocks import Words
from symderiv.document.compose import Composer
from symderiv.document.messages import known_language, translate
from symderiv.document.messages import told as in_language
from symderiv.document.narrate import DETAILS
from symderiv.document.words import spoken
from symderiv.parse import KINDS
from symderiv.publish.inline import Reader
from symderiv.publish.place import CheckFailed, SourceError, Text
from symderiv.publish.registry import carry_out
from symderiv.publish.session import Session
from symderiv.publish.settings import Settings
from symderiv.publish.source import inline
from symderiv.publish.statement import Statement, statements
from symderiv.render.text import text as written
from symderiv.sphinx_ext.tree import Tree

logger = logging.getLogger(__name__)
_KEY = "symderiv"
_TELLING = ("label", "title", "detail", "check")
_DECLARING = (*(kind.replace("_", "-") for kind in KINDS), "positive", "function", "let")


class DerivationDirective(SphinxDirective):
    """``derivation``: see `symderiv.sphinx_ext`."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = dict.fromkeys(
        (*_TELLING, *_DECLARING, "wrt", "to", "facts", "language"), directives.unchanged
    )

    def run(self) -> list[nodes.Node]:
        """The nodes; a warning where there is something wrong, and what went well before it."""
        try:
            session = self.session()
            composer = session.composer
            spoken = self.options.get("language") or session.settings.language
            composer.language = self.spoken(spoken)
            return self.told(session)
        except SourceError as error:
            self.warn(error)
            return []

    def told(self, session: Session) -> list[nodes.Node]:
        composer = session.composer
        composer.blocks, session.failures = [], []
        failures: dict[str, list[Words]] = {}
        try:
            for statement in self.stated():
                with self.judged(session, failures):
                    carry_out(statement, session)
        except SourceError as error:
            self.warn(error)
        for failure in session.failures:
            self.warn(failure)
        try:
            article = composer.article(())
        except DataError as error:
            raise self.wrong(said_by(error)) from None
        finally:
            composer.blocks = []
        return Tree(self, article, composer.others, failures).made()

    @contextmanager
    def judged(self, session: Session, failures: dict[str, list[Words]]) -> Iterator[None]:
        """Note under the first derivation that is told within why its check failed."""
        composer, failed = session.composer, len(session.failures)
        before = len(composer.blocks)
        try:
            yield
        except CheckFailed as failure:
            session.failures.append(failure)
        told = [block for block in composer.blocks[before:] if isinstance(block, Told)]
        why = [spoken(said_by(e), session.language) for e in session.failures[failed:]]
        if told and why:
            failures[told[0].anchor] = why

    # ------------------------------------------------------------ what is stated

    def stated(self) -> Iterator[Statement]:
        """The statements that the directive stands for."""
        if not self.arguments:
            yield from self.body()
            return
        if self.content:
            raise self.wrong(Sentence("give a name or an expression, or statements, not both"))
        subject = self.text(self.arguments[0])
        if "wrt" in self.options:
            yield from self.derived(subject)
        else:
            yield self.entry(subject)

    def body(self) -> Iterator[Statement]:
        if not self.content:
            raise self.wrong(Sentence("expected a name of the catalog, or statements below"))
        self.refuse((), Sentence("statements have options of their own"))
        yield from statements(Text("\n".join(self.content), self.file, self.first_line()))

    def derived(self, expression: Text) -> Iterator[Statement]:
        for word in _DECLARING:
            for text in self.listed(word):
                yield Statement(word, text, text)
        by = ", ".join(text.text for text in self.listed("wrt"))
        whole = replace(expression, text=f"{expression.text} by {by}")
        yield Statement("derive", whole, whole, self.given((*_TELLING, "to", "facts")))

    def entry(self, name: Text) -> Statement:
        """The parts of an entry of the catalog; title and sentence are the page's own."""
        known = ("label", "detail", "check")
        self.refuse(known, Sentence("an expression also needs :wrt:"))
        return Statement("catalog", name, name, {**self.given(known), "heading": self.text("no")})

    def refuse(self, known: tuple[str, ...], why: str) -> None:
        """Options that mean nothing here."""
        for key in self.options:
            if key not in (*known, "language"):
                raise self.wrong(
                    Sentence("the option {key} means nothing here; {why}", key=key, why=why)
                )

    def wrong(self, message: str) -> SourceError:
        """An error about the directive."""
        return SourceError(message, self.text("").at(0))

    def given(self, keys: tuple[str, ...]) -> dict[str, Text]:
        return {key: self.text(self.options[key]) for key in keys if key in self.options}

    def listed(self, key: str) -> list[Text]:
        """The values of an option, between semicolons or in lines of their own."""
        parts = self.options.get(key, "").replace("\n", ";").split(";")
        return [self.text(part.strip()) for part in parts if part.strip()]

    # ------------------------------------------------------------ places

    @property
    def file(self) -> str:
        """The file that the directive stands in."""
        return str(self.get_source_info()[0])

    def text(self, text: str) -> Text:
        """A text on the line of the directive."""
        return Text(text, self.file, self.lineno)

    def first_line(self) -> int:
        """The line of the first statement, from 1; MyST counts from the directive on."""
        counted = type(self.state).__module__.startswith("myst_parser")
        return int(self.content_offset) + 1 + (self.lineno if counted else 0)

    def warn(self, error: SourceError) -> None:
        """A warning with its place, which ``-W`` turns into a failure."""
        place = error.place
        kind = "check" if isinstance(error, CheckFailed) else "statement"
        location = f"{place.file}:{place.line}" if place.line else place.file
        said = in_language(printed(said_by(error), written), self.of_warnings())
        logger.warning("%s", said, location=location, type="symderiv", subtype=kind)

    def of_warnings(self) -> str:
        """The language of the project, as in what Sphinx says, where symderiv has it."""
        try:
            return known_language(self.config.language or "en")
        except ValueError:
            return "en"

    # ------------------------------------------------------------ the page

    def session(self) -> Session:
        """What the page has come to so far."""
        known = self.env.temp_data.get(_KEY)
        if isinstance(known, Session):
            return known
        settings = self.settings()
        reader = Reader(self.file, ())
        composer = Composer(settings.language, settings.detail, cited=False)
        folder = Path(self.env.doc2path(self.env.docname)).parent
        made = Session(settings, composer, lambda piece: inline(reader, piece), folder)
        self.env.temp_data[_KEY] = made
        return made

    def settings(self) -> Settings:
        """What ``conf.py`` says."""
        config = self.config
        detail, seed = config.symderiv_detail, config.symderiv_seed
        if detail not in DETAILS:
            raise self.wrong(
                Sentence(
                    "symderiv_detail = {given} in conf.py: choose one of {known}",
                    given=repr(detail),
                    known=", ".join(DETAILS),
                )
            )
        if not isinstance(seed, int):
            raise self.wrong(
                Sentence(
                    "symderiv_seed = {given} in conf.py: expected a whole number", given=repr(seed)
                )
            )
        language = self.spoken(config.symderiv_language or config.language or "en")
        return Settings(language, detail, config.symderiv_check, seed)

    def spoken(self, language: str) -> str:
        """The language, as symderiv writes it."""
        try:
            translate("chain rule", language)
        except ValueError as error:
            raise self.wrong(said_by(error)) from None
        return language
