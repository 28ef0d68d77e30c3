"""What the names in a set of expressions are: declared, bound by a sum, or inferred from use.

An indexed name is an array of that rank, with the sizes of the sums that run over it. A name in a
function of a whole array (``softmax(z)``) is a vector. Any other undeclared name is a scalar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symderiv.core.errors import ParseError
from symderiv.core.messages import Sentence
from symderiv.parse.declare import Declaration, Kind, Size
from symderiv.parse.meant import doubt
from symderiv.parse.syntax import Call, Chain, Group, Index, Name, Node, Number, parts, walk

BINDERS = ("Sum", "Product", "Max", "Min")
OF_VECTORS: dict[str, Kind] = {
    **dict.fromkeys(("softmax", "log_softmax", "logsumexp"), "vector"),
    **dict.fromkeys(("sum", "mean", "prod", "max", "min"), "vector"),
    **dict.fromkeys(("entropy", "cross_entropy", "perplexity"), "distribution"),
    **dict.fromkeys(("kl_divergence", "js_divergence"), "distribution"),
}
SIZES = ("n", "m", "d", "r", "s")
CONSTANTS = ("pi", "π", "True", "False")


class NameFault(ParseError):
    """A name that cannot be understood; ``node`` is where, in one of several trees."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message, node.at)
        self.node = node


@dataclass(slots=True)
class _Use:
    """How a name is used: its ranks, and for each axis what is known about its size."""

    node: Node
    ranks: dict[int, Node] = field(default_factory=dict)
    sizes: dict[int, Size] = field(default_factory=dict)
    letters: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """What all names are: declarations, letters of indices, names of sizes.

    ``defined`` has the sizes of the names given by ``let`` that occur with indices.
    """

    declared: tuple[Declaration, ...]
    indices: frozenset[str]
    sizes: frozenset[str]
    defined: dict[str, tuple[Size, ...]]


def infer(
    trees: Iterable[Node],
    declared: Iterable[Declaration],
    defined: Iterable[str] = (),
    positive: Iterable[str] = (),
) -> Names:
    """The kinds of every name that occurs; ``defined`` are names given by ``let``.

    ``positive`` are names that were said to be positive, of whatever kind.

    Raises:
        ParseError: a name is used in two ways, or what it is cannot be told.
    """
    known = {d.name: d for d in declared}
    found = _Inference(tuple(trees), known, frozenset(defined), frozenset(positive))
    return found.names()


