"""Attempts on surveys: a disk that is full, links tried by the hundred thousand, times that somebody else chose."""

import secrets
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from tests.surveys.conftest import GENDER, WORDS
from tests.written import Owner, tables_with

from confrere.surveys import links
from confrere.surveys.models import Answer, Response
from confrere.vault import days

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room AFTER INSERT ON surveys_answer FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@pytest.fixture
def full_disk(link_to: Callable[..., str], owner: Owner) -> str:
    """The address of a survey of which the database has no room for an answer."""
    url = link_to(GENDER)
    with owner(), connection.cursor() as cursor:
        cursor.execute(FULL)
    return url


def test_on_a_full_disk_nothing_is_half_saved_and_all_works_when_there_is_room(full_disk: str, owner: Owner) -> None:
    client = Client()
    refused = client.post(full_disk, {"value": "man"})
    assert (refused.status_code, "There is no room left here" in refused.text) == (507, True)
    assert "what you saved before is safe" in refused.text
    assert not Answer.objects.exists()
    with owner(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER no_room ON surveys_answer")
    assert client.post(full_disk, {"value": "man"}).status_code == 302
    assert Answer.objects.get().value == "man"


def test_a_database_that_may_only_be_read_says_to_wait(link_to: Callable[..., str]) -> None:
    url = link_to(GENDER)
    with transaction.atomic():  # its end makes the rest of the test writable again
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        refused = Client().post(url, {"value": "man"})
        transaction.set_rollback(True)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert not Answer.objects.exists()


def test_100000_guessed_links_open_nothing(link_to: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a thief could try who got past the limit of sixty: 128 bits, of which the database holds digests."""
    given = link_to(GENDER).split("/")[2]
    assert len(given) == 22
    key = links.key()
    monkeypatch.setattr(links, "key", lambda: key)  # the same key, read from its file once
    kept = set(Response.objects.values_list("token_sha256", flat=True))
    assert links.sha256(given) in kept
    guesses = {secrets.token_urlsafe(16) for _guess in range(100_000)}
    assert not {links.sha256(guess) for guess in guesses} & kept


def test_a_time_that_somebody_sends_along_is_not_the_answers(link_to: Callable[..., str]) -> None:
    url, sent = link_to(GENDER), timezone.now()
    more = {"saved_at": "2020-01-01T00:00:00Z", "saved_on": "2020-01-01", "by_telephone": "1", "response": "7"}
    assert Client().post(url, {"value": "man", "key": str(uuid4()), "seen": ""} | more).status_code == 302
    row = Answer.objects.get()
    assert days.floor(sent) <= row.saved_at <= timezone.now()
    assert (row.by_telephone, row.response_id) == (False, Response.objects.get().pk)


def test_what_was_answered_stands_in_one_table_and_in_nothing_that_leaves(
    link_to: Callable[..., str], owner: Owner, chain_now: Callable[[], None]
) -> None:
    url, canary = link_to(WORDS), f"canary{secrets.token_hex(8)}"
    assert Client().post(url, {"value": canary}).status_code == 302
    assert Client().post(url + "send/").status_code == 302
    chain_now()
    assert tables_with(canary, owner) == {"surveys_answer"}
