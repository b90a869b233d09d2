"""The database keeps what the actions promise: each test writes the bad row."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from confrere.lounge import actions
from confrere.lounge.models import Post, Question, ReadMark
from confrere.people.queries import Standing


@pytest.fixture
def asked(enter: Callable[[str], Standing], now: datetime) -> Question:
    return actions.ask(standing=enter("asker"), specialty="cardiology", title="When?", text="", now=now)


def test_a_question_never_moves_back_in_time(asked: Question, now: datetime) -> None:
    asked.moved_at = now - timedelta(seconds=1)
    with pytest.raises(IntegrityError, match="question_moves_forward"):
        asked.save()


def test_an_answer_with_a_source_names_it(asked: Question, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="answer_with_source_names_it"):
        Post.objects.create(
            programme_id=asked.programme_id,
            site_id=asked.site_id,
            question=asked,
            author_id=asked.author_id,
            specialty="cardiology",
            text="x",
            html="x",
            basis=Post.Basis.SOURCE,
            written_at=now,
            number=1,
            kind=Post.Kind.ANSWER,
            search="",
        )


def test_a_member_has_one_mark_on_a_question(asked: Question, enter: Callable[[str], Standing], now: datetime) -> None:
    reader = enter("reader")
    for moment in (now, now + timedelta(hours=1)):
        actions.mark_read(standing=reader, question=asked, number=0, now=moment)
    assert [mark.read_at for mark in ReadMark.objects.filter(member=reader.person)] == [now + timedelta(hours=1)]


def test_rows_say_what_they_are(asked: Question, enter: Callable[[str], Standing], now: datetime) -> None:
    reader = enter("reader")
    given = actions.answer(standing=reader, question=asked, text="Now.", source="", now=now)
    actions.mark_read(standing=reader, question=asked, number=0, now=now)
    assert str(asked) == "When?"
    assert str(given) == f"{asked.pk}: 1"
    assert str(ReadMark.objects.get(member=reader.person)) == f"{reader.person} {asked.pk}"
