"""A signed-in person's browser, and what a test reads in it."""

import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.coaching.conftest import House

from confrere.people.models import Programme, User

WEEK = timedelta(days=7)
NOTHING_HERE = "There is nothing here, or it is not yours to open."


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


class Browser:
    """A person who is signed in, in one programme's coaching."""

    def __init__(self, house: House, person: int) -> None:
        self.client = Client()
        self.person = person
        self.sign_in()
        self.root = f"/p/{Programme.objects.get(pk=house.programme).slug}/coaching/"

    def sign_in(self) -> None:
        """At first, and again when the clock has run past the session's end."""
        self.client.force_login(User.objects.get(pk=self.person))

    def get(self, path: str = "") -> HttpResponse:
        return self.client.get(self.root + path)

    def post(self, path: str, **typed: object) -> HttpResponse:
        return self.client.post(self.root + path, typed)


def text(response: HttpResponse) -> str:
    """The words of the page's main part, without tags and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).replace("&#x27;", "'").split())


def key_of(response: HttpResponse) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]
