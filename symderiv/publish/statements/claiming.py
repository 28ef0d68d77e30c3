"""Claims of the author that numbers test."""

from __future__ import annotations

from symderiv.api.statements import claimed
from symderiv.core.messages import Sentence
from symderiv.publish.place import SourceError
from symderiv.publish.registry import statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement, listed, sides
from symderiv.publish.statements.deriving import TELLING, expression, tell
from symderiv.render.text import text


@statement("check EXPR = EXPR", *TELLING, "given")
def check(s: Statement, session: Session) -> None:
    """An equality, tested at several sizes and many numbers."""
    form = "check EXPR = EXPR"
    pair = sides(s.plain(form))
    if pair is None:
        raise s.error(Sentence("expected: {form}", form=form))
    scope = session.vocabulary.child()
    left, right = (expression(side, scope) for side in pair)
    given = [expression(part, scope) for part in listed(s.options["given"])] if (
        "given" in s.options
    ) else []  # fmt: skip
    for condition, part in zip(given, listed(s.options["given"]) if given else (), strict=True):
        if not getattr(condition, "is_Relational", False):
            raise SourceError(
                Sentence("expected a condition, such as x > 0, found {text}", text=text(condition)),
                part.at(0),
            )
    tell(s, session, [claimed(left, right, given=given)])
