from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from tests.surveys.conftest import GENDER, NOW, YEARS, Place

from confrere.post.models import Letter
from confrere.surveys import actions, links
from confrere.surveys.actions import inviting
from confrere.surveys.models import Response

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("standing_keys")


def letters(*, now: datetime) -> int:
    """How many letters are written at this moment."""
    before = Letter.objects.count()
    told = actions.invite_due(now=now)
    assert Letter.objects.count() == before + told
    return told


def test_an_invitation_and_two_reminders_and_no_more(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(GENDER)
    opened(person()[1])
    days = [-1, 0, 0, 4, 5, 5, 11, 12, 13, 14, 15]
    assert [letters(now=NOW + DAY * day) for day in days] == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]


def test_the_letter_carries_the_link_and_names_nobody(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(GENDER)
    _person, study_id = person()
    opened(study_id)
    letters(now=NOW)
    letter = Letter.objects.get()
    token = links.token(programme=place.programme, study_id=study_id, wave="baseline")
    assert f"http://localhost{reverse('answer', args=[token])}\n" in letter.body
    assert "17 March 2026, 13:30 (America/New_York)" in letter.body
    assert (letter.to, letter.subject) == ("a.osei@example.org", "A few questions are open for you")
    assert study_id not in letter.body
    assert not any(token in str(value) for value in Response.objects.values_list())


def test_nobody_is_reminded_who_has_sent_or_stopped(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(YEARS)
    sent, stopped = person("a@example.org")[1], person("b@example.org")[1]
    response = opened(sent)
    opened(stopped)
    assert letters(now=NOW) == 2
    actions.record_answers(programme=place.programme, response=response, answers={"years": 3}, now=NOW)
    actions.complete(programme=place.programme, response=response, now=NOW)
    actions.stop(programme=place.programme, study_id=stopped, now=NOW)
    assert letters(now=NOW + 5 * DAY) == 0


def test_the_rules_are_read_again_at_the_moment_of_writing(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(GENDER)
    study_id = person()[1]
    response = opened(study_id)
    actions.stop(programme=place.programme, study_id=study_id, now=NOW)
    assert actions.invite(response=response, now=NOW) is False
    assert actions.invite(response=opened("S-ZZZZ-ZZZZ"), now=NOW) is False  # nobody is behind this id
    assert not Letter.objects.exists()


def test_killed_between_letter_and_count_nothing_is_doubled(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(GENDER)
    response = opened(person()[1])
    actions.invite(response=response, now=NOW)
    Response.objects.update(mails=0, mailed_on=None)
    actions.invite(response=response, now=NOW)
    assert (Letter.objects.count(), Response.objects.get().mails) == (1, 1)


def test_the_worker_writes_what_is_due(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[datetime] = []
    monkeypatch.setattr(inviting, "invite_due", lambda *, now: seen.append(now))
    inviting.write_letters()
    assert len(seen) == 1
    assert seen[0].tzinfo is not None
