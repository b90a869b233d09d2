"""What the environment decides, read afresh."""

import runpy
from typing import Any

import pytest

from confrere.web import settings


def read(monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, Any]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(settings.__file__)


def test_connections_are_pooled_and_nobody_waits_longer_than_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    options = read(monkeypatch, CONFRERE_POOL="1")["DATABASES"]["default"]["OPTIONS"]
    assert options["pool"]["timeout"] < 5
    assert options["server_side_binding"] is True


def test_plans_are_kept_only_where_the_boot_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "prepare_threshold" not in read(monkeypatch, CONFRERE_PREPARE="0")["DATABASES"]["default"]["OPTIONS"]
    assert read(monkeypatch, CONFRERE_PREPARE="1")["DATABASES"]["default"]["OPTIONS"]["prepare_threshold"] == 3


def test_a_proxy_is_believed_only_when_the_site_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in read(monkeypatch)
    believed = read(monkeypatch, CONFRERE_PROXY="1")["SECURE_PROXY_SSL_HEADER"]
    assert believed == ("HTTP_X_FORWARDED_PROTO", "https")


def test_a_real_site_has_cookies_that_only_its_own_host_over_https_receives(monkeypatch: pytest.MonkeyPatch) -> None:
    real = read(monkeypatch, CONFRERE_ORIGIN="https://peers.example.org")
    assert (real["SESSION_COOKIE_NAME"], real["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert real["SESSION_COOKIE_SECURE"]
    assert real["CSRF_COOKIE_SECURE"]
    assert real["SECURE_SSL_REDIRECT"]
    assert real["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
