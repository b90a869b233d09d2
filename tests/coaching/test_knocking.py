"""Before an appointment a browser is knocked at, without a word; who does not want it any more is left in peace."""

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching import actions
from confrere.coaching.actions.knocking import knock_now
from confrere.coaching.models import Device
from confrere.vault.refusals import Refusal

SERVICE = "https://fcm.googleapis.com/"
LATER = TUESDAY + timedelta(days=7)


def add(house: House, person: int, endpoint: str) -> None:
    actions.add_device(programme=house.programme, site=house.site, person=person, endpoint=endpoint, now=NOW)


def jobs() -> list[dict[str, object]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name__endswith="knocking.knock").order_by("id")]


def test_both_are_knocked_at_with_the_letter_by_a_job_that_holds_a_number_only(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach, on=LATER)
    ama, other = house.participant(), house.participant("Ben Adler")
    for person, name in ((ama, "a"), (coach, "b"), (other, "c"), (ama, "a")):
        add(house, person, SERVICE + name)
    house.book(ama, page, LATER - timedelta(hours=1))
    group = actions.offer_group(
        programme=house.programme,
        site=house.site,
        person=house.coach("Ola Berg")[0],
        start=LATER,
        minutes=60,
        places=2,
        key=uuid4(),
        now=NOW,
    )
    actions.join_group(programme=house.programme, person=other, gathering=group, now=NOW)
    assert actions.remind(now=LATER - timedelta(hours=23)) == 2
    numbers = {row.endpoint[-1]: row.pk for row in Device.objects.all()}
    assert jobs() == [{"id": numbers[name]} for name in "abc"]


def test_a_browser_that_is_gone_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    person = house.participant()
    for name in "abc":
        add(house, person, SERVICE + name)
    asked = []
    answers = iter((201, 410, 500))
    monkeypatch.setattr(
        "confrere.post.outside.post", lambda *_asked, **more: asked.append(more["body"]) or next(answers)
    )
    devices = list(Device.objects.order_by("pk"))
    assert [knock_now(device=each.pk, now=NOW) for each in devices] == [True, False, False]
    assert asked == [b"", b"", b""]  # no content
    assert [each.endpoint[-1] for each in Device.objects.order_by("pk")] == ["a", "c"]
    actions.knock(id=devices[1].pk)  # gone
    assert str(devices[0]) == f"device of person {person}"


def test_a_browser_is_added_and_taken_away_on_the_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NOW, monkeypatch)
    browser = Browser(house, house.participant())
    assert "0 browsers of yours get notices" in text(browser.get("feed/"))
    assert browser.post("feed/device/", endpoint="https://evil.example.org/x").status_code == 422
    assert browser.post("feed/device/", endpoint=SERVICE + "a").status_code == 302
    assert "One browser of yours gets notices" in text(browser.get("feed/"))
    browser.post("feed/device/")
    assert Device.objects.count() == 0
    with pytest.raises(Refusal):
        add(house, browser.person, "http://fcm.googleapis.com/a")
