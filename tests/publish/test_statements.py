"""Each statement: what it tells, and with what values, found without its help."""

import math
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from sympy import Rational, log

import symderiv as sd
from symderiv import api, catalog
from symderiv.core.symbols import label_of
from symderiv.document.article import Figure, Heading, Paragraph, Table, Told
from symderiv.document.blocks import Formula, Link, Styled
from symderiv.document.narrate import document_of
from symderiv.document.prose import prose
from symderiv.document.words import cites
from symderiv.publish.registry import kinds
from symderiv.render.layout import say
from symderiv.render.notation import Notation
from symderiv.render.notation.style_text import TextStyle
from symderiv.render.text import text

MODEL = """\
vector z: n
one-hot y: n
let p = softmax(z)
let L = cross_entropy(y, p)
"""


def documents(article: Any) -> list[Any]:
    return [block for block in article.blocks if isinstance(block, Told)]


def last(told: Told) -> str:
    return text(told.document.lines[-1].expr)


def softmax() -> tuple[Any, Any]:
    n = sd.dim("n")
    z, y = sd.vector("z", n), sd.one_hot("y", n)
    return sd.let("L", sd.cross_entropy(y, sd.let("p", sd.softmax(z)))), z


# ---------------------------------------------------------------- derive


def test_derive(block) -> None:
    (told,) = documents(block(MODEL + "derive L by z"))
    found = sd.derive(*softmax())
    assert told.document.goal == found.goal
    assert told.document.lines[-1].expr == found.last
    assert [lemma.number for lemma in told.document.lemmas] == [1, 2]
    assert "tested with numbers" in str(told.verdict)
    assert all(line.evidence and line.evidence.ok for line in told.document.lines)


def goals(article: Any) -> list[str]:
    return [text(told.document.goal) for told in documents(article)]


def test_a_name_that_is_made_up_is_none_of_the_author(block) -> None:
    made = block(
        f"{MODEL}derive L by z\nderive Sum(p[i]**2, (i, 1, n)) by z\n"
        "derive Sum(p[i]**2, (i, 1, n)) by z[j]\nderive Sum(p[i]**3, (i, 1, n)) by z"
    )
    assert goals(made) == ["∂L/∂z_i", "∂f/∂z_i", "∂f/∂z_j", "∂g/∂z_i"]
    told = [[text(d.left) for d in x.document.definitions] for x in documents(made)]
    assert told == [["p_i", "L"], ["f"], [], ["g"]]


def test_a_name_that_is_made_up_is_none_of_a_later_block(article) -> None:
    made = article(
        "```symderiv\nvector z: n\nlet p = softmax(z)\nderive sum(p**2) by z\n```\n\n"
        "Let $f_1$ be fair.\n\n```symderiv\nlet L = sum(log(p))\nderive L by z\n"
        "backprop sum(p**4) by z\n```\n"
    )
    assert goals(made) == ["∂g/∂z_i", "∂L/∂z_i", "∂F/∂z_i"]


def test_pictures_make_up_no_name_of_the_author(block) -> None:
    asked = "paths sum(p**2) by z\n  sizes: n = 2\ndiagram sum(p**2)\nderive L by z"
    made = block(MODEL + asked)
    whole = [x.picture for x in made.blocks if isinstance(x, Figure)]
    assert "∂f/∂z_i = " in whole[-2].alt
    assert "f = pᵀ p" in whole[-1].alt


def test_an_expression_that_needs_no_name_takes_none(block) -> None:
    made = block("derive x**2 by x\nderive x**3 by x\nlet u = x**2\nderive sin(u) by x")
    assert goals(made)[-1] == "∂L/∂x"


def definitions(told: Told) -> list[str]:
    return [f"{text(d.left)} = {text(d.right)}" for d in told.document.definitions]


INFORMATION = """\
matrix P: n, m
positive P
let r[i] = Sum(P[i, j], (j, 1, m))
let c[j] = Sum(P[i, j], (i, 1, n))
let I = Sum(P[i, j]*log(P[i, j]/(r[i]*c[j])), (j, 1, m), (i, 1, n))
"""


def test_definitions_stand_as_their_author_wrote_them(block) -> None:
    made = block(f"{INFORMATION}derive I by P\nforget\n{MODEL}let a = 2*L\nderive a + p[1] by z")
    first, second = documents(made)
    assert definitions(first)[:2] == ["r_i = Σ_j P_ij", "c_j = Σ_i P_ij"]
    assert [text(d.left) for d in first.document.definitions] == ["r_i", "c_j", "I"]
    assert [text(d.left) for d in second.document.definitions] == ["p_i", "L", "a", "f"]


