"""One PostgreSQL server for a data directory, shared by every process that needs it.

`DATA/postgres/` holds the cluster, its socket, its log and two lock files. `start.lock` is held while a
server is being started or ended, so that several starters give one server. Whoever uses the server holds
`users.lock` shared; the last to let go ends it, and the kernel lets go for a process that is killed.
"""

import fcntl
import hashlib
import os
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from psycopg import pq
from psycopg.conninfo import make_conninfo

from confrere.web.postgres import initdb, leftovers
from confrere.web.postgres.account import Account, bare_environment, server_account
from confrere.web.postgres.address import Address
from confrere.web.postgres.binaries import Binaries, find_binaries, within_reach
from confrere.web.postgres.errors import PostgresError
from confrere.web.postgres.roles import SUPERUSER
from confrere.web.postgres.settings import fixed_settings

LONGEST_SOCKET = 103  # bytes; Linux allows 107, macOS 103
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0)  # seconds before each try to start
STEP = 0.05  # seconds between two looks
SILENCE = 60.0  # seconds that a living server may give no sign at all; recovering counts as a sign
TELL_EVERY = 5.0  # seconds
LARGEST_LOG = 1_000_000  # bytes


def keep_quiet(sentence: str, /) -> None:
    """Tell nobody."""


class Cluster:
    """The server of one data directory.

    `start` and `stop` count holders; `with Cluster(data) as address` does both. `tell` receives a sentence
    when something takes long. `settings` are further server settings.
    """

    def __init__(
        self,
        data: Path,
        *,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self.data = data.resolve()
        self.home = self.data / "postgres"
        self.cluster = self.home / "cluster"
        self.log = self.home / "server.log"
        self.account = server_account()
        self.address = Address(socket_directory(self.home, self.account))
        self._binaries = binaries
        self._settings = dict(settings or {})
        self._tell = tell
        self._hold: int | None = None

    def __enter__(self) -> Address:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Address:
        """Make sure that the server runs, and hold it. Raises `PostgresError` with the end of its log."""
        self._make_directories()
        with self._starting():
            self._take_hold()
            try:
                self._bring_up()
            except BaseException:
                if self._let_go():
                    self._shut_down()
                raise
        return self.address

    def stop(self) -> None:
        """Let go of the server; if nobody else holds it, end it and wait until it has gone."""
        if not self.home.is_dir():
            return
        with self._starting():
            if self._let_go():
                self._shut_down()

    def is_running(self) -> bool:
        """Whether a connection is accepted."""
        return self._ping() is pq.Ping.OK

    def process_id(self) -> int | None:
        """The server's process id, or None if it does not run."""
        return leftovers.server_process(self.cluster)

    # Directories and locks

    def _make_directories(self) -> None:
        try:
            self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise PostgresError(f"The data directory {self.data} cannot be made: {error.strerror}.") from error
        for directory in (self.home, self.address.directory):
            make_private(directory, self.account)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        descriptor = os.open(self.home / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _take_hold(self) -> None:
        if self._hold is None:
            self._hold = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._hold, fcntl.LOCK_SH)

    def _let_go(self) -> bool:
        """Give up our hold; True if nobody else has one."""
        if self._hold is None:
            self._hold = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._hold)
            self._hold = None

    # Starting and ending

    def _bring_up(self) -> None:
        if self.is_running():
            return
        binaries = within_reach(self._binaries or find_binaries(), self.account, self.data / "postgres-binaries")
        initdb.make_cluster(self.cluster, binaries, self.account)
        initdb.write_access_files(self.cluster, self.account)
        for pause in PAUSES:
            time.sleep(pause)
            pid = self.process_id()
            if pid is None:
                leftovers.clear(self.cluster, self.address.socket)
                pid = self._launch(binaries)
            if self._await(pid):
                return
        raise PostgresError(f"PostgreSQL does not start. Its log {self.log} ends with:\n{self._end_of_log()}")

    def _launch(self, binaries: Binaries) -> int:
        """Start the server and give its process id. A shell starts it, so that it is no child of ours: the
        server may outlive us, and its end leaves no zombie that we would have to look after.
        """
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = {**fixed_settings(self.address), **self._settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = [str(binaries.program("postgres")), "-D", str(self.cluster), *options]
        with self.log.open("ab") as log:
            answer = subprocess.run(
                ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *server],
                cwd="/",
                env=bare_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                check=True,
                start_new_session=True,  # Ctrl-C is for the caller, who then ends the server in order
                **self.account.spawn_options(),
            )
        return int(answer.stdout)

    def _await(self, pid: int) -> bool:
        """Wait while the server lives and gives signs of life; True once it accepts connections.

        Replaying the log after a crash may take minutes: that is waited for, and told.
        """
        began = heard = told = time.monotonic()
        while True:
            answer = self._ping()
            if answer is pq.Ping.OK:
                return True
            if not leftovers.is_server(pid, self.cluster):
                return False
            now = time.monotonic()
            if answer is pq.Ping.REJECT:
                heard = now
            if now - heard > SILENCE:
                raise PostgresError(f"PostgreSQL runs (process {pid}) but does not answer on {self.address.socket}.")
            if now - told > TELL_EVERY:
                told = now
                self._tell(
                    f"PostgreSQL is not ready after {now - began:.0f} seconds; "
                    "after a crash it first replays its log, which can take minutes."
                )
            time.sleep(STEP)

    def _shut_down(self) -> None:
        pid = self.process_id()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: end sessions, write everything, leave
        told = time.monotonic()
        while self.process_id() == pid:
            if time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                self._tell("PostgreSQL is writing its last pages before it ends.")
            time.sleep(STEP)

    def _ping(self) -> pq.Ping:
        address = self.address.conninfo(role=SUPERUSER, database="postgres")
        conninfo = make_conninfo(address, connect_timeout=2)  # a stopped process would keep us waiting for ever
        return pq.Ping(pq.PGconn.ping(conninfo.encode()))  # the C implementation answers with a bare number

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])


def make_private(directory: Path, account: Account) -> None:
    """A directory that only the server's account may enter; one that another user made is refused."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if found.st_uid in (account.uid, os.geteuid()) and stat.S_ISDIR(found.st_mode):
            account.own(directory)
            directory.chmod(0o700)
            return
    except OSError as error:
        raise PostgresError(f"{directory} cannot be made: {error.strerror}.") from error
    raise PostgresError(f"{directory} belongs to someone else, so the server's socket would not be safe there.")


def socket_directory(home: Path, account: Account) -> Path:
    """`home/socket`, or a short directory among the temporary files if that path is too long for a socket."""
    directory = home / "socket"
    if len(os.fsencode(Address(directory).socket)) <= LONGEST_SOCKET:
        return directory
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()).resolve() / f"confrere-{account.uid}-{digest}"
