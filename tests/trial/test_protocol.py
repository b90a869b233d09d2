"""A protocol is one file: what the shipped ones say, what is refused, what the analysis plan says."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from confrere.analysis import columns_from, read_plan, run
from confrere.analysis.errors import InputError
from confrere.science.allocation import Arm, BigStick, Minimisation, PermutedBlocks, Simple
from confrere.science.expression import compile_expression
from confrere.science.instruments import find
from confrere.trial.protocol import (
    Certificate,
    Distress,
    Irb,
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


REFUSED = [
    ("cap = 138", "cap = 1.5", "cap: a whole number from 2 to 1000000 is expected here."),
    ("cap = 138", "kap = 138", "cap: this is needed and absent."),
    ("held_days = 14", "held_days = 14\nheld_day = 3", "held_day: there is no such key. Did you mean held_days?"),
    ("[support]", "[suport]", "suport: there is no such key. Did you mean support?"),
    ('id = "kiser2024"', 'id = "Kiser 2024"', '"Kiser 2024" is no name: a small letter, then'),
    ("mti = 3", "mti = 0", "mti: a whole number from 1 to 100 is expected here."),
    ("mti = 3", "sizes = [4]", "sizes: there is no such key."),
    ("minutes = [90,", "minutes = [1,", "minutes: whole numbers from 5 to 480 are expected here."),
    ("minutes = [90, 60, 60, 60, 60, 60]", "minutes = []", "minutes: whole numbers from 5 to 480"),
    ("minutes = [90,", 'minutes = ["90",', "minutes: a list of numbers is expected here."),
    ("control = true", 'control = "yes"', "control: true or false is expected here."),
    ("control = true\n", "", "exactly one arm is the control (control = true)."),
    ('coaching_after = "month3"', 'coaching_after = "month4"', "comes after a later wave. Did you mean month3?"),
    ('name = "coaching"', 'name = "control"', "two arms are called control."),
    ('levels = ["yes", "no"]', 'levels = ["yes", "maybe"]', "levels of the stratum department_of_medicine are"),
    ('name = "department_of_medicine"\nlevels', 'name = "themes"\nlevels', "the stratum themes is a required choice"),
    ("offset_days = 0", "offset_days = 3", "the first wave, baseline, is the baseline: its offset_days is 0."),
    (
        "offset_days = 0",
        'offset_days = 0\nafter = "first_session"\nlatest_days = 3',
        "the first wave, baseline, is the baseline: it waits for no session.",
    ),
    ("offset_days = 91", "offset_days = 10", "the wave month3 opens before baseline closes."),
    ('"qol_vas"]\nquestions', '"qol_vaz"]\nquestions', "There is no instrument qol_vaz; did you mean qol_vas?"),
    ('"qol_vas"]\nquestions', '"empowerment_at_work"]\nquestions', "are not known to us, so baseline cannot ask it."),
    ('"coaching_again", "themes"', '"coaching_agian", "themes"', "coaching_agian, which is no question. Did you mean"),
    (', "themes",\n]', ",\n]", "no wave asks the question themes."),
    ('arms = ["coaching"]', 'arms = ["coachin"]', "is for the arm coachin. Did you mean coaching?"),
    ("low = 0\nhigh = 70", "low = 70\nhigh = 70", "high: the highest number must be above the lowest."),
    ("low = 0\nhigh = 70", "high = 70", "low: this is needed and absent."),
    ('yes = "Yes"\nno = "No"\n\n[[questions]]\nname = "race', '\n\n[[questions]]\nname = "race', "two or more answers"),
    (
        "sessions >= 1",
        "session >= 1",
        "the analysis set modified_itt: There is no column session. Did you mean sessions?",
    ),
    ('covariates = ["gender", "dep', 'covariates = ["gendre", "dep', "the covariate gendre is asked at the baseline."),
    ("level = 0.95", "level = 95", "level: a confidence level between 0.5 and 1 is expected"),
    ('rule = "burnout_items"', 'rule = "x"', "Professional Fulfillment Index has no rule x"),
    ('instrument = "uwes9"', 'instrument = "cbi"', "work_engagement: cbi has no continuous work_engagement."),
    (
        'score = "work_engagement"\nbetter = "higher"',
        'score = "work_engagement"\nbetter = "lower"',
        "work_engagement: higher is better for work_engagement.",
    ),
    (
        'instrument = "qol_vas"\nscore',
        'instrument = "lasa_qol"\nscore',
        "quality_of_life: lasa_qol is asked at the baseline and at a later wave.",
    ),
    ('df = "not stated in the paper"\n', "", "df: this is needed and absent."),
    ('woman = "Woman"', '"a;b" = "Woman"', '"a;b" is no code: up to 64 letters, digits, _ and -.'),
    ("[trial]", "[trial", "the protocol is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED)
def test_a_protocol_that_does_not_fit_is_refused_in_one_sentence(old: str, new: str, sentence: str) -> None:
    assert old in KISER
    with pytest.raises(InputError) as caught:
        load_protocol(KISER.replace(old, new, 1), file="protocol.toml")
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("protocol.toml")


def test_a_baseline_question_cannot_be_for_one_arm() -> None:
    text = KISER.replace('text = "What is your gender?"', 'text = "What is your gender?"\narms = ["control"]')
    with pytest.raises(InputError, match="for one arm, and the baseline comes before the draw"):
        load_protocol(text)


@pytest.mark.parametrize(
    ("allocation", "sentence"),
    [
        ('scheme = "permuted-blocks"\nsizes = [3]', "The sizes of the blocks are multiples of 2, up to 1000."),
        ('scheme = "permuted-blocks"\nsizes = 4', "a list of numbers is expected here."),
        ('scheme = "dice"', '"dice" is not known here.'),
        ('scheme = "minimisation"\nprobability = 1', "above 0 and below 1, such as 0.8."),
        ('scheme = "minimisation"\nprobability = 0.755', "a probability with two decimals is expected here"),
        ('scheme = "minimisation"\nprobability = 0.5', "above the smallest arm's share."),
        ('scheme = "minimisation"\nmeasure = "sd"', '"sd" is not known here. Known are range, variance.'),
        ('scheme = "minimisation"\nmti = 3', "mti: there is no such key."),
        ('scheme = "minimisation"\nmode = "batch"', "minimisation draws one person after the other"),
    ],
)
def test_schemes_that_do_not_exist_are_refused(allocation: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        load_protocol(KISER.replace('scheme = "big-stick"\nmti = 3', allocation))


def test_a_protocol_needs_waves_and_outcomes() -> None:
    bare = re.sub(r"\[\[outcomes\]\]\n(?:.+\n)+", "", KISER)
    with pytest.raises(InputError, match="the protocol needs outcomes"):
        load_protocol(bare)
    with pytest.raises(InputError, match="the protocol needs waves"):
        load_protocol(re.sub(r"\[\[waves\]\]\n(?:.+\n)+", "", KISER))


def test_a_protocol_is_read_without_django() -> None:
    code = "import sys, confrere.trial.protocol; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0


OVERSIGHT = """
[irb]
number = "2021P001234"
board = "Mass General Brigham IRB"
approved = 2026-02-01
expires = "2027-01-31"
stamped_sha256 = "{sha}"
relying = ["North"]

