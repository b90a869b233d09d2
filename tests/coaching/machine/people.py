"""People who offer, hold, book, move, cancel and confirm by the room's own verbs, and what has to hold after it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.coaching.conftest import House, build_house
from tests.coaching.machine.known import HALF_HOUR, HOUR, Known, moment, pick

from confrere.coaching import actions
from confrere.coaching.models import Booking, HeldSession, Hours, Occupied, Said
from confrere.vault.refusals import Refusal

#: (verb, whether it was done) → how often: what the sequences really tried.
TRIED: Counter[tuple[str, bool]] = Counter()

anybody = st.integers(0, 2)  # the first coach is coached as well
any_coach = st.integers(2, 3)
days = st.integers(0, 2)
half_hours = st.integers(0, 9)  # after 15:00 UTC


class Coaching(RuleBasedStateMachine):
    """Each sequence runs in a transaction of its own and is undone at its end."""

    #: How many there are; participants count from zero, coaches follow.
    participants = 2
    coaches = 2
    capacity = 10
    #: On which days, from zero, each coach offers three and a half hours to begin with.
    offered: Sequence[int] = (0, 1, 2, 7, 14)

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.house: House = build_house()
        own = range(self.participants, self.participants + self.coaches)
        self.humans = [self.house.participant(f"Ama Osei {number}", read=False) for number in range(self.participants)]
        self.pages: dict[int, int] = {}
        for number in own:
            human, self.pages[number] = self.house.coach(f"Eva Lindqvist {number}", capacity=self.capacity)
            self.humans.append(human)
        self.house.grant(self.humans[self.participants])
        self.known = Known(humans=len(self.humans), hours={coach: set() for coach in own}, capacity=self.capacity)
        for coach in own:
            for day in self.offered:
                self.offer_now(coach, moment(day, 2), moment(day, 9))

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What people do

    @rule(coach=any_coach, day=days, first=half_hours, length=st.integers(2, 6))
    def offer(self, coach: int, day: int, first: int, length: int) -> None:
        start, end = moment(day, first), moment(day, first + length)
        expected = start >= self.known.now and not any(a < end and start < b for a, b in self.known.hours[coach])
        assert tries("offer", lambda: self.offer_now(coach, start, end)) == expected

    def offer_now(self, coach: int, start: datetime, end: datetime) -> None:
        actions.offer_hours(
            programme=self.house.programme,
            person=self.humans[coach],
            on=start.date(),
            starts=start.time(),
            ends=end.time(),
            zone="UTC",
            now=self.known.now,
        )
        self.known.hours[coach].add((start, end))

    @rule(coach=any_coach, day=st.just(0))
    def withdraw(self, coach: int, day: int) -> None:
        rows = Hours.objects.filter(coach=self.pages[coach], during__startswith__date=moment(day, 0).date())
        for row in list(rows):
            actions.withdraw_hours(
                programme=self.house.programme, person=self.humans[coach], hours=row.pk, now=self.known.now
            )
            self.known.hours[coach].discard((row.during.lower, row.during.upper))

    @rule(data=st.data(), person=anybody, coach=any_coach)
    def book(self, data: Any, person: int, coach: int) -> None:
        start, key = pick(data, self.known.starts(coach)), uuid4()
        wanted = self.known.next_of(person, coach, start)
        expected = self.known.may_have(wanted)
        number = tries("book", lambda: self.send(person, coach, start, key))
        assert bool(number) == expected
        if wanted and number:
            self.known.meetings[int(number)] = wanted
            self.known.holds.pop(person, None)
            assert self.send(person, coach, start, key) == number  # the same form again
            with pytest.raises(Refusal, match="This form was already used for another time"):
                self.send(person, coach, start + HALF_HOUR, key)

    @rule(data=st.data(), person=anybody, coach=any_coach)
    def hold(self, data: Any, person: int, coach: int) -> None:
        start = pick(data, self.known.starts(coach))
        wanted = self.known.next_of(person, coach, start)
        expected = self.known.may_have(wanted)
        until = tries(
            "hold",
            lambda: actions.hold(
                programme=self.house.programme,
                person=self.humans[person],
                coach=self.pages[coach],
                start=start,
                now=self.known.now,
            ),
        )
        assert bool(until) == expected
        if wanted and until:
            self.known.holds[person] = (wanted, until)

    @rule(data=st.data(), person=anybody, coach=any_coach, times=st.integers(2, 3))
    def series(self, data: Any, person: int, coach: int, times: int) -> None:
        """The same time on the wall every week: all or none."""
        start, key = pick(data, self.known.starts(coach)), uuid4()
        wanted = self.known.weekly(person, coach, start, times=times)
        expected = len(wanted) == times and self.known.may_have_all(wanted)
        first = tries("series", lambda: self.send(person, coach, start, key, times=times))
        assert bool(first) == expected
        if first:
            rows = Booking.objects.filter(programme=self.house.programme, pk__gte=first)
            for number, each in zip(rows.order_by("pk").values_list("pk", flat=True), wanted, strict=True):
                self.known.meetings[number] = each
            self.known.holds.pop(person, None)
            assert self.send(person, coach, start, key, times=times) == first  # the same form again

    def send(self, person: int, coach: int, start: datetime, key: UUID, *, times: int = 1) -> int:
        return actions.book(
            programme=self.house.programme,
            person=self.humans[person],
            coach=self.pages[coach],
            start=start,
            key=key,
            now=self.known.now,
            times=times,
        )

    @rule(data=st.data())
    def move(self, data: Any) -> None:
        number = self.known.any_of_them(data)
        if number is None:
            return
        meeting = self.known.meetings[number]
        person, start = self.known.one_of_them(data, meeting), pick(data, self.known.starts(meeting.coach))
        expected = self.known.may_move(meeting, person=person, start=start)
        done = tries(
            "move",
            lambda: actions.move(
                programme=self.house.programme,
                person=self.humans[person],
                booking=number,
                start=start,
                now=self.known.now,
            ),
        )
        assert done == expected
        if done and start != meeting.start:
            meeting.start = start
            self.known.holds.pop(person, None)

    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        number = self.known.any_of_them(data)
        if number is None:
            return
        meeting = self.known.meetings[number]
        person = self.known.one_of_them(data, meeting)
        expected = self.known.may_cancel(meeting, person=person)
        done = tries(
            "cancel",
            lambda: actions.cancel(
                programme=self.house.programme, person=self.humans[person], booking=number, now=self.known.now
            ),
        )
        assert done == expected
        if done:
            meeting.state = "cancelled"

    @rule(data=st.data(), said=st.sampled_from([Said.HAPPENED, Said.MOVED, Said.MISSED]))
    def confirm(self, data: Any, said: Said) -> None:
        number = self.known.any_of_them(data)
        if number is not None:
            self.say(number, self.known.one_of_them(data, self.known.meetings[number]), said)

    @rule(said=st.sampled_from([Said.HAPPENED, Said.HAPPENED, Said.MISSED]))
    def meet(self, said: Said) -> None:
        """The clock runs to the end of the next session, its participant has read the limits, and both say the same."""
        number = self.known.soonest()
        if number is not None:
            meeting = self.known.meetings[number]
            self.known.now = max(self.known.now, meeting.end)
            self.read_limits(meeting.person)
            for person in (meeting.coach, meeting.person):
                self.say(number, person, said)

    def read_limits(self, human: int) -> None:
        actions.acknowledge(
            programme=self.house.programme,
            site=self.house.site,
            person=self.humans[human],
            limits=None,
            now=self.known.now,
        )
        self.known.read.add(human)

    def say(self, number: int, person: int, said: Said) -> None:
        meeting = self.known.meetings[number]
        expected = self.known.may_say(meeting, said, person=person)
        done = tries(
            "say",
            lambda: actions.confirm_held(
                programme=self.house.programme,
                person=self.humans[person],
                booking=number,
                said=said,
                now=self.known.now,
            ),
        )
        assert done == expected
        if done:
            meeting.said[person] = said
            if [meeting.said.get(each) for each in (meeting.person, meeting.coach)] == [said, said]:
                meeting.state = "held" if said is Said.HAPPENED else "gone"

    @rule(hours=st.integers(1, 6))
    def later(self, hours: int) -> None:
        self.known.now += hours * HOUR

    @rule()
    def forget(self) -> None:
        """The worker's minute: what nobody has chosen in time is free."""
        actions.forget_holds(now=self.known.now)
        self.known.holds = {who: hold for who, hold in self.known.holds.items() if hold[1] > self.known.now}
        held = Occupied.objects.filter(programme=self.house.programme, booking=None).count()
        assert held == 2 * len(self.known.holds)

    # What is always so

    @invariant()
    def nobody_is_in_two_places_and_nothing_is_orphaned(self) -> None:
        expected = {(self.humans[human], start, end) for human, start, end in self.known.expected()}
        rows = Occupied.objects.filter(programme=self.house.programme).exclude(held_until__lte=self.known.now)
        found = [(person, during.lower, during.upper) for person, during in rows.values_list("person", "during")]
        assert len(found) == len(expected)
        assert set(found) == expected
        for human in self.humans:
            mine = sorted((start, end) for person, start, end in found if person == human)
            assert all(before[1] <= after[0] for before, after in pairwise(mine))

    @invariant()
    def what_is_kept_is_what_happened(self) -> None:
        states = dict(Booking.objects.filter(programme=self.house.programme).values_list("pk", "state"))
        meetings = self.known.meetings
        assert {number: state for number, state in states.items() if state in {"booked", "held"}} == {
            number: each.state for number, each in meetings.items() if each.live
        }
        held = HeldSession.objects.filter(programme=self.house.programme)
        assert sorted(held.values_list("entitlement__person", "k")) == sorted(
            (self.humans[each.person], each.k) for each in meetings.values() if each.state == "held"
        )


def tries(verb: str, act: Callable[[], Any]) -> Any:
    """What the act answers (True for nothing); False when a rule said no in a sentence."""
    answer, refused = None, None
    try:
        answer = act()
    except Refusal as refusal:
        refused = refusal
    TRIED[verb, refused is None] += 1
    if refused is not None:
        assert (refused.sentence[-1], refused.status in {403, 404, 409, 422}) == (".", True)
        return False
    return True if answer is None or isinstance(answer, list) else answer
