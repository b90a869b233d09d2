"""People with roles, and a real Chromium, for the tests of the front door."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from confrere.people.models import Membership, Programme, Site, User
from confrere.people.roles import Role

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture
def programme(db: None) -> Callable[[str], Programme]:
    """Make a programme by its slug."""

    def make(slug: str) -> Programme:
        site, _ = Site.objects.get_or_create(slug="uni", name="University Hospital", zone="UTC")
        return Programme.objects.create(site=site, slug=slug, name=f"Programme {slug}", zone="UTC")

    return make


@pytest.fixture
def member(db: None) -> Callable[..., Client]:
    """Sign someone in who has these roles in these programmes."""

    def make(*programmes: Programme, roles: tuple[Role, ...] = (Role.PARTICIPANT,)) -> Client:
        person = User.objects.create(email="ama@example.org", name="Dr. Ama Osei")
        for here in programmes:
            for role in roles:
                Membership.objects.create(user=person, programme=here, site=here.site, role=role, since=SINCE)
        client = Client()
        client.force_login(person)
        return client

    return make


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without calls home."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()
