"""A real first start, the look at it, and the site that is served until it is asked to end."""

import http.client
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from confrere.web.boot import BootError
from confrere.web.boot.checkup import examine
from confrere.web.boot.founding import BadWish, Founded, Wish, found
from confrere.web.boot.place import FILE, load_site
from confrere.web.boot.running import serve

WISH = Wish(name="Mercy", origin="http://localhost:8000", operator="you@mercy.org", zone="America/Chicago")


@pytest.fixture(scope="module")
def data(open_directory: Path) -> Path:
    return open_directory / "mercy"


@pytest.fixture(scope="module")
def founded(data: Path) -> Iterator[Founded]:
    """A site; a first attempt with a wrong wish left nothing that would be in the way."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CONFRERE_")]:
            patch.delenv(name)
        patch.setenv("CONFRERE_DATA", str(data))
        with pytest.raises(BadWish, match="This time zone is not known"):
            found(data, replace(WISH, zone="Mars/Base"), tell=print)
        assert not (data / FILE).exists()
        yield found(data, WISH, tell=print)


@pytest.mark.parametrize("origin", ["http://mercy.org", "coaching", "https://mercy.org/path", "https:///x", "ftp://x"])
def test_an_address_without_passkeys_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(BadWish, match="is no address of a site"):
        found(tmp_path, replace(WISH, origin=origin), tell=print)


def test_it_makes_keys_with_keepers_and_refuses_to_run_twice(founded: Founded, data: Path) -> None:
    assert [key["name"] for key in founded.keys] == ["link", "blind", "signing"]
    assert all(key["by_whom"] and key["when_lost"] for key in founded.keys)
    assert load_site(data).name == "Mercy"
    with pytest.raises(BootError, match=r"There is a site in .* already\. Nothing was changed\."):
        found(data, WISH, tell=print)


def test_the_doctor_finds_all_well_but_the_letters(founded: Founded) -> None:
    findings = {str(finding["about"]): finding["well"] for finding in examine(tell=print)}
    assert findings == {
        "python": True,
        "postgresql": True,
        "site": True,
        "database": True,
        "tables": True,
        "rights": True,
        "key link": True,
        "key blind": True,
        "key signing": True,
        "shares": True,
        "letters": False,
    }


def test_the_doctor_stops_where_there_is_no_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONFRERE_DATA", str(tmp_path))
    assert [finding["about"] for finding in examine(tell=print)] == ["python", "postgresql", "start"]


def test_the_site_answers_survives_a_kill_of_its_database_and_ends_when_asked(
    founded: Founded, data: Path, port: int
) -> None:
    told: list[str] = []

    def get() -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", urlsplit(founded.link).path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def ready() -> None:
        status, body = get()
        assert (status, "First sign-in" in body) == (200, True)
        server = int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)

    def tell(sentence: str) -> None:
        told.append(sentence)
        if "it runs again" in sentence:
            assert get()[0] == 200
            threading.Timer(1.5, os.kill, [os.getpid(), signal.SIGTERM]).start()

    serve(load_site(data), port=port, address="127.0.0.1", workers=1, ready=ready, tell=tell)
    assert "The database server had ended; it runs again, with everything that it had acknowledged." in told
    with pytest.raises(ConnectionRefusedError):
        get()
