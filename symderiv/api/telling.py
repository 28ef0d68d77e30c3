"""How a derivation, or a whole backward pass, is told: in every format, by the same methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from symderiv.core.errors import DataError

if TYPE_CHECKING:
    from symderiv.document.article import Article
    from symderiv.document.blocks import Document
    from symderiv.document.compose import Composer

Detail = Literal["brief", "normal", "full"]


class Telling:
    """What can be told; `document` says as what, `compose` how it enters an article."""

    __slots__ = ()

    def document(self, detail: Detail = "normal", language: str = "en") -> Document:
        """The blocks of the derivation, without notation."""
        raise NotImplementedError

    def compose(self, composer: Composer) -> None:
        """Add the blocks to an article."""
        raise NotImplementedError

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
        self, *, title: str = "", detail: Detail = "normal", language: str = "en"
    ) -> Article:
        """An article that tells this and nothing else."""
        from symderiv.document.compose import Composer

        composer = Composer(language=language, detail=detail, finer=True)
        self.compose(composer)
        return composer.article((title,) if title else ())

    def save(
        self,
        path: str | Path,
        *,
        title: str = "",
        detail: Detail = "normal",
        language: str = "en",
    ) -> Path:
        """Write a file of its own, in the format of its suffix, and what it needs beside it.

        >>> import symderiv as sd, tempfile
        >>> x = sd.scalar("x")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sd.derive(x**2, x).save(f"{folder}/square.txt").name
        'square.txt'

        Raises `DataError` for a suffix that no format has, with those that there are.
        """
        from symderiv.render import article_renderer, format_of

        path = Path(path)
        try:
            form = format_of(path.suffix)
        except ValueError as error:
            raise DataError(f"{str(path)!r}: {error}") from None
        made = article_renderer(form)(self.article(title=title, detail=detail, language=language))
        made.write(path)
        return path

    def __str__(self) -> str:
        return self.to_text()
