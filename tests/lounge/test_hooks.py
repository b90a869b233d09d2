"""Addresses that are told: signed, repeated, believed once, and never an address inside."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from tests.post.conftest import elsewhere
from tests.post.https_server import Elsewhere

from confrere.lounge import actions
from confrere.lounge.actions import hooks
from confrere.lounge.actions.notices import tell_at
from confrere.lounge.models import Hook, Post, Question
from confrere.people.models import Membership
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal

__all__ = ["elsewhere"]
GUIDE = Path(__file__).parents[2] / "docs/how-to/lounge-webhooks.md"
type Enter = Callable[[str], Standing]
type Browse = Callable[[Standing], Client]


@pytest.fixture
def reader(enter: Enter) -> Standing:
    return enter("reader")


@pytest.fixture
def question(enter: Enter, now: datetime) -> Question:
    return actions.ask(standing=enter("asker"), specialty="cardiology", title="Zebrafish?", text="Quokka", now=now)


def example() -> Callable[..., Any]:
    """The verifier as the guide prints it."""
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    return found["verified"]  # type: ignore[no-any-return]  # a function of the guide


def test_a_call_is_believed_once_and_says_no_word_of_what_was_written(
    reader: Standing, question: Question, elsewhere: Elsewhere, now: datetime
) -> None:
    secret = hooks.make_hook(standing=reader, url=f"{elsewhere.url}/new?x=1", now=now)
    hook, post = Hook.objects.get(), Post.objects.get(question=question)
    assert str(hook) == f"{reader.person}: {elsewhere.url}/new?x=1"
    assert hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now)
    [came] = elsewhere.came
    assert came.path == "/new?x=1"
    told = json.loads(came.body)
    assert told.pop("link").endswith(f"/p/peers/lounge/q/{question.pk}/")
    assert {**told, "id": ""} == {"id": "", "event": "post", "question": question.pk, "number": 0}
    for word in (b"Zebrafish", b"Quokka", b"asker", b"cardiology", secret.encode()):
        assert word not in came.body
    verified, head, seen = example(), came.headers["Confrere-Signature"], set[str]()
    about: dict[str, Any] = {"now": now.timestamp(), "seen": seen}
    assert verified(secret, head, came.body, **about) is not None
    assert verified(secret, head, came.body, **about) is None  # replayed
    assert verified("another", head, came.body, now=now.timestamp(), seen=set()) is None
    assert verified(secret, head, came.body + b" ", now=now.timestamp(), seen=set()) is None
    assert verified(secret, head, came.body, now=now.timestamp() + 301, seen=set()) is None
    # Repeated, it is the same id with another time.
    hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now + timedelta(minutes=1))
    again = elsewhere.came[1]
    assert (again.body, again.headers["Confrere-Signature"] != head) == (came.body, True)


def test_what_is_not_taken_is_repeated_and_410_ends_it(
    reader: Standing, question: Question, elsewhere: Elsewhere, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks.make_hook(standing=reader, url=elsewhere.url, now=now)
    hook, post = Hook.objects.get(), Post.objects.get(question=question)
    elsewhere.answers = [500, 302]
    for status in (500, 302):
        with pytest.raises(hooks.NotTaken, match=f"status {status}"):
            hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now)
    assert len(elsewhere.came) == 2  # a redirect is an answer, not a way
    Hook.objects.update(url="https://127.0.0.1:1/")
    with pytest.raises(hooks.NotTaken, match="status 0"):
        hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now)
    Hook.objects.update(url=elsewhere.url)
    elsewhere.answers = [410]
    assert not hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now)
    assert Hook.objects.count() == 0
    hooks.call_hook(hook=hook.pk, post=post.pk)  # ended meanwhile


def test_nothing_is_told_of_what_is_gone_or_to_whom_may_not_read(
    reader: Standing, question: Question, elsewhere: Elsewhere, now: datetime
) -> None:
    hooks.make_hook(standing=reader, url=elsewhere.url, now=now)
    hook, post = Hook.objects.get(), Post.objects.get(question=question)
    Membership.objects.filter(user_id=reader.person).update(until=now)
    assert not hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now + timedelta(seconds=1))
    Membership.objects.filter(user_id=reader.person).update(until=None)
    assert not hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now + timedelta(days=400))  # lapsed
    author = Post.objects.select_related("author").get(pk=post.pk).author_id
    assert author is not None
    Post.objects.filter(pk=post.pk).update(state="hidden")
    assert not hooks.call_hook_at(hook=hook.pk, post=post.pk, now=now)
    assert elsewhere.came == []


def test_each_address_of_the_programme_is_asked_for(
    reader: Standing, question: Question, elsewhere: Elsewhere, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks.make_hook(standing=reader, url=elsewhere.url, now=now)
    asked: list[dict[str, int]] = []
    monkeypatch.setattr(hooks.call_hook, "defer", lambda **numbers: asked.append(numbers))
    tell_at(post=Post.objects.get(question=question).pk, now=now)
    assert asked == [{"hook": Hook.objects.get().pk, "post": Post.objects.get(question=question).pk}]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "https://0x7f000001/",
        "https://2130706433/", "https://localhost/", "http://example.org/", "https://user:word@example.org/",
    ],
)  # fmt: skip
def test_no_address_inside_is_ever_called(reader: Standing, url: str, now: datetime) -> None:
    with pytest.raises(Refusal, match="cannot be called"):
        hooks.make_hook(standing=reader, url=url, now=now)


def test_an_address_is_https_in_the_database_too(reader: Standing, elsewhere: Elsewhere, now: datetime) -> None:
    hooks.make_hook(standing=reader, url=elsewhere.url, now=now)
    with pytest.raises(IntegrityError, match="hook_is_called_over_https"):
        Hook.objects.update(url="http://127.0.0.1/")


def test_the_page_shows_the_secret_once_and_ends_what_is_one_s_own(
    reader: Standing, enter: Enter, elsewhere: Elsewhere, browse: Browse, now: datetime
) -> None:
    client, page = browse(reader), "/p/peers/lounge/hooks/"
    assert "None is told so far." in client.get(page).text
    made = client.post(page, {"url": elsewhere.url})
    secret = hooks.secret_of(Hook.objects.get())
    assert (made.status_code, secret in made.text, secret in client.get(page).text) == (200, True, False)
    again = client.post(page, {"url": elsewhere.url})
    assert (again.status_code, "You have this address already" in again.text) == (422, True)
    assert client.post(page, {"url": "https://127.0.0.1:2/"}).status_code == 422
    assert client.post(page, {"url": "nothing"}).status_code == 422
    Hook.objects.update(told_at=now, status=0)
    assert "nobody answered" in client.get(page).text
    end = f"{page}{Hook.objects.get().pk}/end/"
    browse(enter("other")).post(end)
    assert Hook.objects.count() == 1
    assert client.post(end).status_code == 302
    assert Hook.objects.count() == 0
