"""What stops a letter about a survey at the moment of sending, whatever was so when it was written."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.post.conftest import Postbox
from tests.surveys.conftest import DIRECTOR, GENDER, NOW, Place

from confrere.people import actions as people
from confrere.people.models import User
from confrere.post import actions as post
from confrere.post.models import Letter, State
from confrere.surveys import actions, links, sealing, waves
from confrere.surveys.models import LetterStop, LetterText, Response, WavePlan
from confrere.vault import days
from confrere.vault.refusals import Refusal

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("standing_keys")


@dataclass(frozen=True)
class Asked:
    """One person with one open survey, and the letter about it in the outbox."""

    place: Place
    person: int
    study_id: str
    response: int

    def plan(self, **said: Any) -> dict[str, Any]:
        here = {"programme": self.place.programme, "site": self.place.site, "wave": "baseline"}
        return {**here, "actor": DIRECTOR, "now": timezone.now(), **said}

    @property
    def stop(self) -> str:
        return reverse("stop_letters", args=[sealing.seal("stop", self.place.programme, self.study_id)])


@pytest.fixture
def asked(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> Asked:
    publish(GENDER)
    number, study_id = person()
    response = opened(study_id)
    # The moment of sending is the clock's own, so the window lies around it.
    now = timezone.now()
    Response.objects.update(opens=now - DAY, closes=now + 13 * DAY)
    assert actions.invite_due(now=now) == 1
    return Asked(place, number, study_id, response)


@pytest.fixture
def leaves(postbox: Postbox) -> Callable[[], list[str]]:
    """Let the worker try what waits; the texts that left."""

    def leaves() -> list[str]:
        post.sweep()
        return [letter.get_content() for letter in postbox.letters()]

    return leaves


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


class TestStopRules:
    def test_a_letter_that_is_still_wanted_leaves(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        [text] = leaves()
        token = links.token(programme=asked.place.programme, study_id=asked.study_id, wave="baseline")
        assert reverse("answer", args=[token]) in text
        assert states() == [State.SENT]

    def test_who_withdrew_gets_none(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        actions.stop(programme=asked.place.programme, study_id=asked.study_id, now=timezone.now())
        assert (leaves(), states()) == ([], [State.DROPPED])

    def test_who_has_answered_gets_none(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        where: dict[str, Any] = {"programme": asked.place.programme, "response": asked.response, "now": timezone.now()}
        actions.record_answers(**where, answers={"gender": "woman"})
        actions.complete(**where)
        assert (leaves(), states()) == ([], [State.DROPPED])

    def test_a_window_that_has_passed_ends_it(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        Response.objects.update(closes=timezone.now())
        assert (leaves(), states()) == ([], [State.DROPPED])

    def test_letters_that_rest_stay_and_later_ones_are_written(
        self, asked: Asked, leaves: Callable[[], list[str]]
    ) -> None:
        actions.rest_letters(**asked.plan(resting=True))
        assert (leaves(), states()) == ([], [State.DROPPED])
        assert actions.invite_due(now=timezone.now() + 6 * DAY) == 0
        for _twice in range(2):
            actions.rest_letters(**asked.plan(resting=False))
        assert actions.invite_due(now=timezone.now() + 6 * DAY) == 1

    def test_a_refused_address_ends_it(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        people.note_mail_refusal(address="a.osei@example.org", status="5.1.1", now=NOW)
        assert (leaves(), states()) == ([], [State.DROPPED])

    def test_in_quiet_hours_it_waits_for_their_end(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        now = timezone.now()
        User.objects.update(
            zone="UTC",
            quiet_from=(now - dt.timedelta(hours=1)).time(),
            quiet_until=(now + dt.timedelta(hours=1)).time(),
        )
        assert (leaves(), states()) == ([], [State.WAITING])
        assert Letter.objects.get().next_try_at - now == dt.timedelta(hours=1)
        assert actions.invite(response=asked.response, now=now) is False
        User.objects.update(quiet_from=None, quiet_until=None)
        Letter.objects.update(next_try_at=now)
        assert len(leaves()) == 1

    def test_a_changed_text_never_leaves_in_its_old_words(
        self,
        asked: Asked,
        leaves: Callable[[], list[str]],
        postbox: Postbox,
    ) -> None:
        said: dict[str, Any] = {
            "kind": "invitation",
            "subject": "Some questions for you",
            "body": "New words.\n\n{link}",
        }
        assert actions.write_text(**asked.plan(**said)) == 1
        [text] = leaves()
        assert text.startswith("New words.")
        assert "Nobody reads your answers" in text
        assert states() == [State.DROPPED, State.SENT]
        assert len(set(Letter.objects.values_list("message_id", flat=True))) == 2
        assert Response.objects.get().mails == 1

    def test_nobody_is_behind_the_code_any_more(self, asked: Asked, leaves: Callable[[], list[str]]) -> None:
        Response.objects.update(study_id="S-ZZZZ-ZZZZ")
        assert (leaves(), states()) == ([], [State.DROPPED])

    def test_other_rooms_letters_are_none_of_ours(self) -> None:
        now = timezone.now()
        assert actions.verdict(guard="", now=now) is None
        assert actions.verdict(guard="lounge.x", now=now) is None
        assert actions.verdict(guard="survey.x", now=now) is None


def test_withdrawal_stops_mail_within_five_minutes_by_the_clock(
    asked: Asked,
    postbox: Postbox,
    leaves: Callable[[], list[str]],
) -> None:
    """A server that was busy keeps a letter waiting for hours; the first attempt after the withdrawal ends it."""
    postbox.answers = ["450 later"] * 3
    for _attempt in range(3):
        assert leaves() == []
        Letter.objects.update(next_try_at=timezone.now())
    assert states() == [State.WAITING]
    began = time.monotonic()
    actions.stop(programme=asked.place.programme, study_id=asked.study_id, now=timezone.now())
    assert leaves() == []
    assert states() == [State.DROPPED]
    assert time.monotonic() - began < 300
    # And nothing is written again, on any later day.
    assert [actions.invite_due(now=timezone.now() + DAY * day) for day in range(13)] == [0] * 13


class TestOneClick:
    def test_the_letter_carries_the_head_that_mail_programs_look_for(
        self,
        asked: Asked,
        leaves: Callable[[], list[str]],
        postbox: Postbox,
    ) -> None:
        [text] = leaves()
        [letter] = postbox.letters()
        place = str(letter["List-Unsubscribe"]).strip("<>")
        assert place.startswith("http://localhost/no-letters/")
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert place in text

    def test_a_mail_programs_post_stops_letters_without_a_cookie(
        self, asked: Asked, leaves: Callable[[], list[str]]
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.post(asked.stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert (leaves(), states()) == ([], [State.DROPPED])
        row = LetterStop.objects.get()
        assert str(row) == f"{asked.study_id} wants no letters"
        assert row.stopped_on == timezone.now().date()
        assert actions.invite_due(now=timezone.now() + 6 * DAY) == 0
        [window] = waves.all_waves(programme=asked.place.programme, now=timezone.now())
        assert (window.quiet, window.next_letter) == (1, None)

    def test_a_get_changes_nothing(self, asked: Asked) -> None:
        page = Client().get(asked.stop)
        assert page.status_code == 200
        assert "No more letters about questions?" in page.content.decode()
        assert not LetterStop.objects.exists()

    def test_it_can_be_taken_back_and_stopped_again(self, asked: Asked) -> None:
        client = Client()
        for body in ({}, {}, {"again": "yes"}, {"again": "yes"}, {}):
            assert client.post(asked.stop, body).status_code == 200
        assert LetterStop.objects.count() == 2
        assert waves.has_stopped(asked.place.programme, asked.study_id)
        assert "Write to me again" in client.get(asked.stop).content.decode()

    def test_the_link_names_nobody_and_another_one_opens_nothing(self, asked: Asked) -> None:
        first, second = (sealing.seal("stop", 1, asked.study_id) for _twice in range(2))
        assert first != second
        assert asked.study_id not in first
        letter = sealing.seal("letter", 1, asked.study_id, "baseline", 1, 0)
        for wrong in ("x", first[:-2], first.swapcase(), letter, "é", "A" * 64):
            assert Client().get(reverse("stop_letters", args=[wrong])).status_code == 404
            assert Client().post(reverse("stop_letters", args=[wrong])).status_code == 404

    def test_a_code_that_was_never_asked_anything_leaves_no_row(self, place: Place) -> None:
        actions.stop_letters(programme=place.programme, study_id="S-ZZZZ-ZZZZ", now=NOW)
        actions.letters_again(programme=place.programme, study_id="S-ZZZZ-ZZZZ", now=NOW)
        assert not LetterStop.objects.exists()


class TestPlanning:
    def test_five_reminders_on_days_of_ones_own(self, asked: Asked) -> None:
        actions.set_reminders(**asked.plan(reminders=[2, 4, 6, 8, 10]))
        now = timezone.now()
        assert [actions.invite_due(now=now + DAY * day) for day in range(12)] == [0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]

    def test_reminders_that_were_held_up_do_not_come_all_at_once(self, asked: Asked) -> None:
        now = days.start(days.of(timezone.now()))  # a day begins with it, so that the last two lie in one
        assert [actions.invite_due(now=now + DAY * day) for day in (11.5, 11.6, 12, 12.5, 12.9)] == [1, 0, 0, 0, 0]

    @pytest.mark.parametrize(
        ("reminders", "sentence"),
        [
            ([2, 4, 6, 8, 10, 12], "At most five"),
            ([1], "at least two days"),
            ([5, 6], "at least two days"),
            ([5, 3], "at least two days"),
            ([400], "within a year"),
        ],
    )
    def test_other_days_are_refused(self, asked: Asked, reminders: list[int], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            actions.set_reminders(**asked.plan(reminders=reminders))
        with pytest.raises(Refusal, match=sentence):
            actions.plan_wave(**asked.plan(reminders=reminders, title="Baseline"))

    def test_a_plan_is_made_once_and_what_was_changed_since_stays(self, asked: Asked) -> None:
        actions.plan_wave(**asked.plan(title="Before the start", reminders=[3, 6]))
        actions.set_reminders(**asked.plan(reminders=[4]))
        actions.plan_wave(**asked.plan(title="Other", reminders=[3, 6]))
        plan = WavePlan.objects.get()
        assert (str(plan), plan.title, plan.reminders) == ("letters about baseline", "Before the start", [4])

    @pytest.mark.parametrize(
        ("subject", "body", "sentence"),
        [
            ("", "{link}", "needs a subject"),
            ("x" * 101, "{link}", "needs a subject"),
            ("Your coaching survey", "{link}", "leave this out of it: coach, survey"),
            ("Hello", "no link", "exactly once"),
            ("Hello", "{link} {link}", "exactly once"),
            ("Hello", "{link} {name}", "braces"),
            ("Hello", "{link}" + "x" * 4000, "4,000"),
        ],
    )
    def test_a_text_that_does_not_do_is_refused(self, asked: Asked, subject: str, body: str, sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            actions.write_text(**asked.plan(kind="reminder", subject=subject, body=body))

    def test_the_same_words_are_the_same_version(self, asked: Asked) -> None:
        words = {"kind": "reminder", "subject": "Hello", "body": "{link}\r\nuntil {closes}"}
        assert [actions.write_text(**asked.plan(**words)) for _twice in range(2)] == [1, 1]
        assert actions.write_text(**asked.plan(**words | {"subject": "Again"})) == 2
        assert str(LetterText.objects.get(version=2)) == "reminder 2 of baseline"
        present = waves.text(programme=asked.place.programme, wave="baseline", reminder=True)
        assert (present.subject, present.body, present.version) == ("Again", "{link}\nuntil {closes}\n", 2)


class TestPages:
    @pytest.fixture
    def coordinator(self, asked: Asked) -> Client:
        number = people.create_account(email="c@example.org", name="C. Ordinator", zone="UTC", now=NOW)
        people.grant_role(person=number, programme=asked.place.programme, role="coordinator", now=NOW, actor=DIRECTOR)
        people.grant_role(
            person=asked.person, programme=asked.place.programme, role="participant", now=NOW, actor=DIRECTOR
        )
        client = Client()
        client.force_login(User.objects.get(pk=number))
        session = client.session
        from confrere.people import sessions

        sessions.prove(session, now=timezone.now())
        session.save()
        return client

    def test_the_page_of_waves_shows_counts_and_no_name(self, asked: Asked, coordinator: Client) -> None:
        actions.plan_wave(**asked.plan(wave="month3", title="Three months", reminders=[]))
        actions.record_answers(
            programme=asked.place.programme, response=asked.response, answers={"gender": "woman"}, now=timezone.now()
        )
        people.note_mail_refusal(address="a.osei@example.org", status="5.1.1", now=NOW)
        page = coordinator.get("/p/peer/surveys/waves/").content.decode()
        assert "Three months" in page
        assert "not open for anybody yet" in page
        assert "one participant" in page
        assert "Osei" not in page
        assert asked.study_id not in page
        found, planned = waves.all_waves(programme=asked.place.programme, now=timezone.now())
        assert (found.surveys, found.invited, found.begun, found.complete, found.refusing) == (1, 1, 1, 0, 1)
        assert found.next_letter is not None
        assert (planned.title, planned.next_letter, planned.resting) == ("Three months", None, False)

    def test_the_days_are_changed_on_the_page_of_a_wave(self, asked: Asked, coordinator: Client) -> None:
        place = "/p/peer/surveys/waves/baseline/"
        assert 'value="5, 12"' in coordinator.get(place).content.decode()
        assert coordinator.post(place, {"days": "3, 9"}).status_code == 302
        assert WavePlan.objects.get().reminders == [3, 9]
        for wrong in ("soon", "1", "3, 4000"):
            assert coordinator.post(place, {"days": wrong}).status_code == 422
        done = coordinator.get(f"{place}?done=days").content.decode()
        assert "The days of the reminders are changed." in done

    def test_letters_rest_and_go_on_by_one_button(self, asked: Asked, coordinator: Client) -> None:
        for resting in ("yes", "no"):
            answer = coordinator.post("/p/peer/surveys/waves/baseline/rest/", {"resting": resting})
            assert answer.status_code == 302
            assert WavePlan.objects.get().resting is (resting == "yes")
            page = coordinator.get(answer.headers["Location"]).content.decode()
            assert ("The letters rest." in page) is (resting == "yes")
            assert ("resting" in coordinator.get("/p/peer/surveys/waves/").content.decode()) is (resting == "yes")

    def test_words_are_looked_at_sent_to_oneself_and_kept(self, asked: Asked, coordinator: Client) -> None:
        place = "/p/peer/surveys/waves/baseline/reminder/"
        words = {"subject": "Still open", "body": "Dear colleague,\n\n{link}"}
        assert "are still open for you" in coordinator.get(place).content.decode()
        looked = coordinator.post(place, words | {"preview": "yes"}).content.decode()
        assert "Dear colleague," in looked
        assert "/a/only-an-example/" in looked
        sent = coordinator.post(place, words | {"sample": "yes"}).content.decode()
        assert "on its way to you" in sent
        letter = Letter.objects.latest("pk")
        assert (letter.to, letter.subject, letter.guard) == ("c@example.org", "Still open", "")
        assert not LetterText.objects.exists()
        assert coordinator.post(place, words).status_code == 302
        assert LetterText.objects.get().subject == "Still open"
        assert coordinator.post(place, words | {"body": "no link"}).status_code == 422
        assert coordinator.post(place, {"subject": "x"}).status_code == 422
        page = coordinator.get("/p/peer/surveys/waves/baseline/").content.decode()
        assert "version 1" in page

    def test_what_does_not_exist_is_not_there(self, asked: Asked, coordinator: Client) -> None:
        for place in ("waves/nowhere/", "waves/baseline/nowhere/"):
            assert coordinator.get(f"/p/peer/surveys/{place}").status_code == 404

    def test_an_address_that_refuses_mail_is_named_and_tried_again(self, asked: Asked, coordinator: Client) -> None:
        place = "/p/peer/surveys/refused/"
        assert "Every address takes mail" in coordinator.get(place).content.decode()
        people.note_mail_refusal(address="a.osei@example.org", status="5.1.1", now=NOW)
        page = coordinator.get(place).content.decode()
        assert "A. Osei" in page
        assert "5.1.1" not in page
        assert coordinator.post(place, {"person": "0"}).status_code == 404
        assert coordinator.post(place, {"person": str(asked.person)}).status_code == 302
        assert "Every address takes mail" in coordinator.get(f"{place}?done=again").content.decode()

    def test_before_any_wave_the_page_says_when_there_will_be_one(self, asked: Asked, coordinator: Client) -> None:
        Response.objects.all().delete()
        assert "No wave yet" in coordinator.get("/p/peer/surveys/waves/").content.decode()
