"""The flow of participants (CONSORT): counts that must add up, or the box that does not is named."""

from dataclasses import dataclass


class FlowError(ValueError):
    """The counts of a flow diagram contradict each other; the message names the box."""


@dataclass(frozen=True, slots=True)
class Loss:
    """People who do not reach the next box, and why."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Box:
    """One box. Its count is the box it is counted from (``of``; else the box before) less the losses.

    ``of`` is needed where a count does not follow from the box just before: a mixed model analyses people
    who missed the last survey, so "analysed" is counted from "allocated".
    """

    name: str
    label: str
    count: int
    losses: tuple[Loss, ...] = ()
    of: str | None = None
    notes: tuple[str, ...] = ()
    """Lines that are printed in the box and change no count."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One analysis set in the last box of an arm: those allocated to the arm less those who are left out."""

    label: str
    count: int
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Arm:
    """The boxes of one arm; the first is those allocated to it. The last box lists who is in which analysis."""

    name: str
    boxes: tuple[Box, ...]
    analysed: tuple[Tally, ...] = ()
    title: str = ""
    """What people read instead of the name."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole diagram, checked when it is made: first the common boxes, then one column per arm."""

    title: str
    common: tuple[Box, ...]
    """From the people approached to the people randomized; the last is split into the arms."""
    arms: tuple[Arm, ...]

    def __post_init__(self) -> None:
        """Raise `FlowError` for the first box whose count does not follow from the others."""
        _check("", self.common)
        for arm in self.arms:
            _check(arm.name, arm.boxes)
            _check_analysed(arm)
        last, total = self.common[-1], sum(arm.boxes[0].count for arm in self.arms)
        if last.count != total:
            parts = " + ".join(str(arm.boxes[0].count) for arm in self.arms)
            raise FlowError(f"Box {last.name} holds {last.count}, but its arms hold {parts} = {total}.")


def _check(arm: str, boxes: tuple[Box, ...]) -> None:
    seen: dict[str, int] = {}
    where = f" of {arm}" if arm else ""
    before: int | None = None
    for box in boxes:
        name = f"Box {box.name}{where}"
        if box.count < 0 or any(loss.count < 0 for loss in box.losses):
            raise FlowError(f"{name} has a negative count.")
        if box.of is not None and box.of not in seen:
            raise FlowError(f"{name} is counted from {box.of}, which does not stand before it.")
        source = seen[box.of] if box.of is not None else before
        lost = sum(loss.count for loss in box.losses)
        if source is not None and source - lost != box.count:
            raise FlowError(f"{name} holds {box.count}, but {source} less {lost} is {source - lost}.")
        before = seen[box.name] = box.count


def _check_analysed(arm: Arm) -> None:
    """An analysis set holds those allocated to the arm less its own exclusions."""
    allocated = arm.boxes[0].count
    for tally in arm.analysed:
        lost = sum(loss.count for loss in tally.losses)
        if tally.count < 0 or any(loss.count < 0 for loss in tally.losses):
            raise FlowError(f"Set {tally.label} of {arm.name} has a negative count.")
        if allocated - lost != tally.count:
            raise FlowError(
                f"Set {tally.label} of {arm.name} holds {tally.count}, but {allocated} less {lost} is "
                f"{allocated - lost}."
            )
