"""One line of published numbers: every check that its columns allow."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from confrere.science.consistency.counts import percentage, share_of
from confrere.science.consistency.intervals import (
    Scale,
    change_of_proportion,
    difference_of_means,
    interval_and_p,
    midpoint,
)
from confrere.science.consistency.means import difference, grim, possible_sd
from confrere.science.consistency.p_values import p_of_counts, p_of_means, p_of_se
from confrere.science.consistency.printed import Finding, Printed, Verdict

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("study", "outcome", "label", "id"),
    "measure": ("scale", "type", "kind"),
    "estimate": ("difference", "effect", "est"),
    "ci_low": ("ci_lower", "lower", "low", "lcl", "difference_ci_low"),
    "ci_high": ("ci_upper", "upper", "high", "ucl", "difference_ci_high"),
    "level": ("ci_level",),
    "p": ("p_value", "pvalue", "p-value"),
    "test": ("method",),
    "adjusted": ("adjustment",),
    "n": ("total", "n_total"),
    "n1": ("n_intervention", "n_treatment", "n_coaching"),
    "n2": ("n_control",),
    "count": ("events", "x"),
    "percent": ("pct", "percentage"),
    "count1": ("count_intervention", "events1"),
    "percent1": ("pct1", "percent_intervention", "change1", "change_intervention"),
    "count2": ("count_control", "events2"),
    "percent2": ("pct2", "percent_control", "change2", "change_control"),
    "se": ("standard_error", "std_error"),
    "mean": (),
    "sd": (),
    "range_low": ("scale_min", "min"),
    "range_high": ("scale_max", "max"),
    "items": ("n_items",),
    "mean1": ("mean_intervention",),
    "sd1": ("sd_intervention",),
    "mean2": ("mean_control",),
    "sd2": ("sd_control",),
}
"""The columns that are read, and the other names that they may have."""

_NAMES = {alias: name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}
_TEXTS = {"name", "measure", "test", "adjusted"}
_WHOLE = {"n", "n1", "n2", "count", "count1", "count2", "items"}
_RATIOS = ("ratio", "or", "rr", "hr", "irr")
_LOPSIDED = ("bootstrap", "profile", "fieller", "hodges", "median")


class RowError(ValueError):
    """A cell that is no number, with the column as it was named."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True, slots=True)
class RowResult:
    """The verdict on a line: it disagrees if any check does, is undecidable if one is in doubt or none decides."""

    name: str
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    texts: Mapping[str, str]
    printed: Mapping[str, Printed]

    def has(self, *names: str) -> bool:
        return all(name in self.printed for name in names)

    def get(self, *names: str) -> list[Printed]:
        return [self.printed[name] for name in names]

    def whole(self, name: str) -> int:
        return int(self.printed[name].value)

    @property
    def level(self) -> float:
        level = self.printed["level"].value if "level" in self.printed else 0.95
        return level / 100 if level > 1 else level

    @property
    def test(self) -> str:
        return self.texts.get("test", "").lower()

    @property
    def measure(self) -> str:
        return self.texts.get("measure", "").lower()

    @property
    def scale(self) -> Scale:
        words = self.measure.replace("_", " ").replace("-", " ").split()
        return "ratio" if any(word in _RATIOS for word in words) else "difference"

    @property
    def of_proportions(self) -> bool:
        return self.scale == "difference" and any(
            word in self.measure for word in ("proportion", "percent", "%", "rate", "risk", "binary")
        )

    @property
    def proper_counts(self) -> bool:
        """Whether both groups have people, and no more events than people."""
        pairs = [(self.whole(f"count{arm}"), self.whole(f"n{arm}")) for arm in "12"]
        return all(0 < size >= count for count, size in pairs)

    @property
    def adjusted(self) -> bool | None:
        said = self.texts.get("adjusted", "").lower()
        if said in {"no", "false", "0", "none"} or said.startswith("un"):
            return False
        return True if said else None


def check_row(cells: Mapping[str, str]) -> RowResult:
    """Check one line; ``cells`` maps column names (see `COLUMNS`) to what is printed, "" for nothing.

    Raises `RowError` for a cell that is no number.
    """
    row = _read(cells)
    findings = tuple(finding for check in _CHECKS for finding in check(row))
    name = row.texts.get("name", "")
    ranked: tuple[tuple[Verdict, list[Finding]], ...] = (
        ("disagrees", [finding for finding in findings if finding.verdict == "disagrees"]),
        ("undecidable", [finding for finding in findings if finding.doubt]),
        ("agrees", [finding for finding in findings if finding.verdict == "agrees"]),
        ("undecidable", list(findings)),
    )
    for verdict, telling in ranked:
        if telling:
            return RowResult(name, verdict, " ".join(finding.reason for finding in telling), findings)
    return RowResult(name, "undecidable", "These columns allow no check.", findings)


def _read(cells: Mapping[str, str]) -> _Row:
    texts: dict[str, str] = {}
    printed: dict[str, Printed] = {}
    for column, cell in cells.items():
        name = _NAMES.get(column.strip().lower())
        if name is None or not cell.strip():
            continue
        if name in _TEXTS:
            texts[name] = ", ".join([*([texts[name]] if name in texts else []), cell.strip()])
        elif name in printed:
            raise RowError(column, f"two columns give {name}.")
        else:
            printed[name] = _number(name, column, cell)
    return _Row(texts, printed)


def _number(name: str, column: str, cell: str) -> Printed:
    try:
        printed = Printed.read(cell)
    except ValueError:
        raise RowError(column, f"{cell.strip()} is not a number as papers print it.") from None
    if name in _WHOLE and (printed.value != int(printed.value) or printed.value < 0):
        raise RowError(column, f"{cell.strip()} is not a whole number from 0.")
    return printed


