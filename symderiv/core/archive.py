"""A derivation as plain data and back: flat, diffable, with step ids that stay the same."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sympy.core.basic import Basic

from symderiv.core.codec import Table, decode, encode
from symderiv.core.decoding import Data
from symderiv.core.derivation import Derivation, Stage, Step
from symderiv.core.errors import DataError
from symderiv.core.fingerprint import fingerprint
from symderiv.core.messages import ABOUT, Sentence, said_by

FORMAT = "symderiv.derivation"
VERSION = 1


def derivation_to_data(derivation: Derivation) -> dict[str, Data]:
    """The derivation with its lemmas and labels, as what JSON can hold.

    Lemmas stand in one flat list, those that others rest on first, the derivation itself last;
    steps cite them by id.
    """
    table = Table()
    lemmas = derivation.lemmas()
    ids = _unique([("lemma", fingerprint(lemma.goal)) for lemma in lemmas])
    by_goal = {lemma.goal: name for lemma, name in zip(lemmas, ids, strict=True)}
    told = [
        {"id": name, **_derivation(lemma, by_goal, table)}
        for name, lemma in zip(ids, lemmas, strict=True)
    ]
    main = {"id": "main", **_derivation(derivation, by_goal, table)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "labels": table.to_data(),
        "derivations": [*told, main],
    }


def derivation_from_data(data: Data) -> Derivation:
    """The derivation that `derivation_to_data` wrote.

    Raises `DataError` that names the place where the data is malformed.
    """
    _check_format(data)
    table = Table.from_data(data.get("labels", {}))
    found: dict[str, Derivation] = {}
    for position, part in enumerate(_list(data.get("derivations"), "derivations")):
        where = f"derivations[{position}]"
        name = _of(part, "id", str, where)
        found[name] = _read(part, table, found, where)
    if not found:
        raise DataError(Sentence("the data holds no derivation"))
    return found[name]


def step_ids(steps: tuple[Step, ...]) -> list[str]:
    """One id a step, from its rule, its place and what it does; the same in every process."""
    return _unique(
        [
            (
                step.rule,
                repr(step.path).encode(),
                fingerprint(step.redex),
                fingerprint(step.contractum),
            )
            for step in steps
        ]
    )


# ---------------------------------------------------------------- writing


def _derivation(
    derivation: Derivation, by_goal: Mapping[Basic, str], table: Table
) -> dict[str, Data]:
    ids = step_ids(derivation.steps)
    return {
        "goal": encode(derivation.goal, table),
        "given": [encode(fact, table) for fact in derivation.given],
        "indices": [encode(limit, table) for limit in derivation.indices],
        "stages": [_stage(stage) for stage in derivation.stages],
        "steps": [
            _step(step, name, by_goal, table)
            for step, name in zip(derivation.steps, ids, strict=True)
        ],
        "last": encode(derivation.last, table),
        "result": encode(derivation.result, table),
    }


def _stage(stage: Stage) -> dict[str, Data]:
    return {"name": stage.name, "joined": True} if stage.joined else {"name": stage.name}


def _step(step: Step, name: str, by_goal: Mapping[Basic, str], table: Table) -> dict[str, Data]:
    out: dict[str, Data] = {
        "id": name,
        "rule": step.rule,
        "stage": step.stage,
        "path": list(step.path),
        "before": encode(step.redex, table),
        "after": encode(step.contractum, table),
    }
    if step.about:
        out["about"] = [[place, encode(value, table)] for place, value in step.about]
    if step.provided:
        out["provided"] = [encode(fact, table) for fact in step.provided]
    if step.lemmas:
        out["lemmas"] = [by_goal[lemma.goal] for lemma in step.lemmas]
    return out


def _unique(parts: list[tuple[str | bytes, ...]]) -> list[str]:
    """A short id for each; equal ones are told apart by a number."""
    seen: dict[str, int] = {}
    out = []
    for part in parts:
        h = blake2b(digest_size=6)
        for piece in part:
            raw = piece.encode() if isinstance(piece, str) else piece
            h.update(b"%d:" % len(raw) + raw)
        name = h.hexdigest()
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return out


# ---------------------------------------------------------------- reading


def _check_format(data: Data) -> None:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DataError(
            Sentence(
                'this is no saved derivation: "format" should be {format}', format=repr(FORMAT)
            )
        )
    version = data.get("version")
    if version != VERSION:
        raise DataError(
            Sentence(
                "the derivation was saved as version {version}; this symderiv reads {known}",
                version=repr(version),
                known=VERSION,
            )
        )


def _read(part: Data, table: Table, found: Mapping[str, Derivation], where: str) -> Derivation:
    stages = [
        _read_stage(stage, f"{where}.stages[{k}]")
        for k, stage in enumerate(_of(part, "stages", list, where))
    ]
    steps = []
    for k, step in enumerate(_of(part, "steps", list, where)):
        made = _read_step(step, table, found, f"{where}.steps[{k}]")
        if not 0 <= made.stage < len(stages):
            raise DataError(
                Sentence(
                    "{where}: there is no stage {stage}",
                    where=f"{where}.steps[{k}]",
                    stage=made.stage,
                )
            )
        steps.append(made)
    return Derivation(
        goal=_expression(part, "goal", table, where),
        steps=tuple(steps),
        stages=tuple(stages),
        given=_expressions(part, "given", table, where),
        indices=_expressions(part, "indices", table, where),
        last=_expression(part, "last", table, where),
        result=_expression(part, "result", table, where),
    )


def _read_stage(stage: Data, where: str) -> Stage:
    joined = stage.get("joined", False) if isinstance(stage, dict) else False
    return Stage(_of(stage, "name", str, where), joined=joined is True)


def _read_step(step: Data, table: Table, found: Mapping[str, Derivation], where: str) -> Step:
    path = _of(step, "path", list, where)
    if not all(isinstance(at, int) and at >= 0 for at in path):
        raise DataError(
            Sentence(
                "{where}: a path is a list of positions, not {path}",
                where=where,
                path=f"{path!r:.80}",
            )
        )
    lemmas = []
    for name in step.get("lemmas", []):
        if name not in found:
            raise DataError(
                Sentence(
                    "{where}: the lemma {name} does not stand before this step",
                    where=where,
                    name=f"{name!r:.80}",
                )
            )
        lemmas.append(found[name])
    return Step(
        rule=_of(step, "rule", str, where),
        path=tuple(path),
        redex=_expression(step, "before", table, where),
        contractum=_expression(step, "after", table, where),
        stage=_of(step, "stage", int, where),
        about=_about(step.get("about", []), table, where),
        provided=_expressions(step, "provided", table, where),
        lemmas=tuple(lemmas),
    )


def _about(data: Data, table: Table, where: str) -> tuple[tuple[str, Basic], ...]:
    """Pairs; an object in files of before, where no name came twice."""
    out = []
    if isinstance(data, dict):
        data = [list(pair) for pair in data.items()]
    for pair in _list(data, f"{where}: about"):
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise DataError(
                Sentence("{where}: about holds pairs of a name and what stands for it", where=where)
            )
        out.append((pair[0], _decoded(pair[1], table, where)))
    return tuple(out)


def _expression(part: dict[str, Data], field: str, table: Table, where: str) -> Any:
    if field not in part:
        raise DataError(Sentence("{where} has no field {field}", where=where, field=repr(field)))
    return _decoded(part[field], table, f"{where}.{field}")


def _expressions(part: dict[str, Data], field: str, table: Table, where: str) -> tuple[Any, ...]:
    items = _list(part.get(field, []), f"{where}.{field}")
    return tuple(_decoded(item, table, f"{where}.{field}[{k}]") for k, item in enumerate(items))


def _decoded(data: Data, table: Table, where: str) -> Any:
    try:
        return decode(data, table)
    except DataError as error:
        raise DataError(Sentence(ABOUT, what=where, said=said_by(error))) from None


def _of(part: Data, field: str, kind: type, where: str) -> Any:
    if not isinstance(part, dict):
        raise DataError(Sentence("{where} should be an object", where=where))
    value = part.get(field)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise DataError(
            Sentence(
                "{where}: {field} should be of type {kind}",
                where=where,
                field=repr(field),
                kind=kind.__name__,
            )
        )
    return value


def _list(data: Data, what: str) -> list[Data]:
    if not isinstance(data, list):
        raise DataError(Sentence("{what} should be a list", what=what))
    return data
