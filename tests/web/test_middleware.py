"""What every request passes: hosts, headers, a database that is busy, and refusals."""

import errno
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout

from confrere.people import sessions
from confrere.people.models import User
from confrere.vault.refusals import Refusal
from confrere.web import middleware


def raising(error: Exception, wrapped: Callable[..., object]) -> HttpResponse | None:
    """What a middleware makes of an error in a view."""
    passed: object = wrapped(lambda _request: HttpResponse())
    answer: HttpResponse | None = passed.process_exception(RequestFactory().get("/"), error)
    return answer


def test_another_host_name_learns_nothing() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/")
    assert (answer.status_code, answer.text) == (400, "This server does not answer for that host name.\n")


def test_pages_are_never_kept_and_ask_for_no_sensor() -> None:
    answer = Client().get("/help-now/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


@pytest.mark.parametrize("error", [PoolTimeout("none free"), OperationalError("gone")])
def test_a_busy_database_is_said_with_when_to_try_again(error: Exception) -> None:
    answer = raising(error, middleware.busy_database)
    assert answer is not None
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Nothing was lost" in answer.text


def test_a_full_disk_is_said_and_another_error_is_not_called_one() -> None:
    answer = raising(OSError(errno.ENOSPC, "No space left on device"), middleware.busy_database)
    assert answer is not None
    assert (answer.status_code, "There is no room left here" in answer.text) == (507, True)
    assert raising(OSError(errno.EACCES, "Permission denied"), middleware.busy_database) is None


@pytest.mark.django_db
@pytest.mark.parametrize("error", [PoolTimeout("none free"), OperationalError("gone")])
def test_a_database_that_is_busy_before_any_view_is_said_too(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(email="ama@example.org", name="Ama Osei"))

    def busy(*_args: object, **_named: object) -> bool:
        raise error

    monkeypatch.setattr(sessions, "is_over", busy)
    answer = client.get("/me/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


@pytest.mark.django_db
def test_another_error_before_any_view_is_not_called_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(email="ama@example.org", name="Ama Osei"))
    monkeypatch.setattr(sessions, "is_over", lambda _session: False)  # called with `now`
    assert client.get("/me/").status_code == 500


@pytest.mark.parametrize("address", ["/join/a%00b/", "/a/%00/", "/?after=%00"])
def test_what_no_database_takes_is_refused_before_it_is_asked(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, "sent something we could not read" in answer.text) == (400, True)


def test_a_cookie_with_a_nul_character_is_refused() -> None:
    answer = Client(headers={"cookie": 'session="\\000abcdefgh"'}).get("/")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/help-now/", "testserver", 200),
        ("/static/web/css/base.css", "testserver", 200),
        ("/static/none.css", "testserver", 404),
        ("/a/%00/", "testserver", 400),
        ("/help-now/", "evil.example", 400),
    ],
)
def test_every_kind_of_answer_carries_the_policy(address: str, host: str, status: int) -> None:
    answer = Client(headers={"host": host}).get(address)
    assert (answer.status_code, b"".join(answer) != b"") == (status, True)  # read to its end, a file is closed
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_other_errors_pass_by() -> None:
    assert raising(ValueError(), middleware.busy_database) is None
    assert raising(ValueError(), middleware.refusals) is None


@pytest.mark.django_db
def test_a_refusal_becomes_a_page_with_its_sentence(client: Client) -> None:
    def get_response(request: HttpRequest) -> HttpResponse:
        return client.get("/help-now/")

    answer = middleware.refusals(get_response)(RequestFactory().get("/"))
    assert answer.status_code == 200
    request = client.get("/").wsgi_request
    refused = middleware.refusals(get_response).process_exception(request, Refusal("The time was just taken."))
    assert (refused.status_code, "The time was just taken." in refused.text) == (409, True)
