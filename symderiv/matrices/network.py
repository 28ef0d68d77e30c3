"""A product of vectors and matrices over index letters, some of the letters summed over.

Letters are points, and a matrix joins two of them. A sum over a letter takes its point away: by a
matrix product where two matrices meet there, by a matrix times a vector where one does. Where
three matrices meet at every summed letter there is no matrix form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sympy import Expr, S, Symbol

from symderiv.matrices.build import dot, hadamard, matmul, scaled, trace, transpose
from symderiv.matrices.form import Diag, Fill, Identity, MatrixForm, Ones, Scalar, Scale

Pair = tuple[Symbol, Symbol]


class NoFormError(Exception):
    """There is no matrix form; caught before anyone sees it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A form and the letters that its rows and columns count; none for a number."""

    form: MatrixForm
    axes: tuple[Symbol, ...] = ()

    def over(self, axes: tuple[Symbol, ...], ranges: dict[Symbol, Expr]) -> MatrixForm:
        """The same entries with these axes; along one that it does not have, they repeat."""
        if not set(self.axes) <= set(axes) or len(axes) > 2:
            raise NoFormError
        if self.axes == axes:
            return self.form
        sizes = [ranges[v] for v in axes]
        if not self.axes:
            rows, columns = [*sizes, S.One][:2]
            return scaled([self.form], Fill(Scalar(S.One), (rows, columns)))
        if len(self.axes) == 2:
            return transpose(self.form)
        if self.axes[0] == axes[0]:
            return matmul(self.form, transpose(Ones(sizes[1])))
        return matmul(Ones(sizes[0]), transpose(self.form))


@dataclass(slots=True)
class Network:
    """The factors of a product, sorted by the letters they have."""

    ranges: dict[Symbol, Expr]
    numbers: list[MatrixForm] = field(default_factory=list)
    vectors: dict[Symbol, list[MatrixForm]] = field(default_factory=dict)
    matrices: dict[Pair, list[MatrixForm]] = field(default_factory=dict)

    def put(self, part: Part) -> None:
        """One more factor."""
        form = part.form
        while isinstance(form, Scale):
            self.numbers.append(form.factor)
            form = form.arg
        if not part.axes:
            self.numbers.append(form)
        elif isinstance(form, Fill):
            self.numbers.append(form.value)
        elif len(part.axes) == 1:
            self.vectors.setdefault(part.axes[0], []).append(form)
        else:
            a, b = part.axes
            if (b, a) in self.matrices:
                self.matrices[b, a].append(transpose(form))
            else:
                self.matrices.setdefault((a, b), []).append(form)

    # ------------------------------------------------------------ sums

    def sum_over(self, letters: Iterable[Symbol]) -> None:
        """Sum over letters, those where fewest matrices meet first."""
        todo = list(letters)
        while todo:
            todo.sort(key=lambda s: len(self._at(s)))
            s = todo.pop(0)
            closed = self._trace(s, todo)
            if closed is None:
                self._sum(s)
            else:
                todo.remove(closed)

    def _at(self, s: Symbol) -> list[Pair]:
        return [pair for pair in self.matrices if s in pair]

    def _trace(self, s: Symbol, todo: list[Symbol]) -> Symbol | None:
        """Sum over s and a second letter at once where they meet in one product of matrices."""
        pairs = self._at(s)
        if len(pairs) != 1 or len(self.matrices[pairs[0]]) < 2:
            return None
        t = _other(pairs[0], s)
        if t not in todo or len(self._at(t)) > 1 or s in self.vectors or t in self.vectors:
            return None
        forms = self.matrices.pop(pairs[0])
        self.numbers.append(trace(hadamard(forms[:-1]), forms[-1]))
        return t

    def _sum(self, s: Symbol) -> None:
        pairs = self._at(s)
        vectors = self.vectors.pop(s, [])
        if not pairs:
            self.numbers.append(dot(vectors) if vectors else Scalar(self.ranges[s]))
        elif len(pairs) == 1:
            t, form = self._take(pairs[0], s)
            by = hadamard(vectors) if vectors else Ones(self.ranges[s])
            self.put(Part(matmul(transpose(form), by), (t,)))
        elif len(pairs) == 2:
            (t, left), (u, right) = (self._take(pair, s) for pair in pairs)
            between = [Diag(hadamard(vectors))] if vectors else []
            self.put(Part(matmul(transpose(left), *between, right), (t, u)))
        else:
            raise NoFormError

    def _take(self, pair: Pair, s: Symbol) -> tuple[Symbol, MatrixForm]:
        """Remove the matrix of a pair: its other letter, and the form with s for its rows."""
        form = hadamard(self.matrices.pop(pair))
        return _other(pair, s), form if pair[0] == s else transpose(form)

    # ------------------------------------------------------------ what is left

    def result(self) -> Part:
        """The product of what is left, which may have two letters at most."""
        left = {*self.vectors, *(s for pair in self.matrices for s in pair)}
        axes = tuple(s for s in self.ranges if s in left)
        if len(axes) > 2:
            raise NoFormError
        if self.matrices:
            ((pair, forms),) = self.matrices.items()
            return self._scaled(self._matrix(pair, forms), pair)
        columns = [hadamard(self.vectors[s]) for s in axes]
        if len(columns) == 2:
            return self._scaled(matmul(columns[0], transpose(columns[1])), axes)
        return self._scaled(columns[0] if columns else Scalar(S.One), axes)

    def _matrix(self, pair: Pair, forms: list[MatrixForm]) -> MatrixForm:
        """The matrices of a pair of letters and the vectors on either side of them."""
        sides = [self.vectors.get(s, []) for s in pair]
        units = [form for form in forms if isinstance(form, Identity)]
        others = [form for form in forms if not isinstance(form, Identity)]
        if units and not others:
            both = [*sides[0], *sides[1]]
            return Diag(hadamard(both)) if both else units[0]
        inside = hadamard([*others, *units[:1]])
        row, column = ([Diag(hadamard(side))] if side else [] for side in sides)
        return matmul(*row, inside, *column)

    def _scaled(self, form: MatrixForm, axes: tuple[Symbol, ...]) -> Part:
        return Part(scaled(self.numbers, form), axes)


def _other(pair: Pair, s: Symbol) -> Symbol:
    return pair[1] if pair[0] == s else pair[0]
