"""When somebody's calendar says busy: read by the wall clock, broken entries skipped, too much refused."""

import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from confrere.post import calendars
from confrere.post.calendars import NoCalendar, TooMuch, busy, read_apart, work

ZONE = "America/New_York"
START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def calendar(*lines: str, kind: str = "VEVENT") -> bytes:
    inner = "\r\n".join(lines)
    event = f"BEGIN:{kind}\r\nUID:1\r\n{inner}\r\nEND:{kind}\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n".encode()


def read(data: bytes) -> list[str]:
    found = busy(data, zone=ZONE, start=START, end=END)
    return [f"{begins:%d %H:%M}-{ends:%d %H:%M}" for begins, ends in found.stretches]


NY = "DTSTART;TZID=America/New_York:"
TABLE = [
    (["DTSTART:20260302T150000Z", "DTEND:20260302T160000Z"], ["02 15:00-02 16:00"]),
    (["DTSTART:20260302T100000", "DURATION:PT1H"], ["02 15:00-02 16:00"]),  # no zone: the reader's own
    (["DTSTART;VALUE=DATE:20260308"], ["08 05:00-09 04:00"]),  # a whole day of 23 hours
    (["DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260304"], ["02 05:00-04 05:00"]),
    (["DTSTART:20260302T150000Z"], []),  # no length
    (["DTSTART:20260302T150000Z", "DTEND:20260302T160000Z", "TRANSP:TRANSPARENT"], []),
    (["DTSTART:20260302T150000Z", "DTEND:20260302T160000Z", "STATUS:CANCELLED"], []),
    (["DTSTART:20260302T150000Z", "DTEND:20260302T160000Z", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], []),
    # Nine o'clock stays nine o'clock when the clocks change on the 8th.
    (
        [NY + "20260106T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=20260311T000000Z"],
        ["03 14:00-03 15:00", "10 13:00-10 14:00"],
    ),
    (
        [
            NY + "20260303T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=3",
            "EXDATE;TZID=America/New_York:20260304T090000",
        ],
        ["03 14:00-03 15:00", "05 14:00-05 15:00"],
    ),
    (
        ["DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=DAILY;UNTIL=20260303"],
        ["02 05:00-04 05:00"],
    ),
    (
        ["DTSTART:20260302T150000Z", "DURATION:PT1H", "RDATE:20260305T150000Z"],
        ["02 15:00-02 16:00", "05 15:00-05 16:00"],
    ),
    (["DTSTART:20260501T150000Z", "DURATION:PT1H"], []),
    ([NY + "20260302T150000", "DTEND;VALUE=DATE:20260303"], []),  # a time and a day: skipped
]


@pytest.mark.parametrize(("lines", "expected"), TABLE)
def test_busy_times(lines: list[str], expected: list[str]) -> None:
    assert read(calendar(*lines)) == expected


def test_a_repetition_that_was_moved_counts_where_it_is_now() -> None:
    series = calendar("DTSTART:20260302T150000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2").decode()
    moved = (
        "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260303T150000Z\r\n"
        "DTSTART:20260304T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    )
    both = series.replace("END:VCALENDAR", moved + "END:VCALENDAR").encode()
    assert read(both) == ["02 15:00-02 16:00", "04 10:00-04 11:00"]


def test_free_and_busy_of_another_kind() -> None:
    lines = (
        "FREEBUSY;FBTYPE=BUSY:20260302T150000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20260303T150000Z/PT1H",
    )
    assert read(calendar(*lines, kind="VFREEBUSY")) == ["02 15:00-02 16:00"]


def test_touching_entries_become_one_stretch_and_broken_ones_are_counted() -> None:
    good = calendar("DTSTART:20260302T150000Z", "DURATION:PT1H").decode()
    more = "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260302T160000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    broken = "BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20260302T160000Z\r\nDTEND;VALUE=DATE:20260303\r\nEND:VEVENT\r\n"
    found = busy(
        good.replace("END:VCALENDAR", more + broken + "END:VCALENDAR").encode(), zone=ZONE, start=START, end=END
    )
    assert (len(found.stretches), found.skipped) == (1, 1)


def test_what_is_no_calendar_is_said_so() -> None:
    for data in (b"", b"<html>", b"\0\xff", b"BEGIN:VTODO\r\nEND:VTODO\r\n"):
        with pytest.raises(NoCalendar):
            busy(data, zone=ZONE, start=START, end=END)


def test_too_many_entries_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST", 2)
    with pytest.raises(TooMuch):
        read(calendar("DTSTART:20260302T150000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))


def test_the_process_apart_answers_the_same() -> None:
    data = calendar("DTSTART:20260302T150000Z", "DURATION:PT1H")
    asked = {"zone": ZONE, "start": START, "end": END}
    assert read_apart(data, **asked) == busy(data, **asked)  # type: ignore[arg-type]  # a table
    with pytest.raises(NoCalendar):
        read_apart(b"nothing", **asked)  # type: ignore[arg-type]  # the same


def test_its_work_is_a_line_of_json() -> None:
    line = b'{"zone": "UTC", "start": 1772323200, "end": 1775001600}\n'
    assert work(line + calendar("DTSTART:20260302T150000Z", "DURATION:PT1H")) == (
        0,
        '{"stretches": [[1772463600.0, 1772467200.0]], "skipped": 0}',
    )
    assert work(line + b"nothing")[0] == 3


def test_a_process_apart_that_was_ended_had_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(asked: list[str], **_more: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(asked, returncode=-9, stdout=b"", stderr=b"")

    monkeypatch.setattr(subprocess, "run", killed)
    with pytest.raises(TooMuch, match="memory or time"):
        read_apart(calendar("DTSTART:20260302T150000Z", "DURATION:PT1H"), zone=ZONE, start=START, end=END)


def test_a_limit_that_the_system_refuses_does_not_keep_the_other_away(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse_the_first(what: int, most: tuple[int, int]) -> None:
        asked.append((what, most))
        if len(asked) == 1:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse_the_first)
    calendars.limit()
    assert asked == [
        (resource.RLIMIT_CPU, (calendars.SECONDS, calendars.SECONDS)),
        (resource.RLIMIT_AS, (calendars.MEMORY, calendars.MEMORY)),
    ]


@pytest.mark.slow
def test_a_rule_that_repeats_every_second_for_ever_ends_its_own_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    # Takes as long as one calendar may: here cut to a second.
    monkeypatch.setattr(calendars, "SECONDS", 1)
    with pytest.raises(TooMuch):
        read_apart(
            calendar("DTSTART:19000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"),
            zone=ZONE,
            start=START,
            end=END,
        )


def test_every_calendar_of_the_reference_data_is_survived(shared: Path) -> None:
    read_ones = refused = 0
    for path in sorted((shared / "data/ical/icalendar").glob("*.ics")):
        try:
            busy(
                path.read_bytes(),
                zone=ZONE,
                start=datetime(1990, 1, 1, tzinfo=UTC),
                end=datetime(2040, 1, 1, tzinfo=UTC),
            )
            read_ones += 1
        except NoCalendar:
            refused += 1
    assert (read_ones, refused) == (142, 21)
