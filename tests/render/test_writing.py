"""The walk over blocks knows every kind, and so does every format that rests on it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from symderiv import render
from symderiv.document.article import Block
from symderiv.render import FORMATS
from symderiv.render.writing import BlockWriter

for _module in pkgutil.walk_packages(render.__path__, "symderiv.render."):
    importlib.import_module(_module.name)


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from below(sub)


WRITERS = [kind for kind in below(BlockWriter) if kind.__module__.startswith("symderiv.")]


@pytest.mark.parametrize("kind", get_args(Block), ids=lambda kind: kind.__name__)
def test_every_kind_of_block_has_a_method_of_its_own(kind: type[Any]) -> None:
    class Recorder(BlockWriter[str]):
        pass

    for name in BlockWriter.__abstractmethods__:
        setattr(Recorder, name, lambda self, *block, name=name: name)
    Recorder.__abstractmethods__ = frozenset()
    assert Recorder().block(object.__new__(kind)) == kind.__name__.lower()


def test_no_method_is_without_a_kind() -> None:
    assert {kind.__name__.lower() for kind in get_args(Block)} == BlockWriter.__abstractmethods__


def test_every_format_of_its_own_walks_the_same_way() -> None:
    formats = {kind.__module__.split(".")[2] for kind in WRITERS if not inspect.isabstract(kind)}
    assert formats >= {*FORMATS} - {"pdf", "ipynb"}  # PDF is made of Typst, notebooks of Markdown
