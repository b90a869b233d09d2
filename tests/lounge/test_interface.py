"""What leaves: a member's bundle, answered questions, and the interface for programs."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import status_code_conformance

from confrere.lounge import actions, bundles
from confrere.lounge.actions.interface import MOST_TOKENS
from confrere.lounge.guard import findings
from confrere.lounge.models import Flag, Question, Token
from confrere.lounge.queries import interface
from confrere.people.models import Membership
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal
from confrere.web.wsgi import application

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
#: How many requests each operation gets; more with CONFRERE_SCHEMATHESIS.
MANY = int(os.environ.get("CONFRERE_SCHEMATHESIS", "8"))


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def peer(enter: Enter) -> Standing:
    return enter("peer")


@pytest.fixture
def question(asker: Standing, peer: Standing, now: datetime) -> Question:
    asked = actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="After a year", now=now)
    actions.answer(standing=peer, question=asked, text="Quokka *dose*", source="ESC 2023", now=now)
    return asked


def token(who: Standing, *scopes: str, days: int = 30) -> str:
    return actions.make_token(standing=who, name="test", scopes=scopes, days=days, now=timezone.now())


def call(key: str, path: str, **body: str) -> tuple[int, dict[str, object]]:
    """(status, what was answered) of a call; a POST where there is a body."""
    client = Client(headers={"authorization": f"Bearer {key}"})
    address = f"/api/lounge{path}"
    answer = client.post(address, json.dumps(body), content_type="application/json") if body else client.get(address)
    return answer.status_code, answer.json()


# Tokens.


def test_a_token_is_shown_once_and_opens_what_it_says(question: Question, peer: Standing, browse: Browse) -> None:
    page = browse(peer).post("/p/peers/lounge/taking/", {"name": "script", "scopes": ["read"], "days": "7"})
    key = re.findall(r"confrere_[\w-]{43}", page.text)[0]
    row = Token.objects.get()
    assert (str(row), key.startswith("confrere_"), key in row.digest) == ("script", True, False)
    status, said = call(key, "/questions?specialty=cardiology")
    assert (status, [line["title"] for line in said["questions"]], said["next"]) == (200, ["Zebrafish?"], None)  # type: ignore[attr-defined]  # JSON
    assert call(key, "/questions", specialty="cardiology", title="X?")[0] == 403
    assert key not in browse(peer).get("/p/peers/lounge/taking/").text
    browse(peer).post(f"/p/peers/lounge/taking/{row.pk}/end/")
    assert call(key, "/questions")[0] == 401
    assert browse(peer).post("/p/peers/lounge/taking/", {"name": "x"}).status_code == 422


def test_a_token_opens_no_more_than_its_member_may_at_that_moment(
    question: Question, enter: Enter, asker: Standing, peer: Standing
) -> None:
    key, ended = token(peer, "read", "write"), token(peer, "read", days=1)
    lapsed = enter("lapsed2")
    later = token(lapsed, "read")
    from confrere.people.models import Credential

    Credential.objects.filter(user_id=lapsed.person).update(until=timezone.now() - timedelta(seconds=1))
    Token.objects.filter(digest=actions.digest_of(ended)).update(
        made_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    assert (call(later, "/questions")[0], call(ended, "/questions")[0], call("nobody", "/questions")[0]) == (
        403, 401, 401
    )  # fmt: skip
    Membership.objects.filter(user_id=peer.person).update(until=timezone.now())
    assert call(key, "/questions")[0] == 401


def test_tokens_end_and_are_few(peer: Standing, now: datetime) -> None:
    for days, scopes in ((91, ("read",)), (0, ("read",)), (5, ())):
        with pytest.raises(Refusal, match="1 to 90 days"):
            token(peer, *scopes, days=days)
    for _each in range(MOST_TOKENS):
        token(peer, "read")
    with pytest.raises(Refusal, match="five tokens"):
        token(peer, "read")


# The interface.


def test_reading_and_writing(question: Question, asker: Standing, enter: Enter) -> None:
    key = token(enter("program"), "read", "write")
    path = f"/questions/{question.pk}"
    status, said = call(key, path)
    assert (status, said["title"], [post["text"] for post in said["posts"]]) == (  # type: ignore[attr-defined]  # JSON
        200, "Zebrafish?", ["After a year", "Quokka *dose*"],
    )  # fmt: skip
    assert call(key, f"{path}/answers", text="By a program.") == (201, {"question": question.pk, "number": 2})
    status, said = call(key, f"{path}/answers", text="MRN 4455667")
    assert (status, "may point at a patient" in str(said)) == (422, True)
    assert call(key, "/questions", specialty="cardiology", title="Asked by a program?")[0] == 201
    assert call(key, "/questions/987654321")[0] == call(key, "/questions?specialty=nowhere")[0] == 404
    assert call(key, "/questions/987654321/answers", text="x")[0] == 404
    assert call(key, "/questions", title="")[0] == 422
    page = call(key, "/questions?before=1,1")
    assert page == (200, {"questions": [], "next": None})
    assert call(key, "/questions?before=yesterday")[0] == 422
    client = Client(headers={"authorization": f"Bearer {key}"})
    assert client.post("/api/lounge/questions", "{", content_type="application/json").status_code == 400


def test_pages_follow_each_other(question: Question, asker: Standing, enter: Enter, now: datetime) -> None:
    for number in range(21):
        who = enter(f"asker{number}")
        actions.ask(standing=who, specialty="cardiology", title=f"Q{number}", text="", now=now)
    key = token(asker, "read")
    _status, first = call(key, "/questions")
    _status, second = call(key, f"/questions?before={first['next']}")
    numbers = [line["number"] for page in (first, second) for line in page["questions"]]  # type: ignore[attr-defined]  # JSON
    assert (len(numbers), len(set(numbers)), second["next"]) == (22, 22, None)


def test_what_is_hidden_is_in_no_answer(question: Question, asker: Standing, peer: Standing, now: datetime) -> None:
    key = token(peer, "read")
    actions.flag(standing=peer, post=question.posts.get(number=0), reason=Flag.Reason.IDENTIFIER, words="", now=now)
    assert call(key, "/questions")[1] == {"questions": [], "next": None}
    assert call(key, f"/questions/{question.pk}")[0] == 404


@pytest.fixture
def one_transaction() -> Iterator[None]:
    """Requests leave the test's connection open, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_call_fails_and_none_answers_what_is_not_declared(
    question: Question, peer: Standing, one_transaction: None
) -> None:
    # Takes some seconds: random calls at each operation.
    key = token(peer, "read", "write")
    schema = schemathesis.openapi.from_wsgi("/api/lounge/openapi.json", application)
    from hypothesis import HealthCheck, Phase, settings

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=MANY,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @schemathesis_given(operation)
        def tried(case: schemathesis.Case[Any]) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(answer, checks=[not_a_server_error, status_code_conformance])

        tried()


