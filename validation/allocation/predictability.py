"""How well a recruiter guesses, simulated independently of `confrere.science.allocation`.

Lists come from NumPy's generator. The guesser weighs the two continuations of a list by their likelihood, summed over
every partition of the list into blocks: forward masses of "a block begins here", with the share of orders of a
half-full block by binomial coefficients. Exits with 1 where a share is more than four standard errors away.
"""

import math
import sys
from collections.abc import Callable

import numpy as np

from confrere.science.allocation import BigStick, Minimisation, PermutedBlocks, Scheme, Simple, predictability

STRATA = (69, 35, 20, 14)
NAMES = ("sex=w;medicine=n", "sex=w;medicine=y", "sex=m;medicine=n", "sex=m;medicine=y")
LISTS = 1500


def blocks(sizes: tuple[int, ...], draw: np.random.Generator, length: int) -> list[int]:
    """A list of +1 and -1 from shuffled blocks."""
    made: list[int] = []
    while len(made) < length:
        half = int(draw.choice(sizes)) // 2
        made += draw.permutation([1] * half + [-1] * half).tolist()
    return made[:length]


def stick(limit: float, draw: np.random.Generator, length: int) -> list[int]:
    """A list of +1 and -1 by a fair coin that turns round at the limit."""
    made, ahead = [], 0
    for coin in draw.choice((1, -1), length).tolist():
        step = coin if abs(ahead) < limit else (-1 if ahead > 0 else 1)
        made.append(step)
        ahead += step
    return made


def block_chances(sizes: tuple[int, ...], arms: list[int]) -> list[float]:
    """The chance that each next arm is +1, by the likelihood of both continuations."""
    begins = {0: 1.0}
    chances = []
    for position in range(len(arms)):
        masses = [0.0, 0.0]
        for start, mass in begins.items():
            plus = sum(arm == 1 for arm in arms[start:position])
            minus = position - start - plus
            for size in sizes:
                half = size // 2
                if position - start < size and plus <= half and minus <= half:
                    share = mass / len(sizes) / math.comb(size, half)
                    left = size - (position - start) - 1
                    masses[0] += share * (math.comb(left, half - plus - 1) if plus < half else 0)
                    masses[1] += share * (math.comb(left, half - plus) if minus < half else 0)
        chances.append(masses[0] / sum(masses))
        end = position + 1
        closed = sum(
            begins[end - size] / len(sizes) / math.comb(size, size // 2)
            for size in sizes
            if end - size in begins and sum(arms[end - size : end]) == 0
        )
        if closed:
            begins[end] = closed
        begins = {start: mass for start, mass in begins.items() if end - start < max(sizes)}
        scale = sum(begins.values())
        begins = {start: mass / scale for start, mass in begins.items()}
    return chances


def stick_chances(limit: float, arms: list[int]) -> list[float]:
    """The chance that each next arm is +1: one half, or nothing left to chance at the limit."""
    before = np.concatenate([[0], np.cumsum(arms)[:-1]])
    return np.where(np.abs(before) < limit, 0.5, (before < 0).astype(float)).tolist()


def simulate(
    make: Callable[[np.random.Generator, int], list[int]], chances_of: Callable[[list[int]], list[float]]
) -> tuple[float, float, float]:
    """Shares of certain and of rightly guessed allocations, and the mean imbalance."""
    draw = np.random.default_rng(20240429)
    certain = right = total = 0.0
    excess = []
    for _ in range(LISTS):
        lists = [make(draw, size) for size in STRATA]
        for arms in lists:
            for chance, arm in zip(chances_of(arms), arms, strict=True):
                certain += min(chance, 1 - chance) < 1e-12
                right += 0.5 if abs(chance - 0.5) < 1e-12 else float((chance > 0.5) == (arm == 1))
                total += 1
        excess.append(abs(sum(map(sum, lists))))
    return certain / total, right / total, float(np.mean(excess))


def minimised(chance: float) -> tuple[float, float, float]:
    """As `simulate`, for minimisation by range over two factors.

    Only the difference d of the two arms at each level is kept: one arm would leave |d + 1| there, the other |d - 1|.
    """
    draw = np.random.default_rng(20240430)
    right = 0.0
    excess = []
    for _ in range(LISTS):
        levels = draw.permutation(np.repeat(np.arange(4), STRATA))
        first, second = np.zeros(2, int), np.zeros(2, int)
        for level in levels.tolist():
            sums = [abs(d + 1) - abs(d - 1) for d in (first[level // 2], second[level % 2])]
            better = -int(np.sign(sum(sums)))
            plus = {1: chance, 0: 0.5, -1: 1 - chance}[better]
            step = 1 if draw.random() < plus else -1
            right += 0.5 if better == 0 else float(step == better)
            first[level // 2] += step
            second[level % 2] += step
        excess.append(abs(int(first.sum())))
    return 0.0, right / (LISTS * sum(STRATA)), float(np.mean(excess))


def main() -> int:
    """Both tables side by side."""
    infinite = math.inf
    cases: dict[str, tuple[Scheme, tuple[float, float, float]]] = {
        "big stick, 3": (
            BigStick(3),
            simulate(lambda draw, n: stick(3, draw, n), lambda arms: stick_chances(3, arms)),
        ),
        "big stick, 4": (
            BigStick(4),
            simulate(lambda draw, n: stick(4, draw, n), lambda arms: stick_chances(4, arms)),
        ),
        "blocks of 4": (
            PermutedBlocks((4,)),
            simulate(lambda draw, n: blocks((4,), draw, n), lambda arms: block_chances((4,), arms)),
        ),
        "blocks of 4, 6, 8": (
            PermutedBlocks((4, 6, 8)),
            simulate(lambda draw, n: blocks((4, 6, 8), draw, n), lambda arms: block_chances((4, 6, 8), arms)),
        ),
        "minimisation, 0.8": (Minimisation(80), minimised(0.8)),
        "simple": (
            Simple(),
            simulate(lambda draw, n: stick(infinite, draw, n), lambda arms: stick_chances(infinite, arms)),
        ),
    }
    worst = 0.0
    for name, (scheme, other) in cases.items():
        ours = predictability(scheme, stratum_sizes=STRATA, strata=NAMES, lists=LISTS)
        # Allocations of a list hang together: the standard error is taken wider than that of single coins.
        bound = 4 * 1.5 * math.sqrt(2 * 0.25 / (LISTS * sum(STRATA)))
        apart = max(abs(ours.certain - other[0]), abs(ours.guessed - other[1]))
        worst = max(worst, apart / bound)
        print(
            f"{name:18s} certain {ours.certain:.4f} / {other[0]:.4f}, guessed {ours.guessed:.4f} / {other[1]:.4f}, "
            f"imbalance {ours.imbalance_mean:.2f} / {other[2]:.2f}"
        )
    print(f"Largest difference: {worst:.2f} of what chance allows.")
    return int(worst > 1)


if __name__ == "__main__":
    sys.exit(main())
