"""The statement that tells an entry of the catalog."""

from __future__ import annotations

from symderiv import catalog
from symderiv.document.article import Heading, Paragraph
from symderiv.document.messages import translate
from symderiv.publish.registry import statement
from symderiv.publish.session import Session
from symderiv.publish.statement import Statement
from symderiv.publish.statements.deriving import TELLING, tell

_DEEPEST = 6


@statement("catalog NAME", *TELLING)
def entry(s: Statement, session: Session) -> None:
    """Title, sentence and parts of an entry; its title is that of an article that has none."""
    text = s.plain("catalog NAME")
    with text.placed():
        found = catalog.get(text.text)
    title = (translate(found.title, session.language),)
    if session.title or session.composer.blocks:
        session.composer.add(Heading(min(session.level + 1, _DEEPEST), title))
    else:
        session.title = title
    session.composer.add(Paragraph((translate(found.sentence, session.language),)))
    parts = found.derivations()
    titles = [(translate(caption, session.language),) if caption else () for caption, _ in parts]
    names = [str(number) for number, _ in enumerate(parts, 1)]
    tell(s, session, [d for _, d in parts], names=names, titles=titles)
