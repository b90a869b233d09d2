"""A simulated site with a corpus in it, served as the demo serves it, and the CPU time that its processes use."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from confrere.web.boot.database import Database, open_database
from confrere.web.boot.place import child_environment
from confrere.web.boot.running import make_directory, migrate, wait_for_answer

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Answer:
    """One answer of the site."""

    status: int
    body: bytes
    location: str


@dataclass
class Served:
    """A site that answers: its port, cookies, and the processes behind it."""

    port: int
    cookies: list[str]  # of a reader who has read nothing, of one who has read everything, and of some who write
    database: Database
    web: int  # process id
    environment: dict[str, str]

    def ask(self, path: str, data: dict[str, str] | None = None, *, who: int = 0) -> Answer:
        """GET, or POST with a token that the page's own form would carry. who: whose cookie, round and round."""
        cookie, headers = self.cookies[who % len(self.cookies)], {"Host": "localhost"}
        body = None
        if data is not None:
            token = "a" * 32
            cookie += f"; csrf={token}"
            body = urlencode({**data, "csrfmiddlewaretoken": token})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET" if data is None else "POST", path, body, headers | {"Cookie": cookie})
        found = connection.getresponse()
        answer = Answer(found.status, found.read(), found.headers.get("Location", ""))
        connection.close()
        return answer

    def cpu(self) -> float:
        """CPU seconds so far of the web server's processes and of the database's."""
        roots = {self.web, postmaster(self.database)}
        return sum(used(pid) for pid in family(roots))

    def memory(self) -> float:
        """Proportional memory of the web server's processes, in MB."""
        return sum(proportional(pid) for pid in family({self.web})) / 1024

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """Run a statement as the database's owner."""
        with psycopg.connect(self.database.owner, autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []


def postmaster(database: Database) -> int:
    assert database.cluster is not None
    found = database.cluster.process_id()
    assert found is not None
    return found


def family(roots: set[int]) -> set[int]:
    """These processes and all below them."""
    parents = {int(path.name): parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found = set(roots)
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    return found


def parent(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def used(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended. Nanoseconds of each thread, where told."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return 0.0


def proportional(pid: int) -> int:
    """kB, memory that is shared counted by its share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])  # type: ignore[index]  # the kernel always says it


@contextmanager
def served(folder: Path, corpus: Path, *, workers: int = 2) -> Iterator[Served]:
    """Serve a simulated site in `folder` while the block runs; made there and loaded with the corpus the first time."""
    from confrere.web.boot.demo import demo_site

    os.environ["CONFRERE_DATA"] = str(folder)
    port = free_port()
    site = demo_site(port=port)
    make_directory(site)
    with open_database(site, tell=note) as database:
        migrate(site, database)
        loaded = site.data / "loaded"
        if not loaded.exists():
            load(child_environment(site, database.app), database, corpus)
            loaded.touch()
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
            *("--working-dir", str(site.data), "confrere.web.wsgi:application"),
        ]
        with subprocess.Popen(command, env=child_environment(site, database.app, pool=True, prepare=True)) as web:
            try:
                wait_for_answer("127.0.0.1", port, site.host)
                own = child_environment(site, database.app)
                yield Served(port, json.loads(inside("cookies", own)), database, web.pid, own)
            finally:
                web.terminate()


def load(environment: dict[str, str], database: Database, corpus: Path) -> None:
    """Load the corpus; the search indexes are made afterwards, all at once. The second member has read everything."""
    with psycopg.connect(database.owner, autocommit=True) as connection:
        found = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'lounge_post' AND indexdef LIKE '%USING gin%'"
        ).fetchall()
        for name, _made in found:
            connection.execute(f"DROP INDEX {name}")  # names of our own
        command = [sys.executable, "-m", "confrere.cli", "lounge", "load", str(corpus)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        connection.execute("SET maintenance_work_mem = '512MB'")
        for _name, made in found:
            connection.execute(made)
        connection.execute(
            """
            INSERT INTO lounge_readmark (programme_id, site_id, question_id, member_id, number, read_at, stance)
            SELECT programme_id, site_id, question.id, (SELECT id FROM people_user WHERE email LIKE 'corpus-1@%'),
                   last, now(), '' FROM lounge_question AS question
            """
        )
        connection.execute("VACUUM ANALYZE")


def inside(verb: str, environment: dict[str, str]) -> str:
    """What `inside.py` prints."""
    command = [sys.executable, str(Path(__file__).parent / "inside.py"), verb]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def note(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def settle() -> None:
    """Let what began before end."""
    time.sleep(1)