def schemathesis_given(operation: object) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Hypothesis over the cases of one operation."""
    from hypothesis import given

    return given(case=operation.as_strategy())  # type: ignore[attr-defined]  # schemathesis's operation


# Files.


def unpack(packed: bytes) -> tuple[dict[str, object], str]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["content.json", "content.html"]
        return json.loads(archive.read("content.json")), archive.read("content.html").decode()


def test_a_member_takes_along_what_is_theirs_and_nothing_else(
    question: Question, asker: Standing, peer: Standing, browse: Browse, now: datetime
) -> None:
    actions.bookmark(standing=peer, question=question, on=True, now=now)
    client = browse(peer)
    session = client.session
    from confrere.people import sessions

    sessions.prove(session, now=timezone.now())
    session.save()
    content, page = unpack(client.get("/p/peers/lounge/taking/own/").content)
    assert [post["text"] for post in content["posts"]] == ["Quokka *dose*"]  # type: ignore[attr-defined]  # JSON
    assert content["marks"] == [{"question": "Zebrafish?", "stance": "", "bookmarked": True}]
    assert content["settings"] == {"wanted": ["letters"], "digest": "", "quiet_days": []}
    assert "Quokka <em>dose</em>" in page
    assert "After a year" not in page


def test_a_knowledge_base_names_nobody_and_keeps_back_what_may_point_at_a_patient(
    question: Question, asker: Standing, peer: Standing, browse: Browse, now: datetime
) -> None:
    [finding] = findings({"text": "MRN 4455667"})
    marked = actions.ask(
        standing=asker, specialty="cardiology", title="Marked?", text="MRN 4455667", now=now, marked={finding.key}
    )
    actions.answer(standing=peer, question=marked, text="Yes.", source="", now=now)
    helps = {"setting": "A ward", "age_band": "", "course": "", "tried": "", "urgency_days": None}
    actions.describe(standing=asker, question=question, helps=helps, attested=True, now=now)
    content, page = unpack(browse(peer).get("/p/peers/lounge/taking/cardiology/").content)
    told = {thread["title"]: thread["held"] for thread in content["threads"]}  # type: ignore[attr-defined]  # JSON
    assert told == {"Zebrafish?": [], "": ["record-number"]}
    assert "A ward" in page
    for word in ("4455667", "Marked?", "asker", "peer"):
        assert word not in page + json.dumps(content)
    assert browse(peer).get("/p/peers/lounge/taking/nowhere/").status_code == 404


def test_the_same_content_gives_the_same_bytes(db: None, now: datetime) -> None:
    made = [
        bundles.bundle(content={"threads": []}, page="lounge/knowledge.html", title="x", told_at=now) for _ in range(2)
    ]
    assert made[0] == made[1]
    assert list(interface.answered(programme=0, specialty="cardiology")) == []