def test_letters_of_an_author_mean_what_the_derivation_means_by_its_own(block) -> None:
    given = "matrix A: n, m\nlet B[j, i] = A[i, j]*Sum(A[k, j], (k, 1, n))\n"
    (told,) = documents(block(f"{given}derive sum(B) by A"))
    assert definitions(told)[0] == "B_ji = A_ij Σ_k A_kj"
    left, right = told.document.definitions[0].left, told.document.definitions[0].right
    sizes = zip(left.args[1:], sd.dims("m n"), strict=True)
    again = sd.let("B", right, *((v, 1, size) for v, size in sizes))
    assert again.label == label_of(left)
    assert again.label.spec.definition.indices != left.args[1:]


def test_a_table_of_shapes_has_letters_of_the_author(block) -> None:
    (table,) = [x for x in block(f"{INFORMATION}shapes I").blocks if isinstance(x, Table)]
    told = ["".join(x if isinstance(x, str) else text(x) for x in row[2]) for row in table.rows]
    assert "c_j = Σ_i P_ij" in told


def test_letters_can_be_chosen(block) -> None:
    (told,) = documents(block(f"{MODEL}derive L by z\n  letters: i, k, j"))
    assert text(told.document.lines[0].expr) == "Σ_k ∂L/∂p_k · ∂p_k/∂z_i"
    (told,) = documents(block(f"{MODEL}backprop L by p\n  letters: a, b"))
    assert text(told.document.lines[0].expr) == "∂/∂p_a [−Σ_i y_i log p_i]"


def test_names_of_one_block_are_known_in_the_next(article) -> None:
    made = article(f"```symderiv\n{MODEL}```\n\nText.\n\n```symderiv\nderive L wrt z\n```\n")
    assert last(documents(made)[0]) == "p_i − y_i"


def test_several_variables(block) -> None:
    found = documents(block("derive x**2*y by x, y\n  label: d\n"))
    assert [last(told) for told in found] == ["2 x y", "x²"]
    assert [told.anchor for told in found] == ["d-x", "d-y"]
    assert [bool(told.verdict) for told in found] == [False, True]


def test_an_entry_and_the_authors_form(block) -> None:
    (told,) = documents(block("derive log(sum(x)) by x\n  to: 1/Sum(x[k], (k, 1, n))"))
    assert last(told) == "1/(Σ_k x_k)"
    (told,) = documents(block("derive -Sum(q[i]*log(q[i]), (i, 1, n)) by q[j]"))
    assert last(told) == "−log q_j − 1"


def test_options_of_telling(block) -> None:
    made = block(MODEL + "derive L by z\n  title: Of $L$\n  detail: brief\n  check: no\n")
    (told,) = documents(made)
    assert told.document.title == ("Of ", Formula("L"))
    assert told.verdict == ()
    assert not any(line.evidence for line in told.document.lines)
    full = documents(block(MODEL + "derive L by z\n  detail: full"))[0]
    assert len(told.document.lines) < len(full.document.lines)


def test_facts_may_be_left_alone(block) -> None:
    (told,) = documents(block(MODEL + "derive L by z\n  facts: no"))
    assert "Σ_j y_j" in last(told)


def test_nothing_is_told_twice_until_names_are_forgotten(block) -> None:
    text = MODEL + "derive L by z\nderive L by z\nforget\n" + MODEL + "derive L by z"
    first, second, third = documents(block(text))
    assert [len(told.document.definitions) for told in (first, second, third)] == [2, 0, 2]
    assert [len(told.document.lemmas) for told in (first, second, third)] == [2, 0, 0]


def lemmas_and_reasons(article: Any) -> tuple[list[list[int]], list[str]]:
    """The numbers of the lemmas told by each derivation, and what its lines cite."""
    told = documents(article)
    reasons = [
        "; ".join(say(cites(line.cites), Notation(TextStyle())) for line in d.lines if line.cites)
        for d in (x.document for x in told)
    ]
    return [[lemma.number for lemma in x.document.lemmas] for x in told], reasons


def test_letters_of_indices_make_no_other_lemma(block) -> None:
    made = block(
        "vector x: m\nmatrix W: n, m\nlet u = W @ x\nlet y = Sum(u[k]**2, (k, 1, n))\n"
        "derive y by x\nderive y by W"
    )
    numbers, reasons = lemmas_and_reasons(made)
    assert numbers == [[1, 2], [3]]
    assert reasons[1] == "by lemma 1 (∂y/∂u_j) and lemma 3 (∂u_k/∂W_ij)"


