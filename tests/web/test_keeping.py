"""The page "What ends when": a director names the last day, two people hold and two lift."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, Study

from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import Programme, User
from confrere.vault.models import Hold

PAGE, EXISTS = "/p/peer/keeping/", "/me/what-exists/"
type SignIn = Callable[[str], Client]


@pytest.fixture
def someone(bare: Study) -> SignIn:
    """A signed-in person with a role."""

    def someone(role: str) -> Client:
        now = timezone.now()
        person = people.create_account(email=f"{role}@example.org", name=role, zone="UTC", now=now)
        people.grant_role(person=person, programme=bare.programme, role=role, now=now, actor=DIRECTOR)
        client = Client()
        client.force_login(User.objects.get(pk=person))
        return client

    return someone


def test_a_director_names_the_last_day_and_reads_what_follows(someone: SignIn) -> None:
    director, operator = someone("director"), someone("operator")
    assert "Nobody has said yet when the programme ends" in director.get(PAGE).text
    last = timezone.now().date() + timedelta(days=5)
    assert operator.post(PAGE, {"act": "end", "ends_on": last.isoformat()}).status_code == 403
    assert 'name="ends_on"' not in operator.get(PAGE).text
    assert director.post(PAGE, {"act": "end", "ends_on": last.isoformat()}).headers["Location"] == PAGE
    assert Programme.objects.get().ends_on == last
    erased = last + timedelta(days=31)
    assert f"On {erased.day} {erased:%B %Y} bookings" in director.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"act": "end", "ends_on": "someday"}, 422),
        ({"act": "end", "ends_on": "2020-01-01"}, 422),
        ({"act": "hold", "reason": "file 7"}, 422),
        ({"act": "confirm", "hold": "1"}, 404),
        ({"act": "confirm", "hold": "x"}, 404),
        ({"act": "confirm", "hold": "9" * 40}, 404),
        ({}, 404),
    ],
)
def test_what_cannot_be_is_refused_in_words(someone: SignIn, typed: dict[str, str], status: int) -> None:
    assert someone("director").post(PAGE, typed).status_code == status
    assert not Hold.objects.exists()


def test_two_people_hold_everyone_reads_it_and_two_people_lift(someone: SignIn) -> None:
    director, operator, participant = someone("director"), someone("operator"), someone("participant")
    director.post(PAGE, {"act": "hold", "classes": ["booking", "held_session"], "reason": "file 12/2026"})
    hold = str(Hold.objects.get().pk)
    assert "Confirm this hold" not in director.get(PAGE).text
    assert "Nothing is paused until another person confirms it" in director.get(PAGE).text
    assert "kept longer" not in participant.get(EXISTS).text
    assert "Confirm this hold" in operator.get(PAGE).text
    assert director.post(PAGE, {"act": "confirm", "hold": hold}).status_code == 403
    operator.post(PAGE, {"act": "confirm", "hold": hold})
    seen = participant.get(EXISTS).text
    assert "Something is kept longer in Peer coaching" in seen
    assert "booking, held session" in seen
    assert "file 12/2026" not in seen
    assert "Ask to lift it" in director.get(PAGE).text
    director.post(PAGE, {"act": "ask-lift", "hold": hold})
    assert "Lift it" not in director.get(PAGE).text
    assert "Lift it" in operator.get(PAGE).text
    operator.post(PAGE, {"act": "lift", "hold": hold})
    assert "Lifted on" in director.get(PAGE).text
    assert "kept longer" not in participant.get(EXISTS).text


def test_the_page_asks_again_who_it_is(someone: SignIn) -> None:
    director = someone("director")
    session = director.session
    session[sessions.PROVED] = timezone.now().timestamp() - 901
    session.save()
    assert director.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
