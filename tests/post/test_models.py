import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from confrere.post.models import TRANSITIONS, Letter, State

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def letter(state: State = State.WAITING, **fields: object) -> Letter:
    ended = {} if state is State.WAITING else {"to": "", "subject": "", "body": "", "ended_at": NOW}
    written = {"to": "a@example.org", "subject": "s", "body": "b", "written_at": NOW, "next_try_at": NOW}
    return Letter(event_digest="d", message_id="<d@x>", state=state, **{**written, **ended, **fields})


@pytest.mark.parametrize("state", State)
def test_a_letter_in_each_state_can_be_kept(state: State) -> None:
    letter(state).save()
    assert str(Letter.objects.get(state=state)) == "<d@x>"


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("lost", {}),
        (State.SENT, {"body": "b"}),
        (State.SENT, {"to": "a@example.org"}),
        (State.SENT, {"subject": "s"}),
        (State.SENT, {"guard": "g"}),
        (State.SENT, {"one_click": "u"}),
        (State.DROPPED, {"body": "b"}),
        (State.SENT, {"ended_at": None}),
        (State.GIVEN_UP, {"body": "b"}),
        (State.WAITING, {"ended_at": NOW}),
        (State.WAITING, {"to": ""}),
        (State.WAITING, {"body": ""}),
    ],
)
def test_the_database_keeps_no_words_of_a_letter_that_left(state: State, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        letter(state, **fields).save()


def test_a_letter_that_left_stays_as_it_is() -> None:
    assert {state for state, following in TRANSITIONS.items() if not following} == {
        State.SENT,
        State.GIVEN_UP,
        State.DROPPED,
    }
    assert TRANSITIONS[State.WAITING] == {*State}


def test_an_event_has_one_letter() -> None:
    letter().save()
    with pytest.raises(IntegrityError), transaction.atomic():
        letter().save()
