"""Networks, tables and pictures of statements in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderiv.model.layers.activation import ACTIVATIONS
from symderiv.parse.grammar import parse_text
from symderiv.parse.syntax import Call, Name, Node
from symderiv.publish.marks import marks
from symderiv.publish.place import Text
from symderiv.publish.statement import Statement, listed
from symderiv.publish.to_python import Unwritten, identifier, python, quoted
from symderiv.publish.values import number, plain, values

if TYPE_CHECKING:
    from symderiv.parse import Vocabulary
    from symderiv.publish.transcript import Transcript


def network(s: Statement, to: Transcript, scope: Vocabulary) -> str:
    """The call that makes a network, after lines for the names in it."""
    layers = ", ".join(
        _layer(parse_text(part.text), to, scope) for part in listed(s.options["layers"])
    )
    given = [key for key in ("input", "target") if key in s.options]
    parts = [f"[{layers}]", *(f"{key}={_array(s.options[key].text, to, scope)}" for key in given)]
    if "loss" in s.options:
        parts.append(f"loss={_loss(parse_text(s.options['loss'].text), to, scope)}")
    return f"sd.Network({', '.join(parts)})"


def _array(text: str, to: Transcript, scope: Vocabulary) -> str:
    """A declaration, ``matrix x: N, n``, or a name."""
    _, _, rest = text.partition(" ")
    return to.said((rest.partition(":")[0] or text).strip(), scope)


def _layer(node: Node, to: Transcript, scope: Vocabulary) -> str:
    from symderiv.publish.statements.network import layer_classes

    if not isinstance(node, (Name, Call)):
        raise Unwritten("a layer")
    known = layer_classes()
    args = [_argument(arg, to, scope) for arg in node.args] if isinstance(node, Call) else []
    if isinstance(node, Call):
        args += [f"{key}={_argument(value, to, scope)}" for key, _, value in node.options]
    if node.name in known:
        return f"sd.layers.{known[node.name].__name__}({', '.join(args)})"
    return f"sd.layers.Activation({', '.join([quoted(node.name), *args])})"


def _argument(node: Node, to: Transcript, scope: Vocabulary) -> str:
    from symderiv.publish.statements.network import layer_classes

    known = layer_classes()
    if isinstance(node, (Name, Call)) and node.name in known:
        return _layer(node, to, scope)
    if isinstance(node, Name) and node.name in ACTIVATIONS and node.name not in scope.values:
        return _layer(node, to, scope)
    if isinstance(node, Name) and node.name not in ("True", "False"):
        to.size(node.name, scope)
        return identifier(node.name)
    return python(node, scope.values)


def _loss(node: Node, to: Transcript, scope: Vocabulary) -> str:
    if not isinstance(node, (Name, Call)):
        raise Unwritten("a loss")
    options = node.options if isinstance(node, Call) else ()
    if not options:
        return f"sd.losses.{node.name}"
    given = ", ".join(f"{key}={python(value, scope.values)}" for key, _, value in options)
    return f"lambda *sides: sd.losses.{node.name}(*sides, {given})"


# ---------------------------------------------------------------- what is shown


def shown(s: Statement, to: Transcript, scope: Vocabulary, position: int, language: str) -> str:
    """The line that makes a table or a picture of a statement."""
    told = "" if language == "en" else f", language={quoted(language)}"
    match s.word:
        case "shapes":
            return _shapes(s, to, scope)
        case "diagram":
            return f"pictures.graph({_diagram(s, to, scope)}{told})"
        case "paths":
            if position == 0:
                what, by = s.split("", "by", "wrt")
                given = values(s.options["sizes"]) if "sizes" in s.options else {}
                sizes = f", sizes={ {k: int(v) for k, v in given.items()} }" if given else ""
                both = f"{to.said(what.text, scope)}, {to.said(by.text, scope)}"
                to.lines.append(f"drawn = pictures.paths({both}{sizes}{told})")
            return f"drawn[{position}]"
        case "plot":
            return f"pictures.plot({_plot(s, to, scope)}{told})"
    raise Unwritten(s.word)


def _shapes(s: Statement, to: Transcript, scope: Vocabulary) -> str:
    from symderiv.api.goals import subject
    from symderiv.publish.statements.showing import as_read

    to.said(s.rest.text, scope)
    value = scope.read(s.rest.text)
    names = [label.name for label in as_read(subject(value).element)]
    for name in names:
        if name not in scope.values:
            raise Unwritten(name)
        to.name(name, scope, set(), free=True)
    pairs = ", ".join(f"{quoted(name)}: {_shape(name, scope)}" for name in names)
    return f"{{{pairs}}}"


def _shape(name: str, scope: Vocabulary) -> str:
    from symderiv.model.arrays import Array

    return f"{identifier(name)}.shape" if isinstance(scope.values[name], Array) else "()"


def _diagram(s: Statement, to: Transcript, scope: Vocabulary) -> str:
    from symderiv.publish.statements.showing import back_to

    out = [to.said(s.rest.text, scope)]
    if "at" in s.options:
        out.append(f"values={plain(values(s.options['at']))}")
    if not s.yes("adjoints", default=True):
        return ", ".join([*out, "adjoints=False"])
    by = back_to(s, scope.read(s.rest.text), to.parameters)
    names = [to.said(name.text, scope) for name in by]
    return ", ".join([*out, f"by=[{', '.join(names)}]"] if names else out)


def _plot(s: Statement, to: Transcript, scope: Vocabulary) -> str:
    from symderiv.publish.statements.showing import over

    parts = [to.said(part.text, scope) for part in listed(s.rest)]
    curves = [scope.read(part.text) for part in listed(s.rest)]
    given = plain(values(s.options["at"])) if "at" in s.options else {}
    along = over(s, curves, given).name
    to.name(along, scope, set(), free=True)
    out = [f"[{', '.join(parts)}]", f"x={identifier(along)}", f"range={_ends(s.options['x'])}"]
    out += [f"y_range={_ends(s.options['y'])}"] if "y" in s.options else []
    if "marks" in s.options:
        out.append(f"marks={_marks(s.options['marks'])}")
    if s.yes("derivative", default=False):
        out.append("derivative=True")
    out += [f"values={given}"] if given else []
    out += [f"y_label={quoted(s.option('title'))}"] if "title" in s.options else []
    return ", ".join(out)


def _ends(between: Text) -> str:
    low, _, high = between.text.partition("..")
    return f"({_number(between, low)!r}, {_number(between, high)!r})"


def _number(where: Text, text: str) -> Any:
    return plain(number(Text(text.strip(), where.file, where.line)))


def _marks(text: Text) -> list[tuple[Any, str]]:
    return [(plain(number(place)), _unescaped(words.text)) for place, words in marks(text)]


def _unescaped(words: str) -> str:
    return words.replace('\\"', '"').replace("\\,", ",")
