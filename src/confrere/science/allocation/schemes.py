"""Which arm comes next: big stick, permuted blocks, simple, minimisation.

Each draw is a pure function of the key, the protocol's hash, the stratum and the arms already given in that
stratum; under minimisation, of the arms given anywhere in the trial. Nothing is stored ahead, and asking again gives
the same answer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from confrere.science.allocation.keys import AllocationError, check_key
from confrere.science.allocation.minimisation import MEASURES, Margins, Minimisation, candidates, lots
from confrere.science.allocation.streams import below, shuffled, words

MOST = 1000
"""The largest ratio of an arm and the largest block: a published record must not exhaust who checks it."""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm and its share: ``ratio`` 2 beside 1 gets two of three."""

    name: str
    ratio: int = 1


@dataclass(frozen=True, slots=True)
class BigStick:
    """A fair coin, until one arm is ahead by ``mti``: then the other (Soares and Wu, 1983).

    With unequal ratios an arm may be ahead of another by ``mti`` units of n / ratio.
    """

    mti: int = 3


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """Shuffled blocks, each of a size drawn from ``sizes``."""

    sizes: tuple[int, ...] = (4, 6, 8)


@dataclass(frozen=True, slots=True)
class Simple:
    """A fair coin each time, whatever happened before."""


type Scheme = BigStick | PermutedBlocks | Simple | Minimisation


def draw_arm(
    *, key: bytes, protocol_sha256: str, stratum: str, history: Sequence[str], arms: Sequence[Arm], mti: int
) -> str:
    """The next arm of a stratum by the big stick; ``history`` holds the arms given there, in order."""
    return next_arm(
        BigStick(mti),
        key=key,
        protocol_sha256=protocol_sha256,
        stratum=stratum,
        history=history,
        arms=arms,
    )


def next_arm(
    scheme: Scheme,
    *,
    key: bytes,
    protocol_sha256: str,
    stratum: str,
    history: Sequence[str],
    arms: Sequence[Arm],
    margins: Margins | None = None,
) -> str:
    """The next arm of a stratum; ``margins`` count all earlier draws of the trial, and only minimisation needs them.

    Raises :class:`AllocationError` for a weak key, impossible arms or a minimisation without margins.
    """
    check_key(key)
    check_arms(scheme, arms)
    tally = _tally(history, arms)
    if isinstance(scheme, PermutedBlocks):
        return _from_blocks(
            scheme.sizes,
            arms,
            len(history),
            lambda block: words(key, protocol_sha256, stratum, "block", block),
        )
    stream = words(key, protocol_sha256, stratum, len(history))
    if isinstance(scheme, Minimisation):
        return _weighted(_minimising(scheme, margins, stratum, arms, stream), stream)
    return _weighted(arms if isinstance(scheme, Simple) else _within(scheme.mti, tally, arms), stream)


def check_arms(scheme: Scheme, arms: Sequence[Arm]) -> None:
    """Refuse arms and schemes that cannot be drawn from, with :class:`AllocationError`."""
    names = {arm.name for arm in arms}
    if len(names) < 2 or len(names) < len(arms):
        raise AllocationError("An allocation needs two or more arms with different names.")
    if any(not 1 <= arm.ratio <= MOST for arm in arms):
        raise AllocationError(f"The ratio of an arm is a whole number from 1 to {MOST}.")
    if isinstance(scheme, BigStick) and scheme.mti < 1:
        raise AllocationError("The largest imbalance allowed (mti) is a whole number from 1.")
    if isinstance(scheme, Minimisation):
        _check_minimisation(scheme, arms)
    unit = sum(arm.ratio for arm in arms)
    if isinstance(scheme, PermutedBlocks) and (
        not scheme.sizes or any(not 1 <= size <= MOST or size % unit for size in scheme.sizes)
    ):
        raise AllocationError(f"The sizes of the blocks are multiples of {unit}, up to {MOST}.")


def _check_minimisation(scheme: Minimisation, arms: Sequence[Arm]) -> None:
    if scheme.measure not in MEASURES:
        raise AllocationError("The imbalance of a minimisation is measured by range or variance.")
    if scheme.percent > 99 or lots(scheme, [arm.ratio for arm in arms])[0] < 1:
        raise AllocationError(
            "The probability of the best arm is whole percent, below 100 and above the smallest arm's share."
        )


def _minimising(
    scheme: Minimisation, margins: Margins | None, stratum: str, arms: Sequence[Arm], stream: Iterator[int]
) -> list[Arm]:
    if margins is None:
        raise AllocationError("Minimisation needs all earlier draws of the trial.")
    counts = margins.at(stratum, [arm.name for arm in arms])
    return [arms[at] for at in candidates(scheme, counts, [arm.ratio for arm in arms], stream)]


def _tally(history: Sequence[str], arms: Sequence[Arm]) -> Mapping[str, int]:
    tally = {arm.name: 0 for arm in arms}
    for name in history:
        if name not in tally:
            raise AllocationError(f"The history names the arm {name}, which the protocol does not have.")
        tally[name] += 1
    return tally


def _within(mti: int, tally: Mapping[str, int], arms: Sequence[Arm]) -> list[Arm]:
    """The arms that may come without any arm being more than ``mti`` ratio units ahead of another."""
    return [
        arm
        for arm in arms
        if all(
            (tally[arm.name] + 1) * other.ratio - tally[other.name] * arm.ratio <= mti * arm.ratio * other.ratio
            for other in arms
            if other.name != arm.name
        )
    ]


def _weighted(arms: Sequence[Arm], stream: Iterator[int]) -> str:
    tickets = [arm.name for arm in arms for _ in range(arm.ratio)]
    return tickets[below(len(tickets), stream)]


def _from_blocks(
    sizes: Sequence[int], arms: Sequence[Arm], position: int, stream_of: Callable[[int], Iterator[int]]
) -> str:
    unit = sum(arm.ratio for arm in arms)
    start = number = 0
    while True:
        stream = stream_of(number)
        size = sizes[below(len(sizes), stream)]
        if position < start + size:
            block = [arm.name for arm in arms for _ in range(arm.ratio * size // unit)]
            return shuffled(block, stream)[position - start]
        start, number = start + size, number + 1
