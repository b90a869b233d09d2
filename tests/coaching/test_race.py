"""Two hundred people want the same hour, at the same moment, over real HTTP and with the real database."""

import os
import re
import secrets
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, time, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from tests.coaching.conftest import MINUTES, NOW, TUESDAY, House, build_house

from confrere.coaching import actions
from confrere.coaching.models import Booking, Occupied
from confrere.people.models import Membership, Programme, User
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

CLIENTS = 200
SRC = Path(__file__).parents[2] / "src"


def address() -> str:
    """The test database, with the application's rights."""
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return make_conninfo("", **{name: params.get(name) for name in names}, options="-c role=confrere_app")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def server(transactional_db: None) -> Iterator[int]:
    """The site as it is served: granian, one worker, eight threads, the pool of the settings. Gives its port."""
    port = free_port()
    environment = {
        **os.environ,
        "CONFRERE_DATABASE": address(),
        "CONFRERE_POOL": "1",
        "PYTHONPATH": str(SRC),
    }
    arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    threads = ["--blocking-threads", "8", "--backlog", "1024", "--no-ws", "--log-level", "error"]
    command = [sys.executable, "-m", "granian", *arguments, *threads, "confrere.web.wsgi:application"]
    with subprocess.Popen(command, env=environment, cwd=SRC.parent) as process:
        try:
            wait_for(port, process)
            assert process.poll() is None, "another server answers on our port"
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)
            connections.close_all()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the server answers, for at most a minute."""
    until = timezone.now() + timedelta(minutes=1)
    while timezone.now() < until and process.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asking:
            try:
                asking.request("GET", "/", headers={"Host": "localhost"})
                asking.getresponse().read()
            except OSError:
                continue
            return
    pytest.fail("the server did not start")


def signed_in(house: House, number: int, *, now: datetime) -> str:
    """A participant with sessions granted; gives the cookie of their own session."""
    user = User.objects.create(email=f"racer.{number}@example.org", name=f"Racer {number}")
    Membership.objects.create(
        user=user, programme_id=house.programme, site_id=house.site, role="participant", since=now - timedelta(days=1)
    )
    actions.grant(
        programme=house.programme,
        site=house.site,
        person=user.pk,
        minutes=MINUTES,
        since=now - timedelta(days=1),
        until=now + timedelta(days=90),
        actor=Actor.system("test"),
        now=now,
    )
    client = Client()
    client.force_login(user)
    return str(client.cookies["session"].value)


def ask(port: int, path: str, session: str, start: datetime, together: Barrier) -> tuple[int, str]:
    """One person presses the button; gives status and sentence."""
    token = secrets.token_hex(16)
    body = urlencode({"csrfmiddlewaretoken": token, "start": start.isoformat(), "key": uuid4()})
    headers = {
        "Host": "localhost",
        "Cookie": f"session={session}; csrf={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=240)) as client:
        together.wait()
        client.request("POST", path, body, headers)
        answer = client.getresponse()
        page = answer.read().decode()
    found = re.search(r"The time was just taken; these are free: [^<.]*", page)
    return answer.status, found[0] if found else answer.getheader("Location", "").partition("?")[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_hundred_race_for_one_slot_and_one_gets_it(server: int) -> None:
    now = timezone.now()
    house = build_house()
    coach, page = house.coach(capacity=50)
    day = now.date() + timedelta(days=3)
    actions.offer_hours(
        programme=house.programme, person=coach, on=day, starts=time(9), ends=time(14), zone="UTC", now=now
    )
    start = datetime.combine(day, time(9), tzinfo=now.tzinfo)
    with transaction.atomic():
        sessions = [signed_in(house, number, now=now) for number in range(CLIENTS)]
    path = f"/p/{Programme.objects.get(pk=house.programme).slug}/coaching/coaches/{page}/"
    together = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as people:
        answers = list(people.map(lambda session: ask(server, path, session, start, together), sessions))
    to_sign_in = [where for status, where in answers if status == 302 and where.startswith("/accounts/")]
    assert to_sign_in == []
    assert Counter(status for status, _sentence in answers) == {302: 1, 409: CLIENTS - 1}
    assert Booking.objects.count() == 1
    assert Occupied.objects.count() == 2
    sentences = {sentence for status, sentence in answers if status == 409}
    next_three = "; ".join(f"{start:%a} {start.day} {start:%B}, {clock}" for clock in ("10:30", "11:00", "11:30"))
    assert sentences == {f"The time was just taken; these are free: {next_three}"}
    assert len(set(sessions)) == CLIENTS
    assert SessionStore(session_key=sessions[0]).get("_auth_user_id") is not None


@pytest.mark.django_db(transaction=True)
def test_without_a_lock_in_common_the_constraint_decides() -> None:
    """A coach books a colleague for an hour in which, in another transaction, somebody books that coach."""
    house = build_house()
    (first, first_page), (_second, second_page) = house.coach(), house.coach("Noor Haddad")
    house.offer(first)
    house.offer(_second)
    house.grant(first)
    other = house.participant()

    def book_the_first() -> str:
        try:
            house.book(other, first_page, TUESDAY, now=NOW)
        except Refusal as refusal:
            return refusal.sentence
        finally:
            connections.close_all()
        return "booked"

    with ThreadPoolExecutor(1) as someone:
        with transaction.atomic():
            house.book(first, second_page, TUESDAY, now=NOW)
            answer = someone.submit(book_the_first)
            wait_until_somebody_waits()
        assert answer.result(timeout=60) == (
            "The time was just taken, and this coach has no other free time. Choose another coach."
        )
    assert Booking.objects.count() == 1


def wait_until_somebody_waits() -> None:
    """Until another transaction stands behind ours."""
    until = timezone.now() + timedelta(minutes=1)
    waiting = 0
    while not waiting and timezone.now() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchone()[0]
    assert waiting
