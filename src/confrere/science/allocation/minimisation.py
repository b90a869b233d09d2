"""Minimisation: the arm that leaves the factors most alike across the arms comes with a high chance.

Pocock and Simon, *Biometrics* 1975;31:103-115. All earlier draws of the trial count, whatever their stratum: at each
level of the newcomer's factors the arms are counted as if each arm were given, and the arm with the smallest sum of
imbalances is the best. With unequal ratios a count is divided by its arm's ratio before arms are compared.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, cast, get_args

from confrere.science.allocation.streams import below

type Measure = Literal["range", "variance"]
MEASURES: tuple[Measure, ...] = cast("tuple[Measure, ...]", get_args(Measure.__value__))
SEPARATOR = ";"
"""Between the factors of a stratum's name, such as ``gender=woman;medicine=no``."""


@dataclass(frozen=True, slots=True)
class Minimisation:
    """The best arm with a chance of ``percent`` in 100, ties at random.

    ``percent`` is the chance where the arm with the smallest ratio is the only best one. ``measure`` says how the
    imbalance of one level is taken: the range of the arms' counts, or their variance. All factors weigh the same.
    """

    percent: int = 80
    measure: Measure = "range"


class Margins:
    """How many of each arm were given at each level of each factor, over all strata."""

    def __init__(self) -> None:
        self._given: Counter[tuple[int, str, str]] = Counter()

    def add(self, stratum: str, arm: str) -> None:
        """Count one draw."""
        for number, level in enumerate(stratum.split(SEPARATOR)):
            self._given[number, level, arm] += 1

    def at(self, stratum: str, arms: Sequence[str]) -> list[list[int]]:
        """For each factor, the count of each arm among those who share the newcomer's level."""
        levels = list(enumerate(stratum.split(SEPARATOR)))
        return [[self._given[number, level, arm] for arm in arms] for number, level in levels]


def imbalances(margins: Sequence[Sequence[int]], ratios: Sequence[int], measure: Measure) -> list[int]:
    """The sum over the factors of the imbalance that each arm would leave; whole numbers in one unknown unit.

    ``margins``: counts by factor and arm. A range is multiplied by the ratios' least common multiple, a variance by
    its square and by the square of the number of arms, so that no rounding can make or break a tie.
    """
    shared = math.lcm(*ratios)
    weights = [shared // ratio for ratio in ratios]
    return [
        sum(_imbalance([(n + (at == arm)) * weights[at] for at, n in enumerate(counts)], measure) for counts in margins)
        for arm in range(len(ratios))
    ]


def _imbalance(counts: Sequence[int], measure: Measure) -> int:
    if measure == "range":
        return max(counts) - min(counts)
    return len(counts) * sum(count * count for count in counts) - sum(counts) ** 2


def best(scheme: Minimisation, margins: Sequence[Sequence[int]], ratios: Sequence[int]) -> list[int]:
    """The places of the arms that leave the smallest imbalance; several where they tie."""
    left = imbalances(margins, ratios, scheme.measure)
    return [arm for arm, sum_ in enumerate(left) if sum_ == min(left)]


def lots(scheme: Minimisation, ratios: Sequence[int]) -> tuple[int, int]:
    """In how many of how many equal lots only the best arms may come; in the others every arm may, by its ratio.

    Such a mixture gives each arm that is not best the same chance whichever arm is best, in proportion to its ratio;
    so the arms keep their ratio on the whole (Han, Enas and McEntegart, *Stat Med* 2009;28:3255). The first number
    is negative where the chance of the best arm would be below its share.
    """
    unit, smallest = sum(ratios), min(ratios)
    every = 100 * (unit - smallest)
    return every - (100 - scheme.percent) * unit, every


def candidates(
    scheme: Minimisation, margins: Sequence[Sequence[int]], ratios: Sequence[int], stream: Iterator[int]
) -> list[int]:
    """The places of the arms among which the next is drawn by ratio: the best ones, or all. Takes one number."""
    held, every = lots(scheme, ratios)
    return best(scheme, margins, ratios) if below(every, stream) < held else list(range(len(ratios)))


def chances(
    scheme: Minimisation, *, margins: Sequence[Sequence[int]], arms: Mapping[str, int]
) -> Mapping[str, Fraction]:
    """The exact chance of each arm to come next; ``arms`` are names with their ratios."""
    ratios = list(arms.values())
    held, every = lots(scheme, ratios)
    first = best(scheme, margins, ratios)
    favoured = Fraction(held, every)
    among = sum(ratios[arm] for arm in first)
    return {
        name: (1 - favoured) * Fraction(ratio, sum(ratios)) + (favoured * Fraction(ratio, among) if at in first else 0)
        for at, (name, ratio) in enumerate(arms.items())
    }
