"""Joint tests against lmerTest 3.1-3 and pbkrtest 0.5.2, types 2 and 3; `validation/mixed/joint.R`."""

import json
from typing import Any

import numpy as np
import pytest
from tests.science.mixed.datasets import OURS, data_set

from confrere.science.mixed import Inference, fit_strata, make_design, random_intercept, type_two
from confrere.science.mixed.effects import contains

SETS: dict[str, Any] = json.loads((OURS / "joint.json").read_text())["sets"]
NUMBERS = ("age", "Days")


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger-expected"])
@pytest.mark.parametrize("file", SETS)
def test_type_2_against_lmertest(file: str, method: Any) -> None:
    data = data_set(file)
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    inference, effects = Inference(fit, method=method), type_two(fit.design, numbers=NUMBERS)
    assert list(effects) == [row["term"] for row in SETS[file]["type_2"][method]]
    for row in SETS[file]["type_2"][method]:
        ours = inference.joint(effects[row["term"]], term=row["term"])
        assert ours.numerator_df == row["num_df"]
        assert (ours.statistic, ours.denominator_df) == pytest.approx((row["F"], row["den_df"]), rel=1e-7)
        assert ours.p == pytest.approx(row["p"], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger-expected"])
@pytest.mark.parametrize("file", SETS)
def test_type_3_of_effects_that_nothing_contains(file: str, method: Any) -> None:
    data = data_set(file)
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    inference, terms = Inference(fit, method=method), data.terms
    for row in SETS[file]["type_3"][method]:
        if not any(contains(other, row["term"]) for other in terms):
            rows = np.eye(len(terms))[[j for j, one in enumerate(terms) if one == row["term"]]]
            ours = inference.joint(rows, term=row["term"])
            assert (ours.statistic, ours.denominator_df) == pytest.approx((row["F"], row["den_df"]), rel=1e-4)


def test_a_number_does_not_make_a_factor_contained() -> None:
    """SAS: the same continuous variables, and more class variables."""
    assert contains("arm:time", "arm")
    assert contains("arm:time", "time")
    assert not contains("arm:time", "arm", ("time",))
    assert contains("arm:time", "time", ("time",))
    assert not contains("arm", "arm")


def test_what_was_dropped_changes_nothing() -> None:
    """With a third column for two arms, R and SAS drop one; the hypothesis about arms stays the same."""
    data = data_set("kiser_sim")
    doubled = np.column_stack([data.matrix, 1 - data.matrix[:, 1]])
    names, terms = (*data.names, "armcontrol"), (*data.terms, "arm")
    design = make_design(doubled, names, terms)
    assert design.dropped == ("armcontrol",)
    rows = type_two(design)["arm"]
    assert design.estimable(rows)
    fit = fit_strata(random_intercept(design, data.outcome, data.cluster), design)
    plain = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    ours = Inference(fit).joint(rows, term="arm").statistic
    assert ours == pytest.approx(Inference(plain).joint(type_two(plain.design)["arm"], term="arm").statistic, rel=1e-9)
