"""The draw of everybody at once: promise, close, open, draw, publish; and what it refuses."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import User
from confrere.science.allocation import commit_second, verify_record
from confrere.surveys import queries as answered
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Batch, RosterLine
from confrere.vault.refusals import Refusal

BATCH = PROTOCOL.replace("mti = 2", 'mti = 2\nmode = "batch"').replace("cap = 6", "cap = 9")
SECOND = "5d41402abc4b2a76b9719d911017c592"
PROMISE = commit_second(bytes.fromhex(SECOND))
PAGE = "/p/peer/trial/draw/"


@pytest.fixture
def batch(bare: Study) -> Study:
    """A trial that draws everybody at once, seven of nine enrolled."""
    bare.open(BATCH)
    for number in range(7):
        bare.enrol(number, gender="woman" if number < 5 else "man", medicine="no")
    return bare


def promise(study: Study, commitment: str = PROMISE) -> None:
    actions.promise_second(programme=study.programme, commitment=commitment, actor=DIRECTOR, now=NOW)


def close(study: Study) -> str:
    return actions.close_enrolment(programme=study.programme, actor=DIRECTOR, now=NOW)


def draw(study: Study, second: str = SECOND) -> dict[str, object]:
    return actions.draw_everybody(programme=study.programme, second=second, actor=DIRECTOR, now=NOW)


def refused(verb: Callable[[], object], sentence: str, status: int = 409) -> None:
    with pytest.raises(Refusal, match=sentence) as no, transaction.atomic():
        verb()
    assert no.value.status == status


def test_nobody_is_drawn_before_everybody_is(batch: Study) -> None:
    assert not Allocation.objects.exists()
    assert Counter(batch.state(study_id) for study_id in batch.persons) == {"final": 7}
    promise(batch)
    close(batch)
    assert not Allocation.objects.exists()
    record = draw(batch)
    assert verify_record(record).verified
    assert record["mode"] == "batch"
    assert Allocation.objects.count() == 7


def test_each_stratum_is_in_balance_and_the_rest_opens(batch: Study) -> None:
    promise(batch)
    close(batch)
    draw(batch)
    women = Counter(one.arm for one in Allocation.objects.filter(stratum="gender=woman;medicine=no"))
    men = Counter(one.arm for one in Allocation.objects.filter(stratum="gender=man;medicine=no"))
    assert sorted(women.values()) == [2, 3]
    assert sorted(men.values()) == [1, 1]
    for study_id in batch.persons:
        windows = answered.windows(programme=batch.programme, study_id=study_id)
        assert [window.wave for window in windows] == ["baseline", "month3"]


def test_asked_again_the_record_is_the_same(batch: Study) -> None:
    promise(batch)
    close(batch)
    assert draw(batch) == draw(batch, "00" * 16)
    assert Allocation.objects.count() == 7


def test_the_stratum_is_frozen_when_the_roster_closes(batch: Study) -> None:
    promise(batch)
    root = close(batch)
    assert queries.required(batch.programme).state == "open"
    assert {line.stratum for line in RosterLine.objects.all()} == {
        "gender=woman;medicine=no",
        "gender=man;medicine=no",
    }
    draw(batch)
    drawn = Batch.objects.get()
    assert (drawn.roster_root, drawn.second) == (root, SECOND)
    frozen = set(RosterLine.objects.values_list("study_id", "stratum", "leaf"))
    assert set(Allocation.objects.values_list("study_id", "stratum", "leaf")) == frozen


def test_a_single_draw_is_refused(batch: Study) -> None:
    study_id = next(iter(batch.persons))
    verb = actions.allocate
    refused(lambda: verb(programme=batch.programme, study_id=study_id, now=NOW), "drawn at once")
    end = actions.close_and_publish
    refused(lambda: end(programme=batch.programme, actor=DIRECTOR, now=NOW), "drawn at once")


def test_a_rolling_trial_has_no_draw_of_everybody(study: Study) -> None:
    refused(lambda: promise(study), "each person is drawn at enrolment")
    refused(lambda: close(study), "each person is drawn at enrolment")
    refused(lambda: draw(study), "each person is drawn at enrolment")


def test_the_order_of_the_steps_is_kept(batch: Study) -> None:
    refused(lambda: close(batch), "has not promised the second number yet")
    refused(lambda: draw(batch), "Enrolment is still open")
    refused(lambda: promise(batch, "abc"), "64 digits", 422)
    promise(batch, "0" * 64)
    promise(batch)  # a promise may be exchanged while enrolment is open
    refused(lambda: draw(batch), "Enrolment is still open")
    close(batch)
    refused(lambda: close(batch), "Enrolment closed on 2026-03-03")
    refused(lambda: promise(batch, "0" * 64), "cannot be exchanged")
    refused(lambda: draw(batch, "00" * 16), "not the number that was promised", 422)
    refused(lambda: draw(batch, "0" * 33), "an even count", 422)
    refused(lambda: batch.join(9), "Enrolment closed on 2026-03-03")
    assert not Allocation.objects.exists()


def test_held_places_are_waited_for(batch: Study) -> None:
    promise(batch)
    batch.join(8)
    refused(lambda: close(batch), "1 places are still held")
    actions.close_enrolment(programme=batch.programme, actor=DIRECTOR, now=NOW + timedelta(days=30))


def test_nobody_is_nobody_to_draw(bare: Study) -> None:
    bare.open(BATCH)
    promise(bare)
    refused(lambda: close(bare), "nobody to draw")


def test_no_count_by_arm_stands_anywhere_before_the_draw(batch: Study) -> None:
    assert not queries.draws_are_over(queries.required(batch.programme))
    promise(batch)
    close(batch)
    draw(batch)
    assert queries.draws_are_over(queries.required(batch.programme))


def test_the_database_keeps_the_order_too(batch: Study) -> None:
    promise(batch)
    with pytest.raises(IntegrityError, match="nothing_is_opened_before_the_roster_closes"), transaction.atomic():
        Batch.objects.update(second=SECOND)
    with pytest.raises(IntegrityError, match="a_roster_is_closed_at_a_time"), transaction.atomic():
        Batch.objects.update(roster_root="0" * 64)


def test_the_promise_is_the_hash_that_browsers_make() -> None:
    """The module of the page computes SHA-256 of the tag, a zero byte and the number."""
    message = b"confrere/second-contribution/1\x00" + bytes.fromhex(SECOND)
    assert sha256(message).hexdigest() == PROMISE


def test_the_page_leads_each_through_their_steps(batch: Study) -> None:
    def member(role: str) -> Client:
        now = timezone.now()
        person = people.create_account(email=f"{role}@example.org", name=role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=batch.programme, role=role, now=now, actor=DIRECTOR)
        client = Client()
        client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        sessions.prove(session, now=now)
        session.save()
        return client

    director, statistician = member("director"), member("statistician")
    assert "It waits for the statistician&#x27;s promise." in director.get(PAGE).text.replace("'", "&#x27;")
    assert "Make a number" in statistician.get(PAGE).text
    page = director.get("/p/peer/trial/")
    assert "The draw of everybody" in page.text
    assert "7 enrolled, the draw is to come" in page.text
    assert director.post(PAGE + "promise/", {"commitment": PROMISE}).status_code == 403
    assert statistician.post(PAGE + "promise/", {"commitment": PROMISE}).status_code == 302
    assert statistician.post(PAGE + "close/").status_code == 403
    assert "Close enrolment?" in director.get(PAGE).text
    assert director.post(PAGE + "close/").status_code == 302
    assert "It waits for the statistician, who opens" in director.get(PAGE).text
    assert director.post(PAGE + "everybody/", {"second": SECOND}).status_code == 403
    page = statistician.post(PAGE + "everybody/", {"second": "ab"})
    assert page.status_code == 422
    assert statistician.post(PAGE + "everybody/", {"second": f" {SECOND.upper()} "}).status_code == 302
    assert "Get the record of the draws" in statistician.get(PAGE).text
    assert member("coordinator").get(PAGE).status_code == 403


def test_a_second_number_that_is_too_short_is_never_promised() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        commit_second(b"short")
