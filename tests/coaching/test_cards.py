"""What stands on the home pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.test_workbook import written

from confrere.coaching import actions, queries
from confrere.coaching.models import Said
from confrere.people.models import Programme
from confrere.people.queries import Standing, standing

DAY = timedelta(days=1)


def stands(house: House, person: int) -> Standing:
    slug = Programme.objects.get(pk=house.programme).slug
    found = standing(person=person, programme=slug, now=NOW)
    assert found is not None
    return found


def cards(house: House, person: int, now: datetime = NOW) -> list[tuple[str, str, str]]:
    who = stands(house, person)
    root = f"/p/{who.programme_slug}/coaching/"
    return [(card.title, card.sentence, card.url.removeprefix(root)) for card in queries.today(standing=who, now=now)]


def test_a_participant_chooses_comes_and_says_so(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    mine = house.participant()
    assert cards(house, mine) == [("Choose your coach", "6 of 6 sessions left, until 31 May 2026.", "coaches/")]
    booking = house.book(mine, page, TUESDAY)
    to_book = ("Book your next session", "5 of 6 sessions left, until 31 May 2026.", "")
    assert cards(house, mine) == [
        ("Your next session", "Tue 3 March, 17:30 to 19:00 with Eva Lindqvist.", f"sessions/{booking}/"),
        to_book,
    ]
    ask = (
        "Did your session take place?",
        "Tue 3 March, 17:30 with Eva Lindqvist. One tap is enough; nothing else is asked.",
        f"sessions/{booking}/",
    )
    assert cards(house, mine, NOW + 2 * DAY) == [ask, to_book]
    actions.confirm_held(programme=house.programme, person=mine, booking=booking, said=Said.HAPPENED, now=NOW + 2 * DAY)
    assert cards(house, mine, NOW + 2 * DAY) == [to_book]


def test_without_a_grant_nothing_waits(house: House) -> None:
    assert cards(house, house.participant(granted=False)) == []


def test_a_coach_writes_a_page_offers_hours_and_meets(house: House) -> None:
    person = house.person("Noor Haddad", "coach")
    assert cards(house, person) == [("Write your page", "Participants read it before they choose a coach.", "page/")]
    coach, page = house.coach()
    offer = ("Offer hours", "In the next two weeks nobody can book with you.", "hours/")
    assert cards(house, coach) == [offer]
    house.offer(coach)
    assert cards(house, coach) == []
    booking = house.book(house.participant(), page, TUESDAY)
    assert cards(house, coach) == [
        ("Your next session", "Tue 3 March, 17:30 to 19:00 with Ama Osei.", f"sessions/{booking}/")
    ]


@pytest.mark.parametrize("role", ["coordinator", "director"])
def test_who_follows_is_told_how_many_have_not_booked(house: House, role: str) -> None:
    person = house.person("Iris Wong", role)
    assert cards(house, person) == []
    house.participant()
    one = "One person was granted sessions a week ago or longer and has booked none."
    assert cards(house, person, NOW + 7 * DAY) == [("Not yet booked", one, "waiting/")]
    house.participant("Ben Adler")
    ((_title, two, _url),) = cards(house, person, NOW + 7 * DAY)
    assert two == "2 people were granted sessions a week ago or longer and have booked none."


def test_a_statistician_has_nothing_here(house: House) -> None:
    assert cards(house, house.person("Lee Park", "statistician")) == []


def test_the_home_page_asks_as_often_for_three_sessions_as_for_one(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coach, page = house.coach()
    mine = house.participant()
    for week in range(3):
        house.offer(coach, on=TUESDAY + week * 7 * DAY)
        house.book(mine, page, TUESDAY + week * 7 * DAY - timedelta(hours=1 if week else 0))
        for person, asked in ((mine, 6), (coach, 4)):
            who = stands(house, person)
            with django_assert_num_queries(asked):
                queries.today(standing=who, now=NOW)


def test_a_workbook_that_was_written_waits_on_the_home_page(house: House, settings: Settings, tmp_path: Path) -> None:
    settings.SHARES = tmp_path / "shares"
    mine = house.participant(granted=False)
    assert cards(house, mine) == []
    written(house, mine)
    assert cards(house, mine) == [
        ("This week's goals", "They are sealed. A review of the week takes a minute.", "workbook/")
    ]


def test_whose_turn_it_is_reads_so_on_the_home_page(house: House) -> None:
    coach, page = house.coach()
    mine = house.participant()
    actions.join_line(programme=house.programme, site=house.site, person=mine, coach=page, now=NOW)
    assert "coaches/" in {url for _title, _sentence, url in cards(house, mine)}
    house.offer(coach)
    actions.tell_lines(now=NOW)
    turn = (
        "What you waited for is free",
        "With Eva Lindqvist; kept for you until Wed 4 March, 09:00.",
        f"coaches/{page}/",
    )
    assert turn in cards(house, mine)


def test_about_a_quarters_end_a_coach_is_asked_for_themes_until_they_answer(house: House) -> None:
    person, _page = house.coach()
    house.offer(person)
    asked = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
    themes = ("What hinders physicians at work?", "themes/")
    assert themes not in {(title, url) for title, _sentence, url in cards(house, person)}
    assert themes in {(title, url) for title, _sentence, url in cards(house, person, asked)}
    actions.name_themes(programme=house.programme, site=house.site, person=person, themes=["control"], now=asked)
    assert themes not in {(title, url) for title, _sentence, url in cards(house, person, asked)}
