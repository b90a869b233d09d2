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

from confrere.science.allocation.minimisation import Margins, Minimisation, chances
from confrere.science.allocation.schemes import Arm, BigStick, PermutedBlocks, Scheme, Simple, next_arm
from confrere.science.allocation.streams import shuffled, words

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


def predictability(
    scheme: Scheme,
    *,
    stratum_sizes: Sequence[int],
    strata: Sequence[str] | None = None,
    lists: int = 1500,
    seed: int = 1,
) -> Predictability:
    """Draw ``lists`` trials of two equal arms by the real code and guess each allocation.

    ``stratum_sizes`` are the participants of each stratum; ``seed`` only numbers the simulated keys. ``strata`` are
    their names: minimisation reads its factors from them, and without names each stratum is a level of one factor.
    """
    names = [str(number) for number in range(len(stratum_sizes))] if strata is None else strata
    people = [name for name, size in zip(names, stratum_sizes, strict=True) for _ in range(size)]
    certain, guessed = 0, Fraction(0)
    excess = np.zeros(lists)
    for number in range(lists):
        key = hashlib.sha256(f"simulated key {seed} {number}".encode()).digest()
        for chance, arm in _trial(scheme, key, names, stratum_sizes, people):
            certain += chance in {0, 1}
            guessed += _right(chance, arm)
            excess[number] += 1 if arm == "a" else -1
    everyone = lists * len(people)
    return Predictability(
        certain=certain / everyone,
        guessed=float(guessed / everyone),
        imbalance_mean=float(np.abs(excess).mean()),
        imbalance_p99=float(np.quantile(np.abs(excess), 0.99, method="higher")),
        lists=lists,
    )


type _Guess = tuple[Fraction, str]
"""The chance of ``a`` before a draw, and what came."""


def _trial(
    scheme: Scheme, key: bytes, names: Sequence[str], sizes: Sequence[int], people: Sequence[str]
) -> Iterator[_Guess]:
    if isinstance(scheme, Minimisation):
        yield from _minimised(scheme, key, shuffled(people, words(key, "who comes when")))
        return
    for stratum, size in zip(names, sizes, strict=True):
        history = _history(scheme, key, stratum, size)
        yield from zip(_chances(scheme, history), history, strict=True)


def _minimised(scheme: Minimisation, key: bytes, people: Sequence[str]) -> Iterator[_Guess]:
    """Strata come mixed, because each draw looks at those before it in all strata."""
    margins, ratios = Margins(), {arm.name: arm.ratio for arm in _ARMS}
    histories: defaultdict[str, list[str]] = defaultdict(list)
    for stratum in people:
        history = histories[stratum]
        chance = chances(scheme, margins=margins.at(stratum, list(ratios)), arms=ratios)["a"]
        arm = next_arm(
            scheme, key=key, protocol_sha256="", stratum=stratum, history=history, arms=_ARMS, margins=margins
        )
        history.append(arm)
        margins.add(stratum, arm)
        yield chance, arm


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
    "minimisation, 0.8": Minimisation(80),
    "simple": Simple(),
}
"""What the methods page compares."""
