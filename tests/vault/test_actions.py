import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from confrere.vault import actions, audit, queries
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.models import Payload

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def session(key: str, ends: datetime) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=ends)


def ended(gone: dict[str, int]) -> dict[str, int]:
    """What went at all."""
    return {name: many for name, many in gone.items() if many}


def test_what_has_ended_goes_and_what_has_not_stays(chain_now: Callable[[], None]) -> None:
    session("old", NOW - timedelta(seconds=1))
    session("now", NOW)
    for about, days in (("booking:1", 8), ("booking:2", 7)):
        audit.record(
            action="coaching.book",
            actor=Actor.person(5),
            about=about,
            programme=1,
            kept_as=kept.BOOKING,
            now=NOW - timedelta(days=days),
        )
    chain_now()
    assert ended(actions.expire(now=NOW)) == {"sessions.Session": 1, "vault.Payload": 1}
    chain_now()
    assert [row.pk for row in Session.objects.all()] == ["now"]
    assert [json.loads(payload.body)["about"] for payload in Payload.objects.order_by("pk")] == [
        "booking:2",
        "audit",
        "classes",
    ]
    assert queries.verdict().broken is None


def test_a_second_run_finds_nothing_and_says_nothing(chain_now: Callable[[], None]) -> None:
    session("old", NOW - timedelta(seconds=1))
    actions.expire(now=NOW)
    chain_now()
    before = Payload.objects.count()
    assert ended(actions.expire(now=NOW)) == {}
    assert Payload.objects.count() == before == 1
