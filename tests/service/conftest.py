"""A programme with a small service, run by the rooms' own verbs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = "You get coaching. Nobody keeps notes of what is said."
SAID = "Read aloud at the meeting of the next morning."


@dataclass
class Running:
    """A service and short ways to let people act in it."""

    programme: int
    site: int
    slug: str = "peer"
    persons: dict[int, int] = field(default_factory=dict)

    @property
    def actor(self) -> Any:
        from confrere.vault.audit import Actor

        return Actor.system("test director")

    @property
    def service(self) -> Any:
        from confrere.service import queries

        return queries.required(self.programme)

    def prepare(self, *, now: datetime = NOW, **other: Any) -> None:
        from confrere.service import actions

        plan: dict[str, Any] = {
            "title": "Coaching for everyone",
            "minutes": [60, 60],
            "window_days": 30,
            "intake": "rolling",
            "order": "first-come",
            "offer_days": 5,
            "instruments": ["qol_vas"],
            "questionnaire": "",
        }
        told = {"programme": self.programme, "site": self.site, "actor": self.actor, "now": now}
        actions.prepare(**told, **(plan | other))
        actions.write_terms(programme=self.programme, text=TERMS, actor=self.actor, now=now)

    def rolling(self, *, hours: int = 4, now: datetime = NOW, **other: Any) -> None:
        """Prepared and open, with so many coach hours: two hours carry one person."""
        self.prepare(now=now, **other)
        self.intake(hours=hours, now=now)
        self.open(now=now)

    def cohorts(self, *, order: str = "lottery", hours: int = 4, now: datetime = NOW, **other: Any) -> None:
        """One cohort: asking for a week, coaching two weeks from now."""
        self.prepare(now=now, intake="cohorts", order=order, **other)
        self.intake(hours=hours, now=now, closes=7, starts=14)
        self.open(now=now)

    def intake(
        self, *, hours: int = 4, now: datetime = NOW, opens: int = 0, closes: int | None = None, starts: int = 0
    ) -> int:
        from confrere.service import actions

        return actions.add_intake(
            programme=self.programme,
            opens_on=(now + opens * DAY).date(),
            closes_on=None if closes is None else (now + closes * DAY).date(),
            starts_on=(now + starts * DAY).date(),
            coach_hours=hours,
            actor=self.actor,
            now=now,
        )

    def open(self, *, now: datetime = NOW) -> None:
        from confrere.service import actions

        actions.open_service(programme=self.programme, actor=self.actor, now=now)

    def person(self, number: int) -> int:
        from confrere.people import actions as people

        email = f"p{number}@example.org"
        person = people.create_account(email=email, name=f"P. {number}", zone="America/New_York", now=NOW)
        return self.persons.setdefault(number, person)

    def join(self, number: int, *, now: datetime = NOW) -> str:
        from confrere.service import actions, queries

        terms = queries.terms(self.service)
        assert terms is not None
        signed = {"version": terms.version, "sha256": terms.sha256, "name": f"P. {number}"}
        return actions.join(programme=self.programme, person=self.person(number), now=now, **signed)

    def take(self, number: int, *, now: datetime) -> None:
        from confrere.service import actions

        actions.take(programme=self.programme, person=self.person(number), now=now)

    def leave(self, number: int, *, now: datetime) -> None:
        from confrere.service import actions

        actions.leave(programme=self.programme, person=self.person(number), now=now)

    def catch_up(self, *, now: datetime) -> None:
        from confrere.service import actions

        actions.catch_up(programme=self.programme, now=now)

    def draw(self, *, now: datetime, number: int = 1, said: str = SAID) -> int:
        from confrere.service import actions

        return actions.draw_lottery(programme=self.programme, number=number, said=said, actor=self.actor, now=now)

    def state(self, number: int) -> str:
        from confrere.service import queries

        place = queries.place_of(service=self.service, person=self.person(number))
        return "" if place is None else place.state

    def answer(self, number: int, wave: str, *, value: float | None, now: datetime) -> None:
        """Answer and send a questionnaire."""
        from confrere.surveys import actions as surveys
        from confrere.surveys import queries as asked
        from confrere.vault import link

        study_id = link.study_id(person=self.person(number), programme=self.programme)
        windows = asked.windows(programme=self.programme, study_id=study_id or "")
        [response] = [window.response for window in windows if window.wave == wave]
        given = {"qol_vas": value} if value is not None else {}
        surveys.record_answers(programme=self.programme, response=response, answers=given, now=now)
        surveys.complete(programme=self.programme, response=response, now=now)

    def letters(self, number: int) -> list[str]:
        from confrere.post.models import Letter

        rows = Letter.objects.filter(to=f"p{number}@example.org").order_by("pk")
        return list(rows.values_list("subject", flat=True))


@pytest.fixture
def running(bare: Any) -> Running:
    """A programme without a service yet."""
    return Running(programme=bare.programme, site=bare.site)
