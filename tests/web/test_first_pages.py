"""The pages that stand before any room has something to show."""

from collections.abc import Callable

import pytest
from django.test import Client

from confrere.people.models import Programme
from confrere.people.roles import Role

pytestmark = pytest.mark.django_db
type Made = Callable[[str], Programme]
type SignedIn = Callable[..., Client]


def test_a_stranger_reads_what_this_is_and_may_sign_in() -> None:
    answer = Client().get("/")
    assert answer.status_code == 200
    assert 'href="/accounts/login/"' in answer.text


def test_one_programme_opens_at_once(programme: Made, member: SignedIn) -> None:
    answer = member(programme("a")).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/p/a/")


def test_several_programmes_are_a_choice(programme: Made, member: SignedIn) -> None:
    page = member(programme("a"), programme("b")).get("/").text
    assert 'href="/p/a/"' in page
    assert 'href="/p/b/"' in page


def test_no_programme_is_said_calmly(member: SignedIn) -> None:
    assert "No programme is open to you" in member().get("/").text


def test_today_without_anything_to_do_says_so(programme: Made, member: SignedIn) -> None:
    page = member(programme("a"), roles=(Role.LEADER,)).get("/p/a/").text
    assert "Dr. Ama Osei</h1>" in page
    assert "Nothing waits for you" in page
    assert 'aria-current="page"' in page


def test_outside_the_programme_its_name_and_places_stay(programme: Made, member: SignedIn) -> None:
    page = member(programme("a")).get("/me/").text
    assert '<span class="programme">Programme a</span>' in page
    assert 'href="/p/a/"' in page


def test_with_several_programmes_the_places_lead_to_the_choice(programme: Made, member: SignedIn) -> None:
    page = member(programme("a"), programme("b")).get("/me/").text
    assert 'class="programme"' not in page
    assert '<a href="/">Today</a>' in page


def test_only_operators_see_the_parts_of_a_programme(programme: Made, member: SignedIn) -> None:
    assert member(programme("a"), roles=(Role.OPERATOR,)).get("/p/a/ui/").status_code == 200


def test_others_do_not(programme: Made, member: SignedIn) -> None:
    assert member(programme("a")).get("/p/a/ui/").status_code == 403
