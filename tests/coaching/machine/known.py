"""What the model of the booking machine knows, in plain dicts: hours, meetings, holds, and what may follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from tests.coaching.conftest import MINUTES, NOW

from confrere.coaching.models import Said

HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: When the clocks of the participants, who live in New York, jump an hour ahead.
JUMP = datetime(2026, 3, 8, 7, tzinfo=UTC)
UNTIL = NOW + timedelta(days=90)


def moment(day: int, half_hour: int) -> datetime:
    """From Tuesday, 15:00 UTC; both count from zero."""
    return datetime(2026, 3, 3, 15, tzinfo=UTC) + day * DAY + half_hour * HALF_HOUR


def pick(data: Any, choices: Sequence[Any]) -> Any:
    """One of these, by hypothesis or by dice."""
    return data.choice(choices) if isinstance(data, Random) else data.draw(st.sampled_from(choices))


@dataclass
class Meeting:
    """A booking as the model sees it. said: human → what they tapped afterwards."""

    person: int
    coach: int
    k: int
    start: datetime
    state: str = "booked"
    said: dict[int, object] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=MINUTES[self.k - 1])

    @property
    def live(self) -> bool:
        return self.state in {"booked", "held"}

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return start < self.end and self.start < end


@dataclass
class Known:
    """Humans count from zero: participants first, then coaches."""

    humans: int
    hours: dict[int, set[tuple[datetime, datetime]]]  # coach → stretches on offer
    capacity: int  # participants whom a coach takes
    now: datetime = NOW
    read: set[int] = field(default_factory=set)  # who has read the limits of confidentiality
    meetings: dict[int, Meeting] = field(default_factory=dict)  # number of the booking → what it is
    holds: dict[int, tuple[Meeting, datetime]] = field(default_factory=dict)  # who chooses → what, and until when

    def of(self, human: int) -> list[Meeting]:
        return [each for each in self.meetings.values() if each.live and human in {each.person, each.coach}]

    def fits(self, meeting: Meeting, start: datetime, *, moving: Meeting | None = None) -> bool:
        """Whether the coach offers the time and neither of the two has something else then."""
        end = start + timedelta(minutes=MINUTES[meeting.k - 1])
        offered = any(a <= start and end <= b for a, b in joined(self.hours[meeting.coach]))
        two = {meeting.person, meeting.coach}
        busy = [each for human in two for each in self.of(human) if each is not moving]
        busy += [each for each in self.held_by_others(meeting.person) if two & {each.person, each.coach}]
        return offered and not any(each.overlaps(start, end) for each in busy)

    def held_by_others(self, person: int) -> list[Meeting]:
        """What others are choosing now."""
        return [each for holder, (each, until) in self.holds.items() if holder != person and until > self.now]

    def in_order(self, meeting: Meeting, start: datetime, *, moving: Meeting | None = None) -> bool:
        """Whether the long first session stays before the short ones, with notice, inside the window."""
        end = start + timedelta(minutes=MINUTES[meeting.k - 1])
        for each in self.meetings.values():
            other = each.state == "booked" and each.person == meeting.person and each is not moving
            if other and (each.k == 1) != (meeting.k == 1):
                first, second = ((start, end), (each.start, each.end))
                if each.k < meeting.k:
                    first, second = second, first
                if first[1] > second[0]:
                    return False
        return start >= self.now + 2 * HOUR and end <= UNTIL

    def takes(self, coach: int, person: int) -> bool:
        """Whether the coach has room for this person, who may change the coach once."""
        pairs = {(each.coach, each.person) for each in self.meetings.values() if each.live}
        others = {each for each, who in pairs if who == person} - {coach}
        room = len([who for each, who in pairs if each == coach]) < self.capacity
        return coach != person and ((coach, person) in pairs or (room and len(others) < 2))

    def may_have(self, wanted: Meeting | None) -> bool:
        """Whether this next session can be booked or held."""
        if wanted is None or not self.takes(wanted.coach, wanted.person):
            return False
        return self.in_order(wanted, wanted.start) and self.fits(wanted, wanted.start)

    def may_have_all(self, wanted: Sequence[Meeting]) -> bool:
        """Whether these can be booked one after the other, each of them with those before it."""
        good = True
        for number, each in enumerate(wanted):
            good = good and self.may_have(each)
            self.meetings[-1 - number] = each  # for those that follow
        for number in range(len(wanted)):
            del self.meetings[-1 - number]
        return good

    def may_move(self, meeting: Meeting, *, person: int, start: datetime) -> bool:
        in_time = self.now <= meeting.start - 24 * HOUR
        if meeting.state != "booked" or meeting.person != person or not in_time:
            return False
        if start == meeting.start:
            return True
        return self.in_order(meeting, start, moving=meeting) and self.fits(meeting, start, moving=meeting)

    def may_cancel(self, meeting: Meeting, *, person: int) -> bool:
        notice = 24 * HOUR if meeting.person == person else timedelta(0)
        in_time = self.now < meeting.start and self.now <= meeting.start - notice
        return meeting.state == "booked" and person in {meeting.person, meeting.coach} and in_time

    def may_say(self, meeting: Meeting, said: Said, *, person: int) -> bool:
        ready = said is not Said.HAPPENED or person != meeting.person or person in self.read
        theirs = person in {meeting.person, meeting.coach}
        return meeting.state == "booked" and theirs and self.now >= meeting.start and ready

    def free_numbers(self, person: int) -> list[int]:
        """Which of a person's six sessions are neither booked nor held."""
        taken = {each.k for each in self.meetings.values() if each.live and each.person == person}
        return [k for k in range(1, 7) if k not in taken]

    def next_of(self, person: int, coach: int, start: datetime) -> Meeting | None:
        """The session that this person would book next; None after the sixth."""
        return next((Meeting(person, coach, k, start) for k in self.free_numbers(person)), None)

    def weekly(self, person: int, coach: int, start: datetime, *, times: int) -> list[Meeting]:
        """The same time on the wall, week after week; fewer than `times` if fewer sessions are left."""
        return [
            Meeting(person, coach, k, start + week * WEEK - HOUR * (start < JUMP <= start + week * WEEK))
            for week, k in enumerate(self.free_numbers(person)[:times])
        ]

    def starts(self, coach: int) -> list[datetime]:
        """Half hours to come at which the coach has something on offer, and some at which perhaps not."""
        offered = [
            a + each * HALF_HOUR
            for a, b in sorted(self.hours[coach])
            if a > self.now
            for each in range((b - a) // HALF_HOUR - 1)
        ]
        return [*offered, *(moment(day, 3) for day in range(3))]

    def one_of_them(self, data: Any, meeting: Meeting) -> int:
        """Mostly the participant of a meeting, else anybody."""
        return int(pick(data, [*self.humans * [meeting.person], *range(self.humans)]))

    def any_of_them(self, data: Any) -> int | None:
        """The number of some booking: mostly one that is still booked."""
        booked = [number for number, each in self.meetings.items() if each.state == "booked"]
        choice = booked if booked and pick(data, range(10)) else sorted(self.meetings)
        return pick(data, choice) if choice else None

    def soonest(self) -> int | None:
        """The number of the booking that comes next, or waits for both to say how it went."""
        booked = [(each.start, number) for number, each in self.meetings.items() if each.state == "booked"]
        return min(booked)[1] if booked else None

    @property
    def day(self) -> int:
        """Days since the first one, from zero."""
        return max(0, (self.now - moment(0, 0)).days)

    def expected(self) -> set[tuple[int, datetime, datetime]]:
        """(human, start, end) of all time that is kept."""
        live = [each for each in self.meetings.values() if each.live]
        live += [each for each, until in self.holds.values() if until > self.now]
        return {(human, each.start, each.end) for each in live for human in (each.person, each.coach)}


def joined(stretches: set[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Touching stretches as one."""
    out: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
