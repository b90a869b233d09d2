"""Answers that a participant takes back: in no later set, erased after a fortnight, never out of a frozen one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.study import DAY, DIRECTOR, NOW, Study

from confrere.evidence import actions as evidence
from confrere.evidence.models import FrozenDataSet
from confrere.people import actions as people
from confrere.people.queries import Standing, standing
from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.surveys.models import Answer, Response
from confrere.trial import actions, queries
from confrere.trial.models import Withdrawal
from confrere.vault import actions as vault

LATER = NOW + 15 * DAY


def statistician(study: Study) -> Standing:
    person = study.person(90)
    people.grant_role(person=person, programme=study.programme, role="statistician", now=NOW, actor=DIRECTOR)
    found = standing(person=person, programme=study.slug, now=NOW)
    assert found is not None
    return found


def freeze(study: Study, *, now: object = NOW) -> FrozenDataSet:
    return evidence.freeze(standing=statistician(study), now=now)  # type: ignore[arg-type]  # a datetime


def withdraw(study: Study, study_id: str, *, now: object = NOW) -> None:
    actions.withdraw(programme=study.programme, study_id=study_id, kind="data", now=now)  # type: ignore[arg-type]


def rows_of(frozen: FrozenDataSet, study_id: str) -> list[str]:
    return [line for line in bytes(frozen.content).decode().splitlines() if line.startswith(study_id)]


def test_what_is_taken_back_is_in_no_later_set_and_the_draw_stays(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    withdraw(study, ids[0])
    frozen = freeze(study)
    [row] = rows_of(frozen, ids[0])
    assert row.endswith("baseline,")  # randomised, so in the file; the score is gone
    assert all(row.endswith("60.0") for other in ids[1:] for row in rows_of(frozen, other))
    assert study.arm(ids[0]) is not None
    assert answered.taken_back(programme=study.programme) == {ids[0]}


def test_frozen_sets_never_change_and_what_stands_in_one_stays(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    first = freeze(study)
    before = bytes(first.content)
    withdraw(study, ids[0])
    assert freeze(study).pk == first.pk  # what was frozen stays in later sets too
    vault.expire(now=LATER)
    actions.catch_up(programme=study.programme, now=LATER)
    first.refresh_from_db()
    assert bytes(first.content) == before
    assert Answer.objects.filter(response__study_id=ids[0], response__wave="baseline").exists()
    assert Response.objects.get(study_id=ids[0], wave="baseline").withdrawn_on is None


def test_after_a_fortnight_the_answers_are_erased_and_nothing_can_be_undone(
    study: Study, full: Callable[[], list[str]]
) -> None:
    ids = full()
    withdraw(study, ids[0])
    actions.catch_up(programme=study.programme, now=NOW + 13 * DAY)
    vault.expire(now=NOW + 13 * DAY)
    assert Answer.objects.filter(response__study_id=ids[0]).exists()
    vault.expire(now=LATER)
    actions.catch_up(programme=study.programme, now=LATER)
    assert not Answer.objects.filter(response__study_id=ids[0]).exists()
    assert Answer.objects.filter(response__study_id=ids[1]).exists()
    row = Withdrawal.objects.get(study_id=ids[0])
    assert row.erased_on == LATER.date()
    actions.take_back(programme=study.programme, study_id=ids[0], kind="data", now=LATER)
    row.refresh_from_db()
    assert row.taken_back_on is None
    actions.catch_up(programme=study.programme, now=LATER + DAY)  # noted once
    assert Withdrawal.objects.get(study_id=ids[0]).erased_on == LATER.date()


def test_a_mistake_is_undone_before_that(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    kept = answered.given(programme=study.programme, study_id=ids[0], wave="baseline")
    withdraw(study, ids[0])
    assert answered.given(programme=study.programme, study_id=ids[0], wave="baseline") is None
    actions.take_back(programme=study.programme, study_id=ids[0], kind="data", now=NOW + DAY)
    assert answered.given(programme=study.programme, study_id=ids[0], wave="baseline") == kept
    later = Response.objects.get(study_id=ids[0], wave="month3")
    assert (later.withdrawn_on, later.stopped_at) == (None, None)
    vault.expire(now=LATER)
    assert answered.given(programme=study.programme, study_id=ids[0], wave="baseline") == kept
    actions.withdraw(programme=study.programme, study_id=ids[0], kind="data", now=LATER)  # and may be done anew
    assert queries.withdrawn(trial=queries.required(study.programme), study_id=ids[0]) == {"data"}


def test_the_questions_stay_stopped_when_only_the_answers_come_back(
    study: Study, full: Callable[[], list[str]]
) -> None:
    study_id = full()[0]
    for kind in ("questions", "data"):
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW)
    actions.take_back(programme=study.programme, study_id=study_id, kind="data", now=NOW)
    assert Response.objects.get(study_id=study_id, wave="month3").stopped_at is not None
    actions.take_back(programme=study.programme, study_id=study_id, kind="questions", now=NOW)
    assert Response.objects.get(study_id=study_id, wave="month3").stopped_at is None


def test_who_left_before_the_draw_can_come_back_after_the_erasing_and_answers_anew(study: Study) -> None:
    study_id = study.join(1)
    [window] = answered.windows(programme=study.programme, study_id=study_id)
    surveys.record_answers(programme=study.programme, response=window.response, answers={"gender": "man"}, now=NOW)
    withdraw(study, study_id)
    assert study.state(study_id) == "withdrawn"
    vault.expire(now=LATER)
    actions.catch_up(programme=study.programme, now=LATER)
    assert not Answer.objects.exists()
    assert study.join(1, now=LATER) == study_id
    study.answer(study_id, now=LATER)
    assert study.state(study_id) == "final"


def test_a_legal_hold_pauses_the_erasing(study: Study, full: Callable[[], list[str]]) -> None:
    study_id = full()[0]
    withdraw(study, study_id)
    hold = vault.ask_hold(
        programme=study.programme, site=study.site, classes=["answer"], reason="A court asked.", person=1, now=NOW
    )
    vault.confirm_hold(programme=study.programme, hold=hold, person=2, now=NOW)
    vault.expire(now=LATER)
    actions.catch_up(programme=study.programme, now=LATER)
    assert Answer.objects.filter(response__study_id=study_id).exists()
    assert Withdrawal.objects.get(study_id=study_id).erased_on is None


def test_coaching_after_a_wave_still_opens_for_whoever_took_its_answers_back(
    study: Study, full: Callable[[], list[str]]
) -> None:
    control = next(one for one in full() if study.arm(one) == "control")
    at = NOW + timedelta(days=95)
    study.answer(control, wave="month3", now=at)
    withdraw(study, control, now=at)
    vault.expire(now=at + 20 * DAY)
    actions.catch_up(programme=study.programme, now=at + 60 * DAY)
    trial = queries.required(study.programme)
    assert queries.granted_since(trial, study_id=control, now=at + 60 * DAY) is not None


@pytest.mark.parametrize("kind", ["coaching", "questions", "data"])
def test_leaving_is_never_refused_after_recruitment(study: Study, kind: str) -> None:
    """Found by the state machine's author: a seat that lapsed unseen was offered on, and the draw refused it."""
    for number in range(6):
        study.join(number)
    waiting = study.join(6)
    lapsed = next(iter(study.persons))
    actions.withdraw(programme=study.programme, study_id=waiting, kind="coaching", now=NOW)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW + 30 * DAY)
    actions.withdraw(programme=study.programme, study_id=lapsed, kind=kind, now=NOW + 30 * DAY)
    assert study.state(lapsed) == "withdrawn"
    actions.take_back(programme=study.programme, study_id=lapsed, kind=kind, now=NOW + 31 * DAY)
    assert study.state(lapsed) == "withdrawn"  # there is no place to ask for any more


def test_taking_back_twice_and_undoing_nothing_leave_no_second_trace(
    study: Study, full: Callable[[], list[str]]
) -> None:
    study_id = full()[0]
    asked = {"programme": study.programme, "study_id": study_id, "now": NOW}
    surveys.restore_answers(**asked)
    for _twice in range(2):
        surveys.withdraw_answers(**asked)
    assert Response.objects.filter(study_id=study_id, withdrawn_on=None).count() == 0
