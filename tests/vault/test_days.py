from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from confrere.vault import days

EVENING = datetime(2026, 3, 3, 21, 30, 15, 7, tzinfo=ZoneInfo("America/New_York"))  # already the fourth in UTC
FOURTH = datetime(2026, 3, 4, tzinfo=UTC)


def test_a_day_is_that_of_utc_whatever_the_clock_of_the_moment() -> None:
    assert days.of(EVENING) == date(2026, 3, 4)
    assert days.start(date(2026, 3, 4)) == FOURTH


def test_a_moment_is_kept_by_the_beginning_or_the_end_of_its_day() -> None:
    assert days.floor(EVENING) == FOURTH
    assert days.ceiling(EVENING) == FOURTH + timedelta(days=1)
    assert days.floor(FOURTH) == days.ceiling(FOURTH) == FOURTH
