"""How many people the coaches' hours carry: the arms of the trial are coached one window after the other.

The largest cap is the largest N at which each window has hours enough. Kiser's coaches, for example, held 67 x 6.5
hours in the first three months and 71 x 6.5 in the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from confrere.science.allocation import BigStick
from confrere.trial.protocol.model import ProtocolArm, Sessions

MOST = 1_000_000
"""The largest cap that a protocol can have."""


@dataclass(frozen=True, slots=True)
class Window:
    """Arms that are coached at the same time. ``after`` is the wave that they wait for; None is at once."""

    after: str | None
    arms: tuple[ProtocolArm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """``cap``: the largest N; ``needed``: hours of each window at that N; ``binding``: the window that is full first.

    ``ahead``: by so many participants chance may put more into one arm than its share.
    """

    cap: int
    needed: tuple[float, ...]
    binding: int
    ahead: int


def windows(arms: Sequence[ProtocolArm]) -> tuple[Window, ...]:
    """The windows of coaching, in the order of the arms; an arm that is never coached is in none."""
    coached = [arm for arm in arms if arm.coached]
    afters = dict.fromkeys(arm.coaching_after for arm in coached)
    return tuple(Window(after, tuple(arm for arm in coached if arm.coaching_after == after)) for after in afters)


def capacity(
    arms: Sequence[ProtocolArm], sessions: Sessions, hours: Sequence[float], *, scheme: object = None, strata: int = 1
) -> Capacity:
    """The largest cap whose arms fit ``hours``, one number for each of `windows`.

    An arm's share is rounded up. Raises ValueError for another number of hours than windows.
    """
    over = windows(arms)
    unit = sum(arm.ratio for arm in arms)

    def needs(people: int) -> tuple[float, ...]:
        return tuple(sum(-(-people * arm.ratio // unit) for arm in one.arms) * sessions.hours for one in over)

    def fits(people: int) -> bool:
        return all(need <= have for need, have in zip(needs(people), hours, strict=True))

    low, high = 0, MOST + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    full = [need - have for need, have in zip(needs(low + 1), hours, strict=True)]
    ahead = scheme.mti * strata // 2 if isinstance(scheme, BigStick) else 0
    return Capacity(cap=low, needed=needs(low), binding=full.index(max(full)), ahead=ahead)
