"""The data lock: every write to study data answers 423 with who and when; leaving, booking and notes go on."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.study import DAY, DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import Standing, standing
from confrere.post.models import Letter
from confrere.surveys import actions as surveys
from confrere.surveys import links
from confrere.surveys import queries as answered
from confrere.surveys.models import Answer, Correction, Response
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Consent, ConsentText
from confrere.vault import actions as vault
from confrere.vault import queries as kept
from confrere.vault.models import DataLock
from confrere.vault.refusals import Refusal
from confrere.vault.rules import can_write

LATER = NOW + 100 * DAY


def of_role(study: Study, role: str, number: int = 70) -> Standing:
    person = people.create_account(email=f"{role}{number}@example.org", name=role.title(), zone="UTC", now=NOW)
    people.grant_role(person=person, programme=study.programme, role=role, now=NOW, actor=DIRECTOR)
    found = standing(person=person, programme=study.slug, now=NOW)
    assert found is not None
    return found


def client_of(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def locked(study: Study, full: Callable[[], list[str]]) -> Study:
    """A trial whose recruitment ended and whose data the director has locked."""
    full()
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    actions.lock_data(standing=of_role(study, "director"), now=NOW)
    return study


def writes(study: Study) -> dict[str, Callable[[], Any]]:
    """Every verb that writes answers, consents, draws or the protocol, by room and name, each called as it would be."""
    study_id, person = next(iter(study.persons.items()))
    response = Response.objects.get(study_id=study_id, wave="month3").pk
    scope = {"programme": study.programme, "now": LATER}
    under = {**scope, "study_id": study_id}
    text = ConsentText.objects.latest("version")
    signed = {"version": text.version, "sha256": text.sha256, "name": "P. 1"}
    return {
        "surveys.record_answers": lambda: surveys.record_answers(**scope, response=response, answers={"qol_vas": 1}),
        "surveys.record_answer": lambda: surveys.record_answer(
            **scope, response=response, question="qol_vas", typed=1, key=uuid4(), seen=None
        ),
        "surveys.complete": lambda: surveys.complete(**scope, response=response),
        "surveys.correct": lambda: surveys.correct(
            **under, wave="baseline", question="qol_vas", value=1, reason="Why.", person=1
        ),
        "surveys.extend": lambda: surveys.extend(**under, wave="month3", closes=LATER + DAY),
        "surveys.open_response": lambda: surveys.open_response(
            **under,
            site=study.site,
            wave="other",
            questionnaire="baseline",
            opens=LATER,
            closes=LATER + DAY,
        ),
        "trial.allocate": lambda: actions.allocate(**under),
        "trial.amend": lambda: actions.amend(
            **scope, text=PROTOCOL, after=0, why="Why.", reference="", by="D.", actor=DIRECTOR
        ),
        "trial.save_draft": lambda: actions.save_draft(
            **scope, site=study.site, text=PROTOCOL, after=0, by="D.", actor=DIRECTOR
        ),
        "trial.close_enrolment": lambda: actions.close_enrolment(**scope, actor=DIRECTOR),
        "trial.draw_everybody": lambda: actions.draw_everybody(**scope, second="ab" * 32, actor=DIRECTOR),
        "trial.promise_second": lambda: actions.promise_second(**scope, commitment="ab" * 32, actor=DIRECTOR),
        "trial.announce": lambda: actions.announce(**scope, addresses=1, actor=DIRECTOR),
        "trial.close_and_publish": lambda: actions.close_and_publish(**scope, actor=DIRECTOR),
        "trial.confirm_place": lambda: actions.confirm_place(**under),
        "trial.consent": lambda: actions.consent(**scope, person=person, **signed),
        "trial.draft": lambda: actions.draft(**scope, site=study.site, protocol=PROTOCOL, actor=DIRECTOR),
        "trial.hold_place": lambda: actions.hold_place(**under),
        "trial.lock": lambda: actions.lock(**scope, actor=DIRECTOR),
        "trial.publish_consent_text": lambda: actions.publish_consent_text(
            **scope, text="Other.", meaning="Other.", actor=DIRECTOR
        ),
    }


#: Verbs of the two rooms that go on under a lock, each with its reason.
GO_ON = {
    "surveys.stop": "leaving is never refused",
    "surveys.reopen": "undoing it neither; what is open is still refused answers",
    "surveys.withdraw_answers": "leaving is never refused",
    "surveys.restore_answers": "undoing it neither: the values are those of before",
    "surveys.erase_withdrawn": "what people took back ends by the clock, as they were told",
    "surveys.note_frozen": "freezing reads answers; it notes that it did",
    "surveys.check_ready": "reads",
    "surveys.import_pack": "wording of an instrument is no study data",
    "surveys.publish": "a questionnaire is put before nobody under a lock",
    "surveys.begin_call": "opens a page; what is typed there is refused",
    "surveys.start_pulse": "a pulse stands under no study id",
    "surveys.answer_pulse": "a pulse stands under no study id",
    "surveys.end_pulses": "a pulse stands under no study id",
    "surveys.erase_pulses": "a pulse stands under no study id",
    "surveys.pulse_verdict": "reads",
    "surveys.token_digest": "reads",
    "surveys.invite": "writes a letter, and none about answers under a lock",
    "surveys.invite_due": "leaves out what is locked",
    "trial.withdraw": "leaving is never refused",
    "trial.take_back": "undoing it neither",
    "trial.catch_up": "opens coaching, writes letters, counts; holds no place after recruitment",
    "trial.follow_up": "the same, by the worker",
    "trial.move_on": "does nothing after recruitment",
    "trial.read_names": "reads",
    "trial.lock_data": "is the lock",
    "trial.note_deviation": "notes on the conduct go on",
    "trial.note_event": "notes on the conduct go on",
    "trial.ask_about": "a question is no answer",
    "trial.reply": "words of the team, no value",
    "trial.close_query": "words of the team, no value",
    "trial.ask_unblinding": "an arm is read, not written",
    "trial.agree_unblinding": "an arm is read, not written",
    "trial.read_arm": "an arm is read, not written",
    "trial.publish_resources": "what is offered is no study data",
}


def verbs() -> set[str]:
    """Every verb that the two rooms offer."""
    return {
        f"{room.__name__.split('.')[1]}.{name}"
        for room in (surveys, actions)
        for name in room.__all__
        if callable(getattr(room, name)) and not inspect.isclass(getattr(room, name))
    }


def test_every_write_to_study_data_answers_423_with_who_and_when(locked: Study) -> None:
    before = (Answer.objects.count(), Consent.objects.count(), Allocation.objects.count(), Correction.objects.count())
    tried = writes(locked)
    for name, write in tried.items():
        with (
            pytest.raises(Refusal, match=r"locked by Director on 2026-03-03 17:30 UTC") as refused,
            transaction.atomic(),
        ):
            write()
        assert (name, refused.value.status) == (name, 423)
    assert before == (
        Answer.objects.count(),
        Consent.objects.count(),
        Allocation.objects.count(),
        Correction.objects.count(),
    )


def test_no_verb_is_forgotten(locked: Study) -> None:
    """A new verb of either room writes under the lock, or is named here with its reason."""
    recruiting = {name for name in verbs() if name in RECRUITING}
    assert verbs() - set(writes(locked)) - set(GO_ON) - recruiting == set()


#: Preparing and telling: none of it touches answers, consents, draws or the protocol.
RECRUITING = {
    "surveys.begin",
    "surveys.change",
    "surveys.letter_about",
    "surveys.letters_again",
    "surveys.plan_wave",
    "surveys.publish_draft",
    "surveys.redo",
    "surveys.rest_letters",
    "surveys.revise",
    "surveys.send_sample",
    "surveys.set_reminders",
    "surveys.stop_letters",
    "surveys.stopper",
    "surveys.throw_away",
    "surveys.undo",
    "surveys.verdict",
    "surveys.write_text",
    "trial.keep_stamped_consent",
    "trial.note_reported_event",
    "trial.announce_lottery",
    "trial.count_institution",
    "trial.count_visit",
    "trial.draw_lottery",
    "trial.erase_recipients",
    "trial.import_list",
    "trial.opt_out",
    "trial.send_announcement",
    "trial.try_announcement",
    "trial.write_announcement",
    "trial.write_invitation",
}


def test_the_pages_answer_423(locked: Study) -> None:
    study_id, person = next(iter(locked.persons.items()))
    token = links.token(programme=locked.programme, study_id=study_id, wave="month3")
    Response.objects.filter(wave="month3").update(opens=timezone.now() - DAY, closes=timezone.now() + DAY)
    for page in (
        Client().get(f"/a/{token}/"),
        Client().post(f"/a/{token}/", {"value": "70"}),
        Client().post(f"/a/{token}/send/"),
    ):
        assert (page.status_code, "locked by Director" in page.text) == (423, True)
    client = client_of(person)
    join = f"/join/{queries.required(locked.programme).join_token}/consent/"
    text = ConsentText.objects.latest("version")
    signed = {"version": text.version, "sha256": text.sha256, "name": "P. 1", "agreed": "on"}
    assert client.post(join, signed).status_code == 423


@pytest.mark.parametrize("kind", ["coaching", "questions", "data"])
def test_leaving_and_coming_back_go_on(locked: Study, kind: str) -> None:
    person = next(iter(locked.persons.values()))
    client = client_of(person)
    assert client.post(f"/p/peer/trial/mine/stop/{kind}/").status_code == 302
    assert client.post(f"/p/peer/trial/mine/back/{kind}/").status_code == 302


def test_no_letter_asks_for_answers_that_would_be_refused(locked: Study) -> None:
    Letter.objects.all().delete()
    assert surveys.invite_due(now=NOW + 92 * DAY) == 0
    assert not Letter.objects.exists()
    actions.catch_up(programme=locked.programme, now=NOW + 92 * DAY)  # coaching opens all the same
    assert Letter.objects.exists()


def test_only_what_is_over_can_be_locked_and_twice_is_once(study: Study) -> None:
    director = of_role(study, "director")
    with pytest.raises(Refusal, match="End recruitment first"):
        actions.lock_data(standing=director, now=NOW)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    first = actions.lock_data(standing=director, now=NOW)
    assert actions.lock_data(standing=director, now=LATER) == first
    assert kept.locked_programmes() == {study.programme}
    assert DataLock.objects.get().locked_at == NOW


def test_it_takes_two_and_a_reason_to_open(locked: Study) -> None:
    scope = {"programme": locked.programme, "now": LATER}
    with pytest.raises(Refusal, match="Nobody has asked yet"):
        vault.unlock_data(**scope, person=2)
    with pytest.raises(Refusal, match="Say in a sentence why") as refused:
        vault.ask_unlock(**scope, reason=" ", person=1)
    assert refused.value.status == 422
    vault.ask_unlock(**scope, reason="A value is wrong.", person=1)
    with pytest.raises(Refusal, match="asked already"):
        vault.ask_unlock(**scope, reason="Again.", person=2)
    with pytest.raises(Refusal, match="another person") as refused:
        vault.unlock_data(**scope, person=1)
    assert refused.value.status == 403
    assert not can_write(programme=locked.programme)
    vault.unlock_data(**scope, person=2)
    assert can_write(programme=locked.programme)
    with pytest.raises(Refusal, match="not locked"):
        vault.unlock_data(**scope, person=2)
    surveys.correct(
        programme=locked.programme,
        study_id=next(iter(locked.persons)),
        wave="baseline",
        question="qol_vas",
        value=61,
        reason="Misread.",
        person=1,
        now=LATER,
    )
    actions.lock_data(standing=of_role(locked, "director", 71), now=LATER)  # and locked anew
    assert [one.unlocked_at is None for one in kept.data_locks(locked.programme)] == [True, False]


def test_a_correction_keeps_the_old_value_and_says_why(study: Study) -> None:
    study_id = study.enrol(1)
    put = {"programme": study.programme, "study_id": study_id, "wave": "baseline", "person": 5, "now": NOW}
    made = surveys.correct(**put, question="qol_vas", value="70", reason=" Typed  wrongly. ")
    row = Correction.objects.get(pk=made)
    assert (row.old, row.new, row.reason, row.corrected_by) == (60, 70, "Typed wrongly.", 5)
    given = answered.given(programme=study.programme, study_id=study_id, wave="baseline")
    assert given is not None
    assert given["qol_vas"] == 70
    assert answered.corrections(programme=study.programme) == [row]
    assert str(row) == f"correction {row.pk}"
    for question, value, reason, status in (
        ("qol_vas", 70, "The same.", 409),
        ("qol_vas", 999, "Too much.", 422),
        ("qol_vas", 50, " ", 422),
        ("nothing", 50, "Why.", 404),
    ):
        with pytest.raises(Refusal) as refused:
            surveys.correct(**put, question=question, value=value, reason=reason)
        assert (question, value, refused.value.status) == (question, value, status)
    with pytest.raises(Refusal) as refused:
        surveys.correct(**(put | {"wave": "month3"}), question="qol_vas", value=50, reason="Why.")
    assert refused.value.status == 404


def test_a_held_window_passes(study: Study) -> None:
    """The board counts each survey once, whatever has become of it."""
    ids = [study.enrol(number) for number in range(3)]
    study.join(9)
    actions.withdraw(programme=study.programme, study_id=ids[0], kind="questions", now=NOW)
    trial = queries.required(study.programme)
    counted = {row.wave: row.counts for row in queries.board(trial, now=NOW + timedelta(hours=1))}
    assert counted == {"baseline": (0, 1, 3, 0, 0), "month3": (2, 0, 0, 0, 1)}
    actions.withdraw(programme=study.programme, study_id=ids[1], kind="data", now=NOW)
    counted = {row.wave: row.counts for row in queries.board(trial, now=NOW + 200 * DAY)}
    assert counted == {"baseline": (0, 0, 2, 1, 1), "month3": (0, 0, 0, 1, 2)}
