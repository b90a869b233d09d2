"""Counts and percentages: do they belong to each other and to the whole that is named?"""

from collections.abc import Mapping, Sequence

from confrere.science.consistency.printed import Finding, Printed, found


def percentage(count: int, total: int, printed: Printed, *, other_totals: Sequence[int] = ()) -> Finding:
    """Does ``count`` of ``total`` print as this percentage? If not, is it of one of ``other_totals``?"""
    exact = 100 * count / total
    agrees = printed.may_be(exact)
    reason = f"{count} of {total} is {exact:.4g} %; {printed.text} is printed."
    fitting = [other for other in other_totals if other and printed.may_be(100 * count / other)]
    if not agrees and fitting:
        reason += f" It is the percentage of {fitting[0]}."
    return found("percentage", agrees, reason)


def sum_of_parts(total: int, parts: Sequence[int]) -> Finding:
    """Do the parts, which exclude each other, add up to the total?"""
    added = sum(parts)
    return found("sum of parts", added == total, f"The parts add up to {added}; {total} is printed.")


def same_number(printed: Printed, other: Printed) -> Finding:
    """Can two places that name the same quantity both be right?"""
    agrees = printed.may_be(other.low, other.high)
    return found("same number", agrees, f"{printed.text} and {other.text} are printed for the same quantity.")


def from_column(values: Sequence[Printed], *, named: str, columns: Mapping[str, Sequence[Printed]]) -> Finding:
    """Do the values stand in the column they are said to come from? If not, where do they stand?"""
    fits = [
        name
        for name, cells in columns.items()
        if all(value.may_be(cell.low, cell.high) for value, cell in zip(values, cells, strict=True))
    ]
    text = ", ".join(value.text for value in values)
    reason = f"{text} is said to be {named}"
    reason += f" and is {' and '.join(fits)}." if fits else " and stands nowhere in the table."
    return found("from column", named in fits, reason)


def one_stage(counts: Sequence[int], stages: Mapping[str, Sequence[int]]) -> Finding:
    """Do the counts of the arms all belong to one stage of the flow (analysed, or answered, …)?"""
    fits = [name for name, numbers in stages.items() if list(numbers) == list(counts)]
    if fits:
        return found("one stage", True, f"{list(counts)} are the numbers {fits[0]}.")
    mixed = [
        next((name for name, numbers in stages.items() if numbers[arm] == count), "at no stage")
        for arm, count in enumerate(counts)
    ]
    return found("one stage", False, f"{list(counts)} mix stages: {', '.join(mixed)}.")


def exclusions_in_every_arm(randomized: Mapping[str, int], analysed: Mapping[str, int]) -> Finding:
    """Were participants left out after randomization in one arm only? Then the arms no longer compare."""
    left_out = {arm: randomized[arm] - analysed[arm] for arm in randomized}
    touched = [arm for arm, count in left_out.items() if count]
    listed = ", ".join(f"{arm} {count}" for arm, count in left_out.items())
    return found(
        "exclusions in every arm",
        len(touched) in {0, len(left_out)},
        f"Left out after randomization: {listed}.",
    )


def printed_range(low: float, high: float, *, of: str, true_low: float, true_high: float) -> Finding:
    """Is the printed range of a scale the range that its scoring can reach?"""
    return found(
        "range",
        (low, high) == (true_low, true_high),
        f"{low:g} to {high:g} is printed for {of}, which runs from {true_low:g} to {true_high:g}.",
    )


def possible_totals(printed: Sequence[Printed], *, most: int) -> list[int]:
    """The totals up to ``most`` of which every one of these percentages can be a share (signs aside)."""
    return [
        total for total in range(1, most + 1) if all(_is_share(abs(number.value), number, total) for number in printed)
    ]


def share_of(total: int, printed: Printed, *, adjusted: bool | None = None) -> Finding:
    """Is there any count whose share of ``total`` prints like this (for a net change: signs aside)?

    A share that a model gives need not be one: undecidable unless the row says unadjusted.
    """
    if _is_share(abs(printed.value), printed, total):
        return found("share of the total", True, f"{printed.text} % can be a share of {total}.")
    near = [other for other in range(total, max(0, total - 20), -1) if _is_share(abs(printed.value), printed, other)]
    reason = f"No count of {total} is {printed.text} %." + (f" It is a share of {near[0]}, for one." if near else "")
    return Finding("share of the total", "disagrees" if adjusted is False else "undecidable", reason)


def _is_share(size: float, number: Printed, total: int) -> bool:
    nearest = round(size * total / 100)
    return abs(100 * nearest / total - size) <= number.half + 1e-9
