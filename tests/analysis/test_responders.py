"""Responders and shares beyond the minimally important difference."""

from collections.abc import Callable
from typing import Any

import pytest

from confrere.analysis import as_json, columns_from, run
from confrere.analysis.findings import Responders

Make = Callable[..., Any]

# 2.5 - 3.3 is -0.7999999999999998 in binary: it counts as -0.8.
BEFORE = [3.3, 4.0, 3.0, 2.0, 5.0, 3.3, 4.0, 0.0, 2.0, 3.0]
AFTER = [2.5, 3.0, 3.1, 1.1, None, 3.3, 4.5, 1.0, 2.2, 2.0]
TABLE: dict[str, list[Any]] = {
    "id": [f"p{i}" for i in range(10) for _ in range(2)],
    "arm": ["t"] * 10 + ["c"] * 10,
    "wave": ["0", "3"] * 10,
    "score": [value for pair in zip(BEFORE, AFTER, strict=True) for value in pair],
}


def found(make: Make, **outcome: Any) -> tuple[Responders, ...]:
    plan = make(outcomes=[{"name": "score", "better": "lower", **outcome}])
    responders: tuple[Responders, ...] = run(plan, columns_from(TABLE)).sets[0].outcomes[0].responders
    return responders


def test_a_rule(plan: Make) -> None:
    (one,) = found(plan, responder="change <= -0.8")
    assert (one.rule, one.origin) == ("change <= -0.8", "responder")
    assert [(share.arm, share.count, share.n, share.of) for share in one.shares] == [("c", 1, 5, 5), ("t", 3, 4, 5)]
    contrast = one.contrasts[0]
    assert contrast.difference is not None
    assert contrast.missing_as_no is not None
    # R: Newcombe's method 10 by hand from prop.test(…, correct = FALSE); fisher.test(matrix(c(3, 1, 1, 4), 2))
    assert contrast.difference.estimate == pytest.approx(0.55)
    assert contrast.fisher_p == pytest.approx(0.2063492, rel=1e-6)
    assert contrast.missing_as_no.estimate == pytest.approx(0.4)
    assert contrast.label == (
        "At 3, score with change <= -0.8: 3 of 4 (75.0%) with t and 1 of 5 (20.0%) with c; "
        "55.0 percentage points more with t (difference 95% CI −6.8 to 81.2)."
    )


def test_the_minimally_important_difference(plan: Make) -> None:
    (one,) = found(plan, mcid=0.8)
    assert (one.rule, one.origin) == ("change <= -0.8", "mcid")
    (other,) = found(plan, mcid=1, better="higher")
    assert other.rule == "change >= 1"
    assert [share.count for share in other.shares] == [1, 0]
    assert "20.0 percentage points fewer with t" in other.contrasts[0].label
    assert [one.origin for one in found(plan, mcid=0.8, responder="change <= -0.8")] == ["responder"]
    both = found(plan, mcid=1, responder="value < 3")
    assert [one.origin for one in both] == ["responder", "mcid"]


def test_percent_needs_a_baseline_that_is_not_zero(plan: Make) -> None:
    (one,) = found(plan, responder="percent <= -20 and baseline > 0")
    assert [(share.count, share.n) for share in one.shares] == [(1, 4), (3, 4)]


def test_nobody_answered(plan: Make) -> None:
    """The model can be fitted with the control's first wave alone; a share of nobody is none."""
    table = TABLE | {"score": [v if i < 10 or i % 2 == 0 else None for i, v in enumerate(TABLE["score"])]}
    results = run(plan(outcomes=[{"name": "score", "responder": "change < 0"}]), columns_from(table))
    (one,) = results.sets[0].outcomes[0].responders
    assert (one.shares[0].n, one.shares[0].interval) == (0, None)
    assert one.contrasts[0].label == "At 3, score with change < 0: nobody with both values in one of the arms."
    published = as_json(results)["sets"][0]["outcomes"][0]["responders"][0]
    assert published["shares"][0]["proportion"] is None
    assert published["contrasts"][0]["estimate"] is None
    assert published["contrasts"][0]["p"] is None


def test_the_published_form(plan: Make) -> None:
    results = run(plan(outcomes=[{"name": "score", "responder": "change < 0"}]), columns_from(TABLE))
    (one,) = as_json(results)["sets"][0]["outcomes"][0]["responders"]
    assert list(one) == ["rule", "origin", "shares", "contrasts"]
    assert one["shares"][1]["proportion"] == 0.75
    assert one["contrasts"][0]["missing_as_no"]["ci"][0] < one["contrasts"][0]["missing_as_no"]["estimate"]
