import datetime as dt
from collections.abc import Iterator
from mailbox import Maildir
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from tests.post.conftest import Postbox
from tests.post.test_bounces import FINAL, report

from confrere.post import actions, queries, servers, signals
from confrere.post.models import Letter, State
from confrere.vault import keys

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)


def write(event: str = "booking 12 made", *, body: str = "You have an appointment.", now: dt.datetime = NOW) -> Letter:
    actions.send(to="a.osei@example.org", subject="Your appointment", body=body, event=event, programme=3, now=now)
    return Letter.objects.get(event_digest=actions.digest(event))


@pytest.mark.usefixtures("empty_queue")
class TestSend:
    def test_a_letter_waits_and_its_job_names_its_row_only(self) -> None:
        letter = write()
        assert (letter.state, letter.to, letter.subject, letter.programme) == (
            "waiting",
            "a.osei@example.org",
            "Your appointment",
            3,
        )
        job = ProcrastinateJob.objects.get()
        assert (job.task_name, job.args) == ("confrere.post.actions.deliver", {"id": letter.pk})

    def test_a_second_letter_about_the_same_event_is_not_written(self) -> None:
        write(body="The first text stands.")
        write(body="Another text.")
        assert [letter.body for letter in Letter.objects.all()] == ["The first text stands."]
        assert ProcrastinateJob.objects.count() == 1

    def test_a_subject_cannot_smuggle_in_a_header(self) -> None:
        actions.send(
            to="a@example.org", subject="Hello\r\nBcc: x@example.org", body="b", event="e", programme=None, now=NOW
        )
        assert Letter.objects.get().subject == "Hello Bcc: x@example.org"

    def test_several_letters_are_written_by_two_statements(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        write("told before")
        drafts = [
            actions.Draft(to=f"{name}@example.org", subject="Hello", body="b", event=event)
            for name, event in (("a", "one"), ("b", "told before"), ("c", "two"))
        ]
        with django_assert_num_queries(2):
            actions.send_all(drafts, programme=3, now=NOW)
        assert [letter.to for letter in Letter.objects.order_by("pk")] == [
            "a.osei@example.org",
            "a@example.org",
            "c@example.org",
        ]
        assert ProcrastinateJob.objects.count() == 3

    def test_nothing_new_leaves_no_job(self) -> None:
        write()
        actions.send_all([], programme=3, now=NOW)
        assert ProcrastinateJob.objects.count() == 1

    def test_a_letter_that_somebody_waits_for_has_the_first_job(self) -> None:
        write("an ordinary one")
        actions.send(to="a@example.org", subject="s", body="b", event="a code", programme=3, now=NOW, urgent=True)
        assert list(ProcrastinateJob.objects.order_by("pk").values_list("priority", flat=True)) == [0, 1]

    def test_what_is_rolled_back_is_never_sent(self) -> None:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert (Letter.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


@pytest.mark.django_db
class TestDeliver:
    def test_the_server_gets_the_letter_once_and_nothing_of_it_remains_here(self, postbox: Postbox) -> None:
        letter = write()
        actions.deliver(id=letter.pk)
        actions.deliver(id=letter.pk)
        [taken] = postbox.letters()
        assert taken["To"] == "a.osei@example.org"
        assert taken["Message-ID"] == letter.message_id
        assert taken["Date"] == "Tue, 03 Mar 2026 17:30:00 +0000"
        assert taken.get_content() == "You have an appointment.\r\n"
        letter.refresh_from_db()
        assert (letter.state, letter.to, letter.subject, letter.body) == ("sent", "", "", "")

    def test_a_letter_after_a_lost_answer_is_the_same_to_the_byte(self, postbox: Postbox) -> None:
        letter = write()
        for _attempt in range(2):
            with transaction.atomic():
                actions.deliver(id=letter.pk)
                transaction.set_rollback(True)
        first, second = postbox.taken
        assert first == second

    def test_a_server_that_is_busy_is_asked_again_later(self, postbox: Postbox) -> None:
        postbox.answers = ["450 greylisted"]
        letter = write()
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (letter.state, letter.attempts, letter.trouble) == ("waiting", 1, "450")
        assert letter.next_try_at > timezone.now()
        actions.sweep()
        assert postbox.taken == []
        Letter.objects.update(next_try_at=NOW)
        actions.sweep()
        assert len(postbox.taken) == 1

    def test_a_sweep_takes_the_letter_that_somebody_waits_for_before_older_ones(self, postbox: Postbox) -> None:
        for number in (2, 1):
            write(f"told {number} days ago", body=f"{number} days", now=NOW - dt.timedelta(days=number))
        actions.send(to="a@example.org", subject="s", body="a code", event="code", programme=3, now=NOW, urgent=True)
        actions.sweep()
        assert [letter.get_content().strip() for letter in postbox.letters()] == ["a code", "2 days", "1 days"]

    def test_a_sweep_ends_in_time_for_other_jobs(self, postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "MOST_AT_ONCE", 2)
        for number in range(3):
            write(f"letter {number}")
        actions.sweep()
        assert len(postbox.taken) == 2

    @pytest.mark.parametrize("refusal", ["550 no such mailbox", "554 no"])
    def test_an_address_that_does_not_exist_is_given_up_at_once(self, postbox: Postbox, refusal: str) -> None:
        postbox.refused = refusal
        letter = write()
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (letter.state, letter.trouble, letter.body) == ("given-up", refusal[:3], "")

    def test_a_letter_that_the_server_will_not_have_is_given_up(self, postbox: Postbox) -> None:
        postbox.answers = ["552 too long"]
        letter = write()
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (letter.state, letter.trouble) == ("given-up", "552")

    def test_without_a_server_letters_wait(self, settings: Settings) -> None:
        settings.MAILERS = servers.mailers("")
        letter = write()
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (letter.state, letter.trouble) == ("waiting", "NoServerNamed")

    def test_after_two_days_a_letter_is_given_up(self, settings: Settings) -> None:
        settings.MAILERS = servers.mailers("smtp://127.0.0.1:1")
        letter = write()
        for attempt in range(1, 14):
            actions.deliver(id=letter.pk)
            letter.refresh_from_db()
            assert (letter.attempts, letter.trouble) == (attempt, "ConnectionRefusedError")
        assert (letter.state, letter.to) == ("given-up", "")


@pytest.mark.django_db
def test_the_counter_says_what_waits_what_is_late_and_what_was_given_up(postbox: Postbox) -> None:
    write("one", now=NOW)
    write("two", now=NOW - dt.timedelta(minutes=16))
    postbox.refused = "550 no"
    actions.deliver(id=write("three").pk)
    Letter.objects.filter(state=State.GIVEN_UP).update(ended_at=NOW)
    assert queries.counter(NOW) == queries.Counter(waiting=2, late=1, given_up=1)
    assert queries.counter(NOW + dt.timedelta(days=8)).given_up == 0


@pytest.mark.django_db
def test_once_a_day_what_has_ended_goes() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - dt.timedelta(seconds=1))
    actions.end_what_has_ended()
    assert not Session.objects.exists()


def test_what_remains_of_an_event_cannot_be_found_by_trying_them_all(settings: Settings, standing_keys: Path) -> None:
    here = actions.digest("survey month3, programme 1, person 5, letter 2")
    settings.KEYS = standing_keys.parent / "others"
    keys.create_standing_keys(keys.store())
    assert here != actions.digest("survey month3, programme 1, person 5, letter 2")


@pytest.fixture
def hears() -> Iterator[dict[str, object]]:
    """A room upstairs that answers each letter with what it is told to, and notes what it heard."""
    heard: dict[str, object] = {"verdict": None, "refused": []}

    def leaves(sender: object, **told: object) -> object:
        heard["asked"] = told
        return heard["verdict"]

    def refuses(sender: object, address: str, status: str, **told: object) -> None:
        heard["refused"].append((address, status))  # type: ignore[attr-defined]  # the list above

    signals.leaving.connect(leaves)
    signals.refused.connect(refuses)
    yield heard
    signals.leaving.disconnect(leaves)
    signals.refused.disconnect(refuses)


@pytest.mark.django_db
class TestTheMomentOfSending:
    def test_the_room_that_wrote_a_letter_is_asked_by_its_own_mark(
        self, postbox: Postbox, hears: dict[str, object]
    ) -> None:
        actions.send(
            to="a@example.org",
            subject="s",
            body="b",
            event="e",
            programme=3,
            now=NOW,
            guard="g",
            one_click="https://x/1",
        )
        actions.deliver(id=Letter.objects.get().pk)
        asked = hears["asked"]
        assert isinstance(asked, dict)
        assert (asked["to"], asked["guard"], asked["urgent"]) == ("a@example.org", "g", False)
        [taken] = postbox.letters()
        assert taken["List-Unsubscribe"] == "<https://x/1>"
        assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        letter = Letter.objects.get()
        assert (letter.guard, letter.one_click) == ("", "")

    def test_a_letter_that_nobody_wants_any_more_never_leaves(self, postbox: Postbox, hears: dict[str, object]) -> None:
        letter = write()
        hears["verdict"] = signals.Verdict(wanted=False)
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (postbox.taken, letter.state, letter.body, letter.attempts) == ([], "dropped", "", 0)

    def test_a_letter_waits_until_the_hour_that_the_room_names(
        self, postbox: Postbox, hears: dict[str, object]
    ) -> None:
        letter = write()
        later = timezone.now() + dt.timedelta(hours=8)
        hears["verdict"] = signals.Verdict(not_before=later)
        actions.deliver(id=letter.pk)
        letter.refresh_from_db()
        assert (postbox.taken, letter.state, letter.next_try_at) == ([], "waiting", later)
        actions.sweep()
        assert postbox.taken == []

    def test_a_letter_without_a_stop_has_no_such_line(self, postbox: Postbox) -> None:
        actions.deliver(id=write().pk)
        assert postbox.letters()[0]["List-Unsubscribe"] is None


@pytest.mark.django_db
class TestAddressesThatRefuse:
    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            ("550 5.1.1 no such user", [("a.osei@example.org", "5.1.1")]),
            ("550 no such user", [("a.osei@example.org", "5.0.0")]),
            ("550 5.7.1 not from you", []),
            ("450 4.1.1 try later", []),
        ],
    )
    def test_a_server_says_it_at_once(
        self, postbox: Postbox, hears: dict[str, object], answer: str, told: list[tuple[str, str]]
    ) -> None:
        postbox.refused = answer
        actions.deliver(id=write().pk)
        assert hears["refused"] == told

    def test_or_reports_it_later(self, postbox: Postbox, hears: dict[str, object]) -> None:
        letter = write()
        actions.deliver(id=letter.pk)
        assert actions.take_report(
            report(message_id=letter.message_id, recipient=FINAL.replace("a.osei", "A.Osei")), now=NOW
        )
        assert hears["refused"] == [("A.Osei@example.org", "5.1.1")]

    def test_a_report_of_a_full_mailbox_is_ours_and_stops_nothing(
        self, postbox: Postbox, hears: dict[str, object]
    ) -> None:
        letter = write()
        actions.deliver(id=letter.pk)
        assert actions.take_report(report(message_id=letter.message_id, status="5.2.2"), now=NOW)
        assert hears["refused"] == []

    def test_nobody_stops_another_ones_letters_with_a_forged_report(
        self, postbox: Postbox, hears: dict[str, object]
    ) -> None:
        letter = write()
        assert not actions.take_report(report(message_id=letter.message_id), now=NOW)  # it has not left
        actions.deliver(id=letter.pk)
        other = FINAL.replace("a.osei", "victim")
        assert not actions.take_report(report(message_id=letter.message_id, recipient=other), now=NOW)
        assert not actions.take_report(report(message_id="<guess@localhost>"), now=NOW)
        assert not actions.take_report(report(message_id="<gu\u00ebss@localhost>"), now=NOW)
        assert not actions.take_report(b"I am on holiday", now=NOW)
        assert hears["refused"] == []

    def test_the_named_mailbox_is_read_by_the_clock(
        self, postbox: Postbox, hears: dict[str, object], settings: Settings, tmp_path: Path
    ) -> None:
        actions.read_reports()  # none is named
        letter = write()
        actions.deliver(id=letter.pk)
        box = Maildir(tmp_path / "mail")
        box.add(report(message_id=letter.message_id))
        settings.BOUNCES = f"maildir://{tmp_path}/mail"
        actions.read_reports()
        assert hears["refused"] == [("a.osei@example.org", "5.1.1")]
        assert len(Maildir(tmp_path / "mail")) == 0
