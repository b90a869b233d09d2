"""The entitlement ledger: who may book what until when."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.coaching.conftest import MINUTES, NOW, TUESDAY, ZONE, House

from confrere.coaching import actions, queries
from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Entitlement, HeldSession, Occupied, Said
from confrere.coaching.queries import Ledger
from confrere.coaching.rules import bookable, can_book, check_book
from confrere.post.models import Letter
from confrere.vault.audit import Actor
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

SINCE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # midnight in New York
UNTIL = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # midnight in New York
HOUR = timedelta(hours=1)
LATE = UNTIL - timedelta(minutes=59)


def book_of(
    *, booked: tuple[tuple[int, datetime], ...] = (), held: tuple[int, ...] = (), minutes: tuple[int, ...] = MINUTES
) -> Ledger:
    return Ledger(
        entitlement=1,
        site=1,
        person=2,
        zone=ZONE,
        minutes=minutes,
        since=SINCE,
        until=UNTIL,
        booked=tuple((k, Span(start, start + timedelta(minutes=minutes[k - 1]))) for k, start in booked),
        held=frozenset(held),
    )


NEXT_DAY = NOW + timedelta(days=1)
PLACE = (
    "Session %s lasts %s minutes and keeps its place before or after the sessions already booked: "
    "choose another time, or move those first."
)

# what stands in the ledger | now | start asked for (None: the button) | the refusal, None when it may
TABLE = [
    (None, NOW, None, "No coaching sessions have been granted to you in this programme yet."),
    (book_of(), NOW, None, None),
    (book_of(), SINCE - HOUR, None, "Your sessions can be booked from 2 March 2026 on."),
    (book_of(), UNTIL, None, "Your sessions could be booked until 1 June 2026."),
    (book_of(held=(1, 2, 3, 4, 5)), NOW, None, None),
    (
        book_of(held=(1, 2, 3, 4, 5, 6)),
        NOW,
        None,
        "All your 6 sessions are booked or were held; there is no further one.",
    ),
    (
        book_of(held=(1, 2, 3, 4, 5), booked=((6, NEXT_DAY),)),
        NOW,
        None,
        "All your 6 sessions are booked or were held; there is no further one.",
    ),
    (book_of(held=(1,), minutes=(60,)), NOW, None, "Your one session is booked or was held; there is no second one."),
    (book_of(), NOW, NEXT_DAY, None),
    (book_of(), NOW, NOW + 2 * HOUR, None),
    (
        book_of(),
        NOW,
        NOW + 2 * HOUR - timedelta(seconds=1),
        "That is too soon. Choose a time at least 2 hours from now.",
    ),
    (book_of(held=(1,)), NOW, UNTIL - HOUR, None),
    (book_of(held=(1,)), NOW, LATE, "Your sessions can be booked until 1 June 2026. Choose an earlier time."),
    (
        book_of(booked=((1, NEXT_DAY),)),
        NOW,
        NEXT_DAY - HOUR,
        PLACE % (2, 60),
    ),
    (book_of(booked=((1, NEXT_DAY),)), NOW, NEXT_DAY + timedelta(minutes=90), None),
    (book_of(booked=((2, NEXT_DAY),)), NOW, NEXT_DAY - timedelta(minutes=90), None),
    (
        book_of(booked=((2, NEXT_DAY),)),
        NOW,
        NEXT_DAY - HOUR,
        PLACE % (1, 90),
    ),
    (book_of(held=(1,), booked=((3, NEXT_DAY),)), NOW, NEXT_DAY + HOUR, None),  # sessions of one length: any order
]


@pytest.mark.parametrize(("ledger", "now", "start", "sentence"), TABLE)
def test_the_button_and_the_action_ask_the_same_rule(
    ledger: Ledger | None, now: datetime, start: datetime | None, sentence: str | None
) -> None:
    assert can_book(ledger=ledger, now=now, start=start) == (sentence is None)
    if sentence is not None:
        with pytest.raises(Refusal) as caught:
            check_book(ledger=ledger, now=now, start=start)
        assert (caught.value.status, caught.value.sentence) == (409, sentence)


def test_when_a_session_has_no_place_left_there_is_no_time_for_it() -> None:
    ledger = book_of(booked=((2, NOW + HOUR),))
    assert bookable(ledger=ledger, k=1, now=NOW) is None
    with pytest.raises(Refusal, match="Session 1 lasts 90 minutes"):
        check_book(ledger=ledger, now=NOW, start=NOW + 3 * HOUR)


def grant(house: House, person: int, *, source: str = "trial", until: datetime = UNTIL) -> int:
    return actions.grant(
        programme=house.programme,
        site=house.site,
        person=person,
        minutes=MINUTES,
        since=SINCE,
        until=until,
        source=source,
        actor=Actor.system("test"),
        now=NOW,
    )


def test_the_same_grant_twice_is_one_grant(house: House) -> None:
    person = house.participant(granted=False)
    before = Payload.objects.count()
    assert grant(house, person) == grant(house, person)
    assert (Entitlement.objects.count(), Payload.objects.count()) == (1, before + 1)


def test_another_grant_from_the_same_source_is_refused(house: House) -> None:
    person = house.participant(granted=False)
    grant(house, person)
    with pytest.raises(Refusal) as caught:
        grant(house, person, until=UNTIL + HOUR)
    assert caught.value.sentence == "Sessions were already granted to this person, with other dates or lengths."


@pytest.mark.parametrize(("minutes", "until"), [((), UNTIL), ((60, 14), UNTIL), ((241,), UNTIL), (MINUTES, SINCE)])
def test_a_grant_without_sense_is_refused(house: House, minutes: tuple[int, ...], until: datetime) -> None:
    person = house.participant(granted=False)
    with pytest.raises(Refusal) as caught:
        actions.grant(
            programme=house.programme,
            site=house.site,
            person=person,
            minutes=minutes,
            since=SINCE,
            until=until,
            actor=Actor.system("test"),
            now=NOW,
        )
    assert caught.value.sentence == (
        "A grant needs at least one session of 15 to 240 minutes, and an end after its start."
    )


def test_of_two_grants_the_one_that_ends_first_is_used_and_then_the_other(house: House) -> None:
    person = house.participant(granted=False)
    later = grant(house, person)
    sooner = grant(house, person, source="coordinator", until=NOW + timedelta(days=9))

    def at(now: datetime) -> int | None:
        mine = queries.ledger(programme=house.programme, person=person, now=now)
        return mine and mine.entitlement

    assert at(NOW) == sooner
    assert at(NOW + timedelta(days=9)) == later
    assert at(UNTIL) == later  # the last one, so that its date can be named


def test_without_a_grant_there_is_no_ledger(house: House) -> None:
    person = house.participant(granted=False)
    assert queries.ledger(programme=house.programme, person=person, now=NOW) is None


def test_a_grant_of_another_programme_does_not_count(house: House) -> None:
    from tests.coaching.conftest import build_house

    person = house.participant(granted=False)
    grant(build_house(), person)
    assert queries.ledger(programme=house.programme, person=person, now=NOW) is None


def test_what_is_revoked_frees_both_people_s_time_and_keeps_what_was_held(house: House) -> None:
    coach, page = house.coach()
    for week in range(2):
        house.offer(coach, on=TUESDAY + timedelta(days=7 * week))
    person = house.participant()
    first = house.book(person, page, TUESDAY)
    second = house.book(person, page, TUESDAY + timedelta(days=7))
    now = TUESDAY + timedelta(days=1)
    for one in (coach, person):
        actions.confirm_held(programme=house.programme, person=one, booking=first, said=Said.HAPPENED, now=now)
    letters = Letter.objects.count()
    asked = {"programme": house.programme, "person": person, "source": "trial", "actor": Actor.system("test")}
    assert actions.revoke(**asked, now=now)
    assert not actions.revoke(**asked, now=now)
    assert Booking.objects.get(pk=second).state == "cancelled"
    assert not Occupied.objects.filter(booking=second).exists()
    assert (HeldSession.objects.count(), Letter.objects.count()) == (1, letters + 2)
    assert {letter.subject for letter in Letter.objects.all()} == {"Appointment"}
    with pytest.raises(Refusal, match="could be booked until"):
        house.book(person, page, TUESDAY + timedelta(days=7), now=now)
    until = NOW + timedelta(days=90)
    for _again in range(2):
        actions.resume(**asked, until=until, now=now)
    assert Entitlement.objects.get().until == until
    assert house.book(person, page, TUESDAY + timedelta(days=7), now=now)


def test_a_grant_that_has_not_begun_is_revoked_before_its_first_day(house: House) -> None:
    person = house.person("Ama Osei", "participant")
    actor = Actor.system("test")
    actions.grant(
        programme=house.programme,
        site=house.site,
        person=person,
        minutes=[60],
        since=NOW + timedelta(days=5),
        until=NOW + timedelta(days=9),
        actor=actor,
        now=NOW,
    )
    assert actions.revoke(programme=house.programme, person=person, source="trial", actor=actor, now=NOW)
    row = Entitlement.objects.get()
    assert row.until - row.since == timedelta(microseconds=1)
