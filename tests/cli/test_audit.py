import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from confrere.cli import main
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.web.boot.database import open_database
from confrere.web.boot.place import Site, load_site, save_site
from confrere.web.boot.running import make_directory, migrate

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


@pytest.fixture
def three_events(db: None, chain_now: Callable[[], None]) -> None:
    for number in range(3):
        audit.record(
            action="test.try",
            actor=Actor.system("test"),
            about=f"thing:{number}",
            programme=None,
            kept_as=kept.CONSENT,
            now=NOW,
        )
    chain_now()


@pytest.mark.usefixtures("three_events")
def test_a_whole_chain_is_said_to_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "head"]) == 0
    head = capsys.readouterr().out.strip()
    assert main(["audit", "verify", "--head", head.upper()]) == 0
    assert capsys.readouterr().out == f"3 entries hold, 0 of them with an erased body. Head: {head}\n"


@pytest.mark.usefixtures("three_events")
def test_results_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "head", "--json"]) == 0
    head = json.loads(capsys.readouterr().out)
    assert head["entries"] == 3
    assert main(["audit", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": 3, "erased": 0, "head": head["head"], "broken": None}


@pytest.mark.usefixtures("three_events")
def test_the_first_broken_entry_is_named(
    capsys: pytest.CaptureFixture[str], owner: Callable[[], AbstractContextManager[None]]
) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE vault_payload SET body = replace(body, 'thing:1', 'thing:7')")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert main(["audit", "verify"]) == 1
    assert capsys.readouterr().err == "The audit trail is broken at entry 2: its body was changed.\n"
    assert main(["audit", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broken"] == {"sequence": 2, "why": "its body was changed"}


def test_a_head_that_is_no_head_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--head", "12"]) == 2
    assert capsys.readouterr().err == (
        "--head expects 64 hexadecimal digits, as `confrere audit head` prints them, not “12”.\n"
    )


def test_without_a_site_there_is_nothing_to_verify(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CONFRERE_DATABASE")
    monkeypatch.setenv("CONFRERE_DATA", str(tmp_path))
    assert main(["audit", "verify"]) == 2
    assert capsys.readouterr().err == f"There is no site in {tmp_path}. Make one with `confrere init`.\n"
    assert main(["audit", "verify", "--demo"]) == 2
    assert "There is no simulated programme" in capsys.readouterr().err


@pytest.fixture
def passable() -> Iterator[Path]:
    """A directory that the account of the database server may pass through."""
    with tempfile.TemporaryDirectory(prefix="confrere-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.slow
def test_the_command_runs_on_the_site_of_this_machine(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, passable: Path
) -> None:
    for name in ("CONFRERE_DATABASE", "CONFRERE_KEYS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONFRERE_DATA", str(passable))
    make_directory(Site(data=passable, name="Mercy", origin="http://localhost:8000"))
    save_site(Site(data=passable, name="Mercy", origin="http://localhost:8000"))
    site = load_site(passable)
    with open_database(site, tell=print) as database:
        migrate(site, database)
        capfd.readouterr()
        assert main(["audit", "verify", "--head", "0" * 64, "--json"]) == 0
        found = json.loads(capfd.readouterr().out)
        assert found == {"entries": 0, "erased": 0, "head": "0" * 64, "broken": None}
        assert main(["disclose", "nobody@example.org", "--operator", "o@example.org", "--json"]) == 2
        assert capfd.readouterr().err == "There is no account with the address nobody@example.org.\n"
