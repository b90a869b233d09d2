"""The site's database: our own server, or a managed one that is never a demo's."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from confrere.web.boot import BootError
from confrere.web.boot.database import Database, open_database
from confrere.web.boot.place import Site


def site(data: Path, *, simulated: bool) -> Site:
    return Site(data=data, name="Mercy", origin="http://localhost:8000", simulated=simulated)


def test_a_managed_database_needs_both_roles_and_is_never_a_demos(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://app@db/x"}
    with (
        pytest.raises(BootError, match="DATABASE_OWNER_URL"),
        open_database(site(tmp_path, simulated=False), tell=print, environ=environ),
    ):
        pass
    environ["DATABASE_OWNER_URL"] = "postgresql://owner@db/x"
    with open_database(site(tmp_path, simulated=False), tell=print, environ=environ) as database:
        assert database == Database(owner="postgresql://owner@db/x", app="postgresql://app@db/x")
        assert not database.revive()
    with (
        pytest.raises(BootError, match="the demo never touches a database that it did not make itself"),
        open_database(site(tmp_path, simulated=True), tell=print, environ=environ),
    ):
        pass


def test_our_own_server_is_revived_kept_and_thrown_away_when_fresh(open_directory: Path) -> None:
    simulated = site(open_directory / "own", simulated=True)
    with open_database(simulated, tell=print, environ={}) as database:
        with psycopg.connect(database.owner) as owner:
            owner.execute("CREATE TABLE kept (n int)")
        assert not database.revive()
        assert database.cluster is not None
        pid = database.cluster.process_id()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while database.cluster.process_id() == pid:
            pass
        assert database.revive()
        with psycopg.connect(database.owner) as owner:
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with open_database(simulated, tell=print, environ={}, fresh=True) as database, psycopg.connect(database.app) as app:
        assert app.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    real = site(open_directory / "own", simulated=False)
    with pytest.raises(BootError, match="made for simulated people"), open_database(real, tell=print, environ={}):
        pass
