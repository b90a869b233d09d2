"""Wall time and real time: what exists once, never, or twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from confrere.coaching.clock import Fold, Gap, Span, instant, weekly, window

NEW_YORK = "America/New_York"


def wall(text: str) -> datetime:
    """A naive local time, as someone types it."""
    return datetime.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "fold", "expected"),
    [
        ("2026-03-03T17:30", None, "2026-03-03T22:30"),
        ("2026-03-08T01:59", None, "2026-03-08T06:59"),  # before the jump
        ("2026-03-08T03:00", None, "2026-03-08T07:00"),  # a minute later
        ("2026-11-01T01:30", 0, "2026-11-01T05:30"),
        ("2026-11-01T01:30", 1, "2026-11-01T06:30"),
        ("2026-11-01T02:00", None, "2026-11-01T07:00"),
    ],
)
def test_a_wall_time_is_one_instant(typed: str, fold: int | None, expected: str) -> None:
    assert instant(wall(typed), zone=NEW_YORK, fold=fold) == at(expected)


def test_a_time_that_the_clocks_jump_over_is_a_gap_whatever_is_chosen() -> None:
    for fold in (None, 0, 1):
        with pytest.raises(Gap):
            instant(wall("2026-03-08T02:30"), zone=NEW_YORK, fold=fold)


def test_a_time_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(Fold) as caught:
        instant(wall("2026-11-01T01:30"), zone=NEW_YORK)
    assert (caught.value.wall, caught.value.zone) == (wall("2026-11-01T01:30"), NEW_YORK)


def test_midnight_ends_a_day() -> None:
    span = window(on=date(2026, 3, 3), starts=time(22), ends=time(0), zone=NEW_YORK)
    assert span == Span(at("2026-03-04T03:00"), at("2026-03-04T05:00"))


def test_a_window_that_ends_before_it_starts_is_none() -> None:
    with pytest.raises(ValueError, match="a span ends after it starts"):
        window(on=date(2026, 3, 3), starts=time(20), ends=time(17), zone=NEW_YORK)


def test_weekly_hours_keep_the_wall_clock_through_the_change() -> None:
    spans = list(weekly(on=date(2026, 3, 3), starts=time(17), ends=time(18), zone=NEW_YORK, weeks=2))
    assert spans == [
        Span(at("2026-03-03T22:00"), at("2026-03-03T23:00")),
        Span(at("2026-03-10T21:00"), at("2026-03-10T22:00")),
    ]


def test_spans_that_only_touch_do_not_overlap() -> None:
    first, second = (
        Span(at("2026-03-03T22:00"), at("2026-03-03T23:00")),
        Span(at("2026-03-03T23:00"), at("2026-03-04T00:00")),
    )
    assert not first.overlaps(second)
    assert first.overlaps(Span(at("2026-03-03T22:59"), at("2026-03-03T23:30")))
    assert Span(first.start, second.end).contains(second)


def test_hours_across_the_jump_are_shorter_and_across_the_way_back_longer() -> None:
    spring = window(on=date(2026, 3, 8), starts=time(1), ends=time(4), zone=NEW_YORK)
    autumn = window(on=date(2026, 11, 1), starts=time(0), ends=time(3), zone=NEW_YORK)
    assert (spring.end - spring.start, autumn.end - autumn.start) == (timedelta(hours=2), timedelta(hours=4))
    assert spring.start.astimezone(ZoneInfo(NEW_YORK)).time() == time(1)
