"""What must be true of every report, asked again of the finished numbers before anything is written.

The numbers are compared with each other, not with the code that made them: counts with their totals, differences with
the changes they come from, intervals with their estimates, P values with their intervals. A contradiction means a
fault of this software or of the plan's arithmetic, so nothing is written. Described in docs/methods/self-checks.md.
"""

from collections.abc import Iterable
from math import isfinite, isinf

from scipy.special import ndtr, stdtr

from confrere.analysis.results import Characteristic, OutcomeResult, Results, SetResult
from confrere.science.mixed import Estimate

_CLOSE = 1e-8
"""Relative to the sizes compared; the arithmetic between two such numbers loses a few of their 16 digits."""


class CheckError(Exception):
    """Two numbers of a report contradict each other; ``str(error)`` is the sentence that names them."""


def check_results(results: Results) -> None:
    """Raise `CheckError` for the first contradiction in any analysis set."""
    for one in results.sets:
        _set(results, one)
        for outcome in one.outcomes:
            for estimate, what in _estimates(outcome):
                _estimate(estimate, outcome.outcome.model.level, f"{one.name}, {outcome.outcome.name}, {what}")
            _differences(results, one, outcome)
            _described(one, outcome)


def check(right: bool, sentence: str) -> None:
    """Raise `CheckError` unless ``right``."""
    if not right:
        raise CheckError(f"The report contradicts itself, so nothing was written. {sentence}")


def close(one: float, two: float, *sizes: float) -> bool:
    """Whether two numbers agree to rounding error beside the sizes of what they were made from."""
    return abs(one - two) <= _CLOSE * max(abs(one), abs(two), *map(abs, sizes), 1e-300)


def agrees(p: float, lower: float, upper: float, level: float) -> bool:
    """Whether a P value lies on the same side of 1 - level as zero lies of the interval; at the edge both will do."""
    alpha = 1 - level
    return abs(p - alpha) <= _CLOSE or (p < alpha) != (lower <= 0 <= upper)


def _set(results: Results, one: SetResult) -> None:
    total = sum(one.n_by_arm)
    check(total == one.n_participants, f"{one.name}: its arms hold {total}, the set {one.n_participants}.")
    for characteristic in one.characteristics:
        for a, arm in enumerate(results.plan.arms):
            _characteristic(f"{one.name}, {characteristic.name} in {arm}", characteristic, a, one.n_by_arm[a])


def _characteristic(where: str, one: Characteristic, arm: int, n: int) -> None:
    counted = sum(level.counts[arm] for level in one.levels) if one.levels else one.summaries[arm].n
    found = counted + one.missing[arm]
    check(found == n, f"{where}: {counted} answers and {one.missing[arm]} without are not {n}.")


def _estimates(outcome: OutcomeResult) -> Iterable[tuple[Estimate, str]]:
    named = [(one.value, f"mean of {one.arm} at {one.wave}") for one in outcome.means]
    named += [(one.value, f"change of {one.arm} at {one.wave}") for one in outcome.changes]
    named += [(one.value, f"difference of {one.arm} at {one.wave}") for one in outcome.contrasts]
    named += [(one.value, f"coefficient {one.term}") for one in outcome.coefficients]
    return ((value, what) for value, what in named if value is not None)


def _estimate(value: Estimate, level: float, where: str) -> None:
    """The interval holds the estimate, the statistic is their ratio, and P follows from it and agrees."""
    low, middle, high = value.lower, value.estimate, value.upper
    check(low <= middle <= high, f"{where}: {middle:g} lies outside its interval {low:g} to {high:g}.")
    if not isfinite(value.statistic):
        return
    check(close(value.statistic * value.se, middle), f"{where}: {value.statistic:g} x {value.se:g} is not {middle:g}.")
    size = abs(value.statistic)
    p = 2 * float(ndtr(-size) if isinf(value.df) else stdtr(value.df, -size))
    check(abs(p - value.p) <= 1e-9, f"{where}: P is {value.p:g}, but its statistic and df give {p:g}.")
    check(
        agrees(value.p, low, high, level),
        f"{where}: P = {value.p:g} contradicts the interval {low:g} to {high:g}.",
    )


def _differences(results: Results, one: SetResult, outcome: OutcomeResult) -> None:
    """A change is a difference of means, a difference in change one of changes; percent and SD follow from them."""
    where = f"{one.name}, {outcome.outcome.name}"
    means = {(x.arm, x.wave): x.value for x in outcome.means}
    changes = {(x.arm, x.wave): x.value for x in outcome.changes}
    for change in outcome.changes:
        mean, start = means.get((change.arm, change.wave)), means.get((change.arm, results.waves[0]))
        if change.value is None or mean is None or start is None:
            continue
        made, at = mean.estimate - start.estimate, f"{change.arm} at {change.wave}"
        right = close(made, change.value.estimate, mean.estimate, start.estimate)
        check(right, f"{where}: the change of {at} is {change.value.estimate:g}, its means give {made:g}.")
        if change.percent is not None:
            percent = 100 * change.value.estimate / start.estimate
            right = close(percent, change.percent)
            check(right, f"{where}: {at} changed by {change.percent:g} percent, its numbers give {percent:g}.")
    for contrast in outcome.contrasts:
        own, other = (changes[arm, contrast.wave] for arm in (contrast.arm, results.plan.control))
        if contrast.value is None or own is None or other is None:
            continue
        made, found = own.estimate - other.estimate, contrast.value.estimate
        at = f"{contrast.arm} at {contrast.wave}"
        sizes = [x.estimate for x in means.values() if x is not None]
        right = close(made, found, own.estimate, other.estimate, *sizes)
        check(right, f"{where}: the difference of {at} is {found:g}, its changes give {made:g}.")
        if contrast.standardized is not None:
            size = found / outcome.baseline_sd
            right = close(size, contrast.standardized)
            check(right, f"{where}: {at} is {contrast.standardized:g} standard deviations, its numbers give {size:g}.")
        if contrast.p_adjusted is not None:
            check(
                contrast.p_adjusted >= contrast.value.p - _CLOSE,
                f"{where}: the adjusted P of {at}, {contrast.p_adjusted:g}, is below P, {contrast.value.p:g}.",
            )


def _described(one: SetResult, outcome: OutcomeResult) -> None:
    """No more people answered than are in the arm, and none changed who did not answer."""
    where = f"{one.name}, {outcome.outcome.name}"
    check(
        outcome.n_participants == sum(outcome.n_by_arm) <= one.n_participants,
        f"{where}: {outcome.n_participants} analysed, {sum(outcome.n_by_arm)} by arm, {one.n_participants} in the set.",
    )
    sizes = dict(zip((x.arm for x in outcome.descriptions), one.n_by_arm, strict=False))
    for found in outcome.descriptions:
        n, changed = found.values.n, found.changes.n
        check(
            changed <= n <= sizes[found.arm],
            f"{where}: {changed} changed, {n} answered of {sizes[found.arm]} in {found.arm} at {found.wave}.",
        )
