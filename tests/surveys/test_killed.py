"""The application's own process, killed with -9 at random moments between the sending of an answer and its reply.

The page keeps what was not acknowledged and sends it again under the same key: one row, whatever the moment was.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests.surveys.conftest import GENDER

from confrere.surveys.models import Answer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: How many answers are sent into a server that dies; a longer run sets CONFRERE_KILLS.
KILLS = int(os.environ.get("CONFRERE_KILLS", "3"))
PATIENCE = 90


class Told(NamedTuple):
    """A reply."""

    status: int
    cookie: str
    body: bytes


class Served:
    """The web server of the application, on the database of the tests."""

    def __init__(self, home: Path) -> None:
        own = connection.settings_dict
        address = {"dbname": own["NAME"], "user": own["USER"], "password": own["PASSWORD"], "host": own["HOST"]}
        more = {"port": own["PORT"]} if own["PORT"] else {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.environment = {
            **os.environ,
            "CONFRERE_DATABASE": make_conninfo(**{**address, **more}),
            "CONFRERE_KEYS": str(settings.KEYS),
            "CONFRERE_ORIGIN": f"http://localhost:{self.port}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.home = home

    def start(self) -> None:
        """Start it; returns when it answers."""
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", "1", "--no-ws", "--log-level", "error", "--working-dir", str(self.home)),
            "confrere.web.wsgi:application",
        ]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        late = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < late, "the application did not start; its messages are above"
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether a page comes: a socket alone may be that of a process that is dying."""
        try:
            return self.told("GET", "/help-now/").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """All of it at once, without a chance to finish anything."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def told(self, method: str, path: str, body: str = "", **headers: str) -> Told:
        """A request and its reply."""
        with closing(self.sent(method, path, body, **headers)) as line, line.getresponse() as reply:
            return Told(reply.status, reply.getheader("Set-Cookie") or "", reply.read())

    def sent(self, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPConnection:
        """Send a request and do not wait for its reply."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            line.request(method, path, body, {"Host": f"localhost:{self.port}", **form, **headers})
        except OSError:
            line.close()
            raise
        return line


@pytest.fixture
def served(transactional_db: None, standing_keys: Path, tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path)
    running.start()
    yield running
    running.kill()


def test_an_answer_whose_reply_was_lost_by_a_kill_is_one_row(
    served: Served, link_to: Callable[..., str], record_property: Callable[[str, object], None]
) -> None:
    url, chance = link_to(GENDER), random.Random(2026)
    first = served.told("GET", f"{url}state/")
    proof = {
        "Cookie": first.cookie.partition(";")[0],
        "X-CSRFToken": json.loads(first.body)["csrf"],
        "Origin": f"http://localhost:{served.port}",
    }
    lived: Counter[bool] = Counter()
    for number in range(KILLS):
        said = {"value": ("woman", "man")[number % 2], "key": str(uuid4()), "seen": ""}
        body, path = urlencode(said), f"{url}?q=gender"
        with closing(served.sent("POST", path, body, **proof)):
            time.sleep(chance.uniform(0, 0.08))  # the kill falls before, within or after the transaction
            served.kill()
        lived[Answer.objects.filter(key=said["key"]).exists()] += 1
        served.start()
        again = [served.told("POST", path, body, **proof) for _twice in range(2)]
        assert [one.status for one in again] == [200, 200], again[0].body
        assert Answer.objects.filter(key=said["key"]).count() == 1
    assert Answer.objects.count() == KILLS
    record_property("kills after which the answer was there already", lived[True])
