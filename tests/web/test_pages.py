"""Pages that are open to everyone: help, appearance, parts, and what went wrong."""

import pytest
from django.test import Client, RequestFactory
from tests.web.markup import read

from confrere.web import errors

OPEN = ["/", "/help-now/", "/appearance/", "/ui/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN)
def test_an_open_page_is_whole_and_keeps_the_policy(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert read(answer.text).offences == []
    assert answer.text.count("<h1") <= 2
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*OPEN, "/nowhere/"])
def test_help_is_one_tap_away(path: str) -> None:
    assert 'href="/help-now/"' in Client().get(path).text


def test_help_asks_no_database_and_sets_no_cookie(settings: object) -> None:
    settings.HELP_NUMBERS = [("Physician Health Program", "555 0100")]
    answer = Client().get("/help-now/")
    assert answer.status_code == 200
    assert 'href="tel:988"' in answer.text
    assert "Physician Health Program: 555 0100" in answer.text
    assert answer.cookies == {}


@pytest.mark.django_db
def test_every_page_of_a_simulated_database_says_so() -> None:
    assert "Simulated:" in Client().get("/").text


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "said"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_a_chosen_theme_is_remembered_by_the_browser_only(chosen: str, said: str) -> None:
    client = Client()
    answer = client.post("/appearance/", {"theme": chosen, "language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/appearance/")
    assert said in client.get("/appearance/").text
    assert f'value="{chosen}" ' in client.get("/appearance/").text


@pytest.mark.django_db
def test_the_device_decides_again() -> None:
    client = Client()
    client.cookies["theme"] = "dark"
    client.post("/appearance/", {"theme": "device", "language": "en"})
    assert "data-theme" not in client.get("/").text


@pytest.mark.django_db
def test_an_unknown_theme_is_refused_beside_the_field_and_in_the_summary() -> None:
    answer = Client().post("/appearance/", {"theme": "purple", "language": "en"})
    assert answer.status_code == 422
    assert 'class="errors"' in answer.text
    assert 'id="id_theme_error"' in answer.text


@pytest.mark.django_db
def test_a_forged_cookie_changes_nothing() -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/").text


def test_what_does_not_exist_is_said_plainly() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "The page was open for too long" in answer.text


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: errors.bad_request(request, Exception()), 400),
        (lambda request: errors.forbidden(request, Exception()), 403),
        (lambda request: errors.not_found(request, Exception()), 404),
        (errors.failed, 500),
        (lambda _request: errors.busy(), 503),
    ],
)
def test_an_error_page_needs_no_database(answer: object, status: int) -> None:
    page = answer(RequestFactory().get("/"))
    assert page.status_code == status
    assert read(page.text).offences == []
    assert "<h1>" in page.text
