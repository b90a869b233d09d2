"""The log names pages and kinds of errors: no address that lets one in, no word that somebody typed."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from confrere.web import views
from confrere.web.logs import WithoutWords


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of the settings writes."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.addFilter(WithoutWords())
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security", "confrere")]
    for logger in loggers:
        logger.addHandler(handler)
    yield kept
    for logger in loggers:
        logger.removeHandler(handler)


def test_the_settings_use_it() -> None:
    logging: Any = settings.LOGGING
    assert logging["handlers"]["stderr"]["filters"] == ["without_words"]
    assert logging["filters"]["without_words"]["()"] == "confrere.web.logs.WithoutWords"


@pytest.mark.django_db
def test_a_refused_survey_leaves_no_link_behind(written: io.StringIO) -> None:
    assert Client().get("/a/6fZk0-a-secret-link/").status_code == 404
    assert written.getvalue() == "404 at a/<str:token>/\n"


def test_an_unknown_address_is_not_repeated(written: io.StringIO) -> None:
    assert Client().get("/ama.osei@example.org/").status_code == 404
    assert written.getvalue() == "404 at no page of ours\n"


@pytest.mark.django_db
def test_a_field_that_no_form_has_is_told_by_its_name(written: io.StringIO) -> None:
    Client().post("/appearance/", {"theme": "dark", "is_staff": "1", "arm": "coaching"})
    assert written.getvalue().startswith(
        "A field that no form has (arm) at appearance/\nA field that no form has (is_staff) at appearance/\n"
    )


def test_an_error_says_where_and_what_kind_and_not_what_was_typed(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "my own words"

    def broken(request: HttpRequest) -> None:
        try:
            int(typed)
        except ValueError as error:
            raise RuntimeError(typed) from error

    monkeypatch.setattr(views, "render", lambda request, *_rest: broken(request))
    assert Client(raise_request_exception=False).get("/help-now/").status_code == 500
    log = written.getvalue()
    assert log.startswith("500 at help-now/\n")
    assert ("RuntimeError\n" in log, "ValueError\n" in log, "in broken" in log) == (True, True, True)
    assert typed not in log


def test_a_cause_that_is_hidden_stays_hidden(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: HttpRequest) -> None:
        try:
            raise KeyError("typed")
        except KeyError:
            raise RuntimeError from None

    monkeypatch.setattr(views, "render", lambda request, *_rest: broken(request))
    assert Client(raise_request_exception=False).get("/help-now/").status_code == 500
    assert ("RuntimeError" in written.getvalue(), written.getvalue().count("KeyError\n")) == (True, 0)


def test_what_is_no_request_is_written_as_it_is(written: io.StringIO) -> None:
    logging.getLogger("confrere").warning("The worker waits for %s.", "a job")
    assert written.getvalue() == "The worker waits for a job.\n"


def test_a_page_that_keeps_nothing_leaves_no_line(written: io.StringIO) -> None:
    assert Client().post("/help-now/", {"text": "my own words"}).status_code == 200
    assert Client().post("/coaching-or-therapy/", {"text": "my own words"}).status_code == 405
    assert Client().post("/consultation/", {"text": "my own words"}).status_code == 404
    assert written.getvalue() == ""
