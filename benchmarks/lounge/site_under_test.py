"""A simulated site with a corpus in it, served as the demo serves it, and the CPU time that its processes use."""

import http.client
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
    """A site that answers: its address, the cookie of the reader, and the processes behind it."""

    port: int
    cookie: str
    database: Database
    web: int  # process id

    def ask(self, path: str, data: dict[str, str] | None = None) -> Answer:
        """GET, or POST with a token that the page's own form would carry."""
        cookie, headers = self.cookie, {"Host": "localhost"}
        body = None
        if data is not None:
            token = "a" * 32
            cookie += f"; csrftoken={token}"
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
    """Make a simulated site in `folder`, load the corpus, serve it while the block runs."""
    from confrere.web.boot.demo import demo_site

    os.environ["CONFRERE_DATA"] = str(folder)
    port = free_port()
    site = demo_site(port=port)
    make_directory(site)
    with open_database(site, tell=note) as database:
        migrate(site, database)
        environment = child_environment(site, database.app)
        load = [sys.executable, "-m", "confrere.cli", "lounge", "load", str(corpus), "--cookie"]
        lines = subprocess.run(load, env=environment, check=True, capture_output=True, text=True).stdout.split("\n")
        with psycopg.connect(database.owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
            *("--working-dir", str(site.data), "confrere.web.wsgi:application"),
        ]
        own = child_environment(site, database.app, pool=True, prepare=True)
        with subprocess.Popen(command, env=own) as web:
            try:
                wait_for_answer("127.0.0.1", port, site.host)
                yield Served(port, lines[-2], database, web.pid)
            finally:
                web.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def note(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def settle() -> None:
    """Let what began before end."""
    time.sleep(1)
