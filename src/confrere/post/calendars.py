"""Reading somebody's calendar for one thing only: when it says busy. Titles, places and names are not kept.

Calendars come from elsewhere, so they are read in a process of its own with a limit on time and memory: a rule that
repeats every second since 1900 ends that process and nothing else.

    busy(data, zone="America/New_York", start=…, end=…)   # here
    read_apart(data, zone=…, start=…, end=…)              # in a process of its own
"""

import json
import resource
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.cal import Component

#: Seconds of computing and octets of memory for one calendar.
SECONDS: Final = 10
MEMORY: Final = 1024**3
#: Stretches that one calendar may give, before they are joined.
MOST: Final = 20_000
DAY = timedelta(days=1)
#: Ways in which Outlook says that an entry does not keep anybody busy.
_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})

type Stretch = tuple[datetime, datetime]


class NoCalendar(ValueError):
    """What came is no calendar."""


class TooMuch(ValueError):
    """Reading it took too long, too much memory, or gave too many stretches."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Busy times, joined and sorted, in UTC; and how many entries could not be read."""

    stretches: tuple[Stretch, ...]
    skipped: int


def busy(data: bytes, *, zone: str, start: datetime, end: datetime) -> Busy:
    """When a calendar says busy within [start, end). zone: IANA name for times without one and for whole days.

    An entry that cannot be read is skipped and counted. Raises NoCalendar, TooMuch.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of habits of other calendars, which are none of ours
        return _busy(data, zone=zone, start=start, end=end)


def _busy(data: bytes, *, zone: str, start: datetime, end: datetime) -> Busy:
    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except Exception as error:  # the library raises many kinds; all mean the same here
        raise NoCalendar(type(error).__name__) from None
    parts = [part for calendar in calendars for part in calendar.walk()]
    if not {part.name for part in parts} & {"VCALENDAR", "VEVENT", "VFREEBUSY"}:
        raise NoCalendar("no VCALENDAR")
    reader = _Reader(zone=ZoneInfo(zone), start=start, end=end)
    found = [stretch for stretch in reader.stretches(parts) if stretch[0] < end and start < stretch[1]]
    return Busy(stretches=tuple(_joined(found)), skipped=reader.skipped)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    out: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if out and begins <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], ends))
        else:
            out.append((begins, ends))
    return out


class _Reader:
    """One reading of one calendar."""

    def __init__(self, *, zone: tzinfo, start: datetime, end: datetime) -> None:
        self.zone, self.start, self.end = zone, start, end
        self.skipped = 0
        self.given = 0

    def stretches(self, parts: list[Component]) -> Iterator[Stretch]:
        events = [part for part in parts if part.name == "VEVENT"]
        moved = self._moved(events)
        for part in parts:
            if part.name not in ("VEVENT", "VFREEBUSY"):
                continue
            try:
                found = self._event(part, moved) if part.name == "VEVENT" else self._freebusy(part)
                for stretch in found:
                    self.given += 1
                    if self.given > MOST:
                        raise TooMuch("stretches")
                    yield stretch
            except TooMuch:
                raise
            except Exception:  # one broken entry is not the whole calendar
                self.skipped += 1

    def _moved(self, events: list[Component]) -> set[tuple[str, datetime]]:
        """(UID, instant) of the repetitions that stand elsewhere in the calendar by themselves."""
        found = set()
        for event in events:
            with suppress(Exception):
                if "RECURRENCE-ID" in event:
                    found.add((str(event.get("UID")), self._instant(event.decoded("RECURRENCE-ID"))))
        return found

    def _event(self, event: Component, moved: set[tuple[str, datetime]]) -> Iterator[Stretch]:
        if "DTSTART" not in event or not _keeps_busy(event):
            return
        first = event.decoded("DTSTART")
        length = self._length(event, first)
        if length <= timedelta(0):
            return
        whole_days = not isinstance(first, datetime)
        for each in self._starts(event, first, length):
            begins = self._instant(each)
            if "RECURRENCE-ID" not in event and (str(event.get("UID")), begins) in moved:
                continue
            # A whole day ends at a midnight, however long the day was.
            yield begins, self._instant(each + length) if whole_days else begins + length

    def _length(self, event: Component, first: Any) -> timedelta:
        if "DTEND" in event:
            last = event.decoded("DTEND")
            if isinstance(first, datetime) != isinstance(last, datetime):
                raise ValueError("a day and a time")
            return last - first if not isinstance(first, datetime) else self._instant(last) - self._instant(first)
        if "DURATION" in event:
            length: timedelta = event.decoded("DURATION")
            return length
        return timedelta(0) if isinstance(first, datetime) else DAY

    def _starts(self, event: Component, first: Any, length: timedelta) -> Iterator[Any]:
        """Every start of an entry, as DTSTART is: a day, or a time in its own zone."""
        left_out = {self._instant(each) for each in _dates(event, "EXDATE")}
        extra = [each[0] if isinstance(each, tuple) else each for each in _dates(event, "RDATE")]
        starts = [*extra] if "RRULE" in event else [first, *extra]
        given = set()
        for each in starts:
            given.add(self._instant(each))
        for each in [*starts, *self._repeated(event, first, length)]:
            if self._instant(each) not in left_out:
                yield each

    def _repeated(self, event: Component, first: Any, length: timedelta) -> Iterator[Any]:
        """By the wall clock of the entry, as people mean it: 9 o'clock stays 9 o'clock when the clocks change."""
        rules = event.get("RRULE", [])
        own = first.tzinfo if isinstance(first, datetime) else None
        wall = (
            first.replace(tzinfo=None) if isinstance(first, datetime) else datetime.combine(first, datetime.min.time())
        )
        late = self.end.astimezone(own or self.zone).replace(tzinfo=None) + DAY
        early = self.start.astimezone(own or self.zone).replace(tzinfo=None) - length - DAY
        for rule in rules if isinstance(rules, list) else [rules]:
            for until in rule.get("UNTIL", []):
                rule["UNTIL"] = [self._wall(until, own)]
            for each in rrulestr(rule.to_ical().decode(), dtstart=wall, ignoretz=True):
                if each > late:
                    break
                if each >= early:
                    yield each.replace(tzinfo=own) if isinstance(first, datetime) else each.date()

    def _wall(self, until: date | datetime, own: tzinfo | None) -> datetime:
        """The end of a rule on the entry's own clock. A day ends with its last second."""
        if not isinstance(until, datetime):
            return datetime.combine(until, datetime.max.time()).replace(microsecond=0)
        return until if until.tzinfo is None else until.astimezone(own or self.zone).replace(tzinfo=None)

    def _instant(self, moment: date | datetime) -> datetime:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, datetime.min.time())
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def _freebusy(self, part: Component) -> Iterator[Stretch]:
        found = part.get("FREEBUSY", [])
        for each in found if isinstance(found, list) else [found]:
            if str(each.params.get("FBTYPE", "BUSY")).upper() == "FREE":
                continue
            yield self._instant(each.start), self._instant(each.end)


