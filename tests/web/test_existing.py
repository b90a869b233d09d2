"""“What exists about me” shows what the vault finds, and nothing of anybody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from confrere.people.models import Programme, User
from confrere.vault.disclosure import personal_tables
from confrere.vault.queries import Section
from confrere.web import existing

pytestmark = pytest.mark.django_db
type Made = Callable[[str], Programme]
type SignedIn = Callable[..., Client]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        ("", "–"),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        ("Dr. Osei", "Dr. Osei"),
        ({"octets": 12, "hex": "00"}, "12 octets, unreadable without a key"),
    ],
)
def test_a_value_is_said_in_words(value: object, said: str) -> None:
    assert existing.in_words(value) == said


def test_a_table_is_called_by_what_it_holds_or_as_its_model() -> None:
    assert existing.title_of(Section(table="people_user", title="user", columns=(), rows=())) == "Your account"
    assert existing.title_of(Section(table="new_thing", title="new thing", columns=(), rows=())) == "New thing"


def test_every_title_belongs_to_a_table_that_can_lead_to_a_person() -> None:
    assert set(existing.TITLES) - set(personal_tables()) == set()


def test_the_page_counts_what_leads_to_the_person(programme: Made, member: SignedIn) -> None:
    client = member(programme("a"), programme("b"))
    page = client.get("/me/what-exists/").text
    assert "2 entries." in page
    assert "Who sees this:" in page
    assert "Kept until 30 days after the account is closed." in page
    assert "Not shown: whoever saw it" in page


def test_the_rows_of_others_are_not_among_it(programme: Made, member: SignedIn) -> None:
    client = member(programme("a"))
    User.objects.create(email="other@example.org", name="Someone Else")
    page = client.get("/me/what-exists/people_user/").text
    assert "Dr. Ama Osei" in page
    assert "Someone Else" not in page


@pytest.mark.parametrize("table", ["nowhere", "lounge_question"])
def test_an_unknown_and_an_empty_table_look_alike(table: str, programme: Made, member: SignedIn) -> None:
    assert member(programme("a")).get(f"/me/what-exists/{table}/").status_code == 404


def test_what_lets_one_in_is_never_shown(programme: Made, member: SignedIn) -> None:
    client = member(programme("a"))
    key = client.cookies["session"].value
    assert key not in client.get("/me/what-exists/django_session/").text
    assert key not in client.get("/me/what-exists/").text


def test_strangers_are_led_to_the_sign_in() -> None:
    assert Client().get("/me/what-exists/").status_code == 302


def test_the_rows_open_only_after_a_fresh_proof(programme: Made, member: SignedIn) -> None:
    client = member(programme("a"))
    session = client.session
    session["people.proved"] = 0
    session.save()
    assert client.get("/me/what-exists/").status_code == 200
    assert client.get("/me/what-exists/people_user/").status_code == 302