def test_what_is_held_makes_another_lemma_only_where_it_moves(block) -> None:
    made = block(
        "vector a: n\nlet m = mean(a)\nlet v = mean((a - 2*m)**2)\nlet g = exp(v)*m\n"
        "derive g by a\nderive v by a"
    )
    numbers, reasons = lemmas_and_reasons(made)
    assert numbers == [[1, 2, 3, 4, 5, 6], []]
    assert reasons[1] == "by lemma 2 (∂v/∂m), lemma 5 (∂m/∂a_i) and lemma 6 ([∂v/∂a_i]_{m})"


def test_lemmas_of_a_lemma_told_before_are_not_told_either(block) -> None:
    made = block(
        "vector x: m\nmatrix U: h, m\nmatrix C: n, h\nlet a = tanh(U @ x)\nlet o = C @ a\n"
        "let E = Sum(o[i]**2, (i, 1, n))\nderive E by U\nderive E by x"
    )
    assert lemmas_and_reasons(made)[0] == [[1, 2, 3, 4], [5]]


def test_a_derivation_told_before_is_cited_by_its_number(block) -> None:
    made = block("let f = x**2*y + sin(z)\nderive f by x, y, z\ncatalog directional-derivative")
    assert lemmas_and_reasons(made)[0] == [[], [], [], [1, 2]]  # another f
    made = block(
        "let u = sin(x)\nlet y = u**2*x\nderive u by x\n  label: inner\n"
        "derive y by u\nderive y by x"
    )
    numbers, reasons = lemmas_and_reasons(made)
    assert numbers == [[], [], [1]]
    assert reasons[2] == "by lemma 1 ([∂y/∂x]_{u}), (1) and (2)"
    (cited,) = [line.cites for line in documents(made)[2].document.lines if line.cites]
    assert [c.anchor for c in cited] == ["", "inner", "eq-2"]


def test_other_facts_are_another_equation(block) -> None:
    made = block(
        f"{MODEL}let u = sum(p*y)\nlet v = u**2\nderive u by z\n  facts: no\nderive v by z"
    )
    numbers, _ = lemmas_and_reasons(made)
    assert [len(x) for x in numbers][1] > 0


def test_no_check_at_all(block) -> None:
    (told,) = documents(block(MODEL + "derive L by z", check=False))
    assert (told.verdict, told.document.lines[0].evidence) == ((), None)


# ---------------------------------------------------------------- passes


NETWORK = """\
network
  input: matrix x: N, n
  layers: dense(h), tanh, dense(c), softmax
  target: one-hot y: N, c
  loss: cross_entropy
"""


def network() -> sd.Network:
    N, n, h, c = sd.dims("N n h c")
    layers = sd.layers
    return sd.Network(
        [layers.Dense(h), layers.Activation("tanh"), layers.Dense(c), layers.Softmax()],
        input=sd.matrix("x", N, n),
        target=sd.one_hot("y", N, c),
        loss=sd.losses.cross_entropy,
    )


def test_a_whole_pass_of_a_network(block) -> None:
    made = block(NETWORK + "backprop L by W1, b1\n  label: net")
    net = network()
    bp = sd.backprop(net.loss, [net.parameters["W1"], net.parameters["b1"]])
    kept, *rest = made.blocks
    assert isinstance(kept, Paragraph)
    arrays = [label_of(entry) for entry in bp.kept_entries]
    assert [x for x in kept.words if x in arrays] == arrays
    found = documents(made)
    assert [told.document.goal for told in found] == [d.goal for _, d in bp.derivations()]
    assert [told.anchor for told in found] == [f"net-{name}" for name, _ in bp.derivations()]
    assert "tested with numbers" in str(found[-1].verdict)
    assert rest == found


def test_the_title_of_a_pass_stands_above_it(block) -> None:
    made = block(NETWORK + "backprop L by W1, b1\n  title: Of $L$")
    title, kept, *_ = made.blocks
    assert title == Paragraph((Styled("strong", ("Of ", Formula("L"))),))
    assert isinstance(kept, Paragraph)
    assert all(told.document.title for told in documents(made))


@pytest.mark.parametrize(
    ("statement", "second"),
    [
        ("backprop L by W1, b1\n  label: net", "net-W1"),
        ("backprop L by b1\n  label: net", "net"),
        ("derive x1**2 by x1\n  label: net", "net"),
    ],
)
def test_a_label_and_that_of_each_part_lead_there(article, statement, second) -> None:
    name = statement.partition(" by ")[2].partition("\n")[0].partition(",")[0]
    text = f"[](#net), [](#net-{name}), [w](#net)\n\n```symderiv\n{NETWORK}{statement}\n```\n"
    made = article(text)
    links = [part for part in made.blocks[0].words if isinstance(part, Link)]
    told = documents(made)
    anchors = [one.anchor for one in told]
    assert [link.target for link in links] == [f"#{x}" for x in (anchors[0], second, anchors[0])]
    number = told[anchors.index(second)].number
    assert [link.words for link in links] == [("(1)",), (f"({number or 1})",), ("w",)]


