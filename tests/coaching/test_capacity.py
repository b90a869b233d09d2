"""Hours offered against sessions owed, in two windows: sums that move with every booking."""

from datetime import time, timedelta

import pytest
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching import actions, queries
from confrere.coaching.models import HeldSession

OWED = 90 + 5 * 60


@pytest.mark.django_db
def test_without_hours_everything_owed_is_missing(house: House) -> None:
    house.participant()
    first, second = queries.capacity(programme=house.programme, now=NOW)
    assert (first.offered, first.kept, first.free, first.owed, first.short) == (0, 0, 0, OWED, OWED)
    assert (second.offered, second.owed, second.short) == (0, 0, 0)
    assert first.span.end == second.span.start == NOW + timedelta(days=91)


@pytest.mark.django_db
def test_a_booking_keeps_hours_and_is_owed_no_longer(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    house.offer(coach, on=TUESDAY + timedelta(days=98), starts=time(9), ends=time(10))
    person = house.participant()
    house.book(person, page, TUESDAY)
    first, second = queries.capacity(programme=house.programme, now=NOW)
    assert (first.offered, first.kept, first.free, first.owed) == (180, 90, 90, OWED - 90)
    assert (second.offered, second.kept) == (60, 0)
    assert first.short == OWED - 180


@pytest.mark.django_db
def test_what_somebody_is_only_choosing_is_still_free(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    actions.hold(programme=house.programme, person=house.participant(), coach=page, start=TUESDAY, now=NOW)
    assert queries.capacity(programme=house.programme, now=NOW)[0].kept == 0


@pytest.mark.django_db
def test_what_was_held_is_owed_no_longer_and_an_ended_grant_owes_nothing(house: House) -> None:
    grant = house.grant(house.participant(granted=False))
    HeldSession.objects.create(programme_id=house.programme, site_id=house.site, entitlement_id=grant, k=1)
    assert queries.capacity(programme=house.programme, now=NOW)[0].owed == OWED - 90
    assert queries.capacity(programme=house.programme, now=NOW + timedelta(days=91))[0].owed == 0


@pytest.mark.django_db
def test_the_page_says_what_is_missing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NOW, monkeypatch)
    house.participant()
    browser = Browser(house, house.person("Cleo Brandt", "coordinator"))
    page = text(browser.get("delivery/"))
    assert "Until 1 June 2026 coaches offer 6.5 hours too few." in page
    coach, _page = house.coach()
    house.offer(coach, starts=time(10), ends=time(18))
    assert "suffice for everyone who may book now" in text(browser.get("delivery/"))
