"""How well can a recruiter guess the next arm, who knows the scheme and sees every past allocation?

Schulz and colleagues (JAMA 1995;274:1456) found that people do try. The guesser here is the best possible
one: it holds the exact probability of each arm given the history, so no other guesser does better.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from confrere.science.allocation.schemes import Arm, BigStick, PermutedBlocks, Scheme, Simple, next_arm

_ARMS = (Arm("a"), Arm("b"))


@dataclass(frozen=True, slots=True)
class Predictability:
    """Shares of all allocations, and the imbalance over the whole trial.

    ``certain``: the next arm was known for sure. ``guessed``: the best guess was right (0.5 is ideal).
    ``imbalance_mean`` and ``imbalance_p99``: participants by which one arm exceeds the other at the end.
    """

    certain: float
    guessed: float
    imbalance_mean: float
    imbalance_p99: float
    lists: int


def predictability(scheme: Scheme, *, stratum_sizes: Sequence[int], lists: int = 1500, seed: int = 1) -> Predictability:
    """Draw ``lists`` trials of two equal arms by the real code and guess each allocation.

    ``stratum_sizes`` are the participants of each stratum; ``seed`` only numbers the simulated keys.
    """
    certain, guessed = 0, Fraction(0)
    excess = np.zeros(lists)
    for number in range(lists):
        key = hashlib.sha256(f"simulated key {seed} {number}".encode()).digest()
        for stratum, size in enumerate(stratum_sizes):
            history = _history(scheme, key, str(stratum), size)
            chances = list(_chances(scheme, history))
            certain += sum(chance in {0, 1} for chance in chances)
            guessed += sum(_right(chance, arm) for chance, arm in zip(chances, history, strict=True))
            excess[number] += history.count("a") - history.count("b")
    everyone = lists * sum(stratum_sizes)
    return Predictability(
        certain=certain / everyone,
        guessed=float(guessed / everyone),
        imbalance_mean=float(np.abs(excess).mean()),
        imbalance_p99=float(np.quantile(np.abs(excess), 0.99, method="higher")),
        lists=lists,
    )


def _history(scheme: Scheme, key: bytes, stratum: str, size: int) -> list[str]:
    history: list[str] = []
    for _ in range(size):
        history.append(next_arm(scheme, key=key, protocol_sha256="", stratum=stratum, history=history, arms=_ARMS))
    return history


def _right(chance: Fraction, arm: str) -> Fraction:
    """1 for a right guess, 0 for a wrong one, one half where the guesser has nothing to go by."""
    if chance == Fraction(1, 2):
        return chance
    return Fraction((chance > Fraction(1, 2)) == (arm == "a"))


def _chances(scheme: Scheme, history: Sequence[str]) -> Iterator[Fraction]:
    """The probability that each allocation is ``a``, given the scheme and those before it."""
    if isinstance(scheme, PermutedBlocks):
        yield from _block_chances(scheme, history)
        return
    ahead = 0
    for arm in history:
        stuck = isinstance(scheme, BigStick) and abs(ahead) == scheme.mti
        yield Fraction(ahead < 0) if stuck else Fraction(1, 2)
        ahead += 1 if arm == "a" else -1


type _State = tuple[int, int]
"""How many of each arm the present block still holds."""


def _block_chances(scheme: PermutedBlocks, history: Sequence[str]) -> Iterator[Fraction]:
    """Keep every block that could be running, with its probability, and update by Bayes' rule."""
    sizes = Counter(scheme.sizes)
    fresh = {(size // 2, size // 2): Fraction(times, len(scheme.sizes)) for size, times in sizes.items()}
    states: Mapping[_State, Fraction] = fresh
    for arm in history:
        chance = sum((p * Fraction(a, a + b) for (a, b), p in states.items()), Fraction(0))
        yield chance
        states = _after(states, arm, fresh, chance if arm == "a" else 1 - chance)


def _after(
    states: Mapping[_State, Fraction], arm: str, fresh: Mapping[_State, Fraction], seen: Fraction
) -> Mapping[_State, Fraction]:
    after: defaultdict[_State, Fraction] = defaultdict(Fraction)
    for (a, b), p in states.items():
        share = p * Fraction(a if arm == "a" else b, a + b) / seen
        left = (a - 1, b) if arm == "a" else (a, b - 1)
        if left == (0, 0):
            for state, part in fresh.items():
                after[state] += share * part
        elif share:
            after[left] += share
    return after


SCHEMES: Mapping[str, Scheme] = {
    "big stick, 3": BigStick(3),
    "big stick, 4": BigStick(4),
    "blocks of 4": PermutedBlocks((4,)),
    "blocks of 4, 6, 8": PermutedBlocks(),
    "simple": Simple(),
}
"""What the methods page compares."""
