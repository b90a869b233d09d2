"""The pages of a service, from an empty programme to its last day."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import SAID, Running

from confrere.people import actions as people
from confrere.people import queries as found_people
from confrere.people.models import User
from confrere.post.models import Letter
from confrere.service import actions, queries
from confrere.service.models import Agreement, Intake, Place, Seat, Service, Terms, YearReport
from confrere.service.models import Lottery as Drawn

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PLAN = {
    "title": "Coaching for everyone",
    "minutes": "60; 60",
    "window_days": "30",
    "intake": "rolling",
    "order": "first-come",
    "offer_days": "5",
    "instruments": ["qol_vas"],
    "questionnaire": "",
}


def signed_in(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend=BACKEND)
    return client


def member(running: Running, role: str) -> Client:
    now = timezone.now()
    person = people.create_account(email=f"{role}@example.org", name=role.title(), zone="UTC", now=now)
    people.grant_role(person=person, programme=running.programme, role=role, now=now, actor=running.actor)
    return signed_in(person)


@pytest.fixture
def director(running: Running) -> Client:
    return member(running, "director")


@pytest.fixture
def at(running: Running) -> Callable[[str], str]:
    return lambda page="": f"/p/{running.slug}/service/{page}"


def text_of(page: object) -> str:
    return re.sub(r"\s+", " ", page.text)  # type: ignore[attr-defined]  # an answer of the test client


def link(running: Running) -> str:
    return f"/service/{running.service.join_token}/"


def test_a_director_prepares_and_opens_a_service(running: Running, director: Client, at: Callable[..., str]) -> None:
    assert "No service runs here yet" in director.get(at()).text
    assert "90, 60, 60" in director.get(at("plan/")).text
    assert director.post(at("plan/"), PLAN | {"minutes": "sixty"}).status_code == 422
    assert director.post(at("plan/"), PLAN).status_code == 302
    assert "60, 60" in director.get(at("plan/")).text
    assert "Write what people agree to" in director.get(at()).text
    assert "Nobody can ask for a place yet" in director.get(f"/p/{running.slug}/").text
    assert director.post(at("terms/"), {"text": ""}).status_code == 422
    assert director.post(at("terms/"), {"text": "You get coaching."}).status_code == 302
    assert "Version 1 stands now" in director.get(at("terms/")).text
    today = timezone.now().date().isoformat()
    assert "One person takes 2 coach hours" in director.get(at("intake/")).text
    assert director.post(at("intake/"), {"opens_on": "soon"}).status_code == 422
    assert director.post(at("intake/"), {"opens_on": today, "coach_hours": "5"}).status_code == 302
    assert "5 coach hours carry 2 people" in director.get(at()).text
    assert "Open the service?" in director.get(at("open/")).text
    assert director.post(at("open/")).status_code == 302
    assert link(running) in director.get(at()).text
    assert director.get(at("open/")).status_code == 409
    assert director.get(at("plan/")).status_code == 409
    assert "0 have a place" in director.get(f"/p/{running.slug}/").text


def test_a_cohort_is_entered_with_its_days(running: Running, director: Client, at: Callable[..., str]) -> None:
    director.post(at("plan/"), PLAN | {"intake": "cohorts", "order": "lottery"})
    now = timezone.now()
    days = [(now + timedelta(days=each)).date().isoformat() for each in (0, 7, 14)]
    form = dict(zip(("opens_on", "closes_on", "starts_on"), days, strict=True))
    assert director.post(at("intake/"), form | {"coach_hours": "4"}).status_code == 302
    assert "asking from" in director.get(at()).text


def test_a_stranger_asks_and_has_a_place(running: Running, client: Client) -> None:
    now = timezone.now()
    running.rolling(now=now)
    url = link(running)
    assert "Coaching for everyone" in client.get(url).text
    assert client.post(url, {"name": "Ama", "email": "nowhere"}).status_code == 422
    page = client.post(url, {"name": "Ama Osei", "email": "a.osei@example.org"}, follow=True)
    code = re.search(r"\b[A-Z0-9]{3,}-?[A-Z0-9]{3,}\b", Letter.objects.get(to="a.osei@example.org").body)
    assert code is not None
    page = client.post("/accounts/login/newcomer/", {"code": code[0]}, follow=True)
    assert page.redirect_chain == [(f"{url}agree/", 302)]
    assert client.get(url).headers["Location"] == f"{url}agree/"
    terms = queries.terms(running.service)
    assert terms is not None
    form = {"version": terms.version, "sha256": terms.sha256, "name": "Ama Osei"}
    assert client.post(f"{url}agree/", form).status_code == 422
    page = client.post(f"{url}agree/", form | {"agreed": "on"}, follow=True)
    assert "The place is yours" in text_of(page)
    person = found_people.person_by_address("a.osei@example.org")
    assert person is not None
    assert Agreement.objects.get(person=person).name == "Ama Osei"
    home = client.get(f"/p/{running.slug}/").text
    assert "Before you begin" in home
    assert "Choose your coach" in home


def test_links_of_nobody_and_closed_intakes(running: Running, client: Client) -> None:
    assert client.get("/service/nobody/").status_code == 404
    running.prepare(intake="cohorts", order="lottery")
    assert client.get(link(running)).status_code == 409
    now = timezone.now()
    running.intake(now=now - timedelta(days=30), closes=7, starts=14)
    running.open(now=now)
    assert "Nobody can ask at the moment" in client.get(link(running)).text
    person = running.person(1)
    assert signed_in(person).get(f"{link(running)}agree/").status_code == 409


def test_one_takes_what_is_offered_or_leaves_it(running: Running, at: Callable[..., str]) -> None:
    now = timezone.now()
    running.rolling(hours=2, now=now)
    for number in range(3):
        running.join(number, now=now)
    second = signed_in(running.person(1))
    assert "You are number 1 on the waiting list" in text_of(second.get(at("mine/")))
    assert "You are number 1 on the waiting list" in text_of(second.get(f"/p/{running.slug}/"))
    first = signed_in(running.person(0))
    assert "Give your place back?" in first.get(at("mine/leave/")).text
    assert first.post(at("mine/leave/")).status_code == 302
    assert "You left. Nothing more is asked of you." in first.get(at("mine/")).text
    assert "A place is kept for you" in second.get(at("mine/")).text
    assert "A place is free for you" in second.get(f"/p/{running.slug}/").text
    assert second.post(at("mine/take/")).status_code == 302
    assert "The place is yours" in second.get(at("mine/")).text
    assert second.post(at("mine/take/")).status_code == 409
    assert second.get(at("mine/receipt.json")).status_code == 404


@pytest.mark.parametrize(("state", "said"), [("done", "has come to its end"), ("lapsed", "its day has passed")])
def test_what_became_of_a_place_is_said(running: Running, at: Callable[..., str], state: str, said: str) -> None:
    running.rolling(now=timezone.now())
    running.join(0, now=timezone.now())
    Place.objects.update(state=state, seat=None)
    assert said in signed_in(running.person(0)).get(at("mine/")).text


def test_a_participant_of_the_programme_without_a_place_is_told_so(running: Running, at: Callable[..., str]) -> None:
    running.rolling(now=timezone.now())
    participant = member(running, "participant")
    assert "You have not asked for a place." in participant.get(at("mine/")).text
    assert participant.get(f"/p/{running.slug}/").status_code == 200


def test_lots_are_drawn_on_a_page_and_found_by_whoever_drew_one(
    running: Running, director: Client, client: Client, at: Callable[..., str]
) -> None:
    now = timezone.now()
    running.cohorts(hours=2, now=now)
    for number in range(2):
        running.join(number, now=now)
    mine = signed_in(running.person(0))
    assert "You take part in the draw after" in text_of(mine.get(at("mine/")))
    assert director.get(at("lottery/1/")).status_code == 409
    past = (now - timedelta(days=1)).date()
    Intake.objects.update(opens_on=past, closes_on=past)
    assert "Draw the lots of intake 1" in text_of(director.get(at()))
    assert "the lots of intake 1 can be drawn" in director.get(f"/p/{running.slug}/").text
    assert "The list is closed" in director.get(at("lottery/1/")).text
    assert director.post(at("lottery/1/"), {"said": "short"}).status_code == 422
    assert director.post(at("lottery/1/"), {"said": SAID}).status_code == 302
    assert director.get(at("lottery/2/")).status_code == 404
    record = client.get(f"{link(running)}lottery/1.json").json()
    receipt = mine.get(at("mine/receipt.json")).json()
    assert record["places"] == 1
    assert receipt["rank"] in {1, 2}
    assert f"You drew rank {receipt['rank']}" in text_of(mine.get(at("mine/")))
    assert client.get(f"{link(running)}lottery/2.json").status_code == 404


def test_a_coordinator_reads_names_and_a_director_counts(
    running: Running, director: Client, at: Callable[..., str]
) -> None:
    now = timezone.now()
    running.rolling(now=now)
    for number in range(3):
        running.join(number, now=now)
    coordinator = member(running, "coordinator")
    assert "P. 2" in coordinator.get(at("people/")).text
    assert "P. 0" in coordinator.get(at("people/taken/")).text
    assert coordinator.get(at("people/nowhere/")).status_code == 404
    assert director.get(at("people/")).status_code == 403
    page = director.get(at())
    assert "0 of 4 sessions granted to 2 people were held" in text_of(page)
    assert "P. 0" not in page.text
    assert "Before and after" not in coordinator.get(at()).text


def test_before_and_after_stand_on_the_directors_page_as_no_effect(
    running: Running, director: Client, at: Callable[..., str]
) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=35)
    running.rolling(hours=10, now=long_ago)
    for number in range(5):
        running.join(number, now=long_ago)
        running.answer(number, "before", value=40 + number, now=long_ago)
        running.answer(number, "after", value=50 + 2 * number, now=now)
    page = text_of(director.get(at()))
    assert "No control: a change is not an effect." in page
    assert "12.00 (" in page


def test_a_report_is_read_on_a_page_and_as_files(running: Running, director: Client, at: Callable[..., str]) -> None:
    now = timezone.now()
    leader = member(running, "leader")
    assert "No report yet" in leader.get(at("reports/")).text
    running.rolling(now=now)
    assert "No report yet" in leader.get(at("reports/")).text
    assert director.post(at("reports/make/")).headers["Location"] == at("reports/1/")
    for client in (director, leader):
        assert "0 asked for a place" in text_of(client.get(at("reports/1/")))
    assert "Report 1" in leader.get(at("reports/")).text
    assert "Report 1" in director.get(at()).text
    assert leader.get(at("reports/1/file/pdf/")).content.startswith(b"%PDF")
    assert "<!doctype html>" in leader.get(at("reports/1/file/html/")).text
    assert leader.get(at("reports/1/file/exe/")).status_code == 404


def test_a_director_ends_a_service(running: Running, director: Client, at: Callable[..., str]) -> None:
    running.rolling(now=timezone.now())
    assert "End the service?" in director.get(at("end/")).text
    assert director.post(at("end/"), {"ends_on": ""}).status_code == 422
    last = (timezone.now() + timedelta(days=3)).date().isoformat()
    assert director.post(at("end/"), {"ends_on": last}).status_code == 302
    assert "The service has ended" in director.get(at()).text
    assert director.get(at("end/")).status_code == 409


def test_every_row_has_a_name(running: Running) -> None:
    now = timezone.now()
    running.cohorts(hours=2, now=now - timedelta(days=8))
    running.join(1, now=now - timedelta(days=8))
    running.draw(now=now)
    actions.make_report(programme=running.programme, actor=running.actor, now=now)
    rows = [model.objects.first() for model in (Service, Terms, Agreement, Intake, Seat, Place, Drawn, YearReport)]
    assert all(re.fullmatch(r"[\w. ]+", str(row)) for row in rows)


def test_without_a_service_there_is_nothing_of_it(running: Running) -> None:
    participant = member(running, "participant")
    assert participant.get(f"/p/{running.slug}/service/mine/").status_code == 404
    assert participant.get(f"/p/{running.slug}/").status_code == 200
