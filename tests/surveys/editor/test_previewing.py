"""The preview asks as a survey does, branches, repeats answers, and stores nothing."""

import html
import re

import pytest
from django.http import HttpResponse
from tests.surveys.conftest import GENDER, OWN, YEARS
from tests.surveys.editor.conftest import Desk

from confrere.surveys.definition import Kind, Own, Question, Scale, to_blocks
from confrere.surveys.models import Answer, Response

QUESTIONS = (
    Question(name="hello", kind=Kind.NOTE, text="Welcome"),
    GENDER,
    Question(name="more", kind=Kind.TEXT, text="As a [gender]?", condition="gender == 'man'", required=False),
    YEARS,
)


@pytest.fixture
def slug(desk: Desk) -> str:
    return desk.begin(*to_blocks(QUESTIONS, {}))


def on(desk: Desk, slug: str, before: HttpResponse, value: str) -> HttpResponse:
    """Answer what stands on the screen."""
    hidden = dict(re.findall(r'<input type="hidden" name="(so_far|question)" value="([^"]*)"', before.text))
    data = {name: html.unescape(text) for name, text in hidden.items()}
    return desk.post("draft_screen", slug, data={**data, "value": value})


def test_the_draft_stands_at_two_widths_and_only_here_in_frames(desk: Desk, slug: str) -> None:
    page = desk.get("draft_preview", slug)
    assert page.text.count("<iframe") == 2
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    screen = desk.get("draft_screen", slug)
    assert "frame-ancestors 'self'" in screen["Content-Security-Policy"]
    assert screen["X-Frame-Options"] == "SAMEORIGIN"


def test_it_branches_and_repeats_answers_and_stores_nothing(desk: Desk, slug: str) -> None:
    page = desk.get("draft_screen", slug)
    assert "Welcome" in page.text
    page = on(desk, slug, page, "")
    assert "Your gender" in page.text
    wrong = on(desk, slug, page, "nobody")
    assert (wrong.status_code, "one of the answers" in wrong.text) == (422, True)
    other = on(desk, slug, page, "woman")
    assert "Years in practice" in other.text
    page = on(desk, slug, page, "man")
    assert "As a Man?" in page.text
    page = on(desk, slug, on(desk, slug, page, ""), "12")
    assert "That was the last question" in page.text
    assert "4 of 4" in page.text
    assert not Answer.objects.exists()
    assert not Response.objects.exists()


@pytest.mark.parametrize("so_far", ["{", "[]", '{"gender": "nobody"}', '{"gender": {"a": 1}, "years": []}', '{"x": 1}'])
def test_answers_that_come_along_are_taken_only_where_they_fit(desk: Desk, slug: str, so_far: str) -> None:
    assert "Welcome" in desk.post("draft_screen", slug, data={"so_far": so_far}).text


def test_an_item_without_its_wording_says_so(desk: Desk) -> None:
    slug = desk.begin(Scale(id=1, instrument="pfi"))
    assert "pfi_1: its wording comes in a text pack" in desk.get("draft_screen", slug).text


def test_an_empty_draft_has_nothing_to_show(desk: Desk) -> None:
    assert "That was the last question" in desk.get("draft_screen", desk.begin()).text
    assert OWN[0].name not in desk.get("draft_screen", desk.begin(Own(id=1, question=YEARS))).text
