"""Values of groups that are drawn towards the mean of all, the more the fewer people stand behind them.

Without it, the best and the worst of many coaches are those with the fewest answers: a mean of three answers lies
further out by chance alone than a mean of thirty, and a list of raw means is a list of group sizes.

    y = mu + u + e,   u ~ N(0, between) for each group,   e ~ N(0, within) for each answer

Between and within are estimated by restricted maximum likelihood. The value of a group of n is the best linear
unbiased prediction mu + b (mean - mu) with b = n between / (n between + within); it is what lme4's ``ranef`` adds to
the intercept. Derivation, edges and references: ``docs/methods/coach-level-results.md``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

type Vector = NDArray[np.float64]
type Codes = NDArray[np.intp]

#: Below so many people nothing is said of a group, shrunken or not.
FEWEST: Final = 5
#: The share of the variance between groups is searched below this.
_MOST_SHARE: Final = 1 - 1e-9


class ShrinkageError(ValueError):
    """The answers do not tell groups and people apart."""


@dataclass(frozen=True, slots=True)
class Shrunken:
    """What is known of G groups.

    mean: mu, estimated by generalised least squares. between, within: the two variances, between at least 0.
    size, raw, effect, value: (G,) people, plain means, u as predicted, and mu + u.
    spread: (G,) standard deviation of u given the answers and the variances (lme4's conditional one).
    error: (G,) standard error of ``value`` as a prediction, with that of mu; the variances count as known.
    """

    mean: float
    between: float
    within: float
    size: Codes
    raw: Vector
    effect: Vector
    value: Vector
    spread: Vector
    error: Vector


def shrink(values: Vector, group: Codes) -> Shrunken:
    """Predict the value of each group.

    ``values`` (n,) are finite; ``group`` (n,) are whole numbers from 0 that all occur, in any order. Raises
    `ShrinkageError` with fewer than two groups, where no group has two people, and where the people of a group never
    differ.
    """
    size = np.bincount(group)
    raw = np.bincount(group, weights=values) / size
    inside = float(np.sum((values - raw[group]) ** 2))
    if size.size < 2:
        raise ShrinkageError("There is only one group; nothing can be drawn towards a common mean.")
    if values.size == size.size:
        raise ShrinkageError("Every group has one person, so groups and people cannot be told apart.")
    if inside <= 1e-12 * max(float(np.sum(values**2)), 1e-300):
        raise ShrinkageError("The people of a group never differ, so there is nothing to shrink by.")
    ratio = _ratio(size, raw, inside)
    weight = size / (1 + size * ratio)
    mean = float(np.sum(weight * raw) / np.sum(weight))
    within = (inside + float(np.sum(weight * (raw - mean) ** 2))) / (values.size - 1)
    pull = 1 / (1 + size * ratio)  # what is left of mu in a value
    effect = (1 - pull) * (raw - mean)
    given = within * ratio * pull
    return Shrunken(
        mean=mean,
        between=ratio * within,
        within=within,
        size=size,
        raw=raw,
        effect=effect,
        value=mean + effect,
        spread=np.sqrt(given),
        error=np.sqrt(given + pull**2 * within / np.sum(weight)),
    )


def _ratio(size: Codes, raw: Vector, inside: float) -> float:
    """Between over within at the maximum of the restricted likelihood; 0 where that lies on the edge.

    Searched over the share between / (between + within), which is bounded. ``inside``: the sum of squares within.
    """
    people = int(size.sum())

    def deviance(share: float) -> float:
        ratio = share / (1 - share)
        weight = size / (1 + size * ratio)
        mean = np.sum(weight * raw) / np.sum(weight)
        rest = inside + float(np.sum(weight * (raw - mean) ** 2))
        return (people - 1) * log(rest) + float(np.sum(np.log1p(size * ratio))) + log(float(np.sum(weight)))

    # The likelihood may have a second, lower top: look along it first.
    grid = np.linspace(0, 0.99, 100)
    best = int(np.argmin([deviance(share) for share in grid]))
    low, high = grid[max(best - 1, 0)], grid[best + 1] if best + 1 < grid.size else _MOST_SHARE
    found = minimize_scalar(deviance, bounds=(low, high), method="bounded", options={"xatol": 1e-13})
    share = float(found.x) if found.fun < deviance(0.0) else 0.0
    return share / (1 - share)


def released(size: Codes, fewest: int = FEWEST) -> NDArray[np.bool_]:
    """(G,) whether anything may be said of each group.

    Of none below ``fewest`` people; and where those below are together fewer than that, the next smaller groups are
    left out too (ties all together), so that totals minus what is shown never lead to fewer than ``fewest`` people.
    """
    shown = size >= fewest
    while 0 < int(size[~shown].sum()) < fewest and shown.any():
        shown &= size > size[shown].min()
    return shown


def sentences(
    found: Shrunken, names: Collection[str], *, level: float = 0.95
) -> Mapping[str, tuple[float, float, float]]:
    """Name → (value, lower, upper) of the groups that may be shown, by name and never by value: no ranking.

    Rounded to one decimal, as releases are: nobody computes backwards with sizes and means. The interval is the
    prediction's, by the normal distribution.
    """
    reach = NormalDist().inv_cdf((1 + level) / 2)
    shown = released(found.size)
    return {
        name: (round(value, 1), round(value - reach * error, 1), round(value + reach * error, 1))
        for name, value, error, show in sorted(
            zip(names, found.value.tolist(), found.error.tolist(), shown, strict=True)
        )
        if show
    }
