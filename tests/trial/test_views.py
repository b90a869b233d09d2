import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import User
from confrere.people.queries import person_by_address
from confrere.post.models import Letter
from confrere.science.allocation import verify_record
from confrere.surveys.models import Response
from confrere.trial import actions, queries
from confrere.trial.models import Announcement, Consent, Place
from confrere.vault import link
from confrere.vault.models import Payload


def signed_in(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def live(bare: Study) -> Study:
    """A trial that opened now, by the wall's clock: pages ask it."""
    bare.open(now=timezone.now())
    return bare


@pytest.fixture
def member(bare: Study) -> Callable[[str], Client]:
    """A signed-in person with a role."""

    def member(role: str) -> Client:
        now = timezone.now()
        person = people.create_account(email=f"{role}@example.org", name=role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=bare.programme, role=role, now=now, actor=DIRECTOR)
        return signed_in(person)

    return member


def join_url(study: Study) -> str:
    return f"/join/{queries.required(study.programme).join_token}/"


def test_from_the_recruitment_link_to_a_held_place(client: Client, live: Study) -> None:
    url = join_url(live)
    page = client.get(url)
    assert "A small trial" in page.text
    assert "within 7 days" in page.text
    page = client.post(url, {"name": "Ama Osei", "email": "a.osei@example.org"}, follow=True)
    assert page.redirect_chain == [("/accounts/login/newcomer/", 302)]
    assert person_by_address("a.osei@example.org") is None
    code = re.search(r"\b[A-Z0-9]{3,}-?[A-Z0-9]{3,}\b", Letter.objects.get(to="a.osei@example.org").body)
    assert code is not None
    page = client.post("/accounts/login/newcomer/", {"code": code[0]}, follow=True)
    assert page.redirect_chain == [(f"{url}consent/", 302)]
    person = person_by_address("a.osei@example.org")
    assert person is not None
    assert client.get(url).headers["Location"] == f"{url}consent/"  # who is signed in reads on
    assert "What this is: a test." in page.text
    text = queries.consent_text(queries.required(live.programme))
    assert text is not None
    signed = {"version": text.version, "sha256": text.sha256, "name": "Ama Osei", "agreed": "on"}
    page = client.post(f"{url}consent/", signed, follow=True)
    assert page.redirect_chain == [("/p/peer/trial/mine/", 302)]
    assert "Your place is held until" in page.text
    study_id = link.study_id(person=person.pk, programme=live.programme)
    assert study_id is not None
    assert live.state(study_id) == "held"
    copy = client.get("/p/peer/trial/mine/consent.txt")
    assert "What this is: a test.\n\nSigned by: Ama Osei\n" in copy.text
    assert text.sha256 in copy.text


def test_a_link_that_nobody_was_given_and_a_draft_show_nothing(client: Client, bare: Study) -> None:
    assert client.get("/join/x/").status_code == 404
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=NOW)
    page = client.get(join_url(bare))
    assert (page.status_code, "not locked yet" in page.text) == (409, True)
    assert client.post("/join/x/consent/").status_code in {302, 404}


def test_what_was_typed_is_kept(client: Client, live: Study) -> None:
    page = client.post(join_url(live), {"name": "Ama Osei", "email": "nowhere"})
    assert page.status_code == 422
    assert 'value="nowhere"' in page.text
    assert 'value="Ama Osei"' in page.text
    unsigned = signed_in(live.person(1)).post(join_url(live) + "consent/", {"name": "Ama"})
    assert (unsigned.status_code, 'value="Ama"' in unsigned.text) == (422, True)
    assert not Consent.objects.exists()


