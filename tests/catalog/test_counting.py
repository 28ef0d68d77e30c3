"""A reader who counts the lines of full detail comes to the number that a check tells."""

from __future__ import annotations

import re

import pytest

from symderiv import catalog
from symderiv.catalog.telling import tell
from symderiv.document.compose import Composer
from symderiv.render.text import render_article

REASON = re.compile(r"= .*?\S {4,}(\S.*)$")
NAMES = [
    *(
        "entropy-coin-die",
        "softmax-cross-entropy",
        "common-variable",
        "gelu",
        "layer-norm",
        "batch-norm",
    ),
    *("two-layer-perceptron", "embedding"),
]


def counted(text: str) -> int:
    """Every reason at the right of a line; one that stands for two steps names both.

    A decimal is a remark.
    """
    reasons = [found[1] for line in text.splitlines() if (found := REASON.search(line))]
    told = [re.sub(r"(; about [\d.]+)?( {4,}\(\d+\))?$", "", reason) for reason in reasons]
    return sum(1 + reason.count("; ") + reason.count(", twice") for reason in told)


@pytest.mark.parametrize("name", NAMES)
def test_full_detail_has_as_many_lines_as_steps_were_tested(name: str) -> None:
    entry = catalog.get(name)
    made = entry.make()
    composer = Composer(detail="full")
    tell(composer, entry, made)
    text = render_article(composer.article(())).data.decode()
    assert counted(text) == sum(report.steps for report in made.check())
