"""What power says: sentences, JSON, curves, files."""

import json
from pathlib import Path

import pytest

from confrere.analysis import InputError
from confrere.analysis.power_files import make_power_pages, power_svg, write_power_report
from confrere.analysis.power_plan import read_power_plan
from confrere.analysis.power_report import PowerReport, as_json, as_text, ask_power, read_curve, sentence

PLAN = """[trial]
title = "Planned"
[design]
n_per_arm = 40
mean_changes = { control = 0.1, intervention = -0.5 }
sd = 1.0
icc = 0.6
simulations = 400
seed = 3
"""


def asked(text: str = PLAN, *curves: str, wanted: float | None = None) -> PowerReport:
    plan = read_power_plan(text)
    return ask_power(plan, curves=[read_curve(one, plan) for one in curves], wanted=wanted, mapper=map)


def test_json_carries_the_keys_of_the_contract() -> None:
    report = asked(PLAN, "n=40:80:40", "effect=0:0.5:0.25", wanted=0.8)
    found = json.loads(json.dumps(as_json(report)))
    assert {"power", "ci", "simulations", "seconds"} <= set(found)
    assert found["ci"][0] < found["power"] < found["ci"][1]
    assert (found["simulations"], found["n"]) == (400, {"control": 40, "intervention": 40})
    assert found["effect"] == pytest.approx(-0.6)
    assert [one["by"] for one in found["curves"]] == ["n", "effect"]
    assert [one["n"] for one in found["curves"][0]["points"]] == [40, 80]
    assert found["curves"][0]["points"][1]["power"] == found["power"]
    assert found["detectable"]["power"] == 0.8
    assert as_json(asked())["detectable"] is None


def test_sentences() -> None:
    report = asked()
    low, high = (f"{100 * one:.1f}" for one in report.tested.ci)
    assert sentence(report) == (
        "With 40 in control and 40 in intervention, the change of intervention at follow-up, truly −0.60 from that of "
        f"control, would be told apart at a two-sided level of 0.05 in {100 * report.tested.power:.1f} % of trials "
        f"({low} to {high}, 400 simulated)."
    )
    none = asked(PLAN.replace("{ control = 0.1, intervention = -0.5 }", "0"))
    assert sentence(none).endswith("400 simulated) although there is no difference.")


def test_text_ends_with_the_sentence() -> None:
    report = asked(PLAN, "n=40:80:40", "effect=0.5:0.5:1", wanted=0.8)
    lines = as_text(report).splitlines()
    assert lines[0] == "    people  power  95 % Monte-Carlo interval"
    assert lines[1].startswith("        40  0.")
    assert lines[4] == "    effect  power  95 % Monte-Carlo interval"
    assert lines[-2].startswith("The smallest difference with a power of 0.8 is −0.")
    assert lines[-1] == sentence(report)


def test_what_a_reader_must_know_is_said() -> None:
    few = PLAN.replace("n_per_arm = 40", "n_per_arm = 2\ndropout = 0.5").replace(
        "sd = 1.0", "sd = 1.0\ncoaches = 2\ncoach_icc = 0.1"
    )
    text = as_text(asked(few))
    assert "of 400 trials gave no answer" in text
    assert "Coaches make people of one arm alike" in text


@pytest.mark.parametrize(
    ("words", "sentence_"),
    [
        ("n=40", '--curve: "n=40" is not understood; n=40:200:20 or effect=0:1:0.1 is expected.'),
        ("n=a:b:c", '--curve: "n=a:b:c" is not understood; n=40:200:20 or effect=0:1:0.1 is expected.'),
        ("n=40:80:0", '--curve: "n=40:80:0" is not understood; n=40:200:20 or effect=0:1:0.1 is expected.'),
        ("n=80:40:20", "--curve: a rising range of at most 200 points is expected."),
        ("n=80:40:-20", "--curve: a rising range of at most 200 points is expected."),
        ("effect=0:inf:1", "--curve: a rising range of at most 200 points is expected."),
        ("effect=0:1000:1", "--curve: a rising range of at most 200 points is expected."),
        ("n=40:50:2.5", "--curve: whole numbers of people are expected, at least two in each arm."),
        ("n=2:50:2", "--curve: whole numbers of people are expected, at least two in each arm."),
    ],
)
def test_curves_that_cannot_be(words: str, sentence_: str) -> None:
    with pytest.raises(InputError) as caught:
        read_curve(words, read_power_plan(PLAN))
    assert str(caught.value) == sentence_


def test_files(tmp_path: Path) -> None:
    report = asked(PLAN, "n=40:80:20", "effect=0.5:0.5:1", wanted=0.8)
    write_power_report(report, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "power.json",
        "report.html",
        "report.pdf",
        "tests.csv",
        "curve1.csv",
        "curve2.csv",
        "power-by-n-1.svg",
        "power-by-effect-2.svg",
    }
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert sentence(report) in page
    assert "The smallest difference with a power of 0.8" in page
    assert "Dropout by wave: control 0 %; intervention 0 %." in page
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    again = (tmp_path / "out" / "curve1.csv").read_text(encoding="utf-8").splitlines()
    assert again[0] == "People in all,Power (95 % Monte-Carlo interval)"
    assert len(again) == 4


def test_figure_has_words_for_those_who_do_not_see_it() -> None:
    report = asked(PLAN, "n=20:200:5")
    svg = power_svg(report, report.curves[0], name="power")
    assert "<title" in svg
    assert f"20: {report.curves[0].points[0].power:.2f}" in svg
    assert svg.count('text-anchor="middle"') <= 9
    assert len(make_power_pages(asked()).sections[0].figures) == 0
