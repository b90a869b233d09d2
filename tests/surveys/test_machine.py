"""Answers from several tabs, lost replies, killed servers, windows, stops and the sending, against a plain model.

What was acknowledged is in the database exactly once, what was refused is not there and still lies with its author.
`CONFRERE_SEQUENCES`, `CONFRERE_STEPS` and `CONFRERE_EDITS` make it longer than the usual run; `CONFRERE_TELL=1` prints
after each sequence what was tried so far.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as pace
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.study import DIRECTOR, NOW, make_study
from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS

from confrere.surveys import actions, definition, queries
from confrere.surveys.definition import Value
from confrere.surveys.models import Answer, Response
from confrere.vault import keys
from confrere.vault.refusals import Refusal

SEQUENCES = int(os.environ.get("CONFRERE_SEQUENCES", "12"))
STEPS = int(os.environ.get("CONFRERE_STEPS", "30"))
#: The most answers that are given in one go without a connection.
EDITS = int(os.environ.get("CONFRERE_EDITS", "40"))
STUDY_ID = "S-AAAA-AAAA"
QUESTIONS = {question.name: question for question in (GENDER, THEMES, YEARS, WORDS)}
ANSWERS: list[tuple[str, Value]] = [
    ("gender", "woman"),
    ("gender", "man"),
    ("themes", ["care"]),
    ("themes", ["skills", "care"]),
    ("years", "7"),
    ("years", "8"),
    ("words", ""),
    ("words", "More sleep"),
    ("years", "99"),  # does not fit
    ("gender", "golf"),  # does not fit
]
#: A survey that is stopped or sent takes no more answers, so most of a sequence comes before that.
seldom = st.sampled_from([False] * 9 + [True])
#: What the sequences really did.
TRIED: Counter[str] = Counter()


class Killed(Exception):
    """The server dies inside the transaction."""


@dataclass(frozen=True)
class Typed:
    """An answer as a tab keeps it until it is acknowledged."""

    key: UUID
    question: str
    value: Value
    seen: int | None


@dataclass
class Tab:
    """A browser's tab: what it has not had acknowledged, in order, and which answers it has before its eyes."""

    queue: list[Typed] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)


