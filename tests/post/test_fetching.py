"""Fetching what a user named: unchanged, refused, too large, too slow, inside."""

import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.post.imap_server import certificate

from confrere.post import fetching
from confrere.post.fetching import Fetched, NotFetched, fetch


@dataclass
class Elsewhere:
    """Somebody else's server: answers as it is told, remembers what was asked."""

    port: int = 0
    status: int = 200
    body: bytes = b"BEGIN:VCALENDAR"
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/a.ics?key=1"


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    told, pem = Elsewhere(), certificate(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the server's own name
            told.asked.append(dict(self.headers))
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            for octet in told.body if told.drip else ():
                time.sleep(told.drip)
                self.wfile.write(bytes([octet]))
            if not told.drip:
                self.wfile.write(told.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the server's own name
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever asked has hung up: that is what is tested."""

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told.port = server.server_address[1]
    settings.CALLS_INSIDE = [f"127.0.0.1:{told.port}"]
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


def kind(url: str, **more: float) -> str:
    with pytest.raises(NotFetched) as no:
        fetch(url, **more)  # type: ignore[arg-type]  # seconds only
    return no.value.kind


def test_what_came_and_what_lets_it_be_asked_again(elsewhere: Elsewhere) -> None:
    elsewhere.headers = {"ETag": '"7"', "Last-Modified": "Mon, 02 Mar 2026 14:00:00 GMT"}
    found = fetch(elsewhere.url)
    assert found == Fetched(body=b"BEGIN:VCALENDAR", etag='"7"', modified="Mon, 02 Mar 2026 14:00:00 GMT")
    elsewhere.status, elsewhere.body = 304, b""
    assert fetch(elsewhere.url, etag=found.etag, modified=found.modified).body is None
    assert elsewhere.asked[1]["If-None-Match"] == '"7"'
    assert elsewhere.asked[1]["If-Modified-Since"] == "Mon, 02 Mar 2026 14:00:00 GMT"
    assert "If-None-Match" not in elsewhere.asked[0]


@pytest.mark.parametrize(
    ("status", "headers"),
    [(302, {"Location": "https://10.0.0.1/"}), (404, {}), (500, {}), (200, {"Content-Encoding": "gzip"})],
)
def test_redirects_errors_and_packed_answers_are_refusals(
    elsewhere: Elsewhere, status: int, headers: dict[str, str]
) -> None:
    elsewhere.status, elsewhere.headers = status, headers
    assert kind(elsewhere.url) == "refused"
    assert len(elsewhere.asked) == 1


def test_too_large_and_too_slow(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_OCTETS", 14)
    assert kind(elsewhere.url) == "large"
    monkeypatch.setattr(fetching, "MOST_OCTETS", 100)
    elsewhere.drip = 0.2  # each octet in time, the whole not
    assert kind(elsewhere.url, seconds=0.6) in {"silent", "refused"}


def test_inside_addresses_wrong_certificates_and_odd_paths(
    elsewhere: Elsewhere, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kind(elsewhere.url + " HTTP/1.1") == "refused"
    assert kind("https://127.0.0.1:1/") == "inside"
    assert kind("http://example.org/") == "inside"
    settings.CALLS_INSIDE = ["127.0.0.1:1"]
    assert kind("https://127.0.0.1:1/") == "silent"
    settings.CALLS_INSIDE = [f"127.0.0.1:{elsewhere.port}"]
    monkeypatch.delenv("SSL_CERT_FILE")
    assert kind(elsewhere.url) == "refused"


def test_an_answer_that_is_no_http_is_silence(elsewhere: Elsewhere) -> None:
    elsewhere.status = 1000  # a status has three digits
    assert kind(elsewhere.url) == "silent"
    assert len(elsewhere.asked) == 1
