"""The published form of what stands beside the model's answers."""

import json
from dataclasses import replace
from typing import Any

from tests.analysis.conftest import PLAN, TABLE, columns_from

from confrere.analysis import as_json, plan_from, run
from confrere.analysis.findings import (
    Bounds,
    Interaction,
    Sensitivity,
    SensitivityContrast,
    Shifted,
    Subgroup,
    SubgroupEffect,
    Tip,
)
from confrere.science.mixed import Estimate, JointTest

VALUE = Estimate(-0.5, 0.25, 40.0, -2.0, 0.052, -1.0, 0.005)
CONTRAST = SensitivityContrast("t", "3", VALUE, "In words.", missing_information=0.2)
METHODS = (
    Sensitivity("mi", "As the others.", (CONTRAST,), {"imputations": 50, "seed": 1}),
    Sensitivity(
        "tipping",
        "Worse by so much.",
        (),
        {},
        grid=(Shifted("t", "3", 0.5, 0.0, VALUE),),
        tips=(Tip("t", "3", None, "No shift."),),
    ),
    Sensitivity("cace", "Excluded.", (), {}, bounds=(Bounds("t", "3", -2.0, 0.5, (-2.5, 0.9), "Between."),)),
)
SUBGROUP = Subgroup(
    "sex",
    (Interaction("3", JointTest(1.5, 1, 30.0, 0.23)), Interaction("6", None)),
    (SubgroupEffect("w", "t", "3", 10, 12, VALUE, -0.4, "Lower."),),
    "This explores.",
)


def published() -> dict[str, Any]:
    results = run(plan_from(PLAN), columns_from(TABLE))
    one = results.sets[0]
    outcome = replace(one.outcomes[0], sensitivity=METHODS, subgroups=(SUBGROUP,))
    found: dict[str, Any] = as_json(replace(results, sets=(replace(one, outcomes=(outcome,)),)))
    json.dumps(found, allow_nan=False)
    return found


def test_sensitivity() -> None:
    mi, tipping, cace = published()["sets"][0]["outcomes"][0]["sensitivity"]
    assert (mi["method"], mi["assumption"], mi["imputations"], mi["seed"]) == ("mi", "As the others.", 50, 1)
    assert mi["contrasts"][0] == {
        "arm": "t",
        "wave": "3",
        "estimate": -0.5,
        "se": 0.25,
        "df": 40.0,
        "statistic": -2.0,
        "p": 0.052,
        "ci": [-1.0, 0.005],
        "scenario": "",
        "missing_information": 0.2,
        "label": "In words.",
    }
    assert tipping["tipping"] == [{"arm": "t", "wave": "3", "delta": None, "label": "No shift."}]
    assert (tipping["grid"][0]["delta"], tipping["grid"][0]["control_delta"]) == (0.5, 0.0)
    assert cace["bounds"][0]["ci"] == [-2.5, 0.9]


def test_subgroups() -> None:
    (one,) = published()["sets"][0]["outcomes"][0]["subgroups"]
    assert one["interaction"] == [
        {"wave": "3", "F": 1.5, "num_df": 1, "den_df": 30.0, "p": 0.23},
        {"wave": "6", "F": None, "num_df": None, "den_df": None, "p": None},
    ]
    assert one["levels"][0]["standardized"] == -0.4
    assert one["label"] == "This explores."


def test_the_whole() -> None:
    found = published()
    assert found["clock"] == "randomization"
    assert found["sets"][0]["assumption"].startswith("Everybody randomized counts in their arm;")
