"""Pages of group sessions and supervision: names for the leader only, 404 for everyone else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import Browser, at, key_of, text

from confrere.coaching.models import Acknowledged, Gathering
from confrere.coaching.queries import cards
from confrere.people import queries as people
from confrere.people.models import Programme

ROOM = "https://video.example.org/room"
TYPED = {"on": "2026-03-03", "starts": "17:30", "minutes": 60, "places": 3}


def test_a_group_session_from_offer_to_the_last_tap(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    person, _page = house.coach()
    coach, ama = Browser(house, person), Browser(house, house.participant())
    assert "No group session is offered" in text(ama.get("groups/"))
    assert coach.post("groups/", **TYPED, key="x").status_code == 422
    for day, hour, sentence in (
        ("2026-03-08", "02:30", "The clocks jump over this time"),
        ("2026-11-01", "01:30", "This time comes twice"),
        ("2026-03-02", "09:01", "at least two hours"),
        ("9999-01-01", "09:00", "Choose a nearer day"),
    ):
        refused = coach.post("groups/", **{**TYPED, "on": day, "starts": hour}, key=uuid4())
        assert (refused.status_code, sentence in text(refused)) == (422, True)
    made = coach.post("groups/", **TYPED, key=key_of(coach.get("groups/")))
    number = Gathering.objects.get().pk
    assert made.headers["Location"].endswith(f"groups/{number}/")
    assert Gathering.objects.get().during.lower == TUESDAY
    assert "3 of 3 places free" in text(ama.get("groups/"))
    assert ama.get(f"groups/{number}/").status_code == 404
    assert ama.post(f"groups/{number}/join/").status_code == 302
    assert "Nobody yet" not in text(coach.get(f"groups/{number}/"))
    assert "Ama Osei" in text(coach.get(f"groups/{number}/"))
    ben = Browser(house, house.participant("Ben Adler"))
    ben.post(f"groups/{number}/join/")
    assert "Ama Osei" not in text(ben.get(f"groups/{number}/")) + text(ben.get("groups/"))
    assert ben.post(f"groups/{number}/give-back/").status_code == 302
    nobody = Browser(house, house.participant("Eve Park", granted=False))
    assert "to whom coaching is granted" in text(nobody.get("groups/"))
    staff = Browser(house, house.person("Cleo Brandt", "coordinator"))
    assert staff.get(f"groups/{number}/").status_code in {403, 404}
    at(TUESDAY, monkeypatch)
    for each in (coach, ama):
        each.sign_in()
    assert ROOM in ama.get(f"groups/{number}/").content.decode()
    Acknowledged.objects.all().delete()
    page = ama.get(f"groups/{number}/")
    assert (ROOM in page.content.decode(), "Before you meet" in text(page)) == (False, True)
    assert coach.post(f"groups/{number}/took-place/", said="yes").status_code == 302
    assert "You said that it did." in text(coach.get(f"groups/{number}/"))
    assert coach.post(f"groups/{number}/call-off/").status_code == 409


def test_supervision_from_the_group_to_the_card(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (eva, _page), (ola, _other) = house.coach(), house.coach("Ola Berg")
    staff = Browser(house, house.person("Cleo Brandt", "coordinator"))
    assert "No group yet" in text(staff.get("roster/supervision/"))
    assert staff.post("roster/supervision/", supervisor=eva, members=[eva]).status_code == 422
    assert staff.post("roster/supervision/", supervisor=eva, members=[ola]).status_code == 302
    assert "Ola Berg" in text(staff.get("roster/supervision/"))
    coach, member = Browser(house, eva), Browser(house, ola)
    assert "You are in no group yet" in text(Browser(house, house.coach("Kim Lund")[0]).get("supervision/"))
    assert "Plan a meeting" not in text(member.get("supervision/"))
    page = coach.get("supervision/")
    assert "No meeting is planned" in text(page)
    circle = page.content.decode().split('<option value="')[1].split('"')[0]
    typed = {"circle": circle, "on": "2026-03-03", "starts": "17:30", "minutes": 60}
    assert coach.post("supervision/", **typed, key=key_of(page)).status_code == 302
    refused = coach.post("supervision/", **typed, key=uuid4())
    assert (refused.status_code, "Somebody in the group has another appointment" in text(refused)) == (422, True)
    number = Gathering.objects.get().pk
    assert "Speak of coachees without names" in text(member.get(f"groups/{number}/"))
    slug = Programme.objects.get(pk=house.programme).slug
    for who, moment, titles in (
        (eva, NOW, {"Your next meeting with several"}),
        (eva, TUESDAY + timedelta(hours=2), {"Did your meeting take place?"}),
        (ola, TUESDAY + timedelta(hours=2), set()),
    ):
        standing = people.standing(person=who, programme=slug, now=moment)
        assert standing is not None
        found = {card.title for card in cards.today(standing=standing, now=moment) if "meeting" in card.title}
        assert found == titles
    assert coach.post(f"groups/{number}/call-off/").status_code == 302
    assert staff.post(f"roster/supervision/{circle}/end/").status_code == 302
    assert not Gathering.objects.exists()
