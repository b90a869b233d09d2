"""A coach's other calendar: sealed, fetched, kept as times only, gone when taken away."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions
from confrere.coaching.actions.subscribing import _due
from confrere.coaching.models import BusyCalendar, BusyTime, Trouble
from confrere.coaching.sealing import unseal
from confrere.post.fetching import Fetched, NotFetched
from confrere.vault.refusals import Refusal

ADDRESS = "https://calendar.example.org/private-1234/basic.ics"
EVENT = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Clinic\r\nDTSTART:20260303T223000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
CALENDAR = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{EVENT}END:VCALENDAR\r\n".encode()
HOUR = timedelta(hours=1)


class Server:
    """What answers: a calendar with an ETag, "unchanged" when it is sent along, or a refusal."""

    def __init__(self, body: bytes = CALENDAR, trouble: str = "") -> None:
        self.body, self.trouble = body, trouble
        self.asked: list[tuple[str, str]] = []

    def __call__(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        self.asked.append((url, etag))
        if self.trouble:
            raise NotFetched(self.trouble)
        return Fetched(body=None if etag == "7" else self.body, etag="7", modified=modified)


@pytest.fixture
def calendar(house: House) -> BusyCalendar:
    person, _page = house.coach()
    actions.subscribe(programme=house.programme, person=person, address=ADDRESS, now=NOW)
    return BusyCalendar.objects.get()


def test_an_address_is_sealed_and_a_job_fetches_it(calendar: BusyCalendar) -> None:
    assert "example" not in calendar.address
    assert unseal(calendar.address, owner=calendar.coach_id) == ADDRESS
    assert [job.args for job in ProcrastinateJob.objects.filter(task_name__endswith="fetch_one")] == [
        {"id": calendar.pk}
    ]


def test_busy_times_are_kept_and_unchanged_ones_stay(calendar: BusyCalendar) -> None:
    server = Server()
    actions.refresh(calendar=calendar.pk, now=NOW, fetch=server)
    [row] = BusyTime.objects.all()
    assert (row.during.lower, row.during.upper) == (TUESDAY, TUESDAY + HOUR)
    actions.refresh(calendar=calendar.pk, now=NOW + HOUR, fetch=server)
    assert BusyTime.objects.get() == row
    actions.refresh(calendar=calendar.pk, now=NOW + 25 * HOUR, fetch=server)  # a day later all is read anew
    assert [etag for _url, etag in server.asked] == ["", "7", ""]


@pytest.mark.parametrize(
    ("server", "trouble"),
    [
        (Server(trouble="inside"), Trouble.INSIDE),
        (Server(trouble="silent"), Trouble.SILENT),
        (Server(b"<html>"), Trouble.UNREADABLE),
    ],
)
def test_trouble_is_said_and_the_last_times_stay(calendar: BusyCalendar, server: Server, trouble: Trouble) -> None:
    actions.refresh(calendar=calendar.pk, now=NOW, fetch=Server())
    actions.refresh(calendar=calendar.pk, now=NOW + 25 * HOUR, fetch=server)
    calendar.refresh_from_db()
    assert (calendar.trouble, BusyTime.objects.count()) == (trouble, 1)


def test_a_calendar_that_was_taken_away_meanwhile_leaves_nothing(house: House, calendar: BusyCalendar) -> None:
    person = calendar.coach.person_id
    server = Server()

    def slow(url: str, **asked: str) -> Fetched:
        actions.unsubscribe(programme=house.programme, person=person, now=NOW)
        return server(url, **asked)

    actions.refresh(calendar=calendar.pk, now=NOW, fetch=slow)
    assert (BusyTime.objects.count(), BusyCalendar.objects.count()) == (0, 0)
    actions.refresh(calendar=calendar.pk, now=NOW, fetch=server)
    with pytest.raises(Refusal):
        actions.unsubscribe(programme=house.programme, person=person, now=NOW)


def test_every_hour_again(calendar: BusyCalendar) -> None:
    assert _due(now=NOW) == 1
    BusyCalendar.objects.update(tried_at=NOW)
    assert (_due(now=NOW + HOUR / 2), _due(now=NOW + HOUR)) == (0, 1)


def test_no_calendar_without_a_page_or_without_https(house: House) -> None:
    with pytest.raises(Refusal):
        actions.subscribe(
            programme=house.programme, person=house.person("Noor Haddad", "coach"), address=ADDRESS, now=NOW
        )
    person, _page = house.coach()
    with pytest.raises(Refusal) as caught:
        actions.subscribe(programme=house.programme, person=person, address="ftp://example.org/a", now=NOW)
    assert caught.value.status == 422
