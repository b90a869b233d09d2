"""P values made again from the numbers beside them, for every value that their rounding allows."""

import itertools
import math

from scipy import stats

from confrere.science.consistency.printed import Finding, Printed, found


def p_of_means(
    p: Printed,
    *,
    means: tuple[Printed, Printed],
    sds: tuple[Printed, Printed],
    sizes: tuple[int, int],
    test: str = "",
    adjusted: bool | None = None,
) -> Finding:
    """Does a t test of two independent groups (Welch's or Student's) give this P?

    Another test or an adjusted comparison may give another P: then, and where ``test`` is not said, a P that
    differs is undecidable.
    """
    gaps = [abs(first - second) for first in _ends(means[0]) for second in _ends(means[1])]
    crossing = means[0].low <= means[1].high and means[1].low <= means[0].high
    low, high = _range(
        (0.0 if crossing else min(gaps), max(gaps)),
        [(max(sd.low, 1e-12), sd.high) for sd in sds],
        sizes,
    )
    named = any(word in test.lower() for word in ("welch", "student", "t test", "t-test", "ttest"))
    return _decided("P of means", p, (low, high), certain=named and not adjusted, doubt=not test and not adjusted)


def p_of_counts(
    p: Printed, *, counts: tuple[int, int], sizes: tuple[int, int], test: str = "", adjusted: bool | None = None
) -> Finding:
    """Does Fisher's exact test, or a chi-squared test with or without correction, give this P?

    ``test`` chooses between them; where it is not said, a P that differs from all is undecidable.
    """
    table = [[count, size - count] for count, size in zip(counts, sizes, strict=True)]
    made = {"fisher": float(stats.fisher_exact(table).pvalue)}
    if all(map(sum, zip(*table, strict=True))):
        made["chi"] = float(stats.chi2_contingency(table, correction=False).pvalue)
        made["yates"] = float(stats.chi2_contingency(table, correction=True).pvalue)
    named = [name for name in ("fisher", "yates", "chi") if name in test.lower()]
    wanted = {"chi", "yates"} if "chi" in named else set(named) or set(made)
    values = [value for name, value in made.items() if name in wanted]
    if not values:
        return Finding("P of counts", "undecidable", "Without any event, or with events only, there is no such test.")
    reason = f"The counts give P {' or '.join(f'{value:.2g}' for value in values)}; {p.text} is printed."
    if any(p.may_be(value) for value in values):
        return found("P of counts", True, reason)
    certain = bool(named) and not adjusted
    return Finding("P of counts", "disagrees" if certain else "undecidable", reason, doubt=not test and not adjusted)


def p_of_se(p: Printed, *, estimate: Printed, se: Printed, n: int | None = None, least_df: float = 10.0) -> Finding:
    """Does the estimate over its standard error give this P, for any plausible degrees of freedom?

    They lie between half of ``n`` (or ``least_df`` where the size is unknown) and infinity.
    """
    sizes = [abs(end) for end in _ends(estimate)]
    nearest = 0.0 if estimate.low <= 0 <= estimate.high else min(sizes)
    df = least_df if n is None else max(4.0, n / 2)
    smallest = 2 * stats.norm.sf(max(sizes) / max(se.low, 1e-12))
    largest = 2 * stats.t.sf(nearest / se.high, df)
    return _decided("P of the standard error", p, (float(smallest), float(largest)), certain=True)


def _range(gap: tuple[float, float], sds: list[tuple[float, float]], sizes: tuple[int, int]) -> tuple[float, float]:
    """P over the corners of the box: smallest at the widest gap and least spread, by either t test."""
    made = []
    for difference, (first, second) in itertools.product(gap, itertools.product(*sds)):
        for equal in (True, False):
            result = stats.ttest_ind_from_stats(difference, first, sizes[0], 0.0, second, sizes[1], equal_var=equal)
            made.append(float(result.pvalue))
    return min(made), max(made)


def _ends(number: Printed) -> tuple[float, float]:
    return number.low, number.high


def _decided(check: str, p: Printed, made: tuple[float, float], *, certain: bool, doubt: bool = False) -> Finding:
    agrees = p.may_be(*made)
    about = f"between {made[0]:.2g} and {made[1]:.2g}" if not math.isclose(*made) else f"{made[0]:.2g}"
    reason = f"The numbers give P {about}; {p.text} is printed."
    if agrees:
        return found(check, True, reason)
    return Finding(check, "disagrees" if certain else "undecidable", reason, doubt=doubt)
