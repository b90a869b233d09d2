"""Which addresses are never called, and what happens to a call."""

import socket

import pytest
from pytest_django.fixtures import Settings
from tests.post.https_server import Elsewhere

from confrere.post import outside

INSIDE = (
    "https://127.0.0.1/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[2002:7f00:1::]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://127.1/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://localhost/",
)
NO_ADDRESS = (
    "http://example.org/",
    "file:///etc/passwd",
    "ftp://example.org/",
    "//example.org/",
    "https:///x",
    "https://user:password@example.org/",
    "https://user@example.org/",
    "https://exämple.org/",
    "https://example.org:99999/",
    "https://[::1/",
    "",
)


@pytest.mark.parametrize("url", INSIDE + NO_ADDRESS)
def test_these_are_never_called(url: str) -> None:
    with pytest.raises(outside.Unreachable) as refused:
        outside.post(url, body=b"", headers={})
    assert refused.value.forbidden


def test_a_name_that_leads_inside_with_one_of_its_addresses_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(_host: str, port: int, **_kind: object) -> list[tuple[object, ...]]:
        return [(None, None, None, "", (each, port)) for each in ("93.184.215.14", "10.0.0.7")]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(outside.Unreachable, match="inside"):
        outside.target("https://rebinding.example/")


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(_host: str, port: int, **_kind: object) -> list[tuple[object, ...]]:
        return [(None, None, None, "", ("93.184.215.14", port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    found = outside.target("https://hooks.example:8443/a/b?c=d")
    assert found == outside.Target(host="hooks.example", port=8443, path="/a/b?c=d", address="93.184.215.14")
    called: list[object] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        called.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outside.Unreachable, match="TimeoutError"):
        outside.post("https://hooks.example:8443/a", body=b"", headers={})
    assert called == [("93.184.215.14", 8443)]


def test_an_unknown_host_is_no_forbidden_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_kind: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(outside.Unreachable, match="unknown-host") as refused:
        outside.target("https://nowhere.example/")
    assert not refused.value.forbidden


def test_a_call_arrives_and_a_redirect_is_an_answer(elsewhere: Elsewhere) -> None:
    elsewhere.answers = [302]
    assert outside.post(f"{elsewhere.url}/hook", body=b"{}", headers={"X-One": "1"}) == 302
    [came] = elsewhere.came
    assert (came.path, came.body, came.headers["X-One"]) == ("/hook", b"{}", "1")


def test_a_certificate_of_somebody_else_is_not_believed(elsewhere: Elsewhere, settings: Settings) -> None:
    settings.CALLS_INSIDE = frozenset({f"localhost:{elsewhere.port}"})
    with pytest.raises(outside.Unreachable, match="SSLCertVerificationError"):
        outside.post(f"https://localhost:{elsewhere.port}/", body=b"", headers={})
    assert elsewhere.came == []
