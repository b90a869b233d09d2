"""What the workbook's scripts ask of the server, asked by hand: who gets what, and what is refused in words."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings
from tests.coaching.conftest import NOW, House
from tests.coaching.test_workbook import CODE, KEY, PARCEL, PUBLIC, SEALED, TICKET, written
from tests.coaching.views.browser import Browser, at, text
from tests.people.authenticator import Device
from tests.people.sign_in.steps import enrol

from confrere.coaching.models import Showing, Workbook
from confrere.people import sessions
from confrere.vault import shares

TOLD = "Show once more who you are: that counts for five minutes."


@pytest.fixture(autouse=True)
def folder(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.SHARES = tmp_path / "shares"
    yield
    cache.clear()


@pytest.fixture
def osei(house: House) -> Browser:
    return proved(Browser(house, house.participant(granted=False)), NOW)


def proved(browser: Browser, when: datetime) -> Browser:
    session = browser.client.session
    sessions.prove(session, now=when)
    session.save()
    return browser


def ask(browser: Browser, act: str, **body: object) -> Any:
    return browser.client.post(f"{browser.root}{act}/", json.dumps(body), content_type="application/json")


def coded(octets: bytes) -> str:
    return b64encode(octets).decode()


def ways() -> list[dict[str, str]]:
    return [{"kind": way.kind, "credential": way.credential, "wrapped": coded(way.wrapped)} for way in (CODE, KEY)]


def test_before_the_first_time_the_page_says_what_lost_means(osei: Browser) -> None:
    page = text(osei.get("workbook/"))
    assert "If you lose both your passkey and your recovery code, it is gone." in page
    assert "Thirty days after the programme the server's lock is destroyed." in page
    assert "Malware on your device, or someone watching it." in page


def test_the_page_is_kept_by_no_browser_and_runs_no_strange_script(osei: Browser) -> None:
    answer = osei.get("workbook/")
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_open_save_and_open_again(osei: Browser, house: House) -> None:
    first = ask(osei, "workbook/unlock").json()
    assert (first["version"], first["newest"], first["sealed"], first["ways"]) == (0, 0, "", [])
    body = {"number": first["number"], "version": 1, "sealed": coded(SEALED), "ways": ways()}
    assert ask(osei, "workbook/save", **body).status_code == 200
    again = ask(osei, "workbook/unlock").json()
    assert again["share"] == first["share"]
    assert (again["version"], again["sealed"], again["ways"]) == (1, coded(SEALED), ways())
    assert ask(osei, "workbook/ask").json() == {"options": {}, "number": first["number"]}
    assert "Open with the code" in text(osei.get("workbook/"))


def test_nothing_is_asked_of_whoever_has_no_workbook(osei: Browser) -> None:
    assert ask(osei, "workbook/ask").json() == {"options": {}, "number": ""}


def test_after_five_minutes_the_share_is_kept_back(osei: Browser, house: House) -> None:
    number = written(house, osei.person)
    proved(osei, NOW - timedelta(minutes=5))
    assert ask(osei, "workbook/unlock").status_code == 200
    proved(osei, NOW - timedelta(minutes=5, seconds=1))
    for act, body in (("unlock", {}), ("lock", {"number": str(number), **ways()[0]})):
        answer = ask(osei, f"workbook/{act}", **body)
        assert (answer.status_code, answer.json()) == (403, {"sentence": TOLD})
    answer = osei.get("workbook/prove/")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={osei.root}workbook/prove/")


def test_whoever_has_just_proved_comes_back_to_the_workbook(osei: Browser) -> None:
    assert osei.get("workbook/prove/")["Location"] == f"{osei.root}workbook/"


def test_a_wrong_passkey_answer_opens_nothing(osei: Browser) -> None:
    answer = ask(osei, "workbook/unlock", passkey={"id": "x"})
    assert (answer.status_code, answer.json()["sentence"]) == (403, "This passkey was not accepted. Try again.")


def test_another_way_in(osei: Browser, house: House) -> None:
    number = written(house, osei.person)
    assert ask(osei, "workbook/lock", number=str(number), **ways()[0]).status_code == 200


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("workbook/save", {}),
        ("workbook/save", {"number": "no number", "version": 1, "sealed": ""}),
        ("workbook/save", {"number": 7, "version": 1, "sealed": ""}),
        ("workbook/save", {"number": "00000000-0000-4000-8000-000000000000", "version": "1", "sealed": ""}),
        ("workbook/save", {"number": "00000000-0000-4000-8000-000000000000", "version": 0, "sealed": ""}),
        ("workbook/save", {"number": "00000000-0000-4000-8000-000000000000", "version": 2**31, "sealed": ""}),
        ("workbook/save", {"number": "00000000-0000-4000-8000-000000000000", "version": 1, "sealed": "\u00e9"}),
        ("workbook/lock", {"number": "00000000-0000-4000-8000-000000000000", "kind": 1, "wrapped": ""}),
        ("workbook/lock", {"number": "00000000-0000-4000-8000-000000000000", "kind": "", "credential": 1}),
        ("workbook/unlock", {"passkey": "text"}),
        ("workbook/unlock", {"passkey": [[1]]}),
        ("workbook/device", {}),
    ],
)
def test_what_no_page_sends_is_refused_in_words(osei: Browser, act: str, body: dict[str, object]) -> None:
    answer = ask(osei, act, **body)
    assert answer.status_code in {403, 422}
    assert answer.json()["sentence"] != ""


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000])
def test_what_is_no_object_is_refused_in_words(osei: Browser, body: str) -> None:
    answer = osei.client.post(f"{osei.root}workbook/unlock/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["sentence"]) == (422, "This was not understood. Open the page again.")


def test_begin_anew_and_return(osei: Browser, house: House) -> None:
    old = written(house, osei.person)
    assert osei.post("workbook/aside/").status_code == 302
    page = osei.get("workbook/").content.decode()
    assert f'name="number" value="{old}"' in page
    assert osei.post("workbook/aside/", number="nothing").status_code == 422
    assert osei.post("workbook/aside/", number=str(old)).status_code == 302
    assert Workbook.objects.get(current=True).number == old


def test_a_share_that_is_gone_is_said_plainly(osei: Browser, house: House) -> None:
    shares.store().destroy(written(house, osei.person))
    answer = ask(osei, "workbook/unlock")
    assert answer.status_code == 410
    assert "nobody can open it any more, nor can you" in answer.json()["sentence"]


def test_a_copy_goes_to_the_coachs_device_once(osei: Browser, house: House) -> None:
    coach = Browser(house, house.person("Eva Lindqvist", "coach"))
    assert "read six digits" in text(coach.get("shown/"))
    assert ask(coach, "shown/wait", ticket=TICKET, code="123456", key=coded(PUBLIC)).json() == {}
    assert ask(coach, "shown/fetch", ticket=TICKET).json() == {"sealed": ""}
    assert ask(osei, "workbook/device", code="123456").json() == {"key": coded(PUBLIC)}
    assert ask(osei, "workbook/show", code="123456", sealed=coded(PARCEL)).json() == {}
    assert ask(coach, "shown/fetch", ticket=TICKET).json() == {"sealed": coded(PARCEL)}
    assert not Showing.objects.exists()


def test_guesses_at_digits_are_few(osei: Browser) -> None:
    answers = [ask(osei, "workbook/device", code=f"{guess:06}") for guess in range(12)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert "Wait a few minutes" in answers[-1].json()["sentence"]


def test_the_clock_of_the_session_is_not_that_of_the_proof(
    osei: Browser, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(osei, "workbook/unlock").json()
    at(NOW + timedelta(minutes=30), monkeypatch)
    body = {"number": first["number"], "version": 1, "sealed": coded(SEALED), "ways": ways()}
    assert ask(osei, "workbook/save", **body).status_code == 200  # the last minute of a long session


def test_one_touch_proves_who_it_is_and_opens(house: House) -> None:
    osei, device = Browser(house, house.participant(granted=False)), Device()
    proved(osei, NOW)
    enrol(osei.client, device)
    session = osei.client.session
    sessions.prove(session, now=NOW - timedelta(minutes=6))
    session.save()
    options = ask(osei, "workbook/ask").json()["options"]
    strange = Device(verifies_user=False, key=device.key, credential=device.credential)
    for wrong in (strange, Device()):
        assert ask(osei, "workbook/unlock", passkey=json.loads(wrong.use(options))).status_code == 403
    answer = json.loads(device.use(options))
    assert ask(osei, "workbook/unlock", passkey=answer).status_code == 200
    assert ask(osei, "workbook/unlock").status_code == 200  # for five minutes
    assert ask(osei, "workbook/unlock", passkey=answer).status_code == 403  # good for one answer
