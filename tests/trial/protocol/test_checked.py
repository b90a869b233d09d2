"""What a protocol may not say, each refused in one sentence; what stands around a trial."""

import re
import subprocess
import sys
from datetime import date

import pytest

from confrere.analysis.errors import InputError
from confrere.trial.protocol import (
    Certificate,
    Distress,
    Irb,
    load_protocol,
    protocol_sha256,
    shipped_protocol,
)

KISER = shipped_protocol("kiser2024")
DYRBYE = shipped_protocol("dyrbye2019")


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
