"""Writes appointments for other people's calendars (RFC 5545): the time, and not a word of what it is for.

All times are UTC instants, so no rule of a zone has to travel along: a calendar shows them by its reader's own clock,
right on both sides of a change of the clocks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

type Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

#: Octets of a line at most, without its end (RFC 5545, section 3.1).
LINE = 75
SUMMARY = "Appointment"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry. uid: the same for ever; sequence: higher with every change; changed: when that was.

    organizer, attendee: addresses, for entries that travel by mail; never those of the other person.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    changed: datetime
    cancelled: bool = False
    organizer: str = ""
    attendee: str = ""


def calendar(entries: Iterable[Appointment], *, method: Method) -> str:
    """A whole calendar with these entries, in lines that end in CR LF. The same entries give the same text.

    REQUEST and CANCEL: for one entry in a letter (RFC 5546); PUBLISH: for a feed.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//confrere//appointments//EN", f"METHOD:{method}"]
    for each in entries:
        lines += _event(each)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(entry: Appointment) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_utc(entry.changed)}"
    yield f"DTSTART:{_utc(entry.start)}"
    yield f"DTEND:{_utc(entry.end)}"
    yield f"SUMMARY:{SUMMARY}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}"
    if entry.organizer:
        yield f"ORGANIZER:mailto:{entry.organizer}"
        yield f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{entry.attendee}"
    yield "END:VEVENT"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """A line cut into pieces of at most `LINE` octets, never inside a character; each later one begins with a space."""
    pieces, now = [], b""
    for character in line:
        octets = character.encode()
        if len(now) + len(octets) > LINE:
            pieces.append(now)
            now = b" "
        now += octets
    return "\r\n".join(piece.decode() for piece in [*pieces, now]) + "\r\n"
