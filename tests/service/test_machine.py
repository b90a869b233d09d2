"""Any order of acts: seats hold, nobody waits beside a free seat, one place a person, no coaching without a place."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as pace
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.service.conftest import NOW, Running
from tests.study import make_study

from confrere.coaching.models import Entitlement
from confrere.science.allocation import verify_lottery
from confrere.service import queries
from confrere.service.models import Lottery, Place, Seat
from confrere.service.states import PlaceState
from confrere.surveys.models import Response
from confrere.vault import days, keys
from confrere.vault.refusals import Refusal

#: As many sequences as fit into a run of the checks; before a release 10,000 (CONFRERE_SEQUENCES=10000).
SEQUENCES = int(os.environ.get("CONFRERE_SEQUENCES", "6"))
#: What the sequences really did; CONFRERE_TELL=1 prints it after each one.
TRIED: Counter[str] = Counter()
PEOPLE = st.integers(0, 5)


class Undone(Exception):
    """Rolls a run's transaction back."""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


class Places(RuleBasedStateMachine):
    """Joining, taking, leaving, lots, cohorts and time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.keys_before = settings.KEYS
        settings.KEYS = Path(self.home.name) / "keys"
        keys.create_standing_keys(keys.store())
        self.scope = undone()
        self.scope.__enter__()
        made = make_study()
        self.running = Running(programme=made.programme, site=made.site)
        self.now: datetime = NOW

    def teardown(self) -> None:
        TRIED["sequences"] += 1
        if os.environ.get("CONFRERE_TELL"):
            print(dict(TRIED), flush=True)  # noqa: T201  # the figures of a long run
        self.scope.__exit__(None, None, None)
        settings.KEYS = self.keys_before
        self.home.cleanup()

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """An act may be refused; then nothing of it stays."""
        TRIED["acts"] += 1
        with suppress(Refusal), transaction.atomic():
            yield
            TRIED["acts that were let"] += 1

    @initialize(kind=st.sampled_from(["rolling", "first-come", "lottery"]))
    def opens(self, kind: str) -> None:
        if kind == "rolling":
            self.running.rolling()
        else:
            self.running.cohorts(order=kind)

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(person=PEOPLE)
    def join(self, person: int) -> None:
        with self.allowed():
            self.running.join(person, now=self.now)

    @rule(person=PEOPLE)
    def take(self, person: int) -> None:
        with self.allowed():
            self.running.take(person, now=self.now)

    @rule(person=PEOPLE)
    def leave(self, person: int) -> None:
        with self.allowed():
            self.running.leave(person, now=self.now)

    @rule()
    def catch_up(self) -> None:
        self.running.catch_up(now=self.now)

    @rule()
    def next_cohort(self) -> None:
        with self.allowed():
            self.running.intake(now=self.now, closes=7, starts=14)

    @rule()
    def draw(self) -> None:
        due = queries.lottery_due(self.running.service, today=days.of(self.now))
        if due is not None:
            with self.allowed():
                self.running.draw(now=self.now, number=due.number)

    @invariant()
    def seats_never_exceed_what_the_hours_carry(self) -> None:
        for intake in queries.intakes(self.running.service) if self.begun() else []:
            seated = Place.objects.filter(intake=intake, seat__isnull=False)
            assert seated.count() <= Seat.objects.filter(intake=intake).count()
            assert all(place.seat is not None and place.seat.intake_id == place.intake_id for place in seated)

    @invariant()
    def whoever_has_a_place_may_book_and_nobody_who_waits(self) -> None:
        granted = set(Entitlement.objects.filter(source="service").values_list("person", flat=True))
        for place in Place.objects.all():
            assert (place.person_id in granted) == (place.since is not None)
            if place.state in {PlaceState.TAKEN, PlaceState.DONE}:
                assert place.since is not None

    @invariant()
    def nobody_waits_beside_a_free_seat_once_the_day_was_noticed(self) -> None:
        if not self.begun():
            return
        with undone():
            self.running.catch_up(now=self.now)
            for intake in queries.intakes(self.running.service):
                gone = intake.closes_on is not None and intake.starts_on <= days.of(self.now)
                pending = self.running.service.order == "lottery" and intake.drawn_on is None
                if not gone and not pending and intake.places.filter(state=PlaceState.WAITING).exists():
                    taken = intake.places.filter(seat__isnull=False).count()
                    assert taken == intake.seats.count()

    @invariant()
    def the_line_has_no_two_at_one_place(self) -> None:
        waiting = list(Place.objects.filter(state=PlaceState.WAITING).order_by("number"))
        assert [queries.ahead_of(place) for place in waiting] == list(range(len(waiting)))

    @invariant()
    def questions_were_opened_for_places_that_were_taken_only(self) -> None:
        asked = Place.objects.filter(asked=True)
        assert Response.objects.count() == 2 * asked.count()
        assert not asked.filter(since__isnull=True).exists()

    @invariant()
    def every_lottery_verifies(self) -> None:
        assert all(verify_lottery(row.record).verified for row in Lottery.objects.all())

    def begun(self) -> bool:
        return queries.of_programme(self.running.programme) is not None


@pytest.mark.django_db
@pytest.mark.slow
def test_no_order_of_acts_breaks_a_service() -> None:
    run_state_machine_as_test(
        Places,
        settings=pace(
            max_examples=SEQUENCES,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
