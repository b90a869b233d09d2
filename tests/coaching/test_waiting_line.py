"""The line before a coach: first come, first told, two days."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions.waiting import KEPT_FOR, tell_lines_due
from confrere.coaching.models import Entitlement, Waiting
from confrere.post.models import Letter
from confrere.vault.refusals import Refusal


def wait(house: House, person: int, page: int, *, minutes: int = 0) -> None:
    actions.join_line(
        programme=house.programme, site=house.site, person=person, coach=page, now=NOW + timedelta(minutes=minutes)
    )


def told() -> set[int]:
    return set(Waiting.objects.filter(until__isnull=False).values_list("person", flat=True))


def test_who_came_first_is_told_first_and_the_place_waits_for_them(house: House) -> None:
    coach, page = house.coach(capacity=1)
    house.offer(coach)
    taken = house.book(house.participant("Cleo Baptiste"), page, TUESDAY)
    first, second = house.participant(), house.participant("Ben Adler")
    wait(house, second, page, minutes=2)
    wait(house, first, page, minutes=1)
    wait(house, first, page, minutes=3)  # twice is once, and keeps the place
    assert actions.tell_lines(now=NOW + timedelta(minutes=5)) == 0

    letters = Letter.objects.count()
    person = Waiting.objects.get(person=first).person
    actions.cancel(programme=house.programme, person=coach, booking=taken, now=NOW)
    Letter.objects.all().delete()
    assert actions.tell_lines(now=NOW) == 1
    letter = Letter.objects.get()
    assert (letter.to, letter.subject, "Lindqvist" in letter.body) == (person.email, "Appointment", False)
    assert "Wed 4 March, 09:00" in letter.body
    assert (told(), letters > 0) == ({first}, True)
    assert actions.tell_lines(now=NOW) == 0  # said once; the other one waits

    with pytest.raises(Refusal, match="takes no new participants"):
        house.book(second, page, TUESDAY)
    house.book(first, page, TUESDAY)
    assert set(Waiting.objects.values_list("person", flat=True)) == {second}


def test_after_two_days_the_next_one_is_told(house: House) -> None:
    coach, page = house.coach(capacity=1)
    house.offer(coach, on=TUESDAY + timedelta(days=7))
    first, second = house.participant(), house.participant("Ben Adler")
    wait(house, first, page)
    wait(house, second, page, minutes=1)
    actions.tell_lines(now=NOW)
    assert told() == {first}
    assert actions.tell_lines(now=NOW + KEPT_FOR) == 1
    assert told() == {second}
    assert not Waiting.objects.filter(person=first).exists()


def test_a_coachee_waits_for_an_hour_whatever_the_places(house: House) -> None:
    coach, page = house.coach(capacity=1)
    house.offer(coach, starts=time(17, 30), ends=time(19))
    mine = house.participant()
    house.book(mine, page, TUESDAY)
    wait(house, mine, page)
    assert actions.tell_lines(now=NOW) == 0  # no hour is left
    house.offer(coach, on=TUESDAY + timedelta(days=7))
    assert actions.tell_lines(now=NOW) == 1
    [line] = queries.in_line(programme=house.programme, person=mine)
    assert (line.coach, line.coach_name, line.until) == (page, "Eva Lindqvist", NOW + KEPT_FOR)


def test_no_more_are_told_than_there_are_hours(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach, starts=time(17), ends=time(18, 30))
    for name in ("A", "B"):
        wait(house, house.participant(name), page)
    assert actions.tell_lines(now=NOW) == 1


def test_whoever_has_nothing_left_to_book_is_passed_over(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    mine = house.participant()
    wait(house, mine, page)
    Entitlement.objects.filter(person=mine).update(until=NOW)
    assert actions.tell_lines(now=NOW) == 0


def test_who_waits_no_longer_is_gone(house: House) -> None:
    _coach, page = house.coach()
    mine = house.participant()
    wait(house, mine, page)
    for _twice in range(2):
        actions.leave_line(programme=house.programme, person=mine, coach=page, now=NOW)
    assert not Waiting.objects.exists()
    tell_lines_due()


def test_refusals(house: House) -> None:
    coach, page = house.coach()
    with pytest.raises(Refusal, match="There is nothing here"):
        wait(house, house.participant(), 0)
    with pytest.raises(Refusal, match="your own page"):
        wait(house, coach, page)
    with pytest.raises(Refusal, match="No coaching sessions"):
        wait(house, house.participant(granted=False), page)


def test_an_hour_that_does_not_suit_goes_to_the_next_in_line(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)  # a Tuesday evening
    asked = {"programme": house.programme, "site": house.site, "coach": page}
    people = [house.participant(name) for name in ("Ama Osei", "Ben Adler", "Eve Park")]
    for minute, (person, parts) in enumerate(zip(people, (["weekend", "early"], ["evening"], []), strict=True)):
        later = NOW + timedelta(minutes=minute)
        actions.join_line(**asked, person=person, suiting=parts, now=later)
    assert Waiting.objects.get(person=people[0]).suits == ["early", "weekend"]
    actions.tell_lines(now=NOW)
    assert people[0] not in told()
    assert people[1] in told()
    house.offer(coach, on=TUESDAY + timedelta(days=4), starts=time(9), ends=time(18))  # a Saturday
    actions.tell_lines(now=NOW)
    assert told() == set(people)


def test_only_parts_of_the_list_are_kept(house: House) -> None:
    with pytest.raises(IntegrityError, match="parts_of_the_week_are_of_the_list"), transaction.atomic():
        Waiting.objects.create(
            programme_id=house.programme,
            site_id=house.site,
            coach_id=house.coach()[1],
            person_id=house.participant(),
            since=NOW,
            suits=["tuesday"],
        )
