"""The notes in two languages: one text, the same formulas, every one derived and tested."""

import re
from pathlib import Path

import pytest

from symderiv.document.article import Article, Figure, Heading, Told, walk
from symderiv.publish.source import article_of
from symderiv.rules import ALL_RULES

NOTES = Path(__file__).parents[2] / "docs" / "notes"
BLOCK = re.compile(r"^```symderiv\n(.*?)^```$", re.M | re.S)
RULES = frozenset(rule.name for rule in ALL_RULES)
TEXTS = {"en": "backward.md", "ko": "backward.ko.md"}


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    built = {}
    for language, name in TEXTS.items():
        found = article_of((NOTES / name).read_text(encoding="utf-8"), file=name)
        assert [f"{e.place}: {e}" for e in (*found.errors, *found.failures)] == []
        assert found.article is not None
        assert found.article.language == language
        built[language] = found.article
    return built


def told(article: Article) -> list[Told]:
    return [block for block in walk(article.blocks) if isinstance(block, Told)]


def test_the_formulas_are_the_same(articles: dict[str, Article]) -> None:
    english, korean = (told(articles[language]) for language in TEXTS)
    assert len(english) > 25
    for one, other in zip(english, korean, strict=True):
        assert (one.number, one.anchor) == (other.number, other.anchor)
        for part, same in zip(
            (*one.document.lemmas, one.document), (*other.document.lemmas, other.document),
            strict=True,
        ):  # fmt: skip
            assert (part.goal, part.given, part.indices) == (same.goal, same.given, same.indices)
            assert [line.expr for line in part.lines] == [line.expr for line in same.lines]


def sections(name: str) -> dict[str, str]:
    """The prose under each heading, by its label."""
    parts = re.split(r"^#+ .*\{#([\w-]+)\}$", bare(name), flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def test_the_prose_says_the_same_of_the_same() -> None:
    """In each section: the formulas in running text, the references, the numbers in digits."""
    english, korean = (sections(name) for name in TEXTS.values())
    assert list(english) == list(korean)
    assert len(english) > 12
    for label, text in english.items():
        for pattern in (r"\$([^$]+)\$", r"\]\(([^)]*)\)", r"(?<![\w(])\d+"):
            ours, theirs = (
                {"".join(found.split()) for found in re.findall(pattern, told)}
                for told in (text, korean[label])
            )
            assert ours == theirs, (label, pattern)


def test_every_formula_was_tested(articles: dict[str, Article]) -> None:
    for article in articles.values():
        for one in told(article):
            for part in (*one.document.lemmas, one.document):
                assert all(line.evidence and line.evidence.ok for line in part.lines), part.goal


def test_the_sections_and_pictures_are_the_same(articles: dict[str, Article]) -> None:
    levels, pictures = (
        [[key(b) for b in article.blocks if isinstance(b, kind)] for article in articles.values()]
        for kind, key in ((Heading, lambda b: b.level), (Figure, lambda b: (b.number, b.anchor)))
    )
    assert len(levels[0]) > 12
    assert len(pictures[0]) > 8
    assert levels[0] == levels[1]
    assert pictures[0] == pictures[1]


def test_the_pictures_say_what_they_show(articles: dict[str, Article]) -> None:
    for language, article in articles.items():
        shown = [block.picture.alt for block in article.blocks if isinstance(block, Figure)]
        assert all(re.search("[가-힣]" if language == "ko" else "[a-z]{3}", alt) for alt in shown)


def test_the_slips_are_corrected_by_derivations(articles: dict[str, Article]) -> None:
    for article in articles.values():
        results = {one.anchor: str(one.document.lines[-1].expr) for one in told(article)}
        assert results["slope"] == "-log(p) - 1"
        assert results["top"] == "0"
        assert results["curvature"] == "-1/p"
        assert results["height"] == "exp(-1)"
        assert results["inverse"] == "s"


def test_every_line_follows_by_a_rule_or_a_lemma(articles: dict[str, Article]) -> None:
    """The notes say that no line needs a claim of the author."""
    for article in articles.values():
        before: set[tuple[int, str]] = set()
        for one in told(article):
            for part in (*one.document.lemmas, one.document):
                assert part.lines, one.anchor
                for line in part.lines:
                    rules = [note.rule for note in line.notes]
                    assert rules or line.cites, (one.anchor, line.expr)
                    assert all(rule in RULES for rule in rules), (one.anchor, rules)
                    assert {(cited.number, cited.anchor) for cited in line.cites} <= before
                    assert "equal.claim" not in rules, one.anchor
                before.add((part.number, "") if part.number else (one.number, one.anchor))


def bare(name: str) -> str:
    """A source without front matter and statements."""
    _, _, text = (NOTES / name).read_text(encoding="utf-8").split("---\n", 2)
    left = BLOCK.sub("", text)
    assert len(left) < len(text)
    assert "```" not in left
    return left


def prose(name: str) -> str:
    """A source without front matter, statements and formulas."""
    return re.sub(r"\$[^$]+\$", "", bare(name))


@pytest.mark.parametrize("name", TEXTS.values())
def test_no_result_is_typed(name: str) -> None:
    """Numbers that are worked out come from a statement; no equation stands in running text."""
    words = prose(name)
    assert re.findall(r"\d[.,]\d|\d\s*[=≈]|[=≈]\s*[-−]?\d", words) == []
    assert re.findall(r"\d\.\d", (NOTES / name).read_text(encoding="utf-8")) == []


def test_korean_particles_do_not_follow_a_reference() -> None:
    """A reference becomes a number that nobody knows when the text is written."""
    text = (NOTES / TEXTS["ko"]).read_text(encoding="utf-8")
    assert re.findall(r"\[\]\(#[^)]*\)(?:은|는|이|가|을|를|과|와|으로|로)(?![가-힣])", text) == []


def test_the_prose_names_the_letter_of_the_sum(articles: dict[str, Article]) -> None:
    for language, said in {
        "en": r"the sum over \$LETTER\$",
        "ko": r"\$LETTER\$에 걸친\s+합",
    }.items():
        (one,) = [x for x in told(articles[language]) if x.anchor == "chain-rule"]
        over = one.document.lines[0].expr.args[1].args[0].name
        text = (NOTES / TEXTS[language]).read_text(encoding="utf-8")
        assert re.search(said.replace("LETTER", over), text)
