"""Two hospitals with coaches of their own: who coordinates one follows and pays its coaches, and no others."""

import pytest
from django.utils import timezone
from tests.coaching.conftest import House
from tests.coaching.test_paying import SETTLED, held, rates
from tests.coaching.views.browser import NOTHING_HERE, Browser, at, text

from confrere.coaching import actions
from confrere.coaching.models import Agreement, CoachFile, Complaint, PayLine, Rate
from confrere.people import actions as people
from confrere.people.models import Site
from confrere.vault.audit import Actor


@pytest.fixture
def lakeside(house: House) -> Browser:
    """The coordinator of a second site, where nobody coaches yet."""
    there = Site.objects.create(slug="lakeside", name="Lakeside", zone="UTC").pk
    person = people.create_account(email="lake@example.org", name="Lake", zone="UTC", now=timezone.now())
    people.grant_role(
        person=person,
        programme=house.programme,
        role="coordinator",
        site=there,
        now=timezone.now(),
        actor=Actor.system("test"),
    )
    return Browser(house, person)


def test_a_coach_of_another_site_is_not_on_the_board(house: House, lakeside: Browser, coach: tuple[int, int]) -> None:
    office = Browser(house, house.person("Cora Nunez", "coordinator"))
    assert office.post("roster/", coach=coach[0]).status_code == 302
    assert "Eva Lindqvist" in text(office.get("roster/"))
    assert "Eva Lindqvist" not in text(lakeside.get("roster/"))
    assert lakeside.post("roster/", coach=coach[0]).status_code == 422
    mine = f"roster/{coach[0]}/"
    Complaint.objects.create(
        programme_id=house.programme,
        site_id=house.site,
        file=CoachFile.objects.get(),
        kind=Complaint.Kind.RELIABLE,
        came_on=timezone.now().date(),
    )
    closing = f"roster/complaints/{Complaint.objects.get().pk}/"
    for answer in (
        lakeside.get(mine),
        lakeside.post(f"{mine}pause/", which="begin"),
        lakeside.post(f"{mine}remove/"),
        lakeside.post(closing, end="upheld"),
        lakeside.post("roster/complaints/987654/", end="upheld"),
    ):
        assert (answer.status_code, NOTHING_HERE in text(answer)) == (404, True)
    assert "A director puts it up." in text(lakeside.get("roster/agreement/"))
    assert "A director puts it up." not in text(office.get("roster/agreement/"))
    refused = lakeside.post("roster/agreement/", text="Mine.")
    assert (refused.status_code, "concerns every site" in text(refused)) == (403, True)
    assert not Agreement.objects.exists()


def test_only_coaches_of_ones_own_site_are_paid(
    house: House, lakeside: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = house.person("Cleo Brandt", "coordinator")
    rates(house, clerk)
    _participant, coach = held(house)
    at(SETTLED, monkeypatch)
    actions.pay_sessions(now=SETTLED)
    [line] = PayLine.objects.values_list("pk", flat=True)
    own = Browser(house, clerk)
    lakeside.sign_in()
    assert "Eva Lindqvist" in text(own.get("payments/"))
    assert "Eva Lindqvist" not in text(lakeside.get("payments/"))
    for path in (f"payments/{coach}/training/", f"payments/{line}/take-back/"):
        assert lakeside.post(path).status_code == 404
    assert "A director sets them." in text(lakeside.get("payments/"))
    assert "A director sets them." not in text(own.get("payments/"))
    typed = {"since": "2026-01-01", "hourly": "1", "stipend": "1", "currency": "USD", "cost_centre": "X"}
    refused = lakeside.post("payments/", **typed)
    assert (refused.status_code, "concerns every site" in text(refused)) == (403, True)
    assert Rate.objects.count() == 1
    assert own.get(f"payments/{line}/take-back/").status_code == 200
