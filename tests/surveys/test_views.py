import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.surveys.conftest import DIRECTOR, GENDER, OWN, THEMES, WORDS, YEARS, Place

from confrere.people import actions as people
from confrere.surveys import definition, queries
from confrere.surveys.models import Answer, Response

VAS = definition.of_instrument("qol_vas")[0]


def test_a_survey_is_answered_question_by_question_and_sent(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(*OWN, VAS)
    page = client.get(url)
    assert "Your gender" in page.text
    assert "0 of 5" in page.text
    assert "Nobody reads your answers as they arrive." in page.text
    assert "Study team, under a code; two named people can link it" in page.text
    page = client.post(url, {"value": "woman"}, follow=True)
    assert page.redirect_chain == [(f"{url}?saved=gender&q=themes", 302)]
    assert "Saved." in page.text
    for name, value in [("themes", ["care", "skills"]), ("years", "12"), ("words", ""), ("qol_vas", "61.5")]:
        page = client.post(f"{url}?q={name}", {"value": value}, follow=True)
    assert "Every question has its answer" in page.text
    page = client.post(url + "send/", follow=True)
    assert "Your answers have arrived" in page.text
    assert queries.answers_of(Response.objects.get()) == {
        "gender": "woman",
        "themes": ["care", "skills"],
        "years": 12,
        "words": None,
        "qol_vas": 61.5,
    }
    again = client.get(url)
    assert (again.status_code, "This survey was sent on" in again.text) == (409, True)


def test_the_same_link_goes_on_where_it_stopped(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(*OWN)
    client.post(url, {"value": "man"})
    resumed = Client().get(url)
    assert "What came up?" in resumed.text
    assert "1 of 4" in resumed.text
    back = Client().get(f"{url}?q=gender")
    assert re.search(r'value="man"[^>]*checked', back.text)
    assert "<p data-back hidden>" in back.text


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (YEARS, "sixty", "Please give a number from 0 to 60."),
        (GENDER, "", "Please answer this question"),
        (WORDS, "x" * 4001, "Please shorten your answer"),
        (THEMES, ["golf"], "Please choose one of the answers"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    client: Client, link_to: Callable[..., str], question: definition.Question, typed: str, sentence: str
) -> None:
    url = link_to(question)
    page = client.post(url, {"value": typed})
    assert page.status_code == 422
    assert sentence in page.text
    if question in {YEARS, WORDS}:
        assert str(typed) in page.text
    assert not Answer.objects.exists()


def test_of_two_tabs_the_newest_answer_wins_and_the_other_is_shown(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(GENDER, YEARS)
    client.post(url, {"value": "woman", "seen": ""})
    page = client.post(f"{url}?q=gender", {"value": "man", "seen": ""}, follow=True)
    assert "In another tab you had answered: Woman." in page.text
    assert queries.answers_of(Response.objects.get()) == {"gender": "man"}
    seen = str(Answer.objects.latest("pk").pk)
    page = client.post(f"{url}?q=gender", {"value": "woman", "seen": seen}, follow=True)
    assert "another tab" not in page.text
    page = client.post(f"{url}?q=gender", {"value": "woman", "seen": ""}, follow=True)
    assert "another tab" not in page.text  # the same answer sent twice is no crossing


def test_a_link_that_nobody_was_given_shows_nothing(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(GENDER)
    token = url.split("/")[2]
    wrong = ("A" if token[0] != "A" else "B") + token[1:]
    for path in ("", "send/", "sent/"):
        answers = [
            Client().post(f"/a/{one}/{path}") if path == "send/" else Client().get(f"/a/{one}/{path}")
            for one in (wrong, "x", "%F0%9F%98%80")
        ]
        assert [answer.status_code for answer in answers] == [404] * 3


def test_before_and_after_its_window_a_survey_says_when(client: Client, link_to: Callable[..., str]) -> None:
    early = client.get(link_to(GENDER, days=2))
    assert (early.status_code, "This survey opens on" in early.text) == (409, True)
    late = client.post(link_to(GENDER, study_id="S-BBBB-BBBB", days=-8), {"value": "man"})
    assert (late.status_code, "This survey closed on" in late.text) == (409, True)
    assert not Answer.objects.exists()


def test_sending_too_early_names_what_lacks(client: Client, link_to: Callable[..., str]) -> None:
    url = link_to(GENDER, YEARS)
    page = client.post(url + "send/")
    assert (page.status_code, "2 questions still need an answer" in page.text) == (422, True)
    assert client.get(url + "sent/").headers["Location"] == url
    assert client.get(url + "send/").status_code == 405


def test_stand_in_wording_is_marked(
    client: Client, stand_in: Callable[[str], int], link_to: Callable[..., str]
) -> None:
    stand_in("pfi")
    page = client.get(link_to(*definition.of_instrument("pfi")))
    assert "Stand-in wording, simulated" in page.text
    assert page.text.count('type="radio"') == 5


def test_from_the_home_page_the_same_link_opens(
    client: Client, place: Place, person: Callable[..., tuple[int, str]], link_to: Callable[..., str]
) -> None:
    from confrere.people.models import User

    number, study_id = person()
    now = timezone.now()
    people.grant_role(person=number, programme=place.programme, role="participant", now=now, actor=DIRECTOR)
    client.force_login(User.objects.get(pk=number), backend="allauth.account.auth_backends.AuthenticationBackend")
    mine = reverse("surveys:mine", args=["peer"])
    assert "No survey is open for you" in client.get(mine).text
    link_to(GENDER, study_id=study_id, days=2)
    assert "No survey is open for you" in client.get(mine).text
    Response.objects.all().delete()
    url = link_to(GENDER, study_id=study_id)
    assert client.get(mine).headers["Location"] == url
