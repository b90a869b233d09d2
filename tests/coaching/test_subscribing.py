"""A coach's other calendar: sealed, fetched, kept as times only, gone when taken away."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.post.imap_server import certificate

from confrere.coaching import actions
from confrere.coaching.actions.subscribing import _due
from confrere.coaching.models import BusyCalendar, BusyTime, Trouble
from confrere.coaching.sealing import unseal
from confrere.post import fetching
from confrere.post.fetching import Fetched
from confrere.vault.refusals import Refusal

HOUR = timedelta(hours=1)


def calendar_of(*lines: str) -> bytes:
    event = ("BEGIN:VEVENT", "UID:1", "SUMMARY:Clinic", "DTSTART:20260303T223000Z", *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *event, "END:VCALENDAR", "")).encode()


@dataclass
class Elsewhere:
    """Somebody else's server: a calendar with an ETag, "unchanged" when it is sent along; or as it is told."""

    port: int = 0
    status: int = 200
    body: bytes = calendar_of("DURATION:PT1H")
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/private-1234/basic.ics"


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    told, pem = Elsewhere(), certificate(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the server's own name
            etag = self.headers.get("If-None-Match", "")
            told.asked.append(etag)
            status, body = (304, b"") if etag == '"7"' else (told.status, told.body)
            self.send_response(status)
            self.send_header("ETag", '"7"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the server's own name
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever asked has hung up before everything was sent."""

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told.port = server.server_address[1]
    settings.CALLS_INSIDE = frozenset({f"127.0.0.1:{told.port}"})
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def calendar(house: House, elsewhere: Elsewhere) -> BusyCalendar:
    person, _page = house.coach()
    actions.subscribe(programme=house.programme, person=person, address=elsewhere.url, now=NOW)
    return BusyCalendar.objects.get()


def jobs() -> list[dict[str, int]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name__endswith="fetch_one").order_by("pk")]


def test_an_address_is_sealed_and_a_job_fetches_it(calendar: BusyCalendar, elsewhere: Elsewhere) -> None:
    assert "private" not in calendar.address
    assert unseal(calendar.address, owner=calendar.coach_id) == elsewhere.url
    with pytest.raises(InvalidTag):
        unseal(calendar.address, owner=calendar.coach_id + 1)
    assert jobs() == [{"id": calendar.pk}]


def test_busy_times_are_kept_and_unchanged_ones_stay(
    calendar: BusyCalendar, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    actions.fetch_one(id=calendar.pk)
    [row] = BusyTime.objects.all()
    assert (row.during.lower, row.during.upper) == (TUESDAY, TUESDAY + HOUR)
    actions.refresh(calendar=calendar.pk, now=NOW + HOUR)
    assert BusyTime.objects.get() == row
    actions.refresh(calendar=calendar.pk, now=NOW + 25 * HOUR)  # a day later all is read anew
    assert elsewhere.asked == ["", '"7"', ""]
    assert BusyTime.objects.get() != row


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (404, b"", Trouble.REFUSED),
        (200, b"<html>", Trouble.UNREADABLE),
        (200, b" " * 2000, Trouble.LARGE),
        (200, calendar_of("DURATION:PT1M", "RRULE:FREQ=MINUTELY"), Trouble.LARGE),
    ],
)
def test_trouble_is_said_and_the_last_times_stay(
    calendar: BusyCalendar,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: bytes,
    trouble: Trouble,
) -> None:
    monkeypatch.setattr(fetching, "MOST_OCTETS", 1999)
    actions.refresh(calendar=calendar.pk, now=NOW)
    elsewhere.status, elsewhere.body = status, body
    actions.refresh(calendar=calendar.pk, now=NOW + 25 * HOUR)
    calendar.refresh_from_db()
    assert (calendar.trouble, calendar.read_at, calendar.tried_at) == (trouble, NOW, NOW + 25 * HOUR)
    assert BusyTime.objects.count() == 1


@pytest.mark.parametrize(("inside", "trouble"), [((), Trouble.INSIDE), (("127.0.0.1:1",), Trouble.SILENT)])
def test_an_address_inside_and_a_server_that_is_silent(
    house: House, settings: Settings, inside: tuple[str, ...], trouble: Trouble
) -> None:
    settings.CALLS_INSIDE = frozenset(inside)
    person, _page = house.coach()
    actions.subscribe(programme=house.programme, person=person, address="https://127.0.0.1:1/a.ics", now=NOW)
    actions.refresh(calendar=BusyCalendar.objects.get().pk, now=NOW)
    assert BusyCalendar.objects.get().trouble == trouble


def test_another_address_replaces_the_first_and_is_read_anew(
    house: House, calendar: BusyCalendar, elsewhere: Elsewhere
) -> None:
    actions.refresh(calendar=calendar.pk, now=NOW)
    other = f"{elsewhere.url}?other"
    actions.subscribe(programme=house.programme, person=calendar.coach.person_id, address=other, now=NOW)
    row = BusyCalendar.objects.get()
    assert (row.pk, unseal(row.address, owner=row.coach_id)) == (calendar.pk, other)
    assert (row.etag, row.tried_at, row.read_at) == ("", None, None)
    assert jobs() == [{"id": calendar.pk}] * 2


def test_a_calendar_that_was_taken_away_meanwhile_leaves_nothing(house: House, calendar: BusyCalendar) -> None:
    person = calendar.coach.person_id

    def slow(url: str, **asked: Any) -> Fetched:
        actions.unsubscribe(programme=house.programme, person=person, now=NOW)
        return fetching.fetch(url, **asked)

    actions.refresh(calendar=calendar.pk, now=NOW, fetch=slow)
    assert (BusyTime.objects.count(), BusyCalendar.objects.count()) == (0, 0)
    actions.refresh(calendar=calendar.pk, now=NOW)
    with pytest.raises(Refusal) as caught:
        actions.unsubscribe(programme=house.programme, person=person, now=NOW)
    assert caught.value.status == 404


def test_taken_away_its_times_go_too(house: House, calendar: BusyCalendar) -> None:
    actions.refresh(calendar=calendar.pk, now=NOW)
    assert BusyTime.objects.count() == 1
    actions.unsubscribe(programme=house.programme, person=calendar.coach.person_id, now=NOW)
    assert (BusyTime.objects.count(), BusyCalendar.objects.count()) == (0, 0)


def test_every_hour_again(calendar: BusyCalendar, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _due(now=NOW) == 1
    BusyCalendar.objects.update(tried_at=NOW)
    assert _due(now=NOW + HOUR / 2) == 0
    monkeypatch.setattr(timezone, "now", lambda: NOW + HOUR)
    actions.fetch_due()
    assert jobs() == [{"id": calendar.pk}] * 2  # its own, and one for both rounds


def test_no_calendar_without_a_page_or_without_https(house: House) -> None:
    def subscribe(person: int, address: str) -> int:
        with pytest.raises(Refusal) as caught:
            actions.subscribe(programme=house.programme, person=person, address=address, now=NOW)
        return caught.value.status

    assert subscribe(house.person("Noor Haddad", "coach"), "https://example.org/a") == 409
    assert subscribe(house.coach()[0], "ftp://example.org/a") == 422
