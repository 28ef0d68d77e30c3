"""The `Derivation` that users hold: the record, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symderiv.api.matrix import Matrix
from symderiv.api.sizes import written_at
from symderiv.api.telling import Detail, Telling
from symderiv.core import derivation as record
from symderiv.core.errors import DataError, Unsupported
from symderiv.core.expr import Inert
from symderiv.core.messages import Sentence
from symderiv.core.model import Model

if TYPE_CHECKING:
    from symderiv.document.blocks import Document
    from symderiv.document.compose import Composer
    from symderiv.lower.function import CompiledFunction
    from symderiv.matrices.layout import Layout
    from symderiv.oracle.report import Report
    from symderiv.render.rendered import Rendered


@dataclass(frozen=True, slots=True, repr=False)
class Derivation(Telling, record.Derivation):
    """A chain of equal lines from ``goal`` to ``result``, each following by one named rule.

    ``goal`` is what was asked for, ``steps`` the rewrites (see `symderiv.core.derivation.Step`),
    ``given`` the facts it rests on, ``indices`` the free indices with their ranges, ``result`` a
    canonical SymPy expression.

    >>> import symderiv as sd
    >>> x = sd.scalar("x")
    >>> sd.derive(x**3, x).result
    3*x**2
    """

    @classmethod
    def of(cls, derivation: record.Derivation) -> Derivation:
        """The same derivation with the methods of this class."""
        return cls(*(getattr(derivation, f.name) for f in fields(record.Derivation)))

    @property
    def model(self) -> Model:
        """The names that the derivation rests on."""
        return Model.of(self.goal, self.last)

    # ------------------------------------------------------------ telling

    def document(self, detail: Detail = "normal", language: str = "en") -> Document:  # noqa: ARG002
        """The derivation as frozen blocks, its lemmas first; nothing in it depends on language."""
        from symderiv.document.narrate import document_of

        return document_of(self, detail)

    def compose(self, composer: Composer, report: Report | None = None) -> None:
        """Add the derivation to an article; with a report, what a check found of each line, too."""
        composer.derivation(
            self,
            proofs=report.proofs() if report is not None else None,
            verdict=report.words(composer.language) if report is not None else (),
            refuted=report is not None and not report.ok,
        )

    def rendered(self, form: str, **telling: Any) -> Rendered:
        """As `Telling.rendered`; JSON is what `from_json` reloads, with every detail and no title.

        Raises `DataError` where JSON is to hold what a check found.
        """
        if form != "json":
            return Telling.rendered(self, form, **telling)  # the class is remade for its slots
        from symderiv.render.rendered import Rendered

        if telling.get("check"):
            raise DataError(
                Sentence(
                    "JSON holds the derivation alone, to be loaded again, so what a check found "
                    "would be lost; leave check out, or save in another format"
                )
            )

        return Rendered(self.to_json().encode())

    def to_line(self, position: int, *, detail: Detail = "normal", language: str = "en") -> str:
        """One line alone in LaTeX, ``before = after``, for any display; positions count from 0."""
        from symderiv.render.latex import to_line

        return to_line(self, position, detail=detail, language=language)

    def to_json(self) -> str:
        """JSON with stable step ids; `from_json` reloads an equal derivation."""
        from symderiv.render.json import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Derivation:
        """Reload what `to_json` wrote; raises an error that names the fault in malformed data."""
        from symderiv.render.json import from_json

        return cls.of(from_json(text))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.goal} = {self.result}, {len(self.steps)} steps>"

    def _repr_mimebundle_(
        self,
        include: Any = None,  # noqa: ARG002  as IPython calls it
        exclude: Any = None,  # noqa: ARG002
        **options: Any,  # noqa: ARG002
    ) -> dict[str, str]:
        from symderiv.render.mime import mimebundle

        return mimebundle(self)

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return type(self).from_json, (self.to_json(),)

    # ------------------------------------------------------------ in matrices

    def matrix(self, *, batch: Any = None, layout: Layout = "numerator") -> Matrix | None:
        """The result in matrix notation, ``Xᵀ Z̄``; None where there is no such form.

        ``batch`` is the size that counts examples, or their index; the form is then that of one
        example, or the sum of all. A Jacobian is in numerator layout unless another is asked for.
        """
        from symderiv.matrices.batch import set_aside
        from symderiv.matrices.convert import matrix_form
        from symderiv.matrices.layout import in_layout

        aside = set_aside(batch, self.last, self.indices)
        form = matrix_form(self.last, self.indices, batch=aside)
        return None if form is None else Matrix(in_layout(form, self._derivative(), layout))

    def shapes(self, *, layout: Layout = "numerator") -> str:
        """The matrix form with the shape of every array in it, and the layout.

        >>> import symderiv as sd
        >>> n, m = sd.dims("n m")
        >>> x, W = sd.vector("x", n), sd.matrix("W", n, m)
        >>> print(sd.derive(sd.let("u", x @ W), x).shapes())
        ∂u/∂x = Wᵀ
        x: (n,), a column in matrix notation
        W: (n, m)
        ∂u/∂x: (m, n), numerator layout: a row for each entry of the numerator
        """
        from symderiv.render.notation.matrix_shapes import shape_text

        matrix = self.matrix(layout=layout)
        return shape_text(self._derivative(), matrix.form if matrix else None, layout)

    def _derivative(self) -> Inert:
        if not isinstance(self.goal, Inert):
            raise Unsupported(
                Sentence("{goal} is no derivative, so it has no matrix layout", goal=self.goal)
            )
        return self.goal

    # ------------------------------------------------------------ checking, running

    def check(self, *, seed: int = 0, **options: Any) -> Report:
        """Every step, lemmas too, and the goal against the result, by numbers at several sizes.

        A matrix form that is told after the last line is one more step, ``matrix.form``. The
        evaluator knows no rule; a wrong step is reported with its smallest counterexample.
        """
        from symderiv.oracle.check import check_derivation

        return check_derivation(self, seed=seed, **options)

    def lambdify(self, backend: str = "numpy") -> CompiledFunction:
        """A vectorised function of the model's arrays by name: ``f(z=…, y=…)``.

        Axes are those of the expression, then those of the variable; sizes come from the shapes.
        """
        from symderiv.lower import lower

        return lower(self.result, indices=self.indices, model=self.model, backend=backend)

    def at(self, **sizes: int) -> Derivation:
        """The derivation written out at concrete sizes, ``d.at(n=3)``: sums become terms."""
        return Derivation.of(written_at(self, sizes))

    def then(self, other: record.Derivation) -> Derivation:
        """This chain continued by another whose goal is this one's last line."""
        if other.goal not in (self.last, self.result):
            raise Unsupported(
                Sentence(
                    "cannot join: this derivation ends in {last}, the other begins with {goal}",
                    last=self.last,
                    goal=other.goal,
                )
            )
        if other.goal != self.last:
            raise Unsupported(
                Sentence("derive the other from this derivation itself, not from its result")
            )
        shift = len(self.stages)
        later = tuple(moved(step, shift) for step in other.steps)
        given = tuple(dict.fromkeys((*self.given, *other.given)))
        return Derivation(
            self.goal,
            self.steps + later,
            self.stages + other.stages,
            given,
            self.indices,
            other.last,
            other.result,
        )


def moved(step: record.Step, by: int) -> record.Step:
    """The step at a later stage."""
    parts = {f.name: getattr(step, f.name) for f in fields(record.Step)}
    return record.Step(**{**parts, "stage": step.stage + by})


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation(Derivation):
    """A derivation that ends in a number."""

    @property
    def value(self) -> Expr:
        """The exact value."""
        return self.result

    @property
    def decimal(self) -> float:
        """The value as a decimal."""
        return float(self.result)