def test_a_second_label_gives_way_to_one_that_was_given(article, wrong) -> None:
    made = article("[](#d-x)\n\n```symderiv\nderive x**2 by x\n  label: d\n"
                   "derive x**3 by x\n  label: d-x\n```\n")  # fmt: skip
    assert made.blocks[0].words == (Link(("(2)",), "#d-x"),)
    (error,) = wrong("# Net {#net}\n\n```symderiv\nderive x*y by x, y\n  label: net\n```\n")
    assert error == "notes.md:5:10: the label 'net' is given twice"


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        ("dense(h, bias=False), relu", ["W1", "a1", "x", "z1"]),
        ("layer_norm(epsilon)", ["beta1", "epsilon", "gamma1", "x", "x_hat1"]),
        ("residual(dense(n), relu)", ["W1", "b1", "x", "z1"]),
        ("attention(d)", ["Q1", "W_K1", "x"]),
        ("conv1d(3, c)", ["W1", "b1", "x", "z1"]),
        ("activation(leaky_relu, 1/10)", ["a1", "x"]),
    ],
)
def test_layers(read, layers: str, names: list[str]) -> None:
    said = (
        f"positive epsilon\nscalar epsilon\nnetwork\n  input: matrix x: T, n\n  layers: {layers}\n"
    )
    shown = "".join(f"shapes {name}\n" for name in names)
    built = read(f"```symderiv\n{said}{shown}```")
    assert [str(error) for error in built.errors] == []


def test_a_network_reads_names_that_are_known(block) -> None:
    text = "matrix x: N, n\nnetwork\n  input: x\n  layers: dense(3), tanh\nshapes a1"
    (table,) = block(text).blocks
    assert {row[0][0].name: spoken(row[1]) for row in table.rows} == {
        "x": "N × n",
        "W1": "n × 3",
        "b1": "3",
        "z1": "N × 3",
        "a1": "N × 3",
    }


# ---------------------------------------------------------------- forms, values, claims


def test_rewrite(block) -> None:
    (told,) = documents(block("rewrite log_softmax(z) - z"))
    assert last(told) == "−log Σ_j exp(z_j)"
    (told,) = documents(block("rewrite (a + b)**2 to a**2 + 2*a*b + b**2"))
    assert last(told) == "a² + 2 a b + b²"


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("rewrite log(exp(x))", 0),
        ("value log(8)", 0),
        ("check x*y = y*x + 0*x*y", 0),
        ("let q = z @ z\nderive q by z", 1),
    ],
)
def test_only_derivatives_under_a_title_have_a_matrix_form(told, statement, rows) -> None:
    text = told(f"scalar x, y\nvector z: n\n{statement}\n  title: A title")
    assert "A title" in text
    assert text.count("in matrix form") == rows


def test_a_matrix_form_under_a_title_is_tested(block, monkeypatch) -> None:
    from symderiv.oracle import check

    asked: list[bool] = []
    true = check.check_derivations
    monkeypatch.setattr(
        check,
        "check_derivations",
        lambda d, *, in_pass, seed: asked.append(in_pass) or true(d, in_pass=in_pass, seed=seed),
    )
    block("derive x**2 by x\nderive x**3 by x\n  title: T")
    assert asked == [False, True]


def test_unfold(block) -> None:
    (told,) = documents(block("let p = softmax(z)\nunfold p[k]"))
    assert last(told) == "exp(z_k)/(Σ_j exp(z_j))"


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("value entropy(p)\n  at: p = [1/2, 1/2]", log(2)),
        ("value Sum(i**2, (i, 1, n))\n  at: n = 6", 91),
        ("value x**2 + a\n  at: x = -1/2, a = 0.25", Rational(1, 2)),
        ("value log(8)/log(2)", 3),
        ("value sum(W)\n  at: W = [[1, 2], [3, 4]]\n", 10),
    ],
)
def test_value(block, statement: str, value: Any) -> None:
    declared = "matrix W: n, m\n" if "W" in statement else ""
    (told,) = documents(block(declared + statement))
    assert math.isclose(float(told.document.lines[-1].expr), float(value))


def test_check(block) -> None:
    (told,) = documents(block("vector z: n\ncheck log(softmax(z)) = log_softmax(z)\n  label: ok"))
    assert told.anchor == "ok"
    assert "tested with numbers" in str(told.verdict)
    (told,) = documents(block("scalar x\ncheck abs(x) = x\n  given: x > 0"))
    assert "tested" in str(told.verdict)


# ---------------------------------------------------------------- tables, entries


