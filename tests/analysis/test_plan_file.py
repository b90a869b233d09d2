"""Plans: what is read, and what is refused with its line and the nearest known key."""

from typing import Any

import pytest

from confrere.analysis import InputError, plan_from, read_plan

PLAN = """\
[columns]
id = "id"
arm = "arm"
wave = "time"
[arms]
control = "c"
intervention = "t"
[waves]
baseline = 0
order = [0, 3]
[model]
covariates = ["sex"]
[[outcomes]]
name = "score"
df = "satterthwaite"
"""


def test_a_plan() -> None:
    plan = read_plan(PLAN)
    assert (plan.title, plan.arms, plan.waves, plan.linear) == ("Trial", ("c", "t"), ("0", "3"), False)
    assert (plan.outcomes[0].column, plan.outcomes[0].role, plan.outcomes[0].better) == ("score", "secondary", None)
    assert (plan.outcomes[0].model.covariates, plan.outcomes[0].model.df) == (("sex",), "satterthwaite")
    assert [(one.name, one.keep) for one in plan.sets] == [("all", None)]
    assert len(plan.sha256) == 64


def test_the_baseline_comes_first_and_there_may_be_several_arms() -> None:
    plan = read_plan(
        PLAN.replace("order = [0, 3]", "order = [3, 0]").replace('intervention = "t"', 'interventions = ["t", "u"]')
    )
    assert (plan.waves, plan.arms) == (("0", "3"), ("c", "t", "u"))


def test_ml_takes_satterthwaite_unless_told_otherwise() -> None:
    assert read_plan(PLAN.replace('df = "satterthwaite"', 'estimation = "ml"')).outcomes[0].model.df == "satterthwaite"


