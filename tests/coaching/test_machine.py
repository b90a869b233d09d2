"""Hours, holds, bookings, series, moves, cancellations and confirmations by several people, against plain dicts.

After each step nobody is in two places, both people of each live booking have its time, and nobody else has any but
who holds one while choosing. `CONFRERE_SEQUENCES` and `CONFRERE_OPERATIONS` make it longer than the usual run.
"""

import inspect
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.coaching.conftest import MINUTES, NOW, House, build_house

from confrere.coaching import actions
from confrere.coaching.models import Booking, HeldSession, Hours, Occupied, Said
from confrere.vault.refusals import Refusal

SEQUENCES = int(os.environ.get("CONFRERE_SEQUENCES", "5"))
STEPS = 40
#: What people try in the run without hypothesis, which is faster and so can be longer: before a release 100,000.
OPERATIONS = int(os.environ.get("CONFRERE_OPERATIONS", "360"))
SEED = int(os.environ.get("CONFRERE_SEED", "0"))
#: Tries in one life of the programme, which is then undone.
LIFE = 60
HALF_HOUR, HOUR, WEEK = timedelta(minutes=30), timedelta(hours=1), timedelta(days=7)
#: When the clocks of the participants, who live in New York, jump an hour ahead.
JUMP = datetime(2026, 3, 8, 7, tzinfo=UTC)
UNTIL = NOW + timedelta(days=90)

#: (verb, whether it was done) → how often: what the sequences really tried.
TRIED: Counter[tuple[str, bool]] = Counter()

coaches = st.integers(2, 3)  # 0, 1 are participants; 2, 3 coaches, of whom 2 is coached as well
days = st.integers(0, 2)
half_hours = st.integers(0, 9)  # after 15:00 UTC


def moment(day: int, half_hour: int) -> datetime:
    return datetime(2026, 3, 3 + day, 15, tzinfo=UTC) + half_hour * HALF_HOUR


@dataclass
class Meeting:
    """A booking as the model sees it."""

    person: int
    coach: int
    k: int
    start: datetime
    state: str = "booked"
    said: dict[int, Said] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=MINUTES[self.k - 1])

    @property
    def live(self) -> bool:
        return self.state in {"booked", "held"}


def overlap(start: datetime, end: datetime, other: Meeting) -> bool:
    return start < other.end and other.start < end


