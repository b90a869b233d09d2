"""A programme with two verified cardiologists, one colleague whose credential has lapsed, and a stranger."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.lounge.wall import Over, watched

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.vault.audit import Actor

SYSTEM = Actor.system("test")
type Enter = Callable[[str], Standing]


@pytest.fixture(autouse=True)
def wall() -> Iterator[list[Over]]:
    """Whatever a test of the lounge does, nothing that is run reaches over the private wall."""
    with watched() as over:
        yield over
    assert not over, over[0]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def programme(db: None, now: datetime) -> str:
    site = people.create_site(slug="general", name="General Hospital", zone="America/New_York", now=now, actor=SYSTEM)
    for slug in ("peers", "others"):
        people.create_programme(slug=slug, name=slug.title(), site=site, zone="America/New_York", now=now, actor=SYSTEM)
    return "peers"


@pytest.fixture
def enter(programme: str, now: datetime) -> Enter:
    """Let a simulated colleague in by name: an account, the participant's role, and (not for "lapsed") a credential."""

    def come(name: str, *, programme: str = programme) -> Standing:
        joined = now - timedelta(days=400)
        person = people.create_account(email=f"{name}@physicians.example", name=name, zone="UTC", now=joined)
        people.grant_role(person=person, programme=_id(programme), role=Role.PARTICIPANT, now=joined, actor=SYSTEM)
        until = now - timedelta(days=1) if name == "lapsed" else now + timedelta(days=300)
        people.verify(person=person, specialty="cardiology", evidence="roster", until=until, now=joined, actor=SYSTEM)
        found = standing(person=person, programme=programme, now=now)
        assert found is not None
        return found

    return come


@pytest.fixture
def browse() -> Callable[[Standing], Client]:
    """A browser in which this person is signed in."""

    def signed_in(who: Standing) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=who.person))
        return client

    return signed_in


def _id(slug: str) -> int:
    from confrere.people.models import Programme

    return Programme.objects.get(slug=slug).pk


@pytest.fixture
def moderate(enter: Enter, now: datetime) -> Enter:
    """Let a simulated moderator in by name; a physician as everyone here."""

    def come(name: str) -> Standing:
        came = enter(name)
        people.grant_role(person=came.person, programme=came.programme, role=Role.MODERATOR, now=now, actor=SYSTEM)
        found = standing(person=came.person, programme="peers", now=now + timedelta(seconds=1))
        assert found is not None
        return found

    return come
