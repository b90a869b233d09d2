"""Going in as somebody simulated, and that nothing of it exists elsewhere."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from confrere.people import actions as people
from confrere.web import settings as settings_module
from confrere.web.demo import guard


@pytest.fixture
def someone(db: None, settings: Settings) -> int:
    """A simulated person, in demo mode."""
    settings.DEMO, settings.HOST, settings.ALLOWED_HOSTS = True, "localhost", ["localhost"]
    settings.ROOT_URLCONF = "tests.web.demo.urlconf"
    return people.create_account(email="sim@physicians.example", name="Sim Osei", zone="UTC", now=timezone.now())


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost:8000"})


def test_a_token_shows_who_one_would_be_and_a_post_goes_in(someone: int, browser: Client) -> None:
    path = f"/demo/{someone}/{guard.token(someone)}/"
    page = browser.get(path)
    assert "Go in as Sim Osei" in page.content.decode()
    assert "_auth_user_id" not in browser.session  # looking is not going in
    assert browser.post(path).headers["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(someone)


@pytest.mark.parametrize("spoilt", ["f" * 32, "", "x"])
def test_another_token_and_nobody_get_the_same_answer(someone: int, browser: Client, spoilt: str) -> None:
    assert browser.post(f"/demo/{someone}/{spoilt or 'short'}/").status_code == 404
    assert browser.post(f"/demo/{someone + 1}/{guard.token(someone + 1)}/").status_code == 404


def test_a_token_without_the_site_s_own_form_does_not_go_in(someone: int) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    assert strict.post(f"/demo/{someone}/{guard.token(someone)}/").status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_a_forwarded_request_does_not_go_in(someone: int, header: str) -> None:
    through = Client(headers={"host": "localhost:8000", header: "203.0.113.9"})
    assert through.post(f"/demo/{someone}/{guard.token(someone)}/").status_code == 404
    assert through.get("/demo/letters/").status_code == 404


def test_a_strange_host_is_turned_away(someone: int) -> None:
    strange = Client(headers={"host": "demo.example.org"})
    assert strange.post(f"/demo/{someone}/{guard.token(someone)}/").status_code == 400


def test_outside_the_demo_its_pages_are_not_even_imported() -> None:
    program = (
        "import django, sys; django.setup(); from confrere.web import urls; "
        "sys.exit(any(name.startswith('confrere.web.demo') for name in sys.modules))"
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(settings_module.__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", program], env=environ, check=False).returncode == 0


@pytest.mark.django_db
def test_outside_the_demo_there_is_nothing_at_its_addresses() -> None:
    assert Client().get(f"/demo/1/{guard.token(1)}/").status_code == 404


def test_the_demo_refuses_a_database_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFRERE_DEMO", "1")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///confrere")
    with pytest.raises(ImproperlyConfigured, match="never runs on a database that DATABASE_URL names"):
        runpy.run_path(settings_module.__file__)
