"""Other people's numbers in every address that has one: what exists and is not theirs is answered like what does not.

The addresses are those of the resolver: whoever adds one with a number adds what it leads to, in `plant_more` or the
planted town, or says here why somebody else may see whether it exists.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from tests.house.planted import Planted, plant
from tests.house.planted.town import DIRECTOR
from tests.house.samples import SAMPLES
from tests.house.test_every_url import METHODS, words

from confrere.coaching import actions as coaching
from confrere.coaching.models import Certificate, Complaint, Hours, PayLine
from confrere.coaching.words import agreement
from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.roles import Role

#: A number in an address; other names stand for lists and kinds, and secrets in addresses have tests of their own.
NUMBER = re.compile(r"<(?:int|uuid):(\w+)>")
HERE, ELSEWHERE = "peer", "elsewhere"
#: Who asks for what is not theirs, and in which programme they stand.
OTHERS = {
    "outsider": ELSEWHERE,
    "other participant": HERE,
    "other coach": HERE,
    "coordinator of another site": HERE,
}
#: To whom what the numbers of coaching lead to does belong: each address answers one of them.
RIGHTFUL = {"participant", "coach", "coordinator", "director"}
IN_A_THREAD = ("answer", "note", "post", "question")
ROLES = {
    "other participant": Role.PARTICIPANT,
    "other coach": Role.COACH,
    "coordinator of another site": Role.COORDINATOR,
}
EVERY_READER = "every participant can choose every coach, so that a coach's page is there is no secret"
THREADS = "every verified member reads every thread; what may be done in one depends on who wrote it"
SHARED = "the sites of a programme share its texts, and what it offers as thanks"
#: (who, the number's name) → why they may tell what exists from what does not.
OPEN = {
    ("other participant", "coach"): EVERY_READER,
    ("other participant", "gathering"): "every participant can join a group session, so that there is one is no secret",
    **{(who, name): THREADS for who in ("other participant", "other coach") for name in IN_A_THREAD},
    **{("coordinator of another site", name): SHARED for name in ("item", "number")},
}
#: What is sent with every form, so that it is looked at what it is about.
SENT = {"key": "00000000-0000-4000-8000-000000000001", "said": "happened", "which": "begin", "appeal": "Look again."}
#: Addresses that answer everybody alike.
ALIKE = {
    "p/<slug:programme>/coaching/coaches/<int:coach>/wait/no-longer/": "nobody of the town waits for a coach",
    "p/<slug:programme>/coaching/coaches/<int:coach>/picture.jpg": "the town has no pictures",
}


@dataclass(frozen=True)
class Numbered:
    """An address with numbers in it."""

    route: str
    gate: object
    names: tuple[str, ...]

    def path(self, programme: str, values: Mapping[str, str]) -> str:
        asked = {name: str(value) for name, value in SAMPLES.items()} | values | {"programme": programme}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: asked[found[1]], self.route)


def numbered(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Numbered]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from numbered(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            gate, names = getattr(pattern.callback, "gate", None), tuple(NUMBER.findall(route))
            if names and gate != "strangers":
                yield Numbered(route, gate, names)


def plant_more(town: Planted) -> None:
    """What numbers lead to and the town has none of; and those who ask."""
    now, coach, page = timezone.now(), town.people["coach"], int(town.samples["coach"][0])
    here: dict[str, Any] = {"programme": town.study.programme, "now": now}
    office = {**here, "person": town.people["coordinator"]}
    placed, today = {**office, "site": town.study.site}, now.date()
    coaching.set_rate(**placed, since=today, hourly=Decimal(200), stipend=Decimal(2500), currency="USD", cost_centre="")
    coaching.invite_coach(**placed, coach=coach)
    digest = coaching.put_up_agreement(**placed, text=agreement())
    coaching.sign_agreement(**here, person=coach, digest=digest)
    until = today + timedelta(days=99)
    coaching.certify(**placed, coach=coach, certificate=Certificate.PCC, certified_on=today, expires_on=until)
    complaint = coaching.complain(**placed, coach=coach, kind=Complaint.Kind.OTHER)
    day = today + timedelta(days=20)
    away = coaching.go_away(**here, person=coach, first=day, last=day, zone="UTC")
    _newcomers(town, now)
    # Both of these want sessions: otherwise every coach's page refuses them alike.
    for who in ("other participant", "newcomer"):
        grant: dict[str, Any] = {"person": town.people[who], "minutes": [60], "source": "coordinator"}
        grant |= {"since": now, "until": now + timedelta(days=90), "actor": DIRECTOR}
        coaching.grant(**here, site=town.study.site, **grant)
    newcomer = {**here, "site": town.study.site, "person": town.people["newcomer"]}
    talk = coaching.converse(**newcomer, coach=page, start=free_hour(town) - timedelta(hours=1), key=uuid4())
    circle = coaching.form_circle(**placed, supervisor=coach, members=[town.people["other coach"]])
    several: dict[str, Any] = {"start": now + timedelta(days=15), "minutes": 60, "places": 3, "key": uuid4()}
    group = coaching.offer_group(**here, site=town.study.site, person=coach, **several)
    coaching.join_group(**here, person=town.people["participant"], gathering=group)
    town.samples |= {
        "away": [str(away)],
        "circle": [str(circle)],
        "gathering": [str(group)],
        "coach": [str(page), str(coach)],  # one address takes the person's number
        "complaint": [str(complaint)],
        "conversation": [str(talk)],
        "line": [str(PayLine.objects.get().pk)],
        "person": [str(coach), str(town.people["newcomer"]), str(town.people["participant"])],
        "source": ["coordinator"],
    }


def _newcomers(town: Planted, now: datetime) -> None:
    """A participant who only talked to the coach, another coach, and a coordinator of another site."""
    role: dict[str, Any] = {"programme": town.study.programme, "actor": DIRECTOR, "now": now}
    for who, what in (("newcomer", Role.PARTICIPANT), ("other coach", Role.COACH)):
        person = people.create_account(email=f"{what}.new@example.org", name=who.capitalize(), zone="UTC", now=now)
        people.grant_role(person=person, role=what, **role)
        town.people[who] = person
    director = town.standing("director", now)
    there = people.add_site(standing=director, name="Second hospital", zone="UTC", now=now)
    town.people["coordinator of another site"] = people.appoint(
        standing=director, email="second@example.org", name="Second", role=Role.COORDINATOR, site=there, now=now
    )
    for who in ("outsider", "other participant", "other coach"):
        until = now + timedelta(days=9)
        people.verify(
            person=town.people[who], specialty="cardiology", evidence="-", until=until, now=now, actor=DIRECTOR
        )


@pytest.fixture
def town(db: None, standing_keys: None) -> Iterator[Planted]:
    made = plant()
    plant_more(made)
    yield made
    cache.clear()


def free_hour(town: Planted) -> datetime:
    """An hour of the town's coach that nobody has booked."""
    during = Hours.objects.get(pk=town.samples["hours"][0]).during
    assert during is not None
    start: datetime = during.lower
    return start + timedelta(hours=3)


