"""What is said of the sessions that are left."""

from datetime import UTC, datetime

from confrere.coaching import words

UNTIL = datetime(2026, 5, 12, 8, tzinfo=UTC)


def test_what_is_left_is_said_with_its_day() -> None:
    assert words.left(remaining=4, granted=6, until=UNTIL, zone="America/New_York") == (
        "4 of 6 sessions left, until 12 May 2026."
    )


def test_nothing_left_needs_no_day() -> None:
    assert words.left(remaining=0, granted=6, until=UNTIL, zone="America/New_York") == "No session is left to book."
