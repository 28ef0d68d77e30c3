"""Where a link may lead: read as browsers and Markdown read it."""

from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symderiv.render.links import is_address

PAGE = "https://here.example/sub/page.html"


@pytest.mark.parametrize(
    "target",
    ["a.md#a:b", "a.pdf#eq:1:2", "../sub/a%20b.html#x:y", "a&b.html", "b.html#c", "a#javascript:x"],
)
def test_pages_beside_this_one(target: str) -> None:
    assert is_address(target)
    there = urlsplit(urljoin(PAGE, target))
    assert (there.scheme, there.netloc) == ("https", "here.example")


@pytest.mark.parametrize(
    "target",
    [
        *("javascript:alert(1)", "JavaScript:x#y", "java%73cript:x", "x:y#z", "a/b:c#d", ":#a:b"),
        *("data:text/html,x", "//evil.example/#a:b", "\\\\evil.example#a:b", "vbscript:#a"),
        *("&#106;avascript:x", "&#x6a;avascript:x", "javascript&#58;x:", "javascript&colon;x#a:b"),
        *("a#b c:d", "java\tscript:x", " javascript:x", "file:///etc/passwd", ""),
    ],
)
def test_what_runs_or_leads_elsewhere(target: str) -> None:
    assert not is_address(target)


LETTERS = st.sampled_from(
    ["javascript", *":#&;/\\.%356a x\t\n", "&#58;", "&colon;", "//", "a.html"]
)


@given(st.lists(LETTERS, max_size=8).map("".join))
@example("javascript#:")
@example("&#106;avascript:x")
def test_nothing_with_a_colon_runs_however_it_is_read(target: str) -> None:
    if not is_address(target):
        return
    assert urlsplit(urljoin(PAGE, target)).scheme == "https"
    if ":" in target:
        for read in (unescape(target), unquote(target)):
            assert urlsplit(urljoin(PAGE, read)).scheme == "https"
