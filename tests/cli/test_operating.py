"""The operator's commands: what they refuse, what they print, and their exit codes."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from confrere.cli import init, main
from confrere.web.boot.founding import Founded
from confrere.web.postgres import managed_sql


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory that the server's account may enter, and nothing else set."""
    for name in [name for name in os.environ if name.startswith("CONFRERE_")]:
        monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="confrere-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setenv("CONFRERE_DATA", folder)
        yield Path(folder)


def test_a_number_that_is_no_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--port", "70000"]) == 2
    assert capsys.readouterr().err == "70000 is no port. Ports are numbers from 1 to 65535.\n"
    assert main(["demo", "--people", "5"]) == 2
    assert capsys.readouterr().err == "5 physicians do not make this programme. Choose from 24 to 138.\n"


def test_the_demo_never_touches_a_database_it_did_not_make(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/real")
    assert main(["demo", "--port", "8765"]) == 1
    assert "DATABASE_URL is set, and the demo never touches a database" in capsys.readouterr().err


def test_serving_needs_a_site(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 1
    assert capsys.readouterr().err == f"There is no site in {data}. Make one with `confrere init`.\n"


def test_the_doctor_prints_what_makes_the_roles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--sql"]) == 0
    assert capsys.readouterr().out == managed_sql() + "\n"


def test_a_site_is_made_looked_at_and_served(
    data: Path, port: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = ["init", "--name", "Mercy", "--operator", "you@mercy.org", "--origin", f"http://localhost:{port}"]
    assert main([*wish[:-1], "http://mercy.org"]) == 2
    assert "http://mercy.org is no address of a site." in capsys.readouterr().err

    assert main(wish) == 0
    said = capsys.readouterr().out
    assert f"The site is in {data}. Its keys lie in {data}/keys, apart from the database:" in said
    assert "link: opens the link between a person and a study id\n    kept by " in said
    assert "Now start it: confrere serve" in said
    assert f"http://localhost:{port}/welcome/" in said
    assert main(wish) == 1
    assert "There is a site in" in capsys.readouterr().err

    monkeypatch.setenv("CONFRERE_SMTP_URL", f"file://{data}/letters")
    assert main(["doctor"]) == 0
    assert "ok      key link" in capsys.readouterr().out
    monkeypatch.delenv("CONFRERE_SMTP_URL")
    assert main(["doctor", "--json"]) == 1
    answer = capsys.readouterr()
    assert [found["about"] for found in json.loads(answer.out) if not found["well"]] == ["letters"]
    assert "1 of 11 need attention." in answer.err

    end_once_served(monkeypatch)
    assert main(["serve", "--port", str(port), "--workers", "1"]) == 0
    assert f"Mercy is served on 127.0.0.1:{port} as http://localhost:{port}" in capsys.readouterr().out


def test_the_result_names_another_directory_or_is_json(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    founded = Founded(link="http://localhost:8000/welcome/1-x/", keys=[])
    init.say(founded, data / "other")
    assert f"Now start it: CONFRERE_DATA={data}/other confrere serve" in capsys.readouterr().out
    monkeypatch.setattr("confrere.cli.init.found", lambda *_, **__: founded)
    wish = ["--name", "Mercy", "--operator", "you@mercy.org", "--origin", "http://localhost:8000", "--json"]
    assert main(["init", *wish, "--data", str(data / "other")]) == 0
    assert json.loads(capsys.readouterr().out) == {"data": f"{data}/other", "link": founded.link, "keys": []}


def end_once_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask this process to end as soon as it says that it serves."""
    import builtins

    say = builtins.print

    def say_and_ask(*words: object, **options: object) -> None:
        say(*words, **options)  # type: ignore[call-overload]  # passed on as it came
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("confrere.cli.serve.print", say_and_ask, raising=False)