def asked(town: Planted, address: Numbered, programme: str) -> Iterator[tuple[str, str, str]]:
    """(the number's name, the path with everything that exists, the path in which this one number does not)."""
    known = {name: values for name, values in town.samples.items() if f":{name}>" in address.route}
    for name in address.names:
        for value in known.get(name, []):
            values = {each: found[0] for each, found in known.items()} | {name: value}
            missing = values | {name: str(SAMPLES[name])}
            yield name, address.path(programme, values), address.path(programme, missing)


def answer(client: Client, method: Literal["get", "post"], path: str, *, start: str) -> tuple[int, str, str]:
    """Status, where it leads, and what it says, without the path itself; whatever it did is undone."""
    with transaction.atomic():
        given: Any = client.post(path, SENT | {"start": start}) if method == "post" else client.get(path)
        transaction.set_rollback(True)
    said = words(given) if given["Content-Type"].startswith("text/html") else repr(given.content)
    leads = given.headers.get("Location", "")
    for shape in (path, quote(path), quote(path, safe="")):
        said, leads = said.replace(shape, "-"), leads.replace(shape, "-")
    return given.status_code, leads, said


def told(town: Planted, who: str, programme: str, addresses: list[Numbered]) -> dict[str, set[str]]:
    """The number's name → addresses at which this person can tell what exists from what does not."""
    client, found = Client(), dict[str, set[str]]()
    client.force_login(User.objects.get(pk=town.people[who]))
    roles = set(Role) if programme == ELSEWHERE else {Role(who) if who in RIGHTFUL else ROLES[who]}
    start = free_hour(town).isoformat()
    for address in addresses:
        if isinstance(address.gate, frozenset) and not roles & address.gate:
            continue
        for name, there, nowhere in asked(town, address, programme):
            for method in METHODS:
                if answer(client, method, there, start=start) != answer(client, method, nowhere, start=start):
                    found.setdefault(name, set()).add(address.route)
    return found


def test_nobody_can_tell_what_exists_and_is_another_s(town: Planted) -> None:
    # Takes some seconds: each address with a number twice, as four people.
    addresses = list(numbered())
    found = {
        (who, name): routes
        for who, programme in OTHERS.items()
        for name, routes in told(town, who, programme, addresses).items()
    }
    assert {key: routes for key, routes in found.items() if key not in OPEN} == {}
    assert set(OPEN) == set(found)


def test_whose_it_is_can_tell_so_the_walk_sees_a_difference(town: Planted) -> None:
    addresses = [each for each in numbered() if "/coaching/" in each.route]
    assert len(addresses) > 20
    seen = [told(town, who, HERE, addresses) for who in sorted(RIGHTFUL)]
    reached = {route for each in seen for routes in each.values() for route in routes}
    assert {each.route for each in addresses} - reached == set(ALIKE)
