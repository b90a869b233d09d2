"""Subgroups against R: emmeans and pbkrtest's KRmodcomp (``tests/data/estimands/subgroups.json``)."""

import json
from typing import Any

import pytest
from tests.analysis.three_arms import DATA
from tests.analysis.three_arms import TRIAL as THREE_ARMS

from confrere.analysis import InputError, as_json, columns_from, plan_from, read_csv, run
from confrere.analysis.findings import Subgroup
from confrere.analysis.results import OutcomeResult

THEIRS = json.loads((DATA / "subgroups.json").read_text())
TRIAL: dict[str, Any] = THREE_ARMS | {"subgroups": [{"column": "gender"}]}


def analysed(**tables: Any) -> OutcomeResult:
    table = TRIAL | tables
    table["model"] = TRIAL["model"] | tables.get("model", {})
    return run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes())).sets[0].outcomes[0]


def only(**tables: Any) -> Subgroup:
    (one,) = analysed(**tables).subgroups
    return one


def test_levels_and_interaction() -> None:
    ours = only()
    effects = {(f"{one.arm} - delayed", f"{one.wave} - baseline", one.level): one.value for one in ours.effects}
    for row in THEIRS["levels"]:
        value = effects[row["arm_trt.vs.ctrl"], row["wave_trt.vs.ctrl"], row["gender"]]
        assert value is not None
        assert (value.estimate, value.se, value.df) == pytest.approx((row["estimate"], row["SE"], row["df"]), rel=1e-6)
        assert (value.lower, value.upper) == pytest.approx((row["lower.CL"], row["upper.CL"]), rel=1e-6)
    for one, row in zip(ours.interactions, THEIRS["interaction"], strict=True):
        assert one.test is not None
        found = (one.test.statistic, one.test.numerator_df, one.test.denominator_df, one.test.p)
        assert found == pytest.approx((row["F"], row["num_df"], row["den_df"], row["p"]), rel=1e-6)


def test_in_words() -> None:
    ours = only()
    assert ours.label == (
        "Exploratory: whether the difference in change differs by gender. The trial was not sized for it, and these "
        "P values are not adjusted. Interaction: P = 0.640 at month 3, P = 0.407 at month 6, P = 0.886 at month 12."
    )
    assert ours.effects[0].label == (
        "Gender, Woman: from baseline to month 3, the change in burnout was 1.07 points lower with coaching than with "
        "delayed (95% CI 0.53 to 1.61 lower); lower is better, so this favours coaching."
    )
    assert (ours.effects[0].n, ours.effects[0].n_control) == (34, 30)
    assert ours.effects[4].label.endswith("This is not a randomized comparison with no coaching.")
    sd = analysed().baseline_sd
    assert ours.effects[0].value is not None
    assert ours.effects[0].standardized == pytest.approx(ours.effects[0].value.estimate / sd)
    assert ours.warnings == ()


@pytest.mark.parametrize("baseline_as", ["constrained", "covariate"])
def test_other_baselines(baseline_as: str) -> None:
    """The mean of the levels' effects is close to the effect without the subgroup."""
    ours = analysed(model={"baseline_as": baseline_as})
    effects = [one.value for one in ours.subgroups[0].effects[:2]]
    whole = ours.contrasts[0].value
    assert whole is not None
    assert all(one is not None for one in effects)
    low, high = sorted(one.estimate for one in effects if one is not None)
    assert low < whole.estimate < high


def test_a_number_in_groups() -> None:
    ours = only(subgroups=[{"column": "years", "cut": [10, 20]}])
    assert [one.level for one in ours.effects[:3]] == ["below 10", "10 to below 20", "20 and above"]
    assert ours.interactions[0].test is not None
    assert ours.interactions[0].test.numerator_df == 4


FEW: dict[str, list[Any]] = {
    "id": [f"p{i}" for i in range(48) for _ in range(2)],
    "arm": [arm for i in range(48) for arm in ["ct"[i % 2]] * 2],
    "wave": ["0", "3"] * 48,
    "yes": [int((i * 7 + w * (3 + i % 2)) % 5 > 1 + (i % 2) * w) for i in range(48) for w in range(2)],
    "score": [((i * 7 + w * 3) % 11) / 2 - w * (i % 2) for i in range(48) for w in range(2)],
    "kind": [kind for i in range(48) for kind in [("x", "y", "z")[0 if i < 24 else 1 if i < 45 else 2], None]],
    "none": [None] * 96,
    "many": [f"v{i}" for i in range(48) for _ in range(2)],
}
SMALL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "outcomes": [{"name": "score"}],
}


def small(**tables: Any) -> Subgroup:
    (one,) = run(plan_from(SMALL | tables), columns_from(FEW)).sets[0].outcomes[0].subgroups
    return one


