"""What an editor moves about: a question of one's own, or an instrument with its items, as one block each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from confrere.surveys.definition.model import Question
from confrere.surveys.definition.storing import restored, stored
from confrere.surveys.definition.wording import of_instrument

type Origin = Mapping[str, Any]
"""Where a question came from (`confrere.surveys.definition.coming`), as JSON; empty for one made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A question of one's own. `id` tells the blocks of a draft apart and never changes."""

    id: int
    question: Question
    origin: Origin = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An instrument: all of its items, or those named in `items`, under one heading and one condition."""

    id: int
    instrument: str
    items: tuple[str, ...] = ()
    required: bool = False
    condition: str = ""
    section: str = ""


type Block = Own | Scale


def questions_of(block: Block) -> tuple[Question, ...]:
    """The questions of a block, in order; those of an instrument still without the wording of a text pack."""
    if isinstance(block, Own):
        return (block.question,)
    return tuple(
        replace(item, condition=block.condition, section=block.section or item.section)
        for item in of_instrument(block.instrument, required=block.required)
        if not block.items or item.name in block.items
    )


def expanded(blocks: Iterable[Block]) -> tuple[Question, ...]:
    """All questions in order."""
    return tuple(question for block in blocks for question in questions_of(block))


def origins_of(blocks: Iterable[Block]) -> dict[str, Origin]:
    """Where the questions came from, by name."""
    return {block.question.name: block.origin for block in blocks if isinstance(block, Own) and block.origin}


def to_blocks(questions: Sequence[Question], where: Mapping[str, Origin]) -> tuple[Block, ...]:
    """Blocks that expand to these questions: neighbours of one instrument become one."""
    found: list[Block] = []
    for _key, some in groupby(questions, key=lambda one: (one.instrument, one.condition, one.required, one.section)):
        group = tuple(some)
        if group[0].instrument is None:
            found += [
                Own(id=len(found) + number, question=one, origin=where.get(one.name, {}))
                for number, one in enumerate(group, start=1)
            ]
        else:
            found.append(_scale(len(found) + 1, group[0].instrument, group))
    return tuple(found)


def _scale(number: int, instrument: str, group: tuple[Question, ...]) -> Scale:
    skeleton = of_instrument(instrument)
    names = tuple(one.name for one in group)
    return Scale(
        id=number,
        instrument=instrument,
        items=() if names == tuple(one.name for one in skeleton) else names,
        required=group[0].required,
        condition=group[0].condition,
        section="" if group[0].section == skeleton[0].section else group[0].section,
    )


def blocks_to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Blocks as they are stored."""
    return [
        {"id": block.id, "question": stored(block.question), "origin": dict(block.origin)}
        if isinstance(block, Own)
        else {
            "id": block.id,
            "instrument": block.instrument,
            "items": list(block.items),
            "required": block.required,
            "condition": block.condition,
            "section": block.section,
        }
        for block in blocks
    ]


def blocks_from_json(content: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Blocks from their storage."""
    return tuple(
        Own(id=one["id"], question=restored(one["question"]), origin=one["origin"])
        if "question" in one
        else Scale(**{**one, "items": tuple(one["items"])})
        for one in content
    )
