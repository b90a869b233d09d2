"""One thing done to the blocks of a draft: what is moved, doubled, renamed or taken out. Each gives new blocks."""

import re
from collections.abc import Callable
from dataclasses import replace

from confrere.surveys.definition.blocks import Block, Own, Scale, expanded
from confrere.surveys.definition.branching import renamed
from confrere.surveys.definition.model import LONGEST_NAME, Question

type Blocks = tuple[Block, ...]
type Edit = Callable[[Blocks], Blocks]


def added(block: Block, *, after: int | None = None) -> Edit:
    """Put a block behind another one, or last; it gets an id of its own."""

    def edit(blocks: Blocks) -> Blocks:
        new = replace(block, id=_next(blocks))
        place = next((place for place, one in enumerate(blocks, start=1) if one.id == after), len(blocks))
        return (*blocks[:place], new, *blocks[place:])

    return edit


def changed(block: Block) -> Edit:
    """Put a block in the place of the one with its id; a new name is followed by conditions and repeated answers."""

    def edit(blocks: Blocks) -> Blocks:
        before = next((one for one in blocks if one.id == block.id), block)
        new = tuple(block if one.id == block.id else one for one in blocks)
        if isinstance(before, Own) and isinstance(block, Own) and before.question.name != block.question.name:
            return tuple(_follow(one, before.question.name, block.question.name) for one in new)
        return new

    return edit


def moved(number: int, *, by: int) -> Edit:
    """Move a block so many places down (or up, below 0), as far as there are any."""

    def edit(blocks: Blocks) -> Blocks:
        here = [one for one in blocks if one.id == number]
        others = [one for one in blocks if one.id != number]
        place = next((place for place, one in enumerate(blocks) if one.id == number), 0) + by
        place = min(max(place, 0), len(others))
        return (*others[:place], *here, *others[place:])

    return edit


def doubled(number: int) -> Edit:
    """Put a copy of a question behind it, under a name that is free; what it came from is not copied."""

    def edit(blocks: Blocks) -> Blocks:
        for block in blocks:
            if block.id == number and isinstance(block, Own):
                name = free_name(block.question.name, blocks)
                return added(Own(id=0, question=replace(block.question, name=name)), after=number)(blocks)
        return blocks

    return edit


def removed(number: int) -> Edit:
    """Take a block out."""
    return lambda blocks: tuple(one for one in blocks if one.id != number)


def free_name(wanted: str, blocks: Blocks) -> str:
    """The name, or with the next free number."""
    taken = {question.name for question in expanded(blocks)}
    stem = re.sub(r"_\d+$", "", wanted)[: LONGEST_NAME - 5]
    names = (wanted, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _next(blocks: Blocks) -> int:
    return max((one.id for one in blocks), default=0) + 1


def _follow(block: Block, before: str, after: str) -> Block:
    if isinstance(block, Scale):
        return replace(block, condition=renamed(block.condition, before, after))
    return replace(block, question=_mention(block.question, before, after))


def _mention(question: Question, before: str, after: str) -> Question:
    def said(text: str) -> str:
        return text.replace(f"[{before}]", f"[{after}]")

    return replace(
        question,
        condition=renamed(question.condition, before, after),
        text=None if question.text is None else said(question.text),
        note=said(question.note),
        low_label=said(question.low_label),
        high_label=said(question.high_label),
        options=tuple(replace(option, label=said(option.label)) for option in question.options),
    )