class Answering(RuleBasedStateMachine):
    """One survey, three tabs; each sequence runs in a transaction of its own and is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.keys_before = settings.KEYS
        settings.KEYS = Path(self.home.name) / "keys"
        keys.create_standing_keys(keys.store())
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.closes = NOW + timedelta(days=14)
        self.study = make_study()
        actions.publish(
            programme=self.study.programme,
            site=self.study.site,
            slug="baseline",
            title="Baseline",
            questions=list(QUESTIONS.values()),
            actor=DIRECTOR,
            now=NOW,
        )
        self.response = actions.open_response(
            programme=self.study.programme,
            site=self.study.site,
            study_id=STUDY_ID,
            wave="month3",
            questionnaire="baseline",
            opens=NOW,
            closes=self.closes,
            now=NOW,
        )
        self.tabs = [Tab(), Tab(), Tab()]
        self.stored: dict[UUID, tuple[str, Value]] = {}  # in the order of their saving
        self.numbers: dict[UUID, int] = {}
        self.acknowledged: list[Typed] = []
        self.stopped = self.sent = False

    def teardown(self) -> None:
        self.nothing_is_lost_and_nothing_doubled()
        TRIED["acknowledged"] += len(self.acknowledged)
        if os.environ.get("CONFRERE_TELL"):
            print(dict(TRIED), flush=True)  # noqa: T201  # the figures of a long run
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        settings.KEYS = self.keys_before
        self.home.cleanup()

    # What the model knows

    @property
    def open(self) -> bool:
        return not self.stopped and not self.sent and NOW <= self.now < self.closes

    def newest(self) -> dict[str, Value]:
        return dict(self.stored.values())

    def fits(self, one: Typed) -> Value | Refusal:
        try:
            return definition.fitting(QUESTIONS[one.question], one.value)
        except Refusal as refusal:
            return refusal

    def crossing(self, one: Typed, value: Value) -> Value:
        """The other answer that this one takes the place of without its author having seen it."""
        earlier = [key for key, (question, _value) in self.stored.items() if question == one.question]
        before = earlier[: earlier.index(one.key)] if one.key in earlier else earlier
        if not before or self.numbers[before[-1]] == one.seen or self.stored[before[-1]][1] == value:
            return None
        return self.stored[before[-1]][1]

    # What people and networks do

    @rule(tab=st.integers(0, 2), count=st.integers(5, EDITS), drawn=st.randoms(use_true_random=False))
    def answer_offline(self, tab: int, count: int, drawn: Random) -> None:
        here = self.tabs[tab]
        answers = drawn.choices(ANSWERS, k=count)
        here.queue += [Typed(uuid4(), question, value, here.seen.get(question)) for question, value in answers]

    @rule(tab=st.integers(0, 2), most=st.integers(10, 2 * EDITS))
    def send_in_order(self, tab: int, most: int) -> None:
        here = self.tabs[tab]
        while here.queue and most and self.deliver(here, here.queue[0]):
            most -= 1

    def deliver(self, here: Tab, one: Typed) -> bool:
        """One answer reaches the server and its reply the tab; whether the tab goes on with the next."""
        value = self.fits(one)
        expected = self.open or one.key in self.stored
        saved = self.tries(one)
        if isinstance(saved, Refusal):
            assert (saved.sentence[-1], saved.status in {409, 422}) == (".", True)
            assert isinstance(value, Refusal) or not expected
            TRIED["refused: does not fit" if saved.status == 422 else "refused: closed"] += 1
            if saved.status == 422:  # said beside the question; its author answers anew
                here.queue.remove(one)
            return saved.status == 422
        assert expected
        assert not isinstance(value, Refusal)
        assert saved.crossed == self.crossing(one, value)
        TRIED["crossed"] += saved.crossed is not None
        self.keep(one, value, saved.number)
        here.queue.remove(one)
        here.seen[one.question] = saved.number
        self.acknowledged.append(one)
        # What was typed after it in this tab was typed with it before one's eyes.
        here.queue = [
            Typed(each.key, each.question, each.value, saved.number) if each.question == one.question else each
            for each in here.queue
        ]
        return True

    def keep(self, one: Typed, value: Value, number: int) -> None:
        assert self.numbers.setdefault(one.key, number) == number
        self.stored.setdefault(one.key, (one.question, value))

    def post(self, one: Typed) -> actions.Saved:
        return actions.record_answer(
            programme=self.study.programme,
            response=self.response,
            question=one.question,
            typed=one.value,
            key=one.key,
            seen=one.seen,
            now=self.now,
        )

    def post_and_die(self, one: Typed) -> None:
        """What was not committed is taken back, and nothing else."""
        self.post(one)
        raise Killed

    def tries(self, one: Typed) -> actions.Saved | Refusal:
        try:
            return self.post(one)
        except Refusal as refusal:
            return refusal

    @rule(tab=st.integers(0, 2))
    def the_reply_is_lost(self, tab: int) -> None:
        here = self.tabs[tab]
        if here.queue and self.open and not isinstance(value := self.fits(here.queue[0]), Refusal):
            self.keep(here.queue[0], value, self.post(here.queue[0]).number)  # the tab knows nothing of it
            TRIED["reply lost"] += 1

    @rule(tab=st.integers(0, 2))
    def the_server_is_killed(self, tab: int) -> None:
        here = self.tabs[tab]
        if here.queue and self.open and not isinstance(self.fits(here.queue[0]), Refusal):
            with pytest.raises(Killed), transaction.atomic():
                self.post_and_die(here.queue[0])
            TRIED["killed"] += 1

    @rule(data=st.data())
    def an_old_request_comes_again(self, data: st.DataObject) -> None:
        if self.acknowledged:
            one = data.draw(st.sampled_from(self.acknowledged))
            assert self.post(one).number == self.numbers[one.key]
            with pytest.raises(Refusal, match="Under this key another answer was saved"):
                self.post(Typed(one.key, "words", "Somebody else's words", None))
            TRIED["came again"] += 1

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours, minutes=1)

    @rule(days=st.integers(1, 14))
    def a_longer_window(self, days: int) -> None:
        closes = self.now + timedelta(days=days)
        actions.extend(programme=self.study.programme, study_id=STUDY_ID, wave="month3", closes=closes, now=self.now)
        if not self.sent:
            self.closes = max(self.closes, closes)

    @rule(meant=seldom)
    def stop(self, meant: bool) -> None:
        if not meant:
            return
        actions.stop(programme=self.study.programme, study_id=STUDY_ID, now=self.now)
        self.stopped = self.stopped or not self.sent

    @rule()
    def take_it_back(self) -> None:
        actions.reopen(programme=self.study.programme, study_id=STUDY_ID, now=self.now)
        self.stopped = False

    @rule(meant=seldom)
    def complete(self, meant: bool) -> None:
        if not meant:
            return
        answered = all(self.newest().get(name) is not None for name in ("gender", "years"))
        done = True
        try:
            actions.complete(programme=self.study.programme, response=self.response, now=self.now)
        except Refusal:
            done = False
        assert done == (self.sent or (self.open and answered))
        TRIED["sent" if done else "not sent"] += 1
        self.sent = done

    # What is always so

    @invariant()
    def nothing_is_lost_and_nothing_doubled(self) -> None:
        rows = Answer.objects.filter(response=self.response).order_by("pk")
        assert [(row.key, row.pk, row.question, row.value) for row in rows] == [
            (key, self.numbers[key], question, value) for key, (question, value) in self.stored.items()
        ]
        row = Response.objects.get(pk=self.response)
        assert queries.answers_of(row) == self.newest()
        assert (row.completed_at is not None) == self.sent


@pytest.mark.slow
@pytest.mark.django_db
def test_no_answer_is_ever_lost_or_doubled() -> None:
    TRIED.clear()
    run_state_machine_as_test(
        Answering,
        settings=pace(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert TRIED["acknowledged"] > 0, TRIED