def test_a_consent_to_an_old_text_is_refused(live: Study) -> None:
    text = queries.consent_text(queries.required(live.programme))
    assert text is not None
    client = signed_in(live.person(1))
    signed = {"version": text.version, "sha256": text.sha256, "name": "P. 1", "agreed": "on"}
    live.text("Other words.")
    page = client.post(join_url(live) + "consent/", signed)
    assert (page.status_code, "The text changed" in page.text) == (409, True)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("held", "Your place is held until"),
        ("waiting", "You are number 1 on the waiting list"),
        ("lapsed", "Ask for a place again"),
        ("withdrawn", "You left before the draw"),
        ("coaching", "your coaching starts now"),
        ("control", "your coaching starts after the later survey"),
    ],
)
def test_my_part_says_where_i_stand(live: Study, state: str, sentence: str) -> None:
    now = timezone.now()
    if state in {"coaching", "control"}:
        ids = [live.enrol(number, now=now) for number in range(6)]
        study_id = next(one for one in ids if live.arm(one) == state)
    else:
        before = now - timedelta(days=8 if state == "lapsed" else 0)
        if state == "waiting":
            for number in range(10, 16):
                live.join(number, now=now)
        study_id = live.join(1, now=before)
    if state == "lapsed":
        actions.move_on(programme=live.programme, now=now)
    if state == "withdrawn":
        actions.withdraw(programme=live.programme, study_id=study_id, kind="questions", now=now)
    page = signed_in(live.persons[study_id]).get("/p/peer/trial/mine/")
    assert sentence in page.text


def test_stopping_takes_two_clicks_and_can_be_taken_back(live: Study) -> None:
    study_id = live.enrol(1, now=timezone.now())
    client = signed_in(live.persons[study_id])
    for kind, said in [("coaching", "You stopped coaching."), ("questions", "You are asked no further questions.")]:
        asked = client.get(f"/p/peer/trial/mine/stop/{kind}/")
        assert "You need no reason." in asked.text
        assert said in client.post(f"/p/peer/trial/mine/stop/{kind}/", follow=True).text
        assert said not in client.post(f"/p/peer/trial/mine/back/{kind}/", follow=True).text
    assert client.get("/p/peer/trial/mine/stop/everything/").status_code == 404
    assert Response.objects.filter(stopped_at__isnull=False).count() == 0


def test_a_participant_without_a_study_has_nothing_to_stop(live: Study, member: Callable[[str], Client]) -> None:
    client = member("participant")
    assert "You have not signed a consent" in client.get("/p/peer/trial/mine/").text
    assert client.get("/p/peer/trial/mine/consent.txt").status_code == 404
    assert client.post("/p/peer/trial/mine/stop/coaching/").status_code == 409


def test_the_team_sees_the_flow_and_the_promises(live: Study, member: Callable[[str], Client]) -> None:
    director = member("director")
    for number in range(3):
        live.enrol(number, now=timezone.now())
    trial = queries.required(live.programme)
    page = director.get("/p/peer/trial/")
    for shown in (trial.commitment, trial.protocol_sha256, join_url(live), "Allocated by chance"):
        assert shown in page.text
    assert "Had a first session" not in page.text
    assert page.text.count("/p/peer/trial/people/") == 3  # the place in the bar, and the two boxes up to the draw
    director.post("/p/peer/trial/announce/", {"addresses": "3247"})
    assert Announcement.objects.get().addresses == 3247
    assert "3247" in director.get("/p/peer/trial/").text
    refused = director.post("/p/peer/trial/announce/", {"addresses": "many"})
    assert refused.status_code == 422
    statistician = member("statistician").get("/p/peer/trial/")
    assert "/p/peer/trial/people/" not in statistician.text


@pytest.mark.parametrize("role", ["director", "coordinator", "statistician"])
def test_nobody_sees_arms_while_a_draw_is_to_come(live: Study, member: Callable[[str], Client], role: str) -> None:
    client = member(role)
    for number in range(5):
        live.enrol(number, now=timezone.now())
    page = client.get("/p/peer/trial/").text
    protocol = "<pre"  # the protocol itself names the arms
    assert "Coaching later" not in page.partition(protocol)[0]
    assert "is shown when no draw is to come" in page
    live.enrol(5, now=timezone.now())  # the last of six places
    page = client.get("/p/peer/trial/").text
    assert "Coaching later" in page.partition(protocol)[0]
    assert "Had a first session" in page


def test_arms_are_shown_when_recruitment_has_ended(live: Study, member: Callable[[str], Client]) -> None:
    live.enrol(1, now=timezone.now())
    actions.close_and_publish(programme=live.programme, actor=DIRECTOR, now=timezone.now())
    assert "Had a first session" in member("coordinator").get("/p/peer/trial/").text


