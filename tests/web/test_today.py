from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from confrere.people.models import Programme
from confrere.people.roles import Role
from confrere.web import today


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "Good morning, Dr. Osei"),
        ("Asia/Kolkata", "Good afternoon, Dr. Osei"),
        ("Asia/Tokyo", "Good evening, Dr. Osei"),
        ("America/New_York", "Good evening, Dr. Osei"),
    ],
)
def test_the_greeting_follows_the_persons_own_clock(zone: str, said: str) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert today.greeting(name="Dr. Osei", zone=zone, now=now) == said


def test_every_room_that_has_something_to_do_is_asked() -> None:
    asked = {room.__module__.removeprefix("confrere.").partition(".")[0] for room in today.rooms()}  # type: ignore[attr-defined]  # functions
    assert {"lounge", "surveys"} <= asked


@pytest.mark.parametrize("role", list(Role))
def test_today_answers_every_role_with_few_queries(
    role: Role,
    programme: Callable[[str], Programme],
    member: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = member(programme("a"), roles=(role,))
    client.get("/p/a/")  # what is read once per process
    with django_assert_max_num_queries(12):
        answer = client.get("/p/a/")
    assert answer.status_code == 200
    assert answer.text.count('class="button"') <= 1