def test_shapes(block) -> None:
    declarations = "labels t: N\nmatrix W: N, m\npositive a\nscalar a\ndistribution q: m\n"
    made = block(declarations + "let u = a*sum(W @ q)\nshapes u*t[1]\n  caption: Names\n  label: s")
    (table,) = made.blocks
    assert isinstance(table, Table)
    assert (table.caption, table.anchor) == (("Names",), "s")
    rows = {str(row[0][0]): (spoken(row[1]), spoken(row[2])) for row in table.rows}
    assert rows == {
        "t": ("N", "given, class numbers"),
        "W": ("N × m", "given, real"),
        "a": ("a number", "given, positive"),
        "q": ("m", "given, a distribution"),
        "u": ("a number", "u = a Σ_i Σ_j W_ij q_j"),
    }


def test_shapes_come_in_the_order_of_the_forward_pass(block) -> None:
    (table,) = block(NETWORK + "shapes L").blocks
    names = [row[0][0].name for row in table.rows]
    assert names[:6] == ["x", "W1", "b1", "z1", "a1", "W2"]
    assert names[6:8] == ["b2", "z2"]
    assert names[-1] == "L"


def spoken(words: Any) -> str:
    return "".join(part if isinstance(part, str) else text(part) for part in words)


def test_shapes_in_another_language_say_the_same_of_shapes(article) -> None:
    made = article("---\nlang: ko\n---\n```symderiv\nvector z: n\nshapes z\n```")
    (table,) = made.blocks
    assert [spoken(row[1]) for row in table.rows] == ["n"]


def test_an_entry_of_the_catalog(article, block) -> None:
    entry = catalog.get("softmax-jacobian")
    alone = article("```symderiv\ncatalog softmax-jacobian\n```")
    assert alone.title == (entry.title,)
    sentence, told = alone.blocks
    assert sentence == Paragraph(prose(entry.sentence))
    assert told.document.lines[-1].expr == entry.derivation().last
    assert "tested with numbers" in str(told.verdict)
    inside = block("catalog softmax-jacobian")
    assert inside.title == ("Title",)
    assert isinstance(inside.blocks[0], Heading)
    assert inside.blocks[0].words == (entry.title,)


def test_an_entry_without_its_heading_bears_a_label_and_a_level_of_detail(block) -> None:
    made = block("catalog layer-norm\n  heading: no\n  label: norm\n  detail: brief\n  check: no")
    assert not any(said in str(made.blocks[0]) for said in ("Layer norm", "what comes back"))
    (labelled,) = [b for b in made.blocks if isinstance(b, Told) and b.anchor == "norm"]
    of = catalog.get("layer-norm").derivation()
    assert labelled.document.goal == of.goal
    assert len(labelled.document.lines) == len(document_of(of, "brief").lines)
    assert labelled.verdict == ()


# ---------------------------------------------------------------- pictures

PRODUCT = "scalar x\nlet u = x**2\nlet v = sin(x)\nlet L = u*v\n"


def test_a_diagram(block) -> None:
    pytest.importorskip("pygraphviz")
    made = block(PRODUCT + "diagram L\n  at: x = 3\n  caption: Of $L$\n  label: graph")
    (figure,) = made.blocks
    assert isinstance(figure, Figure)
    assert (figure.caption, figure.anchor) == (("Of ", Formula("L")), "graph")
    assert "L = u v" in figure.picture.alt
    assert "v̄" in figure.picture.alt
    for number in ("u = 9", "v = 0.141", "L = 1.27", "v̄ = 9", "x̄ = −8.06"):
        assert number in figure.picture.alt
    (forward,) = block(PRODUCT + "diagram L\n  adjoints: no").blocks
    assert "v̄" not in forward.picture.alt


DROPPING = """
network
  input: matrix X: N, n
  layers: dense(h), dropout(1/10), tanh, dense(c), softmax
  target: one-hot Y: N, c
  loss: cross_entropy
"""


def test_a_diagram_and_a_backward_pass_by_all_parameters_keep_the_same(block) -> None:
    pytest.importorskip("pygraphviz")
    told, *_, figure = block(DROPPING + "backprop L by W1, b1, W2, b2\ndiagram L").blocks
    kept = re.findall(r"(\w[^ ,:]*) \(", spoken(told.words))
    drawn = re.search(r"forward keeps (.*) for backward", figure.picture.alt)[1].split(", ")
    assert [name.partition("_")[0] for name in kept] == [name.partition("_")[0] for name in drawn]
    assert len(drawn) > 4
    assert "X̄" not in figure.picture.alt
    assert "m̄" not in figure.picture.alt


