from datetime import timedelta

import pytest
from tests.coaching.conftest import NOW, TUESDAY, ZONE, House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching import queries
from confrere.coaching.models import Coach, Hours


def test_a_coach_writes_a_page_and_offers_hours(house: House) -> None:
    person = house.person("Noor Haddad", "coach")
    browser = Browser(house, person)
    assert "Write your page" in text(browser.get("calendar/"))
    typed = {"biography": "Surgeon.", "languages": "English", "phone": "+1 555 0100", "capacity": 3}
    wrong = browser.post("page/", **{**typed, "phone": ""})
    assert (wrong.status_code, "Give a video link or a telephone number" in text(wrong)) == (422, True)
    assert "Surgeon." in wrong.content.decode()
    assert browser.post("page/", **{**typed, "capacity": ""}).status_code == 422
    assert browser.post("page/", **typed).status_code == 302
    assert (Coach.objects.get().phone, Coach.objects.get().capacity) == ("+1 555 0100", 3)
    assert "Surgeon." in browser.get("page/").content.decode()
    assert "No hours yet" in text(browser.get("hours/"))
    hours = {"on": "2026-03-03", "starts": "17:00", "ends": "20:00", "zone": ZONE, "weeks": 4}
    assert browser.post("hours/", **hours).status_code == 302
    assert Hours.objects.count() == 4
    assert "Tue 10 March 17:00 – 20:00 every week Withdraw" in text(browser.get("hours/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"zone": "Here/There"}, "There is no such clock."),
        ({"starts": ""}, "This field is required."),
        ({"on": "9999-12-31"}, "Choose a nearer day."),
        ({"on": "2026-03-08", "starts": "02:30", "ends": "04:00"}, "02:30 does not exist on Sun 8 March 2026"),
        ({"on": "2026-11-01", "starts": "01:30", "ends": "04:00"}, "01:30 comes twice on Sun 1 November 2026"),
    ],
)
def test_hours_that_are_unclear_are_asked_about_and_kept_as_typed(
    house: House, coach: tuple[int, int], typed: dict[str, str], sentence: str
) -> None:
    hours = {"on": "2026-03-05", "starts": "17:00", "ends": "20:00", "zone": ZONE, "weeks": 1, **typed}
    answer = Browser(house, coach[0]).post("hours/", **hours)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert ("The first, before the clocks go back" in text(answer)) == ("twice" in sentence)
    assert f'value="{hours["ends"]}' in answer.content.decode()


@pytest.mark.parametrize(("fold", "utc"), [(0, "05:30"), (1, "06:30")])
def test_the_answer_to_first_or_second_counts(house: House, coach: tuple[int, int], fold: int, utc: str) -> None:
    Hours.objects.all().delete()
    typed = {"on": "2026-11-01", "starts": "01:30", "ends": "04:00", "zone": ZONE, "weeks": 1, "fold": fold}
    assert Browser(house, coach[0]).post("hours/", **typed).status_code == 302
    assert f"{Hours.objects.get().during.lower:%H:%M}" == utc


def test_a_video_link_is_no_longer_than_there_is_room_for(house: House) -> None:
    typed = {
        "biography": "Two sentences.",
        "languages": "English",
        "capacity": 7,
        "video_link": f"https://x.org/{'x' * 200}",
    }
    answer = Browser(house, house.coach()[0]).post("page/", **typed)
    assert (answer.status_code, "at most 200 characters" in text(answer)) == (422, True)


def test_hours_are_withdrawn_one_or_all_later_ones(house: House) -> None:
    person = house.coach()[0]
    browser = Browser(house, person)
    browser.post("hours/", on="2026-03-03", starts="17:00", ends="20:00", zone=ZONE, weeks=4)
    first, second, *_rest = queries.hours_of(programme=house.programme, person=person, now=NOW)
    assert "Withdraw Tue 3 March, 17:00?" in text(browser.get(f"hours/{first.hours}/withdraw/"))
    browser.post(f"hours/{first.hours}/withdraw/")
    assert Hours.objects.count() == 3
    browser.post(f"hours/{second.hours}/withdraw/", which="series")
    assert Hours.objects.count() == 0
    assert browser.get(f"hours/{first.hours}/withdraw/").status_code == 404


def test_the_calendar_shows_who_comes_when(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant(), coach[1], TUESDAY)
    assert "Tue 3 March, 17:30 to 19:00 Session 1 with Ama Osei" in text(Browser(house, coach[0]).get("calendar/"))


def test_a_coach_sees_the_own_room_as_text_at_the_hour_and_cannot_move(
    house: House, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = house.book(house.participant(), coach[1], TUESDAY)
    browser = Browser(house, coach[0])
    page = text(browser.get(f"sessions/{booking}/"))
    assert "https://video.example.org/room" not in page
    assert ("Move it" in page, "Cancel it" in page) == (False, True)
    at(TUESDAY - timedelta(minutes=15), monkeypatch)
    browser.sign_in()
    assert "https://video.example.org/room" in text(browser.get(f"sessions/{booking}/"))