class _Inference:
    def __init__(
        self,
        trees: tuple[Node, ...],
        declared: dict[str, Declaration],
        defined: frozenset[str],
        positive: frozenset[str],
    ) -> None:
        self.trees = trees
        self.declared = declared
        self.defined = defined
        self.positive = positive
        self.uses: dict[str, _Use] = {}
        self.plain: dict[str, Node] = {}
        self.indices: dict[str, None] = {}
        self.ranges: dict[str, Size] = {}
        self.sizes: dict[str, None] = {}
        for declaration in declared.values():
            self.sizes.update((s, None) for s in declaration.sizes or () if isinstance(s, str))
        for tree in trees:
            self.read(tree, {})

    # ------------------------------------------------------------ reading

    def read(self, node: Node, bound: dict[str, Size | None]) -> None:
        """Note how each name below a node is used; ``bound`` are the indices in sight."""
        if isinstance(node, Index):
            self.read_index(node, bound)
        elif isinstance(node, Name):
            if node.name not in bound:
                self.plain.setdefault(node.name, node)
        elif isinstance(node, Call) and node.name in BINDERS:
            bound = self.read_limits(node, bound)
            for arg in node.args:
                if not isinstance(arg, Group):
                    self.read(arg, bound)
        else:
            for part in parts(node):
                self.read(part, bound)

    def read_limits(self, node: Call, bound: dict[str, Size | None]) -> dict[str, Size | None]:
        bound = dict(bound)
        for limit in reversed(node.args[1:]):
            if isinstance(limit, Group) and isinstance(limit.parts[0], Name):
                for end in limit.parts[1:]:
                    self.read(end, bound)
                    self.sizes.update((name, None) for name in _names(end) if name not in bound)
                letter = limit.parts[0].name
                bound[letter] = _size_of(limit.parts[-1])
                self.indices.setdefault(letter)
                size = bound[letter]
                if size is not None:
                    self.ranges.setdefault(letter, size)
        return bound

    def read_index(self, node: Index, bound: dict[str, Size | None]) -> None:
        use = self.uses.setdefault(node.name, _Use(node))
        use.ranks.setdefault(len(node.where), node)
        sizes = self.declared[node.name].sizes if node.name in self.declared else None
        for axis, where in enumerate(node.where):
            for part in walk(where):
                if isinstance(part, Index):
                    self.read_index(part, bound)
                elif isinstance(part, Name) and self.kind(part.name) is None:
                    self.indices.setdefault(part.name)
            if isinstance(where, Name):
                size = bound.get(where.name)
                if size is None and sizes is not None and axis < len(sizes):
                    self.ranges.setdefault(where.name, sizes[axis])
                if size is not None:
                    self.note_size(node, use, axis, size)
                else:
                    use.letters.setdefault(axis, where.name)

    def note_size(self, node: Index, use: _Use, axis: int, size: Size) -> None:
        known = use.sizes.setdefault(axis, size)
        if known != size and node.name not in self.declared and node.name not in self.defined:
            raise NameFault(
                Sentence(
                    "{name} is indexed up to {known} and up to {size}; declare its size, such as "
                    "--vector {bare}:{known}",
                    name=repr(node.name),
                    known=known,
                    size=size,
                    bare=node.name,
                ),
                node,
            )

    def kind(self, name: str) -> Kind | None:
        return self.declared[name].kind if name in self.declared else None

    # ------------------------------------------------------------ conclusions

    def names(self) -> Names:
        out = {name: self.completed(name) for name in self.declared}
        for name, use in self.uses.items():
            if name not in out and name not in self.defined:
                out[name] = self.array(name, use, "tensor")
        for tree in self.trees:
            for node in walk(tree):
                out |= self.of_call(node, out)
        for name, node in self.plain.items():
            if name in out or name in self.defined or name in CONSTANTS:
                continue
            if name not in self.indices and name not in self.sizes:
                if name not in self.positive and (said := doubt(name)):
                    raise NameFault(said, node)
                out[name] = Declaration("scalar", name, ())
            elif name in self.uses:
                raise NameFault(Sentence("{name} is an index and an array", name=repr(name)), node)
        defined = {
            name: self.array(name, use, "tensor").sizes or ()
            for name, use in self.uses.items()
            if name in self.defined
        }
        return Names(tuple(out.values()), frozenset(self.indices), frozenset(self.sizes), defined)

    def completed(self, name: str) -> Declaration:
        """A declared name, its sizes inferred if they were not given."""
        declaration = self.declared[name]
        if declaration.sizes is not None:
            return declaration
        if name in self.uses:
            return self.array(name, self.uses[name], declaration.kind)
        count = 2 if declaration.kind == "matrix" else 1
        sizes = tuple(self.default_size(k) for k in range(count))
        return Declaration(declaration.kind, name, sizes[::-1])

    def array(self, name: str, use: _Use, kind: Kind) -> Declaration:
        (rank, _), *others = use.ranks.items()
        if others:
            raise NameFault(
                Sentence(
                    "{name} has {rank} indices in one place, {others} here",
                    name=repr(name),
                    rank=rank,
                    others=others[0][0],
                ),
                others[0][1],
            )
        if name in self.indices:
            raise NameFault(Sentence("{name} is an index and an array", name=repr(name)), use.node)
        return Declaration(kind, name, tuple(self.axis(use, k) for k in range(rank)))

    def axis(self, use: _Use, k: int) -> Size:
        if k in use.sizes:
            return use.sizes[k]
        letter = use.letters.get(k)
        if letter is None:
            return self.default_size(k)
        if letter not in self.ranges:
            self.ranges[letter] = self.default_size(0, besides=self.ranges.values())
        return self.ranges[letter]

    def default_size(self, k: int, besides: Iterable[Size] = ()) -> str:
        """The k-th size name that nothing but a size bears, and that is none of ``besides``."""
        other = (*self.uses, *self.declared, *self.defined, *self.indices, *self.plain)
        taken = {*besides, *(name for name in other if name not in self.sizes)}
        free = [name for name in SIZES if name not in taken]
        name = free[k] if k < len(free) else f"n{k}"
        self.sizes.setdefault(name)
        return name

    def of_call(self, node: Node, known: dict[str, Declaration]) -> dict[str, Declaration]:
        """The vectors that the arguments of a function of whole arrays tell of."""
        if isinstance(node, Chain):
            for op, _, operand in node.rest:
                if op == "@":
                    self.refuse_undeclared((node.first, operand), known)
        if not isinstance(node, Call) or node.name not in OF_VECTORS:
            return {}
        if node.name in ("max", "min") and len(node.args) > 1:
            return {}
        sizes = [
            known[name].sizes
            for arg in node.args
            for name in _names(arg)
            if name in known and known[name].sizes
        ]
        size = (sizes[0] or (None,))[-1] if sizes else None
        out: dict[str, Declaration] = {}
        for arg in node.args:
            name = self.only_candidate(arg, known)
            if name is not None:
                kind = OF_VECTORS[node.name]
                kind = kind if isinstance(arg, Name) else "vector"
                out[name] = Declaration(kind, name, (size or self.default_size(0),))
        return out

    def only_candidate(self, arg: Node, known: dict[str, Declaration]) -> str | None:
        bound = {
            node.parts[0].name
            for node in walk(arg)
            if isinstance(node, Group) and isinstance(node.parts[0], Name)
        }
        inside = [name for name in _names(arg) if name not in bound and name not in CONSTANTS]
        if any(name in self.defined or (name in known and known[name].sizes) for name in inside):
            return None
        free = [name for name in inside if name not in known and name not in self.indices]
        if len(free) > 1:
            raise NameFault(
                Sentence(
                    "which of {free} is a vector? declare it, such as --vector {first}",
                    free=", ".join(free),
                    first=free[0],
                ),
                arg,
            )
        return free[0] if free else None

    def refuse_undeclared(self, operands: tuple[Node, ...], known: dict[str, Declaration]) -> None:
        for operand in operands:
            if isinstance(operand, Name) and operand.name not in {*known, *self.defined}:
                raise NameFault(
                    Sentence(
                        "{name} in a matrix product is not declared; write --matrix {bare}:m,n or "
                        "--vector {bare}:n",
                        name=repr(operand.name),
                        bare=operand.name,
                    ),
                    operand,
                )


def _names(node: Node) -> Iterator[str]:
    """The names that stand alone, each once, in reading order."""
    return iter(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Name)))


def _size_of(node: Node) -> Size | None:
    """The size that an upper limit tells of: ``n``, ``3``, or the one name in ``n - 1``."""
    if isinstance(node, Number):
        return int(node.value) if node.value.denominator == 1 and node.value >= 1 else None
    inside = list(_names(node))
    return inside[0] if len(inside) == 1 else None
