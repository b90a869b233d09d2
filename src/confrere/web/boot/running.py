"""A site from its database to its last process."""

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confrere.web.boot.database import Database, open_database
from confrere.web.boot.errors import BootError
from confrere.web.boot.place import Site, child_environment
from confrere.web.boot.processes import Child, end_leftovers, supervise, until_asked_to_end

PATIENCE = 60.0  # seconds until the first answer of the web server
PORT_PATIENCE = 5.0  # seconds that a port may stay taken
HERE = "127.0.0.1"
RECORD = "running.json"


def run_django(site: Site, database: str, *arguments: str, given: str = "") -> str:
    """Run a Python module in a Django process with `given` on its standard input; what it printed.

    Raises `BootError` when it fails; its own messages have gone to stderr.
    """
    with begun_django(site, database, *arguments) as ask:
        return ask(given)


@contextmanager
def begun_django(site: Site, database: str, *arguments: str, prepare: bool = False) -> Iterator[Callable[[str], str]]:
    """Begin a Python module in a Django process, which imports what it needs while the block goes on.

    Call what is yielded with its standard input for what it prints. That raises `BootError` when the module fails. A
    process that nobody asked ends with the block.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=child_environment(site, database, prepare=prepare),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(given: str) -> str:
        answer, _nothing = process.communicate(given)
        if process.returncode != 0:
            raise BootError(f"`{' '.join(arguments)}` failed; its messages are above.")
        return answer

    with process:
        try:
            yield ask
        finally:
            process.kill()  # does nothing to one that has ended


def migrate(site: Site, database: Database) -> None:
    """Bring the tables up to date, as the role that owns them; the other roles' rights follow by themselves."""
    run_django(site, database.owner, "django", "migrate", "--verbosity", "0")


def make_directory(site: Site) -> None:
    """The site's directory, with the place of its static files. Others may pass through it, and read nothing."""
    try:
        site.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        (site.data / "static").mkdir(exist_ok=True)
    except OSError as error:
        raise BootError(f"The data directory {site.data} cannot be made: {error.strerror}.") from None


@contextmanager
def only_one(site: Site) -> Iterator[None]:
    """One running site for one directory; what a killed one left running is ended first.

    Raises `BootError` if there is one already.
    """
    make_directory(site)
    lock = os.open(site.data / "running.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise BootError(f"The site in {site.data} is running already. End that one first.") from None
    try:
        end_leftovers(site.data / RECORD)
        yield
    finally:
        os.close(lock)


def check_port_free(address: str, port: int) -> None:
    """Say in time that the port is taken. A moment is allowed for a process that is just ending."""
    until = time.monotonic() + PORT_PATIENCE
    while not is_free(address, port):
        if time.monotonic() > until:
            raise BootError(f"Port {port} is taken on this machine. Choose another with --port.")
        time.sleep(0.05)


def is_free(address: str, port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def serve(
    site: Site, *, port: int, address: str, workers: int, ready: Callable[[], None], tell: Callable[[str], None]
) -> None:
    """Serve a real site until somebody asks it to end: database, tables, web server, worker. Raises `BootError`."""
    with until_asked_to_end(), only_one(site):
        check_port_free(address, port)
        with open_database(site, tell=tell) as database:
            migrate(site, database)
            run_site(site, database, port=port, address=address, workers=workers, ready=ready, tell=tell)


def run_site(
    site: Site,
    database: Database,
    *,
    port: int,
    address: str = HERE,
    workers: int = 1,
    ready: Callable[[], None],
    tell: Callable[[str], None],
) -> None:
    """Run the web server and the worker until somebody asks them to end."""
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        *("--working-dir", str(site.data), "--workers-kill-timeout", "20", "confrere.web.wsgi:application"),
    ]
    worker = [sys.executable, "-m", "confrere.post.worker"]
    own = database.cluster is not None
    children = [
        Child("web", web, child_environment(site, database.app, pool=True, prepare=own)),
        Child("worker", worker, child_environment(site, database.app, prepare=own)),
    ]

    def look() -> None:
        if database.revive():
            tell("The database server had ended; it runs again, with everything that it had acknowledged.")

    def announce() -> None:
        wait_for_answer(address, port, site.host)
        ready()

    supervise(children, record=site.data / RECORD, ready=announce, look=look, tell=tell)


def wait_for_answer(address: str, port: int, host: str) -> None:
    """Wait for the web server's first answer of any kind."""
    until = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection(address, port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": host})
            connection.getresponse()
        except OSError:
            if time.monotonic() > until:
                raise BootError("The web server does not answer; its messages are above.") from None
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
