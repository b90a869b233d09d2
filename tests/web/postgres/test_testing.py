"""The server for tests: quick to start, one for each checkout, and its rights are for tests only."""

import atexit
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from confrere.web.postgres import APP, SUPERUSER, ephemeral_cluster, read_origin, testing


def test_its_place_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONFRERE_TEST_PG", str(tmp_path / "named"))
    assert ephemeral_cluster().data == tmp_path / "named"
    monkeypatch.delenv("CONFRERE_TEST_PG")
    assert ephemeral_cluster().data.name.startswith("confrere-test-")


def test_the_owner_can_do_what_tests_need(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFRERE_TEST_PG", str(open_directory / "ephemeral"))
    leave: list[Callable[[], None]] = []
    monkeypatch.setattr(atexit, "register", leave.append)
    url = testing.start()
    assert testing.start() == url
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE made_by_the_owner")
        owner.execute("SET session_replication_role = replica")
        owner.execute("SET ROLE confrere_app")
        assert owner.execute("SELECT current_user").fetchone() == (APP,)
    with psycopg.connect(url, dbname="made_by_the_owner") as made:
        origin = read_origin(made)
        assert origin is not None
        assert origin.simulated
        assert made.execute("SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'").fetchone() == (4,)
    with psycopg.connect(url, user=SUPERUSER) as server:
        assert server.execute("SHOW fsync").fetchone() == ("off",)
    for stop in leave:
        stop()
