"""The simulated hospital: staff, coaches with their hours, and a locked protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from confrere.coaching import actions as coaching
from confrere.people import actions as people
from confrere.people.roles import Role
from confrere.vault.audit import Actor
from confrere.web.demo.cast import FOCUS, Person
from confrere.web.demo.cast import people as simulated_people

SYSTEM = Actor.system("demo")
ZONE = "America/New_York"
STAFF = (
    Role.OPERATOR,
    Role.DIRECTOR,
    Role.COORDINATOR,
    Role.STATISTICIAN,
    Role.LEADER,
    Role.MODERATOR,
)
COACHES = 20
#: Weekly hours of a coach: (weekday, begins, ends) by the coach's own clock; each coach has three of them.
WEEK = ((0, 7, 9), (1, 17, 20), (2, 12, 14), (3, 17, 20), (4, 7, 9), (5, 9, 12))


@dataclass(frozen=True, slots=True)
class Coach:
    person: int
    page: int
    email: str


@dataclass(frozen=True, slots=True)
class Hospital:
    """Where the story plays: numbers of rows, and whom one can sign in as."""

    site: int
    programme: int
    staff: Mapping[Role, int]
    addresses: Mapping[Role, str]
    coaches: tuple[Coach, ...]


def found(*, opened: datetime, weeks: int, seed: int) -> Hospital:
    """Found the hospital at `opened`, with `weeks` weeks of hours offered by each coach."""
    site = people.create_site(slug="simulated", name="Simulated General Hospital", zone=ZONE, now=opened, actor=SYSTEM)
    programme = people.create_programme(
        site=site, slug="peers", name="Peer coaching (simulated)", zone=ZONE, now=opened, actor=SYSTEM
    )
    crowd = simulated_people(len(STAFF) + COACHES, seed=seed)
    staff, addresses = {}, {}
    for role, someone in zip(STAFF, crowd, strict=False):
        email = f"{role.value}@hospital.example"
        staff[role] = _join(Person(someone.name, email), programme=programme, role=role, now=opened)
        addresses[role] = email
    rng = np.random.default_rng(seed)
    coaches = tuple(
        _coach(someone, site=site, programme=programme, number=number, weeks=weeks, now=opened, rng=rng)
        for number, someone in enumerate(crowd[len(STAFF) :])
    )
    addresses[Role.COACH] = coaches[0].email
    for one, specialty in (
        (staff[Role.MODERATOR], "psychiatry"),
        *((coach.person, "family-medicine") for coach in coaches),
    ):
        _verify(one, specialty=specialty, now=opened, weeks=weeks)
    return Hospital(site=site, programme=programme, staff=staff, addresses=addresses, coaches=coaches)


def _join(someone: Person, *, programme: int, role: Role, now: datetime) -> int:
    person = people.create_account(email=someone.email, name=someone.name, zone=ZONE, now=now, actor=SYSTEM)
    people.grant_role(person=person, programme=programme, role=role, now=now, actor=SYSTEM)
    return person


def _verify(person: int, *, specialty: str, now: datetime, weeks: int) -> None:
    """Coaches and the moderator are physicians too, and have the lounge open to them."""
    until = now + timedelta(weeks=weeks)
    people.verify(person=person, specialty=specialty, evidence="simulated roster", until=until, now=now, actor=SYSTEM)


def _coach(
    someone: Person, *, site: int, programme: int, number: int, weeks: int, now: datetime, rng: np.random.Generator
) -> Coach:
    email = "coach@hospital.example" if number == 0 else someone.email
    person = _join(Person(someone.name, email), programme=programme, role=Role.COACH, now=now)
    focus, meaning = FOCUS[number % len(FOCUS)]
    page = coaching.write_page(
        programme=programme,
        site=site,
        person=person,
        biography=f"Simulated physician and certified coach. I like to work on {meaning}.",
        focus=focus,
        languages="English",
        video_link=f"https://video.hospital.example/room-{number + 1}",
        phone="",
        capacity=12,
        now=now,
    )
    today = now.astimezone(ZoneInfo(ZONE)).date()
    for k in sorted(rng.choice(len(WEEK), size=3, replace=False)):
        weekday, begins, ends = WEEK[k]
        first = today + timedelta(days=1 + (weekday - today.weekday() - 1) % 7)
        coaching.offer_hours(
            programme=programme,
            person=person,
            on=first,
            starts=time(begins),
            ends=time(ends),
            zone=ZONE,
            weeks=weeks,
            now=now,
        )
    return Coach(person=person, page=page, email=email)