def test_what_the_way_back_of_a_diagram_leads_to_can_be_chosen(block, wrong) -> None:
    pytest.importorskip("pygraphviz")
    (figure,) = block(DROPPING + "diagram L\n  by: W2, X").blocks
    for name, wanted in {"X": True, "W⁽²⁾": True, "W⁽¹⁾": False, "b⁽²⁾": False}.items():
        bar = name[0] + "\u0304" + name[1:]
        assert (f"{bar} = " in unicodedata.normalize("NFD", figure.picture.alt)) == wanted, name
    for options, said in {
        "by: W7": "8:7: 'W7' does not occur",
        "adjoints: no\n  by: W1": "9:7: adjoints: no draws no adjoints",
    }.items():
        (error,) = wrong(f"```symderiv{DROPPING}diagram L\n  {options}\n```")
        assert said in error


def test_paths(block) -> None:
    pytest.importorskip("pygraphviz")
    made = block(PRODUCT + "paths L by x\n  label: way\n  caption: Both")
    assert [figure.anchor for figure in made.blocks] == ["way-1", "way-2", "way"]
    assert [spoken(figure.caption) for figure in made.blocks] == ["x → u → L", "x → v → L", "Both"]
    bare = block(PRODUCT + "paths L by x")
    assert spoken(bare.blocks[-1].caption) == "All paths from x to L"
    korean = block(PRODUCT + "paths L by x", language="ko")
    assert [spoken(figure.caption) for figure in korean.blocks] == [
        *("x → u → L", "x → v → L", "x에서 L까지의 모든 경로")
    ]
    sized = block("vector x: n\nlet u[i] = x[i]**2\nlet L = sum(u*x)\npaths L by x\n  sizes: n = 2")
    assert all(figure.caption for figure in sized.blocks)
    (only,) = block("scalar x\nlet u = x**2\nlet L = sin(u)\npaths L by x").blocks
    assert spoken(only.caption) == "x → u → L"
    assert "x → u → L" in made.blocks[0].picture.alt


def test_a_plot(block) -> None:
    pytest.importorskip("matplotlib")
    made = block("plot -p*log(p)\n  x: 0..1\n  marks: 1/2 = coin, 1/100 = *urn*\n  label: curve")
    (figure,) = made.blocks
    assert figure.anchor == "curve"
    for word in ("over p from 0 to 1", "coin at p = 1/2", "urn"):
        assert word in figure.picture.alt
    two = block("plot a*x, x**2\n  x: -1..2\n  over: x\n  at: a = 1/2\n  derivative: yes")
    assert re.search("from [-−]1 to 2", two.blocks[0].picture.alt)


def test_a_plot_shows_the_heights_asked_for(block, wrong) -> None:
    pytest.importorskip("matplotlib")
    from symderiv.pictures import plot

    t = sd.scalar("t")
    (figure,) = block("scalar t\nplot 1/t\n  x: 1/10..1\n  y: 0..5").blocks
    bounds = {"x": t, "range": ("1/10", 1)}
    assert figure.picture.svg == plot([1 / t], **bounds, y_range=(0, 5)).svg
    assert figure.picture.svg != plot([1 / t], **bounds).svg
    (error,) = wrong("```symderiv\nplot 1/t\n  x: 0..1\n  y: 3..1\n```")
    assert "4:6: 3..1: the first number must be the smaller one" in error
    (error,) = wrong("```symderiv\nplot 1/t\n  x: 0..1\n  y: 3\n```")
    assert "4:6: expected a range such as 0..1" in error


def test_pictures_without_their_libraries(wrong, monkeypatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "symderiv.pictures", None)
    (error,) = wrong("```symderiv\nscalar x\ndiagram x**2\n```")
    assert error.startswith("notes.md:3:1: pictures need more than is installed")
    assert 'pip install "symderiv[diagrams]"' in error


def test_statements_inside_lists_and_quotations(article) -> None:
    made = article("- a\n\n  ```symderiv\n  scalar x\n  derive x**2 by x\n  ```\n\n> ```symderiv\n"
                   "> derive x**3 by x\n> ```\n")  # fmt: skip
    inner = [*made.blocks[0].items[0], *made.blocks[1].blocks]
    assert [last(told) for told in inner if isinstance(told, Told)] == ["2 x", "3 x²"]


def test_every_statement_says_how_it_is_written() -> None:
    assert len(kinds()) >= 20
    for word, kind in kinds().items():
        assert kind.form.split()[0] == word


def test_a_formula_and_a_title_go_on_below(block) -> None:
    made = block(
        "scalar label\nderive label**2 +\n  label by\n  label\n  title: Of a\n    label it is"
    )
    assert len(documents(made)) == 1