class Coaching(RuleBasedStateMachine):
    """Each sequence runs in a transaction of its own and is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.house: House = build_house()
        second, page = self.house.coach()
        third, other_page = self.house.coach("Noor Haddad")
        self.humans = [self.house.participant(), self.house.participant("Ben Adler"), second, third]
        self.house.grant(second)
        self.pages = {2: page, 3: other_page}
        self.hours: dict[int, set[tuple[datetime, datetime]]] = {2: set(), 3: set()}
        self.meetings: dict[int, Meeting] = {}
        self.holds: dict[int, tuple[Meeting, datetime]] = {}  # who chooses → what, and until when it waits
        for coach in (2, 3):
            for day in (0, 1, 2, 7, 14):
                self.offer_now(coach, moment(day, 2), moment(day, 9))

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What the model knows

    def of(self, human: int) -> list[Meeting]:
        return [each for each in self.meetings.values() if each.live and human in {each.person, each.coach}]

    def fits(self, meeting: Meeting, start: datetime, *, moving: Meeting | None = None) -> bool:
        """Whether the coach offers the time and neither of the two has something else then."""
        end = start + timedelta(minutes=MINUTES[meeting.k - 1])
        stretches = joined(self.hours[meeting.coach])
        offered = any(a <= start and end <= b for a, b in stretches)
        two = {meeting.person, meeting.coach}
        busy = [each for human in two for each in self.of(human) if each is not moving]
        busy += [each for each in self.held_by_others(meeting.person) if two & {each.person, each.coach}]
        return offered and not any(overlap(start, end, each) for each in busy)

    def held_by_others(self, person: int) -> list[Meeting]:
        """What others are choosing now."""
        return [each for holder, (each, until) in self.holds.items() if holder != person and until > self.now]

    def in_order(self, meeting: Meeting, start: datetime, *, moving: Meeting | None = None) -> bool:
        """Whether the long first session stays before the short ones, with notice, inside the window."""
        end = start + timedelta(minutes=MINUTES[meeting.k - 1])
        others = [
            each
            for each in self.meetings.values()
            if each.state == "booked" and each.person == meeting.person and each is not moving
        ]
        for each in others:
            if (each.k == 1) != (meeting.k == 1):
                first, second = ((start, end), (each.start, each.end))
                if each.k < meeting.k:
                    first, second = second, first
                if first[1] > second[0]:
                    return False
        return start >= self.now + 2 * HOUR and end <= UNTIL

    def next_k(self, person: int) -> int | None:
        taken = {each.k for each in self.meetings.values() if each.live and each.person == person}
        return next((k for k in range(1, 7) if k not in taken), None)

    def starts(self, coach: int) -> list[datetime]:
        """Half hours at which the coach has something on offer, and some at which perhaps not."""
        offered = [
            a + each * HALF_HOUR for a, b in sorted(self.hours[coach]) for each in range((b - a) // HALF_HOUR - 1)
        ]
        return [*offered, *(moment(day, 3) for day in range(3))]

    def one_of_them(self, data: Any, meeting: Meeting) -> int:
        """Mostly the participant of a meeting, else anybody."""
        return pick(data, [meeting.person, meeting.person, meeting.person, 0, 1, 2, 3])

    def any_of_them(self, data: Any) -> int | None:
        """The number of some booking: mostly one that is still booked."""
        booked = [number for number, each in self.meetings.items() if each.state == "booked"]
        choice = booked if booked and pick(data, range(10)) else sorted(self.meetings)
        return pick(data, choice) if choice else None

    # What people do

    @rule(coach=coaches, day=days, first=half_hours, length=st.integers(2, 6))
    def offer(self, coach: int, day: int, first: int, length: int) -> None:
        start, end = moment(day, first), moment(day, first + length)
        expected = start >= self.now and not any(a < end and start < b for a, b in self.hours[coach])
        assert self.tries(lambda: self.offer_now(coach, start, end)) == expected

    def offer_now(self, coach: int, start: datetime, end: datetime) -> None:
        actions.offer_hours(
            programme=self.house.programme,
            person=self.humans[coach],
            on=start.date(),
            starts=start.time(),
            ends=end.time(),
            zone="UTC",
            now=self.now,
        )
        self.hours[coach].add((start, end))

    @rule(coach=coaches, day=st.just(0))
    def withdraw(self, coach: int, day: int) -> None:
        rows = Hours.objects.filter(coach=self.pages[coach], during__startswith__date=moment(day, 0).date())
        for row in list(rows):
            actions.withdraw_hours(
                programme=self.house.programme, person=self.humans[coach], hours=row.pk, now=self.now
            )
            self.hours[coach].discard((row.during.lower, row.during.upper))

    @rule(data=st.data(), person=st.integers(0, 2), coach=coaches)
    def book(self, data: Any, person: int, coach: int) -> None:
        start, k, key = pick(data, self.starts(coach)), self.next_k(person), uuid4()
        wanted = k and Meeting(person, coach, k, start)
        expected = bool(wanted and person != coach and self.in_order(wanted, start) and self.fits(wanted, start))
        number = self.tries(lambda: self.send(person, coach, start, key))
        assert bool(number) == expected
        if wanted and number:
            self.meetings[int(number)] = wanted
            self.holds.pop(person, None)
            assert self.send(person, coach, start, key) == number  # the same form again
            with pytest.raises(Refusal, match="This form was already used for another time"):
                self.send(person, coach, start + HALF_HOUR, key)

    @rule(data=st.data(), person=st.integers(0, 2), coach=coaches)
    def hold(self, data: Any, person: int, coach: int) -> None:
        start, k = pick(data, self.starts(coach)), self.next_k(person)
        wanted = k and Meeting(person, coach, k, start)
        expected = bool(wanted and person != coach and self.in_order(wanted, start) and self.fits(wanted, start))
        until = self.tries(
            lambda: actions.hold(
                programme=self.house.programme,
                person=self.humans[person],
                coach=self.pages[coach],
                start=start,
                now=self.now,
            )
        )
        assert bool(until) == expected
        if wanted and until:
            self.holds[person] = (wanted, until)

    @rule(data=st.data(), person=st.integers(0, 2), coach=coaches, times=st.integers(2, 3))
    def series(self, data: Any, person: int, coach: int, times: int) -> None:
        """The same time on the wall every week: all or none."""
        start, key = pick(data, self.starts(coach)), uuid4()
        taken = {each.k for each in self.meetings.values() if each.live and each.person == person}
        numbers = [k for k in range(1, 7) if k not in taken][:times]
        wanted = [
            Meeting(person, coach, k, start + week * WEEK - HOUR * (start < JUMP <= start + week * WEEK))
            for week, k in enumerate(numbers)
        ]
        expected = person != coach and len(wanted) == times
        before = len(self.meetings)
        for number, each in enumerate(wanted):
            expected = expected and self.in_order(each, each.start) and self.fits(each, each.start)
            self.meetings[-1 - number] = each  # for those that follow
        for number in range(len(wanted)):
            del self.meetings[-1 - number]
        assert len(self.meetings) == before
        first = self.tries(lambda: self.send(person, coach, start, key, times=times))
        assert bool(first) == expected
        if first:
            rows = Booking.objects.filter(programme=self.house.programme, pk__gte=first)
            for number, each in zip(rows.order_by("pk").values_list("pk", flat=True), wanted, strict=True):
                self.meetings[number] = each
            self.holds.pop(person, None)
            assert self.send(person, coach, start, key, times=times) == first  # the same form again

    def send(self, person: int, coach: int, start: datetime, key: UUID, *, times: int = 1) -> int:
        return actions.book(
            programme=self.house.programme,
            person=self.humans[person],
            coach=self.pages[coach],
            start=start,
            key=key,
            now=self.now,
            times=times,
        )

    @rule(data=st.data())
    def move(self, data: Any) -> None:
        number = self.any_of_them(data)
        if number is None:
            return
        meeting = self.meetings[number]
        person, start = self.one_of_them(data, meeting), pick(data, self.starts(meeting.coach))
        expected = (
            meeting.state == "booked"
            and meeting.person == person
            and self.now <= meeting.start - 24 * HOUR
            and (
                start == meeting.start
                or (self.in_order(meeting, start, moving=meeting) and self.fits(meeting, start, moving=meeting))
            )
        )
        done = self.tries(
            lambda: actions.move(
                programme=self.house.programme,
                person=self.humans[person],
                booking=number,
                start=start,
                now=self.now,
            )
        )
        assert done == expected
        if done and start != meeting.start:
            meeting.start = start
            self.holds.pop(person, None)

    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        number = self.any_of_them(data)
        if number is None:
            return
        meeting = self.meetings[number]
        person = self.one_of_them(data, meeting)
        notice = 24 * HOUR if meeting.person == person else timedelta(0)
        in_time = self.now < meeting.start and self.now <= meeting.start - notice
        expected = meeting.state == "booked" and person in {meeting.person, meeting.coach} and in_time
        done = self.tries(
            lambda: actions.cancel(
                programme=self.house.programme, person=self.humans[person], booking=number, now=self.now
            )
        )
        assert done == expected
        if done:
            meeting.state = "cancelled"

    @rule(data=st.data(), said=st.sampled_from([Said.HAPPENED, Said.MOVED, Said.MISSED]))
    def confirm(self, data: Any, said: Said) -> None:
        number = self.any_of_them(data)
        if number is not None:
            self.say(number, self.one_of_them(data, self.meetings[number]), said)

    @rule(data=st.data(), said=st.sampled_from([Said.HAPPENED, Said.HAPPENED, Said.MISSED]))
    def meet(self, data: Any, said: Said) -> None:
        """The clock runs to the end of a session, and both say the same of it."""
        number = self.any_of_them(data)
        if number is not None:
            meeting = self.meetings[number]
            self.now = max(self.now, meeting.end)
            for person in (meeting.coach, meeting.person):
                self.say(number, person, said)

    def say(self, number: int, person: int, said: Said) -> None:
        meeting = self.meetings[number]
        both = {meeting.person, meeting.coach}
        expected = meeting.state == "booked" and person in both and self.now >= meeting.start
        done = self.tries(
            lambda: actions.confirm_held(
                programme=self.house.programme,
                person=self.humans[person],
                booking=number,
                said=said,
                now=self.now,
            )
        )
        assert done == expected
        if done:
            meeting.said[person] = said
            if [meeting.said.get(each) for each in both] == [said, said]:
                meeting.state = "held" if said is Said.HAPPENED else "gone"

    @rule(hours=st.integers(1, 6))
    def later(self, hours: int) -> None:
        self.now += hours * HOUR

    def tries(self, verb: Any) -> Any:
        """What the verb answers (True for nothing); False when a rule said no in a sentence."""
        name = inspect.stack()[1].function
        answer, refused = None, None
        try:
            answer = verb()
        except Refusal as refusal:
            refused = refusal
        TRIED[name, refused is None] += 1
        if refused is not None:
            assert (refused.sentence[-1], refused.status in {403, 404, 409, 422}) == (".", True)
            return False
        return True if answer is None or isinstance(answer, list) else answer

    @rule()
    def forget(self) -> None:
        """The worker's minute: what nobody has chosen in time is free."""
        actions.forget_holds(now=self.now)
        self.holds = {person: hold for person, hold in self.holds.items() if hold[1] > self.now}
        assert Occupied.objects.filter(programme=self.house.programme, booking=None).count() == 2 * len(self.holds)

    # What is always so

    @invariant()
    def nobody_is_in_two_places_and_nothing_is_orphaned(self) -> None:
        expected = {
            (self.humans[human], each.start, each.end)
            for each in self.meetings.values()
            if each.live
            for human in (each.person, each.coach)
        }
        expected |= {
            (self.humans[human], each.start, each.end)
            for each, until in self.holds.values()
            if until > self.now
            for human in (each.person, each.coach)
        }
        rows = Occupied.objects.filter(programme=self.house.programme).exclude(held_until__lte=self.now)
        found = [(row.person_id, row.during.lower, row.during.upper) for row in rows]
        assert len(found) == len(expected)
        assert set(found) == expected
        for human in self.humans:
            mine = sorted((start, end) for person, start, end in found if person == human)
            assert all(before[1] <= after[0] for before, after in pairwise(mine))

    @invariant()
    def what_is_kept_is_what_happened(self) -> None:
        states = dict(Booking.objects.filter(programme=self.house.programme).values_list("pk", "state"))
        assert {number: state for number, state in states.items() if state in {"booked", "held"}} == {
            number: each.state for number, each in self.meetings.items() if each.live
        }
        held = HeldSession.objects.filter(programme=self.house.programme)
        assert sorted(held.values_list("entitlement__person", "k")) == sorted(
            (self.humans[each.person], each.k) for each in self.meetings.values() if each.state == "held"
        )


