"""How a derivation, or a whole backward pass, is told: in every format, by the same methods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from symderiv.core.errors import DataError
from symderiv.core.messages import ABOUT, Sentence, said_by

if TYPE_CHECKING:
    from symderiv.document.article import Article
    from symderiv.document.blocks import Document
    from symderiv.document.compose import Composer
    from symderiv.oracle.report import Report
    from symderiv.render.rendered import Rendered

Detail = Literal["brief", "normal", "full"]


class Telling(ABC):
    """What can be told; `document` says as what, `compose` how it enters an article."""

    __slots__ = ()

    @abstractmethod
    def document(self, detail: Detail = "normal", language: str = "en") -> Document:
        """The blocks of the derivation, without notation."""

    @abstractmethod
    def compose(self, composer: Composer, report: Report | None = None) -> None:
        """Add the blocks to an article; with a report, what a check found of each line, too."""

    @abstractmethod
    def check(self, *, seed: int = 0, **options: Any) -> Report:
        """Test every step with numbers."""

    # ------------------------------------------------------------ fragments

    def to_text(self, *, detail: Detail = "normal", language: str = "en") -> str:
        """Unicode text, aligned at ``=``, the rule on the right."""
        from symderiv.render.text import to_text

        return to_text(self.document(detail, language), language=language)

    def to_latex(
        self, *, detail: Detail = "normal", language: str = "en", document: bool = False
    ) -> str:
        """LaTeX rows for ``align*``; a whole file with ``document=True``."""
        from symderiv.render import latex

        tell = latex.to_document if document else latex.to_latex
        return tell(self.document(detail, language), language=language)

    def to_mathml(self, *, detail: Detail = "normal", language: str = "en") -> str:
        """MathML Core, one ``<math>`` a cell, the LaTeX as annotation."""
        from symderiv.render.mathml import to_mathml

        return to_mathml(self.document(detail, language), language=language)

    # ------------------------------------------------------------ whole files

    def article(
        self,
        *,
        title: str = "",
        detail: Detail = "normal",
        language: str = "en",
        check: bool = False,
    ) -> Article:
        """An article that tells this and nothing else; with ``check``, what a check found, too."""
        from symderiv.document.compose import Composer

        composer = Composer(language=language, detail=detail, finer=True)
        self.compose(composer, self.check() if check else None)
        return composer.article((title,) if title else ())

    def rendered(self, form: str, **telling: Any) -> Rendered:
        """A file in a format of `symderiv.render.FORMATS`; ``telling`` are options of `article`."""
        from symderiv.render import article_renderer

        return article_renderer(form)(self.article(**telling))

    def to_html(self, **telling: Any) -> str:
        """A page of its own, readable without a network and without a script.

        >>> import symderiv as sd
        >>> x = sd.scalar("x")
        >>> "</math>" in sd.derive(x**2, x).to_html(title="A square", check=True)
        True
        """
        return self.rendered("html", **telling).data.decode()

    def to_markdown(self, **telling: Any) -> str:
        """Markdown with formulas between ``$$``, as GitHub and Pandoc read them."""
        return self.rendered("markdown", **telling).data.decode()

    def to_typst(self, **telling: Any) -> str:
        """A document for Typst."""
        return self.rendered("typst", **telling).data.decode()

    def to_pdf(self, **telling: Any) -> bytes:
        """A document on paper; needs the extra ``pdf``."""
        return self.rendered("pdf", **telling).data

    def save(self, path: str | Path, **telling: Any) -> Path:
        """Write a file of its own, in the format of its suffix, and what it needs beside it.

        Options are those of `article`: ``title``, ``detail``, ``language`` and ``check``. The JSON
        of a derivation holds it alone, to be loaded again: every detail, no title and no check.

        >>> import symderiv as sd, tempfile
        >>> x = sd.scalar("x")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sd.derive(x**2, x).save(f"{folder}/square.txt").name
        'square.txt'

        Raises `DataError` for a suffix that no format has, with those that there are.
        """
        from symderiv.render import format_of

        path = Path(path)
        try:
            form = format_of(path.suffix)
        except ValueError as error:
            raise DataError(Sentence(ABOUT, what=repr(str(path)), said=said_by(error))) from None
        self.rendered(form, **telling).write(path)
        return path

    def __str__(self) -> str:
        return self.to_text()
