"""A talk without a record: nothing in any table changes, no line is logged, and the one form says what it is."""

import logging
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from confrere.people.models import Programme
from confrere.post import servers
from confrere.web import consulting

PAGES = ("/help-now/", "/coaching-or-therapy/", "/consultation/", "/check-sheet/")
CANARY = "canary-8c1f40"


@pytest.fixture(autouse=True)
def _nobody_wrote_before(standing_keys: Path) -> Iterator[None]:
    consulting._sent.clear()
    yield
    consulting._sent.clear()


@pytest.fixture
def offered(settings: Settings, tmp_path: Path) -> Path:
    """A site with a number, hours, a room and a mailbox; the folder in which its mail arrives."""
    settings.CONSULTATION = {
        "phone": "555-0142",
        "hours": "Tuesdays, noon to two",
        "room": "https://video.example.org/open",
        "mail": "coaches@example.org",
    }
    settings.MAILERS = servers.mailers((tmp_path / "mail").as_uri())
    return tmp_path / "mail"


def everything() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {name} t"
            )
            found[name] = cursor.fetchone()
    return found


@pytest.fixture
def signed_in(programme: Callable[[str], Programme], member: Callable[..., Client]) -> Client:
    return member(programme("a"))


@pytest.mark.parametrize("who", ["stranger", "participant"])
def test_no_row_of_any_table_changes_and_no_line_is_logged(
    who: str, signed_in: Client, offered: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in if who == "participant" else Client()
    session = client.session
    for name in ("people.used", "people.began"):
        session[name] = session.get(name, 0) - 120  # so that any ordinary page would note the use
    session.save()
    before = everything()
    with caplog.at_level(logging.DEBUG):
        answers = [client.get(page) for page in PAGES]
        answers += [client.post("/consultation/", {"address": "me@example.org", "text": CANARY})]
    assert [answer.status_code for answer in answers] == [200] * 4 + [302]
    assert everything() == before
    assert [record.getMessage() for record in caplog.records if record.name.startswith("confrere")] == []
    assert CANARY not in caplog.text


def test_an_ordinary_page_does_change_a_row(signed_in: Client) -> None:
    session = signed_in.session
    session["people.used"] -= 120
    session.save()
    before = everything()
    signed_in.get("/me/")
    assert {name for name, rows in everything().items() if rows != before[name]} == {"django_session"}


def test_no_page_of_these_asks_the_database_or_sets_a_session(
    offered: Path, django_assert_num_queries: DjangoAssertNumQueries, client: Client, db: None
) -> None:
    client.get("/help-now/")  # whether the site is simulated is asked once
    with django_assert_num_queries(0):
        for page in PAGES:
            assert "session" not in client.get(page).cookies


def test_number_hours_room_and_what_they_know(offered: Path, client: Client) -> None:
    page = client.get("/consultation/").text
    for words in ("555-0142", "Tuesdays, noon to two", "https://video.example.org/open", "Nobody: nothing is stored"):
        assert words in page
    assert "Your telephone company or the provider of the room knows that you called." in page


def test_the_form_stands_under_an_honest_chip_and_the_mail_goes_at_once(offered: Path, client: Client) -> None:
    page = client.get("/consultation/").text
    assert "Goes to coaches@example.org by e-mail; their mail system keeps it" in page
    assert "A mail is a record" in page
    answer = client.post("/consultation/", {"address": "me@example.org", "text": CANARY})
    assert CANARY not in answer.text
    assert "Their mail system has it now." in client.get(answer["Location"]).text
    [file] = offered.glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (letter["To"], letter["Reply-To"], letter["Subject"]) == (
        "coaches@example.org",
        "me@example.org",
        "A question",
    )
    assert CANARY in letter.get_content()


def test_without_a_mailbox_there_is_no_form(offered: Path, settings: Settings, client: Client) -> None:
    settings.CONSULTATION = {**settings.CONSULTATION, "mail": ""}
    assert "<textarea" not in client.get("/consultation/").text
    assert client.post("/consultation/", {"address": "me@example.org", "text": "Hello"}).status_code == 404


def test_a_site_without_any_of_it_says_so(settings: Settings, client: Client) -> None:
    settings.CONSULTATION = dict.fromkeys(settings.CONSULTATION, "")
    assert "This site offers no number for it." in client.get("/consultation/").text
    assert "Not sure? Ask a coach in the first conversation" in client.get("/coaching-or-therapy/").text


def test_what_was_not_taken_stays_on_the_screen_and_nowhere_else(
    offered: Path, settings: Settings, client: Client
) -> None:
    settings.MAILERS = servers.mailers("")
    answer = client.post("/consultation/", {"address": "me@example.org", "text": CANARY})
    assert answer.status_code == 503
    assert "Nothing of it was kept here; call instead." in answer.text
    assert CANARY in answer.text


def test_a_form_without_an_address_is_told_so(offered: Path, client: Client) -> None:
    answer = client.post("/consultation/", {"address": "nobody", "text": "Hello"})
    assert answer.status_code == 422
    assert list(offered.glob("*")) == []


def test_more_than_six_a_minute_wait_whoever_asks(
    offered: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([*range(7), 61.0])
    monkeypatch.setattr(consulting, "monotonic", lambda: next(times))
    sent = [client.post("/consultation/", {"address": "me@example.org", "text": "Hello"}) for _ in range(8)]
    assert [answer.status_code for answer in sent] == [302] * 6 + [503, 302]
    assert "Many questions were sent in the last minute." in sent[6].text


def test_when_it_is_clinical_is_said_with_where_to_go(settings: Settings, client: Client) -> None:
    settings.PHYSICIAN_HEALTH = [("State programme", "555-0110")]
    settings.EMPLOYEE_ASSISTANCE = [("Employee assistance", "555-0111")]
    settings.HELP_NUMBERS = [("Night line", "555-0112")]
    page = client.get("/coaching-or-therapy/").text
    for words in ("call 988 now", "555-0110", "555-0111", "555-0112", "It is clinical when"):
        assert words in page


@pytest.mark.parametrize("path", ["/", "/help-now/", "/accounts/login/", "/consultation/", "/nowhere/"])
def test_it_is_one_tap_from_every_page(path: str, client: Client, db: None) -> None:
    assert 'href="/coaching-or-therapy/"' in client.get(path).text


def test_and_from_a_signed_in_persons_pages(signed_in: Client) -> None:
    assert 'href="/coaching-or-therapy/"' in signed_in.get("/p/a/").text