def test_shares_by_level() -> None:
    """Two waves: with everybody's two answers, each level's effect is the difference in change of its shares."""
    ours = small(
        outcomes=[{"name": "yes", "kind": "binary"}],
        subgroups=[{"column": "kind", "levels": ["x", "y"]}],
        sets=[{"name": "most", "keep": "id not in ('p45', 'p46', 'p47')"}],
    )
    assert [one.level for one in ours.effects] == ["x", "y"]
    assert ours.interactions[0].test is not None
    assert ours.interactions[0].test.numerator_df == 1
    first, second = (one.value for one in ours.effects)
    assert first is not None
    assert second is not None
    independent = (second.estimate - first.estimate) ** 2 / (first.se**2 + second.se**2)
    assert ours.interactions[0].test.statistic == pytest.approx(independent, rel=0.1)
    assert ours.effects[0].standardized is None


def test_levels_that_few_have() -> None:
    ours = small(subgroups=[{"column": "kind"}])
    assert [(one.level, one.n, one.n_control) for one in ours.effects] == [("x", 12, 12), ("y", 10, 11), ("z", 2, 1)]
    assert ours.warnings == ("Kind, Z has 2 participants with t and 1 with c; its estimate says little.",)


def test_a_level_that_one_arm_has_not() -> None:
    sets = [{"name": "most", "keep": "id != 'p46'"}]
    ours = small(subgroups=[{"column": "kind"}], sets=sets)
    assert ours.effects[2].value is None
    assert ours.effects[2].label.endswith("the data cannot tell.")
    assert ours.interactions[0].test is None
    assert ours.warnings[0] == "There is no test of the interaction at 3: some of its cells have no data."
    ours = small(subgroups=[{"column": "kind"}], sets=sets, outcomes=[{"name": "yes", "kind": "binary"}])
    assert (ours.effects[2].value, ours.interactions[0].test) == (None, None)
    published = as_json(run(plan_from(SMALL | {"subgroups": [{"column": "kind"}], "sets": sets}), columns_from(FEW)))
    assert published["sets"][0]["outcomes"][0]["subgroups"][0]["interaction"][0]["p"] is None


def test_a_level_that_never_answered() -> None:
    answers = [None if kind == "z" else yes for kind, yes in zip(_of_person(), FEW["yes"], strict=True)]
    table = SMALL | {"subgroups": [{"column": "kind"}], "outcomes": [{"name": "yes", "kind": "binary"}]}
    (one,) = run(plan_from(table), columns_from(FEW | {"yes": answers})).sets[0].outcomes[0].subgroups
    assert [(effect.level, effect.value is None) for effect in one.effects] == [("x", False), ("y", False), ("z", True)]


def _of_person() -> list[str]:
    return [FEW["kind"][i - i % 2] for i in range(96)]


def test_a_model_that_the_data_do_not_allow() -> None:
    """Three people are too few for the interactions; the outcome's own model stands."""
    sets = [{"name": "three", "keep": "id in ('p0', 'p1', 'p24', 'p25')"}]
    ours = small(subgroups=[{"column": "kind"}], sets=sets)
    assert ours.effects == ()
    assert ours.warnings == ("There are 8 observations for 8 coefficients; the model needs more.",)


REFUSED = [
    ({"column": "none"}, "column none: a subgroup needs 2 to 12 levels, and here are 0; a number is grouped by cut."),
    ({"column": "many"}, "column many: a subgroup needs 2 to 12 levels, and here are 48; a number is grouped by cut."),
    (
        {"column": "kind", "levels": ["x", "y"]},
        'line 92, column kind: "z" is no level of the subgroup; they are x, y.',
    ),
    ({"column": "knd"}, "there is no column knd. Did you mean kind?"),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_columns_that_make_no_subgroup(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        small(subgroups=[asked])
    assert str(error.value) == sentence


def test_cuts_rise() -> None:
    with pytest.raises(InputError, match="rising numbers are expected here"):
        plan_from(SMALL | {"subgroups": [{"column": "years", "cut": [2, 1]}]})


def test_a_level_that_always_answers_yes() -> None:
    """What is predicted without exception has no standard error, so no difference is claimed; Firth gives one."""
    answers = [1 if kind == "z" else yes for kind, yes in zip(_of_person(), FEW["yes"], strict=True)]
    reported, firth = (
        run(
            plan_from(
                SMALL
                | {
                    "subgroups": [{"column": "kind"}],
                    "outcomes": [{"name": "yes", "kind": "binary", "separation": separation}],
                }
            ),
            columns_from(FEW | {"yes": answers}),
        )
        .sets[0]
        .outcomes[0]
        .subgroups[0]
        for separation in ("report", "firth")
    )
    assert [one.value is None for one in reported.effects] == [False, False, True]
    assert reported.interactions[0].test is None
    assert reported.warnings[0].startswith("Separation: ")
    assert [one.value is None for one in firth.effects] == [False, False, False]
    assert firth.interactions[0].test is not None
    assert firth.interactions[0].test.numerator_df == 2
