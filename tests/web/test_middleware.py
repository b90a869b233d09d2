"""What every request passes: hosts, headers, a database that is busy, and refusals."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout

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
