from collections.abc import Callable
from datetime import datetime

import pytest
from tests.study import DAY, NOW, TODAY, Study

from confrere.coaching import queries as coaching
from confrere.post.models import Letter
from confrere.surveys.models import Response
from confrere.trial import actions, queries
from confrere.trial.actions import following
from confrere.trial.models import Place, Step, Withdrawal
from confrere.vault import link


def run(study: Study, now: datetime) -> None:
    actions.catch_up(programme=study.programme, now=now)


def windows(study: Study, arm: str) -> set[tuple[datetime, datetime]]:
    """From when until when coaching is open for those of an arm."""
    opened = set()
    for study_id, drawn in queries.arms(programme=study.programme).items():
        ledger = coaching.ledger(programme=study.programme, person=study.persons[study_id], now=NOW)
        if drawn == arm and ledger is not None:
            opened.add((ledger.since, ledger.until))
    return opened


def test_coaching_opens_at_once_for_one_arm_and_after_the_survey_for_the_other(
    study: Study, full: Callable[[], list[str]]
) -> None:
    ids = full()
    run(study, NOW)
    assert windows(study, "coaching") == {(TODAY, TODAY + 92 * DAY)}
    assert windows(study, "control") == set()
    answered, silent = [study_id for study_id in ids if study.arm(study_id) == "control"][:2]
    study.answer(answered, wave="month3", now=NOW + 95 * DAY)
    run(study, NOW + 96 * DAY)
    assert windows(study, "control") == {(TODAY + 95 * DAY, TODAY + 187 * DAY)}
    run(study, NOW + 119 * DAY)
    assert (TODAY + 119 * DAY, TODAY + 211 * DAY) in windows(study, "control")
    assert Step.objects.filter(study_id=silent).count() == 2


def test_everyone_is_told_once_and_only_the_waiting_arm_gets_the_resources(
    study: Study, full: Callable[[], list[str]]
) -> None:
    full()
    for _again in range(3):
        run(study, NOW)
    arms = list(queries.arms(programme=study.programme).values())
    now_ = Letter.objects.filter(body__contains="Your coaching is open")
    later = Letter.objects.filter(body__contains="your institution's employee assistance")
    assert (now_.count(), later.count()) == (arms.count("coaching"), arms.count("control"))
    assert now_[0].subject == "You can choose a time"
    assert not any("coach" in letter.subject or "control" in letter.body for letter in Letter.objects.all())
    assert all("until 2 June 2026" in letter.body for letter in now_)
    assert all("opens on 1 June 2026" in letter.body for letter in later)  # midnight UTC is the evening before
    assert str(Step.objects.filter(kind="told").first()).endswith(" told")


