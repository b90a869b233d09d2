"""Addresses that refuse mail: noted, shown, tried again."""

import datetime as dt

import pytest
from tests.people.test_actions import NOW, OPERATOR

from confrere.people import actions, queries
from confrere.people.models import MailRefusal, User
from confrere.post import actions as post
from confrere.post.models import Letter
from confrere.post.signals import refused
from confrere.vault.models import Payload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_keys")]


@pytest.fixture
def person() -> int:
    return actions.create_account(email="a.osei@example.org", name="A. Osei", zone="America/Denver", now=NOW)


def state(*, urgent: bool = False) -> str:
    """What becomes of a letter to that address."""
    event = f"letter {Letter.objects.count()}"
    post.send(to="A.Osei@example.org", subject="s", body="b", event=event, programme=None, now=NOW, urgent=urgent)
    letter = Letter.objects.latest("pk")
    post.deliver(id=letter.pk)
    letter.refresh_from_db()
    return letter.state


def refuse(address: str = "a.osei@example.org") -> None:
    refused.send(sender=Letter, address=address, status="5.1.1", now=NOW)


def test_letters_stop_but_a_code_is_still_tried(person: int) -> None:
    assert state() == "sent"
    refuse()
    refuse("A.OSEI@example.org")
    refuse("nobody@example.org")
    assert state() == "dropped"
    assert state(urgent=True) == "sent"
    row = MailRefusal.objects.get()
    assert (str(row), row.noticed_on) == (f"{person} 5.1.1", dt.date(2026, 3, 3))
    assert Payload.objects.filter(body__contains="people.mail_refused").count() == 1


def test_the_coordinator_sees_the_address_and_tries_it_again(person: int) -> None:
    refuse()
    assert queries.refusing([person, 0]) == [
        queries.Refusing(person=person, name="A. Osei", email="a.osei@example.org", noticed_on=dt.date(2026, 3, 3))
    ]
    for _twice in range(2):
        actions.try_address_again(person=person, actor=OPERATOR, now=NOW)
    assert queries.refusing([person]) == []
    assert state() == "sent"
    assert Payload.objects.filter(body__contains="people.try_address_again").count() == 1


def test_another_address_starts_anew(person: int) -> None:
    refuse()
    User.objects.filter(pk=person).update(email="osei@example.net")
    assert queries.refusing([person]) == []
    assert not queries.refuses_mail("osei@example.net")
    assert not queries.refuses_mail("a.osei@example.org")


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ((22, 7), dt.datetime(2026, 3, 4, 6, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 4, 14, tzinfo=dt.UTC)),  # 23:30
        ((22, 7), dt.datetime(2026, 3, 4, 13, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 4, 14, tzinfo=dt.UTC)),  # 6:30
        ((12, 14), dt.datetime(2026, 3, 4, 20, tzinfo=dt.UTC), dt.datetime(2026, 3, 4, 21, tzinfo=dt.UTC)),  # 13:00
        ((22, 7), dt.datetime(2026, 3, 4, 14, tzinfo=dt.UTC), None),  # 7:00
        ((12, 14), dt.datetime(2026, 3, 4, 14, tzinfo=dt.UTC), None),
        # The night in which Denver's clocks go forward: 22:30, and 7:00 is an hour earlier in UTC.
        ((22, 7), dt.datetime(2026, 3, 8, 5, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 8, 13, tzinfo=dt.UTC)),
        (None, dt.datetime(2026, 3, 4, 6, 30, tzinfo=dt.UTC), None),
    ],
)
def test_quiet_hours_end_on_the_persons_own_clock(
    person: int, hours: tuple[int, int] | None, now: dt.datetime, until: dt.datetime | None
) -> None:
    begins, ends = (dt.time(hours[0]), dt.time(hours[1])) if hours else (None, None)
    User.objects.filter(pk=person).update(quiet_from=begins, quiet_until=ends)
    assert queries.quiet_until(person=person, now=now) == until
    assert queries.is_quiet(person=person, now=now) is (until is not None)
