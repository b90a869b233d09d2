"""Which starts are free."""

from datetime import UTC, datetime

from confrere.coaching.clock import Span
from confrere.coaching.slots import free_starts, joined, without


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-03T{text}").replace(tzinfo=UTC)


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


DAY = span("00:00", "23:00")


def test_touching_and_overlapping_spans_become_one() -> None:
    assert joined([span("10:00", "11:00"), span("09:00", "10:00"), span("10:30", "10:45"), span("12:00", "13:00")]) == [
        span("09:00", "11:00"),
        span("12:00", "13:00"),
    ]


def test_what_is_occupied_is_cut_out() -> None:
    busy = [span("08:00", "09:30"), span("11:00", "11:30"), span("15:00", "16:00")]
    assert list(without([span("09:00", "12:00")], busy)) == [span("09:30", "11:00"), span("11:30", "12:00")]
    assert list(without([span("09:00", "12:00")], [span("11:00", "13:00")])) == [span("09:00", "11:00")]
    assert list(without([span("09:00", "12:00")], [DAY])) == []


def test_starts_are_half_an_hour_apart_and_the_session_fits() -> None:
    assert free_starts(windows=[span("17:00", "19:00")], busy=[], minutes=90, within=DAY) == [at("17:00"), at("17:30")]


def test_after_a_busy_stretch_the_next_start_is_its_end() -> None:
    starts = free_starts(windows=[span("17:00", "20:00")], busy=[span("17:15", "18:20")], minutes=60, within=DAY)
    assert starts == [at("18:20"), at("18:50")]


def test_a_session_lies_wholly_within_what_was_asked_for() -> None:
    starts = free_starts(windows=[span("09:00", "12:00")], busy=[], minutes=60, within=span("09:30", "11:00"))
    assert starts == [at("09:30"), at("10:00")]
