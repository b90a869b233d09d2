"""The pairs: every address × every role × own, other, elsewhere; and what came of asking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from types import CodeType
from typing import Literal

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.permissions.bodies import body
from tests.house.permissions.town import RELATIONS, Relation, Town, Viewer
from tests.house.samples import SAMPLES

from confrere.people.roles import Role
from confrere.people.rules import Gate

type Method = Literal["get", "post"]
#: What came of it. "away": led to the sign-in, or to a proof of who one is.
type Came = Literal["in", "away", "refused", "none", "closed", "not served", "broken"]
NO: dict[int, Came] = {404: "none", 405: "not served", 403: "closed"}
METHODS: tuple[Method, ...] = ("get", "post")
IN_A_PROGRAMME = "p/<slug:programme>/"
AWAY = ("/accounts/login/", "/accounts/passkeys/")


@dataclass(frozen=True)
class Route:
    """One address pattern. names: what stands in it beside the programme; code: of the view, without its gates."""

    pattern: str
    gate: Gate
    names: tuple[str, ...]
    code: CodeType | None

    @property
    def inside(self) -> bool:
        """Whether it belongs to a programme."""
        return self.pattern.startswith(IN_A_PROGRAMME)

    def path(self, town: Town, programme: str) -> str:
        """With everything filled in, as the person whose things they are would see it."""
        known = {name: str(value) for name, value in SAMPLES.items()}
        known |= {name: values[0] for name, values in town.planted.samples.items()}
        known |= {"programme": programme} | town.of(self.pattern)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], self.pattern)


@dataclass(frozen=True)
class Pair:
    """A route, who asks, how, and in which programme's address."""

    route: Route
    viewer: Viewer
    method: Method
    programme: str

    def __str__(self) -> str:
        who = f"{self.viewer.role}, {self.viewer.relation}"
        return f"{self.method} {self.route.pattern} in {self.programme} as {who}"


@dataclass(frozen=True)
class Answer:
    """came; status: what the server said; text: what can be read; ended: whose planted row is gone, where somebody
    else than whom it belongs to asked."""

    came: Came
    status: int
    text: str
    ended: str


@cache
def routes() -> tuple[Route, ...]:
    """Every pattern that has a gate; what is open to strangers has no pair to forbid."""
    found = {route.pattern: route for route in _routes(get_resolver(), "")}
    return tuple(route for route in found.values() if route.gate != "strangers")


def _routes(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            names = tuple(name for name in re.findall(r"<(?:\w+:)?(\w+)>", route) if name != "programme")
            yield Route(route, getattr(pattern.callback, "gate", "strangers"), names, _code(pattern.callback))


def _code(view: object) -> CodeType | None:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return getattr(view, "__code__", None)


@cache
def served(route: Route) -> tuple[Method, ...]:
    """How it can be asked at all. What is told even to strangers, 405, is told before anybody is looked at."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(SAMPLES[found[1]]), route.pattern)
    return tuple(method for method in METHODS if getattr(Client(), method)(path).status_code != 405)


@cache
def pairs() -> tuple[Pair, ...]:
    """Each route as each role in each relation, at least once.

    Who is inside a programme and has the role asks in every way; who has not is told so before it matters how they
    ask. Somebody of another programme asks in this one, and, if the role opens the page there, in their own for the
    things of this one.
    """
    return tuple(
        Pair(route, Viewer(role, relation), method, programme)
        for relation in RELATIONS
        for role in Role
        for route in routes()
        for programme, ways in _ways(route, role, relation)
        for method in ways
    )


def _ways(route: Route, role: Role, relation: Relation) -> list[tuple[str, tuple[Method, ...]]]:
    every, once = served(route), served(route)[-1:]
    if not route.inside:
        return [("peer", every)]
    admitted = role in route.gate
    if relation != "elsewhere":
        return [("peer", every if admitted else once)]
    return [("peer", once), *([("elsewhere", every)] if admitted else [])]


def ask(town: Town, pair: Pair) -> Answer:
    """Ask, and undo whatever it did."""
    client = town.clients[pair.viewer]
    cookies = SimpleCookie()
    cookies.update(client.cookies)
    path = pair.route.path(town, pair.programme)
    with transaction.atomic():
        said = body(pair.route.pattern, town) if pair.method == "post" else None
        answer: HttpResponse = getattr(client, pair.method)(path, said)
        ended = town.ended() if pair.method == "post" and pair.viewer.relation != "own" else ""
        transaction.set_rollback(True)
    client.cookies = cookies
    text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
    return Answer(_came(answer), answer.status_code, text, ended)


def _came(answer: HttpResponse) -> Came:
    if answer.status_code in NO:
        return NO[answer.status_code]
    if answer.status_code >= 500 and answer.status_code != 503:
        return "broken"
    if answer.status_code >= 400:
        return "refused"
    if answer.headers.get("Location", "").startswith(AWAY):
        return "away"
    return "in"