def _interval(row: _Row) -> Iterator[Finding]:
    if not row.has("estimate", "ci_low", "ci_high"):
        return
    estimate, low, high = row.get("estimate", "ci_low", "ci_high")
    if low.low > high.high:
        yield Finding("order of the bounds", "disagrees", f"{low.text} is above {high.text}.")
        return
    if any(word in row.test for word in _LOPSIDED):
        reason = f"An interval of this kind ({row.test}) need not lie evenly around its estimate."
        yield Finding("middle of the interval", "undecidable", reason, doubt=True)
    else:
        yield midpoint(estimate, low, high, scale=row.scale)
    if row.has("p"):
        yield interval_and_p(
            estimate,
            low,
            high,
            row.printed["p"],
            level=row.level,
            scale=row.scale,
            n=row.whole("n") if row.has("n") else None,
            test=row.test,
        )


def _standard_error(row: _Row) -> Iterator[Finding]:
    if row.has("estimate", "se", "p") and row.scale == "difference" and row.printed["se"].high > 0:
        p, estimate, se = row.get("p", "estimate", "se")
        yield p_of_se(p, estimate=estimate, se=se, n=row.whole("n") if row.has("n") else None)


def _proportions(row: _Row) -> Iterator[Finding]:
    if not row.of_proportions or not row.has("estimate", "ci_low", "ci_high"):
        return
    sizes = _sizes(row)
    if sizes is None:
        return
    changes = [change.value for change in row.get("percent1", "percent2")] if row.has("percent1", "percent2") else []
    unit = 1.0 if "percent" in row.measure or row.printed["ci_high"].half >= 0.05 else _unit(row)
    estimate, low, high = (_times(number, unit) for number in row.get("estimate", "ci_low", "ci_high"))
    yield change_of_proportion(
        estimate,
        low,
        high,
        n_first=sizes[0],
        n_second=sizes[1],
        changes=(changes[0] * unit, changes[1] * unit) if changes and row.has("n1", "n2") else None,
        adjusted=row.adjusted,
        level=row.level,
    )


def _sizes(row: _Row) -> tuple[int, int] | None:
    """The sizes of the arms, or the most that one arm can have."""
    if row.has("n1", "n2") and min(row.whole("n1"), row.whole("n2")) > 0:
        return row.whole("n1"), row.whole("n2")
    if row.has("n") and row.whole("n") > 1:
        return row.whole("n") - 1, 1
    return None


def _unit(row: _Row) -> float:
    """100 where the numbers are proportions of one, else 1."""
    return 100.0 if max(abs(number.value) for number in row.get("estimate", "ci_low", "ci_high")) <= 1 else 1.0


def _times(number: Printed, unit: float) -> Printed:
    return Printed(number.text, number.value * unit, number.low * unit, number.high * unit)


def _means(row: _Row) -> Iterator[Finding]:
    if row.has("estimate", "mean1", "mean2"):
        yield difference(*row.get("estimate", "mean1", "mean2"))
    if row.has("ci_low", "ci_high", "sd1", "sd2", "n1", "n2") and min(row.whole("n1"), row.whole("n2")) > 1:
        low, high, sd_first, sd_second = row.get("ci_low", "ci_high", "sd1", "sd2")
        yield difference_of_means(
            low,
            high,
            sd_first=sd_first,
            sd_second=sd_second,
            n_first=row.whole("n1"),
            n_second=row.whole("n2"),
            adjusted=row.adjusted,
            level=row.level,
        )
    if row.has("p", "mean1", "mean2", "sd1", "sd2", "n1", "n2") and min(row.whole("n1"), row.whole("n2")) > 1:
        p, *numbers = row.get("p", "mean1", "mean2", "sd1", "sd2")
        yield p_of_means(
            p,
            means=(numbers[0], numbers[1]),
            sds=(numbers[2], numbers[3]),
            sizes=(row.whole("n1"), row.whole("n2")),
            test=row.test,
            adjusted=row.adjusted,
        )


def _one_group(row: _Row) -> Iterator[Finding]:
    if row.has("mean", "sd", "n", "range_low", "range_high") and row.whole("n") > 1:
        mean, sd, low, high = row.get("mean", "sd", "range_low", "range_high")
        yield possible_sd(mean, sd, row.whole("n"), low=low.value, high=high.value)
    if row.has("mean", "n", "items") and row.whole("n") * row.whole("items") > 0:
        yield grim(row.printed["mean"], row.whole("n"), items=row.whole("items"))


def _counts(row: _Row) -> Iterator[Finding]:
    for arm, total in (("", "n"), ("1", "n1"), ("2", "n2")):
        if row.has(f"count{arm}", f"percent{arm}", total) and row.whole(total) > 0:
            yield percentage(row.whole(f"count{arm}"), row.whole(total), row.printed[f"percent{arm}"])
        elif row.has(f"percent{arm}", total) and row.whole(total) > 0:
            yield share_of(row.whole(total), row.printed[f"percent{arm}"], adjusted=row.adjusted)
    if row.has("p", "count1", "n1", "count2", "n2") and row.proper_counts:
        yield p_of_counts(
            row.printed["p"],
            counts=(row.whole("count1"), row.whole("count2")),
            sizes=(row.whole("n1"), row.whole("n2")),
            test=row.test,
            adjusted=row.adjusted,
        )


_CHECKS: tuple[Callable[[_Row], Iterator[Finding]], ...] = (
    _interval,
    _standard_error,
    _proportions,
    _means,
    _one_group,
    _counts,
)