def _keeps_busy(event: Component) -> bool:
    """Whether an entry takes time: not when it is cancelled, or says that it does not."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return False
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in _FREE


def _dates(event: Component, name: str) -> Iterator[Any]:
    found = event.get(name, [])
    for listed in found if isinstance(found, list) else [found]:
        for each in listed.dts:
            yield each.dt


def read_apart(data: bytes, *, zone: str, start: datetime, end: datetime) -> Busy:
    """`busy`, in a process of its own that ends when it takes too long or too much. Raises the same."""
    asked = json.dumps({"zone": zone, "start": start.timestamp(), "end": end.timestamp()}).encode() + b"\n"
    try:
        done = subprocess.run(  # noqa: S603  # ourselves; what came from elsewhere is on its standard input
            [sys.executable, "-W", "ignore", "-m", __name__],
            input=asked + data,
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
            cwd="/",
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
        )
    except subprocess.TimeoutExpired:
        raise TooMuch("time") from None
    if done.returncode == 3:
        raise NoCalendar(done.stdout.decode())
    if done.returncode != 0:
        raise TooMuch("memory or time")
    said = json.loads(done.stdout)
    stretches = tuple(tuple(datetime.fromtimestamp(at, UTC) for at in each) for each in said["stretches"])
    return Busy(stretches=stretches, skipped=said["skipped"])  # type: ignore[arg-type]  # pairs, as `work` wrote them


def work(asked: bytes) -> tuple[int, str]:
    """(exit code, output) of the process apart: a line of JSON that says what is wanted, then the calendar."""
    line, _newline, data = asked.partition(b"\n")
    wanted = json.loads(line)
    start, end = (datetime.fromtimestamp(wanted[name], UTC) for name in ("start", "end"))
    try:
        found = busy(data, zone=wanted["zone"], start=start, end=end)
    except NoCalendar as no:
        return 3, str(no)
    stretches = [(begins.timestamp(), ends.timestamp()) for begins, ends in found.stretches]
    return 0, json.dumps({"stretches": stretches, "skipped": found.skipped})


def limit() -> None:
    """Give the present process only so much time and memory, where the system lets it."""
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    limit()
    code, out = work(sys.stdin.buffer.read())
    sys.stdout.write(out)
    raise SystemExit(code)
