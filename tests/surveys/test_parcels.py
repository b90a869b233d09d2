"""A thank-you by post: offered where a survey was sent, asked for in a request of its own, sent by a coordinator."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.surveys.conftest import DIRECTOR, NOW, WORDS, Place

from confrere.people import actions as people
from confrere.people.models import Incentive, Parcel, User
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.surveys import queries
from confrere.surveys.models import Response

ADDRESS = "  Main Street 1 \n\n Denver "


@pytest.fixture
def mug(place: Place) -> int:
    return offer(place)


@pytest.fixture
def sent(person: Callable[..., tuple[int, str]], link_to: Callable[..., str], client: Client) -> str:
    """The link of a survey that A. Osei has sent."""
    _number, study_id = person()
    own = link_to(WORDS, study_id=study_id)
    assert client.post(f"{own}send/").status_code == 302
    return own


@pytest.fixture
def coordinator(place: Place) -> Client:
    number = people.create_account(email="c@example.org", name="Noor Haddad", zone="UTC", now=NOW)
    people.grant_role(person=number, programme=place.programme, role=Role.COORDINATOR, now=NOW, actor=DIRECTOR)
    client = Client()
    client.force_login(User.objects.get(pk=number), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def offer(place: Place, *, stock: int = 9, name: str = "Coffee mug", waves: tuple[str, ...] = ("baseline",)) -> int:
    return people.set_incentive(
        programme=place.programme, incentive=None, name=name, stock=stock, waves=waves, actor=DIRECTOR, now=NOW
    )


def at(name: str, *more: object) -> str:
    return reverse(f"surveys:{name}", args=["peer", *more])


def of_coordinator(place: Place) -> Standing:
    number = User.objects.get(email="c@example.org").pk
    found = standing(person=number, programme=place.slug, now=timezone.now())
    assert found is not None
    return found


def test_nothing_is_offered_where_there_is_no_item(sent: str, client: Client, place: Place) -> None:
    assert "by post" not in client.get(f"{sent}sent/").text
    assert client.get(f"{sent}parcel/").status_code == 404
    offer(place, waves=("month3",))
    assert "by post" not in client.get(f"{sent}sent/").text


def test_nothing_is_offered_before_the_survey_is_sent(mug: int, link_to: Callable[..., str], client: Client) -> None:
    own = link_to(WORDS)
    assert client.get(f"{own}parcel/").status_code == 404
    client.post(f"{own}send/")
    assert "by post" not in client.get(f"{own}sent/").text  # nobody knows whose study id it is


def test_who_wants_it_types_an_address_that_is_never_shown_again(mug: int, sent: str, client: Client) -> None:
    page = client.get(f"{sent}sent/").text
    assert "Coffee mug" in page
    assert "You and the coordinator" in page
    assert "knows by it that you completed a survey" in page
    page = client.post(f"{sent}parcel/", {"address": ADDRESS}, follow=True).text
    assert "Your address for Coffee mug has arrived" in page
    assert "Main Street" not in page
    assert "Main Street" not in client.get(f"{sent}parcel/").text
    row = Parcel.objects.get()
    assert (row.address, row.person.name) == ("Main Street 1\nDenver", "A. Osei")
    client.post(f"{sent}parcel/", {"address": "Other Street 2\nDenver"})
    assert Parcel.objects.get().address == "Other Street 2\nDenver"
    client.post(f"{sent}parcel/", {"give_up": "yes"})
    assert not Parcel.objects.exists()


def test_an_address_has_lines(mug: int, sent: str, client: Client) -> None:
    page = client.post(f"{sent}parcel/", {"address": "Denver"})
    assert page.status_code == 422
    assert "in two to six lines" in page.text
    assert not Parcel.objects.exists()


def test_asking_writes_nothing_behind_the_study_door(mug: int, sent: str, client: Client) -> None:
    before = list(Response.objects.values())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.post(f"{sent}parcel/", {"address": ADDRESS})
    wrote = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert any("people_parcel" in sql for sql in wrote)
    assert not any("surveys_" in sql or "trial_" in sql for sql in wrote)
    assert list(Response.objects.values()) == before


def test_the_last_one_goes_and_the_next_reads_so(place: Place, sent: str, client: Client) -> None:
    item = offer(place, stock=1)
    other = people.create_account(email="o@example.org", name="O", zone="UTC", now=NOW)
    people.ask_parcel(programme=place.programme, incentive=item, person=other, address="a\nb", entitled=1, now=NOW)
    assert "by post" not in client.get(f"{sent}sent/").text
    assert "none are left" in client.get(f"{sent}parcel/").text
    page = client.post(f"{sent}parcel/", {"address": ADDRESS})
    assert page.status_code == 409
    assert "just gone to somebody else" in page.text
    offer(place, name="Pen")
    assert "Pen" in client.get(f"{sent}sent/").text


def test_a_coordinator_offers_an_item(coordinator: Client, sent: str, place: Place) -> None:
    page = coordinator.get(at("parcels")).text
    assert "Nothing waits to be sent" in page
    assert "Nothing is offered yet" in page
    assert "Baseline" in coordinator.get(at("incentive_new")).text
    typed = {"name": "Mug", "stock": "5", "waves": ["baseline"]}
    assert coordinator.post(at("incentive_new"), typed).status_code == 302
    page = coordinator.get(at("parcels")).text
    assert "Mug: 5 left" in page
    assert "offered after baseline" in page
    again = coordinator.post(at("incentive_new"), typed)
    assert again.status_code == 422
    assert "an item of this name already" in again.text
    item = Incentive.objects.get().pk
    assert 'value="Mug"' in coordinator.get(at("incentive", item)).text
    coordinator.post(at("incentive", item), {"name": "Mug", "stock": "0"})
    page = coordinator.get(at("parcels")).text
    assert "Mug: none left" in page
    assert "offered after no wave" in page
    assert coordinator.get(at("incentive", item + 1)).status_code == 404
    assert "Parcels: a thank-you" in coordinator.get(at("waves")).text


def test_a_coordinator_sends_what_waits(coordinator: Client, mug: int, sent: str, client: Client, place: Place) -> None:
    assert queries.today(standing=of_coordinator(place), now=timezone.now()) == []
    client.post(f"{sent}parcel/", {"address": ADDRESS})
    [card] = queries.today(standing=of_coordinator(place), now=timezone.now())
    assert (card.sentence, card.url) == ("1 parcel waits to be sent.", at("parcels"))
    key = Parcel.objects.get().pk
    for page in (coordinator.get(at("parcels")).text, coordinator.get(at("parcel_labels")).text):
        assert "A. Osei" in page
        assert "Main Street 1<br>Denver" in page
    coordinator.post(at("parcel_ship"), {"parcel": [str(key)]})
    page = coordinator.get(at("parcels")).text
    assert "Not shipped: A. Osei" in page
    assert "was sent to you" in client.get(f"{sent}sent/").text
    assert "Nothing waits" in coordinator.get(at("parcel_labels")).text
    assert coordinator.get(at("parcel_drop", key)).status_code == 404
    coordinator.post(at("parcel_ship"), {"back": str(key)})
    assert "Send no Coffee mug to A. Osei?" in coordinator.get(at("parcel_drop", key)).text
    assert coordinator.post(at("parcel_drop", key)).status_code == 302
    assert not Parcel.objects.exists()
    assert coordinator.post(at("parcel_ship"), {"back": "x"}).status_code == 404
