"""Every change of every clock on earth, 2024 to 2030: no hour shifts, no session is longer or shorter than it says."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from confrere.coaching.clock import Fold, Gap, Span, instant, weekly, window
from confrere.coaching.slots import free_starts

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@cache
def transitions() -> tuple[tuple[str, datetime, timedelta], ...]:
    """(zone, instant of the change, by how much the wall clock jumps) of every zone, to the minute."""
    return tuple(change for zone in sorted(available_timezones()) for change in changes_of(ZoneInfo(zone), zone))


def changes_of(rules: ZoneInfo, zone: str) -> Iterator[tuple[str, datetime, timedelta]]:
    moment = FIRST
    before = rules.utcoffset(moment.astimezone(rules))
    while moment < LAST:
        after = rules.utcoffset((moment + DAY).astimezone(rules))
        assert before is not None
        assert after is not None
        if after != before:
            low, high = moment, moment + DAY
            while high - low > MINUTE:
                middle = low + (high - low) // 2 // MINUTE * MINUTE
                if rules.utcoffset(middle.astimezone(rules)) == before:
                    low = middle
                else:
                    high = middle
            yield zone, high, after - before
        moment, before = moment + DAY, after


def wall_clock(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall shows, without its zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def test_there_are_thousands_of_changes_in_both_directions() -> None:
    jumps = [jump for _zone, _moment, jump in transitions()]
    assert len(jumps) > 2000
    assert len([jump for jump in jumps if jump > timedelta(0)]) > 1000
    assert {abs(jump) for jump in jumps} >= {timedelta(hours=1), timedelta(minutes=30)}


def test_a_time_in_a_gap_is_refused_and_one_in_a_fold_is_asked_about() -> None:
    for zone, moment, jump in transitions():
        inside = wall_clock(moment, zone) - jump / 2
        if jump > timedelta(0):
            with pytest.raises(Gap):
                instant(inside, zone=zone, fold=0)
            continue
        with pytest.raises(Fold):
            instant(inside, zone=zone)
        first, second = (instant(inside, zone=zone, fold=fold) for fold in (0, 1))
        assert (second - first, first < moment <= second) == (-jump, True)
        assert {wall_clock(each, zone) for each in (first, second)} == {inside}


def test_the_minute_before_and_the_minute_after_are_plain() -> None:
    for zone, moment, jump in transitions():
        before = moment - MINUTE - max(timedelta(0), -jump)
        after = moment + max(timedelta(0), -jump)
        for each in (before, after):
            assert instant(wall_clock(each, zone), zone=zone) == each


def test_sessions_across_a_change_last_their_real_minutes() -> None:
    for zone, moment, _jump in transitions():
        hours = Span(moment - timedelta(hours=3), moment + timedelta(hours=3))
        for minutes in (60, 90):
            starts = free_starts(windows=[hours], busy=[], minutes=minutes, within=hours)
            assert starts == [hours.start + each * 30 * MINUTE for each in range((360 - minutes) // 30 + 1)]
            ends = [start + timedelta(minutes=minutes) for start in starts]
            assert {end.timestamp() - start.timestamp() for start, end in zip(starts, ends, strict=True)} == {
                minutes * 60.0
            }
            assert any(start < moment < end for start, end in zip(starts, ends, strict=True))
            assert ends[-1] == hours.end, zone


def test_weekly_hours_stay_at_the_same_time_on_the_wall() -> None:
    for zone, moment, _jump in transitions():
        day = wall_clock(moment, zone).date() - 3 * DAY
        spans = list(weekly(on=day, starts=time(12), ends=time(15), zone=zone, weeks=2))
        assert [wall_clock(span.start, zone).time() for span in spans] == [time(12), time(12)]
        assert [wall_clock(span.end, zone).time() for span in spans] == [time(15), time(15)]
        assert {span.end - span.start for span in spans} == {timedelta(hours=3)}


def test_a_whole_day_is_shorter_or_longer_by_the_jump() -> None:
    checked = 0
    for zone, moment, jump in transitions():
        day = wall_clock(moment - MINUTE, zone).date()
        try:
            span = window(on=day, starts=time(0), ends=time(0), zone=zone)
        except (Gap, Fold):
            continue  # at midnight itself: refused, as the other tests show
        crosses = span.start < moment <= span.end  # a gap that ends at midnight shortens the day before it
        assert span.end - span.start == DAY - jump * crosses
        checked += crosses
    assert checked > 1500