[certificate]
number = "CC-OD-26-1"
funder = "NIH"
issued = 2026-02-02

[distress]
plan = "The coordinator calls the same day."
contact = "The physician health programme"
"""


def test_what_stands_around_a_trial_is_optional() -> None:
    bare = load_protocol(KISER)
    assert (bare.irb, bare.certificate, bare.distress_plan) == (None, None, None)
    assert (bare.order, bare.closes, bare.mode, bare.registered, bare.funder) == (
        "first-come",
        None,
        "rolling",
        None,
        None,
    )
    text = KISER.replace("held_days = 14", 'order = "lottery"\ncloses = 2026-06-01') + OVERSIGHT.format(sha="a" * 64)
    text = text.replace("mti = 3", 'mti = 3\nmode = "batch"').replace(
        "offset_days = 91", "offset_days = 91\nreminders = [7, 14]"
    )
    text = text.replace('id = "kiser2024"', 'id = "kiser2024"\nregistered = 2026-01-02\nfunder = "A fund"')
    read = load_protocol(text)
    assert (read.held_days, read.order, read.closes, read.mode) == (14, "lottery", date(2026, 6, 1), "batch")
    assert (read.registered, read.funder) == (date(2026, 1, 2), "A fund")
    assert read.wave("month3").reminders == (7, 14)
    assert read.irb == Irb(
        number="2021P001234",
        board="Mass General Brigham IRB",
        approved=date(2026, 2, 1),
        expires=date(2027, 1, 31),
        stamped_sha256="a" * 64,
        relying=("North",),
    )
    assert read.certificate == Certificate(number="CC-OD-26-1", funder="NIH", issued=date(2026, 2, 2), expires=None)
    assert read.distress_plan == Distress(
        plan="The coordinator calls the same day.", contact="The physician health programme"
    )
    assert read.distress == bare.distress


def test_a_day_may_be_written_with_or_without_quotes() -> None:
    with_quotes = KISER.replace("[recruitment]", '[recruitment]\ncloses = "2026-06-01"')
    assert protocol_sha256(with_quotes) == protocol_sha256(with_quotes.replace('"2026-06-01"', "2026-06-01"))


def test_the_lines_of_distress_stand_in_one_place() -> None:
    head, _between, tail = DYRBYE.partition("[support]")
    lines, after = tail.split("\n\n", 1)
    moved = f'{head}[distress]\nplan = "We call."\n{lines.replace("distress =", "lines =")}\n\n{after}'
    assert load_protocol(moved).distress == load_protocol(DYRBYE).distress


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("held_days = 14", "closes = 7", "a day is expected here, such as 2026-12-01."),
        ("held_days = 14", 'order = "loud"', '"loud" is not known here. Known are first-come, lottery.'),
        ("mti = 3", 'mode = "later"', '"later" is not known here. Known are rolling, batch.'),
        ("mti = 3", "mit = 3", "there is no such key. Did you mean mti?"),
        ("offset_days = 91", "offset_days = 91\nreminders = [28]", "each within the wave's window."),
        ("offset_days = 91", "offset_days = 91\nreminders = [1, 2, 3, 4, 5, 6]", "up to five days"),
        ("[consent]", '[irb]\nnumber = "1"\nstamped_sha256 = "A"\n[consent]', "a SHA-256."),
        (
            "[consent]",
            '[irb]\nnumber = "1"\napproved = 2026-02-01\nexpires = 2026-01-01\n[consent]',
            "the approval expires before it begins.",
        ),
        ("[consent]", '[certificate]\nfunder = "NIH"\n[consent]', "[certificate] number: this is needed and absent."),
        (
            "[consent]",
            '[distress]\nplan = "a"\nlines = ["b"]\n[consent]',
            "the lines stand already in [support] distress.",
        ),
    ],
)
def test_what_stands_around_a_trial_is_checked(old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        load_protocol(KISER.replace(old, new))
