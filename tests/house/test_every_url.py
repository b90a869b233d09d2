"""Every address of the project, asked for by a stranger, by someone of another programme, and in each of the roles."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Literal

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from tests.house.samples import SAMPLES

from confrere.people import actions, sessions
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.people.rules import Gate
from confrere.vault.audit import Actor

SIGN_IN, ADD_PASSKEY = "/accounts/login/", "/accounts/passkeys/add/"
#: GET of what is only sent, or the other way round: said alike to everyone, before anything is looked up.
NOT_SERVED = 405
METHODS: tuple[Literal["get", "post"], ...] = ("get", "post")


@dataclass(frozen=True)
class Door:
    """One address pattern: its sample path, and who may enter."""

    name: str
    path: str
    gate: Gate | None


def doors(resolver: URLResolver, prefix: str = "") -> Iterator[Door]:
    """Every pattern below a resolver, with its samples filled in."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(SAMPLES[found[1]]), route)
            yield Door(name=route, path=f"/{path}", gate=getattr(pattern.callback, "gate", None))


DOORS = list({door.name: door for door in doors(get_resolver())}.values())
OF_ROLES = [door for door in DOORS if isinstance(door.gate, frozenset)]


@dataclass(frozen=True)
class Town:
    """A programme with a person for each role, a programme elsewhere, and somebody there who has every role."""

    people: dict[Role, int]
    outsider: int
    cookies: dict[tuple[int, bool], SimpleCookie]

    def client(self, person: int, *, by_code: bool = False) -> Client:
        """A browser of its own, in which somebody has signed in with a passkey, or by a mailed code alone."""
        client = Client()
        client.cookies = deepcopy(self.cookies[person, by_code])
        return client


def signed_in(person: int, *, by_code: bool) -> SimpleCookie:
    """What a browser keeps of a sign-in."""
    client = Client()
    client.force_login(User.objects.get(pk=person))
    session = client.session
    session[sessions.BY_CODE] = by_code
    session.save()
    return client.cookies


@pytest.fixture
def town(db: None) -> Town:
    now, actor = timezone.now(), Actor.system("test")
    site = actions.create_site(slug="here", name="Here", zone="UTC", now=now, actor=actor)
    walk, elsewhere = (
        actions.create_programme(site=site, slug=slug, name=slug, zone="UTC", now=now, actor=actor)
        for slug in ("walk", "elsewhere")
    )
    people = {
        role: actions.create_account(email=f"{role}@example.org", name=str(role.label), zone="UTC", now=now)
        for role in Role
    }
    outsider = actions.create_account(email="outsider@example.org", name="Outsider", zone="UTC", now=now)
    for role, person in people.items():
        actions.grant_role(person=person, programme=walk, role=role, now=now, actor=actor)
        actions.grant_role(person=outsider, programme=elsewhere, role=role, now=now, actor=actor)
    cookies = {
        (person, by_code): signed_in(person, by_code=by_code)
        for person in (outsider, *people.values())
        for by_code in (False, True)
    }
    return Town(people=people, outsider=outsider, cookies=cookies)


class Undone(Exception):
    """Takes back what was done at one address."""


@contextmanager
def apart(door: Door, subtests: pytest.Subtests) -> Iterator[None]:
    """One address by itself: it can fail alone, and what is done at it is undone before the next."""
    with subtests.test(door=door.name or "/"), suppress(Undone), transaction.atomic():
        yield
        raise Undone
    cache.clear()


def ask(client: Client, method: Literal["get", "post"], path: str) -> HttpResponse:
    """The answer, which is never an error of ours."""
    answer = getattr(client, method)(path)
    assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
    return answer  # type: ignore[no-any-return]  # the test client's


def words(answer: HttpResponse) -> str:
    """What an answer says, without what differs in any two."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", answer.text)


def test_every_page_has_a_gate() -> None:
    assert [door.name for door in DOORS if door.gate is None] == []


def test_every_role_has_somewhere_to_go() -> None:
    assert frozenset[Role]().union(*(door.gate for door in OF_ROLES if isinstance(door.gate, frozenset))) == {*Role}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.django_db
def test_strangers_are_led_to_the_sign_in_whatever_exists(
    method: Literal["get", "post"], subtests: pytest.Subtests
) -> None:
    for door in [door for door in DOORS if door.gate != "strangers"]:
        with apart(door, subtests):
            for path in (door.path, door.path.replace("/walk/", "/elsewhere/")):
                answer = ask(Client(), method, path)
                if answer.status_code != NOT_SERVED:
                    assert (answer.status_code, answer.headers["Location"]) == (302, f"{SIGN_IN}?next={path}")


def test_pages_outside_a_programme_stand_for_everyone_who_may_see_them(town: Town, subtests: pytest.Subtests) -> None:
    for door in [door for door in DOORS if door.gate in {"strangers", "newcomers", "signed-in"}]:
        with apart(door, subtests):
            for client in (Client(), town.client(town.outsider), *map(town.client, town.people.values())):
                for method in METHODS:
                    ask(client, method, door.path)


@pytest.mark.parametrize("method", METHODS)
def test_people_of_another_programme_learn_nothing(
    method: Literal["get", "post"], town: Town, subtests: pytest.Subtests
) -> None:
    for door in OF_ROLES:
        with apart(door, subtests):
            outsider, elsewhere = town.client(town.outsider), door.path.replace("/walk/", "/nowhere/")
            here, nowhere = ask(outsider, method, door.path), ask(outsider, method, elsewhere)
            assert here.status_code == nowhere.status_code
            assert here.status_code in {404, NOT_SERVED}
            assert words(here) == words(nowhere)


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_to_its_roles_and_to_no_others(role: Role, town: Town, subtests: pytest.Subtests) -> None:
    for door in OF_ROLES:
        with apart(door, subtests):
            assert isinstance(door.gate, frozenset)
            client = town.client(town.people[role])
            for method in METHODS:
                answer = ask(client, method, door.path)
                if role not in door.gate:
                    assert answer.status_code in {403, NOT_SERVED}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARTICIPANT])
def test_a_mailed_code_alone_opens_nothing_to_whoever_decides_about_others(
    role: Role, town: Town, subtests: pytest.Subtests
) -> None:
    for door in [door for door in DOORS if door.gate == "signed-in" or isinstance(door.gate, frozenset)]:
        with apart(door, subtests):
            person = town.people[role]
            answer = ask(town.client(person, by_code=True), "get", door.path)
            if answer.status_code == NOT_SERVED:
                answer = ask(town.client(person, by_code=True), "post", door.path)
            assert (answer.status_code, answer.headers.get("Location", "").partition("?")[0]) == (302, ADD_PASSKEY)


def test_the_addresses_named_here_are_the_real_ones() -> None:
    assert (reverse("account_login"), reverse("mfa_add_webauthn")) == (SIGN_IN, ADD_PASSKEY)
