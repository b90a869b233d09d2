"""A coordinator who is signed in, and the pages of the editor by their names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.surveys.conftest import DIRECTOR, NOW, Place

from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.surveys import actions, library
from confrere.surveys.definition import Block
from confrere.surveys.library import Writing


@dataclass(frozen=True)
class Desk:
    """The browser of a coordinator at the pages of the editor."""

    client: Client
    place: Place

    def url(self, page: str, *arguments: object) -> str:
        return reverse(f"surveys:{page}", args=[self.place.slug, *arguments])

    def get(self, page: str, *arguments: object, query: str = "") -> HttpResponse:
        return self.client.get(self.url(page, *arguments) + query)  # type: ignore[return-value]  # the test client's

    def post(self, page: str, *arguments: object, data: dict[str, Any] | None = None) -> HttpResponse:
        return self.client.post(self.url(page, *arguments), data or {})  # type: ignore[return-value]

    def draft(self, slug: str = "before-coaching") -> Writing:
        return library.writing(programme=self.place.programme, slug=slug)

    def save(self, page: str, *arguments: object, slug: str = "before-coaching", **data: Any) -> HttpResponse:
        """Save a form of this draft, as it stands now."""
        return self.post(page, slug, *arguments, data={"seen": self.draft(slug).edits, **data})

    def begin(self, *blocks: Block, title: str = "Before coaching") -> str:
        return actions.begin(
            programme=self.place.programme, site=self.place.site, title=title, blocks=blocks, actor=DIRECTOR, now=NOW
        )


@pytest.fixture
def desk(place: Place) -> Desk:
    person = people.create_account(email="c.reyes@example.org", name="C. Reyes", zone="UTC", now=NOW)
    people.grant_role(person=person, programme=place.programme, role=Role.COORDINATOR, now=NOW, actor=DIRECTOR)
    client = Client()
    client.force_login(User.objects.get(pk=person))
    session = client.session
    session[sessions.BY_CODE] = False
    session.save()
    return Desk(client=client, place=place)


type Began = Callable[..., str]