# ---------------------------------------------------------------- wrong statements


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("derive L", "3:1: expected: derive EXPR by NAME"),
        ("derive by z", "3:1: expected: derive EXPR by NAME"),
        ("derve L by z", "3:1: there is no statement 'derve'; did you mean derive"),
        ("derive x**2 by x\n  labl: a", "4:9: derive has no option 'labl'; it has: label"),
        ("derive x**2 by x\n  check: maybe", "4:10: check: expected yes or no"),
        ("derive x**2 by x\n  detail: much", "4:11: detail: expected one of brief, normal"),
        ("derive x**2 by q", "3:16: 'q' does not occur in the expression"),
        ("derive x***2 by x", "3:11: expected a number, a name"),
        ("derive x**2 by x,", "3:18: expected"),
        ("derive softmx(x) by x", "3:8: unknown function 'softmx'; did you mean softmax"),
        ("derive x**2 by x\n  to: 2*", "4:9: expected a number"),
        ("derive x*\n   y[i\n  by x", "4:7: expected ']' or ','"),
        ("vector z n", "3:9: expected a name, found"),
        ("vector z: n, m", "3:15: a vector has 1 sizes, found 2"),
        ("matrix", "3:1: expected: matrix NAME: n, m"),
        ("let p", "3:6: expected '='"),
        ("let a = W @ x", "3:9: 'W' in a matrix product is not declared; write matrix W"),
        ("vector z: n\nvector z: m", "4:8: the name 'z' stands for something else already"),
        ("forget z", "3:1: expected: forget, alone"),
        ("value x", "3:1: no value for x"),
        ("value x\n  at: x = y", "4:11: expected a number, found 'y'"),
        ("value x\n  at: 3", "4:7: expected values such as"),
        ("value x\n  at: x = 1, x = 2", "4:14: 'x' is given twice"),
        ("value x\n  at: q = 1", "4:7: q is no name of this formula; it rests on x"),
        (
            "value log(2) + 0*x\n  at: x = 1",
            "4:7: x is no name of this formula; it is a number already",
        ),
        ("value x**2", "3:1: no value for x; give one by name, such as x = 1"),
        ("scalar c\nvalue c\n  at: c = [1]", "5:7: c is a scalar and takes one number, not a list"),
        ("vector v: n\nvalue softmax(v)", "4:1: value needs a single number;"),
        ("let c = x > 0", "3:9: c: a condition is no value; write where(…, 1, 0)"),
        ("plot x\n  x: 5..1", "4:6: 5..1: the first number must be the smaller one"),
        (
            "plot a*x\n  x: 0..1\n  over: x",
            "3:1: the curves rest on a beside x; give numbers with at: a = 1",
        ),
        ("derive x**2 by x\n  label a", "4:3: label needs a colon here: label: …"),
        ("derive x**2 by x\n  to: 2*x\n  check no", "5:3: check needs a colon here: check: …"),
        ("value x\n  at: x = [1, 2", "4:11: the list is not closed"),
        ("check x", "3:1: expected: check EXPR = EXPR"),
        ("check x = x", "3:1: both sides are written alike"),
        ("check x**2 = x*x\n  given: x + 1", "4:10: expected a condition"),
        ("rewrite x", "3:1: x is in its short form already"),
        ("catalog softmx-jacobian", "3:9: the catalog has no entry"),
        ("shapes 3", "3:1: no name stands in this expression"),
        ("network\n  layers: dense(3)", "3:1: expected: network, with the options"),
        ("network\n  input: x\n  layers: tanh", "4:10: 'x' is not declared"),
        ("network\n  input: vector x: n\n  layers: dens(3)", "5:11: there is no layer 'dens'"),
        ("network\n  input: vector x: n\n  layers: dense", "5:11: dense does not take these"),
        ("network\n  input: vector x: n\n  layers: tanh\n  loss: costs", "6:9: there is no loss"),
        ("derive x**2 by x\n  letters: i, 1", "4:15: expected a name, found '1'"),
        ("tell d", "3:6: 'd' is no derivation made by a Python block"),
        ("plot x**2", "3:1: a plot needs the range of its variable"),
        ("plot x*y\n  x: 0..1", "3:1: a plot runs over one scalar; these curves have x, y"),
        ("plot x**2\n  x: 0 1", "4:6: expected a range such as 0..1"),
        ("plot x**2\n  x: 0..1\n  marks: 1", "5:10: expected marks such as"),
    ],
)
def test_a_wrong_statement_names_line_and_column(wrong, statement: str, said: str) -> None:
    (error,) = wrong(f"# T\n```symderiv\n{statement}\n```\n")
    assert error.startswith(f"notes.md:{said}"), error


def test_columns_inside_lists(wrong) -> None:
    (error,) = wrong("- a\n\n  ```symderiv\n  derive x**2 by q\n  ```\n")
    assert error.startswith("notes.md:4:18: 'q' does not occur")


