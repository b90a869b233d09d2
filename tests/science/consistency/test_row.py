"""A line of published numbers: which checks its columns allow, and the verdict on all of them."""

import pytest

from confrere.science.consistency import COLUMNS, check_row
from confrere.science.consistency.row import RowError

CI = {"estimate": "-0.79", "ci_low": "-1.27", "ci_high": "-0.32"}
WIDE = {"measure": "change of proportion", "estimate": "-29.3", "ci_low": "-34.0", "ci_high": "-24.6"}


@pytest.mark.parametrize(
    ("cells", "verdict", "checks"),
    [
        ({}, "undecidable", []),
        ({"estimate": "", "note": "text"}, "undecidable", []),
        (CI, "agrees", ["middle of the interval"]),
        (CI | {"p": ".001", "n": "123"}, "agrees", ["middle of the interval", "interval and P"]),
        (CI | {"p": ".2"}, "disagrees", ["middle of the interval", "interval and P"]),
        (CI | {"p": ".2", "test": "Wilcoxon"}, "undecidable", ["middle of the interval", "interval and P"]),
        (CI | {"test": "bootstrap"}, "undecidable", ["middle of the interval"]),
        (CI | {"ci_low": "1.0"}, "disagrees", ["order of the bounds"]),
        (
            {"Difference": "1.19", "LOWER": "1.07", "upper": "1.33", "measure": "odds-ratio"},
            "agrees",
            ["middle of the interval"],
        ),
        (CI | {"level": "90", "p": ".006"}, "agrees", ["middle of the interval", "interval and P"]),
        (WIDE, "agrees", ["middle of the interval"]),
        (WIDE | {"n": "88"}, "disagrees", ["middle of the interval", "least width"]),
        (WIDE | {"n1": "44", "n2": "44"}, "disagrees", ["middle of the interval", "least width"]),
        (
            WIDE | {"n1": "44", "n2": "44", "change1": "-19.5", "change2": "9.8", "adjusted": "no"},
            "disagrees",
            ["middle of the interval", "least width", "share of the total", "share of the total"],
        ),
        (
            WIDE | {"ci_low": "-39.3", "ci_high": "-19.3", "n1": "44", "n2": "44", "adjusted": "yes"},
            "undecidable",
            ["middle of the interval", "least width"],
        ),
        (
            {
                "measure": "risk difference",
                "estimate": "-0.293",
                "ci_low": "-0.340",
                "ci_high": "-0.246",
                "n1": "44",
                "n2": "44",
                "adjusted": "unadjusted",
            },
            "disagrees",
            ["middle of the interval", "least width"],
        ),
        (WIDE | {"n1": "0", "n2": "44"}, "agrees", ["middle of the interval"]),
        ({"estimate": "0.7", "mean1": "1.3", "mean2": "0.6"}, "agrees", ["difference"]),
        (
            {"ci_low": "0.0", "ci_high": "3.1", "sd1": "3.0", "sd2": "4.2", "n1": "44", "n2": "44"},
            "agrees",
            ["width of the interval"],
        ),
        ({"ci_low": "0.0", "ci_high": "3.1", "sd1": "3.0", "sd2": "4.2", "n1": "1", "n2": "1"}, "undecidable", []),
        ({"mean": "3.45", "n": "18", "items": "1"}, "disagrees", ["grain of the mean"]),
        ({"mean": "3.45", "n": "18"}, "undecidable", []),
        ({"mean": "3.45", "n": "0", "items": "1"}, "undecidable", []),
        ({"count": "128", "n": "138", "percent": "93.0"}, "disagrees", ["percentage"]),
        (
            {"count1": "52", "n1": "67", "percent1": "77.6", "count2": "57", "n2": "71", "pct2": "80.3"},
            "agrees",
            ["percentage"] * 2,
        ),
        ({"count": "0", "n": "0", "percent": "0"}, "undecidable", []),
        ({"percent": "0", "n": "0"}, "undecidable", []),
        ({"percent": "19.5", "n": "41"}, "agrees", ["share of the total"]),
        ({"percent": "19.5", "n": "44"}, "undecidable", ["share of the total"]),
        ({"percent": "19.5", "n": "44", "adjusted": "no"}, "disagrees", ["share of the total"]),
        ({"estimate": "-0.79", "se": "0.242", "p": ".001", "n": "123"}, "agrees", ["P of the standard error"]),
        ({"estimate": "-0.79", "se": "0.242", "p": ".2"}, "disagrees", ["P of the standard error"]),
        ({"estimate": "1.19", "se": "0.2", "p": ".2", "measure": "OR"}, "undecidable", []),
        (
            {
                "mean1": "1.2",
                "sd1": "2.5",
                "n1": "44",
                "mean2": "0.1",
                "sd2": "1.7",
                "n2": "44",
                "p": ".005",
                "test": "t test",
            },
            "disagrees",
            ["P of means"],
        ),
        (
            {"count1": "10", "n1": "44", "count2": "22", "n2": "44", "p": ".014", "test": "Fisher"},
            "agrees",
            ["P of counts"],
        ),
        ({"count1": "50", "n1": "44", "count2": "22", "n2": "44", "p": ".018"}, "undecidable", []),
        (
            {"mean": "3.4", "sd": "6.0", "n": "52", "range_low": "0", "range_high": "10"},
            "disagrees",
            ["possible SD"],
        ),
    ],
)
def test_a_line(cells: dict[str, str], verdict: str, checks: list[str]) -> None:
    result = check_row(cells)
    assert [finding.check for finding in result.findings] == checks
    assert result.verdict == verdict


def test_the_reason_is_that_of_the_verdict() -> None:
    result = check_row(
        {"study": "Dyrbye 2019, QoL", "estimate": "1.1", "low": "0.04", "high": "2.1", "p": ".005", "n": "88"}
    )
    assert result.name == "Dyrbye 2019, QoL"
    assert result.reason == "The interval gives P between 0.025 and 0.052; .005 is printed."
    assert check_row({"study": "Kiser 2024", "outcome": "burnout"}).name == "Kiser 2024, burnout"
    assert check_row({}).reason == "These columns allow no check."


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Effect": "many"}, "Effect", "many is not a number as papers print it."),
        ({"estimate": "1", "difference": "2"}, "difference", "two columns give estimate."),
        ({"n": "12.5"}, "n", "12.5 is not a whole number from 0."),
        ({"count": "-3"}, "count", "-3 is not a whole number from 0."),
    ],
)
def test_a_cell_that_is_no_number_is_refused(cells: dict[str, str], column: str, sentence: str) -> None:
    with pytest.raises(RowError) as caught:
        check_row(cells)
    assert (caught.value.column, str(caught.value)) == (column, sentence)


def test_no_alias_stands_for_two_columns() -> None:
    names = [alias for name, aliases in COLUMNS.items() for alias in (name, *aliases)]
    assert len(names) == len(set(names))
