"""After the session: two taps, then less and less."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions.holding import settle_due
from confrere.coaching.models import TRANSITIONS, Booking, HeldSession, Occupied, Said, State
from confrere.coaching.signals import session_held
from confrere.vault.refusals import Refusal

WEEK = timedelta(days=7)
AFTER = TUESDAY + timedelta(hours=2)


@pytest.fixture
def held() -> Iterator[list[dict[str, object]]]:
    """What the room above would hear."""
    heard: list[dict[str, object]] = []

    def listen(**said: object) -> None:
        heard.append({name: said[name] for name in ("programme", "person", "k", "minutes")})

    session_held.connect(listen, weak=False)
    yield heard
    session_held.disconnect(listen)


@pytest.fixture
def two(house: House) -> tuple[int, int, int]:
    """(participant, coach, booking) of a first session on Tuesday."""
    coach, page = house.coach()
    house.offer(coach)
    person = house.participant()
    return person, coach, house.book(person, page, TUESDAY)


def say(house: House, person: int, booking: int, said: Said) -> None:
    actions.confirm_held(programme=house.programme, person=person, booking=booking, said=said, now=AFTER)


def test_when_both_say_it_happened_it_is_held_and_announced(
    house: House, two: tuple[int, int, int], held: list[dict[str, object]]
) -> None:
    person, coach, booking = two
    say(house, coach, booking, Said.HAPPENED)
    assert (held, HeldSession.objects.count()) == ([], 0)
    say(house, person, booking, Said.HAPPENED)
    assert held == [{"programme": house.programme, "person": person, "k": 1, "minutes": 90}]
    assert list(HeldSession.objects.values_list("k", flat=True)) == [1]
    assert Booking.objects.get().state == State.HELD
    mine = queries.ledger(programme=house.programme, person=person, now=AFTER)
    assert mine is not None
    assert (mine.remaining, mine.next_k) == (5, 2)


@pytest.mark.parametrize(("said", "state"), [(Said.MOVED, State.MOVED), (Said.MISSED, State.MISSED)])
def test_when_both_say_otherwise_the_session_can_be_booked_again(
    house: House, two: tuple[int, int, int], held: list[dict[str, object]], said: Said, state: State
) -> None:
    person, coach, booking = two
    say(house, coach, booking, said)
    say(house, person, booking, said)
    assert (Booking.objects.get().state, Occupied.objects.count(), held) == (state, 0, [])
    mine = queries.ledger(programme=house.programme, person=person, now=AFTER)
    assert mine is not None
    assert mine.next_k == 1


def test_an_answer_can_be_changed_until_both_agree(house: House, two: tuple[int, int, int]) -> None:
    person, coach, booking = two
    say(house, person, booking, Said.MISSED)
    say(house, coach, booking, Said.HAPPENED)
    assert Booking.objects.get().state == State.BOOKED
    say(house, person, booking, Said.HAPPENED)
    assert Booking.objects.get().state == State.HELD
    with pytest.raises(Refusal) as caught:
        say(house, person, booking, Said.MISSED)
    assert caught.value.sentence == "This session is no longer booked."


def test_who_may_say_what_when(house: House, two: tuple[int, int, int]) -> None:
    person, _coach, booking = two
    stranger = house.participant("Ben Adler")
    for who, said, now, status, sentence in (
        (stranger, Said.HAPPENED, AFTER, 404, "There is nothing here, or it is not yours to open."),
        (person, Said.HAPPENED, TUESDAY - timedelta(seconds=1), 409, "This session has not started yet."),
        (person, Said.NOTHING, AFTER, 422, "Say whether it happened, was moved, or did not happen."),
    ):
        with pytest.raises(Refusal) as caught:
            actions.confirm_held(programme=house.programme, person=who, booking=booking, said=said, now=now)
        assert (caught.value.status, caught.value.sentence) == (status, sentence)


def test_its_participant_says_that_it_took_place_only_after_reading_the_limits(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    person = house.participant(read=False)
    booking = house.book(person, page, TUESDAY)
    with pytest.raises(Refusal, match="First read the limits of confidentiality"):
        say(house, person, booking, Said.HAPPENED)
    say(house, person, booking, Said.MISSED)
    say(house, coach, booking, Said.HAPPENED)
    actions.acknowledge(programme=house.programme, site=house.site, person=person, limits=None, now=AFTER)
    say(house, person, booking, Said.HAPPENED)
    assert Booking.objects.get().state == State.HELD


# the participant's answer | the coach's | what it is after seven days; None: the booking is gone
SETTLED = [
    (Said.HAPPENED, Said.HAPPENED, State.HELD),
    (Said.HAPPENED, Said.NOTHING, State.HELD),
    (Said.NOTHING, Said.HAPPENED, State.HELD),
    (Said.HAPPENED, Said.MISSED, State.HELD),
    (Said.MISSED, Said.HAPPENED, None),
    (Said.MOVED, Said.NOTHING, None),
    (Said.MOVED, Said.MOVED, None),
    (Said.NOTHING, Said.NOTHING, None),
]


@pytest.mark.parametrize("row", SETTLED)
def test_after_seven_days_what_remains_is_that_session_k_happened(
    house: House,
    two: tuple[int, int, int],
    held: list[dict[str, object]],
    row: tuple[Said, Said, State | None],
) -> None:
    participant, coach, state = row
    person, coach_person, booking = two
    for who, said in ((person, participant), (coach_person, coach)):
        if said is not Said.NOTHING:
            say(house, who, booking, said)
    end = TUESDAY + timedelta(minutes=90)
    assert actions.settle(now=end + WEEK - timedelta(seconds=1)) == 0
    assert actions.settle(now=end + WEEK) == 1
    assert actions.settle(now=end + WEEK) == 0
    assert HeldSession.objects.count() == len(held) == (1 if state is State.HELD else 0)
    left = list(Booking.objects.values_list("state", "coach_said", "participant_said"))
    assert left == ([] if state is None else [(state, "", "")])


def test_a_cancelled_booking_is_deleted_after_seven_days(house: House, two: tuple[int, int, int]) -> None:
    person, _coach, booking = two
    actions.cancel(programme=house.programme, person=person, booking=booking, now=NOW)
    actions.settle(now=AFTER + WEEK)
    assert Booking.objects.count() == 0


def test_settling_many_sessions_that_were_held_is_one_act(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coach, page = house.coach()
    house.offer(coach)
    later = AFTER + WEEK
    for number, hours in ((1, (0,)), (3, (7, 14, 21))):
        for days in hours:
            if days:
                house.offer(coach, on=TUESDAY + timedelta(days=days))
            person = house.participant(f"Person {days}")
            start = TUESDAY + timedelta(days=days) - (timedelta(hours=1) if days else timedelta(0))  # the clocks jump
            booking = house.book(person, page, start)
            for who in (person, coach):
                then = start + timedelta(hours=2)
                actions.confirm_held(
                    programme=house.programme, person=who, booking=booking, said=Said.HAPPENED, now=then
                )
        with django_assert_num_queries(5 + 2):  # holds, what is due, lock, forget, audit; and the transaction
            assert actions.settle(now=later + timedelta(days=21)) == number
    assert not Booking.objects.exclude(coach_said="", participant_said="").exists()
    assert actions.settle(now=later + timedelta(days=21)) == 0


def test_what_one_answer_costs(house: House, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    coach, page = house.coach()
    house.offer(coach)
    person = house.participant()
    booking = house.book(person, page, TUESDAY)
    with django_assert_num_queries(4 + 2):  # lock, read, write, audit; and the transaction
        say(house, coach, booking, Said.HAPPENED)
    # And whether the limits that hold were read, the held session; whether a trial waits.
    with django_assert_num_queries(7 + 2):
        say(house, person, booking, Said.HAPPENED)


def test_another_worker_may_have_been_faster(
    house: House, two: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from confrere.coaching.actions import holding
    from confrere.coaching.actions.holding import settle_one
    from confrere.coaching.queries.sessions import Due

    held = Due(programme=house.programme, participant=two[0], booking=two[2], held=True)
    monkeypatch.setattr(holding, "ended", lambda **_: [held])
    assert actions.settle(now=AFTER + WEEK) == 1  # nothing is left to forget
    gone = Due(programme=house.programme, participant=two[0], booking=0, held=False)
    settle_one(gone, now=AFTER + WEEK)
    assert Booking.objects.count() == 1


def test_the_worker_settles_by_the_clock(
    house: House, two: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTER + WEEK)
    settle_due()
    assert Booking.objects.count() == 0


def test_every_state_says_what_may_follow() -> None:
    assert set(TRANSITIONS) == set(State)
    assert [state for state, following in TRANSITIONS.items() if following] == [State.BOOKED]
