"""Workplace themes: a quarter's ticks, pooled from five coaches on, and nothing of a single coach afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.coaching.conftest import House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching import actions, queries
from confrere.coaching.actions.theming import pool_themes_tonight
from confrere.coaching.models import Band, PooledTheme, Theme, ThemeAnswer
from confrere.coaching.quarters import asked_now, following, open_quarter, quarter_of
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

JULY = date(2026, 7, 1)
IN_AUGUST = datetime(2026, 8, 20, 9, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 10, 14, 23, 0, tzinfo=UTC)
OVER = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)


def tick(house: House, person: int, *themes: Theme, now: datetime = IN_AUGUST) -> None:
    actions.name_themes(programme=house.programme, site=house.site, person=person, themes=themes, now=now)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 9, 30), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_quarters_begin_with_the_year(day: date, first: date) -> None:
    assert quarter_of(day) == first
    assert quarter_of(following(first) - timedelta(days=1)) == first


def test_a_quarter_can_be_answered_two_weeks_longer_and_is_asked_for_about_its_end() -> None:
    assert open_quarter(LAST_DAY) == open_quarter(IN_AUGUST) == JULY
    assert open_quarter(OVER) == date(2026, 10, 1)
    asked = [day for day in range(120) if asked_now(IN_AUGUST + timedelta(days=day))]
    # From 17 September to 14 October, and from 18 December on.
    assert asked == [*range(28, 56)]


@pytest.mark.django_db
def test_five_coaches_are_pooled_in_bands_and_their_answers_erased(house: House) -> None:
    coaches = [house.person(f"Coach {number}", "coach") for number in range(11)]
    for number, person in enumerate(coaches):
        more = [Theme.STAFFING] if number < 5 else []
        few = [Theme.RESPECT] if number < 4 else []
        tick(house, person, Theme.WORKLOAD, *more, *few)
    tick(house, coaches[0], Theme.STAFFING, Theme.RESPECT)  # a second answer replaces the first
    assert actions.pool_themes(now=LAST_DAY) == 0
    assert actions.pool_themes(now=OVER) == 1
    assert not ThemeAnswer.objects.exists()
    bands = dict(PooledTheme.objects.values_list("theme", "band"))
    assert len(bands) == len(Theme)
    assert (bands["workload"], bands["staffing"], bands["respect"]) == (Band.MANY, Band.SOME, Band.FEW)
    [quarter] = queries.workplace(programme=house.programme)
    assert quarter.first == JULY
    assert quarter.themes == ((Theme.WORKLOAD, Band.MANY), (Theme.STAFFING, Band.SOME))
    assert actions.pool_themes(now=OVER) == 0


@pytest.mark.django_db
def test_of_four_coaches_nothing_is_kept(house: House) -> None:
    for number in range(4):
        tick(house, house.person(f"Coach {number}", "coach"), Theme.WORKLOAD)
    assert actions.pool_themes(now=OVER) == 0
    assert not ThemeAnswer.objects.exists()
    assert queries.workplace(programme=house.programme) == []


@pytest.mark.django_db
def test_no_event_tells_who_answered_and_the_night_pools_what_is_over(house: House) -> None:
    events = Payload.objects.count()
    tick(house, house.person("Eva Lindqvist", "coach"), now=timezone.now() - timedelta(days=200))
    assert Payload.objects.count() == events
    pool_themes_tonight()
    assert not ThemeAnswer.objects.exists()


@pytest.mark.django_db
def test_only_themes_of_the_list_are_kept(house: House) -> None:
    person = house.person("Eva Lindqvist", "coach")
    with pytest.raises(Refusal, match="Choose from the themes"):
        actions.name_themes(
            programme=house.programme, site=house.site, person=person, themes=["Dr. Osei"], now=IN_AUGUST
        )
    assert queries.my_themes(programme=house.programme, person=person, now=IN_AUGUST) is None
    tick(house, person)
    assert queries.my_themes(programme=house.programme, person=person, now=IN_AUGUST) == frozenset()


@pytest.mark.django_db
def test_rows_say_what_they_are(house: House) -> None:
    assert str(ThemeAnswer(themes=["control"], quarter=JULY)) == "1 themes of 2026-07-01"
    assert str(PooledTheme(theme="control", quarter=JULY, band="some")) == "control in 2026-07-01: some"


@pytest.mark.django_db
def test_a_coach_ticks_on_the_phone_and_a_leader_reads_the_sum(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    at(LAST_DAY, monkeypatch)
    person = house.person("Eva Lindqvist", "coach")
    browser = Browser(house, person)
    page = text(browser.get("themes/"))
    assert "July to September 2026: tick what you came across again and again." in page
    assert "Your answer is saved" not in page
    assert browser.post("themes/", themes=["gossip"]).status_code == 422
    assert browser.post("themes/", themes=["workload", "control"]).status_code == 302
    page = browser.get("themes/")
    assert "Your answer is saved" in text(page)
    assert page.content.decode().count(" checked") == 2

    leader = Browser(house, house.person("Lea Maurer", "leader"))
    assert "The first quarter appears two weeks after its end" in text(leader.get("workplace/"))
    for number in range(5):
        tick(house, house.person(f"Coach {number}", "coach"), Theme.WORKLOAD)
    for number in range(5):
        tick(house, house.person(f"Before {number}", "coach"), now=IN_AUGUST - timedelta(days=100))
    actions.pool_themes(now=OVER)
    page = text(leader.get("workplace/"))
    assert "Too much work for the time five to nine coaches" in page
    assert "Little say" not in page
    assert "No theme was named by five coaches or more." in page