def pick(data: Any, choices: Sequence[Any]) -> Any:
    """One of these, by hypothesis or by dice."""
    return data.choice(choices) if isinstance(data, Random) else data.draw(st.sampled_from(choices))


def joined(stretches: set[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Touching stretches as one."""
    out: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_is_ever_in_two_places() -> None:
    TRIED.clear()
    run_state_machine_as_test(
        Coaching,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(TRIED.values()) > 0


def live(dice: Random) -> None:
    """One life of a programme: so many acts of its people, each of them by chance, and the invariants after each."""
    machine = Coaching()
    acts: list[Callable[[], None]] = [
        lambda: machine.offer(dice.randint(2, 3), dice.randint(0, 14), dice.randint(0, 9), dice.randint(2, 6)),
        lambda: machine.withdraw(dice.randint(2, 3), 0),
        *2 * [lambda: machine.hold(dice, dice.randint(0, 2), dice.randint(2, 3))],
        *4 * [lambda: machine.book(dice, dice.randint(0, 2), dice.randint(2, 3))],
        *2 * [lambda: machine.series(dice, dice.randint(0, 2), dice.randint(2, 3), dice.randint(2, 3))],
        *4 * [lambda: machine.move(dice)],
        *3 * [lambda: machine.cancel(dice)],
        lambda: machine.confirm(dice, pick(dice, [Said.HAPPENED, Said.MOVED, Said.MISSED])),
        lambda: machine.meet(dice, pick(dice, [Said.HAPPENED, Said.MISSED])),
        lambda: machine.later(1),
        machine.forget,
    ]
    before = sum(TRIED.values())
    while sum(TRIED.values()) < before + LIFE:
        dice.choice(acts)()
        machine.nobody_is_in_two_places_and_nothing_is_orphaned()
        machine.what_is_kept_is_what_happened()
    machine.teardown()


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_is_in_two_places_however_often_they_try() -> None:
    TRIED.clear()
    lives = 0
    while sum(TRIED.values()) < OPERATIONS:
        live(Random(SEED * 1_000_000 + lives))
        lives += 1
        if "CONFRERE_OPERATIONS" in os.environ:
            print(f"{lives} lives, {sum(TRIED.values())} tries: {sorted(TRIED.items())}", flush=True)  # noqa: T201  # asked for
    verbs = ("offer", "hold", "book", "series", "move", "cancel", "say")
    assert {(verb, done): TRIED[verb, done] > 0 for verb in verbs for done in (True, False)} == {
        (verb, done): True for verb in verbs for done in (True, False)
    }, TRIED