def test_who_stopped_coaching_is_granted_none(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    for study_id in ids:
        actions.withdraw(programme=study.programme, study_id=study_id, kind="coaching", now=NOW)
    run(study, NOW)
    assert windows(study, "coaching") == set()
    for study_id in ids:
        actions.take_back(programme=study.programme, study_id=study_id, kind="coaching", now=NOW)
    run(study, NOW)
    assert windows(study, "coaching") == {(TODAY, TODAY + 92 * DAY)}


def test_killed_between_signature_and_place_the_next_round_goes_on(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from confrere.trial.actions import joining

    def killed(**kwargs: object) -> str:
        raise SystemExit

    monkeypatch.setattr(joining, "hold_place", killed)
    with pytest.raises(SystemExit):
        study.join(1)
    assert not Place.objects.exists()
    run(study, NOW)
    assert Place.objects.get().state == "held"


def test_killed_between_grant_and_step_nothing_is_granted_twice(
    study: Study, full: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    full()

    def killed(*args: object) -> None:
        raise SystemExit

    monkeypatch.setattr(following, "_take", killed)
    with pytest.raises(SystemExit):
        run(study, NOW)
    monkeypatch.undo()
    run(study, NOW + DAY)
    assert windows(study, "coaching") == {(TODAY, TODAY + 92 * DAY)}
    arms = list(queries.arms(programme=study.programme).values())
    assert Letter.objects.filter(body__contains="Your coaching is open").count() == arms.count("coaching")


def test_a_link_that_cannot_be_opened_grants_nothing(
    study: Study, full: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    full()
    monkeypatch.setattr(link, "person", lambda **_: None)
    run(study, NOW)
    assert not Step.objects.filter(kind="granted").exists()
    assert not Letter.objects.filter(body__contains="coaching").exists()


def test_the_worker_looks_after_every_trial_that_has_begun(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(following, "catch_up", lambda **told: seen.append(told["programme"]))
    following.follow_up_everywhere()
    following.follow_up(id=7)
    assert seen == [study.programme, 7]


def test_after_publication_places_rest_and_coaching_goes_on(study: Study, full: Callable[[], list[str]]) -> None:
    from tests.study import DIRECTOR

    full()
    study.join(9)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    actions.move_on(programme=study.programme, now=NOW + DAY)
    run(study, NOW + 120 * DAY)
    assert len(windows(study, "control")) == 1
    assert Place.objects.filter(state="waiting").count() == 1


def test_a_withdrawal_stops_questions_and_is_counted_once(study: Study) -> None:
    study_id = study.enrol(1)
    for _again in range(2):
        actions.withdraw(programme=study.programme, study_id=study_id, kind="questions", now=NOW)
    assert Response.objects.filter(stopped_at__isnull=False).count() == 1
    assert str(Withdrawal.objects.get()) == f"{study_id} questions"
    for _again in range(2):
        actions.take_back(programme=study.programme, study_id=study_id, kind="questions", now=NOW)
    assert not Response.objects.filter(stopped_at__isnull=False).exists()
    assert (study.state(study_id), study.arm(study_id) is None) == ("final", False)


def test_who_left_before_the_draw_and_comes_back_asks_anew(study: Study) -> None:
    study_id = study.join(1)
    for kind in ("questions", "coaching"):
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW)
    assert study.state(study_id) == "withdrawn"
    actions.take_back(programme=study.programme, study_id=study_id, kind="questions", now=NOW)
    assert study.state(study_id) == "withdrawn"  # coaching is still refused
    actions.take_back(programme=study.programme, study_id=study_id, kind="coaching", now=NOW)
    assert study.state(study_id) == "held"
    study.answer(study_id)
    assert study.state(study_id) == "final"


def test_signing_again_after_leaving_is_coming_back(study: Study) -> None:
    study_id = study.join(1)
    for kind in ("questions", "coaching"):
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW)
    study.join(1)
    assert queries.withdrawn(trial=queries.required(study.programme), study_id=study_id) == frozenset()
    study.answer(study_id)
    assert study.state(study_id) == "final"


def test_leaving_coaching_ends_the_grant_and_coming_back_opens_it_again(
    study: Study, full: Callable[[], list[str]]
) -> None:
    ids = full()
    run(study, NOW)
    coached = next(study_id for study_id in ids if study.arm(study_id) == "coaching")
    control = next(study_id for study_id in ids if study.arm(study_id) == "control")

    def until(study_id: str) -> datetime:
        ledger = coaching.ledger(programme=study.programme, person=study.persons[study_id], now=NOW)
        assert ledger is not None
        return ledger.until

    whole = until(coached)
    for study_id in (coached, control):  # the control has no grant yet: there is nothing to end
        actions.withdraw(programme=study.programme, study_id=study_id, kind="coaching", now=NOW)
    for _again in range(2):
        run(study, NOW + DAY)
    assert until(coached) == NOW + DAY
    for study_id in (coached, control):
        actions.take_back(programme=study.programme, study_id=study_id, kind="coaching", now=NOW + DAY)
    run(study, NOW + 2 * DAY)
    assert until(coached) == whole
    study.answer(control, wave="month3", now=NOW + 95 * DAY)
    run(study, NOW + 96 * DAY)
    later = until(control)
    actions.withdraw(programme=study.programme, study_id=control, kind="coaching", now=NOW + 97 * DAY)
    run(study, NOW + 98 * DAY)
    assert until(control) == NOW + 98 * DAY
    actions.take_back(programme=study.programme, study_id=control, kind="coaching", now=NOW + 99 * DAY)
    run(study, NOW + 100 * DAY)
    assert until(control) == later
