"""The whole story, told once for a small programme: nothing behind the rules, and every role has something to see."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from confrere.coaching import queries as coaching
from confrere.coaching.actions import grant
from confrere.evidence import queries as evidence
from confrere.lounge.models import Question
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.surveys import queries as surveys
from confrere.trial import queries as trial
from confrere.web.demo import story
from confrere.web.demo.agenda import Agenda
from confrere.web.demo.hospital import SYSTEM, found
from confrere.web.demo.lives import Lives

#: What the story of 24 asks of the database, savepoints included: a first page within a minute hangs on it. Each write
#: to study data also asks whether the data are locked, which is one or two of them a verb.
MOST_STATEMENTS = 12_800


@pytest.mark.slow
@pytest.mark.django_db
def test_a_small_programme_runs_from_the_announcement_to_a_week_after_month_3(
    settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS, settings.DEMO = tmp_path, True
    settings.ROOT_URLCONF = "tests.web.demo.urlconf"
    now, told, asked_of_the_database = timezone.now(), list[str](), 0

    def count(execute: Callable[..., object], *statement: object) -> object:
        nonlocal asked_of_the_database
        asked_of_the_database += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        story.build(now=now, participants=24, tell=told.append)
    assert told[0] == "Month 1 of 8 …"
    assert asked_of_the_database <= MOST_STATEMENTS
    programme = people.programme_by_slug("peers")
    assert programme is not None

    rows = trial.allocated(programme=programme)
    assert len(rows) == 24
    by_stratum = Counter((tuple(row.strata.values()), row.arm) for row in rows)
    assert all(
        abs(by_stratum[stratum, "coaching"] - by_stratum[stratum, "control"]) <= 3 for stratum, _arm in by_stratum
    )
    assert all(row.answered["baseline"] for row in rows)
    assert trial.places(trial.required(programme)) == Counter({"final": 24, "lapsed": 2})

    delivered = coaching.delivered(programme=programme)
    assert any(one.held == 6 for one in delivered.values())
    assert any(0 < one.held < 6 for one in delivered.values())

    release = evidence.newest_release(programme=programme)
    assert release is not None
    assert "the change in overall burnout was" in release.page["sentences"][0]
    assert Question.objects.count() >= 2
    numbers = {label: int(path.split("/")[2]) for label, path in story.sign_ins()}
    assert list(numbers)[-1] == "Participant, coached first"
    assert len(set(numbers.values())) == len(numbers)
    coach = coaching.sessions(programme=programme, person=numbers["Coach"])
    assert coach[0].span.end <= now  # to be confirmed
    participant = numbers["Participant, in the middle of coaching"]
    assert any(each.span.start > now for each in coaching.sessions(programme=programme, person=participant))
    asked = people.standing(person=numbers["Participant, with a survey to answer"], programme="peers", now=now)
    assert asked is not None
    [survey] = surveys.today(standing=asked, now=now)
    assert survey.act == "Answer now"
    ledger = coaching.ledger(programme=programme, person=participant, now=now)
    assert ledger is not None
    assert ledger.open_at(now)


@pytest.mark.django_db
def test_who_has_nothing_to_book_and_who_finds_no_hour_books_nothing() -> None:
    opened = datetime(2026, 3, 3, 12, tzinfo=UTC)
    hospital = found(opened=opened, weeks=1, seed=1)
    lives = Lives(hospital=hospital, agenda=Agenda(), rng=np.random.default_rng(1), consent=(1, ""), said_until=opened)
    person, coach = hospital.staff[Role.LEADER], hospital.coaches[0]
    later = opened + timedelta(days=30)
    lives._book(person, coach.page, coach.person, UUID(int=1), later)
    grant(
        programme=hospital.programme,
        site=hospital.site,
        person=person,
        minutes=(90,),
        since=opened,
        until=opened + timedelta(days=91),
        actor=SYSTEM,
        now=opened,
    )
    lives._book(person, coach.page, coach.person, UUID(int=2), later)
    assert coaching.sessions(programme=hospital.programme, person=person) == []


@pytest.mark.django_db
def test_whom_a_coach_does_not_take_books_nothing() -> None:
    opened = datetime(2026, 3, 3, 12, tzinfo=UTC)
    hospital = found(opened=opened, weeks=4, seed=1)
    lives = Lives(hospital=hospital, agenda=Agenda(), rng=np.random.default_rng(1), consent=(1, ""), said_until=opened)
    coach = hospital.coaches[0]
    grant(
        programme=hospital.programme,
        site=hospital.site,
        person=coach.person,
        minutes=(90,),
        since=opened,
        until=opened + timedelta(days=91),
        actor=SYSTEM,
        now=opened,
    )
    lives._book(coach.person, coach.page, coach.person, UUID(int=3), opened)  # with oneself
    assert coaching.sessions(programme=hospital.programme, person=coach.person) == []


def test_progress_goes_to_whoever_waits(capsys: pytest.CaptureFixture[str]) -> None:
    story._say("Month 1 of 8 …")
    assert capsys.readouterr().err == "Month 1 of 8 …\n"
