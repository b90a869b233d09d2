"""Booking, moving and cancelling, through the actions."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from psycopg.errors import DeadlockDetected, ExclusionViolation
from pytest_django import DjangoAssertNumQueries
from tests.coaching.conftest import MINUTES, NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions.booking import _instead, just_taken
from confrere.coaching.models import Booking, Occupied, Shunned, State
from confrere.post.models import Letter
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def refused(caught: pytest.ExceptionInfo[Refusal]) -> tuple[int, str]:
    return caught.value.status, caught.value.sentence


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    """A coach with hours 17:00 to 20:00 on three Tuesdays: (person, page)."""
    person, page = house.coach()
    for week in range(3):
        house.offer(person, on=TUESDAY + week * WEEK)
    return person, page


# New York changes its clocks on 8 March: 17:30 is 22:30 UTC before and 21:30 UTC after.
SECOND = TUESDAY + WEEK - HOUR
THIRD = SECOND + WEEK


def starts(house: House, person: int) -> list[tuple[int, datetime]]:
    return [(each.k, each.span.start) for each in queries.sessions(programme=house.programme, person=person)]


def test_the_first_session_is_booked_for_90_real_minutes(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    (session,) = queries.sessions(programme=house.programme, person=person)
    assert (session.booking, session.k, session.minutes) == (booking, 1, 90)
    assert session.span.end - session.span.start == timedelta(minutes=90)
    assert (session.other(person), session.other(coach[0])) == ("Eva Lindqvist", "Ama Osei")
    assert sorted(Occupied.objects.values_list("person", flat=True)) == sorted([person, coach[0]])
    assert queries.sessions(programme=house.programme, person=coach[0]) == [session]


def test_what_a_booking_costs(
    house: House, coach: tuple[int, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = house.participant()
    with django_assert_num_queries(19 + 2):  # and the transaction
        house.book(person, coach[1], TUESDAY)
    house.book(person, coach[1], SECOND)
    with django_assert_num_queries(18 + 2):  # that somebody has booked is noted once
        house.book(person, coach[1], THIRD)


def test_the_next_session_lasts_60_minutes_and_has_the_next_number(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    house.book(person, coach[1], TUESDAY)
    house.book(person, coach[1], SECOND)
    assert starts(house, person) == [(1, TUESDAY), (2, SECOND)]
    mine = queries.ledger(programme=house.programme, person=person, now=NOW)
    assert mine is not None
    assert (mine.remaining, mine.next_k, mine.taken) == (4, 3, frozenset({1, 2}))


def test_the_same_form_books_once_and_another_form_under_its_number_is_refused(
    house: House, coach: tuple[int, int]
) -> None:
    person, key = house.participant(), uuid4()

    def send(start: datetime) -> int:
        return actions.book(programme=house.programme, person=person, coach=coach[1], start=start, key=key, now=NOW)

    first = send(TUESDAY)
    assert send(TUESDAY) == first
    assert Booking.objects.count() == 1
    with pytest.raises(Refusal) as caught:
        send(SECOND)
    assert refused(caught) == (422, "This form was already used for another time. Open the page again and choose.")


def test_a_time_that_is_gone_is_answered_with_the_next_three(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant("Ben Adler"), coach[1], TUESDAY)
    with pytest.raises(Refusal) as caught:
        house.book(house.participant(), coach[1], TUESDAY)
    assert refused(caught) == (
        409,
        "The time was just taken; these are free: Tue 10 March, 17:00; Tue 10 March, 17:30; Tue 10 March, 18:00.",
    )


def test_near_the_end_earlier_times_are_offered_instead(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant("Ben Adler"), coach[1], THIRD)
    with pytest.raises(Refusal) as caught:
        house.book(house.participant(), coach[1], THIRD)
    assert refused(caught) == (
        409,
        "The time was just taken; these are free: Tue 10 March, 17:30; Tue 10 March, 18:00; Tue 10 March, 18:30.",
    )


def test_when_nothing_is_left_another_coach_is_named(house: House) -> None:
    person, page = house.coach()
    house.offer(person)
    house.book(house.participant("Ben Adler"), page, TUESDAY)
    with pytest.raises(Refusal) as caught:
        house.book(house.participant(), page, TUESDAY)
    assert refused(caught) == (
        409,
        "The time was just taken, and this coach has no other free time. Choose another coach.",
    )


def test_nobody_is_with_two_coaches_at_once(house: House, coach: tuple[int, int]) -> None:
    other, page = house.coach("Noor Haddad")
    house.offer(other, on=TUESDAY + WEEK)
    person = house.participant()
    house.book(person, coach[1], TUESDAY)
    house.book(person, coach[1], SECOND)
    with pytest.raises(Refusal) as caught:
        house.book(person, page, SECOND + HOUR / 2)
    assert refused(caught) == (409, "You already have an appointment at that time. Choose another one.")


def test_a_coach_who_is_coached_elsewhere_then_is_not_free(house: House, coach: tuple[int, int]) -> None:
    other, page = house.coach("Noor Haddad")
    house.offer(other, on=TUESDAY)
    house.grant(other)
    house.book(other, coach[1], TUESDAY)
    with pytest.raises(Refusal, match="The time was just taken"):
        house.book(house.participant(), page, TUESDAY)


@pytest.mark.parametrize("missing", ["other programme", "none"])
def test_a_coach_of_elsewhere_and_none_are_the_same_404(house: House, coach: tuple[int, int], missing: str) -> None:
    from tests.coaching.conftest import build_house

    page = build_house().coach()[1] if missing == "other programme" else 0
    with pytest.raises(Refusal) as caught:
        house.book(house.participant(), page, TUESDAY)
    assert refused(caught) == (404, "There is nothing here, or it is not yours to open.")


def test_a_coach_cannot_book_their_own_hours(house: House, coach: tuple[int, int]) -> None:
    house.grant(coach[0])
    with pytest.raises(Refusal) as caught:
        house.book(coach[0], coach[1], TUESDAY)
    assert refused(caught) == (409, "This is your own page. Choose another coach.")


def test_a_full_coach_takes_no_new_participant_but_keeps_the_present_ones(house: House) -> None:
    person, page = house.coach(capacity=1)
    for week in range(2):
        house.offer(person, on=TUESDAY + week * WEEK)
    mine, other = house.participant(), house.participant("Ben Adler")
    house.book(mine, page, TUESDAY)
    with pytest.raises(Refusal) as caught:
        house.book(other, page, SECOND)
    assert refused(caught) == (409, "This coach takes no new participants at the moment. Choose another coach.")
    house.book(mine, page, SECOND)
    assert starts(house, mine) == [(1, TUESDAY), (2, SECOND)]


def test_withdrawn_hours_keep_their_bookings_and_take_no_new_ones(house: House) -> None:
    person, page = house.coach()
    (hours,) = house.offer(person)
    mine = house.participant()
    house.book(mine, page, TUESDAY)
    actions.withdraw_hours(programme=house.programme, person=person, hours=hours, now=NOW)
    assert starts(house, mine) == [(1, TUESDAY)]
    with pytest.raises(Refusal, match="The time was just taken"):
        house.book(house.participant("Ben Adler"), page, TUESDAY + HOUR)


def test_moving_moves_both_people_in_one_statement(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    actions.move(programme=house.programme, person=person, booking=booking, start=TUESDAY + WEEK, now=NOW)
    times = {(row.person_id, row.during.lower) for row in Occupied.objects.all()}
    assert times == {(person, TUESDAY + WEEK), (coach[0], TUESDAY + WEEK)}


def test_moving_by_half_an_hour_does_not_stand_in_its_own_way(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    actions.move(programme=house.programme, person=person, booking=booking, start=TUESDAY - HOUR / 2, now=NOW)
    assert starts(house, person) == [(1, TUESDAY - HOUR / 2)]


def test_moving_to_where_it_is_changes_nothing(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    letters = Letter.objects.count()
    actions.move(programme=house.programme, person=person, booking=booking, start=TUESDAY, now=NOW)
    assert (starts(house, person), Letter.objects.count()) == ([(1, TUESDAY)], letters)


def test_moving_to_a_taken_time_is_refused_and_leaves_it_where_it_was(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    house.book(house.participant("Ben Adler"), coach[1], SECOND)
    with pytest.raises(Refusal) as caught:
        actions.move(programme=house.programme, person=person, booking=booking, start=SECOND, now=NOW)
    assert refused(caught) == (
        409,
        "The time was just taken; these are free: Tue 17 March, 17:00; Tue 17 March, 17:30; Tue 17 March, 18:00.",
    )
    assert starts(house, person) == [(1, TUESDAY)]


def test_the_first_session_stays_before_the_shorter_ones(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    first = house.book(person, coach[1], TUESDAY)
    second = house.book(person, coach[1], SECOND)
    sentence = (
        "Session 1 lasts 90 minutes and keeps its place before or after the sessions already booked: "
        "choose another time, or move those first."
    )
    with pytest.raises(Refusal) as caught:
        actions.move(programme=house.programme, person=person, booking=first, start=THIRD, now=NOW)
    assert refused(caught) == (409, sentence)
    with pytest.raises(Refusal, match="Session 2 lasts 60 minutes"):
        actions.move(programme=house.programme, person=person, booking=second, start=TUESDAY - HOUR / 2, now=NOW)


def test_cancelling_frees_the_number_and_both_people(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    actions.cancel(programme=house.programme, person=person, booking=booking, now=NOW)
    assert (Booking.objects.get().state, Booking.objects.get().k) == (State.CANCELLED, None)
    assert Occupied.objects.count() == 0
    house.book(person, coach[1], TUESDAY)
    assert starts(house, person) == [(1, TUESDAY)]


@pytest.mark.parametrize(
    ("who", "hours_before", "sentence"),
    [
        ("participant", 24, None),
        (
            "participant",
            23,
            "A session can be moved or cancelled until 24 hours before. Reach your coach directly.",
        ),
        ("coach", 1, None),
        ("coach", 0, "This session has started. Say below what became of it."),
    ],
)
def test_until_when_a_session_can_be_cancelled(
    house: House, coach: tuple[int, int], who: str, hours_before: int, sentence: str | None
) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    actor = person if who == "participant" else coach[0]
    now = TUESDAY - hours_before * HOUR
    if sentence is None:
        actions.cancel(programme=house.programme, person=actor, booking=booking, now=now)
        assert Booking.objects.get().state == State.CANCELLED
        return
    with pytest.raises(Refusal) as caught:
        actions.cancel(programme=house.programme, person=actor, booking=booking, now=now)
    assert refused(caught) == (409, sentence)


def test_a_coach_does_not_move_a_session(house: House, coach: tuple[int, int]) -> None:
    booking = house.book(house.participant(), coach[1], TUESDAY)
    with pytest.raises(Refusal) as caught:
        actions.move(programme=house.programme, person=coach[0], booking=booking, start=SECOND, now=NOW)
    assert refused(caught) == (403, "Only the participant moves a session. You can cancel it.")


def test_a_session_of_others_is_the_same_404_as_none(house: House, coach: tuple[int, int]) -> None:
    booking = house.book(house.participant(), coach[1], TUESDAY)
    stranger = house.participant("Ben Adler")
    nothing = (404, "There is nothing here, or it is not yours to open.")
    for number in (booking, 0):
        with pytest.raises(Refusal) as caught:
            actions.move(programme=house.programme, person=stranger, booking=number, start=SECOND, now=NOW)
        assert refused(caught) == nothing
        with pytest.raises(Refusal) as caught:
            actions.cancel(programme=house.programme, person=stranger, booking=number, now=NOW)
        assert refused(caught) == nothing


def test_what_is_cancelled_is_neither_moved_nor_cancelled_again(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    actions.cancel(programme=house.programme, person=person, booking=booking, now=NOW)
    for verb in (
        lambda: actions.cancel(programme=house.programme, person=person, booking=booking, now=NOW),
        lambda: actions.move(programme=house.programme, person=person, booking=booking, start=SECOND, now=NOW),
    ):
        with pytest.raises(Refusal) as caught:
            verb()
        assert refused(caught) == (409, "This session is no longer booked.")


def test_each_change_tells_both_people_neutrally_and_is_audited(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    before = Payload.objects.count()
    booking = house.book(person, coach[1], TUESDAY)
    actions.move(
        programme=house.programme, person=person, booking=booking, start=SECOND, now=NOW + timedelta(minutes=1)
    )
    actions.cancel(programme=house.programme, person=person, booking=booking, now=NOW + timedelta(minutes=2))
    letters = list(Letter.objects.all())
    assert len(letters) == 6
    assert {letter.subject for letter in letters} == {"Appointment"}
    assert {letter.body for letter in letters} == {
        "Something about an appointment of yours is new. You can read it here:\n\nhttp://localhost/\n"
    }
    assert Payload.objects.count() == before + 3


def test_seven_bookings_are_one_too_many(house: House) -> None:
    person, page = house.coach()
    for week in range(7):
        house.offer(person, on=TUESDAY + week * WEEK)
    mine = house.participant()
    for week in range(6):
        house.book(mine, page, TUESDAY if week == 0 else SECOND + (week - 1) * WEEK)
    assert [k for k, _start in starts(house, mine)] == list(range(1, len(MINUTES) + 1))
    with pytest.raises(Refusal) as caught:
        house.book(mine, page, SECOND + 5 * WEEK)
    assert refused(caught) == (409, "All your 6 sessions are booked or were held; there is no further one.")


@pytest.mark.parametrize("cause", [ExclusionViolation, DeadlockDetected])
def test_what_the_database_refuses_between_two_people_is_said_in_words(
    house: House, coach: tuple[int, int], cause: type[Exception]
) -> None:
    person = house.participant()
    error = DatabaseError()
    error.__cause__ = cause()
    with (
        pytest.raises(Refusal) as caught,
        just_taken(programme=house.programme, person=person, coach=coach[1], after=TUESDAY, now=NOW),
    ):
        raise error
    assert refused(caught)[1].startswith("The time was just taken; these are free: Tue 3 March, 17:30; ")


def test_other_troubles_of_the_database_are_not_hidden(house: House, coach: tuple[int, int]) -> None:
    with (
        pytest.raises(DatabaseError, match="disk"),
        just_taken(programme=house.programme, person=0, coach=coach[1], after=TUESDAY, now=NOW),
    ):
        raise DatabaseError("disk")


def test_who_used_up_every_session_meanwhile_is_offered_no_other_time(house: House, coach: tuple[int, int]) -> None:
    """The time was found taken, and in the same moment the person's sessions ended: nothing is left to offer."""
    person, over = house.participant(), NOW + timedelta(days=200)
    sentence = _instead(programme=house.programme, person=person, coach=coach[1], after=TUESDAY, now=over, moving=None)
    assert sentence == "The time was just taken, and this coach has no other free time. Choose another coach."


def test_whom_one_does_not_want_to_meet_any_more_one_does_not_move_to(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    booking = house.book(person, coach[1], TUESDAY)
    given = [(Shunned.Kind.NAME, "Eva Lindqvist")]
    actions.shun(programme=house.programme, site=house.site, person=person, given=given, now=NOW)
    with pytest.raises(Refusal) as caught:
        actions.move(
            programme=house.programme, person=person, booking=booking, start=TUESDAY + timedelta(minutes=30), now=NOW
        )
    assert refused(caught) == (404, "There is nothing here, or it is not yours to open.")
    assert Booking.objects.get().during.lower == TUESDAY
