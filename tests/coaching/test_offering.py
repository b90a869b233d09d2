"""A coach's page and hours, through the actions."""

from datetime import date, time, timedelta

import pytest
from tests.coaching.conftest import NOW, TUESDAY, ZONE, House, build_house

from confrere.coaching import actions, queries
from confrere.coaching.models import Coach, Hours
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal


def offer(house: House, person: int, **other: object) -> list[int]:
    typed = {"on": date(2026, 3, 3), "starts": time(17), "ends": time(20), "zone": ZONE, "now": NOW, **other}
    return actions.offer_hours(programme=house.programme, person=person, **typed)  # type: ignore[arg-type]  # a table


def test_a_page_is_written_and_rewritten(house: House) -> None:
    person, page = house.coach()
    before = Payload.objects.count()
    again = actions.write_page(
        programme=house.programme,
        site=house.site,
        person=person,
        biography="New.",
        focus="",
        languages="Swedish",
        video_link="",
        phone="+1 555 0100",
        capacity=2,
        now=NOW,
    )
    row = Coach.objects.get()
    assert (again, row.biography, row.capacity, Payload.objects.count()) == (page, "New.", 2, before + 1)


def test_a_page_needs_a_way_to_be_reached(house: House) -> None:
    with pytest.raises(Refusal) as caught:
        actions.write_page(
            programme=house.programme,
            site=house.site,
            person=house.person("Noor Haddad", "coach"),
            biography="New.",
            focus="",
            languages="Swedish",
            video_link="",
            phone="",
            capacity=2,
            now=NOW,
        )
    assert caught.value.sentence == "Give a video link or a telephone number, so that participants can reach you."


# what is offered | the refusal: (status, sentence)
TABLE = [
    (
        {"on": date(2026, 3, 8), "starts": time(2, 30), "ends": time(5)},
        (422, "02:30 does not exist on Sun 8 March 2026: the clocks jump over it. Choose another time."),
    ),
    (
        {"on": date(2026, 3, 1), "starts": time(2, 30), "ends": time(5), "weeks": 2, "now": NOW - timedelta(days=9)},
        (422, "02:30 does not exist on Sun 8 March 2026: the clocks jump over it. Choose another time."),
    ),
    (
        {"on": date(2026, 11, 1), "starts": time(1, 30), "ends": time(5)},
        (
            422,
            (
                "01:30 comes twice on Sun 1 November 2026, when the clocks go back. "
                "Say whether you mean the first or the second."
            ),
        ),
    ),
    ({"starts": time(20), "ends": time(17)}, (422, "Hours end after they start, on the same day or at midnight.")),
    ({"on": date(2026, 3, 1)}, (422, "These hours have passed. Choose a later day.")),
    ({"ends": time(17, 59)}, (422, "Offer between one and twelve hours at a time.")),
    ({"starts": time(7), "ends": time(20)}, (422, "Offer between one and twelve hours at a time.")),
]


@pytest.mark.parametrize(("typed", "refusal"), TABLE)
def test_hours_that_cannot_be_are_refused_in_words(
    house: House, typed: dict[str, object], refusal: tuple[int, str]
) -> None:
    person, _page = house.coach()
    with pytest.raises(Refusal) as caught:
        offer(house, person, **typed)
    assert (caught.value.status, caught.value.sentence) == refusal
    assert Hours.objects.count() == 0


def test_hours_until_midnight_end_with_the_day(house: House) -> None:
    person, _page = house.coach()
    offer(house, person, starts=time(22), ends=time(0))
    (hours,) = queries.hours_of(programme=house.programme, person=person, now=NOW)
    assert hours.span.end - hours.span.start == timedelta(hours=2)


def test_hours_need_a_page_first(house: House) -> None:
    with pytest.raises(Refusal) as caught:
        offer(house, house.person("Noor Haddad", "coach"))
    assert caught.value.sentence == "Write your page first: participants read it before they choose an hour."


def test_overlapping_hours_name_those_already_offered(house: House) -> None:
    person, _page = house.coach()
    offer(house, person)
    with pytest.raises(Refusal) as caught:
        offer(house, person, on=date(2026, 2, 24), weeks=2, starts=time(19), ends=time(21), now=NOW - timedelta(days=9))
    assert (caught.value.status, caught.value.sentence) == (
        409,
        ("You already offer hours then: Tue 3 March, 17:00 to 20:00. Choose another time, or withdraw those."),
    )
    assert Hours.objects.count() == 1


def test_touching_hours_make_one_stretch_of_free_time(house: House) -> None:
    person, page = house.coach()
    offer(house, person, ends=time(18))
    offer(house, person, starts=time(18), ends=time(19))
    mine = house.participant()
    assert house.book(mine, page, TUESDAY - timedelta(minutes=30)) > 0


def test_hours_of_others_are_nothing_to_withdraw(house: House) -> None:
    person, _page = house.coach()
    (hours,) = offer(house, person)
    other, _other_page = house.coach("Noor Haddad")
    stranger = house.person("Ben Adler", "coach")
    for someone in (other, stranger):
        with pytest.raises(Refusal) as caught:
            actions.withdraw_hours(programme=house.programme, person=someone, hours=hours, now=NOW)
        assert caught.value.status == 404
    with pytest.raises(Refusal):
        actions.withdraw_hours(programme=build_house().programme, person=person, hours=hours, now=NOW)
    assert Hours.objects.count() == 1


def test_all_later_weeks_go_together_and_earlier_ones_stay(house: House) -> None:
    person, _page = house.coach()
    _first, second, *_later = offer(house, person, weeks=4)
    gone = actions.withdraw_hours(programme=house.programme, person=person, hours=second, series=True, now=NOW)
    assert (gone, Hours.objects.count()) == (3, 1)


def test_hours_offered_once_are_withdrawn_alone_even_as_a_series(house: House) -> None:
    person, _page = house.coach()
    (hours,) = offer(house, person)
    offer(house, person, on=date(2026, 3, 10))
    gone = actions.withdraw_hours(programme=house.programme, person=person, hours=hours, series=True, now=NOW)
    assert (gone, Hours.objects.count()) == (1, 1)


def test_past_hours_are_not_listed(house: House) -> None:
    person, _page = house.coach()
    offer(house, person)
    assert queries.hours_of(programme=house.programme, person=person, now=TUESDAY + timedelta(days=1)) == []
