"""Before and after, in steps of five, and the yearly report: what it says and what it keeps to itself."""

import re

import numpy as np
import pytest
from tests.service.conftest import DAY, NOW, Running

from confrere.analysis.page import report_html
from confrere.analysis.pdf import report_pdf
from confrere.service import actions, queries
from confrere.service.report_pages import NO_CONTROL, report
from confrere.surveys.models import Response
from confrere.vault.refusals import Refusal

LATER = NOW + 35 * DAY
BEFORE = [40, 55, 62, 38, 70, 51, 44, 66, 59, 47, 35, 71]
AFTER = [52, 57, 70, 49, 69, 66, 50, 64, 75, 60, 41, 70]


def answered(running: Running, people: int, *, left_out: int | None = None) -> None:
    """So many people join and answer both times; one may leave the second answer out."""
    running.rolling(hours=2 * people)
    for number in range(people):
        running.join(number)
        running.answer(number, "before", value=BEFORE[number], now=NOW)
    for number in range(people):
        value = None if number == left_out else AFTER[number]
        running.answer(number, "after", value=value, now=LATER + number * DAY / 24)


def made(running: Running, *, days: int = 40) -> int:
    return actions.make_report(programme=running.programme, actor=running.actor, now=NOW + days * DAY)


def words(running: Running, number: int = 1) -> str:
    row = queries.year_report(programme=running.programme, number=number)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report_html(report(row.found))))


def test_nothing_is_shown_of_four_people_nor_of_the_fifth_alone(running: Running) -> None:
    answered(running, 4)
    assert (queries.pairs(running.service), queries.changes(running.service)) == ([], [])


def test_changes_are_counted_in_whole_steps_of_five(running: Running) -> None:
    answered(running, 12)
    [found] = queries.changes(running.service)
    assert found.change.n == 10
    moved = np.array(AFTER[:10]) - np.array(BEFORE[:10])
    assert found.change.estimate == pytest.approx(moved.mean())
    assert found.change.lower < found.change.estimate < found.change.upper
    assert found.better == "higher"
    # Two looks at the page differ by five people at least, never by one.
    last = Response.objects.filter(wave="after").latest("completed_at")
    Response.objects.filter(pk=last.pk).update(completed_at=None)
    assert queries.changes(running.service)[0].change.n == 10


def test_an_answer_left_out_does_not_undo_the_steps(running: Running) -> None:
    answered(running, 5, left_out=2)
    assert len(queries.pairs(running.service)) == 5
    assert queries.changes(running.service) == []


def test_a_report_says_that_a_change_is_no_effect(running: Running) -> None:
    answered(running, 10)
    assert made(running) == 1
    text = words(running)
    assert NO_CONTROL in text
    assert "10 asked for a place" in text
    assert "higher is better" in text
    assert "A trial with a control can tell these apart" in text
    row = queries.year_report(programme=running.programme, number=1)
    assert report_pdf(report(row.found)).startswith(b"%PDF")
    assert row.found["changes"][0]["change"]["n"] == 10


def test_small_counts_are_not_printed_and_nothing_asked_is_said(running: Running) -> None:
    running.rolling(instruments=[])
    running.join(1)
    made(running)
    text = words(running)
    assert "fewer than 5 asked for a place" in text
    assert "asks no questions before and after" in text


def test_hours_are_told_of_five_people_or_more(running: Running) -> None:
    found = {
        "title": "T",
        "opened_on": "2026-01-01",
        "made_on": "2026-12-31",
        "standings": dict.fromkeys(["asked", "waiting", "offered", "taken", "done", "lapsed", "left", "seats"], 9),
        "delivery": {"people": 9, "started": 6, "granted": 18, "held": 8, "hours": 8.0},
        "changes": [],
        "asks": True,
    }
    assert "8.0 hours of coaching were held" in report_html(report(found))
    found["delivery"] = {"people": 9, "started": 1, "granted": 18, "held": 2, "hours": 2.0}
    page = report_html(report(found))
    assert "hours of coaching" not in page
    assert "Fewer than five people have answered both times" in page


def test_a_lower_score_that_is_better_is_said_so() -> None:
    from confrere.service.report_pages import _better

    assert _better({"title": "Burnout", "better": "lower"}) == "Burnout: lower is better."


def test_reports_are_kept_as_they_were(running: Running) -> None:
    running.prepare()
    with pytest.raises(Refusal, match="not open yet"):
        made(running)
    running.intake()
    running.open()
    made(running)
    with pytest.raises(Refusal, match="Today's report is there already"):
        made(running)
    for number in range(6):
        running.join(number)
    assert made(running, days=41) == 2
    assert "0 asked for a place" in words(running, 1)
    assert "6 asked for a place" in words(running, 2)
    assert [row.number for row in queries.reports(running.service)] == [2, 1]
    with pytest.raises(Refusal):
        queries.year_report(programme=running.programme, number=9)


def test_counts_add_up(running: Running) -> None:
    running.rolling()
    for number in range(3):
        running.join(number)
    stand = queries.standings(running.service)
    assert (stand.asked, stand.taken, stand.waiting, stand.coached, stand.seats) == (3, 2, 1, 2, 2)
    given = queries.delivery(running.service)
    assert (given.people, given.granted, given.held, given.hours) == (2, 4, 0, 0.0)