REFUSED = [
    ("[columns]", "[colums]", "p.toml: columns: this is needed and absent. Is colums meant for it?"),
    ('id = "id"', 'ids = "id"', "p.toml: [columns] id: this is needed and absent. Is ids meant for it?"),
    (
        'wave = "time"',
        'wave = "time"\nwaves = 1',
        "p.toml, line 5: [columns] waves: there is no such key. Did you mean wave?",
    ),
    ('id = "id"\n', "", "p.toml: [columns] id: this is needed and absent."),
    ("[model]", "[modell]", "p.toml, line 11: modell: there is no such key. Did you mean model?"),
    (
        'covariates = ["sex"]',
        'covariats = ["sex"]',
        "p.toml, line 12: [model] covariats: there is no such key. Did you mean covariates?",
    ),
    (
        'name = "score"',
        'name = "score"\ncolum = "x"',
        "p.toml, line 15: [outcomes] colum: there is no such key. Did you mean column?",
    ),
    (
        "[arms]",
        "[arms",
        "p.toml: the plan is not valid TOML: Expected ']' at the end of a table declaration (at line 5, column 6).",
    ),
    (
        "order = [0, 3]",
        "order = [1, 3]",
        'p.toml, line 10: [waves] order: the waves in order must include the baseline "0".',
    ),
    ("order = [0, 3]", "order = [0, 3, 3]", "p.toml, line 10: [waves] order: an entry stands here twice."),
    ("order = [0, 3]", "order = 3", "p.toml, line 10: [waves] order: a list of texts is expected here."),
    (
        "order = [0, 3]",
        'order = [0, 3]\nuntreated_until = "4"',
        'p.toml, line 11: [waves] untreated_until: "4" is no wave. Known are 0, 3.',
    ),
    (
        "order = [0, 3]",
        'order = [0, 3]\nclock = "session"',
        'p.toml, line 11: [waves] clock: "session" is not known here. Did you mean first-session?',
    ),
    (
        "order = [0, 3]\n[model]",
        'untreated_until = "month3"\n[model]\ntime = "linear"',
        "p.toml, line 10: [waves] untreated_until: where time is linear, a number of the wave column is expected.",
    ),
    (
        'intervention = "t"',
        "interventions = []",
        "p.toml, line 6: [arms] control: a control and at least one other arm are needed.",
    ),
    (
        'intervention = "t"',
        'intervention = "c"',
        "p.toml, line 6: [arms] control: a control and at least one other arm are needed.",
    ),
    (
        "[model]",
        '[trial]\ntitle = "a\\u0007"\n[model]',
        "p.toml, line 12: [trial] title: a text without control characters is expected here.",
    ),
    ('control = "c"', "control = true", "p.toml, line 6: [arms] control: a text is expected here."),
    (
        "[model]",
        "[model]\nlevel = 95",
        "p.toml, line 12: [model] level: a confidence level between 0.5 and 1 is expected, such as 0.95.",
    ),
    ("[model]", '[model]\nlevel = "high"', "p.toml, line 12: [model] level: a number is expected here."),
    (
        "[model]",
        '[model]\ndf = "kenward"',
        'p.toml, line 12: [model] df: "kenward" is not known here. Did you mean kenward-roger?',
    ),
    (
        "[model]",
        '[model]\ncovariance = "ar2"',
        'p.toml, line 12: [model] covariance: "ar2" is not known here. Did you mean ar1?',
    ),
    ("[model]", '[model]\nse = "cr1"', 'p.toml, line 12: [model] se: "cr1" is not known here. Did you mean cr3?'),
    (
        "[model]",
        '[model]\ncluster = { column = "coach", arms = "t" }',
        "p.toml: [model.cluster] arm: this is needed and absent. Is arms meant for it?",
    ),
    (
        "[model]",
        '[model]\ncluster = { column = "coach", arm = "u" }',
        'p.toml, line 12: cluster: "u" is no arm. Known are c, t.',
    ),
    (
        "[model]",
        '[model]\ncovariance = "ar1"\ncluster = { column = "coach", arm = "t" }',
        'p.toml, line 13: [model] cluster: coaches need covariance = "random-intercept".',
    ),
    (
        "[model]",
        '[model]\nse = "cr2"\ncluster = { column = "coach", arm = "t" }',
        'p.toml, line 13: [model] cluster: coaches need se = "model".',
    ),
    (
        "[model]",
        '[model]\ndf = "residual"\ncluster = { column = "coach", arm = "t" }',
        (
            'p.toml, line 12: [model] df: with coaches df = "residual" is not defined; '
            'use "kenward-roger" or "satterthwaite".'
        ),
    ),
    ("[model]", '[model]\nlevels = ["a"]', "p.toml, line 12: [model] levels: a table is expected here."),
    (
        'df = "satterthwaite"',
        'df = "kenward-roger"\nestimation = "ml"',
        'p.toml, line 15: [outcomes] df: Kenward-Roger is defined for REML; use df = "satterthwaite" with ml.',
    ),
    (
        'df = "satterthwaite"',
        'kind = "binary"\ncovariance = "ar1"',
        (
            'p.toml, line 16: [outcomes] covariance: a binary outcome has covariance = "random-intercept"; '
            "set it under the outcome."
        ),
    ),
    (
        'df = "satterthwaite"',
        'responder = "chnge <= -1"',
        ("p.toml, line 15: [outcomes] responder: There is no column chnge. Did you mean change? (position 1)"),
    ),
    ('df = "satterthwaite"', "sd = 0", "p.toml, line 15: [outcomes] sd: a number above zero is expected."),
    ('df = "satterthwaite"', "mcid = -1", "p.toml, line 15: [outcomes] mcid: a number above zero is expected."),
    (
        'df = "satterthwaite"',
        'tests = ["welsh"]',
        'p.toml, line 15: [outcomes] tests: there is no test "welsh". Did you mean welch?',
    ),
    (
        'name = "score"',
        'name = "../score"',
        "p.toml, line 14: [outcomes] name: a name of letters, digits, _ and - is expected, at most 60 of them.",
    ),
    (
        "[[outcomes]]",
        '[[outcomes]]\nname = "score"\n[[outcomes]]',
        "p.toml, line 13: outcomes: two outcomes have the same name.",
    ),
    (
        '[[outcomes]]\nname = "score"\ndf = "satterthwaite"\n',
        "",
        "p.toml: the plan names no outcome; add [[outcomes]] with a name and a column.",
    ),
    ("[[outcomes]]", "[outcomes]", "p.toml, line 13: outcomes: a list of tables is expected here: [[outcomes]]."),
    (
        'df = "satterthwaite"',
        '[[outcomes]]\nname = "b"\ntime = "linear"',
        'p.toml, line 17: time: "time" must be the same for all outcomes.',
    ),
    (
        "[model]",
        '[trial]\ntitle = 3\n[[sets]]\nname = "a"\nkeep = "x"\n[[sets]]\nname = "a"\nkeep = "x"\n[model]',
        "p.toml, line 13: sets: two analysis sets have the same name.",
    ),
    (
        "[model]",
        '[data]\nlayout = "wide"\n[model]',
        (
            'p.toml, line 12: [data] layout: a wide file needs layout = "wide" '
            "and the columns of each wave in [data.wide]."
        ),
    ),
    (
        "[model]",
        "[data]\nscore = { a = 1 }\n[model]",
        "p.toml, line 12: [data] score: texts by text are expected here.",
    ),
    (
        "[model]",
        "data = 1\n[model]",
        "p.toml, line 11: [waves] data: there is no such key. Known are baseline, order, untreated_until, clock.",
    ),
    (
        "[model]",
        '[[sensitivity]]\nmethod = "imputation"\n[model]',
        (
            'p.toml, line 12: [sensitivity] method: "imputation" is not known here. '
            "Known are mi, tipping, jump-to-reference, cace."
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED, ids=[new[:40] for _, new, _ in REFUSED])
def test_refused_plans(old: str, new: str, sentence: str) -> None:
    assert old in PLAN
    with pytest.raises(InputError) as error:
        read_plan(PLAN.replace(old, new), file="p.toml")
    assert str(error.value) == sentence


def test_tables_that_are_no_tables() -> None:
    table: dict[str, Any] = {"columns": 3}
    with pytest.raises(InputError, match="columns: a table is expected here"):
        plan_from(table)
