"""The statement that tells an entry of the catalog."""

from __future__ import annotations

from symderiv import catalog
from symderiv.catalog.telling import tell as tell_entry
from symderiv.document.article import Heading
from symderiv.document.messages import translate
from symderiv.publish.registry import Gives, statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement

_DEEPEST = 6


@statement("catalog NAME", "label", "detail", "check", "heading", gives=Gives.HEADINGS)
def entry(s: Statement, session: Session) -> None:
    """Title, sentence and parts of an entry; its title is that of an article that has none."""
    text = s.plain("catalog NAME")
    with text.placed():
        found = catalog.get(text.text)
    headed, level = s.yes("heading", True), min(session.level + 1, _DEEPEST - 1)
    title = (translate(found.title, session.language),)
    if headed and (session.title or session.composer.blocks):
        session.composer.add(Heading(level, title))
        level += 1
    elif headed:
        session.title = title
    label, detail, made = session.label(s), session.detail(s), found.make()
    reports = made.check(seed=session.settings.seed) if session.checks(s) else ()
    session.judge(s, reports)
    with (s.options.get("label") or s.whole).placed():
        tell_entry(
            session.composer,
            found,
            made,
            level=level,
            sentence=headed,
            detail=detail,
            label=label,
            reports=reports if all(reports) else (),
        )
