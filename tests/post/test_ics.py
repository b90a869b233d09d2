from datetime import UTC, datetime, timedelta, timezone

from confrere.post.ics import Appointment, calendar

START = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
ENTRY = Appointment(
    uid="a@example.org", sequence=2, start=START, end=START + timedelta(minutes=90), changed=START - timedelta(days=1)
)


def test_an_entry_says_when_and_nothing_else() -> None:
    assert calendar([ENTRY], method="PUBLISH").split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//confrere//appointments//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:a@example.org",
        "SEQUENCE:2",
        "DTSTAMP:20260302T223000Z",
        "DTSTART:20260303T223000Z",
        "DTEND:20260304T000000Z",
        "SUMMARY:Appointment",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_times_are_instants_in_whatever_zone_they_come() -> None:
    east = timezone(timedelta(hours=9))
    moved = Appointment(uid="a", sequence=0, start=START.astimezone(east), end=ENTRY.end, changed=START)
    assert "DTSTART:20260303T223000Z" in calendar([moved], method="PUBLISH")


def test_a_cancelled_one_frees_the_time_and_names_only_whom_the_letter_is_for() -> None:
    gone = Appointment(
        uid="a",
        sequence=3,
        start=START,
        end=ENTRY.end,
        changed=START,
        cancelled=True,
        organizer="confrere@example.org",
        attendee="ama@example.org",
    )
    lines = calendar([gone], method="CANCEL").split("\r\n")
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "TRANSP:TRANSPARENT"} <= set(lines)
    assert "ORGANIZER:mailto:confrere@example.org" in lines
    assert "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:ama@example.org" in lines


def test_long_lines_are_folded_between_characters() -> None:
    long = Appointment(uid="ü" * 90, sequence=0, start=START, end=ENTRY.end, changed=START)
    text = calendar([long], method="PUBLISH")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert f"UID:{'ü' * 90}" in text.replace("\r\n ", "")
