"""The printable sheet: made on request, kept nowhere, signed only when asked, and checked by anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.web.test_consulting import everything

from confrere.people.models import Programme, User
from confrere.vault import sheet
from confrere.vault.classification import SIGN_IN
from confrere.vault.queries import about

SHEET = "/me/what-exists/sheet/"


@pytest.fixture
def client(standing_keys: Path, programme: Callable[[str], Programme], member: Callable[..., Client]) -> Client:
    return member(programme("a"))


def test_the_page_is_the_disclosure_and_is_not_signed(client: Client) -> None:
    page = client.get(SHEET)
    person = User.objects.get().pk
    first = sheet.text(about(person=person), hide={SIGN_IN}).partition("\n\n")[0]
    assert first in page.text
    assert "-- signed --\nkey" not in page.text
    assert page["Cache-Control"] == "no-store"


def test_nothing_is_kept_of_it(client: Client) -> None:
    client.get(SHEET)
    before = everything()
    client.get(SHEET)
    client.post(SHEET)
    assert everything() == before


def test_signed_it_is_a_file_that_anybody_can_check(client: Client) -> None:
    answer = client.post(SHEET)
    assert answer["Content-Disposition"] == 'attachment; filename="what-exists-about-me.txt"'
    signed = answer.content.decode()
    stranger = Client()
    assert "Made here, and not changed since" in stranger.post("/check-sheet/", {"text": signed}).text
    changed = signed.replace("Ama Osei", "Ama Osey")
    assert changed != signed
    assert "Not what this server signed" in stranger.post("/check-sheet/", {"text": changed}).text
    assert stranger.post("/check-sheet/", {"text": ""}).status_code == 422


def test_only_somebody_who_has_just_proved_sees_it(client: Client) -> None:
    session = client.session
    session["people.proved"] -= 16 * 60
    session.save()
    assert client.get(SHEET).status_code == 302
