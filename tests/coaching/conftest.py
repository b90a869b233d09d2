"""A programme with people in it, made by the rooms' own verbs."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

# What needs Django's settings is imported when it is used: this file is read before they are there.

#: A Monday, 09:00 in New York, six days before the clocks jump there.
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
ZONE = "America/New_York"
TUESDAY = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # 17:30 in New York
MINUTES = (90, 60, 60, 60, 60, 60)


@dataclass(frozen=True)
class House:
    """Numbers of a programme and its people."""

    programme: int
    site: int

    def person(self, name: str, *roles: str) -> int:
        from confrere.people.models import Membership, User

        address = f"{name.lower().replace(' ', '.')}.{uuid4().hex[:8]}@example.org"
        user = User.objects.create(email=address, name=name, zone=ZONE)
        for role in roles:
            Membership.objects.create(
                user=user, programme_id=self.programme, site_id=self.site, role=role, since=NOW - timedelta(days=9)
            )
        return user.pk

    def coach(self, name: str = "Eva Lindqvist", *, capacity: int = 10) -> tuple[int, int]:
        """(person, number of the coach's page)"""
        from confrere.coaching import actions

        person = self.person(name, "coach")
        page = actions.write_page(
            programme=self.programme,
            site=self.site,
            person=person,
            biography="Internist, coach since 2019.",
            focus="Transitions",
            languages="English, Swedish",
            video_link="https://video.example.org/room",
            phone="",
            capacity=capacity,
            now=NOW,
        )
        return person, page

    def participant(self, name: str = "Ama Osei", *, granted: bool = True, read: bool = True) -> int:
        """read: has read the limits of confidentiality, the general text."""
        from confrere.coaching import actions

        person = self.person(name, "participant")
        if read:
            actions.acknowledge(programme=self.programme, site=self.site, person=person, limits=None, now=NOW)
        if granted:
            self.grant(person)
        return person

    def grant(self, person: int) -> int:
        from confrere.coaching import actions
        from confrere.vault.audit import Actor

        return actions.grant(
            programme=self.programme,
            site=self.site,
            person=person,
            minutes=MINUTES,
            since=NOW - timedelta(days=1),
            until=NOW + timedelta(days=90),
            actor=Actor.system("test"),
            now=NOW,
        )

    def offer(self, coach: int, *, on: datetime = TUESDAY, starts: time = time(17), ends: time = time(20)) -> list[int]:
        """Hours of one day by New York's clock."""
        from confrere.coaching import actions

        return actions.offer_hours(
            programme=self.programme, person=coach, on=on.date(), starts=starts, ends=ends, zone=ZONE, now=NOW
        )

    def book(self, person: int, page: int, start: datetime, *, now: datetime = NOW) -> int:
        from confrere.coaching import actions

        return actions.book(programme=self.programme, person=person, coach=page, start=start, key=uuid4(), now=now)


@pytest.fixture
def house(db: None) -> House:
    return build_house()


def build_house() -> House:
    from confrere.people.models import Programme, Site

    number = uuid4().hex[:8]
    site = Site.objects.create(slug=f"north-{number}", name="North Hospital", zone=ZONE)
    programme = Programme.objects.create(site=site, slug=f"peer-{number}", name="Peer coaching", zone=ZONE)
    return House(programme=programme.pk, site=site.pk)
