"""A coordinator types what somebody says: marked, written down, told by letter, and blind to what was before."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.surveys.conftest import DIRECTOR, GENDER, NOW, WORDS, YEARS, Place

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.surveys import queries
from confrere.surveys.definition import Kind, Question
from confrere.surveys.models import Answer, Response
from confrere.vault.models import Payload

AGAIN = Question(name="again", kind=Kind.TEXT, text="More about [gender]?", condition="gender == 'man'", required=False)


@pytest.fixture
def coordinator(place: Place) -> Client:
    number = people.create_account(email="c@example.org", name="Noor Haddad", zone="UTC", now=NOW)
    people.grant_role(person=number, programme=place.programme, role=Role.COORDINATOR, now=NOW, actor=DIRECTOR)
    client = Client()
    client.force_login(User.objects.get(pk=number), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def somebody(place: Place, person: Callable[..., tuple[int, str]]) -> tuple[int, str]:
    """A participant and their study id."""
    number, study_id = person()
    people.grant_role(person=number, programme=place.programme, role=Role.PARTICIPANT, now=NOW, actor=DIRECTOR)
    return number, study_id


def at(name: str, *more: object) -> str:
    return reverse(f"surveys:telephone{name}", args=["peer", *more])


def test_what_is_typed_is_marked_written_down_and_told(
    coordinator: Client, somebody: tuple[int, str], link_to: Callable[..., str], client: Client, place: Place
) -> None:
    number, study_id = somebody
    own = link_to(GENDER, YEARS, AGAIN, WORDS, study_id=study_id)
    client.post(own, {"value": "man"})
    assert "A. Osei" in coordinator.get(at("")).text
    page = coordinator.get(at("_begin", number))
    assert "opens where A. Osei stopped" in page.text
    page = coordinator.post(at("_begin", number), follow=True)
    assert page.redirect_chain == [(at("_answer", number, "baseline"), 302)]
    assert "By telephone" in page.text
    assert "Years in practice" in page.text
    assert "data-answering" not in page.text
    here = at("_answer", number, "baseline")
    page = coordinator.get(f"{here}?q=again")
    assert "More about …?" in page.text  # asked, since it hangs on the earlier answer, which is not shown
    assert "checked" not in coordinator.get(f"{here}?q=gender").text
    page = coordinator.post(f"{here}?q=years", {"value": "12"}, follow=True)
    assert "Saved." in page.text
    assert 'value="12"' in coordinator.get(f"{here}?q=years").text
    row = Answer.objects.get(question="years")
    assert (row.value, row.by_telephone) == (12, True)
    assert not Answer.objects.get(question="gender").by_telephone
    letter = Letter.objects.latest("pk")
    assert letter.to == "a.osei@example.org"
    assert "Noor Haddad opened your survey" in letter.body
    assert study_id not in letter.body
    told = [one.body for one in Payload.objects.filter(body__contains='"surveys.telephone"')]
    assert len(told) == 1
    assert f"survey baseline of {study_id}" in told[0]
    for name in ("again", "words"):
        coordinator.post(f"{here}?q={name}", {"value": "Nothing"})
    page = coordinator.post(at("_send", number, "baseline"), follow=True)
    assert page.redirect_chain == [(at(""), 302)]
    assert queries.by_telephone(programme=place.programme, wave="baseline") == {
        study_id: frozenset({"years", "again", "words"})
    }
    assert "No survey is open" in coordinator.get(at("_begin", number)).text
    assert "No survey is open" in coordinator.post(at("_begin", number)).text


def test_the_way_there_stands_on_the_page_of_waves(coordinator: Client) -> None:
    assert at("") in coordinator.get(reverse("surveys:waves", args=["peer"])).text


def test_without_a_call_nothing_opens(
    coordinator: Client, somebody: tuple[int, str], link_to: Callable[..., str]
) -> None:
    number, study_id = somebody
    link_to(GENDER, study_id=study_id)
    here = at("_answer", number, "baseline")
    for page in (coordinator.get(here), coordinator.post(at("_send", number, "baseline"))):
        assert page.headers["Location"] == at("_begin", number)
    assert coordinator.get(at("_begin", number + 99)).status_code == 404
    assert coordinator.get(at("_answer", number + 99, "baseline")).status_code == 404


def test_a_participant_without_a_code_has_no_survey(coordinator: Client, place: Place) -> None:
    number = people.create_account(email="new@example.org", name="New", zone="UTC", now=NOW)
    people.grant_role(person=number, programme=place.programme, role=Role.PARTICIPANT, now=NOW, actor=DIRECTOR)
    assert "No survey is open" in coordinator.get(at("_begin", number)).text


def test_whoever_was_signed_out_while_typing_sees_it_again(
    coordinator: Client, somebody: tuple[int, str], link_to: Callable[..., str]
) -> None:
    number, study_id = somebody
    link_to(WORDS, study_id=study_id)
    coordinator.post(at("_begin", number))
    coordinator.logout()
    here = at("_answer", number, "baseline")
    page = coordinator.post(here, {"value": "A long answer"})
    assert page.status_code == 401
    assert "A long answer" in page.text
    assert f"?next={here}" in page.text
    assert coordinator.get(here).status_code == 302
    assert not Answer.objects.exists()


def test_a_script_may_not_see_earlier_answers_either(
    coordinator: Client, somebody: tuple[int, str], link_to: Callable[..., str], client: Client
) -> None:
    number, study_id = somebody
    own = link_to(GENDER, study_id=study_id)
    client.post(own, {"value": "man"})
    coordinator.post(at("_begin", number))
    reply = coordinator.post(
        at("_answer", number, "baseline") + "?q=gender",
        {"value": "woman", "key": "7f0c7f4a-97a5-4a6e-8b0f-2d8f7a1c9e11"},
        headers={"accept": "application/json"},
    )
    assert reply.json()["crossed"] is None
    assert Answer.objects.latest("pk").by_telephone


def test_a_distress_plan_stands_beside_the_help_line(client: Client, link_to: Callable[..., str]) -> None:
    from confrere.surveys import signals

    def lines(sender: object, programme: int, **_more: object) -> list[str]:
        return [f"Call the desk of programme {programme}."]

    url = link_to(GENDER)
    assert "If a question weighs on you" not in client.get(url).text
    signals.distress_asked.connect(lines)
    try:
        page = client.get(url)
    finally:
        signals.distress_asked.disconnect(lines)
    assert "If a question weighs on you" in page.text
    assert f"Call the desk of programme {Response.objects.get().programme_id}." in page.text
