"""Limits of new members, enumerated, and how a post is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from confrere.lounge import limits
from confrere.lounge.limits import Limits, Load

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_first_day_has_these_limits() -> None:
    assert limits.limits(new=True) == Limits(
        links=2, images=1, attachments=0, mentions=2, questions=3, answers=10, withheld=3
    )
    assert limits.limits(new=False) == limits.SETTLED


@pytest.mark.parametrize(
    ("hours", "read", "new"), [(0, 0, True), (23.9, 9, True), (24, 4, True), (24, 5, False), (9000, 0, True)]
)
def test_a_day_and_five_questions_read_end_them(hours: float, read: int, new: bool) -> None:
    assert limits.is_new(since=NOW - timedelta(hours=hours), read=read, now=NOW) is new


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", Load()),
        ("plain words, mail me at a@b.example", Load()),
        ("[one](https://a.example) <https://b.example> https://c.example www.d.example", Load(links=4)),
        ("[https://a.example](https://a.example)", Load(links=1)),
        ("`https://code.example @nobody`", Load()),
        ("![x](https://a.example/x.png)", Load(images=1)),
        ("@ines.osei and @cardiology, not x@y", Load(mentions=2)),
        ("- @one\n- [@two](https://a.example)\n", Load(links=1, mentions=2)),
    ],
)
def test_what_a_post_holds(text: str, held: Load) -> None:
    assert limits.load(text) == held


def test_uploads_are_counted_by_the_caller() -> None:
    assert limits.load("x", images=2, attachments=3) == Load(images=2, attachments=3)