def test_names_are_shown_up_to_the_draw_without_an_arm_and_written_down(
    live: Study, member: Callable[[str], Client]
) -> None:
    live.enrol(2, now=timezone.now())
    live.join(1, now=timezone.now())
    director = member("coordinator")
    lists = {
        box: re.findall(r"<li>(P\. \d)</li>", director.get(f"/p/peer/trial/people/{box}/").text)
        for box in ("consented", "held", "waiting", "lapsed", "withdrawn", "allocated")
    }
    assert lists == {
        "consented": ["P. 1", "P. 2"],
        "held": ["P. 1"],
        "waiting": [],
        "lapsed": [],
        "withdrawn": [],
        "allocated": ["P. 2"],
    }
    assert "P. 2" in director.get("/p/peer/trial/people/").text
    assert director.get("/p/peer/trial/people/started/").status_code == 404
    page = director.get("/p/peer/trial/people/allocated/").text
    assert "Coaching now" not in page
    assert "Coaching later" not in page
    assert Payload.objects.filter(body__contains="trial.read_names").count() == 8


def test_a_director_locks_and_publishes_and_anyone_in_the_programme_can_verify(
    bare: Study, member: Callable[[str], Client]
) -> None:
    director = member("director")
    assert "runs without a trial" in director.get("/p/peer/trial/").text
    assert "runs without a trial" in director.get("/p/peer/trial/people/").text
    assert "runs without a trial" in director.get("/p/peer/trial/conduct/").text
    assert "runs without a trial" in member("participant").get("/p/peer/trial/mine/").text
    now = timezone.now()
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=now)
    bare.text("What this is: a test.", now=now)
    assert "Lock the protocol" in director.get("/p/peer/trial/").text
    assert "Lock the protocol?" in director.get("/p/peer/trial/lock/").text
    assert "Recruitment is open" in director.post("/p/peer/trial/lock/", follow=True).text
    participant = signed_in(bare.persons[bare.enrol(1, now=timezone.now())])
    assert participant.get("/p/peer/trial/record.json").status_code == 409
    assert "record of the draws is published" in director.post("/p/peer/trial/publish/", follow=True).text
    record = participant.get("/p/peer/trial/record.json")
    assert verify_record(json.loads(record.text)).verified
    assert "attachment" in record.headers["Content-Disposition"]


def test_locking_and_publishing_ask_who_it_is_and_once_more(live: Study, member: Callable[[str], Client]) -> None:
    director = member("director")
    asked = director.get("/p/peer/trial/publish/").text
    assert "This cannot be undone." in asked
    assert director.get("/p/peer/trial/lock/").status_code == 409  # it is locked already
    session = director.session
    session[sessions.PROVED] = timezone.now().timestamp() - 901
    session.save()
    for method in (director.get, director.post):  # without a passkey to prove it with, one signs in again
        answer = method("/p/peer/trial/publish/")
        assert answer.headers["Location"] == "/accounts/login/?next=/p/peer/trial/publish/"
    assert queries.required(live.programme).state == "open"


@pytest.mark.parametrize("path", ["announce/", "mine/back/coaching/"])
def test_what_changes_something_is_never_a_get(live: Study, member: Callable[[str], Client], path: str) -> None:
    assert member("director").get(f"/p/peer/trial/{path}").status_code == 405
    assert Place.objects.count() == 0


@pytest.mark.parametrize("path", ["", "people/", "record.json", "mine/"])
def test_strangers_and_outsiders_see_nothing(client: Client, live: Study, path: str) -> None:
    assert client.get(f"/p/peer/trial/{path}").status_code == 302
    assert signed_in(live.person(1)).get(f"/p/peer/trial/{path}").status_code == 404


@pytest.mark.parametrize("role", ["participant", "coach", "leader", "moderator", "operator"])
def test_the_programme_is_open_to_its_team_only(live: Study, member: Callable[[str], Client], role: str) -> None:
    client = member(role)
    assert client.get("/p/peer/trial/").status_code == 403
    assert client.get("/p/peer/trial/people/").status_code == 403
    assert client.post("/p/peer/trial/lock/").status_code == 403
