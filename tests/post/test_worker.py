"""A worker in a process of its own, killed without warning among many letters, in front of a real mail server."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from psycopg.conninfo import make_conninfo
from tests.post.conftest import Postbox, clear_queue

from confrere.post import actions, queries, worker
from confrere.post.models import Letter, State

#: How many letters and kills; a longer run sets CONFRERE_LETTERS and CONFRERE_KILLS.
LETTERS = int(os.environ.get("CONFRERE_LETTERS", "200"))
KILLS = int(os.environ.get("CONFRERE_KILLS", "5"))
#: Seconds after which a worker that delivers nothing fails the test.
PATIENCE = 90

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workers(transactional_db: None, postbox: Postbox) -> Iterator["Workers"]:
    clear_queue()
    some = Workers(postbox.port)
    yield some
    some.kill()
    clear_queue()


class Workers:
    """One worker at a time, on the database of the tests."""

    def __init__(self, port: int) -> None:
        own = connection.settings_dict
        address = {"dbname": own["NAME"], "user": own["USER"], "password": own["PASSWORD"], "host": own["HOST"]}
        port_of_database = {"port": own["PORT"]} if own["PORT"] else {}
        self.environment = {
            **os.environ,
            "CONFRERE_DATABASE": make_conninfo(**{**address, **port_of_database}),
            "CONFRERE_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "confrere.post.worker"]
        self.process = subprocess.Popen(command, env=self.environment)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=PATIENCE)
        self.process = None
        return code


def test_no_letter_is_lost_and_a_kill_makes_one_duplicate_at_most(
    workers: Workers, postbox: Postbox, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(2026)
    for number in range(LETTERS):
        actions.send(
            to=f"p{number}@example.org",
            subject="Your appointment",
            body=f"Letter {number}",
            event=f"letter {number}",
            programme=None,
            now=timezone.now(),
        )
    wanted = set(Letter.objects.values_list("message_id", flat=True))
    points = sorted(chance.sample(range(1, LETTERS), KILLS))
    for point in points:
        workers.start()
        postbox.wait_for(point + chance.random(), PATIENCE)
        workers.kill()
    workers.start()
    postbox.wait_for(LETTERS, PATIENCE, different=True)
    assert workers.kill(signal.SIGTERM) == 0  # what it holds, it finishes

    copies: dict[str, set[bytes]] = {}
    times = Counter(letter["Message-ID"] for letter in postbox.letters())
    for letter, content in zip(postbox.letters(), postbox.taken, strict=True):
        copies.setdefault(letter["Message-ID"], set()).add(content)
    duplicates = sum(times.values()) - len(times)
    for name, figure in (("letters", LETTERS), ("kills", KILLS), ("duplicates", duplicates)):
        record_property(name, figure)
    assert set(times) == wanted
    assert duplicates <= KILLS
    assert {len(contents) for contents in copies.values()} == {1}
    assert Letter.objects.exclude(state=State.SENT).count() == 0
    assert Letter.objects.exclude(body="", to="", subject="").count() == 0


def test_what_a_dead_worker_held_is_done_by_the_next(workers: Workers, postbox: Postbox) -> None:
    actions.send(to="a@example.org", subject="s", body="b", event="e", programme=None, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    workers.start()
    postbox.wait_for(1, PATIENCE)
    assert workers.kill(signal.SIGTERM) == 0
    assert Letter.objects.get().state == State.SENT
    assert ProcrastinateJob.objects.filter(status="doing").count() == 0
    assert ProcrastinateWorker.objects.count() == 0
    assert queries.worker_is_down(timezone.now())


def test_a_worker_works_until_the_queue_is_empty(workers: Workers, postbox: Postbox) -> None:
    actions.send(to="a@example.org", subject="s", body="b", event="e", programme=None, now=timezone.now())
    worker.run(wait=False)
    assert [letter["To"] for letter in postbox.letters()] == ["a@example.org"]
    assert ProcrastinateJob.objects.filter(task_name="confrere.post.actions.deliver").count() == 0
