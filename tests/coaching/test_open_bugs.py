"""What the open bugs of other schedulers are about, as a list of our own tests: none of them may happen here.

The table is the register: a line whose test was renamed or removed fails here. Numbers are those of calcom/cal.diy
(cal.com's public repository), alextselegidis/easyappointments (E!A) and LibreBooking/librebooking (LB), looked up in
November 2026; "closed" ones stand here too where the same kind of mistake came back.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from confrere.coaching.clock import weekly
from confrere.coaching.slots import free_starts
from confrere.coaching.week import week_of
from confrere.post.ics import Appointment, calendar

TESTS = Path(__file__).parents[1]
NEW_YORK = "America/New_York"
#: What happens there → the tests that show that it does not happen here, as file::test.
BUGS = {
    "cal.com #29958, #10789; E!A #1783: two requests for one time are both confirmed": [
        "coaching/test_race::test_two_hundred_race_for_one_slot_and_one_gets_it",
        "coaching/test_models::test_nobody_is_in_two_places_in_whatever_role",
        "coaching/machine/test_machine::test_nobody_is_in_two_places_however_often_they_try",
    ],
    "cal.com #13397; LB #147: who books at the same moment gets it as well": [
        "coaching/test_race::test_two_hundred_race_for_one_slot_and_one_gets_it",
        "coaching/test_booking::test_a_time_that_is_gone_is_answered_with_the_next_three",
    ],
    "E!A #1431: the back office may put one appointment over another": [
        "coaching/test_models::test_nobody_is_in_two_places_in_whatever_role",
        "coaching/test_models::test_hours_of_a_coach_do_not_overlap_and_are_half_open",
    ],
    "cal.com #23974: a reserved time is booked by somebody else": [
        "coaching/test_choosing_holds::test_a_held_time_is_free_for_its_holder_only",
        "coaching/test_choosing_holds::test_what_cannot_be_booked_cannot_be_held",
    ],
    "cal.com #15997: only the first of recurring bookings are checked": [
        "coaching/test_series::test_one_clash_books_nothing_and_every_clash_is_named",
        "coaching/test_series::test_tuesdays_at_half_past_five_five_times",
    ],
    "cal.com #13068: one form makes two bookings": [
        "coaching/test_booking::test_the_same_form_books_once_and_another_form_under_its_number_is_refused",
        "coaching/views/test_choosing::test_the_same_form_twice_is_one_booking_and_another_body_under_it_422",
    ],
    "cal.com #244: a time that nobody offers is booked by its address": [
        "coaching/machine/test_machine::test_nobody_is_ever_in_two_places",
        "coaching/test_choosing_holds::test_what_cannot_be_booked_cannot_be_held",
    ],
    "cal.com #4702, #6217, #10517, #19589: hours move by one when the clocks change": [
        "coaching/test_transitions::test_weekly_hours_stay_at_the_same_time_on_the_wall",
        "coaching/test_transitions::test_sessions_across_a_change_last_their_real_minutes",
        "coaching/test_transitions::test_a_time_in_a_gap_is_refused_and_one_in_a_fold_is_asked_about",
        "coaching/test_clock::test_hours_across_the_jump_are_shorter_and_across_the_way_back_longer",
    ],
    "cal.com #30021: an afternoon on the day of the change begins an hour late": [
        "coaching/test_open_bugs::test_an_afternoon_on_the_day_of_the_change_begins_when_it_says"
    ],
    "cal.com #12137: notice that ends on the day of the change moves everything after it": [
        "coaching/test_open_bugs::test_notice_that_ends_on_the_day_of_the_change_moves_nothing"
    ],
    "E!A #962; cal.com #1092: the entry for the calendar is an hour off": [
        "coaching/test_open_bugs::test_an_entry_for_a_calendar_is_an_instant",
        "coaching/test_reminding::test_both_get_an_entry_that_a_move_and_a_cancellation_replace",
    ],
    "cal.com #8398: what another calendar says is read in the wrong zone": [
        "post/test_calendars::test_every_calendar_of_the_reference_data_is_survived",
        "coaching/test_reminding::test_an_hour_of_the_other_clock_is_the_same_instant",
    ],
    "E!A #1432: hours late in the evening are lost to whoever lives further east": [
        "coaching/test_open_bugs::test_an_evening_is_the_next_day_further_east",
        "coaching/test_offering::test_hours_until_midnight_end_with_the_day",
    ],
    "cal.com #16872, #8376, #29720: what moved in the other calendar is not noticed": [
        "coaching/test_subscribing::test_every_hour_again",
        "coaching/test_subscribing::test_busy_times_are_kept_and_unchanged_ones_stay",
        "post/test_calendars::test_a_repetition_that_was_moved_counts_where_it_is_now",
    ],
    "cal.com #2434, #14558: a moved or cancelled session stays in the calendar as it was": [
        "coaching/test_reminding::test_both_get_an_entry_that_a_move_and_a_cancellation_replace",
        "coaching/views/test_around::test_unchanged_is_said_only_of_what_has_not_changed",
    ],
    "cal.com #6032: another calendar's events are not in the way": [
        "coaching/test_hours_rules::test_another_calendar_is_in_the_way"
    ],
    "cal.com #15862: nothing limits how often one person books": [
        "coaching/test_booking::test_seven_bookings_are_one_too_many"
    ],
    "cal.com #5268, #15005: a full day or week is still shown, and refused after the choice": [
        "coaching/test_hours_rules::test_the_most_on_a_day_counts_by_the_coachs_clock",
        "coaching/views/test_choosing::test_a_coach_whose_hours_are_full_has_no_free_time",
    ],
    "cal.com #13331, #13360, #17221: places of one time are miscounted": [
        "coaching/test_booking::test_a_full_coach_takes_no_new_participant_but_keeps_the_present_ones"
    ],
    "cal.com #5941: a limit for the day counts days of another clock": [
        "coaching/test_hours_rules::test_the_most_on_a_day_counts_by_the_coachs_clock"
    ],
}


@pytest.mark.parametrize("bug", BUGS)
def test_each_bug_has_its_tests(bug: str) -> None:
    for named in BUGS[bug]:
        file, _colons, name = named.partition("::")
        assert re.search(rf"def {name}\(", (TESTS / f"{file}.py").read_text()), named


def test_an_afternoon_on_the_day_of_the_change_begins_when_it_says() -> None:
    """13:00 to 18:00 in New York on the Sundays around 8 March and 1 November 2026, when the clocks change."""
    spring = weekly(on=date(2026, 3, 1), starts=time(13), ends=time(18), zone=NEW_YORK, weeks=3)
    assert [(span.start.hour, span.end.hour) for span in spring] == [(18, 23), (17, 22), (17, 22)]
    autumn = weekly(on=date(2026, 10, 25), starts=time(13), ends=time(18), zone=NEW_YORK, weeks=3)
    assert [(span.start.hour, span.end.hour) for span in autumn] == [(17, 22), (18, 23), (18, 23)]


def test_notice_that_ends_on_the_day_of_the_change_moves_nothing() -> None:
    """Seven days' notice, looked at on the Sunday before the change: the starts are those of the hours on offer."""
    hours = list(weekly(on=date(2026, 11, 1), starts=time(9), ends=time(11), zone=NEW_YORK, weeks=2))
    earliest = datetime(2026, 10, 25, 13, tzinfo=UTC) + timedelta(days=7)
    starts = [
        start
        for span in hours
        for start in free_starts(windows=[span], busy=[], minutes=60, within=span)
        if start >= earliest
    ]
    assert [start.isoformat() for start in starts if start.minute == 0] == [
        "2026-11-01T14:00:00+00:00",
        "2026-11-01T15:00:00+00:00",
        "2026-11-08T14:00:00+00:00",
        "2026-11-08T15:00:00+00:00",
    ]


def test_an_entry_for_a_calendar_is_an_instant() -> None:
    """In UTC, without a zone's name that a calendar program could read otherwise."""
    [session] = weekly(on=date(2026, 3, 8), starts=time(17, 30), ends=time(18, 30), zone=NEW_YORK, weeks=1)
    entry = Appointment(uid="1@example.org", sequence=0, start=session.start, end=session.end, changed=session.start)
    lines = calendar([entry], method="PUBLISH").splitlines()
    assert "DTSTART:20260308T213000Z" in lines
    assert "DTEND:20260308T223000Z" in lines
    assert not [line for line in lines if "TZID" in line]


def test_an_evening_is_the_next_day_further_east() -> None:
    """23:00 in New York is shown to somebody in London: at four in the morning of the day after."""
    [late] = weekly(on=date(2026, 3, 3), starts=time(22), ends=time(0), zone=NEW_YORK, weeks=1)
    starts = free_starts(windows=[late], busy=[], minutes=60, within=late)
    week = week_of(starts, zone="Europe/London", asked=None)
    assert week is not None
    assert {each.day: len(each.starts) for each in week.days if each.starts} == {date(2026, 3, 4): len(starts)}
    assert len(starts) == 3
