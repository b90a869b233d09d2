"""A survey's page as its scripts use it: answers under keys, the blank sheet, the refusals."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS, Place

from confrere.surveys.definition import Kind, Option, Question
from confrere.surveys.models import Answer, Response

IN_JSON = {"accept": "application/json"}
HELLO = Question(name="hello", kind=Kind.NOTE, text="About [gender].", note="In your own time.")
BEARD = Question(name="beard", kind=Kind.CHOICE, text="A beard?", condition="gender == 'man'", options=GENDER.options)
SINCE = Question(name="since", kind=Kind.DATE, text="Since when?", earliest="2020-01-01", required=False)
LINE = Question(name="line", kind=Kind.LINE, text="Your title", required=False)
MANY = Question(name="many", kind=Kind.NUMBER, text="How many?", note="Guess.", required=False)


@pytest.fixture(autouse=True)
def _forgotten(db: None) -> Iterator[None]:
    yield
    cache.clear()


def save(client: Client, url: str, question: str, value: object, **more: object) -> tuple[int, dict[str, object]]:
    """One answer as the script sends it: its status and what is said of it."""
    posted = {"value": value, "key": str(uuid4()), "seen": ""} | more
    reply = client.post(f"{url}?q={question}", posted, headers=IN_JSON)
    return reply.status_code, reply.json()


def test_an_answer_is_acknowledged_by_its_number_and_sent_twice_saved_once(
    client: Client, link_to: Callable[..., str]
) -> None:
    url, key = link_to(GENDER, YEARS, THEMES), str(uuid4())
    first = save(client, url, "gender", "woman", key=key)
    row = Answer.objects.get()
    assert first == (200, {"saved": "gender", "number": row.pk, "crossed": ""})
    assert save(client, url, "gender", "woman", key=key) == first
    assert str(row.key) == key
    assert not row.by_telephone
    status, said = save(client, url, "gender", "man", key=key)
    assert (status, said["sentence"]) == (
        422,
        "Under this key another answer was saved. Please answer the question again.",
    )
    assert Answer.objects.count() == 1
    Response.objects.update(opens=timezone.now() - timedelta(days=9), closes=timezone.now() - timedelta(days=2))
    assert save(client, url, "gender", "woman", key=key) == first  # only the reply had been lost
    assert save(client, url, "gender", "man")[0] == 409


def test_another_tabs_answer_is_told(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(GENDER, THEMES)
    number = save(client, url, "gender", "woman")[1]["number"]
    assert save(client, url, "gender", "man")[1]["crossed"] == "Woman"
    newest = Answer.objects.latest("pk").pk
    assert save(client, url, "gender", "woman", seen=newest)[1]["crossed"] == ""
    assert save(client, url, "gender", "man", seen=number)[1]["crossed"] == "Woman"
    assert save(client, url, "themes", ["skills", "care"])[0] == 200
    assert save(client, url, "gender", "man", seen="x")[1]["crossed"] == ""
    assert client.get(f"{url}state/").json()["given"]["themes"]["value"] == ["care", "skills"]


@pytest.mark.parametrize(
    ("question", "more", "sentence"),
    [
        ("years", {"value": "99"}, "Please give a number from 0 to 60."),
        ("gender", {"value": ""}, "Please answer this question; the others can wait."),
        ("shoe", {"value": "44"}, "This survey has no question shoe."),
        ("gender", {"value": "man", "key": "one"}, "This answer came without its key. Load the page again."),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    client: Client, link_to: Callable[..., str], question: str, more: dict[str, str], sentence: str
) -> None:
    url = link_to(GENDER, YEARS)
    status, said = save(client, url, question, **more)
    assert (status, said) == (422, {"sentence": sentence})
    assert not Answer.objects.exists()


def test_a_page_that_is_too_old_says_so_and_keeps_what_was_typed(link_to: Callable[..., str]) -> None:
    url, strict = link_to(WORDS), Client(enforce_csrf_checks=True)
    status, said = save(strict, url, "words", "A long day")
    assert (status, said) == (403, {"sentence": "The page was open for too long. Load it again."})
    page = strict.post(url, {"value": "A long day"})
    assert page.status_code == 403
    assert "What you answered is still here." in page.text
    assert "A long day" in page.text
    assert not Answer.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    assert strict.post(url, {"value": "A long day", "csrfmiddlewaretoken": token[1]}).status_code == 302
    assert Answer.objects.get().value == "A long day"


def test_the_state_gives_a_token_that_the_next_answer_may_use(link_to: Callable[..., str]) -> None:
    url, strict = link_to(GENDER), Client(enforce_csrf_checks=True)
    token = strict.get(f"{url}state/").json()["csrf"]
    reply = strict.post(
        f"{url}?q=gender", {"value": "man", "key": str(uuid4())}, headers={**IN_JSON, "X-CSRFToken": token}
    )
    assert reply.status_code == 200


def test_outside_its_window_a_survey_shows_what_was_typed(client: Client, link_to: Callable[..., str]) -> None:
    late = client.post(link_to(WORDS, days=-8), {"value": "Too late, but long"})
    assert (late.status_code, "This survey closed on" in late.text) == (409, True)
    assert "Too late, but long" in late.text
    assert "was not saved" in late.text


def test_nobody_answers_six_hundred_questions_a_minute(
    client: Client, link_to: Callable[..., str], place: Place
) -> None:
    url = link_to(GENDER)
    response = Response.objects.get()
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            programme_id=place.programme,
            site_id=place.site,
            response=response,
            question="gender",
            value="man",
            saved_at=now,
        )
        for _answer in range(600)
    )
    assert save(client, url, "gender", "man") == (
        429,
        {"sentence": "Many answers came within a minute. Wait a moment; what you typed is kept."},
    )
    assert client.post(url + "?q=gender", {"value": "woman"}).status_code == 429
    assert client.get(url).status_code == 200


def test_whoever_guesses_links_is_slowed_down_and_real_ones_still_open(
    client: Client, link_to: Callable[..., str]
) -> None:
    url = link_to(GENDER)
    said = [client.get(f"/a/guess-{number}/") for number in range(62)]
    assert [page.status_code for page in said] == [404] * 60 + [429] * 2
    assert len({re.sub(r'nonce="[^"]+"', "", page.text) for page in said[:60]}) == 1
    assert client.get(url).status_code == 200


def test_the_link_stays_on_this_site(client: Client, link_to: Callable[..., str]) -> None:
    page = client.get(link_to(GENDER))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    outside = [to for to in re.findall(r'(?:href|src|action)="([^"]*)"', page.text) if re.match(r"\w+:|//", to)]
    assert outside == []


def test_a_branch_opens_and_closes_with_its_answer_and_words_come_again(
    client: Client, link_to: Callable[..., str]
) -> None:
    url = link_to(GENDER, HELLO, BEARD, YEARS)
    page = client.post(url, {"value": "man"}, follow=True)
    assert "About Man." in page.text
    assert "In your own time." in page.text
    page = client.post(f"{url}?q=hello", follow=True)
    assert page.redirect_chain == [(f"{url}?q=beard", 302)]
    client.post(f"{url}?q=gender", {"value": "woman", "seen": str(Answer.objects.get().pk)})
    page = client.get(f"{url}?q=beard")
    assert "Years in practice" in page.text  # the branch is closed
    assert "Question 3 of 3" in page.text
    client.post(f"{url}?q=years", {"value": "3"})
    assert "Every question has its answer" in client.get(url).text


def test_each_kind_has_its_field(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(SINCE, LINE, MANY)
    assert re.search(r'type="date" name="value"[^>]* min="2020-01-01"', client.get(f"{url}?q=since").text)
    assert re.search(r'type="text"[^>]* maxlength="200"', client.get(f"{url}?q=line").text)
    number = client.get(f"{url}?q=many").text
    assert re.search(r'type="number" name="value"[^>]*step="any"', number)
    assert "Guess." in number
    assert "(if you like)" in number


def test_the_sheet_is_blank_and_names_no_link(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(GENDER, THEMES, BEARD, HELLO, WORDS)
    client.post(url, {"value": "man"})
    page = client.get(f"{url}sheet/")
    assert page.text.count("<template data-question=") == 5
    assert "csrfmiddlewaretoken" not in page.text
    assert "checked" not in page.text
    assert url.split("/")[2] not in page.text.replace(f'href="{url}"', "")
    read = re.search(r'<script id="questions"[^>]*>(.*?)</script>', page.text)
    assert read is not None
    outline = {one["name"]: one for one in json.loads(read[1])}
    assert outline["gender"]["columns"] == [["gender", "text", None]]
    assert outline["themes"]["columns"] == [
        ["themes___care", "number", "care"],
        ["themes___skills", "number", "skills"],
    ]
    assert outline["beard"]["condition"] == ["==", {"name": "gender"}, {"value": "man"}]
    assert (outline["hello"]["answered"], outline["hello"]["needed"], outline["hello"]["condition"]) == (
        False,
        False,
        None,
    )


def test_the_worker_is_served_where_it_reaches_only_surveys(client: Client) -> None:
    script = client.get("/a/worker.js")
    assert script.headers["Content-Type"] == "text/javascript"
    assert "an answer" in script.text
    assert client.post("/a/worker.js").status_code == 405


def test_a_kept_question_is_not_on_the_sheet(client: Client, link_to: Callable[..., str]) -> None:
    file = Question(name="file", kind=Kind.KEPT, text="A file", required=False)
    choice = Question(name="one", kind=Kind.CHOICE, text="One?", options=(Option(value="1", label="One"),))
    page = client.get(f"{link_to(choice, file)}sheet/")
    assert page.text.count("<template data-question=") == 1