def test_after_a_wrong_statement_the_rest_is_left_alone(wrong) -> None:
    block = "```symderiv\n{}\n```\n\n"
    text = block.format("let p = softmax(") + block.format("derive p[i] by z") + "[](#nothing)\n"
    first, label = wrong(text)
    assert first.startswith("notes.md:2:")
    assert label == "notes.md:9: nothing here bears the label 'nothing'"


def test_every_wrong_statement_is_told_and_nothing_that_follows_from_one(wrong) -> None:
    found = wrong(
        "[](#nothing), [](#a), [](#a-x), [](#eq-2), [](#quo)\n\n```symderiv\n"
        "scalar x, y\nderive x** by x\n  label: a\nlet p = x +\nderive p*y by y\n  label: quo\n"
        "derive y**2 by q\n- no statement\nderive y by y\n  detail: much\n```\n\n"
        "```symderiv\nvektor v: n\nderive v[i] by v\nlet q = p\nderive q**2 by q\n"
        "derive x**2 by x\n  to: 3*x\nderive y**2 by y\n  label: fine\n```\n\n"
        "[](#fine) $\\oops$\n\n$$\n\\oops\n$$ (shown)\n\n"
        "[](#shown)\n\n![x](no.svg){#pic}\n\n[](#pic)\n"
    )
    places = [error.split(": ")[0].removeprefix("notes.md:") for error in found]
    assert places == [
        *("1", "5:11", "7:12", "10:16", "11:1", "13:11", "17:1"),
        *("27:12", "30:1", "35", "22:7"),
    ]
    assert "'nothing'" in found[0]


def test_labels_that_a_failed_statement_would_bear_are_not_missed(wrong) -> None:
    text = "[](#a)\n\n```symderiv\nderive x**2 by x\n  to: 3*x\n  label: a\n```\n"
    (error,) = wrong(text)
    assert error.startswith("notes.md:5:7:")
    assert "bears the label" not in error


def test_a_check_that_does_not_hold_hides_no_missing_label(read) -> None:
    built = read("[](#a)\n\n```symderiv\nscalar x\ncheck sin(x) = cos(x)\n```\n")
    assert [str(e.place) for e in built.errors] == ["notes.md:1"]
    assert [e.place.line for e in built.failures] == [5]


# ---------------------------------------------------------------- checks that fail


@pytest.mark.parametrize(
    ("statement", "place", "said"),
    [
        ("derive x**2 by x\n  to: 3*x", "4:7", "the two differ by numbers: at x ="),
        ("rewrite (a + b)**2 to a**2 + b**2", "3:1", "the two differ by numbers: at a ="),
        ("check log(x*y) = log(x)*log(y)", "3:1", "wrong: the claim log(x*y)"),
        ("check sin(x)**2 + cos(x)**2 = 2", "3:1", "2 is 2"),
        ("check 1/3 = 0.333333333333", "3:1", "they differ by 3.33333e-13"),
        ("check x*1e-15 = 0", "3:1", "wrong: the claim"),
        ("check x + 1e-30 = x", "3:1", "they differ by 1.0e-30"),
        ("check tanh(50 + x) = 1", "3:1", "they differ by"),
    ],
)
def test_what_is_wrong_by_numbers(read, statement: str, place: str, said: str) -> None:
    built = read(f"# T\n```symderiv\n{statement}\nderive t**2 by t\n```\n")
    assert built.errors == ()
    (failure,) = built.failures
    assert str(failure.place) == f"notes.md:{place}"
    assert said in str(failure)


def test_a_wrong_rule_is_found_by_the_check(read, monkeypatch) -> None:
    """A derivation whose last step is a wrong rule's."""
    true = api.derive

    def lying(*args: Any, **options: Any) -> Any:
        found = true(*args, **options)
        step = replace(found.steps[-1], contractum=found.steps[-1].contractum + 1)
        values = {f: getattr(found, f) for f in type(found).__match_args__}
        values |= {"steps": (*found.steps[:-1], step), "last": found.last + 1}
        return type(found)(**{**values, "result": found.result + 1})

    monkeypatch.setattr(api, "derive", lying)
    built = read("# T\n\n```symderiv\n\nderive x**2 by x\n```\n")
    (failure,) = built.failures
    assert str(failure.place) == "notes.md:5:1"
    assert "wrong: step" in str(failure)
    assert "at x =" in str(failure)
    assert read("```symderiv\nderive x**2 by x\n```", check=False).failures == ()


def test_a_value_that_needs_no_step_has_its_decimal(told) -> None:
    assert "log 2 ≈ 0.6931" in told("value log(2)")
    assert "π/4 ≈ 0.7854" in told("scalar x\nvalue x\n  at: x = 0.25\nvalue pi/4")
