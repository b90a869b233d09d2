"""Somebody who writes a protocol, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, Study

from confrere.people import actions as people
from confrere.people.models import User


@pytest.fixture
def member(bare: Study) -> Callable[[str], Client]:
    """A signed-in person with a role."""

    def member(role: str, name: str = "") -> Client:
        now = timezone.now()
        email = f"{name or role}@example.org".lower()
        person = people.create_account(email=email, name=name or role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=bare.programme, role=role, now=now, actor=DIRECTOR)
        client = Client()
        client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return member


@pytest.fixture
def director(member: Callable[[str], Client]) -> Client:
    return member("director")
