"""The small guards before and around a running site."""

import http.server
import socket
import threading
from pathlib import Path

import pytest

from confrere.web.boot import BootError, running
from confrere.web.boot.place import Site
from confrere.web.boot.running import check_port_free, only_one, run_django, wait_for_answer


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(data=tmp_path / "data", name="Mercy", origin="http://localhost:8000")


def test_a_site_runs_once_in_its_directory(site: Site) -> None:
    with only_one(site):
        assert (site.data / "static").is_dir()
        with pytest.raises(BootError, match="is running already"), only_one(site):
            pass
    with only_one(site):
        pass


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    site = Site(data=tmp_path / "file" / "data", name="Mercy", origin="http://localhost:8000")
    with pytest.raises(BootError, match=r"file/data cannot be made: Not a directory\."), only_one(site):
        pass


def test_a_taken_port_is_named(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PORT_PATIENCE", 0.1)
    check_port_free("127.0.0.1", port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(BootError, match=f"Port {port} is taken on this machine"):
            check_port_free("127.0.0.1", port)


def test_a_module_runs_with_its_input_and_gives_its_output(site: Site) -> None:
    site.data.mkdir()
    assert run_django(site, "postgresql:///x", "json.tool", "--compact", given='{"a": 1}') == '{"a":1}\n'
    with pytest.raises(BootError, match=r"`json\.tool` failed"):
        run_django(site, "postgresql:///x", "json.tool", given="no json")


class Busy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the library's name
        self.send_error(503)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_any_answer_counts_as_one() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        wait_for_answer("127.0.0.1", server.server_port, "localhost")
        thread.join()


def test_an_answer_is_not_waited_for_for_ever(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    with pytest.raises(BootError, match="The web server does not answer"):
        wait_for_answer("127.0.0.1", port, "localhost")
