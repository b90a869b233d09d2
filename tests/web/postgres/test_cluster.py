"""One server for all, whatever was killed before."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import psycopg
import pytest

from confrere.web.postgres import SUPERUSER, Cluster, PostgresError
from confrere.web.postgres import cluster as cluster_module
from confrere.web.postgres.cluster import make_private
from confrere.web.postgres.testing import FORGETFUL

HOLDER = """
import sys
from pathlib import Path
from confrere.web.postgres import Cluster
from confrere.web.postgres.testing import FORGETFUL
cluster = Cluster(Path(sys.argv[1]), settings=FORGETFUL)
cluster.start()
print(cluster.process_id(), flush=True)
if sys.stdin.readline() == "stop\\n":
    cluster.stop()
    print(cluster.is_running(), flush=True)
    sys.stdin.readline()
"""


class Holder:
    """Another process that holds the server."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(data)],
            env={**os.environ, "PYTHONPATH": str(Path(cluster_module.__file__).parents[3])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Holder":
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def line(self) -> str:
        return pipe(self.process.stdout).readline().strip()

    def stop(self) -> str:
        """Let the process let go; whether the server still runs, as it sees it."""
        print("stop", file=pipe(self.process.stdin), flush=True)
        return self.line()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


PARENT = """
import os, sys
child = os.fork()
if child == 0:
    os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
print(child, flush=True)
sys.stdin.readline()
"""


class Parent:
    """A process that never looks after its dead child, as the first process of many containers."""

    def __enter__(self) -> "Parent":
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.zombie = int(pipe(self.process.stdout).readline())
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate("\n")


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def ask(cluster: Cluster, statement: str) -> object:
    with psycopg.connect(cluster.address.conninfo(role=SUPERUSER, database="postgres")) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else None


def kill(cluster: Cluster) -> None:
    pid = cluster.process_id()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while cluster.process_id() == pid:
        pass


def test_a_connection_is_accepted_on_a_private_socket_and_nowhere_else(cluster: Cluster) -> None:
    assert cluster.is_running()
    assert ask(cluster, "SHOW listen_addresses") == [("",)]
    assert ask(cluster, "SHOW data_checksums") == [("on",)]
    assert stat.S_IMODE(cluster.address.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.home.stat().st_mode) == 0o700


def test_names_sort_and_compare_as_in_utf_8(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT upper('é'), datlocprovider FROM pg_database WHERE datname = 'postgres'") == [("É", "b")]


def test_nothing_that_was_typed_reaches_the_log(cluster: Cluster) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        ask(cluster, "SELECT 'canary in a cast'::int")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(cluster, "CREATE TEMP TABLE t (a text UNIQUE); INSERT INTO t VALUES ('canary'), ('canary')")
    log = cluster.log.read_text()
    assert "ready to accept connections" in log
    assert "canary" not in log


def test_other_operating_system_users_are_no_role(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(cluster.address.conninfo(role="pg_read_all_data", database="postgres"))


def test_what_was_acknowledged_survives_a_kill(cluster: Cluster) -> None:
    ask(cluster, "CREATE TABLE survivor AS SELECT 138 AS n")
    kill(cluster)
    cluster.start()
    assert ask(cluster, "SELECT n FROM survivor") == [(138,)]


def test_several_starters_give_one_server_and_the_last_to_leave_ends_it(open_directory: Path) -> None:
    data = open_directory / "several"
    with Holder(data) as first, Holder(data) as second, Holder(data) as third:
        assert len({holder.line() for holder in (first, second, third)}) == 1
        first.end()  # killed: it holds no more, and takes nobody's server away
        assert second.stop() == "True"
        assert third.stop() == "False"
    assert Cluster(data).process_id() is None


def test_a_zombie_and_its_lock_files_do_not_stop_the_next_start(open_directory: Path) -> None:
    data = open_directory / "zombie"
    cluster = Cluster(data, settings=FORGETFUL)
    with cluster, Parent() as parent:
        kill(cluster)
        (cluster.cluster / "postmaster.pid").write_text(f"{parent.zombie}\n")
        cluster.address.socket.with_name(".s.PGSQL.5432.lock").write_text(f"{parent.zombie}\n")
        cluster.start()
        assert cluster.process_id() not in {None, parent.zombie}


def test_a_pid_file_that_names_some_other_program_is_put_aside(open_directory: Path) -> None:
    cluster = Cluster(open_directory / "zombie", settings=FORGETFUL)
    (cluster.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with cluster:
        assert cluster.is_running()


def test_recovery_is_waited_for_and_told(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "TELL_EVERY", 0.1)
    told: list[str] = []

    def promote(sentence: str) -> None:
        told.append(sentence)
        pid = cluster.process_id()
        if len(told) == 1 and pid is not None:
            cluster.account.own(touched(cluster.cluster / "promote"))
            os.kill(pid, signal.SIGUSR1)  # what `pg_ctl promote` does: recovery may end

    cluster = Cluster(open_directory / "zombie", settings={**FORGETFUL, "hot_standby": "off"}, tell=promote)
    cluster.account.own(touched(cluster.cluster / "standby.signal"))  # replay for ever, accept nobody
    with cluster:
        assert cluster.is_running()
    assert "replays its log, which can take minutes" in told[0]


def touched(path: Path) -> Path:
    path.touch()
    return path


def test_a_server_that_lives_but_is_silent_is_named(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "SILENCE", 0.0)
    with Holder(open_directory / "zombie") as holder:
        pid = int(holder.line())
        os.kill(pid, signal.SIGSTOP)
        cluster = Cluster(open_directory / "zombie")
        with pytest.raises(PostgresError, match=rf"PostgreSQL runs \(process {pid}\) but does not answer on "):
            cluster.start()
        os.kill(pid, signal.SIGCONT)
        assert holder.stop() == "False"


def test_a_slow_end_is_told(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "TELL_EVERY", 0.0)
    told: list[str] = []
    with Cluster(open_directory / "zombie", settings=FORGETFUL, tell=told.append):
        pass
    assert "PostgreSQL is writing its last pages before it ends." in told


def test_a_server_that_refuses_its_settings_is_reported_with_its_log(
    open_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "PAUSES", (0.0, 0.1))
    monkeypatch.setattr(cluster_module, "LARGEST_LOG", 0)
    cluster = Cluster(open_directory / "zombie", settings={"max_connections": "none"})
    with pytest.raises(PostgresError, match='invalid value for parameter "max_connections": "none"'):
        cluster.start()
    assert cluster.log.with_suffix(".log.1").exists()


def test_a_path_too_long_for_a_socket_is_served_from_a_short_one(open_directory: Path) -> None:
    data = open_directory / "a directory with “spaces”, commas and more than a hundred letters" / ("d" * 50)
    with Cluster(data, settings=FORGETFUL) as address:
        assert len(os.fsencode(address.socket)) <= 103
        with psycopg.connect(address.conninfo(role=SUPERUSER, database="postgres")) as connection:
            assert connection.execute("SHOW data_directory").fetchone() == (str(data / "postgres/cluster"),)
    address.directory.rmdir()


def test_two_holders_in_one_process_count_twice(cluster: Cluster) -> None:
    second = Cluster(cluster.data)
    second.start()
    second.start()
    second.stop()
    second.stop()
    assert cluster.is_running()


def test_stopping_what_was_never_made_does_nothing(open_directory: Path) -> None:
    Cluster(open_directory / "never").stop()
    assert not (open_directory / "never").exists()


def test_a_data_directory_that_cannot_be_made_is_named(open_directory: Path) -> None:
    file = touched(open_directory / "file")
    with pytest.raises(PostgresError, match=r"/file/data cannot be made: Not a directory\.$"):
        Cluster(file / "data").start()


def test_a_directory_in_the_way_of_the_socket_is_refused(cluster: Cluster, open_directory: Path) -> None:
    link = open_directory / "link"
    link.symlink_to(open_directory)
    with pytest.raises(PostgresError, match="belongs to someone else"):
        make_private(link, cluster.account)
    with pytest.raises(PostgresError, match="cannot be made"):
        make_private(touched(open_directory / "file") / "socket", cluster.account)


def test_threads_of_one_process_share_the_server(cluster: Cluster) -> None:
    """Starting in several threads of one process is as safe as in several processes."""
    others = [Cluster(cluster.data) for _ in range(8)]
    threads = [threading.Thread(target=other.start) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {other.process_id() for other in others} == {cluster.process_id()}
    for other in others:
        other.stop()
    assert cluster.is_running()
