"""What waits for a member on their first page, and where something is new to them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from confrere.lounge import actions, queries
from confrere.lounge.models import Question
from confrere.lounge.models.own import Stance
from confrere.lounge.queries import own
from confrere.people.queries import Standing

type Enter = Callable[[str], Standing]


def asked(who: Standing, title: str, now: datetime) -> Question:
    return actions.ask(standing=who, specialty="cardiology", title=title, text="", now=now)


def test_no_more_questions_are_counted_than_anybody_reads(
    enter: Enter, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, peer = enter("asker"), enter("peer")
    for title in ("One?", "Two?"):
        asked(asker, title, now)
    assert queries.today(standing=peer, now=now)[-1].sentence == "2 questions in Cardiology wait for an answer."
    monkeypatch.setattr(own, "COUNTED", 1)
    card = queries.today(standing=peer, now=now)[-1]
    assert card.sentence == "More than 1 questions in Cardiology wait for an answer."


def test_news_are_of_what_one_asked_follows_or_was_called_in(enter: Enter, now: datetime) -> None:
    asker, peer, other = enter("asker"), enter("peer"), enter("other")
    mine, followed, called, foreign = (asked(who, f"{who.name}?", now) for who in (peer, asker, other, asker))
    actions.follow(standing=peer, question=followed, stance=Stance.FOLLOW, now=now)
    for question, text in ((mine, "Yes."), (followed, "No."), (called, "Ask @peer."), (foreign, "Maybe.")):
        actions.answer(standing=other, question=question, text=text, source="", now=now)
    news = queries.news_for_me(programme=peer.programme, member=peer.person, listed={})
    assert {line.question.pk: line.new for line in news} == {mine.pk: 1, followed.pk: 1, called.pk: 2}
