"""A protocol is one file: what the shipped ones say, and what the analysis plan says."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from confrere.analysis import columns_from, read_plan, run
from confrere.science.allocation import Arm, BigStick, Minimisation, PermutedBlocks, Simple
from confrere.science.expression import compile_expression
from confrere.science.instruments import find
from confrere.trial.protocol import (
    analysis_plan,
    load_protocol,
    protocol_sha256,
    set_columns,
    shipped_protocol,
    shipped_protocols,
)

KISER = shipped_protocol("kiser2024")
DYRBYE = shipped_protocol("dyrbye2019")


def test_two_protocols_ship_and_validate() -> None:
    assert shipped_protocols() == ("dyrbye2019", "kiser2024")
    for name in shipped_protocols():
        assert load_protocol(shipped_protocol(name)).id == name
    with pytest.raises(KeyError):
        shipped_protocol("../kiser2024")


def test_kiser_says_what_the_paper_says() -> None:
    protocol = load_protocol(KISER)
    assert (protocol.cap, protocol.goal, protocol.held_days) == (138, 100, 14)
    assert protocol.registration == "NCT05036993"
    assert [(arm.name, arm.ratio, arm.delayed) for arm in protocol.arms] == [
        ("coaching", 1, False),
        ("control", 1, True),
    ]
    assert protocol.control.coaching_after == "month3"
    assert protocol.arm("coaching").title == "Coaching now"
    assert protocol.scheme == BigStick(3)
    assert protocol.allocation_arms == (Arm("coaching"), Arm("control"))
    assert len(protocol.stratum_labels()) == 8
    assert protocol.sessions.minutes == (90, 60, 60, 60, 60, 60)
    assert 67 * protocol.sessions.hours == 435.5
    assert 71 * protocol.sessions.hours == 461.5
    assert [(wave.name, wave.offset_days) for wave in protocol.waves] == [("baseline", 0), ("month3", 91)]
    assert protocol.analysis.df_stated == "not stated in the paper"
    assert protocol.analysis.df == "kenward-roger"
    assert [outcome.name for outcome in protocol.outcomes if outcome.role == "primary"] == ["overall_burnout"]
    assert len(protocol.outcomes) == 10


def test_dyrbye_runs_by_configuration_alone() -> None:
    protocol = load_protocol(DYRBYE)
    assert protocol.cap == 88
    assert len(protocol.sessions.minutes) == 6
    assert protocol.sites == ("Arizona", "Florida", "Minnesota", "Wisconsin")
    assert not any(arm.delayed for arm in protocol.arms)
    assert [one.name for one in protocol.analysis.sets] == ["itt"]
    assert protocol.stratum({}) == "all"
    assert protocol.stratum_labels() == ("all",)
    assert {outcome.kind for outcome in protocol.outcomes} == {"continuous", "binary"}


def test_themes_and_table_1_have_the_levels_of_the_paper(shared: Path) -> None:
    questions = {question.name: question for question in load_protocol(KISER).questions}
    themes = (shared / "reference/kiser2024/table4_themes.csv").read_text().splitlines()[1:]
    assert [option.value for option in questions["themes"].options] == [line.split(",")[0] for line in themes]
    for line in (shared / "reference/kiser2024/table1_baseline_demographics.csv").read_text().splitlines()[1:]:
        name, level = line.split(",")[:2]
        assert level in [option.value for option in questions[name].options]


def test_only_who_was_coached_is_asked_about_coaching() -> None:
    protocol = load_protocol(KISER)
    assert protocol.questions_of("month3", arm="control") == ()
    assert len(protocol.questions_of("month3", arm="coaching")) == 6
    assert len(protocol.questions_of("baseline")) == 11


def test_a_stratum_has_one_label() -> None:
    protocol = load_protocol(KISER)
    answers = {"gender": "woman", "department_of_medicine": "no", "age_group": "31_40"}
    assert protocol.stratum(answers) == "gender=woman;department_of_medicine=no"
    assert protocol.stratum(answers) in protocol.stratum_labels()
    with pytest.raises(ValueError, match="'perhaps' is no level of department_of_medicine"):
        protocol.stratum(answers | {"department_of_medicine": "perhaps"})


def test_the_modified_set_leaves_out_only_the_coached_who_never_came() -> None:
    protocol = load_protocol(KISER)
    keep = compile_expression(str(protocol.analysis.sets[0].keep), names=set_columns(protocol))
    columns = {
        "arm": np.array(["coaching", "coaching", "coaching", "control", "control"]),
        "sessions": np.array([0, 1, 0, 0, 0]),
        "answered_month3": np.array([0, 0, 1, 0, 1]),
    }
    assert keep.evaluate(columns).tolist() == [False, True, True, True, True]


def test_the_hash_is_of_the_content() -> None:
    assert protocol_sha256(KISER) == load_protocol(KISER).sha256
    assert protocol_sha256("# a comment\n" + KISER) == protocol_sha256(KISER)
    assert protocol_sha256(KISER.replace("cap = 138", "cap = 139")) != protocol_sha256(KISER)


def test_the_analysis_plan_is_the_contract_s() -> None:
    protocol = load_protocol(KISER)
    plan = tomllib.loads(analysis_plan(protocol))
    assert plan["trial"] == {"title": "Peer coaching for physicians"}
    assert plan["columns"] == {"id": "id", "arm": "arm", "wave": "time"}
    assert plan["arms"] == {"control": "control", "intervention": "coaching"}
    assert plan["waves"] == {
        "baseline": "baseline",
        "order": ["baseline", "month3"],
        "untreated_until": "month3",
    }
    assert plan["model"] == {
        "covariates": ["gender", "department_of_medicine"],
        "covariance": "random-intercept",
        "df": "kenward-roger",
        "estimation": "reml",
        "baseline_as": "response",
        "level": 0.95,
        "multiplicity": "none",
        "levels": {
            "gender": ["woman", "man", "nonbinary", "prefer_not_to_say"],
            "department_of_medicine": ["yes", "no"],
        },
    }
    assert plan["labels"]["arms"] == {"coaching": "coaching now", "control": "coaching after three months"}
    assert plan["labels"]["waves"] == {"baseline": "baseline", "month3": "three months"}
    assert plan["labels"]["levels"]["gender"]["prefer_not_to_say"] == "I prefer not to say"
    assert [one["title"] for one in plan["sets"]] == ["modified intention to treat", "intention to treat"]
    assert [one["name"] for one in plan["sets"]] == ["modified_itt", "itt"]
    assert plan["sets"][1]["keep"] == "not missing(arm)"
    assert plan["outcomes"][0] == {
        "name": "overall_burnout",
        "column": "overall_burnout",
        "kind": "continuous",
        "role": "primary",
        "better": "lower",
    }
    assert "not stated in the paper" in analysis_plan(protocol)


def test_an_acronym_stays_one_inside_a_sentence() -> None:
    text = KISER.replace('title = "Coaching after three months"', 'title = "TAU"')
    assert tomllib.loads(analysis_plan(load_protocol(text)))["labels"]["arms"]["control"] == "TAU"


def test_both_plans_are_read_by_the_analysis() -> None:
    for text in (KISER, DYRBYE):
        protocol = load_protocol(text)
        plan = read_plan(analysis_plan(protocol))
        assert [outcome.name for outcome in plan.outcomes] == [outcome.name for outcome in protocol.outcomes]


def test_a_frozen_file_is_analysed_by_the_plan_of_its_protocol() -> None:
    """Forty simulated participants, two of them coached on paper only: the sets differ by those two."""
    protocol = load_protocol(KISER)
    draw = np.random.default_rng(5)
    rows = []
    for number in range(40):
        arm = "coaching" if number % 2 else "control"
        came = number not in {1, 3}
        who = {"id": f"S{number}", "arm": arm, "gender": "woman" if number % 3 else "man"}
        who |= {"department_of_medicine": "yes" if number % 5 else "no", "sessions": 6 * (arm == "coaching" and came)}
        level = 4 + draw.standard_normal()
        for wave in ("baseline", "month3")[: 2 if came else 1]:
            scores = {outcome.name: level + draw.standard_normal() for outcome in protocol.outcomes}
            rows.append(who | {"time": wave, "answered_month3": int(came)} | scores)
    columns = columns_from({name: [row[name] for row in rows] for name in rows[0]})
    results = run(read_plan(analysis_plan(protocol)), columns)
    assert [(one.name, one.n_participants) for one in results.sets] == [("modified_itt", 38), ("itt", 40)]
    assert all(len(one.outcomes) == 10 for one in results.sets)


def test_a_quoted_remark_stays_a_comment_of_the_plan() -> None:
    text = KISER.replace('df = "not stated in the paper"', 'df = """not stated\nin the paper"""')
    assert "# Degrees of freedom in the source: not stated in the paper." in analysis_plan(load_protocol(text))
    assert tomllib.loads(analysis_plan(load_protocol(text)))["model"]["df"] == "kenward-roger"


def test_a_plan_with_several_arms_tests_and_limits() -> None:
    text = DYRBYE.replace(
        "[allocation]", '[[arms]]\nname = "group"\ntitle = "Group coaching"\nratio = 2\n\n[allocation]'
    ).replace('tests = ["welch", "wilcoxon"]', 'tests = ["welch"]\nmcid = 2.5', 1)
    plan = tomllib.loads(analysis_plan(load_protocol(text)))
    assert plan["arms"] == {"control": "control", "interventions": ["coaching", "group"]}
    assert "untreated_until" not in plan["waves"]
    assert "levels" not in plan["model"]
    assert plan["outcomes"][0]["mcid"] == 2.5
    assert plan["outcomes"][0]["tests"] == ["welch"]


def test_every_outcome_column_can_be_scored() -> None:
    for text in (KISER, DYRBYE):
        for outcome in load_protocol(text).outcomes:
            instrument = find(outcome.instrument)
            answers = {item.id: item.low for item in instrument.items}
            assert outcome.score in instrument.score(answers, rule=outcome.rule)


@pytest.mark.parametrize(
    ("allocation", "scheme"),
    [
        ('scheme = "permuted-blocks"\nsizes = [4, 4, 6]', PermutedBlocks((4, 4, 6))),
        ('scheme = "simple"', Simple()),
        ('scheme = "minimisation"', Minimisation(80, "range")),
        ('scheme = "minimisation"\nprobability = 0.57\nmeasure = "variance"', Minimisation(57, "variance")),
        ("", BigStick(3)),
        ("mti = 2", BigStick(2)),
    ],
)
def test_every_scheme_can_be_chosen(allocation: str, scheme: object) -> None:
    assert load_protocol(KISER.replace('scheme = "big-stick"\nmti = 3', allocation)).scheme == scheme
